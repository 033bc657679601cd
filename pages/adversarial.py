"""``/adversarial``: examples that are turned, step by step, from one class into another."""

from __future__ import annotations

from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html

from gt import ids
from gt.bring.opened import needed
from gt.jobs.form import panel
from gt.jobs.kinds.attack import JOB
from gt.kept.attack import KEY
from gt.serve import context
from gt.ui.adversarial import keep
from gt.ui.adversarial import page as adversarial_page
from gt.ui.adversarial.note import try_announce_attack
from gt.ui.components.controls import part
from gt.ui.components.workbench import alert, room
from gt.ui.guard import guarded
from gt.ui.tour import find
from gt.ui.tour import page as tour_page

dash.register_page(
    __name__,
    path="/adversarial",
    name="Adversarial",
    title="Adversarial dynamics",
    order=7,
    nav=True,
)


@guarded
def layout(run: str | None = None, alignment: str | None = None, **_: str) -> html.Main:
    library = context.library()
    if not library.runs:
        return tour_page.no_run()
    titles = library.attack_titles
    name, problem = _named(titles, run)
    announcement, none, failure = _shown(name)
    if announcement and alignment is not None and alignment != announcement["layer"]:
        problem = problem or f"{titles[name]} has no alignment “{alignment}”."
    problem = failure or problem
    views = html.Div(className="gt-views", role="group", **part("views") | {"aria-label": "Views"})
    head = html.Div(
        [
            tour_page.select(ids.ADVERSARIAL_RUN, "Attack", titles, name),
            panel(JOB, more=[keep.button()]),
            views,
            room(),
        ],
        className="gt-page-head",
    )
    return adversarial_page.page(
        [
            head,
            alert(ids.TOUR_ALERT, problem),
            html.P(none, id=ids.ADVERSARIAL_NONE, className="gt-none", hidden=not none),
        ],
        adversarial_page.grid(
            ids.ADVERSARIAL_GRAPH,
            ids.ADVERSARIAL_PICTURE,
            adversarial_page.advice(),
            hidden=announcement is None,
        ),
        [
            dcc.Store(id=ids.ADVERSARIAL_ANNOUNCEMENT_STORE, data=announcement),
            dcc.Store(id=ids.ADVERSARIAL_QUESTION_STORE),
            dcc.Store(id=ids.ADVERSARIAL_ANSWER_STORE),
            dcc.Store(id=ids.ADVERSARIAL_SINK),
            dcc.Store(id=ids.ADVERSARIAL_ANSWER_SINK),
            *tour_page.stores(
                "adversarial",
                dash.get_relative_path("/"),
                run=ids.ADVERSARIAL_RUN,
                layer=ids.ADVERSARIAL_RUN,
                more={"question": ids.ADVERSARIAL_QUESTION_STORE},
            ),
        ],
        run if isinstance(run, str) else "",
    )


def first(titles: dict[str, str]) -> str:
    """The attack that is shown first: one with a source and a target tells the clearest story."""
    library = context.library()

    def aimed(name: str) -> bool:
        stored = library.run(name).made.get(KEY, {})
        return None not in (stored.get("source"), stored.get("target"))

    return next((name for name in titles if aimed(name)), next(iter(titles), ""))


def _named(titles: dict[str, str], asked: object) -> tuple[str, str]:
    """The attack that an address asks for, or another, and what to say of that."""
    if isinstance(asked, str) and asked in titles:
        return asked, ""
    name = first(titles)
    if not isinstance(asked, str):
        return name, ""
    runs = context.library().runs
    if asked in runs and (said := needed(runs[asked], "adversarial")):
        return name, f"{said} This is {titles[name]}." if name else said
    return name, f"There is no attack “{asked}” here" + (
        f"; this is {titles[name]}." if name else "."
    )


def _shown(name: str) -> tuple[Any, list[Any], str]:
    """What is announced, what to say where there is nothing, and what went wrong."""
    library = context.library()
    if not name:
        return None, adversarial_page.none_yet(library.read_only), ""
    if name not in library.attack_titles:
        return None, [], f"There is no attack “{name}” here."
    if not library.alignments(name):
        run = library.run(name)
        none = adversarial_page.not_aligned(run.title, str(run.path))
        return None, none, " ".join(library.alignment_problems(name))
    announcement, problem = try_announce_attack(library, name)
    return announcement, [], problem


@callback(
    Output(ids.ADVERSARIAL_ANNOUNCEMENT_STORE, "data"),
    Output(ids.ADVERSARIAL_NONE, "children"),
    Output(ids.ADVERSARIAL_NONE, "hidden"),
    Output(ids.ADVERSARIAL_PICTURE, "hidden"),
    Output(ids.TOUR_ALERT, "children", allow_duplicate=True),
    Output(ids.TOUR_ALERT, "hidden", allow_duplicate=True),
    Input(ids.ADVERSARIAL_RUN, "value"),
    prevent_initial_call=True,
)
def announce_attack(name: str) -> tuple[Any, ...]:
    announcement, none, problem = _shown(name)
    return announcement, none, not none, announcement is None, problem, not problem


find.follow(ids.ADVERSARIAL_QUESTION_STORE, ids.ADVERSARIAL_ANSWER_STORE)


clientside_callback(
    ClientsideFunction("gt", "showPictures"),
    Output(ids.ADVERSARIAL_SINK, "data"),
    Input(ids.ADVERSARIAL_ANNOUNCEMENT_STORE, "data"),
    State(ids.TOUR_MOUNT_STORE, "data"),
    State(ids.SELECTION_STORE, "data"),
    State(ids.RUN_STORE, "data"),
)
clientside_callback(
    ClientsideFunction("gt", "showAnswer"),
    Output(ids.ADVERSARIAL_ANSWER_SINK, "data"),
    Input(ids.ADVERSARIAL_ANSWER_STORE, "data"),
    prevent_initial_call=True,
)
