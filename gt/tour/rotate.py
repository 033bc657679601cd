"""Exact rotations in one plane, in O(p²): the plane's complement stays, the frame stays orthogonal.

The functions return new matrices; their JavaScript twins change the matrix in place.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def _span_plane(a: ArrayLike, b: ArrayLike) -> tuple[NDArray[np.float64], ...] | None:
    """Orthonormal directions spanning a and b, the first along a; None if they span no plane."""
    x, y = np.array(a, dtype=np.float64), np.array(b, dtype=np.float64)
    aa, bb = x @ x, y @ y
    if not (aa > 0 and bb > 0):
        return None
    x /= np.sqrt(aa)
    y /= np.sqrt(bb)
    for _ in range(2):
        y -= (x @ y) * x
        left = y @ y
        if not left > 1e-24:
            return None
        y /= np.sqrt(left)
    return x, y


def rotate_plane(m: ArrayLike, a: ArrayLike, b: ArrayLike, angle: float) -> NDArray[np.float64]:
    """Turn data space under the view (R m): a column of m along a turns towards b by the angle.

    Source: Asimov 1985, doi:10.1137/0906011.

    Args:
        m: Frame, shape ``(p, p)``.
        a: Data-space direction, shape ``(p,)``.
        b: Direction to turn towards, shape ``(p,)``; only its part orthogonal to a counts.
        angle: Radians.

    Returns:
        A new ``(p, p)`` float64 matrix, a copy of m when a and b span no plane.
    """
    m = np.array(m, dtype=np.float64)
    plane = _span_plane(a, b)
    if plane is None:
        return m
    x, y = plane
    c, s = np.cos(angle) - 1, np.sin(angle)
    return np.asarray(m + np.outer(c * x + s * y, x @ m) + np.outer(c * y - s * x, y @ m))


def rotate_view(m: ArrayLike, a: ArrayLike, b: ArrayLike, angle: float) -> NDArray[np.float64]:
    """Turn the view space (m ρ): what was seen along a turns towards b by the angle.

    Args:
        m: Frame, shape ``(p, p)``; its rows are such view vectors.
        a: View-space direction, shape ``(p,)``.
        b: Direction to turn towards, shape ``(p,)``; only its part orthogonal to a counts.
        angle: Radians.

    Returns:
        A new ``(p, p)`` float64 matrix, a copy of m when a and b span no plane.
    """
    return rotate_plane(np.asarray(m, dtype=np.float64).T, a, b, angle).T.copy()


def rotate_columns(m: ArrayLike, angle: float) -> NDArray[np.float64]:
    """Turn the picture in its own plane, counter-clockwise; one dimension has no such plane.

    Args:
        m: Frame, shape ``(p, p)``.
        angle: Radians.

    Returns:
        A new ``(p, p)`` float64 matrix.
    """
    m = np.array(m, dtype=np.float64)
    if len(m) < 2:
        return m
    c, s = np.cos(angle), np.sin(angle)
    m[:, 0], m[:, 1] = c * m[:, 0] - s * m[:, 1], s * m[:, 0] + c * m[:, 1]
    return m
