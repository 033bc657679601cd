"""Batch normalisation, which in evaluation scales and shifts each channel by settled numbers.

Its running statistics are no parameters, so that a run need not hold them: they are then found from what the layer did
to each channel of the recorded points. One without running statistics normalises by the batch, and is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gt.layers.kind import Kind, Step, register
from gt.layers.of_torch import of_torch
from gt.layers.operators import Diagonal, Operator

EPS = 1e-5  # PyTorch's


def _linear(step: Step) -> Operator | None:
    variance = step.parameters.get("running_var")
    if variance is None:
        return None
    weight = step.parameters.get("weight", np.ones(len(variance)))
    factors = weight / np.sqrt(variance + step.config.get("eps", EPS))
    return Diagonal(np.repeat(factors, int(np.prod(step.inputs[1:]))))


def _forward(step: Step, x: np.ndarray) -> np.ndarray:
    own = step.parameters
    factor = 1 / np.sqrt(own["running_var"] + np.float32(step.config.get("eps", EPS)))
    factor = factor * own.get("weight", np.float32(1))
    offset = own.get("bias", np.float32(0)) - own["running_mean"] * factor
    along = (-1, *(1,) * (x.ndim - 2))
    y: np.ndarray = x * factor.reshape(along) + offset.reshape(along)
    return y


def _deduced(step: Step, before: np.ndarray, behind: np.ndarray) -> Mapping[str, np.ndarray]:
    """The line that fits each channel best; whoever uses it tries whether it explains the points."""
    channels = step.inputs[0]
    x, y = (
        np.moveaxis(v.reshape(len(v), channels, -1), 1, 0).reshape(channels, -1).astype(np.float64)
        for v in (before, behind)
    )
    mean_x, mean_y = x.mean(1), y.mean(1)
    x, y = x - mean_x[:, None], y - mean_y[:, None]
    power = (x**2).sum(1)
    slope = np.divide((x * y).sum(1), power, out=np.zeros(channels), where=power > 0)
    return {
        "weight": slope,
        "bias": mean_y - slope * mean_x,
        "running_mean": np.zeros(channels),
        "running_var": np.full(channels, 1.0 - step.config.get("eps", EPS)),
    }


for axes in (1, 2, 3):
    register(
        Kind(
            f"BatchNorm{axes}d",
            family="elementwise",
            settings=("num_features", "eps"),
            linear=_linear,
            forward=_forward,
            make=of_torch,
            deduced="running_var",
            deduce=_deduced,
        )
    )
