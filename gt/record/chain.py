"""Networks that are a chain of known layers, built again from what a run says about each.

Nothing is unpickled and no code is loaded: a kind that `gt.layers.kinds` does not make is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from gt.layers.kind import Step, kind_of, kinds
from gt.run import RunError


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
                prefix = self._prefix(part.name)
                own = {
                    key.removeprefix(prefix): value
                    for key, value in weights.items()
                    if key.startswith(prefix)
                }
                made[part.name] = _make(part, own)
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


def _make(part: Part, own: Mapping[str, np.ndarray]) -> nn.Module:
    make = kind_of(part.kind).make
    if make is None:
        known = ", ".join(name for name, kind in kinds().items() if kind.make is not None)
        raise RunError(
            f"network: layer {part.name!r} must be of a kind that can be built again, it is"
            f" {part.kind}; known are {known}"
        )
    step = Step(part.kind, (), (), part.config, own)
    try:
        # its first weights, which are not kept, cost nobody a random number
        with torch.random.fork_rng(devices=[]):
            module = make(step)
    except KeyError as error:
        raise RunError(
            f"network: layer {part.name!r}, {part.kind}, must have its {error.args[0]}, it has not"
        ) from error
    except (TypeError, ValueError, RuntimeError) as error:
        raise RunError(
            f"network: layer {part.name!r}, {part.kind} of {dict(part.config)}: {error}"
        ) from error
    return module.eval()


def _place(root: nn.Module, name: str, module: nn.Module) -> None:
    *outer, last = name.split(".")
    for one in outer:
        if one not in dict(root.named_children()):
            root.add_module(one, nn.Module())
        root = root.get_submodule(one)
    root.add_module(last, module)
