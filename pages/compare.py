"""``/compare``: every method beside every other, epoch by epoch, linked, and measured."""

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
from gt.files.cells import defused
from gt.serve import context
from gt.state import Ready
from gt.ui.compare import measures
from gt.ui.compare import page as compare_page
from gt.ui.compare.rows import announcement
from gt.ui.components.workbench import alert
from gt.ui.guard import guarded
from gt.ui.tour import advice
from gt.ui.tour import page as tour_page
from gt.views.shown import made_preset, opening_epochs, presets

dash.register_page(__name__, path="/compare", name="Compare", title="Compare", order=5, nav=True)


@guarded
def layout(run: str | None = None, **_: str) -> html.Main:
    library = context.library()
    if not library.runs:
        return tour_page.no_run()
    asked = run if isinstance(run, str) else ""
    shown, problem = tour_page.run_named(library, run)
    said, failure = _announce(shown)
    problem = failure or problem
    offered = presets(library)
    first = next((one for one in offered if one["run"] == shown), (said or {}).get("preset"))
    offer = html.P(
        compare_page.offer(library, shown),
        id=ids.COMPARE_OFFER,
        className="gt-offer",
        role="status",
    )
    return compare_page.page(
        [
            compare_page.head(library.titles, shown, offered),
            alert(ids.COMPARE_ALERT, problem),
            offer,
        ],
        advice.advice("compare", library, shown),
        measures.section(),
        [dcc.Store(id=ids.COMPARE_STORE, data=said), *compare_page.stores(offered)],
        text=first["text"] if first else "",
        asked=asked,
    )


def _announce(run: str) -> tuple[dict[str, Any] | None, str]:
    library = context.library()
    try:
        said, problem = announcement(library, run)
    except (KeyError, ValueError, OSError) as error:
        return None, library.said(error)
    said["epochs"] = opening_epochs(library, run)
    said["preset"] = made_preset(library, run)
    return said, problem


@callback(
    Output(ids.COMPARE_STORE, "data"),
    Output(ids.COMPARE_ALERT, "children"),
    Output(ids.COMPARE_ALERT, "hidden"),
    Output(ids.COMPARE_OFFER, "children"),
    Input(ids.COMPARE_RUN, "value"),
    prevent_initial_call=True,
)
def announce(run: str) -> tuple[Any, str, bool, list[Any]]:
    said, problem = _announce(run)
    offered = compare_page.offer(context.library(), run)
    return said or {"failed": run}, problem, not problem, offered


@callback(
    Output(ids.COMPARE_LINES, "figure"),
    Output(ids.COMPARE_TABLE, "children"),
    Input(ids.COMPARE_READY_STORE, "data"),  # after the first picture, not before it
    Input(ids.COMPARE_MEASURE, "value"),
    prevent_initial_call=True,
)
def show_measures(ready: Ready | None, measure: str) -> tuple[Any, Any]:
    if not ready:
        return no_update, no_update
    library = context.library()
    run = ready["run"]
    return measures.lines(library, run, measure), measures.table(library, run)


@callback(
    Output(ids.COMPARE_TRANSITION_STORE, "data"),
    Input(ids.COMPARE_LINES, "clickData"),
    State(ids.COMPARE_READY_STORE, "data"),
    State(ids.COMPARE_MEASURE, "value"),
    prevent_initial_call=True,
)
def open_transition(clicked: Any, ready: Ready | None, measure: str) -> Any:
    try:
        embedding, _, later = clicked["points"][0]["customdata"]
        run = ready["run"] if ready else ""
        fitted = measure.startswith("fitted")
        return measures.transition(context.library(), run, embedding, int(later), fitted)
    except (KeyError, TypeError, ValueError, IndexError):
        return no_update


@callback(
    Output(ids.COMPARE_DOWNLOAD, "data"),
    Input(ids.COMPARE_CSV, "n_clicks"),
    State(ids.COMPARE_RUN, "value"),
    prevent_initial_call=True,
)
def save_measures(_: int, run: str) -> Any:
    values = measures.csv(context.library(), run)
    return dcc.send_data_frame(defused(values).to_csv, f"{run}-correspondence.csv", index=False)


clientside_callback(
    ClientsideFunction("gt", "showComparison"),
    Output(ids.COMPARE_SINK, "data"),
    Input(ids.COMPARE_STORE, "data"),
    State(ids.COMPARE_MOUNT_STORE, "data"),
    State(ids.SELECTION_STORE, "data"),
    State(ids.RUN_STORE, "data"),
)

clientside_callback(
    ClientsideFunction("gt", "chooseComparison"),
    Output(ids.COMPARE_CHOICE_SINK, "data"),
    Input(ids.COMPARE_COLOR, "value"),
    Input(ids.COMPARE_MEASURE, "value"),
    Input(ids.COMPARE_RUN, "value"),
)

clientside_callback(
    ClientsideFunction("gt", "showTransition"),
    Output(ids.COMPARE_SCATTER_SINK, "data"),
    Input(ids.COMPARE_TRANSITION_STORE, "data"),
    State(ids.COMPARE_MOUNT_STORE, "data"),
    prevent_initial_call=True,
)

advice.follow("compare", ids.COMPARE_RUN)
