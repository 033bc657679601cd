"""Points that are tokens, pixels or voxels: which of them are taken, and what was said of the examples said of them."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from gt.record.each import PIXELS, PLACES, TOKENS, Each, Spread
from gt.record.inputs import Inputs
from gt.record.numbers import EXACT
from gt.record.tasks import Asked
from gt.run import RunError, ShapeError
from gt.run.points import plain_array, whole
from gt.run.task import MULTILABEL

IGNORED = -100  # label of positions that torch's losses leave out
IMAGE_BYTES = 64 * 2**20  # of images, with one for each point


def spread_of(
    each: Each | None, outputs: np.ndarray, inputs: Inputs, asked: Asked, ignore: Any = None
) -> tuple[Spread, Asked, dict[str, str]]:
    """Find the points, and bring what was said of examples to them.

    Args:
        each: What was asked for.
        outputs: Of the first examples, as the model gave them: ``(m, t[, k])`` of tokens, ``(m[, k], h, w)`` of pixels,
            ``(m[, k], d, h, w)`` of voxels.
        inputs: Of all examples.
        asked: What was said of them.
        ignore: Label of positions that are left out, or several; those with -100 are always.

    Returns:
        Where the points are, what was said of them, and what the run says of it.

    Raises:
        RunError: If outputs or labels do not have positions, or all are ignored.
    """
    n = len(inputs)
    if each is None:
        return Spread(None, n), asked, {}
    size, axis = _size(each, outputs, asked, n)
    whole_ones = _Examples(each, n, size)
    mask = _counted(whole_ones, inputs, asked, ignore)
    if not mask.any():
        raise RunError(f"Recorder: labels must name a class of some {each.one}, all are ignored")
    order = np.arange(prod(size)) if each.what == TOKENS else _along(size)
    at = [_evenly(order[mask[i, order]], each.most) for i in range(n)]
    example = np.repeat(np.arange(n), [len(one) for one in at])
    found = Spread(each, n, size, example, np.concatenate(at), axis)
    asked, left = _of_points(whole_ones, found, asked)
    asked.check(found.n)
    ignored = mask.size - int(mask.sum())
    parts = [
        found.said(),
        *([f"{ignored:,} are left out as padding or ignored"] if ignored else []),
    ]
    return found, asked, {"each": "; ".join(parts + left)}


def _size(each: Each, outputs: np.ndarray, asked: Asked, n: int) -> tuple[tuple[int, ...], int]:
    """The positions of an example, and the axis that counts tokens."""
    shape = outputs.shape[1:]
    if len(shape) not in (each.axes, each.axes + 1):
        wanted = {TOKENS: "(n, t, k)", PIXELS: "(n, k, h, w)"}.get(each.what, "(n, k, d, h, w)")
        raise ShapeError(
            f'Recorder: the model must give {wanted} for each="{each.what}", it gave shape {outputs.shape}; say'
            " output= if another part of what it gives has that"
        )
    if each.what != TOKENS:
        return tuple(shape[-each.axes :]), 0
    labels = asked.labels if asked.labels is not None else asked.targets
    there = np.shape(labels)
    last = len(shape) == 2 and len(there) > 1 and there[0] == n
    if last and there[1] != shape[0] and there[1] == shape[1]:
        return (shape[1],), 1  # (n, k, t), as torch's losses have it
    return (shape[0],), 0


class _Examples:
    """What is said of n examples, or of each of their positions."""

    def __init__(self, each: Each, n: int, size: tuple[int, ...]) -> None:
        self.each, self.n, self.size = each, n, size

    def of_positions(self, value: np.ndarray) -> np.ndarray | None:
        """``(n, positions, ...)``; None of what is not said of each position."""
        n, size = self.n, self.size
        if value.shape[: 1 + len(size)] == (n, *size):
            return value.reshape(n, prod(size), *value.shape[1 + len(size) :])
        deep = value.ndim == 2 + len(size) > 3
        if deep and value.shape == (n, value.shape[1], *size):
            found = np.moveaxis(value, 1, -1).reshape(n, prod(size), -1)
            return found[..., 0] if found.shape[2] == 1 else found
        return None

    def of_points(self, value: Any, name: str, spread: Spread) -> Any:
        """``(points, ...)``; what is said of an example is said of all its positions. None stays None."""
        if value is None:
            return None
        array = self.array(value, name)
        found = self.of_positions(array)
        if found is not None:
            return found[spread.example, spread.at]
        if array.ndim and len(array) == self.n:
            return array[spread.example]
        raise ShapeError(
            f"Recorder: {name} must have shape {(self.n, *self.size)}, one for each {self.each.one}, or"
            f" ({self.n},), got {array.shape}"
        )

    def array(self, value: Any, name: str) -> np.ndarray:
        try:
            return plain_array(value)
        except ValueError as error:
            raise ShapeError(
                f"Recorder: {name} must be one array of numbers or text: {error}"
            ) from error


def _counted(examples: _Examples, inputs: Inputs, asked: Asked, ignore: Any) -> np.ndarray:
    """Which positions ``(n, positions)`` may be points."""
    mask = np.ones((examples.n, prod(examples.size)), bool)
    counts = inputs.counts(mask.shape[1]) if examples.each.what == TOKENS else None
    if counts is not None:
        mask &= counts.cpu().numpy()
    for name in ("labels", "targets"):
        value = getattr(asked, name)
        if value is None:
            continue
        found = examples.of_positions(examples.array(value, name))
        if found is None and name == "labels" and asked.of_classes:
            raise ShapeError(
                f"Recorder: labels must have shape {(examples.n, *examples.size)}, one for each {examples.each.one},"
                f" got {np.shape(value)}"
            )
        if found is None:
            continue
        if found.dtype.kind == "f":
            mask &= ~np.isnan(found).reshape(*mask.shape, -1).any(2)
        out = [] if ignore is None else np.ravel(ignore).tolist()
        out += [IGNORED] if found.dtype.kind in "iuf" else []
        if found.ndim == 2 and asked.task != MULTILABEL and name == "labels":
            mask &= ~np.isin(found, out)
        elif found.dtype.kind in "iu":
            mask &= ~np.isin(found, out).reshape(*mask.shape, -1).all(2)
    return mask


def _along(size: tuple[int, ...]) -> np.ndarray:
    """Positions in an order in which those that lie together follow each other: in squares of squares, or cubes."""
    key = np.zeros(size, np.int64)
    places = np.indices(size)
    for bit in range(max(size).bit_length()):
        for axis, place in enumerate(places):
            key |= (place >> bit & 1) << (len(size) * bit + len(size) - 1 - axis)
    return np.argsort(key.ravel(), kind="stable")


def _evenly(there: np.ndarray, most: int | None) -> np.ndarray:
    """So many of some positions at most, evenly; in their order."""
    if most is not None and len(there) > most:
        there = there[(2 * np.arange(most) + 1) * len(there) // (2 * most)]
    return np.sort(there)


def _of_points(examples: _Examples, spread: Spread, asked: Asked) -> tuple[Asked, list[str]]:
    """What was said, of the points; and what was left out."""
    n, each = spread.examples, examples.each
    ids = np.arange(n) if asked.ids is None else whole("Recorder", "ids", asked.ids, n)
    if len(ids) and int(ids.max()) * spread.positions + spread.positions > EXACT:
        raise RunError(
            f"Recorder: ids must be so small that id × {spread.positions} positions stays below 2^53, which browsers"
            f" tell apart, got {int(ids.max())}; number the examples anew"
        )
    of_example = ids.astype(np.int64)[spread.example]
    own = {"example": of_example, **dict(zip(PLACES[each.what], spread.places, strict=True))}
    columns = dict(asked.columns or {})
    if taken := own.keys() & columns.keys():
        raise RunError(
            f"Recorder: columns must not be called {', '.join(sorted(own))}, which say where a {each.one} is, got"
            f" {sorted(taken)[0]!r}"
        )
    given = {
        name: examples.of_points(value, f"column {name!r}", spread)
        for name, value in columns.items()
    }
    parts = {
        name: examples.of_points(getattr(asked, name), name, spread)
        for name in ("labels", "targets", "splits")
    }
    images, left = asked.images, []
    if images is not None:
        images = np.asarray(images)
        if len(images) == n and images[0].nbytes * spread.n > IMAGE_BYTES:
            images, left = None, ["images of the examples, one for each point, were too large"]
        elif len(images) == n:
            images = images[spread.example]
    found = of_example * spread.positions + spread.at
    return replace(asked, **parts, ids=found, images=images, columns=own | given), left
