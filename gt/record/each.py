"""Every token, pixel or voxel a point: which positions of the examples are, and what a layer gives for them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod

import numpy as np
import torch

from gt.layers.kind import kind_of
from gt.record.attention import FUNCTION, KIND
from gt.record.call import Call
from gt.record.inputs import Inputs
from gt.record.numbers import as_numpy
from gt.run import RunError

TOKENS, PIXELS, VOXELS = "tokens", "pixels", "voxels"
PLACES = {TOKENS: ("position",), PIXELS: ("row", "column"), VOXELS: ("depth", "row", "column")}
MOST = 64  # positions of an example, unless one says otherwise
TOKEN, PIXEL, VOXEL = "each token", "each pixel", "each voxel"  # what becomes of a layer's axes


@dataclass(frozen=True)
class Each:
    """What was asked for.

    Attributes:
        what: "tokens", "pixels" or "voxels".
        most: Positions of an example at most; None for all.
    """

    what: str
    most: int | None = MOST

    @property
    def one(self) -> str:
        """One of them."""
        return self.what.removesuffix("s")

    @property
    def axes(self) -> int:
        """How many axes count them."""
        return len(PLACES[self.what])


def check_each(each: str | None, positions: int | None, other: bool) -> Each | None:
    """What is asked for, None where examples are the points.

    Args:
        each: "tokens", "pixels" or "voxels".
        positions: Of an example at most.
        other: Whether something else was said of axes.

    Raises:
        RunError: If it is something else.
    """
    if each is None:
        return None
    if each not in PLACES:
        words = ", ".join(f'"{word}"' for word in PLACES)
        raise RunError(f"Recorder: each must be one of {words}, or None, got {each!r}")
    whole = isinstance(positions, int) and not isinstance(positions, bool) and positions > 0
    if positions is not None and not whole:
        raise RunError(
            f"Recorder: positions must be a whole number above 0, or None for all, got {positions!r}"
        )
    if other:
        raise RunError(
            f'Recorder: axes and output_axes must be left out with each="{each}", by which every layer is cut'
        )
    return Each(each, positions)


@dataclass(frozen=True)
class Spread:
    """Which points there are, and where they are in what a network gives for examples.

    Where examples are the points (``each`` is None) everything is handed on as it is.

    Attributes:
        each: What was asked for.
        examples: Their number.
        size: Positions of an example, along each axis that counts them.
        example: ``(n,)`` which example a point is of, going up.
        at: ``(n,)`` which of its positions it is.
        axis: Of the outputs, behind that of the examples, which counts tokens.
    """

    each: Each | None
    examples: int
    size: tuple[int, ...] = ()
    example: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    at: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    axis: int = 0

    @property
    def n(self) -> int:
        """How many points there are."""
        return self.examples if self.each is None else len(self.at)

    @property
    def positions(self) -> int:
        """Of an example."""
        return prod(self.size)

    @property
    def places(self) -> tuple[np.ndarray, ...]:
        """``(n,)`` along each axis that counts positions, where the points are."""
        return np.unravel_index(self.at, self.size)

    def first(self, start: int) -> int:
        """The first point of an example."""
        return start if self.each is None else int(np.searchsorted(self.example, start))

    def rows(self, batch: int) -> int:
        """How many points so many examples have at most."""
        return (
            batch
            if self.each is None
            else batch * min(self.positions, self.each.most or self.positions)
        )

    def outputs(self, tensor: torch.Tensor, start: int = 0) -> torch.Tensor:
        """What a network gave for examples from ``start`` on, ``(m, ...)``, as rows ``(points, k)``."""
        if self.each is None:
            return tensor
        how = TOKEN if self.axis == 0 else f"{TOKEN} of axis {self.axis}"
        if self.each.what != TOKENS:
            how = self._place(behind=tensor.ndim == 2 + self.each.axes)
        return self.take(tensor, how, start)

    def take(self, tensor: torch.Tensor, how: str, start: int) -> torch.Tensor:
        """What a layer gave for examples from ``start`` on as what it gave for their points.

        Args:
            tensor: ``(m, *shape)``.
            how: See `how_of`.
            start: The first example.

        Returns:
            ``(points, *shape)``, without the axes that count positions; ``(points, 1)`` if none are left.
        """
        here = slice(self.first(start), self.first(start + len(tensor)))
        axes = [axis + 1 for axis in _axes(how, tensor.ndim - 1)]
        found = tensor.movedim(axes, list(range(1, len(axes) + 1)))
        index = [self.example[here] - start]
        if len(axes) == 1:
            index.append(self.at[here])
        else:  # the place that lies under the middle of the pixel, or voxel
            there = found.shape[1 : 1 + len(axes)]
            for place, mine, its in zip(self.places, self.size, there, strict=True):
                index.append((2 * place[here] + 1) * its // (2 * mine))
        rows = found[tuple(torch.from_numpy(one).to(tensor.device) for one in index)]
        return rows if rows.ndim > 1 else rows[:, None]

    def how_of(self, shape: tuple[int, ...], kind: str = "") -> tuple[str, str]:
        """What becomes of the axes of a layer.

        Args:
            shape: Of an example's part of it.
            kind: Of the layer.

        Returns:
            "each token", "each pixel" or "each voxel", with the axes where they are not the usual ones; and why it
            cannot be had, "" if it can.
        """
        assert self.each is not None
        if self.each.what == TOKENS:
            return self._tokens(shape, kind)
        axes = len(self.size)
        if len(shape) == axes + 1:
            if _alike(shape[1:], self.size):
                return self._place(behind=True), ""
            if _alike(shape[:axes], self.size):
                return self._place(behind=False), ""
        if shape == self.size:
            return self._place(behind=False), ""
        size = " × ".join(map(str, self.size))
        return "", f"it has no places like the {size} of the outputs: shape {shape}"

    def _place(self, behind: bool) -> str:
        """What becomes of axes of which the places come behind that of the channels, or first."""
        assert self.each is not None
        how = f"each {self.each.one}"
        return how if behind else f"{how} of axes {', '.join(map(str, range(self.each.axes)))}"

    def _tokens(self, shape: tuple[int, ...], kind: str) -> tuple[str, str]:
        (t,) = self.size
        there = [axis for axis, length in enumerate(shape) if length == t]
        heads = kind in (KIND, "Attention", FUNCTION) and len(shape) > 2
        if heads and len(shape) - 2 in there:
            there = [len(shape) - 2]
        if kind_of(kind).family == "convolution" and len(shape) - 1 in there and len(shape) > 1:
            there = [len(shape) - 1]
        if not there:
            return "", f"it has no axis of the {t} tokens that the outputs have: shape {shape}"
        return (TOKEN if there[0] == 0 else f"{TOKEN} of axis {there[0]}"), ""

    def inputs(
        self, tensor: torch.Tensor, name: str, kept: Mapping[str, str], start: int
    ) -> torch.Tensor:
        """An input ``(m, ...)`` of examples from ``start`` on, as that of their points.

        Args:
            tensor: Of the examples.
            name: Of its layer.
            kept: What becomes of the axes of layers, by name.
            start: The first example.
        """
        return tensor if self.each is None else self.take(tensor, kept[name], start)

    def of_points(self, outputs: np.ndarray, inputs: Inputs) -> tuple[np.ndarray, Inputs]:
        """Outputs of the first examples as those of their points, and stand-ins for inputs of all points.

        Args:
            outputs: ``(m, ...)``.
            inputs: Of all examples; what stands for them is the part of the first that lies at each point.
        """
        if self.each is None:
            return outputs, inputs
        first = inputs.first
        how, why = self.how_of(tuple(first.shape[1:]))
        rows = self.outputs(torch.from_numpy(outputs))
        if not len(rows):  # all that the first examples have is ignored
            rows = replace(self, example=np.zeros(len(self.at), np.int64)).outputs(
                torch.from_numpy(outputs[:1])
            )
        lying = torch.zeros(self.n, 1) if why else self.take(first, how, 0)
        return as_numpy(rows), Inputs(lying)

    def said(self) -> str:
        """What a run says of it."""
        assert self.each is not None
        size = " × ".join(map(str, self.size))
        of = f"{self.examples:,} examples with {size} {self.each.what}"
        return f"each {self.each.one} is a point: {self.n:,} of {of}"


def is_each(how: str) -> bool:
    """Whether what becomes of a layer's axes is that each position is a point."""
    return how.startswith((TOKEN, PIXEL, VOXEL))


def shape_of_each(shape: tuple[int, ...], how: str) -> tuple[int, ...]:
    """The shape of one point that is left of an example's."""
    axes = {axis % len(shape) for axis in _axes(how, len(shape))}
    return tuple(length for axis, length in enumerate(shape) if axis not in axes) or (1,)


def fits(call: Call, shape: tuple[int, ...], spread: Spread | None) -> bool:
    """Whether a call gives values of a shape for each point."""
    if call.shape == shape:
        return True
    if spread is None or spread.each is None or call.shape is None:
        return False
    how, why = spread.how_of(call.shape, call.kind)
    return not why and shape_of_each(call.shape, how) == shape


def _axes(how: str, ndim: int) -> Sequence[int]:
    """The axes that count positions."""
    told = [int(number) for number in re.findall(r"\d+", how)]
    if told or how == TOKEN:
        return told or [0]
    return range(ndim - (3 if how == VOXEL else 2), ndim)


def _alike(size: Sequence[int], wanted: Sequence[int]) -> bool:
    """Whether places are those of the same picture, or volume, in another resolution perhaps."""
    shares = [a / b for a, b in zip(size, wanted, strict=True)]
    return max(shares) - min(shares) < 1 / min(wanted)
