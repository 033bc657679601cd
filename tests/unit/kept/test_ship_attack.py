"""What belongs to an attack is shipped to the last bit, and so is a file with the network."""

import shutil

import numpy as np
import pytest
import zarr

from gt.kept.attack import AttackRecipe, attack_of
from gt.kept.ship import NETWORK, check_manifest, ship_run, write_manifest
from gt.run import RunError, open_run
from tests.attacks import confidence

pytest.importorskip("torch")
attackable = pytest.importorskip("tests.attackable")
one_thread = attackable.one_thread
from gt.attack.choice import attack_run  # noqa: E402
from gt.record.network_file import save_weights  # noqa: E402
from gt.record.network_of import FILE, network_of  # noqa: E402

RECIPE = AttackRecipe("fgsm", 0.5, 0.05, 4, "bar", "cross", 10, 20)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return attackable.record(tmp_path_factory.mktemp("ship") / "shapes")


@pytest.fixture(scope="module")
def made(run):
    return attack_run(run, run.path.parent / "attack", RECIPE)


def same_attack(a, b):
    for name in ("ids", "rows", "sources", "targets", "succeeded"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)
    assert (a.recipe, a.of, a.unit) == (b.recipe, b.of, b.unit)
    for step in range(len(a.steps)):
        np.testing.assert_array_equal(a.change(step), b.change(step))
        np.testing.assert_array_equal(a.images(step), b.images(step))


def test_the_attack_of_a_shipped_run_is_the_same_in_fewer_files(made, tmp_path):
    copy = ship_run(made.path, tmp_path / "out")
    attack = attack_of(copy)
    assert attack.change(4).any() and attack.succeeded[-1].any()
    same_attack(attack, attack_of(made))
    target, was = (confidence(one, one.targets) for one in (attack, attack_of(made)))
    np.testing.assert_allclose(target, was, atol=2e-4)
    stored, old = (zarr.open_group(one.path, mode="r")["attack"] for one in (copy, made))
    assert dict(stored.attrs) == dict(old.attrs) and stored.attrs["version"] == 1
    change, was = stored["change"], old["change"]
    assert change.chunks == (1, *change.shape[1:]) and change.shards == change.shape
    assert change.compressors == was.compressors
    for name in ("ids", "targets", "change"):
        assert sum(p.is_file() for p in (copy.path / "attack" / name / "c").rglob("*")) == 1
        np.testing.assert_array_equal(stored[name][...], old[name][...])


def test_what_was_shipped_can_be_shipped_again(made, tmp_path):
    first = ship_run(made.path, tmp_path / "a")
    again = ship_run(first.path, tmp_path / "b")
    same_attack(attack_of(again), attack_of(first))
    kept = [zarr.open_group(one.path, mode="r")["attack/change"] for one in (first, again)]
    assert kept[0].compressors == kept[1].compressors and kept[0].shards == kept[1].shards


def test_only_steps_that_were_recorded_come_along(run, tmp_path):
    stopped = attack_run(run, tmp_path / "a", RECIPE)
    grown = zarr.open_group(stopped.path, mode="r+")["attack/change"]
    grown.resize((6, *grown.shape[1:]))  # a step that was begun and not recorded
    copy = ship_run(stopped.path, tmp_path / "out")
    assert zarr.open_group(copy.path, mode="r")["attack/change"].shape[0] == 5
    same_attack(attack_of(copy), attack_of(stopped))


def test_a_file_with_the_network_comes_along_and_is_of_the_copy(run, tmp_path):
    assert NETWORK == FILE
    small = attackable.record(tmp_path / "small", layers="outputs")
    assert not (ship_run(small.path, tmp_path / "without").path / NETWORK).exists()
    save_weights(run, small.path / FILE)
    copy = ship_run(small.path, tmp_path / "out")
    assert (copy.path / NETWORK).read_bytes() == (small.path / FILE).read_bytes()
    assert network_of(copy).epoch == 1
    write_manifest(tmp_path / "out")
    (copy.path / NETWORK).write_bytes(b"another")
    with pytest.raises(RunError, match="'small' must have SHA-256"):
        check_manifest(tmp_path / "out")


def test_a_damaged_attack_is_not_shipped(made, tmp_path):
    damaged = tmp_path / "damaged"
    shutil.copytree(made.path, damaged)
    shutil.rmtree(damaged / "attack" / "targets")
    with pytest.raises(RunError, match="'attack/targets' must be there"):
        ship_run(damaged, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert attack_of(open_run(made.path)) is not None
