"""What is announced of two runs beside each other, and the answers to what is asked of them.

The announcement looks like that of a layer, with two splits a and b: the same points twice, as each of the runs has
them, in one frame.
"""

from __future__ import annotations

import hashlib
import math
from typing import Any

import numpy as np

from gt.cache import wire
from gt.errors import UnknownNameError
from gt.measure.two_runs.by_layer import by_layer
from gt.measure.two_runs.differences import agreement, answers, apart_by_class
from gt.measure.two_runs.frame import Framed
from gt.measure.two_runs.pairing import Paired
from gt.measure.two_runs.plane import most_different
from gt.run.read import Run
from gt.run.task import one_class
from gt.serve import announcements, tensors, two_runs_wire
from gt.serve.library import Library
from gt.serve.payloads import (
    AgreementNote,
    ComparedLayer,
    ComparedRun,
    TwoRunsAnnouncement,
    TwoRunsNote,
)

VERSION = "1"  # of what is kept of these announcements
SIDES = ("a", "b")
FIELDS = set(TwoRunsAnnouncement.__required_keys__)


def announce(
    library: Library, a: str, b: str, layer: str | None = None, points: str = two_runs_wire.ALL
) -> TwoRunsAnnouncement:
    """Say which tensors show a layer of two runs in one frame.

    Args:
        library: Has the runs.
        a: Name of the one.
        b: Of the other.
        layer: One that both have; the last when None.
        points: One of `gt.serve.two_runs_wire.POINTS`.

    Raises:
        KeyError: If there is no such run, or no such layer in both.
        NotComparableError: If they cannot be compared; it says why.
    """
    one = two_runs_wire.paired(library, a, b, points)
    shown = layer_of(one, layer)
    source = two_runs_wire.source_of(one, points)
    titles = f"{one.a.title}/{one.b.title}"
    depends = f"{VERSION}/{announcements.VERSION}/{source}/{shown}/{titles}"
    key = "two-runs/" + hashlib.sha256(depends.encode()).hexdigest()
    kept: TwoRunsAnnouncement = library.store.json(
        key,
        lambda: _announced(library, one, shown, points),
        lambda found: set(found) == FIELDS,
    )
    return kept


def layer_of(one: Paired, layer: str | None) -> str:
    """The layer that is shown: the one asked for, else the last.

    Raises:
        KeyError: If one of the runs has none of that name.
    """
    if layer is None:
        return one.layers[-1]
    if layer not in one.layers:
        raise UnknownNameError(
            f"{one.called[0]} and {one.called[1]} have no layer “{layer}” in common; they have"
            f" {', '.join(one.layers)}"
        )
    return layer


def _announced(library: Library, one: Paired, layer: str, points: str) -> dict[str, Any]:
    frame = two_runs_wire.frame_of(one, layer, points)
    source = two_runs_wire.source_of(one, points)
    splits = announcements.splits_of(library, one.a, {side: source for side in SIDES})
    for at in range(len(one.clock.numbers)):
        for side, values in zip(SIDES, (frame.a, frame.b), strict=True):
            of = source | {"layer": layer, "of": side, "at": at}
            splits[side]["slices"].append(tensors.sliced(library, values[at], of | {"part": "two"}))
            if not one.named(layer):
                given = two_runs_wire.outputs(one, side, at)
                splits[side]["outputs"].append(
                    tensors.sliced(library, given, of | {"part": "two-output"})
                )
    largest = max(float(np.linalg.norm(x, axis=-1).max(initial=0)) for x in (frame.a, frame.b))
    radius = 1.0 if layer == "softmax" else largest or 1.0
    p = frame.a.shape[2]
    said = announcements.said_of(library, one.a, layer, p, radius, one.clock.numbers, splits)
    return {
        **said,
        "title": title_of(one),
        "layers": [entry for entry in said["layers"] if entry["name"] in one.layers],
        "unit": one.clock.unit,
        "axes": list(frame.axes),
        "two": _note(one, frame, layer),
    }


def title_of(one: Paired) -> str:
    """What two runs are called together."""
    first, second = one.called
    return (
        f"{first} and {second}"
        if one.a.title != one.b.title
        else f"{one.a.title}: {first} and {second}"
    )


def _note(one: Paired, frame: Framed, layer: str) -> TwoRunsNote:
    labels, k = one.a.labels[one.rows_a], len(one.a.classes)
    apart = apart_by_class(frame.a, frame.b, labels, k)
    return {
        "a": _compared(one.a, one.called[0], one.clock.at_a),
        "b": _compared(one.b, one.called[1], one.clock.at_b),
        "n": one.n,
        "said": list(one.said),
        "named": frame.named,
        "widths": frame.widths,
        "held": frame.held,
        "scale": None if math.isnan(frame.scale) else _short(frame.scale),
        "kept": frame.kept,
        "left": None if frame.left is None else [_short(x) for x in frame.left],
        "best": None if frame.best is None else [_short(x) for x in frame.best],
        "apart": [[None if math.isnan(x) else _short(x) for x in row] for row in apart],
        "agreement": _agreements(one, frame, labels, k),
    }


def _compared(run: Run, called: str, at: np.ndarray) -> ComparedRun:
    return {
        "name": run.name,
        "called": called,
        "n": run.n,
        "unit": run.unit,
        "epochs": [int(run.epochs[i]) for i in at],
        "last": int(run.epochs[-1]),
    }


def _agreements(
    one: Paired, frame: Framed, labels: np.ndarray, k: int
) -> list[AgreementNote] | None:
    """What is the same of both networks' answers, by epoch; None of points that have no one class.

    Answers are read off what the browser has, in 16 bits, so that both find the same points.
    """
    if not one_class(one.a.task):
        return None
    out: list[AgreementNote] = []
    for at in range(len(one.clock.numbers)):
        given = (
            (frame.a[at], frame.b[at])
            if frame.named
            else (two_runs_wire.outputs(one, side, at) for side in SIDES)
        )
        told = [answers(wire.quantise(values).values) for values in given]
        found = agreement(told[0], told[1], labels, k)
        out.append(
            {
                "both": found.both,
                "only_a": found.only_a,
                "only_b": found.only_b,
                "same_wrong": found.same_wrong,
                "other_wrong": found.other_wrong,
                "expected": _short(found.expected),
            }
        )
    return out


def layers_at(
    library: Library, one: Paired, points: str, at: int
) -> tuple[list[ComparedLayer], int]:
    """How alike all common layers are at an epoch, as it was measured before or is now; and of how many points."""
    source = two_runs_wire.source_of(one, points)
    key = "two-runs-layers/" + hashlib.sha256(f"{VERSION}/{source}/{at}".encode()).hexdigest()

    def make() -> dict[str, Any]:
        found, n = by_layer(one, at)
        rows: list[ComparedLayer] = [
            {
                "layer": row.layer,
                "widths": row.widths,
                "cka": _short(row.alike.cka),
                "cka_chance": _short(row.alike.cka_chance),
                "cka_as_good": row.alike.cka_as_good,
                "distance": _short(row.alike.distance),
                "distance_chance": _short(row.alike.distance_chance),
                "distance_as_good": row.alike.distance_as_good,
                "of": row.alike.of,
                "held": _short(row.held),
                "kept": row.kept,
            }
            for row in found
        ]
        return {"rows": rows, "n": n}

    kept = library.store.json(key, make, lambda value: set(value) == {"rows", "n"})
    return kept["rows"], kept["n"]


def plane_at(one: Paired, layer: str, points: str, at: int) -> tuple[list[list[float]], str]:
    """The plane in which the two differ most at an epoch, and what is said of it.

    Raises:
        ValueError: If there is none.
    """
    frame = two_runs_wire.frame_of(one, layer, points)
    plane = most_different(frame.a[at], frame.b[at], one.a.labels[one.rows_a])
    null = plane.null
    good = null.as_good(plane.share)
    within = "within their class " if len(one.a.classes) > 1 else ""
    text = (
        f"Of the squared difference between the runs at {layer}, {one.clock.unit} {one.clock.numbers[at]}, of all"
        f" {one.n:,} points, the plane found holds {_percent(plane.share)}. With the points of {one.called[1]}"
        f" shuffled {within}{good} of {len(null.values)} searches hold as much (at most {_percent(max(null.values))})."
    )
    return plane.columns.tolist(), text


def _percent(share: float) -> str:
    """Never told as all of it where it is not."""
    return f"{min(100 * share, 99.9):.1f} %" if 0.99 < share < 1 else f"{100 * share:.0f} %"


def _short(value: float) -> float:
    return float(f"{float(value):.5g}")
