"""Reading runs: ``open_run`` and what it returns; `gt.run.find` finds them.

A run is checked when it is opened (everything but the activations themselves, which are checked as
they are read) and shows the epochs that were committed at that moment; open it again to see more.
"""

from __future__ import annotations

import copy
import hashlib
from pathlib import Path

import numpy as np
import zarr

from gt.cache.memory import Held
from gt.errors import NoRunError, NotFiniteError
from gt.files.place import local
from gt.run import attributes, disk, prints, wide
from gt.run.attributes import Attributes
from gt.run.layer import Layer
from gt.run.measure import follow
from gt.run.points import Points, check_points
from gt.run.saying import name_of
from gt.run.stored import Stored, floats
from gt.run.task import OUTPUTS

IMAGES_BYTES = 24 * 2**20  # of all runs of a process; 2 to 6 MB each for runs like ours
_IMAGES: Held[np.ndarray] = Held(IMAGES_BYTES, lambda images: images.nbytes)


class Run:
    """One recorded training, read from disk as asked for; reads are safe from many threads.

    Made by `open_run`, and by `gt.run.find.find_runs`.

    Attributes:
        path: Its folder.
        name: For machines: the folder's name without ``.zarr``.
        title: For people.
        uid: Hexadecimal, made when the run was.
        task: What the network is trained for: "classification", "binary", "multilabel", "regression" or "none".
        classes: The names of the k groups of points: their classes, where each point has one.
        axes: The names of the outputs' columns; the classes, where each column is one.
        unit: "epoch" or "step": what the run is indexed by.
        epochs: ``(e,)`` int64, the committed epochs, or steps.
        ids: ``(n,)`` int64, unique.
        labels: ``(n,)`` int64 in ``[0, k)``.
        splits: ``(n,)`` uint8, 0 = train, 1 = test.
        columns: Further values of the points.
        targets: ``(n, axes)``, what the outputs should be: uint8 of a multilabel, float32 of a regression, or None.
        layers: What was recorded, in network order.
        graph: The network as it ran; the chain of the layers where none was recorded.
        weight_list: The parameters that were recorded.
        history: Loss, accuracy and learning rate by epoch.
        made: How it was made.
        inputs_digest: SHA-256 of the inputs of a recorded model, or None.
    """

    def __init__(
        self,
        path: Path,
        said: Attributes,
        name: str | None = None,
        before: int | None = None,
    ) -> None:
        self.path = path
        self.name = name or name_of(path)
        self.title, self.uid = said.title, said.uid
        self.layers, self.weight_list, self.graph = said.layers, said.weights, said.graph
        self.made, self.inputs_digest = said.made, said.inputs
        self.task, self.axes, self.unit = said.task, said.axes, said.unit
        self.epochs = said.epochs
        if before is not None:
            self.epochs = self.epochs[self.epochs < before]
        self._stored = Stored(path, self.uid, self.epochs, said.checked)
        points = self._read_points(said.classes)
        self.ids, self.labels, self.splits = points.ids, points.labels, points.splits
        self.classes = points.classes
        self.columns = self._stored.columns(said.columns, self.n)
        self.targets = self._stored.targets(self.task, self.n, len(self.axes))
        self._images = self._stored.images(self.n)
        self._arrays = self._open_arrays()
        self.history = self._stored.history(len(self.classes))
        constant = {x.array for x in self.layers if x.constant}
        self._stored.check((array, name in constant) for name, array in self._arrays.items())
        held = (self.targets, *(one.values for one in self.columns))
        for value in (self.epochs, self.ids, self.labels, self.splits, *held):
            if value is not None:
                value.flags.writeable = False

    def __repr__(self) -> str:
        counts = f"{len(self.epochs)} {self.unit}s, {self.n} points, {len(self.layers)} layers"
        return f"Run({self.name!r}, {counts})"

    @property
    def n(self) -> int:
        """How many probe points there are."""
        return len(self.ids)

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the layers that are what the network gives, as far as they are there."""
        return tuple(x.name for x in self.layers if x.name in OUTPUTS[self.task])

    @property
    def last(self) -> str:
        """Name of the layer to be shown as the last: "softmax", "sigmoid" or "outputs"."""
        return OUTPUTS[self.task][-1]

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

        Args:
            name: Of a layer, or of its module.

        Returns:
            The layer.

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
            ``(n, *shape)`` float32; float64 where that or integers of 32 or 64 bits are stored.

        Raises:
            NoRunError: If there is no such layer or epoch.
            DamagedEpochError: If the stored bytes are damaged, or those of another place.
            NotFiniteError: If they hold NaN or infinity.
            WideLayerError: If the layer is not kept whole, see `gt.run.wide`.
        """
        found = self.layer(layer)
        if found.kept is not None:
            raise wide.refused(self, found)
        return self.stored(layer, epoch_index)

    def stored(self, layer: str, epoch_index: int) -> np.ndarray:
        """Read what is stored of a layer in one epoch: its values, or what is kept of a wide one.

        Args:
            layer: Its name.
            epoch_index: As for `activations`, whose errors it raises: NoRunError and others.

        Returns:
            ``(n, *layer.stored_shape)``, of the type that `activations` has.
        """
        found = self.layer(layer)
        self._check_index(epoch_index)
        if found.source is not None:
            return follow(found, self.activations(found.source, epoch_index))
        return self._layer_row(found, epoch_index)

    def point(self, layer: str, epoch_index: int, row: int) -> np.ndarray:
        """Read what a layer put out for one point, as `activations` does for all.

        Args:
            layer: Its name.
            epoch_index: Position in ``epochs``, ``0 <= epoch_index < len(epochs)``.
            row: Position in ``ids``, ``0 <= row < n``.

        Returns:
            The layer's own ``(*shape)``, of the type that `activations` has: the shape of one point.

        Raises:
            NoRunError: If there is no such layer, epoch or row.
        """
        found = self.layer(layer)
        self._check_index(epoch_index)
        if not 0 <= row < self.n:
            raise NoRunError(f"{self.name}: row must be in 0..{self.n - 1}, got {row}")
        if found.source is not None:
            return follow(found, self.point(found.source, epoch_index, row))
        if found.kept is not None:
            raise wide.refused(self, found)
        return self._layer_row(found, epoch_index, int(row))

    def weights(self, epoch_index: int) -> dict[str, np.ndarray]:
        """Read the recorded parameters of one epoch by name, float32; empty if there are none.

        Args:
            epoch_index: Position in ``epochs``, ``0 <= epoch_index < len(epochs)``.

        Returns:
            The shape of each is that of the model's own parameter.

        Raises:
            NoRunError: If there is no such epoch.
        """
        self._check_index(epoch_index)
        epoch = self.epochs[epoch_index]
        return {
            w.name: self._stored.row(
                self._arrays[w.array], int(epoch_index), f"{self.name}: {w.name}, epoch {epoch}"
            )
            for w in self.weight_list
        }

    def fingerprint(self, layer: str, count: int | None = None) -> str:
        """Hash the stored bytes of a layer's committed epochs (SHA-256, in hexadecimal).

        Args:
            layer: Its name.
            count: Of that many epochs, the first ones: what the run's was when it had no more; of all when None.

        Returns:
            64 digits.
        """
        found = self.layer(layer)
        epochs = self.epochs[:count]
        head = f"{disk.FORMAT} {epochs.tolist()}"
        if found.source is not None:
            how = "softmax" if found.softmax_of is not None else "sigmoid"
            of = f"{how} of {self.fingerprint(found.source, count)}"
            return hashlib.sha256((head + of).encode()).hexdigest()
        return prints.of_bytes(head, self._files(found, 0, len(epochs)))

    def digest(self, layer: str, epoch_index: int) -> str:
        """Hash the stored bytes of a layer in one epoch; of epochs that were asked for before nothing is read.

        Args:
            layer: Its name.
            epoch_index: Position in ``epochs``, ``0 <= epoch_index < len(epochs)``.

        Returns:
            64 hexadecimal digits, the same in every process.
        """
        found = self.layer(layer)
        if found.source is not None:
            return self.digest(found.source, epoch_index)
        return prints.of_files(self._files(found, epoch_index, epoch_index + 1))

    def renamed(self, name: str) -> Run:
        """The same run, as it is open, under another machine name.

        Args:
            name: The new name.

        Returns:
            Another run; this one stays as it was.
        """
        other = copy.copy(self)
        other.name = name
        return other

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
                    self.stored(layer.name, i)

    def _check_index(self, at: int) -> None:
        e = len(self.epochs)
        if not 0 <= at < e:
            raise NoRunError(f"{self.name}: epoch index must be in 0..{e - 1}, got {at}")

    def _files(self, layer: Layer, start: int, end: int) -> list[Path]:
        """The files of some epochs, from one position up to another."""
        assert layer.array is not None
        if layer.constant:
            start, end = 0, min(1, end)
        return list(disk.files(self.path, self._arrays[layer.array], end, start))

    def _layer_row(self, layer: Layer, epoch_index: int, point: int | None = None) -> np.ndarray:
        assert layer.array is not None
        where = f"{self.name}: layer {layer.name!r}, epoch {self.epochs[epoch_index]}"
        at = 0 if layer.constant else int(epoch_index)
        value = floats(self._stored.row(self._arrays[layer.array], at, where, point))
        if not np.isfinite(value).all():
            raise NotFiniteError(f"{where}: must be finite, it holds NaN or infinity")
        return value

    def _open_arrays(self) -> dict[str, zarr.Array]:
        """The arrays that grow, by name."""
        first = min(1, len(self.epochs))
        found = {
            x.array: self._stored.growing(
                x.array, (self.n, *x.stored_shape), first if x.constant else None, kinds="fiu"
            )
            for x in self.layers
            if x.array
        }
        weights = {w.array: self._stored.growing(w.array, w.shape) for w in self.weight_list}
        return found | weights

    def _read_points(self, classes: tuple[str, ...]) -> Points:
        values = {name: self._stored.of_points(name) for name in ("labels", "splits", "ids")}
        n, where = len(values["labels"]), f"open_run: {self.path}"
        return check_points(n, len(classes), **values, classes=classes, where=where, stored=True)


def open_run(path: str | Path, *, before: int | None = None) -> Run:
    """Open a run.

    Args:
        path: Its folder.
        before: Open the epochs before this number alone: those before a damaged one.

    Returns:
        The run; its arrays are read as they are asked for.

    Raises:
        NoRunError: If there is nothing there.
        ForeignStoreError: If there is something else.
        NewerVersionError: If a newer version of the format wrote it.
        DamagedEpochError: If an epoch is damaged; it says which, and how many before it are whole.
        TruncatedRunError: If another part of it is missing or damaged.
        ShapeError, LabelRangeError, NotFiniteError: If an array does not fit the others.
    """
    path = local(path, "open_run")
    return Run(path, attributes.read(path), before=before)
