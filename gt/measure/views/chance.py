"""How well a view that was searched for tells groups apart, against the same search where there is nothing to be found.

A search finds something in noise too, the more coordinates the more. So labels are shuffled among the points, which
keeps the sizes of the groups and takes away what they have to do with the points, and the same view is searched again.

Source: Ojala & Garriga, Permutation tests for studying classifier performance, 2010, JMLR 11:1833-1863 (test 1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gt.measure.views.directions import separating

SHUFFLES = 20


@dataclass(frozen=True)
class Chance:
    """What shuffled labels reach.

    Attributes:
        as_good: How many of the shuffles are told apart at least as well as the labels.
        of: How many shuffles there were.
        best: The largest share of points told right by any of them.
    """

    as_good: int
    of: int
    best: float

    @property
    def p(self) -> float:
        """How probable as many or fewer would be if the labels were shuffled themselves; never 0."""
        return (self.as_good + 1) / (self.of + 1)


@dataclass(frozen=True)
class Null:
    """What the same search reaches where there is nothing to be found.

    Attributes:
        values: Of each search, as it is told.
    """

    values: tuple[float, ...]

    def as_good(self, value: float) -> int:
        """How many of the searches reach a value."""
        return sum(one >= value for one in self.values)


def separating_by_chance(
    z: np.ndarray, group: np.ndarray, accuracy: float, times: int = SHUFFLES, seed: int = 0
) -> Chance:
    """Search for the view that tells two groups apart, as `separating` does, with shuffled labels.

    Args:
        z: ``(n, k)``, k at least 2.
        group: ``(n,)`` 0, 1, or -1 for points that are in neither, which stay in neither.
        accuracy: Share of points, 0 to 1, that the labels' own view tells right, leave-one-out.
        times: How many shuffles, 1 at least.
        seed: Of the shuffles.

    Returns:
        How many were as good.

    Raises:
        ValueError: If ``times < 1``, or as `separating` does.
    """
    if times < 1:
        raise ValueError(f"separating_by_chance: times must be at least 1, got {times}")
    rng = np.random.default_rng(seed)
    z, group = np.asarray(z)[np.asarray(group) >= 0], np.asarray(group)[np.asarray(group) >= 0]
    reached = [_told(z, rng.permutation(group)) for _ in range(times)]
    return Chance(sum(one >= accuracy for one in reached), times, max(reached))


def _told(z: np.ndarray, group: np.ndarray) -> float:
    """Share of points told right; 0 where the shuffled groups have one mean, and there is no view."""
    means = [z[group == g].mean(0) for g in (0, 1)]
    if np.array_equal(*means):
        return 0.0
    return separating(z, group).accuracy
