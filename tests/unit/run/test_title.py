"""Another title changes what people call a run, and nothing else."""

import json

import numpy as np
import pytest

from gt.errors import LockedRunError, NotWrittenError, RunError
from gt.run import RunWriter, open_run
from gt.run.measure import measure
from gt.run.title import plain_title, retitle
from tests.growing import Growing
from tests.small_run import make


def test_the_title_changes_and_nothing_else_does(tmp_path):
    path = make(tmp_path / "mine")
    before = json.loads((path / "zarr.json").read_text())
    prints = open_run(path).fingerprint("softmax")
    assert retitle(path, "  Digits <b>\n again\u00a0  ") == "Digits <b> again"
    after = json.loads((path / "zarr.json").read_text())
    assert after["attributes"].pop("title") == "Digits <b> again"
    assert before["attributes"].pop("title") == "mine" and before == after
    run = open_run(path)
    run.check()
    assert (run.title, run.name, run.fingerprint("softmax")) == ("Digits <b> again", "mine", prints)


def test_a_run_that_goes_on_keeps_its_new_title(tmp_path):
    Growing(tmp_path / "mine", 1).close()
    retitle(tmp_path / "mine", "Renamed")
    with RunWriter(tmp_path / "mine") as writer:
        run = writer.run
        out = np.random.default_rng(0).normal(size=(run.n, 3))
        writer.put(run.layers[0], 0, out, 1)
        writer.commit(1, measure(out, False, run.labels, run.splits))
    assert len(open_run(tmp_path / "mine").epochs) == 2
    assert open_run(tmp_path / "mine").title == "Renamed"


def test_what_somebody_writes_keeps_its_title(tmp_path):
    growing = Growing(tmp_path / "live", 1)
    with pytest.raises(LockedRunError):
        retitle(tmp_path / "live", "Other")
    growing.close()
    assert open_run(tmp_path / "live").title == "live"


@pytest.mark.parametrize(
    ("title", "said"),
    [("", "a letter at least"), (" \n\t", "a letter"), ("x" * 5000, "at most"), ("a\0b", "NUL")],
)
def test_what_is_no_title_is_refused(tmp_path, title, said):
    path = make(tmp_path / "mine")
    with pytest.raises(RunError, match=said):
        retitle(path, title)
    assert open_run(path).title == "mine"
    assert plain_title("ok") == "ok"


def test_what_is_no_run_is_not_written_into(tmp_path):
    (tmp_path / "notes").mkdir()
    with pytest.raises(RunError):
        retitle(tmp_path / "notes", "Notes")
    assert list((tmp_path / "notes").iterdir()) == []


def test_a_disk_that_takes_nothing_is_told_and_the_run_is_as_it_was(tmp_path, monkeypatch):
    path = make(tmp_path / "mine")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gt.run.title.durable.replace", full)
    with pytest.raises(NotWrittenError, match="No space left"):
        retitle(path, "Other")
    assert open_run(path).title == "mine"
    assert not list(path.glob("writer.lock*"))
