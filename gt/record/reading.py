"""Which tensor of a model's output is recorded, and how its values become one row for each point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch.nn.utils.rnn import PackedSequence

from gt.record.coordinates import CLS, FLATTEN, LAST, MEAN, TOKEN, asks_for_each, reduced, token_of
from gt.record.hooks import first_tensor
from gt.record.inputs import Inputs
from gt.record.padding import WITHOUT
from gt.record.unwrapped import is_spread
from gt.run import RunError, ShapeError

WORDS = f'"{FLATTEN}", "{MEAN}", "{CLS}", "{LAST}" or "{TOKEN}k"'


class Reading:
    """Finds a tensor in what a model gives, and makes a row ``(k,)`` of each point's part of it.

    Attributes:
        found: Which part of the output it was, "" for an output that is a tensor itself.
        axis: Of the tensor that counts the points; it becomes the first.

    Args:
        field: Name or position of the part; the part called "logits", or the first tensor, when None.
        axes: What becomes of further axes: "flatten" (all values, in order), or of tokens ``(n, t, d)`` "mean", "cls"
            (the first), "last" or "token=k", of images ``(n, c, h, w)`` "mean"; None flattens, if that may be.
    """

    def __init__(self, field: str | int | None = None, axes: str | None = None) -> None:
        self._field, self.axes, self.found = field, axes, ""
        self.axis = 0
        if axes is not None and axes not in (FLATTEN, MEAN, CLS, LAST) and not _counts(axes):
            other = ""
            if asks_for_each(axes):
                other = '; say each="tokens", "pixels" or "voxels" if each of them is to be a point'
            raise RunError(f"Recorder: output_axes must be {WORDS}, got {axes!r}{other}")

    def __call__(self, output: Any) -> torch.Tensor | None:
        """The tensor in an output, None if there is none.

        Raises:
            RunError: If a part was named that is not there, or is no tensor.
        """
        tensor = self._part(output)
        if tensor is not None and is_spread(tensor):
            raise RunError(
                "Recorder: the output of the model must be a tensor that each process has, it is a DTensor that is"
                " spread over several; have the model give its full_tensor()"
            )
        if tensor is None or not 0 < self.axis < tensor.ndim:
            return tensor
        with torch._C.DisableTorchFunction():
            return tensor.movedim(self.axis, 0)

    def _part(self, output: Any) -> torch.Tensor | None:
        parts = _parts(output)
        if self._field is not None:
            if str(self._field) not in parts or isinstance(output, torch.Tensor):
                there = ", ".join(parts) if parts else type(output).__name__
                raise RunError(
                    f"Recorder: output must name a part of what the model gives, got {self._field!r}; there is {there}"
                )
            self.found, chosen = str(self._field), parts[str(self._field)]
            if not isinstance(chosen, torch.Tensor):
                raise RunError(
                    f"Recorder: output {self._field!r} of the model must be a tensor, it is a"
                    f" {type(chosen).__name__}"
                )
            return chosen
        if isinstance(output, torch.Tensor) or not parts:
            return first_tensor(output)
        name = next((n for n in ("logits", *parts) if isinstance(parts.get(n), torch.Tensor)), None)
        if name is None:
            return next((t for one in parts.values() if (t := first_tensor(one)) is not None), None)
        self.found = name
        chosen = parts[name]
        assert isinstance(chosen, torch.Tensor)
        return chosen

    def leaves_out(self, shape: Sequence[int], x: Inputs) -> bool:
        """Whether padding is left out of an output of a shape ``(n, ...)`` that inputs are given for."""
        return len(shape) == 3 and self.axes in (MEAN, LAST) and shape[1] in x.padded

    def rows(self, tensor: torch.Tensor, x: Inputs) -> torch.Tensor:
        """``(n, k)`` of a tensor ``(n, ...)``.

        Args:
            tensor: Of n points.
            x: What goes in for them; of tokens that are padding no mean is taken, and none is the last.

        Raises:
            ShapeError: If its axes are others than was said.
        """
        if tensor.ndim < 2:
            return tensor[:, None]
        if tensor.ndim < 3:
            return tensor
        axes = self.axes or FLATTEN
        there = tensor.ndim == 3 and (token_of(axes) or 0) < tensor.shape[1]
        if axes not in (FLATTEN, MEAN) and not there:
            raise ShapeError(
                f"Recorder: output_axes={axes!r} must be of tokens (n, t, d) that there are, the output has shape"
                f" {tuple(tensor.shape)}"
            )
        if self.leaves_out(tensor.shape, x):
            counts = x.counts(tensor.shape[1])
            return reduced(tensor, axes + WITHOUT, counts=counts).flatten(1)
        return reduced(tensor, axes).flatten(1)


def _counts(axes: Any) -> bool:
    """Whether it is a token counted from the first."""
    token = token_of(axes) if isinstance(axes, str) else None
    return token is not None and token >= 0


def _parts(output: Any) -> dict[str, Any]:
    """The parts of an output that have names, or positions."""
    if isinstance(output, torch.Tensor | PackedSequence):
        return {}
    if isinstance(output, Mapping):
        return {str(key): value for key, value in output.items()}
    if isinstance(output, tuple | list):
        names = getattr(output, "_fields", range(len(output)))
        return dict(zip(map(str, names), output, strict=True))
    return dict(vars(output)) if hasattr(output, "__dict__") else {}
