"""How one state's coordinates are turned into those of the next, so that only what is no rotation moves.

Between two states a pair of orthonormal bases is chosen, one of the k coordinates before the layer and one of the
k behind it, in which the layer's linear part is a diagonal of singular values; in them the layer is a
scaling, coordinate by coordinate. What takes the one basis to the other is orthogonal, and that is what the
tour matrix absorbs. Source: Li, Zhao and Scheidegger 2020, doi:10.23915/distill.00025, technical details;
Procrustes: Schönemann 1966, doi:10.1007/BF02289451.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NOTHING = 1e-9  # a singular value below this share of the largest is none
LEAN = 1e-9  # how much stillness weighs where nothing else decides


@dataclass(frozen=True)
class Pair:
    """A pair of orthonormal bases, one on each side of a transition.

    Attributes:
        left: ``(k, k)`` orthogonal; columns are directions of the coordinates before.
        right: ``(k, k)`` orthogonal; columns are directions of the coordinates behind.
        sigma: ``(k,)`` factors: coordinate i of ``z_before @ left`` goes to coordinate i of ``z_behind @ right``.
        residual: Share of the motion that neither turning nor scaling explains, where the pair was found from
            the points alone.
    """

    left: np.ndarray
    right: np.ndarray
    sigma: np.ndarray
    residual: float | None = None

    @property
    def turn(self) -> np.ndarray:
        """``(k, k)``: coordinates before times this are in the axes of those behind."""
        return self.left @ self.right.T


def still(k: int) -> Pair:
    """The pair of a layer that goes value by value."""
    return Pair(np.eye(k), np.eye(k), np.ones(k))


def singular_pair(block: np.ndarray, before: np.ndarray, behind: np.ndarray) -> Pair:
    """The pair of a linear part between the coordinates of two states.

    Directions that the layer drops, and those that come from nowhere, have no partner by its weights; they are
    paired so that the points move least.

    Args:
        block: ``(k, k)``, the linear part in these coordinates; zeros where a state has fewer.
        before: ``(n, k)`` coordinates of the points.
        behind: ``(n, k)``.

    Returns:
        The two bases, each ``(k, k)``.
    """
    left, sigma, right = np.linalg.svd(block)
    right = right.T
    none = sigma <= NOTHING * max(float(sigma[0]), 1e-300)
    if none.any():
        sigma = np.where(none, 0.0, sigma)
        loose, free = left[:, none], right[:, none]
        cross = loose.T @ _cross(before, behind) @ free + LEAN * (loose.T @ free)
        turned, _, other = np.linalg.svd(cross)
        left[:, none], right[:, none] = loose @ turned, free @ other.T
    return Pair(left, right, sigma)


def procrustes_pair(before: np.ndarray, behind: np.ndarray) -> Pair:
    """The pair of a layer of which only the points are known: the turn that moves them least.

    Args:
        before: ``(n, k)`` coordinates of the points.
        behind: ``(n, k)``.

    Returns:
        The pair, with the share of the points' variance behind the layer that turning and one scaling leave
        unexplained (0 for a rotation, 1 for noise).
    """
    k = before.shape[1]
    left, _, right = np.linalg.svd(_cross(before, behind) + LEAN * np.eye(k))
    right = right.T
    scale, residual = scaled(before @ left, behind @ right)
    return Pair(left, right, np.full(k, scale), residual)


def scaled(before: np.ndarray, behind: np.ndarray) -> tuple[float, float]:
    """The one factor that takes points ``(n, k)`` to those behind, each less their mean, as near as can be.

    Returns:
        The factor; and the share of the variance behind that it leaves unexplained, 0 where nothing varies.
    """
    a, b = _centred(before), _centred(behind)
    power, wanted = float((a**2).sum()), float((b**2).sum())
    factor = float((a * b).sum()) / power if power > 0 else 0.0
    return factor, float(((b - factor * a) ** 2).sum()) / wanted if wanted > 0 else 0.0


def carry(turns: list[np.ndarray], k: int) -> np.ndarray:
    """Carry the axes of the last state back through all transitions.

    Args:
        turns: ``(k, k)`` for each transition, `Pair.turn`.
        k: Coordinates.

    Returns:
        ``(states, k, k)`` orthogonal: coordinates of state l times the l-th are in the axes of the last
        state, which are its own; one tour matrix then shows all states, and none of them jumps.
    """
    carried = [np.eye(k)]
    for turn in reversed(turns):
        carried.append(turn @ carried[-1])
    return np.stack(carried[::-1])


def _centred(points: np.ndarray) -> np.ndarray:
    return points - points.mean(0) if len(points) else points


def _cross(before: np.ndarray, behind: np.ndarray) -> np.ndarray:
    """``beforeᵀ behind`` of centred points, each scaled to unit size."""
    a, b = _centred(before), _centred(behind)
    size = float(np.linalg.norm(a) * np.linalg.norm(b))
    return a.T @ b / size if size > 0 else np.zeros((before.shape[1], behind.shape[1]))
