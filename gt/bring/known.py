"""Formats of files that are opened: a table whose entries are the files in `gt/bring/formats`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from gt.bring.source import Source
from gt.discover import import_all

Read = Callable[[Path], Source]
"""Reads a file that is there; raises a `RunError` that names the place of what is wrong with it."""

_table: dict[str, Read] = {}


def register(read: Read, *endings: str) -> None:
    """Let a function read the files of some endings (".csv"), in small letters."""
    _table.update(dict.fromkeys(endings, read))


def formats() -> Mapping[str, Read]:
    """All formats by their ending, in the order of the alphabet."""
    import_all("gt.bring.formats")
    return dict(sorted(_table.items()))


def listed() -> str:
    """The endings as one reads them."""
    *others, last = formats()
    return f"{', '.join(others)} or {last}"
