"""Networks of every task are recorded as what they are: what is stored, measured, grouped and said."""

import logging

import numpy as np
import pytest

import gt
from gt.run import EpochError, RunError, ShapeError

torch = pytest.importorskip("torch")
nn = torch.nn
F = torch.nn.functional
N, D = 40, 6


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


@pytest.fixture
def x():
    return torch.randn(N, D)


def record(path, model, x, labels=None, epochs=(0, 1), **given):
    with gt.Recorder(model, path, inputs=x, labels=labels, layers="all", **given) as rec:
        for epoch in epochs:
            rec.record(epoch)
    run = gt.open_run(path)
    run.check()
    return run


def names(run):
    return [one.name for one in run.layers]


def out(model, x):
    with torch.no_grad():
        return model(x).numpy()


def test_an_mlp_autoencoder_needs_no_labels(tmp_path, x):
    model = nn.Sequential(nn.Linear(D, 2), nn.ReLU(), nn.Linear(2, D))
    run = record(tmp_path / "r", model, x, task="none", columns={"size": x.norm(dim=1)})
    assert (run.task, run.last, run.classes, run.axes) == (
        "none",
        "outputs",
        ("points",),
        tuple("012345"),
    )
    assert names(run) == ["input", "0", "1", "outputs"] and run.layer("outputs").module == "2"
    np.testing.assert_allclose(run.activations("outputs", 1), out(model, x), atol=1e-6)
    assert "0.weight" in run.weights(0) and "2.weight" in run.weights(0)
    assert np.isnan(run.history.loss).all() and np.isnan(run.history.accuracy).all()
    np.testing.assert_allclose(run.columns[0].values, x.norm(dim=1), rtol=1e-6)
    assert run.targets is None


def test_a_loss_that_is_given_is_kept(tmp_path, x):
    with gt.Recorder(nn.Linear(D, D), tmp_path / "r", inputs=x, task="none") as rec:
        rec.record(0, loss=(0.5, 0.75), class_loss={"train": [0.5]})
    history = gt.open_run(tmp_path / "r").history
    assert history.loss.tolist() == [[0.5, 0.75]] and history.class_loss[0, 0].tolist() == [0.5]


def test_a_convolutional_autoencoder_is_stored_flat(tmp_path):
    x = torch.rand(N, 1, 4, 4)
    model = nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.ReLU(), nn.Conv2d(2, 1, 3, padding=1))
    run = record(tmp_path / "r", model, x, list("abcd") * 10, task="none")
    assert run.layer("outputs").shape == (16,) and run.classes == tuple("abcd")
    np.testing.assert_allclose(
        run.activations("outputs", 0), out(model, x).reshape(N, 16), atol=1e-6
    )
    assert run.made["outputs"] == "values; 1 x 4 x 4 values of a point, flattened"


@pytest.mark.parametrize("flat", [False, True])
def test_a_regression_has_its_mean_squared_error(tmp_path, x, flat):
    end = [nn.Flatten(0)] if flat else []
    model, y = nn.Sequential(nn.Linear(D, 1), *end), torch.randn(N)
    splits = np.arange(N) % 2
    run = record(tmp_path / "r", model, x, y, task="regression", names=["price"], splits=splits)
    error = (out(model, x).reshape(N) - y.numpy()) ** 2
    assert run.history.loss[1].tolist() == pytest.approx(
        [error[splits == s].mean() for s in (0, 1)], rel=1e-5
    )
    assert np.isnan(run.history.accuracy).all()
    np.testing.assert_allclose(run.targets[:, 0], y)
    assert (run.axes, run.classes, run.last) == (("price",), ("points",), "outputs")


def test_a_regression_of_several_values_in_groups(tmp_path, x):
    y = torch.randn(N, 3)
    run = record(
        tmp_path / "r", nn.Linear(D, 3), x, [5, 7] * (N // 2), task="regression", targets=y
    )
    assert run.classes == ("5", "7") and run.labels.tolist() == [0, 1] * (N // 2)
    error = (out_of(run) - y.numpy()) ** 2
    assert run.history.class_loss[0, 0].tolist() == pytest.approx(
        [error[::2].mean(), error[1::2].mean()], rel=1e-5
    )


def out_of(run, epoch=0):
    return run.activations(run.outputs[0], epoch)


@pytest.mark.parametrize("end", [[], [nn.Sigmoid()]])
def test_a_multilabel_has_logits_and_their_sigmoid(tmp_path, x, end):
    model = nn.Sequential(nn.Linear(D, 3), *end)
    y = (torch.rand(N, 3) > 0.5).int()
    run = record(tmp_path / "r", model, x, y, task="multilabel", classes=["cat", "dog", "owl"])
    z = out(model[0], x)
    np.testing.assert_allclose(run.activations("logits", 1), z, atol=1e-4)
    np.testing.assert_allclose(run.activations("sigmoid", 1), 1 / (1 + np.exp(-z)), atol=1e-5)
    assert names(run)[-2:] == ["logits", "sigmoid"] and run.axes == ("cat", "dog", "owl")
    assert (run.targets == y.numpy()).all() and run.targets.dtype == np.uint8
    loss = F.binary_cross_entropy_with_logits(torch.tensor(z), y.float())
    assert run.history.loss[0, 0] == pytest.approx(loss.item(), rel=1e-4)
    assert run.history.accuracy[0, 0] == pytest.approx(((z > 0) == (y.numpy() == 1)).mean())
    for row, label in zip(y.numpy(), run.labels, strict=True):
        there = " + ".join(n for n, one in zip(run.axes, row, strict=True) if one)
        assert run.classes[label] == (there or "no label")
    assert ("outputs" in run.made) == bool(end)


def test_many_combinations_of_labels_are_taken_together(tmp_path):
    x, k = torch.randn(300, D), 7
    y = (torch.rand(300, k) > 0.5).int()
    run = record(tmp_path / "r", nn.Linear(D, k), x, y, task="multilabel")
    assert len(run.classes) == 21 and run.classes[-1] == "other combinations"
    counts = np.bincount(run.labels)[:20]
    assert (np.diff(counts) <= 0).all()  # the most frequent first


@pytest.mark.parametrize("share", [False, True])
@pytest.mark.parametrize("flat", [False, True])
def test_one_logit_is_two_classes(tmp_path, x, share, flat):
    end = [nn.Sigmoid()] if share else []
    model = nn.Sequential(nn.Linear(D, 1), *end, *([nn.Flatten(0)] if flat else []))
    y = (torch.arange(N) % 2).float()[:, None]
    run = record(tmp_path / "r", model, x, y, task="binary", classes=["no", "yes"])
    z = out(model[0], x)[:, 0]
    np.testing.assert_allclose(run.activations("logits", 0)[:, 1], z, atol=1e-4)
    assert (run.activations("logits", 0)[:, 0] == 0).all()
    np.testing.assert_allclose(run.activations("softmax", 0)[:, 1], 1 / (1 + np.exp(-z)), atol=1e-5)
    loss = F.binary_cross_entropy_with_logits(torch.tensor(z), y[:, 0])
    assert run.history.loss[0, 0] == pytest.approx(loss.item(), rel=1e-4)
    assert run.history.accuracy[0, 0] == pytest.approx(((z > 0) == (y[:, 0].numpy() == 1)).mean())
    assert (run.task, run.classes, run.axes) == ("binary", ("no", "yes"), ("no", "yes"))
    assert "stored as the two logits (0, z)" in run.made["outputs"]


def test_what_is_said_of_outputs_is_logged(tmp_path, x, caplog):
    caplog.set_level(logging.INFO)
    model = nn.Sequential(nn.Linear(D, 3), nn.LogSoftmax(1), nn.Identity())
    record(tmp_path / "r", model, x, torch.arange(N) % 3)
    record(tmp_path / "s", nn.Linear(D, 3), x, torch.arange(N) % 3)
    assert "classification; outputs: logits" in caplog.text
    record(tmp_path / "t", nn.Linear(D, 1), x, torch.arange(N) % 2, task="binary")
    assert "binary; outputs: one logit z, stored as" in caplog.text


def test_labels_may_be_names(tmp_path, x):
    labels = ["wasp", "ant", "bee", "ant"] * 10
    run = record(tmp_path / "r", nn.Linear(D, 3), x, labels)
    assert run.classes == ("ant", "bee", "wasp") and run.labels[:4].tolist() == [2, 0, 1, 0]
    assert "order of the alphabet" in run.made["classes"]
    order = ["wasp", "bee", "ant"]
    run = record(tmp_path / "s", nn.Linear(D, 3), x, np.array(labels), classes=order)
    assert run.classes == tuple(order) and run.labels[:4].tolist() == [0, 2, 1, 2]
    with pytest.raises(RunError, match=r"must be among the classes.*got 'bee'"):
        record(tmp_path / "t", nn.Linear(D, 3), x, labels, classes=["ant", "wasp", "fly"])
    with pytest.raises(ShapeError, match="outputs have 4 columns, and the labels 3 names"):
        record(tmp_path / "t", nn.Linear(D, 4), x, labels)


def test_points_that_are_to_be_ignored_are_not_recorded(tmp_path, x, caplog):
    labels = torch.arange(N) % 3
    labels[[1, 5]] = -100
    model, ages = nn.Linear(D, 3), np.arange(N)
    run = record(tmp_path / "r", model, x, labels, ignore_index=-100, columns={"age": ages})
    kept = np.delete(np.arange(N), [1, 5])
    assert run.ids.tolist() == kept.tolist() == run.columns[0].values.tolist()
    np.testing.assert_allclose(run.activations("logits", 0), out(model, x)[kept], atol=1e-6)
    loss = F.cross_entropy(model(x), labels, ignore_index=-100)
    assert run.history.loss[0, 0] == pytest.approx(loss.item(), rel=1e-5)
    assert run.made["ignored"] == "2 of 40 points have the label -100 and are not recorded"
    assert run.made["ignored"] in caplog.text
    with pytest.raises(RunError, match=r"got -100 at row 1.*or say ignore_index=-100"):
        record(tmp_path / "s", model, x, labels, classes=["ant", "bee", "wasp"])
    with pytest.raises(RunError, match="all 40 are 0"):
        record(tmp_path / "s", model, x, torch.zeros(N), ignore_index=0)
    with pytest.raises(RunError, match="other tasks have none"):
        record(tmp_path / "s", model, x, task="none", ignore_index=0)


REFUSED = {
    "k sigmoids": (nn.Sequential(nn.Linear(D, 3), nn.Sigmoid()), [0, 1, 2, 0], 'task="multilabel"'),
    "one sigmoid": (nn.Sequential(nn.Linear(D, 1), nn.Sigmoid()), [0, 1, 1, 0], 'task="binary"'),
    "no labels": (nn.Linear(D, 3), None, 'task="regression" or task="none"'),
    "numbers": (nn.Linear(D, 3), [0.5, 1, 2, 0], 'say task="regression"'),
    "several labels": (nn.Linear(D, 3), [[0, 1, 1]] * 4, 'say task="multilabel"'),
    "tokens": (nn.Unflatten(1, (2, 3)), [0, 1, 2, 0], "say output_axes="),
    "one number": (nn.Flatten(0), [0, 1, 1, 0], "a row for each point"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_without_a_task_only_what_is_certain_is_a_classification(tmp_path, name):
    model, labels, says = REFUSED[name]
    labels = labels and labels * (N // 4)
    with pytest.raises(RunError, match=says):
        record(tmp_path / "r", model, torch.randn(N, D), labels)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("task", "k", "labels", "given", "says"),
    [
        ("guessing", 3, [0] * N, {}, "task must be one of"),
        ("binary", 2, [0] * N, {}, 'got 2; say task="classification"'),
        ("binary", 1, [2] * N, {}, r"labels must be in 0\.\.1"),
        ("binary", 1, None, {}, "labels must be given"),
        ("multilabel", 3, [[0, 2, 1]] * N, {}, "1 where a label applies"),
        ("multilabel", 3, [[0, 1]] * N, {}, r"shape \(40, 3\)"),
        ("regression", 3, [0.5] * N, {}, r"shape \(40, 3\)"),
        ("regression", 3, None, {"names": ["a"]}, "3 columns, 1 are named"),
        ("none", 3, [0.5] * N, {}, "given as columns="),
        ("none", 3, None, {"targets": [[0, 1, 2]] * N}, "there are none"),
        ("none", 3, None, {"columns": {"a": [1, 2]}}, r"column 'a' must have shape \(40,\)"),
        (None, 3, [0, 1] * 20, {"targets": [[0, 1, 2]] * N}, "classes of points are their labels"),
        ("none", 3, None, {"output": "logits"}, "must name a part"),
        ("none", 3, None, {"output_axes": "best"}, "output_axes must be"),
        ("none", 3, None, {"indices": [1]}, "leave it out"),
    ],
)  # fmt: skip
def test_what_does_not_fit_a_task_is_said(tmp_path, x, task, k, labels, given, says):
    with pytest.raises(RunError, match=says):
        record(tmp_path / "r", nn.Linear(D, k), x, labels, task=task, **given)
    assert not list(tmp_path.iterdir())


def test_a_task_that_is_said_is_the_users_word(tmp_path):
    x = torch.randn(N, 20)
    model = nn.Sequential(nn.Linear(20, 4), nn.Linear(4, 20))
    run = record(tmp_path / "r", model, x, torch.arange(N) % 5, task="classification")
    assert run.task == "classification" and len(run.classes) == 20


def test_a_softmax_that_ends_an_encoder_is_its_output(tmp_path, x):
    model = nn.Sequential(nn.Linear(D, 4), nn.Softmax(1))
    run = record(tmp_path / "r", model, x, task="none")
    np.testing.assert_allclose(run.activations("outputs", 0), out(model, x), atol=1e-6)
    assert names(run) == ["input", "0", "outputs"] and run.layer("outputs").kind == "Softmax"


def test_a_hidden_layer_may_be_called_as_an_output(tmp_path, x):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.outputs, self.sigmoid, self.last = nn.Linear(D, 4), nn.Sigmoid(), nn.Linear(4, 2)

        def forward(self, x):
            return self.last(self.sigmoid(self.outputs(x)))

    run = record(tmp_path / "r", Model(), x, task="regression")
    assert names(run) == ["input", "outputs (hidden)", "sigmoid", "outputs"]
    run = record(tmp_path / "s", Model(), x, torch.ones(N, 2), task="multilabel")
    assert names(run) == ["input", "outputs", "sigmoid (hidden)", "logits", "sigmoid"]


def test_logits_of_sigmoids_are_computed_where_nothing_else_gives_them(tmp_path, x):
    class By(nn.Module):
        shares = True

        def forward(self, z):
            return 1 / (1 + (-z).exp()) if self.shares else z

    model = nn.Sequential(nn.Linear(D, 2), By())
    data = {"inputs": x, "labels": torch.ones(N, 2), "task": "multilabel"}
    with gt.Recorder(model, tmp_path / "r", **data) as rec:
        rec.record(0)
        model[1].shares = False
        with pytest.raises(RunError, match="epoch 1, outputs must be shares of 0 to 1"):
            rec.record(1)
    run = gt.open_run(tmp_path / "r")
    np.testing.assert_allclose(run.activations("logits", 0), out(model[0], x), atol=1e-4)
    assert run.made["outputs"] == "shares p, stored as their logits log(p / (1 - p))"
    assert set(holders(run).values()) == {None, "logits", "sigmoid"}


def holders(run):
    """The layer that holds the values of each node."""
    return {node.name: node.layer for node in run.graph.nodes}


@pytest.mark.parametrize(
    ("task", "k", "end", "held"),
    [
        ("multilabel", 3, nn.Identity(), {"0": "0", "1": "logits"}),
        ("multilabel", 3, nn.Sigmoid(), {"0": "logits", "1": "sigmoid"}),
        ("multilabel", 3, nn.Hardsigmoid(), {"1": None, "logits": "logits", "sigmoid": "sigmoid"}),
        ("binary", 1, nn.Identity(), {"1": None, "logits": "logits", "softmax": "softmax"}),
        ("binary", 1, nn.Sigmoid(), {"0": None, "1": None, "logits": "logits"}),
        ("regression", 3, nn.Identity(), {"0": "0", "1": "outputs"}),
        ("none", 3, nn.Tanh(), {"0": "0", "1": "outputs"}),
    ],
)
def test_a_node_names_a_layer_of_its_own_values_alone(tmp_path, x, task, k, end, held):
    model = nn.Sequential(nn.Linear(D, k), end)
    labels = {
        "multilabel": (torch.rand(N, k) > 0.5).long(),
        "binary": torch.arange(N) % 2,
        "regression": torch.randn(N, k),
    }.get(task)
    run = record(tmp_path / "r", model, x, labels, task=task, dtype="float32")
    assert held.items() <= holders(run).items()
    for name, values in (("0", out(model[0], x)), ("1", out(model, x))):
        layer = holders(run).get(name)
        if layer is not None:
            np.testing.assert_allclose(run.activations(layer, 1), values, atol=1e-5)


@pytest.mark.parametrize("task", ["none", "regression"])
def test_a_run_of_a_task_is_gone_on_with(tmp_path, x, task):
    given = {"inputs": x, "task": task, "columns": {"a": np.arange(N)}}
    if task == "regression":
        given["targets"] = torch.zeros(N, 2)
    model = nn.Linear(D, 2)
    with gt.Recorder(model, tmp_path / "r", **given) as rec:
        rec.record(0)
    with gt.Recorder(model, tmp_path / "r", resume=True, **given) as rec:
        assert rec.epochs == (0,)
        rec.record(1)
    for change, says in (
        ({"columns": {"a": np.ones(N)}}, "columns"),
        ({"names": ["a", "b"]}, "names of outputs"),
        ({"task": "regression", "targets": torch.ones(N, 2)}, "task|targets"),
    ):
        with pytest.raises(RunError, match=f"other ({says})"):
            gt.Recorder(model, tmp_path / "r", resume=True, **{**given, **change})


def test_a_run_goes_by_steps_or_by_epochs(tmp_path, x):
    model = nn.Linear(D, 2)
    with gt.Recorder(model, tmp_path / "r", inputs=x, task="none") as rec:
        for given in ({}, {"epoch": 1, "step": 1}):
            with pytest.raises(EpochError, match="epoch or step must be given"):
                rec.record(**given)
        for step in gt.record.log_spaced(1000, 6):
            rec.record(step=step, lr=0.1)
        with pytest.raises(
            EpochError, match=r"goes by steps, it has steps 0 to 1000; record steps"
        ):
            rec.record(1001)
        with pytest.raises(EpochError, match="step 1000 is recorded already"):
            rec.record(step=1000)
        with pytest.raises(EpochError, match="step must be a whole number"):
            rec.record(step=0.5)
    run = gt.open_run(tmp_path / "r")
    assert run.unit == "step" and run.epochs.tolist() == [0, 1, 6, 33, 182, 1000]
    with pytest.raises(RunError, match=r"with steps 0 to 1000 already; .* as the first step is"):
        gt.Recorder(model, tmp_path / "r", inputs=x, task="none")
    with gt.Recorder(model, tmp_path / "r", inputs=x, task="none", resume=True) as rec:
        rec.record(step=2000)
        with pytest.raises(EpochError, match="goes by steps"):
            rec.record(2001)


def test_a_run_by_epochs_takes_no_steps(tmp_path, x):
    with gt.Recorder(nn.Linear(D, 2), tmp_path / "r", inputs=x, task="none") as rec:
        rec.record(0)
        with pytest.raises(EpochError, match="goes by epochs, it has epochs 0 to 0"):
            rec.record(step=5)
        rec.record(1)
    assert gt.open_run(tmp_path / "r").unit == "epoch"


@pytest.mark.parametrize(
    ("last", "count"), [(10, 4), (1000, 20), (10**6, 60), (5, 60), (30, 29), (0, 3), (7, 7), (9, 1)]
)
def test_log_spaced_steps_go_up_by_a_factor(last, count):
    found = gt.record.log_spaced(last, count)
    assert (
        found[0] == 0 and list(found) == sorted(set(found)) and all(type(x) is int for x in found)
    )
    assert len(found) == min(count, last + 1) and (count == 1 or found[-1] == last)
    steps = np.diff(found)
    assert (np.diff(steps) >= -1).all()  # but for rounding, they grow
    assert count < last + 1 or found == tuple(range(last + 1))


@pytest.mark.parametrize(("last", "count"), [(-1, 3), (3, 0), (2.5, 3), (True, 2)])
def test_no_steps_can_be_log_spaced(last, count):
    with pytest.raises(RunError, match="log_spaced"):
        gt.record.log_spaced(last, count)
