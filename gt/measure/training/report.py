"""All that the page about a training shows of it, found once and kept: see `gt.serve.payloads.TrainingReport`."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from gt.measure.training.as_text import as_text, from_text
from gt.measure.training.course import LAYER, Course, course_of
from gt.measure.training.events import TRANSITIONS, Event, sudden_changes, surprise
from gt.measure.training.examples import learnt_by_class, rankings, stories
from gt.measure.views.directions import movers
from gt.run.points import SPLITS
from gt.run.read import Run
from gt.run.task import one_class
from gt.tour.orthonormal import orthonormalise_rows

VERSION = "6"  # of what is found; part of the key under which it is kept
SHOWN = 8  # single examples of each ranking
MOST_EVENTS = (
    60  # that are told with their points and plane: of hundreds of classes there may be thousands
)
MOST_LISTED = 5000  # of these that are listed at all
LEADING = (
    64  # coordinates of the plane of an event at most: a link to it stays short, whatever there are
)
# of a turn: the way the points went slants up to the right, for a handle straight ahead ends at the picture's rim
AN_EIGHTH = np.array([[1, 1], [-1, 1]]) / np.sqrt(2)
WHOSE = {"all": (0, 1)} | {name: (s,) for s, name in enumerate(SPLITS)}  # points are asked about


def report(run: Run, split: str = "all") -> dict[str, Any]:
    """Find what happened in a training.

    Args:
        run: A training, not an attack.
        split: "all", "train" or "test": whose points.

    Returns:
        A `gt.serve.payloads.TrainingReport`, as JSON holds it.

    Raises:
        RunError: If the run has no outputs, or no epoch.
    """
    whole = course_of(run)
    course = whole.of(np.isin(whole.splits, WHOSE[split]))
    found = surprise(course)
    events = sudden_changes(course, found) if one_class(run.task) else []
    outputs = lru_cache(maxsize=2)(lambda at: run.activations(LAYER, at).reshape(run.n, -1))
    told = sorted(
        events[:MOST_EVENTS], key=lambda one: one.epoch
    )  # neighbours read the same epochs
    made = {id(one): _event(run, course, one, outputs) for one in told}
    learnt = {name: learnt_by_class(whole.of(whole.splits == s)) for s, name in enumerate(SPLITS)}
    return {
        "split": split,
        "n": len(course.ids),
        "distance": _plain(found.distance, 4),
        "usual": _plain(found.usual, 5),
        "learnt": learnt_by_class(course),
        "learnt_by_split": learnt,
        "events": [made[id(one)] for one in events[:MOST_EVENTS]],
        "further": [_said(one) for one in events[MOST_EVENTS:MOST_LISTED]],
        "events_in_all": len(events),
        "silence": _silence(course),
        "examples": _examples(course) if one_class(run.task) else {},
        "predicted": {
            name: as_text(whole.predicted[:, whole.splits == s], "<u2")
            for s, name in enumerate(SPLITS)
        }
        if one_class(run.task)
        else {},
        "labels": _shares_of_labels(whole),
    }


def _shares_of_labels(course: Course) -> Any:
    """Of a multilabel ``(e, 2, labels)``: of which share of each split's points a label is right; None of others."""
    if course.shares is None:
        return None
    with np.errstate(invalid="ignore"):
        found = [
            course.shares[:, course.splits == s].sum(axis=1) / (course.splits == s).sum()
            for s in (0, 1)
        ]
    return _plain(np.stack(found, axis=1), 5)


def _silence(course: Course) -> str:
    """Why nothing can be said of sudden changes; empty where it can."""
    transitions = len(course.epochs) - 1
    if not len(course.ids):
        return "There are no such points in this run."
    if not one_class(course.task):
        return (
            "Events are not told of this run: what is sudden is known for the softmax of points that have one class"
            " each. The strip shows how far all points moved."
        )
    if transitions >= TRANSITIONS:
        return ""
    return (
        f"What is usual takes {TRANSITIONS + 1} recorded {course.unit}s to say, this run has"
        f" {transitions + 1}: record more of them."
    )


def _event(
    run: Run, course: Course, one: Event, outputs: Callable[[int], np.ndarray]
) -> dict[str, Any]:
    """An event with its points, and the plane in which they move most; ``outputs`` of an epoch are ``(n, k)``."""
    rows = np.flatnonzero(np.isin(run.ids, course.ids) & np.isin(run.labels, one.classes))
    before, after = (int(np.flatnonzero(run.epochs == e)[0]) for e in (one.before, one.epoch))
    columns, share = None, 0.0
    a, b = (outputs(i)[rows] for i in (before, after))
    if a.shape[1] > 1:
        seen = movers(a, b)
        plane = _leading(seen.columns)
        moved = b - a
        part = float(((moved @ plane) ** 2).sum() / (moved**2).sum()) if moved.any() else 0.0
        share = round(seen.share if plane is seen.columns else min(1.0, part), 4)
        columns = _plain(plane @ AN_EIGHTH, 6)
    return {
        **_said(one),
        "ids": run.ids[rows].tolist(),
        "columns": columns,
        "share": share,
    }


def _said(one: Event) -> dict[str, Any]:
    """What is said of an event."""
    return {
        "kind": one.kind,
        "before": one.before,
        "epoch": one.epoch,
        "classes": list(one.classes),
        "apart": list(one.apart),
        "distance": round(one.distance, 4),
        "times": round(one.times, 1),
        "score": round(one.score, 1),
        "right": [round(x, 4) for x in one.right],
        "lasted": one.lasted,
        "until": one.until,
    }


def _leading(columns: np.ndarray) -> np.ndarray:
    """A plane ``(k, 2)`` as it is, or of very many coordinates the one that lies nearest to it of the leading few."""
    if len(columns) <= 2 * LEADING:
        return columns
    kept = np.argsort(-(columns**2).sum(1), kind="stable")[:LEADING]
    plane = np.zeros_like(columns)
    plane[kept] = orthonormalise_rows(columns[kept].T).T
    return plane


def _examples(course: Course) -> dict[str, Any]:
    told = stories(course.right)
    ranked = rankings(course, told)
    out: dict[str, Any] = {}
    for name in ("flipping", "late", "never", "forgotten"):
        rows = getattr(ranked, name)
        out[name] = {
            "ids": course.ids[rows].tolist(),
            "shown": [
                _example(course, name, i, int(told.at[i]))
                | {"flips": int(told.flips[i]), "right": int(told.right[i])}
                for i in rows[:SHOWN].tolist()
            ],
        }
    return out


def _example(course: Course, ranking: str, i: int, at: int) -> dict[str, Any]:
    """One example, the class it is mostly taken for, and the epoch in which to look at it."""
    label, k = int(course.labels[i]), len(course.classes)
    said = course.predicted[:, i]
    wrong = np.bincount(said[(said != label) & (said < k)], minlength=k)
    epoch = at
    if ranking == "flipping":
        epoch = int(course.moved[:, i].argmax()) + 1
    elif ranking == "never":
        epoch = len(course.epochs) - 1
    return {
        "id": int(course.ids[i]),
        "split": int(course.splits[i]),
        "label": label,
        "taken": int(wrong.argmax()) if wrong.any() else None,
        "epoch": int(course.epochs[epoch]),
    }


def predicted_of(found: dict[str, Any], split: str, epochs: int) -> np.ndarray:
    """The predictions in a report, ``(epochs, n)`` uint16, k for undecided; see `gt.measure.training.course.Course`."""
    return from_text(found["predicted"][split], "<u2").reshape(epochs, -1)


def _plain(values: np.ndarray, digits: int) -> Any:
    """Lists of numbers, None for NaN: JSON has no word for it."""
    rounded = np.round(values, digits).astype(object)
    rounded[~np.isfinite(values)] = None
    return rounded.tolist()
