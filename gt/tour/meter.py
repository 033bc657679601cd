"""How much the frames seen so far have told of a motion: Spearman's ρ, and the share that one frame shows.

A displacement d, a row vector, is drawn by a frame as the first two entries of ``d G``: its length on the screen is at
most its length, and in many dimensions far less. One picture therefore tells little of who moved how far; the mean over
the planes that a tour passes tells most of it. Planes count by how far the frame has turned, not by time: a frame that
stands still adds nothing to what was seen.

Of a still picture the same is told with the differences between pairs of points in the place of displacements.

Source of the rank correlation: Spearman 1904, doi:10.2307/1412159; of the distance of planes: Edelman, Arias and Smith
1998, doi:10.1137/S0895479895290954, table 4.1 (projection F-norm).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gt.tour.random import uniform

Array = NDArray[np.float64]

SEEN = 2
EQUAL = 1e-9
"""Numbers that differ by less than this part are one number and rounding."""
STEP = 0.05
"""Radians, about, that a frame turns between two planes that are counted."""
PAIR_SEED, PAIR_STREAM = 7, 60


def drawn_squares(rows: ArrayLike, matrix: ArrayLike) -> Array:
    """The squared length of each displacement as a frame draws it.

    Args:
        rows: Displacements, shape ``(m, p)``.
        matrix: Frame G, shape ``(p, p)``; its first two columns are read.

    Returns:
        Shape ``(m,)``, float64.
    """
    drawn = np.asarray(rows, np.float64) @ np.asarray(matrix, np.float64)[:, :SEEN]
    return np.asarray((drawn**2).sum(axis=1))


def drawn_share(rows: ArrayLike, matrix: ArrayLike) -> float:
    """The share of the summed squared lengths that a frame draws, 0 to 1; NaN if there is none.

    Args:
        rows: Displacements, shape ``(n, p)``.
        matrix: Frame, shape ``(p, p)``.

    Returns:
        0 to 1.
    """
    whole = float((np.asarray(rows, np.float64) ** 2).sum())
    return float(drawn_squares(rows, matrix).sum()) / whole if whole > 0 else float("nan")


def plane_distance(a: ArrayLike, b: ArrayLike) -> float:
    """How far the plane that frame b shows is from that of frame a.

    The root of the summed squared sines of the two angles between the planes, 0 to √2; near 0 the
    radians turned. A turn of the picture in itself is none. One or two dimensions have one plane.

    Args:
        a: Frame, shape ``(p, p)``.
        b: Frame, shape ``(p, p)``.

    Returns:
        0 to √2.
    """
    u, v = (np.asarray(one, np.float64)[:, :SEEN] for one in (a, b))
    if len(u) <= SEEN:
        return 0.0
    return float(np.linalg.norm(v - u @ (u.T @ v)))


def average_ranks(values: ArrayLike, equal: float = 0.0) -> Array:
    """The rank of each value among all, from 1; equal ones have the mean of their ranks.

    Args:
        values: Shape ``(m,)``, at least 0.
        equal: Neighbours in order that differ by no more than this part of the larger are equal.

    Returns:
        Shape ``(m,)``, float64.
    """
    x = np.asarray(values, np.float64)
    order = np.argsort(x, kind="stable")
    rising = x[order]
    new = np.ones(len(x), bool)
    new[1:] = np.diff(rising) > equal * rising[1:]
    group = np.cumsum(new) - 1
    sizes = np.bincount(group)
    middle = np.cumsum(sizes) - (sizes - 1) / 2
    ranks = np.empty(len(x))
    ranks[order] = middle[group]
    return ranks


def rank_correlation(a: ArrayLike, b: ArrayLike) -> float:
    """Spearman's ρ of two lists of squared lengths, equal up to rounding counting as equal.

    Args:
        a: Shape ``(m,)``, at least 0.
        b: Shape ``(m,)``, at least 0.

    Returns:
        -1 to 1; NaN if one of them is constant, or for fewer than two.
    """
    ranks = [average_ranks(one, EQUAL) for one in (a, b)]
    x, y = (one - (len(one) + 1) / 2 for one in ranks)
    square = float(x @ x) * float(y @ y)
    return float(x @ y) / float(np.sqrt(square)) if square > 0 else float("nan")


def pair_partners(m: int) -> NDArray[np.int64]:
    """With which other point each of m is paired, where distances are told: seeded, the same always.

    Args:
        m: How many points.

    Returns:
        Shape ``(m,)``, integers from 0 to m - 1, none its own; empty for fewer than two points.
    """
    if m < 2:
        return np.zeros(0, np.int64)
    k = np.arange(m)
    return np.asarray(
        (k + 1 + np.floor(uniform(PAIR_SEED, PAIR_STREAM, k) * (m - 1)).astype(int)) % m
    )


class Meter:
    """What was seen of some displacements since the first frame that was looked at.

    The squared drawn lengths are integrated over the way of the plane by the trapezoid rule; their mean is what was
    seen: its root is the root mean square of the drawn motions.

    Args:
        rows: Displacements, shape ``(m, p)``.
    """

    def __init__(self, rows: ArrayLike) -> None:
        self.rows = np.array(rows, np.float64)
        self.squares = np.asarray((self.rows**2).sum(axis=1))
        self.turned = 0.0
        self._sum = np.zeros(len(self.rows))
        self._last: Array | None = None
        self._drawn = np.zeros(len(self.rows))

    def look(self, matrix: ArrayLike) -> None:
        """Count a frame, once it has turned far enough since the one before.

        Args:
            matrix: Frame, shape ``(p, p)``.
        """
        g = np.array(matrix, np.float64)
        if self._last is None:
            self._last, self._drawn = g, drawn_squares(self.rows, g)
            return
        way = plane_distance(self._last, g)
        if way < STEP:
            return
        drawn = drawn_squares(self.rows, g)
        self._sum += way * (self._drawn + drawn) / 2
        self.turned += way
        self._last, self._drawn = g, drawn

    def seen(self, matrix: ArrayLike) -> Array:
        """Mean squared drawn length of each displacement over the planes seen, up to this frame.

        Args:
            matrix: Frame, shape ``(p, p)``, that is shown now.

        Returns:
            Shape ``(m,)``; of one plane, what it draws.
        """
        drawn = drawn_squares(self.rows, matrix)
        way = 0.0 if self._last is None else plane_distance(self._last, matrix)
        whole = self.turned + way
        if whole <= EQUAL:
            return drawn
        return np.asarray((self._sum + way * (self._drawn + drawn) / 2) / whole)

    def rho(self, matrix: ArrayLike) -> tuple[float, float]:
        """Spearman's ρ between all coordinates and the screen: in this frame, and seen so far.

        Args:
            matrix: The frame that is shown, shape ``(p, p)``.

        Returns:
            Of this frame, and of all that was seen so far; -1 to 1, NaN where nothing moves.
        """
        return (
            rank_correlation(self.squares, drawn_squares(self.rows, matrix)),
            rank_correlation(self.squares, self.seen(matrix)),
        )
