"""What the page Method says of how much frames tell is true of the runs that ship.

Every eighth transition is enough to see it; the figures come from all of them (`tests.bench.frames_tell`).
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from gt.kept.alignment import find_alignments
from gt.run import open_run
from gt.ui.method.page import TOLD
from tests.frames_tell import (
    STOPS,
    frames_tell,
    hidden_states,
    layer_motions,
    median,
    softmax_motions,
)

SHIPPED = Path(__file__).parents[2] / "precomputed"
RUNS = ("mnist", "fashion-mnist", "cifar10")
EVERY = 8
AWAY = 0.1  # of the median of an eighth from that of all


def some(motions):
    return median(frames_tell(rows, i) for i, rows in enumerate(islice(motions, 0, None, EVERY)))


def spans(found):
    """The least and the greatest of each measure that the page tells."""
    values = {
        "frame": [one.frame for one in found],
        "tour": [one.toured[1] for one in found],
        "stops": [one.stops[STOPS.index(4)] for one in found],
    }
    return {name: (min(them), max(them)) for name, them in values.items()}


@pytest.fixture(scope="module")
def found():
    softmax, hidden = [], []
    for name in RUNS:
        run = open_run(SHIPPED / name)
        softmax.append(some(softmax_motions(run)))
        one = find_alignments(run.path / "alignments")[0][0]
        assert one.k == 32
        hidden += [some(layer_motions(one, state)) for state in hidden_states(one)]
    return {"softmax": softmax, "hidden": hidden}


@pytest.mark.parametrize("kind", ["softmax", "hidden"])
def test_what_is_said_of_frames_is_so(found, kind):
    measured = spans(found[kind])
    for measure, said in TOLD[kind].items():
        assert measured[measure] == pytest.approx(said, abs=AWAY), measure
    assert all(one.whole == pytest.approx(1) for one in found[kind])
