"""The named views fit the runs that ship: their classes, their epochs, and what their sentences say."""

import re
from pathlib import Path

import numpy as np
import pytest
from gt.ui.compare.presets import PRESETS, presets_of
from gt.ui.shipped import CIFAR10, FASHION_MNIST, MNIST
from gt.ui.tour.views import VIEWS, views_of

import gt
from gt.run import write_run

SHIPPED = Path(__file__).parents[4] / "precomputed"
NAMES = {"mnist": MNIST, "fashion-mnist": FASHION_MNIST, "cifar10": CIFAR10}
ALL = [(run, view) for run, uid in NAMES.items() for view in VIEWS[uid]]


@pytest.fixture(scope="module")
def runs():
    return {name: gt.open_run(SHIPPED / name) for name in NAMES}


def test_a_shipped_run_keeps_its_views_and_presets_wherever_it_lies(runs):
    for name, run in runs.items():
        assert run.uid == NAMES[name]
        assert views_of([run]) == {name: VIEWS[run.uid]} and VIEWS[run.uid]
        moved = run.renamed("elsewhere")
        assert views_of([moved]) == {"elsewhere": VIEWS[run.uid]}
        [preset] = presets_of([moved])
        [original] = [one for one in PRESETS if one["run"] == run.uid]
        assert preset == {**original, "run": "elsewhere"}
        both = presets_of([run, moved])
        assert [one["name"] for one in both] == [
            f"{original['name']} ({name})",
            f"{original['name']} (elsewhere)",
        ]


def test_a_run_of_ones_own_is_not_told_what_is_of_another(tmp_path):
    e, n = 100, 20
    outputs = np.random.default_rng(0).normal(size=(e, n, 10)).astype(np.float32)
    own = write_run(
        tmp_path / "mnist", outputs, np.arange(n) % 10, classes=[str(c) for c in range(10)]
    )
    own = gt.open_run(tmp_path / "mnist")
    assert own.name == "mnist"
    assert views_of([own]) == {"mnist": []} and presets_of([own]) == []


def test_a_part_of_a_shipped_run_has_the_views_that_it_can_show(runs):
    part = runs["mnist"].renamed("part")
    part.epochs = part.epochs[:9]
    assert [view["name"] for view in views_of([part])["part"]] == ["5 is learnt"]
    assert presets_of([part]) == []


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


@pytest.mark.parametrize("view", VIEWS[MNIST], ids=lambda view: view["name"])
def test_the_late_digit_jumps_between_the_two_epochs(runs, view):
    digit = view["name"].split()[0]
    before, after = (
        np.mean(np.vstack([shares(runs["mnist"], epoch, [digit], split) for split in (0, 1)]))
        for epoch in view["epochs"]
    )
    assert before < 0.15
    assert after > 0.85


def middle(run, view, split):
    """Share of a view's points that give each of its three classes at least a tenth."""
    return float((shares(run, view["epochs"][0], view["handles"], split).min(axis=1) > 0.1).mean())


def test_the_shoes_leave_their_triangle_empty_and_the_tops_fill_theirs(runs):
    shoes, tops = VIEWS[FASHION_MNIST]
    for split in (0, 1):
        assert middle(runs["fashion-mnist"], shoes, split) < 0.02
        assert middle(runs["fashion-mnist"], tops, split) > 0.1


@pytest.mark.parametrize("view", VIEWS[CIFAR10], ids=lambda view: view["name"])
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
    [preset] = [one for one in PRESETS if one["run"] == FASHION_MNIST]
    which = [run.classes.index(name) for name in preset["classes"]]
    rows = np.isin(run.labels, which) & (run.splits == 1)
    for epoch in (2, 99):
        said = run.activations("softmax", int(np.flatnonzero(run.epochs == epoch)[0]))[rows].argmax(
            1
        )
        share = (np.isin(said, which) & (said != run.labels[rows])).mean()
        assert f"{100 * share:.0f} %" in preset["text"] and f"epoch {epoch}" in preset["text"]
