"""``.safetensors``: arrays behind a head of JSON, none of them packed."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from gt.files.readers import Admit, Reader, register


def opened(path: Path) -> tuple[Reader, list[str]]:
    """See `gt.files.readers.Open`."""
    from safetensors import safe_open

    length = path.stat().st_size
    with safe_open(path, "numpy") as stored:  # its head, which must fit the length of the file
        names = list(stored.keys())

    def read(name: str, admit: Admit) -> np.ndarray:
        with safe_open(path, "numpy") as stored:
            admit(name, min(8 * math.prod(stored.get_slice(name).get_shape()), length))
            found: np.ndarray = stored.get_tensor(name)
            return found

    return read, names


register(".safetensors", opened)
