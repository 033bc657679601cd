"""The units of coordinates: moved to their middle, and divided by how far they spread where their units are unlike.

Distances in a picture add what its coordinates say. Centimetres beside grams would add up to grams alone, so unlike
units are brought to one; numbers of one unit, such as pixels or an embedding's, are left in it.
"""

from __future__ import annotations

import numpy as np

from gt.bring.source import WHERE, BringError

AUTO, NONE, STANDARD, ROBUST = "auto", "none", "standard", "robust"
SCALES = (NONE, STANDARD, ROBUST)
SMALLEST = 1e-300  # a number below it is nothing: one divided by it would be infinite
ALIKE = (
    10.0  # spreads of one unit differ by less; of iris, in cm, the largest is 4 times the smallest
)


def chosen(values: np.ndarray, asked: str, belong: bool) -> tuple[str, str]:
    """Which scale coordinates get, and why.

    Args:
        values: ``(e, n, p)`` finite.
        asked: One of ``SCALES``, or "auto".
        belong: Whether they are one array, whose numbers are of one unit.

    Returns:
        One of ``SCALES``, and a reason.

    Raises:
        BringError: If there is no such scale.
    """
    if asked != AUTO:
        if asked not in SCALES:
            raise BringError(
                f"the scale must be one of {', '.join(SCALES)}, got {asked!r}", by=WHERE
            )
        return asked, "as was said"
    if belong:
        return NONE, "the numbers of one array are of one unit"
    spread = values.std(axis=(0, 1))
    spread = spread[spread > 0]
    if len(spread) < 2:
        return NONE, "there is one coordinate" if values.shape[2] == 1 else "one coordinate differs"
    low, high = (
        np.quantile(spread, [0.1, 0.9]) if len(spread) > 10 else (spread.min(), spread.max())
    )
    ratio = high / low
    if ratio < ALIKE:
        return NONE, f"they spread alike: the widest is {ratio:.2g} times the narrowest"
    return STANDARD, f"they spread unlike: the widest is {ratio:.3g} times the narrowest"


def scaled(values: np.ndarray, scale: str) -> np.ndarray:
    """Coordinates about their middle, in their unit.

    Args:
        values: ``(e, n, p)`` finite float64.
        scale: "none": less the mean. "standard": less the mean, by the standard deviation, over all points and epochs.
            "robust": less the median, by the distance between the quartiles.

    Returns:
        The same shape, float64; a coordinate that does not spread is 0.
    """
    flat = values.reshape(-1, values.shape[2])
    size = np.abs(flat).max(axis=0)  # so that squares of very large numbers are finite
    size = np.where(size > SMALLEST, size, 1)
    flat = flat / size
    if scale == ROBUST:
        low, middle, high = np.quantile(flat, [0.25, 0.5, 0.75], axis=0)
        spread = high - low
        spread = np.where(spread > 0, spread, flat.std(axis=0))  # half of the points are equal
    else:
        middle = flat.mean(axis=0)
        spread = flat.std(axis=0)
    still = spread <= 1e-12
    unit = 1 / size if scale == NONE else np.where(still, 1, spread)
    found = (flat - middle) / unit
    if scale != NONE:
        found[:, still] = 0
    return found.reshape(values.shape)
