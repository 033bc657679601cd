"""The probe points of a run: who they are, and the checks that every way in shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gt.data.errors import LabelRangeError, RunError, ShapeError

SPLITS = ("train", "test")


@dataclass(frozen=True)
class Points:
    """The examples whose activations a run holds.

    Attributes:
        ids: ``(n,)`` int64, unique, stable from run to run.
        labels: ``(n,)`` int64 in ``[0, k)``.
        splits: ``(n,)`` uint8, 0 = train, 1 = test.
        classes: The k class names.
        images: ``(n, h, w, c)`` uint8 with c 1 or 3, or None.
    """

    ids: np.ndarray
    labels: np.ndarray
    splits: np.ndarray
    classes: tuple[str, ...]
    images: np.ndarray | None = None

    @property
    def n(self) -> int:
        """How many points there are."""
        return len(self.labels)


def check_points(
    n: int,
    k: int,
    labels: Any,
    *,
    classes: Sequence[str] | None = None,
    splits: Any = None,
    ids: Any = None,
    images: Any = None,
    where: str = "write_run",
) -> Points:
    """Bring what a user gave into shape, or say what is wrong with it.

    Args:
        n: How many points there must be.
        k: How many classes the outputs have.
        labels: ``(n,)`` whole numbers in ``[0, k)``.
        classes: k names; "0", "1", ... when None.
        splits: ``(n,)`` of 0 and 1, of booleans (true = test) or of "train" and "test"; all train
            when None.
        ids: ``(n,)`` unique whole numbers; 0, 1, ... when None.
        images: ``(n, h, w)``, ``(n, h, w, 1)`` or ``(n, h, w, 3)`` uint8, or None.
        where: Who asks; it begins every error.

    Raises:
        ShapeError: If an array has another length or type.
        LabelRangeError: If a label is outside ``[0, k)``.
        RunError: If ids repeat, or class names do.
    """
    names = tuple(str(c) for c in classes) if classes is not None else tuple(map(str, range(k)))
    if len(names) != k:
        raise ShapeError(f"{where}: classes must be the {k} names of the outputs, got {len(names)}")
    if len(set(names)) != k:
        raise RunError(f"{where}: class names must differ, got {', '.join(names)}")
    y = _whole(where, "labels", labels, n)
    wrong = np.flatnonzero((y < 0) | (y >= k))
    if len(wrong):
        raise LabelRangeError(
            f"{where}: labels must be in 0..{k - 1} ({k} classes), got {y[wrong[0]]} at row"
            f" {wrong[0]}"
            f" ({len(wrong)} such rows); count classes from 0"
        )
    i = np.arange(n) if ids is None else _whole(where, "ids", ids, n)
    if len(np.unique(i)) != n:
        raise RunError(f"{where}: ids must be unique, got {n - len(np.unique(i))} repeated")
    return Points(
        i.astype(np.int64), y, _splits(where, splits, n), names, _images(where, images, n)
    )


def _whole(where: str, name: str, values: Any, n: int) -> np.ndarray:
    a = np.asarray(values)
    if a.shape != (n,):
        raise ShapeError(
            f"{where}: {name} must have shape ({n},), one for each point, got {a.shape}"
        )
    if a.dtype.kind not in "iu" and not (
        a.dtype.kind == "f" and np.isfinite(a).all() and (a == np.floor(a)).all()
    ):
        raise ShapeError(f"{where}: {name} must be whole numbers, got {a.dtype}")
    return a.astype(np.int64)


def _splits(where: str, splits: Any, n: int) -> np.ndarray:
    if splits is None:
        return np.zeros(n, np.uint8)
    a = np.asarray(splits)
    if a.shape != (n,):
        raise ShapeError(
            f"{where}: splits must have shape ({n},), one for each point, got {a.shape}"
        )
    if a.dtype.kind in "US":
        unknown = sorted(set(a.astype(str).tolist()) - set(SPLITS))
        if unknown:
            raise RunError(f'{where}: splits must be "train" or "test", got "{unknown[0]}"')
        return (a.astype(str) == "test").astype(np.uint8)
    if a.dtype.kind not in "biuf" or not np.isin(a, (0, 1)).all():
        raise RunError(f'{where}: splits must be 0 (train) or 1 (test), or "train" and "test"')
    return a.astype(np.uint8)


def _images(where: str, images: Any, n: int) -> np.ndarray | None:
    if images is None:
        return None
    a = np.asarray(images)
    if a.ndim == 3:
        a = a[..., None]
    if a.ndim != 4 or len(a) != n or a.shape[3] not in (1, 3):
        raise ShapeError(
            f"{where}: images must have shape ({n}, h, w) or ({n}, h, w, 1 or 3), got"
            f" {np.shape(images)};"
            " channels come last"
        )
    if a.dtype != np.uint8:
        raise ShapeError(f"{where}: images must be uint8 in 0..255, got {a.dtype}")
    return np.ascontiguousarray(a)
