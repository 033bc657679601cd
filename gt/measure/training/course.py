"""The course of a training: how far every point moved between two epochs, and what the network said of it.

It is read once, an epoch at a time, so that two epochs of outputs are in memory and never all. What is found
in it, see `gt.measure.training.events` and `gt.measure.training.examples`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gt.errors import RunError
from gt.run.read import Run

LAYER = "softmax"
DIAMETER = float(np.sqrt(2))  # of the softmax space: from all for one class to all for another


@dataclass(frozen=True)
class Course:
    """What happened to n points over e epochs.

    Attributes:
        epochs: ``(e,)`` numbers of the epochs, going up.
        ids: ``(n,)`` int64.
        labels: ``(n,)`` int64 in ``[0, k)``.
        splits: ``(n,)`` uint8, 0 = train, 1 = test.
        classes: The k class names.
        moved: ``(e - 1, n)`` float32, Euclidean distance in the softmax space from one epoch to the next.
        predicted: ``(e, n)`` uint16, the class with the largest output; k where several share it.
    """

    epochs: np.ndarray
    ids: np.ndarray
    labels: np.ndarray
    splits: np.ndarray
    classes: tuple[str, ...]
    moved: np.ndarray
    predicted: np.ndarray

    @property
    def right(self) -> np.ndarray:
        """``(e, n)`` bool: the true class alone had the largest output."""
        return self.predicted == self.labels

    def of(self, rows: np.ndarray) -> Course:
        """The same training, of some points alone."""
        return replace(
            self,
            ids=self.ids[rows],
            labels=self.labels[rows],
            splits=self.splits[rows],
            moved=self.moved[:, rows],
            predicted=self.predicted[:, rows],
        )


def course_of(run: Run) -> Course:
    """Read the course of a run.

    Raises:
        RunError: If it has no softmax, or was recorded without an epoch.
    """
    known = [layer.name for layer in run.layers]
    if LAYER not in known:
        raise RunError(f"{run.title}: a layer must be {LAYER}, this run has {', '.join(known)}")
    if not len(run.epochs):
        raise RunError(f"{run.title}: an epoch must be recorded, there is none yet")
    e, n = len(run.epochs), run.n
    moved = np.empty((e - 1, n), np.float32)
    predicted = np.empty((e, n), np.uint16)
    before = None
    for i in range(e):
        now = run.activations(LAYER, i).reshape(n, -1)
        predicted[i] = predictions(now)
        if before is not None:
            moved[i - 1] = np.linalg.norm(now - before, axis=1)
        before = now
    return Course(run.epochs, run.ids, run.labels, run.splits, run.classes, moved, predicted)


def predictions(outputs: np.ndarray) -> np.ndarray:
    """The class with the largest output of each point, ``(n,)`` uint16; k where several share it.

    Args:
        outputs: ``(n, k)``. Behind a last ReLU all are zero where the network has no opinion, which is
            not a vote for class 0.
    """
    k = outputs.shape[1]
    shared = (outputs == outputs.max(axis=1, keepdims=True)).sum(axis=1) > 1
    return np.where(shared, k, outputs.argmax(axis=1)).astype(np.uint16)


def by_class(values: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    """Means ``(m, k)`` of values ``(m, n)`` over the points of each class; NaN for a class without points."""
    count = np.bincount(labels, minlength=k)
    sums = np.stack([np.bincount(labels, weights=row, minlength=k) for row in values])
    with np.errstate(invalid="ignore"):
        return sums / count
