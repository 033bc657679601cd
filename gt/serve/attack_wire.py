"""An attack as it travels to the browser: which points of the picture are attacked, and their changes in 8 bits.

A change is shown amplified, as a small picture: one byte a value is fine for that, and 0 stays exactly 0.
"""

from __future__ import annotations

import numpy as np

from gt.cache.memory import Held
from gt.cache.wire import Quantised
from gt.kept.alignment import Alignment
from gt.kept.attack import Attack, attack_of
from gt.run.read import Run

HELD_BYTES = 24 * 2**20  # of attacks that were looked at last, 7 and 14 MB for ours
ZERO = 128  # the byte that stands for no change; the largest one is 1 or 255


def read(run: Run) -> Attack:
    """The attack that a run is.

    Raises:
        ValueError: If it is none, or damaged.
    """
    return _HELD.get(run, lambda: _read(run))


def _read(run: Run) -> Attack:
    found = attack_of(run)
    if found is None:
        raise ValueError(f"{run.title} is no attack")
    return found


#: their changes are asked for one by one, and follow from each other
_HELD: Held[Attack] = Held(HELD_BYTES, lambda attack: attack.nbytes)


def shown(attack: Attack, alignment: Alignment) -> tuple[np.ndarray, np.ndarray]:
    """Which of the attacked points are in a picture.

    Returns:
        Indices ``(m,)`` int64 into ``attack.ids``, and the places ``(m,)`` int64 of these points among those of the
        alignment, which rise.
    """
    at = {int(one): i for i, one in enumerate(attack.ids)}
    places = np.flatnonzero(np.isin(alignment.ids, attack.ids))
    return np.array([at[int(one)] for one in alignment.ids[places]], np.int64), places


def change_slice(attack: Attack, step_index: int, chosen: np.ndarray) -> Quantised:
    """The changes of some attacked points at a step, rounded to 127 even steps up and down.

    Args:
        attack: Of a run with images.
        step_index: Position in ``attack.steps``.
        chosen: Indices ``(m,)`` of the points in ``attack.ids``.

    Returns:
        uint8 ``(m, h, w, c)``; ``value * scale + offset`` is the change of a pixel that counts from 0 to 1, exactly 0
        where there is none, else off by half a step at most.
    """
    change = attack.change(step_index)[chosen].astype(np.float64)
    scale = float(np.abs(change).max(initial=0)) / (ZERO - 1) or 1.0
    values = np.rint(change / scale) + ZERO
    return Quantised(np.ascontiguousarray(values, np.uint8), scale, -ZERO * scale)
