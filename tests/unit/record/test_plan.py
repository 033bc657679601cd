"""What will be recorded is known, chosen and weighed before anything is written."""

import numpy as np
import pytest

import gt
from gt.run import RunError

torch = pytest.importorskip("torch")
nn = torch.nn

from gt.record import planning  # noqa: E402
from tests.unit.record import traced  # noqa: E402

N = 12


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def images():
    return torch.randn(N, 3, 16, 16)


def tokens():
    return torch.randint(1, 9, (N, 6))


def record(path, model, inputs, **given):
    given = {"classes": list("abc"), "dtype": "float32", "batch_size": 5, **given}
    with gt.Recorder(
        model, path, inputs=inputs, labels=torch.arange(len(inputs)) % 3, **given
    ) as r:
        r.record(0)
    return r, gt.open_run(path)


def recorded(model, inputs, **given):
    return [row.recorded for row in gt.record.plan(model, inputs, **given) if row.recorded]


def test_a_plan_is_what_a_recording_then_is(tmp_path):
    model, x = traced.Digits(), torch.randn(N, 1, 12, 12)
    given = {"layers": "all", "dtype": "float32", "epochs": 7}
    plan = gt.record.plan(model, x, **given)
    rec, run = record(tmp_path / "r", model, x, **given)
    assert plan.rows == rec.plan().rows and plan.total_bytes == rec.plan().total_bytes
    assert {row.recorded for row in plan if row.recorded} == {one.name for one in run.layers}
    stored = [one for one in run.layers if one.array and not one.constant]
    values = sum(run.activations(one.name, 0).nbytes for one in stored)
    weights = sum(value.nbytes for value in run.weights(0).values())
    assert plan.epoch_bytes == values + weights and plan.weights == weights
    assert plan.once == run.activations("input", 0).nbytes
    assert plan.total_bytes == plan.once + 7 * plan.epoch_bytes


def test_a_table_says_everything(tmp_path):
    text = str(gt.record.plan(traced.Digits(), torch.randn(N, 1, 12, 12), epochs=100))
    assert text == repr(gt.record.plan(traced.Digits(), torch.randn(N, 1, 12, 12), epochs=100))
    lines = {line.split()[0]: line for line in text.splitlines() if line}
    assert "only rearranges" in lines["/flatten"] and "  -  " in lines["/flatten"]
    assert "as 'logits'" in lines["fc2"] and "computed from logits" in lines["/log_softmax"]
    assert "4 × 10 × 10    9.6 kB" in lines["conv1"]
    assert "100 epochs: " in text and "of 20 GB" in text
    open_ended = str(gt.record.plan(traced.Digits(), torch.randn(N, 1, 12, 12)))
    assert "How many epochs come was not said (epochs=...): each adds as much" in open_ended
    assert not list(tmp_path.iterdir())


def test_nothing_is_left_out_silently():
    model = traced.bert()
    model.spare = nn.Linear(2, 2)
    rows = gt.record.plan(model, tokens(), layers="outputs").rows
    assert all(row.why for row in rows if not row.recorded)
    named = {row.name: row.why for row in rows}
    assert named["spare"] == "it is not called in the forward pass"
    assert named["model.bert.embeddings.position_embeddings"] == "it is the same for all points"
    called = {name for name, m in model.named_modules() if not list(m.children()) and name}
    assert called <= set(named)


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        (["layer1.0"], ["layer1.0"]),
        (["layer1.*.conv?"], ["layer1.0.conv1", "layer1.0.conv2", "layer1.1.conv1", "layer1.1.conv2"]),
        (["*/add"], [f"layer{i}.{j}/add" for i in (1, 2, 3, 4) for j in (0, 1)]),
        (["Add", "avgpool"], [*(f"layer{i}.{j}/add" for i in (1, 2, 3, 4) for j in (0, 1)), "avgpool"]),
        (nn.AdaptiveAvgPool2d, ["avgpool"]),
        ([lambda call: call.shape == (8, 8, 8) and call.kind == "Conv2d"],
         ["layer2.0.conv1", "layer2.0.conv2", "layer2.0.downsample.0", "layer2.1.conv1", "layer2.1.conv2"]),
        ("blocks", [f"layer{i}.{j}" for i in (1, 2, 3, 4) for j in (0, 1)]),
        (["/flatten"], ["/flatten"]),
        ("outputs", []),
    ],
)  # fmt: skip
def test_layers_are_chosen_in_many_ways(layers, expected):
    found = recorded(traced.ResNet18(), images(), layers=layers)
    assert found == [*expected, "logits", "softmax"]


def test_a_module_is_chosen_by_itself(tmp_path):
    model = traced.ResNet18()
    _, run = record(tmp_path / "r", model, images(), layers=model.layer2[1])
    assert [one.name for one in run.layers] == ["layer2.1", "logits", "softmax"]
    assert run.graph.nodes[run.graph.of_layer["layer2.1"]].name == "layer2.1.relu:2"
    assert recorded(model, images(), layers=[model.relu, "fc"])[0] == "relu"


@pytest.mark.parametrize(
    ("make", "inputs", "expected"),
    [
        (traced.bert, tokens, ["model.bert.encoder.layer.0", "model.bert.encoder.layer.1"]),
        (traced.gpt2, tokens, ["model.transformer.h.0", "model.transformer.h.1"]),
        (lambda: traced.Encoder(False), tokens, ["encoder.layers.0", "encoder.layers.1"]),
        (traced.UNet, lambda: torch.randn(N, 1, 8, 8), ["down1", "down2", "join"]),
    ],
)
def test_blocks_are_what_comes_again(make, inputs, expected):
    assert recorded(make(), inputs(), layers="blocks") == [*expected, "logits", "softmax"]


def test_a_network_without_blocks_is_recorded_wholly():
    found = recorded(traced.Trunk(), torch.randn(N, 12), layers="all")
    plain = nn.Sequential(nn.Linear(12, 4), nn.ReLU(), nn.Linear(4, 3))
    assert recorded(plain, torch.randn(N, 12), layers="blocks") == ["0", "1", "logits", "softmax"]
    assert "/cat" in found


def test_all_up_to_a_size_and_blocks_above_it(monkeypatch):
    model = traced.ResNet18()
    small = gt.record.plan(model, images())
    assert '(layers="all")' in str(small)
    monkeypatch.setattr(planning, "AUTO_BYTES", small.epoch_bytes - 1)
    assert '(layers="blocks")' in str(gt.record.plan(model, images()))


@pytest.mark.parametrize(
    ("layers", "text"),
    [
        (["relu9"], 'no module "relu9"'),
        (["layer9.*"], r"layer 'layer9.\*' must be called in the forward pass, it was not; called were"),
        (["/relu"], "layer '/relu' must be called"),
        ([nn.ReLU()], "must be called in the forward pass"),
        ([3], "layers must be names, patterns, classes, modules or functions"),
        ("every", 'layers must be "outputs", "all", "blocks", "auto" or a list of names'),
    ],
)  # fmt: skip
def test_what_is_not_there_cannot_be_chosen(layers, text):
    with pytest.raises(RunError, match=text):
        gt.record.plan(traced.ResNet18(), images(), layers=layers)


def test_a_plan_that_is_too_large_is_refused_with_a_smaller_one(tmp_path):
    model, x = traced.ResNet18(), images()
    every = {word: gt.record.plan(model, x, layers=word, epochs=50) for word in ("all", "blocks")}
    between = (every["all"].total_bytes + every["blocks"].total_bytes) // 2
    with pytest.raises(
        RunError, match=r'at most .* \(max_bytes\), .* in 50 epochs: .* layers="blocks" would take'
    ):
        record(
            tmp_path / "r", model, x, layers="all", epochs=50, max_bytes=between, dtype="float16"
        )
    assert not list(tmp_path.iterdir())
    with pytest.raises(RunError, match=r'in one epoch: .* layers="outputs" would take'):
        record(tmp_path / "r", model, x, layers="all", max_bytes=10_000)
    with pytest.raises(RunError, match="fewer points or epochs would fit"):
        record(tmp_path / "r", model, x, layers="outputs", epochs=10**6, max_bytes=10_000)
    record(tmp_path / "r", model, x, layers="blocks", epochs=50, max_bytes=between, dtype="float16")


class Tokens(nn.Module):
    def __init__(self, pool):
        super().__init__()
        self.embed, self.body = nn.Embedding(9, 8), nn.Linear(8, 8)
        self.head, self.pool = nn.Linear(8, 3), pool

    def forward(self, x):
        return self.head(self.pool(self.body(self.embed(x))))


@pytest.mark.parametrize(
    ("how", "of"),
    [
        ("mean", lambda x: x.mean(1)),
        ("last", lambda x: x[:, -1]),
        ("cls", lambda x: x[:, 0]),
        ("token=2", lambda x: x[:, 2]),
        ("token=-2", lambda x: x[:, -2]),
        ("flatten", lambda x: x),
    ],
)
def test_tokens_become_coordinates_as_one_says(tmp_path, how, of):
    model, x = Tokens(lambda h: h.mean(1)), tokens()
    rec, run = record(tmp_path / "r", model, x, layers="all", axes={"*": "mean", "body": how})
    with torch.no_grad():
        embedded = model.embed(x)
        body = model.body(embedded)
    np.testing.assert_allclose(run.activations("body", 0), of(body), atol=1e-6)
    np.testing.assert_allclose(run.activations("embed", 0), embedded.mean(1), atol=1e-6)
    assert run.layer("body").config.get("axes", "flatten") == how
    row = next(row for row in rec.plan() if row.name == "body")
    assert (f"{how} of (6, 8)" in row.why) == (how != "flatten")
    run.check()


@pytest.mark.parametrize(
    ("how", "of"),
    [
        ("cls", lambda x: x[:, :, 0]),
        ("last", lambda x: x[:, :, -1]),
        ("token=3", lambda x: x[:, :, 3]),
        ("mean", lambda x: x.mean(2)),
    ],
)
def test_tokens_of_an_attention_lie_behind_its_heads(tmp_path, how, of):
    class Heads(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed, self.head = nn.Embedding(9, 8), nn.Linear(8, 3)

        def heads(self, x):
            h = self.embed(x).unflatten(2, (2, 4)).transpose(1, 2)
            return nn.functional.scaled_dot_product_attention(h, h, h)

        def forward(self, x):
            return self.head(self.heads(x).transpose(1, 2).flatten(2).mean(1))

    name = "/scaled_dot_product_attention"
    model, x = Heads(), tokens()
    rec, run = record(tmp_path / "r", model, x, layers="all", axes={"*": how})
    with torch.no_grad():
        expected = of(model.heads(x))
    assert run.layer(name).shape == (2, 4)
    np.testing.assert_allclose(run.activations(name, 0), expected, atol=1e-6)
    row = next(row for row in rec.plan() if row.name == name)
    assert f"{how} of axis 1 of (2, 6, 4)" in row.why
    with pytest.raises(RunError, match="must name one of its 6 tokens"):
        gt.record.plan(model, x, layers="all", axes={name: "token=6"})


@pytest.mark.parametrize("how", ["middle", "token=x", "token=", 3])
def test_axes_that_are_none(tmp_path, how):
    with pytest.raises(RunError, match="axes of 'body' must be one of flatten, mean, last, cls"):
        gt.record.plan(Tokens(lambda h: h.mean(1)), tokens(), axes={"body": how})


def test_a_token_that_is_not_there():
    with pytest.raises(RunError, match="axes of 'body' must name one of its 6 tokens"):
        gt.record.plan(
            Tokens(lambda h: h.mean(1)), tokens(), layers="all", axes={"body": "token=6"}
        )


@pytest.mark.parametrize(
    ("pool", "how"),
    [
        (lambda h: h.mean(1), "mean"),
        (lambda h: h[:, 0], "cls"),
        (lambda h: h[:, -1], "last"),
        (lambda h: h[:, 700], "token=700"),
        (lambda h: h.amax(1), "mean"),
    ],
)
def test_too_many_tokens_are_taken_as_the_network_takes_them(pool, how):
    plan = gt.record.plan(Tokens(pool), torch.randint(0, 9, (N, 1000)), layers="all")
    row = next(row for row in plan if row.name == "embed")
    assert row.shape == (8,)
    assert row.why == f"{how} of (1000, 8) (by default, 8,000 values are more than 4,096)"


def test_the_last_of_a_packed_sequence_is_its_own_last(tmp_path):
    model, x = traced.PackedGRU(), tokens()
    x[1::2, 3:] = 0
    for how in ("last", "mean"):
        _, run = record(tmp_path / how, model, x, layers=["gru"], axes={"GRU": how})
        for i, row in enumerate(x):
            length = int((row != 0).sum())
            alone = model.gru(model.embed(row[:length])[None])[0][0].detach()
            expected = alone[-1] if how == "last" else alone.mean(0)
            np.testing.assert_allclose(run.activations("gru", 0)[i], expected, atol=1e-5)


def test_channels_are_averaged_over_what_lies_behind(tmp_path):
    model, x = traced.Digits(), torch.randn(N, 1, 12, 12)
    _, run = record(tmp_path / "r", model, x, layers="all", axes={"Conv2d": "mean"})
    expected = model.conv1(x).mean((2, 3)).detach()
    np.testing.assert_allclose(run.activations("conv1", 0), expected, atol=1e-5)
    assert run.layer("/relu").shape == (4, 10, 10)


class Mixes(nn.Module):
    """A normalisation by the batch, also in evaluation."""

    def __init__(self):
        super().__init__()
        self.body, self.norm = nn.Linear(4, 5), nn.BatchNorm1d(5, track_running_stats=False)
        self.head = nn.Linear(5, 3)

    def forward(self, x):
        return self.head(self.norm(self.body(x)))


def test_a_layer_that_mixes_points_is_told():
    why = {row.name: row.why for row in gt.record.plan(Mixes(), torch.randn(N, 4))}
    assert "depends on the other points" in why["norm"] and not why["body"]
    assert "depends on the other points" in why["head"]


def test_points_against_points_are_no_layer(tmp_path):
    class Alike(nn.Module):
        def __init__(self):
            super().__init__()
            self.body, self.head = nn.Linear(4, 4), nn.Linear(4, 3)

        def forward(self, x):
            h = self.body(x)
            return self.head((h @ h.T).softmax(1) @ h)

    rec, run = record(tmp_path / "r", Alike(), torch.randn(N, 4), layers="all", batch_size=N)
    reasons = {one.name: one.reason for one in rec.left_out}
    assert reasons["/matmul"] == "it relates points to each other: shape (3, 3) for 3 points"
    assert [one.name for one in run.layers] == ["input", "body", "/matmul:2", "logits", "softmax"]


@pytest.mark.parametrize("first", [True, False])
def test_weights_of_an_attention_are_kept_where_they_are_asked_for(tmp_path, first):
    model, x = traced.Encoder(first, padded=first), tokens()
    x[1::2, 3:] = 0
    plan = gt.record.plan(model, x, layers="all")
    row = next(row for row in plan if row.name == "encoder.layers.0.self_attn/weights")
    assert not row.recorded and row.shape == (2, 6, 6) and "asked for by name" in row.why
    _, run = record(
        tmp_path / "r", model, x, layers=["*.self_attn", "encoder.layers.?.self_attn/weights"]
    )
    assert [one.name for one in run.layers][:2] == [
        "encoder.layers.0.self_attn", "encoder.layers.0.self_attn/weights"
    ]  # fmt: skip
    model.eval()
    with torch.no_grad():
        h = model.embed(x) + model.positions
        h = h if first else h.transpose(0, 1)
        expected = model.encoder.layers[0].self_attn(
            h, h, h, key_padding_mask=x == 0 if first else None, average_attn_weights=False
        )[1]
    got = run.activations("encoder.layers.0.self_attn/weights", 0)
    np.testing.assert_allclose(got, expected, atol=1e-5)
    node = run.graph.nodes[run.graph.of_layer["encoder.layers.0.self_attn/weights"]]
    assert node.kind == "AttentionWeights"
    run.check()


def test_weights_of_the_function_are_those_that_a_library_gives(tmp_path):
    model, x = traced.bert(), tokens()
    x[1::2, 3:] = 0
    name = "model.bert.encoder.layer.1.attention.self/scaled_dot_product_attention/weights"
    _, run = record(tmp_path / "r", model, x, layers=[name])
    inner = model.eval().model
    inner.set_attn_implementation("eager")
    with torch.no_grad():
        expected = inner(x, attention_mask=(x != 0).long(), output_attentions=True).attentions[1]
    np.testing.assert_allclose(run.activations(name, 0), expected, atol=1e-5)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"max_bytes": "2 GB"}, "max_bytes must be a number of bytes, more than 0 .*, got '2 GB'"),
        ({"max_bytes": 0}, "max_bytes must be a number of bytes, more than 0 .*, got 0"),
        (
            {"max_bytes": float("nan")},
            "max_bytes must be a number of bytes, more than 0 .*, got nan",
        ),
        ({"epochs": -3}, "epochs must be a whole number, 1 or more, or None, got -3"),
        ({"epochs": 2.5}, "epochs must be a whole number, 1 or more, or None, got 2.5"),
        ({"axes": {"lstm": "last"}}, "axes must name layers, .*, 'lstm' fits none of 0, 1, 2"),
    ],
)
def test_what_cannot_be_weighed_or_fits_nothing_is_refused(tmp_path, given, said):
    model = nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 3))
    with pytest.raises(RunError, match=said):
        gt.record.plan(model, torch.randn(N, 4), **given)
    with pytest.raises(RunError, match=said):
        record(tmp_path / "r", model, torch.randn(N, 4), **given)
    assert not (tmp_path / "r").exists()


def test_what_is_no_module_is_refused(tmp_path):
    with pytest.raises(RunError, match=r"the model must be a torch\.nn\.Module, got a function"):
        gt.record.plan(lambda x: x, torch.randn(N, 4))
    with pytest.raises(RunError, match=r"the model must be a torch\.nn\.Module, got a str"):
        record(tmp_path / "r", "net.pt", torch.randn(N, 4))
