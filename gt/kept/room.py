"""A limit for what was computed for pages and is kept beside the cache: embeddings, alignments, attacks.

What was used least recently goes first, as in the cache. What is being computed stays, and so does whatever was made or
shown since the server was started, or in the last hour (another server may have it on its pages).
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gt.files.beside import LOCK
from gt.files.lock import is_locked
from gt.files.measured import size_and_time

log = logging.getLogger(__name__)
RECENT = 3600.0  # seconds for which what was used stays in any case
NOTED = 60.0  # seconds between two notes that something was used


@dataclass(frozen=True)
class _Entry:
    path: Path
    size: int  # bytes
    used: float  # when, as time.time() counts


def note_use(path: Path) -> None:
    """Remember that something is used now, in the time of its folder; where that cannot be written, never mind."""
    with contextlib.suppress(OSError):
        if time.time() - path.stat().st_mtime > NOTED:
            os.utime(path)


def make_room(folders: Iterable[Path], limit: int, since: float) -> list[Path]:
    """Take away what was used least recently until the rest is within a limit.

    Args:
        folders: Of workplaces: ``folder/<uid of a run>/<what was computed>``.
        limit: Bytes, of all folders together.
        since: What was used since then stays, as what was used in the last hour.

    Returns:
        What was taken away.
    """
    entries = sorted(_entries(folders), key=lambda one: one.used)
    over = sum(one.size for one in entries) - limit
    gone: list[Path] = []
    for one in entries:
        if over <= 0:
            break
        if one.used >= min(since, time.time() - RECENT) or _at_work(one.path):
            continue
        if _remove(one.path):
            over -= one.size
            gone.append(one.path)
    if gone:
        log.info("%d of what was computed and not used since was taken away", len(gone))
    if over > 0:
        log.warning(
            "what is kept beside the cache is %.1f GB over its limit, and in use", over / 2**30
        )
    return gone


def _entries(folders: Iterable[Path]) -> Iterator[_Entry]:
    for folder in folders:
        for workplace in _folders(folder):
            for path in _folders(workplace):
                size, used = size_and_time(path)
                yield _Entry(path, size, used)


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir() and not path.is_symlink())
    except OSError:
        return []


def _at_work(path: Path) -> bool:
    """Whether somebody is computing or building this."""
    return is_locked(path / LOCK, time.time())


def _remove(path: Path) -> bool:
    """Take a folder away; from one moment to the next it is not there, and never half there."""
    aside = path.with_name(f".{path.name.lstrip('.')}.old-{uuid.uuid4().hex[:12]}")
    try:
        path.rename(aside)
    except OSError as error:
        log.warning("%s cannot be taken away: %s", path, error)
        return False
    shutil.rmtree(aside, ignore_errors=True)
    with contextlib.suppress(OSError):  # others are in it
        path.parent.rmdir()
    return True
