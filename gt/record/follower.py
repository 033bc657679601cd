"""What a rank that does not write has in place of the way to the disk: it keeps one batch, for the rank that writes."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from gt.record.buffers import Buffer, Buffers
from gt.record.opening import Wanted, opened
from gt.record.pipeline import Pipeline
from gt.record.ranks import Ranks
from gt.record.writing import writing
from gt.run import Layer, Measures, RunWriter

NO_LIMIT = 2**62  # bytes: a batch is as long as it is


@dataclass
class Told:
    """What is known of a run on all ranks.

    Attributes:
        layers: Of the run.
        types: Stored types of those with an array, by name.
        rows: Points that go through the network together.
        epochs: That are on the disk.
        unit: What it goes by.
    """

    layers: tuple[Layer, ...]
    types: Mapping[str, str]
    rows: int | None
    epochs: tuple[int, ...]
    unit: str

    def layer(self, name: str) -> Layer:
        """The layer of a name."""
        return next(one for one in self.layers if one.name == name)


def told_of(writer: RunWriter) -> Told:
    """What the rank that writes tells the others of its run."""
    types = {one.name: writer.stored_type(one).str for one in writer.run.layers if one.array}
    return Told(tuple(writer.run.layers), types, writer.rows, writer.epochs, writer.run.unit)


class Follower:
    """Stands for the writer of a run on a rank that does not write.

    Attributes:
        path: Of the run, as this rank has it.
        place: The same.
        run: What is known of it.
    """

    def __init__(self, path: Path, run: Told) -> None:
        self.path = self.place = path
        self.run = run

    @property
    def rows(self) -> int | None:
        """Points that go through the network together."""
        return self.run.rows

    @property
    def epochs(self) -> tuple[int, ...]:
        """That are on the disk, as far as was told."""
        return self.run.epochs

    def stored_type(self, layer: Layer) -> np.dtype[Any]:
        """What a layer's numbers are stored as."""
        return np.dtype(self.run.types[layer.name])

    def index_by(self, unit: str) -> None:
        """The rank that writes sees to this."""
        self.run.unit = unit

    def check_next(self, epoch: int) -> None:
        """The rank that writes sees to this."""

    def forget(self) -> None:
        """Nothing is on its way here."""

    def close(self) -> None:
        """Nothing is open here."""


class Outbox(Pipeline):
    """Takes what one batch gives, cast to how it is stored; `sent` sends it, and makes room for the next."""

    def __init__(self, follower: Follower) -> None:
        super().__init__(follower, limit=1, count=1)  # type: ignore[arg-type]
        self._memory = Buffers(NO_LIMIT, threading.Condition())
        self._blocks: list[tuple[str, int, Buffer]] = []

    def put(self, layer: Layer, start: int, block: torch.Tensor | np.ndarray, epoch: int) -> None:
        """Keep a layer's numbers for the rank that writes; they may change when this returns."""
        self._keep(layer.name, start, block, self.writer.stored_type(layer))

    def put_outputs(self, start: int, outputs: np.ndarray) -> None:
        """Keep outputs ``(m, k)``, which the rank that writes puts together."""
        self._keep("", start, outputs, outputs.dtype)

    def sent(self, ranks: Ranks) -> None:
        """Send all that was kept."""
        about = [
            (name, start, buffer.array().dtype.str, buffer.array().shape)
            for name, start, buffer in self._blocks
        ]
        ranks.send([buffer.memory for _, _, buffer in self._blocks], about)
        self.abandon()

    def put_weight(self, name: str, value: torch.Tensor, epoch: int) -> None:
        """The rank that writes has it, too."""

    def commit(self, epoch: int, measures: Measures, made: Mapping[str, Any] | None = None) -> None:
        """The rank that writes does."""

    def abandon(self) -> None:
        """Forget what was kept."""
        for _, _, buffer in self._blocks:
            self._memory.back(buffer)
        self._blocks.clear()
        self._memory.rest()

    def close(self) -> BaseException | None:
        """Give all memory back."""
        self.abandon()
        self._memory.drop()
        return None

    def _keep(
        self, name: str, start: int, block: torch.Tensor | np.ndarray, dtype: np.dtype[Any]
    ) -> None:
        buffer = self._memory.take(block, dtype, lambda: True)
        assert buffer is not None
        self._blocks.append((name, start, buffer))


def opened_by_first(
    ranks: Ranks, path: Path, want: Wanted, *, resume: bool | str, overwrite: bool
) -> RunWriter | Follower:
    """The run of a folder, see `gt.record.opening.opened`, which the first rank opens for all.

    Args:
        ranks: That record together.
        path: Of the run.
        want: What is to be recorded.
        resume: As in `Recorder`, as is the other.
        overwrite: Whether what is there is replaced.

    Raises:
        RunError: As `gt.record.opening.opened`, on all ranks; or if they would not record the same.
    """
    layers = [(one.name, one.shape) for one in want.plan.layers]
    ranks.agree(layers=layers, weights=want.shapes, points=want.rows)
    if ranks.rank:
        return Follower(path, ranks.exchange()[0])
    with writing(path, (), None):
        writer = opened(path, want, resume=resume, overwrite=overwrite)
    try:
        ranks.exchange(told_of(writer) if ranks.size > 1 else None)
    except BaseException:
        writer.close()
        raise
    return writer


def shares(data: Sequence[tuple[str, int, str, list[int]]]) -> list[tuple[str, int, Any, int]]:
    """What a rank says that it sends: name, first point, type with shape, and bytes of each block."""
    found = []
    for name, start, kind, shape in data:
        dtype = np.dtype(kind)
        found.append(
            (
                name,
                start,
                (dtype, tuple(shape)),
                int(np.prod(shape, dtype=np.int64)) * dtype.itemsize,
            )
        )
    return found
