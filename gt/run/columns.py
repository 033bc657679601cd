"""Further values of the probe points: columns, which they can be coloured by, and what their outputs should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gt.errors import RunError, ShapeError, TruncatedRunError
from gt.run import bounds, metadata, saying
from gt.run.points import plain_array
from gt.run.task import MULTILABEL

NUMBER, CATEGORY = "number", "category"
KINDS = (NUMBER, CATEGORY)
MISSING = -1  # a category that is not known; a number that is not known is NaN


@dataclass(frozen=True)
class Column:
    """One more value of each probe point.

    Attributes:
        name: Unique among the run's columns.
        kind: "number" or "category".
        values: ``(n,)``; float64, NaN where it is missing, or int32, position in ``names`` and -1 where it is missing.
        names: Of the categories; empty for numbers.
    """

    name: str
    kind: str
    values: np.ndarray
    names: tuple[str, ...] = ()


def check_columns(given: Mapping[str, Any] | None, n: int, where: str) -> tuple[Column, ...]:
    """Bring columns that a user gave into shape.

    Args:
        given: ``(n,)`` arrays by name: numbers and truth values stay numbers, text becomes categories, in order of
            the alphabet. None and NaN are missing.
        n: How many points there are.
        where: Who asks; it begins every error.

    Raises:
        ShapeError: If one is of another length or kind.
        RunError: If a name cannot be shown, or there are too many.
    """
    if given is None:
        return ()
    if not isinstance(given, Mapping):
        raise ShapeError(f"{where}: columns must be arrays by name, got {type(given).__name__}")
    if len(given) > bounds.COLUMNS:
        raise RunError(f"{where}: columns must be {bounds.COLUMNS} at most, got {len(given)}")
    return tuple(_column(name, values, n, where) for name, values in given.items())


def _column(name: Any, values: Any, n: int, where: str) -> Column:
    if not saying.name(name, f"{where}: the name of a column").strip():
        raise RunError(f"{where}: the name of a column must be text that can be shown")
    what = f"{where}: column {name!r}"
    try:
        a = np.asarray(values)
        if a.shape != (n,):
            raise ShapeError(
                f"{what} must have shape ({n},), one value for each point, got {a.shape}"
            )
        missing = np.zeros(n, bool)
        if a.dtype.kind == "O":
            missing = np.array([one is None or one != one for one in a.tolist()])
            filler = next((one for one in a[~missing].tolist()), float("nan"))
            a = np.where(missing, np.array(filler, object), a)
        a = plain_array(a)
    except (ValueError, TypeError) as error:
        raise ShapeError(f"{what} must be numbers or text: {error}") from error
    if a.dtype.kind in "biuf":
        with np.errstate(over="ignore"):
            numbers = np.where(missing, np.nan, a.astype(np.float64))
        if np.isinf(numbers).any():
            raise ShapeError(
                f"{what} must be finite numbers, or NaN where one is missing, it holds infinity"
            )
        return Column(name, NUMBER, numbers)
    if a.dtype.kind != "U":
        raise ShapeError(f"{what} must be numbers or text, got {a.dtype}")
    names, codes = np.unique(a[~missing], return_inverse=True)
    if len(names) > bounds.CLASSES:
        raise ShapeError(
            f"{what} must have {bounds.CLASSES:,} categories at most, got {len(names):,}"
        )
    found = np.full(n, MISSING, np.int32)
    found[~missing] = codes
    return Column(name, CATEGORY, found, tuple(saying.name(one, what) for one in names.tolist()))


def check_targets(task: str, targets: Any, n: int, k: int, where: str) -> np.ndarray | None:
    """Bring what outputs should be into shape.

    Args:
        task: "multilabel" or "regression".
        targets: ``(n, k)``, or ``(n,)`` for one column: 0 and 1 of a multilabel, finite numbers of a regression.
        n: How many points there are.
        k: How many columns the outputs have.
        where: Who asks; it begins every error.

    Returns:
        ``(n, k)`` uint8 or float32; None if none were given.

    Raises:
        ShapeError: If they are something else.
    """
    if targets is None:
        return None
    try:
        a = plain_array(targets)
    except ValueError as error:
        raise ShapeError(f"{where}: targets must be one array of numbers: {error}") from error
    if a.ndim != 2 and a.size == n * k and len(a) == n:
        a = a.reshape(n, k)
    if a.shape != (n, k) or a.dtype.kind not in "biuf":
        raise ShapeError(
            f"{where}: targets must be numbers of shape ({n}, {k}), one for each output, got {a.dtype} {a.shape}"
        )
    if task == MULTILABEL:
        if not np.isin(a, (0, 1)).all():
            raise ShapeError(
                f"{where}: targets of a multilabel must be 1 where a label applies and 0 elsewhere, got"
                f" {a[~np.isin(a, (0, 1))][0]:g}"
            )
        return a.astype(np.uint8)
    with np.errstate(over="ignore"):
        found = a.astype(np.float32)
    if not np.isfinite(found).all():
        raise ShapeError(f"{where}: targets must be finite in float32, they hold NaN or infinity")
    return found


@dataclass(frozen=True)
class ColumnEntry:
    """What a run's attributes say of a column: as of `Column`, with the name of its array."""

    name: str
    kind: str
    array: str
    names: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        out: dict[str, Any] = {"name": self.name, "kind": self.kind, "array": self.array}
        return out | ({"names": list(self.names)} if self.kind == CATEGORY else {})

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> ColumnEntry:
        """Read back what ``to_json`` wrote.

        Raises:
            KeyError, TypeError, ValueError: If an entry is missing or of another type; it says which.
        """
        metadata.mapping(stored, "a column")
        names = metadata.of(list, stored.get("names", []), "names of a column")
        if len(names) > bounds.CLASSES:
            raise TruncatedRunError(f"names of a column must be {bounds.CLASSES:,} at most")
        return cls(
            metadata.text(stored["name"], "name of a column"),
            metadata.one_of(stored["kind"], "kind of a column", KINDS),
            metadata.text(stored["array"], "array of a column"),
            tuple(metadata.of(str, one, "names of a column") for one in names),
        )

    def filled(self, values: np.ndarray, n: int, where: str) -> Column:
        """The column with its values, which were read.

        Raises:
            ShapeError: If they cannot be its own.
        """
        right = values.shape == (n,) and values.dtype.kind == ("f" if self.kind == NUMBER else "i")
        if right and self.kind == NUMBER:
            right = not np.isinf(values).any()
        elif right and n:
            right = bool(values.min() >= MISSING) and values.max() < len(self.names)
        if not right:
            raise ShapeError(
                f"{where}: column {self.name!r} must be of {n} finite numbers, or positions in its names, got"
                f" {values.dtype} {values.shape}"
            )
        return Column(
            self.name,
            self.kind,
            values.astype(np.float64 if self.kind == NUMBER else np.int32),
            self.names if self.kind == CATEGORY else (),
        )


def entries(columns: Sequence[Column]) -> list[ColumnEntry]:
    """What a new run says of its columns."""
    return [
        ColumnEntry(one.name, one.kind, f"columns/{i:03d}", one.names)
        for i, one in enumerate(columns)
    ]


def read_entries(stored: Any) -> tuple[ColumnEntry, ...]:
    """What a run says of its columns; nothing where there are none.

    Raises:
        KeyError, TypeError, ValueError: If an entry is missing or of another type; it says which.
    """
    listed = metadata.of(list, [] if stored is None else stored, "columns")
    if len(listed) > bounds.COLUMNS:
        raise TruncatedRunError(f"columns must be {bounds.COLUMNS} at most, got {len(listed):,}")
    found = tuple(ColumnEntry.from_json(one) for one in listed)
    if len({one.name for one in found}) != len(found):
        raise TruncatedRunError("columns must have names that differ")
    return found
