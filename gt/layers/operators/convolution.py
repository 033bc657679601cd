"""A convolution, and its transpose, as products that never write the matrix out.

One matrix product for each place of the kernel, on a strided view of the padded input: 3 x 3 x 64 x
64 on 56 x 56 is nine products of (64, 64) with (64, 3136), where the matrix would hold 161 GB.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np


class Convolution:
    """The linear part of a convolution over any number of axes, with zeros around.

    Args:
        weight: ``(out, in / groups, *kernel)``, as PyTorch keeps it.
        shape: Of one input point, ``(in, *spatial)``.
        stride: Steps along each spatial axis, or one number for all.
        padding: Zeros on both sides of each axis, one number for all, ``"valid"`` (none) or
            ``"same"`` (as many outputs as inputs; the odd zero stands behind).
        dilation: Distance of two neighbours in the kernel, along each axis or for all.
        groups: Into how many separate parts the channels fall.

    Raises:
        ValueError: If these do not fit each other.
    """

    def __init__(
        self,
        weight: np.ndarray,
        shape: Sequence[int],
        *,
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] | str = 0,
        dilation: int | Sequence[int] = 1,
        groups: int = 1,
    ) -> None:
        axes = len(shape) - 1
        if weight.ndim != axes + 2:
            raise ValueError(
                f"Convolution: weight must have {axes + 2} axes for points of shape {tuple(shape)},"
                f" got shape {weight.shape}"
            )
        if shape[0] != weight.shape[1] * groups or weight.shape[0] % groups:
            raise ValueError(
                f"Convolution: {groups} groups of {weight.shape[1]} channels each must make the"
                f" {shape[0]} channels of the points, and divide {weight.shape[0]} outputs"
            )
        self.weight = weight
        self.inputs = tuple(int(s) for s in shape)
        self.kernel = weight.shape[2:]
        self.stride = _each(stride, axes, "stride", 1)
        self.dilation = _each(dilation, axes, "dilation", 1)
        self.groups = groups
        self.padding = padding
        self.before, self.behind = self._margins(padding, axes)
        self.padded = tuple(
            s + a + b for s, a, b in zip(self.inputs[1:], self.before, self.behind, strict=True)
        )
        reach = tuple(d * (k - 1) + 1 for d, k in zip(self.dilation, self.kernel, strict=True))
        if any(p < r for p, r in zip(self.padded, reach, strict=True)):
            raise ValueError(
                f"Convolution: a kernel that reaches over {reach} must fit into the padded input,"
                f" which is {self.padded}"
            )
        sizes = zip(self.padded, reach, self.stride, strict=True)
        self.outputs = (weight.shape[0], *((p - r) // s + 1 for p, r, s in sizes))

    @property
    def shape(self) -> tuple[int, int]:
        """``(d_in, d_out)``."""
        return int(np.prod(self.inputs)), int(np.prod(self.outputs))

    def apply(self, x: np.ndarray) -> np.ndarray:
        """``x M``: ``(n, d_in)`` to ``(n, d_out)``, in the type of x.

        Args:
            x: ``(n, d_in)``, points.

        Returns:
            ``(n, d_out)``.
        """
        n, groups, places = len(x), self.groups, int(np.prod(self.outputs[1:]))
        padded = np.zeros((n, self.inputs[0], *self.padded), x.dtype)
        padded[self._inside()] = x.reshape(n, *self.inputs)
        out = np.zeros((n, groups, self.outputs[0] // groups, places), x.dtype)
        for where, part in self._parts(x.dtype):
            out += part @ padded[where].reshape(n, groups, -1, places)
        return out.reshape(n, -1)

    def adjoint(self, y: np.ndarray) -> np.ndarray:
        """``y Mᵀ``: ``(n, d_out)`` to ``(n, d_in)``, in the type of y.

        Args:
            y: ``(n, d_out)``.

        Returns:
            ``(n, d_in)``.
        """
        n, groups, places = len(y), self.groups, int(np.prod(self.outputs[1:]))
        split = y.reshape(n, groups, self.outputs[0] // groups, places)
        padded = np.zeros((n, self.inputs[0], *self.padded), y.dtype)
        for where, part in self._parts(y.dtype):
            back = part.transpose(0, 2, 1) @ split
            padded[where] += back.reshape(n, self.inputs[0], *self.outputs[1:])
        return padded[self._inside()].reshape(n, self.shape[0])

    def _parts(self, dtype: np.dtype) -> list[tuple[tuple[slice, ...], np.ndarray]]:
        """For each place of the kernel: which inputs meet it, and its ``(groups, out, in)``."""
        out, each = self.outputs[0] // self.groups, self.weight.shape[1]
        by_group = self.weight.astype(dtype, copy=False).reshape(
            self.groups, out, each, *self.kernel
        )
        by_place = np.moveaxis(by_group, (0, 1, 2), (-3, -2, -1))
        parts = []
        for place in itertools.product(*map(range, self.kernel)):
            where = [slice(None), slice(None)]
            for at, d, s, size in zip(
                place, self.dilation, self.stride, self.outputs[1:], strict=True
            ):
                where.append(slice(at * d, at * d + s * (size - 1) + 1, s))
            parts.append((tuple(where), np.ascontiguousarray(by_place[place])))
        return parts

    def _inside(self) -> tuple[slice, ...]:
        """Where the input lies in the padded input."""
        spans = zip(self.before, self.inputs[1:], strict=True)
        return (slice(None), slice(None), *(slice(a, a + size) for a, size in spans))

    def _margins(
        self, padding: int | Sequence[int] | str, axes: int
    ) -> tuple[tuple[int, ...], tuple[int, ...]]:
        if padding == "same":
            if any(s != 1 for s in self.stride):
                raise ValueError(
                    f'Convolution: padding "same" must have stride 1, got {self.stride}'
                )
            both = [d * (k - 1) for d, k in zip(self.dilation, self.kernel, strict=True)]
            return tuple(b // 2 for b in both), tuple(b - b // 2 for b in both)
        if isinstance(padding, str):
            if padding != "valid":
                raise ValueError(
                    f'Convolution: padding must be numbers, "same" or "valid", got {padding!r}'
                )
            padding = 0
        given = _each(padding, axes, "padding", 0)
        return given, given


def _each(value: int | Sequence[int], axes: int, name: str, least: int) -> tuple[int, ...]:
    """One number for each axis."""
    found = (value,) * axes if isinstance(value, int) else tuple(int(v) for v in value)
    if len(found) == 1:
        found *= axes
    if len(found) != axes or any(v < least for v in found):
        raise ValueError(
            f"Convolution: {name} must be {axes} numbers from {least}, or one, got {value}"
        )
    return found
