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
from gt.ui import context, tour_page
from gt.ui.export import selection_table
from gt.ui.stage import stage
from gt.ui.views import views_of

dash.register_page(
    __name__, path="/grand-tour", name="Grand Tour", title="Grand Tour", order=1, nav=True
)

LAYERS = ("softmax", "logits")


def layout(run: str | None = None, layer: str | None = None, **_: str) -> html.Main:
    library = context.library()
    if not library.runs:
        return html.Main(
            html.P(
                "There is no run to show. Start with --runs DIR, or record one: gt record --help."
            ),
            className="gt-empty",
        )
    if not isinstance(run, str):  # a query that says it twice comes as a list
        run = None
    if not isinstance(layer, str):
        layer = None
    asked = run
    problem = ""
    if run not in library.runs:
        run = "mnist" if "mnist" in library.runs else next(iter(library.runs))
        if asked is not None:
            problem = f"There is no run “{asked}” here; this is {library.run(run).title}."
    layers = _layers(run)
    if layer not in layers:
        if layer is not None:
            problem = problem or f"{library.run(run).title} has no layer “{layer}”."
        layer = layers[0]
    announcement, failure = library.try_announce(run, layer)
    problem = failure or problem
    return html.Main(
        [
            tour_page.head(library.titles, run, layers, layer),
            html.P(
                problem, id=ids.TOUR_ALERT, className="gt-alert", role="alert", hidden=not problem
            ),
            html.P(className="gt-view-text", **{"data-gt-part": "view-text"}),
            html.Div(
                [
                    html.Div(
                        [
                            stage(
                                "grand-tour-train", ids.TOUR_TRAIN_GRAPH, "train", "Training points"
                            ),
                            stage("grand-tour-test", ids.TOUR_TEST_GRAPH, "test", "Test points"),
                        ],
                        className="gt-stages",
                    ),
                    html.Div([tour_page.tools(), tour_page.transport()], className="gt-controls"),
                    tour_page.side(),
                ],
                className="gt-tour-grid",
            ),
            dcc.Store(id=ids.TOUR_ANNOUNCEMENT_STORE, data=announcement),
            *tour_page.stores(dash.get_relative_path("/"), views_of(library.runs.values())),
        ],
        className="gt-tour",
        **{"data-gt-page": "grand-tour", "data-gt-asked-run": asked or ""},
    )


def _layers(run: str) -> list[str]:
    known = [layer.name for layer in context.library().run(run).layers]
    return [name for name in LAYERS if name in known]


@callback(
    Output(ids.TOUR_ANNOUNCEMENT_STORE, "data"),
    Output(ids.TOUR_ALERT, "children"),
    Output(ids.TOUR_ALERT, "hidden"),
    Input(ids.TOUR_RUN, "value"),
    Input(ids.TOUR_LAYER, "value"),
    prevent_initial_call=True,
)
def announce(run: str, layer: str) -> tuple[Any, str, bool]:
    announcement, problem = context.library().try_announce(run, layer)
    return announcement or no_update, problem, not problem


@callback(
    Output(ids.TOUR_DOWNLOAD, "data"),
    Output(ids.TOUR_ALERT, "children", allow_duplicate=True),
    Output(ids.TOUR_ALERT, "hidden", allow_duplicate=True),
    Input(ids.TOUR_CSV_STORE, "data"),
    prevent_initial_call=True,
)
def save_selection(asked: dict[str, Any]) -> tuple[Any, str, bool]:
    try:
        table = selection_table(context.library().run(asked["run"]), asked["epoch"], asked["ids"])
    except (KeyError, TypeError, ValueError, OSError) as error:
        return no_update, str(error.args[0]), False
    name = f"{asked['run']}-epoch-{asked['epoch']}-selection.csv"
    return dcc.send_data_frame(table.to_csv, name, index=False), "", True


clientside_callback(
    ClientsideFunction("gt", "showTour"),
    Output(ids.TOUR_SINK, "data"),
    Input(ids.TOUR_ANNOUNCEMENT_STORE, "data"),
    State(ids.TOUR_MOUNT_STORE, "data"),
    State(ids.SELECTION_STORE, "data"),
    State(ids.RUN_STORE, "data"),
)

clientside_callback(
    ClientsideFunction("gt", "chooseLook"),
    Output(ids.TOUR_CHOICE_SINK, "data"),
    Input(ids.TOUR_COLOR, "value"),
    Input(ids.TOUR_PACE, "value"),
    prevent_initial_call=True,
)
