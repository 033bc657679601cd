"""Which runs can be attacked, on how many of their points, with what settings: all that is known without PyTorch.

How many points the network gets right is told by the outputs that were recorded. `gt.attack.once` attacks.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import Any

import numpy as np

from gt.attack.method import METHODS, Usual
from gt.bring.opened import needed
from gt.kept.attack import KEY, AttackRecipe
from gt.kept.ship import NETWORK
from gt.layers.kind import kind_of
from gt.measure.network.one_image import in_line
from gt.run import Run, RunError
from gt.run.measure import hits
from gt.run.task import CLASSIFICATION

COUNT = 89  # points that are attacked unless one says otherwise, as in the article
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
    if said := needed(run, "adversarial"):
        return said
    if run.task != CLASSIFICATION:
        return (
            f"{run.title} cannot be attacked: an attack leads from class to class, and this network, of the task"
            f" {run.task}, has no output for each class."
        )
    if run.images is None:
        return f"{run.title} was recorded without its images."
    if (run.path / NETWORK).is_file():
        return ""
    if not run.weight_list:
        return f"The network of {run.title} is not here: it was recorded without its weights."
    hidden = [layer for layer in run.layers[1:] if layer.name != "softmax"]
    if run.layers[0].kind != "Input":
        return f"The network of {run.title} cannot be built: some of its layers were not recorded."
    for layer in hidden:
        if kind_of(layer.kind).make is None:
            return (
                f"The network of {run.title} cannot be built from its recording: {layer.name} is of the kind"
                f" {layer.kind}."
            )
    if not in_line(run):
        return (
            f"The network of {run.title} cannot be built from its recording: its layers do not just"
            " follow each other."
        )
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


def same(stored: Mapping[str, Any], run: Run, recipe: AttackRecipe) -> bool:
    """Whether what a run says of the attack that it is, is an order for an attack on ``run``."""
    of = dict(stored.get("of", {}))
    if of.get("uid") != run.uid or {k: stored.get(k) for k in recipe.to_json()} != recipe.to_json():
        return False
    return not run.weight_list or of.get("epoch") == int(run.epochs[-1])
