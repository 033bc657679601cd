"""Named views of a run that brings none: made from its own events, and from the classes that it mistakes most.

Every sentence is filled in with what was measured on the run, of the points and epochs that it names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gt.figures.names import middle
from gt.measure.training.course import LAYER, Course, course_of
from gt.measure.training.events import Event, sudden_changes
from gt.run.read import Run
from gt.views.kinds import LayerView, NamedView, Preset

VERSION = "2"  # of what is made; part of the key under which it is kept
MOST = 3  # events that get a view
STOPS = 4  # layers at which a view of all layers stops
COLUMNS = 5  # of a comparison without an event
LETTERS = 40  # of a class's name in a sentence
BEFORE = 2  # epochs of a comparison that lead up to an event
WORDS = {
    "learnt": "is learnt",
    "learnt again": "is learnt again",
    "forgotten": "is forgotten",
    "moved": "moves",
}


@dataclass(frozen=True)
class Mistaken:
    """The two classes that are most often taken for each other.

    Attributes:
        a, b: Their numbers, the lower first.
        count: Points of either that are taken for the other ...
        of: ... of this many.
        split: "test" or "training", of which points this is.
        epoch: Number of the epoch.
        alone: Whether no other pair is mistaken as often.
    """

    a: int
    b: int
    count: int
    of: int
    split: str
    epoch: int
    alone: bool


def tour_views(run: Run) -> list[NamedView]:
    """Views of a run's last layer: its farthest events, and the two classes that it mistakes most.

    Raises:
        RunError: If the run has no outputs, or no epoch.
    """
    course = course_of(run)
    views = [_of_event(course, one) for one in _class_events(course)[:MOST]]
    if (pair := most_mistaken(course)) is not None:
        names = [run.classes[pair.a], run.classes[pair.b]]
        views.append(
            {
                "name": _name(f"{names[0]} and {names[1]}"),
                "text": mistaken_text(pair, run.classes, run.unit),
                "layer": LAYER,
                "handles": names,
                "epochs": [pair.epoch],
                "show": names,
            }
        )
    return views


def layer_views(run: Run, epochs: Sequence[int], states: Sequence[str]) -> list[LayerView]:
    """A view of the layers: the two classes that are mistaken most, told from each other along the network.

    Args:
        run: A training.
        epochs: Numbers of the epochs that an alignment has.
        states: Names of its states, from the input on.

    Raises:
        RunError: If the run has no outputs, or no epoch.
    """
    course = course_of(run)
    there = np.flatnonzero(np.isin(course.epochs, epochs))
    pair = most_mistaken(course, int(there[-1])) if len(there) else None
    if pair is None:
        return []
    names = [run.classes[pair.a], run.classes[pair.b]]
    at = np.unique(np.linspace(0, len(states) - 1, min(STOPS, len(states))).round().astype(int))
    return [
        {
            "name": _name(f"{names[0]} and {names[1]}"),
            "text": f"{mistaken_text(pair, run.classes, run.unit)} Each button leads to the plane in which that layer"
            " tells the two apart best.",
            "handles": [],
            "states": [states[i] for i in at],
            "epochs": [pair.epoch] * len(at),
            "show": names,
            "pair": names,
        }
    ]


def comparison(run: Run) -> Preset | None:
    """A comparison of the methods: around the farthest events of a class, or of the classes that are mistaken most.

    Returns:
        None for a run in which nothing of either kind is found.

    Raises:
        RunError: If the run has no outputs, or no epoch.
    """
    course = course_of(run)
    events = _class_events(course)[:2]
    if events:
        ends = [int(np.flatnonzero(course.epochs == one.epoch)[0]) for one in events]
        near = {i for end in ends for i in range(max(0, end - BEFORE), end + 1)}
        names = list(dict.fromkeys(run.classes[one.classes[0]] for one in events))
        return {
            "name": _name(f"{run.title}: {_called(course, events[0])}"),
            "text": " ".join(_told(course, one) for one in events)
            + " In which panels do those points alone move?",
            "epochs": [int(course.epochs[i]) for i in sorted(near)],
            "classes": names,
            "handles": [],
        }
    if (pair := most_mistaken(course)) is None:
        return None
    names = [run.classes[pair.a], run.classes[pair.b]]
    return {
        "name": _name(f"{run.title}: {names[0]} and {names[1]}"),
        "text": mistaken_text(pair, run.classes, run.unit),
        "epochs": spread_epochs(run),
        "classes": names,
        "handles": [],
    }


def spread_epochs(run: Run) -> list[int]:
    """Columns for a run without a comparison: the first epoch, the last, and some between."""
    places = np.linspace(0, len(run.epochs) - 1, min(COLUMNS, len(run.epochs)))
    return [int(run.epochs[i]) for i in np.unique(places.round().astype(int))]


def most_mistaken(course: Course, at: int | None = None) -> Mistaken | None:
    """The two classes that are most often taken for each other, among the test points where there are any.

    Args:
        course: Of a run.
        at: Which epoch, by its place; the last when None.

    Returns:
        None where no point is taken for another class.
    """
    at = len(course.epochs) - 1 if at is None else at
    k = len(course.classes)
    split = 1 if (course.splits == 1).any() else 0
    rows = course.splits == split
    labels, said = course.labels[rows], course.predicted[at, rows].astype(np.int64)
    wrong = (said != labels) & (said < k)
    counts = np.zeros((k, k), np.int64)
    np.add.at(counts, (labels[wrong], said[wrong]), 1)
    both = np.triu(counts + counts.T, 1)
    if not both.any():
        return None
    a, b = (int(i) for i in np.unravel_index(both.argmax(), both.shape))
    return Mistaken(
        a,
        b,
        count=int(both[a, b]),
        of=int(np.isin(labels, [a, b]).sum()),
        split="test" if split else "training",
        epoch=int(course.epochs[at]),
        alone=int((both == both[a, b]).sum()) == 1,
    )


def mistaken_text(pair: Mistaken, classes: Sequence[str], unit: str) -> str:
    """The sentence: how many points, of how many, and whether another pair does the same."""
    other = "more than of any other pair" if pair.alone else "no pair has more"
    verb = "is" if pair.count == 1 else "are"
    return (
        f"At {unit} {pair.epoch}, {pair.count} of the {pair.of} {pair.split} points of {classes[pair.a]} and"
        f" {classes[pair.b]} {verb} taken for the other of the two, {other}."
    )


def _class_events(course: Course) -> list[Event]:
    """The events of single classes, the farthest first, one a class."""
    found: dict[int, Event] = {}
    for one in sudden_changes(course):
        if one.kind != "all":
            found.setdefault(one.classes[0], one)
    return list(found.values())


def _of_event(course: Course, one: Event) -> NamedView:
    c = one.classes[0]
    handles = [course.classes[c], course.classes[_rival(course, one)]]
    return {
        "name": _name(_called(course, one)),
        "text": _told(course, one),
        "layer": LAYER,
        "handles": list(dict.fromkeys(handles)),
        "epochs": [one.before, one.epoch],
        "show": list(dict.fromkeys(handles)),
    }


def _rival(course: Course, one: Event) -> int:
    """For which other class the points of an event are taken most, before or after it; a neighbour where for none."""
    c, k = one.classes[0], len(course.classes)
    at = np.isin(course.epochs, (one.before, one.epoch))
    said = course.predicted[at][:, course.labels == c].astype(np.int64).ravel()
    counts = np.bincount(said[(said != c) & (said < k)], minlength=k)
    return int(counts.argmax()) if counts.any() else (c + 1) % k


def _called(course: Course, one: Event) -> str:
    return f"{middle(course.classes[one.classes[0]], LETTERS)} {WORDS[one.kind]}"


def _told(course: Course, one: Event) -> str:
    """What an event was, with its numbers."""
    n = int((course.labels == one.classes[0]).sum())
    before, after = (f"{100 * share:.1f}".removesuffix(".0") for share in one.right)
    times = f"{one.times:,.0f}" if one.times >= 100 else f"{one.times:.3g}"
    name = middle(course.classes[one.classes[0]], LETTERS)
    points = f"the one point of {name} moves" if n == 1 else f"the {n} points of {name} move"
    return (
        f"Between {course.unit}s {one.before} and {one.epoch} {points}"
        f" {one.distance:.2f} in the mean, {times} times the median of this training; before, {before} % of"
        f" them are right, after it {after} %."
    )


def _name(text: str) -> str:
    """A name that a button has room for."""
    return text if len(text) <= 80 else f"{text[:79]}…"
