"""What a recording has for its alignment: which layers are states, their values, what lies between them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from gt.align.again import parameters_of, shape_of, values_of
from gt.align.network import Link
from gt.align.paths import Drawn, Edge, Sort, drawn
from gt.layers.kind import Step, kind_of
from gt.run.layer import Layer
from gt.run.read import Run
from gt.run.task import one_class

Read = Callable[[int], np.ndarray]


def shown_of(run: Run, rows: np.ndarray, epoch_index: int) -> Drawn:
    """The states of a run and what lies between them; layers that only repeat the one before are no states.

    Args:
        run: The run.
        rows: Points on which to look.
        epoch_index: At which epoch to look.
    """
    if run.graph.chain:
        kept = {layer.name for layer in states_of(run, rows, epoch_index)}
        return drawn(run.graph, run.layers, {one.name for one in run.layers} - kept)
    whole = drawn(run.graph, run.layers)
    alone = {edge.behind: edge for edge in whole.edges if edge.sort == "operation"}
    through = {
        layer.name
        for i, layer in enumerate(whole.layers[:-1])
        if kind_of(layer.kind).repeats and i in alone
        if np.array_equal(
            values_of(run, whole.layers[alone[i].before], epoch_index, rows),
            values_of(run, layer, epoch_index, rows),
        )
    }
    return drawn(run.graph, run.layers, through)


def states_of(run: Run, rows: np.ndarray | None = None, epoch_index: int = 0) -> list[Layer]:
    """The layers of a chain that are states of their own: those that repeat the one before are left out.

    Args:
        run: The run.
        rows: Points on which to look; none are read when None, and what may repeat stays.
        epoch_index: At which epoch to look.
    """
    found: list[Layer] = []
    for layer in run.layers:
        if rows is not None and found and kind_of(layer.kind).repeats:
            before = values_of(run, found[-1], epoch_index, rows)
            if np.array_equal(before, values_of(run, layer, epoch_index, rows)):
                continue
        found.append(layer)
    return found


def links_of(run: Run, shown: Drawn, epoch_index: int, read: Read) -> list[Link]:
    """What lies between the states, with the parameters of an epoch.

    Args:
        run: The run.
        shown: Its states, from `shown_of`.
        epoch_index: Whose parameters.
        read: Gives the values ``(n, d)`` of a state.
    """
    weights = run.weights(epoch_index)
    out = []
    for edge in shown.edges:
        before, layer = shown.layers[edge.before], shown.layers[edge.behind]
        node = shown.nodes[edge.behind]
        config = node.config or layer.config
        found = parameters_of(weights, node, layer)
        parameters = {key: value.astype(np.float64) for key, value in found.items()}
        shape, behind = shape_of(run, before), shape_of(run, layer)
        if layer.kind == "Linear" and np.prod(shape) == config.get("in_features"):
            shape = (int(np.prod(shape)),)  # flattened on the way
        known = _all_values(before, layer)
        kind = layer.kind if known else f"{layer.kind} (of some values)"
        step = Step(kind, tuple(shape), tuple(behind), config, parameters)
        sort = _sort(run, shown, edge)
        if sort == "operation":
            # what is deduced `align` tries on the points before it believes it
            both = functools.partial(_both, read, edge.before, edge.behind)
            step = replace(step, parameters=kind_of(kind).parameters(step, both))
        made = any(one.kept is not None for one in (before, layer))
        terms = edge.terms if sort == "addition" else ()
        said, place = not shown.chain, edge.place if sort == "concatenation" else None
        out.append(
            Link(edge.before, edge.behind, step, sort, terms, edge.factor, said, made, place)
        )
    return out


def _all_values(before: Layer, layer: Layer) -> bool:
    """Whether what is known of a layer's kind holds of what was kept: all values, or the same of both layers."""
    kept, kept_before = layer.config.get("axes"), before.config.get("axes")
    if kept is None and str(kept_before).startswith("each "):  # all values of a token, or a pixel
        return True
    alike = kept == kept_before and kind_of(layer.kind).family in ("linear", "elementwise")
    return alike or kept is None is kept_before


def _sort(run: Run, shown: Drawn, edge: Edge) -> Sort:
    """What lies between two states, as far as it can be said of what stands for their values.

    Of coordinates that stand for values no kind of layer says anything; of a sum, only where all have the same.
    """
    states = {edge.before, edge.behind, *(i for i, _ in edge.terms)}
    layers = [shown.layers[i] for i in states]
    whole = all(shape_of(run, one) == one.shape for one in layers)
    if edge.sort == "addition":
        alike = len({shape_of(run, one) for one in layers}) == 1
        return "addition" if whole or alike else "several"
    if edge.sort == "concatenation":
        node, layer, before = (
            shown.nodes[edge.behind],
            shown.layers[edge.behind],
            shown.layers[edge.before],
        )
        assert edge.place is not None and node.shape is not None
        axis, _, size = edge.place
        part = int(np.prod((*layer.shape[:axis], size, *layer.shape[axis + 1 :])))
        whole = whole and layer.shape == node.shape and part == int(np.prod(before.shape))
    return edge.sort if whole else "several"


def _both(read: Read, before: int, behind: int) -> tuple[np.ndarray, np.ndarray]:
    return read(before), read(behind)


def least_coordinates(run: Run) -> int:
    """How many coordinates a state must have, so that each class of the outputs is one."""
    return len(run.axes) if one_class(run.task) else 1
