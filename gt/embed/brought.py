"""Coordinates that were made elsewhere, laid upon a run: which of its points and epochs they are of, each checked.

What will not do is refused with the place at which it is, and with what the run has instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gt.embed.method import EmbedError
from gt.run.points import SPLITS
from gt.run.read import Run

WHERE = "write_embedding"
LOW, HIGH = 2, 8  # dimensions that are shown
FEW = 5  # of ids or epochs that an error names


@dataclass(frozen=True)
class Brought:
    """Coordinates as those of a run's points.

    Attributes:
        positions: ``(e, n, d)`` float32.
        rows: ``(n,)`` int64, rising: the points, as rows of the run.
        indices: Of the epochs, rising.
        splits: ``(n,)`` of the points.
    """

    positions: np.ndarray
    rows: np.ndarray
    indices: tuple[int, ...]
    splits: np.ndarray

    def of(self, split: int) -> np.ndarray:
        """Which points are of a split, ``(n,)`` bool."""
        return self.splits == split


def brought(
    run: Run,
    coordinates: Any,
    *,
    epochs: Sequence[int] | np.ndarray | int | None = None,
    ids: Any = None,
    split: str | None = None,
) -> Brought:
    """Lay coordinates upon a run.

    Args:
        run: Whose points they are.
        coordinates: ``(n, d)`` of one epoch, or ``(e, n, d)``.
        epochs: Numbers of the epochs, ``(e,)`` or one; all of the run when None.
        ids: ``(n,)`` of the points; all of the run, or of the split, in their order when None.
        split: "train" or "test": whose points these are.

    Raises:
        EmbedError: For the first thing that will not do.
    """
    values = _numbers(coordinates)
    if not len(run.epochs):
        raise EmbedError(f"{run.title} must have one {run.unit}, it has none yet", by=WHERE)
    flat = values.ndim == 2
    values = values[None] if flat else values
    numbers, indices = _epochs(run, epochs, len(values), flat=flat)
    rows = _rows(run, ids, values.shape[1], split)
    _finite(values, run, numbers, rows)
    by_epoch, by_row = np.argsort(indices, kind="stable"), np.argsort(rows, kind="stable")
    positions = values[by_epoch][:, by_row].astype(np.float32)
    rows = rows[by_row]
    at = tuple(int(one) for one in np.array(indices)[by_epoch])
    return Brought(np.ascontiguousarray(positions), rows, at, run.splits[rows])


def _numbers(coordinates: Any) -> np.ndarray:
    """Coordinates as an array of real numbers in two or three dimensions."""
    try:
        values = np.asarray(coordinates)
    except ValueError as error:  # rows of different lengths
        raise EmbedError(
            f"coordinates must be an array (n, d) or (epochs, n, d), they are none ({error})",
            by=WHERE,
        ) from error
    if values.dtype.kind not in "fiu":
        raise EmbedError(f"coordinates must be real numbers, they are {values.dtype}", by=WHERE)
    if values.ndim not in (2, 3) or 0 in values.shape:
        raise EmbedError(
            f"coordinates must be (n, d) or (epochs, n, d), they are {values.shape}", by=WHERE
        )
    if not LOW <= values.shape[-1] <= HIGH:
        raise EmbedError(
            f"coordinates must be of {LOW} to {HIGH} dimensions, they are {values.shape}, whose last"
            f" number is that of dimensions; of more, bring some, or a projection",
            by=WHERE,
        )
    return values


def _epochs(
    run: Run, asked: Sequence[int] | np.ndarray | int | None, e: int, *, flat: bool
) -> tuple[list[int], list[int]]:
    """Numbers of the epochs as they came, and where they are among those of the run."""
    unit, has = run.unit, _listed(run.epochs)
    if asked is None:
        if e != len(run.epochs):
            said = f"coordinates (n, d) are of one {unit}" if flat else f"{e} {unit}s came"
            raise EmbedError(
                f"{said}, and which must be said (epochs=…, --epoch, --epochs); {run.title} has {has}",
                by=WHERE,
            )
        return run.epochs.tolist(), list(range(e))
    numbers = [_whole(one, unit) for one in np.atleast_1d(np.asarray(asked)).tolist()]
    if len(numbers) != e:
        raise EmbedError(
            f"{unit}s must be as many as there are in the coordinates, {e}, {len(numbers)} came",
            by=WHERE,
        )
    if len(set(numbers)) < len(numbers):
        raise EmbedError(f"{unit}s must be named once each, {_listed(numbers)} came", by=WHERE)
    place = {int(number): i for i, number in enumerate(run.epochs)}
    if none := [one for one in numbers if one not in place]:
        raise EmbedError(
            f"{unit}s must be among those of {run.title}, which has {has}; {_listed(none)} came",
            by=WHERE,
        )
    return numbers, [place[one] for one in numbers]


def _whole(value: Any, unit: str) -> int:
    whole = isinstance(value, int | float) and not isinstance(value, bool) and value % 1 == 0
    if not whole:
        raise EmbedError(f"{unit}s must be whole numbers, {value!r} came", by=WHERE)
    return int(value)


def _rows(run: Run, ids: Any, n: int, split: str | None) -> np.ndarray:
    """The points, as rows of the run, in the order in which they came."""
    if split is not None and split not in SPLITS:
        raise EmbedError(f'split must be "train" or "test", {split!r} came', by=WHERE)
    mine = np.arange(run.n) if split is None else np.flatnonzero(run.splits == SPLITS.index(split))
    if ids is None:
        if n != len(mine):
            raise EmbedError(_how_many(run, n, len(mine), split), by=WHERE)
        return mine
    given = _ids(ids, n)
    order = np.argsort(run.ids[mine], kind="stable")
    known = run.ids[mine][order]
    at = np.searchsorted(known, given).clip(max=len(known) - 1)
    strange = given[known[at] != given] if len(known) else given
    if len(strange):
        whose = f"the {split} points of {run.title}" if split else f"the points of {run.title}"
        raise EmbedError(
            f"ids must be of {whose}, {len(strange):,} are of none: {_listed(strange)}", by=WHERE
        )
    return mine[order[at]]


def _how_many(run: Run, n: int, wanted: int, split: str | None) -> str:
    """That there are too many points or too few, and what would do."""
    parts = [(name, int((run.splits == s).sum())) for s, name in enumerate(SPLITS)]
    if split is not None:
        return (
            f"coordinates must be of the {wanted:,} {split} points of {run.title}, in their order,"
            f" {n:,} came; say with ids whose they are"
        )
    counts = " and ".join(f"{count:,} {name}" for name, count in parts if count)
    fits = [name for name, count in parts if count == n]
    what = f"say that they are the {fits[0]} points (--split {fits[0]}), or" if fits else "say"
    return (
        f"coordinates must be of all {wanted:,} points of {run.title} ({counts}), in their order,"
        f" {n:,} came; {what} with ids whose they are"
    )


def _ids(ids: Any, n: int) -> np.ndarray:
    """Ids as whole numbers, each once, ``(n,)`` int64."""
    given = np.asarray(ids)
    if given.shape != (n,):
        raise EmbedError(f"ids must be one a point, ({n},), they are {given.shape}", by=WHERE)
    if given.dtype.kind not in "fiu":
        raise EmbedError(f"ids must be whole numbers, they are {given.dtype}", by=WHERE)
    wrong = ~np.isfinite(given) | (given != np.floor(given)) | (given < 0) | (given > 2**53)
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        raise EmbedError(
            f"ids must be whole numbers of 0 to 2^53, number {at} is {given[at]}", by=WHERE
        )
    whole = given.astype(np.int64)
    values, counts = np.unique(whole, return_counts=True)
    if (twice := values[counts > 1]).size:
        raise EmbedError(
            f"ids must be named once each, {len(twice):,} came more often: {_listed(twice)}",
            by=WHERE,
        )
    return whole


def _finite(values: np.ndarray, run: Run, numbers: Sequence[int], rows: np.ndarray) -> None:
    """Raise ``EmbedError`` for what cannot be drawn; it says where that is."""
    with np.errstate(over="ignore"):
        wrong = ~np.isfinite(values.astype(np.float32))
    if not wrong.any():
        return
    at, point, axis = (int(one[0]) for one in np.nonzero(wrong))
    raise EmbedError(
        f"coordinates must be finite, in 32 bits: coordinate {axis + 1} of point {point} (id {run.ids[rows[point]]})"
        f" at {run.unit} {numbers[at]} is {values[at, point, axis]}{_more(int(wrong.sum()) - 1)}",
        by=WHERE,
    )


def _more(count: int) -> str:
    return f", and {count:,} more are not" if count else ""


def _listed(numbers: Any) -> str:
    """Some numbers, the first ones of many."""
    found = [int(one) for one in numbers]
    if len(found) > 2 * FEW and found == list(range(found[0], found[-1] + 1)):
        return f"{found[0]} to {found[-1]}"
    if len(found) > 2 * FEW:
        return f"{', '.join(map(str, found[:FEW]))}, … {found[-1]} ({len(found):,} in all)"
    return ", ".join(map(str, found))
