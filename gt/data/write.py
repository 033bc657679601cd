"""Writing runs: epoch by epoch (``RunWriter``), or all at once (``write_run``).

A run is made in a folder beside its place and renamed when it is whole. From then on it only grows:
everything of an epoch is written first, past the committed end of each array, and the last step
replaces the run's ``zarr.json``, which names the committed epochs. Killed in between, a run has
exactly the epochs that were completed.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import zarr

from gt.data import disk
from gt.data.errors import (
    EpochError,
    ForeignStoreError,
    NotFiniteError,
    RunError,
    ShapeError,
)
from gt.data.layer import Layer, Weight
from gt.data.measure import Measures, are_probabilities, measure, pair
from gt.data.points import Points, check_points

HISTORY_ROWS = 1024  # epochs in one file of history: the whole of most runs
CHUNK_BYTES = 16 * 2**20  # largest chunk of activations, uncompressed


class RunWriter:
    """Append epochs to one run. Not for two writers at once.

    ``put`` and ``put_weight`` write parts of the epoch that comes next; ``commit`` makes it part of
    the run.
    """

    def __init__(self, path: Path) -> None:
        """Open an existing run for writing; ``create`` makes a new one."""
        from gt.data.run import open_run

        self.run = open_run(path)
        self.path = path
        for left in path.rglob("*.partial"):  # by a writer that was killed
            left.unlink()
        self._group = zarr.open_group(path, mode="r+")
        self._epochs = [int(e) for e in self.run.epochs]
        self._arrays: dict[str, zarr.Array] = {}
        self._grown: set[str] = set()

    @classmethod
    def create(
        cls,
        path: str | Path,
        points: Points,
        layers: Sequence[Layer],
        *,
        weights: Mapping[str, tuple[int, ...]] | None = None,
        title: str | None = None,
        made: Mapping[str, Any] | None = None,
        dtypes: Mapping[str, str] | None = None,
        rows: int | None = None,
        digest: str | None = None,
    ) -> RunWriter:
        """Make an empty run.

        Args:
            path: A folder that is not there yet, or is empty.
            points: The probe points.
            layers: In network order; those without ``softmax_of`` are stored.
            weights: Shapes of parameters to be recorded, by name.
            title: For people; made from the folder's name when None.
            made: How the run was made; anything JSON can hold.
            dtypes: Stored type of layers by name; float32 where not named.
            rows: Points in a chunk of activations of hidden layers; all when None.
            digest: SHA-256 of the inputs, so that a later recording can tell that it goes on with
                the same.

        Raises:
            ForeignStoreError: If the folder holds anything.
        """
        path = Path(path)
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise ForeignStoreError(
                f"write_run: {path} must be new or empty, it holds something else; choose another"
                " path"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        building = path.parent / f".{path.name}.building"
        if building.exists():  # by a writer that was killed
            shutil.rmtree(building)
        group = zarr.create_group(building)
        _write_points(group, points)
        placed = []
        for i, layer in enumerate(layers):
            if layer.softmax_of is None:
                layer = replace(layer, array=f"activations/{i:03d}")
                dtype = np.dtype((dtypes or {}).get(layer.name, "float32"))
                _make_activations(group, layer, points.n, dtype, rows)
            placed.append(layer)
        kept = [
            Weight(name, tuple(shape), f"weights/{i:03d}")
            for i, (name, shape) in enumerate((weights or {}).items())
        ]
        for weight in kept:
            disk.make_array(group, weight.array, (0, *weight.shape), "f4", (1, *weight.shape))
        k = len(points.classes)
        for name, tail in _history(k).items():
            disk.make_array(group, f"history/{name}", (0, *tail), "f4", (HISTORY_ROWS, *tail))
        group.attrs.put(
            {
                "format": disk.FORMAT,
                "version": disk.VERSION,
                "uid": uuid.uuid4().hex,
                "title": title or path.name.replace("-", " ").replace("_", " "),
                "classes": list(points.classes),
                "epochs": [],
                "layers": [layer.to_json() for layer in placed],
                "weights": [
                    {"name": w.name, "shape": list(w.shape), "array": w.array} for w in kept
                ],
                "inputs": digest,
                "made": dict(made or {}),
            }
        )
        if path.exists():
            path.rmdir()
        building.rename(path)
        return cls(path)

    @property
    def epochs(self) -> tuple[int, ...]:
        """The committed epochs."""
        return tuple(self._epochs)

    def check_next(self, epoch: int) -> None:
        """Raise ``EpochError`` unless ``epoch`` may come next."""
        if epoch in self._epochs:
            raise EpochError(
                f"record: epoch {epoch} is recorded already; this run has {_span(self._epochs)}"
            )
        if epoch < 0 or (self._epochs and epoch < self._epochs[-1]):
            raise EpochError(
                f"record: epochs must go up, epoch {epoch} came and this run has"
                f" {_span(self._epochs)}"
            )

    def put(self, layer: Layer, start: int, block: np.ndarray, epoch: int) -> None:
        """Write activations ``(rows, *layer.shape)`` of points from ``start`` on.

        Raises:
            ShapeError: If the block has another shape than the layer.
            NotFiniteError: If it holds NaN or infinity, or does once stored.
        """
        if block.shape[1:] != layer.shape:
            raise ShapeError(
                f"record: epoch {epoch}, layer {layer.name!r} must have shape {layer.shape}, got"
                f" {block.shape[1:]}"
            )
        assert layer.array is not None
        array = self._array(layer.array)
        with np.errstate(over="ignore"):
            stored = block.astype(array.dtype, copy=False)
        if not np.isfinite(stored).all():
            _not_finite(layer, epoch, block, array.dtype)
        at = 0 if layer.constant else len(self._epochs)
        self._grow(layer.array, at)
        array[at, start : start + len(block)] = stored

    def put_weight(self, name: str, value: np.ndarray, epoch: int) -> None:
        """Write one parameter of the coming epoch."""
        weight = next(w for w in self.run.weight_list if w.name == name)
        if value.shape != weight.shape:
            raise ShapeError(
                f"record: epoch {epoch}, {name} must have shape {weight.shape}, got {value.shape}"
            )
        if not np.isfinite(value).all():
            raise NotFiniteError(
                f"record: epoch {epoch}, {name} must be finite, it holds NaN or infinity"
            )
        self._grow(weight.array, len(self._epochs))
        self._array(weight.array)[len(self._epochs)] = value

    def commit(self, epoch: int, measures: Measures, made: Mapping[str, Any] | None = None) -> None:
        """Write the history of the coming epoch and make it part of the run.

        Args:
            epoch: Its number, above all before it.
            measures: Its history.
            made: Entries to set in ``run.made``.
        """
        self.check_next(epoch)
        for name in _history(len(self.run.classes)):
            array = self._array(f"history/{name}")
            self._grow(f"history/{name}", len(self._epochs))
            array[len(self._epochs)] = getattr(measures, name)
        stored: dict[str, Any] = dict(self._group.attrs)
        stored["epochs"] = [*self._epochs, int(epoch)]
        if made:
            stored["made"] = {**self.run.made, **made}
            self.run.made = MappingProxyType(stored["made"])
        self._group.attrs.put(stored)
        self._epochs.append(int(epoch))
        self._grown.clear()

    def forget(self) -> None:
        """Forget the epoch that was begun, after it failed: what is known is what is on disk.

        Zarr changes what it knows of a group before it writes, so after a write that failed or was
        interrupted it knows things that are not so.
        """
        self._group = zarr.open_group(self.path, mode="r+")
        self._epochs = list(disk.read_attributes(self.path)["epochs"])
        self._arrays.clear()
        self._grown.clear()

    def close(self) -> None:
        """Let others write."""

    def _array(self, name: str) -> zarr.Array:
        if name not in self._arrays:
            array = disk.get_array(self._group, name, "record")
            self._arrays[name] = array.with_config({"write_empty_chunks": True})
        return self._arrays[name]

    def _grow(self, name: str, at: int) -> None:
        array = self._array(name)
        if name not in self._grown and array.shape[0] != at + 1:
            array.resize((at + 1, *array.shape[1:]))
        self._grown.add(name)


def write_run(
    path: str | Path,
    outputs: Any,
    labels: Any,
    *,
    classes: Sequence[str] | None = None,
    splits: Any = None,
    images: Any = None,
    ids: Any = None,
    epochs: Any = None,
    loss: Any = None,
    accuracy: Any = None,
    class_loss: Any = None,
    class_accuracy: Any = None,
    lr: Any = None,
    kind: str = "auto",
    title: str | None = None,
    made: Mapping[str, Any] | None = None,
) -> Any:
    """Store outputs that one has already as a run.

    Args:
        path: Where the run goes; a folder that is not there yet.
        outputs: ``(e, n, k)`` logits or probabilities of n points in e epochs.
        labels: ``(n,)`` in ``[0, k)``.
        classes: k names.
        splits: ``(n,)`` 0 = train, 1 = test, or "train" and "test"; all train when None.
        images: ``(n, h, w[, 1 or 3])`` uint8.
        ids: ``(n,)`` unique whole numbers.
        epochs: ``(e,)`` rising whole numbers; 0, 1, ... when None.
        loss: ``(e,)`` of the train split or ``(e, 2)`` (train, test); measured on the points when
            None.
        accuracy: Likewise.
        class_loss: ``(e, k)`` or ``(e, 2, k)``; measured on the points when None.
        class_accuracy: Likewise.
        lr: ``(e,)`` learning rates.
        kind: "logits", "probabilities", or "auto": probabilities if every row is non-negative and
            sums to 1.
        title: For people; made from the folder's name when None.
        made: How the run was made; anything JSON can hold.

    Returns:
        The run, opened.

    Raises:
        RunError: One of its classes, for whatever does not fit.
    """
    from gt.data.run import open_run

    out = np.asarray(outputs)
    if out.ndim != 3 or 0 in out.shape:
        raise ShapeError(
            f"write_run: outputs must have shape (epochs, points, classes), got {out.shape}"
        )
    if out.dtype.kind not in "fiu":
        raise ShapeError(f"write_run: outputs must be numbers, got {out.dtype}")
    if not np.isfinite(out).all():
        e, n, _ = np.argwhere(~np.isfinite(out))[0]
        raise NotFiniteError(
            f"write_run: outputs must be finite, NaN or infinity at epoch row {e}, point {n}"
        )
    if kind not in ("auto", "logits", "probabilities"):
        raise RunError(f'write_run: kind must be "auto", "logits" or "probabilities", got {kind!r}')
    count, n, k = out.shape
    points = check_points(
        n, k, labels, classes=classes, splits=splits, ids=ids, images=images, where="write_run"
    )
    numbers = np.arange(count) if epochs is None else np.asarray(epochs)
    if numbers.shape != (count,):
        raise ShapeError(f"write_run: epochs must have shape ({count},), got {numbers.shape}")
    if (np.diff(numbers) <= 0).any() or numbers[0] < 0 or (numbers != np.floor(numbers)).any():
        raise EpochError("write_run: epochs must be whole numbers that go up from 0 or more")
    given = {"loss": loss, "accuracy": accuracy, "class_loss": class_loss}
    given["class_accuracy"] = class_accuracy
    given = {name: value for name, value in given.items() if value is not None}
    for name, value in [*given.items(), *([("lr", lr)] if lr is not None else [])]:
        lengths = {len(v) for v in value.values()} if isinstance(value, dict) else {len(value)}
        if lengths != {count}:
            raise ShapeError(f"write_run: {name} must have {count} entries, one for each epoch")
    found = are_probabilities(out) if kind == "auto" else kind == "probabilities"
    if kind == "probabilities" and not are_probabilities(out):
        raise RunError(
            "write_run: probabilities must be non-negative with rows that sum to 1; are they"
            " logits?"
        )
    note = {
        "outputs": ("probabilities" if found else "logits")
        + (", recognised by their values" if kind == "auto" else "")
    }
    layers = output_layers(k, probabilities=found)
    writer = RunWriter.create(path, points, layers, title=title, made={**note, **(made or {})})
    for e in range(count):
        measured = measure(out[e], found, points.labels, points.splits)
        for name, value in given.items():
            row = {s: v[e] for s, v in value.items()} if isinstance(value, dict) else value[e]
            tail = (k,) if name.startswith("class") else ()
            changed: dict[str, Any] = {name: pair(row, name, "write_run", tail)}
            measured = replace(measured, **changed)
        measured = replace(measured, lr=float("nan") if lr is None else float(lr[e]))
        writer.put(writer.run.layers[0], 0, out[e], int(numbers[e]))
        writer.commit(int(numbers[e]), measured)
    return open_run(path)


def output_layers(k: int, *, probabilities: bool) -> list[Layer]:
    """Make the layers of a run of outputs alone."""
    if probabilities:
        return [Layer("softmax", "Softmax", (k,))]
    return [Layer("logits", "Logits", (k,)), Layer("softmax", "Softmax", (k,), softmax_of="logits")]


def _history(k: int) -> dict[str, tuple[int, ...]]:
    return {
        "loss": (2,),
        "accuracy": (2,),
        "class_loss": (2, k),
        "class_accuracy": (2, k),
        "lr": (),
    }


def _write_points(group: zarr.Group, points: Points) -> None:
    for name in ("ids", "labels", "splits"):
        value = getattr(points, name)
        disk.make_array(group, name, value.shape, value.dtype, value.shape)[...] = value
    if points.images is not None:
        shape = points.images.shape
        rows = max(1, CHUNK_BYTES // int(np.prod(shape[1:])))
        chunks = (min(rows, shape[0]), *shape[1:])
        disk.make_array(group, "images", shape, "u1", chunks, level=9)[...] = points.images


def _make_activations(
    group: zarr.Group, layer: Layer, n: int, dtype: np.dtype, rows: int | None
) -> None:
    wide = int(np.prod(layer.shape)) * dtype.itemsize
    fit = max(1, min(n, CHUNK_BYTES // max(1, wide))) if rows is None else min(rows, n)
    assert layer.array is not None
    disk.make_array(group, layer.array, (0, n, *layer.shape), dtype, (1, fit, *layer.shape))


def _not_finite(layer: Layer, epoch: int, block: np.ndarray, dtype: np.dtype) -> None:
    if np.isfinite(block).all():
        raise NotFiniteError(
            f"record: epoch {epoch}, layer {layer.name!r}: {np.abs(block).max():.3g} is beyond"
            f" {dtype};"
            ' record with dtype="float32"'
        )
    raise NotFiniteError(
        f"record: epoch {epoch}, layer {layer.name!r} must be finite, it holds NaN or infinity;"
        " has the training diverged?"
    )


def _span(epochs: Sequence[int]) -> str:
    return f"epochs {epochs[0]} to {epochs[-1]}" if epochs else "no epochs"
