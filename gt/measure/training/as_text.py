"""Arrays among what JSON can hold: the bytes of their values, little-endian, in base64."""

from __future__ import annotations

import base64

import numpy as np


def as_text(values: np.ndarray, dtype: str) -> str:
    """An array as text.

    Args:
        values: Of any shape, which the text does not say.
        dtype: They are cast to it; little-endian, ``"<f4"``.
    """
    return base64.b64encode(np.ascontiguousarray(values, dtype).tobytes()).decode()


def from_text(text: str, dtype: str) -> np.ndarray:
    """The values ``(n,)`` of a text that `as_text` made.

    Args:
        text: It.
        dtype: As it was made with.

    Raises:
        ValueError: If these are not whole values.
    """
    return np.frombuffer(base64.b64decode(text), dtype)
