"""The leading singular triplets of an operator, from products with it and its transpose.

Lanczos on the Gram operator of the smaller side (ARPACK, through scipy). Where nearly all triplets are
wanted, Lanczos has nothing to leave out; then the images of the smaller side's unit vectors, of which
there are hardly more than k, are decomposed directly.

Source: Lehoucq, Sorensen and Yang, ARPACK Users' Guide, SIAM 1998.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gt.align.operator import Operator
from gt.align.pooling import Pooling

EQUAL = 1e-7  # singular values that differ by less, relative, count as equal
MORE = 4  # how many triplets are asked for of the rest, first
SPARE = 3  # Lanczos has room to work in only where the smaller side is this many times k


@dataclass(frozen=True)
class Triplets:
    """``left.T M right`` is the diagonal of ``sigma``: in these bases M is a plain scaling.

    Attributes:
        left: ``(d_in, r)`` float64, orthonormal columns.
        sigma: ``(r,)`` float64, falling, not negative.
        right: ``(d_out, r)`` float64, orthonormal columns.
    """

    left: np.ndarray
    sigma: np.ndarray
    right: np.ndarray


def leading_triplets(operator: Operator, k: int, *, seed: int = 0) -> Triplets:
    """The k leading singular triplets of an operator; fewer where its smaller side is narrower.

    The sign of each pair is settled: the largest entry of its left vector is positive.

    Args:
        operator: Of shape ``(d_in, d_out)``.
        k: How many, at least one.
        seed: Of the first vector of the iteration.

    Returns:
        ``min(k, d_in, d_out)`` triplets.

    Raises:
        ValueError: If k is below one, or the operator gives a value that is not finite.
        ArithmeticError: If the iteration does not converge.
    """
    if k < 1:
        raise ValueError(f"leading_triplets: k must be at least 1, got {k}")
    if isinstance(operator, Pooling):
        left, sigma, right = operator.triplets(k)
    elif min(operator.shape) < max(SPARE * k, 16):
        left, sigma, right = _direct(operator)
    else:
        left, sigma, right = _lanczos(operator, k, seed)
    signs = np.where(left[np.abs(left).argmax(0), np.arange(left.shape[1])] < 0, -1.0, 1.0)
    return Triplets((left * signs)[:, :k], sigma[:k], (right * signs)[:, :k])


def _direct(operator: Operator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All triplets, from the images of the smaller side's unit vectors."""
    d_in, d_out = operator.shape
    wide = d_in <= d_out
    image = operator.apply(np.eye(d_in)) if wide else operator.adjoint(np.eye(d_out)).T
    _check_finite(image)
    left, sigma, right = np.linalg.svd(image, full_matrices=False)
    return left, sigma, right.T


def _lanczos(operator: Operator, k: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The k leading triplets, equal ones included."""
    d_in, d_out = operator.shape
    rng = np.random.default_rng(seed)
    left, sigma, right = np.empty((d_in, 0)), np.empty(0), np.empty((d_out, 0))
    wanted = k
    while True:
        found = _of_the_rest(operator, wanted, rng, left, sigma, right)
        new = found[1] > (sigma[k - 1] * (1 + EQUAL) if len(sigma) >= k else 0.0)
        if not new.any() and len(sigma) >= k:
            return left[:, :k], sigma[:k], right[:, :k]
        left = np.hstack([left, found[0]])
        sigma = np.concatenate([sigma, found[1]])
        right = np.hstack([right, found[2]])
        order = np.argsort(-sigma, kind="stable")[:k]
        left, sigma, right = left[:, order], sigma[order], right[:, order]
        wanted = MORE if wanted == k else min(k, 2 * wanted)


def _of_the_rest(
    operator: Operator,
    k: int,
    rng: np.random.Generator,
    left: np.ndarray,
    sigma: np.ndarray,
    right: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The k leading triplets of an operator from which some were taken out."""
    from scipy.sparse.linalg import ArpackError, LinearOperator, svds

    d_in, d_out = operator.shape

    def apply(x: np.ndarray) -> np.ndarray:
        x = x.ravel() - left @ (left.T @ x.ravel())
        y = operator.apply(x[None])[0]
        return y - right @ (right.T @ y)

    def adjoint(y: np.ndarray) -> np.ndarray:
        y = y.ravel() - right @ (right.T @ y.ravel())
        x = operator.adjoint(y[None])[0]
        return x - left @ (left.T @ x)

    k = min(k, min(d_in, d_out) - len(sigma) - 1)
    start = rng.standard_normal(min(d_in, d_out))
    probe = apply(start) if d_in <= d_out else adjoint(start)
    _check_finite(probe)
    scale = sigma[0] if len(sigma) else 0.0
    if k < 1 or np.linalg.norm(probe) <= EQUAL * scale * np.linalg.norm(start):
        # a random vector is in no kernel but that of the zero map
        return _complement(left, k), np.zeros(max(k, 0)), _complement(right, k)
    matrix = LinearOperator((d_in, d_out), matvec=adjoint, rmatvec=apply, dtype=np.float64)
    try:
        found, values, others = svds(matrix, k=k, v0=start, solver="arpack")
    except ArpackError as error:
        raise ArithmeticError(
            f"leading_triplets: {k} triplets of a {d_in} x {d_out} operator must converge,"
            f" they did not ({error})"
        ) from error
    order = np.argsort(-values, kind="stable")
    return found[:, order], values[order], others[order].T


def _complement(basis: np.ndarray, k: int) -> np.ndarray:
    """Orthonormal columns ``(d, k)`` that are orthogonal to those of a basis ``(d, r)``."""
    if k < 1:
        return np.empty((len(basis), 0))
    r = basis.shape[1]
    return np.linalg.qr(np.hstack([basis, np.eye(len(basis), r + k)]))[0][:, r : r + k]


def _check_finite(values: np.ndarray) -> None:
    if not np.isfinite(values).all():
        raise ValueError("leading_triplets: the operator must give finite values, it gave others")
