"""Paths that stand in a file: meant beside it, and followed no further."""

from __future__ import annotations

import re
from pathlib import Path

from gt.bring.source import WHERE, BringError, shown


def inside(folder: Path, text: str, where: str) -> Path:
    """The file that a text in a file means.

    Args:
        folder: In which it must lie, after all links.
        text: As it stands there; slashes part folders, whatever the system.
        where: Which file says it, and where in it.

    Raises:
        BringError: If it is an address, leads out of the folder, or is not there.
    """
    told = f"{where}: “{shown(text)[:80]}”"
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", text):
        raise BringError(
            f"{told} must be a file beside it, it is an address; fetch it first", by=WHERE
        )
    parts = re.split(r"[/\\]", text)
    if not text.strip() or "\0" in text or ".." in parts or parts[0] == "" or ":" in parts[0]:
        raise BringError(
            f"{told} must be a file in its folder, it leads elsewhere; copy it there", by=WHERE
        )
    path = folder.joinpath(*parts)
    try:
        true, root = path.resolve(), folder.resolve()
        there = true.is_file()
    except (OSError, RuntimeError, ValueError) as error:  # a ring of links, a name that is too long
        raise BringError(
            f"{told} must be a file, it cannot be found ({error})", by=WHERE
        ) from error
    if not true.is_relative_to(root):
        raise BringError(
            f"{told} must be a file in its folder, a link leads elsewhere; copy it there", by=WHERE
        )
    if not there:
        raise BringError(f"{told} must be a file, none is there", by=WHERE)
    return path
