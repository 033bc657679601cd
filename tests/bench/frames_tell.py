"""How much frames tell of the motions of the shipped runs: ``python -m tests.bench.frames_tell``.

Medians over all transitions of a layer, then the least and the greatest over the layers. What the
meter costs a frame of the page is in the figures of `tests.bench.page` and `tests.bench.layers`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import numpy as np

from gt.kept.alignment import find_alignments
from gt.run import open_run
from tests.frames_tell import (
    APART,
    FRAMES,
    STOPS,
    FramesTell,
    frames_tell,
    hidden_states,
    layer_motions,
    median,
    passage_motions,
    softmax_motions,
)

SHIPPED = Path(__file__).parents[2] / "precomputed"
SEEDS = 10
RUNS = ("mnist", "fashion-mnist", "cifar10")


def tell(motions: Iterable[np.ndarray], start: int = 0) -> FramesTell:
    """The median over transitions, with different frames and tours in turn."""
    return median(frames_tell(rows, start + i % SEEDS) for i, rows in enumerate(motions))


def line(name: str, found: list[FramesTell]) -> str:
    """One row of the table: a number, or the least and the greatest of several."""

    def span(values: list[float]) -> str:
        low, high = f"{min(values):.2f}", f"{max(values):.2f}"
        return low if low == high else f"{low}-{high}"

    columns = [span([one.frame for one in found])]
    columns += [span([one.toured[i] for one in found]) for i in range(len(APART))]
    columns += [span([one.stops[i] for one in found]) for i in range(len(STOPS))]
    columns += [span([one.whole for one in found])]
    return f"{name:34} {found[0].width:5} " + " ".join(f"{column:>10}" for column in columns)


def main() -> None:
    """Print a table and JSON."""
    tours = (f"tour {FRAMES * apart:g} s" for apart in APART)
    heads = ["one frame", *tours, *(f"{stops} stops" for stops in STOPS), "all"]
    print(f"{'':34} {'width':>5} " + " ".join(f"{head:>10}" for head in heads))
    results: dict[str, list[dict[str, object]]] = {}
    for name in RUNS:
        run = open_run(SHIPPED / name)
        one = find_alignments(run.path / "alignments")[0][0]
        hidden = hidden_states(one)
        found = {
            f"{name}, softmax, epochs": [tell(softmax_motions(run))],
            f"{name}, hidden layers, epochs": [
                tell(layer_motions(one, state), SEEDS * state) for state in hidden
            ],
            f"{name}, layer to layer": [
                tell(passage_motions(one, state), SEEDS * state) for state in hidden[:-1]
            ],
        }
        for what, told in found.items():
            print(line(what, told), flush=True)
            results[what] = [asdict(each) for each in told]
    print(json.dumps(results))


if __name__ == "__main__":
    main()
