"""What the curves over the steps of an attack are of, and how far each layer's points have moved.

The motion of a layer is measured against the distance between points of different classes in it, so that layers can
be compared: where it comes near 1 an attacked point is as far from its clean place as other classes are, and there
the attack has taken hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import numpy as np

from gt.errors import RunError
from gt.kept.alignment import Alignment
from gt.kept.attack import Attack
from gt.measure.attacks.detours import rows_of
from gt.measure.check import numbers, same_points
from gt.run.read import Run

BLOCK = 512  # points whose distances to all others are in memory at once
MEANINGS = {
    "success": "Share of the attacked points that the network takes for what was asked for.",
    "source_confidence": "Mean probability of the true class over the attacked points.",
    "target_confidence": "Mean probability of the class they are to be taken for.",
    "moved": "Mean distance of the attacked points from their places before the attack, over the mean distance there"
    " between points of different classes: at 1 they have moved as far as classes are apart.",
}


def motion(
    attack: Attack, alignment: Alignment | None = None, ids: Iterable[int] | None = None
) -> np.ndarray:
    """How far each attacked point has moved in each state, over the distance there between points of different classes.

    Args:
        attack: What is measured.
        alignment: Of its run: motion is measured in the coordinates that are drawn. In full, in the layers that the
            run holds, when None: an attack also moves points in directions in which clean points hardly differ, and
            these are no coordinates of an alignment.
        ids: Only the attacked points among these; all when None.

    Returns:
        ``(states, e, m)`` float64 over the run's steps and the attacked points that were chosen, in the order of
        ``attack.ids``; NaN where it is not known: an alignment may have fewer steps and points, and where points of all
        classes are in one place, or all of one class, nothing can be compared.

    Raises:
        RunError: If no attacked point is among ``ids``, or the alignment is of another run or begins after the
            attack did.
    """
    where = "motion"
    own = attack.ids[rows_of(attack, ids, where)]
    column = {int(one): i for i, one in enumerate(own)}
    out = []
    for places, labels, moving, at in _states(attack, alignment, own, where):
        far, between = distances(places, len(at), labels, moving)
        curve = np.full((len(attack.steps), len(own)), np.nan)
        known = attack.run.ids if alignment is None else alignment.ids
        if between > 0:
            curve[np.ix_(at, [column[int(one)] for one in known[moving]])] = far / between
        out.append(curve)
    return np.stack(out)


def distances(
    places: Callable[[int], np.ndarray], steps: int, labels: np.ndarray, moving: np.ndarray
) -> tuple[np.ndarray, float]:
    """How far each point is from where it was at the first step.

    Args:
        places: Gives ``(n, d)`` of a step by its index.
        steps: How many there are.
        labels: ``(n,)`` classes.
        moving: Rows ``(m,)`` of the points whose distances count.

    Returns:
        ``(steps, m)`` float64, and the mean distance between points of different classes at the first step, NaN if
        all are of one.

    Raises:
        ValueError: If there are other numbers of points, or a value is not finite.
    """
    first = numbers("distances", "places at the first step", places(0), "nd")
    same_points("distances", "labels", labels, "places", first)
    out = np.zeros((steps, len(moving)))
    for step in range(steps) if len(moving) else ():
        there = numbers("distances", f"places at step {step}", places(step)[moving], "nd")
        out[step] = np.linalg.norm(there - first[moving], axis=1)
    return out, between_classes(first, labels)


def between_classes(x: np.ndarray, labels: np.ndarray) -> float:
    """Mean distance between points ``(n, d)`` of different classes, over all pairs; NaN if there are none."""
    x = x - x[0]  # so points that are all in one place are at 0, and no rounding lies between them
    x -= x.mean(0)
    squares = (x**2).sum(1)
    whole, pairs = 0.0, 0
    for start in range(0, len(x), BLOCK):
        part = slice(start, start + BLOCK)
        others = labels[part, None] != labels
        square = squares[part, None] + squares - 2 * x[part] @ x.T
        whole += float(np.sqrt(np.maximum(square, 0))[others].sum())
        pairs += int(others.sum())
    return whole / pairs if pairs else float("nan")


def _states(
    attack: Attack, alignment: Alignment | None, ids: np.ndarray, where: str
) -> Iterator[tuple[Callable[[int], np.ndarray], np.ndarray, np.ndarray, list[int]]]:
    """For each state its places, its labels, the rows of those that count, and where its steps are in the run."""
    run = attack.run
    if alignment is None:
        rows = np.flatnonzero(np.isin(run.ids, ids))
        for layer in run.layers:
            name = layer.name
            yield partial(_flat, run, name), run.labels, rows, list(range(len(run.epochs)))
        return
    if not alignment.fits(run) or alignment.epochs[0] != run.epochs[0]:
        raise RunError(
            f"{where}: alignment must be of {run.name} from step {run.epochs[0]} on, got"
            f" {alignment.name} of {alignment.owner[:8]} from {alignment.epochs[0]} on"
        )
    labels, at = run.labels[alignment.rows(run)], alignment.epoch_indices(run)
    rows = np.flatnonzero(np.isin(alignment.ids, ids))
    for state in range(len(alignment.states)):
        yield partial(alignment.turned, state), labels, rows, at


def _flat(run: Run, layer: str, step: int) -> np.ndarray:
    """What a layer puts out, ``(n, d)``."""
    return run.activations(layer, step).reshape(run.n, -1)
