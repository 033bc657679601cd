"""The late transitions of a run: where much still moves when most has come to rest.

A training moves farthest in its first epochs, whatever is trained. What is its own comes later, so only transitions of
the later half are looked at. No surprise is needed, see `gt.measure.training.events` for those: every run of two epochs
has a farthest late transition, whatever its task.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from gt.measure.training.course import Course

TRANSITIONS = 2  # that a comparison opens at


def late_transitions(
    course: Course, most: int = TRANSITIONS, places: Sequence[int] | None = None
) -> list[tuple[int, int]]:
    """The steps of the later half in which the points move farthest in the mean, the farthest first.

    Args:
        course: Of a run.
        most: How many at most.
        places: Of the epochs from one to the next of which steps go, going up; of all epochs when None.

    Returns:
        Places of two epochs for each step; fewer where there are fewer in which anything moves.
    """
    steps = _later(course, places)
    far = np.array([way(course, *step) for step in steps])
    order = np.argsort(-far, kind="stable")
    return [steps[i] for i in order[:most] if far[i] > 0]


def way(course: Course, start: int, end: int) -> float:
    """How far the outputs of the points move from one epoch to another, the way over all epochs between, in the mean.

    Args:
        course: Of a run.
        start: Place of the epoch before ...
        end: ... and of that after.
    """
    if not course.moved.shape[1]:
        return 0.0
    return float(course.moved[start:end].mean(1, dtype=np.float64).sum())


def farthest(course: Course, step: tuple[int, int], places: Sequence[int] | None = None) -> bool:
    """Whether in no other step of the later half points move as far, see `late_transitions`."""
    mine = way(course, *step)
    return all(way(course, *one) < mine for one in _later(course, places) if one != step)


def _later(course: Course, places: Sequence[int] | None) -> list[tuple[int, int]]:
    """The steps of the later half."""
    steps = list(itertools.pairwise(range(len(course.epochs)) if places is None else places))
    return [(int(a), int(b)) for a, b in steps[len(steps) // 2 :]]


def late_epochs(course: Course) -> list[int]:
    """Columns for a comparison: before and after the late transitions, and the last epoch; numbers, going up.

    Where nothing moves late these are the first epoch and the last.
    """
    places = {end for step in late_transitions(course) for end in step} or {0}
    return [int(course.epochs[i]) for i in sorted({*places, len(course.epochs) - 1})]


def late_text(course: Course) -> str:
    """The sentence: where points move farthest late, and how far; empty where nothing does."""
    found = sorted(late_transitions(course))
    if not found:
        return ""
    told = [
        f"between {course.unit}s {course.epochs[a]} and {course.epochs[b]} ({way(course, a, b):.2g} in the mean)"
        for a, b in found
    ]
    return (
        "In the later half of this training the outputs of the points move farthest"
        f" {' and '.join(told)}."
    )


def changed_minds(course: Course, start: int, end: int) -> tuple[int, tuple[int, int], int] | None:
    """Which points are taken for another class in an epoch than in one before it.

    Args:
        course: Of a run whose points have one class each.
        start: Place of the epoch before ...
        end: ... and of that after.

    Returns:
        How many there are, between which two classes most of them go, either way, and how many these are; None where
        none is.
    """
    before, after = (course.predicted[i].astype(np.int64) for i in (start, end))
    k = len(course.classes)
    other = (before != after) & (before < k) & (after < k)
    if not other.any():
        return None
    counts = np.zeros((k, k), np.int64)
    np.add.at(
        counts,
        (np.minimum(before, after)[other], np.maximum(before, after)[other]),
        1,
    )
    a, b = (int(i) for i in np.unravel_index(counts.argmax(), counts.shape))
    return int(other.sum()), (a, b), int(counts[a, b])
