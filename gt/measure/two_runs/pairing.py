"""What two runs have in common: points, layers, epochs. Where that is nothing, it is refused with the reason."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gt.errors import NotComparableError
from gt.measure.two_runs.clock import Clock, common_clock
from gt.run.read import Run
from gt.run.task import NONE, one_class

MOST = 1_000_000  # points times epochs: all are held in memory, of a layer up to 64 values of each
AGREED = 0.5  # Cohen's kappa, from which labels say that points are the same: half the way from chance to all


@dataclass(frozen=True)
class Paired:
    """Two runs, side by side.

    Attributes:
        a: The one.
        b: The other.
        rows_a: ``(n,)`` int64, the common points as rows of a, in its order.
        rows_b: The same as rows of b.
        clock: Which epochs are compared.
        layers: Names of the layers that both have, in a's order, outputs last.
        columns_b: ``(k,)`` int64, b's output for each of a's.
        said: What a reader must know, in sentences.
        called: What the two are called: their titles, or their names where these are the same.
    """

    a: Run
    b: Run
    rows_a: np.ndarray
    rows_b: np.ndarray
    clock: Clock
    layers: tuple[str, ...]
    columns_b: np.ndarray
    said: tuple[str, ...]
    called: tuple[str, str]

    @property
    def n(self) -> int:
        """How many points both have."""
        return len(self.rows_a)

    def named(self, layer: str) -> bool:
        """Whether a layer's coordinates mean the same in both: outputs that are trained to be something."""
        return layer in self.a.outputs and self.a.task != NONE


def called(a: Run, b: Run) -> tuple[str, str]:
    """What two runs are called beside each other: their titles, or their names where these are the same."""
    return (a.title, b.title) if a.title != b.title else (a.name, b.name)


def pair(a: Run, b: Run) -> Paired:
    """Find what two runs have in common.

    Args:
        a: A run.
        b: Another one.

    Raises:
        NotComparableError: If they are one run, one has no epoch yet, they are of different tasks or classes, or have
            no points or layers in common.
    """
    if a.uid == b.uid:
        raise NotComparableError(
            f"{a.title} is compared with itself; choose another run as b. Its training points beside its test points"
            " are on the Grand Tour"
        )
    for run, name in zip((a, b), called(a, b), strict=True):
        if not len(run.epochs):
            raise NotComparableError(
                f"{name} has no {run.unit} yet; wait until its first is recorded"
            )
    columns = _columns(a, b)
    rows_a, rows_b, said = common_points(a, b)
    layers = _layers(a, b)
    clock = common_clock(a, b, called(a, b))
    step = max(1, math.ceil(len(rows_a) * len(clock.numbers) / MOST))
    if step > 1:
        some = len(rows_a[::step])
        said = (*said, f"Of {len(rows_a):,} points {some:,} are compared, evenly chosen.")
    pairs = rows_a[::step], rows_b[::step]
    return Paired(a, b, *pairs, clock, layers, columns, (*said, *clock.said), called(a, b))


def _columns(a: Run, b: Run) -> np.ndarray:
    """Which of b's outputs is which of a's."""
    name_a, name_b = called(a, b)
    if a.task != b.task:
        raise NotComparableError(
            f"{name_a} is of the task {a.task}, {name_b} of the task {b.task}; what they give means different things"
        )
    if set(a.axes) != set(b.axes) or set(a.classes) != set(b.classes):
        raise NotComparableError(
            f"{name_a} tells {_listed(a.axes)} apart, {name_b} {_listed(b.axes)}; choose runs of the same classes"
            if one_class(a.task)
            else f"{name_a} gives {_listed(a.axes)}, {name_b} {_listed(b.axes)}; choose runs of the same outputs"
        )
    place = {name: i for i, name in enumerate(b.axes)}
    return np.array([place[name] for name in a.axes], np.int64)


def _listed(names: tuple[str, ...], most: int = 3) -> str:
    told = ", ".join(name[:40] for name in names[:most])
    return told if len(names) <= most else f"{told}, … ({len(names):,})"


def common_points(a: Run, b: Run) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """The points that both runs have: those of one id whose images, or else labels, do not say that they are others.

    Args:
        a: A run.
        b: Another one, of the same classes.

    Returns:
        ``(n,)`` rows of a in its order, rows of b, and what is to be said.

    Raises:
        NotComparableError: If there are none.
    """
    name_a, name_b = called(a, b)
    _, rows_a, rows_b = np.intersect1d(a.ids, b.ids, return_indices=True)
    order = np.argsort(rows_a, kind="stable")
    rows_a, rows_b = rows_a[order], rows_b[order]
    shared = len(rows_a)
    if not shared:
        raise NotComparableError(
            f"{name_a} and {name_b} have no point in common: no id of a point of one is in the other; record both with"
            " the same examples to watch"
        )
    said = []
    pictured = _same_images(a, b, rows_a, rows_b)
    if pictured is not None:
        if not pictured.any():
            raise NotComparableError(
                f"{name_a} and {name_b} have no point in common: {shared:,} have the same ids, and other images"
            )
        rows_a, rows_b = rows_a[pictured], rows_b[pictured]
        if len(rows_a) < shared:
            said.append(f"{shared - len(rows_a):,} points with one id and two images are left out.")
    names_b = np.array([a.classes.index(name) for name in b.classes], np.int64)
    same = a.labels[rows_a] == names_b[b.labels[rows_b]]
    if pictured is None:
        said += _matched_by_labels(a, b, same, a.labels[rows_a], names_b[b.labels[rows_b]])
    if not same.all():
        said.append(
            f"{int((~same).sum()):,} of them have another label in {name_b}; here they have that of {name_a}."
        )
    return rows_a, rows_b, tuple(said)


def _matched_by_labels(
    a: Run, b: Run, same: np.ndarray, labels_a: np.ndarray, labels_b: np.ndarray
) -> list[str]:
    """What is said of points that are known by id and label, where no digest of all inputs says more.

    Raises:
        NotComparableError: If the labels agree by chance alone.
    """
    name_a, name_b = called(a, b)
    k = len(a.classes)
    if a.inputs_digest and a.inputs_digest == b.inputs_digest:
        return []
    if k < 2:
        return ["They are the same by their ids alone; nothing else says so."]
    rates = [np.bincount(one, minlength=k) / len(one) for one in (labels_a, labels_b)]
    chance = float((rates[0] * rates[1]).sum())
    kappa = 1.0 if chance == 1 else (float(same.mean()) - chance) / (1 - chance)
    if kappa < AGREED:
        raise NotComparableError(
            f"{name_a} and {name_b} have the same ids for other points: {int((~same).sum()):,} of {len(same):,} have"
            " another label in each, so what has one id is not one example"
        )
    return ["They are the same by their ids and labels; there are no images to prove it."]


def _same_images(a: Run, b: Run, rows_a: np.ndarray, rows_b: np.ndarray) -> np.ndarray | None:
    """Of which points the images are the same; None where one run has none."""
    if a.images is None or b.images is None:
        return None
    if a.images.shape[1:] != b.images.shape[1:]:
        return np.zeros(len(rows_a), bool)
    axes = tuple(range(1, a.images.ndim))
    return np.asarray((a.images[rows_a] == b.images[rows_b]).all(axis=axes))


def _layers(a: Run, b: Run) -> tuple[str, ...]:
    """The names that both have; those whose names mean outputs must be outputs in both."""
    name_a, name_b = called(a, b)
    there = {one.name: one for one in b.layers}
    found = [
        one.name
        for one in a.layers
        if one.name in there
        and (one.name in a.outputs) == (one.name in b.outputs)
        and not one.constant
    ]
    if not found:
        raise NotComparableError(
            f"{name_a} and {name_b} have no layer of one name: {_listed(tuple(x.name for x in a.layers), 6)} and"
            f" {_listed(tuple(there), 6)}"
        )
    return tuple(found)
