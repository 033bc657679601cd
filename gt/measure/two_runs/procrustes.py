"""Orthogonal Procrustes: the turn that lays one cloud of points onto another, and what it leaves.

A hidden layer's coordinates have no names that two networks share: what one calls its third unit may be any mixture of
the other's. A turn (an orthogonal matrix, which may mirror) takes that away and changes no distance among the points,
so that what is left between the clouds is a difference of the networks.

Source: Schönemann, A generalized solution of the orthogonal Procrustes problem, 1966, doi:10.1007/BF02289451; as a
distance between layers: Ding, Denain & Steinhardt, Grounding representation similarity, 2021, arXiv:2108.01661.
"""

from __future__ import annotations

import numpy as np


def padded(x: np.ndarray, p: int) -> np.ndarray:
    """Points with zeros behind their coordinates.

    Args:
        x: ``(..., k)``.
        p: At least k.

    Returns:
        ``(..., p)``, in the type of ``x``.

    Raises:
        ValueError: If ``p < k``.
    """
    if p < x.shape[-1]:
        raise ValueError(f"padded: p must be at least {x.shape[-1]}, got {p}")
    return np.pad(x, [(0, 0)] * (x.ndim - 1) + [(0, p - x.shape[-1])])


def best_turn(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The turn R for which ``b @ R`` is nearest to ``a``.

    Args:
        a: ``(n, p)`` or ``(e, n, p)``, about its middle; of several epochs one turn is found for all.
        b: Of the same shape; row i is the same point.

    Returns:
        ``(p, p)`` float64, orthogonal; its determinant is 1 or -1.

    Raises:
        ValueError: If the shapes differ.

    Source: Schönemann 1966.
    """
    if a.shape != b.shape:
        raise ValueError(f"best_turn: a and b must have one shape, got {a.shape} and {b.shape}")
    u, _, vt = np.linalg.svd(_crossed(b, a))
    return np.asarray(u @ vt)


def left_by(a: np.ndarray, b: np.ndarray) -> float:
    """What is left between two clouds, as a share.

    Args:
        a: ``(n, p)``.
        b: ``(n, p)``, turned towards ``a``.

    Returns:
        The sum of squared distances between the same points by the sum of both clouds' squared lengths. 0 where they
        lie on each other, 1 where they have nothing in common (no turn leaves more, once it is the best), at most 2.
    """
    size = _squared(a) + _squared(b)
    return _squared(np.asarray(a, np.float64) - b) / size if size else 0.0


def left_by_best(a: np.ndarray, b: np.ndarray) -> float:
    """What the best turn and shift of these clouds alone would leave, in the unit of `left_by`.

    Args:
        a: ``(n, p)``.
        b: ``(n, p)``.

    Returns:
        Never more than `left_by` of the same clouds, however ``b`` is turned.
    """
    size = _squared(a) + _squared(b)
    x, y = _about_mean(a), _about_mean(b)
    return max(0.0, (_squared(x) + _squared(y) - 2 * _nuclear(x, y)) / size) if size else 0.0


def procrustes_distance(a: np.ndarray, b: np.ndarray) -> float:
    """How far apart two layers are, whatever turn, shift and size they have.

    Args:
        a: ``(n, p)``.
        b: ``(n, q)``, of the same points.

    Returns:
        ``1 - |A'B|_* / (|A| |B|)``, about the means, with the nuclear norm: half of Ding et al.'s squared distance of
        clouds of size 1. 0 for the same shape, 1 for nothing in common. 1 where one cloud is a single place, and the
        other is not; 0 where both are.

    Source: Ding et al. 2021.
    """
    x, y = _about_mean(a), _about_mean(b)
    size = np.sqrt(_squared(x) * _squared(y))
    if not size:
        return 0.0 if _squared(x) == _squared(y) else 1.0
    return float(np.clip(1 - _nuclear(x, y) / size, 0, 1))


def spread(x: np.ndarray) -> float:
    """Root of the mean squared distance from the middle; of several epochs of them together."""
    rows = np.asarray(x, np.float64).reshape(-1, x.shape[-1])
    return float(np.sqrt(((rows - rows.mean(0)) ** 2).sum(1).mean()))


def _crossed(b: np.ndarray, a: np.ndarray) -> np.ndarray:
    """``b'a``, summed over all rows in float64, an epoch at a time."""
    if a.ndim == 2:
        return np.asarray(b.T.astype(np.float64) @ a.astype(np.float64))
    return np.asarray(sum(_crossed(y, x) for x, y in zip(a, b, strict=True)))


def _nuclear(x: np.ndarray, y: np.ndarray) -> float:
    return float(np.linalg.svd(y.T @ x, compute_uv=False).sum())


def _squared(x: np.ndarray) -> float:
    return float((np.asarray(x, np.float64) ** 2).sum())


def _about_mean(x: np.ndarray) -> np.ndarray:
    wide = np.asarray(x, np.float64)
    return wide - wide.mean(0)
