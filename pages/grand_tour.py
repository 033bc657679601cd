"""``/grand-tour``: the last layer, training points beside test points, one tour for both."""

from __future__ import annotations

from typing import Any

import dash
from dash import (
    ClientsideFunction,
    Input,
    Output,
    State,
    callback,
    clientside_callback,
    dcc,
    html,
    no_update,
)

from gt import ids
from gt.serve import announcements, context
from gt.ui.components.workbench import alert
from gt.ui.guard import guarded
from gt.ui.tour import advice, find, last_layer
from gt.ui.tour import page as tour_page
from gt.views.shown import tour_views

dash.register_page(
    __name__, path="/grand-tour", name="Grand Tour", title="Grand Tour", order=1, nav=True
)


@guarded
def layout(run: str | None = None, layer: str | None = None, **_: str) -> html.Main:
    library = context.library()
    if not library.runs:
        return tour_page.no_run()
    if not isinstance(layer, str):  # a query that says it twice comes as a list
        layer = None
    asked = run if isinstance(run, str) else ""
    run, problem = tour_page.run_named(library, run)
    layers = _layers(run)
    if layer not in layers:
        if layer is not None:
            problem = problem or f"{library.run(run).title} has no layer “{layer}”."
        layer = layers[0]
    announcement, failure = _announced(run, layer)
    problem = failure or problem
    above = [
        tour_page.head(library.titles, run, layers, layer),
        alert(ids.TOUR_ALERT, problem),
    ]
    panel = ("Find", tour_page.find_panel())
    side = tour_page.side([advice.advice("tour", library, run)], [panel], file=True)
    return last_layer.page(above, side, _stores(announcement), asked)


def _stores(announcement: dict[str, Any] | None) -> list[dcc.Store]:
    return [
        dcc.Store(id=ids.TOUR_ANNOUNCEMENT_STORE, data=announcement),
        dcc.Store(id=ids.TOUR_SINK),
        dcc.Store(id=ids.TOUR_QUESTION_STORE),
        dcc.Store(id=ids.TOUR_ANSWER_STORE),
        dcc.Store(id=ids.TOUR_ANSWER_SINK),
        *tour_page.stores(
            last_layer.NAME,
            dash.get_relative_path("/"),
            run=ids.TOUR_RUN,
            layer=ids.TOUR_LAYER,
            more={"question": ids.TOUR_QUESTION_STORE},
        ),
    ]


def _layers(run: str) -> list[str]:
    return list(context.library().run(run).outputs[::-1])


@callback(
    Output(ids.TOUR_ANNOUNCEMENT_STORE, "data"),
    Output(ids.TOUR_LAYER, "options"),
    Output(ids.TOUR_LAYER, "value"),
    Output(ids.TOUR_ALERT, "children"),
    Output(ids.TOUR_ALERT, "hidden"),
    Input(ids.TOUR_RUN, "value"),
    Input(ids.TOUR_LAYER, "value"),
    prevent_initial_call=True,
)
def announce(run: str, layer: str) -> tuple[Any, ...]:
    library = context.library()
    offered = _layers(run) if run in library.runs else []
    if offered and layer not in offered:  # a run of another task has others
        layer = offered[0]
    announcement, problem = _announced(run, layer)
    options = [{"value": one, "label": one.capitalize()} for one in offered]
    return announcement or no_update, options, layer, problem, not problem


def _announced(run: str, layer: str) -> tuple[dict[str, Any] | None, str]:
    """A layer with the run's named views, or what went wrong."""
    library = context.library()
    announcement, problem = announcements.try_announce(library, run, layer)
    if announcement is None:
        return None, problem
    return {**announcement, "views": tour_views(library, run)}, problem


clientside_callback(
    ClientsideFunction("gt", "showPictures"),
    Output(ids.TOUR_SINK, "data"),
    Input(ids.TOUR_ANNOUNCEMENT_STORE, "data"),
    State(ids.TOUR_MOUNT_STORE, "data"),
    State(ids.SELECTION_STORE, "data"),
    State(ids.RUN_STORE, "data"),
)

clientside_callback(
    ClientsideFunction("gt", "showAnswer"),
    Output(ids.TOUR_ANSWER_SINK, "data"),
    Input(ids.TOUR_ANSWER_STORE, "data"),
    prevent_initial_call=True,
)


find.follow(ids.TOUR_QUESTION_STORE, ids.TOUR_ANSWER_STORE)


advice.follow("tour", ids.TOUR_RUN)
