"""The reader asks for a view of a network's layers; here is the answer, measured and said in a sentence.

The points are those of the picture that the reader looks at: between two states, or two recorded epochs, as far on the
straight line from one to the other, and naive where the picture is. Mathematics is in `gt.measure.views.directions`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import numpy as np

from gt.errors import ToldError
from gt.kept.alignment import Alignment
from gt.kept.attack import KEY
from gt.measure.views.chance import separating_by_chance
from gt.measure.views.directions import Separation, gap, movers, separating
from gt.run import Run
from gt.run.points import SPLITS

MOVERS = 50  # that decide the plane, and are selected
NAMED = 3  # classes in a sentence at most
ALIKE = 1.5  # a gap over chance that ten classes of points that are alike hardly reach

Clouds = Callable[[int, int], np.ndarray]


class Question(TypedDict):
    """What the page asks; other keys are not looked at."""

    kind: str  # "classes", "selection", "movers-epochs", "movers-layers" or "gap"
    state: NotRequired[float]  # 0 the input; in between with a fraction; all but "movers-layers"
    epoch: NotRequired[float]  # its number, not its index; all but "movers-epochs"
    classes: NotRequired[list[int]]  # two: "classes"
    ids: NotRequired[list[int]]  # of points, some of them perhaps not in the picture: "selection"
    epochs: NotRequired[list[float]]  # two, from and to: "movers-epochs"
    states: NotRequired[list[float]]  # two, from and to: "movers-layers"
    naive: NotRequired[bool]  # each state in axes of its own
    chance: NotRequired[bool]  # only what shuffled labels reach: "classes", "selection"


class Answer(TypedDict):
    """What the page shows."""

    columns: list[
        list[float]
    ]  # (k, 2): the first two columns of the tour matrix; none of what chance reaches
    text: str  # a sentence with what was measured
    ids: list[int]  # of points to select, the biggest mover first; empty where none are meant


def clock(run: Run) -> str:
    """What a run's epochs are, in a word: an attack's are its steps."""
    return "step" if KEY in run.made else run.unit


def find(run: Run, alignment: Alignment, question: Mapping[str, Any]) -> Answer:
    """Find the view that answers a question.

    Args:
        run: Whose classes and points they are.
        alignment: Of its layers.
        question: A `Question`, as it came from the browser.

    Raises:
        ValueError: If the question is none, or has no answer; it says why.
    """
    kinds = {
        "classes": _classes,
        "selection": _selection,
        "movers-epochs": _movers_epochs,
        "movers-layers": _movers_layers,
        "gap": _gap,
    }
    kind = question.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        raise ToldError(f"kind must be one of {', '.join(kinds)}, got {kind!r}", by="find")
    return kinds[kind](run, alignment, question)


def points(alignment: Alignment, state: float, epoch: float, naive: bool = False) -> np.ndarray:
    """The points of the picture, ``(n, k)`` float64, before the tour matrix.

    Args:
        alignment: The alignment.
        state: From 0, the input, to the last; the straight line between two neighbours.
        epoch: A number from the first epoch to the last; the straight line between two neighbours.
        naive: Each state in its own axes, not in those of the last state.
    """

    def cloud(s: int, j: int) -> np.ndarray:
        if not naive:
            return alignment.turned(s, j)
        own = alignment.coordinates(s, j).astype(np.float64) / alignment.states[s].scale
        return np.pad(own, ((0, 0), (0, alignment.k - own.shape[1])))

    return _between(alignment, state, epoch, cloud)


def opposite_means(
    alignment: Alignment, state: float, epoch: float, naive: bool = False
) -> np.ndarray:
    """The class means of the other split in the same picture, ``(classes, k)``; NaN for no points."""

    def cloud(s: int, j: int) -> np.ndarray:
        own = alignment.opposite[s, j].astype(np.float64) / alignment.states[s].scale
        return own if naive else own @ alignment.turns[s]

    return _between(alignment, state, epoch, cloud)


def _between(alignment: Alignment, state: float, epoch: float, cloud: Clouds) -> np.ndarray:
    at = float(np.interp(epoch, alignment.epochs, np.arange(len(alignment.epochs))))
    out: np.ndarray | None = None
    for s, of_state in _shares(state):
        for j, of_epoch in _shares(at):
            part = of_state * of_epoch * cloud(s, j)
            out = part if out is None else out + part
    assert out is not None
    return out


def _shares(position: float) -> list[tuple[int, float]]:
    low, t = math.floor(position), position % 1
    return [(low, 1 - t), (low + 1, t)] if t else [(low, 1.0)]


def _classes(run: Run, alignment: Alignment, question: Mapping[str, Any]) -> Answer:
    state, epoch, naive = _moment(alignment, question)
    group, names = _two_classes(run, alignment, question)

    def said(found: Separation) -> str:
        return (
            f"{names[:1].upper()}{names[1:]} {_at(alignment, state)}, {clock(run)} {epoch:g}: on the horizontal"
            f" axis alone, {_percent(found.accuracy)} of {sum(found.counts)} points lie nearer to their"
            " own class's middle (leave-one-out)."
        )

    return _told_apart(question, points(alignment, state, epoch, naive), group, said)


def _told_apart(
    question: Mapping[str, Any],
    z: np.ndarray,
    group: np.ndarray,
    said: Callable[[Separation], str],
) -> Answer:
    """The view that tells groups 0 and 1 apart and what is said of it, or only what chance reaches."""
    found = separating(z, group)
    if _only_chance(question):
        return _by_chance(z, group, found.accuracy)
    return {"columns": found.columns.tolist(), "text": said(found), "ids": []}


def _two_classes(
    run: Run, alignment: Alignment, question: Mapping[str, Any]
) -> tuple[np.ndarray, str]:
    """The classes of a question as groups 0 and 1, -1 for all others; and their names."""
    a, b = _two(question, "classes", 0, len(run.classes) - 1, whole=True)
    labels = run.labels[alignment.rows(run)]
    for c in (int(a), int(b)):
        if (labels == c).sum() < 2:
            raise ToldError(
                f"a class must have two points in the picture or more, {run.classes[c]} has"
                f" {(labels == c).sum()}",
                by="find",
            )
    names = f"{run.classes[int(a)]} and {run.classes[int(b)]}"
    return np.where(labels == a, 0, np.where(labels == b, 1, -1)), names


def _selection(run: Run, alignment: Alignment, question: Mapping[str, Any]) -> Answer:
    state, epoch, naive = _moment(alignment, question)
    ids = question.get("ids")
    if not isinstance(ids, list) or not all(type(one) is int for one in ids):
        raise ToldError(f"ids must be a list of whole numbers, got {str(ids)[:80]}", by="find")
    wanted = set(ids)
    group = np.array([int(one) in wanted for one in alignment.ids.tolist()], np.int64)
    inside, n = int(group.sum()), len(group)
    if not 2 <= inside <= n - 2:
        raise ToldError(
            f"two points or more must be selected in the picture, and two not, got {inside} of {n}",
            by="find",
        )

    def said(found: Separation) -> str:
        return (
            f"The selection {_at(alignment, state)}, {clock(run)} {epoch:g}: on the horizontal axis alone,"
            f" {_percent(found.told[1])} of its {inside} points lie nearer to its own middle, and"
            f" {_percent(found.told[0])} of the other {n - inside} to theirs (leave-one-out)."
        )

    return _told_apart(question, points(alignment, state, epoch, naive), group, said)


def _only_chance(question: Mapping[str, Any]) -> bool:
    """Whether it is asked what chance reaches, of a view that has been found."""
    chance = question.get("chance", False)
    if not isinstance(chance, bool):
        raise ToldError(f"chance must be true or false, got {chance!r}", by="find")
    return chance


def _by_chance(z: np.ndarray, group: np.ndarray, accuracy: float) -> Answer:
    chance = separating_by_chance(z, group, accuracy)
    text = (
        f"As good as {chance.as_good} of {chance.of} searches with shuffled labels, the best of which told"
        f" {_percent(chance.best)} right (the labels {_percent(accuracy)})."
    )
    return {"columns": [], "text": text, "ids": []}


def _movers_epochs(run: Run, alignment: Alignment, question: Mapping[str, Any]) -> Answer:
    state, _, naive = _moment(alignment, question, epoch=False)
    from_, to = _two(question, "epochs", alignment.epochs[0], alignment.epochs[-1])
    if alignment.constant(math.floor(state)) and alignment.constant(math.ceil(state)):
        raise ToldError(
            f"points must move between the {clock(run)}s, they are the same in all"
            f" {_at(alignment, state)}",
            by="find",
        )
    a, b = (points(alignment, state, epoch, naive) for epoch in (from_, to))
    return _moved(
        run, alignment, a, b, f"From {clock(run)} {from_:g} to {to:g}, {_at(alignment, state)}"
    )


def _movers_layers(run: Run, alignment: Alignment, question: Mapping[str, Any]) -> Answer:
    _, epoch, naive = _moment(alignment, question, state=False)
    from_, to = _two(question, "states", 0, len(alignment.states) - 1, whole=True)
    a, b = (points(alignment, state, epoch, naive) for state in (from_, to))
    names = [alignment.states[int(state)].name for state in (from_, to)]
    return _moved(run, alignment, a, b, f"From {names[0]} to {names[1]}, at {clock(run)} {epoch:g}")


def _moved(run: Run, alignment: Alignment, a: np.ndarray, b: np.ndarray, when: str) -> Answer:
    found = movers(a, b, MOVERS)
    labels = run.labels[alignment.rows(run)][found.rows]
    counts = np.bincount(labels, minlength=len(run.classes))
    named = [c for c in np.argsort(-counts, kind="stable")[:NAMED] if counts[c] >= len(labels) / 10]
    who = _listed([f"{counts[c]} of class {run.classes[c]}" for c in named])
    if who:
        who = f" ({'' if counts[named].sum() == len(labels) else 'among them '}{who})"
    text = (
        f"{when}: the {len(labels)} points that move farthest{who} make {_percent(found.part)} of all"
        f" squared motion, and this view shows {_percent(found.share)} of theirs."
    )
    return {
        "columns": found.columns.tolist(),
        "text": text,
        "ids": alignment.ids[found.rows].tolist(),
    }


def _gap(run: Run, alignment: Alignment, question: Mapping[str, Any]) -> Answer:
    state, epoch, naive = _moment(alignment, question)
    other = SPLITS.index(alignment.recipe.split) ^ 1
    here, there = ("training", "test")[1 - other], ("training", "test")[other]
    if not alignment.opposite_n:
        raise ToldError(
            "a gap must have points of both splits, the recording holds points of one split"
            f" only, {here} points",
            by="find",
        )
    of = np.bincount(run.labels[run.splits == other], minlength=len(run.classes))
    found = gap(
        points(alignment, state, epoch, naive),
        run.labels[alignment.rows(run)],
        opposite_means(alignment, state, epoch, naive),
        np.maximum(of * alignment.opposite_n / max(of.sum(), 1), 1),
    )
    named = [c for c in np.argsort(-found.gaps, kind="stable") if np.isfinite(found.gaps[c])]
    who = _listed([f"{_times(found.gaps[c])} for class {run.classes[c]}" for c in named[:NAMED]])
    says = "lie off" if found.over_chance >= ALIKE else "hardly lie off"
    text = (
        f"{here.capitalize()} points {says} the {there} points of their class"
        f" {_at(alignment, state)}, {clock(run)} {epoch:g}: the squared gap is {_times(found.over_chance)} times"
        f" what chance makes, and this view shows {_percent(found.share)} of it"
        + (f" ({who}, in units of a class's spread)." if who else ".")
    )
    return {"columns": found.columns.tolist(), "text": text, "ids": []}


def _moment(
    alignment: Alignment, question: Mapping[str, Any], *, state: bool = True, epoch: bool = True
) -> tuple[float, float, bool]:
    """State, epoch and whether naive, each checked where it is part of the question."""
    last = len(alignment.states) - 1
    naive = question.get("naive", False)
    if not isinstance(naive, bool):
        raise ToldError(f"naive must be true or false, got {naive!r}", by="find")
    return (
        _number("state", question.get("state"), 0, last) if state else 0.0,
        _number("epoch", question.get("epoch"), alignment.epochs[0], alignment.epochs[-1])
        if epoch
        else 0.0,
        naive,
    )


def _two(
    question: Mapping[str, Any], name: str, low: float, high: float, whole: bool = False
) -> tuple[float, float]:
    value = question.get(name)
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        raise ToldError(f"{name} must be a list of two numbers, got {value!r}", by="find")
    a, b = (_number(name, one, low, high) for one in value)
    if a == b:
        raise ToldError(f"the two {name} must be different ones, choose another", by="find")
    if whole and not (a.is_integer() and b.is_integer()):
        raise ToldError(f"{name} must be whole numbers, got {value!r}", by="find")
    return a, b


def _number(name: str, value: object, low: float, high: float) -> float:
    known = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not known or not low <= value <= high:  # type: ignore[operator]
        raise ToldError(
            f"{name} must be a number from {low:g} to {high:g}, got {value!r}", by="find"
        )
    return float(value)  # type: ignore[arg-type]


def _at(alignment: Alignment, state: float) -> str:
    names = [one.name for one in alignment.states]
    low = math.floor(state)
    return f"at {names[low]}" if low == state else f"between {names[low]} and {names[low + 1]}"


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _times(factor: float) -> str:
    return f"{factor:,.0f}" if factor >= 9.95 else f"{factor:.2g}"


def _listed(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
