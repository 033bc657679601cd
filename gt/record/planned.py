"""Which layers a recording will have: their names, their order, and what is left out and why.

The outputs are called ``logits`` and ``softmax`` and the inputs ``input``, whatever the modules that
make them are called; a hidden module of such a name is recorded as "softmax (hidden)" and keeps its
own name as `Layer.module`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn

from gt.layers.kind import kind_of
from gt.record.choose import Layers, chosen
from gt.record.graph_of import graph_of, own_name, writable
from gt.record.hooks import modules_of, named
from gt.record.numbers import stored_type, stored_type_of_inputs
from gt.record.probe import Call, Network
from gt.record.trace import Source
from gt.run import Layer, RunError, ShapeError
from gt.run.graph import Graph

OUTPUTS = ("logits", "softmax")
ROLES = ("input", *OUTPUTS)  # names that say what a layer is for
UNCALLED = "it is not called in the forward pass"
CONSTANT = "it is the same for all points"


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
        sources: The call of each hidden layer, by name of the layer.
        dtypes: Stored types, by name; float32 where not named.
        left_out: What was called for and is not recorded.
        renamed: The model's names of layers that go by another, by that other.
        outputs: "logits", "probabilities" or "log-probabilities": what the model gives.
        calls: What is known of the calls of hidden layers, by name of the layer.
        graph: The network as it ran.
    """

    layers: tuple[Layer, ...]
    sources: dict[str, Source]
    dtypes: dict[str, str]
    left_out: tuple[LeftOut, ...]
    renamed: dict[str, str]
    outputs: str
    calls: Mapping[str, Call] = field(default_factory=dict)
    graph: Graph | None = None

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
    model: nn.Module,
    inputs: torch.Tensor,
    layers: Layers,
    *,
    outputs: str,
    dtype: str,
) -> Plan:
    """Decide what is recorded of a network.

    Args:
        network: As it was probed.
        model: That was.
        inputs: ``(n, ...)``.
        layers: See `gt.record.choose`.
        outputs: "logits", "probabilities" or "log-probabilities": what the model gives.
        dtype: "float16" or "float32", for hidden layers and inputs that are no integers.

    Raises:
        RunError: If a layer was asked for by name and is not there, or cannot be recorded.
    """
    plan: list[Layer] = []
    calls: dict[str, Call] = {}
    dtypes: dict[str, str] = {}
    left: list[LeftOut] = []
    renamed: dict[str, str] = {}
    everything = layers == "all"
    if everything and inputs.is_complex():
        left.append(LeftOut("input", "Input", "they are complex numbers"))
    elif everything:
        plan.append(Layer("input", "Input", tuple(inputs.shape[1:]), constant=True))
        dtypes["input"] = stored_type_of_inputs(inputs, dtype)
    ends = {one.source for one in _ends(network)}
    for call in chosen(network, model, layers):
        if call.source in ends:
            continue
        if call.reason and not isinstance(layers, str):
            raise ShapeError(
                f"Recorder: layer {call.name!r} must give a tensor with a row for each point, it does"
                f" not: {call.reason}"
            )
        if call.reason or call.shape is None:
            left.append(LeftOut(writable(call.name), call.kind, call.reason))
            continue
        name = own_name(call.name, {*ROLES, *calls})
        if name != call.name:
            renamed[name] = writable(call.name)
        module = writable(call.owner) or None
        plan.append(Layer(name, call.kind, call.shape, module=module, config=call.config))
        calls[name] = call
        wide = call.operation and call.largest > float(np.finfo(np.float16).max) / 4
        dtypes[name] = stored_type(call.dtype, "float32" if wide else dtype)
    if everything:
        left += [
            LeftOut(writable(name), kind, why)
            for listed, why in ((network.constant, CONSTANT), (network.uncalled, UNCALLED))
            for name, kind in listed
        ]
    plan += _outputs(network, outputs)
    sources = {name: call.source for name, call in calls.items()}
    graph = graph_of(network, plan, sources)
    return Plan(tuple(plan), sources, dtypes, tuple(left), renamed, outputs, calls, graph)


def _ends(network: Network) -> list[Call]:
    """The calls that the outputs stand for: what gives them and, behind logits, all of a softmax that is no module."""
    found = [one for one in (network.logits, network.softmax) if one is not None]
    if network.log_of_softmax:
        assert network.logits is not None
        behind = {network.nodes.index(network.logits)}
        for at, one in enumerate(network.nodes):
            if behind & set(one.inputs) and one.needed:
                behind.add(at)
                found.append(one)
    return found


def _outputs(network: Network, outputs: str) -> list[Layer]:
    k = (network.width,)
    softmax = None if network.softmax is None else writable(network.softmax.module)
    if outputs == "probabilities":
        return [Layer("softmax", "Softmax", k)]
    by = network.logits
    logits = Layer("logits", "Logits", k)
    if by is not None:
        logits = Layer("logits", by.kind, k, module=writable(by.owner) or None, config=by.config)
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
    found_in: dict[str, nn.Module]
    if weights is True or weights is None:
        owners = (one.owner for one in network.calls if not one.outer)
        called = tuple(dict.fromkeys(one for one in owners if one))
        found_in = {n: m for n, m in named(model, called).items() if _weighted(m)}
        if weights is None:
            planned = {one.module for one in plan.layers}
            found_in = {n: m for n, m in found_in.items() if writable(n) in planned}
    else:
        found_in = named(model, tuple(weights))
    alone = modules_of(model).get("model") is model
    found: dict[str, tuple[str, str]] = {}
    for name, module in found_in.items():
        for part in _parameters(module):
            if value_of(module, part).is_complex():
                raise RunError(
                    f"Recorder: weights of {name!r} must be real numbers, they are complex; leave it"
                    " out of weights"
                )
            own = own_name(part if alone else f"{name}.{part}", found)
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
