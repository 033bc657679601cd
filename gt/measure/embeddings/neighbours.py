"""Whether neighbours on the screen are neighbours in the data, and the other way round.

Own code and not ``sklearn.manifold.trustworthiness``, for that counts points in one place as
further and further apart, in the order in which a sort leaves them: with half of 300 points in one
place (zeros behind a ReLU, a softmax that is sure) it gives a picture that *is* the data 0.93, with
nine tenths 0.38. Here equal distances have equal rank. Where no two are equal both agree, and the
tests say so; it also takes less time, and no ``(n, n)`` array. Which of several equally distant
points is among the k nearest is not decided: all choices are averaged.

Source: Venna & Kaski 2001, doi:10.1007/3-540-44668-0_68 (trustworthiness); 2006,
doi:10.1016/j.neunet.2006.05.014 (and continuity).
"""

from __future__ import annotations

import numpy as np

from gt.measure.check import numbers, same_points

NEIGHBOURS = 15
BLOCK = 256  # rows of distances held at once: 2 MB a block for a thousand points


def neighbourhoods(x: np.ndarray, y: np.ndarray, k: int = NEIGHBOURS) -> tuple[float, float]:
    """Measure trustworthiness and continuity, each in ``[0, 1]``, 1 being best.

    Trustworthiness suffers from points that are among the k nearest on the screen and far in the
    data, continuity from points that are among the k nearest in the data and far on the screen;
    how far is a rank, the first being the nearest.

    Args:
        x: Data, ``(n, p)``.
        y: Picture, ``(n, d)``.
        k: Neighbours looked at, at least 1.

    Returns:
        ``(trustworthiness, continuity)``; both NaN unless ``k < n / 2``, as then even the worst
        picture would not be given 0.

    Raises:
        ValueError: If there are not as many points in both, one is not finite, or ``k < 1``.
    """
    where = "neighbourhoods"
    x, y = numbers(where, "x", x, "np"), numbers(where, "y", y, "nd")
    same_points(where, "x", x, "y", y)
    if k < 1:
        raise ValueError(f"{where}: k must be at least 1, got {k}")
    n = len(x)
    if k >= n / 2:
        return float("nan"), float("nan")
    costs = np.zeros(2)
    for start in range(0, n, BLOCK):
        dx, dy = _distances(x, start), _distances(y, start)
        costs += _intrusion(dx, dy, k), _intrusion(dy, dx, k)
    trustworthiness, continuity = 1 - 2 * costs / (n * k * (2 * n - 3 * k - 1))
    return float(trustworthiness), float(continuity)


def _distances(a: np.ndarray, start: int) -> np.ndarray:
    """Squared distances from a block of rows to all; infinite from a point to itself.

    Differences are squared, not norms subtracted: points in one place are equally far from all
    others, to the last bit.
    """
    from scipy.spatial.distance import cdist

    rows = a[start : start + BLOCK]
    distances = cdist(rows, a, "sqeuclidean")
    own = np.arange(len(rows))
    distances[own, start + own] = np.inf
    return distances


def _intrusion(far: np.ndarray, near: np.ndarray, k: int) -> float:
    """By how many ranks the k nearest in ``near`` lie beyond the k nearest in ``far``, summed.

    Where more than k are as near as the kth, what a choice among them costs on average: which of
    them a sort leaves in front depends on the processor.
    """
    nearest = np.argpartition(near, k - 1, axis=1)[:, :k]
    edge = np.take_along_axis(near, nearest, axis=1).max(axis=1)
    clear = np.count_nonzero(near <= edge[:, None], axis=1) == k
    rows = far[clear]
    chosen = np.take_along_axis(rows, nearest[clear], axis=1)
    ranks_beyond = 0.0
    for distance in chosen.T:
        rank = 1 + np.count_nonzero(rows < distance[:, None], axis=1)
        ranks_beyond += int(np.maximum(rank - k, 0).sum())
    for row in np.flatnonzero(~clear):
        ranks_beyond += _average(far[row], near[row], k, edge[row])
    return ranks_beyond


def _average(far: np.ndarray, near: np.ndarray, k: int, edge: float) -> float:
    """`_intrusion` of one row, over all choices of k among those that are within ``edge``."""
    inside, tied = near < edge, near == edge
    order = np.sort(far)
    first, either = (
        np.maximum(1 + np.searchsorted(order, far[which]) - k, 0) for which in (inside, tied)
    )
    return float(first.sum() + (k - len(first)) * either.mean())
