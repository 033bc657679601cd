"""The leading singular triplets of an operator, from products with it and its transpose.

Lanczos on the Gram operator of the smaller side, see `gt.align.lanczos`. Where nearly all triplets are
wanted, Lanczos has nothing to leave out; then the images of the smaller side's unit vectors, of which
there are hardly more than k, are decomposed directly. Operators that do the same in many places, where
each value stands as often, have a closed form, see `gt.align.closed`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gt.align import closed
from gt.align.lanczos import leading_vectors
from gt.layers.operators import Convolution, Dense, Diagonal, Operator, Pooling

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
    known = _closed(operator, k, seed)
    if known is not None:
        left, sigma, right = known
    elif min(operator.shape) < max(SPARE * k, 16):
        left, sigma, right = _direct(operator)
    else:
        left, sigma, right = _lanczos(operator, k, seed)
    signs = np.where(left[np.abs(left).argmax(0), np.arange(left.shape[1])] < 0, -1.0, 1.0)
    return Triplets((left * signs)[:, :k], sigma[:k], (right * signs)[:, :k])


def _closed(
    operator: Operator, k: int, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """The k leading triplets of an operator that has a closed form, None for one that has none."""
    if isinstance(operator, Pooling):
        return operator.triplets(k)
    if isinstance(operator, Diagonal):
        _check_finite(operator.factors)
        return closed.of_factors(operator, k)
    if isinstance(operator, Convolution):
        _check_finite(operator.weight)
        return closed.of_windows(operator, k)
    if isinstance(operator, Dense) and operator.times > 1:
        _check_finite(operator.matrix)
        one = leading_triplets(Dense(operator.matrix), -(-k // operator.times), seed=seed)
        return closed.of_each(one.left, one.sigma, one.right, operator.times, k)
    return None


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
    from threadpoolctl import threadpool_limits

    d_in, d_out = operator.shape
    narrow_in = d_in <= d_out
    forth = operator.apply if narrow_in else operator.adjoint
    back = operator.adjoint if narrow_in else operator.apply
    try:
        with threadpool_limits(1, user_api="blas"):  # its products are too small for two to gain
            found = leading_vectors(lambda x: back(forth(x)), min(d_in, d_out), k, seed)
    except ArithmeticError as error:
        raise ArithmeticError(
            f"leading_triplets: {k} triplets of a {d_in} x {d_out} operator must converge,"
            f" they did not ({error})"
        ) from error
    # images of orthonormal vectors, decomposed: orthonormal on the other side too, whatever their sizes
    other, sigma, turned = np.linalg.svd(forth(found).T, full_matrices=False)
    own = found.T @ turned.T
    return (own, sigma, other) if narrow_in else (other, sigma, own)


def _check_finite(values: np.ndarray) -> None:
    if not np.isfinite(values).all():
        raise ValueError("leading_triplets: the operator must give finite values, it gave others")
