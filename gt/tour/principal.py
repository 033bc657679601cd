"""Principal directions: along which some vectors extend most."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

POINT = 1e-24
"""Points whose variance is a smaller share of their mean square are all equal: rounding is left."""
SAME = 1e-9
"""Entries of a unit vector that differ by less are as good as equal."""


def symmetric_eigen(a: Array) -> tuple[Array, Array]:
    """Eigenvalues and eigenvectors of a symmetric matrix, the largest value first.

    Args:
        a: Shape ``(p, p)``, symmetric.

    Returns:
        Values ``(p,)``, falling, and vectors ``(p, p)``: row i is the unit vector of value i, its
        largest entry positive; of entries that are as good as equal the first counts.
    """
    values, columns = np.linalg.eigh(a)
    return values[::-1].copy(), settle_signs(np.array(columns.T[::-1]))


def settle_signs(vectors: Array) -> Array:
    """Turn vectors round whose largest entry is negative.

    Args:
        vectors: Shape ``(r, p)``, changed in place; of entries that are as good as equal the first counts.

    Returns:
        The same.
    """
    for row in vectors:
        size = np.abs(row)
        if row[int(np.argmax(size > size.max() - SAME))] < 0:
            row *= -1
    return vectors
