"""Random convolutions, for the tests of what they do and of what they are decomposed into."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from gt.align import Convolution


@st.composite
def convolutions(draw: DrawFn) -> tuple[Convolution, dict[str, Any], tuple[int, ...]]:
    """A convolution over one to three axes, its settings in PyTorch's words, a point's shape."""
    axes = draw(st.integers(1, 3))
    groups = draw(st.integers(1, 2))
    size = {1: 12, 2: 7, 3: 4}[axes]
    shape = (groups * draw(st.integers(1, 2)), *(draw(st.integers(3, size)) for _ in range(axes)))
    out = groups * draw(st.integers(1, 3))
    kernel, dilation, padding, stride = [], [], [], []
    for n in shape[1:]:
        padding.append(draw(st.integers(0, 2)))
        kernel.append(draw(st.integers(1, min(3, n))))
        room = n + 2 * padding[-1] - 1
        most = 2 if kernel[-1] > 1 and 2 * (kernel[-1] - 1) <= room else 1
        dilation.append(draw(st.integers(1, most)))
        stride.append(draw(st.integers(1, 3)))
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    weight = rng.standard_normal((out, shape[0] // groups, *kernel))
    said = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    return Convolution(weight, shape, **said), said, shape


@st.composite
def kernels(draw: DrawFn) -> tuple[np.ndarray, int]:
    """The weight ``(out, in / groups, a, b)`` of a 2-d convolution with equal singular values, and its groups.

    Channels are dead, repeated, or kernels that only move the picture, whose values are all equal; groups are alike.
    """
    groups = draw(st.integers(1, 3))
    shape = tuple(draw(st.integers(1, 3)) for _ in range(4))
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    one = rng.standard_normal(shape)
    for side in (0, 1):
        kept = [
            draw(st.sampled_from(["own", "dead", "first", "moves"])) for _ in range(shape[side])
        ]
        along = np.moveaxis(one, side, 0)
        for i, what in enumerate(kept):
            if what == "dead":
                along[i] = 0
            elif what == "first":
                along[i] = along[0]
            elif what == "moves":
                along[i] = 0
                along[i, ..., -1, 0] = 1
    others = [one if draw(st.booleans()) else rng.standard_normal(shape) for _ in range(groups - 1)]
    return np.concatenate([one, *others]), groups


@st.composite
def windows(draw: DrawFn) -> Convolution:
    """A convolution over one or two axes whose windows do not overlap, some of equal values."""
    weight, groups = draw(kernels())
    if draw(st.booleans()):
        weight = weight[:, :, 0]
    size = {1: 25, 2: 9}[weight.ndim - 2]
    kernel = weight.shape[2:]
    stride = [draw(st.integers(n, n + 1)) for n in kernel]
    padding = [draw(st.integers(0, n)) for n in kernel]
    shape = (groups * weight.shape[1], *(draw(st.integers(4, size)) for _ in kernel))
    return Convolution(weight, shape, stride=stride, padding=padding, groups=groups)
