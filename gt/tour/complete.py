"""The complete tour: planes at right angles to each other that together show everything, the most telling first.

With orthonormal columns F_1 … F_{p/2}, two each, that fill the space, ``Σ ‖d F_i‖² = ‖d‖²`` for
every displacement d (Pythagoras). A tour that stops at each of these planes has therefore shown
every motion in full: the root of the summed squared lengths on the screen is the length. The planes
are spanned by pairs of principal directions of the displacements (the right singular vectors of
their matrix): no other planes show more in as many stops, for the leading singular vectors span
what holds most of the squares (Eckart and Young 1936, doi:10.1007/BF02288367).

Of a still picture the same holds for positions about their mean, that is for the differences between points.

Of very many dimensions the leading stops alone are found, from the inner products of some of the rows, evenly among
them (the left singular vectors of their matrix lead to the right ones); what they show is measured on all rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gt.tour.frame import complete_frame
from gt.tour.orthonormal import orthonormalise_rows
from gt.tour.principal import POINT, settle_signs, symmetric_eigen

Array = NDArray[np.float64]
ROWS = 400  # that leading directions are found from, evenly among all
NOTHING = (
    1e-10  # a direction that shows a smaller share of the squares than the first one is rounding
)


@dataclass(frozen=True)
class Complete:
    """The stops of a complete tour of p dimensions.

    Attributes:
        directions: Shape ``(r, p)``, rows orthonormal: principal directions, largest first, each with its largest entry
            positive. Stop i shows rows 2 i and 2 i + 1. r is p, or fewer where these are the leading ones.
        shares: Shape ``(ceil(r / 2),)``: of the summed squared lengths, what each stop shows; they sum to 1 where the
            stops show all.
    """

    directions: Array
    shares: Array

    @property
    def stops(self) -> int:
        """How many there are."""
        return len(self.shares)

    def columns(self, stop: int) -> Array:
        """What is seen at a stop: the first two columns of its frame.

        If their number is odd the last direction is left alone; it is shown against the first one, which adds nothing.

        Args:
            stop: From 0.

        Returns:
            Shape ``(p, 2)``, orthonormal columns; of one direction the second is 0.
        """
        r, p = self.directions.shape
        columns = np.zeros((p, 2))
        columns[:, 0] = self.directions[2 * stop]
        if r > 1:
            columns[:, 1] = self.directions[2 * stop + 1 if 2 * stop + 1 < r else 0]
        return columns

    def frame(self, stop: int) -> Array:
        """A whole frame for a stop, shape ``(p, p)``.

        Args:
            stop: Its number, from 0.

        Returns:
            Orthogonal, shape ``(p, p)``; its first two columns are what the stop shows.
        """
        return complete_frame(self.columns(stop))

    def seen(self, rows: ArrayLike, visited: ArrayLike) -> Array:
        """Summed squared drawn lengths over the stops that were visited, each once.

        Args:
            rows: Displacements, shape ``(m, p)``.
            visited: Shape ``(stops,)``, true where a stop was visited.

        Returns:
            Shape ``(m,)``; after all stops the squared lengths themselves.
        """
        which = np.repeat(np.asarray(visited, bool), 2)[: len(self.directions)]
        along = np.asarray(rows, np.float64) @ self.directions[which].T
        return np.asarray((along**2).sum(axis=1))


def complete_tour(
    rows: ArrayLike, centred: bool = False, most: int | None = None
) -> Complete | None:
    """The complete tour of some displacements, or of some positions.

    Args:
        rows: Displacements, shape ``(n, p)``; or positions, with ``centred``.
        centred: Whether their mean is taken off: only differences between positions are seen.
        most: Stops; where all would be more, the leading ones are found.

    Returns:
        The stops; None where there is nothing to show: all rows are zero (or equal, with ``centred``), none, or not
        finite.
    """
    x = np.array(rows, np.float64)
    if x.ndim != 2 or not len(x) or not np.isfinite(x).all():
        return None
    square = float((x**2).sum())
    if centred:
        x = x - x.mean(axis=0)
    if most is not None and (x.shape[1] + 1) // 2 > most:
        return _leading(x, square, most)
    values, directions = symmetric_eigen(x.T @ x)
    values = np.maximum(values, 0)
    whole = float(values.sum())
    if not whole > POINT * square:
        return None
    pairs = np.append(values, 0)[: 2 * ((len(values) + 1) // 2)].reshape(-1, 2)
    return Complete(directions, pairs.sum(axis=1) / whole)


def _leading(x: Array, square: float, most: int) -> Complete | None:
    n, p = x.shape
    m = min(n, max(ROWS, 2 * most))
    some = x[np.arange(m) * n // m]
    values, vectors = symmetric_eigen(some @ some.T)
    if not values[0] > POINT * square:
        return None
    r = min(2 * most, int((values > NOTHING * values[0]).sum()), p)
    directions = settle_signs(orthonormalise_rows(vectors[:r] @ some))
    along = ((x @ directions.T) ** 2).sum(axis=0)
    pairs = np.append(along, 0)[: 2 * ((r + 1) // 2)].reshape(-1, 2)
    return Complete(directions, pairs.sum(axis=1) / float((x**2).sum()))
