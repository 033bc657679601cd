"""The motion of attacked points against the stored tensors of an attack."""

from dataclasses import replace

import numpy as np
import pytest

from gt.align.align_run import align_run, plan
from gt.kept.attack import AttackRecipe, attack_of
from gt.measure.attacks.curves import MEANINGS, between_classes, distances, motion
from gt.run import RunError

torch = pytest.importorskip("torch")
attackable = pytest.importorskip("tests.attackable")
one_thread = attackable.one_thread
from gt.attack.choice import attack_run  # noqa: E402

RECIPE = AttackRecipe("fgsm", 0.5, 0.1, 4, "bar", "cross", 10, 20)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return attackable.record(tmp_path_factory.mktemp("curves") / "shapes")


@pytest.fixture(scope="module")
def attack(source):
    return attack_of(attack_run(source, source.path.parent / "attack", RECIPE))


def pairwise(x, labels):
    return np.mean([
        np.linalg.norm(x[i] - x[j])
        for i in range(len(x)) for j in range(i) if labels[i] != labels[j]
    ])  # fmt: skip


def test_motion_is_measured_in_every_layer_against_the_distance_between_classes(attack):
    moved, run = motion(attack), attack.run
    assert moved.shape == (len(run.layers), 5, 10)
    for i, layer in enumerate(run.layers):
        first, last = (
            run.activations(layer.name, s).reshape(run.n, -1).astype(float) for s in (0, 4)
        )
        far = np.linalg.norm(last - first, axis=1)[attack.rows]
        np.testing.assert_allclose(
            moved[i, 4], far / pairwise(first, run.labels), err_msg=layer.name
        )
    assert (moved[:, 0] == 0).all() and (moved.mean(2)[:, 1:] > 0).all()


def test_an_alignment_gives_the_motion_that_is_drawn(attack, tmp_path):
    run = attack.run
    aligned = align_run(run, plan(run, reference=0, k=6), folder=tmp_path)
    drawn, whole = motion(attack, aligned), motion(attack)
    rows = aligned.rows(run)
    moving = np.isin(aligned.ids, attack.ids)
    for state, one in enumerate(aligned.states):
        first, now = aligned.turned(state, 0), aligned.turned(state, 3)
        far = np.linalg.norm(now - first, axis=1)[moving].mean()
        expected = far / pairwise(first, run.labels[rows])
        assert drawn[state, 3].mean() == pytest.approx(expected), one.name
    states, layers = ([one.name for one in both] for both in (aligned.states, run.layers))
    for name in ("logits", "softmax"):  # all their coordinates are drawn
        a, b = drawn[states.index(name)], whole[layers.index(name)]
        np.testing.assert_allclose(a.mean(1), b.mean(1), rtol=1e-3, err_msg=name)
    a, b = drawn[states.index("input")], whole[layers.index("input")]
    assert (a[1:].mean(1) < b[1:].mean(1)).all()  # an attack moves in other directions too


def test_steps_and_points_that_an_alignment_lacks_are_not_known(attack, tmp_path):
    run = attack.run
    aligned = align_run(run, plan(run, reference=0, k=6, every=2, points=9), folder=tmp_path)
    moved, there = motion(attack, aligned), np.isin(attack.ids, aligned.ids)
    assert np.isnan(moved[:, [1, 3]]).all() and np.isfinite(moved[:, [0, 2, 4]][..., there]).all()
    gone = attack.ids[~there]
    assert 0 < len(gone) < 10
    assert np.isnan(motion(attack, aligned, gone)).all()


def test_a_selection_has_its_own_motion(attack):
    whole, clean = motion(attack), int(attack.run.ids[~attack.attacked][0])
    found = motion(attack, ids=[*attack.ids[:3], clean])
    np.testing.assert_array_equal(found, whole[:, :, :3])
    with pytest.raises(RunError, match="motion: ids must hold one of the 10 attacked"):
        motion(attack, ids=[clean])


def test_an_alignment_of_something_else_is_refused(attack, source, tmp_path):
    other = align_run(source, plan(source, k=6), folder=tmp_path)
    with pytest.raises(RunError, match="alignment must be of attack from step 0 on, got test"):
        motion(attack, other)
    late = replace(other, owner=attack.run.uid, ids=attack.run.ids, epochs=np.array([1], np.int32))
    with pytest.raises(RunError, match="from 1 on"):
        motion(attack, late)


def test_a_layer_in_which_nothing_differs_cannot_be_compared():
    rng = np.random.default_rng(0)
    labels = np.arange(6) % 2
    still = np.full((6, 3), 0.1)
    assert between_classes(still, labels) == 0
    assert np.isnan(between_classes(rng.normal(size=(6, 3)), np.zeros(6)))
    far, apart = distances(lambda step: still + step, 3, labels, np.array([0, 4]))
    np.testing.assert_allclose(far, np.sqrt(3) * np.repeat([[0], [1], [2]], 2, 1))
    assert apart == 0
    assert distances(lambda step: still, 3, labels, np.array([], int))[0].shape == (3, 0)


@pytest.mark.parametrize("block", [1, 7, 512])
def test_distances_are_the_same_in_blocks(monkeypatch, block):
    monkeypatch.setattr("gt.measure.attacks.curves.BLOCK", block)
    rng = np.random.default_rng(1)
    x, labels = rng.normal(size=(25, 4)) + 1000, rng.integers(0, 3, 25)
    assert between_classes(x, labels) == pytest.approx(pairwise(x, labels))


def test_what_does_not_fit_is_named():
    with pytest.raises(ValueError, match="labels and places must have as many points, got 4 and 3"):
        distances(lambda step: np.zeros((3, 2)), 1, np.zeros(4), np.array([0]))
    with pytest.raises(ValueError, match="places at step 1 must be finite"):
        distances(lambda step: np.ones((3, 2)) / (1 - step) if step < 1 else np.full((3, 2), np.nan),
               2, np.arange(3), np.array([0]))  # fmt: skip


def test_every_curve_has_its_meaning():
    assert set(MEANINGS) == {"success", "source_confidence", "target_confidence", "moved"}
