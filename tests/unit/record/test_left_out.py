"""What is called and cannot be recorded is told, with the reason; what can be is recorded."""

import logging

import numpy as np
import pytest

import gt
from gt.kept.describe import describe
from gt.run import ShapeError

torch = pytest.importorskip("torch")
nn = torch.nn
N, T, D, K = 12, 5, 8, 3


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def data(*shape):
    return {"inputs": torch.randn(N, *shape), "labels": torch.arange(N) % K}


def record(path, model, given, **more):
    with gt.Recorder(model, path, **given, layers="all", **more) as rec:
        rec.record(0)
        rec.record(1)
    return rec, gt.open_run(path)


def names(run):
    return [one.name for one in run.layers]


class Attends(nn.Module):
    def __init__(self, batch_first):
        super().__init__()
        self.batch_first = batch_first
        self.attention = nn.MultiheadAttention(D, 2, batch_first=batch_first)
        self.head = nn.Linear(D, K)

    def forward(self, x):
        x = x if self.batch_first else x.transpose(0, 1)
        mixed, _ = self.attention(x, x, x)
        return self.head(mixed.mean(1 if self.batch_first else 0))


def test_attention_is_a_layer(tmp_path):
    """It calls none of the modules that it is made of, and was passed over for that."""
    model, given = Attends(batch_first=True), data(T, D)
    rec, run = record(tmp_path / "r", model, given)
    assert names(run) == ["input", "attention", "/mean", "logits", "softmax"]
    assert rec.left_out == ()
    x = given["inputs"]
    expected = model.attention(x, x, x)[0].detach()
    np.testing.assert_allclose(run.activations("attention", 0), expected, atol=2e-3)


@pytest.mark.parametrize("length", [5, 3, 2, N])
def test_points_are_found_whatever_axis_they_are(tmp_path, length):
    """Three moments are not three points, whatever the probe's number of points is."""
    model, given = Attends(batch_first=False), data(length, D)
    rec, run = record(tmp_path / "r", model, given, batch_size=4)
    assert names(run) == ["input", "attention", "/mean", "logits", "softmax"]
    assert rec.left_out == () and run.layer("attention").shape == (length, D)
    x = given["inputs"].transpose(0, 1)
    expected = model.attention(x, x, x)[0].transpose(0, 1).detach()
    np.testing.assert_allclose(run.activations("attention", 0), expected, atol=2e-3)


class Table(nn.Module):
    """One of its layers says something about all points at once."""

    def __init__(self):
        super().__init__()
        self.code, self.table, self.head = nn.Linear(D, D), Gives(), nn.Linear(D, K)

    def forward(self, x):
        x = self.code(x)
        self.table(x.T @ x)
        return self.head(x)


def test_what_has_no_row_for_each_point_is_left_out_with_a_word(tmp_path, caplog):
    with caplog.at_level(logging.WARNING):
        rec, run = record(tmp_path / "r", Table(), data(D), batch_size=4)
    assert names(run) == ["input", "code", "logits", "softmax"]
    left = rec.left_out[0]
    assert left.name == "table" and left.kind == "Gives"
    assert f"no row for each point: shape ({D}, {D})" in left.reason
    assert caplog.text.count("left out of the recording: table (Gives)") == 1
    assert run.made["left_out"] == [one._asdict() for one in rec.left_out]
    told = next(line for line in describe(run).splitlines() if "not recorded" in line)
    assert "table (Gives): its output has no row for each point" in told
    with pytest.raises(ShapeError, match="'table' must give a tensor with a row for each"):
        gt.Recorder(Table(), tmp_path / "s", **data(D), layers=["table"])


class Encoder(nn.Module):
    def __init__(self, batch_first, padded=0):
        super().__init__()
        self.batch_first, self.padded = batch_first, padded
        one = nn.TransformerEncoderLayer(D, 2, 2 * D, batch_first=batch_first)
        self.body, self.head = (
            nn.TransformerEncoder(one, 2, enable_nested_tensor=batch_first),
            nn.Linear(D, K),
        )

    def forward(self, x):
        mask = (torch.arange(T) >= T - self.padded).expand(len(x), T) if self.padded else None
        x = x if self.batch_first else x.transpose(0, 1)
        x = self.body(x, src_key_padding_mask=mask)
        return self.head(x.mean(1 if self.batch_first else 0))


def test_both_orders_of_an_encoder_are_recorded_alike(tmp_path):
    first, second = Encoder(batch_first=False), Encoder(batch_first=True)
    second.load_state_dict(first.state_dict())
    given = data(T, D)
    runs = [
        record(tmp_path / str(i), model, given, dtype="float32")[1]
        for i, model in enumerate((first, second))
    ]
    assert names(runs[0]) == names(runs[1]) and "body.layers.0/add" in names(runs[0])
    for layer in runs[0].layers:
        assert layer.shape == runs[1].layer(layer.name).shape
        here, there = (run.activations(layer.name, 0) for run in runs)
        np.testing.assert_allclose(here, there, atol=1e-5, err_msg=layer.name)


@pytest.mark.parametrize("padded", [0, 2])
def test_an_encoder_is_recorded_as_it_trains(tmp_path, caplog, padded):
    """In evaluation torch goes around its modules, with padding through nested tensors."""
    model, given = Encoder(batch_first=True, padded=padded), data(T, D)
    fast = torch.backends.mha.get_fastpath_enabled()
    rec, run = record(tmp_path / "r", model.train(), given, dtype="float32")
    assert torch.backends.mha.get_fastpath_enabled() == fast and rec.left_out == ()
    assert "body.layers.1.linear2" in names(run) and "body.layers.0.self_attn" in names(run)
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
        if isinstance(module, nn.MultiheadAttention):
            module.dropout = 0.0
    expected = model(given["inputs"]).detach()  # in training
    np.testing.assert_allclose(run.activations("logits", 0), expected, atol=1e-5)
    said = "torch's fast path for attention, which a model in evaluation mode takes"
    assert (said in caplog.text) == bool(padded)
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        caplog.clear()
        record(tmp_path / "s", model, given)
        assert not torch.backends.mha.get_fastpath_enabled() and "fast path" not in caplog.text
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)


class Packed(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.head = nn.LSTM(D, 6, batch_first=True), nn.Linear(6, K)
        self.unused = nn.Dropout()

    def forward(self, x):
        lengths = torch.arange(len(x)) % T + 1
        packed = nn.utils.rnn.pack_padded_sequence(
            x, lengths, batch_first=True, enforce_sorted=False
        )
        return self.head(self.rnn(packed)[1][0][-1])


def test_a_packed_sequence_and_what_is_never_called(tmp_path):
    model, given = Packed(), data(T, D)
    rec, run = record(tmp_path / "r", model, given, dtype="float32")
    assert [tuple(one) for one in rec.left_out] == [
        ("unused", "Dropout", "it is not called in the forward pass"),
    ]
    got = run.activations("rnn", 0)
    assert got.shape == (N, T, 6)
    for i, length in enumerate(torch.arange(N) % T + 1):
        expected = model.rnn(given["inputs"][i : i + 1, :length])[0][0].detach()
        np.testing.assert_allclose(got[i, :length], expected, atol=1e-5)
        assert not got[i, length:].any()


class Odd(nn.Module):
    """Leaves that give what no layer can hold."""

    def __init__(self):
        super().__init__()
        for name in ("a", "b", "c", "d", "e"):
            setattr(self, name, Gives())
        self.head, self.blocks = nn.Linear(D, K), nn.ModuleList()

    def forward(self, x):
        self.a(torch.fft.fft(x))
        self.b({"x": x})
        self.c(x[:, :0])
        self.d(x.to_sparse())
        self.e(None)
        return self.head(x)


class Gives(nn.Module):
    def forward(self, x):
        return x


def test_what_no_layer_can_hold(tmp_path):
    rec, run = record(tmp_path / "r", Odd(), data(D))
    assert {one.name: one.reason for one in rec.left_out} == {
        "a": "it gives complex numbers",
        "b": "it gives a dict without a tensor",
        "c": "its output has no values",
        "d": "it gives a nested, sparse or quantized tensor",
        "e": "it gives a NoneType without a tensor",
    }
    run.check()


def test_all_that_can_be_is_recorded_without_a_word(tmp_path, caplog):
    model = nn.Sequential(nn.Linear(D, 4), nn.ReLU(), nn.Linear(4, K))
    rec, run = record(tmp_path / "r", model, data(D))
    assert rec.left_out == () and not rec.renamed and not caplog.records and not run.made


class Plain(nn.Sequential):
    def forward(self, x):
        return self[2](self[1](self[0](x)))


def mlp():
    return Plain(nn.Linear(D, 6), nn.ReLU(), nn.Linear(6, K))


def wholly(model, backend):
    return torch.compile(model, backend=backend)


def in_place(model, backend):
    model.compile(backend=backend)
    return model


def in_part(model, backend):
    model[0] = torch.compile(model[0], backend=backend)
    return model


@pytest.mark.parametrize("compiled", [wholly, in_place, in_part])
@pytest.mark.parametrize("warm", [False, True])
def test_a_compiled_model_is_recorded_as_it_was_written(tmp_path, compiled, warm):
    count = 0

    def backend(graph, inputs):
        nonlocal count
        count += 1
        return graph

    plain, given = mlp(), data(D)
    expected = plain[0](given["inputs"]).detach()
    torch._dynamo.reset()
    model = compiled(plain, backend)
    if warm:
        model(given["inputs"])
    before = count
    rec, run = record(tmp_path / "r", model, given, dtype="float32")
    assert count == before and rec.left_out == ()
    assert names(run) == ["input", "0", "1", "logits", "softmax"]
    assert list(run.weights(0)) == ["0.weight", "0.bias", "2.weight", "2.bias"]
    np.testing.assert_allclose(run.activations("0", 1), expected, atol=1e-6)
    model(given["inputs"])
    again = count
    model(given["inputs"])
    assert count == again > 0  # compiled as ever
    assert not warm or again == before
    with gt.Recorder(mlp(), tmp_path / "r", **given, layers="all", dtype="float32") as other:
        assert other.epochs == (0, 1)  # the same run, compiled or not


def test_computed_parameters_hide_no_layer(tmp_path):
    model, given = mlp(), data(D)
    model[0] = nn.utils.parametrizations.weight_norm(model[0])
    rec, run = record(tmp_path / "r", model, given)
    assert names(run) == ["input", "0", "1", "logits", "softmax"] and rec.left_out == ()
    assert run.layer("0").kind == "Linear"
    np.testing.assert_array_equal(run.weights(0)["0.weight"], model[0].weight.detach())


def test_weights_are_those_of_the_module_that_is_there(tmp_path):
    model, given = mlp(), data(D)
    with gt.Recorder(model, tmp_path / "r", **given, layers="all") as rec:
        rec.record(0)
        model[2] = nn.Linear(6, K)
        rec.record(1)
    run = gt.open_run(tmp_path / "r")
    np.testing.assert_array_equal(run.weights(1)["2.weight"], model[2].weight.detach())
