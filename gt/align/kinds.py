"""What each kind of layer does to a point, as far as it is linear.

A kind is known by the name of its class. One that is not known here, or whose settings are beyond what
is (padding that mirrors, say), has no linear part: its transition is aligned by the points alone. A
new kind is one function, registered under its name::

    @register("MyLayer")
    def my_layer(step: Step) -> Operator | None: ...

One that goes value by value says `Diagonal` of ones, and its function in `gt.align.values.BY_VALUE`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gt.align.convolution import Convolution
from gt.align.operator import Dense, Diagonal, Operator
from gt.align.pooling import Pooling

# value by value, or only another shape; dropout in evaluation does nothing
ELEMENTWISE = (
    "AlphaDropout", "CELU", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "ELU",
    "FeatureAlphaDropout", "Flatten", "GELU", "Hardshrink", "Hardsigmoid", "Hardswish", "Hardtanh",
    "Identity", "LeakyReLU", "LogSigmoid", "LogSoftmax", "Mish", "PReLU", "ReLU", "ReLU6", "RReLU",
    "SELU", "SiLU", "Sigmoid", "Softmax", "Softplus", "Softshrink", "Softsign", "Tanh", "Tanhshrink",
    "Threshold", "Unflatten",
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One layer, as recorded.

    Attributes:
        kind: Name of its class: "Conv2d".
        inputs: Shape of a point before it.
        outputs: Shape of a point behind it.
        config: Its settings, by PyTorch's names.
        parameters: Its arrays, by PyTorch's names within the layer: "weight", "running_mean"; of
            any shape that the kind has.
    """

    kind: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    config: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, np.ndarray] = field(default_factory=dict)


_known: dict[str, Callable[[Step], Operator | None]] = {}


def register(
    *kinds: str,
) -> Callable[[Callable[[Step], Operator | None]], Callable[[Step], Operator | None]]:
    """Let a function say what the linear part of some kinds of layer is; the last one said holds.

    Args:
        kinds: Names of their classes.

    Returns:
        A decorator that leaves the function as it is.
    """

    def keep(function: Callable[[Step], Operator | None]) -> Callable[[Step], Operator | None]:
        for kind in kinds:
            _known[kind] = function
        return function

    return keep


def linear_part(step: Step) -> Operator | None:
    """What a layer does to a point, less its offset and what bends.

    Args:
        step: The layer.

    Returns:
        An operator of shape ``(values before, values behind)``, or None where the layer has no linear
        part that is known.

    Raises:
        ValueError: If what a registered function says does not fit the shapes of the points.
    """
    found = _known[step.kind](step) if step.kind in _known else None
    sizes = int(np.prod(step.inputs)), int(np.prod(step.outputs))
    if found is not None and found.shape != sizes:
        raise ValueError(
            f"linear_part: {step.kind} must map {step.inputs} to {step.outputs}, which is"
            f" {sizes[0]} to {sizes[1]} values, its operator maps {found.shape[0]} to {found.shape[1]}"
        )
    return found


@register("Linear")
def _linear(step: Step) -> Operator | None:
    weight = step.parameters.get("weight")
    if weight is None:
        return None
    return Dense(weight.T, int(np.prod(step.inputs[:-1])))


@register("Conv1d", "Conv2d", "Conv3d")
def _convolution(step: Step) -> Operator | None:
    weight = step.parameters.get("weight")
    if weight is None or step.config.get("padding_mode", "zeros") != "zeros":
        return None
    config = step.config
    return Convolution(
        weight,
        step.inputs,
        stride=config.get("stride", 1),
        padding=config.get("padding", 0),
        dilation=config.get("dilation", 1),
        groups=config.get("groups", 1),
    )


@register("AvgPool1d", "AvgPool2d", "AvgPool3d", "MaxPool1d", "MaxPool2d", "MaxPool3d")
def _pooling(step: Step) -> Operator | None:
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


@register(*(f"Adaptive{how}Pool{axes}d" for how in ("Avg", "Max") for axes in (1, 2, 3)))
def _adaptive_pooling(step: Step) -> Operator | None:
    return Pooling.adaptive(step.inputs, step.outputs)


@register("BatchNorm1d", "BatchNorm2d", "BatchNorm3d")
def _batch_norm(step: Step) -> Operator | None:
    variance = step.parameters.get("running_var")
    if variance is None:  # it normalises by the batch, in evaluation too
        return None
    weight = step.parameters.get("weight", np.ones(len(variance)))
    factors = weight / np.sqrt(variance + step.config.get("eps", 1e-5))
    return Diagonal(np.repeat(factors, int(np.prod(step.inputs[1:]))))


@register(*ELEMENTWISE)
def _elementwise(step: Step) -> Operator | None:
    return Diagonal(np.ones(int(np.prod(step.inputs))))
