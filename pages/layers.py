"""``/layers``: from the input to the softmax through every layer, aligned so that the picture never jumps."""

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
from gt.jobs.form import panel
from gt.jobs.kinds.align import JOB
from gt.serve import announcements, choices, context
from gt.ui.components.controls import heading, part
from gt.ui.components.look_for import look_for
from gt.ui.guard import guarded
from gt.ui.layers import page as layers_page
from gt.ui.layers.find import answer
from gt.ui.tour import page as tour_page
from gt.views.shown import layer_views

dash.register_page(
    __name__, path="/layers", name="Layers", title="Layer dynamics", order=5, nav=True
)


LOOK_FOR = (
    "The same points behind every layer, from the images to the softmax. Watch where each class comes apart from the "
    "others. Then switch to Naive, each layer in axes of its own: turns, which tell nothing, are seen as motion too."
)


@guarded
def layout(run: str | None = None, alignment: str | None = None, **_: str) -> html.Main:
    library = context.library()
    if not library.runs:
        return tour_page.no_run()
    asked = run if isinstance(run, str) else ""
    name, problem = tour_page.run_named(library, run)
    offered = choices.alignments(library, name)
    names = [one["value"] for one in offered]
    chosen = alignment if alignment in names else next(iter(names), None)
    if isinstance(alignment, str) and alignment != chosen:
        problem = problem or f"{library.run(name).title} has no alignment “{alignment}”."
    announcement, none, failure = _shown(name, chosen)
    problem = failure or problem
    return html.Main(
        [
            heading("Layer dynamics"),
            _head(library.titles, name, offered, chosen or ""),
            html.P(
                problem, id=ids.TOUR_ALERT, className="gt-alert", role="alert", hidden=not problem
            ),
            html.P(none, id=ids.LAYERS_NONE, className="gt-none", hidden=not none),
            look_for(LOOK_FOR),
            html.P(className="gt-view-text", **part("view-text")),
            html.Div(
                [
                    layers_page.network(),
                    layers_page.main(ids.LAYERS_GRAPH),
                    layers_page.beside(),
                    tour_page.side(),
                    layers_page.explanation(),
                ],
                id=ids.LAYERS_PICTURE,
                className="gt-layers-grid",
                hidden=announcement is None,
            ),
            dcc.Store(id=ids.LAYERS_ANNOUNCEMENT_STORE, data=announcement),
            dcc.Store(id=ids.LAYERS_QUESTION_STORE),
            dcc.Store(id=ids.LAYERS_ANSWER_STORE),
            dcc.Store(id=ids.LAYERS_SINK),
            dcc.Store(id=ids.LAYERS_ANSWER_SINK),
            *tour_page.stores(
                "layers",
                dash.get_relative_path("/"),
                run=ids.LAYERS_RUN,
                layer=ids.LAYERS_ALIGNMENT,
                more={"question": ids.LAYERS_QUESTION_STORE},
            ),
        ],
        key="layers",
        className="gt-tour gt-layers",
        **{
            "data-gt-page": "layers",
            "data-gt-asked-run": asked,
            "data-gt-asked-layer": alignment if isinstance(alignment, str) else "",
            "data-gt-flat": "no",
        },
    )


def _head(
    runs: dict[str, str], run: str, alignments: list[dict[str, Any]], chosen: str
) -> html.Div:
    """Which run, aligned how, and the views that have a name."""
    select = tour_page.select(ids.LAYERS_ALIGNMENT, "Aligned", {}, chosen)
    select.children[1].options = alignments
    select.children[1].placeholder = "not yet"
    views = html.Div(className="gt-views", role="group", **part("views") | {"aria-label": "Views"})
    return html.Div(
        [tour_page.select(ids.LAYERS_RUN, "Run", runs, run), select, panel(JOB), views],
        className="gt-page-head",
    )


def _shown(run: str, alignment: str | None) -> tuple[Any, list[Any], str]:
    """What is announced, what to say where there is nothing, and what went wrong."""
    library = context.library()
    if run not in library.runs:
        return None, [], f"There is no run “{run}” here."
    if not alignment:
        problems = library.alignment_problems(run)
        return None, layers_page.none_yet(library.run(run)), " ".join(problems)
    announcement, problem = announcements.try_announce_layers(library, run, alignment)
    if announcement is None:
        return None, [], problem
    return {**announcement, "views": layer_views(library, run, alignment)}, [], problem


@callback(
    Output(ids.LAYERS_ALIGNMENT, "options"),
    Output(ids.LAYERS_ALIGNMENT, "value"),
    Input(ids.LAYERS_RUN, "value"),
    State(ids.LAYERS_ALIGNMENT, "value"),
    prevent_initial_call=True,
)
def offer_alignments(run: str, now: str | None) -> tuple[Any, str]:
    offered = choices.alignments(context.library(), run)
    names = [one["value"] for one in offered]
    return offered, now if now in names else next(iter(names), "")


@callback(
    Output(ids.LAYERS_ANNOUNCEMENT_STORE, "data"),
    Output(ids.LAYERS_NONE, "children"),
    Output(ids.LAYERS_NONE, "hidden"),
    Output(ids.LAYERS_PICTURE, "hidden"),
    Output(ids.TOUR_ALERT, "children", allow_duplicate=True),
    Output(ids.TOUR_ALERT, "hidden", allow_duplicate=True),
    Input(ids.LAYERS_RUN, "value"),
    Input(ids.LAYERS_ALIGNMENT, "value"),
    Input(ids.LAYERS_ALIGNMENT, "options"),  # one made again has the name of the one before
    prevent_initial_call=True,
)
def announce_layers(run: str, alignment: str | None, _: Any) -> tuple[Any, ...]:
    names = [one["value"] for one in choices.alignments(context.library(), run)]
    if names and alignment not in names:
        return (no_update,) * 6  # the choice follows the run in a moment
    announcement, none, problem = _shown(run, alignment)
    return announcement, none, not none, announcement is None, problem, not problem


@callback(
    Output(ids.LAYERS_ANSWER_STORE, "data"),
    Input(ids.LAYERS_QUESTION_STORE, "data"),
    prevent_initial_call=True,
)
def find_view(question: dict[str, Any]) -> dict[str, Any]:
    return answer(context.library(), question)


clientside_callback(
    ClientsideFunction("gt", "showPictures"),
    Output(ids.LAYERS_SINK, "data"),
    Input(ids.LAYERS_ANNOUNCEMENT_STORE, "data"),
    State(ids.TOUR_MOUNT_STORE, "data"),
    State(ids.SELECTION_STORE, "data"),
    State(ids.RUN_STORE, "data"),
)
clientside_callback(
    ClientsideFunction("gt", "showAnswer"),
    Output(ids.LAYERS_ANSWER_SINK, "data"),
    Input(ids.LAYERS_ANSWER_STORE, "data"),
    prevent_initial_call=True,
)
