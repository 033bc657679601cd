"""The values of a wide layer for its alignment: made again where they can be, else its exact coordinates.

A run keeps no values of a wide layer (`gt.run.wide`). Where a layer before it is kept whole and what lies between are
known layers with recorded weights, the values follow from these, at every step. They are believed where they have the
sketch that was recorded of the layer; then a wide layer is aligned as if it were kept whole, by any reference step.
Elsewhere, its exact coordinates stand for it.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from math import prod

import numpy as np

from gt.layers.kind import Step, kind_of
from gt.run import Layer, Run, RunError, wide
from gt.run.graph import Node

SAME = 0.01  # of a sketch's size: bfloat16 and half precision on the way are within it
LOOKED_AT = 8  # points, at three steps, by which it is decided
HELD_BYTES = 2**30  # of values that are made at once, in float64

_CAN: weakref.WeakKeyDictionary[Run, dict[str, bool]] = weakref.WeakKeyDictionary()


def shape_of(run: Run, layer: Layer) -> tuple[int, ...]:
    """The shape of a point in what `values_of` gives: the layer's own, or that of its exact coordinates."""
    if layer.kept is None or can_be_made(run, layer):
        return layer.shape
    return (int(layer.kept["exact"]),)


def values_of(run: Run, layer: Layer, epoch_index: int, rows: np.ndarray) -> np.ndarray:
    """Values ``(n, d)`` float64 of some points, or what stands for them.

    Args:
        run: The run.
        layer: One of its layers.
        epoch_index: Position in ``epochs``.
        rows: Of the points.

    Raises:
        NotFiniteError: If the layer holds NaN or infinity; it names layer and epoch.
        RunError: If values that are made again are not those that were recorded.
    """
    if layer.kept is None:
        values = run.activations(layer.name, epoch_index)[rows]
    elif can_be_made(run, layer):
        values = _made(run, layer, epoch_index, rows)
        if not _is_recorded(run, layer, epoch_index, rows, values):
            raise RunError(
                f"{run.name}: layer {layer.name!r}, {run.unit} {run.epochs[epoch_index]}, made again from its"
                " weights must have the sketch that was recorded, it has another; record it with"
                f" whole=[{layer.name!r}]",
                by="align",
            )
    else:
        values = wide.coordinates(run, layer.name, epoch_index)[rows]
    return values.reshape(len(rows), -1).astype(np.float64)


def share_seen(run: Run, layer: Layer, epoch_index: int, rows: np.ndarray) -> float:
    """Share of the points' variance that is in what `values_of` gives; 1 where that is all of it."""
    if layer.kept is None or can_be_made(run, layer):
        return 1.0
    seen = wide.coordinates(run, layer.name, epoch_index)[rows]
    whole = wide.distance_values(run, layer.name, epoch_index)[rows]
    power, total = (float(values.astype(np.float64).var(0).sum()) for values in (seen, whole))
    return min(1.0, power / total) if total > 0 else 1.0


def kept_said(run: Run, layer: Layer) -> str:
    """What is said of a wide layer's recording where its alignment is shown; "" of one that is kept whole."""
    said = wide.sentence(run, layer)
    if layer.kept is None:
        return said
    if can_be_made(run, layer):
        return f"{said}; its values are made again from the weights"
    settled, moved = wide.settled_of(run, layer)
    if len(settled) < 2:
        return said
    listed = ", ".join(map(str, settled[1:]))
    return (
        f"{said}; its directions were settled anew at {listed}, which moved at most {100 * max(moved):.2g} %"
        " of its coordinates' squared size"
    )


def can_be_made(run: Run, layer: Layer) -> bool:
    """Whether a wide layer's values follow from what is recorded: tried at the first, middle and last step."""
    known = _CAN.setdefault(run, {})
    if layer.name not in known:
        known[layer.name] = _tried(run, layer)
    return known[layer.name]


def _tried(run: Run, layer: Layer) -> bool:
    if (
        not len(run.epochs)
        or 8 * run.n * prod(layer.shape) > HELD_BYTES
        or _way(run, layer) is None
    ):
        return False
    rows = np.unique(np.arange(LOOKED_AT) * (run.n - 1) // (LOOKED_AT - 1))
    last = len(run.epochs) - 1
    for at in {0, last // 2, last}:
        try:
            values = _made(run, layer, at, rows)
        except (KeyError, TypeError, ValueError):  # a setting or a weight is not known, or fits not
            return False
        if not _is_recorded(run, layer, at, rows, values):
            return False
    return True


def _is_recorded(
    run: Run, layer: Layer, epoch_index: int, rows: np.ndarray, values: np.ndarray
) -> bool:
    """Whether values have the sketch that was recorded."""
    there = wide.sketch(run, layer.name, epoch_index)[rows]
    flat = values.reshape(len(rows), -1)
    if flat.shape[1] != prod(layer.shape):
        return False
    off = np.linalg.norm(wide.sketched(flat, there.shape[1]) - there)
    return bool(off <= SAME * np.linalg.norm(there))


def _way(run: Run, layer: Layer) -> tuple[Layer, list[Node]] | None:
    """The nearest layer before that is kept whole, and the nodes from there to a layer; None if there is none."""
    whole = {one.name: one for one in run.layers if one.kept is None}
    nodes, at = run.graph.nodes, run.graph.of_layer.get(layer.name)
    way: list[Node] = []
    while at is not None:
        node = nodes[at]
        if node.layer in whole:
            return whole[node.layer], way[::-1]
        if len(node.inputs) != 1 or kind_of(node.kind).forward is None:
            return None
        way.append(node)
        at = node.inputs[0]
    return None


def _made(run: Run, layer: Layer, epoch_index: int, rows: np.ndarray) -> np.ndarray:
    found = _way(run, layer)
    assert found is not None
    first, way = found
    x = run.activations(first.name, epoch_index)[rows].astype(np.float32)
    weights = run.weights(epoch_index)
    for node in way:
        compute = kind_of(node.kind).forward
        assert compute is not None
        recorded = run.layer(node.layer) if node.layer is not None else None
        shape = node.shape if node.shape is not None else x.shape[1:]
        config = node.config or (recorded.config if recorded is not None else {})
        own = parameters_of(weights, node, recorded)
        x = np.asarray(compute(Step(node.kind, x.shape[1:], shape, config, own), x), np.float32)
    return x


def parameters_of(
    weights: Mapping[str, np.ndarray], node: Node, layer: Layer | None
) -> dict[str, np.ndarray]:
    """A node's recorded parameters, by its kind's names.

    Args:
        weights: Of one epoch.
        node: Of the graph.
        layer: That records it, if one does.
    """
    if node.parameters:
        return {own: weights[name] for own, name in node.parameters.items() if name in weights}
    if layer is None or layer.module is None or node.operation:
        return {}
    prefix = "" if layer.module == "model" else f"{layer.module}."
    return {
        key.removeprefix(prefix): value for key, value in weights.items() if key.startswith(prefix)
    }
