"""What `gt.show` is given, as the rows and columns that it is: frames of pandas and polars, arrays, sparse matrices.

A frame is looked at as a file is that `gt FILE` opens (`gt.bring.roles`): numbers place the points, text tells groups
apart, and what is neither is there to colour by. Neither pandas nor polars is needed: their columns are read as arrays.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import numpy as np

from gt.bring import roles
from gt.bring.source import BringError, Field, Source, named
from gt.errors import ShapeError

WHERE = "gt.show"


def columns_of(given: Any, what: str) -> list[Field] | None:
    """The columns of a frame or of arrays by name; None of what has none.

    Args:
        given: A frame of pandas or polars, a named column of one, or arrays by name.
        what: What an error calls it.

    Raises:
        ShapeError: If a frame is not there yet, or a column is no column.
    """
    if hasattr(given, "collect") and hasattr(type(given), "columns"):
        raise ShapeError(
            f"{WHERE}: {what} must hold values, a lazy frame has none yet; call its collect()"
        )
    if isinstance(given, Mapping):
        found = list(given.items())
    elif hasattr(given, "iloc") and hasattr(given, "columns"):  # names of pandas may come twice
        found = [(name, given.iloc[:, at]) for at, name in enumerate(given.columns)]
    elif hasattr(given, "columns") and hasattr(given, "__getitem__"):
        found = [(name, given[name]) for name in given.columns]
    else:
        return None
    fields = [Field(_called(name), plain(values)) for name, values in found]
    for one in fields:
        if one.values.ndim != 1 or one.values.shape != fields[0].values.shape:
            raise ShapeError(
                f"{WHERE}: {what} must have one value for each row, “{one.name}” has shape {one.values.shape}"
            )
    return list(named(fields, []))


def _called(name: Any) -> str:
    return ", ".join(map(str, name)) if isinstance(name, tuple) else str(name)


def plain(values: Any) -> np.ndarray:
    """Values as a file would have them: numbers (NaN where missing), dates, or text as objects (None where missing).

    Args:
        values: ``(n,)``: an array, a list, a column of pandas or polars, a tensor.
    """
    if hasattr(values, "detach"):
        values = values.detach().cpu()
    kind = getattr(getattr(values, "dtype", None), "kind", "")
    found = np.asarray(values)
    if found.dtype.kind == "m":
        return np.where(np.isnat(found), np.nan, found / np.timedelta64(1, "s"))
    if found.dtype.kind in "biufM" or found.ndim != 1:
        return found
    listed = [None if _is_missing(one) else one for one in found.tolist()]
    there = [one for one in listed if one is not None]
    if there and all(isinstance(one, (datetime.date, np.datetime64)) for one in there):
        return np.array(
            [np.datetime64("NaT") if one is None else _date(one) for one in listed], "M8[us]"
        )
    if there and (kind in "iuf" if kind else False or all(_is_number(one) for one in there)):
        return np.array([np.nan if one is None else float(one) for one in listed])
    if (
        there
        and len(there) == len(listed)
        and all(isinstance(one, (bool, np.bool_)) for one in there)
    ):
        return np.array(there, bool)
    return np.array([None if one is None else str(one) for one in listed], object)


def _is_number(one: Any) -> bool:
    return isinstance(one, (int, float, np.integer, np.floating)) and not isinstance(one, bool)


def _is_missing(one: Any) -> bool:
    """None, NaN, and what pandas has for either."""
    return (
        one is None
        or type(one).__name__ in ("NAType", "NaTType")
        or (isinstance(one, float) and one != one)
    )


def _date(one: Any) -> np.datetime64:
    """A date of Python as one of NumPy, in UTC where it says a zone."""
    if isinstance(one, datetime.datetime) and one.tzinfo is not None:
        one = one.astimezone(datetime.UTC).replace(tzinfo=None)
    return np.datetime64(one, "us")


def array_of(X: Any) -> np.ndarray:
    """Numbers without names of columns, as ``(n, p)`` or ``(e, n, p)`` float64.

    Raises:
        ShapeError: If they are no numbers.
    """
    if isinstance(X, (str, bytes)) or hasattr(X, "__fspath__"):
        raise ShapeError(
            f"{WHERE}: X must be numbers, got a text; read the file first, or open it with the command gt FILE"
        )
    if hasattr(X, "detach"):
        X = X.detach().cpu()
    if hasattr(X, "toarray"):  # sparse
        check_size(*X.shape)
        X = X.toarray()
    try:
        found = np.asarray(X)
        if found.dtype.kind == "c":
            raise ShapeError(
                f"{WHERE}: X must be real numbers, got complex ones; give their parts as columns of their own"
            )
        return found.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ShapeError(
            f"{WHERE}: X must be numbers: {error}; give other values as columns="
        ) from error


#: of more points or columns a cell is no place
POINTS, COLUMNS = 50_000, 200


def check_size(n: int, p: int) -> None:
    """Refuse what is too large for a cell.

    Raises:
        ShapeError: With what to do.
    """
    if n > POINTS or p > COLUMNS:
        raise ShapeError(
            f"{WHERE}: X must have {POINTS:,} points and {COLUMNS} columns at most, got {n:,} and {p:,}; "
            "show a sample, or the first principal components; gt FILE opens more in the app"
        )


def looked_at(fields: list[Field], label: str | None) -> tuple[Source, roles.Roles]:
    """What each column of a frame is.

    Args:
        fields: Its columns.
        label: Name of that which tells groups apart; "none" for none; None to find one by looking.

    Raises:
        RunError: If there is no such column, or none of numbers.
    """
    n = len(fields[0].values)
    source = Source("frame", "X", n, tuple(fields), place=f"{WHERE}: X")
    try:
        given = roles.decide(source, label=label, time=roles.NOTHING, image=roles.NOTHING)
    except BringError as error:
        raise ShapeError(str(error).removeprefix("open: ")) from error
    if given.point is not None:  # positions number the rows here
        given.of[given.point] = (roles.VALUE, given.of[given.point][1])
        given.point = None
    return source, given
