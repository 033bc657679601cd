"""``views.json``: what is in it is checked, and what is wrong is named."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

import gt
from gt.cache.store import Store
from gt.errors import RunError
from gt.kept.ship import VIEWS, ship_run
from gt.run import write_run
from gt.serve.library import Library
from gt.views.shown import not_shown, presets, tour_views
from gt.views.stored import LARGEST, read_views

VIEW = {
    "name": "a and b",
    "text": "They part.",
    "layer": "softmax",
    "handles": ["a", "b"],
    "epochs": [0, 2],
    "show": [],
}
PRESET = {"name": "Late", "text": "See.", "epochs": [0, 1], "classes": ["a"], "handles": []}


@pytest.fixture
def run(tmp_path):
    rng = np.random.default_rng(0)
    outputs = rng.normal(size=(3, 12, 3)).astype(np.float32)
    write_run(tmp_path / "mine", outputs, np.arange(12) % 3, classes=["a", "b", "c"])
    return gt.open_run(tmp_path / "mine")


def put(run, **parts):
    (run.path / VIEWS).write_text(json.dumps({"uid": run.uid, **parts}), "utf-8")


def test_views_of_ones_own_are_shown_and_no_others(run, tmp_path):
    library = Library([run.path], Store(tmp_path / "cache"))
    made = tour_views(library, "mine")
    put(run, tour=[VIEW], compare=[PRESET])
    assert read_views(run)["tour"] == [VIEW]
    assert tour_views(library, "mine") == [VIEW] != made
    assert presets(library) == [{**PRESET, "run": "mine"}]
    put(run)
    assert tour_views(library, "mine") == [] == presets(library)


@pytest.mark.parametrize(
    "change",
    [{"handles": ["z"]}, {"epochs": [9]}, {"layer": "conv1"}, {"show": ["z"]}],
)
def test_a_view_that_does_not_fit_is_left_out(run, tmp_path, change):
    library = Library([run.path], Store(tmp_path / "cache"))
    put(run, tour=[{**VIEW, **change}, VIEW])
    assert tour_views(library, "mine") == [VIEW]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "must be JSON"),
        (b"\xff", "must be JSON"),
        (b"[" * 5000, "nests too deep"),
        (b'{"uid": NaN}', "no number"),
        (b"[]", "views must be an object"),
        (b"{}", "views.uid is missing"),
        (b'{"uid": "0"}', "must be of the recording"),
        (b" " * (LARGEST + 1), f"at most {LARGEST} bytes"),
    ],
)
def test_what_is_no_file_of_views_is_refused_by_name(run, content, said):
    (run.path / VIEWS).write_bytes(content)
    with pytest.raises(RunError, match=said):
        read_views(run)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"tour": [{**VIEW, "epochs": "all"}]}, r"views.tour\[0\].epochs must be a list"),
        ({"tour": [VIEW, {"name": "x"}]}, r"views.tour\[1\].epochs is missing"),
        ({"tour": [{**VIEW, "name": "x" * 81}]}, "1 to 80 characters, it has 81"),
        ({"tour": [{**VIEW, "text": ""}]}, "1 to 600 characters, it has 0"),
        ({"tour": [{**VIEW, "epochs": []}]}, "must name an epoch"),
        ({"tour": [{**VIEW, "handles": []}]}, "must name a class"),
        ({"layers": [{**VIEW, "states": ["x"]}]}, "an epoch for each of its 1 states"),
        ({"layers": [{**VIEW, "states": ["x", "y"], "pair": ["a"]}]}, "must be two classes"),
        ({"compare": [{**PRESET, "classes": 5}]}, "classes must be a list"),
    ],
)
def test_what_is_wrong_is_named_and_the_run_is_shown_all_the_same(run, tmp_path, parts, said):
    library = Library([run.path], Store(tmp_path / "cache"))
    made = tour_views(library, "mine")
    put(run, **parts)
    with pytest.raises(RunError, match=said):
        read_views(run)
    assert tour_views(library, "mine") == made
    [(name, reason)] = not_shown(library)
    assert name == f"mine/{VIEWS}" and str(tmp_path) not in reason


def test_a_folder_in_the_files_place_is_told(run):
    (run.path / VIEWS).mkdir()
    assert read_views(run) is None


def test_views_go_along_when_a_run_is_shipped_and_stay_bound_to_it(run, tmp_path):
    put(run, tour=[VIEW])
    copy = ship_run(run.path, tmp_path / "shipped")
    assert read_views(copy)["tour"] == [VIEW]
    outputs = np.zeros((1, 3, 3), np.float32)
    write_run(tmp_path / "other", outputs, np.arange(3), classes=["a", "b", "c"])
    shutil.copyfile(run.path / VIEWS, tmp_path / "other" / VIEWS)
    with pytest.raises(RunError, match="must be of the recording"):
        read_views(gt.open_run(tmp_path / "other"))
