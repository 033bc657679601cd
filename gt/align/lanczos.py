"""The leading eigenvectors of a symmetric map of which only products are known: ARPACK's Lanczos, and a proof of it.

The iteration is scipy's `eigsh` (implicitly restarted Lanczos). Most of its time goes into keeping vectors orthogonal,
and values that lie close together (64 within a few percent, for a wide convolution) take many of them. So a rough
search says about where the k-th value lies, and the map is sharpened by a Chebyshev polynomial that is small below it
and steep above: 329 vectors instead of 820 for 64 triplets of a convolution 12,544 wide, in half the time.

The iteration begins with one vector and so sees one copy of an eigenvalue, however often that stands; further copies
come by rounding, or do not, and the values behind them are taken in their place without a word. Two things are
therefore asked of what it found before it is believed:

- each vector is one: its residual, from a product of its own, is small;
- none is missing: in what is left when they are taken out, from a fresh random vector, no larger value is
  found. If one is, it takes its place among them, and the rest is searched again.

Source: Lehoucq, Sorensen and Yang, ARPACK users' guide, 1998, doi:10.1137/1.9780898719628; deflation: Parlett, The
symmetric eigenvalue problem, 1998, doi:10.1137/1.9781611971163, section 5; filters: Saad, Chebyshev acceleration
techniques for solving nonsymmetric eigenvalue problems, 1984, doi:10.1090/S0025-5718-1984-0736453-8.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

ROOM = 3  # times k vectors are kept orthogonal; 64 of 200,704 values take 0.3 GB
LEAST_ROOM = 24  # vectors, however few are wanted
SETTLED = 1e-9  # residual of an eigenvector, of twice the largest eigenvalue
PROBED = 1e-5  # the same of one that only says whether something was missed
EQUAL = 1e-7  # of the largest eigenvalue: what is beyond the k-th by less is not larger
TRUE = 1e-6  # of the largest eigenvalue: residuals as they are measured at the end
AT_ONCE = 8  # that were missed and are searched together
RESTARTS = 300
ROUGH = 0.1  # residual, as of SETTLED, of vectors that only say about where the values lie
BELOW = (
    0.95  # of the k-th value, as it is said, begins what is kept small; it lies below the true one
)
SHARPENED = (
    0.25  # of the largest eigenvalue: a k-th value below it is far from the largest as it is
)
DEGREE = 3  # of the polynomial
SHARP_ROOM = 2  # as ROOM, for the sharpened map
POWERS = 4  # products from which the size of the map is guessed

Product = Callable[[np.ndarray], np.ndarray]


def leading_vectors(product: Product, d: int, k: int, seed: int) -> np.ndarray:
    """The k leading eigenvectors of a symmetric map without negative eigenvalues, equal ones included.

    Args:
        product: Maps rows ``(n, d)`` to rows ``(n, d)``.
        d: Width, ``k <= d``.
        k: How many.
        seed: Of the random vectors that it begins with.

    Returns:
        ``(k, d)`` float64 orthonormal rows, by falling eigenvalue.

    Raises:
        ValueError: If the map gives a value that is not finite.
        ArithmeticError: If they do not settle.
    """
    if d < ROOM * max(k, AT_ONCE):  # no room to iterate in: written out
        _, vectors = np.linalg.eigh(_finite(product(np.eye(d))))
        return np.ascontiguousarray(vectors[:, ::-1][:, :k].T)
    rng = np.random.default_rng(seed)
    size = _size(product, d, rng)
    if size == 0:
        return np.linalg.qr(rng.standard_normal((d, k)))[0].T
    found, values = _first(product, d, k, size, rng)
    for _ in range(2 * k):
        more, theirs = _missed(product, found, values, size, rng)
        if not len(more):
            _check(product, found, values, size)
            return found
        found = np.linalg.qr(np.vstack([found, more]).T)[0].T
        values = np.r_[values, theirs]
        order = np.argsort(-values, kind="stable")[:k]
        found, values = found[order], values[order]
    raise ArithmeticError(f"after {2 * k} searches there was still a larger value")


def _first(
    product: Product, d: int, k: int, size: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """What one search finds: k vectors and their values, falling."""
    none, nothing = np.empty((0, d)), np.empty(0)
    rough, about = _search(product, none, nothing, k, size, ROUGH, rng)
    if about[-1] < SHARPENED * about[0]:
        return _search(product, none, nothing, k, size, SETTLED, rng)
    edge = BELOW * about[-1]  # values in a part of the space are no larger than those of all

    def sharpened(x: np.ndarray) -> np.ndarray:
        def scaled(y: np.ndarray) -> np.ndarray:
            return _finite(product(y)) * (2 / edge) - y

        before, now = x.reshape(1, d), scaled(x.reshape(1, d))
        for _ in range(DEGREE - 1):
            before, now = now, 2 * scaled(now) - before
        return now[0]

    fresh = rng.standard_normal(d)
    start = rough.sum(0) / np.sqrt(k) + fresh / np.linalg.norm(fresh)
    room = min(d, max(SHARP_ROOM * k, LEAST_ROOM))
    _, vectors = iterate(
        sharpened, d, k, v0=start, ncv=room, maxiter=RESTARTS, tol=SETTLED, rng=rng
    )
    found = np.ascontiguousarray(vectors.T)
    values = np.einsum("ij,ij->i", product(found), found)
    order = np.argsort(-values, kind="stable")
    return found[order], values[order]


def _missed(
    product: Product, found: np.ndarray, values: np.ndarray, size: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvectors and values that are larger than the last of those that were found; none if those are all."""
    _, first = _search(product, found, values, 1, size, PROBED, rng)
    if first[0] <= values[-1] + EQUAL * size:
        return found[:0], first[:0]
    beyond = min(AT_ONCE, len(found))
    more, theirs = _search(product, found, values, beyond, size, SETTLED, rng)
    return more[theirs > values[-1]], theirs[theirs > values[-1]]


def _search(
    product: Product,
    held: np.ndarray,
    values: np.ndarray,
    count: int,
    size: float,
    settled: float,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """The leading vectors beyond those held, ``(count, d)``, and their values, falling.

    The map is raised by its size, and what is held is lowered to nothing: then every value that is searched is far
    from it, and a residual is judged by the largest value, not by one that may be zero.
    """
    d = held.shape[1]
    start = rng.standard_normal((d,))
    start -= held.T @ (held @ start)

    def raised(x: np.ndarray) -> np.ndarray:
        row = x.reshape(1, d)
        lowered = ((row @ held.T) * (values + size)) @ held
        out: np.ndarray = (_finite(product(row)) + size * row - lowered)[0]
        return out

    theirs, vectors = iterate(
        raised,
        d,
        k=count,
        v0=start,
        ncv=min(d, max(ROOM * max(count, len(held)), LEAST_ROOM)),
        maxiter=RESTARTS,
        tol=settled,
        rng=rng,  # of vectors that it needs where a map has few values
    )
    return np.ascontiguousarray(vectors[:, ::-1].T), theirs[::-1] - size


def iterate(product: Product, d: int, k: int, **options: Any) -> tuple[np.ndarray, np.ndarray]:
    """The k largest eigenvalues, rising, and their vectors ``(d, k)``, by ARPACK; options are those of `eigsh`."""
    from scipy.sparse.linalg import (  # the server reads alignments, and starts without it
        ArpackError,
        ArpackNoConvergence,
        LinearOperator,
        eigsh,
    )

    operator = LinearOperator((d, d), matvec=product, dtype=np.float64)
    try:
        theirs, vectors = eigsh(operator, k=k, which="LA", **options)
    except ArpackNoConvergence as error:
        raise ArithmeticError(f"{len(error.eigenvalues)} of {k} settled") from error
    except ArpackError as error:
        raise ArithmeticError(f"ARPACK: {error}") from error
    return theirs, vectors


def _size(product: Product, d: int, rng: np.random.Generator) -> float:
    """About the largest eigenvalue, by a few products: no more than it is, and seldom below half."""
    x, size = rng.standard_normal((1, d)), 0.0
    for _ in range(POWERS):
        x /= np.linalg.norm(x)
        x = _finite(product(x))
        size = float(np.linalg.norm(x))
        if size == 0:
            break
    return size


def _check(product: Product, found: np.ndarray, values: np.ndarray, size: float) -> None:
    off = np.linalg.norm(product(found) - values[:, None] * found, axis=1)
    true = off <= TRUE * max(size, float(values[0]))
    if not true.all():
        raise ArithmeticError(f"{true.sum()} of {len(true)} are eigenvectors")


def _finite(made: np.ndarray) -> np.ndarray:
    if not np.isfinite(made).all():
        raise ValueError("leading_triplets: the operator must give finite values, it gave others")
    return made
