"""Layers go by their role: whatever modules are called, outputs are found and runs open."""

from collections import OrderedDict

import numpy as np
import pytest

import gt
from gt.cache.store import Store
from gt.kept.describe import describe
from gt.record.network_of import network_of
from gt.serve import announcements
from gt.serve.library import Library

torch = pytest.importorskip("torch")
nn = torch.nn
N, D, K = 12, 4, 3


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def named(*names):
    """Linear layers of these names and a last one that is called "last"."""
    layers = [(name, nn.Linear(D, D)) for name in names]
    return nn.Sequential(OrderedDict([*layers, ("last", nn.Linear(D, K))]))


def record(path, model, layers="all", **given):
    x = torch.randn(N, D)
    with gt.Recorder(
        model, path, inputs=x, labels=np.arange(N) % K, layers=layers, dtype="float32", **given
    ) as rec:
        rec.record(0)
        rec.record(1)
    return rec, gt.open_run(path), x


def test_hidden_layers_with_names_of_outputs(tmp_path, caplog):
    model = named("input", "logits", "softmax", "softmax (hidden)")
    rec, run, x = record(tmp_path / "r", model)
    own = ["input (hidden)", "logits (hidden)", "softmax (hidden)", "softmax (hidden) (hidden)"]
    assert [one.name for one in run.layers] == ["input", *own, "logits", "softmax"]
    modules = [one.module for one in run.layers]
    assert modules == [
        None, "input", "logits", "softmax", "softmax (hidden)", "last", None,
    ]  # fmt: skip
    assert rec.renamed == dict(zip(own, modules[1:5], strict=True)) == run.made["renamed"]
    assert "the hidden layer 'softmax' is recorded as 'softmax (hidden)'" in caplog.text
    assert "softmax (hidden)  4  Linear, module softmax" in describe(run)
    run.check()
    for i, name in enumerate(own):
        np.testing.assert_allclose(run.activations(name, 1), model[: i + 1](x).detach(), atol=1e-6)
    logits = model(x).detach()
    np.testing.assert_allclose(run.activations("logits", 1), logits, atol=1e-6)
    np.testing.assert_allclose(run.activations("softmax", 1), logits.softmax(1), atol=1e-6)
    library = Library([run.path], Store(tmp_path / "cache"))
    for layer in run.layers:
        said = announcements.announce(library, "r", layer.name)
        assert said["layer"] == layer.name and len(said["splits"]["train"]["slices"]) == 2
    np.testing.assert_allclose(network_of(run).logits(x), logits, atol=1e-6)


def test_a_run_with_such_layers_is_continued(tmp_path):
    model, x = named("softmax"), torch.randn(N, D)
    for epoch in range(2):
        with gt.Recorder(
            model, tmp_path / "r", inputs=x, labels=np.arange(N) % K, layers=["softmax"]
        ) as rec:
            assert rec.renamed == {"softmax (hidden)": "softmax"}
            rec.record(epoch)
    assert gt.open_run(tmp_path / "r").epochs.tolist() == [0, 1]


def test_a_softmax_inside_and_one_at_the_end(tmp_path):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b, self.softmax = nn.Linear(D, D), nn.Linear(D, K), nn.Softmax(-1)

        def forward(self, x):
            return self.softmax(self.b(self.softmax(self.a(x))))

    model = Model()
    _, run, x = record(tmp_path / "r", model)
    names = ["input", "a", "softmax (hidden)", "logits", "softmax"]
    assert [one.name for one in run.layers] == names
    inside = model.a(x).softmax(1).detach()
    np.testing.assert_allclose(run.activations("softmax (hidden)", 0), inside, atol=1e-6)
    np.testing.assert_allclose(run.activations("softmax", 0), model(x).detach(), atol=1e-6)


def test_a_module_with_the_name_of_a_second_call(tmp_path):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.relu, self.last = nn.ReLU(), nn.Linear(D, K)
            self.add_module("relu:2", nn.Tanh())

        def forward(self, x):
            x = getattr(self, "relu:2")(self.relu(x))
            return self.last(self.relu(x - 0.5))

    model = Model()
    _, run, x = record(tmp_path / "r", model)
    names = ["input", "relu", "relu:2", "/sub", "relu:2 (hidden)", "logits", "softmax"]
    assert [one.name for one in run.layers] == names
    tanh = x.relu().tanh()
    np.testing.assert_allclose(run.activations("relu:2", 0), tanh, atol=1e-6)
    np.testing.assert_allclose(
        run.activations("relu:2 (hidden)", 0), (tanh - 0.5).relu(), atol=1e-6
    )
    with gt.Recorder(
        model, tmp_path / "s", inputs=x, labels=np.arange(N) % K, layers=["last"], weights=True
    ) as rec:
        rec.record(0)
    assert set(gt.open_run(tmp_path / "s").weights(0)) == {"last.weight", "last.bias"}


@pytest.mark.parametrize(
    "name", ["a/b", "a:b", "μ-层 🧠", "x" * 4000, " ", '<b>"&', "a\nb", "\x00", "\ud800", "model"]
)
def test_any_name_that_torch_takes(tmp_path, name):
    model = named(name)
    _, run, x = record(tmp_path / "r", model)
    assert len(run.layers) == 4 and run.layers[1].name.encode("utf-8")
    run.check()
    np.testing.assert_allclose(
        run.activations(run.layers[1].name, 1), model[0](x).detach(), atol=1e-6
    )
    library = Library([run.path], Store(tmp_path / "cache"))
    assert announcements.announce(library, "r", run.layers[1].name)["p"] == D


def test_a_part_that_is_called_model(tmp_path):
    """Alone, a module is called "model" too, and its parameters have no prefix."""
    model = nn.Sequential(OrderedDict(model=nn.Linear(D, K)))
    _, run, x = record(tmp_path / "r", model, weights=True)
    assert list(run.weights(0)) == ["model.weight", "model.bias"]
    np.testing.assert_allclose(network_of(run).logits(x), model(x).detach(), atol=1e-6)
    alone = nn.Linear(D, K)
    _, run, x = record(tmp_path / "s", alone, weights=True)
    assert list(run.weights(0)) == ["weight", "bias"]
    np.testing.assert_allclose(network_of(run).logits(x), alone(x).detach(), atol=1e-6)
