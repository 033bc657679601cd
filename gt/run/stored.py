"""The arrays of a run on disk: each of its size, all there, and every chunk in its own place.

What all epochs share is looked into when a run is opened, and so are the chunks of the last epoch,
which a power cut may have caught; those of the others are looked for, and looked into as they are
read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import zarr

from gt.errors import DamagedEpochError, RunError, ShapeError, TruncatedRunError
from gt.run import bounds, checks, disk, history
from gt.run.checks import Checks
from gt.run.columns import Column, ColumnEntry, check_targets
from gt.run.history import History
from gt.run.task import MULTILABEL, REGRESSION


class Stored:
    """The arrays of a run.

    Args:
        path: Folder of the run.
        uid: Of the run.
        epochs: ``(e,)``, the committed epochs that are to be read.
        checked: Whether the run has checks of where its chunks belong.

    Raises:
        TruncatedRunError: If there are no such arrays.
    """

    def __init__(self, path: Path, uid: str, epochs: np.ndarray, checked: bool) -> None:
        self.path, self.epochs = path, epochs
        self._where = f"open_run: {path}"
        self._group = disk.open_group(path, self._where)
        self._checks = self._read_checks(uid) if checked else None
        self._missing: list[tuple[int, Path]] = []  # by array, the first row that is not there

    def of_points(self, name: str) -> np.ndarray:
        """Read an array that has one number for each point, ``(n,)``."""
        array = disk.get_array(self._group, name, self._where)
        if array.ndim != 1 or array.dtype.kind not in "biuf" or array.shape[0] > bounds.POINTS:
            raise ShapeError(
                f"{self._where}: {name} must be whole numbers of up to {bounds.POINTS:,} points,"
                f" got {array.dtype} {array.shape}"
            )
        self._whole(array)
        return disk.read(array, ..., f"{self._where}: {name}")

    def columns(self, entries: Iterable[ColumnEntry], n: int) -> tuple[Column, ...]:
        """Read the columns of n points."""
        return tuple(entry.filled(self.of_points(entry.array), n, self._where) for entry in entries)

    def targets(self, task: str, n: int, k: int) -> np.ndarray | None:
        """Read what k outputs of n points should be, ``(n, k)``; None if that is not there."""
        if task not in (MULTILABEL, REGRESSION) or not (self.path / "targets").exists():
            return None
        array = disk.get_array(self._group, "targets", self._where)
        kind = "u1" if task == MULTILABEL else "f4"
        size = math.prod(array.shape) * array.dtype.itemsize
        if array.shape != (n, k) or array.dtype != kind or size > bounds.EPOCH_BYTES:
            raise ShapeError(
                f"{self._where}: targets must be {np.dtype(kind)} ({n}, {k}), got {array.dtype} {array.shape}"
            )
        self._whole(array)
        found = disk.read(array, ..., f"{self._where}: targets")
        return check_targets(task, found, n, k, self._where)

    def images(self, n: int) -> zarr.Array | None:
        """The images of n points, or None."""
        if not (self.path / "images").exists():
            return None
        array = disk.get_array(self._group, "images", self._where)
        shape = array.shape
        if (
            len(shape) != 4
            or shape[0] != n
            or shape[3] not in (1, 3)
            or array.dtype != "u1"
            or math.prod(shape) > bounds.EPOCH_BYTES
        ):
            raise ShapeError(
                f"{self._where}: images must be uint8 ({n}, h, w, 1 or 3), got"
                f" {array.dtype} {shape}"
            )
        self._whole(array)
        return array

    def growing(
        self, name: str, tail: tuple[int, ...], rows: int | None = None, kinds: str = "f"
    ) -> zarr.Array:
        """An array of which each epoch has a row.

        Args:
            name: Of the array.
            tail: Shape of a row.
            rows: How many there must be, if not one an epoch.
            kinds: Of numbers that it may hold, as numpy has them.
        """
        array = disk.get_array(self._group, name, self._where)
        need = len(self.epochs) if rows is None else rows
        if array.shape[1:] != tail or array.shape[0] < need or array.dtype.kind not in kinds:
            what = "floats" if kinds == "f" else "numbers"
            raise ShapeError(
                f"{self._where}: {name} must be {what} of shape {(need, *tail)} or longer,"
                f" got {array.dtype} {array.shape}"
            )
        if (size := math.prod(tail) * array.dtype.itemsize) > bounds.EPOCH_BYTES:
            raise ShapeError(
                f"{self._where}: {name} must be of {bounds.EPOCH_BYTES:,} bytes an epoch at most,"
                f" got {size:,}"
            )
        if (missing := self._first_missing(array, need)) is not None:
            self._missing.append(missing)
        return array

    def check(self, arrays: Iterable[tuple[zarr.Array, bool]]) -> None:
        """Raise for the first epoch of which something is missing, or of the last, damaged.

        Args:
            arrays: That grow, and whether one row is for all epochs.

        Raises:
            DamagedEpochError: It names the epoch and the array.
        """
        if self._missing:
            at, file = min(self._missing)
            raise self._damaged(at, f"{self._where}: epoch {self.epochs[at]}: {self._says(file)}")
        if self._checks is None or not len(self.epochs):
            return
        for array, constant in arrays:
            at = 0 if constant else len(self.epochs) - 1
            try:
                self._compare(array, at, self._checks, None)
            except (OSError, ValueError, KeyError) as error:
                epoch = self.epochs[at]
                what = f"{self._where}: epoch {epoch}: {array.path} is damaged ({error})"
                raise self._damaged(at, what) from error

    def row(self, array: zarr.Array, at: int, where: str, point: int | None = None) -> np.ndarray:
        """Read one epoch of a growing array, or one point of it, after a look whether it belongs there.

        Raises:
            DamagedEpochError: If it does not, or cannot be unpacked.
        """
        try:
            if self._checks is not None:
                self._compare(array, at, self._checks, point)
            return disk.read(array, at if point is None else (at, point), where)
        except RunError as error:
            raise self._damaged(at, str(error)) from error
        except (OSError, ValueError, KeyError) as error:
            raise self._damaged(at, f"{where}: {array.path} is damaged ({error})") from error

    def history(self, k: int) -> History:
        """Read the history of k classes."""
        arrays = {
            name: self.growing(f"history/{name}", tail) for name, tail in history.tails(k).items()
        }
        self.check(())
        rows = {}
        for name, array in arrays.items():
            where = f"{self._where}: history/{name}"
            try:
                rows[name] = disk.read(array, slice(0, len(self.epochs)), where)
            except TruncatedRunError as error:
                raise (self._damaged(0, str(error)) if len(self.epochs) else error) from error
        for at, known in enumerate(self._checks.history if self._checks else ()):
            if checks.of_history(rows[name][at] for name in history.NAMES) != known:
                what = f"{self._where}: history of epoch {self.epochs[at]} is damaged, or another's"
                raise self._damaged(at, what)
        return history.read(rows, self._where)

    def _compare(self, array: zarr.Array, at: int, known: Checks, point: int | None) -> None:
        found, ends = checks.ends(self.path, array, at, at + 1), known.ends[at][array.path]
        if point is not None and array.shards is None:  # the chunk that it is in
            chunk = point // array.chunks[1]  # only points are in several
            found, ends = found[chunk : chunk + 1], ends[chunk : chunk + 1]
        checks.compare(array, found, ends)

    def _damaged(self, at: int, what: str) -> DamagedEpochError:
        return DamagedEpochError(what, int(self.epochs[at]), at)

    def _read_checks(self, uid: str) -> Checks:
        found, whole = checks.read(self.path, uid, self.epochs.tolist())
        if whole < len(self.epochs):
            epoch = self.epochs[whole]
            raise self._damaged(
                whole, f"{self._where}: {checks.FILE} must have a line of epoch {epoch}, it has not"
            )
        return found

    def _whole(self, array: zarr.Array) -> None:
        """Raise unless an array that all epochs share is there, and is this run's."""
        missing = self._first_missing(array, array.shape[0])
        if missing is not None:
            raise TruncatedRunError(f"{self._where}: {self._says(missing[1])}")
        if self._checks is None:
            return
        try:
            found = checks.ends(self.path, array, 0, array.shape[0])
            checks.compare(array, found, self._checks.points[array.path])
        except (OSError, ValueError, KeyError) as error:
            raise TruncatedRunError(
                f"{self._where}: {array.path} is damaged ({error}); restore it from a copy"
            ) from error

    def _first_missing(self, array: zarr.Array, rows: int) -> tuple[int, Path] | None:
        step = (array.shards or array.chunks)[0]
        for row in range(0, rows, step):
            for file in disk.files(self.path, array, min(row + step, rows), row):
                try:
                    size = file.stat().st_size
                except OSError:
                    size = 0
                if size == 0:
                    return row, file
        return None

    def _says(self, missing: Path) -> str:
        return (
            f"{missing.relative_to(self.path)} must hold data, it is missing or empty; restore it"
            " from a copy"
        )


def floats(value: np.ndarray) -> np.ndarray:
    """As floats that hold what is stored exactly: token ids are no measurements."""
    wide = value.dtype.itemsize > (2 if value.dtype.kind in "iu" else 4)
    return value.astype(np.float64 if wide else np.float32)
