"""The Zarr side of a run: codecs, opening, and which files hold what was committed.

Nothing here knows what the arrays mean. ``zarr`` writes a file beside its place and then renames
it, so each file is old or new and never half; what a killed writer leaves are ``*.partial`` files,
which nobody reads.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from zarr.codecs import BloscCname, BloscCodec, BloscShuffle, Crc32cCodec

from gt.data.errors import ForeignStoreError, NoRunError, RunError, TruncatedRunError

FORMAT = "grand-tour-run"
VERSION = 1


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
    try:
        stored = json.loads(meta.read_text("utf-8"))
    except ValueError as error:
        raise TruncatedRunError(
            f"open_run: {meta} must be JSON, it is damaged ({error}); restore it from a copy"
        ) from error
    attributes = stored.get("attributes", {}) if isinstance(stored, dict) else {}
    if not isinstance(attributes, dict) or attributes.get("format") != FORMAT:
        raise ForeignStoreError(
            f"open_run: {path} is a Zarr store and not a run; its format must be {FORMAT!r}"
        )
    return attributes


def codecs(dtype: np.dtype, level: int = 3) -> list[Any]:
    """Byte shuffle and zstd, then a checksum, so that damage shows when a chunk is read."""
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


def get_array(group: zarr.Group, name: str, where: str) -> zarr.Array:
    """Look up an array, or raise an error that says that it is missing."""
    try:
        found = group[name]
    except Exception as error:  # zarr raises many kinds for a store that is damaged
        raise TruncatedRunError(
            f"{where}: array {name!r} must be there, it is missing or damaged"
        ) from error
    if not isinstance(found, zarr.Array):
        raise TruncatedRunError(f"{where}: {name!r} must be an array, it is a group")
    return found


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


def files(path: Path, array: zarr.Array, rows: int) -> Iterator[Path]:
    """List the files, in order, that hold the first ``rows`` entries of axis 0."""
    step = array.shards or array.chunks
    bounds = (min(rows, array.shape[0]), *array.shape[1:])
    for index in itertools.product(*(range(-(-b // s)) for b, s in zip(bounds, step, strict=True))):
        yield path / array.path / array.metadata.encode_chunk_key(index)
