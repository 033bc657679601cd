"""``/story``: the stories of all runs; with ``?run=R&story=NAME`` one of them, to change, play and print."""

from __future__ import annotations

import dash
from dash import ClientsideFunction, Input, Output, clientside_callback, dcc, html

from gt import ids
from gt.serve import context
from gt.ui.components.controls import part
from gt.ui.guard import guarded

dash.register_page(__name__, path="/story", name="Stories", title="Stories", nav=False)


@guarded
def layout(**_: str) -> html.Main:
    """What the browser fills: it has stories of its own, which the server does not know."""
    none = (
        None
        if context.library().runs
        else html.P(
            "There is no run yet that a story could be of. Record one with “gt record mnist --out runs/mnist”.",
            className="gt-hint",
        )
    )
    return html.Main(
        [
            none,
            html.Header(className="gt-story-head", **part("story-tools")),
            html.Div(className="gt-story-views", **part("story-views")),
            dcc.Store(id=ids.STORY_STORE, data={"base": dash.get_relative_path("/")}),
            dcc.Store(id=ids.STORY_SINK),
        ],
        className="gt-story",
        **{"data-gt-page": "story"},
    )


clientside_callback(
    ClientsideFunction("gt", "showStory"),
    Output(ids.STORY_SINK, "data"),
    Input(ids.STORY_STORE, "data"),
)
