"""What puts out what comes in, in evaluation: nothing at all, dropout, another shape; and the input itself."""

from __future__ import annotations

import numpy as np

from gt.layers.by_value import by_value
from gt.layers.kind import Kind, Step, register

SAME = (
    "AlphaDropout", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "FeatureAlphaDropout", "Identity",
)  # fmt: skip


def _reshaped(step: Step, x: np.ndarray) -> np.ndarray:
    return x.reshape(len(x), *step.outputs)


register(
    Kind("Input", family="input"),
    *(by_value(name, lambda x: x, repeats=True) for name in SAME),
    by_value("Flatten", forward=_reshaped, repeats=True, start_dim=1, end_dim=-1),
    by_value("Unflatten", forward=_reshaped, repeats=True, dim=1, unflattened_size=None),
)
