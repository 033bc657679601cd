"""Single examples over a training: learnt late, never learnt, forgotten, or going back and forth.

Each example is right or wrong in every epoch. The story told of it is the plainest that fits: mostly right or mostly
wrong; or, where that leaves at most half of the exceptions, and two fewer, wrong until an epoch and right from then on,
or right until an epoch and wrong from then on. So one slip late in training does not make an example a late learner,
nor does being right in the last epoch alone. Changes beyond the story's own are its flips; that examples
differ much in these is known from Toneva et al. 2019, "An Empirical Study of Example Forgetting", arXiv:1812.05159.

These are descriptions and rankings, not tests: there is always one that was learnt last.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gt.measure.training.course import Course

FENCE = 3.0  # interquartile ranges beyond the third quartile: Tukey's outer fence, "far out"
ALWAYS, LEARNT, FORGOTTEN, NEVER = range(4)


@dataclass(frozen=True)
class Stories:
    """What became of each of n examples.

    Attributes:
        kind: ``(n,)`` `ALWAYS`, `LEARNT`, `FORGOTTEN` or `NEVER`.
        at: ``(n,)`` index of the first epoch after the step; 0 where there is none.
        flips: ``(n,)`` changes between right and wrong beyond the step.
        right: ``(n,)`` epochs in which it was right.
    """

    kind: np.ndarray
    at: np.ndarray
    flips: np.ndarray
    right: np.ndarray


@dataclass(frozen=True)
class Rankings:
    """Rows of a course, the most remarkable first.

    Attributes:
        flipping: Flipped twice or more; most flips first.
        late: Learnt far later than the others of their class and split; the latest first.
        never: Never learnt; those right in the fewest epochs first.
        forgotten: Right at first and wrong for good; the last to be lost first.
    """

    flipping: np.ndarray
    late: np.ndarray
    never: np.ndarray
    forgotten: np.ndarray


def stories(right: np.ndarray) -> Stories:
    """Tell each example's story.

    Args:
        right: ``(e, n)`` bool.
    """
    e, n = right.shape
    before = np.zeros((e + 1, n), np.int32)  # right in how many epochs before each
    np.cumsum(right, axis=0, out=before[1:])
    total = before[-1]
    # exceptions to "wrong before epoch s, right from s on"; s = 0 is always right, s = e is never
    learning = before + (e - np.arange(e + 1))[:, None] - (total - before)
    flat = np.minimum(learning[0], learning[-1])
    kind = np.where(learning[0] <= learning[-1], ALWAYS, NEVER)
    at = np.zeros(n, int)
    if e > 1:
        steps = np.concatenate([learning[1:-1], e - learning[1:-1]])
        best = steps.argmin(axis=0)  # the first of equals
        left = steps.min(axis=0)
        fits = (2 * left <= flat) & (left + 2 <= flat)
        kind = np.where(fits, np.where(best < e - 1, LEARNT, FORGOTTEN), kind)
        at = np.where(fits, best % (e - 1) + 1, at)
    changes = (right[1:] != right[:-1]).sum(axis=0)
    flips = changes - np.isin(kind, (LEARNT, FORGOTTEN))
    return Stories(kind, at, np.maximum(flips, 0), total)


def rankings(course: Course, told: Stories | None = None) -> Rankings:
    """Rank the examples of a course by what is remarkable about them."""
    told = stories(course.right) if told is None else told
    flipping = np.flatnonzero(told.flips >= 2)
    late = np.flatnonzero(_late(course, told))
    never = np.flatnonzero(told.kind == NEVER)
    forgotten = np.flatnonzero(told.kind == FORGOTTEN)
    return Rankings(
        flipping[np.argsort(-told.flips[flipping], kind="stable")],
        late[np.argsort(-told.at[late], kind="stable")],
        never[np.argsort(told.right[never], kind="stable")],
        forgotten[np.argsort(-told.at[forgotten], kind="stable")],
    )


def learnt_by_class(course: Course) -> list[int | None]:
    """The number of the epoch from which on most points of each class are right; None if there is no such.

    The step is the one that fits the class's points with the fewest exceptions, as for single examples.
    """
    out: list[int | None] = []
    e = len(course.epochs)
    for c in range(len(course.classes)):
        right = course.right[:, course.labels == c]
        before = np.r_[0, np.cumsum(right.mean(axis=1))] if right.shape[1] else np.zeros(e + 1)
        exceptions = 2 * before + np.arange(e, -1, -1) - before[-1]
        at = int(np.flatnonzero(exceptions <= exceptions.min() + 1e-9)[-1])  # flat before a step
        out.append(int(course.epochs[at]) if at < e else None)
    return out


def _late(course: Course, told: Stories) -> np.ndarray:
    """Which examples were learnt beyond the outer fence of their class and split, ``(n,)`` bool."""
    late = np.zeros(len(course.labels), bool)
    known = (told.kind == LEARNT) | (told.kind == ALWAYS)
    for group in np.unique(2 * course.labels + course.splits):
        rows = np.flatnonzero(known & (2 * course.labels + course.splits == group))
        if len(rows):
            low, high = np.quantile(told.at[rows], (0.25, 0.75))
            late[rows] = told.at[rows] > high + FENCE * max(high - low, 1.0)
    return late
