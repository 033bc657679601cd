"""Which layers of a recording are wide, and what the Recorder does for them: settle their directions, and keep them."""

from __future__ import annotations

import fnmatch
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from gt.layers.kind import kind_of
from gt.record.call import Call
from gt.record.coordinates import FLATTEN
from gt.record.directions import Beside, has_linear_part
from gt.record.hooks import modules_of
from gt.record.wide import Wide, choose
from gt.run import Layer, Run, RunError
from gt.run import wide as kept
from gt.run.wide import MAX_WIDTH, kept_of, width_kept

if TYPE_CHECKING:
    from gt.record.follower import Told
    from gt.record.planned import Plan

log = logging.getLogger(__name__)
HELD_BYTES = 2 * 2**30  # of wide values of all points on the device, for exact distances
ON_CPU = 500  # points of which exact distances are kept where a CPU computes them: it takes n² products a value
ADDED = ("Add", "Subtract")


def check_width(max_width: object, whole: object) -> tuple[int, tuple[str, ...]]:
    """What was asked for, checked.

    Args:
        max_width: As in `Recorder`, as is the other.
        whole: Patterns.

    Raises:
        RunError: If it is none of what can be.
    """
    if isinstance(max_width, bool) or not isinstance(max_width, int | np.integer) or max_width < 1:
        raise RunError(f"Recorder: max_width must be a whole number, 1 or more, got {max_width!r}")
    named = (whole,) if isinstance(whole, str) else whole
    if not isinstance(named, Sequence) or not all(isinstance(one, str) for one in named):
        raise RunError(f"Recorder: whole must be names or patterns of layers, got {whole!r}")
    return int(max_width), tuple(named)


def narrowed(
    layers: Sequence[Layer],
    dtypes: Mapping[str, str],
    hidden: Iterable[str],
    n: int,
    *,
    on_cpu: bool,
    max_width: int = MAX_WIDTH,
    whole: Sequence[str] = (),
) -> list[Layer]:
    """The same layers, and of the wide ones what is kept.

    A layer of which as much would be kept as it has is kept whole, and so is one of whole numbers.

    Args:
        layers: Of a plan.
        dtypes: Of theirs, by name.
        hidden: Names of those that are neither inputs nor outputs.
        n: Points.
        on_cpu: Whether the model is on a CPU.
        max_width: As in `Recorder`, as is the other.
        whole: Patterns of names or kinds.

    Raises:
        RunError: If a pattern fits no layer.
    """
    for pattern in whole:
        if not any(_fits(one, (pattern,)) for one in layers):
            raise RunError(
                f"Recorder: whole must name recorded layers, {pattern!r} fits none of"
                f" {', '.join(one.name for one in layers)}"
            )
    can = {*hidden} & {name for name, one in dtypes.items() if one.startswith("float")}
    wide = [
        one
        for one in layers
        if one.name in can and prod(one.shape) > max_width and not _fits(one, whole)
    ]
    held, found = 0, {}
    for one in sorted(wide, key=lambda layer: prod(layer.shape)):
        width = prod(one.shape)
        held += 4 * n * width
        places = n <= (ON_CPU if on_cpu else kept.PLACED) and held <= HELD_BYTES
        columns = kept_of(width, n, places=places)
        if width_kept(columns) < width:
            found[one.name] = replace(one, kept=columns)
    return [found.get(one.name, one) for one in layers]


def _fits(layer: Layer, patterns: Sequence[str]) -> bool:
    return any(
        fnmatch.fnmatchcase(name, pattern)
        for pattern in patterns
        for name in (layer.name, layer.kind)
    )


def said_of(layer: Layer) -> str:
    """What a plan says of a wide layer; "" of one that is kept whole."""
    if layer.kept is None:
        return ""
    distances = "all distances" if layer.kept["places"] else "a sketch"
    return f"as {layer.kept['exact']} exact coordinates and {distances}, of {layer.kept['of']:,} values"


def going_on(run: Run | Told) -> Wide:
    """What keeps the wide layers of a run, from where it is."""
    layers = {one.name: one.kept for one in run.layers if one.kept is not None}
    if not layers:
        return Wide({})
    assert isinstance(run, Run)  # where several ranks record nothing is wide
    told, last = run.made.get("wide"), {}
    if len(run.epochs):
        rows = choose(run.n)
        last = {name: kept.coordinates(run, name, len(run.epochs) - 1)[rows] for name in layers}
    return Wide(layers, last, told if isinstance(told, Mapping) else None)


def beside_of(model: nn.Module, nodes: Sequence[Call], call: Call, how: str) -> Beside:
    """The modules with linear parts before and behind a layer.

    Args:
        model: Whose they are.
        nodes: Of the network.
        call: That makes the layer.
        how: What becomes of its axes; where they are not all kept, no module takes what is recorded.
    """
    if how != FLATTEN or call not in nodes:
        return Beside()
    modules = modules_of(model)
    at = nodes.index(call)
    own = _place(modules, nodes, call) if call.inputs else None
    same = {at}
    for i, one in enumerate(nodes[at + 1 :], at + 1):
        if not same & set(one.inputs):
            continue
        if not one.operation and (place := _place(modules, nodes, one)) is not None:
            return Beside(own, place)
        if len(one.inputs) == 1 and kind_of(one.kind).repeats:
            same.add(i)
    return Beside(own, None)


def _place(
    modules: Mapping[str, nn.Module], nodes: Sequence[Call], call: Call
) -> tuple[nn.Module, tuple[int, ...]] | None:
    """A module with a linear part, and the shape of a point that it takes."""
    module = modules.get(call.module)
    if call.operation or module is None or not has_linear_part(module) or len(call.inputs) != 1:
        return None
    before = nodes[call.inputs[0]]
    plain = all(one.place.axis == 0 and one.place.fold == 1 for one in (call, before))
    return (module, before.shape) if plain and before.shape is not None else None


def groups_of(
    nodes: Sequence[Call], calls: Mapping[str, Call], layers: Sequence[Layer]
) -> list[list[str]]:
    """Wide layers, those together that are added up: a sum, and the terms that are recorded as wide as it.

    Args:
        nodes: Of the network.
        calls: By layer.
        layers: Of the plan.
    """
    wide = {one.name: one for one in layers if one.kept is not None}
    by_source = {calls[name].source: name for name in wide if name in calls}
    group = {name: {name} for name in wide}
    for node in nodes:
        behind = by_source.get(node.source)
        if behind is None or node.kind not in ADDED:
            continue
        for i in node.inputs:
            before = by_source.get(nodes[i].source)
            if before is not None and wide[before].shape == wide[behind].shape:
                joined = group[before] | group[behind]
                for name in joined:
                    group[name] = joined
    out: list[list[str]] = []
    for name in wide:
        if not any(name in one for one in out):
            out.append([other for other in wide if other in group[name]])
    return out


class Widely:
    """The wide layers of one Recorder.

    Args:
        model: The recorded one.
        nodes: Of its network.
        plan: What is recorded of it.
        run: That is written.
    """

    def __init__(
        self, model: nn.Module, nodes: Sequence[Call], plan: Plan, run: Run | Told
    ) -> None:
        self._model, self._nodes, self._plan = model, nodes, plan
        self.kept = going_on(run)
        self.groups = groups_of(nodes, plan.calls, run.layers)
        self.sources = {plan.sources[name] for group in self.groups for name in group}

    def settle(self, values: Mapping[str, torch.Tensor], epoch: int) -> None:
        """Settle the directions of all wide layers.

        Args:
            values: By layer ``(m, *shape)`` of the points that `gt.record.wide.choose` chooses.
            epoch: Number of the coming step.
        """
        calls, how = self._plan.calls, self._plan.kept
        for group in self.groups:
            beside = {
                name: beside_of(self._model, self._nodes, calls[name], how[name]) for name in group
            }
            self.kept.settle({name: values[name] for name in group}, beside, epoch)
