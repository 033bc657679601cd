"""What to look for on a page: three sentences at most, and one thing to press that shows it."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from gt.ui.components.controls import button, icon


def look_for(sentences: str, action: Component | None = None) -> html.Section:
    """The line at a page's top.

    Args:
        sentences: Three at most.
        action: A button or a link that shows what they say; one that the page's module answers when None.
    """
    action = action or button("show-me", "play-fill", "Show what to look for", text="Show me")
    return html.Section(
        [
            icon("eye"),
            html.P([html.Strong("What to look for. "), sentences]),
            action,
        ],
        className="gt-look-for",
        **{"aria-label": "What to look for"},
    )
