"""Who computes what a page asks for, while the page goes on: Dash's background callbacks.

By default every computation is a process of its own on this machine, as many at once as `gt.jobs.slots`
lets, and a small disk cache beside the app's carries progress and results. Where ``REDIS_URL`` is
set, Celery's workers compute instead, as many at once as their ``--concurrency`` says; they must
see the same folders of runs and the same cache as the server, and each is started in the
checkout with the server's environment (GT_RUNS, GT_CACHE_DIR, REDIS_URL)::

    pip install "dash[celery]"
    celery -A app:celery_app worker --concurrency 2

A browser names runs, never paths: just before a computation starts, the server that was asked puts
into its order where the run of that name is and where results of its kind are kept.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import diskcache
from dash import CeleryManager
from dash.background_callback.managers import BaseBackgroundCallbackManager
from plotly.utils import PlotlyJSONEncoder

from gt.cache.store import UNWRITABLE, PlainDisk, open_cache
from gt.errors import UnknownNameError
from gt.jobs import slots
from gt.jobs.known import jobs
from gt.jobs.nowhere import Nowhere
from gt.jobs.order import OrderError, checked, key_of
from gt.jobs.processes import DIED as DIED
from gt.jobs.processes import Processes
from gt.serve import context
from gt.serve.said import came

log = logging.getLogger(__name__)
ELSEWHERE = (None, "/dev/shm")  # the system's place for such things; memory, on Linux
NOTHING = "nothing is computed"  # where the server may write nothing
FOLDER = "jobs"  # beside the cache
SIZE_BYTES = 16 * 2**20  # of progress and results, a few hundred bytes each
KEPT_SECONDS = 24 * 3600.0  # a result whose page went away is forgotten after that


def manager(
    cache: Path, most: int | None = None, each: int | None = None
) -> BaseBackgroundCallbackManager:
    """Make the one who starts, watches and ends computations.

    Args:
        cache: The folder of the app's cache.
        most: How many computations may run at once, see `gt.jobs.slots.usual` for None. Where Celery
            computes, the ``--concurrency`` of its workers says it instead.
        each: How many one visitor may have waiting or at work, see `gt.jobs.slots.usual_each` for None; not
            where Celery computes.

    Raises:
        RuntimeError: If REDIS_URL is set and Celery or redis is not installed.
        ValueError: If ``most`` is None and GT_JOBS is no number of computations, or ``each`` and GT_JOBS_EACH.
    """
    if url := os.environ.get("REDIS_URL"):
        if most is not None or os.environ.get(slots.VARIABLE):
            log.warning(
                "REDIS_URL is set, so Celery computes: --concurrency of its workers says how many"
                " computations run at once, and --jobs and %s are not used",
                slots.VARIABLE,
            )
        return CeleryPlaced(_celery(url))
    handle = _handle(cache.absolute().parent)
    if handle is None:
        return Nowhere()
    most = slots.usual() if most is None else most
    return PlacedProcesses(handle, most, slots.usual_each() if each is None else each)


def _handle(folder: Path) -> _Jobs | None:
    """What the server and its processes tell each other by: beside the cache, or where else can be written."""
    try:
        return open_cache(folder / FOLDER, _Jobs, size_limit=SIZE_BYTES)
    except (*UNWRITABLE, sqlite3.DatabaseError) as error:
        log.warning("%s must be written, it cannot be (%s)", folder / FOLDER, error)
    for place in ELSEWHERE:
        try:
            made = Path(tempfile.mkdtemp(prefix="gt-jobs-", dir=place))
            return open_cache(made, _Jobs, size_limit=SIZE_BYTES)
        except (*UNWRITABLE, sqlite3.DatabaseError) as error:
            log.warning("computations cannot report in %s either (%s)", place or "/tmp", error)
    return None


def place(order: dict[str, Any]) -> dict[str, Any]:
    """Say in an order where its run is, and where results of its kind are kept.

    Called in the request that asks; whatever the browser said of paths is overwritten.

    Args:
        order: An order of `gt.state`, or anything else with ``run``, and with the name of a job as ``work``.

    Raises:
        KeyError: If there is no such run or work; the message lists those there are.
        ReadOnlyError: If the server may write nothing.
    """
    library = context.library()
    library.check_may_write(NOTHING)
    run = library.run(str(order["run"]))
    work, known = str(order.get("work")), jobs()
    if work not in known:
        raise UnknownNameError(f'no work "{work}"; a page asks for {" or ".join(known)}')
    library.make_room()
    folder = known[work].place(library, run.name)
    return {**order, "path": str(run.path.absolute()), "folder": str(folder.absolute())}


class PlacedProcesses(Processes):
    """Processes on this machine."""

    def build_cache_key(self, fn: Any, args: Any, ignored: Any, triggered: Any) -> str:
        """An order asked for again has the key that it had."""
        return key_of(args)

    def call_job_fn(self, key: str, job_fn: Any, args: Any, context: Any) -> str:
        """Have one started when its turn comes; returns its name."""
        return super().call_job_fn(key, job_fn, _placed(args), context)

    def at_work(self, order: Any) -> bool:
        """Whether an order waits or is carried out, or has ended and nobody was told."""
        return self.known(key_of([order])) is not None


class CeleryPlaced(CeleryManager):
    """Celery's workers."""

    def build_cache_key(self, fn: Any, args: Any, ignored: Any, triggered: Any) -> str:
        """An order asked for again has the key that it had."""
        return key_of(args)

    def call_job_fn(self, key: str, job_fn: Any, args: Any, context: Any) -> Any:
        """Queue one, unless it is there; returns the id of its task."""
        placed = _placed(args)
        if (task := self._known(key)) is not None:
            return task
        task = super().call_job_fn(key, job_fn, placed, context)
        self.handle.backend.set(_task_key(key), str(task))
        return task

    def at_work(self, order: Any) -> bool:
        """Whether an order waits or is carried out, or has ended and nobody was told."""
        return self._known(key_of([order])) is not None

    def _known(self, key: str) -> str | None:
        """The id of the task of an order; None where there is none, or it has ended and that was told."""
        found = self.handle.backend.get(_task_key(key))
        task = found.decode() if isinstance(found, bytes) else found
        if task and (self.job_running(task) or self.result_ready(key)):
            return str(task)
        return None


def _task_key(key: str) -> str:
    return f"{key}-task"


def _placed(args: Any) -> list[Any]:
    if not isinstance(args, (list, tuple)) or len(args) != 1:
        raise OrderError(f"An order must be one object, {came(args)} came; ask by the form.")
    return [place(checked(args[0]))]


def _celery(url: str) -> Any:
    try:
        import redis  # noqa: F401
        from celery import Celery
    except ImportError as error:
        raise RuntimeError(
            f"REDIS_URL is set, so Celery is to compute, and {error.name} is not"
            ' installed: pip install "dash[celery]", or unset REDIS_URL'
        ) from error
    return Celery("gt", broker=url, backend=url)


class _JsonDisk(PlainDisk):
    """Keeps values as JSON, bytes as they are; like its parent it never unpickles."""

    def store(self, value: Any, read: bool, key: Any = diskcache.UNKNOWN) -> Any:
        if not isinstance(value, bytes):
            value = json.dumps(value, cls=PlotlyJSONEncoder)
        return super().store(value, read, key=key)

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> Any:
        found = super().fetch(mode, filename, value, read)
        return json.loads(found) if isinstance(found, str) else found


class _Jobs(diskcache.Cache):
    """What the server and its processes tell each other; nothing stays there for ever."""

    def __init__(self, directory: str, timeout: float = 60, disk: Any = _JsonDisk, **more: Any):
        super().__init__(directory, timeout, disk, **more)

    def set(self, key: Any, value: Any, expire: float | None = KEPT_SECONDS, **more: Any) -> Any:
        return super().set(key, value, expire, **more)
