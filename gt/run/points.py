"""The probe points of a run: who they are, and the checks that every way in shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unicodedata import category

import numpy as np

from gt.errors import LabelRangeError, RunError, ShapeError
from gt.run import bounds, saying

if TYPE_CHECKING:
    from gt.run.columns import Column

SPLITS = ("train", "test")
ENOUGH = 5  # points for each column: what no label names then is no class


@dataclass(frozen=True)
class Points:
    """The examples whose activations a run holds.

    Attributes:
        ids: ``(n,)`` int64, unique, stable from run to run.
        labels: ``(n,)`` int64 in ``[0, k)``.
        splits: ``(n,)`` uint8, 0 = train, 1 = test.
        classes: The names of the k groups of points: their classes, where each has one.
        images: ``(n, h, w, c)`` uint8 with c 1 or 3, or None.
        columns: Further values.
        targets: What the outputs should be, ``(n, columns of the outputs)``; None where labels say it, or
            nothing does.
    """

    ids: np.ndarray
    labels: np.ndarray
    splits: np.ndarray
    classes: tuple[str, ...]
    images: np.ndarray | None = None
    columns: tuple[Column, ...] = ()
    targets: np.ndarray | None = None

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
    stored: bool = False,
) -> Points:
    """Bring what a user gave into shape, or say what is wrong with it.

    Args:
        n: How many points there must be.
        k: How many classes the outputs have.
        labels: ``(n,)`` whole numbers in ``[0, k)``.
        classes: k names; "0", "1", ... when None.
        splits: ``(n,)`` of 0 and 1, of booleans (true = test) or of "train" and "test"; all train
            when None.
        ids: ``(n,)`` unique whole numbers of 0 to 2^53 - 1; 0, 1, ... when None.
        images: ``(n, h, w)``, ``(n, h, w, 1)`` or ``(n, h, w, 3)`` uint8, or None.
        where: Who asks; it begins every error.
        stored: They were written before: names that nothing can show are let pass.

    Raises:
        ShapeError: If an array has another length or type.
        LabelRangeError: If a label is outside ``[0, k)``.
        RunError: If ids repeat or are not in ``[0, 2^53)``, or class names repeat or cannot be shown.
    """
    names = _names(where, classes, k, stored)
    y = whole(where, "labels", labels, n)
    wrong = np.flatnonzero((y < 0) | (y >= k))
    if len(wrong):
        first = y[wrong[0]]
        left = f", or say ignore_index={first} if such points have no label"
        raise LabelRangeError(
            f"{where}: labels must be in 0..{k - 1} ({k} classes), got {first} at row"
            f" {wrong[0]}"
            f" ({len(wrong)} such rows); count classes from 0{left if where == 'Recorder' and first < 0 else ''}"
        )
    i = np.arange(n) if ids is None else whole(where, "ids", ids, n)
    wrong = np.flatnonzero((i < 0) | (i > bounds.LARGEST_NUMBER))
    if len(wrong):
        raise RunError(
            f"{where}: ids must be whole numbers of 0 to {bounds.LARGEST_NUMBER} (2^53 - 1), which"
            f" browsers tell apart, got {i[wrong[0]]} at row {wrong[0]}; number the points anew"
        )
    i = i.astype(np.int64)
    if len(np.unique(i)) != n:
        raise RunError(f"{where}: ids must be unique, got {n - len(np.unique(i))} repeated")
    return Points(
        i, y.astype(np.int64), _splits(where, splits, n), names, _images(where, images, n)
    )


def unnamed(labels: np.ndarray, k: int) -> str:
    """What speaks against k columns being classes: too few of them are named by labels ``(n,)``; else nothing."""
    n, there = len(labels), len(np.unique(labels))
    return f"{n} labels name {there} of {k} columns" if 2 * there <= k and n >= ENOUGH * k else ""


def plain_array(values: Any) -> np.ndarray:
    """An array of numbers or text: byte strings are read as UTF-8, and objects as what they are.

    Raises:
        ValueError: If byte strings are no UTF-8, or rows differ in length.
    """
    a = np.asarray(values)
    if a.dtype.kind == "O":  # of pandas, or of text and bytes together
        items = [x.decode("utf-8") if isinstance(x, bytes) else x for x in a.ravel().tolist()]
        a = np.asarray(items).reshape(a.shape)
    if a.dtype.kind == "S":
        items = [x.decode("utf-8") for x in a.ravel().tolist()]
        a = np.asarray(items, dtype=np.str_).reshape(a.shape)
    return a


def whole(where: str, name: str, values: Any, n: int) -> np.ndarray:
    """Whole numbers ``(n,)``, int64 or uint64, exactly as given.

    Raises:
        ShapeError: If they have another shape, or are no whole numbers.
    """
    a = _array(where, name, values)
    if a.shape != (n,):
        raise ShapeError(f"{where}: {name} must have shape ({n},), got {a.shape}")
    if a.dtype.kind in "iu":
        return a
    if a.dtype.kind == "f" and np.isfinite(a).all() and (a == np.floor(a)).all():
        if (np.abs(a) < 2.0**63).all():
            return a.astype(np.int64)
        raise ShapeError(
            f"{where}: {name} must be whole numbers of 0 to {bounds.LARGEST_NUMBER}, got"
            f" {np.abs(a).max():.3g}"
        )
    what = "fractions, NaN or infinity" if a.dtype.kind == "f" else f"{a.dtype}"
    raise ShapeError(f"{where}: {name} must be whole numbers, got {what}")


def _array(where: str, name: str, values: Any) -> np.ndarray:
    try:
        return plain_array(values)
    except ValueError as error:
        raise ShapeError(
            f"{where}: {name} must be one array of numbers or text: {error}"
        ) from error


def _names(where: str, classes: Any, k: int, stored: bool) -> tuple[str, ...]:
    if not 0 < k <= bounds.CLASSES:
        raise ShapeError(f"{where}: there must be 1 to {bounds.CLASSES} classes, got {k}")
    if classes is None:
        return tuple(map(str, range(k)))
    if isinstance(classes, str | bytes) or not isinstance(classes, Iterable):
        raise ShapeError(f"{where}: classes must be a list of {k} names, got {classes!r}")
    if isinstance(classes, np.ndarray) and classes.ndim != 1:
        raise ShapeError(f"{where}: classes must have shape ({k},), got {classes.shape}")
    said = saying.text if stored else saying.name
    names = tuple(said(_name(where, one), f"{where}: a class name") for one in classes)

    if names and not stored:  # what a file may begin with is no part of its first name
        names = (names[0].removeprefix("\ufeff"), *names[1:])
    if len(names) != k:
        raise ShapeError(f"{where}: classes must be the {k} names of the outputs, got {len(names)}")
    if len(set(names)) != k:
        twice = sorted({name for name in names if names.count(name) > 1})
        raise RunError(f"{where}: class names must differ, got {', '.join(twice)} more than once")
    if not stored and (odd := [name for name in names if not _shows(name)]):
        raise RunError(f"{where}: a class name must be text that can be shown, got {odd[0]!r}")
    return names


def _name(where: str, given: Any) -> str:
    """A class name as text; numpy would cut a NUL off its end."""
    if isinstance(given, str):
        return str(given)
    a = _array(where, "classes", given)
    if a.ndim or a.dtype.kind not in "Uiufb":
        raise ShapeError(f"{where}: a class name must be text, got {given!r}")
    return str(a)


def _shows(name: str) -> bool:
    """Whether something can be seen of it, on one line."""
    return bool(name.strip()) and not any(category(c) in ("Cc", "Zl", "Zp") for c in name)


def _splits(where: str, splits: Any, n: int) -> np.ndarray:
    if splits is None:
        return np.zeros(n, np.uint8)
    a = _array(where, "splits", splits)
    if a.shape != (n,):
        raise ShapeError(
            f"{where}: splits must have shape ({n},), one for each point, got {a.shape}"
        )
    if a.dtype.kind == "U":
        unknown = sorted(set(a.tolist()) - set(SPLITS))
        if unknown:
            raise RunError(f'{where}: splits must be "train" or "test", got "{unknown[0]}"')
        return (a == "test").astype(np.uint8)
    if a.dtype.kind not in "biuf" or not np.isin(a, (0, 1)).all():
        raise RunError(f'{where}: splits must be 0 (train) or 1 (test), or "train" and "test"')
    return a.astype(np.uint8)


def _images(where: str, images: Any, n: int) -> np.ndarray | None:
    if images is None:
        return None
    a = _array(where, "images", images)
    if a.ndim == 3:
        a = a[..., None]
    if a.ndim != 4 or len(a) != n or a.shape[3] not in (1, 3) or 0 in a.shape:
        raise ShapeError(
            f"{where}: images must have shape ({n}, h, w) or ({n}, h, w, 1 or 3), got"
            f" {np.shape(images)};"
            " channels come last"
        )
    if a.dtype != np.uint8:
        raise ShapeError(f"{where}: images must be uint8 in 0..255, got {a.dtype}")
    return np.ascontiguousarray(a)
