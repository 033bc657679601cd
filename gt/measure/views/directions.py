"""The plane of view that answers a question: what tells groups apart, what moved, where test differs from train.

Each answer is an orthogonal projection, so that distances in the picture are never longer than in the data, and a
measured number that says how much of the answer is seen. The same question gets the same picture: signs are
settled by the points (the one farthest out lies to the right, and above), never by the axes that they are given in,
so turned data give the turned plane.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gt.measure.check import alike, numbers, same_points
from gt.measure.views.planes import (
    LEAST_SHRINKAGE,
    NOTHING,
    ledoit_wolf,
    plane_along,
    settled,
    spanned,
)

LISTED = 50  # movers that are named at most: more are no answer to "which"


@dataclass(frozen=True)
class Separation:
    """The plane that tells two groups apart.

    Attributes:
        columns: ``(k, 2)`` float64 orthonormal; along the first, group 1 lies to the right of group 0.
        told: Of each group, the share that is told right on the first axis alone, leave-one-out.
        counts: Points in each group.
        shrinkage: Of the covariance towards a ball, from 0 to 1.
    """

    columns: np.ndarray
    told: tuple[float, float]
    counts: tuple[int, int]
    shrinkage: float

    @property
    def accuracy(self) -> float:
        """Share of all points that is told right."""
        return float(np.dot(self.told, self.counts) / sum(self.counts))


@dataclass(frozen=True)
class Movers:
    """The plane in which points move.

    Attributes:
        columns: ``(k, 2)`` float64 orthonormal; the first shows the most motion.
        rows: ``(m,)`` positions of the points that moved farthest, by falling length of displacement, at most `LISTED`.
        share: Of the squared displacement of the points asked for, what the plane shows.
        part: Of the squared displacement of all points, what is that of the points asked for.
    """

    columns: np.ndarray
    rows: np.ndarray
    share: float
    part: float


@dataclass(frozen=True)
class Gap:
    """The plane in which the test points' class means lie off those of the training points.

    Attributes:
        columns: ``(k, 2)`` float64 orthonormal.
        share: Of the squared gaps, each in units of its standard error, what the plane shows.
        gaps: ``(classes,)`` each class's gap in the picture, in units of the root mean square distance at which
            test points lie from their class's mean there; NaN for a class without points, or where none scatter.
        over_chance: The mean squared gap in all k coordinates, in units of what chance alone would make: 1 where
            test and training points are alike.
    """

    columns: np.ndarray
    share: float
    gaps: np.ndarray
    over_chance: float


def separating(z: np.ndarray, group: np.ndarray) -> Separation:
    """Find the linear view that best tells two groups apart: Fisher's discriminant, shrunk.

    The first axis is ``S^-1 (m1 - m0)``, of length 1, with S the covariance about the two means, shrunk towards a
    ball: with about as many points as coordinates the plain covariance fits the noise. The second shows, of what is
    orthogonal to it, the largest variance about the means. How well the groups are told apart is
    measured leave-one-out: axis and means are found again without the point that is then put with the
    nearer mean; only the one number of the shrinkage comes from all points. A point halfway counts as not told.

    Source: Fisher 1936, doi:10.1111/j.1469-1809.1936.tb02137.x; shrinkage: Ledoit & Wolf 2004,
    doi:10.1016/S0047-259X(03)00096-4.

    Args:
        z: ``(n, k)``, k at least 2.
        group: ``(n,)`` bool, or 0 and 1; -1 for points that are in neither.

    Returns:
        The view, and how well it tells the groups apart.

    Raises:
        ValueError: If a group has fewer than two points, or the groups have one mean.
    """
    where = "separating"
    z, group = _points(where, "z", z), np.asarray(group)
    same_points(where, "z", z, "group", group)
    if group.ndim != 1 or not np.isin(group, (-1, 0, 1)).all():
        raise ValueError(
            f"{where}: group must be one of 0, 1 or -1 for each point, got {np.unique(group)}"
        )
    z, group = z[group.astype(int) >= 0], group[group.astype(int) >= 0].astype(int)
    counts = np.bincount(group, minlength=2)
    if counts.min() < 2:
        raise ValueError(
            f"{where}: each group must have two points or more, they have {counts[0]} and {counts[1]}"
        )
    x, back = spanned(z)
    means = np.stack([x[group == g].mean(0) for g in (0, 1)]) if x.size else np.zeros((2, 0))
    if np.linalg.norm(means[1] - means[0]) <= NOTHING:
        raise ValueError(
            f"{where}: the groups' means must differ, both are in one place"
            + ("" if x.size else ", as all their points are")
        )
    about = x - means[group]
    if np.linalg.norm(about) <= NOTHING:
        about = np.zeros_like(about)  # each group in one place
    shrinkage = max(ledoit_wolf(about), LEAST_SHRINKAGE)
    spread, axes = np.linalg.eigh(about.T @ about)
    x, means, about, back = x @ axes, means @ axes, about @ axes, back @ axes
    axis = _fisher(spread, shrinkage, means[1:] - means[:1])[0]
    told = _told(x, group, means, about, spread, shrinkage)
    columns = plane_along(back @ axis, about @ back.T, (x - x.mean(0)) @ back.T)
    return Separation(columns, told, (int(counts[0]), int(counts[1])), shrinkage)


def movers(a: np.ndarray, b: np.ndarray, count: int | None = None) -> Movers:
    """Find the plane that shows most of how points move from ``a`` to ``b``.

    These are the two leading right singular vectors of the displacements, not centred: a motion that all
    points share is motion.

    Args:
        a: ``(n, k)``, k at least 2, from where.
        b: ``(n, k)``, to where.
        count: Only this many, of those that move farthest, decide; all when None.

    Returns:
        The plane, and what it shows.

    Raises:
        ValueError: If nothing moves, or ``count`` is below 1.
    """
    where = "movers"
    a, b = _points(where, "a", a), _points(where, "b", b)
    alike(where, "a", a, "b", b)
    if count is not None and count < 1:
        raise ValueError(f"{where}: count must be at least 1, got {count}")
    size = max(np.abs(a).max(), np.abs(b).max(), np.finfo(np.float64).tiny)
    d = (b - a) / size
    lengths = np.linalg.norm(d, axis=1)
    order = np.argsort(-lengths, kind="stable")
    order = order[lengths[order] > NOTHING]
    if not len(order):
        raise ValueError(f"{where}: a point must move, all {len(a)} stay where they are")
    chosen = d[np.sort(order[:count])]
    first = np.linalg.svd(chosen, full_matrices=False)[2][0]
    columns = plane_along(settled(first, chosen), chosen, (b - b.mean(0)) / size)
    whole = float((chosen**2).sum())
    return Movers(
        columns, order[:LISTED], _share(chosen, columns), min(1.0, whole / float((d**2).sum()))
    )


def gap(
    test: np.ndarray,
    labels: np.ndarray,
    means: np.ndarray,
    counts: np.ndarray | None = None,
) -> Gap:
    """Find the plane in which test points lie off the training points of their class.

    Each class gives one row: the mean of its test points less that of its training points, over the standard error of
    that difference, which is the class's deviation over the square root of its count. So a class of few or of
    scattered points, whose mean is off by chance, does not win. Its deviation is pooled: the deviation of all
    classes counts as one point more, so that a class whose points are all in one place does not win either.
    Chance prefers the directions in which the points scatter, so the scatter that it would give these
    rows is subtracted from theirs before the two leading directions are taken; wholly where the gap is twice what
    chance makes or more, not at all where it is none, for then nothing would be left to show. Nothing is
    whitened: a gap that is large only beside a tiny scatter would not be seen in the picture.

    Args:
        test: ``(n, k)``, k at least 2.
        labels: ``(n,)`` class numbers.
        means: ``(classes, k)`` of the training points; NaN for a class without any.
        counts: ``(classes,)`` how many training points each mean is of; so many that it is exact when None.

    Returns:
        The plane, and how large the gap is.

    Raises:
        ValueError: If no class has points of both splits, a label names no class, or there is no gap at all.
    """
    where = "gap"
    test, labels, means = _points(where, "test", test), np.asarray(labels), np.asarray(means, float)
    there = _in_both(where, test, labels, means)
    classes, k = len(means), test.shape[1]
    size = max(np.abs(test).max(), np.abs(means[there]).max(), np.finfo(np.float64).tiny)
    clouds = [test[labels == c] / size for c in there]
    off = np.stack(
        [cloud.mean(0) - means[c] / size for c, cloud in zip(there, clouds, strict=True)]
    )
    if np.linalg.norm(off, axis=1).max() <= NOTHING:
        raise ValueError(f"{where}: a class must lie off its training points, none of them does")
    about = [cloud - cloud.mean(0) for cloud in clouds]
    scatter = np.stack([one.T @ one for one in about])
    n = np.array([len(cloud) for cloud in clouds])
    pooled = scatter.sum(0) / max(int((n - 1).sum()), 1)
    if np.trace(pooled) <= NOTHING**2:
        pooled = np.eye(k) / k  # no class scatters: gaps count by their length
    scatter = (scatter + pooled) / n[:, None, None]
    deviation = np.sqrt(np.trace(scatter, axis1=1, axis2=2))
    of = np.full(len(n), np.inf) if counts is None else np.asarray(counts, float)[there]
    rows = off / (deviation * np.sqrt(1 / n + 1 / of))[:, None]
    over_chance = float((rows**2).sum(1).mean())
    by_chance = (scatter / (deviation**2)[:, None, None]).sum(0) * np.clip(over_chance - 1, 0, 1)
    first = np.linalg.eigh(rows.T @ rows - by_chance)[1][:, -1]
    columns = plane_along(settled(first, rows), rows, np.vstack(about), less=by_chance)
    gaps = np.full(classes, np.nan)
    spread = np.sqrt(sum(((one @ columns) ** 2).sum() for one in about) / n.sum())
    if spread > NOTHING:
        gaps[there] = np.linalg.norm(off @ columns, axis=1) / spread
    return Gap(columns, _share(rows, columns), gaps, over_chance)


def _in_both(where: str, test: np.ndarray, labels: np.ndarray, means: np.ndarray) -> list[int]:
    """The classes that have points of both splits; raises ``ValueError`` as `gap` does."""
    same_points(where, "test", test, "labels", labels)
    classes, k = len(means), test.shape[1]
    if means.ndim != 2 or means.shape[1] != k:
        raise ValueError(f"{where}: means must have shape (classes, {k}), got {means.shape}")
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(f"{where}: labels must be 0 to {classes - 1}, got {np.unique(labels)}")
    there = [c for c in range(classes) if (labels == c).any() and np.isfinite(means[c]).all()]
    if not there:
        raise ValueError(f"{where}: a class must have points of both splits, none of them has")
    return there


def _fisher(
    spread: np.ndarray,
    shrinkage: float,
    differences: np.ndarray,
    left_out: np.ndarray | None = None,
    factors: np.ndarray | None = None,
) -> np.ndarray:
    """``S^-1`` times differences of means ``(m, r)``, in the axes of S, up to a factor.

    Args:
        spread: ``(r,)``, the scatter about the means, which is diagonal in these axes.
        shrinkage: Of S.
        differences: ``(m, r)``.
        left_out: ``(m, r)``; each row's S lacks a point of this residual, and with it ``factors`` times its
            square: the inverse of that is known (Sherman & Morrison 1950, doi:10.1214/aoms/1177729893).
        factors: ``(m,)``.
    """
    if left_out is None or factors is None:
        left_out, factors = np.zeros_like(differences), np.zeros(len(differences))
    trace = spread.sum() - factors * (left_out**2).sum(1)
    ball = np.maximum(shrinkage * trace, LEAST_SHRINKAGE * spread.sum()) / len(spread)
    if spread.sum() <= NOTHING**2:
        ball = np.ones_like(ball)
    inverse = 1 / ((1 - shrinkage) * np.maximum(spread, 0) + ball[:, None])
    factors = (1 - shrinkage) * factors
    plain, turned = differences * inverse, left_out * inverse
    along = (left_out * plain).sum(1) / (1 - factors * (left_out * turned).sum(1))
    return plain + (factors * along)[:, None] * turned


def _told(
    x: np.ndarray,
    group: np.ndarray,
    means: np.ndarray,
    about: np.ndarray,
    spread: np.ndarray,
    shrinkage: float,
) -> tuple[float, float]:
    """The share of each group that is nearer to its own mean, on an axis found without the point."""
    counts = np.bincount(group)[group]
    own = x - about * (counts / (counts - 1))[:, None]
    other = means[1 - group]
    axes = _fisher(spread, shrinkage, own - other, about, counts / (counts - 1))
    from_own = np.abs(((x - own) * axes).sum(1))
    from_other = np.abs(((x - other) * axes).sum(1))
    right = from_own < (1 - NOTHING) * from_other
    return float(right[group == 0].mean()), float(right[group == 1].mean())


def _points(where: str, name: str, value: np.ndarray) -> np.ndarray:
    points = numbers(where, name, value, "nk")
    if points.shape[1] < 2:
        raise ValueError(f"{where}: {name} must have two coordinates or more, got {points.shape}")
    return points


def _share(rows: np.ndarray, columns: np.ndarray) -> float:
    return min(1.0, float(((rows @ columns) ** 2).sum() / (rows**2).sum()))
