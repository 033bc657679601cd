"""Embeddings of a run's layer, epoch by epoch: how they are kept beside the run, or in a cache.

A finished embedding is a Zarr v3 group of the arrays `ids`, `positions` and
`measures/<name>`; its attributes say of what it is and how it was made. While it is computed it is a folder
whose name begins with a dot, with one file an epoch, so that a stopped computation goes on where it
was; it becomes the embedding in one rename.
"""

from __future__ import annotations

import contextlib
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

from gt.data import alive, disk
from gt.data.errors import RunError, ShapeError, TruncatedRunError
from gt.data.run import Run

log = logging.getLogger(__name__)

FORMAT = "grand-tour-embedding"
VERSION = 1
FOLDER = "embeddings"  # within a run
HEARTBEAT = 5.0  # seconds between two signs of life of a computation
DEAD = 60.0  # seconds without one after which it counts as stopped


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


@dataclass(frozen=True)
class Embedding:
    """A finished embedding, opened; positions are read as asked for.

    Attributes:
        path: Its folder.
        name: For machines, unique among the embeddings of its run.
        recipe: What it depends on.
        epochs: ``(e,)`` int32, numbers of the epochs.
        ids: ``(n,)`` int64, the points, in the run's order.
        of: How many points the split has.
        versions: Of the libraries that decided the result.
        made: When, how long, by what command.
        measures: By name, ``(e,)`` or ``(e - 1,)`` float32; see `gt.analysis.correspondence`.
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
        """
        at = ... if index is None else index
        return disk.read(self._array(), at, f"embedding {self.name}").astype(np.float32)

    def epoch_indices(self, run: Run) -> list[int]:
        """Where its epochs are among those of its run."""
        place = {int(number): i for i, number in enumerate(run.epochs)}
        return [place[int(number)] for number in self.epochs]

    def rows(self, run: Run) -> np.ndarray:
        """Where its points are among those of its run, ``(n,)`` int64."""
        place = {int(one): i for i, one in enumerate(run.ids)}
        return np.array([place[int(one)] for one in self.ids], np.int64)

    def _array(self) -> zarr.Array:
        group = zarr.open_group(self.path, mode="r")
        return disk.get_array(group, "positions", f"embedding {self.name}")


def open_embedding(path: Path) -> Embedding:
    """Open one embedding.

    Raises:
        TruncatedRunError: If part of it is missing or damaged.
        ShapeError: If its arrays do not fit each other.
    """
    where = f"open_embedding: {path}"
    try:
        stored = json.loads((path / "zarr.json").read_text("utf-8"))["attributes"]
        if stored["format"] != FORMAT or stored["version"] > VERSION:
            raise RunError(
                f"{where}: must be a {FORMAT} of version {VERSION} at most,"
                f" it is {stored['format']!r}, {stored['version']}"
            )
        recipe = Recipe(**stored["recipe"])
        epochs = np.array(stored["epochs"], np.int32)
    except (OSError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, RunError):
            raise
        raise TruncatedRunError(
            f"{where}: zarr.json must describe an embedding, it is damaged ({error}); compute it again"
        ) from error
    group = zarr.open_group(path, mode="r")
    ids = disk.read(disk.get_array(group, "ids", where), ..., f"{where}: ids")
    shape = disk.get_array(group, "positions", where).shape
    if shape[:2] != (len(epochs), len(ids)):
        raise ShapeError(
            f"{where}: positions must be ({len(epochs)}, {len(ids)}, d), they are {shape}"
        )
    measures = {
        name: disk.read(disk.get_array(group, f"measures/{name}", where), ..., f"{where}: {name}")
        for name in stored["measures"]
    }
    return Embedding(
        path,
        str(stored["name"]),
        recipe,
        epochs,
        ids,
        int(stored["of"]),
        dict(stored["versions"]),
        dict(stored["made"]),
        measures,
    )


def find_embeddings(folder: Path) -> tuple[list[Embedding], list[str]]:
    """The finished embeddings in a folder, by name; and what is wrong with the others."""
    found, problems = [], []
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    for path in paths:
        if path.name.startswith(".") or not (path / "zarr.json").is_file():
            continue
        try:
            found.append(open_embedding(path))
        except RunError as error:
            problems.append(str(error))
    return found, problems


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
        if self.target.exists():
            shutil.rmtree(self.target)
        whole.rename(self.target)
        shutil.rmtree(self.path, ignore_errors=True)  # another may just be looking into it
        return open_embedding(self.target)


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
