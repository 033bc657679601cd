"""A whole folder in another's place: readers find the old one, or the new one, and never half of one.

`gt.files.beside` builds what is new; this is for what replaces an older one of its name. Whoever is killed in between
leaves folders whose names begin with a dot, which nobody reads and the next of this name takes away.
"""

from __future__ import annotations

import re
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gt.files import durable
from gt.files.beside import built_beside

LEFT = 3600.0  # seconds after which what versions without locks built beside counts as left behind


@contextmanager
def built_to_replace(target: Path) -> Iterator[Path]:
    """Build a folder beside its place; it gets there whole, instead of what is there, or not at all.

    Args:
        target: Where it goes. Its parents are made.

    Yields:
        A path that is not there yet: make a folder of it.
    """
    sweep(target)
    whole = target.with_name(f".{target.name}.whole")
    with built_beside(whole) as building:
        yield building
    put_in_place(whole, target)


def put_in_place(whole: Path, target: Path) -> None:
    """Rename a whole folder to its place, and take away what was there.

    Raises:
        OSError: If it cannot be done; what was there is there again.
    """
    aside = target.with_name(f".{target.name}.old-{uuid.uuid4().hex[:12]}")
    with suppress(FileNotFoundError):
        target.rename(aside)
    try:
        whole.rename(target)
    except OSError:
        if aside.exists() and not target.exists():
            aside.rename(target)
        raise
    durable.flush(target.parent)
    shutil.rmtree(aside, ignore_errors=True)


def sweep(target: Path) -> None:
    """Take away what others of this name left that were killed: whole but not put in place, or put aside."""
    shutil.rmtree(target.with_name(f".{target.name}.whole"), ignore_errors=True)
    old = re.compile(rf"\.{re.escape(target.name)}\.(old-[0-9a-f]{{12}}|[a-z0-9_]{{8}})")
    for path in target.parent.iterdir() if target.parent.is_dir() else ():
        left = old.fullmatch(path.name)
        if left and (left[1].startswith("old-") or time.time() - touched(path) > LEFT):
            shutil.rmtree(path, ignore_errors=True)


def touched(path: Path) -> float:
    """When something in a folder was written last."""
    try:
        return max(one.stat().st_mtime for one in (path, *path.rglob("*")))
    except OSError:  # its owner took it away meanwhile
        return time.time()
