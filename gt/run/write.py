"""Writing runs, epoch by epoch.

A run is made in a folder beside its place and renamed when it is whole. From then on it only grows:
everything of an epoch is written first, past the committed end of each array, and the last step
replaces the run's ``zarr.json``, which names the committed epochs. Killed in between, a run has
exactly the epochs that were completed; and because each step is on the disk before the next, a power
cut costs no more. What a writer accepts a reader opens: whatever does not fit is refused before an
epoch is committed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

import numpy as np
import zarr

from gt.errors import EpochError, LockedRunError, NoRunError, NotFiniteError, ShapeError
from gt.files import durable
from gt.files.lock import Lock
from gt.files.place import local
from gt.run import bounds, checks, disk, history, saying
from gt.run.begin import LOCK, begin
from gt.run.graph import Graph
from gt.run.growing import Growing, Rows
from gt.run.layer import Layer
from gt.run.measure import Measures
from gt.run.metadata import one_of
from gt.run.pack import finite, raise_not_finite
from gt.run.points import Points
from gt.run.task import CLASSIFICATION, EPOCH, UNITS


class RunWriter:
    """Append epochs to one run; no other writer can meanwhile, in this process or another.

    ``put`` and ``put_weight`` write parts of the epoch that comes next, from any number of threads;
    ``commit``, once they have returned, makes it part of the run. ``close`` it, or use it in a ``with``
    statement; a writer that is forgotten, or whose process ends, lets go of the run by itself.

    Args:
        path: Folder of a run; ``create`` makes a new one.
        sync: Whether an epoch is on the disk when ``commit`` returns; False where the whole run is
            brought there later.

    Raises:
        LockedRunError: If another writer has it.
        RunError: One of its classes: if there is no run, or it is damaged.
    """

    _epochs: list[int]
    _arrays: dict[str, Growing]
    _history: dict[str, Rows]
    _checked: bool
    _checks_size: int  # bytes of the checks of the committed epochs

    def __init__(self, path: Path, *, sync: bool = True) -> None:
        from gt.run.read import open_run

        self.path = local(path, "record")
        disk.read_attributes(self.path)  # or else there is no folder for the lock
        self._lock = Lock(self.path / LOCK, f"record: {path}")
        self._sync = sync
        try:
            self.run = open_run(self.path)
            for left in self.path.rglob("*.partial"):  # by a writer that was killed
                left.unlink()
            self.forget()
            self._drop_uncommitted()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> RunWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let others write; every committed epoch is in the run. Done again, nothing happens."""
        self._lock.release()

    # long: by what may be said of a run, of which each is a line of arguments and one of description
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
        graph: Graph | None = None,
        task: str = CLASSIFICATION,
        axes: Sequence[str] | None = None,
        unit: str = EPOCH,
        model: Mapping[str, Any] | None = None,
        sync: bool = True,
    ) -> Self:
        """Make an empty run.

        Args:
            path: A folder that is not there yet, or is empty.
            points: The probe points.
            layers: In network order; those without ``softmax_of`` and ``sigmoid_of`` are stored.
            weights: Shapes of parameters to be recorded, by name.
            title: For people; made from the folder's name when None.
            made: How the run was made; anything JSON can hold.
            dtypes: Stored type of layers by name; float32 where not named.
            rows: Points in a chunk of activations of hidden layers; all when None.
            digest: SHA-256 of the inputs, so that a later recording can tell that it goes on with
                the same.
            graph: The network as it ran; without one its layers are taken to follow each other.
            task: What the network is trained for, see `gt.run.task`; the layers must be its outputs' or more.
            axes: Names of the outputs' columns, where these are not the classes.
            unit: "epoch" or "step": what the run is indexed by.
            model: What tells its model from others; anything JSON can hold.
            sync: As of the writer.

        Returns:
            A writer of it, which has it for itself until it is closed.

        Raises:
            LockedRunError: If the folder is a run that another writer has.
            ForeignStoreError: If it holds anything else.
            RunError: If names cannot be told apart or shown, or a layer is larger than can be read.
        """
        begin(
            local(path, "record"),
            points,
            layers,
            weights=weights or {},
            title=title,
            made=made or {},
            dtypes=dtypes or {},
            rows=rows,
            digest=digest,
            graph=graph,
            task=task,
            axes=axes,
            unit=unit,
            model=model,
        )
        return cls(Path(path), sync=sync)

    @property
    def place(self) -> Path:
        """Where people find the run."""
        return self.path

    @property
    def rows(self) -> int | None:
        """Points in a chunk of the widest layer; None if a run has no layer."""
        wide = [(np.prod(x.shape), self._arrays[x.array].rows) for x in self.run.layers if x.array]
        return max(wide)[1] if wide else None

    @property
    def epochs(self) -> tuple[int, ...]:
        """The committed epochs."""
        return tuple(self._epochs)

    def index_by(self, unit: str) -> None:
        """Say by what the run goes, as long as it has nothing yet; from its first epoch or step on it stays.

        Args:
            unit: "epoch" or "step".

        Raises:
            EpochError: If it goes by the other.
        """
        if unit != self.run.unit and self._epochs:
            raise EpochError(
                f"record: this run goes by {self.run.unit}s, it has {saying.span(self._epochs, self.run.unit)}; record"
                f" {self.run.unit}s, or {unit}s into another path"
            )
        self.run.unit = one_of(unit, "unit", UNITS)

    def check_next(self, epoch: int) -> None:
        """Raise unless an epoch may come next.

        Args:
            epoch: Its number.

        Raises:
            EpochError: If it is no whole number of 0 to 2^53 - 1, is there already, or is lower than the last.
            NoRunError: If the run's folder is gone.
        """
        if not (self.path / "zarr.json").is_file():
            raise NoRunError(
                f"record: {self.path} must be there while it is recorded into, it was deleted or moved;"
                " put it back, or record into another path"
            )
        unit, there = self.run.unit, saying.span(self._epochs, self.run.unit)
        if isinstance(epoch, bool) or not isinstance(epoch, int | np.integer):
            raise EpochError(f"record: {unit} must be a whole number, got {epoch!r}")
        if not 0 <= epoch <= bounds.LARGEST_NUMBER:
            raise EpochError(
                f"record: {unit}s must go up from 0 to {bounds.LARGEST_NUMBER} (2^53 - 1) at most,"
                f" which browsers tell apart, got {epoch}"
            )
        if epoch in self._epochs:
            raise EpochError(f"record: {unit} {epoch} is recorded already; this run has {there}")
        if self._epochs and epoch < self._epochs[-1]:
            raise EpochError(
                f"record: {unit}s must go up, {unit} {epoch} came and this run has {there}"
            )

    def put(self, layer: Layer, start: int, block: np.ndarray, epoch: int) -> None:
        """Write activations ``(rows, *layer.stored_shape)`` of points from ``start`` on.

        Args:
            layer: Of the run.
            start: The first point's position.
            block: ``(rows, *layer.stored_shape)``.
            epoch: The coming one's number.

        Raises:
            ShapeError: If the block has another shape than the layer.
            NotFiniteError: If it holds NaN or infinity, or does once stored.
        """
        when = f"{self.run.unit} {epoch}"
        if block.shape[1:] != layer.stored_shape:
            raise ShapeError(
                f"record: {when}, layer {layer.name!r} must have shape {layer.stored_shape}, got {block.shape[1:]}"
            )
        growing = self._arrays[str(layer.array)]
        with np.errstate(over="ignore"):
            stored = block.astype(growing.dtype, copy=False)
        if not finite(stored):
            raise_not_finite(layer.name, when, block, growing.dtype)
        at = 0 if layer.constant else len(self._epochs)
        self._grow(growing, at)
        growing.put(at, start, stored)

    def stored_type(self, layer: Layer) -> np.dtype[Any]:
        """What a layer's numbers are stored as.

        Args:
            layer: Of the run.

        Returns:
            The type of its array.
        """
        return self._arrays[str(layer.array)].dtype

    def put_weight(self, name: str, value: np.ndarray, epoch: int) -> None:
        """Write one parameter of the coming epoch.

        Args:
            name: In the model.
            value: Of the shape of the parameter, ``(*shape,)``.
            epoch: The coming one's number.

        Raises:
            ShapeError: If it has another shape than was said.
            NotFiniteError: If it holds NaN or infinity.
        """
        where = f"record: {self.run.unit} {epoch}, {name}"
        weight = next(w for w in self.run.weight_list if w.name == name)
        if value.shape != weight.shape:
            raise ShapeError(f"{where} must have shape {weight.shape}, got {value.shape}")
        if not finite(value):
            raise NotFiniteError(f"{where} must be finite, it holds NaN or infinity")
        growing = self._arrays[weight.array]
        self._grow(growing, len(self._epochs))
        growing.put_whole(len(self._epochs), value.astype(growing.dtype, copy=False))

    def commit(self, epoch: int, measures: Measures, made: Mapping[str, Any] | None = None) -> None:
        """Write the history of the coming epoch and make it part of the run.

        Args:
            epoch: Its number, above all before it.
            measures: Its history.
            made: Entries to set in ``run.made``.
        """
        self.check_next(epoch)
        row = history.row(measures, len(self.run.classes), f"record: {self.run.unit} {epoch}")
        said = {**self.run.made, **saying.plain(dict(made or {}), "record: made")}
        at = len(self._epochs)
        self._check_lock()
        for name, value in row.items():
            self._history[name].append(at, value)
        ends = {name: self._ends(name, epoch) for name in self._growing(at)}
        if self._checked:
            of_row = checks.of_history(row[name] for name in history.NAMES)
            size = self._checks_size
            self._checks_size = checks.append(self.path, size, int(epoch), ends, of_row, self._sync)
        self._commit([*self._epochs, int(epoch)], said)
        self.run.made = MappingProxyType(said)
        for growing in self._arrays.values():
            growing.begin()
        self._epochs = [*self._epochs, int(epoch)]

    def _commit(self, epochs: list[int], made: Mapping[str, Any]) -> None:
        """Replace the run's description in one step, which lasts."""
        meta = self.path / "zarr.json"
        stored = disk.read_json(meta, "record")
        stored["attributes"] |= {"epochs": epochs, "made": made}
        if stored["attributes"].get("unit", EPOCH) != self.run.unit:
            stored["attributes"]["unit"] = self.run.unit
        text = json.dumps(stored, indent=2)
        saying.check_size(text)
        durable.replace(meta, text.encode(), sync=self._sync)

    def _check_lock(self) -> None:
        if not self._lock.held():
            raise LockedRunError(
                f"record: {self.path} must be this writer's, it was closed or another took it for"
                " dead; what was committed before is in the run, open it again to go on"
            )

    def _growing(self, at: int) -> list[str]:
        """The arrays that have a row of the epoch at this place."""
        layers = [x.array for x in self.run.layers if x.array and (at == 0 or not x.constant)]
        return [*layers, *(weight.array for weight in self.run.weight_list)]

    def _ends(self, name: str, epoch: int) -> list[str]:
        """The ends of the coming epoch's chunks of an array, which must all be there."""
        try:
            return self._arrays[name].ends(len(self._epochs))
        except ShapeError as error:
            raise self._not_whole(name, epoch) from error

    def _not_whole(self, name: str, epoch: int) -> ShapeError:
        names = {layer.array: layer.name for layer in self.run.layers}
        names |= {weight.array: weight.name for weight in self.run.weight_list}
        return ShapeError(
            f"record: {self.run.unit} {epoch}, {names[name]!r} must be written for all points before it is"
            " committed, it was not"
        )

    def _drop_uncommitted(self) -> None:
        """Remove what a killed writer left of an epoch: it cannot pass for part of the next."""
        at = len(self._epochs)
        arrays = [disk.get_array(self._group, name, "record") for name in self._growing(at)]
        for array in (array for array in arrays if array.shards is None):
            for file in disk.files(self.path, array, array.shape[0], at):
                file.unlink(missing_ok=True)

    def forget(self) -> None:
        """Forget the epoch that was begun, after it failed: what is known is what is on disk."""
        self._group = zarr.open_group(self.path, mode="r+")
        self._epochs = list(disk.read_attributes(self.path)["epochs"])
        at, of_points = len(self._epochs), {x.array for x in self.run.layers if x.array}
        names = [*of_points, *(weight.array for weight in self.run.weight_list)]
        there = {name: disk.get_array(self._group, name, "record") for name in names}
        self._arrays = {
            name: Growing(self.path, one, sync=self._sync) for name, one in there.items()
        }
        kept = {name: f"history/{name}" for name in history.NAMES}
        self._history = {
            name: Rows(self.path, disk.get_array(self._group, one, "record"), at, sync=self._sync)
            for name, one in kept.items()
        }
        self._checked = self._group.attrs.get("checks") is True
        self._checks_size = (
            checks.read(self.path, self.run.uid, self._epochs)[0].size if self._checked else 0
        )

    def moved(self) -> None:
        """Go on where the folder is now, which is ``path``."""
        for array in self._arrays.values():
            array.path = self.path
        for kept in self._history.values():
            kept.path = self.path

    def _grow(self, growing: Growing, at: int) -> None:
        self._check_lock()  # one that was taken for dead must not write into another's epochs
        growing.grow(at)
