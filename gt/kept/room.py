"""A limit for what is kept beside the cache: what pages had computed (embeddings, alignments, attacks), opened files.

What was used least recently goes first, as in the cache. What is being computed stays, and so does whatever was made or
shown since the server was started, or in the last hour (another server may have it on its pages).
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gt.errors import LockedRunError
from gt.files.beside import LOCK
from gt.files.lock import Lock, is_locked
from gt.files.measured import size_and_time

log = logging.getLogger(__name__)
RECENT = 3600.0  # seconds for which what was used stays in any case
NOTED = 60.0  # seconds between two notes that something was used
UNUSED = 30 * 86400.0  # seconds after which what was opened goes, however much room there is
SERVED = "served-"  # begins the names of locks in the folder of an opened file, one of each server
_OPENED = re.compile(r"[0-9a-f]{24}")  # what `gt.bring.place` calls such a folder


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
    return _within(_entries(folders), limit, since)


def clear_opened(folder: Path, limit: int) -> list[Path]:
    """Take away what `gt FILE` has made of files: what was used least recently, and what nobody has used for a month.

    What is served stays, see `serving`, and so does what was used in the last hour.

    Args:
        folder: In which such folders lie; what else is in it, and links to elsewhere, are left alone.
        limit: Bytes, of all of them together.

    Returns:
        What was taken away.
    """
    opened = [one for one in _folders(folder) if _OPENED.fullmatch(one.name)]
    entries = (_Entry(one, *size_and_time(one)) for one in opened)
    return _within(entries, limit, time.time(), time.time() - UNUSED)


@contextlib.contextmanager
def serving(opened: Path) -> Iterator[None]:
    """Keep what was made of a file from being taken away meanwhile, where that can be written."""
    lock = None
    with contextlib.suppress(OSError, LockedRunError):
        lock = Lock(opened / f"{SERVED}{os.getpid()}.lock", f"serve {opened}")
    try:
        yield
    finally:
        if lock is not None:
            lock.release()


def _within(entries: Iterable[_Entry], limit: int, since: float, oldest: float = 0) -> list[Path]:
    """Take away entries not used since then until the rest is within a limit; and older ones in any case."""
    entries = sorted(entries, key=lambda one: one.used)
    over = sum(one.size for one in entries) - limit
    gone: list[Path] = []
    for one in entries:
        if over <= 0 and one.used >= oldest:
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
    """Whether somebody is computing, building or serving this."""
    return any(is_locked(one, time.time()) for one in [path / LOCK, *path.glob(f"{SERVED}*.lock")])


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
