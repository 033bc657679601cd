"""A trash beside the runs: what is deleted goes there whole, can be put back for a week, and is then taken away.

A run ``runs/mine`` is moved to ``runs/.trash/<when>-<random>/mine``, in one step and on the same disk; beside it lies
``about.json`` with its title. When it was deleted stands in the name of that folder, so that a copied or restored trash
says it too. Names that begin with a dot are no runs for whoever lists a folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gt.errors import ForeignStoreError, NoRunError, NotWrittenError
from gt.files import durable
from gt.files.lock import Lock
from gt.run.begin import LOCK

FOLDER = ".trash"
ABOUT = "about.json"
KEPT = timedelta(days=7)
WHEN = "%Y%m%dT%H%M%SZ"
ENTRY = re.compile(r"(\d{8}T\d{6}Z)-[0-9a-f]{12}")


@dataclass(frozen=True)
class Trashed:
    """A run in a trash.

    Attributes:
        path: The run's folder, where it is now.
        title: What people called it.
        at: When it was deleted, UTC.
    """

    path: Path
    title: str
    at: datetime

    @property
    def key(self) -> str:
        """What it is called within its trash."""
        return self.path.parent.name

    @property
    def until(self) -> datetime:
        """When it is taken away, UTC."""
        return self.at + KEPT

    @property
    def origin(self) -> Path:
        """Where it was."""
        return self.path.parents[2] / self.path.name


def throw(path: Path, title: str, now: datetime | None = None) -> Trashed:
    """Move a run into the trash beside it, unless somebody writes it.

    Args:
        path: Its folder, a damaged one too.
        title: What people call it.
        now: When, UTC; the present when None.

    Returns:
        Where it is now.

    Raises:
        NoRunError: If there is none.
        LockedRunError: If it is being recorded; it says by whom.
        NotWrittenError: If it cannot be moved; it is where it was.
    """
    path = Path(os.path.abspath(path))
    at = (now or datetime.now(UTC)).replace(microsecond=0)
    if not (path / "zarr.json").is_file():
        raise NoRunError(f"{path} must be a run, there is none any more", by="delete")
    entry = path.parent / FOLDER / f"{at:{WHEN}}-{uuid.uuid4().hex[:12]}"
    try:
        lock = Lock(path / LOCK, f"delete: {path}")
        try:
            durable.place(entry / ABOUT, json.dumps({"title": title}).encode())
            path.rename(entry / path.name)
            (entry / path.name / LOCK).unlink(missing_ok=True)
        except OSError:
            _discard(entry)
            raise
        finally:
            lock.release()
        durable.flush(path.parent)
    except OSError as error:
        raise NotWrittenError(
            f"{path} must be in a folder that can be written, it cannot be moved"
            f" ({error.strerror or error}); change its rights",
            by="delete",
        ) from error
    return Trashed(entry / path.name, title, at)


def found(folder: Path) -> list[Trashed]:
    """The runs in the trash of a folder, the last deleted first.

    Args:
        folder: Of runs; it need have no trash.
    """
    out = []
    for entry, at in _entries(folder):
        with contextlib.suppress(OSError, ValueError):
            title = json.loads((entry / ABOUT).read_bytes())["title"]
            [path] = [one for one in entry.iterdir() if one.name != ABOUT]
            out.append(Trashed(path, str(title), at))
    return sorted(out, key=lambda one: (one.at, one.key), reverse=True)


def put_back(one: Trashed) -> Path:
    """Move a run out of the trash to where it was.

    Args:
        one: As `found` gave it.

    Returns:
        Its folder.

    Raises:
        NoRunError: If it is not in the trash any more.
        ForeignStoreError: If something else is in its place now.
        NotWrittenError: If it cannot be moved; it is in the trash still.
    """
    target = one.origin
    if not os.path.lexists(one.path):
        raise NoRunError(f"{one.path.name} is not in the trash any more", by="put back")
    if target.is_symlink() or target.exists():
        raise ForeignStoreError(
            f"the place of {one.path.name} must be free, something of that name is there; move or delete it first",
            by="put back",
        )
    try:
        one.path.rename(target)
        durable.flush(target.parent)
    except OSError as error:
        raise NotWrittenError(
            f"{target} must be a place that can be written, it cannot be"
            f" ({error.strerror or error}); change the rights of its folder",
            by="put back",
        ) from error
    _discard(one.path.parent)
    return target


def empty(folder: Path, now: datetime | None = None) -> list[str]:
    """Take away what has been in the trash of a folder for a week.

    Args:
        folder: Of runs; it need have no trash.
        now: The present when None.

    Returns:
        What was taken away, by `Trashed.key`.
    """
    now = now or datetime.now(UTC)
    gone = [entry for entry, at in _entries(folder) if at + KEPT <= now]
    for entry in gone:
        _discard(entry)
    return [entry.name for entry in gone]


def _entries(folder: Path) -> list[tuple[Path, datetime]]:
    """The entries of a trash, and when each was made."""
    out = []
    with contextlib.suppress(OSError):
        for entry in (folder / FOLDER).iterdir():
            if named := ENTRY.fullmatch(entry.name):
                with contextlib.suppress(ValueError):  # digits that are no day
                    at = datetime.strptime(named[1], WHEN).replace(tzinfo=UTC)
                    out.append((entry, at))
    return out


def _discard(entry: Path) -> None:
    """Take an entry away, and the trash with its last one."""
    shutil.rmtree(entry, ignore_errors=True)
    with contextlib.suppress(OSError):  # others are in it
        entry.parent.rmdir()
