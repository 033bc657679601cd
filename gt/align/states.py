"""What is measured of a state in its coordinates: how much they keep, where the classes lie."""

from __future__ import annotations

import numpy as np

WITHIN = 98  # percent of the points that are within a state's size


def choose_points(labels: np.ndarray, among: np.ndarray, points: int) -> np.ndarray:
    """Rows of at most ``points`` of the points ``among``, evenly over the classes, in their order."""
    rows = np.flatnonzero(among)
    if len(rows) <= points:
        return rows
    by_class = rows[np.argsort(labels[rows], kind="stable")]
    return np.sort(by_class[np.arange(points) * len(rows) // points])


def size(z: np.ndarray) -> float:
    """How far from the origin nearly all points ``(n, k)`` are at most."""
    return float(np.percentile(np.linalg.norm(z, axis=1), WITHIN)) if len(z) else 0.0


def variance_kept(values: np.ndarray, z: np.ndarray) -> float:
    """Share of the variance of values ``(n, d)`` that their coordinates ``(n, k)`` keep; all of none."""
    whole = float(((values - values.mean(0)) ** 2).sum())
    return min(1.0, float(((z - z.mean(0)) ** 2).sum()) / whole) if whole > 0 else 1.0


def class_means(z: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """Means ``(classes, k)`` float64 of the points of each class; NaN for no points."""
    one_hot = np.eye(classes)[labels]
    with np.errstate(invalid="ignore"):
        return (one_hot.T @ z) / one_hot.sum(0)[:, None]


def separation(z: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """Share of each class whose nearest class centroid is its own, ``(classes,)`` float32; NaN for no points.

    A point does not count in the centroid that it is measured against.
    """
    one_hot = np.eye(classes)[labels]
    counts = one_hot.sum(0)
    centroids = class_means(z, labels, classes)
    with np.errstate(invalid="ignore", divide="ignore"):
        away = ((z[:, None, :] - centroids[None]) ** 2).sum(2)
        own = (one_hot.T @ z)[labels] - z
        own /= (counts[labels] - 1)[:, None]
        away[np.arange(len(z)), labels] = ((z - own) ** 2).sum(1)
    away = np.where(np.isfinite(away), away, np.inf)  # of no points, or of this one alone
    tie = (away <= away.min(1, keepdims=True)).sum(1) > 1  # all in one place: nothing is separate
    hits = (away.argmin(1) == labels) & ~tie
    out = np.full(classes, np.nan, np.float32)
    out[counts > 0] = (one_hot[hits].sum(0) / np.maximum(counts, 1))[counts > 0]
    return out
