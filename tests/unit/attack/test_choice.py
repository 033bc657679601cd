"""A network built again from a run, or from a file, gives what was recorded, or is refused with the reason."""

import json
import subprocess
import sys

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from gt.kept.ship import ship_run
from gt.run import NewerVersionError, RunError, open_run

torch = pytest.importorskip("torch")
nn = torch.nn
attackable = pytest.importorskip("tests.attackable")
one_thread = attackable.one_thread
from gt.record.network_file import save_weights  # noqa: E402
from gt.record.network_of import FILE, network_of  # noqa: E402
from gt.record.pixels import Pixels, pixels_of  # noqa: E402
from gt.record.stored_network import load_network  # noqa: E402


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return attackable.record(tmp_path_factory.mktemp("network") / "shapes")


def logits(run, network):
    return network.logits(network.inputs_of(run.images))


def test_it_gives_the_recorded_outputs_of_each_epoch(run):
    for epoch in (0, 1):
        network = network_of(run, epoch)
        assert (network.epoch, network.shape, network.classes) == (epoch, (1, 8, 8), run.classes)
        np.testing.assert_allclose(
            logits(run, network), run.activations("logits", epoch), atol=1e-4
        )
    assert network_of(run).epoch == 1
    assert not np.allclose(run.activations("logits", 0), run.activations("logits", 1), atol=0.1)
    assert [name for name, _ in network.model.named_parameters()] == [
        w.name for w in run.weight_list
    ]


def test_how_images_become_inputs_is_found(run, tmp_path):
    found = pixels_of(run)
    np.testing.assert_allclose(
        [*found.mean, *found.std], [attackable.MEAN, attackable.STD], rtol=1e-5
    )
    coarse = attackable.record(tmp_path / "coarse", dtype="float16", steps=1)
    found = pixels_of(coarse)
    np.testing.assert_allclose(
        [*found.mean, *found.std], [attackable.MEAN, attackable.STD], rtol=1e-3
    )
    strange = attackable.record(
        tmp_path / "strange", steps=1, images=attackable.pictures(seed=5)[0]
    )
    assert pixels_of(strange) is None
    known = attackable.record(tmp_path / "known", steps=1, made={"recipe": {"dataset": "cifar10"}})
    assert pixels_of(known).mean == (0.4914, 0.4822, 0.4465)


def test_pixels_are_shifted_scaled_and_put_in_order():
    images = np.arange(24, dtype=np.uint8).reshape(1, 2, 4, 3) * 10
    pixels = Pixels((0.1, 0.2, 0.3), (0.5, 0.25, 1.0))
    x = pixels.inputs(images, (3, 2, 4))
    assert x.shape == (1, 3, 2, 4)
    np.testing.assert_allclose(x[0, 1, 1, 2], (images[0, 1, 2, 1] / 255 - 0.2) / 0.25, rtol=1e-6)
    assert torch.equal(pixels.inputs(images, (24,)), x.reshape(1, 24))
    low, high = pixels.bounds((2, 4), (3, 2, 4))
    np.testing.assert_allclose([low[1, 0, 0], high[1, 0, 0]], [-0.8, 3.2], rtol=1e-6)
    for mean, std in (((0.1,), (0.0,)), ((0.1, 0.2), (1.0,)), ((float("nan"),), (1.0,)), ((), ())):
        with pytest.raises(RunError, match="mean and std must be"):
            Pixels(mean, std)
    with pytest.raises(RunError, match=r"\(n, h, w, 3\)"):
        pixels.inputs(images[..., :1], (3, 2, 4))


class Nested(nn.Module):
    """Modules in modules, one ReLU for all, flattened by hand, ending in a softmax."""

    def __init__(self):
        super().__init__()
        self.relu = nn.ReLU()
        self.body = nn.Sequential(nn.Conv2d(1, 3, 3, stride=2), nn.AvgPool2d(2, ceil_mode=True))
        self.head = nn.Sequential(nn.Linear(12, 6), nn.LeakyReLU(0.3), nn.Linear(6, 3, bias=False))
        self.end = nn.Softmax(1)

    def forward(self, x):
        return self.end(self.head(self.relu(self.relu(self.body(x)).flatten(1))))


def test_nested_and_repeated_modules_keep_their_names(tmp_path):
    torch.manual_seed(0)
    run = attackable.record(tmp_path / "r", Nested(), steps=3)
    network = network_of(run)
    np.testing.assert_allclose(logits(run, network), run.activations("logits", 1), atol=1e-4)
    assert [part.name for part in network.model.parts].count("relu") == 2
    assert set(dict(network.model.named_parameters())) == {w.name for w in run.weight_list}


def test_a_normalisation_is_found_by_what_it_did(tmp_path):
    run = attackable.record(tmp_path / "r", attackable.make(norm=True))
    np.testing.assert_allclose(
        logits(run, network_of(run)), run.activations("logits", 1), atol=2e-4
    )
    again = load_network(save_weights(run, tmp_path / "n.safetensors"))
    np.testing.assert_array_equal(logits(run, again), logits(run, network_of(run)))


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.flat, self.one, self.two = nn.Flatten(), nn.Linear(64, 64), nn.Linear(64, 3)

    def forward(self, x):
        x = self.flat(x)
        return self.two(x + self.one(x))


class Reversed(Residual):
    def forward(self, x):
        return self.two(self.one(self.flat(x)).flip(1))


def test_what_is_no_chain_of_known_layers_is_refused(run, tmp_path):
    torch.manual_seed(0)
    residual = attackable.record(tmp_path / "residual", Residual(), steps=1)
    with pytest.raises(RunError, match="'/add' must be of a kind that can be built again"):
        network_of(residual)
    turned = attackable.record(tmp_path / "turned", Reversed(), steps=1)
    with pytest.raises(
        RunError, match=r"must give the outputs recorded for epoch 1, it is off by \d"
    ):
        network_of(turned)


def test_a_chain_of_functions_is_built_again(tmp_path):
    class Functional(Residual):
        def forward(self, x):
            x = nn.functional.relu(self.one(torch.flatten(x, 1)))
            return self.two(torch.tanh(x))

    torch.manual_seed(0)
    run = attackable.record(tmp_path / "r", Functional(), steps=1)
    assert [one.name for one in run.layers] == [
        "input", "one", "/relu", "/tanh", "logits", "softmax"
    ]  # fmt: skip
    np.testing.assert_allclose(
        logits(run, network_of(run)), run.activations("logits", 1), atol=1e-5
    )


def test_what_cannot_be_built_is_refused(tmp_path, run):
    torch.manual_seed(0)
    strange = nn.Sequential(nn.Flatten(), nn.Linear(64, 6), nn.GLU(), nn.Linear(3, 3))
    with pytest.raises(
        RunError, match="layer '2' must be of a kind that can be built again, it is GLU"
    ):
        network_of(attackable.record(tmp_path / "glu", strange, steps=1))
    outputs = attackable.record(tmp_path / "outputs", layers="outputs", steps=1)
    with pytest.raises(
        RunError, match="must hold weights, it does not; record it with --layers all"
    ):
        network_of(outputs)
    some = attackable.record(tmp_path / "some", layers=["linear1"], steps=1)
    with pytest.raises(RunError, match="must hold its input and all other layers"):
        network_of(some)
    with pytest.raises(RunError, match=r"epoch index must be in -2\.\.1, got 2"):
        network_of(run, 2)


def test_a_file_of_weights_comes_back_and_serves_a_run_without(run, tmp_path):
    file = save_weights(run, tmp_path / "deep" / "n.safetensors")
    network, again = network_of(run), load_network(file)
    assert (again.epoch, again.uid, again.shape, again.classes) == (
        1,
        run.uid,
        (1, 8, 8),
        run.classes,
    )
    assert again.pixels == network.pixels and again.model.parts == network.model.parts
    np.testing.assert_array_equal(logits(run, again), logits(run, network))
    assert [p.name for p in file.parent.iterdir()] == [file.name]
    small = attackable.record(tmp_path / "small", layers="outputs")
    with pytest.raises(RunError, match="must hold weights"):
        network_of(small)
    given = network_of(small, weights=file)
    assert (given.epoch, given.uid) == (1, small.uid)
    save_weights(run, small.path / FILE)
    np.testing.assert_array_equal(logits(run, network_of(small)), logits(run, network))
    shipped = ship_run(small.path, tmp_path / "shipped")
    assert network_of(shipped, weights=file).epoch == 1  # 16 bits of each output were kept


def test_a_file_of_another_network_is_refused(run, tmp_path):
    file = save_weights(run, tmp_path / "n.safetensors")
    other = attackable.record(tmp_path / "other", layers="outputs", steps=5)
    with pytest.raises(RunError, match="must give the outputs recorded for epoch 1"):
        network_of(other, weights=file)
    named = attackable.record(
        tmp_path / "named", layers="outputs", steps=1, classes=("a", "b", "c")
    )
    with pytest.raises(RunError, match="it has bar, cross, blank"):
        network_of(named, weights=file)


def rewritten(file, weights=None, **note):
    """A copy of a file of weights with other contents."""
    from safetensors import safe_open

    with safe_open(file, framework="numpy") as opened:
        old = opened.metadata()
    path = file.with_name("changed.safetensors")
    save_file(load_file(file) if weights is None else weights, path, metadata={**old, **note})
    return path


def test_files_that_are_no_network_say_so(run, tmp_path):
    file = save_weights(run, tmp_path / "n.safetensors")
    with pytest.raises(RunError, match="there is none"):
        load_network(tmp_path / "nix")
    (tmp_path / "bad").write_bytes(file.read_bytes()[:-20])
    with pytest.raises(RunError, match="not or is damaged"):
        load_network(tmp_path / "bad")
    torch.save({"weight": torch.zeros(2)}, tmp_path / "pickle.pt")
    with pytest.raises(RunError, match="must be a safetensors file"):
        load_network(tmp_path / "pickle.pt")
    save_file({"w": np.zeros(2, np.float32)}, tmp_path / "foreign")
    with pytest.raises(RunError, match="must say in its header"):
        load_network(tmp_path / "foreign")
    with pytest.raises(NewerVersionError, match="version 7"):
        load_network(rewritten(file, version="7"))
    for network in ("{", "[]", "{}", json.dumps({"layers": 3})):
        with pytest.raises(RunError, match="it is damaged"):
            load_network(rewritten(file, network=network))
    weights = load_file(file)
    for changed, text in (
        ({k: v for k, v in weights.items() if k != "conv.weight"}, "conv.weight must be among"),
        ({**weights, "more": np.zeros(1, np.float32)}, "more belong to no layer"),
        (
            {**weights, "conv.bias": np.zeros(9, np.float32)},
            r"conv.bias must have shape \(4,\), got \(9,\)",
        ),
        ({**weights, "conv.bias": np.full(4, np.nan, np.float32)}, "must hold finite numbers"),
    ):
        with pytest.raises(RunError, match=text):
            load_network(rewritten(file, changed))


def test_reading_an_attack_needs_no_torch():
    code = "import sys, gt.kept.attack; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert subprocess.run(
        [sys.executable, "-c", code.replace("gt.kept.attack", "torch")]
    ).returncode


def test_open_run_is_not_disturbed_by_the_file(run, tmp_path):
    small = attackable.record(tmp_path / "small", layers="outputs", steps=1)
    (small.path / FILE).write_bytes(b"damaged")
    assert open_run(small.path).n == attackable.N
    with pytest.raises(RunError, match="damaged"):
        network_of(small)
