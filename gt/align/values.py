"""What each kind of layer that goes value by value makes of a value, with its settings, as PyTorch does in evaluation.

Where a recording does not say a setting, PyTorch's default is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Settings = Mapping[str, Any]
#: nothing at all in evaluation: what comes in goes out
SAME = (
    "AlphaDropout", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "FeatureAlphaDropout", "Identity",
)  # fmt: skip
RESHAPED = ("Flatten", "Unflatten")


def _sigmoid(x: np.ndarray) -> np.ndarray:
    y: np.ndarray = 0.5 + 0.5 * np.tanh(0.5 * x)  # does not overflow
    return y


def _elu(x: np.ndarray, alpha: float, stretch: float) -> np.ndarray:
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0) / stretch))


def _gelu(x: np.ndarray, own: Settings) -> np.ndarray:
    from scipy.special import erf  # few networks need it, and the server starts without it

    if own.get("approximate", "none") == "tanh":
        y: np.ndarray = 0.5 * x * (1 + np.tanh(float(np.sqrt(2 / np.pi)) * (x + 0.044715 * x**3)))
        return y
    y = 0.5 * x * (1 + erf(x / float(np.sqrt(2))))
    return y


def _softplus(x: np.ndarray, beta: float = 1.0) -> np.ndarray:
    y: np.ndarray = np.logaddexp(beta * x, np.zeros((), x.dtype)) / beta
    return y


def _softshrink(x: np.ndarray, own: Settings) -> np.ndarray:
    y: np.ndarray = np.sign(x) * np.maximum(np.abs(x) - own.get("lambd", 0.5), 0)
    return y


def _rrelu(x: np.ndarray, own: Settings) -> np.ndarray:
    slope = (own.get("lower", 1 / 8) + own.get("upper", 1 / 3)) / 2
    return np.where(x > 0, x, slope * x)


#: of values of any shape and the settings of the layer
BY_VALUE: dict[str, Callable[[np.ndarray, Settings], np.ndarray]] = {
    "ReLU": lambda x, own: np.maximum(x, 0),
    "ReLU6": lambda x, own: np.clip(x, 0, 6),
    "LeakyReLU": lambda x, own: np.where(x > 0, x, own.get("negative_slope", 0.01) * x),
    "RReLU": _rrelu,
    "ELU": lambda x, own: _elu(x, own.get("alpha", 1.0), 1.0),
    "CELU": lambda x, own: _elu(x, own.get("alpha", 1.0), own.get("alpha", 1.0)),
    "SELU": lambda x, own: 1.0507009873554805 * _elu(x, 1.6732632423543772, 1.0),
    "GELU": _gelu,
    "SiLU": lambda x, own: x * _sigmoid(x),
    "Mish": lambda x, own: x * np.tanh(_softplus(x)),
    "Sigmoid": lambda x, own: _sigmoid(x),
    "LogSigmoid": lambda x, own: -_softplus(-x),
    "Tanh": lambda x, own: np.tanh(x),
    "Tanhshrink": lambda x, own: x - np.tanh(x),
    "Softplus": lambda x, own: _softplus(x, own.get("beta", 1.0)),
    "Softsign": lambda x, own: x / (1 + np.abs(x)),
    "Softshrink": _softshrink,
    "Hardshrink": lambda x, own: np.where(np.abs(x) > own.get("lambd", 0.5), x, 0),
    "Hardtanh": lambda x, own: np.clip(x, own.get("min_val", -1.0), own.get("max_val", 1.0)),
    "Hardsigmoid": lambda x, own: np.clip(x / 6 + 0.5, 0, 1),
    "Hardswish": lambda x, own: x * np.clip(x / 6 + 0.5, 0, 1),
    **dict.fromkeys(SAME, lambda x, own: x),
}


def by_value(
    kind: str, config: Settings, parameters: Mapping[str, np.ndarray], shape: tuple[int, ...]
) -> Callable[[np.ndarray], np.ndarray] | None:
    """The function of a layer that goes value by value, of points ``(n, d)``.

    Args:
        kind: Name of its class.
        config: Its settings, by PyTorch's names.
        parameters: Its arrays, by PyTorch's names.
        shape: Of one point.

    Returns:
        None for a kind whose function, or whose setting without a default, is not known.
    """
    if kind == "PReLU" and "weight" in parameters:
        slopes = np.asarray(parameters["weight"]).ravel()
        along = slopes.repeat(
            int(np.prod(shape)) // len(slopes)
        )  # one of each channel, or one of all
        return lambda x: np.where(x > 0, x, along * x)
    if kind == "Threshold" and "threshold" in config and "value" in config:
        least, value = config["threshold"], config["value"]
        return lambda x: np.where(x > least, x, value)
    if kind in RESHAPED:
        return lambda x: x
    if kind not in BY_VALUE:
        return None
    function = BY_VALUE[kind]
    return lambda x: function(x, config)
