"""Softmax: each value comes from all along an axis, and yet the axes keep their meaning, so that nothing turns."""

from __future__ import annotations

import numpy as np

from gt.layers.by_value import same_directions
from gt.layers.kind import Kind, Step, register
from gt.layers.of_torch import of_torch
from gt.run.measure import log_softmax


def _logs(step: Step, x: np.ndarray) -> np.ndarray:
    # of the last axis where a run does not say
    return log_softmax(x, step.config.get("dim", -1)).astype(np.float32)


def _softmax(step: Step, x: np.ndarray) -> np.ndarray:
    return np.exp(log_softmax(x, step.config.get("dim", -1))).astype(np.float32)


def _of_channels(step: Step, x: np.ndarray) -> np.ndarray:
    return np.exp(log_softmax(x, 1)).astype(np.float32)


for name, settings, forward in (
    ("Softmax", ("dim",), _softmax),
    ("LogSoftmax", ("dim",), _logs),
    ("Softmax2d", (), _of_channels),
):
    register(
        Kind(
            name,
            family="softmax",
            settings=settings,
            linear=same_directions,
            claim="softmax",
            forward=forward,
            make=of_torch,
        )
    )
