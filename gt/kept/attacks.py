"""The attacks among the runs of a server: those it was started with, and those that the lab makes meanwhile.

The lab puts an attack into a workplace beside the cache, ``attacks/<uid of the attacked run>/<name>``, and renames it
to that place when it is finished: a folder whose name begins with a dot is under way. Workers share no memory, so each
of them looks there, and into the folders of runs of one's own, whenever it is asked what there is.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from gt.errors import ForeignStoreError, RunError
from gt.files.beside import built_beside
from gt.kept.attack import KEY, attack_of
from gt.run import disk
from gt.run.find import writable
from gt.run.read import Run, open_run

log = logging.getLogger(__name__)

FOLDER = "attacks"  # beside the cache
REMEDY = "start the server with one: python app.py --runs FOLDER"


def is_attack(run: Run) -> bool:
    """Whether a run is an attack, as it says itself; nothing is read."""
    return run.made.get(KEY) is not None


class Attacks:
    """Attacks by name; of two with one name the second is called ``name-2``.

    Attributes:
        problems: What could not be used when it was last looked for, by its folder, and why.

    Args:
        found: Those in the server's folders; what is damaged of them is left out.
        trainings: The other runs, whose names are taken.
        place: Folder of the workplaces.
        keep_in: Folders of runs of one's own, into the first of which that can be written attacks are kept.
    """

    def __init__(
        self,
        found: Iterable[Run],
        trainings: Mapping[str, Run],
        place: Path,
        keep_in: Sequence[Path] = (),
    ) -> None:
        self.place = place
        self.keep_in = [folder.resolve() for folder in keep_in]
        self.problems: dict[Path, str] = {}
        self._first: dict[str, Run] = {}
        self._opened: dict[Path, tuple[int, Run | None]] = {}  # by folder, with its last change
        self.meet(found, trainings)
        self._known = dict(self._first)

    def meet(self, found: Iterable[Run], trainings: Mapping[str, Run]) -> None:
        """Take note of the runs that are there now.

        Args:
            found: The attacks among them; those that were met before are not looked into again.
            trainings: The others.
        """
        known = set(self._first.values())
        self._first = {run.name: run for run in found if run in known or self._whole(run)}
        self._trainings = trainings

    def all(self) -> dict[str, Run]:
        """Those that are there now: from the start, kept since, in the workplaces, oldest first."""
        out = dict(self._first)
        seen = {run.uid for run in out.values()}
        for run in [*self._children(self.keep_in), *self._working()]:
            if run.uid in seen:  # kept: the workplace has it as well
                continue
            seen.add(run.uid)
            name, i = run.name, 2
            while name in out or name in self._trainings:
                name, i = f"{run.name}-{i}", i + 1
            known = self._known.get(name)
            same = known is not None and _same(known, run)
            out[name] = known if known is not None and same else _named(run, name)
        self._known = out
        return dict(out)

    def get(self, name: str) -> Run | None:
        """The attack of a name, looked for anew where it is not known, or gone."""
        known = self._known.get(name)
        return known if known is not None and known.path.is_dir() else self.all().get(name)

    def kept(self, run: Run) -> bool:
        """Whether an attack is in a folder of runs, and not with the cache alone."""
        return self.place.resolve() not in run.path.resolve().parents

    def keep(self, run: Run) -> Path:
        """Copy an attack into a folder of runs, under its name.

        Returns:
            The copy's folder; the attack's own where it is kept already.

        Raises:
            ForeignStoreError: If something else is in its place.
            RunError: If there is no folder of runs of one's own, or none that can be written.
        """
        if self.kept(run):
            return run.path
        free = writable(self.keep_in)
        if free is None:
            folders = [one for one in self.keep_in if one.is_dir() and not _is_run(one)]
            came = f"{', '.join(map(str, folders))} cannot" if folders else "there is none"
            raise RunError(
                f"a folder of runs must be one to write into, {came}; {REMEDY}", by="keep"
            )
        target = free / run.name
        if target.exists():
            raise ForeignStoreError(
                f"{target} must be free, something is there; move it", by="keep"
            )
        try:
            with built_beside(target) as building:
                _copy(run.path, building)
        except OSError as error:
            raise RunError(f"{target} must be written, it cannot be: {error}", by="keep") from error
        return target

    def _working(self) -> list[Run]:
        """The finished attacks in the workplaces of runs that are here."""
        folders = [self.place / run.uid for run in self._trainings.values()]
        return sorted(self._children(folders), key=lambda run: (_changed(run.path), run.path))

    def _children(self, folders: Iterable[Path]) -> Iterator[Run]:
        for folder in folders:
            try:
                if not folder.is_dir() or _is_run(folder):
                    continue
                paths = sorted(folder.iterdir())
            except OSError as error:  # taken away just now, or no longer ours to read
                log.warning("%s cannot be read: %s", folder, error)
                continue
            for path in paths:
                if not path.name.startswith(".") and (run := self._open(path)) is not None:
                    yield run

    def _open(self, path: Path) -> Run | None:
        """The attack in a folder, opened once; None for anything else, which was told of at the start."""
        if not (changed := _changed(path)):
            return None
        before = self._opened.get(path)
        if before is not None and before[0] == changed:
            return before[1]
        run: Run | None = None
        self.problems.pop(path, None)
        try:
            if disk.read_attributes(path).get("made", {}).get(KEY) is not None:
                found = open_run(path)
                run = found if len(found.epochs) and self._whole(found) else None
        except Exception as error:  # whatever is wrong with one, the others are there
            log.warning("%s", error)
            if isinstance(error, RunError):
                self.problems[path] = str(error)
        self._opened[path] = (changed, run)
        return run

    def _whole(self, run: Run) -> bool:
        """Whether all that belongs to an attack is there; what is wrong is a problem."""
        try:
            return attack_of(run) is not None
        except RunError as error:
            log.warning("%s", error)
            self.problems[run.path] = str(error)
            return False


def _named(run: Run, name: str) -> Run:
    return run if run.name == name else run.renamed(name)


def _same(known: Run, run: Run) -> bool:
    return (known.path, known.uid, known.title) == (run.path, run.uid, run.title)


def _is_run(folder: Path) -> bool:
    return (folder / "zarr.json").exists()


def _changed(path: Path) -> int:
    """When a run was written last, in ns; 0 where there is none."""
    try:
        return (path / "zarr.json").stat().st_mtime_ns
    except OSError:
        return 0


def _copy(source: Path, target: Path) -> None:
    """Copy a folder; files that are one and the same (points that stand still, step by step) stay so."""
    copies: dict[int, str] = {}

    def copy(name: str, to: str) -> str:
        number = os.stat(name).st_ino
        try:
            if number in copies:
                os.link(copies[number], to)
                return to
        except OSError:  # a file system without hard links, or too many of one file
            pass
        copies[number] = to
        return shutil.copyfile(name, to)

    shutil.copytree(source, target, copy_function=copy)
