"""How much one frame, a tour, and the first stops of a complete tour tell of the motions of a run.

Of each transition it is measured by Spearman's ρ between how far every point moves in all
coordinates and what was drawn of it: in one random frame, over twenty frames of a tour (the root
mean square), and after a few stops of the complete tour (`gt.tour.complete`). Transitions lie
between neighbouring epochs, of the softmax or of a hidden layer, or between neighbouring layers in
one epoch; of hidden layers in the coordinates that an alignment keeps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gt.kept.alignment import Alignment
from gt.run.read import Run
from gt.tour import (
    complete_tour,
    create_grand_tour,
    drawn_squares,
    random_frame,
    rank_correlation,
)

FRAMES = 20  # of a tour
APART = (1.0, 5.0)  # seconds of the tour from one to the next: alike, and as good as unrelated
STOPS = (1, 2, 4, 6)


@dataclass(frozen=True)
class FramesTell:
    """Spearman's ρ of what was drawn of one transition.

    Attributes:
        width: Coordinates.
        frame: In one random frame.
        toured: Over `FRAMES` frames of a tour, for each of `APART`.
        stops: After each of `STOPS` stops; after all where there are fewer.
        whole: After all stops.
    """

    width: int
    frame: float
    toured: tuple[float, ...]
    stops: tuple[float, ...]
    whole: float


def frames_tell(rows: np.ndarray, seed: int) -> FramesTell | None:
    """Measure one transition.

    Args:
        rows: Displacements, shape ``(n, p)``.
        seed: Of the random frame and of the tour.

    Returns:
        The measures; None where nothing moves, or all alike.
    """
    rows = np.asarray(rows, np.float64)
    squares = (rows**2).sum(axis=1)
    whole = complete_tour(rows)
    if whole is None or np.isnan(rank_correlation(squares, squares)):
        return None
    p = rows.shape[1]
    after = [
        rank_correlation(squares, whole.seen(rows, np.arange(whole.stops) < stops))
        for stops in (*STOPS, whole.stops)
    ]
    return FramesTell(
        width=p,
        frame=rank_correlation(squares, drawn_squares(rows, random_frame(p, seed))),
        toured=tuple(rank_correlation(squares, _toured(rows, seed, apart)) for apart in APART),
        stops=tuple(after[:-1]),
        whole=after[-1],
    )


def _toured(rows: np.ndarray, seed: int, apart: float) -> np.ndarray:
    """Summed squared drawn lengths over some frames of a tour."""
    frames = _frames(rows.shape[1], seed, apart)
    return np.asarray(sum(drawn_squares(rows, one) for one in frames))


@lru_cache(maxsize=256)
def _frames(p: int, seed: int, apart: float) -> tuple[np.ndarray, ...]:
    """What is seen at some moments of a tour, ``(p, 2)`` each."""
    tour = create_grand_tour(p, seed=seed)
    found = []
    for _ in range(FRAMES):
        found.append(tour.matrix[:, :2].copy())
        tour.advance(apart)
    return tuple(found)


def median(found: Iterable[FramesTell | None]) -> FramesTell:
    """The median of each measure; of ``width``, that of the first.

    Raises:
        ValueError: If there is none.
    """
    told = [one for one in found if one is not None]
    if not told:
        raise ValueError("median: at least one transition in which something moves, got none")
    return FramesTell(
        width=told[0].width,
        frame=float(np.median([one.frame for one in told])),
        toured=tuple(float(x) for x in np.median([one.toured for one in told], axis=0)),
        stops=tuple(float(x) for x in np.median([one.stops for one in told], axis=0)),
        whole=float(np.median([one.whole for one in told])),
    )


def softmax_motions(run: Run) -> Iterator[np.ndarray]:
    """Displacements of the test points from epoch to epoch, ``(n, classes)`` each."""
    test = run.splits == 1
    before = run.activations("softmax", 0)[test]
    for epoch in range(1, len(run.epochs)):
        now = run.activations("softmax", epoch)[test]
        yield now.astype(float) - before
        before = now


def layer_motions(one: Alignment, state: int) -> Iterator[np.ndarray]:
    """Displacements in a state from epoch to epoch, ``(n, k)`` each, as they are drawn."""
    before = one.turned(state, 0)
    for epoch in range(1, len(one.epochs)):
        now = one.turned(state, epoch)
        yield now - before
        before = now


def passage_motions(one: Alignment, state: int) -> Iterator[np.ndarray]:
    """Displacements from a state to the next in every epoch, ``(n, k)`` each, as they are drawn."""
    for epoch in range(len(one.epochs)):
        yield one.turned(state + 1, epoch) - one.turned(state, epoch)


def hidden_states(one: Alignment) -> list[int]:
    """The states whose coordinates are neither pixels nor classes."""
    return [i for i, state in enumerate(one.states) if i > 0 and not state.classes]
