"""Arrays as they travel to the browser: 16-bit, with a scale and an offset per tensor.

A softmax output needs no more: the step between two values is 1/65,535 of the tensor's range, which
on a plot 2,000 pixels wide is a thirtieth of a pixel. Half the bytes of float32, and the browser
projects the integers as they are (scale and offset are folded into the projection).
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass

import numpy as np

STEPS = 65535  # the largest uint16


@dataclass(frozen=True)
class Quantised:
    """A tensor ready for the wire.

    Attributes:
        values: uint16, C order, the shape of what came in; ``x ≈ values * scale + offset``.
        scale: Size of one step, in the units of the data.
        offset: Value of step 0, in the units of the data.
    """

    values: np.ndarray
    scale: float
    offset: float


def quantise(x: np.ndarray) -> Quantised:
    """Round an array to 65,536 even steps between its smallest and largest value.

    Args:
        x: Any shape, any real dtype, finite.

    Returns:
        The quantised tensor; the error is at most half a step.

    Raises:
        ValueError: If a value is NaN or infinite.
    """
    x = np.asarray(x, dtype=np.float64)
    low, high = (float(x.min()), float(x.max())) if x.size else (0.0, 0.0)
    if not np.isfinite([low, high]).all():
        raise ValueError(f"quantise: values must be finite, came {low} to {high}")
    scale = (high - low) / STEPS or 1.0
    return Quantised(np.rint((x - low) / scale).astype("<u2"), scale, low)


def digest(raw: bytes) -> str:
    """Name bytes by their content: 32 hex digits of their SHA-256."""
    return hashlib.sha256(raw).hexdigest()[:32]


def is_digest(text: str) -> bool:
    """Whether a text has the form of a digest; anything else never reaches the store."""
    return len(text) == 32 and all(c in "0123456789abcdef" for c in text)


def pack(raw: bytes) -> bytes:
    """Compress for storage and for the wire (gzip, which every browser takes)."""
    return gzip.compress(raw, compresslevel=6, mtime=0)


def unpack(packed: bytes) -> bytes:
    """Undo `pack`.

    Raises:
        OSError, EOFError, zlib.error: If the bytes are not what `pack` made.
    """
    return gzip.decompress(packed)
