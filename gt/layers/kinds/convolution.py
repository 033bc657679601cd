"""Convolutions, and those that are transposed, of which the family alone is known."""

from __future__ import annotations

import numpy as np

from gt.layers import sliding
from gt.layers.kind import Kind, Step, register
from gt.layers.of_torch import of_torch
from gt.layers.operators import Convolution, Operator

SETTINGS = (
    "in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "padding_mode",
)  # fmt: skip


def _linear(step: Step) -> Operator | None:
    weight, config = step.parameters.get("weight"), step.config
    if weight is None or config.get("padding_mode", "zeros") != "zeros":
        return None
    return Convolution(
        weight,
        step.inputs,
        stride=config.get("stride", 1),
        padding=config.get("padding", 0),
        dilation=config.get("dilation", 1),
        groups=config.get("groups", 1),
    )


def _forward(step: Step, x: np.ndarray) -> np.ndarray:
    own = step.parameters
    return sliding.convolve(x, own["weight"], own.get("bias"), step.config)


for axes in (1, 2, 3):
    register(
        Kind(
            f"Conv{axes}d",
            family="convolution",
            settings=SETTINGS,
            linear=_linear,
            forward=_forward,
            make=of_torch,
            weighted=True,
        ),
        Kind(f"ConvTranspose{axes}d", family="convolution"),
    )
