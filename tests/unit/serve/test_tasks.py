"""Runs of every task are announced: what their outputs and columns are, and how their points can be coloured."""

import json

import numpy as np
import pytest

import gt
from gt.cache.store import Store
from gt.run.task import TASKS
from gt.serve import announcements, tasks, tensors
from gt.serve.library import Library, summaries
from tests import task_runs
from tests.task_runs import AXES, FREE, GROUPS, LABELLED


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tasks")
    for task in TASKS:
        task_runs.make(folder / task, task, unit="step")
    return Library([folder], Store(folder / "cache"))


def values(library, tensor):
    packed = tensors.packed(library, tensor["url"].removeprefix("tensors/"))
    raw = tensors.wire.unpack(packed)
    return np.frombuffer(raw, tensor["dtype"]).reshape(tensor["shape"])


@pytest.mark.parametrize("task", TASKS)
def test_every_layer_of_the_outputs_is_announced_with_its_own_axes(library, task):
    run = library.run(task)
    for layer in run.outputs:
        said = announcements.announce(library, task, layer)
        assert said["axes"] == list(AXES[task]) and said["p"] == len(AXES[task])
        assert said["classes"] == list(GROUPS.get(task, AXES[task]))
        assert (said["task"], said["unit"]) == (task, "step")
        assert [one["name"] for one in said["outputs"]] == list(AXES[task])
        assert all(not split["outputs"] for split in said["splits"].values())


@pytest.mark.parametrize("task", TASKS)
def test_a_hidden_layer_comes_with_what_the_network_gives(library, task):
    said = announcements.announce(library, task, "fc1")
    run = library.run(task)
    for split, name in enumerate(("train", "test")):
        slices = said["splits"][name]["outputs"]
        assert len(slices) == len(run.epochs)
        one = slices[-1]
        found = tensors.wire.unpack(tensors.packed(library, one["url"].removeprefix("tensors/")))
        found = np.frombuffer(found, "<u2").reshape(-1, len(run.axes)) * one["scale"]
        wanted = run.activations(run.last, len(run.epochs) - 1)[run.splits == split]
        assert np.allclose(found + one["offset"], wanted, atol=2e-4)


@pytest.mark.parametrize("task", TASKS)
def test_columns_and_targets_reach_the_browser(library, task):
    run = library.run(task)
    said = announcements.announce(library, task, run.last)
    assert said["columns"] == [
        {"name": "age", "kind": "number", "names": [], "low": 0, "high": 11.5, "missing": 0}
        | {"texts": None},
        {"name": "place", "kind": "category", "names": ["here", "there"]}
        | {"low": None, "high": None, "missing": 0, "texts": None},
    ]
    split = said["splits"]["test"]
    rows = run.splits == 1
    table = values(library, split["columns"])
    assert (table == [one.values[rows] for one in run.columns]).all()
    if task in LABELLED:
        assert (values(library, split["targets"]) == run.targets[rows]).all()
    else:
        assert split["targets"] is None


def test_what_is_missing_is_no_number_and_counted(tmp_path):
    run = gt.open_run(task_runs.make(tmp_path / "run", "none"))
    age, place = run.columns
    gaps = np.array(age.values)
    gaps[:3] = np.nan
    codes = np.array(place.values)
    codes[5] = -1
    run.columns = (
        type(age)("age", "number", gaps),
        type(place)("place", "category", codes, place.names),
    )
    assert [one["missing"] for one in tasks.notes(run)["columns"]] == [3, 1]
    assert np.isnan(tasks.table(run)).sum() == 4


@pytest.mark.parametrize("task", TASKS)
def test_points_are_coloured_by_what_the_task_knows(library, task):
    names = [one["value"] for one in tasks.colorings(library.run(task))]
    assert names[0] == "label" and names[-3:] == ["column-0", "column-1", "groups"]
    assert ("prediction" in names) == (task in ("classification", "binary"))
    assert ("error" in names) == ("target-0" in names) == (task in LABELLED)
    assert ("output-0" in names) == (task not in ("classification", "binary"))


def test_the_range_of_an_output_is_that_of_its_target_or_none_is_said(library):
    run = library.run("regression")
    said = tasks.outputs(run)
    assert [one["low"] for one in said] == run.targets.min(axis=0).tolist()
    last = library.run("none")
    final = last.activations("outputs", len(last.epochs) - 1)
    assert [one["high"] for one in tasks.outputs(last)] == pytest.approx(final.max(axis=0).tolist())


def test_cards_say_what_a_run_tells_apart(library):
    said = {one["name"]: one for one in summaries(library)}
    assert said["regression"]["what"] == "2 outputs" and said["multilabel"]["what"] == "3 labels"
    assert said["classification"]["what"] == "3 classes"
    for task in FREE:
        assert said[task]["train"] is None and said[task]["unit"] == "step"
    assert said["regression"]["train_loss"] > 0 and said["none"]["train_loss"] is None


def test_columns_of_every_kind_reach_the_browser(tmp_path):
    n = 120
    given = {
        "change": np.linspace(-1, 4, n),
        "taken": np.datetime64("2024-01-31T12:00") + np.arange(n).astype("timedelta64[D]"),
        "caption": [f"caption {i}, ä" for i in range(n)],
        "page": ["https://example.org/a"] * (n - 1) + [None],
    }
    outputs = np.random.default_rng(0).normal(size=(2, n, 3))
    gt.write_run(tmp_path / "run", outputs, np.arange(n) % 3, columns=given)
    library = Library([tmp_path / "run"], Store(tmp_path / "cache"))
    said = announcements.announce(library, "run", "softmax")
    assert [one["kind"] for one in said["columns"]] == ["number", "date", "text", "url"]
    change, taken, caption, page = said["columns"]
    assert (taken["low"], taken["missing"]) == (1706702400.0, 0)
    assert caption["names"] == [] and change["texts"] is None and page["missing"] == 1
    assert sorted(json.loads(bytes(values(library, caption["texts"])))) == sorted(given["caption"])
    table = values(library, said["splits"]["train"]["columns"])
    assert np.isnan(table[3, -1]) and table[3, 0] == 0
    offered = [one["value"] for one in said["colorings"]]
    assert "column-1" in offered and not {"column-2", "column-3"} & set(offered)
