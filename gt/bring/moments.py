"""Rows over time: of a table in which the same point comes at several times, one array with an axis for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gt.bring.roles import Roles, as_moments, codes
from gt.bring.source import WHERE, BringError, Field, Source
from gt.run import bounds
from gt.run.task import EPOCH, STEP

AS_EPOCH = "epoch"


@dataclass(frozen=True)
class Arranged:
    """Coordinates of points over time.

    Attributes:
        values: ``(e, n, p)`` float64; NaN and infinity where they came.
        rows: ``(e, n)`` int64, the row of the source that each came from.
        epochs: ``(e,)`` whole numbers that go up.
        unit: "epoch" or "step".
        notes: What is to be said of it.
    """

    values: np.ndarray
    rows: np.ndarray
    epochs: tuple[int, ...]
    unit: str
    notes: tuple[str, ...] = ()


def arrange(source: Source, roles: Roles) -> Arranged:
    """Put the coordinates of a source into one array.

    Args:
        source: What was read.
        roles: Of its fields.

    Returns:
        Its coordinates; one epoch where there is no time.

    Raises:
        BringError: If a point comes twice at one time, or none comes at all times.
    """
    fields = {one.name: one for one in source.fields}
    chosen = [fields[name] for name in roles.coordinates]
    if roles.time is None:
        own = np.arange(source.n)
        deep = [_deep(one) for one in chosen]
        e = max(len(one) for one in deep)
        spread = [np.broadcast_to(one, (e, *one.shape[1:])) for one in deep]
        epochs = source.epochs or tuple(range(e))
        return Arranged(
            np.concatenate(spread, axis=2), np.broadcast_to(own, (e, source.n)), epochs, EPOCH
        )
    return _over_time(source, roles, np.concatenate([_flat(one) for one in chosen], axis=1))


def _flat(one: Field) -> np.ndarray:
    values = one.values.astype(np.float64)
    return values if values.ndim == 2 else values[:, None]


def _deep(one: Field) -> np.ndarray:
    return one.values.astype(np.float64) if one.values.ndim == 3 else _flat(one)[None]


def _over_time(source: Source, roles: Roles, table: np.ndarray) -> Arranged:
    fields = {one.name: one for one in source.fields}
    time = fields[str(roles.time)]
    moments = as_moments(time)
    if moments is None:
        raise BringError(
            f"{source.where}: the time must be numbers or dates, “{time.name}” is text; name another",
            by=WHERE,
        )
    if (gaps := np.flatnonzero(~np.isfinite(moments))).size:
        raise BringError(
            f"{source.where}: the time must be there in each row, row {source.first + gaps[0]} has none in"
            f" “{time.name}”; fill it in, or leave the row out",
            by=WHERE,
        )
    times, at = np.unique(moments, return_inverse=True)
    points = _who(source, roles, at)
    rows = np.full((len(times), points.max() + 1), -1, np.int64)
    order = np.arange(source.n)
    rows[at[::-1], points[::-1]] = order[::-1]
    if len(twice := order[rows[at, points] != order]):
        pair = sorted((int(rows[at[twice[0]], points[twice[0]]]), int(twice[0])))
        raise BringError(
            f"{source.where}: a point must come once at each time, rows {source.first + pair[0]} and"
            f" {source.first + pair[1]} are the same point at the same time; leave one out, or name another column"
            " as the point",
            by=WHERE,
        )
    there = (rows >= 0).all(axis=0)
    if not there.any():
        raise BringError(
            f"{source.where}: points must come at all {len(times):,} times of “{time.name}”, none does; name another"
            " column as the point, or no time",
            by=WHERE,
        )
    rows = rows[:, there]
    lost = int((~there).sum())
    notes = (
        [f"{lost:,} points are left out: they do not come at all {len(times):,} times."]
        if lost
        else []
    )
    epochs, unit, said = _numbered(time, times)
    return Arranged(table[rows], rows, epochs, unit, (*notes, *said))


def _who(source: Source, roles: Roles, at: np.ndarray) -> np.ndarray:
    """Which point each row is, ``(n,)`` from 0: by its name, or by its place among the rows of its time."""
    if roles.point is not None:
        one = next(one for one in source.fields if one.name == roles.point)
        _, first, found = np.unique(codes(one.values), return_index=True, return_inverse=True)
        place = np.empty(len(first), np.int64)
        place[np.argsort(first, kind="stable")] = np.arange(
            len(first)
        )  # in the order in which they come
        return place[found]
    order = np.argsort(at, kind="stable")
    counts = np.bincount(at)
    starts = np.repeat(np.r_[0, np.cumsum(counts)[:-1]], counts)
    found = np.empty(len(at), np.int64)
    found[order] = np.arange(len(at)) - starts
    return found


def _numbered(time: Field, times: np.ndarray) -> tuple[tuple[int, ...], str, list[str]]:
    """Numbers of times ``(e,)``, what they count, and what is to be said of it."""
    unit = EPOCH if AS_EPOCH in time.name.lower() else STEP
    whole = (
        (times == np.floor(times)).all() and times[0] >= 0 and times[-1] <= bounds.LARGEST_NUMBER
    )
    if whole and time.is_number:
        return tuple(int(x) for x in times), unit, []
    first, last = (_spoken(time, x) for x in (times[0], times[-1]))
    return (
        tuple(range(len(times))),
        STEP,
        [f"Times are numbered from 0: {first} is step 0, {last} is step {len(times) - 1}."],
    )


def _spoken(time: Field, moment: float) -> str:
    return (
        f"{moment:g}"
        if time.is_number
        else str(np.datetime64(int(moment * 1e6), "us")).removesuffix(".000000")
    )
