"""Kinds of layers that make of each value what a function makes of it alone: no direction turns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gt.layers.kind import Forward, Kind, Make, Step
from gt.layers.of_torch import of_torch
from gt.layers.operators import Diagonal

MUST = object()  # be said: PyTorch has no default


def by_value(
    name: str,
    function: Callable[..., np.ndarray] | None = None,
    *,
    forward: Forward | None = None,
    make: Make = of_torch,
    repeats: bool = False,
    **defaults: Any,
) -> Kind:
    """A kind of which every value behind is a function of the value before.

    Args:
        name: Of its class.
        function: Of values of any shape, and of the settings in the order of ``defaults``.
        forward: Instead of ``function``, for one that needs more than the layer's settings.
        make: PyTorch's module.
        repeats: Whether it puts out what comes in.
        defaults: What each setting is where a run does not say it; `MUST` where it must.
    """

    def called(step: Step, x: np.ndarray) -> np.ndarray:
        assert function is not None
        said = (
            step.config[key] if default is MUST else step.config.get(key, default)
            for key, default in defaults.items()
        )
        return function(x, *said)

    return Kind(
        name,
        family="elementwise",
        settings=tuple(defaults),
        linear=same_directions,
        claim="values",
        forward=forward or called,
        make=make,
        repeats=repeats,
    )


def same_directions(step: Step) -> Diagonal:
    """The linear part of what turns nothing: a factor of one for each value."""
    return Diagonal(np.ones(int(np.prod(step.inputs))))
