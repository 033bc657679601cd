"""Tour frames: orthogonal matrices G, shape ``(p, p)``, float64.

A point x, a row vector, appears at the first two entries of ``x @ G``; row i of G is where unit
vector i goes (handle i).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gt.tour.orthonormal import orthonormalise_rows
from gt.tour.random import normals, uniform

FRAME_STREAM = 0
"""Random numbers of whole frames come from this stream; the tour's knots use those after it."""


def identity(p: int) -> NDArray[np.float64]:
    """The frame that shows the first two coordinates, shape ``(p, p)``.

    Args:
        p: Dimensions.

    Returns:
        Shape ``(p, p)``, float64.
    """
    return np.eye(p)


def star_frame(p: int) -> NDArray[np.float64]:
    """The frame in which all handles are equally long and evenly spread, like the rays of a star.

    One and two dimensions have no such star with orthonormal columns, so they get the identity.

    Args:
        p: Dimensions, at least 1.

    Returns:
        Shape ``(p, p)``, float64.
    """
    if p < 3:
        return identity(p)
    angle = 2 * np.pi * np.arange(p) / p
    return complete_frame(np.sqrt(2 / p) * np.stack([np.cos(angle), np.sin(angle)], axis=1))


def random_frame(p: int, seed: int) -> NDArray[np.float64]:
    """A random frame, uniform over the orthogonal matrices (Haar): Gram-Schmidt of normals.

    In the plane only rotations are drawn: a mirrored plane could not be reached by turning.
    Source: Stewart 1980, doi:10.1137/0717034.

    Args:
        p: Dimensions, at least 1.
        seed: Integer, taken modulo 2 ** 32.

    Returns:
        Shape ``(p, p)``, float64.
    """
    if p == 1:
        return identity(1)
    if p == 2:
        angle = 2 * np.pi * uniform(seed, FRAME_STREAM, 0)
        return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return gram_schmidt(normals(seed, FRAME_STREAM, p * p).reshape(p, p))


def gram_schmidt(m: ArrayLike, first: int = 0) -> NDArray[np.float64]:
    """Make the rows of a ``(p, p)`` matrix orthonormal, row ``first`` first.

    A row that depends on those before it gets the direction of the unit vector farthest from them.

    Args:
        m: Shape ``(p, p)``; left as it was.
        first: The row that keeps its direction, ``0 <= first < p``.

    Returns:
        A new ``(p, p)`` float64 array, always orthogonal.
    """
    return orthonormalise_rows(m, first)


def orthonormal_error(m: ArrayLike) -> float:
    """How far a frame is from orthogonal: the largest entry of ``|G Gᵀ - I|``; NaN if any is.

    Args:
        m: Frame, shape ``(p, p)``.

    Returns:
        0 for an orthogonal one.
    """
    g = np.asarray(m, dtype=np.float64)
    return float(np.abs(g @ g.T - np.eye(len(g))).max())


def complete_frame(v: ArrayLike) -> NDArray[np.float64]:
    """A whole frame from its first two columns, the part that is seen, by two Householder steps.

    Columns that come rounded, from a link say, are made orthonormal first: the second against the
    first.

    Args:
        v: Shape ``(p, 2)``: the wanted first two columns.

    Returns:
        Shape ``(p, p)``, float64.

    Raises:
        ValueError: If v has another shape, is not finite, or its columns are (nearly) dependent.
    """
    v = np.array(v, dtype=np.float64)
    if v.ndim != 2 or v.shape[1] != 2 or len(v) == 0:
        raise ValueError(f"complete_frame: v must have shape (p, 2), got {v.shape}; give columns")
    if not np.isfinite(v).all():
        raise ValueError("complete_frame: v must be finite; start from star_frame instead")
    p = len(v)
    if p == 1:
        return np.array([[-1.0 if v[0, 0] < 0 else 1.0]])
    v = _orthonormalise_columns(v)
    m = identity(p)
    reflectors: list[NDArray[np.float64]] = []
    for c in range(2):
        u = v[:, c].copy()
        for r in reflectors:
            u -= 2 * (u @ r) * r
        u[:c] = 0
        # the reflection sends unit vector c to plus or minus the column: no cancellation
        u[c] -= 1.0 if u[c] < 0 else -1.0
        u /= np.linalg.norm(u)
        reflectors.append(u)
    for r in reflectors:
        m -= 2 * np.outer(m @ r, r)
    m[:, :2] = v
    return m


def _orthonormalise_columns(v: NDArray[np.float64]) -> NDArray[np.float64]:
    largest = np.abs(v).max(axis=0)
    if (largest > 0).all():
        v = v / largest
        v = v / np.linalg.norm(v, axis=0)
        for _ in range(2):
            v[:, 1] -= (v[:, 0] @ v[:, 1]) * v[:, 0]
            left = np.linalg.norm(v[:, 1])
            if left <= 1e-6:
                break
            v[:, 1] /= left
        else:
            return v
    raise ValueError(
        "complete_frame: the two columns must be independent, one is zero or a multiple of the "
        "other; start from star_frame instead"
    )
