"""Curves of an attack against its stored tensors; where it takes hold, against what was planted."""

from dataclasses import replace

import numpy as np
import pytest

from gt.align.align_run import align_run, plan
from gt.kept.attack import AttackRecipe, attack_of
from gt.measure.attacks.curves import MEANINGS, attack_curves, between_classes, travel
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


def test_success_and_confidence_are_those_of_the_stored_outputs(attack):
    curves, run = attack_curves(attack), attack.run
    np.testing.assert_array_equal(curves.steps, [0, 1, 2, 3, 4])
    np.testing.assert_array_equal(curves.ids, attack.ids)
    for step in range(5):
        p = run.activations("softmax", step)[attack.rows].astype(float)
        assert curves.success[step] == (p.argmax(1) == 1).mean()
        assert curves.source_confidence[step] == pytest.approx(p[:, 0].mean())
        assert curves.target_confidence[step] == pytest.approx(p[:, 1].mean())
    assert curves.success[0] == 0 and curves.success[-1] > 0.5


def test_motion_is_measured_in_every_layer_against_the_distance_between_classes(attack):
    curves, run = attack_curves(attack), attack.run
    assert curves.states == tuple(layer.name for layer in run.layers)
    assert curves.moved.shape == (len(run.layers), 5) and curves.apart.shape == (len(run.layers),)
    for i, name in enumerate(curves.states):
        first, last = (run.activations(name, s).reshape(run.n, -1).astype(float) for s in (0, 4))
        apart = pairwise(first, run.labels)
        far = np.linalg.norm(last - first, axis=1)[attack.rows].mean()
        assert curves.apart[i] == pytest.approx(apart), name
        assert curves.moved[i, 4] == pytest.approx(far / apart), name
    assert (curves.moved[:, 0] == 0).all() and (curves.moved[:, 1:] > 0).all()


def test_an_alignment_gives_the_motion_that_is_drawn(attack, tmp_path):
    run = attack.run
    aligned = align_run(run, plan(run, reference=0, k=6), folder=tmp_path)
    curves = attack_curves(attack, aligned)
    assert curves.states == tuple(one.name for one in aligned.states)
    rows = aligned.rows(run)
    moving = np.isin(aligned.ids, attack.ids)
    for state in range(len(aligned.states)):
        first, now = aligned.turned(state, 0), aligned.turned(state, 3)
        far = np.linalg.norm(now - first, axis=1)[moving].mean()
        expected = far / pairwise(first, run.labels[rows])
        assert curves.moved[state, 3] == pytest.approx(expected), aligned.states[state].name
    whole = attack_curves(attack)
    np.testing.assert_array_equal(curves.success, whole.success)
    for name in ("logits", "softmax"):  # all their coordinates are drawn
        drawn, full = (one.moved[one.states.index(name)] for one in (curves, whole))
        np.testing.assert_allclose(drawn, full, rtol=1e-3, err_msg=name)
    drawn, full = (one.moved[one.states.index("input")] for one in (curves, whole))
    assert (drawn[1:] < full[1:]).all()  # an attack moves in other directions too


def test_steps_and_points_that_an_alignment_lacks_are_not_known(attack, tmp_path):
    run = attack.run
    aligned = align_run(run, plan(run, reference=0, k=6, every=2, points=9), folder=tmp_path)
    curves = attack_curves(attack, aligned)
    assert np.isnan(curves.moved[:, [1, 3]]).all() and np.isfinite(curves.moved[:, [0, 2, 4]]).all()
    assert np.isfinite(curves.success).all()
    gone = attack.ids[~np.isin(attack.ids, aligned.ids)]
    assert 0 < len(gone) < 10
    assert np.isnan(attack_curves(attack, aligned, gone).moved).all()
    assert np.isfinite(attack_curves(attack, aligned, gone).source_confidence).all()


def test_a_selection_has_curves_of_its_own(attack):
    whole, clean = attack_curves(attack), int(attack.run.ids[~attack.attacked][0])
    parts = attack.ids[:3], attack.ids[3:]
    a, b = (attack_curves(attack, ids=[*ids, clean]) for ids in parts)
    np.testing.assert_array_equal(a.ids, parts[0])
    for name in ("success", "source_confidence", "target_confidence", "moved"):
        mean = 0.3 * getattr(a, name) + 0.7 * getattr(b, name)
        np.testing.assert_allclose(mean, getattr(whole, name), atol=1e-9, err_msg=name)
    assert not np.allclose(a.moved, b.moved)
    np.testing.assert_array_equal(a.apart, whole.apart)
    with pytest.raises(RunError, match="attack_curves: ids must hold one of the 10 attacked"):
        attack_curves(attack, ids=[clean])


def test_without_a_target_there_is_no_confidence_in_it(source, tmp_path):
    recipe = replace(RECIPE, method="pgd-linf", source=None, target=None, steps=2)
    curves = attack_curves(attack_of(attack_run(source, tmp_path / "a", recipe)))
    assert np.isnan(curves.target_confidence).all()
    assert curves.source_confidence[-1] < curves.source_confidence[0]


def test_an_alignment_of_something_else_is_refused(attack, source, tmp_path):
    other = align_run(source, plan(source, k=6), folder=tmp_path)
    with pytest.raises(RunError, match="alignment must be of attack from step 0 on, got test"):
        attack_curves(attack, other)
    late = replace(other, owner=attack.run.uid, ids=attack.run.ids, epochs=np.array([1], np.int32))
    with pytest.raises(RunError, match="from 1 on"):
        attack_curves(attack, late)


def test_a_layer_in_which_nothing_differs_cannot_be_compared():
    rng = np.random.default_rng(0)
    labels = np.arange(6) % 2
    still = np.full((6, 3), 0.1)
    assert between_classes(still, labels) == 0
    assert np.isnan(between_classes(rng.normal(size=(6, 3)), np.zeros(6)))
    far, apart = travel(lambda step: still + step, 3, labels, np.array([0, 4]))
    np.testing.assert_allclose(far, np.sqrt(3) * np.arange(3))
    assert apart == 0
    assert np.isnan(travel(lambda step: still, 3, labels, np.array([], int))[0]).all()


@pytest.mark.parametrize("block", [1, 7, 512])
def test_distances_are_the_same_in_blocks(monkeypatch, block):
    monkeypatch.setattr("gt.measure.attacks.curves.BLOCK", block)
    rng = np.random.default_rng(1)
    x, labels = rng.normal(size=(25, 4)) + 1000, rng.integers(0, 3, 25)
    assert between_classes(x, labels) == pytest.approx(pairwise(x, labels))


def test_what_does_not_fit_is_named():
    with pytest.raises(ValueError, match="labels and places must have as many points, got 4 and 3"):
        travel(lambda step: np.zeros((3, 2)), 1, np.zeros(4), np.array([0]))
    with pytest.raises(ValueError, match="places at step 1 must be finite"):
        travel(lambda step: np.ones((3, 2)) / (1 - step) if step < 1 else np.full((3, 2), np.nan),
               2, np.arange(3), np.array([0]))  # fmt: skip


def test_every_curve_has_its_meaning():
    assert set(MEANINGS) == {"success", "source_confidence", "target_confidence", "moved"}
