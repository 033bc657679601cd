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
from typing import Any, ClassVar

import numpy as np
import zarr

from gt.cache.memory import Held
from gt.kept.artifact import Arrays, Artifact, written
from gt.kept.stated import Check, Stated
from gt.kept.steps import STEPS, from_steps, to_steps
from gt.run import disk, metadata
from gt.run.layer import Layer
from gt.run.pixels import Scaling
from gt.run.read import Run

HELD_BYTES = 16 * 2**20  # of those that were read last, 2 to 6 MB each for runs like ours
LARGEST = 32767  # steps of a parameter's largest value


@dataclass(frozen=True)
class Parameter(Stated):
    """One parameter: name in the model ("fc1.weight"), shape, array in the group, and what a step of it is."""

    CALLED = "parameters"
    OF = " of a parameter"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "name": metadata.text,
        "shape": metadata.wholes,
        "array": metadata.text,
        "step": metadata.number,
    }

    name: str
    shape: tuple[int, ...]
    array: str
    step: float


@dataclass(frozen=True)
class Checkpoints(Artifact):
    """The weights of a network at c epochs; a run has one such.

    Attributes:
        owner: ``uid`` of the run they are kept with.
        of: ``run`` and ``uid`` of the recording they come from.
        shape: Of one input.
        scaling: How images become inputs.
        layers: Behind the input, in the order of their calls; the last is the softmax.
        parameters: What is stored.
    """

    FORMAT = "grand-tour-checkpoints"
    FOLDER = "checkpoints"
    PLACE = 3
    NAMED, TRAVELS = False, True
    VERB, CALLED = "open_checkpoints", "checkpoints"
    AGAIN = "make them again: gt weights --help"

    owner: str
    of: Mapping[str, str]
    shape: tuple[int, ...]
    scaling: Scaling
    layers: tuple[Layer, ...]
    parameters: tuple[Parameter, ...]

    @classmethod
    def read_said(cls, said: Mapping[str, Any]) -> dict[str, Any]:
        """Fields that their attributes say."""
        pixels = metadata.mapping(said["pixels"], "pixels")
        return {
            **cls.common(said),
            "owner": metadata.text(said["owner"], "owner"),
            "of": metadata.texts(said["of"], "of"),
            "shape": metadata.wholes(said["shape"], "shape", 1),
            "scaling": Scaling(
                metadata.numbers(pixels["mean"], "mean"), metadata.numbers(pixels["std"], "std")
            ),
            "layers": tuple(Layer.from_json(one) for one in said["layers"]),
            "parameters": tuple(Parameter.from_json(one) for one in said["parameters"]),
        }

    @classmethod
    def read_arrays(cls, arrays: Arrays, fields: Mapping[str, Any]) -> dict[str, Any]:
        """None: parameters are looked at, and read as asked for."""
        for one in fields["parameters"]:
            arrays.later(one.array, (len(fields["epochs"]), *one.shape), one.name)
        return {}

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
        return run.uid == self.owner and super().fits(run)

    @property
    def _values(self) -> list[np.ndarray]:
        """Whole steps ``(c, *shape)`` int16 of each parameter; what is stored are differences between epochs."""
        return _HELD.get((self.path, written(self.path)), self._read)

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
        folded: ``(c, *shape)`` uint16 or uint32, see `gt.kept.steps.to_steps`.
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
    arrays = {f"parameters/{i:03d}": one.folded for i, one in enumerate(packed.values())}
    listed = [
        Parameter(name, one.folded.shape[1:], array, one.step).to_json()
        for array, (name, one) in zip(arrays, packed.items(), strict=True)
    ]
    said = {
        "owner": owner.uid,
        "of": dict(of),
        "epochs": [int(number) for number in epochs],
        "shape": list(shape),
        "pixels": {"mean": list(scaling.mean), "std": list(scaling.std)},
        "layers": [replace(one, array=None, constant=False).to_json() for one in layers],
        "parameters": listed,
        "made": dict(made),
    }
    return Checkpoints.write(owner.path / Checkpoints.FOLDER, arrays, said)


def open_checkpoints(run: Run) -> Checkpoints | None:
    """The checkpoints that are kept with a run; None if there are none, or they are another run's.

    Raises:
        TruncatedRunError: If part of them is missing or damaged.
        ShapeError: If a parameter has another shape than it should.
    """
    return next(iter(Checkpoints.of_run(run)), None)


FOLDER = Checkpoints.FOLDER
_HELD: Held[list[np.ndarray]] = Held(HELD_BYTES, lambda values: sum(one.nbytes for one in values))
