"""What to look for on a page: three sentences at most, and one thing to press that shows it."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from gt.ui.components.controls import button, icon


def look_for(
    sentences: str, action: Component | None = None, *, of: str | None = None
) -> html.Section:
    """The line at a page's top.

    Args:
        sentences: Three at most.
        action: A button or a link that shows what they say; one that the page's module answers when None.
        of: Id of the sentences, where they change with the run.
    """
    action = action or button("show-me", "play-fill", "Show what to look for", text="Show me")
    return html.Section(
        [
            icon("eye"),
            html.P([html.Strong("What to look for. "), _sentences(sentences, of)]),
            html.Div([action, _close()], className="gt-look-ways"),
        ],
        className="gt-look-for",
        **{"aria-label": "What to look for"} | ({"data-gt-unit": "epoch"} if of is None else {}),
    )


def _close() -> Component:
    return button("look-close", "x-lg", "Close it; ? has it, and shows it again")


def _sentences(text: str, of: str | None) -> Component | str:
    return text if of is None else html.Span(text, id=of)
