"""Runs of every task: what is written is read back, what cannot be one is refused, older runs are classifications."""

import json
from datetime import date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest

import gt
from gt.kept.describe import describe
from gt.kept.ship import ship_run
from gt.run import Layer, RunError, RunWriter, ShapeError, TruncatedRunError
from gt.run.begin import add_checks
from gt.run.columns import check_columns, check_targets
from gt.run.measure import sigmoid
from gt.run.points import check_points
from gt.run.slim import drop_hidden
from gt.run.task import OUTPUTS, TASKS, output_layers
from gt.run.task_measures import measure_task
from tests import small_run
from tests.task_runs import AXES, FREE, GROUPS, LABELLED, N, make, points_of


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tasks")
    return {task: make(folder / task, task, unit="step") for task in TASKS}


@pytest.mark.parametrize("task", TASKS)
def test_a_run_says_its_task_and_what_its_columns_are(runs, task):
    run = gt.open_run(runs[task])
    run.check()
    assert (run.task, run.axes, run.unit) == (task, AXES[task], "step")
    assert run.classes == GROUPS.get(task, AXES[task])
    assert run.outputs == OUTPUTS[task]
    assert run.layer(run.last).shape == (len(run.axes),)
    assert (run.targets is not None) == (task in LABELLED)
    assert "step" in repr(run) and "steps             4: 0 to 5" in describe(run)


@pytest.mark.parametrize("task", TASKS)
def test_points_come_back_as_they_went(runs, task):
    run, points = gt.open_run(runs[task]), points_of(task, np.random.default_rng(0))
    age, place = run.columns
    assert (age.name, age.kind, place.name, place.names) == (
        "age",
        "number",
        "place",
        ("here", "there"),
    )
    assert (age.values == np.arange(N) / 2).all()
    assert (place.values == points.columns[1].values).all()
    assert np.array_equal(run.labels, points.labels)
    if points.targets is not None:
        assert run.targets.dtype == points.targets.dtype
        assert (run.targets == points.targets).all()


def test_a_sigmoid_follows_from_its_logits(runs):
    run = gt.open_run(runs["multilabel"])
    logits = run.activations("logits", 1).astype(np.float64)
    assert np.allclose(run.activations("sigmoid", 1), 1 / (1 + np.exp(-logits)), atol=1e-6)
    assert np.array_equal(run.point("sigmoid", 1, 3), run.activations("sigmoid", 1)[3])
    assert run.fingerprint("sigmoid") != run.fingerprint("logits")
    assert (sigmoid(np.array([-1e4, 0, 1e4])) == [0, 0.5, 1]).all()


@pytest.mark.parametrize("task", TASKS)
def test_history_is_what_the_task_measures(runs, task):
    run = gt.open_run(runs[task])
    last, own = len(run.epochs) - 1, run.splits == 1
    values = run.activations(OUTPUTS[task][0], last).astype(np.float64)[own]
    loss, accuracy = run.history.loss[last, 1], run.history.accuracy[last, 1]
    if task in FREE:
        assert np.isnan(run.history.accuracy).all() and np.isnan(run.history.class_accuracy).all()
    if task == "none":
        assert np.isnan(run.history.loss).all()
    elif task == "regression":
        assert loss == pytest.approx(((values - run.targets[own]) ** 2).mean(), rel=1e-5)
    elif task == "multilabel":
        p, t = 1 / (1 + np.exp(-values)), run.targets[own]
        assert loss == pytest.approx(-np.log(np.where(t == 1, p, 1 - p)).mean(), rel=1e-5)
        assert accuracy == pytest.approx(((p > 0.5) == t).mean(), rel=1e-6)
    else:
        labels = run.labels[own]
        assert accuracy == pytest.approx((values.argmax(1) == labels).mean())
    if task == "binary":
        p = 1 / (1 + np.exp(-values[:, 1]))
        assert loss == pytest.approx(-np.log(np.where(labels == 1, p, 1 - p)).mean(), rel=1e-5)
    assert run.history.class_loss.shape == (len(run.epochs), 2, len(run.classes))


def test_a_label_at_a_half_is_wrong():
    points = points_of("multilabel", np.random.default_rng(0))
    found = measure_task("multilabel", np.zeros((N, 3)), points, where="test")
    assert (found.accuracy == 0).all() and found.loss == pytest.approx([np.log(2)] * 2)


def test_what_older_writers_wrote_is_a_classification_by_epochs(tmp_path):
    path = small_run.make(tmp_path / "run")
    said = json.loads((path / "zarr.json").read_text())["attributes"]
    assert not {"task", "axes", "unit", "columns"} & set(said)
    run = gt.open_run(path)
    assert (run.task, run.unit, run.columns, run.targets) == ("classification", "epoch", (), None)
    assert (
        run.axes == run.classes and run.last == "softmax" and run.outputs == ("logits", "softmax")
    )


@pytest.mark.parametrize("task", TASKS)
def test_copies_keep_all_of_it(runs, task, tmp_path):
    copy = ship_run(runs[task], tmp_path)
    run = gt.open_run(runs[task])
    assert (copy.task, copy.axes, copy.unit) == (run.task, run.axes, run.unit)
    assert [one.values.tolist() for one in copy.columns] == [x.values.tolist() for x in run.columns]
    assert run.targets is None or (copy.targets == run.targets).all()
    add_checks(copy.path)
    assert drop_hidden(copy.path).outputs == tuple(x.name for x in gt.open_run(copy.path).layers)


@pytest.mark.parametrize(
    ("task", "change"),
    [
        ("none", {"task": "something"}),
        ("none", {"task": None}),
        ("none", {"task": "multilabel"}),
        ("none", {"task": "classification"}),
        ("none", {"axes": None}),
        ("none", {"axes": ["a", "a", "b", "c", "d"]}),
        ("none", {"axes": ["a", "b"]}),
        ("none", {"axes": []}),
        ("none", {"axes": 5}),
        ("classification", {"axes": ["a", "b", "c"]}),
        ("classification", {"task": "binary"}),
        ("classification", {"unit": "hour"}),
        ("classification", {"unit": 1}),
        ("classification", {"columns": {}}),
        ("classification", {"columns": [{"name": "a", "kind": "number", "array": "../x"}]}),
        ("classification", {"columns": [{"name": "a", "kind": "number", "array": "labels"}]}),
        ("classification", {"columns": [{"name": "a", "kind": "category", "array": "labels"}]}),
        ("classification", {"columns": [{"name": "a", "kind": "word", "array": "labels"}]}),
        ("classification", {"columns": [{"name": "a", "array": "labels"}]}),
        ("classification", {"columns": [{"name": "a"}] * 300}),
    ],
)  # fmt: skip
def test_a_description_that_cannot_be_one_is_refused(tmp_path, task, change):
    path = make(tmp_path / "run", task)
    file = path / "zarr.json"
    said = json.loads(file.read_text())
    said["attributes"] |= change
    file.write_text(
        json.dumps({**said, "attributes": {k: v for k, v in said["attributes"].items()}})
    )
    with pytest.raises(RunError):
        gt.open_run(path)


def test_damaged_columns_and_targets_are_told(tmp_path):
    path = make(tmp_path / "run", "regression")
    for name in ("targets", "columns/000", "columns/001"):
        file = next(p for p in (path / name / "c").rglob("*") if p.is_file())
        whole = file.read_bytes()
        file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        with pytest.raises(TruncatedRunError, match=name):
            gt.open_run(path)
        file.write_bytes(whole)
    gt.open_run(path)


@pytest.mark.parametrize(
    ("task", "layers", "axes", "says"),
    [
        ("regression", output_layers("none", 2), ("a",), "one value for each axis"),
        ("regression", output_layers("none", 2), None, "must name the outputs' columns"),
        ("regression", output_layers("classification", 2), ("a", "b"), "must have a layer 'outputs'"),
        ("multilabel", output_layers("multilabel", 2), ("a", "a"), "names that differ"),
        ("multilabel", output_layers("multilabel", 2), ("a", " "), "can be shown"),
        ("binary", output_layers("binary", 3), None, "must be two"),
        ("guessing", output_layers("none", 2), None, "task must be one of"),
        ("classification", output_layers("classification", 3), ("a", "b", "c"), "must be the classes"),
    ],
)  # fmt: skip
def test_a_writer_refuses_what_a_reader_would(tmp_path, task, layers, axes, says):
    points = check_points(4, 3, [0, 1, 2, 0])
    with pytest.raises(RunError, match=says):
        RunWriter.create(tmp_path / "run", points, layers, task=task, axes=axes)
    assert not (tmp_path / "run").exists()


def test_a_layer_follows_from_one_other_alone(tmp_path):
    both = Layer("sigmoid", "Sigmoid", (2,), softmax_of="logits", sigmoid_of="logits")
    layers = [Layer("logits", "Logits", (2,)), both]
    with pytest.raises(TruncatedRunError, match="follow from a layer"):
        RunWriter.create(tmp_path / "run", check_points(4, 2, [0, 1, 1, 0]), layers)


def test_columns_are_numbers_or_categories():
    given = {
        "flag": [True, False, True],
        "half": [0.5, None, 2],
        "name": ["b", None, "a"],
        "float": np.float32([1, np.nan, 3]),
    }
    flag, half, name, numbers = check_columns(given, 3, "test")
    assert flag.kind == half.kind == numbers.kind == "number"
    assert np.array_equal(half.values, [0.5, np.nan, 2], equal_nan=True)
    assert np.array_equal(numbers.values, [1, np.nan, 3], equal_nan=True)
    assert (name.kind, name.names, name.values.tolist()) == ("category", ("a", "b"), [1, -1, 0])


def _days(column):
    return [None if np.isnan(one) else one / 86400 for one in column.values]


@pytest.mark.parametrize(
    "dates",
    [
        ["1970-01-02", None, "1970-01-03T12:00Z"],
        [date(1970, 1, 2), None, datetime(1970, 1, 3, 14, tzinfo=timezone(timedelta(hours=2)))],
        np.array(["1970-01-02", "NaT", "1970-01-03T12"], "datetime64[s]"),
        pd.Series(pd.to_datetime(["1970-01-02", None, "1970-01-03T12:00"], format="mixed")),
    ],
)
def test_dates_are_seconds_since_1970_however_they_come(dates):
    [found] = check_columns({"taken": dates}, 3, "test")
    assert (found.kind, found.names) == ("date", ())
    assert _days(found) == [1, None, 2.5]


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["2024-02-30"] * 60, "category"),  # there is no such day
        ([f"2024-01-0{i % 9 + 1}" for i in range(60)], "date"),
        ([f"https://example.org/{i}" for i in range(60)], "url"),
        (["https://example.org/a b"] * 60, "category"),  # an address has no space
        ([f"caption {i}" for i in range(60)], "text"),
        ([f"caption {i % 50}" for i in range(60)], "category"),  # 50 are not too many to tell apart
    ],
)
def test_text_is_what_it_looks_like(texts, kind):
    [found] = check_columns({"column": texts}, 60, "test")
    assert found.kind == kind
    if kind != "date":
        assert [found.names[i] for i in found.values] == texts


def test_columns_of_every_kind_come_back_from_a_run(tmp_path):
    given = {
        "taken": ["2024-01-31", None, "2024-02-01"],
        "page": ["https://example.org/a", "https://example.org/b", None],
        "age": [1, None, -2.5],
    }
    outputs = np.random.default_rng(0).normal(size=(2, 3, 2))
    made = gt.write_run(tmp_path / "run", outputs, [0, 1, 0], columns=given)
    for found in (made, gt.open_run(tmp_path / "run")):
        assert [one.kind for one in found.columns] == ["date", "url", "number"]
        for one, same in zip(found.columns, check_columns(given, 3, "test"), strict=True):
            assert np.array_equal(one.values, same.values, equal_nan=one.kind != "url")
            assert one.names == same.names


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"a": [1, 2]}, r"column 'a' must have shape \(3,\)"),
        ({"a": [1, 2, np.inf]}, "infinity"),
        ({"a": [1, 2, 3j]}, "numbers, dates or text"),
        ({"a": np.array([1, 2, 3], "timedelta64[s]")}, "numbers, dates or text"),
        ({" ": [1, 2, 3]}, "can be shown"),
        ({1: [1, 2, 3]}, "must be text"),
        ([1, 2, 3], "arrays by name"),
        ({str(i): [1, 2, 3] for i in range(300)}, "256 at most"),
    ],
)  # fmt: skip
def test_columns_that_are_none_are_refused(columns, says):
    with pytest.raises(RunError, match=says):
        check_columns(columns, 3, "test")


@pytest.mark.parametrize(
    ("task", "targets"),
    [
        ("multilabel", [[0, 2]] * 3),
        ("multilabel", [[0, 0.5]] * 3),
        ("multilabel", [[0, 1, 1]] * 3),
        ("regression", [[0, np.nan]] * 3),
        ("regression", [[0, 1e300]] * 3),
        ("regression", [["a", "b"]] * 3),
        ("regression", [1, 2, 3]),
    ],
)  # fmt: skip
def test_targets_that_are_none_are_refused(task, targets):
    with pytest.raises(ShapeError):
        check_targets(task, targets, 3, 2, "test")


def test_steps_are_called_steps(tmp_path):
    path = make(tmp_path / "run", "none", unit="step")
    with RunWriter(path) as writer:
        for step, says in (
            (5, "step 5 is recorded already"),
            (4, "steps must go up"),
            ("a", "step must"),
        ):
            with pytest.raises(gt.run.EpochError, match=says):
                writer.check_next(step)
