"""The Zarr side of a run: codecs, opening, and which files hold what was committed.

Descriptions are not trusted: sizes are bounded before anything is read or listed, and names of
arrays cannot lead out of the folder.

Nothing here knows what the arrays mean. ``zarr`` writes a file beside its place and then renames
it, so each file is old or new and never half; what a killed writer leaves are ``*.partial`` files,
which nobody reads.
"""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from zarr.codecs import BloscCname, BloscCodec, BloscShuffle, Crc32cCodec, ZstdCodec

from gt.errors import ForeignStoreError, NoRunError, RunError, TruncatedRunError
from gt.run import bounds
from gt.run.decode import bounded

FORMAT = "grand-tour-run"
VERSION = 3
FAST = 1  # level of Zstandard for what is written while a network learns
ARRAY = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")  # no dots: nothing leads out of the folder


def read_attributes(path: Path) -> dict[str, Any]:
    """Read the attributes of the group at ``path``, after making sure that it is a run.

    Raises:
        NoRunError: If there is no such folder.
        ForeignStoreError: If it is something else.
        TruncatedRunError: If its ``zarr.json`` cannot be read.
    """
    if not path.exists():
        raise NoRunError(f"open_run: no folder {path}; record one with gt record, or gt import")
    meta = path / "zarr.json"
    if not path.is_dir() or not meta.is_file():
        what = "Zarr v2 store" if (path / ".zgroup").exists() else "other folder or file"
        raise ForeignStoreError(
            f"open_run: {path} must be a run (a folder with zarr.json), it is some {what}"
        )
    stored = read_json(meta, "open_run")
    attributes = stored.get("attributes", {}) if isinstance(stored, dict) else {}
    if not isinstance(attributes, dict) or attributes.get("format") != FORMAT:
        raise ForeignStoreError(
            f"open_run: {path} is a Zarr store and not a run; its format must be {FORMAT!r}"
        )
    return attributes


def read_json(file: Path, where: str) -> Any:
    """Read a description, whatever it holds.

    Raises:
        TruncatedRunError: If it is no JSON that a program can hold.
    """
    try:
        if (size := file.stat().st_size) > bounds.METADATA_BYTES:
            raise ValueError(f"{size:,} bytes, at most {bounds.METADATA_BYTES:,} are read")
        return json.loads(file.read_bytes())
    except (ValueError, OSError, RecursionError, MemoryError) as error:
        what = "lists in lists without end" if isinstance(error, RecursionError) else error
        raise TruncatedRunError(
            f"{where}: {file} must be JSON, it is damaged ({what}); restore it from a copy"
        ) from error


def open_group(path: Path, where: str) -> zarr.Group:
    """Open the group of a folder for reading.

    Raises:
        TruncatedRunError: If it is none.
    """
    try:
        return zarr.open_group(path, mode="r")
    except Exception as error:  # zarr raises many kinds for a store that is damaged
        raise TruncatedRunError(
            f"{where}: zarr.json must describe a Zarr group, it is damaged ({error}); restore it"
            " from a copy"
        ) from error


def codecs(dtype: np.dtype, level: int = 3) -> list[Any]:
    """Zstandard, within Blosc unless fast, then a checksum, so that damage shows when a chunk is read.

    What is written while a network learns is not shuffled: that hides the runs of zeros behind a
    ReLU, and takes most of the time.
    """
    if level == FAST:
        return [ZstdCodec(level=level), Crc32cCodec()]
    shuffle = BloscShuffle.shuffle if dtype.itemsize > 1 else BloscShuffle.noshuffle
    size = dtype.itemsize
    return [
        BloscCodec(typesize=size, cname=BloscCname.zstd, clevel=level, shuffle=shuffle),
        Crc32cCodec(),
    ]


def make_array(
    group: zarr.Group,
    name: str,
    shape: Sequence[int],
    dtype: Any,
    chunks: Sequence[int],
    *,
    shards: Sequence[int] | None = None,
    level: int = 3,
) -> zarr.Array:
    """Make an array whose missing chunks cannot pass for data: NaN is what they read as."""
    kind = np.dtype(dtype)
    return group.create_array(
        name,
        shape=tuple(shape),
        dtype=kind,
        chunks=tuple(max(1, c) for c in chunks),
        shards=None if shards is None else tuple(max(1, c) for c in shards),
        compressors=codecs(kind, level),
        fill_value=float("nan") if kind.kind == "f" else 0,
        config={"write_empty_chunks": True},
    )


def check_name(name: str) -> None:
    """Raise ``TruncatedRunError`` unless a name is one of an array within the folder."""
    if not ARRAY.fullmatch(name):
        raise TruncatedRunError(
            f"an array must be called by letters, digits and slashes, got {name[:60]!r}"
        )


def get_array(group: zarr.Group, name: str, where: str) -> zarr.Array:
    """Look up an array, or raise an error that says that it is missing, or larger than any can be.

    Raises:
        TruncatedRunError: If there is no such array, or its description is damaged.
    """
    try:
        check_name(name)
        found = group[name]
        if isinstance(found, zarr.Array):
            _check_size(found)
            return bounded(found)
    except TruncatedRunError as error:
        raise error.at(where) from error
    except Exception as error:  # zarr raises many kinds for a store that is damaged
        raise TruncatedRunError(
            f"{where}: array {name!r} must be there, it is missing or damaged ({error})"
        ) from error
    raise TruncatedRunError(f"{where}: {name!r} must be an array, it is a group")


def _check_size(array: zarr.Array) -> None:
    """Raise ``ValueError`` for a description that no writer makes."""
    shape, chunks = array.shape, array.chunks
    for step in (chunks, array.shards or chunks):
        if len(step) != len(shape) or len(shape) > bounds.DIMENSIONS or min(step, default=1) < 1:
            raise ValueError(f"its chunks {step} must be those of an array of shape {shape}")
    if array.dtype.kind not in "biuf":
        raise ValueError(f"it must hold numbers, got {array.dtype}")
    if math.prod(chunks) * array.dtype.itemsize > bounds.CHUNK_BYTES:
        raise ValueError(f"a chunk must be of {bounds.CHUNK_BYTES:,} bytes at most, got {chunks}")
    if math.prod(max(1, -(-a // b)) for a, b in zip(shape, chunks, strict=True)) > bounds.FILES:
        raise ValueError(f"it must have {bounds.FILES:,} chunks at most, got {shape} in {chunks}")


def read(array: zarr.Array, index: Any, where: str) -> np.ndarray:
    """Read part of an array; whatever is wrong with its file becomes one clear error."""
    try:
        return np.asarray(array[index])
    except RunError:
        raise
    except Exception as error:
        raise TruncatedRunError(
            f"{where}: the stored bytes must decode, they are damaged ({error}); restore them from"
            " a copy"
        ) from error


def files(path: Path, array: zarr.Array, rows: int, start: int = 0) -> Iterator[Path]:
    """List the files, in order, that hold the entries ``start`` to ``rows`` of axis 0."""
    step = array.shards or array.chunks
    if not array.shape:
        spans = []
    else:
        first = range(start // step[0], -(-min(rows, array.shape[0]) // step[0]))
        tail = zip(array.shape[1:], step[1:], strict=True)
        spans = [first, *(range(-(-size // by)) for size, by in tail)]
    for index in itertools.product(*spans):
        yield path / array.path / array.metadata.encode_chunk_key(index)
