"""Who is near a place in the data: distances to all points, the nearest of them, and at which rank others come.

Every point is compared, whatever their number. A question is about one place, which takes one difference a value:
60,000 points of 10 values take 14 ms. A graph of neighbours (``pynndescent``, say) would have to be built first for
each layer and epoch, which took 17 s for these; it gives nearly the nearest, and knows no ranks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from gt.measure.check import LARGEST

Metric = Literal["euclidean", "cosine"]
METRICS: tuple[Metric, ...] = get_args(Metric)
BLOCK = 2**20  # values that are held in float64 at once: 8 MB


@dataclass(frozen=True)
class Nearest:
    """The nearest points to a place.

    Attributes:
        rows: ``(m,)`` int64, the nearest first, of equals the one with the lower row; m is k, or fewer where there are
            no more.
        tied: How many further points are exactly as near as the last of them, and not among them.
        of: How many points were compared.
        left_out: How many could not be, for they have no distance.
    """

    rows: np.ndarray
    tied: int
    of: int
    left_out: int


def distances(x: np.ndarray, place: np.ndarray, metric: Metric = "euclidean") -> np.ndarray:
    """Distances of all points from a place.

    Differences are squared, of unit vectors too, and not products subtracted: points in one place are equally far, to
    the last bit, and near directions differ by more than rounding.

    Args:
        x: Points, ``(n, p)`` of any real type; a block of rows at a time becomes float64.
        place: ``(p,)``.
        metric: "euclidean", in units of ``x``; or "cosine", 1 less the cosine of the angle between both as seen from
            the origin, 0 to 2.

    Returns:
        ``(n,)`` float64; NaN for a point that is not finite (or beyond 1e100), and by cosine for one at the origin.

    Raises:
        ValueError: If the shapes do not fit, the metric is another, or the place itself has no distances.
    """
    from scipy.spatial.distance import cdist

    if x.ndim != 2 or place.shape != x.shape[1:]:
        raise ValueError(
            f"distances: x must be (n, p) and place (p,), got {x.shape} and {place.shape}"
        )
    if metric not in METRICS:
        raise ValueError(f"distances: metric must be one of {', '.join(METRICS)}, got {metric!r}")
    cosine = metric == "cosine"
    centre = _measurable(place[None], cosine)
    if np.isnan(centre).any():
        what = "finite and not the origin, which has no direction" if cosine else "finite"
        raise ValueError(f"distances: place must be {what}, got {place[:3]} …")
    out = np.empty(len(x))
    rows = max(1, BLOCK // max(1, x.shape[1]))
    for start in range(0, len(x), rows):
        block = _measurable(x[start : start + rows], cosine)
        squared = cdist(block, centre, "sqeuclidean")[:, 0]
        out[start : start + rows] = squared / 2 if cosine else np.sqrt(squared)
    return out


def _measurable(x: np.ndarray, directions: bool) -> np.ndarray:
    """Points in float64, as directions of length 1 where these are asked for; NaN where there is nothing to measure."""
    values = x.astype(np.float64)
    size = np.abs(values).max(1, initial=0)
    bad = ~(size <= LARGEST)  # a NaN too
    if directions:
        bad |= size == 0
        values /= np.where(bad, 1, size)[
            :, None
        ]  # first to about 1, whose squares neither vanish nor overflow
        values /= np.where(bad, 1, np.linalg.norm(values, axis=1))[:, None]
    values[bad] = np.nan
    return values


def nearest(away: np.ndarray, k: int, without: np.ndarray | None = None) -> Nearest:
    """The nearest points.

    Args:
        away: ``(n,)`` distances; NaN where there is none.
        k: How many, 1 at least.
        without: Rows that are not asked about, the point itself for one.

    Raises:
        ValueError: If ``k < 1``.
    """
    if k < 1:
        raise ValueError(f"nearest: k must be at least 1, got {k}")
    asked = np.ones(len(away), bool)
    if without is not None:
        asked[without] = False
    known = asked & ~np.isnan(away)
    rows = np.flatnonzero(known)
    if k < len(rows):
        last = np.partition(away[rows], k - 1)[k - 1]
        rows = rows[away[rows] <= last]
    rows = rows[np.argsort(away[rows], kind="stable")]
    return Nearest(
        rows[:k], max(0, len(rows) - k), int(known.sum()), int(asked.sum() - known.sum())
    )


def ranks(away: np.ndarray, rows: np.ndarray, without: np.ndarray | None = None) -> np.ndarray:
    """At which place points come in the order of distances: 1 and how many are nearer, so that equals have one rank.

    Args:
        away: ``(n,)`` distances; NaN where there is none.
        rows: ``(m,)``, the points.
        without: Rows that are not counted.

    Returns:
        ``(m,)`` int64; 0 for a point without a distance.
    """
    counted = away.copy()
    if without is not None:
        counted[without] = np.nan
    known = np.sort(counted[~np.isnan(counted)])
    place = 1 + np.searchsorted(known, away[rows], side="left")
    return np.where(np.isnan(away[rows]), 0, place).astype(np.int64)
