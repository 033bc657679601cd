"""What is deleted goes to a trash whole, comes back as it was, and is gone after a week."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from gt.errors import ForeignStoreError, LockedRunError, NoRunError, NotWrittenError
from gt.run import find_runs, open_run, trash
from gt.run.begin import LOCK
from tests.growing import Growing
from tests.small_run import make

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def mine(tmp_path):
    return make(tmp_path / "runs" / "mine")


def everything(folder):
    """Every file of a folder and what is in it."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_run_is_moved_whole_and_comes_back_as_it_was(mine):
    before, runs = everything(mine), mine.parent
    thrown = trash.throw(mine, "Mine", NOW)
    assert not mine.exists() and find_runs([runs])[0] == []
    assert everything(thrown.path) == before
    [found] = trash.found(runs)
    assert found == thrown and found.title == "Mine" and found.until - NOW == timedelta(days=7)
    assert trash.put_back(found) == mine
    assert everything(mine) == before and open_run(mine).n
    assert [one.name for one in runs.iterdir()] == ["mine"]  # no trash is left


def test_two_of_one_name_lie_beside_each_other_the_last_first(mine):
    trash.throw(mine, "First", NOW)
    make(mine)
    trash.throw(mine, "Second", NOW + timedelta(hours=1))
    assert [one.title for one in trash.found(mine.parent)] == ["Second", "First"]


def test_what_somebody_writes_stays(tmp_path):
    growing = Growing(tmp_path / "runs" / "live", 1)
    with pytest.raises(LockedRunError, match="must have one writer at a time"):
        trash.throw(tmp_path / "runs" / "live", "Live", NOW)
    growing.add()
    growing.close()
    assert len(open_run(tmp_path / "runs" / "live").epochs) == 2
    thrown = trash.throw(tmp_path / "runs" / "live", "Live", NOW)
    assert not (thrown.path / LOCK).exists()  # or nobody could go on with it once it is back


def test_what_is_no_run_stays(tmp_path):
    (tmp_path / "notes").mkdir()
    with pytest.raises(NoRunError, match="must be a run"):
        trash.throw(tmp_path / "notes", "Notes", NOW)
    assert [one.name for one in tmp_path.iterdir()] == ["notes"]


def test_a_damaged_run_can_be_thrown_away(mine):
    (mine / "zarr.json").write_text("{")
    trash.throw(mine, "mine", NOW)
    assert not mine.exists()


def test_a_move_that_fails_leaves_the_run_and_no_trash(mine, monkeypatch):
    def refused(self, target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(mine), "rename", refused)
    with pytest.raises(NotWrittenError, match="Permission denied"):
        trash.throw(mine, "Mine", NOW)
    assert [one.name for one in mine.parent.iterdir()] == ["mine"] and open_run(mine)
    assert not (mine / LOCK).exists()


def test_what_lies_in_its_place_now_is_left_and_so_is_the_trash(mine):
    thrown = trash.throw(mine, "Mine", NOW)
    make(mine, seed=1)
    with pytest.raises(ForeignStoreError, match="something of that name is there"):
        trash.put_back(thrown)
    assert trash.found(mine.parent) == [thrown]


def test_what_was_put_back_or_emptied_meanwhile_is_told(mine):
    thrown = trash.throw(mine, "Mine", NOW)
    trash.put_back(thrown)
    with pytest.raises(NoRunError, match="not in the trash any more"):
        trash.put_back(thrown)


def test_after_a_week_it_is_gone_and_not_before(mine):
    thrown = trash.throw(mine, "Mine", NOW)
    other = make(mine.parent / "other")
    later = trash.throw(other, "Other", NOW + timedelta(days=1))
    assert trash.empty(mine.parent, NOW + timedelta(days=7, seconds=-1)) == []
    assert trash.empty(mine.parent, NOW + timedelta(days=7)) == [thrown.key]
    assert trash.found(mine.parent) == [later]
    trash.empty(mine.parent, NOW + timedelta(days=8))
    assert list(mine.parent.iterdir()) == []


def test_what_others_keep_in_a_folder_of_that_name_is_let_alone(mine):
    folder = mine.parent / trash.FOLDER
    for name in ("20200101T000000Z", "notes", "99999999T999999Z-0123456789ab"):
        (folder / name).mkdir(parents=True)
        (folder / name / "mine").mkdir()
    half = folder / "20260301T120000Z-0123456789ab"  # of one that was killed in between
    half.mkdir()
    (half / trash.ABOUT).write_text(json.dumps({"title": "Half"}))
    assert trash.found(mine.parent) == []
    assert trash.empty(mine.parent, NOW + timedelta(days=900)) == [half.name]
    assert len(os.listdir(folder)) == 3
