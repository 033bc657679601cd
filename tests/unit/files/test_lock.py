"""One writer at a time: who is refused, who takes over from whom."""

import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gt.errors import LockedRunError
from gt.files import lock
from gt.files.lock import STALE, Lock, living_writer

HOLDER = Path(__file__).with_name("holder.py")


def start(what, path):
    return subprocess.Popen(
        [sys.executable, str(HOLDER), what, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )


def said(process):
    return process.stdout.readline().strip()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "writer.lock"


def written(file, **change):
    """A lock that somebody else left."""
    stored = {**vars(lock.Writer.here()), "token": "other", **change}
    file.write_text(json.dumps(stored))


def aged(file, seconds):
    then = file.stat().st_mtime - seconds
    os.utime(file, (then, then))


def test_the_second_is_told_process_host_and_time(file):
    with start("lock", file) as process:
        assert said(process) == "held"
        held = living_writer(file)
        with pytest.raises(LockedRunError) as refused:
            Lock(file, "record: runs/mine")
        process.communicate("\n")
    text = str(refused.value)
    assert text.startswith("record: runs/mine must have one writer at a time, process ")
    assert all(x in text for x in (str(process.pid), os.uname().nodename, held.since, "wait until"))
    assert held.pid == process.pid
    assert not file.exists()  # it released it
    Lock(file, "record").release()


def test_within_one_process_the_second_is_told_to_close_the_first(file):
    first = Lock(file, "record")
    with pytest.raises(LockedRunError, match=r"this very process.*close the writer"):
        Lock(file, "record")
    first.release()
    first.release()
    assert not first.held()
    Lock(file, "record").release()


def test_a_killed_writers_lock_is_taken_over_at_once(file):
    with start("lock", file) as process:
        assert said(process) == "held"
        process.kill()
        while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT) is None:
            pass  # dead, and nobody has collected it: a zombie has its number still
        mine = Lock(file, "record")
        assert mine.held()
        mine.release()


def test_a_process_that_ends_lets_go(file):
    with start("leave", file) as process:
        assert said(process) == "held"
        process.communicate()
    assert not file.exists()


def test_a_writer_that_nobody_has_any_more_lets_go(file):
    first = Lock(file, "record")
    circle = [first]
    circle.append(circle)  # only the collector finds it
    del first, circle
    Lock(file, "record").release()
    kept = Lock(file, "record")
    del kept
    gc.collect()
    assert not file.exists()


def test_a_number_that_another_process_has_now_is_no_writer(file):
    written(file, started="1")
    Lock(file, "record").release()


def test_a_writer_on_another_system_counts_by_its_sign_of_life(file):
    written(file, host="far", system="another boot")
    with pytest.raises(LockedRunError, match=r"on far has.*5 minutes"):
        Lock(file, "record")
    aged(file, STALE - 20)
    assert living_writer(file).host == "far"
    aged(file, 40)
    assert living_writer(file) is None
    Lock(file, "record").release()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": []}', "[" * 100_000, "\udcff"])
def test_a_lock_that_says_nothing_counts_by_its_time(file, text):
    file.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(LockedRunError, match="not known"):
        Lock(file, "record")
    aged(file, STALE + 1)
    Lock(file, "record").release()


def test_of_many_at_a_dead_writers_lock_one_gets_it(file):
    written(file, started="1")
    racers = [start("race", file) for _ in range(4)]
    assert [said(one) for one in racers] == ["ready"] * 4
    for one in racers:
        one.stdin.write("\n")
        one.stdin.flush()
    assert sorted(said(one) for one in racers) == ["held", *["refused"] * 3]
    for one in racers:
        one.communicate("\n")
    assert list(file.parent.iterdir()) == []


def test_without_hard_links_it_is_made_in_one_step_all_the_same(file, monkeypatch):
    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(PermissionError("no links")))
    first = Lock(file, "record")
    with pytest.raises(LockedRunError):
        Lock(file, "record")
    first.release()
    written(file, started="1")
    Lock(file, "record").release()
    assert list(file.parent.iterdir()) == []


def test_a_sign_of_life_is_renewed_and_not_another_writers(file, monkeypatch):
    monkeypatch.setattr(lock, "BEAT", 0.005)
    first = Lock(file, "record")
    aged(file, 10_000)
    while (
        living_writer(file) is None
        or file.stat().st_mtime < first.file.parent.stat().st_mtime - 5_000
    ):
        pass
    written(file, host="far", system="elsewhere")  # took us for dead
    aged(file, 10_000)
    before = file.stat().st_mtime
    assert not first.held()
    thread = next(t for t in lock.threading.enumerate() if t.name == "gt-lock")
    thread.join()
    assert file.stat().st_mtime == before
    first.release()
    assert file.exists()  # it is theirs


def test_a_forked_child_does_not_release_its_parents(file):
    mine = Lock(file, "record")
    child = os.fork() if sys.platform != "win32" else 1
    if child == 0:
        mine.release()
        os._exit(0)
    os.waitpid(child, 0)
    assert mine.held()
    mine.release()


def test_what_was_left_while_taking_it_goes(file):
    left = file.with_name(f"{file.name}.abc")
    left.write_text("")
    aged(left, STALE + 1)
    Lock(file, "record").release()
    assert not left.exists()
