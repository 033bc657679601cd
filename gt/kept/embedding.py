"""Embeddings of a run's layer, epoch by epoch.

A group of the arrays ``ids``, ``positions`` and ``measures/<name>``. While one is computed it is in a workshop, see
`gt.kept.workshop`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import zarr

from gt.embed.method import METHODS
from gt.errors import ShapeError
from gt.kept import stated
from gt.kept.artifact import Arrays, Computed, Kept
from gt.kept.stated import Check
from gt.run import disk, metadata

WIDEST = 64  # dimensions of a picture; ours have 2 or 8


def _method(value: Any, name: str) -> str:
    return metadata.one_of(value, name, tuple(METHODS))


def _parameters(value: Any, name: str) -> dict[str, float | int]:
    """Numbers by name, whole ones as such: the key depends on it."""
    found = dict(metadata.mapping(value, name))
    for key, one in found.items():
        metadata.number(one, key)
    return found


@dataclass(frozen=True)
class Recipe(stated.Recipe):
    """Everything that an embedding depends on.

    Attributes:
        uid: Of the run.
        fingerprint: Of the layer's stored bytes.
        layer: Its name.
        split: "train" or "test": whose points.
        method: As in `gt.embed.METHODS`.
        parameters: All of the method's.
        seed: Of whatever is random.
        points: How many points were drawn from the split, None for all.
        code: Version of the code that computes.
    """

    CHECKS: ClassVar[Mapping[str, Check]] = {
        "uid": metadata.text,
        "fingerprint": metadata.text,
        "layer": metadata.text,
        "split": stated.split,
        "method": _method,
        "parameters": _parameters,
        "seed": metadata.whole,
        "points": stated.optional(stated.counted),
        "code": metadata.whole,
    }

    uid: str
    fingerprint: str
    layer: str
    split: str
    method: str
    parameters: Mapping[str, float | int]
    seed: int
    points: int | None
    code: int


@dataclass(frozen=True)
class Embedding(Computed):
    """A finished embedding, opened; positions are read as asked for.

    Attributes:
        measures: By name, ``(e,)`` or ``(e - 1,)`` float32; see `gt.measure.embeddings.correspondence`.
    """

    FORMAT = "grand-tour-embedding"
    FOLDER = "embeddings"
    PLACE = 1
    VERB, CALLED = "open_embedding", "an embedding"
    AGAIN = "compute it again"
    RECIPE = Recipe

    recipe: Recipe
    measures: Mapping[str, np.ndarray]

    @classmethod
    def read_said(cls, said: Mapping[str, Any]) -> dict[str, Any]:
        """Fields that its attributes say; of measures their names."""
        return {**cls.common(said), "measures": list(said["measures"])}

    @classmethod
    def read_arrays(cls, arrays: Arrays, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Points and measures; positions are looked at."""
        ids, e = arrays.ids(), len(fields["epochs"])
        positions = arrays.look("positions")
        shape = positions.shape
        if len(shape) != 3 or shape[:2] != (e, len(ids)) or not 2 <= shape[2] <= WIDEST:
            raise ShapeError(
                f"{arrays.where}: positions must be ({e}, {len(ids)}, d) with d from 2 to {WIDEST},"
                f" they are {shape}"
            )
        arrays.whole(positions, "positions")
        return {
            "ids": ids,
            "measures": {one: _measure(arrays, one, e) for one in fields["measures"]},
        }

    @property
    def dimensions(self) -> int:
        """Of the picture."""
        return int(self._array().shape[2])

    def positions(self, index: int | None = None) -> np.ndarray:
        """Where the points are in one epoch, ``(n, d)`` float32; of all, ``(e, n, d)``, when None.

        Raises:
            TruncatedRunError: If the stored bytes are damaged.
            ShapeError: If they hold NaN or infinity.
        """
        where = f"embedding {self.name}"
        at = ... if index is None else index
        found = disk.read(self._array(), at, where).astype(np.float32)
        return metadata.finite(found, "positions", where)

    def _array(self) -> zarr.Array:
        where = f"embedding {self.name}"
        with metadata.damage_told(where, "its folder must be there", self.AGAIN):
            return disk.get_array(zarr.open_group(self.path, mode="r"), "positions", where)

    def line(self) -> str:
        """Of what it is, of how many points, in how many epochs."""
        n, recipe = len(self.ids), self.recipe
        return (
            f"{recipe.layer}, {n:,} of {self.of:,} {recipe.split} points, {len(self.epochs)} epochs"
        )


def _measure(arrays: Arrays, name: Any, e: int) -> np.ndarray:
    """One of what was measured: a value an epoch, or a transition."""
    called = f"measures/{metadata.text(name, 'measures')}"
    found = metadata.read(arrays.group, called, arrays.where)
    if found.shape not in ((e,), (e - 1,)) or found.dtype.kind != "f":
        raise ShapeError(
            f"{arrays.where}: measures/{name} must have a value an epoch or transition of {e} epochs,"
            f" it has {found.shape}"
        )
    return found


def write_embedding(
    folder: Path,
    name: str,
    *,
    recipe: Recipe,
    epochs: np.ndarray,
    ids: np.ndarray,
    of: int,
    positions: np.ndarray,
    measures: Mapping[str, np.ndarray],
    versions: Mapping[str, str],
    made: Mapping[str, Any],
) -> Embedding:
    """Keep an embedding in ``folder/name``, small, in the place of one that is there; all or nothing.

    Args:
        folder: Made if need be.
        name: Of the embedding.
        recipe: What it depends on.
        epochs: ``(e,)`` their numbers.
        ids: ``(n,)`` the points.
        of: How many points the split has.
        positions: ``(e, n, d)`` float32.
        measures: By name, ``(e,)`` or ``(e - 1,)`` float32.
        versions: Of libraries.
        made: How.
    """
    e, n, d = positions.shape
    arrays = {"ids": Kept(ids.astype(np.int64), level=3)}
    arrays |= {f"measures/{one}": Kept(value, level=3) for one, value in measures.items()}
    # any epoch can be read alone
    placed = np.asarray(positions, np.float32)
    arrays["positions"] = Kept(placed, chunks=(1, n, d), shards=(e, n, d))
    said = {
        "name": name,
        "recipe": recipe.to_json(),
        "epochs": [int(number) for number in epochs],
        "of": of,
        "versions": dict(versions),
        "made": dict(made),
        "measures": list(measures),
    }
    return Embedding.write(folder / name, arrays, said)


FOLDER = Embedding.FOLDER
open_embedding = Embedding.open
find_embeddings = Embedding.find
