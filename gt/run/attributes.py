"""What a run says about itself, read without trusting it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from gt.errors import NewerVersionError, RunError, ShapeError, TruncatedRunError
from gt.run import bounds, columns, disk, metadata, task
from gt.run.columns import ColumnEntry
from gt.run.graph import Graph, chain_of
from gt.run.layer import Layer, Weight

READ_DEPTH = 100  # of a description: beyond it, programs that go through it list by list give up
LISTS = ("classes", "layers", "weights", "epochs")
UID = re.compile(r"[0-9a-f]{1,64}")  # it becomes the name of a folder in the cache


@dataclass(frozen=True)
class Attributes:
    """The attributes of a run's group, each of its type and within bounds.

    Attributes:
        version: Of the format.
        uid: Hexadecimal.
        title: For people.
        classes: Their names.
        epochs: ``(e,)`` int64, the committed ones, rising.
        layers: In network order.
        weights: The parameters.
        made: How the run was made.
        inputs: SHA-256 of the inputs, or None.
        checked: Whether a file of checks says which chunk belongs where.
        graph: The network as it ran; the chain of the layers where none was recorded.
        task: What the network is trained for, see `gt.run.task`.
        axes: Names of the outputs' columns.
        unit: "epoch" or "step": what the run is indexed by.
        columns: What further values its points have.
    """

    version: int
    uid: str
    title: str
    classes: tuple[str, ...]
    epochs: np.ndarray
    layers: tuple[Layer, ...]
    weights: tuple[Weight, ...]
    made: Mapping[str, Any]
    inputs: str | None
    checked: bool
    graph: Graph
    task: str
    axes: tuple[str, ...]
    unit: str
    columns: tuple[ColumnEntry, ...]


def read(path: Path) -> Attributes:
    """Read the attributes of the run at ``path``.

    Raises:
        NoRunError, ForeignStoreError: If there is no run.
        NewerVersionError: If a newer version of the format wrote it.
        TruncatedRunError: If an entry is missing, of another type, or beyond what can be.
        ShapeError: If epochs do not go up.
    """
    stored = disk.read_attributes(path)
    where = f"open_run: {path}"
    version = stored.get("version")
    if type(version) is not int:
        raise TruncatedRunError(f"{where}: version must be a number, got {version!r}")
    if version > disk.VERSION:
        raise NewerVersionError(
            f"{where} has format version {version}, this program reads up to {disk.VERSION};"
            " upgrade nn-grand-tour"
        )
    if _deeper_than(stored, READ_DEPTH):
        raise TruncatedRunError(
            f"{where}: zarr.json must go {READ_DEPTH} lists deep at most, it goes deeper"
        )
    try:
        found = _parse(version, stored)
    except RunError as error:
        raise error.at(where) from error
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise TruncatedRunError(
            f"{where}: zarr.json must describe a run, entry {error} is missing or damaged"
        ) from error
    return found


def _parse(version: int, stored: Mapping[str, Any]) -> Attributes:
    uid = stored["uid"]
    if not isinstance(uid, str) or not UID.fullmatch(uid):
        raise TruncatedRunError(
            f"uid must be 1 to 64 hexadecimal digits (0-9, a-f), got {metadata.short(uid)}"
        )
    listed = {name: metadata.of(list, stored[name], name) for name in LISTS}
    classes = tuple(metadata.of(str, one, "classes") for one in listed["classes"])
    layers = tuple(Layer.from_json(one) for one in listed["layers"])
    check_layers(layers)
    weights = tuple(Weight.from_json(one) for one in listed["weights"])
    what, axes, unit = task.read(stored, classes)
    task.check_outputs(what, axes, layers)
    further = columns.read_entries(stored.get("columns"))
    arrays = [layer.array for layer in layers if layer.array is not None]
    arrays += [weight.array for weight in weights] + [one.array for one in further]
    for name in arrays:
        disk.check_name(name)
    inputs = stored["inputs"]
    return Attributes(
        version,
        uid,
        metadata.of(str, stored["title"], "title"),
        classes,
        _epochs(listed["epochs"]),
        layers,
        weights,
        MappingProxyType(metadata.of(dict, stored["made"], "made")),
        None if inputs is None else metadata.of(str, inputs, "inputs"),
        stored.get("checks") is True,
        _graph(stored.get("graph"), layers),
        what,
        axes,
        unit,
        further,
    )


def _graph(stored: Any, layers: tuple[Layer, ...]) -> Graph:
    """The recorded graph, whose nodes name layers that there are; or the chain of the layers."""
    if stored is None:
        return chain_of(layers)
    found = Graph.from_json(stored)
    named = [node.layer for node in found.nodes if node.layer is not None]
    unknown = set(named) - {layer.name for layer in layers}
    if unknown or len(set(named)) != len(named):
        raise TruncatedRunError(
            f"nodes of the graph must name layers of the run, each once, they name {metadata.short(named)}"
        )
    return found


def _deeper_than(value: Any, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return any(isinstance(one, dict | list) for one in level)


def _epochs(values: list[Any]) -> np.ndarray:
    for one in values:
        if type(one) is not int or not 0 <= one <= bounds.LARGEST_NUMBER:
            raise TruncatedRunError(
                f"epochs must be whole numbers of 0 to {bounds.LARGEST_NUMBER}, got {metadata.short(one)}"
            )
    epochs = np.array(values, np.int64)
    if (np.diff(epochs) <= 0).any():
        raise ShapeError(f"epochs must go up, got {metadata.short(values)}")
    return epochs


def check_layers(layers: tuple[Layer, ...]) -> None:
    """Raise unless each layer is stored or follows from one that is."""
    stored = {layer.name: layer for layer in layers if layer.array is not None}
    if len({layer.name for layer in layers}) != len(layers):
        raise TruncatedRunError("layers must have names that differ")
    for layer in layers:
        if math.prod(layer.shape) < 1:
            raise TruncatedRunError(f"layer {layer.name!r} must hold numbers, it has {layer.shape}")
        if layer.array is None:
            both = layer.softmax_of is not None and layer.sigmoid_of is not None
            source = stored.get(str(layer.source))
            if source is None or source.shape != layer.shape or both:
                raise TruncatedRunError(
                    f"layer {layer.name!r} must have an array, or follow from a layer of its shape"
                    f" that has one, not from {metadata.short(layer.source)}"
                )
