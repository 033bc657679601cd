"""``/training``: when was what learnt."""

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
    ctx,
    dcc,
    html,
    no_update,
)
from dash.exceptions import PreventUpdate

from gt import ids
from gt.bring.opened import needed
from gt.files.cells import defused
from gt.measure.training.labels import table
from gt.run.task import MULTILABEL
from gt.serve import context
from gt.serve.shapes import fits
from gt.state import AskedClass
from gt.ui.components.workbench import alert
from gt.ui.guard import guarded
from gt.ui.tour import advice
from gt.ui.tour import page as tour_page
from gt.ui.training import events, examples, figures, labels
from gt.ui.training import page as training_page

dash.register_page(
    __name__, path="/training", name="Training", title="When was what learnt", order=8, nav=True
)


@guarded
def layout(run: str | None = None, of: str = "", ranked: str = "", **_: str) -> html.Main:
    library = context.library()
    if not library.runs:
        return tour_page.no_run()
    asked = run if isinstance(run, str) else ""
    of, ranked = (one if isinstance(one, str) else "" for one in (of, ranked))  # said twice
    name, problem = tour_page.run_named(library, run)
    shown = library.run(name)
    problem = problem or needed(shown, "training")
    return training_page.page(
        [training_page.head(library, name, of), alert(ids.TRAINING_ALERT, problem)],
        shown,
        None,
        labels.section(ranked),
        [*training_page.stores(dash.get_relative_path("/")), *labels.stores()],
        asked=asked,
    )


advice.follow("training", ids.TRAINING_RUN)


@callback(
    Output(ids.TRAINING_STORE, "data"),
    Output(ids.TRAINING_EVENTS, "children"),
    Output(ids.TRAINING_EXAMPLES, "children"),
    Output(ids.TRAINING_STRIP, "figure"),
    Output(ids.TRAINING_LOSS, "figure"),
    Output(ids.TRAINING_ACCURACY, "figure"),
    Output(ids.TRAINING_CLASSES, "children"),
    Output(ids.TRAINING_MEASURED, "children"),
    Output(ids.TRAINING_ALERT, "children"),
    Output(ids.TRAINING_ALERT, "hidden"),
    Input(ids.TRAINING_RUN, "value"),
    Input(ids.TRAINING_SPLIT, "value"),
)
def show_training(name: str, split: str) -> tuple[Any, ...]:
    library = context.library()
    try:
        run = library.run(name)
        said = training_page.found(library, run, split)
        told = training_page.announcement(library, run, said)
    except (KeyError, ValueError, OSError) as error:
        problem = library.said(error)
        return {"failed": name}, problem, [], *[no_update] * 5, problem, False
    changes = (
        told,
        events.event_list(run, said),
        examples.example_cards(run, said),
        figures.strip(run, said),
    )
    # the layout has these, and whose points is no matter
    lacking = needed(run, "training")
    if f"{ids.TRAINING_RUN}.value" not in ctx.triggered_prop_ids:
        first = not ctx.triggered_id
        clear = (no_update, no_update) if first else (lacking, not lacking)
        by_label = run.task == MULTILABEL and first  # which takes the outputs of all epochs to know
        figure = figures.curves(run, said)[1] if by_label else no_update
        return *changes, no_update, figure, no_update, no_update, *clear
    loss, accuracy = figures.curves(run, said)
    return (
        *changes,
        loss,
        accuracy,
        training_page.class_chips(run),
        training_page.measured(run),
        lacking,
        not lacking,
    )


@callback(
    Output(ids.TRAINING_SPLIT, "options"),
    Output(ids.TRAINING_SPLIT, "value"),
    Input(ids.TRAINING_RUN, "value"),
    State(ids.TRAINING_SPLIT, "value"),
    prevent_initial_call=True,
)
def offer_splits(name: str, split: str) -> tuple[Any, Any]:
    """Offer what the run has; of all points where the one that is shown is not there, or the run is not."""
    try:
        there = training_page.choices(context.library().run(name))
    except (KeyError, ValueError, OSError):  # which is told by `show_training`
        there = {"all": training_page.POINTS["all"]}
    offered = [{"value": value, "label": label} for value, label in there.items()]
    return offered, no_update if split in there else "all"


@callback(
    Output(ids.TRAINING_STRIP, "figure", allow_duplicate=True),
    Output(ids.TRAINING_LOSS, "figure", allow_duplicate=True),
    Output(ids.TRAINING_ACCURACY, "figure", allow_duplicate=True),
    Output(ids.TRAINING_CLASSES, "children", allow_duplicate=True),
    Input(ids.TRAINING_ASKED_STORE, "data"),
    State(ids.TRAINING_RUN, "value"),
    State(ids.TRAINING_SPLIT, "value"),
    prevent_initial_call=True,
)
def show_asked(asked: AskedClass | None, name: str, split: str) -> tuple[Any, ...]:
    library = context.library()
    if asked is None or not fits(asked, AskedClass) or asked["run"] != name:
        raise PreventUpdate  # of another run, which is on its way
    if name not in library.runs or not 0 <= asked["label"] < len(library.run(name).classes):
        raise PreventUpdate
    run, label = library.run(name), asked["label"]
    try:
        said = training_page.found(library, run, split)
    except (KeyError, ValueError, OSError):
        raise PreventUpdate from None  # the page says so already
    loss, accuracy = figures.curves(run, said, label)
    return figures.strip(run, said, label), loss, accuracy, training_page.class_chips(run, label)


@callback(
    Output(ids.TRAINING_LABELS_STORE, "data"),
    Input(ids.TRAINING_RUN, "value"),
    Input(ids.TRAINING_SPLIT, "value"),
)
def look_at_labels(name: str, split: str) -> Any:
    library = context.library()
    try:
        return labels.announcement(library, library.run(name), split)
    except (KeyError, ValueError, OSError):  # which is told above
        return {"failed": name}


@callback(
    Output(ids.TRAINING_LABELS_DOWNLOAD, "data"),
    Input(ids.TRAINING_LABELS_CSV, "n_clicks"),
    State(ids.TRAINING_RUN, "value"),
    State(ids.TRAINING_SPLIT, "value"),
    State(ids.TRAINING_ORDER, "value"),
    prevent_initial_call=True,
)
def save_labels(_: int, name: str, split: str, order: str) -> Any:
    library = context.library()
    try:
        run = library.run(name)
        made = table(run, labels.found(library, run, split), order)
    except (KeyError, ValueError, OSError):  # of which there is no list on the page
        return no_update
    return dcc.send_data_frame(defused(made).to_csv, f"{name}-labels.csv", index=False)


clientside_callback(
    ClientsideFunction("gt", "showLabels"),
    Output(ids.TRAINING_LABELS_SINK, "data"),
    Input(ids.TRAINING_LABELS_STORE, "data"),
)

clientside_callback(
    ClientsideFunction("gt", "orderLabels"),
    Output(ids.TRAINING_ORDER_SINK, "data"),
    Input(ids.TRAINING_ORDER, "value"),
)

clientside_callback(
    ClientsideFunction("gt", "showTraining"),
    Output(ids.TRAINING_SINK, "data"),
    Input(ids.TRAINING_STORE, "data"),
    State(ids.TRAINING_MOUNT_STORE, "data"),
    State(ids.SELECTION_STORE, "data"),
    State(ids.RUN_STORE, "data"),
)
