"""Numbers that are none: refused with their place, or their points left out, as is chosen."""

from __future__ import annotations

import numpy as np

from gt.bring.moments import Arranged
from gt.bring.roles import Roles
from gt.bring.source import WHERE, BringError, Source

REFUSE, DROP = "refuse", "drop"
CHOICES = (REFUSE, DROP)
LARGEST = (
    float(np.finfo(np.float32).max) / 1e8
)  # beyond it differences and their squares are infinite in a picture


def checked(
    source: Source, roles: Roles, arranged: Arranged, names: list[str], choice: str
) -> tuple[Arranged, list[str]]:
    """Make sure that all coordinates are finite.

    Args:
        source: What was read.
        roles: Of its fields.
        arranged: Its coordinates.
        names: Of the p coordinates.
        choice: "refuse", or "drop" to leave out points that are not finite.

    Returns:
        Coordinates that are, and what is to be said of those that were left out.

    Raises:
        BringError: It names row and column of the first that is not finite.
    """
    if choice not in CHOICES:
        raise BringError(
            f"what is not finite must be one of {', '.join(CHOICES)}, got {choice!r}", by=WHERE
        )
    with np.errstate(invalid="ignore"):
        bad = ~(np.abs(arranged.values) <= LARGEST)
    points = bad.any(axis=(0, 2))
    if not points.any():
        return arranged, []
    if choice == REFUSE:
        raise _refused(source, arranged, names, bad, int(points.sum()))
    if points.all():
        raise BringError(
            f"{source.where}: a point must be finite in all coordinates, none is; name fewer columns as coordinates",
            by=WHERE,
        )
    count = int(points.sum())
    kept = Arranged(
        arranged.values[:, ~points],
        arranged.rows[:, ~points],
        arranged.epochs,
        arranged.unit,
        arranged.notes,
    )
    return kept, [
        f"{count:,} of {len(points):,} points are left out: a coordinate of theirs is no finite number."
    ]


def _refused(
    source: Source, arranged: Arranged, names: list[str], bad: np.ndarray, count: int
) -> BringError:
    e, point, column = (int(x) for x in np.argwhere(bad)[0])
    row, name = int(arranged.rows[e, point]), names[column]
    came = float(arranged.values[e, point, column])
    one = next((field for field in source.fields if field.name == name), None)
    text = one.wrong.get(row) if one is not None else None
    if text is not None:
        what = f"is “{text[:40]}”"
    elif np.isnan(came):
        what = "is missing (NaN)"
    else:
        what = "is infinite" if np.isinf(came) else f"is {came:g}, too large to be drawn"
    when = f" in {arranged.unit} {arranged.epochs[e]}" if len(arranged.epochs) > 1 else ""
    return BringError(
        f"{source.where}: coordinates must be finite numbers, row {source.first + row} of “{name}” {what}{when}"
        f" ({count:,} such {'point' if count == 1 else 'points'}); leave such points out (--not-finite drop), or"
        " choose the coordinates (--coords)",
        by=WHERE,
    )
