"""Whose turn it is: no more than so many computations at once, whichever worker of the server was asked.

All workers of one cache share one list, in the order of asking, kept in the cache by which they hear of progress. The
first of the list compute, as many as may at once, and the others wait. Whoever is in the list names its
processes: one that has died, or whose worker has died before it began, is no longer there for anybody.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import diskcache
import psutil

from gt.files import alive
from gt.files.cores import cores

MOST_WAITING = 100  # orders; a queue for hours is of no use to anybody
KEY = "slots"
VARIABLE, EACH = "GT_JOBS", "GT_JOBS_EACH"
USUALLY_EACH = 4  # that one visitor may have waiting or at work
Entry = dict[str, Any]  # job, key, visitor, owner: [pid, began], process: [pid, began] or None


class FullError(ValueError):
    """So many orders wait already that another is refused; says so."""

    def __init__(self, waiting: int) -> None:
        super().__init__(
            f"{waiting} computations wait already; ask again when some of them are done."
        )


class EachError(ValueError):
    """One visitor has so many orders already; says so."""

    def __init__(self, theirs: int) -> None:
        super().__init__(
            f"{theirs} computations ordered from your address wait or are at work already; ask again when one of them"
            " is done, or cancel one."
        )


def usual(environ: Any = os.environ) -> int:
    """How many computations may run at once: ``GT_JOBS``, or one core fewer than there are, at least one.

    Raises:
        ValueError: If ``GT_JOBS`` is no whole number of 1 or more.
    """
    return _number(environ, VARIABLE, max(1, cores() - 1), "one core fewer than there are")


def usual_each(environ: Any = os.environ) -> int:
    """How many of them one visitor may have: ``GT_JOBS_EACH``, or `USUALLY_EACH`.

    Raises:
        ValueError: If ``GT_JOBS_EACH`` is no whole number of 1 or more.
    """
    return _number(environ, EACH, USUALLY_EACH, str(USUALLY_EACH))


def _number(environ: Any, name: str, usually: int, said: str) -> int:
    given = (environ.get(name) or "").strip()
    if not given:
        return usually
    if not given.isdecimal() or int(given) < 1:
        raise ValueError(
            f"{name}: must be a whole number of 1 or more, came {environ[name]!r}; unset it for {said}"
        )
    return int(given)


class Slots:
    """The list.

    Args:
        handle: The cache that all workers share.
        most: How many may compute at once, as far as this worker's own are concerned.
        each: How many one visitor may have in the list.
    """

    def __init__(self, handle: diskcache.Cache, most: int, each: int = USUALLY_EACH) -> None:
        self._handle, self.most, self.each = handle, most, each

    def join(self, job: str, key: str, visitor: str = "") -> None:
        """Put a job at the end of the list; this process will start it.

        Args:
            job: Its name.
            key: Under which its result will be.
            visitor: Who asks; whoever is nobody in particular is not limited.

        Raises:
            FullError: If too many wait.
            EachError: If this visitor has too many.
        """

        def join(entries: list[Entry]) -> None:
            waiting = sum(one["process"] is None for one in entries)
            if waiting >= MOST_WAITING:
                raise FullError(waiting)
            theirs = sum(one.get("visitor") == visitor for one in entries) if visitor else 0
            if theirs >= self.each:
                raise EachError(theirs)
            owner = [*alive.named()]
            entries.append(
                {"job": job, "key": key, "visitor": visitor, "owner": owner, "process": None}
            )

        self._change(join)

    def may_start(self, job: str) -> bool | None:
        """Whether it is a job's turn; None if it is not in the list any more."""
        names = [one["job"] for one in self.entries()]
        return names.index(job) < self.most if job in names else None

    def started(self, job: str, pid: int) -> bool:
        """Say which process computes; False if the job has been taken off the list meanwhile."""

        def start(entries: list[Entry]) -> bool:
            for one in entries:
                if one["job"] == job:
                    one["process"] = [*alive.named(pid)]
                    return True
            return False

        try:
            return self._change(start)
        except psutil.NoSuchProcess:  # it was over before we looked
            self.leave(job)
            return True

    def leave(self, job: str) -> Entry | None:
        """Take a job off the list; returns its entry, None if it is not in it."""

        def leave(entries: list[Entry]) -> Entry | None:
            for i, one in enumerate(entries):
                if one["job"] == job:
                    return entries.pop(i)
            return None

        return self._change(leave)

    def there(self, job: str) -> bool:
        """Whether a job waits or computes."""
        return any(one["job"] == job for one in self.entries())

    def named(self, key: str) -> str | None:
        """The job that waits or computes, by the key of its result."""
        return next((one["job"] for one in self.entries() if one["key"] == key), None)

    def before(self, key: str) -> int | None:
        """How many must end before a job begins, by the key of its result; None if it does not wait."""
        for i, one in enumerate(self.entries()):
            if one["key"] == key and one["process"] is None:
                return max(0, i - self.most + 1)
        return None

    def entries(self) -> list[Entry]:
        """All that wait or compute, in the order of asking."""
        return [one for one in self._handle.get(KEY, []) if _lives(one)]

    def _change(self, change: Callable[[list[Entry]], Any]) -> Any:
        with self._handle.transact():
            entries = self.entries()
            result = change(entries)
            self._handle.set(KEY, entries, expire=None)  # a computation may take days
        return result


def _lives(entry: Entry) -> bool:
    return alive.found(*(entry["process"] or entry["owner"])) is not None
