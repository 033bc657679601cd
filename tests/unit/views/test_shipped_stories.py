"""The stories that ship: what they show is there, and what they say is so."""

from __future__ import annotations

from urllib.parse import parse_qs

import numpy as np
import pytest

from gt.kept.attack import KEY, attack_of
from gt.kept.stories import read_stories
from gt.run import open_run
from tests.unit.test_packaging import ROOT

SHIPPED = ROOT / "precomputed"
RUNS = ("mnist", "fashion-mnist", "cifar10", "mnist-8-to-0", "cifar10-pgd")
DRAWN = ("grand-tour", "layers", "compare", "adversarial", "training")  # pages that make pictures


def story(name):
    [kept], problems = read_stories(open_run(SHIPPED / name))
    assert not problems
    return kept.story


def told(name, title):
    return next(view.text for view in story(name).views if view.title == title)


def softmax(run, epoch, names):
    """What the points of some classes, of both splits, are given at all classes, ``(m, k)``, and their labels."""
    which = [run.classes.index(name) for name in names]
    rows = np.isin(run.labels, which)
    return run.activations("softmax", int(np.flatnonzero(run.epochs == epoch)[0]))[rows][:, which]


@pytest.mark.parametrize("name", RUNS)
def test_a_story_shows_what_the_run_has(name):
    run = open_run(SHIPPED / name)
    for view in story(name).views:
        asked = parse_qs(view.query)
        assert asked["run"] == [name]
        epochs = asked.get("epoch", []) + asked.get("epochs", [""])[0].split(".")
        assert {float(one) for one in epochs if one} <= set(run.epochs.tolist())
        assert (view.page == "adversarial") == (KEY in run.made)
        assert view.text and view.alt and (view.picture is not None) == (view.page in DRAWN)
        assert "play=0" in view.query or view.page not in ("grand-tour", "layers", "adversarial")


@pytest.mark.parametrize("name", RUNS[:2])
def test_how_far_points_move_in_the_first_epoch_is_so(name):
    run = open_run(SHIPPED / name)
    before, after = (run.activations("softmax", i) for i in (0, 1))
    moved = np.linalg.norm(after - before, axis=1).mean()
    assert f"they move {moved:.3f} in the mean" in story(name).views[0].text


def test_the_late_digits_come_as_told():
    run = open_run(SHIPPED / "mnist")
    at = run.history.class_accuracy[:, 1]
    late = [run.classes.index(digit) for digit in "51"]
    said = told("mnist", "Two classes are late")
    assert np.delete(at[8], late).min() >= 0.86 and at[8, late].max() < 0.01
    for digit, c, epoch in zip("51", late, (21, 28), strict=True):
        jump = " to ".join(f"{100 * at[e, c]:.1f} %" for e in (epoch - 1, epoch))
        assert f"the {digit}s" in said.lower() and f"at epoch {epoch}, from {jump}" in said
        before, after = (softmax(run, e, [digit]).mean() for e in (epoch - 1, epoch))
        assert f"{before:.2f} to {after:.2f}" in told("mnist", f"Epoch {epoch}: the {digit}s")
    assert f"{100 * run.history.accuracy[-1, 1]:.1f} %" in told("mnist", "Where they end")


def test_three_kinds_at_once_are_as_many_as_told():
    run = open_run(SHIPPED / "fashion-mnist")
    shoes, tops = ["sandal", "sneaker", "ankle boot"], ["pullover", "coat", "shirt"]
    for title, epoch, names in (
        ("Epoch 5: sandal, sneaker, ankle boot", 5, shoes),
        ("Epoch 18: the middle has emptied", 18, shoes),
        ("Epoch 8: pullover, coat, shirt", 8, tops),
        ("Epoch 99: tops stay in between", 99, tops),
    ):
        share = 100 * float((softmax(run, epoch, names).min(axis=1) > 0.1).mean())
        assert f"{round(share)} %" in told("fashion-mnist", title)
    ends = " and ".join(f"{100 * x:.1f} %" for x in run.history.accuracy[-1])
    assert ends.replace(" and ", " of the training images and ") in told(
        "fashion-mnist", "Most is learnt early"
    )


def test_a_network_learns_by_heart_as_told():
    history = open_run(SHIPPED / "cifar10").history
    said = told("cifar10", "Better, and then only by heart")
    best = int(history.accuracy[:, 1].argmax())
    ends = [f"{100 * x:.1f} %" for x in (*history.accuracy[-1], history.accuracy[best, 1])]
    assert all(one in said for one in ends)
    assert f"best at epoch {best}" in said
    assert f"least at epoch {int(history.loss[:, 1].argmin())} " in said


@pytest.mark.parametrize("name", RUNS[3:])
def test_attacks_succeed_as_often_as_told(name):
    run = open_run(SHIPPED / name)
    rows = np.flatnonzero(np.isin(run.ids, attack_of(run).ids))
    last = run.activations("logits", len(run.epochs) - 1)[rows].argmax(1)
    taken = last == 0 if name == "mnist-8-to-0" else last != run.labels[rows]
    assert any(f"{taken.sum()} of {len(rows)}" in view.title for view in story(name).views)
