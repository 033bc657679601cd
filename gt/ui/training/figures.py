"""The figures of ``/training`` for a run: curves, and the strip of what moved when, of whatever task."""

from __future__ import annotations

from typing import Any

import numpy as np

from gt.figures.training import DIAMETER, curves_figure, strip_figure
from gt.run.read import Run
from gt.run.saying import in_unit
from gt.run.task import MULTILABEL, one_class
from gt.ui.training.many import note, shown_in_curves, shown_in_strip


def curves(
    run: Run, said: dict[str, Any] | None = None, asked: int | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Loss and accuracy of a run; of a multilabel by label, once it is known what happened.

    Args:
        run: A training.
        said: What `gt.measure.training.report.report` found; None while it is not known.
        asked: A class that has a line in any case.

    Returns:
        Figures of loss and of accuracy.
    """
    h, each = run.history, "class" if one_class(run.task) else "group"
    shown = shown_in_curves(run, asked)
    loss = curves_figure(
        run.epochs,
        h.loss,
        h.class_loss,
        run.classes,
        share=False,
        shown=shown,
        unit=run.unit,
        each=each,
    )
    names, shares = run.classes, h.class_accuracy
    if run.task == MULTILABEL:
        names, each, shown = run.axes, "label", list(range(len(run.axes)))
        shares = np.full((len(run.epochs), 2, len(names)), np.nan)
        if said is not None and said["labels"] is not None:
            shares = np.array(said["labels"], float).reshape(shares.shape)
    accuracy = curves_figure(
        run.epochs, h.accuracy, shares, names, share=True, shown=shown, unit=run.unit, each=each
    )
    return loss, accuracy


def strip(run: Run, said: dict[str, Any] | None, asked: int | None = None) -> dict[str, Any]:
    """The strip of a run; empty until it is known what happened.

    Args:
        run: A training.
        said: What `gt.measure.training.report.report` found.
        asked: A class that has a row in any case.
    """
    k = len(run.classes)
    if said is None:
        nothing = np.full((len(run.epochs) - 1, k), np.nan)
        shown = shown_in_strip(k, None)
        none = np.full(k, np.nan)
        return strip_figure(run.epochs, nothing, none, run.classes, shown=shown, unit=run.unit)
    events = [*said["events"], *said["further"]]
    marks = [(one["epoch"], c) for one in events for c in one["classes"]]
    distance = np.array(said["distance"], float).reshape(-1, k)
    usual = np.array(said["usual"], float)
    one = one_class(run.task)
    far = distance[np.isfinite(distance)].max(initial=0)
    return strip_figure(
        run.epochs,
        distance,
        usual,
        run.classes,
        marks,
        said["learnt"] if one else (),
        shown_in_strip(k, distance, asked),
        unit=run.unit,
        reach=DIAMETER if one else float(far) or 1.0,
    )


def moved_text(run: Run) -> str:
    """What the strip shows."""
    farthest = in_unit("those that moved farthest from one epoch to the next", run.unit)
    some = note(len(run.classes), farthest)
    see = f" Click a cell to see it in the Grand Tour.{some}"
    if one_class(run.task):
        return (
            "How far the points of each class moved in the softmax space. □ an event of the list; ● from here on most"
            f" of the class is right.{see}"
        )
    what = "the labels' shares" if run.task == MULTILABEL else "the outputs"
    return f"How far the points of each group moved in the space of {what}.{see}"
