"""What arrays must be before they are measured: of one shape, finite, no larger than a square bears."""

from __future__ import annotations

import numpy as np

LARGEST = 1e100  # squares and their sums stay far from float64's 1.8e308


def numbers(where: str, name: str, value: object, axes: str) -> np.ndarray:
    """Return ``value`` as float64.

    Args:
        where: The function that asks, for the error.
        name: What the array is, for the error.
        value: Anything that numpy makes an array of.
        axes: One letter an axis, such as ``"np"``; the length of no axis may be 0.

    Raises:
        ValueError: If the number of axes is another, one is empty, or a value is NaN, infinite or
            above ``LARGEST``.
    """
    a = np.asarray(value, np.float64)
    if a.ndim != len(axes) or 0 in a.shape:
        shape = f"({', '.join(axes)}{',' if len(axes) == 1 else ''})"
        raise ValueError(f"{where}: {name} must have shape {shape}, none of them 0, got {a.shape}")
    if not (np.abs(a) <= LARGEST).all():  # a NaN fails this too
        bad = np.argwhere(~(np.abs(a) <= LARGEST))[0]
        raise ValueError(
            f"{where}: {name} must be finite and at most {LARGEST:g}, got {a[tuple(bad)]} at"
            f" {tuple(bad.tolist())}"
        )
    return a


def alike(where: str, first: str, a: np.ndarray, second: str, b: np.ndarray) -> None:
    """Raise ValueError unless both arrays have one shape."""
    if a.shape != b.shape:
        raise ValueError(
            f"{where}: {first} and {second} must have one shape, got {a.shape} and {b.shape}"
        )


def same_points(where: str, first: str, a: np.ndarray, second: str, b: np.ndarray) -> None:
    """Raise ValueError unless both arrays have as many rows."""
    if len(a) != len(b):
        raise ValueError(
            f"{where}: {first} and {second} must have as many points, got {len(a)} and {len(b)}"
        )
