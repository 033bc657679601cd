"""Embeddings of a run's layer, epoch by epoch: how they are kept beside the run, or in a cache.

A finished embedding is a Zarr v3 group of the arrays `ids`, `positions` and
`measures/<name>`; its attributes say of what it is and how it was made. While it is computed it is a folder
whose name begins with a dot, with one file an epoch, so that a stopped computation goes on where it
was; it becomes the embedding in one rename.
"""

from __future__ import annotations

import contextlib
import functools
import glob
import hashlib
import json
import logging
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import zarr

from gt.embed.method import METHODS
from gt.errors import RunError, ShapeError
from gt.files import alive, durable, swap
from gt.run import disk, metadata
from gt.run.points import SPLITS
from gt.run.read import Run

log = logging.getLogger(__name__)

FORMAT = "grand-tour-embedding"
VERSION = 1
FOLDER = "embeddings"  # within a run
HEARTBEAT = 5.0  # seconds between two signs of life of a computation
DEAD = 60.0  # seconds without one after which it counts as stopped
WIDEST = 64  # dimensions of a picture; ours have 2 or 8
AGAIN = "compute it again"


@dataclass(frozen=True)
class Recipe:
    """Everything that an embedding depends on; two of the same key are the same embedding.

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

    uid: str
    fingerprint: str
    layer: str
    split: str
    method: str
    parameters: Mapping[str, float | int]
    seed: int
    points: int | None
    code: int

    @property
    def key(self) -> str:
        """32 hexadecimal digits that stand for all of it."""
        text = json.dumps(self.to_json(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {**self.__dict__, "parameters": dict(self.parameters)}

    @classmethod
    def from_json(cls, said: Any) -> Recipe:
        """Read back what `to_json` made.

        Raises:
            ValueError, KeyError, TypeError: If it is anything else.
        """
        given = dict(metadata.mapping(said, "recipe"))
        parameters = metadata.mapping(given.pop("parameters"), "parameters")
        points = given.pop("points")
        return cls(
            uid=metadata.text(given.pop("uid"), "uid"),
            fingerprint=metadata.text(given.pop("fingerprint"), "fingerprint"),
            layer=metadata.text(given.pop("layer"), "layer"),
            split=metadata.one_of(given.pop("split"), "split", SPLITS),
            method=metadata.one_of(given.pop("method"), "method", tuple(METHODS)),
            parameters={
                name: value
                for name, value in parameters.items()
                if metadata.number(value, name) is not None
            },
            seed=metadata.whole(given.pop("seed"), "seed"),
            points=None if points is None else metadata.whole(points, "points", 1),
            code=metadata.whole(given.pop("code"), "code"),
            **given,
        )


@dataclass(frozen=True)
class Embedding:
    """A finished embedding, opened; positions are read as asked for.

    Attributes:
        path: Its folder.
        name: For machines, unique among the embeddings of its run.
        recipe: What it depends on.
        epochs: ``(e,)`` int64, numbers of the epochs.
        ids: ``(n,)`` int64, the points, in the run's order.
        of: How many points the split has.
        versions: Of the libraries that decided the result.
        made: When, how long, by what command.
        measures: By name, ``(e,)`` or ``(e - 1,)`` float32; see `gt.measure.embeddings.correspondence`.
    """

    path: Path
    name: str
    recipe: Recipe
    epochs: np.ndarray
    ids: np.ndarray
    of: int
    versions: Mapping[str, str]
    made: Mapping[str, Any]
    measures: Mapping[str, np.ndarray]

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

    def epoch_indices(self, run: Run) -> list[int]:
        """Where its epochs are among those of its run."""
        place = {int(number): i for i, number in enumerate(run.epochs)}
        return [place[int(number)] for number in self.epochs]

    def rows(self, run: Run) -> np.ndarray:
        """Where its points are among those of its run, ``(n,)`` int64."""
        place = {int(one): i for i, one in enumerate(run.ids)}
        return np.array([place[int(one)] for one in self.ids], np.int64)

    def _array(self) -> zarr.Array:
        where = f"embedding {self.name}"
        with metadata.damage_told(where, "its folder must be there", AGAIN):
            return disk.get_array(zarr.open_group(self.path, mode="r"), "positions", where)

    def fits(self, run: Run) -> bool:
        """Whether all its points and epochs are among those of a run."""
        points, epochs = set(run.ids.tolist()), set(run.epochs.tolist())
        return set(self.ids.tolist()) <= points and set(self.epochs.tolist()) <= epochs


def open_embedding(path: Path) -> Embedding:
    """Open one embedding.

    Raises:
        TruncatedRunError: If part of it is missing or damaged, or is of a method that nothing here can describe.
        ShapeError: If its arrays do not fit each other.
    """
    where = f"open_embedding: {path}"
    with metadata.damage_told(where, "zarr.json must describe an embedding", AGAIN):
        said = metadata.attributes(path, FORMAT, VERSION, where)
        recipe = Recipe.from_json(said["recipe"])
        name, epochs = metadata.text(said["name"], "name"), metadata.epochs(said["epochs"])
        versions, made = metadata.texts(said["versions"], "versions"), metadata.made(said["made"])
        of, listed = metadata.whole(said["of"], "of"), list(said["measures"])
    with metadata.damage_told(where, "its arrays must be those of an embedding", AGAIN):
        group = zarr.open_group(path, mode="r")
        ids = metadata.ids(group, where)
        positions = disk.get_array(group, "positions", where)
        shape = positions.shape
        if len(shape) != 3 or shape[:2] != (len(epochs), len(ids)) or not 2 <= shape[2] <= WIDEST:
            raise ShapeError(
                f"{where}: positions must be ({len(epochs)}, {len(ids)}, d) with d from 2 to {WIDEST},"
                f" they are {shape}"
            )
        metadata.present(path, positions, where, AGAIN)
        measures = {one: _measure(group, one, len(epochs), where) for one in listed}
    return Embedding(path, name, recipe, epochs, ids, of, versions, made, measures)


def _measure(group: zarr.Group, name: Any, e: int, where: str) -> np.ndarray:
    """One of what was measured: a value an epoch, or a transition."""
    found = metadata.read(group, f"measures/{metadata.text(name, 'measures')}", where)
    if found.shape not in ((e,), (e - 1,)) or found.dtype.kind != "f":
        raise ShapeError(
            f"{where}: measures/{name} must have a value an epoch or transition of {e} epochs,"
            f" it has {found.shape}"
        )
    return found


def find_embeddings(folder: Path) -> tuple[list[Embedding], list[str]]:
    """The finished embeddings in a folder, by name; and what is wrong with the others."""
    return metadata.find(folder, _opened)


@functools.lru_cache(maxsize=256)  # asked for with every page; positions are not among what is kept
def _opened(path: Path, _: int) -> Embedding:
    return open_embedding(path)


class Workshop:
    """The folder in which one embedding is computed: what is done already, and who is at it.

    Args:
        folder: Where the finished embedding will be.
        name: Its name there.
        key: Of its recipe; work begun under another is thrown away.
    """

    def __init__(self, folder: Path, name: str, key: str) -> None:
        self.folder, self.name, self.key = folder, name, key
        self.target = folder / name
        self.path = folder / f".{name}.{key[:16]}.building"

    def done(self) -> Embedding | None:
        """The finished embedding, if there is one of this key; one that is damaged is none."""
        if not (self.target / "zarr.json").is_file():
            return None
        try:
            found = open_embedding(self.target)
        except RunError as error:
            log.warning("%s; it will be computed again", error)
            return None
        return found if found.recipe.key == self.key else None

    @contextlib.contextmanager
    def owned(self) -> Iterator[bool]:
        """Be the one who computes; False if another computation is at it and alive.

        A sign of life that a killed computation left is not taken away, since two who try could each
        take the other's: the next sign has the next number, and only one can make it.
        """
        sign = self._sign()
        if sign is None:
            yield False
            return
        over = threading.Event()
        beat = threading.Thread(target=_beat, args=(sign, over), daemon=True)
        beat.start()
        try:
            yield True
        finally:
            over.set()
            beat.join()
            sign.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # nothing is kept there: nothing was done
                self.path.rmdir()

    def _sign(self) -> Path | None:
        """Put up a sign of life, unless there is one."""
        self.path.mkdir(parents=True, exist_ok=True)
        signs = {_number_of(path): path for path in self.path.glob("alive*")}
        last = max(signs, default=-1)
        if last >= 0 and _alive(signs[last]):
            return None
        sign = self.path / (f"alive-{last + 1}" if last >= 0 else "alive")
        whole = self.path / f".sign-{socket.gethostname()}-{os.getpid()}-{threading.get_ident()}"
        pid, began = alive.named()
        try:
            whole.write_text(f"{socket.gethostname()} {pid} {began}")
            _place(whole, sign)  # with all that it says, or not at all
        except (FileExistsError, FileNotFoundError):  # another was quicker, or has just finished
            return None
        finally:
            whole.unlink(missing_ok=True)
        return sign

    def get(self, name: str) -> dict[str, np.ndarray] | None:
        """Arrays put under a name; None if there are none, or they are damaged."""
        file = self.path / f"{name}.npz"
        try:
            with file.open("rb") as source, np.load(source, allow_pickle=False) as stored:
                return {key: stored[key] for key in stored.files}
        except Exception:  # numpy and zipfile raise many kinds for a file that is damaged
            file.unlink(missing_ok=True)
            return None

    def put(self, name: str, **arrays: np.ndarray) -> None:
        """Keep arrays under a name, all or nothing."""
        file = self.path / f"{name}.npz"
        part = self.path / f"{name}.partial"
        with part.open("wb") as out:
            np.savez(out, **arrays)  # type: ignore[arg-type]
        part.replace(file)

    def finish(
        self,
        recipe: Recipe,
        epochs: np.ndarray,
        ids: np.ndarray,
        of: int,
        positions: np.ndarray,
        measures: Mapping[str, np.ndarray],
        versions: Mapping[str, str],
        made: Mapping[str, Any],
    ) -> Embedding:
        """Write the embedding, small, put it in its place and clear the workshop."""
        whole = self.path / "whole"
        if whole.exists():
            shutil.rmtree(whole)
        group = zarr.create_group(whole)
        e, n, d = positions.shape
        arrays = {"ids": ids.astype(np.int64)}
        arrays |= {f"measures/{name}": value for name, value in measures.items()}
        for name, value in arrays.items():
            made_array = disk.make_array(group, name, value.shape, value.dtype, value.shape)
            made_array[...] = value
        disk.make_array(group, "positions", (e, n, d), "f4", (1, n, d), shards=(e, n, d), level=9)[
            ...
        ] = positions
        group.attrs.put(
            {
                "format": FORMAT,
                "version": VERSION,
                "name": self.name,
                "recipe": recipe.to_json(),
                "epochs": [int(number) for number in epochs],
                "of": of,
                "versions": dict(versions),
                "made": dict(made),
                "measures": list(measures),
            }
        )
        durable.flush_tree(whole)
        swap.put_in_place(whole, self.target)
        shutil.rmtree(self.path, ignore_errors=True)  # another may just be looking into it
        self.clear()
        return open_embedding(self.target)

    def clear(self) -> None:
        """Take away what is left of computations of this name: the result is there, nobody goes on with them."""
        swap.sweep(self.target)
        for left in self.folder.glob(f".{glob.escape(self.name)}.*.building"):
            name, _, key = left.name[1:].removesuffix(".building").rpartition(".")
            other = Workshop(self.folder, name, key)
            if name == self.name and not other.busy():
                shutil.rmtree(left, ignore_errors=True)

    def busy(self) -> bool:
        """Whether a computation is at it, and alive."""
        return is_busy(self.path)


def is_busy(path: Path) -> bool:
    """Whether a computation that is alive is at work in a folder."""
    return any(_alive(sign) for sign in path.glob("alive*"))


def _number_of(sign: Path) -> int:
    number = sign.name.rpartition("-")[2]
    return int(number) if number.isdigit() else 0


def _alive(sign: Path) -> bool:
    """Whether the computation that left this sign goes on."""
    try:
        age = time.time() - sign.stat().st_mtime
        host, pid, *began = sign.read_text().split()
        number, since = (
            int(pid),
            float(began[0]) if began else None,
        )  # older ones do not say since when
    except OSError:
        return False
    except ValueError:  # it never was whole
        return age < DEAD
    if host == socket.gethostname() and alive.found(number, since) is None:
        return False
    return age < DEAD


def _place(whole: Path, sign: Path) -> None:
    """Give a file a name that must be free; FileExistsError if it is not."""
    try:
        os.link(whole, sign)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: not at once, but only one can make it
        with sign.open("x") as out:
            out.write(whole.read_text())


def _beat(sign: Path, over: threading.Event) -> None:
    while not over.wait(HEARTBEAT):
        with contextlib.suppress(OSError):
            os.utime(sign)  # which, unlike touch, makes no new one
