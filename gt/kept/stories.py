"""Stories that lie beside a run: ``stories/NAME.json`` in its folder, bound to the run by its ``uid``.

They are written whole or not at all, by one writer at a time, and only over what the writer has seen: whoever saves an
older copy gets a name of its own for it, so that nothing is lost. They lie outside of what a recorder writes, which
they do not disturb. `read_stories` and `write_story` are for scripts too.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from gt.cache.memory import Held
from gt.errors import LockedRunError, RunError, UnknownNameError
from gt.files import durable
from gt.files.lock import Lock
from gt.kept.story import Story, StoryError, story_from
from gt.run.read import Run

FOLDER = "stories"
LARGEST = 7_500_000  # bytes of a file: what a request may have, with room
READ_BYTES = 32 * 2**20  # of stories that are kept in memory as they were read
MOST = 100  # stories of a run
LOCK = ".writer.lock"
PATIENCE = 5.0  # seconds for another who writes just now
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
REMEDY = "mend it, or remove it"
_WRITING = threading.Lock()


@dataclass(frozen=True)
class Kept:
    """A story as it lies beside a run.

    Attributes:
        name: Of its file, without its ending.
        revision: Another one whenever it was written: 16 hexadecimal digits.
        story: What it says.
    """

    name: str
    revision: str
    story: Story


def read_stories(run: Run) -> tuple[list[Kept], list[str]]:
    """Read all stories beside a run, by name; and what is wrong with the others.

    Args:
        run: Whose folder is looked into.

    Returns:
        Those that are whole, and a sentence for each that is not.
    """
    found, problems = [], []
    for name in names(run):
        try:
            found.append(read_story(run, name))
        except RunError as error:
            problems.append(str(error))
        except UnknownNameError:
            continue  # taken away just now
    return found, problems


def first_story(run: Run) -> Kept | None:
    """The first story beside a run, by name, that can be read and has a view; None where there is none."""
    for name in names(run):
        try:
            kept = read_story(run, name)
        except (RunError, UnknownNameError):
            continue  # the list of runs says what is wrong with it
        if kept.story.views:
            return kept
    return None


def names(run: Run) -> list[str]:
    """The names of the stories beside a run, whole or not, in their order; `MOST` at most."""
    try:
        files = sorted((run.path / FOLDER).glob("*.json"))
    except OSError:
        return []
    return [file.stem for file in files if _NAME.fullmatch(file.stem)][:MOST]


def read_story(run: Run, name: str) -> Kept:
    """Read one story beside a run.

    Raises:
        UnknownNameError: If there is none of that name.
        RunError: If it cannot be read, is of another run, or not as it should be; it names the place.
    """
    file = run.path / FOLDER / f"{_checked(name)}.json"
    try:
        stamp = file.stat()
        if stamp.st_size > LARGEST:
            raise StoryError(f"{file}: must be at most {LARGEST:,} bytes; {REMEDY}")
        key = (str(file), run.uid, stamp.st_mtime_ns, stamp.st_size, stamp.st_ino)
        return _READ.get(key, lambda: _read(file, run.uid))
    except FileNotFoundError:
        raise UnknownNameError(f"{run.title} has no story “{name}”") from None
    except OSError as error:
        raise StoryError(f"{file} cannot be read: {error.strerror or error}") from error


def _read(file: Path, uid: str) -> Kept:
    content = file.read_bytes()
    story = story_from(_json(content, str(file)), str(file))
    if story.uid != uid:
        raise StoryError(
            f"{file}: must be of the run {uid}, which it lies beside, it is of {story.uid}; {REMEDY}"
        )
    return Kept(file.stem, _revision(content), story)


def write_story(
    run: Run, story: Story, name: str | None = None, revision: str | None = None
) -> Kept:
    """Keep a story beside its run, whole or not at all.

    Args:
        run: Which it is of.
        story: Its ``uid`` is the run's.
        name: The story whose place it takes; None for a new one, which is called after its title.
        revision: That of the one that it takes the place of, as it was read; None takes the place of whatever is there.

    Returns:
        The story as it is kept. Where another has written it meanwhile, or has taken it away, it has a name of its
        own.

    Raises:
        StoryError: If it is not as it should be, or is of another run.
        RunError: If there are `MOST` of them already.
        OSError: If it cannot be written; what was there is as it was.
    """
    where = f"{run.path / FOLDER}"
    story_from(story.to_json(), "story")  # what is written can be read
    if story.uid != run.uid:
        raise StoryError(f"write_story: story.uid must be {run.uid}, it is {story.uid}")
    content = (json.dumps(story.to_json(), ensure_ascii=False, indent=1) + "\n").encode()
    if len(content) > LARGEST:
        raise StoryError(f"story must be at most {LARGEST:,} bytes; leave out pictures")
    with _alone(run.path / FOLDER):
        name = None if name is None else _checked(name)
        if name is None or (revision is not None and _now(run, name) != revision):
            name = _free(run, name or slug(story.title), where)
        durable.replace(run.path / FOLDER / f"{name}.json", content)
    return Kept(name, _revision(content), story)


def delete_story(run: Run, name: str, revision: str) -> None:
    """Take a story away.

    Raises:
        UnknownNameError: If there is none of that name.
        RunError: If it is not the one that was seen.
    """
    if not (run.path / FOLDER / f"{_checked(name)}.json").is_file():
        raise UnknownNameError(f"{run.title} has no story “{name}”")
    with _alone(run.path / FOLDER):
        if _now(run, name) != revision:
            raise StoryError("The story was changed meanwhile; look at it again.")
        (run.path / FOLDER / f"{name}.json").unlink()


def slug(title: str) -> str:
    """What a story of a title is called: small letters, digits and dashes."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower())[:50].strip("-")
    return words or "story"


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise UnknownNameError("A story's name has small letters, digits and dashes")
    return name


def _free(run: Run, wanted: str, where: str) -> str:
    """A name that no file has: numbered where it must be."""
    taken = {file.stem for file in (run.path / FOLDER).glob("*.json")}
    if len(taken) >= MOST:
        raise RunError(f"{where} must hold at most {MOST} stories; delete one first")
    if wanted not in taken:
        return wanted
    return next(one for i in range(2, MOST + 3) if (one := f"{wanted[:54]}-{i}") not in taken)


def _now(run: Run, name: str) -> str | None:
    """The revision of what is there."""
    try:
        return _revision((run.path / FOLDER / f"{name}.json").read_bytes())
    except FileNotFoundError:
        return None


def _revision(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; another who has it is waited for, threads of this process without asking the disk."""
    with _WRITING:
        folder.mkdir(exist_ok=True)
        lock = _lock(folder)
        try:
            yield
        finally:
            lock.release()


def _lock(folder: Path) -> Lock:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return Lock(folder / LOCK, f"write: {folder}")
        except LockedRunError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)


def _json(content: bytes, where: str) -> Any:
    try:
        return json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise StoryError(f"{where}: must be JSON: {error}; {REMEDY}") from error


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _weight(kept: Kept) -> int:
    """Bytes that a story takes in memory, about."""
    return 1000 + sum(
        1000 + len(view.query) + len(view.picture or b"") for view in kept.story.views
    )


#: asked for with every list of runs
_READ: Held[Kept] = Held(READ_BYTES, _weight)
