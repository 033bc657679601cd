"""One kind of thing that is kept beside a run, or in a cache: what all kinds have in common.

An artifact is a Zarr v3 group. Its attributes say of what kind and version it is and how it was made; it is written
whole or not at all, opened without trust in what it says, found by looking into a folder, and used if it fits the run.
A kind is one file in this folder: a class of `Artifact` with its arrays, its attributes, and what fits. `kinds` finds
it there; ``gt info``, manifests, shipped copies and the server's list of what cannot be shown go by that list.
"""

from __future__ import annotations

import functools
import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import zarr

from gt.cache.memory import Held
from gt.discover import import_all
from gt.errors import ShapeError
from gt.files.swap import built_to_replace
from gt.kept.stated import Recipe
from gt.run import disk, metadata
from gt.run.read import Run

OPENED_BYTES = 8 * 2**20  # of artifacts that were opened last, without what is read as asked for
ABOUT_BYTES = 2**14  # what one takes beside its arrays


@dataclass(frozen=True)
class Kept:
    """An array as it is to be stored; chunks are all of it unless said otherwise.

    Attributes:
        values: The array.
        level: Of the compression.
        chunks: Shape of a chunk.
        shards: Shape of a file of chunks.
    """

    values: np.ndarray
    level: int = 9
    chunks: Sequence[int] | None = None
    shards: Sequence[int] | None = None


class Arrays:
    """The arrays of an artifact, read without trust.

    Args:
        path: Its folder.
        where: Who reads; it begins every error.
        again: The remedy.
    """

    def __init__(self, path: Path, where: str, again: str) -> None:
        self.path, self.where, self.again = path, where, again
        self.group = zarr.open_group(path, mode="r")

    def look(self, name: str) -> zarr.Array:
        """An array as it describes itself; `whole` says whether it is there."""
        return disk.get_array(self.group, name, self.where)

    def whole(self, array: zarr.Array, called: str) -> None:
        """Raise ``RunError`` unless all of an array is there, and no larger than can be read."""
        metadata.bounded(array, called, self.where)
        metadata.present(self.path, array, self.where, self.again)

    def later(self, name: str, shape: Sequence[int], called: str | None = None) -> zarr.Array:
        """A whole array that is read as asked for.

        Args:
            name: Of the array.
            shape: That it must have.
            called: What errors call it; its name when None.

        Raises:
            ShapeError: If it has another.
        """
        array, called = self.look(name), called or name
        if array.shape != tuple(shape):
            raise ShapeError(f"{self.where}: {called} must be {tuple(shape)}, it is {array.shape}")
        self.whole(array, called)
        return array

    def now(self, name: str, shape: Sequence[int]) -> np.ndarray:
        """All of an array of a shape, as `later` and read."""
        return disk.read(self.later(name, shape), ..., f"{self.where}: {name}")

    def finite(self, name: str, shape: Sequence[int]) -> np.ndarray:
        """The same, of numbers that are finite."""
        return metadata.finite(self.now(name, shape), name, self.where)

    def ids(self) -> np.ndarray:
        """The points, ``(n,)`` int64: one at least, each once."""
        self.whole(self.look("ids"), "ids")
        return metadata.ids(self.group, self.where)


@dataclass(frozen=True)
class Artifact(ABC):
    """One artifact, opened.

    Attributes:
        FORMAT: What its ``zarr.json`` calls the kind.
        VERSION: The newest version of the format that is read, which is the one that is written.
        FOLDER: Within a run; the one artifact of this kind, or a folder of those that have names.
        PLACE: Where it stands among the kinds in a list.
        NAMED: Whether a run has many of the kind, each by a name, or one.
        TRAVELS: Whether a shipped copy of a run has it too; otherwise it is made anew of the copy.
        VERB: What errors call the reader: "open_embedding".
        CALLED: What they call it: "an embedding".
        AGAIN: What to do where one is damaged.
        path: Its folder.
        epochs: ``(e,)`` int64, numbers of the epochs, rising.
        made: When, how long, by what command.
    """

    FORMAT: ClassVar[str]
    VERSION: ClassVar[int] = 1
    FOLDER: ClassVar[str]
    PLACE: ClassVar[int]
    NAMED: ClassVar[bool] = True
    TRAVELS: ClassVar[bool] = False
    VERB: ClassVar[str]
    CALLED: ClassVar[str]
    AGAIN: ClassVar[str] = "make it again"

    path: Path
    epochs: np.ndarray
    made: Mapping[str, Any]

    @classmethod
    @abstractmethod
    def read_said(cls, said: Mapping[str, Any]) -> dict[str, Any]:
        """Fields that its attributes say, each checked; `Artifact.common` reads those of every kind.

        Raises:
            ValueError, KeyError, TypeError: If one is not as it should be.
        """

    @classmethod
    @abstractmethod
    def read_arrays(cls, arrays: Arrays, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Fields that are arrays.

        Args:
            arrays: Reads them.
            fields: What `read_said` has found.

        Raises:
            ShapeError: If arrays do not fit each other, or what is said.
        """

    @classmethod
    def common(cls, said: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of every kind."""
        return {"epochs": metadata.epochs(said["epochs"]), "made": metadata.made(said["made"])}

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open one.

        Raises:
            TruncatedRunError: If part of it is missing or damaged.
            ShapeError: If its arrays do not fit each other.
        """
        where = f"{cls.VERB}: {path}"
        with metadata.damage_told(where, f"zarr.json must describe {cls.CALLED}", cls.AGAIN):
            said = metadata.attributes(path, cls.FORMAT, cls.VERSION, where)
            found = cls.read_said(said)
        with metadata.damage_told(where, f"its arrays must be those of {cls.CALLED}", cls.AGAIN):
            found |= cls.read_arrays(Arrays(path, where, cls.AGAIN), found)
        return cls(path=path, **found)

    @classmethod
    def at(cls, path: Path) -> Self:
        """Open one as `open` does, or return it as it was opened last, if it has not been written since.

        Raises:
            FileNotFoundError: If there is none.
        """
        stamp = written(path)
        return _OPENED.get((cls, path, stamp), functools.partial(cls.open, path))  # type: ignore[return-value]

    @classmethod
    def find(cls, folder: Path) -> tuple[list[Self], list[str]]:
        """Those in a folder, by name; and what is wrong with the others."""
        return metadata.find(folder, cls.at)

    @classmethod
    def of_run(cls, run: Run) -> list[Self]:
        """Those in a run's own folder that are whole; of a kind without names the one that fits, if any.

        Raises:
            RunError: If the one of a kind without names is damaged.
        """
        folder = run.path / cls.FOLDER
        if cls.NAMED:
            return cls.find(folder)[0]
        try:
            one = cls.at(folder)
        except FileNotFoundError:
            return []
        return [one] if one.fits(run) else []

    @classmethod
    def write(
        cls, target: Path, arrays: Mapping[str, np.ndarray | Kept], said: Mapping[str, Any]
    ) -> Self:
        """Keep one, in the place of one that is there; all or nothing.

        Args:
            target: Its folder; those above are made if need be.
            arrays: By name.
            said: Its attributes, beside format and version.

        Returns:
            The artifact, opened.
        """
        with built_to_replace(target) as part:
            group = zarr.create_group(part)
            for name, one in arrays.items():
                kept = one if isinstance(one, Kept) else Kept(np.asarray(one))
                values = kept.values
                disk.make_array(
                    group,
                    name,
                    values.shape,
                    values.dtype,
                    kept.chunks or values.shape,
                    shards=kept.shards,
                    level=kept.level,
                )[...] = values
            group.attrs.put({"format": cls.FORMAT, "version": cls.VERSION, **said})
        return cls.open(target)

    @property
    def nbytes(self) -> int:
        """What it takes in memory, without what is read as asked for."""
        values = [getattr(self, field.name) for field in fields(self)]
        return ABOUT_BYTES + sum(one.nbytes for one in values if isinstance(one, np.ndarray))

    def fits(self, run: Run) -> bool:
        """Whether it can be of a run: all its epochs are among the run's."""
        return set(self.epochs.tolist()) <= set(run.epochs.tolist())

    def epoch_indices(self, run: Run) -> list[int]:
        """Where its epochs are among those of its run."""
        place = {int(number): i for i, number in enumerate(run.epochs)}
        return [place[int(number)] for number in self.epochs]

    def line(self) -> str:
        """What ``gt info`` says of it behind its name."""
        return f"{len(self.epochs)} epochs"


@dataclass(frozen=True)
class Computed(Artifact):
    """An artifact of some points of a run, computed by a recipe; a run has many, by name.

    Attributes:
        name: For machines, unique among those of its kind and run.
        recipe: What it depends on.
        ids: ``(n,)`` int64, the points, in the run's order.
        of: How many points the split has.
        versions: Of the libraries that decided the result.
    """

    RECIPE: ClassVar[type[Recipe]]

    name: str
    recipe: Recipe
    ids: np.ndarray
    of: int
    versions: Mapping[str, str]

    @classmethod
    def common(cls, said: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of every kind, and those of what is computed."""
        return {
            "recipe": cls.RECIPE.from_json(said["recipe"]),
            **super().common(said),
            "name": metadata.text(said["name"], "name"),
            "of": metadata.whole(said["of"], "of"),
            "versions": metadata.texts(said["versions"], "versions"),
        }

    def fits(self, run: Run) -> bool:
        """Whether all its points and epochs are among those of a run."""
        return super().fits(run) and set(self.ids.tolist()) <= set(run.ids.tolist())

    def rows(self, run: Run) -> np.ndarray:
        """Where its points are among those of its run, ``(n,)`` int64."""
        place = {int(one): i for i, one in enumerate(run.ids)}
        return np.array([place[int(one)] for one in self.ids], np.int64)


def written(path: Path) -> int:
    """When an artifact was written, in ns.

    Raises:
        FileNotFoundError: If there is none.
    """
    return (path / "zarr.json").stat().st_mtime_ns


def kinds() -> list[type[Artifact]]:
    """Every kind, in the order of lists; each is in a file of its own in this folder."""
    import_all(__package__)
    return sorted(_whole(Artifact), key=lambda kind: kind.PLACE)


def _whole(kind: Any) -> Iterator[type[Artifact]]:
    for one in kind.__subclasses__():
        if not inspect.isabstract(one):
            yield one
        yield from _whole(one)


#: asked for with every page, and alignments with every tensor
_OPENED: Held[Artifact] = Held(OPENED_BYTES, lambda one: one.nbytes)
