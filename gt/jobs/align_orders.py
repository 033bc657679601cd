"""Orders for alignments: checked before anything starts, carried out in a process of their own.

As in `gt.jobs.embed_orders`, `work` runs where nothing of the server is known: all it has is the order, into which
`gt.jobs.background` has put where the run is and where results are kept.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gt.align.align_run import align_run, plan
from gt.jobs.embed_orders import why
from gt.jobs.form import Report, duration, explained, seldom
from gt.jobs.order_check import named, typed
from gt.kept.alignment import Alignment, Recipe
from gt.kept.describe import outputs_alone
from gt.run import Run, RunError, open_run
from gt.serve.library import Library
from gt.state import AlignResult

log = logging.getLogger(__name__)

K_MOST = (
    64  # coordinates that are drawn without delay; more classes than that are drawn all the same
)


def asked(
    library: Library, run: Any, split: Any, points: Any, k: Any, reference: Any
) -> tuple[Run, Recipe]:
    """Check what the form says; nothing is computed.

    Raises:
        KeyError: If there is no such run.
        RunError: If it cannot be aligned like this, with the reason.
    """
    found = library.run(named(run))
    if said := outputs_alone(found):
        raise RunError(said)
    recipe = plan(
        found,
        split=named(split),
        points=_whole("Points", points),
        k=_whole("Coordinates", k, K_MOST),
        reference=_whole("Reference epoch", reference, low=0),
    )
    return found, recipe


def _whole(title: str, given: Any, high: int = 10**9, low: int = 1) -> int:
    try:
        value = int(str(given).strip()) if isinstance(given, (str, int)) else low - 1
    except ValueError:
        value = low - 1
    if not low <= value <= high:
        span = f"from {low} to {high}" if high < 10**9 else f"{low} or more"
        raise RunError(f"{title} must be a whole number, {span}; {typed(given)} came.")
    return value


def ready(library: Library, run: Run, recipe: Recipe) -> Alignment | None:
    """The alignment of a recipe, if it is there already."""
    for one in library.alignments(run.name):
        if one.recipe.key == recipe.key:
            return one
    return None


def work(set_progress: Report, order: Mapping[str, Any]) -> AlignResult:
    """Carry out an order, in a process that knows nothing but it.

    Args:
        set_progress: Takes percent, what is being done, percent as text, and that it is at work.
        order: An `AlignOrder` with ``path`` and ``folder``, see `gt.jobs.background.place`.
    """
    began = time.monotonic()

    def told(done: int, total: int, what: str) -> None:
        percent = round(100 * done / max(total, 1))
        set_progress([percent, f"Aligning: {what}", f"{percent} %", False])

    try:
        told(0, 1, "reading the run")
        run = open_run(Path(order["path"]))
        names = ("split", "points", "k", "reference")
        recipe = plan(run, **{name: order[name] for name in names})
        made = align_run(
            run,
            recipe,
            folder=Path(order["folder"]),
            progress=seldom(told),
            command="asked for in the page",
        )
    except Exception as error:  # whatever it was, the reader is told
        said = explained(error, f"Aligning of {order['run']}")
        return result(order["run"], "failed", f"Aligning failed: {said}")
    took = duration(time.monotonic() - began)
    counts = f"{len(made.states)} states and {len(made.epochs)} epochs"
    return result(order["run"], "done", f"Aligned {counts}: done in {took}.", made.name)


def result(run: str, state: str, message: str, name: str = "") -> AlignResult:
    """How an order ended."""
    return {
        "state": state,
        "message": message,
        "run": run,
        "name": name,
        "nonce": uuid.uuid4().hex,
    }


def failed(error: Exception) -> AlignResult:
    """The result of an order that did not come to `work`, or whose process died."""
    text = why(error)
    log.warning("a run could not be aligned: %s", text)
    return result("", "failed", text)
