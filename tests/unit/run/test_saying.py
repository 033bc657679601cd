"""What a writer accepts a reader opens: what a run says of itself is no longer than what is read."""

from __future__ import annotations

import numpy as np
import pytest

from gt.run import RunError, bounds, open_run, write_run
from gt.run.saying import in_unit, name


def write(path, **given):
    return write_run(path, np.eye(3)[None], [0, 1, 2], **given)


def test_what_is_said_of_epochs_is_said_of_steps_where_a_run_goes_by_these():
    said = "Epochs 3 to 5: an epoch, the epochs. An epoch; epochal"
    assert in_unit(said, "step") == "Steps 3 to 5: a step, the steps. A step; epochal"
    assert in_unit(said, "epoch") == said


def test_the_longest_names_that_are_taken_open(tmp_path):
    long = "x" * (bounds.NAME - 1)
    run = write(tmp_path / "r", title=long, classes=[long + c for c in "abc"])
    assert open_run(run.path).title == long and len(run.classes[2]) == bounds.NAME


@pytest.mark.parametrize("said", [None, 5, b"text", ["a"], np.nan])
def test_what_is_no_text_is_no_name(said):
    with pytest.raises(RunError, match="a title must be text, got "):
        name(said, "a title")


def test_a_description_that_no_reader_would_take_is_refused_and_nothing_is_left(
    tmp_path, monkeypatch
):
    """It is counted as it is stored: a list takes a line for each of its numbers."""
    monkeypatch.setattr(bounds, "METADATA_BYTES", 2**14)
    write(tmp_path / "short", made={"numbers": list(range(50))})  # 4,096 characters at most
    with pytest.raises(
        RunError, match="made of a run must be of 12,288 bytes at most as JSON, got"
    ):
        write(tmp_path / "long", made={"numbers": [1] * 1300})
    assert [path.name for path in tmp_path.iterdir()] == ["short"]


def test_an_epoch_after_which_no_reader_would_take_the_run_is_refused(tmp_path, monkeypatch):
    import zarr

    from gt.run.measure import measure
    from gt.run.write import RunWriter

    write(tmp_path / "r")
    said = len((tmp_path / "r" / "zarr.json").read_text())
    monkeypatch.setattr(bounds, "METADATA_BYTES", said + bounds.ENVELOPE_BYTES + 300)
    with RunWriter(tmp_path / "r") as writer:
        rows = np.eye(3, dtype=np.float32)
        measured = measure(rows, False, writer.run.labels, writer.run.splits)
        writer.put(writer.run.layers[0], 0, rows, 1)
        with pytest.raises(RunError, match="made of a run must be of"):
            writer.commit(1, measured, {"note": "x" * 1000})
        writer.forget()
        writer.put(writer.run.layers[0], 0, rows, 1)
        writer.commit(1, measured)
    assert open_run(tmp_path / "r").epochs.tolist() == [0, 1]
    assert zarr.open_group(tmp_path / "r", mode="r").attrs["epochs"] == [0, 1]
