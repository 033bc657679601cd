"""Runs written from arrays open again with the same content, and what is wrong with one is said."""

import json
import shutil

import numpy as np
import pytest

import gt
from gt.run import (
    EpochError,
    ForeignStoreError,
    LabelRangeError,
    NewerVersionError,
    NoRunError,
    NotFiniteError,
    RunError,
    ShapeError,
    TruncatedRunError,
    disk,
    measure,
)

E, N, K = 3, 20, 4


def arrays(seed=0):
    rng = np.random.default_rng(seed)
    return {
        "outputs": rng.normal(size=(E, N, K)).astype(np.float32),
        "labels": rng.integers(0, K, N),
        "splits": np.arange(N) % 2,
        "ids": np.arange(N) * 7 + 3,
        "classes": ["ant", "bee", "cat", "dog"],
        "images": rng.integers(0, 256, (N, 5, 6, 3), dtype=np.uint8),
        "epochs": [0, 2, 9],
        "lr": [0.1, 0.05, 0.01],
    }


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "mine"
    return gt.write_run(path, title="My run", **arrays())


@pytest.fixture
def copy(written, tmp_path):
    path = tmp_path / "copy"
    shutil.copytree(written.path, path)
    return path


def edit(path, **changes):
    meta = path / "zarr.json"
    stored = json.loads(meta.read_text())
    stored["attributes"].update(changes)
    meta.write_text(json.dumps(stored))


def test_what_was_written_is_read(written):
    given = arrays()
    run = gt.open_run(written.path)
    assert (run.name, run.title, run.n) == ("mine", "My run", N)
    assert run.classes == ("ant", "bee", "cat", "dog")
    for name in ("labels", "splits", "ids", "images", "epochs"):
        np.testing.assert_array_equal(getattr(run, name), given[name])
    assert run.epochs.dtype == np.int64 and run.splits.dtype == np.uint8
    assert [x.name for x in run.layers] == ["logits", "softmax"]
    for i in range(E):
        np.testing.assert_array_equal(run.activations("logits", i), given["outputs"][i])
        exp = np.exp(given["outputs"][i].astype(float))
        expected = exp / exp.sum(1, keepdims=True)
        np.testing.assert_allclose(run.activations("softmax", i), expected, atol=1e-6)
    np.testing.assert_allclose(run.history.lr, given["lr"], rtol=1e-6)
    assert run.history.class_loss.shape == (E, 2, K)
    assert "logits, recognised" in run.made["outputs"]
    assert run.weights(0) == {}
    run.check()


def test_history_is_measured_on_the_points(written):
    given = arrays()
    out, y = given["outputs"][1].astype(float), given["labels"]
    logs = out - np.log(np.exp(out).sum(1, keepdims=True))
    for s in (0, 1):
        rows = given["splits"] == s
        loss = -logs[np.arange(N), y][rows].mean()
        accuracy = (out.argmax(1) == y)[rows].mean()
        assert written.history.loss[1, s] == pytest.approx(loss, rel=1e-5)
        assert written.history.accuracy[1, s] == pytest.approx(accuracy, rel=1e-5)


def test_a_tie_is_no_hit():
    tied, best = np.zeros((1, K)), np.eye(K)[:1]
    assert not measure.hits(tied, np.array([0])).any()
    assert measure.hits(best, np.array([0])).all()


def test_given_history_is_kept(tmp_path):
    run = gt.write_run(
        tmp_path / "a",
        **arrays(),
        loss=[[1, 2], [3, 4], [5, 6]],
        accuracy={"test": [0.1, 0.2, 0.3]},
        class_accuracy=np.full((E, 2, K), 0.5),
    )
    np.testing.assert_array_equal(run.history.loss, [[1, 2], [3, 4], [5, 6]])
    assert np.isnan(run.history.accuracy[:, 0]).all()
    assert (run.history.class_accuracy == 0.5).all()
    train = gt.write_run(tmp_path / "b", **arrays(), loss=[3, 2, 1])
    np.testing.assert_array_equal(train.history.loss[:, 0], [3, 2, 1])
    assert np.isnan(train.history.loss[:, 1]).all()


def test_probabilities_are_recognised_and_kept(tmp_path):
    given = arrays()
    p = measure.softmax(given.pop("outputs"))
    run = gt.write_run(tmp_path / "p", p, **given)
    assert [x.name for x in run.layers] == ["softmax"]
    np.testing.assert_array_equal(run.activations("softmax", 2), p[2])
    assert "probabilities" in run.made["outputs"]
    logits = gt.write_run(tmp_path / "l", p, kind="logits", **given)
    assert [x.name for x in logits.layers] == ["logits", "softmax"]


def test_defaults_of_what_is_left_out(tmp_path):
    run = gt.write_run(tmp_path / "some-run", np.zeros((1, 3, 2)), [0, 1, 0])
    assert run.classes == ("0", "1") and run.images is None and run.title == "some run"
    np.testing.assert_array_equal(run.ids, [0, 1, 2])
    np.testing.assert_array_equal(run.splits, [0, 0, 0])
    assert np.isnan(run.history.loss[0, 1])


def test_splits_may_be_words_and_images_grey(tmp_path):
    images = np.zeros((3, 4, 4), np.uint8)
    splits = ["train", "test", "train"]
    run = gt.write_run(tmp_path / "r", np.ones((1, 3, 2)), [0, 1, 0], splits=splits, images=images)
    np.testing.assert_array_equal(run.splits, [0, 1, 0])
    assert run.images.shape == (3, 4, 4, 1)


@pytest.mark.parametrize(
    ("change", "error", "text"),
    [
        ({"outputs": np.zeros((N, K))}, ShapeError, r"\(epochs, points, classes\), got \(20, 4\)"),
        ({"outputs": np.full((E, N, K), np.nan)}, NotFiniteError, "finite"),
        ({"labels": np.zeros(N - 1, int)}, ShapeError, r"labels must have shape \(20,\)"),
        ({"labels": np.full(N, K)}, LabelRangeError, r"0\.\.3 \(4 classes\), got 4 at row 0"),
        ({"labels": np.full(N, -1)}, LabelRangeError, "got -1"),
        ({"labels": np.full(N, 0.5)}, ShapeError, "whole numbers"),
        ({"classes": ["a", "b"]}, ShapeError, "4 names of the outputs, got 2"),
        ({"classes": ["a", "a", "b", "c"]}, RunError, "must differ"),
        ({"splits": np.full(N, 2)}, RunError, "0 .train. or 1"),
        ({"splits": ["valid"] * N}, RunError, 'got "valid"'),
        ({"splits": [0]}, ShapeError, "splits must have shape"),
        ({"ids": np.zeros(N, int)}, RunError, "unique"),
        ({"images": np.zeros((N, 3, 5, 5), np.uint8)}, ShapeError, "channels come last"),
        ({"images": np.zeros((N, 5, 5), np.float32)}, ShapeError, "uint8"),
        ({"epochs": [0, 1]}, ShapeError, r"epochs must have shape \(3,\)"),
        ({"epochs": [0, 2, 1]}, EpochError, "go up"),
        ({"loss": [1, 2]}, ShapeError, "loss must have 3 entries"),
        ({"loss": 1.0}, ShapeError, "loss must have 3 entries, one for each epoch, got one number"),
        ({"loss": ["a", "b", "c"]}, ShapeError, "loss must be numbers"),
        ({"accuracy": [50.0, 60.0, 98.0]}, ShapeError, r"accuracy must lie in 0\.\.1, got 50"),
        ({"class_accuracy": np.full((E, K), 98)}, ShapeError, r"must lie in 0\.\.1, got 98"),
        ({"lr": np.ones((3, 2))}, ShapeError, r"lr must have shape \(3,\)"),
        ({"lr": [1]}, ShapeError, "lr must have 3 entries"),
        ({"class_loss": np.zeros((E, 2, K + 1))}, ShapeError, "class_loss"),
        ({"kind": "odds"}, RunError, "kind must be"),
        ({"kind": "probabilities"}, RunError, "are they logits"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_left(tmp_path, change, error, text):
    with pytest.raises(error, match=text) as caught:
        gt.write_run(tmp_path / "bad", **{**arrays(), **change})
    assert isinstance(caught.value, ValueError)
    left = gt.find_runs([tmp_path])[0]
    assert not left


def test_a_place_that_is_taken_is_refused(written, tmp_path):
    with pytest.raises(ForeignStoreError, match="new or empty"):
        gt.write_run(written.path, **arrays())
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ForeignStoreError):
        gt.write_run(tmp_path / "file", **arrays())
    (tmp_path / "empty").mkdir()
    gt.write_run(tmp_path / "empty", **arrays())


def test_unknown_layer_lists_those_there_are(written):
    with pytest.raises(NoRunError, match='no layer "relu9"; this run has logits, softmax'):
        written.activations("relu9", 0)
    for index in (-1, E):
        with pytest.raises(NoRunError, match=r"0\.\.2"):
            written.activations("logits", index)


def test_what_is_no_run_is_said(tmp_path, written):
    with pytest.raises(NoRunError, match="no folder"):
        gt.open_run(tmp_path / "nothing")
    (tmp_path / "x").mkdir()
    with pytest.raises(ForeignStoreError, match=r"zarr\.json"):
        gt.open_run(tmp_path / "x")
    with pytest.raises(ForeignStoreError, match="not a run"):
        gt.open_run(written.path / "history")
    (tmp_path / "x" / ".zgroup").write_text("{}")
    with pytest.raises(ForeignStoreError, match="Zarr v2"):
        gt.open_run(tmp_path / "x")


def test_newer_version_is_refused(copy):
    edit(copy, version=disk.VERSION + 1)
    with pytest.raises(
        NewerVersionError,
        match=f"version {disk.VERSION + 1}, this program reads up to {disk.VERSION}; upgrade",
    ):
        gt.open_run(copy)
    edit(copy, version="x")
    with pytest.raises(TruncatedRunError, match="version must be a number"):
        gt.open_run(copy)


def test_damaged_description(copy):
    (copy / "zarr.json").write_text((copy / "zarr.json").read_text()[:300])
    with pytest.raises(TruncatedRunError, match=r"zarr\.json must be JSON"):
        gt.open_run(copy)


@pytest.mark.parametrize("entry", ["classes", "epochs", "layers", "uid", "made"])
def test_missing_entries(copy, entry):
    meta = copy / "zarr.json"
    stored = json.loads(meta.read_text())
    del stored["attributes"][entry]
    meta.write_text(json.dumps(stored))
    with pytest.raises(TruncatedRunError, match=entry):
        gt.open_run(copy)


@pytest.mark.parametrize(
    "file",
    ["activations/000/c/1/0/0", "labels/c/0", "images/c/0/0/0/0", "history/lr/c/0"],
)
def test_missing_and_empty_files_are_named(copy, file):
    (copy / file).write_bytes(b"")
    with pytest.raises(TruncatedRunError, match=file):
        gt.open_run(copy)
    (copy / file).unlink()
    with pytest.raises(TruncatedRunError, match=file):
        gt.open_run(copy)


def test_missing_array_is_named(copy):
    shutil.rmtree(copy / "splits")
    with pytest.raises(TruncatedRunError, match="'splits' must be there"):
        gt.open_run(copy)


def test_damaged_bytes_are_found_when_read(copy):
    file = copy / "activations/000/c/1/0/0"
    raw = bytearray(file.read_bytes())
    raw[-6] ^= 0xFF
    file.write_bytes(raw)
    run = gt.open_run(copy)
    run.activations("logits", 0)
    with pytest.raises(TruncatedRunError, match="layer 'logits', epoch 2"):
        run.activations("logits", 1)
    file.write_bytes(raw[: len(raw) // 2])
    with pytest.raises(TruncatedRunError, match="layer 'logits', epoch 2"):
        run.activations("softmax", 1)
    with pytest.raises(TruncatedRunError):
        run.check()


def test_shapes_that_disagree(copy):
    edit(copy, checks=False)  # as earlier versions wrote it
    edit(copy, classes=["a", "b", "c"])
    with pytest.raises((ShapeError, LabelRangeError)):
        gt.open_run(copy)
    edit(copy, classes=["a", "b", "c", "d"], epochs=[0, 1, 2, 3])
    with pytest.raises(ShapeError, match=r"activations/000 must be numbers of shape \(4, 20, 4\)"):
        gt.open_run(copy)
    edit(copy, epochs=[0, 2, 1])
    with pytest.raises(ShapeError, match="go up"):
        gt.open_run(copy)


def test_labels_on_disk_are_checked(copy):
    edit(copy, classes=["a", "b", "c", "d"], checks=False)
    import zarr

    zarr.open_group(copy, mode="r+")["labels"][3] = 9
    with pytest.raises(LabelRangeError, match="got 9 at row 3"):
        gt.open_run(copy)


def test_only_committed_epochs_show(copy):
    edit(copy, epochs=[0, 2])
    run = gt.open_run(copy)
    assert run.epochs.tolist() == [0, 2] and len(run.history.loss) == 2


def test_fingerprint_is_of_the_content(written, copy, tmp_path):
    there = gt.open_run(copy)
    assert there.fingerprint("logits") == written.fingerprint("logits")
    assert there.fingerprint("softmax") != there.fingerprint("logits")
    other = gt.write_run(tmp_path / "o", **arrays(seed=1))
    assert other.fingerprint("softmax") != written.fingerprint("softmax")
    edit(copy, epochs=[0, 2])
    assert gt.open_run(copy).fingerprint("logits") != written.fingerprint("logits")


def test_reads_from_many_threads_agree(written):
    from concurrent.futures import ThreadPoolExecutor

    expected = [written.activations("softmax", i) for i in range(E)]
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda i: written.activations("softmax", i % E), range(48)))
    for i, value in enumerate(got):
        np.testing.assert_array_equal(value, expected[i % E])


def test_find_runs(written, tmp_path):
    for name in ("a", "b"):
        shutil.copytree(written.path, tmp_path / name / "mine")
    (tmp_path / "a" / "other").mkdir()
    shutil.copytree(written.path, tmp_path / "a" / "broken")
    (tmp_path / "a" / "broken" / "labels" / "c" / "0").unlink()
    shutil.copytree(written.path, tmp_path / "a" / "empty")
    edit(tmp_path / "a" / "empty", epochs=[])
    folders = [tmp_path / "a", tmp_path / "b" / "mine", tmp_path / "a" / "mine", tmp_path / "nix"]
    runs, problems = gt.find_runs(folders)
    assert [r.name for r in runs] == ["mine", "mine-2"]
    assert [p.name for p, _ in problems] == ["broken", "empty", "nix"]
    assert "no epoch" in problems[1][1] and "no such folder" in problems[2][1]
