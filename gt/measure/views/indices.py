"""Indices of projection pursuit: one number for how interesting a projection is.

Holes and central mass are of points that are sphered (mean 0, covariance 1 in every direction), so that neither scale
nor correlation is taken for interest; each is 0 at the least and 1 at the most. The classes' index does not change
under any linear map of the projection.
"""

from __future__ import annotations

import numpy as np

from gt.measure.check import numbers, same_points


def holes(y: np.ndarray) -> float:
    """How empty the middle of sphered points is: ``(1 - mean exp(-|y|^2 / 2)) / (1 - exp(-d / 2))``.

    A normal cloud has `normal_holes` whatever the projection; points on a ring have 1.

    Source: Cook, Buja & Cabrera 1993, doi:10.1080/10618600.1993.10474610 (the natural Hermite index of order 0); this
    form: Cook, Buja, Cabrera & Hurley 1995, doi:10.1080/10618600.1995.10474674.

    Args:
        y: ``(n, d)``, sphered.
    """
    y = numbers("holes", "y", y, "nd")
    return float((1 - _middle(y)) / (1 - np.exp(-y.shape[1] / 2)))


def central_mass(y: np.ndarray) -> float:
    """How many of sphered points crowd in the middle: ``(mean exp(-|y|^2 / 2) - exp(-d / 2)) / (1 - exp(-d / 2))``.

    It is 1 less `holes`: large where most points are in one place and few lie far out.

    Source: as of `holes`.

    Args:
        y: ``(n, d)``, sphered.
    """
    return 1 - holes(y)


def normal_holes(d: int) -> float:
    """`holes` of a normal distribution in d dimensions: the mean of ``exp(-|y|^2 / 2)`` is ``2^(-d/2)``."""
    return float((1 - 2 ** (-d / 2)) / (1 - np.exp(-d / 2)))


def class_separation(y: np.ndarray, labels: np.ndarray) -> float:
    """The LDA index: ``1 - det W / det (W + B)``, W the scatter within classes, B that between them; 0 to 1.

    Source: Lee, Cook, Klinke & Lumley 2005, doi:10.1198/106186005X77702, section 3.

    Args:
        y: ``(n, d)``.
        labels: ``(n,)`` class numbers.

    Returns:
        0 where the classes have one mean, or all points lie in fewer than d dimensions.
    """
    where = "class_separation"
    y, labels = numbers(where, "y", y, "nd"), np.asarray(labels)
    same_points(where, "y", y, "labels", labels)
    about = y - y.mean(0)
    whole = np.linalg.det(about.T @ about / len(y))
    if whole <= 0:
        return 0.0
    within = np.zeros((y.shape[1],) * 2)
    for c in np.unique(labels):
        own = y[labels == c] - y[labels == c].mean(0)
        within += own.T @ own / len(y)
    return float(np.clip(1 - np.linalg.det(within) / whole, 0, 1))


def kurtosis(y: np.ndarray) -> np.ndarray:
    """The mean fourth power of each column of sphered points, ``(d,)``: 3 of a normal one, more with few far out.

    Source: Pena & Prieto 2001, doi:10.1198/004017001316975899: projections of large kurtosis show few outliers.

    Args:
        y: ``(n, d)``, sphered.
    """
    return (numbers("kurtosis", "y", y, "nd") ** 4).mean(0)


def _middle(y: np.ndarray) -> float:
    return float(np.exp(-(y**2).sum(1) / 2).mean())
