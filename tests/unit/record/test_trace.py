"""The graph of a network is what it ran, and what is recorded of it is what its calls gave."""

import numpy as np
import pytest

import gt

torch = pytest.importorskip("torch")
nn = torch.nn
F = torch.nn.functional

from gt.record.models import make_model  # noqa: E402
from tests.unit.record import traced  # noqa: E402

N = 12


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def tokens():
    found = torch.randint(1, 9, (N, 6))
    found[1::2, -2:] = 0  # padding
    found[2::3, -3:] = 0
    return found


NETWORKS = {
    "digits": (traced.Digits, lambda: torch.randn(N, 1, 12, 12)),
    "resnet": (traced.ResNet18, lambda: torch.randn(N, 3, 16, 16)),
    "encoder": (lambda: traced.Encoder(True), tokens),
    "sequence first": (lambda: traced.Encoder(False), tokens),
    "padded": (lambda: traced.Encoder(True, padded=True), tokens),
    "lstm": (traced.Recurrent, lambda: torch.randn(N, 5, 4)),
    "packed": (traced.PackedGRU, tokens),
    "attention": (traced.Attention, lambda: torch.randn(N, 5, 8)),
    "folded": (lambda: traced.Attention(fold=True), lambda: torch.randn(N, 5, 8)),
    "decides": (traced.Decides, lambda: torch.randn(N, 4)),
    "trunk": (traced.Trunk, lambda: torch.randn(N, 12)),
    "sides": (traced.Sides, lambda: torch.randn(N, 5)),
    "unet": (traced.UNet, lambda: torch.randn(N, 1, 8, 8)),
    "bert": (traced.bert, tokens),
    "gpt2": (traced.gpt2, tokens),
}


def record(path, model, inputs, layers="all", **given):
    given = {"classes": list("abc"), "dtype": "float32", "batch_size": 5, **given}
    with gt.Recorder(
        model, path, inputs=inputs, labels=torch.arange(len(inputs)) % 3, layers=layers, **given
    ) as rec:
        rec.record(0)
    return rec, gt.open_run(path)


def edges(graph):
    """What flows into each node, by names."""
    return {node.name: [graph.nodes[i].name for i in node.inputs] for node in graph.nodes}


@pytest.fixture
def made(request, tmp_path):
    network, inputs = NETWORKS[request.param]
    model, x = network(), inputs()
    rec, run = record(tmp_path / "r", model, x)
    return model.eval(), x, rec, run


def _outputs_of_modules(model, x):
    """What hooks see, by module and number of its call, as it was when it came."""
    seen, handles = {}, []
    for name, module in model.named_modules():

        def hook(module, args, output, name=name):
            first = output[0] if isinstance(output, tuple) else output
            number = 1 + sum(key[0] == name for key in seen)
            seen[name, number] = first.clone() if isinstance(first, torch.Tensor) else None

        handles.append(module.register_forward_hook(hook))
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with torch.no_grad():
            model(x)
    finally:
        torch.backends.mha.set_fastpath_enabled(True)
        for handle in handles:
            handle.remove()
    return seen


@pytest.mark.parametrize("made", NETWORKS, indirect=True)
def test_what_is_recorded_is_what_hooks_see(made):
    model, x, _, run = made
    seen, compared = _outputs_of_modules(model, x), 0
    for node in run.graph.nodes:
        if node.operation or node.kind == "Input" or node.layer in (None, "softmax"):
            continue
        expected = seen[node.module, node.call]
        if expected is None:
            continue  # packed, see below
        if len(expected) != N:  # sequence first
            expected = expected.transpose(0, 1)
        got = run.activations(node.layer, 0)
        np.testing.assert_allclose(got, expected, atol=1e-5, err_msg=node.name)
        compared += 1
    assert compared >= 2


@pytest.mark.parametrize("made", NETWORKS, indirect=True)
def test_a_graph_holds_what_the_output_depends_on(made):
    _, _, rec, run = made
    graph = run.graph
    assert not graph.chain and graph.nodes[0].kind == "Input" and graph.nodes[0].layer == "input"
    assert graph.nodes[graph.output].layer == "softmax"
    assert set(graph.of_layer) == {layer.name for layer in run.layers}
    assert all(graph.users[i] for i in range(len(graph.nodes)) if i != graph.output)
    assert all(node.layer or node.reason for node in graph.nodes)
    assert all(node.inputs for node in graph.nodes[1:])
    for node in graph.nodes:
        if node.layer is not None and node.kind not in ("Softmax", "LogSoftmax"):
            assert run.layer(node.layer).shape == node.shape
    told = {row.name for row in rec.plan()}
    assert told >= {node.name for node in graph.nodes}
    run.check()


def _computed(kind, a):
    """What a function gives of values, computed here; None where that is not known."""
    if len(a) == 2:
        both = {"Add": np.add, "Multiply": np.multiply, "Subtract": np.subtract}
        return (
            both[kind](*a) if kind in both else np.concatenate(a, 1) if kind == "Concat" else None
        )
    if kind == "Mean":
        return a[0].mean(1) if a[0].ndim == 3 else a[0].reshape(*a[0].shape[:2], -1).mean(2)
    by_value = {
        "ReLU": lambda x: np.maximum(x, 0),
        "Tanh": np.tanh,
        "Sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    }
    return by_value[kind](a[0]) if kind in by_value else None


@pytest.mark.parametrize("made", NETWORKS, indirect=True)
def test_additions_and_activations_are_what_flows_into_them_says(made):
    """Edges are right if each function gives what it gives of the values at their other ends."""
    _, _, _, run = made
    graph, tried = run.graph, 0
    for node in graph.nodes:
        inputs = [graph.nodes[i].layer for i in node.inputs]
        if node.layer is None or None in inputs or not node.operation or node.parameters:
            continue
        a = [run.activations(name, 0).astype(np.float64) for name in inputs]
        expected = _computed(node.kind, a)
        if expected is not None and node.layer not in ("logits", "softmax"):
            np.testing.assert_allclose(
                run.activations(node.layer, 0), expected, atol=1e-5, err_msg=node.name
            )
            tried += 1
    names = {node.kind for node in graph.nodes if node.operation}
    assert tried or not names & {"Add", "Subtract", "Concat", "Tanh"}


def test_the_example_for_digits(tmp_path):
    model, x = traced.Digits(), torch.randn(N, 1, 12, 12)
    rec, run = record(tmp_path / "r", model, x)
    graph = run.graph
    kinds = [(node.name, node.kind) for node in graph.nodes]
    assert kinds == [
        ("input", "Input"), ("conv1", "Conv2d"), ("/relu", "ReLU"), ("conv2", "Conv2d"), ("/relu:2", "ReLU"),
        ("/max_pool2d", "MaxPool2d"), ("dropout1", "Dropout"), ("/flatten", "Flatten"), ("fc1", "Linear"),
        ("/relu:3", "ReLU"), ("dropout2", "Dropout"), ("fc2", "Linear"), ("/log_softmax", "LogSoftmax"),
    ]  # fmt: skip
    assert all(node.inputs == (i,) for i, node in enumerate(graph.nodes[1:]))
    pool = graph.nodes[graph.at["/max_pool2d"]]
    assert pool.config == {
        "kernel_size": 2, "padding": 0, "dilation": 1, "ceil_mode": False
    }  # fmt: skip
    assert graph.nodes[graph.at["fc2"]].layer == "logits"
    assert graph.nodes[graph.at["fc1"]].parameters == {"weight": "fc1.weight", "bias": "fc1.bias"}
    assert rec.left_out == ()
    pooled = F.max_pool2d(F.relu(model.conv2(F.relu(model.conv1(x)))), 2).detach()
    np.testing.assert_allclose(run.activations("/max_pool2d", 0), pooled, atol=1e-5)


def test_blocks_of_a_resnet_in_place(tmp_path):
    _, run = record(tmp_path / "r", traced.ResNet18(), torch.randn(N, 3, 16, 16))
    into = edges(run.graph)
    assert into["layer1.0/add"] == ["layer1.0.bn2", "relu"]
    assert into["layer1.0.relu:2"] == ["layer1.0/add"]
    assert into["layer1.1/add"] == ["layer1.1.bn2", "layer1.0.relu:2"]
    assert into["layer2.0/add"] == ["layer2.0.bn2", "layer2.0.downsample.1"]
    assert into["layer2.0.downsample.0"] == into["layer2.0.conv1"] == ["layer1.1.relu:2"]
    assert sum(node.kind == "Add" for node in run.graph.nodes) == 8
    assert into["fc"] == ["/flatten"] and into["/flatten"] == ["avgpool"]


def test_both_orders_of_an_encoder_have_one_graph(tmp_path):
    graphs = []
    for first in (True, False):
        _, run = record(tmp_path / str(first), traced.Encoder(first), tokens())
        graphs.append(edges(run.graph))
    assert graphs[1].pop("/transpose") == ["/add"]
    assert graphs[1]["encoder.layers.0/add"] == ["/transpose", "encoder.layers.0.dropout1"]
    assert graphs[0]["encoder.layers.0/add"] == ["/add", "encoder.layers.0.dropout1"]
    assert list(graphs[0]) == list(graphs[1])
    assert graphs[0]["/add"] == ["embed"]


def test_attention_is_told_from_what_it_attends_to(tmp_path):
    _, run = record(tmp_path / "r", traced.Attention(), torch.randn(N, 5, 8))
    into = edges(run.graph)
    assert into["/softmax"] == ["/masked_fill"] and into["/masked_fill"] == ["/div"]
    assert into["/matmul"] == ["/transpose", "/transpose:4"]
    assert into["/matmul:2"] == ["/softmax", "/transpose:3"]
    assert into["/add"] == ["input", "out"]
    weights = run.activations("/softmax", 0)
    np.testing.assert_allclose(weights.sum(-1), 1, atol=1e-5)
    assert not np.triu(weights, 1).any()


def test_heads_that_are_folded_into_the_points_are_taken_apart(tmp_path):
    x, plain, folded = torch.randn(N, 5, 8), traced.Attention(), traced.Attention(fold=True)
    folded.load_state_dict(plain.state_dict())
    _, run = record(tmp_path / "plain", plain, x)
    rec, other = record(tmp_path / "folded", folded, x)
    for name in ("/matmul", "/softmax", "/matmul:2"):
        assert other.layer(name).shape == run.layer(name).shape
        np.testing.assert_allclose(other.activations(name, 0), run.activations(name, 0), atol=1e-5)
    row = next(row for row in rec.plan() if row.name == "/softmax")
    assert "2 of a point folded" in row.why


def test_packed_sequences_are_unpacked(tmp_path):
    model, x = traced.PackedGRU(), tokens()
    _, run = record(tmp_path / "r", model, x)
    got = run.activations("gru", 0)
    for i, row in enumerate(x):
        length = int((row != 0).sum())
        expected = model.gru(model.embed(row[:length])[None])[0][0].detach()
        np.testing.assert_allclose(got[i, :length], expected, atol=1e-5)
        assert not got[i, length:].any()


def test_ways_that_part_and_meet(tmp_path):
    model = traced.Sides()
    _, run = record(tmp_path / "r", model, torch.randn(N, 5))
    into = edges(run.graph)
    assert into["drop"] == ["left"] and into["/mul"] == ["drop", "/sigmoid"]
    assert into["/add"] == ["left", "right"]  # not what dropout handed on unchanged
    assert into["/cat"] == ["/mul", "/add"] and into["head"] == ["/cat"]


def test_an_autoencoder_and_a_u(tmp_path):
    _, run = record(tmp_path / "a", traced.Trunk(), torch.randn(N, 12))
    into = edges(run.graph)
    assert into["/sub"] == ["input", "decoder.2"] and into["/cat"] == ["encoder.2", "/sub"]
    _, run = record(tmp_path / "u", traced.UNet(), torch.randn(N, 1, 8, 8))
    into = edges(run.graph)
    assert into["/max_pool2d"] == ["down1.1"] and into["up"] == ["down2.1"]
    assert into["/cat"] == ["up", "down1.1"]


def test_a_decision_that_falls_otherwise_is_named(tmp_path):
    model, x = traced.Decides(), torch.randn(N, 4)
    with gt.Recorder(
        model, tmp_path / "r", inputs=x, labels=torch.arange(N) % 3, layers="all"
    ) as rec:
        rec.record(0)
        model.limit = 0.0
        with pytest.raises(
            gt.run.ShapeError, match=r"'/tanh' must be computed .* depends on values.*/bool"
        ):
            rec.record(1)
    run = gt.open_run(tmp_path / "r")
    assert [node.name for node in run.graph.nodes] == [
        "input", "first", "/tanh", "again", "/relu", "again:2", "/relu:2", "head", "softmax"
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["digits", "resnet", "bert"])
def test_names_are_the_same_whatever_the_batch(tmp_path, name):
    network, inputs = NETWORKS[name]
    model, x = network(), inputs()
    _, run = record(tmp_path / "a", model, x)
    _, other = record(tmp_path / "b", model, x, batch_size=1)
    assert run.graph == other.graph
    for layer in run.layers:
        np.testing.assert_allclose(
            run.activations(layer.name, 0), other.activations(layer.name, 0), atol=1e-5
        )


@pytest.mark.parametrize("backend", ["eager", "aot_eager"])
def test_a_compiled_network_has_the_same_graph(tmp_path, backend):
    model, x = traced.ResNet18(), torch.randn(N, 3, 16, 16)
    _, plain = record(tmp_path / "plain", model, x)
    torch._dynamo.reset()
    _, whole = record(tmp_path / "whole", torch.compile(model, backend=backend), x)
    model.layer2 = torch.compile(model.layer2, backend=backend)
    _, part = record(tmp_path / "part", model, x)
    assert plain.graph == whole.graph == part.graph


def test_a_chain_of_modules_is_recorded_as_ever(tmp_path):
    _, run = record(tmp_path / "r", make_model("mnist"), torch.randn(N, 1, 28, 28), classes=None)
    assert [layer.name for layer in run.layers] == [
        "input", "conv1", "pool1", "relu1", "conv2", "pool2", "relu2", "flatten", "linear1", "relu3", "linear2",
        "logits", "softmax",
    ]  # fmt: skip
    assert [node.layer for node in run.graph.nodes] == [layer.name for layer in run.layers]
    assert all(node.inputs == (i,) for i, node in enumerate(run.graph.nodes[1:]))


class Odd(nn.Module):
    """What nobody saw being made, what is changed in place through a view, and a constant."""

    def __init__(self):
        super().__init__()
        self.one, self.head = nn.Linear(4, 4), nn.Linear(4, 3)
        self.scale = torch.full((4,), 2.0)

    def forward(self, x):
        h = self.one(x)
        part = h[:, :2]
        part *= 3
        unseen = torch.from_numpy(h.detach().numpy().copy())
        return self.head(h * self.scale + unseen + torch.ones_like(h))


def test_what_nobody_saw_is_a_question_mark(tmp_path):
    model, x = Odd(), torch.randn(N, 4)
    _, run = record(tmp_path / "r", model, x)
    into = edges(run.graph)
    assert into["/mul:2"] == ["/mul"] and into["/mul"] == ["/getitem"]
    assert into["/add"] == ["/mul:2", "?"] and into["?"] == [] and into["/add:2"] == ["/add"]
    assert run.graph.nodes[run.graph.at["?"]].kind == "?"
    with torch.no_grad():
        h = model.one(x)
        h[:, :2] *= 3
    np.testing.assert_allclose(run.activations("/add", 0), 3 * h, atol=1e-5)


def test_a_model_that_is_a_function_of_its_parameters(tmp_path):
    class Own(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc, self.weight = nn.Linear(4, 5), nn.Parameter(torch.randn(3, 5))

        def forward(self, x):
            return F.linear(torch.relu(F.linear(x, self.fc.weight, self.fc.bias)), self.weight)

    model, x = Own(), torch.randn(N, 4)
    rec, run = record(tmp_path / "r", model, x)
    assert [(layer.name, layer.kind, layer.module) for layer in run.layers[1:]] == [
        ("/linear", "Linear", "fc"), ("/relu", "ReLU", None), ("logits", "Linear", None), ("softmax", "Softmax", None)
    ]  # fmt: skip
    assert rec.left_out == () and "fc.weight" in run.weights(0)
    assert run.graph.nodes[3].parameters == {"weight": "weight"}
    assert run.layer("/linear").config == {"in_features": 4, "out_features": 5}
