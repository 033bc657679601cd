"""Formats of files whose arrays can be imported: the table of all that are known.

A format is one file in `gt/files/formats` that registers, for the ending of a name, a function from a path to the names
of the arrays in it and a reader of them. Nothing is ever unpickled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from gt.discover import import_all

Admit = Callable[[str, int], None]
"""Is told name and bytes of an array before it is read, and raises where that is too much."""
Reader = Callable[[str, Admit], np.ndarray]
"""Reads the array of a name."""
Open = Callable[[Path], tuple[Reader, list[str]]]
"""Looks into a file that is there: how its arrays are read, and their names. What it raises is told as damage."""

_table: dict[str, Open] = {}


def register(ending: str, opened: Open) -> None:
    """Let a function open the files of an ending (".npy"); the last one said holds."""
    _table[ending] = opened


def readers() -> Mapping[str, Open]:
    """All formats by their ending, in the order of the alphabet."""
    import_all("gt.files.formats")
    return dict(sorted(_table.items()))


def listed() -> str:
    """The endings as one reads them: ".npy, .npz or .safetensors"."""
    *others, last = readers()
    return f"{', '.join(others)} or {last}" if others else last
