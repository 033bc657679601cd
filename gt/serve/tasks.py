"""What is said of a run's task, of the values that its network gives and of its points' columns, to the browser."""

from __future__ import annotations

import json
from typing import Any, cast

import numpy as np

from gt.bring.opened import is_opened
from gt.run.columns import CATEGORY, DATE, NAMED, NUMBER, Column
from gt.run.read import Run
from gt.run.task import MULTILABEL, NONE, REGRESSION, one_class
from gt.serve.payloads import ColoringChoice, ColumnKind, ColumnNote, OutputAxis

MOST = 100  # values of an output that are said one by one: a picture that is given back has more
CLASSES = {
    "label": "True label",
    "prediction": "Predicted label",
    "verdict": "Correct or wrong",
    "confidence": "Confidence",
}  # of points that have one class each; the names are those of assets/js/points/colorings.mjs


def notes(run: Run) -> dict[str, Any]:
    """Those fields of an announcement that say what a run is of, see `gt.serve.payloads.Announcement`."""
    return {
        "task": run.task,
        "unit": run.unit,
        "opened": is_opened(run),
        "outputs": outputs(run),
        "columns": [_column(one) for one in run.columns],
        "colorings": colorings(run),
    }


def outputs(run: Run) -> list[OutputAxis]:
    """The values that a run's network gives, and between which numbers they should be, else are in the last epoch."""
    low = high = None
    if run.task in (REGRESSION, NONE) and len(run.epochs) and run.n:
        reach = run.targets
        if reach is None:
            reach = run.activations(run.last, len(run.epochs) - 1)
        low, high = reach.min(axis=0), reach.max(axis=0)
    return [
        {
            "name": name,
            "low": None if low is None else float(low[i]),
            "high": None if high is None else float(high[i]),
        }
        for i, name in enumerate(run.axes)
    ]


def colorings(run: Run) -> list[ColoringChoice]:
    """The ways in which a run's points can be coloured: by class, by output, by column, by the reader's groups."""
    found = dict(CLASSES) if one_class(run.task) else {"label": _groups(run)}
    if run.targets is not None and not one_class(run.task):
        found["error"] = "Wrong labels" if run.task == MULTILABEL else "Error"
    shown = {one.name for one in run.columns} if is_opened(run) else set()
    for i, name in enumerate(run.axes if says_each(run) else ()):
        if name in shown:  # its numbers as they came say more than as they are scaled
            continue
        if run.targets is not None:
            found[f"target-{i}"] = f"True {name}"
        kind = "Share of " if run.task == MULTILABEL else "" if is_opened(run) else "Output "
        found[f"output-{i}"] = f"{kind}{name}"
    colored = (NUMBER, DATE, CATEGORY)  # texts and addresses are read and searched
    found |= {f"column-{i}": one.name for i, one in enumerate(run.columns) if one.kind in colored}
    found["groups"] = "Your groups"
    return [{"value": value, "label": label} for value, label in found.items()]


def says_each(run: Run) -> bool:
    """Whether the values of a run's output are said one by one: they are no classes, and not too many."""
    return not one_class(run.task) and len(run.axes) <= MOST


def table(run: Run) -> np.ndarray:
    """All columns of a run, ``(columns, n)`` float64: numbers, dates, positions of names; NaN where missing."""
    found = np.full((len(run.columns), run.n), np.nan)
    for row, one in zip(found, run.columns, strict=True):
        row[:] = one.values
        if one.kind in NAMED:
            row[one.values < 0] = np.nan
    return found


def texts(one: Column) -> np.ndarray:
    """The different texts of a column as the bytes of a list in JSON, uint8: there may be as many as points."""
    return np.frombuffer(json.dumps(one.names, ensure_ascii=False).encode(), np.uint8)


def _groups(run: Run) -> str:
    return "Labels" if run.task == MULTILABEL else "Group"


def _column(one: Column) -> ColumnNote:
    there = one.values >= 0 if one.kind in NAMED else ~np.isnan(one.values)
    numbers = np.empty(0) if one.kind in NAMED else one.values[there]
    return {
        "name": one.name,
        "kind": cast(ColumnKind, one.kind),
        "names": list(one.names) if one.kind == CATEGORY else [],
        "texts": None,
        "low": float(numbers.min()) if len(numbers) else None,
        "high": float(numbers.max()) if len(numbers) else None,
        "missing": int((~there).sum()),
    }
