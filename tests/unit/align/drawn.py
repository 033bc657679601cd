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
