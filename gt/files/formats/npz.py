"""``.npz``: arrays in a zip archive, as ``numpy.savez`` writes it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from gt.files.formats.npy import plain
from gt.files.readers import Admit, Reader, register


def opened(path: Path) -> tuple[Reader, list[str]]:
    """See `gt.files.readers.Open`."""
    with zipfile.ZipFile(path) as archive:
        names = [one.removesuffix(".npy") for one in archive.namelist() if one.endswith(".npy")]

    def read(name: str, admit: Admit) -> np.ndarray:
        with zipfile.ZipFile(path) as archive:
            entry = archive.getinfo(f"{name}.npy")
            with archive.open(entry) as stream:
                return plain(stream, entry.file_size, name, admit)

    return read, names


register(".npz", opened)
