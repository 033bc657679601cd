"""How alike all layers of two networks are at one epoch."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gt.measure.two_runs.frame import LEADING, WHOLE, leading, values_of
from gt.measure.two_runs.pairing import Paired
from gt.measure.two_runs.similarity import Alike, alike

MOST = 500  # points that are compared: tables of all their pairs are made, for every shuffle


@dataclass(frozen=True)
class Layered:
    """A layer of two networks.

    Attributes:
        layer: Its name.
        widths: Its values of one point in a and in b, of which are compared.
        alike: The numbers.
        held: The smaller share of variance that is in the coordinates of the Procrustes distance.
        kept: Whether only coordinates of it are kept, in either run.
    """

    layer: str
    widths: tuple[int, int]
    alike: Alike
    held: float
    kept: bool


def by_layer(paired: Paired, at: int) -> tuple[list[Layered], int]:
    """Measure every common layer.

    Args:
        paired: The runs.
        at: Position in the compared epochs.

    Returns:
        The layers, in a's order; and of how many points.
    """
    step = max(1, math.ceil(paired.n / MOST))
    rows_a, rows_b = paired.rows_a[::step], paired.rows_b[::step]
    index_a, index_b = int(paired.clock.at_a[at]), int(paired.clock.at_b[at])
    out = []
    for name in paired.layers:
        a = values_of(paired.a, name, index_a, rows_a).astype(np.float64)
        b = values_of(paired.b, name, index_b, rows_b).astype(np.float64)
        (near_a, held_a), (near_b, held_b) = _near(a), _near(b)
        kept = any(run.layer(name).kept is not None for run in (paired.a, paired.b))
        measured = alike(a, b, near_a, near_b)
        out.append(Layered(name, (a.shape[1], b.shape[1]), measured, min(held_a, held_b), kept))
    return out, len(rows_a)


def _near(x: np.ndarray) -> tuple[np.ndarray, float]:
    """A layer as it is, or in its leading principal coordinates; and the share of its variance that these hold."""
    if x.shape[1] <= WHOLE:
        return x, 1.0
    middle, directions = leading(x, LEADING)
    centred = x - middle
    found = centred @ directions
    total = float((centred**2).sum())
    return found, min(1.0, float((found**2).sum()) / total) if total else 1.0
