"""``/network``: one image through the network, layer by layer, at any epoch of its training."""

from __future__ import annotations

from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html

from gt import ids
from gt.serve import context
from gt.ui.components.controls import heading
from gt.ui.components.workbench import alert
from gt.ui.guard import guarded
from gt.ui.network import page as network_page
from gt.ui.tour import page as tour_page

dash.register_page(
    __name__,
    path="/network",
    name="Network",
    title="One image through the network",
    order=9,
    nav=True,
)


@guarded
def layout(run: str | None = None, **_: str) -> html.Main:
    library = context.library()
    if not library.runs:
        return tour_page.no_run()
    name, problem = tour_page.run_named(library, run)
    announcement, none, failure = network_page.try_announce(library, name)
    problem = failure or problem
    mount = {
        "page": "network",
        "base": dash.get_relative_path("/"),
        "ids": {"run": ids.NETWORK_RUN, "csv": ids.CSV_STORE, "chosenRun": ids.RUN_STORE},
    }
    return html.Main(
        [
            heading("One image through the network"),
            html.Div(
                tour_page.select(ids.NETWORK_RUN, "Run", library.titles, name),
                className="gt-page-head",
            ),
            alert(ids.NETWORK_ALERT, problem),
            html.P(none, id=ids.NETWORK_NONE, className="gt-none", hidden=not none),
            html.Div(
                html.Div([network_page.side(), network_page.main()], className="gt-network-grid"),
                id=ids.NETWORK_PICTURE,
                hidden=announcement is None,
            ),
            dcc.Store(id=ids.NETWORK_ANNOUNCEMENT_STORE, data=announcement),
            dcc.Store(id=ids.NETWORK_MOUNT_STORE, data=mount),
            dcc.Store(id=ids.NETWORK_SINK),
        ],
        key="network",
        className="gt-network",
        **{"data-gt-page": "network", "data-gt-asked-run": run if isinstance(run, str) else ""},
    )


@callback(
    Output(ids.NETWORK_ANNOUNCEMENT_STORE, "data"),
    Output(ids.NETWORK_NONE, "children"),
    Output(ids.NETWORK_NONE, "hidden"),
    Output(ids.NETWORK_PICTURE, "hidden"),
    Output(ids.NETWORK_ALERT, "children"),
    Output(ids.NETWORK_ALERT, "hidden"),
    Input(ids.NETWORK_RUN, "value"),
    prevent_initial_call=True,
)
def announce_network(run: str) -> tuple[Any, ...]:
    announcement, none, problem = network_page.try_announce(context.library(), run)
    return announcement, none, not none, announcement is None, problem, not problem


clientside_callback(
    ClientsideFunction("gt", "showNetwork"),
    Output(ids.NETWORK_SINK, "data"),
    Input(ids.NETWORK_ANNOUNCEMENT_STORE, "data"),
    State(ids.NETWORK_MOUNT_STORE, "data"),
    State(ids.SELECTION_STORE, "data"),
    State(ids.RUN_STORE, "data"),
)
