"""Writing epoch by epoch: one writer, nothing half, and on the disk in the right order."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import zarr

import gt
from gt.files import durable
from gt.run import (
    EpochError,
    ForeignStoreError,
    Layer,
    LockedRunError,
    NoRunError,
    RunError,
    RunWriter,
    ShapeError,
    disk,
    measure,
)
from gt.run.begin import LOCK
from gt.run.points import check_points

N, K = 6, 3
LAYERS = [
    Layer("input", "Input", (2,), constant=True),
    Layer("hidden", "Linear", (4,)),
    Layer("logits", "Linear", (K,)),
    Layer("softmax", "Softmax", (K,), softmax_of="logits"),
]


def points():
    return check_points(N, K, np.arange(N) % K)


def create(path, **given):
    given = {"weights": {"fc.weight": (2, 2)}, "rows": 4, **given}
    return RunWriter.create(path, points(), LAYERS, **given)


def add(writer, epoch, commit=True, leave_out=()):
    """Record an epoch whose every number is of that epoch."""
    for layer in writer.run.layers:
        if layer.array and layer.name not in leave_out and not (layer.constant and writer.epochs):
            value = np.full((N, *layer.shape), epoch + 0.25, np.float32)
            for start in (0, 4):
                writer.put(layer, start, value[start : start + 4], epoch)
    if "fc.weight" not in leave_out:
        writer.put_weight("fc.weight", np.full((2, 2), epoch, np.float32), epoch)
    if commit:
        writer.commit(epoch, measured(epoch))


def measured(epoch):
    found = measure.measure(np.eye(K)[np.arange(N) % K], False, points().labels, points().splits)
    return replace(found, lr=epoch / 10)


def test_the_second_writer_is_refused_and_the_first_goes_on(tmp_path):
    path = tmp_path / "run"
    with create(path) as first:
        add(first, 0)
        for second in (RunWriter, create):
            with pytest.raises(LockedRunError, match=rf"this very process \({os.getpid()} on"):
                second(path)
        add(first, 1)
    assert not (path / LOCK).exists()
    with RunWriter(path) as again:
        add(again, 2)
    run = gt.open_run(path)
    run.check()
    assert run.epochs.tolist() == [0, 1, 2]


RACER = """
import sys
from pathlib import Path
sys.path[:0] = [{tests!r}, {root!r}]
import test_write
from gt.run import LockedRunError, RunWriter
path = Path({path!r})
print("ready", flush=True)
sys.stdin.readline()
try:
    try:
        writer = RunWriter(path) if (path / "zarr.json").exists() else test_write.create(path)
    except Exception as error:
        print(type(error).__name__, error, flush=True)
        raise SystemExit
    print("writes", flush=True)
    sys.stdin.readline()
    for epoch in range(len(writer.epochs), len(writer.epochs) + 3):
        test_write.add(writer, epoch)
finally:
    print("done", flush=True)
"""


def test_of_two_processes_on_one_new_folder_one_writes(tmp_path):
    path = tmp_path / "run"
    here = Path(__file__)
    code = RACER.format(tests=str(here.parent), root=str(here.parents[3]), path=str(path))
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = [one.stdout.readline() for one in both]
    assert said == ["ready\n"] * 2
    for one in both:
        one.stdin.write("\n")
        one.stdin.flush()
    said = [one.stdout.readline() for one in both]
    assert sorted(text.split()[0] for text in said)[1] == "writes"
    refused = min(said)
    assert refused.startswith(("LockedRunError", "ForeignStoreError")), refused
    for one in both:
        one.communicate("\n")
    run = gt.open_run(path)
    run.check()
    assert run.epochs.tolist() == [0, 1, 2]
    assert not (path / LOCK).exists()  # its writer ended without closing it
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_a_writer_that_was_taken_for_dead_writes_nothing_more(tmp_path):
    path = tmp_path / "run"
    slow = create(path)
    add(slow, 0)
    add(slow, 1, commit=False)
    (path / LOCK).unlink()  # as one on another machine does after five minutes
    with RunWriter(path) as other:
        add(other, 5)
        for late in (lambda: add(slow, 1), lambda: slow.commit(1, measured(1))):
            with pytest.raises(LockedRunError, match="open it again to go on"):
                late()
    slow.close()
    run = gt.open_run(path)
    run.check()
    assert run.epochs.tolist() == [0, 5]
    np.testing.assert_array_equal(run.activations("logits", 1), 5.25)


def test_a_writer_that_is_closed_writes_nothing_more(tmp_path):
    with create(tmp_path / "run") as writer:
        add(writer, 0)
    with pytest.raises(LockedRunError, match="it was closed"):
        add(writer, 1)


@pytest.mark.parametrize("left_out", ["input", "hidden", "logits", "fc.weight"])
def test_an_epoch_that_is_not_whole_is_not_committed(tmp_path, left_out):
    with create(tmp_path / "run") as writer:
        with pytest.raises(
            ShapeError, match=rf"epoch 0, {left_out!r} must be written for all points"
        ):
            add(writer, 0, leave_out=[left_out])
        add(writer, 0)
    run = gt.open_run(tmp_path / "run")
    run.check()
    assert run.epochs.tolist() == [0]


def test_what_a_killed_writer_left_cannot_pass_for_part_of_the_next_epoch(tmp_path):
    path = tmp_path / "run"
    with create(path) as writer:
        add(writer, 0)
        add(writer, 1, commit=False)
    assert gt.open_run(path).epochs.tolist() == [0]
    with RunWriter(path) as writer:
        with pytest.raises(ShapeError, match="epoch 2, 'hidden' must be written"):
            add(writer, 2, leave_out=["hidden"])
        add(writer, 2)
    run = gt.open_run(path)
    run.check()
    np.testing.assert_array_equal(run.activations("hidden", 1), 2.25)


def test_an_epoch_is_on_the_disk_before_the_run_says_so(tmp_path, monkeypatch):
    path = tmp_path / "run"
    with create(path) as writer:
        add(writer, 0)
        done = []
        monkeypatch.setattr(
            durable.os, "fsync", lambda fd: done.append(os.readlink(f"/proc/self/fd/{fd}"))
        )
        renamed = Path.replace
        monkeypatch.setattr(
            Path, "replace", lambda a, b: (done.append(f"now {b}"), renamed(a, b))[1]
        )
        add(writer, 7)
    commit = done.index(f"now {path / 'zarr.json'}")
    flushed = [one for one in done[:commit] if not one.startswith("now ")]
    before = {os.path.relpath(ready(one), path) for one in flushed}
    for array in ("activations/001", "activations/002"):
        assert {f"{array}/c/1/0/0", f"{array}/c/1/1/0", f"{array}/zarr.json"} <= before
    assert {"weights/000/c/1/0/0", "weights/000/zarr.json", "checks"} <= before
    assert {f"history/{name}/zarr.json" for name in ("loss", "lr", "class_loss")} <= before
    assert {"history/loss/c/0/0", "history/lr/c/0"} <= before
    assert done[commit - 1].endswith(".partial")  # the new description itself
    assert done[commit + 1 :] == [str(path)]  # and then its name


def ready(file):
    """The place of a file that was flushed there, or before it was put there."""
    folder, name = os.path.split(file)
    if name.endswith(".partial"):
        name = name.removeprefix(".").rsplit(".", 2)[0]
    return os.path.join(folder, name)


def test_a_disk_that_cannot_keep_an_epoch_commits_none(tmp_path, monkeypatch):
    path = tmp_path / "run"
    with create(path) as writer:
        add(writer, 0)
        with monkeypatch.context() as patch:
            patch.setattr(
                durable.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left"))
            )
            with pytest.raises(OSError, match="No space left"):
                add(writer, 1)
        assert gt.open_run(path).epochs.tolist() == [0]
        writer.forget()
        add(writer, 1)
    run = gt.open_run(path)
    run.check()
    assert run.epochs.tolist() == [0, 1]


@pytest.mark.parametrize("epoch", [-1, 2**53, True, 1.0, None, "1"])
def test_epochs_that_no_reader_could_tell_apart_are_refused(tmp_path, epoch):
    with create(tmp_path / "run") as writer, pytest.raises(EpochError):
        writer.check_next(epoch)


def test_epochs_up_to_what_browsers_tell_apart(tmp_path):
    with create(tmp_path / "run") as writer:
        for epoch in (0, 2**31, 2**53 - 1):
            add(writer, epoch)
        with pytest.raises(EpochError, match="9007199254740991"):
            writer.check_next(2**53)
    run = gt.open_run(tmp_path / "run")
    assert run.epochs.dtype == np.int64
    assert run.epochs.tolist() == [0, 2**31, 2**53 - 1]


@pytest.mark.parametrize(
    ("made", "text"),
    [
        ({"a": float("nan")}, "must be what JSON can hold"),
        ({"a": object()}, "must be what JSON can hold"),
        ({"a": {1: 2}}, "must have text as names"),
        ({"a": "\udc80"}, "without NUL and lone surrogates"),
        ({"a": [[]] * 3 + [b"x"]}, "must be what JSON can hold"),
    ],
)
def test_what_a_run_says_of_itself_must_be_readable(tmp_path, made, text):
    with pytest.raises(RunError, match=text):
        create(tmp_path / "run", made=made)
    with create(tmp_path / "run") as writer:
        add(writer, 0)
        with pytest.raises(RunError, match=text):
            writer.commit(1, measure.Measures(*[np.zeros(2)] * 2, *[np.zeros((2, K))] * 2), made)
    deep = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(RunError, match="lists deep at most"):
        create(tmp_path / "deep", made={"a": deep})
    assert gt.open_run(tmp_path / "run").epochs.tolist() == [0]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["run"]


@pytest.mark.parametrize(
    "layers",
    [
        [replace(LAYERS[1], name=""), *LAYERS[2:]],
        [replace(LAYERS[1], name="a\0b"), *LAYERS[2:]],
        [replace(LAYERS[1], name="logits"), *LAYERS[2:]],
        [replace(LAYERS[1], shape=(0,)), *LAYERS[2:]],
        [replace(LAYERS[1], shape=(2**40,)), *LAYERS[2:]],
        [replace(LAYERS[1], shape=(1,) * 15), *LAYERS[2:]],
        [replace(LAYERS[1], config={"a": np.float64("nan")}), *LAYERS[2:]],
        [replace(LAYERS[3], softmax_of="nothing")],
        [replace(LAYERS[3], softmax_of="softmax")],
    ],
)
def test_layers_that_no_reader_opens_are_refused(tmp_path, layers):
    with pytest.raises(RunError):
        RunWriter.create(tmp_path / "run", points(), layers)
    assert list(tmp_path.iterdir()) == []


def test_blocks_that_cut_through_chunks_come_in_any_order_from_many_threads(tmp_path):
    path, rng = tmp_path / "run", np.random.default_rng(0)
    n, epochs = 23, 4
    many = check_points(n, K, np.arange(n) % K)
    values = rng.normal(size=(epochs, n, K)).astype(np.float32)
    with RunWriter.create(path, many, LAYERS[2:], rows=4) as writer:
        layer = writer.run.layers[0]
        for epoch in range(epochs):
            cuts = [0, *sorted(rng.choice(np.arange(1, n), 6, replace=False).tolist()), n]
            blocks = list(pairwise(cuts))
            rng.shuffle(blocks)
            with ThreadPoolExecutor(4) as pool:
                list(
                    pool.map(
                        lambda block, e=epoch: writer.put(
                            layer, block[0], values[e, block[0] : block[1]], e
                        ),
                        blocks,
                    )
                )
            writer.commit(epoch, measured(epoch))
    run = gt.open_run(path)
    run.check()
    for epoch in range(epochs):
        np.testing.assert_array_equal(run.activations("logits", epoch), values[epoch])


def test_points_that_are_missing_within_a_chunk_are_missed(tmp_path):
    with create(tmp_path / "run") as writer:
        add(writer, 0, commit=False, leave_out=["hidden"])
        hidden = writer.run.layer("hidden")
        for start, stop in ((0, 4), (5, N)):
            writer.put(hidden, start, np.zeros((stop - start, 4)), 0)
        with pytest.raises(ShapeError, match="'hidden' must be written for all points"):
            writer.commit(0, measured(0))
        writer.put(hidden, 4, np.zeros((1, 4)), 0)
        writer.commit(0, measured(0))
    gt.open_run(tmp_path / "run").check()


def test_a_chunk_that_is_linked_elsewhere_is_replaced_and_not_written_into(tmp_path):
    """Recorded attacks let the chunks of points that stand still be those of the first epoch."""
    path = tmp_path / "run"
    with create(path) as writer:
        add(writer, 0)
        add(writer, 1, commit=False)
        first, now = (path / f"activations/001/c/{e}/1/0" for e in (0, 1))
        now.unlink()
        os.link(first, now)
        writer.forget()
        add(writer, 1)
    run = gt.open_run(path)
    run.check()
    assert run.activations("hidden", 0).max() == 0.25


def old_codecs(monkeypatch):
    """Chunks as runs were written before: Blosc, shuffled."""
    original = disk.codecs
    monkeypatch.setattr(disk, "codecs", lambda dtype, level: original(dtype, 3))


def test_a_run_that_was_packed_by_blosc_is_continued_with_it(tmp_path, monkeypatch):
    path = tmp_path / "run"
    with monkeypatch.context() as patch:
        old_codecs(patch)
        with create(path) as writer:
            add(writer, 0)
    with RunWriter(path) as writer:
        add(writer, 1)
    run = gt.open_run(path)
    run.check()
    assert [c["name"] for c in codecs_of(path)] == ["bytes", "blosc", "crc32c"]
    assert run.activations("hidden", 1).max() == run.activations("hidden", 1).min() == 1.25
    kept = zarr.open_group(path)["activations/001"]  # as anybody reads it
    np.testing.assert_array_equal(kept[1], run.activations("hidden", 1))


def test_a_new_run_is_packed_by_zstandard_and_read_by_zarr_alone(tmp_path):
    path = tmp_path / "run"
    with create(path) as writer:
        add(writer, 0)
        add(writer, 3)
    assert [c["name"] for c in codecs_of(path)] == ["bytes", "zstd", "crc32c"]
    group = zarr.open_group(path)
    assert (group["activations/001"][1] == 3.25).all() and (group["weights/000"][1] == 3).all()
    np.testing.assert_allclose(group["history/lr"][:], [0, 0.3], rtol=1e-6)


def codecs_of(path):
    return json.loads((path / "activations/001/zarr.json").read_text())["codecs"]


def test_a_run_of_the_first_version_is_continued_as_one(tmp_path):
    path = tmp_path / "run"
    with create(path) as writer:
        add(writer, 0)
    (path / "checks").unlink()
    meta = json.loads((path / "zarr.json").read_text())
    meta["attributes"] |= {"version": 1}
    del meta["attributes"]["checks"]
    (path / "zarr.json").write_text(json.dumps(meta))
    with RunWriter(path) as writer:
        add(writer, 1)
    run = gt.open_run(path)
    run.check()
    assert run.epochs.tolist() == [0, 1]
    assert not (path / "checks").exists()


def test_there_must_be_a_run(tmp_path):
    with pytest.raises(NoRunError):
        RunWriter(tmp_path / "nothing")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ForeignStoreError):
        RunWriter(tmp_path / "folder")
    assert list((tmp_path / "folder").iterdir()) == []
