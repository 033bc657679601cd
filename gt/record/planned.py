"""Which layers a recording will have: their names, their order, and what is left out and why.

The outputs are called ``logits`` and ``softmax`` and the inputs ``input``, whatever the modules that
make them are called; a hidden module of such a name is recorded as "softmax (hidden)" and keeps its
own name as `Layer.module`.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn

from gt.layers.kind import kind_of
from gt.record.call import Call
from gt.record.choose import Layers, chosen
from gt.record.coordinates import FLATTEN, SETTING, check_fits, how_of, shape_of
from gt.record.each import Spread, shape_of_each
from gt.record.graph_of import graph_of, own_name, writable
from gt.record.hooks import modules_of, named
from gt.record.numbers import stored_type, stored_type_of_inputs
from gt.record.probe import Network
from gt.record.trace import Source
from gt.record.unwrapped import device_of
from gt.record.widely import narrowed
from gt.run import Layer, RunError, ShapeError
from gt.run.graph import INPUT, Graph
from gt.run.wide import MAX_WIDTH

ROLES = ("input", "logits", "softmax")  # names that say what a layer is for
TOLD = 8  # layers that are left out, named one by one in the log
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
        calls: What is known of the calls of hidden layers, by name of the layer.
        kept: What is made of their axes, see `gt.record.coordinates`, by name of the layer.
        chosen_by: Why, where nobody asked for it.
        layers_asked: What was asked for, "auto" as what it came to.
        graph: The network as it ran.
    """

    layers: tuple[Layer, ...]
    sources: dict[str, Source]
    dtypes: dict[str, str]
    left_out: tuple[LeftOut, ...]
    renamed: dict[str, str]
    calls: Mapping[str, Call] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    chosen_by: Mapping[str, str] = field(default_factory=dict)
    layers_asked: Layers = "all"
    graph: Graph | None = None

    def notes(self) -> dict[str, Any]:
        """What a run says of itself about it."""
        out: dict[str, Any] = {}
        if self.left_out:
            out["left_out"] = [one._asdict() for one in self.left_out]
        if self.renamed:
            out["renamed"] = dict(self.renamed)
        return out


# long: half of it is what may be given
def make_plan(
    network: Network,
    model: nn.Module,
    inputs: Mapping[str, torch.Tensor],
    layers: Layers,
    *,
    ends: Sequence[Layer],
    dtype: str,
    axes: Mapping[str, str] | None = None,
    spread: Spread | None = None,
    padded: Collection[int] = (),
    max_width: int = MAX_WIDTH,
    whole: Sequence[str] = (),
) -> Plan:
    """Decide what is recorded of a network.

    Args:
        network: As it was probed.
        model: That was.
        inputs: ``(n, ...)`` by the names of the layers that they are.
        layers: See `gt.record.choose`.
        ends: The layers of the outputs.
        dtype: "float16" or "float32", for hidden layers and inputs that are no integers.
        axes: What becomes of axes besides the points, see `gt.record.coordinates`.
        spread: Where the points are, if they are not the examples.
        padded: Numbers of tokens of which some are padding.
        max_width: Values of one point, above which a hidden layer is wide, see `gt.record.widely`; of points that are
            no examples none is.
        whole: Patterns of layers that are kept whole however wide they are.

    Raises:
        RunError: If a layer was asked for by name and is not there, or cannot be recorded; or axes are of none.
    """
    check_fits(axes or {}, network.calls)
    if spread is not None and spread.each is not None:
        how = f"each {spread.each.one}"
        ends = [replace(one, config={**one.config, **_marked(one.kind, how)}) for one in ends]
    made = _Making(network, axes or {}, dtype, [layer.name for layer in ends], spread, padded)
    everything = layers == "all"
    for name, tensor in inputs.items() if everything else ():
        made.add_input(writable(name), tensor)
    given = {one.source for one in _ends(network)}
    for call in chosen(network, model, layers):
        if call.source not in given:
            made.add(call, asked=not isinstance(layers, str))
    if everything:
        made.left += _unseen(network)
    hidden = made.layers
    if spread is None or not spread.each:
        n = len(next(iter(inputs.values())))
        hidden = made.narrowed(model, n, max_width, whole)
    plan = (*hidden, *ends)
    sources = {name: call.source for name, call in made.calls.items()}
    return Plan(
        plan,
        sources,
        made.dtypes,
        tuple(made.left),
        made.renamed,
        made.calls,
        made.kept,
        made.by,
        layers,
        graph_of(network, plan, sources, ends, spread),
    )


def _unseen(network: Network) -> list[LeftOut]:
    """Modules that have nothing to record, and why."""
    return [
        LeftOut(writable(name), kind, why)
        for listed, why in ((network.constant, CONSTANT), (network.uncalled, UNCALLED))
        for name, kind in listed
    ]


class _Making:
    """A plan while it is made: its entries, as in `Plan`."""

    def __init__(
        self,
        network: Network,
        axes: Mapping[str, str],
        dtype: str,
        ends: Sequence[str],
        spread: Spread | None,
        padded: Collection[int],
    ) -> None:
        self._taken = {*ROLES, *ends}
        self.layers: list[Layer] = []
        self.calls: dict[str, Call] = {}
        self.kept: dict[str, str] = {}
        self.by: dict[str, str] = {}
        self.dtypes: dict[str, str] = {}
        self.left: list[LeftOut] = []
        self.renamed: dict[str, str] = {}
        self._network, self._axes, self._dtype, self._padded = network, axes, dtype, padded
        self._spread = None if spread is None or spread.each is None else spread

    def add_input(self, name: str, values: torch.Tensor) -> None:
        """Plan an input, once for all epochs."""
        if values.is_complex():
            self.left.append(LeftOut(name, "Input", "they are complex numbers"))
            return
        shape = tuple(values.shape[1:])
        if self._spread is not None:
            how, why = self._spread.how_of(shape)
            if why:
                self.left.append(LeftOut(name, "Input", why))
                return
            self.kept[name], shape = how, shape_of_each(shape, how)
        self.layers.append(Layer(name, "Input", shape, constant=True))
        self.dtypes[name] = stored_type_of_inputs(values, self._dtype)
        self._taken.add(name)

    def add(self, call: Call, asked: bool) -> None:
        """Plan a hidden layer, or note why not; raise if it was asked for by name and cannot be."""
        if call.reason and asked:
            raise ShapeError(
                f"Recorder: layer {call.name!r} must give a tensor with a row for each point, it does"
                f" not: {call.reason}"
            )
        if call.reason or call.shape is None:
            self.left.append(LeftOut(writable(call.name), call.kind, call.reason))
            return
        how, by, config = self._how(call)
        if not how:
            if asked:
                raise ShapeError(
                    f"Recorder: layer {call.name!r} must have a value for each of the points, it does not: {by}"
                )
            self.left.append(LeftOut(writable(call.name), call.kind, by))
            return
        name = own_name(call.name, {*self._taken, *self.calls})
        if name != call.name:
            self.renamed[name] = writable(call.name)
        shape, module = shape_of(call.shape, how), writable(call.owner) or None
        self.layers.append(Layer(name, call.kind, shape, module=module, config=config))
        self.calls[name], self.kept[name] = call, how
        if by:
            self.by[name] = by
        wide = call.operation and call.largest > float(np.finfo(np.float16).max) / 4
        self.dtypes[name] = stored_type(call.dtype, "float32" if wide else self._dtype)

    def _how(self, call: Call) -> tuple[str, str, dict[str, Any]]:
        """What becomes of the axes of a call, or "" and why nothing; and the settings of its layer."""
        config = dict(call.config)
        if self._spread is None:
            how, by = how_of(call, self._axes, self._network.nodes, self._padded)
            return how, by, config | ({SETTING: how} if how != FLATTEN else {})
        assert call.shape is not None
        how, by = self._spread.how_of(call.shape, call.kind)
        return how, by, config | _marked(call.kind, how)

    def narrowed(
        self, model: nn.Module, n: int, max_width: int, whole: Sequence[str]
    ) -> list[Layer]:
        """The layers, and of wide ones what is kept, see `gt.record.widely.narrowed`."""
        return narrowed(
            self.layers,
            self.dtypes,
            self.calls,
            n,
            on_cpu=device_of(model).type == "cpu",
            max_width=max_width,
            whole=whole,
        )


def _marked(kind: str, how: str) -> dict[str, str]:
    """What says of a layer of positions that what is known of its kind, of whole examples, does not hold of them."""
    by_position = kind_of(kind).family in ("linear", "elementwise", "softmax", "other")
    return {} if by_position else {SETTING: how}


def _ends(network: Network) -> list[Call]:
    """The calls that the outputs stand for: what gives them and, behind logits, all of a softmax that is no module."""
    found = [one for one in (network.logits, network.softmax) if one is not None]
    if network.of_softmax:
        assert network.logits is not None
        behind = {network.nodes.index(network.logits)}
        for at, one in enumerate(network.nodes):
            if behind & set(one.inputs) and one.needed:
                behind.add(at)
                found.append(one)
    return found


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
    hidden = plan.sources or any(layer.kind == INPUT for layer in plan.layers)
    if weights is False or (weights is None and not hidden):
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


def tell(plan: Plan, log: logging.Logger) -> None:
    """Log what is not recorded, and what goes by another name.

    Args:
        plan: What is recorded.
        log: Where to.
    """
    if plan.left_out:
        what = [f"{one.name} ({one.kind}): {one.reason}" for one in plan.left_out[:TOLD]]
        more = len(plan.left_out) - len(what)
        what += [f"and {more} more, see left_out"] if more else []
        log.warning("Recorder: left out of the recording: %s", "; ".join(what))
    for name, own in plan.renamed.items():
        log.warning("Recorder: the hidden layer %r is recorded as %r", own, name)
