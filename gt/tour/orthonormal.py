"""Gram-Schmidt on rows, done twice (Giraud et al. 2005, doi:10.1007/s00211-005-0615-4)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

DEPENDENT = 1e-10
"""A row that keeps less than this share of its length off the span of the rows before depends."""


def orthonormalise_rows(m: ArrayLike, first: int = 0) -> NDArray[np.float64]:
    """Make rows orthonormal: row ``first`` keeps its direction, the others follow in their order.

    A row that depends on those before it, is zero, or is not finite gets the direction of the unit
    vector farthest from them.

    Args:
        m: Shape ``(rows, p)`` with ``rows <= p``.
        first: The row that goes first, ``0 <= first < rows``.

    Returns:
        A new ``(rows, p)`` float64 array.
    """
    out = np.array(m, dtype=np.float64)
    order = [first, *(i for i in range(len(out)) if i != first)]
    for place, row in enumerate(order):
        done = out[order[:place]]
        with np.errstate(over="ignore", invalid="ignore"):
            before = np.sqrt(out[row] @ out[row])
        kept = 0.0
        if 0 < before < np.inf:
            out[row] /= before
            kept = _subtract(out, row, done)
        if kept > DEPENDENT:
            out[row] /= kept
        else:
            out[row] = 0
            out[row, _farthest(done, out.shape[1])] = 1
            out[row] /= _subtract(out, row, done)
        out[row] /= _subtract(out, row, done)
    return out


def _subtract(out: NDArray[np.float64], row: int, done: NDArray[np.float64]) -> float:
    """Take off, in place, what lies in the span of the rows done; return the length left."""
    for other in done:
        out[row] -= (out[row] @ other) * other
    return float(np.sqrt(out[row] @ out[row]))


def _farthest(done: NDArray[np.float64], p: int) -> int:
    """The unit vector with the least part in the span of the rows done; ties fall on the first."""
    inside = (done**2).sum(axis=0) if len(done) else np.zeros(p)
    best = 0
    for k in range(1, p):
        if inside[k] < inside[best] - 1e-9:
            best = k
    return best
