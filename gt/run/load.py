"""Reading arrays from ``.npy``, ``.npz`` and ``.safetensors``; nothing is ever unpickled."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.lib import format as npy

from gt.errors import RunError
from gt.files.place import local
from gt.run import bounds

LIMIT = 2**34  # bytes of all arrays that are read of one file, unpacked

ALIASES = {
    "outputs": ("outputs", "logits", "probabilities", "softmax", "probs", "predictions"),
    "labels": ("labels", "targets", "y"),
    "splits": ("splits", "split"),
    "images": ("images", "imgs"),
    "ids": ("ids", "id"),
    "epochs": ("epochs", "epoch"),
    "classes": ("classes", "class_names"),
    "loss": ("loss",),
    "accuracy": ("accuracy", "acc"),
    "class_loss": ("class_loss",),
    "class_accuracy": ("class_accuracy",),
    "lr": ("lr", "learning_rate"),
}


class Arrays(Mapping[str, np.ndarray]):
    """The arrays of a file by name, each read when it is asked for, after a look at its size.

    Args:
        path: A ``.npy`` file, whose one array is called "outputs", ``.npz`` or ``.safetensors``.

    Raises:
        RunError: If the file is missing, damaged or of another kind. When an array is read: if it is
            damaged, holds Python objects, or all that were read would take more than ``LIMIT`` bytes
            or than there is memory.
    """

    def __init__(self, path: Path) -> None:
        self.path = local(path, "import")
        if not self.path.is_file():
            raise RunError(f"import: no file {path}")
        if path.suffix not in READERS:
            raise RunError(
                f"import: {path} must end in .npy, .npz or .safetensors; numpy.savez makes one that"
                " does"
            )
        self._taken = 0
        with self._told():
            self._read, names = READERS[path.suffix](path)
            self._names = list(names)

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._names:
            raise KeyError(name)
        with self._told(name):
            return self._read(name, self._admit)

    def __contains__(self, name: object) -> bool:
        return name in self._names  # nothing is read

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def _admit(self, name: str, size: int) -> None:
        """Raise unless ``size`` more bytes may be taken."""
        limit = min(LIMIT, psutil.virtual_memory().available)
        if self._taken + size > limit:
            raise RunError(
                f"import: {self.path}: what is read of it must be of {limit:,} bytes at most once"
                f" unpacked ({LIMIT:,}, or what memory is free), with {name} it is"
                f" {self._taken + size:,}; leave out epochs or points"
            )
        self._taken += size

    @contextmanager
    def _told(self, name: str = "") -> Iterator[None]:
        what = f": array {name!r}" if name else ""
        try:
            yield
        except RunError:
            raise
        except Exception as error:  # numpy, zipfile and safetensors raise many kinds for damage
            raise RunError(
                f"import: {self.path}{what} must be a whole {self.path.suffix} file of plain arrays,"
                f" it cannot be read ({error}); save it again, without Python objects"
            ) from error


Admit = Callable[[str, int], None]
Reader = Callable[[str, Admit], np.ndarray]


def _npy(path: Path) -> tuple[Reader, list[str]]:
    def read(name: str, admit: Admit) -> np.ndarray:
        with path.open("rb") as stream:
            return _plain(stream, path.stat().st_size, name, admit)

    return read, ["outputs"]


def _npz(path: Path) -> tuple[Reader, list[str]]:
    with zipfile.ZipFile(path) as archive:
        names = [one.removesuffix(".npy") for one in archive.namelist() if one.endswith(".npy")]

    def read(name: str, admit: Admit) -> np.ndarray:
        with zipfile.ZipFile(path) as archive:
            entry = archive.getinfo(f"{name}.npy")
            with archive.open(entry) as stream:
                return _plain(stream, entry.file_size, name, admit)

    return read, names


def _safetensors(path: Path) -> tuple[Reader, list[str]]:
    from safetensors import safe_open

    length = path.stat().st_size  # nothing is packed in it
    with safe_open(path, "numpy") as stored:  # its head, which must fit the length of the file
        names = list(stored.keys())

    def read(name: str, admit: Admit) -> np.ndarray:
        with safe_open(path, "numpy") as stored:
            admit(name, min(8 * math.prod(stored.get_slice(name).get_shape()), length))
            return stored.get_tensor(name)

    return read, names


READERS = {".npy": _npy, ".npz": _npz, ".safetensors": _safetensors}


def _plain(stream: Any, size: int, name: str, admit: Admit) -> np.ndarray:
    """Read an array in numpy's format from a stream that says to be ``size`` bytes long."""
    version = npy.read_magic(stream)
    head = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}.get(version)
    if head is None:
        raise ValueError(f"version {version} of its format is not read")
    shape, fortran, dtype = head(stream)
    if dtype.hasobject:
        raise ValueError("it holds Python objects")
    length = math.prod(shape) * dtype.itemsize
    if min(shape, default=0) < 0 or length != size - stream.tell():
        raise ValueError(
            f"it must have {length:,} bytes of values, it has {size - stream.tell():,}"
        )
    admit(name, length)
    values = np.frombuffer(stream.read(length), dtype)
    return values.reshape(shape, order="F" if fortran else "C")


def load_arrays(path: str | Path) -> Mapping[str, np.ndarray]:
    """The arrays of a file by name, see `Arrays`.

    Raises:
        RunError: If the file is missing, damaged or of another kind.
    """
    return Arrays(Path(path))


def pick(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Pick the arrays that ``write_run`` knows, under its names, whichever alias they have.

    Raises:
        RunError: If two arrays stand for the same thing.
    """
    found: dict[str, np.ndarray] = {}
    for name, aliases in ALIASES.items():
        there = [a for a in aliases if a in arrays]
        if len(there) > 1:
            raise RunError(
                f"import: only one of {' and '.join(there)} may be given as {name}; drop the others"
            )
        if there:
            found[name] = arrays[there[0]]
    return found


def load_one(path: str | Path, name: str) -> np.ndarray:
    """Read the array called ``name`` (or an alias) or the only one, or the lines of a text file."""
    path = local(path, "import")
    if path.suffix == ".txt":
        return np.array(_lines(path))
    arrays = load_arrays(path)
    for alias in ALIASES[name]:
        if alias in arrays:
            return arrays[alias]
    if len(arrays) == 1:
        return next(iter(arrays.values()))
    raise RunError(
        f"import: {path} must hold {name} or one array alone, it holds {', '.join(arrays)}"
    )


def _lines(path: Path) -> list[str]:
    """The lines of a text file that are not blank, without what editors put around them."""
    if not path.is_file():
        raise RunError(f"import: no file {path}")
    if path.stat().st_size > bounds.METADATA_BYTES:
        raise RunError(f"import: {path} must be of {bounds.METADATA_BYTES:,} bytes at most")
    try:
        text = path.read_text("utf-8-sig")  # a byte order mark is no part of the first name
    except UnicodeDecodeError as error:
        raise RunError(
            f"import: {path} must be text in UTF-8, it is not ({error}); save it as such"
        ) from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def kind_by_name(arrays: Mapping[str, np.ndarray]) -> str:
    """Say what outputs are if their name does: "logits" or "probabilities", else "auto"."""
    if "logits" in arrays:
        return "logits"
    said = ("probabilities", "probs", "softmax")
    return "probabilities" if any(name in arrays for name in said) else "auto"
