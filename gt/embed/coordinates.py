"""Coordinates in a file: ``.npy``, ``.npz``, ``.safetensors`` or ``.csv``, with the ids and epochs that it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gt.embed.method import EmbedError
from gt.files.readers import listed, readers
from gt.run import load

CALLED = ("coordinates", "embedding", "positions")
IDS, EPOCHS = ("ids", "id"), ("epochs", "epoch", "steps", "step")


@dataclass(frozen=True)
class Coordinates:
    """What a file says.

    Attributes:
        values: ``(n, d)`` or ``(e, n, d)``, as they are stored.
        ids: ``(n,)`` of the points; None where the file has none.
        epochs: ``(e,)`` their numbers; None where the file has none.
    """

    values: np.ndarray
    ids: np.ndarray | None
    epochs: np.ndarray | None


def load_coordinates(path: str | Path) -> Coordinates:
    """Read an embedding from a file.

    Args:
        path: Of one array, or of arrays by name: coordinates, and perhaps ids and epochs. A table (``.csv``) has a
            row for each point, and epoch where it has a column ``epoch``; its columns but ``id`` and ``epoch`` are the
            coordinates.

    Raises:
        RunError: If the file is missing, damaged or of another kind.
        EmbedError: If it is not clear what in it is what.
    """
    path = Path(path)
    if path.suffix == ".csv":
        return _table(path)
    if path.suffix not in readers():
        raise EmbedError(f"{path} must end in .csv, {listed()}; numpy.save makes one that does")
    return _arrays(path, load.load_arrays(path))


def _arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> Coordinates:
    """The arrays of a file by what they are."""
    ids, epochs = _one_of(path, arrays, IDS), _one_of(path, arrays, EPOCHS)
    rest = [name for name in arrays if name not in (ids, epochs)]
    named = _one_of(path, arrays, CALLED) or (rest[0] if len(rest) == 1 else None)
    if named is None:
        raise EmbedError(
            f"{path} must hold {CALLED[0]}, or beside ids and epochs one array alone,"
            f" it holds {', '.join(arrays) or 'none'}"
        )
    return Coordinates(
        arrays[named],
        None if ids is None else arrays[ids],
        None if epochs is None else np.atleast_1d(arrays[epochs]),
    )


def _one_of(path: Path, names: Mapping[str, Any], aliases: Sequence[str]) -> str | None:
    """The one of some names that is there."""
    there = [one for one in aliases if one in names]
    if len(there) > 1:
        raise EmbedError(f"{path} must hold {aliases[0]} once, it holds {' and '.join(there)}")
    return there[0] if there else None


def _table(path: Path) -> Coordinates:
    """A table with a row for each point, or for each point and epoch."""
    columns = load.load_columns(path)
    ids, epochs = _one_of(path, columns, IDS), _one_of(path, columns, EPOCHS)
    axes = [name for name in columns if name not in (ids, epochs)]
    if any(_is_number(name) for name in axes):
        raise EmbedError(
            f"{path} must have the names of its columns in its first row, which says {', '.join(columns)};"
            " put names there: id, x, y"
        )
    by_name = {name: _numbers(path, name, columns[name]) for name in columns}
    rows = np.stack([by_name[name] for name in axes], 1) if axes else np.empty((0, 0))
    named = None if ids is None else by_name[ids]
    if epochs is None:
        return Coordinates(rows, named, None)
    return _by_epoch(path, rows, named, by_name[epochs])


def _is_number(name: str) -> bool:
    try:
        float(name)
    except ValueError:
        return False
    return True


def _numbers(path: Path, name: str, cells: Sequence[Any]) -> np.ndarray:
    """The cells of a column, all of which are numbers."""
    for row, cell in enumerate(cells):
        if cell is None or (isinstance(cell, str) and not _is_number(cell)):
            came = "an empty cell" if cell is None else ascii(cell)[:40]
            raise EmbedError(
                f"{path}: column {name} must be numbers, row {row + 2} has {came}; every column but id"
                " and epoch is a coordinate"
            )
    return np.array(cells, np.float64)


def _by_epoch(
    path: Path, rows: np.ndarray, ids: np.ndarray | None, epochs: np.ndarray
) -> Coordinates:
    """Rows of several epochs as ``(e, n, d)``: each has the same points, in any order where they have ids."""
    numbers = np.unique(epochs)
    parts = [np.flatnonzero(epochs == number) for number in numbers]
    if ids is not None:
        parts = [part[np.argsort(ids[part], kind="stable")] for part in parts]
    first = parts[0]
    for number, part in zip(numbers, parts, strict=True):
        same = len(part) == len(first) and (ids is None or (ids[part] == ids[first]).all())
        if not same:
            raise EmbedError(
                f"{path}: every epoch must have the same points, epoch {numbers[0]:g} has {len(first):,}"
                f" and epoch {number:g} {len(part):,}"
                + ("" if len(part) != len(first) else " others")
            )
    named = None if ids is None else ids[first]
    return Coordinates(np.stack([rows[part] for part in parts]), named, numbers)
