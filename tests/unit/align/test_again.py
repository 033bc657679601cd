"""Wide layers in an alignment: made again from weights where they can be, else by their exact coordinates."""

import numpy as np
import pytest
import torch
from torch import nn

from gt.align.again import can_be_made, kept_said, shape_of, share_seen, values_of
from gt.align.align_run import align_run, plan
from gt.record import Recorder
from gt.run import open_run, wide

POINTS = 60
RNG = torch.Generator().manual_seed(0)
INPUTS = torch.randn(POINTS, 1, 12, 12, generator=RNG)
LABELS = np.arange(POINTS) % 4
ROWS = np.arange(POINTS)


def chain():
    torch.manual_seed(1)
    return nn.Sequential(
        nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(200, 4)
    )


class Branches(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(2)
        self.one = nn.Conv2d(1, 8, 3, padding=1)
        self.two = nn.Conv2d(8, 8, 3, padding=1)
        self.last = nn.Linear(8, 4)

    def forward(self, x):
        x = torch.tanh(self.one(x))
        return self.last((x + self.two(x)).mean((2, 3)))


def record(model, path, **options):
    rng = torch.Generator().manual_seed(3)
    with Recorder(
        model, path, inputs=INPUTS, labels=LABELS, layers="all", max_width=600, **options
    ) as rec:
        for epoch in range(3):
            rec.record(epoch)
            with torch.no_grad():
                for one in model.parameters():
                    one.add_(0.05 * torch.randn(one.shape, generator=rng))
    return open_run(path)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chain")
    return record(chain(), folder / "kept"), record(chain(), folder / "whole", whole="*")


@pytest.fixture(scope="module")
def branches(tmp_path_factory):
    return record(Branches(), tmp_path_factory.mktemp("branches") / "kept", weights=False)


def test_values_of_a_chain_are_made_again_at_every_step(both):
    kept, whole = both
    names = [one.name for one in kept.layers if one.kept]
    assert names == ["0", "1"]
    for name in names:
        layer = kept.layer(name)
        assert can_be_made(kept, layer)
        assert shape_of(kept, layer) == layer.shape
        assert share_seen(kept, layer, 0, ROWS) == 1
        for epoch in range(3):
            again = values_of(kept, layer, epoch, ROWS)
            there = values_of(whole, whole.layer(name), epoch, ROWS)
            np.testing.assert_allclose(again, there, atol=2e-3 * np.abs(there).max())


@pytest.mark.parametrize("reference", [0, 1, 2])
def test_a_chain_is_aligned_as_if_it_were_kept_whole(both, reference):
    one, other = (align_run(run, plan(run, reference=reference)) for run in both)
    assert [passage.how for passage in one.transitions] == [
        passage.how for passage in other.transitions
    ]
    for i, (state, theirs) in enumerate(zip(one.states, other.states, strict=True)):
        assert (state.width, state.rank) == (theirs.width, theirs.rank)
        assert state.scale == pytest.approx(theirs.scale, rel=1e-2)
        np.testing.assert_allclose(one.variance[i], other.variance[i], atol=2e-3)
    assert "made again from the weights" in one.states[1].kept
    assert other.states[1].kept == ""


def test_weights_that_are_not_the_networks_are_not_believed(both, tmp_path):
    model = chain()
    run = record(model, tmp_path / "run")
    layer = run.layer("0")
    lie = {name: value * 1.1 for name, value in run.weights(1).items()}
    run.weights = lambda epoch: lie
    assert not can_be_made(run, layer)
    assert shape_of(run, layer) == (96,)


def test_without_weights_exact_coordinates_stand_for_the_values(branches):
    run = branches
    layer = run.layer("two")
    assert not can_be_made(run, layer)
    z = values_of(run, layer, 2, ROWS)
    np.testing.assert_array_equal(z, wide.coordinates(run, "two", 2))
    assert 0.5 < share_seen(run, layer, 2, ROWS) <= 1
    said = kept_said(run, layer)
    assert "its directions were settled anew at 1, which moved at most" in said


def test_branches_are_aligned_by_coordinates_and_additions_stay_exact(branches):
    found = align_run(branches, plan(branches))
    hows = {
        (way.before, way.behind): one.how
        for way, one in zip(found.whole.ways, found.whole.passages, strict=True)
    }
    states = [one.name for one in found.whole.states]
    tanh, two, add = (states.index(name) for name in ("/tanh", "two", "/add"))
    assert hows[tanh, add] == hows[two, add] == "addition"
    assert hows[tanh, two] == "procrustes"
    widths = {one.name: one.width for one in found.whole.states}
    assert widths["two"] == 1152
    assert all(0 < one <= 1 for one in found.variance.ravel())
