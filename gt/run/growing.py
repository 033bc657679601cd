"""An array of a run that grows by one entry an epoch, written chunk by chunk from any number of threads.

A chunk is written when all of its points are there, whichever blocks they came in. Each goes to its
place in one step, and is on the disk before ``put`` returns.
"""

from __future__ import annotations

import json
import threading
from pathlib import Path

import numpy as np
import zarr

from gt.errors import ShapeError
from gt.files import durable
from gt.run import checks, disk
from gt.run.pack import packer, whole_chunk


class Growing:
    """Adds entries along axis 0 of an array; axis 1, if the array has points, is cut into chunks.

    Args:
        path: Folder of the run.
        array: In it.
        sync: Whether what was written is on the disk when a method returns.
    """

    def __init__(self, path: Path, array: zarr.Array, *, sync: bool) -> None:
        self.path, self.name, self.dtype = path, array.path, np.dtype(array.dtype)
        self._array = array.with_config({"write_empty_chunks": True})
        self._sync = sync
        self._shape, self._chunks = array.shape, array.chunks
        alone = array.chunks[0] == 1 and array.chunks[2:] == array.shape[2:]
        self._pack = packer(array) if alone else None
        self._lock = threading.Lock()
        self._parts: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self._ends: dict[int, str] = {}

    @property
    def rows(self) -> int:
        """Points in a chunk."""
        return self._chunks[1] if len(self._chunks) > 1 else 1

    def grow(self, at: int) -> None:
        """Make the array one that ends with this entry."""
        with self._lock:
            if self._shape[0] == at + 1:
                return
            self._shape = (at + 1, *self._shape[1:])
            meta = self.path / self.name / "zarr.json"
            stored = disk.read_json(meta, "record")
            stored["shape"] = list(self._shape)
            durable.replace(meta, json.dumps(stored, indent=2).encode(), sync=self._sync)

    def put(self, at: int, start: int, values: np.ndarray) -> None:
        """Write part of an entry.

        Args:
            at: Its place.
            start: First point.
            values: ``(rows, ...)``, of the stored type; kept, where they do not fill a chunk, as a copy.
        """
        if self._pack is None:
            with self._lock:
                self._through_zarr()[at, start : start + len(values)] = values
            return
        n, stop = self._shape[1], start + len(values)
        for chunk in range(start // self.rows, -(-stop // self.rows)):
            first, last = chunk * self.rows, min(n, (chunk + 1) * self.rows)
            part = values[max(first - start, 0) : last - start]
            if len(part) < last - first:
                found = self._joined(chunk, max(start, first) - first, part, last - first)
                if found is None:
                    continue
                part = found
            self._write(at, chunk, part[None])

    def put_whole(self, at: int, value: np.ndarray) -> None:
        """Write all of an entry."""
        if self._pack is None:
            with self._lock:
                self._through_zarr()[at] = value
        elif value.ndim:
            self.put(at, 0, value)
        else:
            self._write(at, 0, value[None])

    def ends(self, at: int) -> list[str]:
        """How the chunks of an entry end; those that others put there are read.

        Raises:
            ShapeError: If it was not written for all points.
            OSError: If the disk cannot keep them.
        """
        with self._lock:
            if self._parts or self._shape[0] <= at:
                raise ShapeError(self.name)
            count = -(-self._shape[1] // self.rows) if len(self._shape) > 1 else 1
            if self._pack is not None and len(self._ends) == count:
                return [self._ends[chunk] for chunk in range(count)]
            array = self._through_zarr()
            files = list(disk.files(self.path, array, at + 1, at))
            if not all(file.is_file() for file in files):
                raise ShapeError(self.name)
            if self._sync:
                for file in files:
                    durable.flush(file)
            return checks.ends(self.path, array, at, at + 1)

    def begin(self) -> None:
        """Forget what was written of an entry: the next one begins."""
        with self._lock:
            self._parts.clear()
            self._ends.clear()

    def _joined(self, chunk: int, at: int, part: np.ndarray, size: int) -> np.ndarray | None:
        """All rows of a chunk that came in several parts; None while some are missing."""
        with self._lock:
            if chunk not in self._parts:
                empty = np.empty((size, *self._shape[2:]), self.dtype)
                self._parts[chunk] = empty, np.zeros(size, bool)
            rows, there = self._parts[chunk]
            rows[at : at + len(part)], there[at : at + len(part)] = part, True
            if not there.all():
                return None
            del self._parts[chunk]
            return rows

    def _write(self, at: int, chunk: int, values: np.ndarray) -> None:
        assert self._pack is not None
        fill = self._array.metadata.fill_value
        content, end = self._pack(whole_chunk(values, self._chunks, fill, self.dtype))
        tail = (chunk, *(0 for _ in self._shape[2:])) if len(self._shape) > 1 else ()
        file = self.path / self.name / self._array.metadata.encode_chunk_key((at, *tail))
        durable.place(file, content, sync=self._sync)
        with self._lock:
            self._ends[chunk] = end

    def _through_zarr(self) -> zarr.Array:
        """The array as it is described now."""
        if self._array.shape != self._shape:
            group = zarr.open_group(self.path, mode="r+")
            self._array = disk.get_array(group, self.name, "record").with_config(
                {"write_empty_chunks": True}
            )
        return self._array


class Rows:
    """An array of numbers an epoch whose chunks hold many epochs: the last chunk is kept, and written anew.

    Args:
        path: Folder of the run.
        array: In it.
        at: Entries that are committed.
        sync: As of `Growing`.
    """

    def __init__(self, path: Path, array: zarr.Array, at: int, *, sync: bool) -> None:
        self._growing = Growing(path, array, sync=sync)
        self._array, self._sync = array, sync
        self._pack = packer(array) if array.chunks[1:] == array.shape[1:] else None
        first = at // array.chunks[0] * array.chunks[0]
        self._last = disk.read(array, slice(first, at), f"record: {array.path}")

    @property
    def path(self) -> Path:
        """Folder of the run."""
        return self._growing.path

    @path.setter
    def path(self, path: Path) -> None:
        self._growing.path = path

    def append(self, at: int, row: np.ndarray) -> None:
        """Write the entry behind those that are committed; done again, it replaces the last."""
        array = self._array
        self._growing.grow(at)
        if self._pack is None:
            self._growing.put_whole(at, row)
            self._growing.ends(at)  # they are on the disk then
            return
        known = self._last[: at % array.chunks[0]]
        chunk = np.concatenate([known, np.asarray(row, array.dtype)[None]])
        whole = whole_chunk(chunk, array.chunks, array.metadata.fill_value, np.dtype(array.dtype))
        index = (at // array.chunks[0], *(0 for _ in array.shape[1:]))
        file = self.path / array.path / array.metadata.encode_chunk_key(index)
        file.parent.mkdir(parents=True, exist_ok=True)
        durable.replace(file, self._pack(whole)[0], sync=self._sync)
        self._last = chunk
