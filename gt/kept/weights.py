"""Weights of a network at some epochs of its training, kept small beside a run that has none.

A run of outputs alone is small enough to be passed on, but nobody can send an image through its network.
Checkpoints are what that takes: the layers and their settings, how images become inputs, and the parameters in
16 bits: whole steps of the largest value of each over 32,767, stored as differences from epoch to epoch, which
compress to two thirds of 16-bit floats and are closer to the weights where it counts. See ``run-format.md``.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import zarr

from gt.cache.memory import Held
from gt.errors import ShapeError
from gt.files.swap import built_to_replace
from gt.kept.alignment import STEPS, from_steps, to_steps
from gt.run import disk, metadata
from gt.run.layer import Layer
from gt.run.pixels import Scaling
from gt.run.read import Run

FOLDER = "checkpoints"
FORMAT = "grand-tour-checkpoints"
VERSION = 1
AGAIN = "make them again: gt weights --help"
HELD_BYTES = 16 * 2**20  # of those that were read last, 2 to 6 MB each for runs like ours
LARGEST = 32767  # steps of a parameter's largest value


@dataclass(frozen=True)
class Parameter:
    """One parameter: name in the model ("fc1.weight"), shape, array in the group, and what a step of it is."""

    name: str
    shape: tuple[int, ...]
    array: str
    step: float


@dataclass(frozen=True)
class Checkpoints:
    """The weights of a network at c epochs.

    Attributes:
        path: Their folder.
        owner: ``uid`` of the run they are kept with.
        of: ``run`` and ``uid`` of the recording they come from.
        epochs: ``(c,)`` int64, numbers of epochs, rising.
        shape: Of one input.
        scaling: How images become inputs.
        layers: Behind the input, in the order of their calls; the last is the softmax.
        parameters: What is stored.
        made: How: the command, and ``off``, the largest difference of a probability from the owner's.
    """

    path: Path
    owner: str
    of: Mapping[str, str]
    epochs: np.ndarray
    shape: tuple[int, ...]
    scaling: Scaling
    layers: tuple[Layer, ...]
    parameters: tuple[Parameter, ...]
    made: Mapping[str, Any]

    def weights(self, index: int) -> dict[str, np.ndarray]:
        """All parameters of one epoch by name, float32.

        Args:
            index: Position in ``epochs``.
        """
        return {
            one.name: values[index].astype(np.float32) * np.float32(one.step)
            for one, values in zip(self.parameters, self._values, strict=True)
        }

    def fits(self, run: Run) -> bool:
        """Whether they are of a run, and of epochs that it has."""
        return run.uid == self.owner and set(self.epochs.tolist()) <= set(run.epochs.tolist())

    @property
    def _values(self) -> list[np.ndarray]:
        """Whole steps ``(c, *shape)`` int16 of each parameter; what is stored are differences between epochs."""
        return _HELD.get((self.path, _stamp(self.path)), self._read)

    def _read(self) -> list[np.ndarray]:
        group = zarr.open_group(self.path, mode="r")
        out = []
        for one in self.parameters:
            where = f"{self.path}: {one.name}"
            folded = disk.read(disk.get_array(group, one.array, where), ..., where)
            out.append(from_steps(folded).astype(np.int16))
        return out


@dataclass(frozen=True)
class Packed:
    """One parameter at all epochs, as it is stored.

    Attributes:
        folded: ``(c, *shape)`` uint16 or uint32, see `gt.kept.alignment.to_steps`.
        step: What one step is.
    """

    folded: np.ndarray
    step: float

    @functools.cached_property
    def values(self) -> np.ndarray:
        """``(c, *shape)`` float32, as they will be read back."""
        return from_steps(self.folded).astype(np.float32) * np.float32(self.step)


def pack_weights(weights: Sequence[Mapping[str, np.ndarray]]) -> dict[str, Packed]:
    """Round the parameters of each epoch to whole steps; `write_checkpoints` keeps them."""
    out = {}
    for name in weights[0]:
        values = np.stack([one[name] for one in weights])
        largest = float(np.abs(values).max(initial=0)) or 1.0
        out[name] = Packed(*to_steps(values, largest * STEPS / LARGEST))
    return out


def write_checkpoints(
    owner: Run,
    *,
    of: Mapping[str, str],
    epochs: Sequence[int],
    shape: tuple[int, ...],
    scaling: Scaling,
    layers: Sequence[Layer],
    packed: Mapping[str, Packed],
    made: Mapping[str, Any],
) -> Checkpoints:
    """Keep the weights of a network with a run, in the place of those that are there; all or nothing.

    Args:
        owner: The run; nothing that belongs to it is touched.
        of: ``run`` and ``uid`` of the recording.
        epochs: Their numbers, rising.
        shape: Of one input.
        scaling: How images become inputs.
        layers: Behind the input, in the order of their calls.
        packed: Parameters by name.
        made: How.
    """
    with built_to_replace(owner.path / FOLDER) as part:
        group = zarr.create_group(part)
        listed: list[dict[str, Any]] = []
        for i, (name, one) in enumerate(packed.items()):
            kept = one.folded
            array = f"parameters/{i:03d}"
            disk.make_array(group, array, kept.shape, kept.dtype, kept.shape, level=9)[...] = kept
            listed.append(
                {"name": name, "shape": list(kept.shape[1:]), "array": array, "step": one.step}
            )
        group.attrs.put(
            {
                "format": FORMAT,
                "version": VERSION,
                "owner": owner.uid,
                "of": dict(of),
                "epochs": [int(number) for number in epochs],
                "shape": list(shape),
                "pixels": {"mean": list(scaling.mean), "std": list(scaling.std)},
                "layers": [replace(one, array=None, constant=False).to_json() for one in layers],
                "parameters": listed,
                "made": dict(made),
            }
        )
    found = open_checkpoints(owner)
    assert found is not None
    return found


def open_checkpoints(run: Run) -> Checkpoints | None:
    """The checkpoints that are kept with a run; None if there are none, or they are another run's.

    Raises:
        TruncatedRunError: If part of them is missing or damaged.
        ShapeError: If a parameter has another shape than it should.
    """
    path = run.path / FOLDER
    try:
        written = (path / "zarr.json").stat().st_mtime_ns
    except FileNotFoundError:
        return None
    found = _opened(path, written)
    return found if found.fits(run) else None


_HELD: Held[list[np.ndarray]] = Held(HELD_BYTES, lambda values: sum(one.nbytes for one in values))


def _stamp(path: Path) -> int:
    return (path / "zarr.json").stat().st_mtime_ns


@functools.lru_cache(maxsize=32)  # without what is in them
def _opened(path: Path, _: int) -> Checkpoints:
    where = f"open_checkpoints: {path}"
    with metadata.damage_told(where, "zarr.json must describe checkpoints", AGAIN):
        said = metadata.attributes(path, FORMAT, VERSION, where)
        pixels = metadata.mapping(said["pixels"], "pixels")
        found = Checkpoints(
            path=path,
            owner=metadata.text(said["owner"], "owner"),
            of=metadata.texts(said["of"], "of"),
            epochs=metadata.epochs(said["epochs"]),
            shape=metadata.wholes(said["shape"], "shape", 1),
            scaling=Scaling(
                metadata.numbers(pixels["mean"], "mean"), metadata.numbers(pixels["std"], "std")
            ),
            layers=tuple(Layer.from_json(one) for one in said["layers"]),
            parameters=tuple(
                Parameter(
                    metadata.text(one["name"], "name of a parameter"),
                    metadata.wholes(one["shape"], "shape of a parameter"),
                    metadata.text(one["array"], "array of a parameter"),
                    metadata.number(one["step"], "step of a parameter"),
                )
                for one in said["parameters"]
            ),
            made=metadata.made(said["made"]),
        )
    with metadata.damage_told(where, "its arrays must be those of checkpoints", AGAIN):
        group = zarr.open_group(path, mode="r")
        for one in found.parameters:
            array = disk.get_array(group, one.array, where)
            wanted = (len(found.epochs), *one.shape)
            if array.shape != wanted:
                raise ShapeError(f"{where}: {one.name} must be {wanted}, it is {array.shape}")
            metadata.bounded(array, one.name, where)
            metadata.present(path, array, where, AGAIN)
    return found
