"""Which chunk belongs where: a file beside the arrays that lists how the chunks of each epoch end.

A chunk ends in the CRC-32C of its bytes, so damage shows; but a whole chunk of another epoch, layer,
part of the points or run passes. The file ``checks`` in a run's folder lists those ends by array and
position, a line an epoch, and is appended to before an epoch is committed:

    <crc32 of the rest of the line, 8 hex digits> <JSON>

The first line is of what all epochs share: ``uid`` of the run and ``ends`` of its points' arrays. A
line of an epoch has its number, ``epoch``, the ``ends`` of its chunks by array, in the order of their
positions, and ``history``, the CRC-32 of its row of the five arrays of history, one after the other.
Lines behind the committed epochs are of a writer that was killed.
"""

from __future__ import annotations

import json
import math
import os
import stat
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import zarr

from gt.errors import TruncatedRunError
from gt.files import durable
from gt.run import bounds, disk

FILE = "checks"
END = 4  # bytes of the CRC-32C behind a chunk


@dataclass(frozen=True)
class Checks:
    """The lines of a file of checks.

    Attributes:
        points: Ends of the chunks of the points' arrays, by array.
        ends: Those of each committed epoch, by array.
        history: Check value of each epoch's row of history.
        size: Bytes of the lines up to the last committed epoch.
    """

    points: Mapping[str, Sequence[str]]
    ends: tuple[Mapping[str, Sequence[str]], ...]
    history: tuple[str, ...]
    size: int


class MisplacedError(ValueError):
    """A chunk is whole, and not the one that belongs there."""


def read(path: Path, uid: str, epochs: Sequence[int]) -> tuple[Checks, int]:
    """Read the checks of a run.

    Args:
        path: Folder of the run.
        uid: Of the run.
        epochs: The committed epochs.

    Returns:
        The checks of as many epochs as have a line that is whole and of that epoch, and how many.

    Raises:
        TruncatedRunError: If the file is missing, or its first line is damaged or another run's.
    """
    where = f"open_run: {path}: {FILE}"
    try:
        looked = (path / FILE).stat()  # before it is opened: a pipe would wait for a writer
        if not stat.S_ISREG(looked.st_mode) or looked.st_size > bounds.CHECKS_BYTES:
            raise TruncatedRunError(
                f"{where} must be a file of at most {bounds.CHECKS_BYTES:,} bytes, it is none or has"
                f" {looked.st_size:,}; restore it from a copy"
            )
        lines = (path / FILE).read_bytes().split(b"\n")
    except OSError as error:
        raise TruncatedRunError(
            f"{where} must be there, it cannot be read ({error}); restore it from a copy"
        ) from error
    first = _parse(lines[0])
    if first is None or first.get("uid") != uid:
        was = "damaged" if first is None else "of another run"
        raise TruncatedRunError(
            f"{where} must begin with the line of this run, it is {was}; restore it from a copy"
        )
    ends, history, size = [], [], len(lines[0]) + 1
    for epoch, line in zip(epochs, lines[1:], strict=False):
        found = _parse(line)
        if found is None or found.get("epoch") != epoch or not isinstance(found["history"], str):
            break
        ends.append(found["ends"])
        history.append(found["history"])
        size += len(line) + 1
    return Checks(first["ends"], tuple(ends), tuple(history), size), len(ends)


def begin(path: Path, uid: str, ends: Mapping[str, Sequence[str]]) -> None:
    """Make the file, with the line of what all epochs share."""
    (path / FILE).write_bytes(_line({"uid": uid, "ends": ends}))


def append(
    path: Path, size: int, epoch: int, ends: Mapping[str, Sequence[str]], history: str, sync: bool
) -> int:
    """Write the line of an epoch behind the committed ones; returns the size they have with it."""
    line = _line({"epoch": epoch, "ends": ends, "history": history})
    with (path / FILE).open("r+b") as stream:
        stream.seek(size)
        stream.truncate()
        stream.write(line)
    if sync:
        durable.flush(path / FILE)
    return size + len(line)


def ends(path: Path, array: zarr.Array, start: int, stop: int) -> list[str]:
    """How the chunks of rows ``start`` to ``stop`` end, in hexadecimal, in the order of their positions.

    Raises:
        OSError: If a file is missing or too short.
        ValueError: If a shard does not say where its chunks are.
    """
    files = disk.files(path, array, stop, start)
    if array.shards is None:
        return [_read_at(file, -END) for file in files]
    return [one for file in files for one in _in_shard(file, array, start, stop)]


def _in_shard(file: Path, array: zarr.Array, start: int, stop: int) -> Iterator[str]:
    """The same for chunks within one file, whose places are listed at its end."""
    assert array.shards is not None
    each = [a // b for a, b in zip(array.shards, array.chunks, strict=True)]
    length = 16 * math.prod(each)
    with file.open("rb") as stream:
        stream.seek(-length - END, os.SEEK_END)
        places = np.frombuffer(stream.read(length), "<u8").reshape(each[0], -1, 2)
    rows = places[start // array.chunks[0] : -(-stop // array.chunks[0])]
    for offset, size in rows.reshape(-1, 2).tolist():
        yield _read_at(file, offset + size - END)


def _read_at(file: Path, at: int) -> str:
    with file.open("rb") as stream:
        stream.seek(at, os.SEEK_END if at < 0 else os.SEEK_SET)
        return stream.read(END).hex()


def compare(array: zarr.Array, found: Sequence[str], known: Sequence[str]) -> None:
    """Make sure that chunks end as they should.

    Raises:
        MisplacedError: If one does not; it says which of them.
    """
    for i, (came, expected) in enumerate(zip(found, known, strict=True)):
        if came != expected:
            raise MisplacedError(
                f"chunk {i} of {array.path} must end in {expected}, it ends in {came}: a chunk of"
                " another place, or damaged"
            )


def of_history(rows: Iterable[Any]) -> str:
    """The check value of one epoch's history, its float32 values one after the other."""
    value = 0
    for row in rows:
        value = zlib.crc32(np.ascontiguousarray(row, "<f4").tobytes(), value)
    return f"{value:08x}"


def _line(content: Mapping[str, Any]) -> bytes:
    text = json.dumps(content, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _parse(line: bytes) -> dict[str, Any] | None:
    """What a line says; None if it is not whole, or not by this program."""
    value, _, text = line.partition(b" ")
    if value != b"%08x" % zlib.crc32(text):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    ends = found.get("ends") if isinstance(found, dict) else None
    if not isinstance(ends, dict):
        return None
    whole = all(
        isinstance(one, list) and all(isinstance(x, str) for x in one) for one in ends.values()
    )
    return {"history": None, **found} if whole else None
