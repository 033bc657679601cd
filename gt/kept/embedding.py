"""Embeddings of a run's layer, epoch by epoch: computed here, or brought.

A group of the arrays ``ids``, ``positions`` and ``measures/<name>``. While one is computed it is in a workshop, see
`gt.kept.workshop`. One may be of a method that this version does not know: it is borne like the others, under the name
that it gives. One that was brought has no recipe of ours, and says what its maker said of it: `Imported`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import zarr

from gt.embed.method import EVERY, IMPORTED
from gt.errors import ShapeError
from gt.kept import stated
from gt.kept.artifact import Arrays, Computed, Kept
from gt.kept.stated import Check
from gt.run import disk, metadata
from gt.run.read import Run

WIDEST = 64  # dimensions of a picture; ours have 2 or 8


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
        method: As in `gt.embed.METHODS`, or one that this version does not know; ``"imported"`` of one that was
            brought.
        parameters: All of the method's.
        seed: Of whatever is random; None where that is not known.
        points: How many points were drawn from the split, None for all.
        code: Version of the code that computes.
    """

    CHECKS: ClassVar[Mapping[str, Check]] = {
        "uid": metadata.text,
        "fingerprint": metadata.text,
        "layer": metadata.text,
        "split": stated.split,
        "method": metadata.line,
        "parameters": _parameters,
        "seed": stated.optional(metadata.whole),
        "points": stated.optional(stated.counted),
        "code": metadata.whole,
    }

    uid: str
    fingerprint: str
    layer: str
    split: str
    method: str
    parameters: Mapping[str, float | int]
    seed: int | None
    points: int | None
    code: int


def _told(value: Any, name: str) -> dict[str, str]:
    return metadata.texts(metadata.mapping(value, name), name)


@dataclass(frozen=True)
class Imported(stated.Stated):
    """What is known of an embedding that was brought: what its maker said, word for word, and nothing else.

    Attributes:
        title: What people call it.
        by: How it was made, in a sentence; None where that was not said.
        told: Further things that were said of how it was made, by name.
        digest: Of its points, epochs and positions.
    """

    CALLED = "imported"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "title": metadata.line,
        "by": stated.optional(metadata.text),
        "told": _told,
        "digest": metadata.text,
    }

    title: str
    by: str | None
    told: Mapping[str, str]
    digest: str


def _imported(value: Any, method: str) -> Imported | None:
    """What was said of one that was brought; None for all others.

    Raises:
        ValueError: If that is said of another method, or not of one that was brought.
    """
    if (value is not None) != (method == IMPORTED):
        raise ValueError(f"imported must be of the method {IMPORTED}, and of no other")
    return None if value is None else Imported.from_json(value)


@dataclass(frozen=True)
class Embedding(Computed):
    """A finished embedding, opened; positions are read as asked for.

    Attributes:
        measures: By name, ``(e,)`` or ``(e - 1,)`` float32; see `gt.measure.embeddings.correspondence`.
        imported: What is known of one that was brought; None for one that was computed.
    """

    FORMAT = "grand-tour-embedding"
    FOLDER = "embeddings"
    PLACE = 1
    VERB, CALLED = "open_embedding", "an embedding"
    AGAIN = "compute it again"
    RECIPE = Recipe

    recipe: Recipe
    measures: Mapping[str, np.ndarray]
    imported: Imported | None = None

    @classmethod
    def read_said(cls, said: Mapping[str, Any]) -> dict[str, Any]:
        """Fields that its attributes say; of measures their names."""
        found = cls.common(said)
        imported = _imported(said.get("imported"), found["recipe"].method)
        return {**found, "measures": list(said["measures"]), "imported": imported}

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
    def key(self) -> str:
        """32 hexadecimal digits that stand for all of it."""
        if self.imported is None:
            return self.recipe.key
        said = json.dumps([self.recipe.key, self.imported.to_json()], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def is_of(self, run: Run) -> bool:
        """Whether it is of what a run has now, or had when it had fewer epochs.

        Raises:
            RunError, OSError: If the run has no such layer, or it cannot be read.
        """
        if not self.fits(run):
            return False
        last = int(np.searchsorted(run.epochs, self.epochs[-1]))
        beyond = int(self.recipe.parameters.get(EVERY.name, 1))  # that it left out at its end
        counts = range(last + 1, min(len(run.epochs), last + beyond) + 1)
        layer = self.recipe.layer
        return any(self.recipe.fingerprint == run.fingerprint(layer, count) for count in counts)

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
        what = (
            f"{recipe.layer}, {n:,} of {self.of:,} {recipe.split} points, {len(self.epochs)} epochs"
        )
        return f"“{self.imported.title}”, imported, {what}" if self.imported else what


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
    imported: Imported | None = None,
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
        imported: What is known of one that was brought.
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
        "imported": None if imported is None else imported.to_json(),
    }
    return Embedding.write(folder / name, arrays, said)


FOLDER = Embedding.FOLDER
open_embedding = Embedding.open
find_embeddings = Embedding.find
