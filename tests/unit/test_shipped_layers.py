"""The layers of the three runs that ship: what they hold, how large they are, that nothing in them turns or jumps."""

from __future__ import annotations

import numpy as np
import pytest

from gt.kept.alignment import open_alignment
from gt.run import open_run
from tests.unit.test_packaging import ROOT

RUNS = ["mnist", "fashion-mnist", "cifar10"]
MOST_BYTES = 25 * 10**6
MOST_SLICE = 70 * 1024


def shipped(name):
    folder = ROOT / "precomputed" / name
    return open_run(folder), open_alignment(folder / "alignments" / "test")


def at_reference(one):
    return one.epochs.tolist().index(one.recipe.reference)


@pytest.mark.parametrize("name", RUNS)
def test_a_run_brings_500_test_points_in_50_epochs_at_every_layer(name):
    run, one = shipped(name)
    assert one.fits(run)
    assert one.epochs.tolist() == list(range(0, 100, 2))
    rows = one.rows(run)
    assert len(rows) == 500 and (run.splits[rows] == 1).all()
    assert (np.bincount(run.labels[rows]) == 50).all()
    assert [one.states[0].name, one.states[-1].name] == ["input", "softmax"]
    assert len(one.states) == (13 if name == "cifar10" else 12)
    assert one.opposite_n == 500
    assert 2 * 500 * one.k <= MOST_SLICE  # 16 bits a coordinate on the wire


def test_together_they_are_small_enough():
    files = [
        path
        for name in RUNS
        for path in (ROOT / "precomputed" / name / "alignments").rglob("*")
        if path.is_file()
    ]
    assert 10**6 < sum(path.stat().st_size for path in files) <= MOST_BYTES


@pytest.mark.parametrize("name", RUNS)
def test_the_last_state_is_what_the_run_itself_says(name):
    run, one = shipped(name)
    rows = one.rows(run)
    last = len(one.states) - 1
    for at, index in list(enumerate(one.epoch_indices(run)))[::7]:
        said = run.activations("softmax", index)[rows]
        np.testing.assert_allclose(one.turned(last, at)[:, : len(run.classes)], said, atol=5e-4)


@pytest.mark.parametrize("name", RUNS)
def test_there_and_back_through_all_layers_returns_the_frame(name):
    _, one = shipped(name)
    frame = np.linalg.qr(np.random.default_rng(1).standard_normal((one.k, one.k)))[0]
    now = frame
    steps = [a @ b.T for a, b in zip(one.turns, one.turns[1:], strict=False)]
    for step in steps:
        now = step.T @ now
    for step in reversed(steps):
        now = step @ now
    np.testing.assert_allclose(now, frame, atol=1e-6)
    for turn in one.turns:
        np.testing.assert_allclose(turn @ turn.T, np.eye(one.k), atol=1e-10)


def linear_layers():
    for name in RUNS:
        _, one = shipped(name)
        for i, passage in enumerate(one.transitions):
            if passage.kind == "Linear" and one.states[i + 1].classes:
                yield pytest.param(name, i, id=f"{name}-{one.states[i + 1].name}")


@pytest.mark.parametrize(("name", "at"), list(linear_layers()))
def test_the_last_linear_layer_only_stretches_in_the_shared_axes(name, at):
    """In them Y = X S + b with S symmetric and not negative: a scaling along orthogonal directions, and no turn."""
    run, one = shipped(name)
    epoch, classes = at_reference(one), len(run.classes)
    before = one.turned(at, epoch) * one.states[at].scale
    behind = (one.turned(at + 1, epoch) * one.states[at + 1].scale)[:, :classes]
    known = np.hstack([before, np.ones((len(before), 1))])
    found, *_ = np.linalg.lstsq(known, behind, rcond=None)
    off = behind - known @ found
    assert np.abs(off).max() < 2e-3 * np.abs(behind).max()  # what rounding for the disk leaves
    stretch = found[:classes]
    largest = np.abs(stretch).max()
    assert np.abs(stretch - stretch.T).max() < 0.01 * largest
    assert np.linalg.eigvalsh((stretch + stretch.T) / 2).min() > -0.01 * largest
    assert np.abs(found[classes:-1]).max() < 0.01 * largest  # nothing from the other coordinates
    sigma = np.array(one.transitions[at].sigma[:classes])
    np.testing.assert_allclose(
        np.linalg.eigvalsh((stretch + stretch.T) / 2)[::-1], sigma, rtol=0.02
    )


@pytest.mark.parametrize("name", RUNS)
def test_aligned_points_move_less_than_naive_ones(name):
    _, one = shipped(name)
    for passage in one.transitions:
        aligned, naive = passage.moved
        if passage.how in ("value", "softmax"):
            assert aligned == pytest.approx(naive, rel=1e-5)
        else:
            assert aligned < naive


@pytest.mark.parametrize("name", RUNS)
def test_no_layer_that_changes_values_is_called_an_identity(name):
    _, one = shipped(name)
    for passage in one.transitions:
        assert passage.how != "identity"
        assert (passage.how == "value") == (passage.kind == "ReLU")
        assert passage.kind != "ReLU" or (passage.exact, passage.sigma) == (0, ())
