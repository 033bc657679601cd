"""Runs are looked for anew: what has not changed is kept as it is open, what has is opened again."""

from __future__ import annotations

import shutil

import pytest

from gt.run import write_run
from gt.serve import shelf
from gt.serve.shelf import Shelf, is_live
from tests.growing import Growing


def names(seen):
    return [run.name for run in seen.runs]


@pytest.fixture
def folder(tmp_path):
    write_run(tmp_path / "a", [[[0.5, 0.5]]], [0])
    return tmp_path


def test_where_nothing_changes_nothing_is_opened(folder, monkeypatch):
    one = Shelf([folder])
    before = one.look()
    monkeypatch.setattr(shelf, "try_open", None)  # which would be called
    assert one.look(anew=True) is before


def test_a_run_that_grows_is_opened_again_and_the_others_are_not(folder):
    growing = Growing(folder / "b", 1)
    one = Shelf([folder])
    a, b = one.look().runs
    growing.add()
    growing.close()
    same, grown = one.look(anew=True).runs
    assert same is a
    assert b.epochs.tolist() == [0] and grown.epochs.tolist() == [0, 1]


def test_runs_come_and_go(folder):
    one = Shelf([folder, folder / "later"])
    write_run(folder / "later" / "a", [[[0.5, 0.5]]], [0])
    assert names(one.look(anew=True)) == ["a", "a-2"]
    assert names(Shelf(one.folders).look()) == ["a", "a-2"]  # another worker's
    shutil.rmtree(folder / "a")
    assert names(one.look(anew=True)) == ["a"]
    shutil.rmtree(folder / "later")
    assert not one.look(anew=True).runs
    assert len(one.look().problems) == 2  # no run in the one, and no other folder


def test_a_run_without_an_epoch_waits_and_is_no_problem(folder):
    growing = Growing(folder / "b")
    one = Shelf([folder])
    seen = one.look()
    assert names(seen) == ["a"] and not seen.problems
    assert [run.name for run in seen.waiting] == ["b"]
    growing.add()
    seen = one.look(anew=True)
    assert names(seen) == ["a", "b"] and not seen.waiting
    growing.close()


def test_another_recording_in_its_place_is_another_run(folder):
    one = Shelf([folder])
    before = one.look().runs[0].uid
    shutil.rmtree(folder / "a")
    write_run(folder / "a", [[[0.5, 0.5]]], [0])
    assert one.look(anew=True).runs[0].uid != before


def test_what_is_damaged_is_told_and_tried_again_until_it_is_whole(folder, monkeypatch):
    text = (folder / "a" / "checks").read_bytes()
    (folder / "a" / "checks").unlink()
    one = Shelf([folder])
    assert not one.look().runs and "checks" in one.look().problems[0][1]
    (folder / "a" / "checks").write_bytes(text)  # as its description says nothing of
    assert not one.look(anew=True).runs
    now = shelf.time.monotonic()
    monkeypatch.setattr(shelf.time, "monotonic", lambda: now + shelf.LONGEST_S)
    seen = one.look(anew=True)
    assert names(seen) == ["a"] and not seen.problems


def test_a_run_is_live_while_its_writer_has_it(tmp_path):
    growing = Growing(tmp_path / "b", 1)
    [run] = Shelf([tmp_path]).look().runs
    assert is_live(run)
    growing.close()
    assert not is_live(run)
