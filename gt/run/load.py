"""Reading arrays from files of the formats in `gt.files.formats`; nothing is ever unpickled."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from gt.errors import RunError
from gt.files.place import local
from gt.files.readers import listed, readers
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
        path: A file of one of the formats in `gt.files.formats`.

    Raises:
        RunError: If the file is missing, damaged or of another kind. When an array is read: if it is
            damaged, holds Python objects, or all that were read would take more than ``LIMIT`` bytes
            or than there is memory.
    """

    def __init__(self, path: Path) -> None:
        self.path = local(path, "import")
        if not self.path.is_file():
            raise RunError(f"import: no file {path}")
        if path.suffix not in readers():
            raise RunError(
                f"import: {path} must end in {listed()}; numpy.savez makes one that does"
            )
        self._taken = 0
        with self._told():
            self._read, names = readers()[path.suffix](path)
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


def load_columns(path: str | Path) -> dict[str, Sequence[Any]]:
    """Read further values of points from a CSV file, whose first row has the names; empty cells are missing.

    Returns:
        By name one value for each point: numbers where all are, else text.

    Raises:
        RunError: If it is no such file.
    """
    path = local(path, "import")
    try:
        rows = [
            row or [""] for row in csv.reader(io.StringIO(_text(path), newline=""), strict=True)
        ]
    except csv.Error as error:
        raise RunError(f"import: {path} must be a table with commas between ({error})") from error
    if len(rows) < 2:
        raise RunError(f"import: {path} must have a row of names and one for each point")
    names, *cells = rows
    if len(set(names)) < len(names):
        raise RunError(f"import: {path} must name its columns differently, got {', '.join(names)}")
    wrong = next((i for i, row in enumerate(cells) if len(row) != len(names)), None)
    if wrong is not None:
        raise RunError(
            f"import: {path} must have {len(names)} cells in each row, as the first has, row {wrong + 2} has"
            f" {len(cells[wrong])}"
        )
    return {name: _cells([row[i] for row in cells]) for i, name in enumerate(names)}


def _cells(texts: Sequence[str]) -> Sequence[Any]:
    """The cells of a column: numbers where all that are not empty are some, else text; None where one is empty."""
    there = [one.strip() or None for one in texts]
    try:
        return [None if one is None else float(one) for one in there]
    except ValueError:
        return there


def _lines(path: Path) -> list[str]:
    """The lines of a text file that are not blank, without what editors put around them."""
    return [line.strip() for line in _text(path).splitlines() if line.strip()]


def _text(path: Path) -> str:
    """What is in a text file.

    Raises:
        RunError: If there is none, it is too large, or not in UTF-8.
    """
    if not path.is_file():
        raise RunError(f"import: no file {path}")
    if path.stat().st_size > bounds.METADATA_BYTES:
        raise RunError(f"import: {path} must be of {bounds.METADATA_BYTES:,} bytes at most")
    try:
        return path.read_bytes().decode(
            "utf-8-sig"
        )  # a byte order mark is no part of the first name
    except UnicodeDecodeError as error:
        raise RunError(
            f"import: {path} must be text in UTF-8, it is not ({error}); save it as such"
        ) from error


def kind_by_name(arrays: Mapping[str, np.ndarray]) -> str:
    """Say what outputs are if their name does: "logits" or "probabilities", else "auto"."""
    if "logits" in arrays:
        return "logits"
    said = ("probabilities", "probs", "softmax")
    return "probabilities" if any(name in arrays for name in said) else "auto"
