"""All or nothing: whatever takes time to write is built beside its place and renamed when it is whole.

A build is in ``.<name>.partial-<random>`` in the folder of its target, hidden from whoever lists
runs. It holds a lock, so that the next build of the same name can tell one that was killed, and
takes it away, from one that is under way.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gt.errors import ForeignStoreError
from gt.files import durable
from gt.files.lock import STALE, Lock, is_locked
from gt.files.place import local

LOCK = "builder.lock"


@contextmanager
def built_beside(path: Path) -> Iterator[Path]:
    """Build a folder or a file beside its place; it gets there, whole and on the disk, or not at all.

    What builds of this name left that were killed is taken away first.

    Args:
        path: Where it goes: nothing is there, or an empty folder. Its parents are made.

    Yields:
        A path of the same name that is not there yet: make a folder or a file of it.

    Raises:
        ForeignStoreError: If something is at ``path``, before or after the building.
        RunError: If it is an address.
    """
    path = local(path, "write")
    _free(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    outer = path.with_name(f".{path.name}.partial-{uuid.uuid4().hex[:12]}")
    outer.mkdir()
    lock = Lock(outer / LOCK, f"write: {outer}")
    try:
        _sweep(path, lock)
        built = outer / path.name
        yield built
        durable.flush_tree(built)
        _free(path)
        if path.is_dir():
            path.rmdir()  # an empty one, which not every system replaces
        try:
            built.rename(path)
        except OSError:
            _free(path)  # somebody else's came meanwhile: that says more than the system does
            raise
        durable.flush(path.parent)
    finally:
        lock.release()
        shutil.rmtree(outer, ignore_errors=True)  # the next build of this name tries again


def _free(path: Path) -> None:
    if path.is_symlink() or (path.exists() and (not path.is_dir() or any(path.iterdir()))):
        raise ForeignStoreError(
            f"write: {path} must be new or an empty folder, something is there; choose another path,"
            " or remove it"
        )


def _sweep(path: Path, lock: Lock) -> None:
    """Remove builds of this name whose builder does not live."""
    now = lock.file.stat().st_mtime
    start = f".{path.name}.partial-"
    for left in path.parent.iterdir():
        if not left.name.startswith(start) or left == lock.file.parent:
            continue
        file = left / LOCK
        try:
            new = not file.exists() and now - left.stat().st_mtime < STALE  # its lock may yet come
        except FileNotFoundError:
            continue  # its own builder took it away
        if not new and not is_locked(file, now):
            shutil.rmtree(left, ignore_errors=True)
