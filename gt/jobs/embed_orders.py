"""Orders for embeddings: checked before anything starts, carried out in a process of their own.

`compute` runs where nothing of the server is known: all it has is the order, into which
`gt.jobs.background` has put where the run is and where results are kept.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dash.exceptions import BackgroundCallbackError

from gt.embed import METHODS, EmbedError, Job, embed, missing, plan
from gt.embed.compute import MEASURING
from gt.jobs.form import duration, explained, placeless, reason, seldom
from gt.jobs.order_check import named
from gt.jobs.processes import DIED, UNFORESEEN
from gt.kept.embedding import Embedding
from gt.run.read import Run, open_run
from gt.serve.library import Library
from gt.state import Result

log = logging.getLogger(__name__)

MEASURING_FROM = 95  # percent; measuring is the last and short part
OF_DASH = "An error occurred inside a background callback: "
KEPT = "What was done is kept: asking for the same again goes on from there."


def asked(
    library: Library,
    run: Any,
    method: Any,
    layer: Any,
    split: Any,
    points: Any,
    seed: Any,
    parameters: dict[str, Any],
) -> tuple[Run, Job]:
    """Check what a form says; nothing is computed.

    Raises:
        EmbedError: If it cannot be computed, with the reason.
        KeyError: If there is no such run.
        RunError: If it has no such layer.
    """
    found = library.run(named(run))
    if named(method) in METHODS and (said := missing([named(method)])):
        raise EmbedError(said)
    job = plan(
        found,
        named(method),
        {name: "" if value is None else value for name, value in parameters.items()},
        layer=named(layer),
        split=named(split),
        points="" if points is None else points,
        seed="" if seed is None else seed,
    )
    return found, job


def ready(library: Library, run: Run, job: Job) -> Embedding | None:
    """The embedding that a job would make, if it is there already."""
    for one in library.embeddings(run.name):
        if one.recipe.key == job.recipe.key:
            return one
    return None


def estimate(library: Library, run: Run, job: Job) -> str:
    """How long a job may take, going by the one most like it; empty if there is none."""
    recipe = job.recipe
    likely: list[tuple[float, float]] = []
    for one in library.embeddings(run.name):
        if one.recipe.method == recipe.method and one.made.get("seconds"):
            ratio = _work(job.recipe.parameters, len(job.rows), len(job.indices), recipe.method)
            ratio /= _work(one.recipe.parameters, len(one.ids), len(one.epochs), recipe.method)
            likely.append((abs(ratio - 1), ratio * float(one.made["seconds"])))
    if not likely:
        return ""
    seconds = min(likely)[1]
    return f"Roughly {duration(seconds)}, going by how long a similar one took."


def _work(parameters: Any, n: int, epochs: int, method: str) -> float:
    """What the time of a method grows with."""
    steps = float(parameters.get("iterations", 1)) + METHODS[method].unsaid
    return epochs * steps * n ** (2 if METHODS[method].joint is not None else 1)


def compute(set_progress: Callable[[Sequence[Any]], None], order: dict[str, Any]) -> Result:
    """Carry out an order, in a process that knows nothing but it.

    Args:
        set_progress: Takes percent, what is being done, percent as text, and that it is at work.
        order: An `Order` with ``path`` and ``folder``, see `gt.jobs.background.place`.
    """
    began = time.monotonic()
    title = METHODS[order["method"]].title if order["method"] in METHODS else "This embedding"

    def told(done: int, total: int, what: str) -> None:
        share = done / max(total, 1)
        from_, to = (MEASURING_FROM, 100) if what == MEASURING else (0, MEASURING_FROM)
        percent = round(from_ + share * (to - from_))
        said = what if what.startswith(title) else f"{title}: {what[:1].lower()}{what[1:]}"
        set_progress([percent, said, f"{percent} %", False])

    try:
        set_progress([0, f"{title}: starting", "0 %", False])
        run = open_run(Path(order["path"]))
        job = plan(
            run,
            order["method"],
            order["parameters"],
            layer=order["layer"],
            split=order["split"],
            points=order["points"],
            seed=order["seed"],
        )
        made = embed(
            run,
            job,
            Path(order["folder"]),
            progress=seldom(told),
            command="asked for in the page",
        )
    except Exception as error:  # whatever it was, the reader is told
        said = explained(error, f"{title} of {order['run']}")
        return result(order, "failed", f"{title} failed: {said}")
    took = duration(time.monotonic() - began)
    counts = f"{len(made.ids):,} of {made.of:,} points"
    return result(order, "done", f"{title} of {counts}: done in {took}.", made.name)


def result(order: Any, state: str, message: str, name: str = "") -> Result:
    """How an order ended."""
    return {
        "state": state,
        "message": message,
        "run": order["run"],
        "family": order["family"],
        "name": name,
        "nonce": uuid.uuid4().hex,
    }


def why(error: Exception) -> str:
    """Why an order did not come to be carried out, or that its process died."""
    text = placeless(reason(error).removeprefix(OF_DASH).strip())
    if DIED in text:
        return f"{DIED}; perhaps memory was short."
    if isinstance(error, (KeyError, ValueError, BackgroundCallbackError)):
        return text
    log.error("an order failed", exc_info=error)
    return UNFORESEEN


def failed(error: Exception) -> Result:
    """The result of an order that did not come to `compute`, or whose process died."""
    text = why(error)
    if text.startswith(DIED):
        text = f"{text} {KEPT}"
    log.warning("an embedding could not be computed: %s", text)
    return result({"run": "", "family": ""}, "failed", text)
