"""Whatever a run's descriptions say, it opens or a ``RunError`` says why, quickly and in little memory.

``GT_EXAMPLES=5000 pytest tests/unit/run/test_fuzz_description.py`` tries more than a usual run does.
"""

import json
import os
import shutil
import tracemalloc
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gt
from gt.run import RunError
from gt.run.task import TASKS
from tests import task_runs
from tests.small_run import make
from tests.thoroughly import thoroughly

EXAMPLES = int(os.environ.get("GT_EXAMPLES", "150"))
TRIED: Counter[str] = Counter()
LIMIT = 100 * 10**6  # bytes, for a run of some kilobytes

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 12),
    st.sampled_from([2**31, 2**53, 2**63, 2**64, 10**18, 10**30, -1, -(2**70)]),
    st.floats(),
    st.text(max_size=4),
    st.sampled_from(
        ["../../x", "/etc/passwd", "\0", "\ud800", "NaN", "softmax", "a", "b", "ids", "r*"]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


def places(value, path=()):
    """Every place in a description, as the keys that lead there."""
    yield path
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, one in inner:
        yield from places(one, (*path, key))


def changed(value, path, new):
    """The description with another value at a place, or without it."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    if len(path) == 1 and new is places:
        del copy[path[0]]
    else:
        copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    path = make(tmp_path_factory.mktemp("fuzz") / "run")
    yield path
    print(f"\n{sum(TRIED.values())} tried: {dict(TRIED)}")


@thoroughly(EXAMPLES)
@given(data=st.data())
def test_no_description_does_more_than_not_open(run, data):
    arrays = ["", "ids", "labels", "splits", "images", "activations/001", "weights/000"]
    array = data.draw(st.sampled_from([*arrays, "", "", "history/loss", "history"]), "array")
    file = run / array / "zarr.json"
    before = file.read_text()
    said = json.loads(before)
    for _ in range(data.draw(st.integers(1, 3), "changes")):
        at = data.draw(st.sampled_from(list(places(said))), "at")
        said = changed(
            said, at, data.draw(st.just(places) | values, "new") if at else data.draw(values)
        )
        if not isinstance(said, dict | list):
            break
    tracemalloc.start()
    try:
        file.write_text(json.dumps(said))
        opened = gt.open_run(run)
        opened.check()
        TRIED["opened"] += 1
    except RunError as error:
        TRIED["refused"] += 1
        assert len(str(error)) < 2000
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        file.write_text(before)
    assert peak < LIMIT


@thoroughly(max(20, EXAMPLES // 3))
@given(data=st.data())
def test_no_damage_to_a_file_does_more_than_not_open(run, data):
    files = sorted(p for p in run.rglob("*") if p.is_file())
    file = data.draw(st.sampled_from(files), "file")
    before = file.read_bytes()
    raw = bytearray(before)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at] = data.draw(st.integers(0, 255))
    try:
        file.write_bytes(raw[: data.draw(st.integers(0, len(raw)) | st.just(len(raw)))])
        gt.open_run(run).check()
        TRIED["opened"] += 1
    except RunError:
        TRIED["refused"] += 1
    finally:
        file.write_bytes(before)


@pytest.fixture(scope="module")
def runs_of_tasks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzz-tasks")
    return {task: task_runs.make(folder / task, task, unit="step") for task in TASKS}


@thoroughly(EXAMPLES)
@given(data=st.data())
def test_no_description_of_a_task_does_more_than_not_open(runs_of_tasks, data):
    run = runs_of_tasks[data.draw(st.sampled_from(TASKS), "task")]
    here = ["", "", "", "targets", "columns/000", "columns/001"]
    array = data.draw(st.sampled_from([one for one in here if (run / one).exists()]), "array")
    file = run / array / "zarr.json"
    before = file.read_text()
    said = json.loads(before)
    within = said["attributes"] if not array else said
    keys = [*(("task", "axes", "unit", "columns") if not array else said)]
    at = data.draw(
        st.sampled_from([p for p in places(within) if p and p[0] in keys] or [("task",)])
    )
    new = data.draw(st.just(places) | st.sampled_from([*TASKS, "step", -1, []]) | values, "new")
    if at[0] not in within:
        new = None if new is places else new
        within = {**within, at[0]: new}
    else:
        within = changed(within, at, new)
    try:
        file.write_text(json.dumps({**said, "attributes": within} if not array else within))
        opened = gt.open_run(run)
        opened.check()
        assert opened.layer(opened.last).shape == (len(opened.axes),)
        assert opened.labels.max() < len(opened.classes)
        TRIED["opened"] += 1
    except RunError as error:
        TRIED["refused"] += 1
        assert len(str(error)) < 2000
    finally:
        file.write_text(before)


def test_the_run_itself_is_whole(run, tmp_path):
    copy = shutil.copytree(run, tmp_path / "run")
    gt.open_run(copy).check()
    assert np.isfinite(gt.open_run(copy).history.loss[:, 0]).all()
