"""Beginning a run: its folder, empty arrays and what it says about itself; and what may be in it at all."""

from __future__ import annotations

import json
import math
import os
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import zarr

from gt.errors import ForeignStoreError, RunError, ShapeError
from gt.files.beside import built_beside
from gt.files.lock import living_writer, refusal
from gt.run import attributes, bounds, checks, disk, history, saying
from gt.run.columns import ColumnEntry, entries
from gt.run.graph import Graph
from gt.run.layer import Layer, Weight
from gt.run.points import Points
from gt.run.task import CLASSIFICATION, EPOCH, UNITS, axes_of, check_outputs, one_class

LOCK = "writer.lock"  # in the run's folder
OF_POINTS = ("ids", "labels", "splits", "images", "targets")
HISTORY_ROWS = 1024  # epochs in one file of history: the whole of most runs
CHUNK_BYTES = 16 * 2**20  # largest chunk of activations, uncompressed


def begin(
    path: Path,
    points: Points,
    layers: Sequence[Layer],
    *,
    weights: Mapping[str, tuple[int, ...]],
    title: str | None,
    made: Mapping[str, Any],
    dtypes: Mapping[str, str],
    rows: int | None,
    digest: str | None,
    graph: Graph | None = None,
    task: str = CLASSIFICATION,
    axes: Sequence[str] | None = None,
    unit: str = EPOCH,
    model: Mapping[str, Any] | None = None,
) -> None:
    """Make an empty run; arguments and errors are those of `gt.run.write.RunWriter.create`."""
    free(path)
    named = axes_of(task, axes, points.classes, "record")
    check_outputs(task, named, layers)
    further = entries(points.columns)
    layers, title = _placed(layers), title_of(title, path)
    said = saying.plain(dict(made), "write_run: made")
    with built_beside(path) as building:
        group = zarr.create_group(building)
        _write_points(group, points, further)
        for layer in layers:
            if layer.array is not None:
                dtype = np.dtype(dtypes.get(layer.name, "float32"))
                _make_activations(group, layer, points.n, dtype, rows)
        kept = _make_weights(group, weights)
        for name, tail in history.tails(len(points.classes)).items():
            disk.make_array(group, f"history/{name}", (0, *tail), "f4", (HISTORY_ROWS, *tail))
        uid = uuid.uuid4().hex
        about: dict[str, Any] = {"uid": uid, "title": title, "classes": list(points.classes)}
        about |= {"inputs": digest, "made": said}
        if model is not None:
            about["model"] = saying.plain(dict(model), "record: model")
        about |= _description(layers, kept) | _of_task(task, named, unit, further)
        if graph is not None:
            about["graph"] = saying.plain(graph.to_json(), "record: graph")
        saying.check_size(json.dumps({"attributes": about}, indent=2))
        group.attrs.put(about)
        checks.begin(building, uid, ends_of_points(building, group, further))


def _description(layers: Sequence[Layer], weights: Sequence[Weight]) -> dict[str, Any]:
    """What a run without epochs says about its format and what is recorded."""
    return {
        "format": disk.FORMAT,
        "version": disk.VERSION,
        "checks": True,
        "epochs": [],
        "layers": [layer.to_json() for layer in layers],
        "weights": [weight.to_json() for weight in weights],
    }


def _of_task(
    task: str, axes: tuple[str, ...], unit: str, columns: Sequence[ColumnEntry]
) -> dict[str, Any]:
    """What a run says of its task, unit and columns: nothing where they are the usual ones."""
    if unit not in UNITS:
        raise RunError(f"record: unit must be one of {', '.join(UNITS)}, got {unit!r}")
    said: dict[str, Any] = {} if task == CLASSIFICATION else {"task": task}
    said |= {} if one_class(task) else {"axes": list(axes)}
    said |= {} if unit == EPOCH else {"unit": unit}
    return said | ({"columns": [one.to_json() for one in columns]} if columns else {})


def ends_of_points(
    path: Path, group: zarr.Group, columns: Sequence[ColumnEntry] = ()
) -> dict[str, list[str]]:
    """How the chunks end of what all epochs share."""
    names = (*OF_POINTS, *(one.array for one in columns))
    there = [disk.get_array(group, name, "record") for name in names if name in group]
    return {one.path: checks.ends(path, one, 0, one.shape[0]) for one in there}


def add_checks(path: Path) -> None:
    """Say of a finished run that nobody writes which chunk belongs where, as its writer would have.

    Args:
        path: Its folder; checks that are there already are made anew.

    Raises:
        RunError: If it is damaged.
    """
    said = attributes.read(path)
    group = zarr.open_group(path, mode="r+")
    checks.begin(path, said.uid, ends_of_points(path, group, said.columns))
    layers = {one.array: one.constant for one in said.layers if one.array}
    growing = layers | {weight.array: False for weight in said.weights}
    arrays = [disk.get_array(group, name, "checks") for name in growing]
    kept = [disk.get_array(group, f"history/{name}", "checks") for name in history.NAMES]
    rows = [disk.read(array, ..., f"checks: {array.path}") for array in kept]
    size = (path / checks.FILE).stat().st_size
    for at, epoch in enumerate(said.epochs.tolist()):
        ends = {
            array.path: checks.ends(path, array, at, at + 1)
            for array in arrays
            if at == 0 or not growing[array.path]
        }
        size = checks.append(
            path, size, epoch, ends, checks.of_history(row[at] for row in rows), False
        )
    group.attrs["version"] = disk.VERSION
    group.attrs["checks"] = True


def title_of(title: Any, path: Path) -> str:
    """What people call a run in this folder; made from the folder's name if nobody said.

    Raises:
        RunError: If what was said is no title.
    """
    if title is not None and saying.name(title, "write_run: title"):
        return str(title)
    name = os.fsencode(path.name).decode("utf-8", "replace")
    return name.replace("-", " ").replace("_", " ").replace("\0", " ") or "run"


def free(path: Path) -> None:
    """Raise unless nothing is at a path, or an empty folder."""
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return
    if (writer := living_writer(path / LOCK)) is not None:
        raise refusal(f"record: {path}", writer)
    raise ForeignStoreError(
        f"write_run: {path} must be new or empty, it holds something else; choose another path"
    )


def _placed(layers: Sequence[Layer]) -> list[Layer]:
    """Layers with the places of their arrays; raises unless a reader can tell them apart."""
    placed = []
    for i, layer in enumerate(layers):
        if layer.source is None:
            layer = replace(layer, array=f"activations/{i:03d}")
        for name in (layer.name, layer.kind, layer.module or "model"):
            if not saying.name(name, "record: the name of a layer"):
                raise RunError("record: a layer must have a name, it is empty")
        config = saying.plain(dict(layer.config), f"record: config of layer {layer.name!r}")
        placed.append(replace(layer, config=config))
    attributes.check_layers(tuple(placed))
    return placed


def _make_weights(group: zarr.Group, weights: Mapping[str, tuple[int, ...]]) -> list[Weight]:
    kept = []
    for i, (name, shape) in enumerate(weights.items()):
        saying.name(name, "record: the name of a weight")
        weight = Weight(name, tuple(shape), f"weights/{i:03d}")
        _check_size(name, weight.shape, 4)
        disk.make_array(group, weight.array, (0, *shape), "f4", (1, *shape), level=disk.FAST)
        kept.append(weight)
    return kept


def _check_size(name: str, shape: tuple[int, ...], itemsize: int) -> None:
    """Raise unless one epoch of an array is of a size that a reader opens."""
    size = math.prod(shape) * itemsize
    if size == 0 or len(shape) > bounds.DIMENSIONS - 2 or size > bounds.EPOCH_BYTES:
        raise ShapeError(
            f"record: {name} must be of 1 to {bounds.EPOCH_BYTES:,} bytes an epoch and have"
            f" {bounds.DIMENSIONS - 2} dimensions at most, got shape {shape}"
        )


def _write_points(group: zarr.Group, points: Points, columns: Sequence[ColumnEntry]) -> None:
    if not 0 < points.n <= bounds.POINTS:
        raise ShapeError(f"write_run: there must be 1 to {bounds.POINTS:,} points, got {points.n}")
    for name in OF_POINTS[:3]:
        value = getattr(points, name)
        disk.make_array(group, name, value.shape, value.dtype, value.shape)[...] = value
    for entry, column in zip(columns, points.columns, strict=True):
        value = column.values
        disk.make_array(group, entry.array, value.shape, value.dtype, value.shape)[...] = value
    if points.targets is not None:
        value = points.targets
        rows = max(1, CHUNK_BYTES // max(1, value[0].nbytes))
        chunks = (min(rows, points.n), *value.shape[1:])
        disk.make_array(group, "targets", value.shape, value.dtype, chunks)[...] = value
    if points.images is not None:
        shape = points.images.shape
        rows = max(1, CHUNK_BYTES // int(np.prod(shape[1:])))
        chunks = (min(rows, shape[0]), *shape[1:])
        disk.make_array(group, "images", shape, "u1", chunks, level=9)[...] = points.images


def _make_activations(
    group: zarr.Group, layer: Layer, n: int, dtype: np.dtype, rows: int | None
) -> None:
    shape = layer.stored_shape
    wide = int(np.prod(shape)) * dtype.itemsize
    fit = max(1, min(n, CHUNK_BYTES // max(1, wide))) if rows is None else min(rows, n)
    assert layer.array is not None
    if dtype.kind not in "fiu" or dtype.itemsize > 8:
        raise ShapeError(f"record: layer {layer.name!r} must be of plain numbers, got {dtype}")
    _check_size(f"layer {layer.name!r}", (n, *shape), dtype.itemsize)
    fit = max(1, min(fit, bounds.CHUNK_BYTES // max(1, wide)))
    disk.make_array(group, layer.array, (0, n, *shape), dtype, (1, fit, *shape), level=disk.FAST)
