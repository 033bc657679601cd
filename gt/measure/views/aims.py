"""Answers that need no two groups: holes, central mass, outliers, all classes apart, and what the view hides.

Mathematics is in `gt.measure.views.pursuit` and `gt.measure.views.hidden`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gt.errors import ToldError
from gt.measure.views.asked import (
    Answer,
    Pictured,
    at,
    by_class,
    clock,
    moment,
    only_chance,
    percent,
    points,
)
from gt.measure.views.chance import Null
from gt.measure.views.directions import LISTED
from gt.measure.views.every_class import FOLDS, classes_apart, shuffled_classes
from gt.measure.views.hidden import turned_in
from gt.measure.views.indices import normal_holes
from gt.measure.views.pursuit import (
    emptiest,
    fullest,
    normal_outliers,
    normal_pursuit,
    outliers,
)
from gt.run import Run

WHOLE = 0.9995  # of the variance: all, as three digits say it


def hole(run: Run, picture: Pictured, question: Mapping[str, Any]) -> Answer:
    """The plane with the emptiest middle."""
    return _pursued(run, picture, question, full=False)


def mass(run: Run, picture: Pictured, question: Mapping[str, Any]) -> Answer:
    """The plane in which most points crowd in the middle, and few lie far out."""
    return _pursued(run, picture, question, full=True)


def outlying(run: Run, picture: Pictured, question: Mapping[str, Any]) -> Answer:
    """The plane that shows outliers, which are selected."""
    z, where = _points(run, picture, question)
    found = outliers(z)
    peak = found.kurtosis[0]
    if only_chance(question):
        null = normal_outliers(len(z), found.components)
        return _by_chance(
            f"As good as {null.as_good(peak)} of {len(null.values)} searches in normal clouds of the same covariance,"
            f" the best of which reached a kurtosis of {max(null.values):.3g} (these points {peak:.3g})."
        )
    m = len(found.rows)
    who, all_told = by_class(run, picture, found.rows)
    if who:
        who = f" ({'' if all_told else 'among them '}{who})"
    lie = "No point lies" if not m else f"{m:,} of {len(z):,} points {'lies' if m == 1 else 'lie'}"
    text = (
        f"Outliers {where}: {lie} farther than {found.reach:.3g} deviations from the middle of this plane"
        f"{who}; in a plane that was not searched for, normal"
        f" points have one there in one sample of 20. Kurtosis along its two"
        f" directions {peak:.3g} and {found.kurtosis[1]:.3g}, where a normal cloud has 3."
        + (f" The {LISTED} farthest are selected." if m > LISTED else "")
    )
    ids = picture.ids[found.rows[:LISTED]].tolist()
    return {"columns": found.columns.tolist(), "text": text, "ids": ids}


def every_class(run: Run, picture: Pictured, question: Mapping[str, Any]) -> Answer:
    """The plane that tells all classes apart."""
    z, where = _points(run, picture, question)
    labels = run.labels[picture.rows(run)]
    found = classes_apart(z, labels)
    if only_chance(question):
        null = shuffled_classes(z, labels)
        return _by_chance(
            f"As good as {null.as_good(found.accuracy)} of {len(null.values)} searches with shuffled labels, the best"
            f" of which told {percent(max(null.values))} right (the labels {percent(found.accuracy)})."
        )
    index = f"{found.index:.3g}" if found.index < 0.9995 else "over 0.999"
    text = (
        f"{found.classes} classes {where}: in this plane {percent(found.accuracy)} of points lie nearest to their own"
        f" class's middle ({FOLDS}-fold, in planes found without them); LDA index {index} of at most 1."
    )
    return {"columns": found.columns.tolist(), "text": text, "ids": []}


def hidden(run: Run, picture: Pictured, question: Mapping[str, Any]) -> Answer:
    """The view that keeps an axis of the present one, and turns in what that hides."""
    z, where = _points(run, picture, question)
    found = turned_in(z, _columns(picture, question))
    text = (
        f"The view showed {percent(found.before)} of the variance {where}. Kept is its axis that shows most"
        f" ({percent(found.kept)}); turned in is the direction with most of what was hidden ({percent(found.new)}; one"
        f" by chance would show {percent(found.by_chance)}). Together they show {percent(found.after)}."
    )
    return {"columns": found.columns.tolist(), "text": text, "ids": []}


def _pursued(run: Run, picture: Pictured, question: Mapping[str, Any], *, full: bool) -> Answer:
    z, where = _points(run, picture, question)
    found = (fullest if full else emptiest)(z)
    name = "central mass" if full else "holes"
    if only_chance(question):
        null: Null = normal_pursuit(len(z), found.components, full=full)
        return _by_chance(
            f"As good as {null.as_good(found.index)} of {len(null.values)} searches in normal clouds of the same"
            f" covariance, the best of which reached {max(null.values):.3f} (these points {found.index:.3f})."
        )
    normal = 1 - normal_holes(2) if full else normal_holes(2)
    what = "Most in the middle, few far out" if full else "An empty middle"
    narrowed = (
        ""
        if found.share > WHOLE
        else f" Searched in {found.components} principal components with {percent(found.share)} of the variance."
    )
    text = (
        f"{what}, as far as there is such a plane, {where}: {name} index {found.index:.3f} on {found.unseen:,} points"
        f" that the search did not see, both directions scaled to one spread (a normal cloud has {normal:.3f} in every"
        f" plane).{narrowed}"
    )
    return {"columns": found.columns.tolist(), "text": text, "ids": []}


def _points(run: Run, picture: Pictured, question: Mapping[str, Any]) -> tuple[np.ndarray, str]:
    """The points of the picture, and where it is, in words."""
    state, epoch, naive = moment(picture, question)
    return points(picture, state, epoch, naive), f"{at(picture, state)}, {clock(run)} {epoch:g}"


def _columns(picture: Pictured, question: Mapping[str, Any]) -> np.ndarray:
    """The view that the reader has before them."""
    asked = question.get("columns")
    try:
        columns = np.asarray(asked, np.float64)
    except (TypeError, ValueError):
        columns = np.zeros(0)
    if columns.shape != (picture.k, 2) or not np.isfinite(columns).all():
        raise ToldError(
            f"columns must be {picture.k} pairs of numbers, got {str(asked)[:80]}", by="find"
        )
    return columns


def _by_chance(text: str) -> Answer:
    return {"columns": [], "text": text, "ids": []}
