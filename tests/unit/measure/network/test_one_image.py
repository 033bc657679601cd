"""What each layer makes of one image: from weights, from checkpoints, or as it was recorded; and which."""

from __future__ import annotations

import re

import numpy as np
import pytest

import gt
from gt.measure.network.bring_weights import bring_weights
from gt.measure.network.one_image import can_gain, source_of, through, weights_at
from gt.run import NoRunError
from gt.run.graph import Graph, Node
from tests.networks import EPOCHS, write_network
from tests.recordings import record, spread

torch = pytest.importorskip("torch")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """One training, recorded with all layers and with its outputs, which were brought its weights at two epochs."""
    folder = tmp_path_factory.mktemp("runs")
    layers = gt.open_run(write_network(folder / "layers", whole=True))
    outputs = gt.open_run(write_network(folder / "outputs", layers="outputs", whole=True))
    assert source_of(outputs) is None
    bring_weights(layers, outputs, every=3)
    return layers, outputs


@pytest.mark.parametrize(("row", "epoch"), [(0, 0), (50, 4)])
def test_weights_and_checkpoints_give_what_was_recorded(runs, row, epoch):
    layers, outputs = runs
    at = EPOCHS.index(epoch)
    for run, kind, near in ((layers, "weights", 1e-6), (outputs, "checkpoints", 2e-3)):
        source = source_of(run)
        found = through(run, source, epoch, row)
        assert (source.kind, found.computed, found.epoch, found.note) == (kind, True, epoch, "")
        assert [one.name for one in source.layers] == [one.name for one in layers.layers]
        assert found.off < near
        for layer, values in zip(source.layers, found.values, strict=True):
            wanted = layers.activations(layer.name, at)[row]
            np.testing.assert_allclose(values, wanted, atol=near * max(1, np.abs(wanted).max()))
    assert set(weights_at(outputs, source, epoch)) == set(layers.weights(at))


def test_the_nearest_epoch_with_weights_is_the_earlier_of_two(runs):
    source = source_of(runs[1])
    assert source.epochs.tolist() == [0, 4]
    assert [source.nearest(epoch) for epoch in (0, 1, 2, 3, 4)] == [0, 0, 0, 4, 4]


def test_what_is_not_there_is_said(runs):
    layers, _ = runs
    with pytest.raises(NoRunError, match="has no epoch 3; it has 4, 0 to 4"):
        through(layers, source_of(layers), 3, 0)
    with pytest.raises(NoRunError, match=r"row must be in 0\.\.71, got 72"):
        through(layers, source_of(layers), 4, 72)


class Residual(torch.nn.Module):
    """Adds what came in: no chain of its layers."""

    def __init__(self):
        super().__init__()
        self.one, self.two = torch.nn.Linear(5, 5), torch.nn.Linear(5, 3)

    def forward(self, x):
        return self.two(x + self.one(x))


class Mixed(torch.nn.Sequential):
    """Has a layer of a kind that is not known."""

    def __init__(self):
        super().__init__(torch.nn.Linear(5, 4), torch.nn.LayerNorm(4), torch.nn.Linear(4, 3))


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (Residual, "the network has branches"),
        (Mixed, "layer '1' must be of a kind .* it is LayerNorm"),
    ],
)
def test_a_network_that_cannot_be_computed_is_shown_as_recorded(tmp_path, model, said):
    run = record(tmp_path / "run", model(), 3 * spread(6, (5,)))
    found = through(run, source_of(run), 1, 2)
    assert not found.computed and found.off is None
    np.testing.assert_array_equal(found.values[0], run.activations("input", 1)[2])
    np.testing.assert_array_equal(found.values[-1], run.activations("softmax", 1)[2])

    assert re.search(said, found.note)


def test_a_run_of_chosen_layers_shows_those(tmp_path):
    run = record(tmp_path / "run", Mixed(), spread(6, (5,)), layers=("1",))
    source = source_of(run)
    assert (source.kind, [one.name for one in source.layers]) == (
        "recorded",
        ["1", "logits", "softmax"],
    )
    assert [v.shape for v in through(run, source, 0, 5).values] == [(4,), (3,), (3,)]


def test_hidden_layers_are_advised_where_some_could_be_had():
    def gains(*hidden):
        nodes = [Node("input", "Input", shape=(4,), layer="input"), *hidden]
        nodes += [Node("fc", "Linear", (len(hidden),), (3,), "fc", layer="logits")]
        return can_gain(Graph(tuple(nodes), len(nodes) - 1))

    assert gains(Node("fc1", "Linear", (0,), (4,), "fc1"))  # nobody asked for it
    assert not gains(Node("fc1", "Linear", (0,), (4,), "fc1", layer="fc1"))
    assert not gains(Node("/mul", "Mul", (0,), None, operation="mul", reason="gives no points"))
    assert not gains()
