"""The reader asks for a view of a network's layers; here is the answer, measured and said in a sentence.

The points are those of the picture that the reader looks at: between two states, or two recorded epochs, as far on the
straight line from one to the other, and naive where the picture is. Mathematics is in `gt.measure.views.directions`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gt.errors import ToldError
from gt.kept.alignment import Alignment
from gt.measure.views import aims
from gt.measure.views.asked import (
    NAMED,
    Answer,
    OneLayer,
    Pictured,
    at,
    between,
    by_class,
    clock,
    listed,
    moment,
    only_chance,
    percent,
    points,
    times,
    two,
)
from gt.measure.views.chance import separating_by_chance
from gt.measure.views.directions import Separation, gap, movers, separating
from gt.run import Run
from gt.run.points import SPLITS

MOVERS = 50  # that decide the plane, and are selected
ALIKE = 1.5  # a gap over chance that ten classes of points that are alike hardly reach


def find(run: Run, picture: Pictured, question: Mapping[str, Any]) -> Answer:
    """Find the view that answers a question.

    Args:
        run: Whose classes and points they are.
        picture: What the reader looks at: an alignment of its layers, or one layer of its own.
        question: A `gt.measure.views.asked.Question`, as it came from the browser.

    Raises:
        ValueError: If the question is none, or has no answer; it says why.
    """
    kind = question.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ToldError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}", by="find")
    if picture.k < 2:
        raise ToldError("a view shows two coordinates or more, this picture has one", by="find")
    return KINDS[kind](run, picture, question)


def opposite_means(
    alignment: Alignment, state: float, epoch: float, naive: bool = False
) -> np.ndarray:
    """The class means of the other split in the same picture, ``(classes, k)``; NaN for no points."""

    def cloud(s: int, j: int) -> np.ndarray:
        own = alignment.opposite[s, j].astype(np.float64) / alignment.states[s].scale
        return own if naive else own @ alignment.turns[s]

    return between(alignment, state, epoch, cloud)


def _classes(run: Run, alignment: Pictured, question: Mapping[str, Any]) -> Answer:
    state, epoch, naive = moment(alignment, question)
    group, names = _two_classes(run, alignment, question)

    def said(found: Separation) -> str:
        return (
            f"{names[:1].upper()}{names[1:]} {at(alignment, state)}, {clock(run)} {epoch:g}: on the horizontal"
            f" axis alone, {percent(found.accuracy)} of {sum(found.counts):,} points lie nearer to their"
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
    if only_chance(question):
        return _by_chance(z, group, found.accuracy)
    return {"columns": found.columns.tolist(), "text": said(found), "ids": []}


def _two_classes(
    run: Run, alignment: Pictured, question: Mapping[str, Any]
) -> tuple[np.ndarray, str]:
    """The classes of a question as groups 0 and 1, -1 for all others; and their names."""
    a, b = two(question, "classes", 0, len(run.classes) - 1, whole=True)
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


def _selection(run: Run, alignment: Pictured, question: Mapping[str, Any]) -> Answer:
    state, epoch, naive = moment(alignment, question)
    ids = question.get("ids")
    if not isinstance(ids, list) or not all(type(one) is int for one in ids):
        raise ToldError(f"ids must be a list of whole numbers, got {str(ids)[:80]}", by="find")
    wanted = set(ids)
    group = np.array([int(one) in wanted for one in alignment.ids.tolist()], np.int64)
    inside, n = int(group.sum()), len(group)
    if not 2 <= inside <= n - 2:
        raise ToldError(
            f"two points or more must be selected in the picture, and two not, got {inside:,} of {n:,}",
            by="find",
        )

    def said(found: Separation) -> str:
        return (
            f"The selection {at(alignment, state)}, {clock(run)} {epoch:g}: on the horizontal axis alone,"
            f" {percent(found.told[1])} of its {inside:,} points lie nearer to its own middle, and"
            f" {percent(found.told[0])} of the other {n - inside:,} to theirs (leave-one-out)."
        )

    return _told_apart(question, points(alignment, state, epoch, naive), group, said)


def _by_chance(z: np.ndarray, group: np.ndarray, accuracy: float) -> Answer:
    chance = separating_by_chance(z, group, accuracy)
    text = (
        f"As good as {chance.as_good} of {chance.of} searches with shuffled labels, the best of which told"
        f" {percent(chance.best)} right (the labels {percent(accuracy)})."
    )
    return {"columns": [], "text": text, "ids": []}


def _movers_epochs(run: Run, alignment: Pictured, question: Mapping[str, Any]) -> Answer:
    state, _, naive = moment(alignment, question, epoch=False)
    from_, to = two(question, "epochs", alignment.epochs[0], alignment.epochs[-1])
    if alignment.constant(math.floor(state)) and alignment.constant(math.ceil(state)):
        raise ToldError(
            f"points must move between the {clock(run)}s, they are the same in all"
            f" {at(alignment, state)}",
            by="find",
        )
    a, b = (points(alignment, state, epoch, naive) for epoch in (from_, to))
    return _moved(
        run, alignment, a, b, f"From {clock(run)} {from_:g} to {to:g}, {at(alignment, state)}"
    )


def _movers_layers(run: Run, alignment: Pictured, question: Mapping[str, Any]) -> Answer:
    _, epoch, naive = moment(alignment, question, state=False)
    from_, to = two(question, "states", 0, len(alignment.states) - 1, whole=True)
    a, b = (points(alignment, state, epoch, naive) for state in (from_, to))
    names = [alignment.states[int(state)].name for state in (from_, to)]
    return _moved(run, alignment, a, b, f"From {names[0]} to {names[1]}, at {clock(run)} {epoch:g}")


def _moved(run: Run, alignment: Pictured, a: np.ndarray, b: np.ndarray, when: str) -> Answer:
    found = movers(a, b, MOVERS)
    who, all_told = by_class(run, alignment, found.rows)
    if who:
        who = f" ({'' if all_told else 'among them '}{who})"
    text = (
        f"{when}: the {len(found.rows)} points that move farthest{who} make {percent(found.part)} of all"
        f" squared motion, and this view shows {percent(found.share)} of theirs."
    )
    return {
        "columns": found.columns.tolist(),
        "text": text,
        "ids": alignment.ids[found.rows].tolist(),
    }


def _gap(run: Run, alignment: Pictured, question: Mapping[str, Any]) -> Answer:
    state, epoch, naive = moment(alignment, question)
    other, z, labels, means, of = _splits(run, alignment, state, epoch, naive)
    here, there = ("training", "test")[1 - other], ("training", "test")[other]
    found = gap(z, labels, means, of)
    named = [c for c in np.argsort(-found.gaps, kind="stable") if np.isfinite(found.gaps[c])]
    who = listed([f"{times(found.gaps[c])} for class {run.classes[c]}" for c in named[:NAMED]])
    says = "lie off" if found.over_chance >= ALIKE else "hardly lie off"
    text = (
        f"{here.capitalize()} points {says} the {there} points of their class"
        f" {at(alignment, state)}, {clock(run)} {epoch:g}: the squared gap is {times(found.over_chance)} times"
        f" what chance makes, and this view shows {percent(found.share)} of it"
        + (f" ({who}, in units of a class's spread)." if who else ".")
    )
    return {"columns": found.columns.tolist(), "text": text, "ids": []}


def _splits(
    run: Run, picture: Pictured, state: float, epoch: float, naive: bool
) -> tuple[int, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """What a gap is measured on.

    Returns:
        Which split is the other one, the points of the first with their labels, and of the other the classes' means and
        how many points each is of.
    """
    z = points(picture, state, epoch, naive)
    labels = run.labels[picture.rows(run)]
    other = 0 if isinstance(picture, OneLayer) else SPLITS.index(picture.recipe.split) ^ 1
    of = np.bincount(run.labels[run.splits == other], minlength=len(run.classes))
    n = int(of.sum()) if isinstance(picture, OneLayer) else picture.opposite_n
    if not n or not (run.splits != other).any():
        raise ToldError(
            "a gap must have points of both splits, the recording holds points of one split"
            f" only, {('training', 'test')[1 - other if not n else other]} points",
            by="find",
        )
    if not isinstance(picture, OneLayer):
        means = opposite_means(picture, state, epoch, naive)
        return other, z, labels, means, np.maximum(of * n / max(of.sum(), 1), 1)
    there = run.splits == other
    means = np.full((len(run.classes), z.shape[1]), np.nan)
    for c in np.flatnonzero(of):
        means[c] = z[there & (labels == c)].mean(0)
    return other, z[~there], labels[~there], means, np.maximum(of, 1)


KINDS: dict[str, Callable[[Run, Pictured, Mapping[str, Any]], Answer]] = {
    "classes": _classes,
    "selection": _selection,
    "movers-epochs": _movers_epochs,
    "movers-layers": _movers_layers,
    "gap": _gap,
    "every-class": aims.every_class,
    "outliers": aims.outlying,
    "holes": aims.hole,
    "mass": aims.mass,
    "hidden": aims.hidden,
}
