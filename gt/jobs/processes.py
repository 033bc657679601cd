"""Computations as processes of this machine: queued, started in turn, watched, cancelled.

A job is known by a name of its own, since it has no process while it waits. The worker that was asked starts
it; any worker of the same cache tells of it and ends it.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
import uuid
from typing import Any

import diskcache
import flask
from dash import DiskcacheManager

from gt.files import alive
from gt.jobs import job_process
from gt.jobs.slots import USUALLY_EACH, Slots
from gt.serve import hosts

log = logging.getLogger(__name__)

DIED = "The computation ended without a result"
NOT_STARTED = "The computation could not be started; the log of the server says why"
UNFORESEEN = "The computation failed in a way that nobody foresaw; the log of the server says how"
LOOK_S = 0.2  # between two looks whether it is another's turn
PATIENCE_S = 1.0  # for a process that was killed to be gone
ENDED_SECONDS = 3600.0  # for so long a page may still ask for what was cancelled
TOLD_SECONDS = 600.0  # for so long other tabs may ask for a result that one was told; a hidden one asks once a minute


class Processes(DiskcacheManager):
    """Starts, watches and ends them.

    They are spawned: a fork of a server with threads may inherit a lock that nobody will open. They
    end with the server, see `gt.jobs.job_process`.

    Args:
        handle: The cache that all workers share.
        most: How many may run at once.
        each: How many one visitor may have waiting or at work.
    """

    def __init__(self, handle: diskcache.Cache, most: int, each: int = USUALLY_EACH) -> None:
        self.slots = Slots(handle, most, each)
        super().__init__(handle)
        self._starter: _Starter | None = None
        self._answer = threading.local()

    def call_job_fn(self, key: str, job_fn: Any, args: Any, context: Any) -> str:
        """Have one started when its turn comes, unless it is there already; returns its name.

        Raises:
            gt.jobs.slots.FullError: If too many wait.
            gt.jobs.slots.EachError: If whoever asks has too many.
        """
        if (there := self.known(key)) is not None:
            return there
        job = uuid.uuid4().hex
        call = (job_fn, key, self._make_progress_key(key), args, context)
        starter = self._ours()
        self.slots.join(job, key, _visitor())
        self.handle.delete(_told(key))
        starter.take(job, call)
        return job

    def known(self, key: str) -> str | None:
        """The name of a job by the key of its result, while it waits or computes, or nobody has fetched the result."""
        if (job := self.slots.named(key)) is not None:
            return job
        return uuid.uuid4().hex if self.handle.get(key) is not None else None

    def terminate_job(self, job: Any) -> None:
        """End one, and all that it started; or take it off the list if it waits."""
        if job is None:
            return
        self.handle.set(_ended(job), True, ENDED_SECONDS)
        entry = self.slots.leave(job)
        if not entry:
            return
        self.handle.delete(self._make_progress_key(entry["key"]))
        self.handle.delete(_told(entry["key"]))
        if not entry["process"]:
            return
        until = time.monotonic() + PATIENCE_S
        while (process := alive.found(*entry["process"])) and time.monotonic() < until:
            job_process.kill(process)
            time.sleep(0.01)

    def terminate_unhealthy_job(self, job: Any) -> bool:
        """Nothing to do: what is not well has ended, and counts as ended."""
        return False

    def job_running(self, job: Any) -> bool:
        """Whether one waits or computes.

        Dash asks for the result, then this; a job that ends in between would be neither at work nor
        have a result, which to Dash is one that was cancelled. So one answer says one thing.
        """
        if job is not None and self._answer.__dict__.pop("at_work", None) == job:
            return True
        return job is not None and self.slots.there(job)

    def get_progress(self, key: str) -> Any:
        """What one tells of itself; how many are before it while it waits."""
        before = self.slots.before(key)
        if before:
            return [0, f"Waiting: {before:,} before this one", "", False]
        if self.slots.named(key) is None:
            return super().get_progress(key)
        return self.handle.get(
            self._make_progress_key(key)
        )  # stays, for whoever comes back to the page

    def get_result(self, key: str, job: Any) -> Any:
        """The result of one, or what tells Dash that it died; `UNDEFINED` while it is at work.

        It is there for all tabs that watch the order, not only for the one that asks first.
        """
        self._answer.at_work = None
        found = super().get_result(key, job)
        if found is self.UNDEFINED and job:
            if self.slots.there(job):
                self._answer.at_work = job
                return found
            found = super().get_result(key, job)  # it may have been finished since that first look
            if found is self.UNDEFINED and (told := self.handle.get(_told(key))) is not None:
                return told
            if found is self.UNDEFINED and not self.handle.get(_ended(job)):
                return failure(DIED)
        error = found.get("background_callback_error", {}) if isinstance(found, dict) else {}
        if error.get("tb"):  # which is for the log, not for whoever asked
            log.error("a computation failed: %s\n%s", error["msg"], error["tb"])
            found = failure(UNFORESEEN)
        if found is not self.UNDEFINED:
            self.handle.set(_told(key), found, TOLD_SECONDS)
        return found

    def _ours(self) -> _Starter:
        """Who starts what this very process was asked for: threads do not live on in a fork."""
        if self._starter is None or self._starter.pid != os.getpid():
            self._starter = _Starter(self.handle, self.slots)
        return self._starter


def failure(message: str) -> dict[str, Any]:
    """A result that says that there is none, as Dash spells it."""
    return {"background_callback_error": {"msg": message, "tb": ""}}


def _ended(job: Any) -> str:
    return f"ended-{job}"


def _told(key: str) -> str:
    return f"{key}-told"


def _visitor() -> str:
    """By which address an order came; nobody for this machine's own, which a proxy in front may have."""
    address = flask.request.remote_addr if flask.has_request_context() else None
    return address if address and not hosts.is_loopback(address) else ""


class _Starter:
    """Starts the jobs that one process was asked for, each in its turn, and ends them with it.

    Attributes:
        pid: Of that process.
    """

    def __init__(self, handle: diskcache.Cache, slots: Slots) -> None:
        from multiprocess import get_context
        from multiprocess import util as util  # ends, in a handler of its own, what ours has left

        self.pid = os.getpid()
        self._spawn = get_context("spawn")
        self._handle, self._slots = handle, slots
        self._lock = threading.Condition()
        self._waiting: dict[str, tuple[Any, ...]] = {}
        self._started: dict[str, Any] = {}
        self._over = False
        threading.Thread(target=self._work, daemon=True, name="computations").start()
        atexit.register(self._end)

    def take(self, job: str, call: tuple[Any, ...]) -> None:
        """Start a job when its turn comes.

        Args:
            job: Its name, which is in the list.
            call: What its process runs: a function and its arguments, the key of its result second.
        """
        with self._lock:
            self._waiting[job] = call
            self._lock.notify()

    def _work(self) -> None:
        while True:
            with self._lock:
                self._lock.wait_for(lambda: self._waiting or self._started)
            try:
                self._look()
            except (
                Exception
            ):  # a cache that is locked or full for now: the next look may find it well
                log.exception("the list of computations cannot be read")
            with self._lock:
                self._lock.wait(LOOK_S)

    def _look(self) -> None:
        for job, process in list(self._started.items()):
            if not process.is_alive():  # which also takes note that it ended
                self._slots.leave(job)
                self._started.pop(job)
        for job in list(self._waiting):
            turn = self._slots.may_start(job)
            if turn is None:  # cancelled
                self._waiting.pop(job)
            elif turn and not self._over:
                self._start(job, self._waiting.pop(job))

    def _start(self, job: str, call: tuple[Any, ...]) -> None:
        process = self._spawn.Process(target=job_process.run, args=call, daemon=True)
        try:
            process.start()
        except Exception:
            log.exception("a computation could not be started")
            self._handle.set(call[1], failure(NOT_STARTED))
            self._slots.leave(job)
            return
        self._started[job] = process
        if not self._slots.started(job, process.pid):  # cancelled at this very moment
            _kill(process.pid)

    def _end(self) -> None:
        """The server ends by itself: so do they; a fork of it has none."""
        if self.pid != os.getpid():
            return
        self._over = True
        for process in list(self._started.values()):
            if process.is_alive():
                _kill(process.pid)
        for job in [*self._started, *self._waiting]:
            self._slots.leave(job)


def _kill(pid: int) -> None:
    if process := alive.found(pid):
        job_process.kill(process)
