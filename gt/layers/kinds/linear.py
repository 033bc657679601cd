"""Fully connected layers."""

from __future__ import annotations

import numpy as np

from gt.layers.kind import Kind, Step, register
from gt.layers.of_torch import of_torch
from gt.layers.operators import Dense, Operator


def _linear(step: Step) -> Operator | None:
    weight = step.parameters.get("weight")
    if weight is None:
        return None
    return Dense(weight.T, int(np.prod(step.inputs[:-1])))


def _forward(step: Step, x: np.ndarray) -> np.ndarray:
    weight = step.parameters["weight"]
    if x.shape[-1] != weight.shape[1]:  # behind an image, which models flatten by `view`
        x = x.reshape(len(x), -1)
    y: np.ndarray = x @ weight.T
    return y + step.parameters["bias"] if "bias" in step.parameters else y


register(
    Kind(
        "Linear",
        family="linear",
        settings=("in_features", "out_features"),
        linear=_linear,
        forward=_forward,
        make=of_torch,
        weighted=True,
    )
)
