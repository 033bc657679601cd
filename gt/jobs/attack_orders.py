"""Orders for attacks: which runs can be attacked, what the form may ask for, what is there already.

Everything is checked before anything starts, and without PyTorch: how many points the network gets right is known from
the outputs that were recorded. `gt.jobs.attack_work` carries orders out.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from gt.align.align_run import POINTS
from gt.attack.method import METHODS, Usual
from gt.jobs.form import duration
from gt.jobs.order_check import named, typed
from gt.kept.attack import KEY, MOST_STEPS, AttackRecipe
from gt.kept.ship import NETWORK
from gt.run import Run, RunError
from gt.run.measure import hits
from gt.serve.library import Library

COUNT = 89  # points that are attacked unless one says otherwise, as in the article
ALL, ANY = "all", "any"  # instead of a class, whose values in the form are their numbers
INSTALL = 'pip install -c requirements.lock -e ".[record]"'
NEEDED = "Attacks need PyTorch, which is not installed. In a checkout of the project:"


class NoTorchError(RunError):
    """PyTorch is not installed here; says so, and what installs it."""

    def __init__(self) -> None:
        super().__init__(f"{NEEDED} {INSTALL}")


def check_torch() -> None:
    """Raise ``NoTorchError`` if PyTorch is not there; it is only looked for, which takes no time."""
    if importlib.util.find_spec("torch") is None:
        raise NoTorchError


def unfit(run: Run) -> str:
    """Why a run cannot be attacked, as far as can be told without PyTorch; empty if it can be.

    `gt.kept.describe.layered_command` says what records a run that can be.
    """
    if KEY in run.made:
        return f"{run.title} is an attack itself; attack the run that it is on."
    if run.images is None:
        return f"{run.title} was recorded without its images."
    if (run.path / NETWORK).is_file():
        return ""
    if not run.weight_list:
        return f"The network of {run.title} is not here: it was recorded without its weights."
    hidden = [layer for layer in run.layers[1:] if layer.name != "softmax"]
    if run.layers[0].kind != "Input" or any(layer.module is None for layer in hidden):
        return f"The network of {run.title} cannot be built: some of its layers were not recorded."
    return ""


def usual(run: Run) -> tuple[str | None, str | None, str]:
    """Source, target and method that a reader finds in the form."""
    if _digits(run):
        return "8", "0", "fgsm"
    return None, None, "pgd-linf"


def usual_settings(run: Run, method: str) -> Usual:
    """Epsilon, step and steps that a reader finds in the form; those of the first method for an unknown one."""
    one = METHODS.get(method) or next(iter(METHODS.values()))
    return one.strokes if _digits(run) else one.photographs


def _digits(run: Run) -> bool:
    return dict(run.made.get("recipe", {})).get("dataset") == "mnist"


def split_of(run: Run) -> int:
    """Whose points are attacked, as in `gt.attack.choice`: 1 for test, 0 in a run without test points."""
    return int((run.splits == 1).any())


def counts(run: Run, source: str | None, target: str | None) -> tuple[int, int]:
    """How many points of a source there are to attack, and how many of them the network gets right at the end.

    Args:
        run: The run, of whose own points alone any are attacked.
        source: A class; None for all but the target.
        target: A class or None.
    """
    own = run.splits == split_of(run)
    names = np.array(run.classes)[run.labels]
    own &= names == source if source is not None else names != target
    layer = run.layers[-1].softmax_of or run.layers[-1].name
    right = hits(run.activations(layer, len(run.epochs) - 1)[own], run.labels[own])
    return int(own.sum()), int(right.sum())


def asked(
    library: Library,
    run: Any,
    source: Any,
    target: Any,
    method: Any,
    epsilon: Any,
    step: Any,
    steps: Any,
    count: Any,
    seed: Any,
) -> tuple[Run, AttackRecipe]:
    """Check what the form says; nothing is computed.

    Args:
        library: The server's.
        run: Name of a training.
        source: Number of a class, or ``ALL``.
        target: Number of a class, or ``ANY``.
        method: One of ``METHODS``.
        epsilon: A number, perhaps as text, like all that follow.
        step: A number.
        steps: A whole number.
        count: A whole number.
        seed: A whole number.

    Raises:
        NoTorchError: If nothing can be attacked here.
        KeyError: If there is no such run.
        RunError: If it cannot be attacked like this, with the reason.
    """
    check_torch()
    found = library.run(named(run))
    if said := unfit(found):
        raise RunError(said)
    origin, aim = classes(found, source, target)
    if named(method) not in METHODS:
        raise RunError(f"Method must be one of {', '.join(one.title for one in METHODS.values())}.")
    way = METHODS[method]
    total, right = counts(found, origin, aim)
    if not right:
        raise RunError(f"The network gets none of these {total:,} points right; choose others.")
    attacked = int(_number("Points", count, 1, min(right, POINTS), whole=True))
    start = int(_number("Seed", seed, 0, 2**31 - 1, whole=True))
    recipe = AttackRecipe(
        method=method,
        epsilon=_number("Epsilon", epsilon, 0, way.most),
        step=_number("Step size", step, 0, way.most, above=True),
        steps=int(_number("Steps", steps, 1, MOST_STEPS, whole=True)),
        source=origin,
        target=aim,
        count=attacked,
        clean=min(POINTS, int((found.splits == split_of(found)).sum())) - attacked,
        seed=0 if way.start is None else start,
    )
    return found, recipe


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


def _number(
    title: str, given: Any, low: float, high: float, *, whole: bool = False, above: bool = False
) -> float:
    """A number from ``low`` to ``high``; larger than ``low`` where it says ``above``."""
    try:
        text = str(given).strip() if isinstance(given, (str, int, float)) else ""
        value = float(int(text)) if whole else float(text)
    except (ValueError, OverflowError):
        value = math.nan
    if not low <= value <= high or (above and value == low):
        kind = "a whole number" if whole else "a number"
        span = f"above {low:g} and at most {high:g}" if above else f"from {low:g} to {high:.10g}"
        span += "" if whole else " (pixels count from 0 to 1)"
        raise RunError(f"{title} must be {kind}, {span}; {typed(given)} came.")
    return value


def same(stored: Mapping[str, Any], run: Run, recipe: AttackRecipe) -> bool:
    """Whether what a run says of the attack that it is, is an order for an attack on ``run``."""
    of = dict(stored.get("of", {}))
    if of.get("uid") != run.uid or {k: stored.get(k) for k in recipe.to_json()} != recipe.to_json():
        return False
    return not run.weight_list or of.get("epoch") == int(run.epochs[-1])


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
