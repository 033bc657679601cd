"""What to look for on a page: three sentences at most, and one thing to press that shows it."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from gt.ui.controls import icon


def look_for(sentences: str, action: Component) -> html.Section:
    """The line at a page's top.

    Args:
        sentences: Three at most.
        action: A button or a link that shows what they say.
    """
    return html.Section(
        [
            icon("eye"),
            html.P([html.Strong("What to look for. "), sentences]),
            action,
        ],
        className="gt-look-for",
        **{"aria-label": "What to look for"},
    )
