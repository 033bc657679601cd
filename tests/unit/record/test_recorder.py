"""The recorder sees what the network computes, and leaves the network as it found it."""

import random

import numpy as np
import pytest

import gt
from gt.run import (
    EpochError,
    ForeignStoreError,
    LabelRangeError,
    NotFiniteError,
    RunError,
    ShapeError,
)

torch = pytest.importorskip("torch")
nn = torch.nn
N, K = 12, 3


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def points(*shape):
    return {"inputs": torch.randn(N, *shape), "labels": torch.arange(N) % K}


def names(run):
    return [x.name for x in run.layers]


class Reused(nn.Module):
    """One ReLU for all, in place; batch norm, dropout and a nested part."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.relu = nn.ReLU(inplace=True)
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(64, 8))
        self.drop = nn.Dropout(0.5)
        self.head = nn.Linear(8, K)

    def forward(self, x):
        x = self.relu(self.norm(self.conv(x)))
        x = self.drop(self.relu(self.body(x)))
        return self.head(x)


def test_all_layers_are_what_the_network_computes(tmp_path):
    model = Reused()
    data = points(1, 6, 6)
    with gt.record.Recorder(model, tmp_path / "r", **data, layers="all", batch_size=5) as rec:
        rec.record(0)
    run = gt.open_run(tmp_path / "r")
    assert names(run) == [
        "input", "conv", "norm", "relu", "body.0", "body.1", "relu:2", "drop", "logits", "softmax",
    ]  # fmt: skip
    kinds = ["Input", "Conv2d", "BatchNorm2d", "ReLU", "Flatten", "Linear", "ReLU", "Dropout"]
    assert [x.kind for x in run.layers] == [*kinds, "Linear", "Softmax"]
    model.eval()
    with torch.no_grad():
        conv = model.conv(data["inputs"])
        norm = model.norm(conv)
        relu = norm.clamp(min=0)
        linear = model.body(relu)
        last = linear.clamp(min=0)
        logits = model.head(last)
    expected = {
        "input": data["inputs"], "conv": conv, "norm": norm, "relu": relu, "body.1": linear,
        "relu:2": last, "drop": last, "logits": logits, "softmax": logits.softmax(1),
    }  # fmt: skip
    for name, value in expected.items():
        got = run.activations(name, 0)
        assert got.dtype == np.float32
        np.testing.assert_allclose(got, value.numpy(), rtol=2e-3, atol=2e-3, err_msg=name)
    np.testing.assert_allclose(run.activations("logits", 0), logits.numpy(), atol=1e-6)
    assert run.layer("conv").config["kernel_size"] == [3, 3]
    assert run.layer("head").name == "logits"
    assert set(run.weights(0)) == {
        "conv.weight", "conv.bias", "body.1.weight", "body.1.bias", "head.weight", "head.bias",
    }  # fmt: skip
    np.testing.assert_array_equal(run.weights(0)["head.bias"], model.head.bias.detach().numpy())


def test_the_model_is_left_as_it_was(tmp_path):
    model, data = Reused().train(), points(1, 6, 6)
    model.norm.eval()  # frozen, as in fine-tuning
    model.body[1].requires_grad_(False)
    modes = [m.training for m in model.modules()]
    state = {k: v.clone() for k, v in model.state_dict().items()}
    model.head.weight.grad = torch.ones_like(model.head.weight)
    before = torch.get_rng_state(), np.random.get_state()[1].copy(), random.getstate()  # noqa: NPY002
    with gt.Recorder(model, tmp_path / "r", **data, layers="all") as rec:
        rec.record(0)
        rec.record(1)
    assert [m.training for m in model.modules()] == modes
    for key, value in model.state_dict().items():
        assert torch.equal(value, state[key]), key
    assert (model.head.weight.grad == 1).all()
    assert torch.equal(before[0], torch.get_rng_state())
    np.testing.assert_array_equal(before[1], np.random.get_state()[1])  # noqa: NPY002
    assert before[2] == random.getstate()
    assert not any(m._forward_hooks for m in model.modules())


class Draws(nn.Module):
    """Draws random numbers even in evaluation mode."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, K)

    def forward(self, x):
        random.random()
        np.random.rand()  # noqa: NPY002
        return self.linear(x) + 0 * torch.rand(1)


def test_random_states_are_restored_when_the_model_draws(tmp_path):
    model, data = Draws(), points(2)
    before = torch.get_rng_state(), np.random.get_state()[1].copy(), random.getstate()  # noqa: NPY002
    with gt.Recorder(model, tmp_path / "r", **data) as rec:
        rec.record(0)
    assert torch.equal(before[0], torch.get_rng_state())
    np.testing.assert_array_equal(before[1], np.random.get_state()[1])  # noqa: NPY002
    assert before[2] == random.getstate()


def test_recording_does_not_change_the_training(tmp_path):
    data = points(1, 6, 6)

    def train(record):
        torch.manual_seed(3)
        model = Reused()
        rec = gt.Recorder(model, tmp_path / "r", **data, layers="all") if record else None
        step = torch.optim.SGD(model.parameters(), lr=0.1)
        for epoch in range(3):
            if rec:
                rec.record(epoch)
            step.zero_grad()
            nn.functional.cross_entropy(model(data["inputs"]), data["labels"]).backward()
            step.step()
        return model.state_dict()

    plain, recorded = train(False), train(True)
    assert all(torch.equal(plain[k], recorded[k]) for k in plain)


def test_a_softmax_at_the_end_gives_logits_too(tmp_path):
    for i, last in enumerate((nn.Softmax(1), nn.LogSoftmax(1))):
        model = nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, K), last)
        data = points(4)
        with gt.Recorder(model, tmp_path / str(i), **data, layers="all") as rec:
            rec.record(0)
        run = gt.open_run(tmp_path / str(i))
        assert names(run) == ["input", "0", "1", "logits", "softmax"]
        logits = model[:3](data["inputs"])
        np.testing.assert_allclose(run.activations("logits", 0), logits.detach(), atol=1e-6)
        np.testing.assert_allclose(
            run.activations("softmax", 0), logits.softmax(1).detach(), atol=1e-6
        )
        loss = nn.functional.cross_entropy(logits, data["labels"]).item()
        assert run.history.loss[0, 0] == pytest.approx(loss, rel=1e-5)


class Ending(nn.Module):
    """Logits, and what becomes of them."""

    def __init__(self, end, k=K):
        super().__init__()
        self.linear, self.end = nn.Linear(4, k), end

    def forward(self, x):
        return self.end(self.linear(x))


def test_probabilities_without_a_softmax(tmp_path):
    masked = torch.tensor([False, True, False])
    ends = {
        "power": lambda z: z.exp() / z.exp().sum(1, keepdim=True),
        "masked": lambda z: z.masked_fill(masked, -torch.inf).softmax(1),  # has no place in a plot
        "the input's": None,
    }
    for name, end in ends.items():
        data, model = points(4), nn.Softmax(1) if end is None else Ending(end)
        if end is None:
            model, data["inputs"] = Ending(lambda z: z), data["inputs"][:, :K]
            model.forward = lambda x: x.softmax(1)
        with gt.Recorder(model, tmp_path / name, **data, task="classification") as rec:
            rec.record(0)
        run = gt.open_run(tmp_path / name)
        assert names(run) == ["softmax"]
        np.testing.assert_allclose(run.activations("softmax", 0).sum(1), 1, atol=1e-5)


@pytest.mark.parametrize(
    "end",
    [
        lambda z: nn.functional.softmax(z, dim=1),
        lambda z: torch.softmax(z, -1),
        lambda z: z.softmax(1),
        lambda z: nn.functional.dropout(z.softmax(dim=-1), training=False),
        lambda z: nn.functional.log_softmax(z, 1),
        lambda z: z.log_softmax(-1),
    ],
)
def test_a_softmax_by_a_function_gives_its_logits(tmp_path, end):
    model, data = Ending(end), points(4)
    with gt.Recorder(model, tmp_path / "r", **data, layers="all") as rec:
        rec.record(0)
    run = gt.open_run(tmp_path / "r")
    assert names(run) == ["input", "logits", "softmax"]
    z = model.linear(data["inputs"]).detach()
    np.testing.assert_array_equal(run.activations("logits", 0), z)
    assert run.layer("logits").module == "linear" and run.layer("logits").kind == "Linear"
    by_layer = {node.layer: node for node in run.graph.nodes}
    assert by_layer["softmax"] is run.graph.nodes[run.graph.output]
    loss = nn.functional.cross_entropy(z, data["labels"]).item()
    assert run.history.loss[0, 0] == pytest.approx(loss, rel=1e-5)
    with gt.Recorder(model, tmp_path / "r", **data, layers="all", resume=True) as rec:
        rec.record(1)


def test_a_softmax_along_another_axis_or_of_a_mean_has_no_logits(tmp_path):
    for name, along in (("tokens", 1), ("classes", 2)):
        model = Ending(lambda z, along=along: z.softmax(along))
        given = {**points(5, 4), "task": "classification", "output_axes": "mean"}
        with gt.Recorder(model, tmp_path / name, **given) as rec:
            rec.record(0)
        run, p = gt.open_run(tmp_path / name), model(given["inputs"]).mean(1).detach()
        stored = "logits" if along == 1 else "softmax"
        assert stored in names(run)[:1]
        np.testing.assert_allclose(run.activations(stored, 0), p, atol=1e-6)


def test_logits_before_a_function_are_the_outputs_of_no_other_task(tmp_path):
    model, data = Ending(lambda z: z.softmax(1)), points(4)
    given = {"inputs": data["inputs"], "task": "none", "layers": "all"}
    with gt.Recorder(model, tmp_path / "r", **given) as rec:
        rec.record(0)
    run = gt.open_run(tmp_path / "r")
    assert names(run) == ["input", "linear", "outputs"]
    np.testing.assert_allclose(run.activations("outputs", 0), model(data["inputs"]).detach())
    assert {node.layer: node.kind for node in run.graph.nodes}["outputs"] == "Softmax"


def test_outputs_alone_by_default(tmp_path):
    with gt.Recorder(Reused(), tmp_path / "r", **points(1, 6, 6)) as rec:
        rec.record(0, lr=0.5)
    run = gt.open_run(tmp_path / "r")
    assert names(run) == ["logits", "softmax"] and run.weights(0) == {}
    assert run.history.lr.tolist() == [0.5]


def test_named_layers_and_weights(tmp_path):
    model = Reused()
    with gt.Recorder(
        model, tmp_path / "r", **points(1, 6, 6), layers=["relu", "body"], weights=["norm", "head"]
    ) as rec:
        rec.record(0)
    run = gt.open_run(tmp_path / "r")
    assert names(run) == ["relu", "body", "relu:2", "logits", "softmax"]
    assert set(run.weights(0)) == {"norm.weight", "norm.bias", "head.weight", "head.bias"}
    with gt.Recorder(model, tmp_path / "s", **points(1, 6, 6), layers=["relu:2"]) as rec:
        rec.record(0)
    assert names(gt.open_run(tmp_path / "s")) == ["relu:2", "logits", "softmax"]
    with gt.Recorder(model, tmp_path / "t", **points(1, 6, 6), weights=True) as rec:
        rec.record(0)
    assert "conv.weight" in gt.open_run(tmp_path / "t").weights(0)


class Tuples(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(4, 6, batch_first=True)
        self.head = nn.Linear(6, K)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.head(out[:, -1])


def test_a_module_that_returns_a_tuple(tmp_path):
    data = points(5, 4)
    model = Tuples()
    with gt.Recorder(model, tmp_path / "r", **data, layers="all") as rec:
        rec.record(0)
    run = gt.open_run(tmp_path / "r")
    assert names(run) == ["input", "lstm", "logits", "softmax"]
    expected = model.lstm(data["inputs"])[0].detach()
    np.testing.assert_allclose(run.activations("lstm", 0), expected, atol=1e-3)


def test_a_layer_without_rows_is_left_out_or_named(tmp_path):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.merge = nn.Flatten(0, 1)
            self.head = nn.Linear(4, K)

        def forward(self, x):
            self.merge(x.sum(0))
            return self.head(x[:, 0])

    with gt.Recorder(Model(), tmp_path / "r", **points(5, 4), layers="all") as rec:
        rec.record(0)
    assert names(gt.open_run(tmp_path / "r")) == ["input", "logits", "softmax"]
    with pytest.raises(ShapeError, match="'merge' must give a tensor with a row for each point"):
        gt.Recorder(Model(), tmp_path / "s", **points(5, 4), layers=["merge"])


def test_one_module_as_the_model(tmp_path):
    model = nn.Linear(4, K)
    with gt.Recorder(model, tmp_path / "r", **points(4), layers="all") as rec:
        rec.record(0)
    run = gt.open_run(tmp_path / "r")
    assert names(run) == ["input", "logits", "softmax"]
    assert set(run.weights(0)) == {"weight", "bias"}


class Fails(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, K)
        self.broken = False

    def forward(self, x):
        out = self.linear(x)
        if self.broken:
            raise RuntimeError("broken")
        return out


def test_hooks_go_and_modes_return_when_forward_raises(tmp_path):
    model = Fails().train()
    rec = gt.Recorder(model, tmp_path / "r", **points(2), layers=["linear"])
    rec.record(0)
    rec.wait()
    model.broken = True
    with pytest.raises(RuntimeError, match="broken"):
        rec.record(1)
    assert model.training and not model.linear._forward_hooks
    assert torch.is_grad_enabled()
    assert gt.open_run(tmp_path / "r").epochs.tolist() == [0]
    model.broken = False
    rec.record(1)
    rec.close()
    assert gt.open_run(tmp_path / "r").epochs.tolist() == [0, 1]


def test_values_that_are_not_finite_name_layer_and_epoch(tmp_path):
    model = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, K))
    rec = gt.Recorder(model, tmp_path / "r", **points(2), layers="all")
    rec.record(0)
    with torch.no_grad():
        model[0].weight.fill_(1e6)
    with pytest.raises(NotFiniteError, match=r"epoch 5, layer '0'.*float16.*dtype=\"float32\""):
        rec.record(5)  # outputs are finite
        rec.wait()
    assert rec.epochs == (0,)
    with torch.no_grad():
        model[0].weight.fill_(float("nan"))
    with pytest.raises(NotFiniteError, match=r"epoch 5, layer '0' must be finite.*diverged"):
        rec.record(5)
    assert gt.open_run(tmp_path / "r").epochs.tolist() == [0]
    with torch.no_grad():
        model[0].weight.fill_(1.0)
    rec.record(5)
    rec.close()
    gt.open_run(tmp_path / "r").check()


def test_epochs_go_up(tmp_path):
    rec = gt.Recorder(nn.Linear(2, K), tmp_path / "r", **points(2))
    rec.record(0)
    rec.record(4)
    for epoch, text in ((4, "recorded already"), (2, "must go up"), (-1, "must go up")):
        with pytest.raises(EpochError, match=text):
            rec.record(epoch)
    with pytest.raises(EpochError, match="whole number"):
        rec.record(4.5)
    rec.wait()
    assert rec.epochs == (0, 4)


def test_a_run_is_continued(tmp_path):
    model, data = nn.Linear(2, K), points(2)
    with gt.Recorder(model, tmp_path / "r", **data) as rec:
        rec.record(0)
    with gt.Recorder(model, tmp_path / "r", **data, resume=True) as rec:
        assert rec.epochs == (0,)
        rec.record(1)
    assert gt.open_run(tmp_path / "r").epochs.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"inputs": torch.zeros(N, 2)}, "inputs"),
        ({"labels": torch.zeros(N, dtype=torch.long)}, "labels"),
        ({"ids": np.arange(N) + 1}, "ids"),
        ({"splits": np.ones(N)}, "splits"),
        ({"classes": ["a", "b", "c"]}, "classes"),
        ({"layers": "all"}, "layers"),
        ({"weights": True}, "weights"),
    ],
)
def test_only_the_same_is_continued(tmp_path, change, what):
    model, data = nn.Linear(2, K), points(2)
    gt.Recorder(model, tmp_path / "r", **data)
    with pytest.raises(RunError, match=f"a run with other {what}"):
        gt.Recorder(model, tmp_path / "r", **{**data, **change})


def test_measures_that_gradients_flow_through(tmp_path):
    model = nn.Linear(2, K)
    loss = nn.functional.cross_entropy(model(torch.ones(1, 2)), torch.tensor([0]))
    with gt.Recorder(model, tmp_path / "r", **points(2)) as rec:
        rec.record(0, loss=loss)
        rec.record(1, loss=(loss, 2.0), accuracy={"test": loss * 0})
        rec.record(2, loss=loss.bfloat16())
    run = gt.open_run(tmp_path / "r")
    assert run.history.loss[0, 0] == loss.item() and run.history.loss[1].tolist() == [loss, 2]
    assert run.history.accuracy[1, 1] == 0
    assert run.history.loss[2, 0] == loss.bfloat16().item()
    assert loss.requires_grad


def test_history_as_given(tmp_path):
    splits = ["train"] * 6 + ["test"] * 6
    rec = gt.Recorder(nn.Linear(2, K), tmp_path / "r", **points(2), splits=splits)
    rec.record(0)
    rec.record(1, loss=(1.0, 2.0), accuracy={"test": 0.5}, class_loss=np.ones((2, K)))
    rec.record(2, loss=torch.tensor(0.25))
    rec.record(3, loss=(0.5, None), accuracy={"test": None}, class_loss=[None, np.ones(K)])
    rec.wait()
    run = gt.open_run(tmp_path / "r")
    assert np.isfinite(run.history.loss[0]).all()
    assert run.history.loss[1].tolist() == [1, 2]
    assert run.history.accuracy[1, 1] == 0.5 and np.isnan(run.history.accuracy[1, 0])
    assert (run.history.class_loss[1] == 1).all()
    assert run.history.loss[2, 0] == 0.25 and np.isnan(run.history.loss[2, 1])
    own = run.history.loss[0, 1]  # the network is as it was, and so is what its points give
    assert run.history.loss[3].tolist() == [0.5, own]
    assert run.history.accuracy[3, 1] == run.history.accuracy[0, 1]
    assert np.isnan(run.history.accuracy[3, 0]) and (run.history.class_loss[3, 1] == 1).all()
    np.testing.assert_array_equal(run.history.class_loss[3, 0], run.history.class_loss[0, 0])
    with pytest.raises(ShapeError, match="loss must be"):
        rec.record(4, loss=[1, 2, 3])
    with pytest.raises(ShapeError, match='got "valid"'):
        rec.record(4, loss={"valid": 1})


@pytest.mark.parametrize(
    ("change", "error", "text"),
    [
        ({"labels": [0, 1]}, ShapeError, r"labels must have shape \(12,\)"),
        ({"labels": [K] * N}, LabelRangeError, "got 3 at row 0"),
        ({"inputs": torch.zeros(0, 2), "labels": []}, ShapeError, "at least one"),
        ({"layers": "hidden"}, RunError, "layers must be"),
        ({"layers": ["relu9"]}, RunError, 'no module "relu9"; this model has 0, 1'),
        ({"dtype": "int8"}, RunError, "dtype must be"),
        ({"classes": ["a"]}, ShapeError, "3 names"),
    ],
)
def test_what_does_not_fit_is_said(tmp_path, change, error, text):
    model = nn.Sequential(nn.Linear(2, 4), nn.Linear(4, K))
    with pytest.raises(error, match=text):
        gt.Recorder(model, tmp_path / "r", **{**points(2), **change})
    assert not list(tmp_path.iterdir())


def test_outputs_of_another_shape_and_a_foreign_folder(tmp_path):
    with pytest.raises(ShapeError, match=r"a row for each point, \(points, classes\)"):
        gt.Recorder(nn.Flatten(0, 1), tmp_path / "r", **points(2))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("do not delete")
    with pytest.raises(ForeignStoreError, match="holds something else"):
        gt.Recorder(nn.Linear(2, K), tmp_path / "other", **points(2))
    assert (tmp_path / "other" / "thesis.txt").exists()


def test_a_layer_that_is_not_always_called(tmp_path):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.extra, self.head = nn.Linear(2, 2), nn.Linear(2, K)
            self.use = True

        def forward(self, x):
            return self.head(self.extra(x) if self.use else x)

    model = Model()
    rec = gt.Recorder(model, tmp_path / "r", **points(2), layers=["extra"])
    rec.record(0)
    model.use = False
    with pytest.raises(ShapeError, match="'extra' must be computed in every forward"):
        rec.record(1)


def test_memory_does_not_grow_with_the_number_of_layers(tmp_path):
    """What is alive at once is one batch of one layer, whatever the depth."""
    import weakref

    alive, most = weakref.WeakSet(), 0

    class Wide(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(64, 64)

        def forward(self, x):
            nonlocal most
            out = self.linear(x)
            alive.add(out)
            most = max(most, len(alive))
            return out

    model = nn.Sequential(*(Wide() for _ in range(10)), nn.Linear(64, K))
    rec = gt.Recorder(
        model, tmp_path / "r", **points(64), layers="all", batch_size=4, weights=False
    )
    most = 0
    rec.record(0)
    assert most <= 3
    rec.wait()
    run = gt.open_run(tmp_path / "r")
    assert len(run.layers) == 13 and run._arrays["activations/001"].chunks == (1, 4, 64)


def test_other_kinds_of_numbers(tmp_path):
    model = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, K)).double()
    data = {"inputs": np.random.default_rng(0).normal(size=(N, 2)), "labels": np.arange(N) % K}
    with gt.Recorder(model, tmp_path / "d", **data, layers="all", dtype="float32") as rec:
        rec.record(0)
    expected = model[0](torch.from_numpy(data["inputs"])).detach()
    run = gt.open_run(tmp_path / "d")
    np.testing.assert_allclose(run.activations("0", 0), expected, atol=1e-6)
    half = nn.Sequential(nn.Linear(2, 4), nn.ReLU(inplace=True), nn.Linear(4, K)).bfloat16()
    inputs = torch.randn(N, 2).bfloat16()
    with gt.Recorder(half, tmp_path / "h", inputs=inputs, labels=data["labels"], layers="all") as r:
        r.record(0)
    expected = half[0](inputs).detach().float()
    np.testing.assert_allclose(gt.open_run(tmp_path / "h").activations("0", 0), expected, atol=1e-2)
    embed = nn.Sequential(nn.EmbeddingBag(9, 5), nn.Linear(5, K))
    tokens = torch.randint(0, 9, (N, 4))
    with gt.Recorder(
        embed, tmp_path / "e", inputs=tokens, labels=data["labels"], layers="all"
    ) as r:
        r.record(0)
    np.testing.assert_array_equal(gt.open_run(tmp_path / "e").activations("input", 0), tokens)


def test_a_reader_sees_new_epochs_when_it_opens_again(tmp_path):
    rec = gt.Recorder(nn.Linear(2, K), tmp_path / "r", **points(2))
    rec.record(0)
    rec.wait()
    run = gt.open_run(tmp_path / "r")
    rec.record(1)
    rec.wait()
    again = gt.open_run(tmp_path / "r")
    assert run.epochs.tolist() == [0] and again.epochs.tolist() == [0, 1]
    np.testing.assert_array_equal(run.activations("logits", 0), again.activations("logits", 0))
