"""Pooling: of windows, and adaptive; where windows are random or norms others, the family alone is known."""

from __future__ import annotations

import numpy as np

from gt.layers import sliding
from gt.layers.kind import Kind, Step, register
from gt.layers.of_torch import of_torch
from gt.layers.operators import Operator, Pooling

WINDOWS = ("kernel_size", "stride", "padding")


def _linear(step: Step) -> Operator | None:
    config = step.config
    if "kernel_size" not in config or config.get("divisor_override") is not None:
        return None
    return Pooling.of(
        step.inputs,
        step.outputs,
        kernel=config["kernel_size"],
        stride=config.get("stride"),
        padding=config.get("padding", 0),
        dilation=config.get("dilation", 1),
        count_padding=step.kind.startswith("Avg") and config.get("count_include_pad", True),
    )


def _adaptive(step: Step) -> Operator | None:
    return Pooling.adaptive(step.inputs, step.outputs)


def _largest(step: Step, x: np.ndarray) -> np.ndarray:
    return sliding.max_pool(x, step.config)


def _average(step: Step, x: np.ndarray) -> np.ndarray:
    return sliding.average_pool(x, step.config)


def _adaptive_largest(step: Step, x: np.ndarray) -> np.ndarray:
    return sliding.adaptive_pool(x, step.outputs[1:], largest=True)


def _adaptive_average(step: Step, x: np.ndarray) -> np.ndarray:
    return sliding.adaptive_pool(x, step.outputs[1:], largest=False)


for axes in (1, 2, 3):
    divisor = () if axes == 1 else ("divisor_override",)
    register(
        Kind(
            f"MaxPool{axes}d",
            family="pooling",
            settings=(*WINDOWS, "dilation", "ceil_mode"),
            linear=_linear,
            claim="largest",
            forward=_largest,
            make=of_torch,
        ),
        Kind(
            f"AvgPool{axes}d",
            family="pooling",
            settings=(*WINDOWS, "ceil_mode", "count_include_pad", *divisor),
            linear=_linear,
            forward=_average,
            make=of_torch,
        ),
        Kind(
            f"AdaptiveMaxPool{axes}d",
            family="pooling",
            settings=("output_size",),
            linear=_adaptive,
            claim="largest",
            forward=_adaptive_largest,
            make=of_torch,
        ),
        Kind(
            f"AdaptiveAvgPool{axes}d",
            family="pooling",
            settings=("output_size",),
            linear=_adaptive,
            forward=_adaptive_average,
            make=of_torch,
        ),
        Kind(f"LPPool{axes}d", family="pooling"),
    )
register(
    Kind("FractionalMaxPool2d", family="pooling"), Kind("FractionalMaxPool3d", family="pooling")
)
