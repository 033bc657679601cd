"""The points of a run, of the rows that were read: their groups, numbers, images and further values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gt.bring import roles
from gt.bring.source import WHERE, BringError, Field, Source, shown
from gt.run import bounds
from gt.run.columns import Column, check_columns
from gt.run.points import Points, check_points

TEXT = 1000  # characters of one text that are kept
MISSING = "no label"


def of_rows(
    source: Source,
    given: roles.Roles,
    rows: np.ndarray,
    images: np.ndarray | None,
    keep: bool,
    notes: list[str],
) -> Points:
    """Make points of rows.

    Args:
        source: What was read.
        given: Roles of its fields; those that cannot be kept become "left out".
        rows: ``(n,)`` which of them.
        images: ``(n, h, w, c)`` uint8, or None.
        keep: Whether the coordinates' numbers as they came are kept too.
        notes: What is to be said is added here.

    Raises:
        RunError: If there are too many points or groups.
    """
    n = len(rows)
    if not 0 < n <= bounds.POINTS:
        raise BringError(
            f"{source.where}: there must be 1 to {bounds.POINTS:,} points, got {n:,}", by=WHERE
        )
    fields = {one.name: one for one in source.fields}
    labels, classes = np.zeros(n, np.int64), ["points"]
    if given.label is not None:
        labels, classes = groups(fields[given.label].values[rows])
        if len(classes) > bounds.CLASSES:
            raise BringError(
                f"{source.where}: there must be {bounds.CLASSES:,} groups at most, “{given.label}” has"
                f" {len(classes):,} different values; name another label, or none",
                by=WHERE,
            )
    ids = None
    if given.point is not None:
        ids = _numbers(source, fields[given.point], rows, given, notes)
    found = check_points(
        n, len(classes), labels, classes=classes, ids=ids, images=images, where=WHERE
    )
    wanted = [roles.VALUE, roles.POINT, roles.IMAGE, *([roles.COORDINATE] if keep else [])]
    columns: list[Column] = []
    for one in source.fields:
        role, _ = given.of[one.name]
        if role not in wanted or (role == roles.POINT and ids is not None):
            continue
        column, problem = _column(one, rows, len(columns))
        if column is not None:
            columns.append(column)
        elif role == roles.VALUE:
            given.of[one.name] = (roles.LEFT_OUT, problem)
    return replace(found, columns=tuple(columns))


def groups(values: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Which group each of ``(n,)`` values is in, and what the groups are called, in their natural order."""
    gone = roles.missing(values)
    there = values[~gone]
    if (
        there.dtype.kind == "f"
        and (there == np.floor(there)).all()
        and (np.abs(there) < 2**53).all()
    ):
        there = there.astype(np.int64)
    if there.dtype.kind in "iuf":
        different, codes = np.unique(there, return_inverse=True)
        names = [f"{one:g}" if there.dtype.kind == "f" else str(one) for one in different.tolist()]
    else:
        texts = np.array([shown(str(one)) or MISSING for one in there.tolist()], dtype=np.str_)
        plain, codes = np.unique(texts, return_inverse=True)
        order = sorted(range(len(plain)), key=lambda i: natural(str(plain[i])))
        place = np.empty(len(plain), np.int64)
        place[order] = np.arange(len(plain))
        codes, names = place[codes], [str(plain[i]) for i in order]
    names, codes = _merged(names, codes)
    labels = np.zeros(len(values), np.int64)
    labels[~gone] = codes
    if gone.any():
        if MISSING not in names:
            names.append(MISSING)
        labels[gone] = names.index(MISSING)
    return labels, names


def _merged(names: list[str], codes: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Groups whose names read alike are one."""
    unlike = list(dict.fromkeys(names))
    if len(unlike) == len(names):
        return names, codes
    return unlike, np.array([unlike.index(one) for one in names], np.int64)[codes]


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A key by which texts are sorted as people do: 2 before 10."""
    parts = re.split(r"(\d{1,18})", text.casefold())
    return tuple(
        (0, int(one), "") if one.isdecimal() and one.isascii() else (1, 0, one)
        for one in parts
        if one
    )


def _numbers(
    source: Source, one: Field, rows: np.ndarray, given: roles.Roles, notes: list[str]
) -> np.ndarray | None:
    """The points' numbers ``(n,)``; None where their names are none that a run can have."""
    values = one.values[rows]
    if given.time is None:
        _each_once(source, one, rows, values)
    if not roles.is_whole(replace(one, values=values)):
        return None
    numbers = values.astype(np.float64)
    if (numbers < 0).any() or (numbers > bounds.LARGEST_NUMBER).any():
        return None
    return values.astype(np.int64)


def _each_once(source: Source, one: Field, rows: np.ndarray, values: np.ndarray) -> None:
    seen: dict[object, int] = {}
    gone = roles.missing(values)
    for row, value, lacks in zip(rows.tolist(), values.tolist(), gone.tolist(), strict=True):
        if lacks:
            continue
        if value in seen:
            raise BringError(
                f"{source.where}: the names of points must differ, rows {source.first + seen[value]} and"
                f" {source.first + row} of “{one.name}” are both “{shown(str(value))[:40]}”; name a time (--time),"
                " where these are one point at several, or no such column (--point none)",
                by=WHERE,
            )
        seen[value] = row


def _column(one: Field, rows: np.ndarray, count: int) -> tuple[Column | None, str]:
    """A field as a column of a run, or why it is none."""
    if count >= bounds.COLUMNS:
        return None, f"a run has {bounds.COLUMNS} such columns at most"
    if one.values.ndim > 1:
        return None, "a block of numbers that are no coordinates"
    values = one.values[rows]
    gone = roles.missing(values)
    if gone.all():
        return None, "nothing is in it"
    if values.dtype.kind == "f":
        values = np.where(np.isfinite(values), values, np.nan)
    if values.dtype.kind == "O":
        texts = [None if x is None else _text(str(x)) for x in values.tolist()]
        different = len({x for x in texts if x is not None})
        if different > bounds.CLASSES:
            return None, f"{different:,} different texts, {bounds.CLASSES:,} are kept at most"
        if different == 0:
            return None, "nothing is in it"
        values = np.array(texts, dtype=object)
    [found] = check_columns({one.name: values}, len(rows), WHERE)
    return found, ""


def _text(text: str) -> str | None:
    plain = shown_text(text)
    return plain if len(plain) <= TEXT else f"{plain[: TEXT - 1]}…"


def shown_text(text: str) -> str:
    """A text that can be stored and sent: without NUL and halves of pairs of UTF-16."""
    return re.sub(r"[\x00\ud800-\udfff]", "\ufffd", text)


def spoken(names: Sequence[str], most: int = 6) -> str:
    """A few names, with commas between."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
