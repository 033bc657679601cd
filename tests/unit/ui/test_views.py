"""The named views fit the runs that ship: their classes, their epochs, and what their sentences say."""

from pathlib import Path

import numpy as np
import pytest

import gt
from gt.ui.views import VIEWS

SHIPPED = Path(__file__).parents[3] / "precomputed"
ALL = [(run, view) for run, views in VIEWS.items() for view in views]


@pytest.fixture(scope="module")
def runs():
    return {name: gt.open_run(SHIPPED / name) for name in VIEWS}


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
    assert after > 0.85


def middle(run, view, split):
    """Share of a view's points that give each of its three classes at least a tenth."""
    return float((shares(run, view["epochs"][0], view["handles"], split).min(axis=1) > 0.1).mean())


def test_the_shoes_leave_their_triangle_empty_and_the_tops_fill_theirs(runs):
    shoes, tops = VIEWS["fashion-mnist"]
    for split in (0, 1):
        assert middle(runs["fashion-mnist"], shoes, split) < 0.02
        assert middle(runs["fashion-mnist"], tops, split) > 0.1


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
    assert found[1][1] > 2 * found[0][1]  # in the wrong one
