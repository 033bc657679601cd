"""From stored data to positions on the screen: interpolation between two slices and projection."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def _blend(
    a: ArrayLike,
    scale_a: float,
    offset_a: float,
    b: ArrayLike | None,
    scale_b: float,
    offset_b: float,
    t: float,
) -> NDArray[np.float64]:
    first = scale_a * np.asarray(a, dtype=np.float64) + offset_a
    if b is None or b is a:
        return np.asarray(first)
    second = scale_b * np.asarray(b, dtype=np.float64) + offset_b
    return np.asarray((1 - t) * first + t * second)


def project_slice(
    matrix: ArrayLike,
    a: ArrayLike,
    scale_a: float = 1.0,
    offset_a: float = 0.0,
    b: ArrayLike | None = None,
    scale_b: float = 1.0,
    offset_b: float = 0.0,
    t: float = 0.0,
) -> NDArray[np.float32]:
    """Positions of n points between slice a (t = 0) and slice b (t = 1).

    The first two entries of ``((1 - t) A + t B) G`` with ``A = scale_a a + offset_a`` and
    ``B = scale_b b + offset_b``.

    Args:
        matrix: Frame G, shape ``(p, p)``.
        a: Stored values, shape ``(n, p)``.
        scale_a: Scale of a.
        offset_a: Offset of a.
        b: Like a, shape ``(n, p)``; None or a itself: nothing to interpolate, t is ignored.
        scale_b: Scale of b.
        offset_b: Offset of b.
        t: From 0 to 1.

    Returns:
        Shape ``(n, 2)``, float32; one dimension gives y = 0.
    """
    values = _blend(a, scale_a, offset_a, b, scale_b, offset_b, t)
    out = np.zeros((len(values), 2), dtype=np.float32)
    seen = values @ np.asarray(matrix, dtype=np.float64)[:, :2]
    out[:, : seen.shape[1]] = seen
    return out


def centroid(
    indices: ArrayLike,
    a: ArrayLike,
    scale_a: float = 1.0,
    offset_a: float = 0.0,
    b: ArrayLike | None = None,
    scale_b: float = 1.0,
    offset_b: float = 0.0,
    t: float = 0.0,
) -> NDArray[np.float64]:
    """The mean of some points in data space, between two slices as in ``project_slice``.

    Args:
        indices: Rows of the slices, shape ``(m,)``, integers.
        a: Stored values, shape ``(n, p)``.
        scale_a: Scale of a.
        offset_a: Offset of a.
        b: Like a, shape ``(n, p)``; None or a itself: t is ignored.
        scale_b: Scale of b.
        offset_b: Offset of b.
        t: From 0 to 1.

    Returns:
        Shape ``(p,)``, float64; zero for no points.
    """
    rows = np.asarray(indices, dtype=np.int64)
    if len(rows) == 0:
        return np.zeros(np.asarray(a).shape[1])
    other = None if b is None or b is a else np.asarray(b)[rows]
    values = _blend(np.asarray(a)[rows], scale_a, offset_a, other, scale_b, offset_b, t)
    return np.asarray(values.mean(axis=0))
