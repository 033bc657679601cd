"""Groups of points, by which they are coloured: names that were given, or the labels that apply to them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from gt.run import RunError, ShapeError
from gt.run.points import plain_array, whole

ALL = "points"  # the only group, where nothing tells points apart
MOST = 20  # combinations of labels that are groups of their own
OTHERS, NO_LABEL = "other combinations", "no label"
SHOWN = 60  # characters of a group's name


def is_text(labels: Any) -> bool:
    """Whether labels are names."""
    return labels is not None and _plain(labels).dtype.kind == "U"


def of_names(labels: Any, classes: Sequence[str] | None) -> tuple[np.ndarray, tuple[str, ...]]:
    """Positions of names ``(n,)`` in the classes, which are all that occur, in the order of the alphabet, when None.

    Raises:
        RunError: If a name is not among the classes.
    """
    a = _plain(labels)
    found = sorted(set(a.ravel().tolist()))
    names = found if classes is None else [str(one) for one in classes]
    if unknown := sorted(set(found) - set(names)):
        raise RunError(
            f"Recorder: labels must be among the classes ({', '.join(names[:8])}), got {unknown[0]!r}"
        )
    at = {name: i for i, name in enumerate(names)}
    return np.array([at[one] for one in a.ravel().tolist()]).reshape(a.shape), tuple(names)


def of_labels(
    labels: Any, classes: Sequence[str] | None, n: int
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Groups of points whose labels are no classes of the outputs: ``(n,)`` and the names.

    Args:
        labels: Names, or whole numbers; all points are one group when None.
        classes: Names in their order, or those of the numbers 0, 1, ...; what occurs when None.
        n: How many points there are.

    Raises:
        RunError: If labels are something else.
    """
    if labels is None:
        return np.zeros(n, np.int64), (ALL,) if not classes else (str(classes[0]),)
    a = _plain(labels)
    if a.shape == (n, 1):
        a = a[:, 0]
    if a.dtype.kind == "b":
        a = a.astype(np.int64)
    if a.shape == (n,) and a.dtype.kind == "f" and (a % 1).any():
        raise RunError(
            f"Recorder: labels must be names or whole numbers, got {a[(a % 1) != 0][0]:g}; numbers that points are"
            " to be coloured by are given as columns="
        )
    if a.dtype.kind == "U" and a.shape == (n,):
        return of_names(a, classes)
    numbers = whole("Recorder", "labels", a, n)
    if classes is not None:
        return numbers, tuple(map(str, classes))
    found, at = np.unique(numbers, return_inverse=True)
    return at, tuple(map(str, found.tolist()))


def of_combinations(
    targets: np.ndarray, names: Sequence[str]
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Groups of points by the labels that apply to them together, the most frequent first.

    Args:
        targets: ``(n, k)`` of 0 and 1.
        names: Of the k labels.

    Returns:
        ``(n,)`` and at most ``MOST`` names, "cat + dog", and one more of all others.
    """
    rows = [tuple(np.flatnonzero(row).tolist()) for row in targets]
    counts = Counter(rows)
    ordered = sorted(counts, key=lambda one: (-counts[one], len(one), one))
    kept = ordered[:MOST]
    found: list[str] = []
    for one in kept:
        name = " + ".join(names[i] for i in one) or NO_LABEL
        if len(name) > SHOWN:
            name = f"{name[: SHOWN - 20]}... ({len(one)} labels)"
        found.append(_own(name, found))
    if len(ordered) > len(kept):
        found.append(_own(OTHERS, found))
    at = {one: i for i, one in enumerate(kept)}
    return np.array([at.get(row, len(kept)) for row in rows], np.int64), tuple(found)


def _own(name: str, taken: Sequence[str]) -> str:
    own, i = name, 2
    while own in taken:
        own, i = f"{name} ({i})", i + 1
    return own


def _plain(labels: Any) -> np.ndarray:
    try:
        return plain_array(labels)
    except ValueError as error:
        raise ShapeError(
            f"Recorder: labels must be one array of numbers or text: {error}"
        ) from error
