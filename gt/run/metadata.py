"""What a store says of itself, read so that nothing it says can hurt: a `RunError` names what is not as it should be.

Runs, embeddings, alignments, checkpoints and attacks lie in folders that anybody may have put there. Their metadata are
JSON of any size, depth and kind, their arrays claim any shape; JSON, zarr and numpy then raise a dozen kinds of errors.
What a run says is read by `gt.run.attributes`, what is kept beside it by `gt.kept.artifact`; both with what is here.
"""

from __future__ import annotations

import contextlib
import json
import math
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import zarr

from gt.errors import RunError, ShapeError, TruncatedRunError
from gt.run import bounds, disk

T = TypeVar("T")
LARGEST_ARRAY = 2 * 2**30  # bytes, decoded, of an array that is read in one go


@contextlib.contextmanager
def damage_told(where: str, what: str, remedy: str) -> Iterator[None]:
    """Whatever goes wrong in here is damage of what is read, and is told as such.

    Args:
        where: Who reads, and which folder: "open_embedding: runs/mnist/embeddings/tsne".
        what: What must hold: "zarr.json must describe an embedding".
        remedy: What to do: "compute it again".

    Raises:
        TruncatedRunError: For any error that is not a `RunError` already.
    """
    try:
        yield
    except RunError:
        raise
    # json, zarr and numpy raise many kinds, RecursionError and MemoryError among them
    except Exception as error:
        said = f"no entry {error}" if isinstance(error, KeyError) else str(error)
        raise TruncatedRunError(
            f"{where}: {what}, it is damaged ({said or type(error).__name__}); {remedy}"
        ) from error


def attributes(path: Path, kind: str, version: int, where: str) -> dict[str, Any]:
    """The attributes of a group, after making sure that it is of a kind and version that can be read.

    Called within `damage_told`.

    Raises:
        RunError: If it is of another kind or a newer version, or its ``zarr.json`` is out of all proportion.
    """
    file = path / "zarr.json"
    if (size := file.stat().st_size) > bounds.METADATA_BYTES:
        raise RunError(
            f"{where}: zarr.json must have at most {bounds.METADATA_BYTES:,} bytes, it has {size:,}"
        )
    found = dict(json.loads(file.read_text("utf-8"))["attributes"])
    if found["format"] != kind or whole(found["version"], "version") > version:
        raise RunError(
            f"{where}: must be a {kind} of version {version} at most,"
            f" it is {found['format']!r}, {found['version']}"
        )
    return found


def find(folder: Path, opened: Callable[[Path], T]) -> tuple[list[T], list[str]]:
    """What is finished in a folder, by name; and what is wrong with the others.

    Args:
        folder: Need not be there. Folders in it whose names begin with a dot are under way.
        opened: Opens one.
    """
    found: list[T] = []
    problems: list[str] = []
    try:
        paths = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        return [], [f"{folder}: must be a folder that can be read ({error.strerror})"]
    for path in paths:
        try:
            if path.name.startswith(".") or not (path / "zarr.json").is_file():
                continue
            found.append(opened(path))
        except FileNotFoundError:  # it has just been taken away
            continue
        except (RunError, OSError) as error:
            problems.append(str(error))
    return found, problems


def of(kind: type[T], value: Any, name: str) -> T:
    """A value of one of JSON's kinds, whatever it holds.

    Raises:
        TruncatedRunError: If it is of another.
    """
    if not isinstance(value, kind):
        raise TruncatedRunError(f"{name} must be of {kind.__name__}, got {short(value)}")
    return value


def text(value: Any, name: str) -> str:
    """A piece of text that is not empty, and that can be written in UTF-8, as pages are."""
    if not isinstance(value, str) or not value or "\0" in value or not _written(value):
        raise ValueError(f"{name} must be text, it is {short(value)}")
    return value


def line(value: Any, name: str) -> str:
    """Text of one line, without what moves a terminal's cursor."""
    if not is_line(text(value, name)):
        raise ValueError(f"{name} must be one line of text, it is {short(value)}")
    return str(value)


def is_line(value: str) -> bool:
    """Whether a text has no control characters and no ends of lines."""
    return not any(unicodedata.category(one) in ("Cc", "Zl", "Zp") for one in value)


def _written(value: str) -> bool:
    """Whether no half of a pair of UTF-16 is in it, which JSON can hold and no page can."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def whole(value: Any, name: str, least: int = 0, most: int = bounds.LARGEST_NUMBER) -> int:
    """A whole number within bounds."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"{name} must be a whole number, {least} to {most}, it is {short(value)}")
    return value


def number(value: Any, name: str) -> float:
    """A finite number."""
    right = isinstance(value, int | float) and not isinstance(value, bool)
    if not right or not math.isfinite(value):
        raise ValueError(f"{name} must be a finite number, it is {short(value)}")
    return float(value)


def above_zero(value: Any, name: str) -> float:
    """A finite number above 0."""
    if number(value, name) <= 0:
        raise ValueError(f"{name} must be above 0")
    return float(value)


def flag(value: Any, name: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false, it is {short(value)}")
    return value


def one_of(value: Any, name: str, known: Sequence[str]) -> str:
    """One of a few words."""
    if value not in tuple(known):
        raise ValueError(f"{name} must be one of {', '.join(known)}, it is {short(value)}")
    return str(value)


def numbers(value: Any, name: str) -> tuple[float, ...]:
    """A list of finite numbers."""
    return tuple(number(one, name) for one in _listed(value, name))


def wholes(value: Any, name: str, least: int = 0) -> tuple[int, ...]:
    """A list of whole numbers."""
    return tuple(whole(one, name, least) for one in _listed(value, name))


def names(value: Any, name: str) -> tuple[str, ...]:
    """A list of texts."""
    return tuple(text(one, name) for one in _listed(value, name))


def epochs(value: Any) -> np.ndarray:
    """Numbers of epochs: one at least, rising. ``(e,)`` int64."""
    found = np.array(wholes(value, "epochs"), np.int64)
    if not len(found) or (np.diff(found) <= 0).any():
        raise ValueError(f"epochs must be numbers that go up, they are {short(value)}")
    return found


def texts(value: Any, name: str) -> dict[str, str]:
    """Text by name, as versions of libraries."""
    return {text(key, name): text(one, name) for key, one in dict(value).items()}


def made(value: Any) -> dict[str, Any]:
    """How something was made; ``seconds``, which is said of it, is a number or None."""
    found = dict(value)
    if found.get("seconds") is not None:
        found["seconds"] = number(found["seconds"], "made.seconds")
    return found


def ids(group: zarr.Group, where: str) -> np.ndarray:
    """The points, ``(n,)`` int64: one at least, each once."""
    found = read(group, "ids", where)
    right = found.ndim == 1 and len(found) and found.dtype.kind in "iu"
    if not right or len(np.unique(found)) != len(found):
        raise ShapeError(
            f"{where}: ids must be whole numbers, each once, they are {found.dtype} {found.shape}"
        )
    return found.astype(np.int64)


def read(group: zarr.Group, name: str, where: str) -> np.ndarray:
    """All of an array, after a look at its size and at whether its files are there."""
    array = disk.get_array(group, name, where)
    bounded(array, name, where)
    return disk.read(array, ..., f"{where}: {name}")


def bounded(array: zarr.Array, name: str, where: str) -> None:
    """Raise ``ShapeError`` for an array that claims more memory than one that we write takes."""
    size = math.prod(array.shape) * array.dtype.itemsize
    if size > LARGEST_ARRAY or 0 in (array.shards or array.chunks):
        raise ShapeError(
            f"{where}: {name} must have at most {LARGEST_ARRAY:,} bytes in chunks of one value or more,"
            f" it claims {size:,} in chunks of {array.shards or array.chunks}"
        )


def present(
    path: Path, array: zarr.Array, where: str, remedy: str, rows: int | None = None
) -> None:
    """Raise ``TruncatedRunError`` unless all files of an array are there, which would be read as NaN or 0.

    Args:
        path: Folder of the group.
        array: In it.
        where: As of `damage_told`.
        remedy: Likewise.
        rows: Only the files of so many entries of axis 0.
    """
    with damage_told(where, f"{array.path} must be in files", remedy):  # chunks of nothing
        for file in disk.files(path, array, array.shape[0] if rows is None else rows):
            if not file.is_file():
                raise TruncatedRunError(
                    f"{where}: all of {array.path} must be there,"
                    f" {file.relative_to(path)} is missing; {remedy}"
                )


def finite(values: np.ndarray, what: str, where: str) -> np.ndarray:
    """The values, or ``ShapeError`` if one of them is NaN or infinite."""
    if values.dtype.kind not in "fiu" or not np.isfinite(values).all():
        raise ShapeError(f"{where}: {what} must be finite numbers, it holds NaN or infinity")
    return values


def mapping(value: Any, name: str) -> Mapping[str, Any]:
    """An object of JSON."""
    if not isinstance(value, dict):
        raise ValueError(f"{name} must be an object, it is {short(value)}")
    return value


def _listed(value: Any, name: str) -> Sequence[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{name} must be a list, it is {short(value)}")
    return value


def short(value: Any) -> str:
    """A value in a few words, for an error; whatever it is."""
    try:
        said = repr(value)
    except (RecursionError, ValueError):  # very deep, or a whole number of thousands of digits
        said = type(value).__name__
    return said if len(said) <= 60 else f"{said[:57]}..."
