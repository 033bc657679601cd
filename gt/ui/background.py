"""Who computes what a page asks for, while the page goes on: Dash's background callbacks.

By default every computation is a process of its own on this machine, and a small disk cache beside
the app's carries progress and results. Where ``REDIS_URL`` is set, Celery's workers compute instead;
they must see the same folders of runs and the same cache as the server, and each is started in the
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
from dash import CeleryManager, DiskcacheManager
from dash.background_callback.managers import BaseBackgroundCallbackManager
from plotly.utils import PlotlyJSONEncoder

from gt.data.library import Library
from gt.data.store import UNWRITABLE, PlainDisk, open_cache
from gt.ui import context
from gt.ui.nowhere import Nowhere

log = logging.getLogger(__name__)
ELSEWHERE = (None, "/dev/shm")  # the system's place for such things; memory, on Linux
FOLDER = "jobs"  # beside the cache
SIZE_BYTES = 16 * 2**20  # of progress and results, a few hundred bytes each
KEPT_SECONDS = 24 * 3600.0  # a result whose page went away is forgotten after that
DIED = "The computation ended without a result"
WORKPLACES = {
    "embed": Library.workplace,
    "align": Library.alignment_workplace,
    "attack": Library.attack_workplace,
}
NICE = 5  # processes that compute let the server answer first


def manager(cache: Path) -> BaseBackgroundCallbackManager:
    """Make the one who starts, watches and ends computations.

    Args:
        cache: The folder of the app's cache.

    Raises:
        RuntimeError: If REDIS_URL is set and Celery or redis is not installed.
    """
    if url := os.environ.get("REDIS_URL"):
        return CeleryPlaced(_celery(url))
    handle = _handle(cache.absolute().parent)
    return Nowhere() if handle is None else Processes(handle)


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
        order: A `gt.state.Order`, or anything else with ``run``, and with ``work`` one of
            `WORKPLACES`: "embed" where it is not said.

    Raises:
        KeyError: If there is no such run or work; the message lists those there are.
    """
    library = context.library()
    run = library.run(str(order["run"]))
    work = str(order.get("work", "embed"))
    if work not in WORKPLACES:
        raise KeyError(f'no work "{work}"; a page asks for {" or ".join(WORKPLACES)}')
    library.make_room()
    folder = WORKPLACES[work](library, run.name)
    return {**order, "path": str(run.path.absolute()), "folder": str(folder.absolute())}


class Processes(DiskcacheManager):
    """A process for every computation.

    They are spawned: a fork of a server with threads may inherit a lock that nobody will open. They
    end with the server.
    """

    def call_job_fn(self, key: str, job_fn: Any, args: Any, context: Any) -> int | None:
        """Start one; returns its process id."""
        from multiprocess import get_context

        process = get_context("spawn").Process(
            target=_polite,
            args=(job_fn, key, self._make_progress_key(key), _placed(args), context),
            daemon=True,
        )
        process.start()
        self.handle.delete(_ended(process.pid))  # a number can come twice
        return process.pid

    def terminate_job(self, job: Any) -> None:
        """End one, and all that it started."""
        if job is not None:
            self.handle.set(_ended(job), True)
        super().terminate_job(job)

    def get_result(self, key: str, job: Any) -> Any:
        """The result of one, or what tells Dash that it died; `UNDEFINED` while it is at work."""
        found = super().get_result(key, job)
        if found is not self.UNDEFINED or not job or self.job_running(job):
            return found
        found = super().get_result(key, job)  # it may have been finished since that first look
        if found is self.UNDEFINED and not self.handle.get(_ended(job)):
            return {"background_callback_error": {"msg": DIED, "tb": ""}}
        return found


def _ended(job: Any) -> str:
    return f"ended-{job}"


class CeleryPlaced(CeleryManager):
    """Celery's workers."""

    def call_job_fn(self, key: str, job_fn: Any, args: Any, context: Any) -> Any:
        """Queue one; returns the id of its task."""
        return super().call_job_fn(key, job_fn, _placed(args), context)


def _placed(args: Any) -> list[Any]:
    [order] = args
    return [place(order)]


def _polite(job_fn: Any, *args: Any) -> None:
    """What the process runs."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this too
    if hasattr(os, "nice"):
        os.nice(NICE)
    os.umask(0o077)  # what it writes lies beside the cache, for its owner alone
    job_fn(*args)


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
