"""The table that says what was seen: of each column its kind, what it becomes and why, and what the first row has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gt.bring import roles
from gt.bring.opened import ENTRY
from gt.bring.seen import ColumnSeen, Prepared, Seen
from gt.bring.source import Field, Source, shown

ROWS, CELLS = 5, 24  # first rows that are shown, and columns of them


def seen(
    source: Source,
    given: roles.Roles,
    prepared: Prepared,
    scale: str,
    why_scale: str,
    notes: Sequence[str],
) -> Seen:
    """Say what was seen.

    Args:
        source: What was read.
        given: Roles of its fields.
        prepared: What would be written.
        scale: Which.
        why_scale: In a few words.
        notes: What is to be said besides.
    """
    columns = tuple(
        ColumnSeen(one.name, kind(one), *given.of[one.name], cell(one, 0)) for one in source.fields
    )
    rows = tuple(
        tuple(cell(one, i) for one in source.fields[:CELLS]) for i in range(min(ROWS, source.n))
    )
    said: dict[str, Any] = {"of": source.kind, "scale": f"{scale}: {why_scale}"}
    for role in (roles.LABEL, roles.TIME, roles.POINT, roles.IMAGE):
        if (name := getattr(given, role)) is not None:
            said[role] = name
    if notes:
        said["notes"] = list(notes)
    return Seen(
        source.kind,
        source.title,
        n=prepared.points.n,
        p=len(prepared.axes),
        epochs=len(prepared.epochs),
        unit=prepared.unit,
        columns=columns,
        rows=rows,
        scale=scale,
        why_scale=why_scale,
        groups=len(prepared.points.classes),
        notes=(*_of_groups(given, prepared), *notes),
        made={ENTRY: said},
        prepared=prepared,
    )


def _of_groups(given: roles.Roles, prepared: Prepared) -> list[str]:
    count = len(prepared.points.classes)
    if given.label is None:
        return ["Points have no label: they are one group."]
    return [f"Points are in {count:,} groups, by “{given.label}”."] if count > 1 else []


def kind(one: Field) -> str:
    """What a field is of, in a few words."""
    if one.values.ndim > 1:
        return f"numbers ({one.values.shape[-1]:,})"
    return {"O": "text", "M": "date", "b": "true or false"}.get(one.values.dtype.kind, "number")


def cell(one: Field, row: int) -> str:
    """What a row has of a field, in a few characters."""
    values = one.values[0] if one.values.ndim == 3 else one.values
    if row >= len(values):
        return ""
    value = values[row]
    if values.ndim > 1:
        head = ", ".join(_number(x) for x in value[:3])
        return f"{head}, …" if values.shape[1] > 3 else head
    if one.wrong.get(row) is not None:
        return shown(one.wrong[row])[:40]
    if roles.missing(values[row : row + 1])[0]:
        return ""
    if values.dtype.kind in "iuf":
        return _number(value)
    return shown(str(value))[:40]


def _number(value: Any) -> str:
    return f"{value:.6g}" if np.asarray(value).dtype.kind == "f" else str(value)
