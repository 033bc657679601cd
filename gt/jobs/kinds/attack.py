"""Attack a run's network: classes, method and settings of the reader's choice; seen on ``/adversarial``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dash import html, no_update

from gt import ids
from gt.align.align_run import POINTS
from gt.attack.eligible import (
    COUNT,
    INSTALL,
    NEEDED,
    NoTorchError,
    check_torch,
    counts,
    same,
    split_of,
    unfit,
    usual,
    usual_settings,
)
from gt.attack.method import METHODS
from gt.attack.once import attack_once, outcome
from gt.jobs.fields import number, trained, whole
from gt.jobs.job import Block, Checked, Done, Field, Form, Job, Layout, Offered, Shown, Tell
from gt.kept.attack import KEY, MOST_STEPS, AttackRecipe
from gt.kept.describe import layered_command
from gt.run import Run, RunError
from gt.run.points import SPLITS
from gt.serve import choices
from gt.serve.library import Library
from gt.serve.said import duration, named, reason
from gt.state import JobOrder

READY = "This attack is there already"
ALL, ANY = "all", "any"  # instead of a class, whose values in the form are their numbers
PIXELS = "pixels count from 0 to 1"


class AttackOrder(JobOrder):
    """An attack that the reader asked for."""

    source: str | None  # class; None for all
    target: str | None  # class; None for any but their own
    method: str  # see gt.attack.method.METHODS
    epsilon: float  # pixels count from 0 to 1
    step: float
    steps: int
    count: int  # points that are attacked ...
    clean: int  # ... and that stand still beside them
    seed: int


def layout(_: str) -> Layout:
    """The form."""
    methods = [
        {"value": one.name, "label": one.title[:1].upper() + one.title[1:]}
        for one in METHODS.values()
    ]
    return Layout(
        title="Attack a network",
        button="Attack a network…",
        icon="bullseye",
        tooltip="Turn examples of your choice into another class, step by step",
        parts={
            "Of": [
                Field("run", "Run", "select", leads=True),
                Block("unfit", "gt-lab-unfit"),
                Field("source", "Source class", "select", leads=True),
                Field("target", "Target class", "select", leads=True),
                Field("count", "Points", "whole", noted=True),
            ],
            "How": [
                Field("method", "Method", "select", options=methods, leads=True),
                Field("epsilon", "Epsilon", "number", noted=True),
                Field("step", "Step size", "number", help="measured likewise"),
                Field("steps", "Steps", "whole"),
                Field("seed", "Seed", "whole", "0", help="of the random start that PGD has"),
            ],
        },
    )


def offer(library: Library, form: Form) -> Offered:
    """Runs that can be attacked, the classes of the one that is chosen, and what suits it and the method."""
    if not form.changed:
        return _offer_runs(library, form)
    values = form.values
    if "run" in form.changed:
        return _offer_classes(library, values["run"])
    noted = {"count": there(library, values["run"], values["source"], values["target"])}
    if "method" not in form.changed:
        return Offered(notes=noted)
    settings, said = _settings(trained(library, values["run"]), values["method"])
    return Offered(settings, notes={**said, **noted})


def _offer_runs(library: Library, form: Form) -> Offered:
    """The run whose attack is shown is chosen; what was filled in before stays."""
    reasons = {name: unfit(one) for name, one in library.runs.items()}
    options = [
        {"value": name, "label": library.titles[name], "disabled": bool(reasons[name])}
        for name in library.runs
    ]
    fit = [name for name, said in reasons.items() if not said]
    why = _unfit([library.runs[name] for name, said in reasons.items() if said])
    run = form.values["run"]
    if run in fit:
        return Offered(options={"run": options}, blocks={"unfit": why})
    uid = _attacked_by(library, form.page[0])
    first = "mnist" if "mnist" in fit else next(iter(fit), "")
    run = next((name for name in fit if library.runs[name].uid == uid), first)
    classes = _offer_classes(library, run)
    return Offered(
        {"run": run, **classes.values},
        {"run": options, **classes.options},
        classes.notes,
        {"unfit": why},
    )


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


def _offer_classes(library: Library, run: Any) -> Offered:
    """The classes of a run, its usual attack and how many points that may have."""
    found = trained(library, run)
    if found is None:
        none = {"source": None, "target": None, "method": next(iter(METHODS)), "count": ""}
        return Offered(none, {"source": [], "target": []}, {"count": ""})
    numbered = [{"value": str(i), "label": name} for i, name in enumerate(found.classes)]
    source, target, method = usual(found)
    values = {
        name: none if one is None else str(found.classes.index(one))
        for name, one, none in (("source", source, ALL), ("target", target, ANY))
    }
    most = counts(found, source, target)[1] if not unfit(found) else COUNT
    settings, notes = _settings(found, method)
    return Offered(
        {**values, "method": method, "count": str(min(COUNT, most)), **settings},
        {
            "source": [{"value": ALL, "label": "All classes"}, *numbered],
            "target": [{"value": ANY, "label": "Any other class"}, *numbered],
        },
        {**notes, "count": there(library, run, values["source"], values["target"])},
    )


def _settings(run: Run | None, method: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Epsilon, step and steps that suit a run and a method, and what epsilon is of."""
    if run is None or named(method) not in METHODS:
        return {}, {}
    known = usual_settings(run, method)
    values = {"epsilon": f"{known.epsilon:g}", "step": f"{known.step:g}", "steps": str(known.steps)}
    return values, {"epsilon": METHODS[method].text}


def there(library: Library, run: Any, source: Any, target: Any) -> str:
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


def classes(run: Run, source: Any, target: Any) -> tuple[str | None, str | None]:
    """Source and target by their names, None where none is meant.

    Raises:
        RunError: If there is no such class, or both are the same.
    """
    found = []
    for title, given, none in (("Source", source, ALL), ("Target", target, ANY)):
        numbers = [str(i) for i in range(len(run.classes))]
        if given not in [none, *numbers]:
            raise RunError(f"{title} must be one of the classes {', '.join(run.classes)}.")
        found.append(None if given == none else run.classes[int(given)])
    origin, aim = found
    if origin is not None and origin == aim:
        raise RunError(f"Source and target must be different classes; both are {origin}.")
    return origin, aim


def asked(library: Library, form: Form) -> tuple[Run, AttackRecipe]:
    """What a form asks for; nothing is computed.

    Raises:
        NoTorchError: If nothing can be attacked here.
        KeyError: If there is no such run.
        RunError: If it cannot be attacked like this, with the reason.
    """
    given = form.values
    check_torch()
    found = library.run(named(given["run"]))
    if said := unfit(found):
        raise RunError(said)
    origin, aim = classes(found, given["source"], given["target"])
    method = named(given["method"])
    if method not in METHODS:
        raise RunError(f"Method must be one of {', '.join(one.title for one in METHODS.values())}.")
    way = METHODS[method]
    total, right = counts(found, origin, aim)
    if not right:
        raise RunError(f"The network gets none of these {total:,} points right; choose others.")
    attacked = whole("Points", given["count"], 1, min(right, POINTS))
    start = whole("Seed", given["seed"], 0, 2**31 - 1)
    recipe = AttackRecipe(
        method=method,
        epsilon=number("Epsilon", given["epsilon"], 0, way.most, unit=PIXELS),
        step=number("Step size", given["step"], 0, way.most, above=True, unit=PIXELS),
        steps=whole("Steps", given["steps"], 1, MOST_STEPS),
        source=origin,
        target=aim,
        count=attacked,
        clean=min(POINTS, int((found.splits == split_of(found)).sum())) - attacked,
        seed=0 if way.start is None else start,
    )
    return found, recipe


def check(library: Library, form: Form) -> Checked:
    """The order that a form comes to."""
    run, recipe = asked(library, form)
    order = {"run": run.name, **recipe.to_json()}
    if (found := ready(library, run, recipe)) is not None:
        return Checked(order, Done(f"{READY}: {outcome(found)}.", found.uid))
    hint = [estimate(library, run, recipe)]
    if recipe.steps * recipe.step < recipe.epsilon:
        far = recipe.steps * recipe.step
        said = f"{recipe.steps} steps of {recipe.step:g} get {far:g} far, less than epsilon."
        hint.insert(0, said)
    return Checked(order, hint=" ".join(hint).strip())


def problem(library: Library, form: Form, error: Exception) -> Any:
    """What is wrong; with a command that helps, where there is one."""
    run = form.values["run"]
    if isinstance(error, NoTorchError):
        return [NEEDED, " ", html.Code(INSTALL)]
    if run in ("", None):
        return "There is no run here whose network can be attacked."
    found = trained(library, run)
    if found is not None and unfit(found) and KEY not in found.made:
        return [reason(error), " This records it: ", _command(found)]
    return reason(error)


def ready(library: Library, run: Run, recipe: AttackRecipe) -> Run | None:
    """The attack that an order would make, if it is there already, whole and aligned."""
    for name in library.attack_titles:
        found = library.run(name)
        whole = len(found.epochs) > recipe.steps
        if whole and same(found.made[KEY], run, recipe) and library.alignments(name):
            return found
    return None


def estimate(library: Library, run: Run, recipe: AttackRecipe) -> str:
    """How long an order may take, going by the attack on this run that is most like it; empty if there is none."""
    likely: list[tuple[float, float]] = []
    for name in library.attack_titles:
        made = library.run(name).made
        stored, took = made[KEY], made.get("attack_seconds")
        if dict(stored.get("of", {})).get("uid") != run.uid or not took:
            continue
        for one in library.alignments(name)[:1]:
            ratio = recipe.steps * recipe.count / (stored["steps"] * stored["count"])
            seconds = ratio * float(took) + float(one.made.get("seconds") or 0)
            likely.append((abs(math.log(ratio)), seconds))
    if not likely:
        return ""
    return f"Roughly {duration(min(likely)[1])}, going by how long a similar one took."


def work(order: Mapping[str, Any], run: Run, tell: Tell) -> Done:
    """Attack."""
    recipe = AttackRecipe.from_json(order)
    check_torch()
    if said := unfit(run):
        raise RunError(said)
    recipe.check(run.classes)
    made = attack_once(run, recipe, Path(order["folder"]), tell)
    return Done(outcome(made), made.uid)


def show(library: Library, ended: Mapping[str, Any], page: tuple[Any, ...]) -> Shown:
    """Choose the attack that was made."""
    offered = choices.attacks(library)
    for one in offered:
        if library.run(one["value"]).uid == ended["made"]:
            return Shown((offered, one["value"]))
    gone = f"{ended['message']} It is not there any more."
    return Shown((offered, no_update), message=gone, bad=True)


JOB = Job(
    name="attack",
    label="Lab",
    layout=layout,
    order=AttackOrder,
    page=((ids.ADVERSARIAL_RUN, "value"),),
    shows=((ids.ADVERSARIAL_RUN, "options"), (ids.ADVERSARIAL_RUN, "value")),
    place=Library.attack_workplace,
    offer=offer,
    check=check,
    work=work,
    show=show,
    problem=problem,
    result_page=lambda order: "adversarial",
    subject=lambda order: "The attack",
    begins=lambda order: "Starting",
    kept="Steps that were recorded are kept for now: asking for the same again goes on from there.",
    cancel_title="Stop the attack; steps that were recorded are kept for now",
    ready=READY,
)
