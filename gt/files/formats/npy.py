"""``.npy``: one array, called "outputs"."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

from gt.files.readers import Admit, Reader, register


def plain(stream: Any, size: int, name: str, admit: Admit) -> np.ndarray:
    """Read an array in numpy's format from a stream that says to be ``size`` bytes long.

    Raises:
        ValueError: If it holds Python objects, or more or fewer bytes than its head says.
    """
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


def opened(path: Path) -> tuple[Reader, list[str]]:
    """See `gt.files.readers.Open`."""

    def read(name: str, admit: Admit) -> np.ndarray:
        with path.open("rb") as stream:
            return plain(stream, path.stat().st_size, name, admit)

    return read, ["outputs"]


register(".npy", opened)
