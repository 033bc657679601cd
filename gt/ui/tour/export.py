"""A selection as a table: who the points are, what the network says of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gt.run.columns import DATE, NUMBER, Column
from gt.run.points import SPLITS
from gt.run.read import Run
from gt.run.task import MULTILABEL, one_class
from gt.state import GroupOf

if TYPE_CHECKING:
    import pandas as pd  # a third of a second, which no page needs to start


def selection_table(
    run: Run, epoch: int, ids: list[int], groups: Sequence[GroupOf] = ()
) -> pd.DataFrame:
    """Describe points of a run at one epoch.

    Args:
        run: Whose points they are.
        epoch: An epoch's number, as in ``run.epochs``.
        ids: Point ids; unknown ones are an error.
        groups: The reader's groups of the run; their other points are left out.

    Returns:
        One row a point, in the run's own order: id, split, the run's epoch or step, where there are groups the names of
        those that it is in as ``groups``, with "; " between, and what its task knows. Of points
        of one class: label, predicted, confidence, correct, and the softmax of every class as ``p(class)``; of
        others the group, where there are several, and for each value of the output what it should be as ``true name``,
        and what it is as ``p(name)`` of a multilabel and ``output name`` of any other. Then the run's columns; one
        whose name is taken is called ``column name``.

    Raises:
        ValueError: If an id is not in the run, or the epoch was not recorded.
    """
    import pandas as pd

    unknown = sorted(set(ids) - set(run.ids.tolist()))
    if unknown:
        raise ValueError(f"{run.title} has no points {unknown[:5]}; select points of this run")
    found = np.flatnonzero(run.epochs == epoch)
    if not found.size:
        raise ValueError(
            f"{run.title} has no {run.unit} {epoch}; it has {run.epochs[0]} to {run.epochs[-1]}"
        )
    rows = np.flatnonzero(np.isin(run.ids, ids))
    outputs = run.activations(run.last, int(found[0]))[rows]
    head = {
        "id": run.ids[rows],
        "split": np.array(SPLITS, dtype=object)[run.splits[rows]],
        run.unit: epoch,
    }
    if groups:
        head["groups"] = _groups(run.ids[rows], groups)
    told = _of_class(run, rows, outputs) if one_class(run.task) else _of_values(run, rows, outputs)
    table = head | told
    for one in run.columns:
        name = one.name if one.name not in table else f"column {one.name}"
        table[name] = _column(one, rows)
    return pd.DataFrame(table)


def _groups(ids: np.ndarray, groups: Sequence[GroupOf]) -> np.ndarray:
    """The names of the groups that each point is in, in one text."""
    within = [(one["name"], set(one["ids"])) for one in groups]
    said = ["; ".join(name for name, members in within if i in members) for i in ids.tolist()]
    return np.array(said, dtype=object)


def _of_class(run: Run, rows: np.ndarray, softmax: np.ndarray) -> dict[str, Any]:
    """What is known of points that have one class each."""
    names = np.array(run.classes, dtype=object)
    best = softmax.argmax(axis=1)
    tied = (softmax == softmax.max(axis=1, keepdims=True)).sum(axis=1) > 1  # no opinion: no class
    told = {
        "label": names[run.labels[rows]],
        "predicted": np.where(tied, "undecided", names[best]),
        "confidence": softmax.max(axis=1),
        "correct": (best == run.labels[rows]) & ~tied,
    }
    return told | {f"p({name})": softmax[:, c] for c, name in enumerate(run.classes)}


def _of_values(run: Run, rows: np.ndarray, outputs: np.ndarray) -> dict[str, Any]:
    """What is known of points of any other task."""
    told: dict[str, Any] = {}
    if len(run.classes) > 1:
        told["group"] = np.array(run.classes, dtype=object)[run.labels[rows]]
    for i, name in enumerate(run.axes):
        if run.targets is not None:
            told[f"true {name}"] = run.targets[rows, i]
        told[f"p({name})" if run.task == MULTILABEL else f"output {name}"] = outputs[:, i]
    return told


def _column(one: Column, rows: np.ndarray) -> np.ndarray:
    values = one.values[rows]
    if one.kind == NUMBER:
        return values
    if one.kind == DATE:
        known = np.where(np.isnan(values), 0, np.round(1e6 * values)).astype("datetime64[us]")
        said = np.datetime_as_string(known, timezone="UTC", unit="auto").astype(object)
        said[np.isnan(values)] = None
        return said
    names = np.array(
        [*one.names, None], dtype=object
    )  # -1, a category that is not known, is the last
    return names[values]
