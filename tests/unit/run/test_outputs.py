"""Outputs that one has already: what they mean, and all of them or nothing."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import gt
from gt import cli
from gt.kept.describe import describe
from gt.run import EpochError, NotFiniteError, RunError, ShapeError, measure

E, N, K = 3, 40, 4
rng = np.random.default_rng(0)
OUT = rng.normal(size=(E, N, K)).astype("f4")
LABELS = np.arange(N) % K


def write(path, **given):
    return gt.write_run(path / "run", **{"outputs": OUT, "labels": LABELS, **given})


def nothing(path):
    return list(path.iterdir()) == []


def test_what_float32_cannot_hold_is_named_and_nothing_is_left(tmp_path):
    far = OUT.astype("f8")
    far[2, 5, 1] = -1e39
    given = {"epochs": [0, 5, 9], "ids": np.arange(N) + 100, "classes": list("abcd")}
    with pytest.raises(NotFiniteError, match=r"-1e\+39 at epoch 9, point 105 \(row 5\), class 'b'"):
        write(tmp_path, outputs=far, **given)
    far[2, 5, 1] = np.nan
    with pytest.raises(NotFiniteError, match="must be finite, got nan at epoch 9, point 105"):
        write(tmp_path, outputs=far, **given)
    assert nothing(tmp_path)
    far[2, 5, 1] = np.finfo("f4").max
    write(tmp_path, outputs=far, **given)


@pytest.mark.parametrize(
    "epochs", [[0, 10**6, 3 * 10**9], [0, 1, 2**53 - 1], np.array([0.0, 2.0, 2.0**40])]
)
def test_epochs_are_int64(tmp_path, epochs):
    run = write(tmp_path, epochs=epochs)
    assert run.epochs.dtype == np.int64
    assert run.epochs.tolist() == [int(one) for one in epochs]


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ({"epochs": [0, 1, 2**53]}, EpochError, r"9007199254740991 \(2\^53 - 1\) at most.*got 9007199254740992"),
        ({"epochs": [0, 1, np.inf]}, ShapeError, "epochs must be whole numbers, got fractions, NaN"),
        ({"epochs": [0, 1, 1e300]}, ShapeError, "epochs must be whole numbers"),
        ({"epochs": np.array([5, 2**64 - 1, 3], "u8")}, EpochError, "go up"),
        ({"epochs": ["a", "b", "c"]}, ShapeError, "epochs must be whole numbers, got <U1"),
        ({"ids": np.arange(N) + 2**53}, RunError, r"ids must be .* 9007199254740991 .* row 0; number"),
        ({"ids": np.arange(N) - 1}, RunError, "got -1 at row 0"),
        ({"ids": np.arange(N).astype("u8") + 2**63}, RunError, "got 9223372036854775808"),
        ({"ids": np.arange(N) * 1e300}, ShapeError, "ids must be whole numbers"),
        ({"labels": LABELS * 1e12}, RunError, r"labels must be in 0\.\.3"),
        ({"labels": ["cat"] * N}, ShapeError, "labels must be whole numbers, got <U3"),
        ({"classes": ["a", "", "c", "d"]}, RunError, "text that can be shown, got ''"),
        ({"classes": ["a", " ", "c", "d"]}, RunError, "text that can be shown"),
        ({"classes": ["a", "b\n", "c", "d"]}, RunError, "text that can be shown"),
        ({"classes": ["a", "b\0", "c", "d"]}, RunError, "without NUL"),
        ({"classes": ["a", "\ud800", "c", "d"]}, RunError, "lone surrogates"),
        ({"classes": [b"a", b"\xff", b"c", b"d"]}, ShapeError, "classes must be one array of"),
        ({"classes": ["a", "b", "b", "b"]}, RunError, "must differ, got b more than once"),
        ({"classes": [b"a", "a", "c", "d"]}, RunError, "must differ"),
        ({"title": 5}, RunError, "title must be text, got 5"),
        ({"title": b"mine"}, RunError, "title must be text, got b'mine'"),
        ({"title": "x" * 5000}, RunError, "title must have 4,096 characters at most, got 5,000"),
        ({"classes": ["a", "b", "c" * 5000, "d"]}, RunError, "class name must have 4,096 characters"),
        ({"lr": [0.1, 0.2, 1j]}, ShapeError, "lr must be numbers: complex numbers came"),
        ({"lr": 1 + 2j}, ShapeError, "lr must be numbers: complex numbers came"),
        ({"loss": np.array([1, 2, 3j])}, ShapeError, "loss must be numbers: complex"),
        ({"classes": "abcd"}, ShapeError, "must be a list of 4 names, got 'abcd'"),
        ({"classes": ["a", None, "c", "d"]}, ShapeError, "must be text, got None"),
        ({"classes": ["a", ["b"], "c", "d"]}, ShapeError, "must be text, got"),
        ({"splits": [b"valid"] * N}, RunError, 'got "valid"'),
        ({"classes": np.array("abcd")}, ShapeError, r"must have shape \(4,\), got \(\)"),
        ({"classes": 4}, ShapeError, "must be a list of 4 names, got 4"),
        ({"title": "a\0b"}, RunError, "title must be text without NUL"),
        ({"outputs": OUT.astype("c8")}, ShapeError, "must be numbers, got complex64"),
        ({"outputs": OUT > 0}, ShapeError, "must be numbers, got bool"),
        ({"outputs": [[[1, 2], [3]]]}, ShapeError, "one array of numbers"),
    ],
)  # fmt: skip
def test_what_no_reader_would_take_is_refused(tmp_path, given, error, text):
    with pytest.raises(error, match=text):
        write(tmp_path, **given)
    assert nothing(tmp_path)


@pytest.mark.parametrize("kind", [np.array, list])
def test_byte_strings_are_text(tmp_path, kind):
    names, splits = [b"cat", "Käse".encode(), b"owl", b"fox"], [b"train", b"test"] * (N // 2)
    run = write(tmp_path, classes=kind(names), splits=kind(splits))
    assert run.classes == ("cat", "Käse", "owl", "fox")
    assert run.splits.tolist() == [0, 1] * (N // 2)


def test_pandas_columns_are_taken(tmp_path):
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"split": ["train", "test"] * (N // 2), "label": LABELS, "id": LABELS * 0})
    frame["id"] = np.arange(N)
    run = write(
        tmp_path,
        labels=frame["label"],
        splits=frame["split"].astype(object),
        ids=frame["id"].astype(object),
        classes=pd.Series(list("abcd"), dtype=object),
    )
    assert run.splits.tolist() == [0, 1] * (N // 2) and run.classes == tuple("abcd")


def test_one_rate_is_good_for_all_epochs_and_an_infinite_one_is_missing(tmp_path, caplog):
    for one in (0.25, np.float64(0.25), np.array(0.25)):
        run = write(tmp_path / str(type(one)), lr=one)
        assert run.history.lr.tolist() == [0.25] * E
    assert not caplog.records
    run = write(tmp_path / "infinite", lr=[1.0, np.inf, 0.5], loss=[1, 1e39, 2])
    np.testing.assert_array_equal(run.history.lr, np.float32([1.0, np.nan, 0.5]))
    np.testing.assert_array_equal(run.history.loss[:, 0], np.float32([1.0, np.nan, 2]))
    assert "lr: 1 of 3 values are infinite" in caplog.text and "loss" in caplog.text


def test_a_loss_beyond_float32_is_missing(tmp_path, caplog):
    far = np.where(np.eye(K)[LABELS] > 0, -3e38, 3e38)[None]
    run = gt.write_run(tmp_path / "run", far, LABELS)
    assert np.isnan(run.history.loss[0]).all() and run.history.accuracy[0, 0] == 0
    assert "beyond float32" in caplog.text


def probabilities():
    return measure.softmax(OUT)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_log_probabilities_are_recognised(tmp_path, dtype):
    run = write(tmp_path, outputs=measure.log_softmax(OUT).astype(dtype))
    assert [layer.name for layer in run.layers] == ["logits", "softmax"]
    assert run.made["outputs"] == "log-probabilities, recognised by their values"
    close = 5e-3 if dtype == "f2" else 1e-5
    np.testing.assert_allclose(run.activations("softmax", 1), probabilities()[1], atol=close)


def test_sigmoids_are_refused_unless_they_are_said_to_be_logits(tmp_path):
    sigmoid = 1 / (1 + np.exp(-OUT))
    with pytest.raises(
        RunError, match=r"all in 0\.\.1 and their rows sum to .* as sigmoids do.*kind="
    ):
        write(tmp_path, outputs=sigmoid)
    assert nothing(tmp_path)
    run = write(tmp_path, outputs=sigmoid, kind="logits")
    assert run.made["outputs"] == "logits"


def test_epochs_of_two_kinds_are_refused_with_both(tmp_path):
    scores = np.random.default_rng(5).normal(size=(2, 40, K)).astype("f4")
    shares = measure.softmax(scores)
    alone = (1 / (1 + np.exp(-scores))).astype("f4")
    labels = np.arange(40) % K
    for mixed in ([scores[0], shares[0]], [shares[0], scores[0]], [scores[0], alone[0]]):
        with pytest.raises(
            RunError, match=r"of one kind, they are .* at epoch 0 and .* at epoch 1"
        ):
            gt.write_run(tmp_path / "r", np.stack(mixed), labels)
    for scaled in (100 * shares, -np.log(shares)):
        with pytest.raises(RunError, match="at epoch 0 they look like"):
            gt.write_run(tmp_path / "r", scaled, labels)
    assert not list(tmp_path.iterdir())
    started = np.stack([np.full((40, K), 0.3, "f4"), scores[0]])  # a head that begins as a constant
    assert gt.write_run(tmp_path / "r", started, labels).layers[0].name == "logits"


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path):
    run = gt.write_run(tmp_path / "r", OUT, LABELS, classes=["\ufeffcat", *"bcd"[: K - 1]])
    assert run.classes[0] == "cat"


def test_columns_that_no_label_names_are_no_classes(tmp_path):
    wide = rng.normal(size=(1, 100, 20))
    with pytest.raises(RunError, match="100 labels name 2 of 20 columns, as with an autoencoder"):
        gt.write_run(tmp_path / "run", wide, np.arange(100) % 2)
    assert nothing(tmp_path)
    gt.write_run(tmp_path / "a", wide, np.arange(100) % 2, kind="logits")
    gt.write_run(tmp_path / "b", wide, np.arange(100) % 2, classes=[str(i) for i in range(20)])
    gt.write_run(tmp_path / "c", wide[:, :99], np.arange(99) % 2)  # too few to tell


def test_a_failure_on_the_way_leaves_nothing(tmp_path, monkeypatch):
    from gt.run import outputs

    calls = []

    def fails_late(*args):
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return measure.measure(*args)

    monkeypatch.setattr(outputs, "measure", fails_late)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path)
    assert nothing(tmp_path)
    monkeypatch.undo()
    write(tmp_path)


def chunks_in(folder):
    """How many chunks of outputs there are; folders may come and go meanwhile."""
    return sum(
        name.isdigit()
        for place, names, _ in os.walk(folder)
        if place.endswith("000/c")
        for name in names
    )


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("written", [0, 5, 60])
def test_a_killed_import_leaves_no_shorter_run_and_does_not_stand_in_the_way(
    tmp_path, written, capsys
):
    long = rng.normal(size=(2000, 8, 2)).astype("f4")
    np.savez(tmp_path / "long.npz", outputs=long, labels=np.arange(8) % 2)
    out = tmp_path / "runs" / "mine"
    root = Path(gt.__file__).parents[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "gt.cli", "import", str(tmp_path / "long.npz"), "--out", str(out)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    try:
        while chunks_in(out.parent) <= written:
            assert process.poll() is None, "it ended before it could be killed"
    finally:
        process.kill()
        process.wait()
    assert process.returncode == -9
    assert not out.exists()
    assert gt.find_runs([out.parent])[0] == []
    np.savez(tmp_path / "short.npz", outputs=long[:2], labels=np.arange(8) % 2)
    assert cli.main(["import", str(tmp_path / "short.npz"), "--out", str(out)]) == 0
    assert "2: 0 to 1" in capsys.readouterr().out
    assert [p.name for p in out.parent.iterdir()] == ["mine"]


def test_the_command_says_what_is_wrong(tmp_path, capsys):
    np.savez(tmp_path / "percent.npz", outputs=OUT, labels=LABELS, accuracy=[50.0, 60.0, 98.0])
    assert cli.main(["import", str(tmp_path / "percent.npz"), "--out", str(tmp_path / "run")]) == 2
    assert "accuracy must lie in 0..1, got 50; divide per cents by 100" in capsys.readouterr().err
    np.save(tmp_path / "out.npy", OUT)
    np.save(tmp_path / "labels.npy", LABELS)
    (tmp_path / "names.txt").write_text("cat\ndog\nowl\nfox\n", encoding="utf-8-sig")
    files = [str(tmp_path / name) for name in ("out.npy", "labels.npy", "names.txt")]
    command = ["import", files[0], "--labels", files[1], "--classes", files[2]]
    assert cli.main([*command, "--out", str(tmp_path / "run")]) == 0
    assert "4: cat, dog, owl, fox" in capsys.readouterr().out


@pytest.mark.parametrize("versions", [3, [1], "x", {"torch": None}])
def test_what_a_run_says_of_itself_is_told_whatever_it_is(tmp_path, versions):
    told = describe(write(tmp_path, made={"versions": versions, "command": ["gt"]}))
    assert "['gt']" in told
