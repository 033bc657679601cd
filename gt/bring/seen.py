"""What was seen of a file: said in a table before anything is written of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from gt.run.points import Points


@dataclass(frozen=True)
class ColumnSeen:
    """A column and what it is to be.

    Attributes:
        name: As it is shown.
        kind: "number", "text", "date", "true or false" or "numbers (200)".
        role: One of the roles in `gt.bring.roles`.
        why: In a few words.
        example: What the first row has.
    """

    name: str
    kind: str
    role: str
    why: str
    example: str


@dataclass(frozen=True)
class Prepared:
    """What is written: nothing of the file is needed any more.

    Attributes:
        values: ``(e, n, p)`` float32.
        axes: Names of the p coordinates.
        epochs: ``(e,)``.
        unit: "epoch" or "step".
        points: The n points.
    """

    values: np.ndarray
    axes: tuple[str, ...]
    epochs: tuple[int, ...]
    unit: str
    points: Points


@dataclass(frozen=True)
class Seen:
    """What `gt.bring.look` found.

    Attributes:
        kind: Of the file, in words.
        title: What people may call it.
        n: Points.
        p: Coordinates that are drawn.
        epochs: How many epochs or steps.
        unit: "epoch" or "step".
        columns: Each with its role, in the order of the file.
        rows: The first rows, as text, a cell for each of the first columns.
        scale: "none", "standard" or "robust".
        why_scale: In a few words.
        groups: How many groups of points there are.
        notes: What is to be said besides, in sentences.
        runs: The runs that there are, where it is a run or a folder of runs: nothing is to be written then.
        made: What the run is to say of how it was made.
        prepared: What is written; None where it is a run already.
    """

    kind: str
    title: str
    n: int = 0
    p: int = 0
    epochs: int = 0
    unit: str = "epoch"
    columns: tuple[ColumnSeen, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    scale: str = "none"
    why_scale: str = ""
    groups: int = 1
    notes: tuple[str, ...] = ()
    runs: tuple[Path, ...] = ()
    made: Mapping[str, Any] = field(default_factory=dict)
    prepared: Prepared | None = field(default=None, repr=False)

    def table(self, most: int = 24) -> str:
        """All of it as text, for a terminal.

        Args:
            most: Columns that are said one by one; of more, those that are alike are told together.

        Returns:
            Lines of text, without one at the end.
        """
        when = f", {self.epochs:,} {self.unit}s" if self.epochs > 1 else ""
        lines = [f"{self.title}: {self.kind}"]
        if self.runs:
            return "\n".join(lines + [f"  {path}" for path in self.runs])
        lines += [f"{self.n:,} points, {self.p:,} coordinates{when}", ""]
        head = ("column", "kind", "becomes", "why", "first")
        cells = [(one.name, one.kind, one.role, one.why, one.example) for one in self.columns]
        shown = cells if len(cells) <= most else _together(cells, most)
        lines += _aligned([head, *shown])
        lines += ["", f"scale: {self.scale} ({self.why_scale})", *self.notes]
        return "\n".join(lines)


def _together(cells: Sequence[tuple[str, ...]], most: int) -> list[tuple[str, ...]]:
    """Rows of a long table, those that follow each other and say the same told as one."""
    found: list[list[Any]] = []
    for one in cells:
        same = found and found[-1][0][1:4] == one[1:4]
        if same:
            found[-1][1], found[-1][2] = one, found[-1][2] + 1
        else:
            found.append([one, one, 1])
    rows = [
        first if count == 1 else (f"{first[0]} … {last[0]} ({count:,})", *first[1:4], first[4])
        for first, last, count in found
    ]
    rest = len(rows) - most
    return rows if rest <= 0 else [*rows[:most], (f"… and {rest:,} more", "", "", "", "")]


def _aligned(rows: Sequence[Sequence[str]], widest: int = 44) -> list[str]:
    """Rows of text in columns."""
    cut = [
        [cell if len(cell) <= widest else f"{cell[: widest - 1]}…" for cell in row] for row in rows
    ]
    wide = [max(len(row[i]) for row in cut) for i in range(len(cut[0]))]
    return [
        "  ".join(cell.ljust(w) for cell, w in zip(row, wide, strict=True)).rstrip() for row in cut
    ]
