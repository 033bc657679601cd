"""What is typed into a form's fields: read as a number, or refused with what was wanted and what came."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from gt.run import Run, RunError
from gt.run.points import SPLITS
from gt.serve.library import Library
from gt.serve.said import typed

MOST = 10**9  # where a field has no limit of its own


def number(
    title: str,
    given: Any,
    low: float,
    high: float | None = None,
    *,
    whole: bool = False,
    above: bool = False,
    unit: str = "",
) -> float:
    """A number from ``low`` to ``high``.

    Args:
        title: Of the field.
        given: What came.
        low: The smallest that will do.
        high: The largest; a billion, of which nothing is said, when None.
        whole: Whether it must be a whole number.
        above: Whether it must be larger than ``low``.
        unit: What it is measured in, said after the span.

    Raises:
        RunError: If it is no such number.
    """
    try:
        text = str(given).strip() if isinstance(given, (str, int, float)) else ""
        value = float(int(text)) if whole else float(text)
    except (ValueError, OverflowError):
        value = math.nan
    if not low <= value <= (MOST if high is None else high) or (above and value == low):
        kind = "a whole number" if whole else "a number"
        span = f"{low:g} or more" if high is None else f"from {low:g} to {high:.10g}"
        if above:
            span = f"above {low:g} and at most {high:g}"
        span += f" ({unit})" if unit else ""
        raise RunError(f"{title} must be {kind}, {span}; {typed(given)} came.")
    return value


def whole(title: str, given: Any, low: int, high: int | None = None) -> int:
    """A whole number, as `number`."""
    return int(number(title, given, low, high, whole=True))


def split_options(run: Run) -> list[dict[str, str]]:
    """The splits of a run that have points, test first."""
    counts = {name: int(np.count_nonzero(run.splits == i)) for i, name in enumerate(SPLITS)}
    return [
        {"value": name, "label": f"{name.capitalize()}: {n:,} points"}
        for name, n in reversed(counts.items())
        if n
    ]


def parameters(names: Any, values: Any) -> dict[str, Any]:
    """What was typed into fields that come and go; what belongs to no field is left out."""
    if not isinstance(names, Sequence) or not isinstance(values, Sequence):
        return {}
    return {
        one["name"]: value if isinstance(value, (str, int, float)) else None
        for one, value in zip(names, values, strict=False)
        if isinstance(one, dict) and isinstance(one.get("name"), str)
    }


def trained(library: Library, name: Any) -> Run | None:
    """The training of a name; None if there is none, or what a browser sent is no name."""
    return library.runs.get(name) if isinstance(name, str) else None
