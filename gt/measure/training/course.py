"""The course of a training: how far every point moved between two epochs, and what the network said of it.

It is read once, an epoch at a time, so that two epochs of outputs are in memory and never all. What is found
in it, see `gt.measure.training.events` and `gt.measure.training.examples`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gt.errors import RunError
from gt.run.read import Run
from gt.run.task import CLASSIFICATION, EPOCH, MULTILABEL, one_class

LAYER = "softmax"  # of points that have one class each
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
        moved: ``(e - 1, n)`` float32, Euclidean distance in the space of the outputs (softmax, sigmoid or values) from
            one epoch to the next.
        predicted: ``(e, n)`` uint16, the class with the largest output; k where several share it, and of a task whose
            points have no one class.
        task: See `gt.run.task`.
        unit: "epoch" or "step": what ``epochs`` counts.
        shares: ``(e, n, labels)`` bool: which labels of a multilabel are right; None of other tasks.
    """

    epochs: np.ndarray
    ids: np.ndarray
    labels: np.ndarray
    splits: np.ndarray
    classes: tuple[str, ...]
    moved: np.ndarray
    predicted: np.ndarray
    task: str = CLASSIFICATION
    unit: str = EPOCH
    shares: np.ndarray | None = None

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
            shares=None if self.shares is None else self.shares[:, rows],
        )


def course_of(run: Run) -> Course:
    """Read the course of a run.

    Raises:
        RunError: If it has no outputs, or was recorded without an epoch.
    """
    known = [layer.name for layer in run.layers]
    if run.last not in known:
        raise RunError(f"{run.title}: a layer must be {run.last}, this run has {', '.join(known)}")
    if not len(run.epochs):
        raise RunError(f"{run.title}: one {run.unit} at least must be recorded, there is none yet")
    e, n = len(run.epochs), run.n
    moved = np.empty((e - 1, n), np.float32)
    predicted = np.full((e, n), len(run.classes), np.uint16)
    labelled = run.task == MULTILABEL and run.targets is not None
    shares = np.empty((e, n, len(run.axes)), bool) if labelled else None
    before = None
    for i in range(e):
        now = run.activations(run.last, i).reshape(n, -1)
        if one_class(run.task):
            predicted[i] = predictions(now)
        if shares is not None:
            shares[i] = np.where(run.targets == 1, now > 0.5, now < 0.5)
        if before is not None:
            moved[i - 1] = np.linalg.norm(now - before, axis=1)
        before = now
    return Course(
        run.epochs,
        run.ids,
        run.labels,
        run.splits,
        run.classes,
        moved,
        predicted,
        run.task,
        run.unit,
        shares,
    )


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
