"""What a file holds before anything is decided of it: rows, and the fields that each of them has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from gt.errors import RunError
from gt.run import bounds

WHERE = "open"
NUMBERS = "biuf"
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


class BringError(RunError):
    """What cannot be opened, and where in it; a refusal for whoever brought it."""


@dataclass(frozen=True)
class Field:
    """One thing that every row has.

    Attributes:
        name: As the file calls it; empty where it does not.
        values: ``(n,)``, or ``(n, d)`` of a block of numbers, or ``(e, n, d)`` of e epochs. Numbers, truth values,
            ``datetime64``, or objects: text, and None where it is missing.
        names: Of the d numbers of a block; made up where empty.
        wrong: Cells of a column of numbers that are none, by row: they are NaN in ``values``.
        block: Whether its numbers belong together (the coordinates of an embedding), and are of one unit.
    """

    name: str
    values: np.ndarray
    names: tuple[str, ...] = ()
    wrong: Mapping[int, str] = field(default_factory=dict)
    block: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is of numbers."""
        return self.values.dtype.kind in NUMBERS

    def rows(self, which: Any) -> Field:
        """The same of some rows only, ``(m,)`` of their positions."""
        values = self.values[:, which] if self.values.ndim == 3 else self.values[which]
        return replace(self, values=values, wrong={})


@dataclass(frozen=True)
class Source:
    """What was read.

    Attributes:
        kind: In words: "CSV with commas between, UTF-8".
        title: What people may call it.
        n: Rows.
        fields: What each row has.
        first: The number of the first row, as its readers count: 2 below a row of names, 0 in an array.
        images: ``(n, h, w, c)`` uint8, or None.
        epochs: Their numbers where fields have three axes, or rows come in several files; else none.
        folder: Against which paths in the file are meant; None where there is none.
        notes: What is to be said of it, in sentences.
        place: The file, as errors name it; the title where empty.
        hints: Roles that the file itself says, by a field's name.
    """

    kind: str
    title: str
    n: int
    fields: tuple[Field, ...]
    first: int = 0
    images: np.ndarray | None = None
    epochs: tuple[int, ...] = ()
    folder: Path | None = None
    notes: tuple[str, ...] = ()
    hints: Mapping[str, str] = field(default_factory=dict)
    place: str = ""

    @property
    def where(self) -> str:
        """What errors call it."""
        return self.place or self.title


def named(fields: Sequence[Field], notes: list[str]) -> tuple[Field, ...]:
    """Fields whose names can be shown and differ; what was changed is said in ``notes``."""
    taken: set[str] = set()
    found = []
    for at, one in enumerate(fields):
        plain = shown(one.name) or f"column {at + 1}"
        name, again = plain, 2
        while name in taken:
            name, again = f"{plain} ({again})", again + 1
        if name != plain:
            notes.append(f"The name “{plain}” comes twice; the later one is called “{name}”.")
        taken.add(name)
        found.append(replace(one, name=name))
    return tuple(found)


def shown(text: str) -> str:
    """Text as a name: without what cannot be seen or sent, and not too long."""
    return " ".join(_HIDDEN.sub(" ", text).split())[: bounds.NAME // 16]
