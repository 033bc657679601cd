"""PyTorch's own modules, made from the settings that a run says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gt.layers.kind import Step, kind_of

if TYPE_CHECKING:
    from torch import nn


def of_torch(step: Step) -> nn.Module:
    """The module of PyTorch whose class has the kind's name, with those of its settings that are known.

    Args:
        step: Its settings, and its parameters, which say whether a layer with weights has a bias.
    """
    from torch import nn

    kind = kind_of(step.kind)
    given: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in step.config.items()
        if key in kind.settings
    }
    if kind.weighted:
        given["bias"] = "bias" in step.parameters
    module: nn.Module = getattr(nn, step.kind)(**given)
    return module
