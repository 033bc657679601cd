"""Numbers that change little from epoch to epoch, kept as whole steps of one size.

Epochs lie one behind the other as differences, folded (0, -1, 1, -2, ... become 0, 1, 2, 3, ...): they are small, so
their upper bytes are zeros and compress; read back they are exact.
"""

from __future__ import annotations

import numpy as np

STEPS = 8192  # in the size of what is kept
LARGEST = 2**29  # of the whole steps, so that differences fit into 32 bits


def to_steps(values: np.ndarray, scale: float) -> tuple[np.ndarray, float]:
    """Round values ``(e, ...)`` to whole steps: the first epoch as it is, then differences, folded.

    Args:
        values: Finite.
        scale: Their size, above 0: `STEPS` steps.

    Returns:
        uint16 of the same shape, or uint32 where need be, and the size of a step in units of the values.
    """
    step = scale / STEPS
    whole = np.rint(values / step).astype(np.int64)
    largest = int(np.abs(whole).max(initial=0))
    if largest > LARGEST:  # an epoch far beyond the size that was said: coarser, all of it
        step *= largest / LARGEST
        whole = np.rint(values / step).astype(np.int64)
    change = np.diff(whole, axis=0, prepend=0)
    folded = np.where(change < 0, -2 * change - 1, 2 * change)
    return folded.astype(np.uint16 if folded.max(initial=0) < 2**16 else np.uint32), step


def from_steps(folded: np.ndarray) -> np.ndarray:
    """Undo `to_steps`: whole steps ``(e, ...)``, int16 where that holds them all, as for runs like ours, or int32."""
    wide = folded.astype(np.int64)
    change = np.where(wide & 1, -(wide >> 1) - 1, wide >> 1)
    whole = np.cumsum(change, axis=0)
    least, most = whole.min(initial=0), whole.max(initial=0)
    narrow = np.iinfo(np.int16).min <= least and most <= np.iinfo(np.int16).max
    return whole.astype(np.int16 if narrow else np.int32)
