"""Carrying out an order, in a process that knows nothing but it, while the reader is told how far it is.

Into the order `gt.jobs.background` has put where the run is and where results are kept. Whatever goes wrong becomes a
sentence; the log has the rest.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dash.exceptions import BackgroundCallbackError

from gt.jobs.job import Job, Tell
from gt.jobs.known import jobs
from gt.jobs.processes import DIED, UNFORESEEN
from gt.run import open_run
from gt.serve.said import duration, explained, placeless, reason
from gt.state import JobResult

log = logging.getLogger(__name__)

TOLD_S = 0.2  # between two reports of news
REPEATED_S = 0.2  # between two repetitions of old news
SILENCE_S = 2.0  # after so long without news, the reader is told for how long
OF_DASH = "An error occurred inside a background callback: "
Report = Callable[[Sequence[Any]], None]


def carry_out(set_progress: Report, order: Mapping[str, Any]) -> JobResult:
    """Carry out an order.

    Args:
        set_progress: Takes percent, what is being done, percent as text, and that it is at work.
        order: An order with ``path`` and ``folder``, see `gt.jobs.background.place`.
    """
    job, began = jobs()[order["work"]], time.monotonic()
    subject = job.subject(order)
    try:
        with telling(set_progress, job.begins(order)) as tell:
            done = job.work(order, open_run(Path(order["path"])), tell)
    except Exception as error:  # whatever it was, the reader is told
        said = explained(error, f"{subject} of {order['run']}")
        return result(job, order, "failed", f"{subject} failed: {said}")
    took = duration(time.monotonic() - began)
    return result(job, order, "done", f"{done.message}: done in {took}.", done.made)


def result(
    job: Job, order: Mapping[str, Any], state: str, message: str, made: str = ""
) -> JobResult:
    """How an order ended."""
    return {
        "work": job.name,
        "state": state,
        "message": message,
        "run": order["run"],
        "page": job.result_page(order),
        "made": made,
        "nonce": uuid.uuid4().hex,
    }


def failed(job: Job, error: Exception) -> JobResult:
    """The result of an order that did not come to `carry_out`, or whose process died."""
    text = _why(error)
    if text.startswith(DIED):
        text = f"{text} {job.kept}"
    log.warning("%s: an order failed: %s", job.name, text)
    return {
        "work": job.name,
        "state": "failed",
        "message": text,
        "run": "",
        "page": "",
        "made": "",
        "nonce": uuid.uuid4().hex,
    }


def _why(error: Exception) -> str:
    text = placeless(reason(error).removeprefix(OF_DASH).strip())
    if DIED in text:
        return f"{DIED}; perhaps memory was short."
    if isinstance(error, (KeyError, ValueError, BackgroundCallbackError)):
        return text
    log.error("an order failed", exc_info=error)
    return UNFORESEEN


@contextlib.contextmanager
def telling(set_progress: Report, first: str) -> Iterator[Tell]:
    """Keep a reader informed while something is computed, even while that says nothing.

    News is passed on at once, but no more often than needs be seen. A library may take seconds to start, and so may a
    decomposition: then the last news is repeated by a thread, with how long ago it was.

    Args:
        set_progress: As `carry_out` takes it.
        first: What is being done at first.
    """
    lock, over = threading.Lock(), threading.Event()
    news, since, shown = (0.0, first), time.monotonic(), 0.0

    def show(now: float) -> None:
        nonlocal shown
        shown = now
        (percent, what), silent = news, now - since
        ago = f" ({duration(silent)})" if silent >= SILENCE_S else ""
        set_progress([round(percent), f"{what}{ago}", f"{percent:.0f} %", False])

    def tell(percent: float, what: str) -> None:
        nonlocal news, since
        with lock:
            news, since = (percent, what), time.monotonic()
            if since - shown >= TOLD_S:
                show(since)

    def repeat() -> None:
        while not over.wait(REPEATED_S):
            with lock:
                show(time.monotonic())

    show(since)
    thread = threading.Thread(target=repeat, daemon=True, name="tell how far it is")
    thread.start()
    try:
        yield tell
    finally:
        over.set()
        thread.join()


def in_percent(tell: Tell, low: float = 0, high: float = 100) -> Callable[[int, int, str], None]:
    """What a computation that counts its steps tells, as percent of a part of the whole."""

    def told(done: int, total: int, what: str) -> None:
        tell(low + (high - low) * done / max(total, 1), what)

    return told
