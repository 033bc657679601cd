"""Shipped runs are small, the same to 16 bits, and their manifest notices every change."""

import json
import shutil

import numpy as np
import pytest

import gt
from gt.kept.ship import check_manifest, round_bits, round_outputs, ship_run, write_manifest
from gt.run import ForeignStoreError, NoRunError, RunError


@pytest.fixture
def run(tmp_path):
    rng = np.random.default_rng(0)
    out = rng.normal(size=(6, 50, 4)).cumsum(0) * 5
    images = rng.integers(0, 255, (50, 4, 4), dtype=np.uint8)
    return gt.write_run(tmp_path / "mine", out, rng.integers(0, 4, 50), images=images)


def test_rounding_keeps_16_bits():
    x = np.random.default_rng(1).normal(size=10_000).astype(np.float32) * 100
    rounded = round_bits(x)
    assert np.abs(rounded / x - 1).max() <= 2.0**-16
    assert not (rounded.view(np.uint32) & 0xFF).any()
    np.testing.assert_array_equal(round_bits(x, 24), x)
    np.testing.assert_array_equal(round_bits(np.float32([0, 1, -2.5])), [0, 1, -2.5])


def test_rounding_is_to_the_nearest_and_of_two_to_the_even_one():
    """Bit for bit: what ships, and the digests of it, depend on it."""
    rng = np.random.default_rng(5)
    raw = rng.integers(0, 2**32, 100_000, dtype=np.uint64).astype(np.uint32)
    x = np.concatenate(
        [raw.view(np.float32), np.float32([1 + 2**-16, 1 + 3 * 2**-16, -0.0, 1e-45])]
    )
    x = x[np.isfinite(x)]
    raw = x.view(np.uint32)
    written_out = (raw + np.uint32(127) + ((raw >> np.uint32(8)) & np.uint32(1))) & np.uint32(
        0xFFFFFF00
    )
    np.testing.assert_array_equal(round_bits(x).view(np.uint32), written_out)
    assert round_bits(x.reshape(-1, 1)).shape == (len(x), 1)


def test_rounding_changes_no_prediction():
    close = np.float32([[1, 1 + 2**-20, 0], [1 + 2**-20, 1, 0], [1, 1, 0], [0.1, 0.7, 0.2]])
    rounded = round_outputs(close)
    np.testing.assert_array_equal(rounded[:3], close[:3])
    np.testing.assert_array_equal(rounded[3], round_bits(close[3]))
    assert round_outputs(np.float32([[0.1]])).shape == (1, 1)


def test_a_shipped_run_is_the_same_run(run, tmp_path):
    (run.path / "checkpoint.pt").write_bytes(b"weights")
    copy = ship_run(run.path, tmp_path / "out")
    assert copy.uid == run.uid and copy.title == run.title and copy.made == run.made
    for name in ("epochs", "ids", "labels", "splits", "images"):
        np.testing.assert_array_equal(getattr(copy, name), getattr(run, name))
    np.testing.assert_array_equal(copy.history.class_loss, run.history.class_loss)
    for i in range(6):
        np.testing.assert_allclose(
            copy.activations("logits", i), run.activations("logits", i), rtol=2**-16
        )
        np.testing.assert_allclose(
            copy.activations("softmax", i), run.activations("softmax", i), atol=1e-3
        )
    files = [p.relative_to(copy.path).as_posix() for p in copy.path.rglob("*") if p.is_file()]
    assert "checkpoint.pt" not in files
    assert sum(f.startswith("activations/000/c") for f in files) == 1
    assert len(copy.fingerprint("softmax")) == 64


def test_a_taken_place_and_an_empty_run_are_refused(run, tmp_path):
    ship_run(run.path, tmp_path / "out")
    with pytest.raises(ForeignStoreError, match="remove it first"):
        ship_run(run.path, tmp_path / "out")
    meta = run.path / "zarr.json"
    stored = json.loads(meta.read_text())
    stored["attributes"]["epochs"] = []
    meta.write_text(json.dumps(stored))
    with pytest.raises(NoRunError, match="none yet"):
        ship_run(run.path, tmp_path / "out2")


def test_the_manifest_notices_changes(run, tmp_path):
    out = tmp_path / "out"
    ship_run(run.path, out)
    entries = write_manifest(out)
    assert entries == check_manifest(out)
    assert (
        "50 points, 6 epochs (0 to 5), layers" in entries["mine"]["what"]
        and entries["mine"]["bytes"] > 0
    )
    (out / "mine" / "note").write_bytes(b"x")
    with pytest.raises(RunError, match="'mine' must have SHA-256"):
        check_manifest(out)
    write_manifest(out)
    ship_run(gt.write_run(tmp_path / "new", np.ones((1, 2, 2)), [0, 1]).path, out)
    with pytest.raises(RunError, match="new must be listed"):
        check_manifest(out)
    with pytest.raises(NoRunError, match="there are none"):
        write_manifest(tmp_path / "out" / "mine" / "images" / "c")


def test_alignments_stay_behind_and_the_manifest_names_those_that_come_later(tmp_path, monkeypatch):
    pytest.importorskip("torch")
    from gt.align.align_run import align_run, plan
    from tests.insects import write_recordings

    monkeypatch.setenv("GT_CACHE_DIR", str(tmp_path / "cache"))
    run = gt.open_run(write_recordings(tmp_path / "runs") / "layers")
    recipe = plan(run, k=6)
    align_run(run, recipe)
    out = tmp_path / "out"
    copy = ship_run(run.path, out)
    assert not (copy.path / "alignments").exists()
    assert write_manifest(out)["layers"]["alignments"] == []
    made = align_run(run, recipe, owner=copy)
    with pytest.raises(RunError, match="'layers' must have SHA-256"):
        check_manifest(out)
    assert write_manifest(out)["layers"]["alignments"] == [made.name]
    check_manifest(out)


@pytest.mark.parametrize("name", ["../elsewhere", "..", ".", "mine/../../elsewhere", ""])
def test_names_in_a_manifest_lead_out_of_no_folder(run, tmp_path, name):
    ship_run(run.path, tmp_path / "out")
    shutil.copytree(tmp_path / "out" / "mine", tmp_path / "elsewhere")
    entries = write_manifest(tmp_path / "out")
    (tmp_path / "out" / "MANIFEST.json").write_text(json.dumps({**entries, name: entries["mine"]}))
    with pytest.raises(RunError, match=r"must be in .*, it is missing"):
        check_manifest(tmp_path / "out")
