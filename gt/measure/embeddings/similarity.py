"""The similarity that takes one picture onto the next: rotation or reflection, shift, scaling.

Most embeddings say nothing about how a picture is turned, mirrored, placed or sized. What two
pictures differ by in this way is no news about the data, and is taken out before motion is
measured again.

Source: Umeyama 1991, doi:10.1109/34.88573. His determinant's sign is left out, for a reflection is
as free as a rotation here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gt.measure.check import LARGEST, alike, numbers

ROUNDING = 8 * np.finfo(np.float64).eps  # distances this small beside the picture are rounding


@dataclass(frozen=True)
class Similarity:
    """``y -> scale * rotation @ y + shift``.

    Attributes:
        scale: At least 0; 0 where all points fitted onto were in one place.
        rotation: ``(d, d)`` float64, orthogonal; its determinant is -1 if it reflects.
        shift: ``(d,)`` float64.
    """

    scale: float
    rotation: np.ndarray
    shift: np.ndarray

    def apply(self, a: np.ndarray) -> np.ndarray:
        """Move points ``(n, d)``; returns new ones, float64.

        Args:
            a: ``(n, d)``.

        Returns:
            ``(n, d)``.
        """
        return self.scale * (np.asarray(a, np.float64) @ self.rotation.T) + self.shift


def fit_similarity(a: np.ndarray, b: np.ndarray, rows: np.ndarray) -> Similarity:
    """Fit the similarity that takes ``a`` closest to ``b``, in least squares over ``rows``.

    Where the fitted points leave open whether to reflect (they lie on one line, in the plane) it
    does not. Where they lie in one place it is a shift; with no rows it changes nothing.

    Args:
        a: ``(n, d)``, from where.
        b: ``(n, d)``, to where.
        rows: The points that count: a mask ``(n,)`` bool, or indices.

    Returns:
        The similarity.

    Raises:
        ValueError: If shapes disagree, a value is not finite, or ``rows`` names no point of these.
    """
    where = "fit_similarity"
    a, b = numbers(where, "a", a, "nd"), numbers(where, "b", b, "nd")
    alike(where, "a", a, "b", b)
    chosen = _indices(rows, len(a))
    d = a.shape[1]
    if len(chosen) == 0:
        return Similarity(1.0, np.eye(d), np.zeros(d))
    mean_a, mean_b = a[chosen].mean(0), b[chosen].mean(0)
    from_, to = a[chosen] - mean_a, b[chosen] - mean_b
    size = np.abs(from_).max()
    if size <= max(ROUNDING * np.abs(a).max(), 1 / LARGEST):
        return Similarity(1.0, np.eye(d), mean_b - mean_a)
    from_ /= size
    u, stretch, v = np.linalg.svd(to.T @ from_)
    if stretch[-1] <= ROUNDING * len(chosen) * stretch[0] and np.linalg.det(u @ v) < 0:
        u[:, -1] *= -1
    rotation = u @ v
    scale = float(stretch.sum() / (from_**2).sum() / size)
    return Similarity(scale, rotation, mean_b - scale * (rotation @ mean_a))


def _indices(rows: np.ndarray, n: int) -> np.ndarray:
    rows = np.asarray(rows)
    if rows.size == 0:
        rows = rows.astype(np.intp)
    mask = rows.dtype == bool and rows.shape == (n,)
    if mask:
        return np.flatnonzero(rows)
    if rows.ndim != 1 or rows.dtype.kind not in "iu" or (rows >= n).any() or (rows < 0).any():
        raise ValueError(
            f"fit_similarity: rows must be a mask ({n},) or indices from 0 to {n - 1}, got"
            f" {rows.dtype} of shape {rows.shape}"
        )
    return rows
