"""The folder in which something is computed that takes long: what is done already, and who is at it.

Its name begins with a dot, and there is one file for each part that is done, so that a stopped computation goes on
where it was. Whoever computes holds a lock in it, see `gt.files.lock`.
"""

from __future__ import annotations

import contextlib
import glob
import logging
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np

from gt.errors import LockedRunError, RunError
from gt.files import swap
from gt.files.beside import LOCK
from gt.files.lock import Lock, is_locked
from gt.kept.artifact import Computed

log = logging.getLogger(__name__)
Kind = TypeVar("Kind", bound=Computed)


class Workshop:
    """Where one result is computed.

    Args:
        folder: Where the finished result will be.
        name: Its name there.
        key: Of its recipe; work begun under another is thrown away.
    """

    def __init__(self, folder: Path, name: str, key: str) -> None:
        self.folder, self.name, self.key = folder, name, key
        self.target = folder / name
        self.path = folder / f".{name}.{key[:16]}.building"

    def done(self, kind: type[Kind]) -> Kind | None:
        """The finished artifact, if there is one of this key; one that is damaged is none."""
        if not (self.target / "zarr.json").is_file():
            return None
        try:
            found = kind.open(self.target)
        except RunError as error:
            log.warning("%s; it will be computed again", error)
            return None
        return found if found.recipe.key == self.key else None

    @contextlib.contextmanager
    def owned(self) -> Iterator[bool]:
        """Be the one who computes; False if another computation is at it and alive."""
        lock = self._lock()
        if lock is None:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()
            with contextlib.suppress(OSError):  # nothing is kept there: nothing was done
                self.path.rmdir()

    def _lock(self) -> Lock | None:
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            return Lock(self.path / LOCK, f"work: {self.path}")
        except (LockedRunError, FileNotFoundError):  # another is at it, or has just finished
            return None

    def get(self, name: str) -> dict[str, np.ndarray] | None:
        """Arrays put under a name; None if there are none, or they are damaged."""
        file = self.path / f"{name}.npz"
        try:
            with file.open("rb") as source, np.load(source, allow_pickle=False) as stored:
                return {key: stored[key] for key in stored.files}
        except Exception:  # numpy and zipfile raise many kinds for a file that is damaged
            file.unlink(missing_ok=True)
            return None

    def put(self, name: str, **arrays: np.ndarray) -> None:
        """Keep arrays under a name, all or nothing."""
        file = self.path / f"{name}.npz"
        part = self.path / f"{name}.partial"
        with part.open("wb") as out:
            np.savez(out, **arrays)  # type: ignore[arg-type]
        part.replace(file)

    def finish(self) -> None:
        """Take away all that was kept on the way: the result is in its place."""
        shutil.rmtree(self.path, ignore_errors=True)  # another may just be looking into it
        self.clear()

    def clear(self) -> None:
        """Take away what is left of computations of this name: the result is there, nobody goes on with them."""
        swap.sweep(self.target)
        for left in self.folder.glob(f".{glob.escape(self.name)}.*.building"):
            name, _, key = left.name[1:].removesuffix(".building").rpartition(".")
            other = Workshop(self.folder, name, key)
            if name == self.name and not other.busy():
                shutil.rmtree(left, ignore_errors=True)

    def busy(self) -> bool:
        """Whether a computation is at it, and alive."""
        return is_locked(self.path / LOCK, time.time())
