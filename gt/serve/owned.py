"""Which runs a reader may rename and delete, where what is deleted lies, and where new runs go.

What ships with the project is everybody's, and what lies in folders that are not ``--runs`` is nobody's here. A browser
names a run by a key, never by a path.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gt.dashboard import SHIPPED
from gt.errors import RunError, UnknownRunError
from gt.run import trash
from gt.run.find import writable
from gt.run.read import Run
from gt.run.title import retitle
from gt.run.trash import Trashed
from gt.serve.library import Library
from gt.serve.shelf import is_live

IS_SHIPPED = "It comes with the project."
IS_LIVE = "It is being recorded now: its recorder writes into it."
IS_FIXED = "This server may not write into its folder."
IS_READ_ONLY = "This server is read-only."


class ChangedRunError(RunError):
    """The run that a reader saw is not the one that is there now."""


@dataclass(frozen=True)
class Found:
    """What is in the folders of a server: a run, or what cannot be opened.

    Attributes:
        path: Its folder.
        name: For links; the folder's own name where it cannot be opened.
        run: None where it cannot be opened.
        attack: Whether it is an attack.
        problem: What is wrong with it, in words for readers; "" where nothing is.
    """

    path: Path
    name: str
    run: Run | None
    attack: bool = False
    problem: str = ""

    @property
    def is_run(self) -> bool:
        """Whether there is a run in its folder, whole or damaged."""
        return self.run is not None or (self.path / "zarr.json").exists()

    @property
    def title(self) -> str:
        """What people call it."""
        return self.run.title if self.run is not None else self.name


def key_of(path: Path) -> str:
    """What a browser calls the run in a folder: the same in every worker, and no path."""
    return hashlib.sha256(os.fsencode(os.path.abspath(path))).hexdigest()[:24]


def everything(library: Library) -> list[Found]:
    """All that is in the folders now: trainings, attacks, runs without an epoch, and what cannot be opened."""
    problems: dict[Path, list[str]] = {}
    for path, said in [*library.problems, *library.attack_problems()]:
        problems.setdefault(path, []).append(library.told(path, said)[1])

    def wrong(path: Path) -> str:
        return " ".join(dict.fromkeys(problems.pop(path, [])))

    out = [Found(run.path, name, run, False, wrong(run.path)) for name, run in library.runs.items()]
    attacks = library.attacks().items()
    out += [Found(run.path, name, run, True, wrong(run.path)) for name, run in attacks]
    out += [Found(run.path, run.name, run, False, wrong(run.path)) for run in library.waiting]
    for path in list(problems):
        name = library.told(path, "")[0]
        out.append(Found(path, name, None, False, wrong(path)))
    return out


def named(library: Library, key: str) -> Found:
    """What a browser calls by a key.

    Raises:
        UnknownRunError: If it is not there any more.
    """
    library.look(anew=True)
    for one in everything(library):
        if key_of(one.path) == key:
            return one
    raise UnknownRunError("This run is not here any more.")


def why_fixed(library: Library, one: Found) -> str:
    """Why a run can be neither renamed nor deleted; "" where it can be."""
    if not _is_own(library, one.path):
        return IS_SHIPPED if _ships(one.path) else IS_FIXED
    if not (one.path / "zarr.json").is_file():
        return "There is no run in it."
    if one.run is not None and is_live(one.run):
        return IS_LIVE
    may = all(os.access(folder, os.W_OK) for folder in (one.path, _parent(one.path)))
    return "" if may else IS_FIXED


def why_nothing_beside(library: Library, run: Run) -> str:
    """Why a reader's stories cannot be kept in a run's folder; "" where they can, also while it is being recorded."""
    if library.read_only:
        return IS_READ_ONLY
    if not _is_own(library, run.path):
        return IS_SHIPPED if _ships(run.path) else IS_FIXED
    return "" if os.access(run.path, os.W_OK) else IS_FIXED


def rename(library: Library, key: str, uid: str, title: str) -> Found:
    """Give a run another title.

    Args:
        library: Has it.
        key: See `key_of`.
        uid: Of the run that the reader saw.
        title: The new one.

    Raises:
        UnknownRunError: If it is not there.
        RunError: If it cannot be renamed; it says why.
    """
    library.check_may_write("no run is renamed")
    one = _checked(library, key, uid)
    if one.run is None:
        raise RunError(f"{one.name} cannot be opened, so it has no title; delete it, or restore it")
    retitle(one.path, title)
    return named(library, key)


def delete(library: Library, key: str, uid: str) -> Trashed:
    """Move a run into the trash beside it.

    Args:
        library: Has it.
        key: See `key_of`.
        uid: Of the run that the reader saw; "" where it could not be opened.

    Raises:
        UnknownRunError: If it is not there.
        RunError: If it cannot be deleted; it says why.
    """
    library.check_may_write("no run is deleted")
    one = _checked(library, key, uid)
    made = trash.throw(one.path, one.title)
    library.look(anew=True)
    return made


def put_back(library: Library, key: str) -> Path:
    """Move a run out of the trash to where it was.

    Args:
        library: Whose folders it was in.
        key: See `gt.run.trash.Trashed.key`.

    Returns:
        Its folder.

    Raises:
        UnknownRunError: If it is not in the trash any more.
        RunError: If it cannot be put back; it says why.
    """
    library.check_may_write("no run is put back")
    for one in trashed(library):
        if one.key == key:
            path = trash.put_back(one)
            library.look(anew=True)
            return path
    raise UnknownRunError("This run is not in the trash any more.")


def trashed(library: Library) -> list[Trashed]:
    """What was deleted and can be put back, the last deleted first."""
    found = [one for folder in _places(library) for one in trash.found(folder)]
    mine = [one for one in found if _is_own(library, one.origin)]
    return sorted(mine, key=lambda one: one.at, reverse=True)


def empty_trash(library: Library) -> None:
    """Take away what has been in the trash for a week; a server that may write nothing leaves it."""
    if not library.read_only:
        for folder in _places(library):
            trash.empty(folder)


def into(library: Library) -> Path | None:
    """The folder that new runs go into: the first of one's own that can be written; None where there is none."""
    return None if library.read_only else writable(library.own)


def _checked(library: Library, key: str, uid: str) -> Found:
    one = named(library, key)
    if (one.run.uid if one.run is not None else "") != uid:
        raise ChangedRunError(f"{one.title} is not the run that was shown: it was recorded anew")
    if reason := why_fixed(library, one):
        raise RunError(f"{one.title} stays as it is. {reason}")
    return one


def _places(library: Library) -> Iterator[Path]:
    """The folders that may have a trash, each once."""
    met = set()
    for folder in _mine(library):
        is_folder = folder.is_dir() and not (folder / "zarr.json").exists()
        place = (folder if is_folder else _parent(folder)).resolve()
        if place not in met:
            met.add(place)
            yield place


def _mine(library: Library) -> list[Path]:
    """A reader's own folders, and those of attacks that are made in the browser."""
    return [*library.own, *(library.attack_workplace(name) for name in library.runs)]


def _is_own(library: Library, path: Path) -> bool:
    """Whether a run is in a folder of one's own, or is one that was named, or was made in the browser."""
    if _ships(path):
        return False
    mine = {folder.resolve() for folder in _mine(library)}
    return _parent(path).resolve() in mine or path.resolve() in mine


def _ships(path: Path) -> bool:
    shipped = SHIPPED.resolve()
    return shipped in (_parent(path).resolve(), path.resolve().parent)


def _parent(path: Path) -> Path:
    return Path(os.path.abspath(path)).parent
