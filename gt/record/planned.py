"""Which layers a recording will have: their names, their order, and what is left out and why.

The outputs are called ``logits`` and ``softmax`` and the inputs ``input``, whatever the modules that
make them are called; a hidden module of such a name is recorded as "softmax (hidden)" and keeps its
own name as `Layer.module`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any, NamedTuple

import torch
from torch import nn

from gt.layers.kind import kind_of
from gt.record.hooks import modules_of, named
from gt.record.numbers import stored_type, stored_type_of_inputs
from gt.record.probe import Call, Network
from gt.run import Layer, RunError, ShapeError

OUTPUTS = ("logits", "softmax")
ROLES = ("input", *OUTPUTS)  # names that say what a layer is for


class LeftOut(NamedTuple):
    """A layer that is not recorded: its name in the model, its class, and why."""

    name: str
    kind: str
    reason: str


@dataclass(frozen=True)
class Plan:
    """What is recorded.

    Attributes:
        layers: In network order.
        sources: (module, number of its call) of each hidden layer, by name of the layer.
        dtypes: Stored types, by name; float32 where not named.
        left_out: What was called for and is not recorded.
        renamed: The model's names of layers that go by another, by that other.
        outputs: "logits", "probabilities" or "log-probabilities": what the model gives.
    """

    layers: tuple[Layer, ...]
    sources: dict[str, tuple[str, int]]
    dtypes: dict[str, str]
    left_out: tuple[LeftOut, ...]
    renamed: dict[str, str]
    outputs: str

    def notes(self) -> dict[str, Any]:
        """What a run says of itself about it."""
        out: dict[str, Any] = {}
        if self.outputs != "logits":
            out["outputs"] = f"{self.outputs}, recognised by their values"
        if self.left_out:
            out["left_out"] = [one._asdict() for one in self.left_out]
        if self.renamed:
            out["renamed"] = dict(self.renamed)
        return out


def make_plan(
    network: Network,
    inputs: torch.Tensor,
    layers: str | tuple[str, ...],
    *,
    outputs: str,
    dtype: str,
) -> Plan:
    """Decide what is recorded of a network.

    Args:
        network: As it was probed.
        inputs: ``(n, ...)``.
        layers: "outputs", "all", or names of modules or of calls.
        outputs: "logits", "probabilities" or "log-probabilities": what the model gives.
        dtype: "float16" or "float32", for hidden layers and inputs that are no integers.

    Raises:
        RunError: If a layer was asked for by name and is not there, or cannot be recorded.
    """
    plan: list[Layer] = []
    sources: dict[str, tuple[str, int]] = {}
    dtypes: dict[str, str] = {}
    left: list[LeftOut] = []
    renamed: dict[str, str] = {}
    everything = layers == "all"
    if everything and inputs.is_complex():
        left.append(LeftOut("input", "Input", "they are complex numbers"))
    elif everything:
        plan.append(Layer("input", "Input", tuple(inputs.shape[1:]), constant=True))
        dtypes["input"] = stored_type_of_inputs(inputs, dtype)
    for call in _chosen(network, layers):
        if call.reason and not everything:
            raise ShapeError(
                f"Recorder: layer {call.name!r} must give a tensor with a row for each point, it does"
                f" not: {call.reason}"
            )
        if call.reason or call.shape is None:
            left.append(LeftOut(_writable(call.name), call.kind, call.reason))
            continue
        name = _own_name(call.name, {*ROLES, *sources})
        if name != call.name:
            renamed[name] = _writable(call.name)
        module = _writable(call.module)
        plan.append(Layer(name, call.kind, call.shape, module=module, config=call.config))
        sources[name] = call.source
        dtypes[name] = stored_type(call.dtype, dtype)
    if everything:
        left += [
            LeftOut(_writable(name), kind, "it is not called in the forward pass")
            for name, kind in network.uncalled
        ]
    plan += _outputs(network, outputs)
    return Plan(tuple(plan), sources, dtypes, tuple(left), renamed, outputs)


def _chosen(network: Network, layers: str | tuple[str, ...]) -> list[Call]:
    """The calls that were asked for, without those that give the outputs; a module's name stands for all its calls."""
    ends = (network.logits, network.softmax)
    hidden = [one for one in network.calls if one not in ends]
    if isinstance(layers, str):
        return hidden if layers == "all" else []
    called = {name for one in network.calls for name in (one.name, one.module)}
    for name in layers:
        if name not in called:
            raise RunError(
                f"Recorder: layer {name!r} must be called in the forward pass, it was not; called"
                f" were {', '.join(one.name for one in network.calls)}"
            )
    return [one for one in hidden if one.name in layers or one.module in layers]


def _own_name(name: str, taken: Collection[str]) -> str:
    """A name that no other has, and that can be written."""
    clean = _writable(name)
    own, i = clean, 1
    while own in taken:
        own, i = f"{clean} (hidden)" if i == 1 else f"{clean} (hidden {i})", i + 1
    return own


def _writable(name: str) -> str:
    """A name without what no text in a store can hold: NUL, and halves of UTF-16 pairs."""
    return name.replace("\0", "?").encode("utf-8", "replace").decode("utf-8")


def _outputs(network: Network, outputs: str) -> list[Layer]:
    k = (network.width,)
    softmax = None if network.softmax is None else _writable(network.softmax.module)
    if outputs == "probabilities":
        return [Layer("softmax", "Softmax", k)]
    by = network.logits
    logits = Layer("logits", "Logits", k)
    if by is not None:
        logits = Layer("logits", by.kind, k, module=_writable(by.module), config=by.config)
    return [
        logits,
        Layer("softmax", "Softmax", k, module=softmax, softmax_of="logits"),
    ]


def parameters(
    model: nn.Module, network: Network, weights: bool | Iterable[str] | None, plan: Plan
) -> dict[str, tuple[str, str]]:
    """Which parameters are recorded, by their name in the model: the module's, and the name in it.

    Args:
        model: The recorded one.
        network: As it was probed.
        weights: As in `Recorder`.
        plan: What else is recorded.

    Raises:
        RunError: If there is no module of a name, or its parameters are complex numbers.
    """
    if weights is False or (weights is None and all(x.name in OUTPUTS for x in plan.layers)):
        return {}
    chosen: dict[str, nn.Module]
    if weights is True or weights is None:
        called = tuple(dict.fromkeys(one.module for one in network.calls))
        chosen = {n: m for n, m in named(model, called).items() if _weighted(m)}
        if weights is None:
            planned = {one.module for one in plan.layers}
            chosen = {n: m for n, m in chosen.items() if _writable(n) in planned}
    else:
        chosen = named(model, tuple(weights))
    alone = modules_of(model).get("model") is model
    found: dict[str, tuple[str, str]] = {}
    for name, module in chosen.items():
        for part in _parameters(module):
            if value_of(module, part).is_complex():
                raise RunError(
                    f"Recorder: weights of {name!r} must be real numbers, they are complex; leave it"
                    " out of weights"
                )
            own = _own_name(part if alone else f"{name}.{part}", found)
            found[own] = (name, part)
    return found


def _weighted(module: nn.Module) -> bool:
    return any(kind_of(one.__name__).weighted for one in type(module).__mro__)


def _parameters(module: nn.Module) -> list[str]:
    """Names of a module's parameters; of those that are computed from others, theirs alone."""
    found = []
    for name, _ in module.named_parameters():
        before, computed, after = name.partition("parametrizations.")
        found.append(before + after.partition(".")[0] if computed else name)
    return list(dict.fromkeys(found))


def value_of(module: nn.Module, part: str) -> torch.Tensor:
    """A parameter by its name within a module."""
    value = reduce(getattr, part.split("."), module)
    assert isinstance(value, torch.Tensor)
    return value.detach()
