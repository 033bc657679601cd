"""The runs in some folders, looked for anew while others record, resume and delete them.

A look costs one ``stat`` a run and a listing a folder, and is had at most every `LOOK_S` seconds, whoever asks; a run
is opened again when its ``zarr.json``, which every committed epoch replaces, is another. Nothing is remembered that
another process could not see for itself: workers that share nothing show the same.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gt.files.lock import living_writer
from gt.run import prints
from gt.run.begin import LOCK
from gt.run.find import NO_EPOCH, find_runs, folders_of_runs, try_open
from gt.run.read import Run

LOOK_S = 0.25  # seconds between two looks: a part of the two within which an epoch is to be seen
AGAIN_S, LONGEST_S = (
    1.0,
    60.0,
)  # until what was damaged is tried again: it may have been written just then, or restored

Stamp = tuple[int, int, int]
Signs = dict[Path, Stamp | str | None]


@dataclass(frozen=True)
class Seen:
    """What was in the folders at one look.

    Attributes:
        runs: All that open and have an epoch, in order, attacks too; each has a name of its own.
        problems: What could not be used, and why.
        waiting: Runs that have no epoch yet.
    """

    runs: tuple[Run, ...]
    problems: tuple[tuple[Path, str], ...]
    waiting: tuple[Run, ...] = ()


@dataclass
class _Opened:
    """A run as it was opened last; where something was wrong, when it is tried again (s, of the monotonic clock)."""

    stamp: Stamp
    run: Run | None
    damage: str
    wait: float = AGAIN_S
    due: float = float("inf")


class Shelf:
    """Folders with runs.

    Args:
        folders: Runs, or folders of runs; of two with one name the second is called ``name-2``.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = list(folders)
        self._lock = threading.Lock()
        self._opened: dict[Path, _Opened] = {}
        self._signs: Signs | None = None
        self._at = 0.0
        self._seen = Seen((), ())
        self.look(anew=True)

    def look(self, *, anew: bool = False) -> Seen:
        """What is there now, as far as it was looked at in the last `LOOK_S` seconds.

        While one thread looks, others go on with what was there before.

        Args:
            anew: Look now, however lately that was done.

        Returns:
            The very same object for as long as nothing has changed.
        """
        if not anew and time.monotonic() - self._at < LOOK_S:
            return self._seen
        if not self._lock.acquire(blocking=anew):
            return self._seen
        try:
            self._at = time.monotonic()
            signs = self._look()
            if signs != self._signs or any(one.due < self._at for one in self._opened.values()):
                self._seen = self._find()
                self._signs = signs
        finally:
            self._lock.release()
        return self._seen

    def _look(self) -> Signs:
        """The stamp of every run; of a folder that cannot be read, why."""
        signs: Signs = {}
        for folder in self.folders:
            try:
                paths = folders_of_runs(folder)
            except OSError as error:
                signs[folder] = str(error)
                continue
            signs[folder] = None
            signs.update((path, _stamp(path)) for path in paths)
        return signs

    def _find(self) -> Seen:
        """Find them; only those are opened that have changed."""
        waiting: list[Run] = []
        met: dict[Path, _Opened] = {}

        def opened(path: Path) -> tuple[Run | None, str]:
            now, known = _stamp(path), self._opened.get(path)
            if known is None or now is None or known.stamp != now:
                known = _opened(path, now or (0, 0, 0), AGAIN_S)
            elif known.due < self._at:
                known = _opened(path, now, min(LONGEST_S, 2 * known.wait))
            met[path] = known
            if known.run is not None and not len(known.run.epochs):
                waiting.append(known.run)
            return known.run, known.damage

        found, problems = find_runs(self.folders, opened)
        self._opened = met
        none_yet = {run.path for run in waiting}
        told = [one for one in problems if one[0] not in none_yet or not one[1].endswith(NO_EPOCH)]
        return Seen(tuple(found), tuple(told), tuple(waiting))


def _opened(path: Path, stamp: Stamp, wait: float) -> _Opened:
    run, damage = try_open(path)
    due = time.monotonic() + wait if damage else float("inf")
    return _Opened(stamp, run, damage, wait, due)


def _stamp(path: Path) -> Stamp | None:
    try:
        return prints.stamp(path / "zarr.json")
    except OSError:
        return None


def is_live(run: Run) -> bool:
    """Whether a run is being recorded now: a writer holds it and lives, as far as can be told from here.

    Args:
        run: The run.
    """
    return os.path.exists(run.path / LOCK) and living_writer(run.path / LOCK) is not None
