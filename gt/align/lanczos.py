"""Block Lanczos with thick restarts: the leading eigenvectors of a symmetric map of which only products are known.

A wide convolution has its leading singular values close together (64 within a percent), so two thousand products
are needed, and most of the time goes into keeping vectors orthogonal. In blocks that is done by products of
matrices, not one vector against each. A block also finds equal values as often as it is wide; beyond that,
what was found is tried once more with a fresh random block, until nothing new comes of it.

Source: Golub and Underwood, The block Lanczos method for computing eigenvalues, 1977; thick restarts: Wu and Simon
2000, doi:10.1137/S0895479898334605.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

BLOCK = 8  # vectors that are multiplied together
ROOM = 10  # times k vectors are kept orthogonal before a restart; 64 of 200,704 values take 1 GB
SETTLED = 1e-8  # residual of an eigenvector, of the largest eigenvalue
EQUAL = 1e-7  # eigenvalues that differ by less, of the largest, count as equal
NOISE = 1e-12  # of the largest eigenvalue: what is left of a product by rounding
CLEAN = 1e-4  # of the largest eigenvalue: what is left of a product by more is orthogonal to the others as it is
TRIED = 32  # blocks from a fresh one, to see whether something was missed
RESTARTS = 300


def leading_vectors(
    product: Callable[[np.ndarray], np.ndarray], d: int, k: int, seed: int
) -> np.ndarray:
    """The k leading eigenvectors of a symmetric map without negative eigenvalues.

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
    rng = np.random.default_rng(seed)
    room = min(d, max(ROOM * k, 10 * BLOCK))
    rows, inner = np.empty((room, d)), np.zeros((room, room))  # orthonormal, and the map in them
    front = _put(rows, 0, rng.standard_normal((BLOCK, d)))  # how many of them have no product yet
    n, since, before, restarts, end = front, 0, None, 0, room
    while True:
        made = product(rows[n - front : n])
        if not np.isfinite(made).all():
            raise ValueError(
                "leading_triplets: the operator must give finite values, it gave others"
            )
        near = made @ rows[since:n].T  # the rest is nearly zero by symmetry
        made = made - near @ rows[since:n]
        within = made @ rows[:n].T
        made -= within @ rows[:n]
        within[:, since:] += near
        inner[n - front : n, :n], inner[:n, n - front : n] = within, within.T
        largest = float(np.abs(inner[:n, :n]).max())
        fresh, sizes = _orthonormal(made, NOISE * largest)
        if len(fresh) and n + len(fresh) <= end:
            if np.linalg.norm(sizes, axis=0).min() > CLEAN * largest:
                rows[n : n + len(fresh)] = fresh
            else:
                _put(rows, n, fresh)
            since, front, n = n - front, len(fresh), n + len(fresh)
            continue
        values, vectors = np.linalg.eigh(inner[:n, :n])
        values, vectors = values[::-1], vectors[:, ::-1]
        off = np.linalg.norm(sizes.T @ vectors[n - front : n], axis=0)
        done = n >= k and bool((off[:k] <= SETTLED * max(float(values[0]), 1e-300)).all())
        again = before is not None and float(values[k - 1] - before) <= EQUAL * float(values[0])
        if n >= d or (done and again):
            return np.asarray(vectors[:, :k].T @ rows[:n])
        restarts += 1
        if restarts > RESTARTS:
            raise ArithmeticError(f"{(off[:k] <= SETTLED * values[0]).sum()} of {k} settled")
        if done:  # is there what no vector so far had a share in?
            before, kept, fresh = float(values[k - 1]), k, fresh[:0]
            end = min(room, k + TRIED * BLOCK)
        else:
            kept, end = min(n, k + k // 2 + BLOCK, max(k, room - 3 * BLOCK)), room
        rows[:kept] = vectors[:, :kept].T @ rows[:n]
        inner[:] = 0
        inner[range(kept), range(kept)] = values[:kept]
        n = kept + _put(rows, kept, fresh if len(fresh) else rng.standard_normal((BLOCK, d)))
        since, front = 0, n - kept


def _put(rows: np.ndarray, n: int, more: np.ndarray) -> int:
    """Write what vectors add to the first n rows behind them, as far as there is room; how many that were."""
    more = more[: len(rows) - n]
    for _ in range(2):
        more = more - (more @ rows[:n].T) @ rows[:n]
        more = np.linalg.qr(more.T)[0].T
    rows[n : n + len(more)] = more
    return len(more)


def _orthonormal(made: np.ndarray, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Orthonormal rows ``(r, d)`` and sizes ``(n, r)`` of which these rows are made, but for noise."""
    q, r = np.linalg.qr(made.T)
    left, sizes, right = np.linalg.svd(r)
    real = sizes > noise
    return (q @ left[:, real]).T, right.T[:, real] * sizes[real]
