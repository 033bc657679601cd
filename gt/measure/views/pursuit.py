"""Searches for the plane in which points look least like a normal cloud, and what the same searches find in one.

A search sees the points sphered: their leading principal components, each over its deviation. A plane of these is a
plane of the picture too, stretched; there it is shown as it is, unstretched. What a search finds is told on points
that it did not see, wherever the answer is not of single points.

Their null is a normal cloud of as many points with the same covariance, which sphered is a standard one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gt.measure.check import numbers
from gt.measure.views.chance import SHUFFLES, Null
from gt.measure.views.indices import central_mass, holes, kurtosis
from gt.measure.views.planes import NOTHING, in_picture, spanned

SHARE = 0.99  # of the variance, whose components are looked at ...
MOST = 10  # ... of them at most: in more a search finds planes that are empty by chance
SEARCHED = 2000  # points on which a search goes, at most
STARTS, STEPS = 6, 60
LEAST = 10  # points
ONCE_IN = 20  # samples of normal points one has an outlier, in a plane that was not searched for
SEED = 0


@dataclass(frozen=True)
class Sphered:
    """Points whose covariance is 1 in every direction.

    Attributes:
        y: ``(n, r)``, r at least 2.
        back: ``(k, r)``: a direction a of ``y`` is ``back @ a`` in the picture, up to its length.
        share: Of the variance, what these r components have.
    """

    y: np.ndarray
    back: np.ndarray
    share: float


@dataclass(frozen=True)
class Pursued:
    """A plane that was searched for.

    Attributes:
        columns: ``(k, 2)`` float64 orthonormal, of the picture.
        index: Its index, on `unseen` points.
        unseen: How many points the search did not see.
        components: How many principal components were looked at ...
        share: ... and what part of the variance they have.
    """

    columns: np.ndarray
    index: float
    unseen: int
    components: int
    share: float


@dataclass(frozen=True)
class Outlying:
    """The plane that shows outliers.

    Attributes:
        columns: ``(k, 2)`` float64 orthonormal, of the picture.
        kurtosis: Of the first axis and of the second, see `gt.measure.views.indices.kurtosis`.
        rows: ``(m,)`` the points that lie beyond `reach`, the farthest first.
        reach: Deviations from the middle of the sphered plane, beyond which one in `ONCE_IN` normal samples of as many
            points has any.
        components: How many principal components were looked at.
    """

    columns: np.ndarray
    kurtosis: tuple[float, float]
    rows: np.ndarray
    reach: float
    components: int


def sphered(z: np.ndarray) -> Sphered:
    """Sphere points: the leading principal components, those with `SHARE` of the variance and `MOST` at the most.

    Args:
        z: ``(n, k)``, n at least `LEAST`.

    Raises:
        ValueError: If there are fewer points, or they spread in fewer than two directions.
    """
    where = "sphered"
    z = numbers(where, "z", z, "nk")
    if len(z) < LEAST:
        raise ValueError(f"{where}: there must be {LEAST} points or more, got {len(z)}")
    x, back = spanned(z)
    if x.shape[1] < 2:
        raise ValueError(f"{where}: points must spread in two directions or more, got {x.shape[1]}")
    variance = (x**2).mean(0)  # falling: these are principal components
    total = np.cumsum(variance) / variance.sum()
    r = int(np.clip(np.searchsorted(total, SHARE) + 1, 2, min(MOST, x.shape[1])))
    deviation = np.sqrt(variance[:r])
    return Sphered(x[:, :r] / deviation, back[:, :r] / deviation, float(total[r - 1]))


def emptiest(z: np.ndarray) -> Pursued:
    """Search for the plane with the emptiest middle, by `holes`.

    Args:
        z: ``(n, k)``, as `sphered` takes it.
    """
    return _pursued(z, -1, holes)


def fullest(z: np.ndarray) -> Pursued:
    """Search for the plane in which most points crowd in the middle, by `central_mass`.

    Args:
        z: ``(n, k)``, as `sphered` takes it.
    """
    return _pursued(z, 1, central_mass)


def normal_pursuit(n: int, components: int, *, full: bool, times: int = SHUFFLES) -> Null:
    """The indices that `emptiest` or `fullest` finds in normal clouds.

    Args:
        n: Points in each.
        components: Of the sphered points that were looked at.
        full: Whether it is `fullest`.
        times: How many clouds.
    """
    rng = np.random.default_rng(SEED)
    sign, index = (1, central_mass) if full else (-1, holes)
    return Null(
        tuple(
            _told(rng.standard_normal((n, components)), sign, index, rng)[1] for _ in range(times)
        )
    )


def outliers(z: np.ndarray) -> Outlying:
    """Search for the plane whose axes have the largest kurtosis, which few points far out make large.

    Each axis goes uphill from the directions of the points that lie farthest out and from some by chance; the mean
    fourth power is convex, so that each step to its gradient's direction goes up. The second axis is uncorrelated with
    the first.

    Source: Pena & Prieto 2001, doi:10.1198/004017001316975899, which looks for such directions; the step: Hyvärinen &
    Oja 1997, doi:10.1162/neco.1997.9.7.1483.

    Args:
        z: ``(n, k)``, as `sphered` takes it.
    """
    one = sphered(z)
    plane = _peaked(one.y, np.random.default_rng(SEED))
    shown = one.y @ plane
    far = (shown**2).sum(1)
    reach = -2 * np.log(1 / (ONCE_IN * len(z)))  # of the chi squared distribution with two degrees
    order = np.argsort(-far, kind="stable")
    a, b = kurtosis(shown)
    columns = in_picture(one.back @ plane, z)
    rows = order[far[order] > reach]
    return Outlying(columns, (float(a), float(b)), rows, float(np.sqrt(reach)), one.y.shape[1])


def normal_outliers(n: int, components: int, times: int = SHUFFLES) -> Null:
    """The kurtosis of the first axis that `outliers` finds in normal clouds.

    Args:
        n: Points in each.
        components: Of the sphered points that were looked at.
        times: How many clouds.
    """
    rng = np.random.default_rng(SEED)
    found = []
    for _ in range(times):
        y = sphered(rng.standard_normal((n, components))).y
        found.append(float(kurtosis(y @ _peaked(y, rng))[0]))
    return Null(tuple(found))


def _pursued(z: np.ndarray, sign: int, index: Callable[[np.ndarray], float]) -> Pursued:
    one = sphered(z)
    plane, told = _told(one.y, sign, index, np.random.default_rng(SEED))
    columns = in_picture(one.back @ plane, z)
    unseen = len(z) - _seen(len(z))
    return Pursued(columns, told, unseen, one.y.shape[1], one.share)


def _seen(n: int) -> int:
    return min(SEARCHED, n // 2)


def _told(
    y: np.ndarray, sign: int, index: Callable[[np.ndarray], float], rng: np.random.Generator
) -> tuple[np.ndarray, float]:
    """The plane that a search on some of the points finds, ``(r, 2)``, and its index on all others."""
    order = rng.permutation(len(y))
    seen = y[order[: _seen(len(y))]]
    plane = _searched(seen, sign, rng)
    rest = y[order[len(seen) :]] @ plane
    about = rest - rest.mean(0)
    scale = np.linalg.cholesky(about.T @ about / len(about) + NOTHING * np.eye(2))
    return plane, index(np.linalg.solve(scale, about.T).T)


def _searched(y: np.ndarray, sign: int, rng: np.random.Generator) -> np.ndarray:
    """The best plane, ``(r, 2)``, of several that go uphill from planes by chance, the first from the leading two."""
    r = y.shape[1]
    starts = [np.eye(r)[:, :2], *(rng.standard_normal((r, 2)) for _ in range(STARTS - 1))]
    found = [_uphill(y, np.linalg.qr(one)[0], sign) for one in starts]
    return max(found, key=lambda one: one[1])[0]


def _uphill(y: np.ndarray, plane: np.ndarray, sign: int) -> tuple[np.ndarray, float]:
    """Follow the gradient of ``sign * mean exp(-|y plane|^2 / 2)`` over planes, halving steps that go down."""

    def value(plane: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        shown = y @ plane
        weights = np.exp(-(shown**2).sum(1) / 2)
        return sign * float(weights.mean()), shown, weights

    now, shown, weights = value(plane)
    step = 4.0
    for _ in range(STEPS):
        slope = -sign * y.T @ (weights[:, None] * shown) / len(y)
        slope -= plane @ (plane.T @ slope)
        if np.linalg.norm(slope) < 1e-6 or step < 1e-3:
            break
        other = np.linalg.qr(plane + step * slope)[0]
        then, seen, weighed = value(other)
        if then > now:
            plane, now, shown, weights, step = other, then, seen, weighed, 2 * step
        else:
            step /= 4
    return plane, now


def _peaked(y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Two uncorrelated directions of large mean fourth power, ``(r, 2)``."""
    r = y.shape[1]
    far = y[np.argsort(-(y**2).sum(1), kind="stable")[:STARTS]].T
    starts = np.hstack([far, rng.standard_normal((r, STARTS))])
    first = _steepest(y, starts)
    others = np.linalg.svd(first[None])[2][1:].T  # (r, r - 1), orthonormal
    second = others @ _steepest(y @ others, others.T @ starts)
    return np.stack([first, second], 1)


def _steepest(y: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """The direction of largest mean fourth power that is reached from some, ``(r,)``."""
    w = _unit(starts)
    for _ in range(STEPS):
        w = _unit(y.T @ (y @ w) ** 3)
    return w[:, int(np.argmax(((y @ w) ** 4).mean(0)))]


def _unit(w: np.ndarray) -> np.ndarray:
    return w / np.maximum(np.linalg.norm(w, axis=0), NOTHING)
