"""Which classes the charts of ``/training`` show where there are very many: the top of a ranking."""

from __future__ import annotations

from typing import Any

import numpy as np

from gt.run.read import Run

TOP = 24
"""Classes that charts have a line or a row for; a list with a search has them all."""


def shown_in_curves(run: Run, asked: int | None = None) -> list[int]:
    """The classes with a line of their own: all, or those least often right in the last epoch that measured them.

    Args:
        run: A training.
        asked: One that has a line whatever it is.

    Returns:
        Numbers of classes, going up; the one that was asked for before them.
    """
    k = len(run.classes)
    if k <= TOP:
        return list(range(k))
    return _with(asked, _lowest(_last(run.history.class_accuracy), -_last(run.history.class_loss)))


def shown_in_strip(k: int, distance: np.ndarray | None, asked: int | None = None) -> list[int]:
    """The classes with a row of their own: all, or those that moved farthest from one epoch to the next.

    Args:
        k: Classes.
        distance: ``(e - 1, k)``, NaN for a class without points; None while it is not known.
        asked: One that has a row whatever it is.

    Returns:
        Numbers of classes, going up; the one that was asked for before them.
    """
    if k <= TOP:
        return list(range(k))
    if distance is None or not len(distance):
        return _with(asked, list(range(TOP)))
    farthest = np.where(np.isfinite(distance), distance, -1).max(axis=0)
    return _with(asked, np.argsort(-farthest, kind="stable")[:TOP].tolist())


def _with(asked: int | None, shown: list[int]) -> list[int]:
    """Those that are shown, going up, and before them the one that was asked for, where it is none of them."""
    first = [] if asked is None or asked in shown else [asked]
    return [*first, *sorted(shown)]


def note(k: int, rule: str) -> str:
    """What a chart of some classes says of that; nothing where it has all."""
    if k <= TOP:
        return ""
    return f" {TOP} of {k:,} classes have their own here, {rule}; find and press any other below, and it has too."


def _last(values: np.ndarray) -> np.ndarray:
    """Of values ``(e, 2, k)`` the mean over the splits in the last epoch that has any, ``(k,)``; NaN for none."""
    with np.errstate(invalid="ignore"):
        for row in values[::-1]:
            there = np.isfinite(row)
            if there.any():
                return np.where(there, row, 0).sum(0) / np.where(there.any(0), there.sum(0), np.nan)
    return np.full(values.shape[-1], np.nan)


def _lowest(*keys: Any) -> list[int]:
    """The first of an order by several keys, what is not known last."""
    order = np.lexsort([np.where(np.isfinite(key), key, np.inf) for key in keys[::-1]])
    return order[:TOP].tolist()
