"""Two runs as they travel to the browser: the points that both have, in one frame; made again when asked for."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from gt.cache import wire
from gt.cache.memory import Held
from gt.errors import NotComparableError
from gt.measure.two_runs.frame import Framed, framed
from gt.measure.two_runs.pairing import Paired, pair
from gt.run.points import SPLITS
from gt.run.read import Run
from gt.serve.library import Library

PARTS = ("two", "two-output")  # of a source: where points are, and what the networks give
ALL = "all"
POINTS = (ALL, *SPLITS)  # whose points are compared
HELD_BYTES = 96 * 2**20  # of frames that were looked at last


def paired(library: Library, a: str, b: str, points: str = ALL) -> Paired:
    """Pair two runs of a library.

    Args:
        library: Has them.
        a: Name of the one.
        b: Of the other.
        points: One of ``POINTS``: all common points, or those of a split of a.

    Raises:
        KeyError: If there is no such run.
        NotComparableError: If they cannot be compared.
    """
    found = pair(_run(library, a), _run(library, b))
    if points not in SPLITS:
        return found
    rows = found.a.splits[found.rows_a] == SPLITS.index(points)
    if not rows.any():
        word = "training" if points == SPLITS[0] else "test"
        raise NotComparableError(f"none of the common points is a {word} point; choose all points")
    return dataclasses.replace(found, rows_a=found.rows_a[rows], rows_b=found.rows_b[rows])


def _run(library: Library, name: str) -> Run:
    """A run, also one that has no epoch yet, which is refused with that reason."""
    waiting = {run.name: run for run in library.waiting}
    return waiting[name] if name in waiting else library.run(name)


def frame_of(one: Paired, layer: str, points: str) -> Framed:
    """A layer of two runs in one frame, as it was made lately or made now."""
    return _HELD.get((*_counted(one), layer, points), lambda: framed(one, layer))


#: the epochs of a frame are asked for one by one, and all follow from one turn
_HELD: Held[Framed] = Held(HELD_BYTES, lambda one: one.nbytes)


def _counted(one: Paired) -> tuple[str | int, ...]:
    return (one.a.uid, len(one.a.epochs), one.b.uid, len(one.b.epochs))


def source_of(one: Paired, points: str) -> dict[str, Any]:
    """What the sources of two runs' tensors have in common."""
    two = {"b": one.b.name, "points": points, "counted": list(_counted(one))}
    return {"run": one.a.name, "uid": one.a.uid, "two": two}


def found(library: Library, source: dict[str, Any]) -> Paired:
    """The pair that a source is of.

    Raises:
        KeyError, ValueError: If one of the runs is not there any more, or is another.
    """
    two = source["two"]
    one = paired(library, source["run"], two["b"], two["points"])
    if list(_counted(one)) != list(two["counted"]):
        raise ValueError("the two runs are other recordings than those announced; reload the page")
    return one


def values(library: Library, source: dict[str, Any]) -> np.ndarray:
    """The tensor that a source stands for: one epoch of one of the runs, in 16 bits."""
    one = found(library, source)
    at, of = source["at"], source["of"]
    if source["part"] == "two":
        frame = frame_of(one, source["layer"], source["two"]["points"])
        return wire.quantise((frame.a if of == "a" else frame.b)[at]).values
    return wire.quantise(outputs(one, of, at)).values


def outputs(one: Paired, of: str, at: int) -> np.ndarray:
    """What a network gives for the common points at a compared epoch, ``(n, k)``, its columns in a's order.

    Args:
        one: The pair.
        of: "a" or "b".
        at: Position in the compared epochs.
    """
    if of == "a":
        return one.a.activations(one.a.last, int(one.clock.at_a[at]))[one.rows_a]
    return one.b.activations(one.b.last, int(one.clock.at_b[at]))[one.rows_b][:, one.columns_b]
