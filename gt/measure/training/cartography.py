"""How each example fared over a training: is its label believed, does it waver, is it forgotten.

Of every recorded epoch but that before the training (0) it is asked how probable the network finds the given label.
From that follow the *map* of Swayamdipta et al. 2020, "Dataset Cartography", arXiv:2009.10795
(doi:10.18653/v1/2020.emnlp-main.746): confidence, variability and correctness; how often an example was *forgotten*,
Toneva et al. 2019, "An Empirical Study of Example Forgetting during Deep Neural Network Learning", arXiv:1812.05159;
and its *margin*, Pleiss et al. 2020, "Identifying Mislabeled Data using the Area Under the Margin Ranking",
arXiv:2001.10528.

The share that a label has among *like answers* is ours, so that a class which is learnt late, or never, does not fill
the list of labels to look at: where a network takes every pullover for a shirt, that a pullover is taken for a shirt
says nothing about its label. What a network's answers are worth is read off the given labels themselves, as confident
learning does: Northcutt, Jiang & Chuang 2021, "Confident Learning", arXiv:1911.00068 (doi:10.1613/jair.1.12125).

Theirs are taken while the network trains, in the batch that an example comes in; here they are of the network as it was
at the end of each recorded epoch, and as it answers when it is used. Difference of logits and logarithm of a quotient
of probabilities are one, so that a run that holds probabilities alone has the same margins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gt.errors import RunError
from gt.measure.training.course import predictions
from gt.run.read import Run
from gt.run.task import NONE, one_class

ROWS = 8192  # points whose probabilities are worked on at once, in float64
TINY = float(np.finfo(np.float32).tiny)  # probabilities below it count as it: margins end at 87
LEAST = 2  # epochs that it takes to say whether something wavers


@dataclass(frozen=True)
class Cartography:
    """What n examples with a label did over e epochs.

    Attributes:
        epochs: ``(e,)`` numbers of the epochs that count, going up.
        left_out: Numbers of the recorded epochs that do not: 0, before the training.
        rows: ``(n,)`` int64, which points of the run these are: those that have a label.
        confidence: ``(n,)`` float64, mean of the given label's probability.
        variability: ``(n,)`` float64, its standard deviation (of these epochs, not of others like them).
        right: ``(n,)`` int64, epochs in which the given label alone had the largest probability.
        forgotten: ``(n,)`` int64, how often it was right in one epoch and not in the next.
        margin: ``(n,)`` float64, mean of how far the given label's logit lies above the largest of the others.
        alike: ``(n,)`` float64, mean of the share that its label has of what the network answers alike in the same
            split and epoch, see `among_alike`.
        taken: ``(n,)`` uint16, the class with the largest mean probability; k where several share it.
        sure: ``(n,)`` float64, that mean.
    """

    epochs: np.ndarray
    left_out: tuple[int, ...]
    rows: np.ndarray
    confidence: np.ndarray
    variability: np.ndarray
    right: np.ndarray
    forgotten: np.ndarray
    margin: np.ndarray
    alike: np.ndarray
    taken: np.ndarray
    sure: np.ndarray


def silence(run: Run) -> str:
    """Why nothing can be said of a run's labels, in a sentence; empty where it can."""
    if not one_class(run.task):
        of = "" if run.task == NONE else f" ({run.task})"
        return (
            f"Labels are not looked at in this run{of}: whether a label is believed is known of points that"
            " have one class each, and their probabilities."
        )
    if len(run.classes) < 2:
        return f"Labels are not looked at in this run: all points are {run.classes[0]}, there is no other class."
    n = len(run.epochs) - len(_left_out(run))
    if n < LEAST:
        than = " besides that before the training" if _left_out(run) else ""
        return (
            f"Whether a label is believed takes {LEAST} recorded {run.unit}s{than}; this run has {n}:"
            " record more of them."
        )
    return ""


def cartography_of(run: Run) -> Cartography:
    """Measure every example of a run that has a label.

    An epoch at a time: in memory are one epoch's probabilities and their sums, however many epochs there are.

    Raises:
        RunError: If nothing can be said; `silence` says why.
    """
    if why := silence(run):
        raise RunError(f"{run.title}: {why}")
    left_out = _left_out(run)
    counted = np.flatnonzero(~np.isin(run.epochs, left_out))
    each = (run.activations(run.last, int(at)).reshape(run.n, len(run.classes)) for at in counted)
    return cartography(
        each, run.labels, run.splits, len(run.classes), run.epochs[counted], left_out
    )


def cartography(
    probabilities: Iterator[np.ndarray],
    labels: np.ndarray,
    splits: np.ndarray,
    k: int,
    epochs: np.ndarray,
    left_out: tuple[int, ...] = (),
) -> Cartography:
    """Measure examples from what a network said of them, epoch by epoch.

    Args:
        probabilities: ``(m, k)`` of each epoch, one after the other; k at least 2.
        labels: ``(m,)`` in ``[0, k)``; anything else is no label, and the point is left out.
        splits: ``(m,)``: points of different splits are not compared.
        k: How many classes there are.
        epochs: ``(e,)`` their numbers.
        left_out: Numbers of those that do not count.
    """
    rows = np.flatnonzero((labels >= 0) & (labels < k))
    sums = _Sums(labels[rows], splits[rows], k)
    for now in probabilities:
        sums.add(now, rows)
    e, mean = sums.e, sums.given / sums.e
    average = sums.all / np.float32(e)
    return Cartography(
        epochs,
        left_out,
        rows,
        mean,
        np.sqrt(np.maximum(sums.squares / e - mean**2, 0)),
        sums.right,
        sums.forgotten,
        sums.margin / e,
        sums.alike / e,
        predictions(average) if len(rows) else np.empty(0, np.uint16),
        average.max(axis=1, initial=0).astype(np.float64),
    )


class _Sums:
    """What is added up over the epochs, of points with these labels and splits ``(n,)``."""

    def __init__(self, labels: np.ndarray, splits: np.ndarray, k: int) -> None:
        n = len(labels)
        self.labels, self.splits, self.e = labels, splits.astype(np.int64), 0
        self.groups = _groups(labels + k * self.splits)
        self.points = np.bincount(self.splits, minlength=1)  # of each split
        self.all = np.zeros((n, k), np.float32)
        self.given, self.squares, self.margin, self.alike = (np.zeros(n) for _ in range(4))
        self.right, self.forgotten = np.zeros(n, np.int64), np.zeros(n, np.int64)
        self.before = np.zeros(n, bool)

    def add(self, probabilities: np.ndarray, rows: np.ndarray) -> None:
        """One more epoch, of which some rows are these points."""
        right = np.empty(len(rows), bool)
        answers = np.zeros(
            (len(self.points), probabilities.shape[1])
        )  # how much of each split's is each class's
        for part in _parts(np.arange(len(rows))):
            said = probabilities[rows[part]]
            self.all[part] += said
            for split in np.unique(self.splits[part]):
                answers[split] += said[self.splits[part] == split].sum(axis=0, dtype=np.float64)
        for group in self.groups:
            label, split = self.labels[group[0]], self.splits[group[0]]
            of_label = sum(
                probabilities[rows[part]].sum(axis=0, dtype=np.float64) for part in _parts(group)
            )
            usual = len(group) / self.points[split]
            for part in _parts(group):
                said = probabilities[rows[part]].astype(np.float64)
                self.alike[part] += among_alike(said, of_label, answers[split], usual)
                given, margin, right[part] = given_and_margin(said, label)
                self.given[part] += given
                self.squares[part] += given**2
                self.margin[part] += margin
        self.right += right
        self.forgotten += self.before & ~right
        self.before = right
        self.e += 1


def given_and_margin(
    probabilities: np.ndarray, label: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What one epoch says of the given label of some examples, which is the same of all.

    Args:
        probabilities: ``(n, k)`` float64, k at least 2.
        label: In ``[0, k)``.

    Returns:
        ``(n,)`` float64 the label's probability; ``(n,)`` float64 how far its logit lies above the largest of the
        others, within ±87; ``(n,)`` bool whether it alone is the largest.
    """
    given = probabilities[:, label]
    other = np.delete(probabilities, label, axis=1).max(axis=1)
    margin = np.log(np.maximum(given, TINY)) - np.log(np.maximum(other, TINY))
    return given, margin, given > other


def among_alike(
    probabilities: np.ndarray, of_label: np.ndarray, of_all: np.ndarray, usual: float
) -> np.ndarray:
    """How much of what the network answers alike has an example's label; the example itself does not count.

    Of every class that it is given a share of, the share of that class's answers that examples with its label have;
    one more, of the usual mixture of labels, keeps an answer that nobody else got from saying anything.

    Args:
        probabilities: ``(n, k)`` float64 of examples with one label.
        of_label: ``(k,)`` sums over all examples with that label, these among them.
        of_all: ``(k,)`` over all examples with a label.
        usual: Share of all examples that have that label.

    Returns:
        ``(n,)`` float64 from 0 to 1.
    """
    others = np.maximum(of_label - probabilities, 0) + usual
    among = np.maximum(of_all - probabilities, 0) + 1
    return (probabilities * (others / among)).sum(axis=1)


def _parts(places: np.ndarray) -> Iterator[np.ndarray]:
    """A few at a time."""
    for start in range(0, len(places), ROWS):
        yield places[start : start + ROWS]


def _groups(of: np.ndarray) -> list[np.ndarray]:
    """Rows of each group, for groups ``(n,)`` by number; those without rows are none."""
    order = np.argsort(of, kind="stable")
    ends = np.flatnonzero(np.diff(of[order])) + 1
    return [one for one in np.split(order, ends) if len(one)]


def _left_out(run: Run) -> tuple[int, ...]:
    """Before the training nothing was learnt of these labels."""
    return tuple(int(one) for one in run.epochs if one == 0)
