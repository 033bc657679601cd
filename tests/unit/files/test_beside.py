"""What takes time to write gets to its place whole, or not at all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gt.errors import ForeignStoreError
from gt.files import beside, durable
from gt.files.beside import built_beside
from gt.files.lock import STALE

HOLDER = Path(__file__).with_name("holder.py")


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def build(path, text="whole"):
    with built_beside(path) as place:
        place.mkdir()
        (place / "content").write_text(text)


def started(path):
    process = subprocess.Popen(
        [sys.executable, str(HOLDER), "build", str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert process.stdout.readline() == "building\n"
    return process


def test_it_is_there_when_it_is_whole_and_not_before(tmp_path):
    path = tmp_path / "deep" / "mine"
    with built_beside(path) as place:
        assert place.name == "mine"
        assert place.parent.parent == path.parent
        assert place.parent.name.startswith(".mine.partial-")
        place.mkdir()
        assert not path.exists()
    assert names(path.parent) == ["mine"]
    file = tmp_path / "one.json"
    with built_beside(file) as place:
        place.write_text("{}")
    assert file.read_text() == "{}"
    (tmp_path / "empty").mkdir()
    build(tmp_path / "empty")
    assert names(tmp_path / "empty") == ["content"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_nothing_is_left_of_one_that_fails(tmp_path, error):
    with pytest.raises(error), built_beside(tmp_path / "mine") as place:
        place.mkdir()
        raise error
    assert names(tmp_path) == []


def test_a_killed_one_leaves_nothing_that_is_seen_and_the_next_takes_it_away(tmp_path):
    process = started(tmp_path / "mine")
    process.kill()
    process.communicate()
    assert [name[:14] for name in names(tmp_path)] == [".mine.partial-"]
    build(tmp_path / "mine")
    assert names(tmp_path) == ["mine"]
    assert names(tmp_path / "mine") == ["content"]


def test_one_that_is_under_way_is_left_alone(tmp_path):
    process = started(tmp_path / "mine")
    fresh = tmp_path / ".mine.partial-fresh"
    fresh.mkdir()  # its lock will come
    build(tmp_path / "mine")
    assert len(names(tmp_path)) == 3
    process.communicate("")
    assert process.returncode == 1  # its place was taken meanwhile
    os.utime(fresh, (0, 0))
    assert fresh.stat().st_mtime < os.stat(tmp_path).st_mtime - STALE
    os.rename(tmp_path / "mine", tmp_path / "kept")
    build(tmp_path / "mine")
    assert names(tmp_path) == ["kept", "mine"]


def test_what_is_there_is_not_replaced(tmp_path):
    build(tmp_path / "mine", "first")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("mine", "mine/content", "link"):
        with pytest.raises(ForeignStoreError, match="must be new or an empty folder"):
            build(tmp_path / name)
    with pytest.raises(ForeignStoreError), built_beside(tmp_path / "late") as place:
        place.mkdir()
        build(tmp_path / "late", "first")
    assert (tmp_path / "late" / "content").read_text() == "first"
    assert names(tmp_path) == ["late", "link", "mine"]


def test_everything_is_on_the_disk_before_it_gets_its_name(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(
        durable.os, "fsync", lambda fd: done.append(os.readlink(f"/proc/self/fd/{fd}"))
    )
    renamed = Path.rename
    monkeypatch.setattr(Path, "rename", lambda a, b: (done.append("renamed"), renamed(a, b))[1])
    build(tmp_path / "mine")
    at = done.index("renamed")
    assert [Path(p).name for p in done[:at]] == ["content", "mine"]
    assert done[at + 1 :] == [str(tmp_path)]


def test_a_file_is_replaced_in_one_step_or_stays(tmp_path, monkeypatch):
    file = tmp_path / "zarr.json"
    durable.replace(file, b"one")
    monkeypatch.setattr(durable.os, "fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        durable.replace(file, b"two")
    assert file.read_bytes() == b"one"
    assert names(tmp_path) == ["zarr.json"]
    assert beside.LOCK not in names(tmp_path)
