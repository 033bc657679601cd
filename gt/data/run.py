"""Reading runs: ``open_run``, ``find_runs`` and what they return.

A run is checked when it is opened (everything but the activations themselves, which are checked as
they are read) and shows the epochs that were committed at that moment; open it again to see more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import zarr

from gt.data import disk
from gt.data.errors import (
    NewerVersionError,
    NoRunError,
    NotFiniteError,
    RunError,
    ShapeError,
    TruncatedRunError,
)
from gt.data.layer import Layer, Weight
from gt.data.measure import softmax
from gt.data.memory import Held
from gt.data.points import SPLITS, check_points

IMAGES_BYTES = 24 * 2**20  # of all runs of a process; 2 to 6 MB each for runs like ours


@dataclass(frozen=True)
class History:
    """Loss and accuracy by epoch; float32, NaN where not measured; axis 1 is (train, test).

    Attributes:
        loss, accuracy: ``(e, 2)``.
        class_loss, class_accuracy: ``(e, 2, k)``.
        lr: ``(e,)``.
        splits: The names of axis 1.
    """

    loss: np.ndarray
    accuracy: np.ndarray
    class_loss: np.ndarray
    class_accuracy: np.ndarray
    lr: np.ndarray
    splits: tuple[str, str] = SPLITS


_IMAGES: Held[np.ndarray] = Held(IMAGES_BYTES, lambda images: images.nbytes)


class Run:
    """One recorded training, read from disk as asked for; reads are safe from many threads.

    Attributes:
        path: Its folder.
        name: For machines: the folder's name without ``.zarr``.
        title: For people.
        uid: Hexadecimal, made when the run was.
        classes: The k class names.
        epochs: ``(e,)`` int32, the committed epochs.
        ids: ``(n,)`` int64, unique.
        labels: ``(n,)`` int64 in ``[0, k)``.
        splits: ``(n,)`` uint8, 0 = train, 1 = test.
        layers: What was recorded, in network order.
        weight_list: The parameters that were recorded.
        history: Loss, accuracy and learning rate by epoch.
        made: How it was made.
        inputs_digest: SHA-256 of the inputs of a recorded model, or None.
    """

    def __init__(self, path: Path, attributes: Mapping[str, Any], name: str | None = None) -> None:
        self.path = path
        self.name = name or path.resolve().name.removesuffix(".zarr")
        where = f"open_run: {path}"
        try:
            self.title = str(attributes["title"])
            self.uid = str(attributes["uid"])
            self.epochs = np.array(attributes["epochs"], np.int32)
            self.layers = tuple(Layer.from_json(x) for x in attributes["layers"])
            self.weight_list = tuple(
                Weight(str(w["name"]), tuple(w["shape"]), str(w["array"]))
                for w in attributes["weights"]
            )
            self.made: Mapping[str, Any] = MappingProxyType(dict(attributes["made"]))
            self.inputs_digest: str | None = attributes["inputs"]
            classes = [str(c) for c in attributes["classes"]]
        except (KeyError, TypeError, ValueError) as error:
            raise TruncatedRunError(
                f"{where}: zarr.json must describe a run, entry {error} is missing or damaged"
            ) from error
        if self.epochs.ndim != 1 or (np.diff(self.epochs) <= 0).any():
            raise ShapeError(f"{where}: epochs must go up, got {self.epochs.tolist()}")
        self._prints: dict[str, tuple[Any, str]] = {}
        self._group = zarr.open_group(path, mode="r")
        labels = self._read("labels")
        points = check_points(
            len(labels),
            len(classes),
            labels,
            classes=classes,
            splits=self._read("splits"),
            ids=self._read("ids"),
            where=where,
        )
        self.ids, self.labels, self.splits = points.ids, points.labels, points.splits
        self.classes = points.classes
        self._arrays = {x.array: self._activation_array(x) for x in self.layers if x.array}
        for weight in self.weight_list:
            self._arrays[weight.array] = self._growing(weight.array, weight.shape)
        self._images = self._image_array()
        self.history = self._read_history()
        for value in (self.epochs, self.ids, self.labels, self.splits):
            value.flags.writeable = False

    def __repr__(self) -> str:
        counts = f"{len(self.epochs)} epochs, {self.n} points, {len(self.layers)} layers"
        return f"Run({self.name!r}, {counts})"

    @property
    def n(self) -> int:
        """How many probe points there are."""
        return len(self.ids)

    @property
    def images(self) -> np.ndarray | None:
        """``(n, h, w, c)`` uint8 with c 1 or 3, or None if the run has none; read as asked for, and held."""
        stored = self._images
        if stored is None:
            return None

        def read() -> np.ndarray:
            value = disk.read(stored, ..., f"{self.name}: images")
            value.flags.writeable = False
            return value

        return _IMAGES.get(self, read)

    def layer(self, name: str) -> Layer:
        """Look a layer up by its name, or by that of its module.

        Raises:
            NoRunError: If there is none; it lists those there are.
        """
        for layer in self.layers:
            if layer.name == name:
                return layer
        for layer in self.layers:
            if layer.module == name:
                return layer
        known = ", ".join(x.name for x in self.layers)
        raise NoRunError(f'{self.name}: no layer "{name}"; this run has {known}')

    def activations(self, layer: str, epoch_index: int) -> np.ndarray:
        """Read what a layer put out in one epoch.

        Args:
            layer: Its name.
            epoch_index: Position in ``epochs``, ``0 <= epoch_index < len(epochs)``.

        Returns:
            ``(n, *shape)`` float32.

        Raises:
            NoRunError: If there is no such layer or epoch.
            TruncatedRunError: If the stored bytes are damaged.
            NotFiniteError: If they hold NaN or infinity.
        """
        found = self.layer(layer)
        if not 0 <= epoch_index < len(self.epochs):
            raise NoRunError(
                f"{self.name}: epoch index must be in 0..{len(self.epochs) - 1}, got {epoch_index}"
            )
        if found.softmax_of is not None:
            return softmax(self.activations(found.softmax_of, epoch_index))
        assert found.array is not None
        at = 0 if found.constant else int(epoch_index)
        where = f"{self.name}: layer {found.name!r}, epoch {self.epochs[epoch_index]}"
        value = disk.read(self._arrays[found.array], at, where).astype(np.float32)
        if not np.isfinite(value).all():
            raise NotFiniteError(f"{where}: must be finite, it holds NaN or infinity")
        return value

    def point(self, layer: str, epoch_index: int, row: int) -> np.ndarray:
        """Read what a layer put out for one point, as `activations` does for all.

        Args:
            layer: Its name.
            epoch_index: Position in ``epochs``, ``0 <= epoch_index < len(epochs)``.
            row: Position in ``ids``, ``0 <= row < n``.

        Returns:
            ``shape`` float32.
        """
        found = self.layer(layer)
        if not 0 <= epoch_index < len(self.epochs) or not 0 <= row < self.n:
            raise NoRunError(
                f"{self.name}: epoch index must be in 0..{len(self.epochs) - 1} and row in"
                f" 0..{self.n - 1}, got {epoch_index} and {row}"
            )
        if found.softmax_of is not None:
            return softmax(self.point(found.softmax_of, epoch_index, row))
        assert found.array is not None
        at = 0 if found.constant else int(epoch_index)
        where = f"{self.name}: layer {found.name!r}, epoch {self.epochs[epoch_index]}"
        value = disk.read(self._arrays[found.array], (at, int(row)), where).astype(np.float32)
        if not np.isfinite(value).all():
            raise NotFiniteError(f"{where}: must be finite, it holds NaN or infinity")
        return value

    def weights(self, epoch_index: int) -> dict[str, np.ndarray]:
        """Read the recorded parameters of one epoch by name, float32; empty if there are none."""
        if not 0 <= epoch_index < len(self.epochs):
            raise NoRunError(
                f"{self.name}: epoch index must be in 0..{len(self.epochs) - 1}, got {epoch_index}"
            )
        return {
            w.name: disk.read(self._arrays[w.array], int(epoch_index), f"{self.name}: {w.name}")
            for w in self.weight_list
        }

    def fingerprint(self, layer: str) -> str:
        """Hash the stored bytes of a layer's committed epochs (SHA-256, in hexadecimal)."""
        found = self.layer(layer)
        digest = hashlib.sha256(f"{disk.FORMAT} {self.epochs.tolist()}".encode())
        if found.softmax_of is not None:
            digest.update(f"softmax of {self.fingerprint(found.softmax_of)}".encode())
            return digest.hexdigest()
        files = self._files(found)
        stats = tuple((one.stat().st_mtime_ns, one.stat().st_size) for one in files)
        kept = self._prints.get(found.name)
        if kept is None or kept[0] != stats:  # a layer can be gigabytes, and forms ask often
            for file in files:
                digest.update(file.read_bytes())
            kept = self._prints[found.name] = (stats, digest.hexdigest())
        return kept[1]

    def refresh(self) -> Run:
        """Open the run again, with the epochs that were recorded since."""
        return Run(self.path, _attributes(self.path), self.name)

    def renamed(self, name: str) -> Run:
        """Open the same run under another machine name."""
        return Run(self.path, _attributes(self.path), name)

    def check(self) -> None:
        """Read everything once.

        Raises:
            RunError: For the first thing that is wrong.
        """
        _ = self.images
        for i in range(len(self.epochs)):
            self.weights(i)
            for layer in self.layers:
                if layer.array and (i == 0 or not layer.constant):
                    self.activations(layer.name, i)

    def _files(self, layer: Layer) -> list[Path]:
        assert layer.array is not None
        rows = min(1, len(self.epochs)) if layer.constant else len(self.epochs)
        return list(disk.files(self.path, self._arrays[layer.array], rows))

    def _read(self, name: str) -> np.ndarray:
        where = f"open_run: {self.path}"
        array = disk.get_array(self._group, name, where)
        self._present(array, array.shape[0] if array.shape else 0)
        return disk.read(array, ..., f"{where}: {name}")

    def _present(self, array: zarr.Array, rows: int) -> None:
        for file in disk.files(self.path, array, rows):
            try:
                size = file.stat().st_size
            except OSError:
                size = 0
            if size == 0:
                raise TruncatedRunError(
                    f"open_run: {self.path}: {file.relative_to(self.path)} must hold data, it is"
                    " missing or"
                    " empty; restore it from a copy"
                )

    def _growing(self, name: str, tail: tuple[int, ...], rows: int | None = None) -> zarr.Array:
        array = disk.get_array(self._group, name, f"open_run: {self.path}")
        need = len(self.epochs) if rows is None else rows
        if array.shape[1:] != tail or array.shape[0] < need or array.dtype.kind != "f":
            raise ShapeError(
                f"open_run: {self.path}: {name} must be floats of shape {(need, *tail)} or longer,"
                f" got {array.dtype} {array.shape}"
            )
        self._present(array, need)
        return array

    def _activation_array(self, layer: Layer) -> zarr.Array:
        rows = min(1, len(self.epochs)) if layer.constant else None
        return self._growing(str(layer.array), (self.n, *layer.shape), rows)

    def _image_array(self) -> zarr.Array | None:
        if not (self.path / "images").exists():
            return None
        array = disk.get_array(self._group, "images", f"open_run: {self.path}")
        shape = array.shape
        if len(shape) != 4 or shape[0] != self.n or shape[3] not in (1, 3) or array.dtype != "u1":
            raise ShapeError(
                f"open_run: {self.path}: images must be uint8 ({self.n}, h, w, 1 or 3), got"
                f" {array.dtype} {shape}"
            )
        self._present(array, self.n)
        return array

    def _read_history(self) -> History:
        e, k = len(self.epochs), len(self.classes)
        tails = {"loss": (2,), "accuracy": (2,), "class_loss": (2, k), "class_accuracy": (2, k)}
        rows: dict[str, Any] = {}
        for name, tail in {**tails, "lr": ()}.items():
            array = self._growing(f"history/{name}", tail)
            value = disk.read(array, slice(0, e), f"open_run: {self.path}: history/{name}")
            if np.isinf(value).any():
                raise NotFiniteError(f"open_run: {self.path}: history/{name} must not be infinite")
            rows[name] = value.astype(np.float32)
        return History(**rows)


def open_run(path: str | Path) -> Run:
    """Open a run.

    Args:
        path: Its folder.

    Raises:
        NoRunError: If there is nothing there.
        ForeignStoreError: If there is something else.
        NewerVersionError: If a newer version of the format wrote it.
        TruncatedRunError: If part of it is missing or damaged.
        ShapeError, LabelRangeError, NotFiniteError: If an array does not fit the others.
    """
    return Run(Path(path), _attributes(Path(path)))


def find_runs(dirs: Iterable[str | Path]) -> tuple[list[Run], list[tuple[Path, str]]]:
    """Find the runs in folders: each a run itself, or with runs as its direct children.

    Two runs of one name become ``name`` and ``name-2``; a run found twice is listed once.

    Returns:
        The runs that open and have an epoch, in order; and ``(path, message)`` for what could not
        be used.
    """
    runs: list[Run] = []
    problems: list[tuple[Path, str]] = []
    seen: set[Path] = set()
    for folder in map(Path, dirs):
        here = [folder] if (folder / "zarr.json").exists() else _children(folder)
        if not here:
            what = "no run in this folder" if folder.is_dir() else "no such folder"
            problems.append((folder, f"{folder}: {what}; record one with gt record"))
        for path in here:
            if path.resolve() in seen:
                continue
            seen.add(path.resolve())
            try:
                run = open_run(path)
            except RunError as error:
                problems.append((path, str(error)))
                continue
            if not len(run.epochs):
                problems.append((path, f"{path}: no epoch is recorded yet"))
                continue
            runs.append(_with_own_name(run, {r.name for r in runs}))
    return runs, problems


def _with_own_name(run: Run, taken: set[str]) -> Run:
    name, i = run.name, 2
    while name in taken:
        name, i = f"{run.name}-{i}", i + 1
    return run if name == run.name else run.renamed(name)


def _children(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(
        p for p in folder.iterdir() if not p.name.startswith(".") and (p / "zarr.json").exists()
    )


def _attributes(path: Path) -> dict[str, Any]:
    attributes = disk.read_attributes(path)
    version = attributes.get("version")
    if not isinstance(version, int):
        raise TruncatedRunError(f"open_run: {path}: version must be a number, got {version!r}")
    if version > disk.VERSION:
        raise NewerVersionError(
            f"open_run: {path} has format version {version}, this program reads up to"
            f" {disk.VERSION};"
            " upgrade nn-grand-tour"
        )
    return attributes
