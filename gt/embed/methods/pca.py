"""PCA: one basis for all epochs together, so that what moves in the picture moved in the data."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from gt.embed.method import EmbedError, Method, register

WIDEST = 4096  # coordinates whose covariance is still diagonalised: 128 MB


def principal_basis(data: Callable[[int], np.ndarray], indices: Iterable[int]) -> np.ndarray:
    """The two directions of most variance of several epochs' points taken together.

    Args:
        data: Gives the ``(n, p)`` points of an epoch index.
        indices: Of the epochs.

    Returns:
        ``(p, 2)`` float64 with orthonormal columns; the largest entry of each is positive.

    Raises:
        EmbedError: If p is above 4,096.
    """
    total, outer, count = np.zeros(0), np.zeros((0, 0)), 0
    for index in indices:
        x = np.asarray(data(index), np.float64)
        if not count:
            p = x.shape[1]
            if p > WIDEST:
                raise EmbedError(
                    f"PCA takes layers of up to {WIDEST} coordinates, this one has {p};"
                    " choose a later layer."
                )
            total, outer = np.zeros(p), np.zeros((p, p))
        total += x.sum(0)
        outer += x.T @ x
        count += len(x)
    if not count:
        raise EmbedError("at least one epoch is needed, none came", by="embed")
    mean = total / count
    _, vectors = np.linalg.eigh(outer / count - np.outer(mean, mean))
    basis = vectors[:, ::-1][:, :2]
    if basis.shape[1] < 2:
        basis = np.pad(basis, ((0, 0), (0, 2 - basis.shape[1])))
    signs = np.sign(basis[np.abs(basis).argmax(0), np.arange(2)])
    return basis * np.where(signs == 0, 1, signs)


register(
    Method(
        "pca",
        "PCA",
        "linear",
        "The two directions in which the points of all epochs together spread most.",
        place=70,
        color="#438cc2",
        shown=True,
        basis=lambda data, epochs: principal_basis(data, range(epochs)),
    )
)
