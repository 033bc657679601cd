"""Columns of Apache Arrow as fields: what Parquet, Arrow's own files and CSV become."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from gt.bring.source import Field

LISTS_OF = 2**16  # numbers in one cell, at most
MOSTLY = 0.8  # share of cells that are numbers, from which a column of text is one of numbers with mistakes
NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
COMMA = r"^[+-]?(\d+,\d*|,\d+|\d+)([eE][+-]?\d+)?$"
NAMED_NUMBERS = r"(?i)^[+-]?(nan|inf|infinity)$"


def field_of(name: str, column: Any) -> tuple[Field | None, str]:
    """A column as a field.

    Args:
        name: Its name.
        column: A ``pyarrow.ChunkedArray``.

    Returns:
        The field, or None and what it is of that cannot be used.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = pc.cast(column, kind.value_type), kind.value_type
    if pa.types.is_boolean(kind):
        if column.null_count:
            return Field(name, _objects(column, {True: "true", False: "false"})), ""
        return Field(name, _array(column).astype(bool)), ""
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return Field(name, _numbers(column)), ""
    if pa.types.is_decimal(kind):
        return Field(name, _numbers(pc.cast(column, pa.float64()))), ""
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return Field(name, _dates(column)), ""
    if _is_text(kind):
        return Field(name, _texts(column)), ""
    if _is_list(kind):
        return _block(name, column)
    if pa.types.is_null(kind):
        return Field(name, np.full(len(column), np.nan)), ""
    return None, f"{kind}"[:60]


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    views = getattr(pa.types, "is_string_view", lambda _: False)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or views(kind))


def _is_list(kind: Any) -> bool:
    import pyarrow as pa

    known = (
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    )
    return bool(
        known and (pa.types.is_integer(kind.value_type) or pa.types.is_floating(kind.value_type))
    )


def _array(column: Any) -> np.ndarray:
    return np.asarray(column.to_numpy())


def _numbers(column: Any) -> np.ndarray:
    """Numbers ``(n,)``; those that are missing are NaN."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.null_count:
        wide = pc.cast(column, pa.float64(), safe=False)
        column = pc.fill_null(wide, float("nan"))
    found = _array(column)
    return found.astype(np.float64) if found.dtype.kind in "O" else found


def _dates(column: Any) -> np.ndarray:
    import pyarrow as pa
    import pyarrow.compute as pc

    return np.asarray(pc.cast(column, pa.timestamp("us"), safe=False).to_numpy(), "datetime64[us]")


def _objects(column: Any, names: dict[Any, str]) -> np.ndarray:
    return np.array([None if x is None else names[x] for x in column.to_pylist()], dtype=object)


def _texts(column: Any) -> np.ndarray:
    """Text ``(n,)`` as objects, None where it is missing or blank."""
    import pyarrow as pa
    import pyarrow.compute as pc

    plain = pc.utf8_trim_whitespace(pc.cast(column, pa.large_string()))
    coded = pc.dictionary_encode(plain).combine_chunks()
    coded = coded.combine_chunks() if hasattr(coded, "num_chunks") else coded
    names = np.array([*(one or None for one in coded.dictionary.to_pylist()), None], dtype=object)
    places = pc.fill_null(coded.indices, len(names) - 1)
    return names[np.asarray(places.to_numpy(zero_copy_only=False))]


def _block(name: str, column: Any) -> tuple[Field | None, str]:
    """Lists of numbers, all of one length."""
    import pyarrow.compute as pc

    if column.null_count:
        return None, "lists of numbers, some of them missing"
    lengths = pc.unique(pc.list_value_length(column)).to_pylist()
    if len(lengths) != 1 or not lengths[0] or lengths[0] > LISTS_OF:
        return None, "lists of unlike lengths"
    flat = _numbers(pc.list_flatten(column)).astype(np.float64)
    if flat.size != len(column) * lengths[0]:
        return None, "lists of unlike lengths"
    return Field(name, flat.reshape(len(column), lengths[0]), block=True), ""


def of_text(name: str, column: Any, comma: bool) -> Field:
    """A column of text as it is in a table: numbers, if (nearly) all cells are some, else text.

    Args:
        name: Its name.
        column: Strings, null where missing.
        comma: Whether decimals may be behind a comma.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    plain = pc.utf8_trim_whitespace(column)
    for kind in (pa.int64(), pa.float64()):
        try:
            return Field(name, _numbers(pc.cast(plain, kind)))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            continue
    pattern = COMMA if comma and not _share(plain, NUMBER) >= MOSTLY else NUMBER
    there = len(plain) - plain.null_count
    numbers = _share(plain, pattern) + _share(plain, NAMED_NUMBERS)
    if not there or numbers < MOSTLY:
        return Field(name, _texts(column))
    found, wrong = np.full(len(plain), np.nan), {}
    for row, text in enumerate(plain.to_pylist()):
        if text is None:
            continue
        if re.match(pattern, text) or re.match(NAMED_NUMBERS, text):
            found[row] = float(text.replace(",", "."))
        else:
            wrong[row] = text
    return Field(name, found, wrong=wrong)


def _share(column: Any, pattern: str) -> float:
    """Share of the cells that are there which a pattern fits."""
    import pyarrow.compute as pc

    there = len(column) - column.null_count
    hits = pc.sum(pc.match_substring_regex(column, pattern)).as_py() or 0
    return hits / there if there else 0.0
