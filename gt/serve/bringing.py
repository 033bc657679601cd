"""Files that were brought become a run: looked at first, and written when the reader says so.

What is read and what a run is made of is `gt.bring`'s; here is what a browser adds: choices as text, one reader at a
time, progress for whoever asks, and an end to it in between.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Any

from gt import bring
from gt.bring.known import formats
from gt.bring.place import folder_name
from gt.errors import ForeignStoreError, RunError
from gt.serve import owned
from gt.serve.library import Library
from gt.serve.payloads import BringChoices, BringState, Preview
from gt.serve.said import explained
from gt.serve.uploads import WAITING, Uploads

log = logging.getLogger(__name__)
NOWHERE = "This server has no folder of runs that it may write into; start it with one: gt serve --runs FOLDER"
MOST_COLUMNS = 200  # that are said one by one
PATIENCE_S = 60.0  # for others who have a file read
TRIES = 100  # names that are taken already

#: one at a time in a process: a file of 200 MB takes several times as much memory while it is read
_reading = threading.Lock()


class Cancelled(Exception):
    """The reader wants no run any more."""


def endings() -> list[str]:
    """Of files that can be brought, with their dot."""
    return list(formats())


def look(uploads: Uploads, name: str, choices: BringChoices) -> bring.Seen:
    """See what is in the files of an upload.

    Args:
        uploads: Has it.
        name: Of the upload.
        choices: How they are to be read.

    Raises:
        UnknownNameError: If there is no such upload.
        RunError: If they cannot be read; it says why.
    """
    paths = uploads.whole(name)
    asked: dict[str, Any] = {
        key: choices[key] or None for key in ("label", "time", "point", "coords")
    }
    if not _reading.acquire(timeout=PATIENCE_S):
        raise RunError("the server reads another file just now; try again in a moment")
    try:
        return bring.look(
            paths,
            **asked,
            scale=choices["scale"],
            not_finite=choices["not_finite"],
            image="none",  # a path in an uploaded file would be one of the server's
        )
    finally:
        _reading.release()


def preview(seen: bring.Seen, into: Path) -> Preview:
    """What was seen, as a page shows it."""
    return {
        "kind": seen.kind,
        "title": seen.title,
        "n": seen.n,
        "p": seen.p,
        "epochs": seen.epochs,
        "unit": seen.unit,
        "groups": seen.groups,
        "scale": seen.scale,
        "why_scale": seen.why_scale,
        "columns": [
            {"name": c.name, "kind": c.kind, "role": c.role, "why": c.why, "example": c.example}
            for c in seen.columns[:MOST_COLUMNS]
        ],
        "of_columns": len(seen.columns),
        "rows": [list(row) for row in seen.rows],
        "notes": list(seen.notes),
        "into": into.resolve().name,
    }


def place_for(library: Library) -> Path:
    """The folder that a run of brought files goes into.

    Raises:
        ReadOnlyError: If the server may write nothing.
        RunError: If there is none.
    """
    library.check_may_write("no file is brought")
    into = owned.into(library)
    if into is None:
        raise RunError(NOWHERE)
    return into


def begin(library: Library, uploads: Uploads, name: str, choices: BringChoices, title: str) -> None:
    """Make a run of an upload, behind the answer; `Uploads.state` says how far it is.

    Args:
        library: Where it is to go.
        uploads: Has the upload.
        name: Of it.
        choices: How it is to be read.
        title: Of the run; that of the file where empty.

    Raises:
        UnknownNameError: If there is no such upload.
        RunError: If it is on its way already, or can go nowhere.
    """
    into = place_for(library)
    uploads.whole(name)
    if uploads.state(name)["phase"] == "writing":
        raise RunError("this file is being added already")
    uploads.tell(name, {**WAITING, "phase": "writing", "said": "Reading"})
    work = threading.Thread(
        target=_add,
        args=(library, uploads, name, choices, title, into),
        name="gt-bring",
        daemon=True,
    )
    work.start()


def _add(
    library: Library, uploads: Uploads, name: str, choices: BringChoices, title: str, into: Path
) -> None:
    """Read once more and write; whatever goes wrong is told."""

    def progress(done: int, total: int, what: str) -> None:
        if uploads.cancelled(name):
            raise Cancelled
        uploads.tell(name, {**told, "done": done, "total": total, "said": what})

    told: BringState = {**WAITING, "phase": "writing"}
    try:
        seen = look(uploads, name, choices)
        progress(0, seen.epochs, "Writing")
        path = _written(seen, into, title, progress)
        library.look(anew=True)
        called = next(
            (one for one, run in library.runs.items() if _same(run.path, path)), path.name
        )
        uploads.tell(name, {**WAITING, "phase": "done", "said": str(path.name), "run": called})
    except Cancelled:
        uploads.remove(name)
    except Exception as error:  # whatever it was, the reader is told
        said = explained(error, f"bringing {name}")
        uploads.tell(name, {**WAITING, "phase": "failed", "said": said})


def _written(seen: bring.Seen, into: Path, title: str, progress: Any) -> Path:
    """Write a run under the first name that is free."""
    stem = folder_name(title or seen.title)
    for number in range(1, TRIES + 1):
        path = into / (stem if number == 1 else f"{stem}-{number}")
        if path.exists() or path.is_symlink():
            continue
        try:
            bring.write(seen, path, title=title or None, progress=progress)
            return path
        except ForeignStoreError:  # somebody else's came meanwhile
            continue
    raise RunError(
        f"a folder {stem} must be free, there are {TRIES} of that name; choose another title"
    )


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
