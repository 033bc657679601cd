"""``/runs``: all that is in the folders of the server, and what can be done with it."""

from __future__ import annotations

import dash
from dash import ClientsideFunction, Input, Output, clientside_callback, dcc, html

from gt import ids
from gt.serve import context
from gt.ui.guard import guarded
from gt.ui.runs import page

dash.register_page(__name__, path="/runs", name="Runs", title="Runs", order=11, nav=True)


@guarded
def layout(**_: str) -> html.Main:
    library = context.library()
    return html.Main(
        [
            *page.shown(
                library,
                dash.get_relative_path("/docs/how-to/runs"),
                dash.get_relative_path("/story"),
            ),
            dcc.Store(id=ids.RUNS_STORE, data=page.mount(library, dash.get_relative_path("/"))),
            dcc.Store(id=ids.RUNS_SINK),
        ],
        key="runs",
        className="gt-runs",
        **{"data-gt-page": "runs"},
    )


clientside_callback(
    ClientsideFunction("gt", "showRuns"),
    Output(ids.RUNS_SINK, "data"),
    Input(ids.RUNS_STORE, "data"),
)
