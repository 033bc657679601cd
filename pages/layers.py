"""``/layers``: from the input to the softmax through every layer, aligned so that the picture never jumps."""

from __future__ import annotations

import json
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
    get_app,
    html,
    no_update,
)

from gt import ids
from gt.align.estimate import SOON
from gt.jobs.form import panel
from gt.jobs.kinds.align import JOB, SETTINGS, behind, ordered
from gt.jobs.wiring import BUSY
from gt.kept.describe import outputs_alone
from gt.serve import announcements, choices, context
from gt.serve.said import reason
from gt.serve.shelf import is_live
from gt.ui.components.controls import part
from gt.ui.components.workbench import alert, room
from gt.ui.guard import guarded
from gt.ui.layers import page as layers_page
from gt.ui.tour import advice, find
from gt.ui.tour import page as tour_page
from gt.views.shown import layer_views

dash.register_page(
    __name__, path="/layers", name="Layers", title="Layer dynamics", order=6, nav=True
)


MOST_JOINTS = 1000  # that an address may say something of


@guarded
def layout(
    run: str | None = None, alignment: str | None = None, path: str | None = None, **_: str
) -> html.Main:
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
    way = _path(path)
    ways = {"run": name, "alignment": chosen or "", "path": way or {}}
    announcement, none, failure, offer = _shown(name, chosen, ways)
    if path is not None and (way is None or (announcement and _strays(name, chosen, way))):
        problem = problem or "The link's “path” could not be read and was left out."
    problem = failure or problem
    return layers_page.page(
        [
            _head(library.titles, name, offered, chosen or ""),
            alert(ids.TOUR_ALERT, problem),
            _nothing(none, offer),
        ],
        layers_page.picture(advice.advice("layers", library, name), hidden=announcement is None),
        [
            *_stores(announcement, ways, _wanted(name, chosen)),
            *tour_page.stores(
                "layers",
                dash.get_relative_path("/"),
                run=ids.LAYERS_RUN,
                layer=ids.LAYERS_ALIGNMENT,
                more={"question": ids.LAYERS_QUESTION_STORE, "path": ids.LAYERS_PATH_STORE},
            ),
        ],
        asked=asked,
        alignment=alignment if isinstance(alignment, str) else "",
    )


def _nothing(none: list[Any], offer: bool) -> html.Div:
    """What to say where there is no picture, and the button that makes one."""
    button = html.Button(
        "Align the layers",
        id=ids.LAYERS_ALIGN,
        type="button",
        className="btn btn-primary",
        hidden=not offer,
    )
    said = html.P(none, id=ids.LAYERS_NONE)
    return html.Div([said, button], id=ids.LAYERS_NOTHING, className="gt-none", hidden=not none)


def _stores(announcement: Any, ways: Any, unasked: Any) -> list[dcc.Store]:
    """What the page's module and the server tell each other of this page alone."""
    filled = {
        ids.LAYERS_ANNOUNCEMENT_STORE: announcement,
        ids.LAYERS_PATH_STORE: ways,
        ids.LAYERS_UNASKED_STORE: unasked,
    }
    empty = [
        ids.LAYERS_QUESTION_STORE,
        ids.LAYERS_ANSWER_STORE,
        ids.LAYERS_SINK,
        ids.LAYERS_ANSWER_SINK,
    ]
    stores = [dcc.Store(id=name, data=data) for name, data in filled.items()]
    return [*stores, *(dcc.Store(id=name) for name in empty)]


def _head(
    runs: dict[str, str], run: str, alignments: list[dict[str, Any]], chosen: str
) -> html.Div:
    """Which run, aligned how, and the views that have a name."""
    select = tour_page.select(ids.LAYERS_ALIGNMENT, "Aligned", {}, chosen)
    select.children[1].options = alignments
    select.children[1].placeholder = "not yet"
    views = html.Div(className="gt-views", role="group", **part("views") | {"aria-label": "Views"})
    return html.Div(
        [tour_page.select(ids.LAYERS_RUN, "Run", runs, run), select, panel(JOB), views, room()],
        className="gt-page-head",
    )


def _path(asked: Any) -> dict[str, str] | None:
    """What an address says of a path, by joints; None for what is none."""
    try:
        found = json.loads(asked) if isinstance(asked, str) else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or len(found) > MOST_JOINTS:
        return None
    known = all(isinstance(state, str) for state in found.values())
    return found if known else None


def _strays(run: str, alignment: str | None, way: dict[str, str]) -> bool:
    """Whether a path names what the network has not."""
    whole = context.library().alignment(run, alignment).whole
    return not {*way, *way.values()} <= set(whole.names if whole else ())


def _shown(run: str, alignment: str | None, ways: Any) -> tuple[Any, list[Any], str, bool]:
    """What is announced, what to say where there is nothing, what went wrong, and whether to offer an alignment."""
    library = context.library()
    if run not in library.runs:
        return None, [], f"There is no run “{run}” here.", False
    if not alignment:
        return _unaligned(run)
    of_this = isinstance(ways, dict) and (ways.get("run"), ways.get("alignment")) == (
        run,
        alignment,
    )
    path = ways["path"] if of_this else {}
    announcement, problem = announcements.try_announce_layers(library, run, alignment, path)
    if announcement is None:
        return None, [], problem, False
    # what is said of a view was found true of the main path's states
    views = [] if announcement["alignment"]["path"] else layer_views(library, run, alignment)
    return {**announcement, "views": views}, [], problem, False


def _unaligned(run: str) -> tuple[Any, list[Any], str, bool]:
    library = context.library()
    found, said = library.run(run), " ".join(library.alignment_problems(run))
    if outputs_alone(found):
        return None, layers_page.none_yet(found, None, False), said, False
    if library.read_only:
        none = [
            *layers_page.none_yet(found, None, False),
            " This server is read-only and aligns none.",
        ]
        return None, none, said, False
    try:
        takes = ordered(library, run)[1]
    except (KeyError, ValueError, OSError) as error:
        return None, layers_page.none_yet(found, None, False), said or reason(error), False
    soon = takes < SOON
    return None, layers_page.none_yet(found, takes, soon), said, not soon


def _wanted(run: str, alignment: str | None) -> dict[str, str] | None:
    """What is to be aligned without being asked: a run that never was, or one that has grown and does so no more."""
    library = context.library()
    try:
        found = library.run(run)
        if library.read_only or outputs_alone(found):
            return None
        if alignment and (is_live(found) or not behind(found, library.alignment(run, alignment))):
            return None
        soon = ordered(library, run, alignment)[1] < SOON
    except (KeyError, ValueError, OSError):
        return None  # what is shown says why
    return {"run": run, "alignment": alignment or ""} if soon else None


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
    Output(ids.LAYERS_NOTHING, "hidden"),
    Output(ids.LAYERS_PICTURE, "hidden"),
    Output(ids.TOUR_ALERT, "children", allow_duplicate=True),
    Output(ids.TOUR_ALERT, "hidden", allow_duplicate=True),
    Output(ids.LAYERS_ALIGN, "hidden"),
    Input(ids.LAYERS_RUN, "value"),
    Input(ids.LAYERS_ALIGNMENT, "value"),
    Input(ids.LAYERS_ALIGNMENT, "options"),  # one made again has the name of the one before
    Input(ids.LAYERS_PATH_STORE, "data"),
    prevent_initial_call=True,
)
def announce_layers(run: str, alignment: str | None, _: Any, ways: Any) -> tuple[Any, ...]:
    if _follows(run, alignment):
        return (no_update,) * 7
    announcement, none, problem, offer = _shown(run, alignment, ways)
    return announcement, none, not none, announcement is None, problem, not problem, not offer


def _follows(run: str, alignment: str | None) -> bool:
    """Whether the choice of an alignment follows that of the run in a moment."""
    names = [one["value"] for one in choices.alignments(context.library(), run)]
    return bool(names) and alignment not in names


# apart from what announces: in a chain of callbacks that began at one, Dash calls it no second time,
# and a new alignment would be made but never shown
@callback(
    Output(ids.LAYERS_UNASKED_STORE, "data"),
    Input(ids.LAYERS_RUN, "value"),
    Input(ids.LAYERS_ALIGNMENT, "value"),
    Input(ids.LAYERS_ALIGNMENT, "options"),
    Input(ids.LIVE_STORE, "data"),  # a recording has ended
    prevent_initial_call=True,
)
def want_alignment(run: str, alignment: str | None, *_: Any) -> Any:
    return no_update if _follows(run, alignment) else _wanted(run, alignment)


@callback(
    Output(ids.job(JOB.name, "order-store"), "data", allow_duplicate=True),
    Output(ids.JOBS_STORE, "data", allow_duplicate=True),
    Output(ids.LAYERS_NONE, "children", allow_duplicate=True),
    Output(ids.LAYERS_ALIGN, "hidden", allow_duplicate=True),
    Input(ids.LAYERS_UNASKED_STORE, "data"),
    Input(ids.LAYERS_ALIGN, "n_clicks"),
    State(ids.LAYERS_RUN, "value"),
    State(ids.JOBS_STORE, "data"),
    State(ids.job(JOB.name, "progress"), "hidden"),
    prevent_initial_call="initial_duplicate",
)
def align_as_usual(unasked: Any, _: int | None, run: str, last: Any, idle: bool) -> tuple[Any, ...]:
    """Order an alignment: without being asked, but once, of a run that is soon aligned; of any other by the button."""
    asked = ctx.triggered_id == ids.LAYERS_ALIGN
    wanted = {"run": run} if asked else unasked
    if not wanted:
        return (no_update,) * 4
    library, alignment = context.library(), wanted.get("alignment")
    order: Any
    try:
        library.check_may_write("nothing is aligned")
        order, takes = ordered(library, wanted["run"], alignment)
    except (KeyError, ValueError, OSError) as error:
        return no_update, no_update, no_update if alignment else reason(error), no_update
    orders: Any = last if isinstance(last, dict) else {}
    before = orders.get(JOB.name) or {}
    again = all(before.get(name) == order[name] for name in ("run", *SETTINGS))
    at_work = again and (not idle or get_app()._background_manager.at_work(before))
    orders = {**orders, JOB.name: order}
    if (again and not asked) or not idle:
        # it is at work, and taken up again by whoever comes back; or was stopped, or failed; or another is at work
        order = orders = no_update
    if alignment:  # there is a picture, and how far it goes is said with it
        return order, orders, no_update, no_update
    none = layers_page.none_yet(
        library.run(wanted["run"]), takes, at_work or order is not no_update
    )
    if not idle and not at_work:
        none = [*none, f" {BUSY}"]
    return order, orders, none, at_work or order is not no_update


find.follow(ids.LAYERS_QUESTION_STORE, ids.LAYERS_ANSWER_STORE)


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

advice.follow("layers", ids.LAYERS_RUN)
