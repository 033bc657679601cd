"""The lab of ``/adversarial``: a form that asks for an attack and is checked, and what becomes of the order.

The three steps of `gt.jobs.align_job`: every change of the form is checked, by `gt.jobs.attack_orders`, which refuses
with a reason; Start checks once more, and has either an attack that is there already or an order; the order is carried
out by a background callback, and the attack is chosen on the page that is open by then. It is with the cache at first,
and "Keep as a run" copies it to the runs of one's own.
"""

from __future__ import annotations

import uuid
from typing import Any

from dash import Dash, Input, Output, State, html, no_update, set_props
from dash.exceptions import PreventUpdate

from gt import ids
from gt.attack.method import METHODS
from gt.jobs.attack_orders import (
    ALL,
    ANY,
    COUNT,
    INSTALL,
    NEEDED,
    NoTorchError,
    asked,
    classes,
    counts,
    estimate,
    ready,
    split_of,
    unfit,
    usual,
    usual_settings,
)
from gt.jobs.attack_work import failed, outcome, result, work
from gt.jobs.form import BUSY, POLL_MS, Report, reason
from gt.jobs.order_check import fits, named
from gt.kept.attack import KEY
from gt.kept.describe import layered_command
from gt.run import Run, RunError
from gt.run.points import SPLITS
from gt.serve import context
from gt.serve.library import Library
from gt.state import AttackOrder, AttackResult
from gt.ui.adversarial.panel import panel as panel
from gt.ui.components.controls import icon

STOPPED = (
    "Stopped. Steps that were recorded are kept for now: asking for the same again goes on from"
    " there."
)
READY = "This attack is there already"
FIELDS = (
    ids.LAB_RUN,
    ids.LAB_SOURCE,
    ids.LAB_TARGET,
    ids.LAB_METHOD,
    ids.LAB_EPSILON,
    ids.LAB_STEP,
    ids.LAB_STEPS,
    ids.LAB_COUNT,
    ids.LAB_SEED,
)


def register(app: Dash) -> None:
    """Wire the panel of whichever page has it."""
    busy = State(ids.LAB_PROGRESS, "hidden")
    shown = ids.ADVERSARIAL_RUN
    app.callback(
        Output(ids.LAB_FORM, "is_open"),
        Output(ids.LAB_RUN, "options"),
        Output(ids.LAB_RUN, "value"),
        Output(ids.LAB_UNFIT, "children"),
        Input(ids.LAB_OPEN, "n_clicks"),
        State(ids.LAB_RUN, "value"),
        State(shown, "value"),
        prevent_initial_call=True,
    )(open_form)
    app.callback(
        Output(ids.LAB_SOURCE, "options"),
        Output(ids.LAB_SOURCE, "value"),
        Output(ids.LAB_TARGET, "options"),
        Output(ids.LAB_TARGET, "value"),
        Output(ids.LAB_METHOD, "value"),
        Output(ids.LAB_COUNT, "value"),
        Input(ids.LAB_RUN, "value"),
        prevent_initial_call=True,
    )(offer_classes)
    app.callback(
        Output(ids.LAB_EPSILON, "value"),
        Output(ids.LAB_STEP, "value"),
        Output(ids.LAB_STEPS, "value"),
        Output(ids.LAB_EPSILON_OF, "children"),
        Input(ids.LAB_METHOD, "value"),
        Input(ids.LAB_RUN, "value"),
        prevent_initial_call=True,
    )(offer_settings)
    app.callback(
        Output(ids.LAB_PROBLEM, "children"),
        Output(ids.LAB_START, "disabled"),
        Output(ids.LAB_HINT, "children"),
        Output(ids.LAB_COUNT_OF, "children"),
        Input(ids.LAB_FORM, "is_open"),
        *[Input(one, "value") for one in FIELDS],
        busy,
        prevent_initial_call=True,
    )(check_form)
    app.callback(
        Output(ids.LAB_ORDER_STORE, "data"),
        Output(ids.LAB_RESULT_STORE, "data", allow_duplicate=True),
        Output(ids.LAB_FORM, "is_open", allow_duplicate=True),
        Output(ids.LAB_PROBLEM, "children", allow_duplicate=True),
        Output(ids.LAB_MESSAGE, "children", allow_duplicate=True),
        Input(ids.LAB_START, "n_clicks"),
        *[State(one, "value") for one in FIELDS],
        busy,
        prevent_initial_call=True,
    )(start)
    app.callback(
        Output(ids.LAB_RESULT_STORE, "data"),
        Input(ids.LAB_ORDER_STORE, "data"),
        background=True,
        interval=POLL_MS,
        progress=[
            Output(ids.LAB_BAR, "value"),
            Output(ids.LAB_DOING, "children"),
            Output(ids.LAB_PERCENT, "children"),
            Output(ids.LAB_PROGRESS, "hidden"),  # again: the reader may have left and come back
        ],
        progress_default=[0, "Starting", "", True],
        running=[
            (Output(ids.LAB_PROGRESS, "hidden"), False, True),
            (Output(ids.LAB_START, "disabled"), True, False),
        ],
        cancel=[Input(ids.LAB_CANCEL, "n_clicks")],
        on_error=failed,
        prevent_initial_call=True,
    )(carry_out)
    app.callback(
        Output(ids.LAB_PROGRESS, "hidden"),
        Output(ids.LAB_MESSAGE, "children", allow_duplicate=True),
        Input(ids.LAB_CANCEL, "n_clicks"),
        prevent_initial_call=True,
    )(say_stopped)
    app.callback(
        Output(shown, "options", allow_duplicate=True),
        Output(shown, "value", allow_duplicate=True),
        Output(ids.LAB_MESSAGE, "children"),
        Input(ids.LAB_RESULT_STORE, "data"),
        prevent_initial_call=True,
    )(show_result)
    app.callback(Output(ids.LAB_KEEP, "hidden"), Input(shown, "value"))(hide_keep)
    app.callback(
        Output(ids.LAB_KEEP, "hidden", allow_duplicate=True),
        Output(ids.LAB_MESSAGE, "children", allow_duplicate=True),
        Input(ids.LAB_KEEP, "n_clicks"),
        State(shown, "value"),
        prevent_initial_call=True,
    )(keep)


def choices(library: Library) -> list[dict[str, str]]:
    """The attacks that are there, as options of the page's select of them."""
    return [{"value": name, "label": title} for name, title in library.attack_titles.items()]


def open_form(_: Any, run: Any, shown: Any) -> tuple[Any, ...]:
    """Open the form, on the run whose attack is shown; what was filled in before stays."""
    library = context.library()
    reasons = {name: unfit(one) for name, one in library.runs.items()}
    options = [
        {"value": name, "label": library.titles[name], "disabled": bool(reasons[name])}
        for name in library.runs
    ]
    fit = [name for name, said in reasons.items() if not said]
    value: Any = no_update
    if run not in fit:
        uid = _attacked_by(library, shown)
        first = "mnist" if "mnist" in fit else next(iter(fit), "")
        value = next((name for name in fit if library.runs[name].uid == uid), first)
    return True, options, value, _unfit([library.runs[n] for n, said in reasons.items() if said])


def _attacked_by(library: Library, shown: Any) -> Any:
    """The ``uid`` of the run that an attack is on, None for no attack."""
    if shown not in [*library.attack_titles]:
        return None
    return dict(library.run(shown).made[KEY].get("of", {})).get("uid")


def _unfit(runs: list[Run]) -> Any:
    """Which runs cannot be attacked, and why, and what records one that can be."""
    if not runs:
        return None
    said = [html.Li([unfit(run), " This records it: ", _command(run)]) for run in runs]
    titles = ", ".join(run.title for run in runs)
    return html.Details([html.Summary(f"Why not {titles}?"), html.Ul(said)])


def _command(run: Run) -> html.Code:
    return html.Code(layered_command(run))


def offer_classes(run: Any) -> tuple[Any, ...]:
    """The classes of a run, its usual attack and how many points that may have."""
    found = context.trained(run)
    if found is None:
        return [], None, [], None, next(iter(METHODS)), ""
    numbered = [{"value": str(i), "label": name} for i, name in enumerate(found.classes)]
    source, target, method = usual(found)
    values = [
        none if one is None else str(found.classes.index(one))
        for one, none in ((source, ALL), (target, ANY))
    ]
    most = counts(found, source, target)[1] if not unfit(found) else COUNT
    return (
        [{"value": ALL, "label": "All classes"}, *numbered],
        values[0],
        [{"value": ANY, "label": "Any other class"}, *numbered],
        values[1],
        method,
        str(min(COUNT, most)),
    )


def offer_settings(method: Any, run: Any) -> tuple[Any, ...]:
    """Epsilon, step and steps that suit a run and a method, and what epsilon is of."""
    found = context.trained(run)
    if found is None or named(method) not in METHODS:
        return (no_update,) * 4
    known = usual_settings(found, method)
    return f"{known.epsilon:g}", f"{known.step:g}", str(known.steps), METHODS[method].text


def check_form(is_open: bool, *filled: Any) -> tuple[Any, ...]:
    """Why the form cannot be sent, whether Start can be pressed, what it would do, and how many points there are."""
    if not is_open:
        return (no_update,) * 4
    *given, idle = filled
    library = context.library()
    there = _there(library, *given[:3])
    try:
        found, recipe = asked(library, *given)
    except (KeyError, ValueError, OSError) as error:
        return _problem(given[0], error), True, "", there
    if not idle:
        return "", True, BUSY, there
    if ready(library, found, recipe) is not None:
        return "", False, f"{READY}; Start shows it.", there
    hint = [estimate(library, found, recipe)]
    if recipe.steps * recipe.step < recipe.epsilon:
        far = recipe.steps * recipe.step
        hint.insert(
            0, f"{recipe.steps} steps of {recipe.step:g} get {far:g} far, less than epsilon."
        )
    return "", False, " ".join(hint).strip(), there


def _there(library: Library, run: Any, source: Any, target: Any) -> str:
    """How many points of the source there are; empty where that cannot be said."""
    try:
        found = library.run(named(run))
        origin, aim = classes(found, source, target)
        total, right = counts(found, origin, aim)
    except (KeyError, ValueError, OSError):
        return ""
    kind = f"{SPLITS[split_of(found)]} points"
    if origin is not None:
        kind += f" of class {origin}"
    elif aim is not None:
        kind += f" of other classes than {aim}"
    return f"of {right:,} that the network gets right, out of the run’s own {total:,} {kind}"


def _problem(run: Any, error: Exception) -> Any:
    """What is wrong; with a command that helps, where there is one."""
    if isinstance(error, NoTorchError):
        return [NEEDED, " ", html.Code(INSTALL)]
    if run in ("", None):
        return "There is no run here whose network can be attacked."
    found = context.trained(run)
    if found is not None and unfit(found) and KEY not in found.made:
        return [reason(error), " This records it: ", _command(found)]
    return reason(error)


def start(_: Any, *filled: Any) -> tuple[Any, ...]:
    """Order what the form says, or show what is there already, or say why neither can be."""
    *given, idle = filled
    library = context.library()
    try:
        if not idle:
            raise RunError(BUSY)
        found, recipe = asked(library, *given)
    except (KeyError, ValueError, OSError) as error:
        return no_update, no_update, True, _problem(given[0], error), no_update
    if (there := ready(library, found, recipe)) is not None:
        said = result(found.name, "ready", f"{READY}: {outcome(there)}.", there.uid)
        return no_update, said, False, "", ""
    order: AttackOrder = {
        "work": "attack",
        "run": found.name,
        "source": recipe.source,
        "target": recipe.target,
        "method": recipe.method,
        "epsilon": recipe.epsilon,
        "step": recipe.step,
        "steps": recipe.steps,
        "count": recipe.count,
        "clean": recipe.clean,
        "seed": recipe.seed,
        "nonce": uuid.uuid4().hex,
    }
    return order, no_update, False, "", ""


def carry_out(set_progress: Report, order: AttackOrder) -> Any:
    """Attack in the background, and tell the page that is open by then; see `gt.jobs.embed_job.carry_out`."""
    set_props(ids.LAB_RESULT_STORE, {"data": work(set_progress, dict(order))})
    return no_update


def say_stopped(_: Any) -> tuple[bool, str]:
    """Cancel was pressed; Dash ends the process by itself."""
    return True, STOPPED


def show_result(ended: AttackResult) -> tuple[Any, Any, Any]:
    """Choose the attack that was made, and say how the order ended."""
    if not fits(ended, AttackResult):
        raise PreventUpdate
    if ended["state"] == "failed":
        return no_update, no_update, _said(ended["message"], bad=True)
    library = context.library()
    offered = choices(library)
    for one in offered:
        if library.run(one["value"]).uid == ended["uid"]:
            return offered, one["value"], _said(ended["message"])
    gone = f"{ended['message']} It is not there any more."
    return offered, no_update, _said(gone, bad=True)


def hide_keep(shown: Any) -> bool:
    """Whether there is nothing to keep: no attack, or one that is among the runs already."""
    library = context.library()
    return shown not in [*library.attack_titles] or library.kept(library.run(shown))


def keep(_: Any, shown: str) -> tuple[Any, Any]:
    """Copy the attack that is shown to the runs, and say where it is, or why it cannot be."""
    try:
        path = context.library().keep(named(shown))
    except (KeyError, ValueError, OSError) as error:
        return no_update, _said(f"Not kept: {reason(error)}", bad=True)
    return True, _said(f"Kept in {path}")


def _said(message: str, *, bad: bool = False) -> html.Span:
    if bad:
        return html.Span([icon("x-lg"), message], className="gt-compute-failed")
    return html.Span([icon("check2"), message])
