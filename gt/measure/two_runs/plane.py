"""The plane in which two runs differ most, and how much a plane holds where only chance pairs their points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gt.measure.views.chance import Null

SHUFFLES = 20


@dataclass(frozen=True)
class Plane:
    """Where most of the difference is seen.

    Attributes:
        columns: ``(p, 2)`` float64, orthonormal: what is drawn to the right and up.
        share: Of the squared difference that it holds, 0 to 1.
        null: The same of shuffles: of each its own best plane.
    """

    columns: np.ndarray
    share: float
    null: Null


def most_different(
    a: np.ndarray, b: np.ndarray, labels: np.ndarray, times: int = SHUFFLES, seed: int = 0
) -> Plane:
    """Find the plane that holds most of the difference between two clouds.

    The columns are the two leading right singular vectors of ``a - b``. In the null, the points of b are shuffled
    within their class: the classes lie where they lay, and no point of a has its own in b.

    Args:
        a: ``(n, p)``, p at least 3.
        b: ``(n, p)`` in the same frame.
        labels: ``(n,)``.
        times: How many shuffles.
        seed: Of the shuffles.

    Raises:
        ValueError: If p is less than 3, or the clouds are the same.
    """
    if a.shape[1] < 3:
        raise ValueError(
            f"the layer must have three coordinates, it has {a.shape[1]}; one plane shows all of the difference"
        )
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if np.array_equal(a, b):
        raise ValueError(
            "the two runs are the same here, to the last digit; there is no difference to look at"
        )
    columns, share = _leading(a - b)
    rng = np.random.default_rng(seed)
    null = tuple(_leading(a - b[_within(labels, rng)])[1] for _ in range(times))
    return Plane(columns, share, Null(null))


def _leading(difference: np.ndarray) -> tuple[np.ndarray, float]:
    """The two leading right singular vectors, the largest entry of each positive; and their share of the squares."""
    values, vectors = np.linalg.eigh(difference.T @ difference)
    columns = vectors[:, [-1, -2]]
    largest = np.abs(columns).argmax(0)
    columns = columns * np.where(columns[largest, [0, 1]] < 0, -1, 1)
    total = values.sum()
    return columns, float(values[-2:].sum() / total) if total > 0 else 1.0


def _within(labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """An order of the points in which each has the place of one of its class."""
    order = np.arange(len(labels))
    for c in np.unique(labels):
        rows = np.flatnonzero(labels == c)
        order[rows] = rng.permutation(rows)
    return order
