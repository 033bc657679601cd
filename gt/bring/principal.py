"""Leading principal coordinates, of what is wider than a picture bears.

Source: Jolliffe, Principal component analysis, 2002, doi:10.1007/b98835; by ARPACK where the matrix is large.
"""

from __future__ import annotations

import numpy as np

WHOLE = 1200  # rows and columns of a matrix up to which all eigenvectors are found at once


def leading(values: np.ndarray, k: int) -> tuple[np.ndarray, float]:
    """Points in their k leading principal coordinates, over all epochs at once.

    Args:
        values: ``(e, n, p)`` float64 about their middle, k < p.
        k: How many.

    Returns:
        ``(e, n, k)`` float64, and the share of the variance that they keep.
    """
    flat = values.reshape(-1, values.shape[2])
    flat = flat - flat.mean(axis=0)
    m, p = flat.shape
    k = min(k, m, p)
    wide = p > m
    if min(m, p) <= WHOLE:
        _, vectors = np.linalg.eigh(flat @ flat.T if wide else flat.T @ flat)
        vectors = vectors[:, ::-1][:, :k]
    else:
        vectors = _by_products(flat, k, wide)
    if wide:
        vectors = flat.T @ vectors
        vectors, _ = np.linalg.qr(vectors)
    signs = np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(vectors.shape[1])])
    found = flat @ (vectors * np.where(signs == 0, 1, signs))
    whole = float((flat**2).sum())
    kept = float((found**2).sum()) / whole if whole else 1.0
    return found.reshape(*values.shape[:2], -1), min(kept, 1.0)


def _by_products(flat: np.ndarray, k: int, wide: bool) -> np.ndarray:
    """Leading eigenvectors ``(rows or columns, k)`` of a Gram matrix that is not written out."""
    from scipy.sparse.linalg import LinearOperator, eigsh

    def product(v: np.ndarray) -> np.ndarray:
        return flat @ (flat.T @ v) if wide else flat.T @ (flat @ v)

    size = len(flat) if wide else flat.shape[1]
    start = np.random.default_rng(0).normal(size=size)
    found, vectors = eigsh(
        LinearOperator((size, size), product, dtype=np.float64), k, v0=start, tol=1e-6
    )
    return np.asarray(vectors[:, np.argsort(found)[::-1]])
