"""Networks that are a chain of known layers, built again from what a run says about each.

Nothing is unpickled and no code is loaded: a kind that is not in the table below is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from gt.run import RunError

SLIDING = ("kernel_size", "stride", "padding", "dilation")
CONVOLUTION = ("in_channels", "out_channels", *SLIDING, "groups", "padding_mode")
BY_VALUE = (
    "ReLU", "ReLU6", "LeakyReLU", "ELU", "SELU", "CELU", "GELU", "SiLU", "Mish", "Sigmoid", "LogSigmoid",
    "Tanh", "Tanhshrink", "Softplus", "Softsign", "Softshrink", "Hardshrink", "Hardtanh", "Hardswish",
    "Hardsigmoid", "Identity", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "Flatten",
)  # fmt: skip
# of each kind the settings that are handed on; what torch fills in otherwise is checked by what comes out
KINDS: dict[str, tuple[str, ...]] = {
    "Linear": ("in_features", "out_features"),
    **{f"Conv{d}d": CONVOLUTION for d in (1, 2, 3)},
    **{f"MaxPool{d}d": (*SLIDING, "ceil_mode") for d in (1, 2, 3)},
    **{
        f"AvgPool{d}d": ("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad")
        for d in (1, 2, 3)
    },
    **{f"Adaptive{how}Pool{d}d": ("output_size",) for how in ("Avg", "Max") for d in (1, 2, 3)},
    **{f"BatchNorm{d}d": ("num_features", "eps") for d in (1, 2, 3)},
    **{kind: () for kind in BY_VALUE},
    "LeakyReLU": ("negative_slope",),
}
WEIGHTED = ("Linear", "Conv1d", "Conv2d", "Conv3d")
NORMS = ("BatchNorm1d", "BatchNorm2d", "BatchNorm3d")


@dataclass(frozen=True)
class Part:
    """One call of a layer: its module's name in the model, its kind, its settings."""

    name: str
    kind: str
    config: Mapping[str, Any]


class Chain(nn.Module):
    """Layers one behind the other; a name that comes again is the same module, called again.

    Args:
        parts: In the order of their calls. A dotted name becomes a module within modules, so that names of modules
            and parameters are those of the model that was recorded.
        weights: All parameters, and the buffers of normalisations, by name; float32.

    Raises:
        RunError: If a kind is not known, or a weight is missing, not used or of another shape.
    """

    def __init__(self, parts: Sequence[Part], weights: Mapping[str, np.ndarray]) -> None:
        super().__init__()
        self.parts = tuple(parts)
        self._alone = not any(name.startswith("model.") for name in weights)
        made: dict[str, nn.Module] = {}
        for part in parts:
            if part.name not in made:
                made[part.name] = _make(part, f"{self._prefix(part.name)}bias" in weights)
                _place(self, part.name, made[part.name])
        self._load(made, weights)
        self._calls = [made[part.name] for part in parts]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """``(n, ...)`` to ``(n, k)``; a linear layer behind an image flattens it, as models do by ``view``."""
        for module in self._calls:
            if isinstance(module, nn.Linear) and x.shape[-1] != module.in_features:
                x = x.flatten(1)
            x = module(x)
        return x

    def weights(self) -> dict[str, np.ndarray]:
        """What the chain can be built again from."""
        out: dict[str, np.ndarray] = {}
        for part in self.parts:
            for key, value in self.get_submodule(part.name).state_dict().items():
                if key != "num_batches_tracked":
                    out[self._prefix(part.name) + key] = value.detach().cpu().numpy()
        return out

    def _prefix(self, name: str) -> str:
        """What the names of a module's parameters begin with; a model that is one module is called "model"."""
        return "" if name == "model" and self._alone else f"{name}."

    def _load(self, made: Mapping[str, nn.Module], weights: Mapping[str, np.ndarray]) -> None:
        unused = set(weights)
        for name, module in made.items():
            for key, own in module.state_dict(keep_vars=True).items():
                if key == "num_batches_tracked":
                    continue
                full = self._prefix(name) + key
                if full not in weights:
                    raise RunError(
                        f"network: {full} must be among the weights, there are"
                        f" {', '.join(weights) or 'none'}"
                    )
                value = torch.from_numpy(np.array(weights[full], np.float32))
                if value.shape != own.shape:
                    raise RunError(
                        f"network: {full} must have shape {tuple(own.shape)}, got {tuple(value.shape)}"
                    )
                own.data.copy_(value)
                unused.discard(full)
        if unused:
            raise RunError(f"network: {', '.join(sorted(unused))} belong to no layer of the chain")


def _make(part: Part, bias: bool) -> nn.Module:
    if part.kind not in KINDS:
        raise RunError(
            f"network: layer {part.name!r} must be of a kind that can be built again, it is"
            f" {part.kind}; known are {', '.join(KINDS)}"
        )
    given = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in part.config.items()
        if key in KINDS[part.kind]
    }
    if part.kind in WEIGHTED:
        given["bias"] = bias
    try:
        with torch.random.fork_rng(
            devices=[]
        ):  # its first weights, which are not kept, cost nobody a random number
            module: nn.Module = getattr(nn, part.kind)(**given)
    except (TypeError, ValueError, RuntimeError) as error:
        raise RunError(f"network: layer {part.name!r}, {part.kind} of {given}: {error}") from error
    return module.eval()


def _place(root: nn.Module, name: str, module: nn.Module) -> None:
    *outer, last = name.split(".")
    for one in outer:
        if one not in dict(root.named_children()):
            root.add_module(one, nn.Module())
        root = root.get_submodule(one)
    root.add_module(last, module)
