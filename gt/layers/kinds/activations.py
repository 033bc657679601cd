"""Activations: what a function makes of each value alone, with the layer's settings, as PyTorch does in evaluation.

Where a recording does not say a setting, PyTorch's default is taken; a setting that has none must be said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gt.layers.by_value import MUST, by_value
from gt.layers.kind import Step, register

if TYPE_CHECKING:
    from torch import nn


def _sigmoid(x: np.ndarray) -> np.ndarray:
    y: np.ndarray = 0.5 + 0.5 * np.tanh(0.5 * x)  # does not overflow
    return y


def _elu(x: np.ndarray, alpha: float, stretch: float = 1.0) -> np.ndarray:
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0) / stretch))


def _gelu(x: np.ndarray, approximate: str) -> np.ndarray:
    from scipy.special import erf  # few networks need it, and the server starts without it

    if approximate == "tanh":
        y: np.ndarray = 0.5 * x * (1 + np.tanh(float(np.sqrt(2 / np.pi)) * (x + 0.044715 * x**3)))
        return y
    y = 0.5 * x * (1 + erf(x / float(np.sqrt(2))))
    return y


def _softplus(x: np.ndarray, beta: float = 1.0, threshold: float = 20.0) -> np.ndarray:
    y: np.ndarray = np.logaddexp(beta * x, np.zeros((), x.dtype)) / beta
    return np.where(beta * x > threshold, x, y)


def _softshrink(x: np.ndarray, lambd: float) -> np.ndarray:
    y: np.ndarray = np.sign(x) * np.maximum(np.abs(x) - lambd, 0)
    return y


def _above(x: np.ndarray, least: float, otherwise: float) -> np.ndarray:
    return np.where(x > least, x, otherwise)


def _rrelu(x: np.ndarray, lower: float, upper: float) -> np.ndarray:
    return np.where(x > 0, x, (lower + upper) / 2 * x)


def _prelu(step: Step, x: np.ndarray) -> np.ndarray:
    slopes = step.parameters["weight"].ravel()  # one of each channel, or one of all
    each = slopes.repeat(int(np.prod(step.inputs)) // len(slopes)).reshape(step.inputs)
    return np.where(x > 0, x, each * x)


def _make_prelu(step: Step) -> nn.Module:
    from torch import nn

    return nn.PReLU(len(step.parameters["weight"]))


register(
    by_value("ReLU", lambda x: np.maximum(x, 0)),
    by_value("ReLU6", lambda x: np.clip(x, 0, 6)),
    by_value("LeakyReLU", lambda x, slope: np.where(x > 0, x, slope * x), negative_slope=0.01),
    by_value("RReLU", _rrelu, lower=1 / 8, upper=1 / 3),
    by_value("ELU", _elu, alpha=1.0),
    by_value("CELU", lambda x, alpha: _elu(x, alpha, alpha), alpha=1.0),
    by_value("SELU", lambda x: 1.0507009873554805 * _elu(x, 1.6732632423543772)),
    by_value("GELU", _gelu, approximate="none"),
    by_value("SiLU", lambda x: x * _sigmoid(x)),
    by_value("Mish", lambda x: x * np.tanh(_softplus(x))),
    by_value("Sigmoid", _sigmoid),
    by_value("LogSigmoid", lambda x: -_softplus(-x)),
    by_value("Tanh", np.tanh),
    by_value("Tanhshrink", lambda x: x - np.tanh(x)),
    by_value("Softplus", _softplus, beta=1.0, threshold=20.0),
    by_value("Softsign", lambda x: x / (1 + np.abs(x))),
    by_value("Softshrink", _softshrink, lambd=0.5),
    by_value("Hardshrink", lambda x, lambd: np.where(np.abs(x) > lambd, x, 0), lambd=0.5),
    by_value("Hardtanh", np.clip, min_val=-1.0, max_val=1.0),
    by_value("Hardsigmoid", lambda x: np.clip(x / 6 + 0.5, 0, 1)),
    by_value("Hardswish", lambda x: x * np.clip(x / 6 + 0.5, 0, 1)),
    by_value("Threshold", _above, threshold=MUST, value=MUST),
    by_value("PReLU", forward=_prelu, make=_make_prelu),
)
