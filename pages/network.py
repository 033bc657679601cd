"""``/network``: one image through the network, layer by layer, at any epoch of its training."""

from __future__ import annotations

from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html

from gt import ids
from gt.serve import context
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
    select = tour_page.select(ids.NETWORK_RUN, "Run", library.titles, name)
    return network_page.page(
        [
            html.Div(select, className="gt-page-head"),
            alert(ids.NETWORK_ALERT, problem),
            html.P(none, id=ids.NETWORK_NONE, className="gt-none", hidden=not none),
        ],
        [
            dcc.Store(id=ids.NETWORK_ANNOUNCEMENT_STORE, data=announcement),
            dcc.Store(
                id=ids.NETWORK_MOUNT_STORE,
                data=network_page.mounted(dash.get_relative_path("/")),
            ),
            dcc.Store(id=ids.NETWORK_SINK),
        ],
        asked=run if isinstance(run, str) else "",
        hidden=announcement is None,
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
