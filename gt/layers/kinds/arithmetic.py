"""Arithmetic with what is the same for all points: a constant, or a parameter. A sum of states is none of it.

The other operand is not recorded; what it does to each value is found from the points, and tried on all of them before
it is believed.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gt.layers.kind import Kind, Step, register
from gt.layers.operators import Diagonal, Operator


def _linear(step: Step) -> Operator | None:
    factors = step.parameters.get("factors")
    return None if factors is None or step.inputs != step.outputs else Diagonal(factors)


def _slopes(before: np.ndarray, behind: np.ndarray) -> np.ndarray:
    x, y = before - before.mean(0), behind - behind.mean(0)
    power = (x**2).sum(0)
    return np.divide((x * y).sum(0), power, out=np.zeros(x.shape[1]), where=power > 0)


def _scaled(step: Step, before: np.ndarray, behind: np.ndarray) -> Mapping[str, np.ndarray]:
    """The factor of each value."""
    return {"factors": _slopes(before, behind)}


def _shifted(step: Step, before: np.ndarray, behind: np.ndarray) -> Mapping[str, np.ndarray]:
    """One for all, or minus one where values are taken away from a constant."""
    sign = -1.0 if _slopes(before, behind).sum() < 0 else 1.0
    return {"factors": np.full(before.shape[1], sign)}


register(
    *(
        Kind(name, family="elementwise", linear=_linear, deduced="factors", deduce=deduce)
        for names, deduce in ((("Add", "Subtract"), _shifted), (("Multiply", "Divide"), _scaled))
        for name in names
    )
)
