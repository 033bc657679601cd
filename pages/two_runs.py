"""``/two-runs``: two runs in one linear view: the same frame where axes mean the same, else one turn for all epochs."""

from __future__ import annotations

from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html

from gt import ids
from gt.serve import context, two_runs, two_runs_wire
from gt.serve.announcements import tried
from gt.serve.library import Library
from gt.ui.components.workbench import alert
from gt.ui.guard import guarded
from gt.ui.tour import page as tour_page
from gt.ui.two_runs import page as two_page
from gt.ui.two_runs.answering import answer
from gt.ui.two_runs.choosing import choose_pair

dash.register_page(__name__, path="/two-runs", name="Two runs", title="Two runs", order=5.5)


@guarded
def layout(
    a: str | None = None,
    b: str | None = None,
    layer: str | None = None,
    split: str | None = None,
    **_: str,
) -> html.Main:
    library = context.library()
    if not library.runs:
        return tour_page.no_run()
    first, second, problem = choose_pair(library, a, b)
    known = isinstance(split, str) and split in two_runs_wire.POINTS
    points = str(split) if known else two_runs_wire.ALL
    shown = _shown(library, first, second, layer if isinstance(layer, str) else None, points)
    problem = shown["problem"] or problem
    if split is not None and not known:
        also = f"There are no points “{split!s:.60}”; all that the two share are shown."
        problem = " ".join(filter(None, (problem, also)))
    head = two_page.head(library.titles, first, second, shown["layers"], shown["layer"], points)
    refused = html.P(
        shown["refused"],
        id=ids.TWO_RUNS_REFUSED,
        className="gt-none",
        role="status",
        hidden=not shown["refused"],
    )
    return two_page.page(
        [head, alert(ids.TOUR_ALERT, problem), refused],
        two_page.grid(two_page.advice(), hidden=shown["announcement"] is None),
        [
            dcc.Store(id=ids.TWO_RUNS_ANNOUNCEMENT_STORE, data=shown["announcement"]),
            dcc.Store(id=ids.TWO_RUNS_QUESTION_STORE),
            dcc.Store(id=ids.TWO_RUNS_ANSWER_STORE),
            dcc.Store(id=ids.TWO_RUNS_SINK),
            dcc.Store(id=ids.TWO_RUNS_ANSWER_SINK),
            dcc.Download(id=ids.TWO_RUNS_DOWNLOAD),
            *tour_page.stores(
                "two-runs",
                dash.get_relative_path("/"),
                run=ids.TWO_RUNS_A,
                layer=ids.TWO_RUNS_LAYER,
                more={"asked": ids.TWO_RUNS_QUESTION_STORE, "points": ids.TWO_RUNS_POINTS},
            ),
        ],
        asked=first,
        layer=shown["layer"],
    )


def _shown(library: Library, a: str, b: str, layer: str | None, points: str) -> dict[str, Any]:
    """What is announced of two runs, else why they are refused; the layers to choose from; what else went wrong."""
    out: dict[str, Any] = {
        "announcement": None,
        "refused": [],
        "layers": [],
        "layer": "",
        "problem": "",
    }
    if not b:
        return out | {"refused": two_page.only_one()}
    paired, refused = tried(
        library, f"{a} beside {b}", lambda: two_runs_wire.paired(library, a, b, points)
    )
    if paired is None:
        same = a if a == b and a in library.runs else ""
        return out | {"refused": two_page.refusal(refused, same)}
    out["layers"] = list(paired.layers[::-1])
    if layer not in paired.layers:
        if layer:
            out["problem"] = f"The two have no layer “{layer:.60}” in common."
        layer = paired.layers[-1]
    announcement, failure = tried(
        library, f"{a} beside {b}", lambda: two_runs.announce(library, a, b, layer, points)
    )
    return out | {
        "layer": layer,
        "announcement": announcement,
        "refused": two_page.refusal(failure) if failure else [],
    }


@callback(
    Output(ids.TWO_RUNS_ANNOUNCEMENT_STORE, "data"),
    Output(ids.TWO_RUNS_LAYER, "options"),
    Output(ids.TWO_RUNS_LAYER, "value"),
    Output(ids.TWO_RUNS_REFUSED, "children"),
    Output(ids.TWO_RUNS_REFUSED, "hidden"),
    Output(ids.TWO_RUNS_PICTURE, "hidden"),
    Output(ids.TOUR_ALERT, "children", allow_duplicate=True),
    Output(ids.TOUR_ALERT, "hidden", allow_duplicate=True),
    Input(ids.TWO_RUNS_A, "value"),
    Input(ids.TWO_RUNS_B, "value"),
    Input(ids.TWO_RUNS_LAYER, "value"),
    Input(ids.TWO_RUNS_POINTS, "value"),
    prevent_initial_call=True,
)
def announce_two(a: str, b: str, layer: str, points: str) -> tuple[Any, ...]:
    shown = _shown(context.library(), a, b, layer, points)
    options = [{"value": one, "label": one.capitalize()} for one in shown["layers"]]
    none = shown["announcement"] is None
    return (
        shown["announcement"],
        options,
        shown["layer"],
        shown["refused"],
        not shown["refused"],
        none,
        "",
        True,
    )


@callback(
    Output(ids.TWO_RUNS_ANSWER_STORE, "data"),
    Output(ids.TWO_RUNS_DOWNLOAD, "data"),
    Input(ids.TWO_RUNS_QUESTION_STORE, "data"),
    prevent_initial_call=True,
)
def answer_two(question: dict[str, Any]) -> tuple[Any, Any]:
    return answer(context.library(), question)


clientside_callback(
    ClientsideFunction("gt", "showPictures"),
    Output(ids.TWO_RUNS_SINK, "data"),
    Input(ids.TWO_RUNS_ANNOUNCEMENT_STORE, "data"),
    State(ids.TOUR_MOUNT_STORE, "data"),
    State(ids.SELECTION_STORE, "data"),
    State(ids.RUN_STORE, "data"),
)
clientside_callback(
    ClientsideFunction("gt", "showTwoRunsAnswer"),
    Output(ids.TWO_RUNS_ANSWER_SINK, "data"),
    Input(ids.TWO_RUNS_ANSWER_STORE, "data"),
    prevent_initial_call=True,
)
