"""One frame for a layer of two runs: axes as they are where they have names, else one turn for all compared epochs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gt.measure.two_runs.pairing import Paired
from gt.measure.two_runs.procrustes import best_turn, left_by, left_by_best, padded, spread
from gt.run import wide
from gt.run.read import Run

WHOLE = 64  # coordinates up to which a layer is turned as it is
LEADING = 32  # principal coordinates of a wider one
SAMPLED = 1200  # rows, at most, of which the directions of a wider layer are found


@dataclass(frozen=True)
class Framed:
    """A layer of two runs over the compared epochs.

    Attributes:
        a: ``(e, n, p)`` float32.
        b: ``(e, n, p)`` float32, in a's frame.
        named: Whether the axes mean the same in both, so that nothing was turned.
        axes: ``(p,)`` what they are called.
        widths: Coordinates of the layer in a and in b.
        held: Share of each one's variance that its coordinates hold, 0 to 1.
        left: ``(e,)`` what the turn leaves, see `procrustes.left_by`; None where nothing was turned.
        best: ``(e,)`` what the best turn of each epoch alone would leave.
        scale: How much larger b's cloud is than a's; NaN where a's is one place.
        kept: Of a layer that is too wide to be kept whole what is drawn of it; "" of others.
    """

    a: np.ndarray
    b: np.ndarray
    named: bool
    axes: tuple[str, ...]
    widths: tuple[int, int]
    held: tuple[float, float]
    left: np.ndarray | None
    best: np.ndarray | None
    scale: float
    kept: str

    @property
    def nbytes(self) -> int:
        """Bytes of the coordinates."""
        return self.a.nbytes + self.b.nbytes


def framed(paired: Paired, layer: str) -> Framed:
    """Bring a layer of two runs into one frame.

    Axes that mean the same (a network's outputs) are left as they are. Of any other layer, each run's points are taken
    about the middle of all compared epochs, in their leading principal coordinates where the layer is wide, with zeros
    behind the narrower one's; and b's are turned by the one turn that is best over all these epochs together, so that
    the picture does not turn by itself from one to the next.

    Args:
        paired: The runs.
        layer: One of ``paired.layers``.

    Raises:
        RunError: If an epoch cannot be read.
    """
    clock = paired.clock
    if paired.named(layer):
        a = _stacked(paired.a, layer, clock.at_a, paired.rows_a)
        b = _stacked(paired.b, layer, clock.at_b, paired.rows_b)[:, :, paired.columns_b]
        p = a.shape[2]
        return Framed(
            a, b, True, tuple(paired.a.axes), (p, p), (1.0, 1.0), None, None, _scale(a, b), ""
        )
    (a, wide_a, held_a), (b, wide_b, held_b) = (
        _about_middle(run, layer, at, rows)
        for run, at, rows in (
            (paired.a, clock.at_a, paired.rows_a),
            (paired.b, clock.at_b, paired.rows_b),
        )
    )
    p = max(a.shape[2], b.shape[2])
    a, b = padded(a, p), padded(b, p)
    turned = (b @ best_turn(a, b).astype(np.float32)).astype(np.float32)
    pairs = list(zip(a, turned, strict=True))
    word = "PC " if max(wide_a, wide_b) > WHOLE else ""
    return Framed(
        a,
        turned,
        False,
        tuple(f"{word}{i + 1}" for i in range(p)),
        (wide_a, wide_b),
        (held_a, held_b),
        np.array([left_by(x, y) for x, y in pairs]),
        np.array([left_by_best(x, y) for x, y in pairs]),
        _scale(a, b),
        _kept(paired, layer),
    )


def values_of(run: Run, layer: str, epoch_index: int, rows: np.ndarray) -> np.ndarray:
    """What can be compared of a layer in one epoch, ``(n, d)``: what is drawn of it, see `gt.run.wide.drawn_values`."""
    return wide.drawn_values(run, layer, epoch_index)[rows]


def leading(rows: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The principal directions of some points.

    Args:
        rows: ``(m, d)``.
        k: How many, at most.

    Returns:
        ``(d,)`` their middle, and ``(d, k)`` orthonormal, the largest variance first; fewer of fewer points.
    """
    middle = rows.mean(0)
    x = (rows - middle).astype(np.float64)
    if x.shape[1] <= x.shape[0]:
        _, vectors = np.linalg.eigh(x.T @ x)
        return middle, vectors[:, ::-1][:, :k]
    values, vectors = np.linalg.eigh(x @ x.T)
    there = np.flatnonzero(values > values[-1] * 1e-10)[::-1][:k]
    return middle, x.T @ vectors[:, there] / np.sqrt(values[there])


def _stacked(run: Run, layer: str, at: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.stack([values_of(run, layer, int(i), rows) for i in at]).astype(np.float32)


def _about_middle(
    run: Run, layer: str, at: np.ndarray, rows: np.ndarray
) -> tuple[np.ndarray, int, float]:
    """A layer about its middle, ``(e, n, k)`` float32; its width; the share of its variance that this holds."""
    width = values_of(run, layer, int(at[0]), rows[:1]).shape[1]
    if width <= WHOLE:
        found = _stacked(run, layer, at, rows)
        return found - found.mean((0, 1)), width, 1.0
    middle, directions = leading(_sample(run, layer, at, rows), LEADING)
    out, total, first = [], 0.0, np.zeros(width)
    for i in at:
        x = values_of(run, layer, int(i), rows).astype(np.float32) - middle.astype(np.float32)
        out.append(x @ directions.astype(np.float32))
        total += float((x.astype(np.float64) ** 2).sum())
        first += x.sum(0, dtype=np.float64)
    found = np.stack(out)
    count = found.shape[0] * found.shape[1]
    variance = total - float((first**2).sum()) / count
    found = found - found.mean((0, 1))
    held = float((found.astype(np.float64) ** 2).sum()) / variance if variance > 0 else 1.0
    return found, width, min(1.0, held)


def _sample(run: Run, layer: str, at: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Points of some epochs, evenly: enough to find directions by."""
    some = at[np.unique(np.linspace(0, len(at) - 1, 4).round().astype(int))]
    step = math.ceil(len(rows) * len(some) / SAMPLED)
    return np.concatenate(
        [values_of(run, layer, int(i), rows[k % step :: step]) for k, i in enumerate(some)]
    )


def _scale(a: np.ndarray, b: np.ndarray) -> float:
    size = spread(a)
    return spread(b) / size if size else math.nan


def _kept(paired: Paired, layer: str) -> str:
    """What is kept of a layer that is too wide, in either run."""
    for run, name in zip((paired.a, paired.b), paired.called, strict=True):
        if said := wide.sentence(run, run.layer(layer)):
            return f"In {name} it is {said}; its exact coordinates are compared."
    return ""
