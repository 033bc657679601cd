"""The attacks that ship: what they hold, what the rules of an attack ask, and that the page says what is stored."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest
import zarr

from gt.cache import wire
from gt.cache.store import Store
from gt.kept.alignment import open_alignment
from gt.kept.attack import attack_of
from gt.run import open_run
from gt.serve import tensors
from gt.serve.library import Library
from gt.ui.adversarial.note import announce_attack
from tests.unit.test_packaging import ROOT

SHIPPED = ROOT / "precomputed"
STEPS = {"mnist-8-to-0": 50, "cifar10-pgd": 25}
TRAININGS = {"mnist-8-to-0": "mnist", "cifar10-pgd": "cifar10"}
NETWORKS = ("mnist", "fashion-mnist", "cifar10")
MOST_BYTES = 10 * 10**6


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("attacks") / "tensors")
    yield Library([SHIPPED], store)
    store.close()


@cache
def stored(name):
    """An attack's arrays by plain zarr: outputs ``(e, n, k)``, labels, rows of the attacked, changes in pixels."""
    group = zarr.open_group(SHIPPED / name, mode="r")
    about = group.attrs.asdict()
    [logits] = [x["array"] for x in about["layers"] if x["name"] == "logits"]
    outputs = group[logits][:].astype(np.float64)
    softmax = np.exp(outputs - outputs.max(2, keepdims=True))
    softmax /= softmax.sum(2, keepdims=True)
    rows = [group["ids"][:].tolist().index(one) for one in group["attack/ids"][:]]
    epsilon = about["made"]["attack"]["epsilon"]
    change = np.cumsum(group["attack/change"][:].astype(np.int32), 0).astype(np.int16)
    return outputs, softmax, group["labels"][:], np.array(rows), change * (epsilon / 32767)


def tensor(library, entry, dtype=None, shape=None):
    raw = wire.unpack(tensors.packed(library, entry["url"].removeprefix("tensors/")))
    return np.frombuffer(raw, dtype or entry["dtype"]).reshape(shape or entry["shape"])


def test_together_with_the_networks_they_are_small_enough():
    files = [p for name in STEPS for p in (SHIPPED / name).rglob("*") if p.is_file()]
    files += [SHIPPED / name / "network.safetensors" for name in NETWORKS]
    assert 5 * 10**6 < sum(path.stat().st_size for path in files) <= MOST_BYTES


@pytest.mark.parametrize("name", STEPS)
def test_an_attack_brings_500_points_at_every_layer_in_every_step(name):
    run, one = open_run(SHIPPED / name), open_alignment(SHIPPED / name / "alignments/test-epoch-0")
    attack = attack_of(run)
    assert run.n == 500 and len(attack.ids) == 89
    assert run.epochs.tolist() == one.epochs.tolist() == list(range(STEPS[name] + 1))
    assert one.fits(run) and len(one.rows(run)) == 500
    of = open_run(SHIPPED / TRAININGS[name])
    assert attack.of["uid"] == of.uid and run.classes == of.classes
    names = [state.name for state in one.states]
    assert [names[0], *names[-2:]] == ["input", "logits", "softmax"]
    assert len(names) == (13 if name == "cifar10-pgd" else 12)


def test_the_first_are_eights_and_become_zeros():
    recipe = attack_of(open_run(SHIPPED / "mnist-8-to-0")).recipe
    assert (recipe.source, recipe.target, recipe.method) == ("8", "0", "fgsm")
    outputs, _, labels, rows, _ = stored("mnist-8-to-0")
    assert (labels[rows] == 8).all() and (outputs[0, rows].argmax(1) == 8).all()
    ordered = np.sort(outputs[-1, rows], 1)
    zeros = (outputs[-1, rows].argmax(1) == 0) & (ordered[:, -1] > ordered[:, -2])
    assert zeros.sum() == 87 and zeros.mean() >= 0.95


def test_the_others_are_of_all_classes_and_become_anything_else():
    recipe = attack_of(open_run(SHIPPED / "cifar10-pgd")).recipe
    assert (recipe.source, recipe.target, recipe.method) == (None, None, "pgd-linf")
    outputs, _, labels, rows, _ = stored("cifar10-pgd")
    own = labels[rows]
    assert np.bincount(own).min() >= 8 and (outputs[0, rows].argmax(1) == own).all()
    fooled = outputs[-1, rows].argmax(1) != own
    assert fooled.sum() == 87 and fooled.mean() >= 0.95


@pytest.mark.parametrize("name", STEPS)
def test_no_pixel_goes_further_than_it_may_and_all_are_pixels(name):
    _, _, _, rows, change = stored(name)
    run = open_run(SHIPPED / name)
    recipe = attack_of(run).recipe
    clean = run.images[rows] / 255
    assert (change[0] == 0).all()
    assert np.abs(change).max() <= recipe.epsilon
    first = 2 * recipe.epsilon if recipe.method != "fgsm" else recipe.step  # PGD starts anywhere
    steps = np.abs(np.diff(change, axis=0)).max((1, 2, 3, 4))
    unit = recipe.epsilon / 32767  # both ends of a step are rounded to half of it
    assert steps[0] <= first + 1.01 * unit and (steps[1:] <= recipe.step + 1.01 * unit).all()
    for moved in change:
        there = clean + moved
        assert there.min() >= -unit and there.max() <= 1 + unit


@pytest.mark.parametrize("name", STEPS)
def test_points_that_stand_still_do(name):
    outputs, _, _, rows, _ = stored(name)
    still = np.setdiff1d(np.arange(500), rows)
    assert len(still) == 411 and (outputs[:, still] == outputs[0, still]).all()


@pytest.mark.parametrize("name", STEPS)
def test_success_and_confidence_on_the_page_are_those_of_the_stored_outputs(name, library):
    said = announce_attack(library, name)["attack"]
    outputs, p, labels, rows, _ = stored(name)
    assert said["attacked"] == rows.tolist()  # the alignment has the run's points, in its order
    own = labels[rows]
    best = outputs[:, rows].argmax(2)
    ordered = np.sort(outputs[:, rows], 2)
    alone = ordered[..., -1] > ordered[..., -2]
    taken = (best == 0) & alone if said["target"] else ~((best == own) & alone)
    np.testing.assert_array_equal(tensor(library, said["succeeded"]), taken)
    true, target = tensor(library, said["confidence"])
    np.testing.assert_allclose(true, p[:, rows, own], atol=1e-6)
    if said["target"]:
        np.testing.assert_allclose(target, p[:, rows, 0], atol=1e-6)
    else:
        assert np.isnan(target).all()


@pytest.mark.parametrize("name", STEPS)
def test_motion_on_the_page_is_that_of_the_stored_places(name, library):
    said = announce_attack(library, name)
    one = open_alignment(SHIPPED / name / "alignments/test-epoch-0")
    rows, labels = stored(name)[3], stored(name)[2]
    moved = tensor(library, said["attack"]["moved"])
    for state in (0, 5, len(one.states) - 1):
        first, now = one.turned(state, 0), one.turned(state, STEPS[name])
        apart = np.sqrt(((first[:, None] - first[None]) ** 2).sum(2))
        between = apart[labels[:, None] != labels[None]].mean()
        far = np.sqrt(((now - first)[rows] ** 2).sum(1))
        np.testing.assert_allclose(moved[state, -1], far / between, rtol=1e-5)


@pytest.mark.parametrize("name", STEPS)
def test_detours_on_the_page_are_those_of_the_stored_paths(name, library):
    said = announce_attack(library, name)["attack"]["detours"]
    _, p, _, rows, change = stored(name)
    stray, noise = [], []
    for row, last in zip(rows, change[-1], strict=True):
        path = p[:, row]
        line = path[-1] - path[0]
        along = np.clip((path - path[0]) @ line / (line @ line), 0, 1)
        stray.append(np.linalg.norm(path - path[0] - along[:, None] * line, axis=1).max())
        power = (np.abs(np.fft.fft2(last, axes=(0, 1))) ** 2).sum(2)
        fast = np.hypot(*np.meshgrid(*[np.fft.fftfreq(len(last))] * 2))
        noise.append(power[fast > 0.25].sum() / power[fast > 0].sum())
    np.testing.assert_allclose(said["stray"], stray, atol=2.1e-4)
    np.testing.assert_allclose(said["noise"], noise, atol=1e-6)
    went = np.linalg.norm(p[:, rows] - p[0, rows], axis=2).max(0) > 2e-4
    assert said["n"] == went.sum()
    from scipy.stats import spearmanr

    there = spearmanr(np.array(said["stray"])[went], np.array(said["noise"])[went])
    assert said["rho"] == pytest.approx(there.statistic, abs=1e-9)
    assert said["p_value"] == pytest.approx(there.pvalue, abs=0.02)  # 9,999 shuffles


def test_what_the_readme_says_of_detours_is_so(library):
    said = {name: announce_attack(library, name)["attack"]["detours"] for name in STEPS}
    for name, written in {"mnist-8-to-0": (-0.18, 0.093), "cifar10-pgd": (0.16, 0.15)}.items():
        # two digits, and as much again as equal paths can do that another processor orders otherwise
        assert (said[name]["rho"], said[name]["p_value"]) == pytest.approx(written, abs=0.008)


@pytest.mark.parametrize("name", STEPS)
def test_changes_on_the_page_are_the_stored_ones(name, library):
    said, change = announce_attack(library, name)["attack"], stored(name)[4]
    for step in (0, 1, STEPS[name]):
        one = said["changes"][step]
        values = tensor(library, one, "u1", change.shape[1:]) * one["scale"] + one["offset"]
        np.testing.assert_allclose(values, change[step], atol=0.51 * one["scale"])
        assert (values[change[step] == 0] == 0).all()


def test_sentences_of_the_views_are_true_of_what_ships(library):
    outputs, p, labels, rows, _ = stored("mnist-8-to-0")
    across, before = announce_attack(library, "mnist-8-to-0")["views"]
    zeros = outputs[:, rows].argmax(2) == 0
    assert across["epochs"] == [0, 24, 50] and 2 * zeros[24].sum() >= 87 > 2 * zeros[23].sum()
    own = 100 * p[:, rows, 8].mean(1)
    target = 100 * p[:, rows, 0].mean(1)
    assert across["text"] == (
        "87 of 89 attacked points are taken for 0 at step 50, half of these by step 24. From step"
        f" 0 to 50 the mean probability of their own class falls from {own[0]:.3g} % to {own[-1]:.3g} %, that of 0"
        f" rises from {target[0]:.1g} % to {target[-1]:.3g} %."
    )
    margin = outputs[-1, :, 0] - outputs[-1, :, 8]
    real = margin[np.setdiff1d(np.flatnonzero(labels == 0), rows)]
    assert f"of class 8 lie {margin[rows].mean():.1f} above it in the mean" in before["text"]
    assert (
        f"and stop short of clean points of class 0, which lie {real.mean():.1f} above it."
        in before["text"]
    )
    columns = np.array(before["columns"])
    one = open_alignment(SHIPPED / "mnist-8-to-0/alignments/test-epoch-0")
    across_axis = one.turned(10, 50) @ columns[:, 0]
    middles = across_axis[rows].mean(), np.delete(across_axis, rows).mean()
    near = np.abs(across_axis[:, None] - middles).argmin(1)
    assert (near[rows] == 0).mean() == pytest.approx(0.989, abs=0.01)
    assert "98.9 % of them and 81.8 %" in before["text"]
    assert np.delete(near, rows).mean() == pytest.approx(0.818, abs=0.01)
    cat = announce_attack(library, "cifar10-pgd")["views"][0]
    outputs, _, labels, rows, _ = stored("cifar10-pgd")
    cats = rows[labels[rows] == 3]
    dogs = (outputs[-1, cats].argmax(1) == 5).sum()
    assert cat["handles"] == ["dog", "cat"]
    assert f"Of {len(cats)} of class cat, {dogs} are taken for dog" in cat["text"]


def test_the_manifest_lists_them_with_the_command_that_makes_them():
    said = json.loads((SHIPPED / "MANIFEST.json").read_text("utf-8"))
    for name, steps in STEPS.items():
        assert said[name]["command"].startswith(f"gt attack precomputed/{TRAININGS[name]} ")
        assert f"--steps {steps} --count 89 --clean 411" in said[name]["command"]
        assert said[name]["alignments"] == ["test-epoch-0"]


@pytest.mark.parametrize("name", NETWORKS)
def test_a_training_brings_the_network_of_its_last_state_of_the_layers(name):
    """So that it can be attacked, and is attacked as it was recorded."""
    pytest.importorskip("torch")
    from gt.record.network_of import network_of

    run = open_run(SHIPPED / name)
    network = network_of(run)  # compares its outputs with the recorded ones, for all 2,000 points
    assert (network.epoch, network.uid) == (98, run.uid)
