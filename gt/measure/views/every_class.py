"""The plane that tells all classes apart, and what is told apart where labels mean nothing.

The null keeps the points and shuffles their labels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gt.measure.check import numbers, same_points
from gt.measure.views.chance import SHUFFLES, Null
from gt.measure.views.indices import class_separation
from gt.measure.views.planes import LEAST_SHRINKAGE, NOTHING, WIDE, in_picture, ledoit_wolf, spanned

FOLDS = 5
SEED = 0


@dataclass(frozen=True)
class ClassesApart:
    """The plane that tells all classes apart.

    Attributes:
        columns: ``(k, 2)`` float64 orthonormal, of the picture.
        index: The LDA index of the plane, all points seen.
        accuracy: Share of the points that lie nearest to their own class's middle, in planes found without them.
        classes: How many classes have points enough.
    """

    columns: np.ndarray
    index: float
    accuracy: float
    classes: int


def classes_apart(z: np.ndarray, labels: np.ndarray) -> ClassesApart:
    """Find the plane with the largest LDA index: the two leading discriminants, with W shrunk.

    How well classes are told is measured in `FOLDS` parts: the plane is found without a part, whose points then go to
    the class with the nearest middle, distances in units of the scatter within classes. Classes with fewer points than
    parts are left out.

    Source: Rao 1948, J. R. Stat. Soc. B 10:159-203; that it has the largest index: Lee, Cook, Klinke & Lumley 2005,
    doi:10.1198/106186005X77702; shrinkage: Ledoit & Wolf 2004, doi:10.1016/S0047-259X(03)00096-4.

    Args:
        z: ``(n, k)``, k at least 2.
        labels: ``(n,)`` class numbers.

    Raises:
        ValueError: If fewer than two classes have `FOLDS` points, or the points spread in fewer than two directions.
    """
    z, labels = _with_enough(z, labels)
    x, back = _narrow(z)
    plane = _discriminants(x, labels)
    columns = in_picture(back @ plane, z)
    return ClassesApart(
        columns,
        class_separation(z @ columns, labels),
        _cross_validated(x, labels, np.random.default_rng(SEED)),
        len(np.unique(labels)),
    )


def shuffled_classes(z: np.ndarray, labels: np.ndarray, times: int = SHUFFLES) -> Null:
    """The accuracies that `classes_apart` reaches with shuffled labels.

    Args:
        z: ``(n, k)``, as there.
        labels: ``(n,)``, as there.
        times: How many shuffles.
    """
    z, labels = _with_enough(z, labels)
    x, _ = _narrow(z)
    rng = np.random.default_rng(SEED)
    return Null(tuple(_cross_validated(x, rng.permutation(labels), rng) for _ in range(times)))


def _with_enough(z: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The points of the classes that have enough of them."""
    where = "classes_apart"
    z, labels = numbers(where, "z", z, "nk"), np.asarray(labels)
    same_points(where, "z", z, "labels", labels)
    values, counts = np.unique(labels, return_counts=True)
    kept = np.isin(labels, values[counts >= FOLDS])
    if (counts >= FOLDS).sum() < 2:
        raise ValueError(
            f"{where}: two classes or more must have {FOLDS} points, so many have: {(counts >= FOLDS).sum()}"
        )
    return z[kept], labels[kept]


def _narrow(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points in their leading principal components, few enough to be decomposed many times; and the way back."""
    x, back = spanned(z)
    if x.shape[1] < 2:
        raise ValueError(
            f"classes_apart: points must spread in two directions or more, got {x.shape[1]}"
        )
    return x[:, :WIDE], back[:, :WIDE]


def _scatters(x: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The classes' means ``(c, r)``, the scatter within them, shrunk, and that between them, ``(r, r)`` each."""
    values, at = np.unique(labels, return_inverse=True)
    counts = np.bincount(at)
    sums = [np.bincount(at, weights=column, minlength=len(values)) for column in x.T]
    means = np.stack(sums, 1).astype(np.float64) / counts[:, None]
    about = x - means[at]
    shrinkage = max(ledoit_wolf(about), LEAST_SHRINKAGE)
    within = about.T @ about / len(x)
    ball = max(float(np.trace(within)) / x.shape[1], NOTHING**2)
    within = (1 - shrinkage) * within + shrinkage * ball * np.eye(x.shape[1])
    off = (means - x.mean(0)) * np.sqrt(counts / len(x))[:, None]
    return means, within, off.T @ off


def _discriminants(x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The two leading discriminants ``(r, 2)``, of deviation 1 within classes; the second of two classes is any."""
    from scipy.linalg import eigh

    _, within, between = _scatters(x, labels)
    r = x.shape[1]
    return eigh(between, within, subset_by_index=[r - 2, r - 1])[1][:, ::-1]


def _cross_validated(x: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> float:
    """Share of points that are told right in planes found without them."""
    fold = np.empty(len(x), int)
    for c in np.unique(labels):  # each class is dealt out evenly
        rows = np.flatnonzero(labels == c)
        fold[rng.permutation(rows)] = np.arange(len(rows)) % FOLDS
    right = 0
    for part in range(FOLDS):
        seen = fold != part
        plane = _discriminants(x[seen], labels[seen])
        values = np.unique(labels[seen])
        middles = np.stack([x[seen][labels[seen] == c].mean(0) for c in values]) @ plane
        shown = x[~seen] @ plane
        away = ((shown[:, None] - middles) ** 2).sum(2)
        right += int((values[away.argmin(1)] == labels[~seen]).sum())
    return right / len(x)
