"""The named views fit the runs that ship: their classes, their epochs, and what their sentences say."""

import re
from pathlib import Path

import numpy as np
import pytest

import gt
from gt.cache.store import Store
from gt.serve.library import Library
from gt.views.shown import presets, tour_views
from gt.views.stored import read_views

SHIPPED = Path(__file__).parents[3] / "precomputed"
NAMES = ("mnist", "fashion-mnist", "cifar10")
STORED = {name: read_views(gt.open_run(SHIPPED / name)) for name in NAMES}
VIEWS = {name: STORED[name]["tour"] for name in NAMES}
ALL = [(run, view) for run in NAMES for view in VIEWS[run]]


@pytest.fixture(scope="module")
def runs():
    return {name: gt.open_run(SHIPPED / name) for name in NAMES}


def test_a_shipped_run_keeps_its_views_and_presets_wherever_it_lies(tmp_path, monkeypatch):
    library = Library([SHIPPED], Store(tmp_path / "cache"))
    here = dict(library.runs)
    for name in NAMES:
        monkeypatch.setattr(Library, "runs", {**here, "elsewhere": here[name].renamed("elsewhere")})
        assert tour_views(library, name) == tour_views(library, "elsewhere") == VIEWS[name]
        [original] = STORED[name]["compare"]
        told = [one for one in presets(library) if one["run"] in ("elsewhere", name)]
        assert told == [
            {**original, "run": run, "name": f"{original['name']} ({run})"}
            for run in (name, "elsewhere")
        ]


def test_a_part_of_a_shipped_run_has_the_views_that_it_can_show(tmp_path):
    library = Library([SHIPPED / "mnist"], Store(tmp_path / "cache"))
    library.runs["mnist"].epochs = library.runs["mnist"].epochs[:23]
    assert [view["name"] for view in tour_views(library, "mnist")] == ["5 is learnt"]
    assert presets(library) == []


def shares(run, epoch, names, split):
    """Softmax of the points of some classes at those classes, shape (m, len(names))."""
    which = [run.classes.index(name) for name in names]
    rows = np.isin(run.labels, which) & (run.splits == split)
    return run.activations("softmax", int(np.flatnonzero(run.epochs == epoch)[0]))[rows][:, which]


@pytest.mark.parametrize(("name", "view"), ALL, ids=[view["name"] for _, view in ALL])
def test_classes_layer_and_epochs_are_those_of_the_run(runs, name, view):
    run = runs[name]
    assert set(view["handles"]) | set(view["show"]) <= set(run.classes)
    assert set(view["epochs"]) <= set(run.epochs.tolist())
    assert view["layer"] in [layer.name for layer in run.layers]


@pytest.mark.parametrize("view", VIEWS["mnist"], ids=lambda view: view["name"])
def test_the_late_digit_jumps_between_the_two_epochs(runs, view):
    digit = view["name"].split()[0]
    before, after = (
        np.mean(np.vstack([shares(runs["mnist"], epoch, [digit], split) for split in (0, 1)]))
        for epoch in view["epochs"]
    )
    assert before < 0.15
    assert after > 0.7
    assert f"{before:.2f} to {after:.2f}" in view["text"]


def middle(run, epoch, names):
    """Percent of the points of three classes that give each of the three more than a tenth."""
    both = np.vstack([shares(run, epoch, names, split) for split in (0, 1)])
    return 100 * float((both.min(axis=1) > 0.1).mean())


def test_the_shoes_leave_their_triangle_empty_and_the_tops_fill_theirs_to_the_end(runs):
    run = runs["fashion-mnist"]
    shoes, tops = VIEWS["fashion-mnist"]
    for view, epochs in ((shoes, (5, 18, 99)), (tops, (8, 99))):
        said = [middle(run, epoch, view["handles"]) for epoch in epochs]
        assert [int(one) for one in re.findall(r"(\d+) %", view["text"])] == [
            round(one) for one in said
        ]


def sure_of_three(run, epoch, names):
    """Of all points with more than 0.9 on three classes the percent that give each of them more than a tenth."""
    which = [run.classes.index(name) for name in names]
    softmax = run.activations("softmax", int(np.flatnonzero(run.epochs == epoch)[0]))[:, which]
    return 100 * float((softmax[softmax.sum(1) > 0.9].min(1) > 0.1).mean())


def test_three_kinds_of_shoe_are_confused_at_first_and_three_of_tops_to_the_end(runs):
    run = runs["fashion-mnist"]
    shoes, tops = (view["handles"] for view in VIEWS["fashion-mnist"])
    assert sure_of_three(run, 5, shoes) >= 10 > 2 >= sure_of_three(run, 99, shoes)
    assert sure_of_three(run, 99, tops) >= 20


@pytest.mark.parametrize("view", VIEWS["cifar10"], ids=lambda view: view["name"])
def test_test_points_sit_in_the_wrong_corner_or_elsewhere_far_more_often(runs, view):
    run = runs["cifar10"]
    epoch = int(np.flatnonzero(run.epochs == view["epochs"][0])[0])
    which = [run.classes.index(name) for name in view["handles"]]
    found = {}
    for split in (0, 1):
        rows = np.isin(run.labels, which) & (run.splits == split)
        softmax = run.activations("softmax", epoch)[rows]
        own = softmax[np.arange(rows.sum()), run.labels[rows]]
        other = softmax[:, which].sum(axis=1) - own
        found[split] = float((own > 0.5).mean()), float((other > 0.5).mean())
    assert found[0][0] > 0.8 > found[1][0] + 0.1  # in their own corner: training, test
    if view["name"] == "Cat and dog":  # whose sentence counts them
        rows = np.isin(run.labels, which) & (run.splits == 1)
        elsewhere = (run.activations("softmax", epoch)[rows][:, which].sum(axis=1) < 0.5).mean()
        shares = (found[0][0], found[1][0], found[1][1], elsewhere)
        numbers = [int(number) for number in re.findall(r"\d+", view["text"])]
        assert [number for number in numbers if number != 200] == [round(200 * x) for x in shares]
    assert found[1][1] > 2 * found[0][1]  # in the wrong one


def test_the_shoes_of_the_comparison_are_mistaken_for_each_other_as_often_as_it_says(runs):
    run = runs["fashion-mnist"]
    [preset] = STORED["fashion-mnist"]["compare"]
    which = [run.classes.index(name) for name in preset["classes"]]
    rows = np.isin(run.labels, which) & (run.splits == 1)
    for epoch in (5, 99):
        said = run.activations("softmax", int(np.flatnonzero(run.epochs == epoch)[0]))[rows].argmax(
            1
        )
        share = (np.isin(said, which) & (said != run.labels[rows])).mean()
        assert f"{100 * share:.0f} %" in preset["text"] and f"epoch {epoch}" in preset["text"]
