"""Where the points are in a tensor: found by two passes of two and three points, and never assumed.

The points need not be the first axis: sequences may come first, and heads of an attention be folded into them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch.nn.utils.rnn import PackedSequence

from gt.record.unwrapped import is_spread

FEW, MORE = 2, 3  # points of the two passes, of which the first are the same
Order = Literal["point", "position"]


@dataclass(frozen=True)
class Place:
    """Where the points are.

    Attributes:
        axis: That counts them.
        fold: How many entries of it each point has.
        order: Whose entries lie together: those of a "point", or those of a "position" of all points.
        mixed: Whether a point's values depend on which others are there.
    """

    axis: int = 0
    fold: int = 1
    order: Order = "point"
    mixed: bool = False

    def take(self, tensor: torch.Tensor, m: int) -> torch.Tensor:
        """Bring the points to the front.

        Args:
            tensor: Of ``m`` points.
            m: How many there are.

        Returns:
            ``(m, ...)``, ``(m, fold, ...)`` where an axis is folded.

        Raises:
            ValueError: If its axis has another length; the message says which.
        """
        if tensor.ndim <= self.axis or tensor.shape[self.axis] != m * self.fold:
            raise ValueError(no_row(tensor, m))
        moved = tensor if self.axis == 0 else tensor.movedim(self.axis, 0)
        if self.fold == 1:
            return moved
        if self.order == "point":
            return moved.unflatten(0, (m, self.fold))
        return moved.unflatten(0, (self.fold, m)).transpose(0, 1)

    def said(self) -> str:
        """What is not as usual about it; "" if nothing is."""
        what = [] if self.axis == 0 else [f"points are axis {self.axis}"]
        if self.fold > 1:
            what.append(f"{self.fold} {'of a point' if self.order == 'point' else 'apart'} folded")
        return ", ".join([*what, *(["depends on the other points"] if self.mixed else [])])


PLAIN = Place()


def why_not(output: Any, tensor: torch.Tensor | None) -> str:
    """Why what a call gave cannot be a layer, wherever its points are; "" if it may be.

    Args:
        output: As it came.
        tensor: Its value, see `gt.record.trace.value_of`.
    """
    if tensor is None:
        inner = output if isinstance(output, tuple | list) else ()
        if any(isinstance(one, PackedSequence) for one in (output, *inner)):
            return "it gives a PackedSequence, whose rows are moments of points"
        return f"it gives a {type(output).__name__} without a tensor"
    if is_spread(tensor):
        return "each process has a part of it (a DTensor)"
    if tensor.is_nested or tensor.layout is not torch.strided or tensor.is_quantized:
        return "it gives a nested, sparse or quantized tensor"
    if tensor.is_complex():
        return "it gives complex numbers"
    if tensor.ndim == 0:
        return no_row(tensor, FEW)
    return "" if tensor.numel() else "its output has no values"


def no_row(tensor: torch.Tensor, n: int) -> str:
    """The words for a tensor that has no row for each of ``n`` points."""
    return f"its output has no row for each point: shape {tuple(tensor.shape)} for {n} points"


def find(few: torch.Tensor, more: torch.Tensor) -> Place | str:
    """Find the points in what one call gave in two passes.

    Args:
        few: For `FEW` points, strided.
        more: For `MORE` points, of which the first are the same.

    Returns:
        Where they are, or why they are nowhere.
    """
    if few.ndim != more.ndim:
        return f"its axes depend on the number of points: {tuple(few.shape)}, {tuple(more.shape)}"
    grown = [i for i, (a, b) in enumerate(zip(few.shape, more.shape, strict=True)) if a != b]
    if not grown:
        return no_row(more, MORE)
    if len(grown) > 1:
        return f"it relates points to each other: shape {tuple(more.shape)} for {MORE} points"
    axis = grown[0]
    fold, rest = divmod(few.shape[axis], FEW)
    if rest or more.shape[axis] != MORE * fold:
        return f"its rows are moments of points: {few.shape[axis]} for {FEW} points, {more.shape[axis]} for {MORE}"
    orders: tuple[Order, ...] = ("point", "position") if fold > 1 else ("point",)
    for order in orders:
        place = Place(axis, fold, order)
        if _alike(place.take(few, FEW), place.take(more, MORE)[:FEW]):
            return place
    return Place(axis, fold, mixed=True)


def _alike(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Whether values are the same but for rounding, which depends on how many are computed together."""
    if not a.is_floating_point():
        return bool(torch.equal(a, b))
    a, b = a.double(), b.double()
    scale = a[a.isfinite()].abs().max().item() if a.isfinite().any() else 0.0
    return bool(torch.allclose(a, b, rtol=0, atol=max(1e-3 * scale, 1e-30), equal_nan=True))
