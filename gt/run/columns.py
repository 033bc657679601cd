"""Further values of the probe points: columns, which they can be coloured by, and what their outputs should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from gt.errors import RunError, ShapeError, TruncatedRunError
from gt.run import bounds, column_text, metadata, saying
from gt.run.points import plain_array
from gt.run.task import MULTILABEL

NUMBER, CATEGORY, TEXT, DATE, URL = "number", "category", "text", "date", "url"
KINDS = (NUMBER, CATEGORY, TEXT, DATE, URL)
NAMED = (CATEGORY, TEXT, URL)  # kinds whose values are positions in names
MISSING = -1  # a name that is not known; a number or a date that is not known is NaN


@dataclass(frozen=True)
class Column:
    """One more value of each probe point.

    Attributes:
        name: Unique among the run's columns.
        kind: "number", "category", "text", "date" or "url".
        values: ``(n,)``; float64, NaN where it is missing (a date as seconds since 1970 in UTC), or int32, position in
            ``names`` and -1 where it is missing.
        names: Of the categories, or the texts and addresses that there are; empty for numbers and dates.
    """

    name: str
    kind: str
    values: np.ndarray
    names: tuple[str, ...] = ()


def check_columns(given: Mapping[str, Any] | None, n: int, where: str) -> tuple[Column, ...]:
    """Bring columns that a user gave into shape.

    Args:
        given: ``(n,)`` arrays by name: numbers and truth values stay numbers, dates (of NumPy, of Python, or text in
            ISO 8601) become dates. Text becomes addresses where all begin with http:// or https://, free text where
            more than half of the points and more than 50 differ, else categories; names in order of the alphabet.
            None, NaN and NaT are missing.
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
    a, missing = _plain(values, n, what)
    if a.dtype.kind in "biufM":
        with np.errstate(over="ignore"):
            numbers = np.where(missing, np.nan, _as_numbers(a))
        if np.isinf(numbers).any():
            raise ShapeError(
                f"{what} must be finite numbers, or NaN where one is missing, it holds infinity"
            )
        return Column(name, DATE if a.dtype.kind == "M" else NUMBER, numbers)
    if a.dtype.kind != "U":
        raise ShapeError(f"{what} must be numbers, dates or text, got {a.dtype}")
    dates = column_text.as_dates(a[~missing])
    if dates is not None:
        numbers = np.full(n, np.nan)
        numbers[~missing] = dates
        return Column(name, DATE, numbers)
    names, codes = np.unique(a[~missing], return_inverse=True)
    if len(names) > bounds.CLASSES:
        raise ShapeError(
            f"{what} must have {bounds.CLASSES:,} different texts at most, got {len(names):,}"
        )
    found = np.full(n, MISSING, np.int32)
    found[~missing] = codes
    listed = tuple(saying.name(one, what) for one in names.tolist())
    return Column(name, column_text.kind_of(listed, len(codes)), found, listed)


def _plain(values: Any, n: int, what: str) -> tuple[np.ndarray, np.ndarray]:
    """Values as an array of numbers, dates or text ``(n,)``, and which of them are missing.

    Raises:
        ShapeError: If they are something else.
    """
    try:
        a = np.asarray(values)
        if a.shape != (n,):
            raise ShapeError(
                f"{what} must have shape ({n},), one value for each point, got {a.shape}"
            )
        missing = np.zeros(n, bool)
        if a.dtype.kind == "O":
            missing = np.array([one is None or one != one for one in a.tolist()])
            there = a[~missing].tolist()
            if there and all(isinstance(one, date) for one in there):
                found = np.full(n, np.datetime64("NaT"), "datetime64[us]")
                found[~missing] = [_in_utc(one) for one in there]
                return found, missing
            a = np.where(missing, np.array(next(iter(there), float("nan")), object), a)
        if a.dtype.kind == "M":
            return a, np.isnat(a)
        return plain_array(a), missing
    except (ValueError, TypeError) as error:
        raise ShapeError(f"{what} must be numbers, dates or text: {error}") from error


def _in_utc(one: date) -> np.datetime64:
    """A date of Python; one with a time zone is brought to UTC, one without is taken as it is."""
    if isinstance(one, datetime) and one.tzinfo is not None:
        one = one.astimezone(UTC).replace(tzinfo=None)
    return np.datetime64(one, "us")


def _as_numbers(a: np.ndarray) -> np.ndarray:
    """Numbers, or dates as seconds since 1970, as float64."""
    if a.dtype.kind != "M":
        return a.astype(np.float64)
    return a.astype("datetime64[us]").astype(np.int64) / 1e6


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
        return out | ({"names": list(self.names)} if self.kind in NAMED else {})

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
        named = self.kind in NAMED
        right = values.shape == (n,) and values.dtype.kind == ("i" if named else "f")
        if right and not named:
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
            values.astype(np.int32 if named else np.float64),
            self.names if named else (),
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
