"""A forward pass in numpy gives what torch recorded, at every layer; what it cannot compute it names."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
import pytest

from gt.layers import Kind, register
from gt.layers import kind as table
from gt.layers.forward import UnknownLayerError, forward
from gt.run import Layer, ShapeError
from tests.recordings import record, spread

torch = pytest.importorskip("torch")
nn = torch.nn

NETWORKS = {
    "digits": ((1, 12, 12), [nn.Conv2d(1, 4, 5), nn.MaxPool2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(64, 3)]),
    "stride, padding, dilation, groups": (
        (4, 11, 9),
        [
            nn.Conv2d(4, 8, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 2), groups=2),
            nn.Sigmoid(),
            nn.Conv2d(8, 8, 3, padding="same", groups=8, bias=False),
            nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True),
            nn.Tanh(),
            nn.AdaptiveAvgPool2d((2, 3)),
            nn.Flatten(),
            nn.Linear(48, 3),
        ],
    ),
    "what lies beyond the edge": (
        (2, 8, 7),
        [
            nn.Conv2d(2, 3, 3, padding=2, padding_mode="reflect"),
            nn.Conv2d(3, 3, 3, padding=1, padding_mode="circular"),
            nn.Conv2d(3, 3, 3, padding=(1, 0), padding_mode="replicate"),
            nn.MaxPool2d(3, stride=2, padding=1, dilation=2, ceil_mode=True),
            nn.AvgPool2d(2, stride=1, padding=1, count_include_pad=False),
            nn.AdaptiveMaxPool2d(2),
            nn.Flatten(),
            nn.Linear(12, 3),
        ],
    ),
    "along a line": (
        (3, 20),
        [nn.Conv1d(3, 4, 3, padding="same", dilation=2), nn.MaxPool1d(2), nn.LeakyReLU(0.2),
         nn.Flatten(), nn.Linear(40, 3)],
    ),
    "in a volume": (
        (1, 5, 6, 7),
        [nn.Conv3d(1, 2, 2), nn.MaxPool3d(2, ceil_mode=True), nn.BatchNorm3d(2), nn.Flatten(), nn.Linear(36, 3)],
    ),
    "probabilities": ((6,), [nn.BatchNorm1d(6, affine=False), nn.Dropout(), nn.Linear(6, 3), nn.Softmax(1)]),
}  # fmt: skip


@pytest.fixture(params=NETWORKS)
def recorded(request, tmp_path):
    """A run, and the parameters and statistics of its network."""
    shape, modules = NETWORKS[request.param]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(2)
        names = OrderedDict((f"{type(m).__name__}{i}".lower(), m) for i, m in enumerate(modules))
        model = nn.Sequential(names)
        for module in model:
            if hasattr(module, "running_var"):
                module.running_mean.uniform_(-1, 1)
                module.running_var.uniform_(0.5, 2)
    run = record(tmp_path / "run", model, 2 * spread(9, shape), epochs=(0,))
    return run, {name: value.numpy() for name, value in model.state_dict().items()}


def test_every_layer_puts_out_what_was_recorded(recorded):
    run, parameters = recorded
    assert set(run.weights(0)) <= set(parameters)
    found = list(forward(run.layers[1:], run.activations("input", 0), parameters))
    assert len(found) == len(run.layers) - 1
    for layer, values in zip(run.layers[1:], found, strict=True):
        wanted = run.activations(layer.name, 0)
        assert values.dtype == np.float32
        np.testing.assert_allclose(
            values, wanted, rtol=0, atol=3e-6 * max(1, np.abs(wanted).max()), err_msg=layer.name
        )


def test_a_linear_layer_behind_an_image_flattens_it():
    x = np.arange(8, dtype=np.float32).reshape(1, 2, 2, 2)
    own = {"fc.weight": np.eye(3, 8, dtype=np.float32)}
    [found] = forward([Layer("fc", "Linear", (3,), "fc")], x, own)
    np.testing.assert_array_equal(found, [[0, 1, 2]])


def test_weights_that_move_with_the_epochs_are_those_of_the_epoch(tmp_path):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = nn.Sequential(nn.Flatten(), nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 3))
    run = record(tmp_path / "run", model, spread(6, (2, 2)), epochs=(0, 3))
    x = run.activations("input", 0)
    *_, first = forward(run.layers[1:], x, run.weights(0))
    *_, last = forward(run.layers[1:], x, run.weights(1))
    np.testing.assert_allclose(last, run.activations("softmax", 1), atol=1e-6)
    assert np.abs(first - last).max() > 1e-3


def test_a_layer_of_an_unknown_kind_is_named_and_those_before_it_are_given():
    layers = [
        Layer("relu1", "ReLU", (3,)),
        Layer("mix", "Attention", (3,)),
        Layer("relu2", "ReLU", (3,)),
    ]
    steps = forward(layers, np.array([[-1, 0, 2]], np.float32), {})
    np.testing.assert_array_equal(next(steps), [[0, 0, 2]])
    with pytest.raises(
        UnknownLayerError, match=r"layer 'mix' .* it is Attention; record the hidden layers"
    ):
        next(steps)


def test_a_kind_can_be_added(monkeypatch):
    monkeypatch.setattr(table, "_table", {})
    register(Kind("Attention", forward=lambda step, x: 2 * x))
    [twice] = forward([Layer("mix", "Attention", (3,))], np.ones((1, 3), np.float32), {})
    np.testing.assert_array_equal(twice, [[2, 2, 2]])


@pytest.mark.parametrize(
    ("layer", "error", "said"),
    [
        (Layer("fc", "Linear", (2,), "fc"), UnknownLayerError, "layer 'fc', Linear, must have its weight"),
        (Layer("bn", "BatchNorm1d", (4,), "bn"), UnknownLayerError, "must have its running_var"),
        (Layer("other", "Linear", (9,), "other"), ShapeError, r"must fit what comes before it, \(4,\)"),
        (Layer("next", "Linear", (7,), "next"), ShapeError, r"must put out \(7,\), it puts out \(2,\)"),
        (Layer("conv", "Conv2d", (1, 2, 2), "conv"), ShapeError, "in 1 groups take no"),
        (Layer("pool", "MaxPool2d", (1, 2, 2)), ShapeError, "its kernel_size is not known"),
    ],
)  # fmt: skip
def test_layers_that_are_no_chain_are_told(layer, error, said):
    parameters = {
        "other.weight": np.ones((9, 3), np.float32),
        "next.weight": np.ones((2, 4), np.float32),
        "conv.weight": np.ones((1, 2, 3, 3), np.float32),
    }
    x = np.ones((1, 1, 4, 4) if layer.kind in ("Conv2d", "MaxPool2d") else (1, 4), np.float32)
    with pytest.raises(error, match=said):
        list(forward([layer], x, parameters))
