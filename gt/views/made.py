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
from gt.run.task import one_class
from gt.views.kinds import LayerView, NamedView, Preset
from gt.views.late import changed_minds, farthest, late_epochs, late_text, late_transitions, way

VERSION = "3"  # of what is made; part of the key under which it is kept
MOST = 3  # events that get a view
STOPS = 4  # layers at which a view of all layers stops
PAIRS = 2  # of classes mistaken for each other that get a view
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
        above: How many pairs are mistaken more often.
    """

    a: int
    b: int
    count: int
    of: int
    split: str
    epoch: int
    alone: bool
    above: int = 0


def tour_views(run: Run) -> list[NamedView]:
    """Views of a run's last layer: its farthest events, its farthest late step, and the classes that it mistakes most.

    Raises:
        RunError: If the run has no outputs, or no epoch.
    """
    course = course_of(run)
    events = _class_events(course)[:MOST]
    views = [_of_event(course, one) for one in events]
    told = {one.epoch for one in events}
    views += [
        view
        for step in late_transitions(course, 1)
        if course.epochs[step[1]] not in told and (view := _of_late(course, step))
    ]
    for pair in mistaken_pairs(course)[:PAIRS]:
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
    """Views of the layers: the farthest event of a class, what moves late, and the classes that are mistaken most.

    Classes are told from each other along the network; what moves is seen where the network decides.

    Args:
        run: A training.
        epochs: Numbers of the epochs that an alignment has.
        states: Names of its states, from the input on.

    Raises:
        RunError: If the run has no outputs, or no epoch.
    """
    course = course_of(run)
    there = np.flatnonzero(np.isin(course.epochs, epochs))
    if not len(there):
        return []
    views = [
        view
        for one in _class_events(course)[:1]
        if (view := _event_in_layers(course, one, course.epochs[there], states))
    ]
    views += [
        _late_in_layers(course, step, there.tolist(), states)
        for step in late_transitions(course, 1, there.tolist())
    ]
    for pair in mistaken_pairs(course, int(there[-1]))[:PAIRS]:
        names = [run.classes[pair.a], run.classes[pair.b]]
        at = np.unique(np.linspace(0, len(states) - 1, min(STOPS, len(states))).round().astype(int))
        views.append(
            {
                "name": _name(f"{names[0]} and {names[1]}"),
                "text": f"{mistaken_text(pair, run.classes, run.unit)} Each button leads to the plane in which that"
                " layer tells the two apart best.",
                "handles": [],
                "states": [states[i] for i in at],
                "epochs": [pair.epoch] * len(at),
                "show": names,
                "pair": names,
            }
        )
    return views


def comparison(run: Run) -> Preset | None:
    """A comparison of the methods: around the farthest events of a class, else at what moves late.

    Returns:
        None for a run in which nothing of either kind is found, and no two classes are mistaken.

    Raises:
        RunError: If the run has no outputs, or no epoch.
    """
    course = course_of(run)
    events = _class_events(course)[:2] if one_class(course.task) else []
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
    pair, late = most_mistaken(course) if one_class(course.task) else None, late_text(course)
    if pair is None and not late:
        return None
    names = [] if pair is None else [run.classes[pair.a], run.classes[pair.b]]
    mistaken = "" if pair is None else mistaken_text(pair, run.classes, run.unit)
    return {
        "name": _name(f"{run.title}: {' and '.join(names) or 'what moves late'}"),
        "text": f"{late} {mistaken}".strip(),
        "epochs": late_epochs(course),
        "classes": names,
        "handles": [],
    }


def most_mistaken(course: Course, at: int | None = None) -> Mistaken | None:
    """The two classes that are most often taken for each other, see `mistaken_pairs`; None where no two are."""
    return next(iter(mistaken_pairs(course, at)), None)


def mistaken_pairs(course: Course, at: int | None = None) -> list[Mistaken]:
    """Pairs of classes that are taken for each other, the most often first, among the test points where there are any.

    Args:
        course: Of a run.
        at: Which epoch, by its place; the last when None.
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
    pairs = np.argwhere(both)
    order = np.argsort(-both[tuple(pairs.T)], kind="stable")[:PAIRS]
    return [
        Mistaken(
            int(a),
            int(b),
            count=int(both[a, b]),
            of=int(np.isin(labels, [a, b]).sum()),
            split="test" if split else "training",
            epoch=int(course.epochs[at]),
            alone=int((both == both[a, b]).sum()) == 1,
            above=int((both > both[a, b]).sum()),
        )
        for a, b in pairs[order]
    ]


def mistaken_text(pair: Mistaken, classes: Sequence[str], unit: str) -> str:
    """The sentence: how many points, of how many, and how many other pairs do the same."""
    other = "more than of any other pair" if pair.alone else "no pair has more"
    if pair.above:
        other = f"{pair.above} pairs have more" if pair.above > 1 else "one pair has more"
    verb = "is" if pair.count == 1 else "are"
    return (
        f"At {unit} {pair.epoch}, {pair.count} of the {pair.of} {pair.split} points of {classes[pair.a]} and"
        f" {classes[pair.b]} {verb} taken for the other of the two, {other}."
    )


def _of_late(course: Course, step: tuple[int, int]) -> NamedView | None:
    """A view of the late step in which points move farthest; None where none is taken for another class in it."""
    found = changed_minds(course, *step)
    if found is None:
        return None
    changed, pair, among = found
    names = [course.classes[c] for c in pair]
    verb = "is" if changed == 1 else "are"
    return {
        "name": _late_name(course, step),
        "text": f"{_late_told(course, step)} {changed} of {len(course.ids)} points {verb} taken for another class after"
        f" it than before, {among} of them between {middle(names[0], LETTERS)} and {middle(names[1], LETTERS)}; no two"
        " classes have more.",
        "layer": LAYER,
        "handles": names,
        "epochs": [int(course.epochs[i]) for i in step],
        "show": [],
    }


def _event_in_layers(
    course: Course, one: Event, aligned: np.ndarray, states: Sequence[str]
) -> LayerView | None:
    """An event, where the network decides: the class told from the one for which it is taken most.

    None where no epochs are aligned before and after it.
    """
    before, after = aligned[aligned <= one.before], aligned[aligned >= one.epoch]
    if not len(before) or not len(after):
        return None
    names = [course.classes[one.classes[0]], course.classes[_rival(course, one)]]
    state = _deciding(states)
    return {
        "name": _name(_called(course, one)),
        "text": f"{_told(course, one)} Each button leads to the plane in which {state} tells"
        f" {middle(names[0], LETTERS)} from {middle(names[1], LETTERS)} best.",
        "handles": [],
        "states": [state] * 2,
        "epochs": [int(before[-1]), int(after[0])],
        "show": names,
        "pair": names,
    }


def _late_in_layers(
    course: Course, step: tuple[int, int], aligned: Sequence[int], states: Sequence[str]
) -> LayerView:
    """The plane in which a late step is seen best, where the network decides."""
    state = _deciding(states)
    epochs = [int(course.epochs[i]) for i in step]
    return {
        "name": _late_name(course, step),
        "text": f"{_late_told(course, step, aligned)} This is the plane that shows most of how the points that move"
        f" farthest at {state} do so; they are selected.",
        "handles": [],
        "states": [state] * 2,
        "epochs": epochs,
        "show": [],
        "moved": epochs,
    }


def _deciding(states: Sequence[str]) -> str:
    """The state before the last: there what the softmax squeezes into its corners still has room."""
    return states[max(0, len(states) - 2)]


def _late_name(course: Course, step: tuple[int, int]) -> str:
    return f"{course.unit.capitalize()} {course.epochs[step[0]]} to {course.epochs[step[1]]}"


def _late_told(course: Course, step: tuple[int, int], aligned: Sequence[int] | None = None) -> str:
    start, end = step
    here = "" if aligned is None or len(aligned) == len(course.epochs) else " that are aligned"
    over = "" if end == start + 1 else f", over all {course.unit}s between"
    most = farthest(course, step, aligned)
    how = f", farther than in any other of the steps of the later half{here}" if most else ""
    return (
        f"Between {course.unit}s {course.epochs[start]} and {course.epochs[end]} the outputs of the points move"
        f" {way(course, start, end):.2g} in the mean{over}{how}."
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
