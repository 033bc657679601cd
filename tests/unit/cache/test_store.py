"""The server's cache: nothing damaged or foreign is ever served."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import diskcache
import pytest

from gt.cache import wire
from gt.cache.store import Store, default_folder

RAW = bytes(range(256)) * 40
SOURCE = {"run": "mnist", "part": "ids"}


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "cache")
    yield store
    store.close()


def put_as_others_do(store, key, value):
    """Write an entry with a diskcache of the usual kind, which pickles what is neither bytes nor text."""
    with diskcache.Cache(str(store.folder)) as cache:
        cache.set(key, value)


class Trap:
    """Says so when it is unpickled."""

    sprung = False

    def __reduce__(self):
        return (setattr, (Trap, "sprung", True))


def test_a_pickled_entry_is_not_even_unpickled(store):
    digest = store.put_tensor(RAW, SOURCE)
    put_as_others_do(store, f"tensor/{digest}", Trap())
    assert wire.unpack(store.tensor(digest, lambda _: RAW)) == RAW
    assert not Trap.sprung
    with diskcache.Cache(str(store.folder)) as cache:
        cache.set("k", Trap())
        cache.get("k")
    assert Trap.sprung  # the trap works


def test_a_pickled_key_is_not_even_unpickled(store):
    """Keys that are neither text nor numbers are pickles too, and whoever lists them reads them."""
    Trap.sprung = False
    put_as_others_do(store, (Trap(), 1), b"x")
    for listed in (iter(store._cache), store._cache.iterkeys()):
        with pytest.raises(ValueError, match="a pickled key is not ours"):
            list(listed)
    assert not Trap.sprung
    with diskcache.Cache(str(store.folder)) as cache:
        list(cache)
    assert Trap.sprung  # the trap works


def refuse(_source):
    raise AssertionError("made again")


def test_a_tensor_comes_back_packed(store):
    digest = store.put_tensor(RAW, SOURCE)
    assert digest == wire.digest(RAW)
    assert wire.unpack(store.tensor(digest, refuse)) == RAW


def test_a_tensor_that_was_never_put_is_none(store):
    assert store.tensor(wire.digest(b"other"), refuse) is None


def test_another_process_finds_what_was_put(store, tmp_path):
    digest = store.put_tensor(RAW, SOURCE)
    other = Store(tmp_path / "cache")
    assert wire.unpack(other.tensor(digest, refuse)) == RAW
    other.close()


DAMAGE = {
    "gone": None,
    "empty": b"",
    "text": b"not gzip at all",
    "truncated": wire.pack(RAW)[: len(wire.pack(RAW)) // 2],
    "other bytes": wire.pack(RAW[:-1] + b"x"),
    "a pickled object": {"values": [1, 2, 3]},
    "a number": 7,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_tensor_is_made_again_from_its_source(store, damage):
    digest = store.put_tensor(RAW, SOURCE)
    key = f"tensor/{digest}"
    if damage is None:
        store._cache.delete(key)
    else:
        put_as_others_do(store, key, damage)
    asked = []

    def make(source):
        asked.append(source)
        return RAW

    assert wire.unpack(store.tensor(digest, make)) == RAW
    assert asked == [SOURCE]
    assert wire.unpack(store.tensor(digest, refuse)) == RAW  # and kept


def test_what_cannot_be_made_again_is_none(store):
    digest = store.put_tensor(RAW, SOURCE)
    put_as_others_do(store, f"tensor/{digest}", b"x")

    def gone(_source):
        raise KeyError("no run")

    assert store.tensor(digest, gone) is None
    assert store.tensor(digest, lambda _: RAW + b"of another recording") is None
    put_as_others_do(store, f"source/{digest}", b"{damaged")
    assert store.tensor(digest, lambda _: RAW) is None


@pytest.mark.parametrize("kind", ["tensor", "source", "json"])
def test_a_pickled_entry_of_someone_else_is_not_believed(store, tmp_path, kind):
    """What such an entry says is never served."""
    digest = store.put_tensor(RAW, SOURCE)
    key = {"tensor": f"tensor/{digest}", "source": f"source/{digest}", "json": "k"}[kind]
    put_as_others_do(store, key, ["foreign"])
    if kind == "json":
        assert store.json("k", lambda: {"a": 1}, lambda found: "a" in found) == {"a": 1}
    else:
        assert wire.unpack(store.tensor(digest, lambda _: RAW)) == RAW


def test_an_entry_that_cannot_be_unpickled_is_made_again(store, tmp_path):
    store.json("k", lambda: [1], lambda _: True)
    with sqlite3.connect(tmp_path / "cache" / "cache.db") as database:
        database.execute(
            "UPDATE Cache SET mode = ?, value = ?", (diskcache.core.MODE_PICKLE, b"\x80garbage")
        )
    database.close()
    assert store.json("k", lambda: [2], lambda _: True) == [2]
    assert store.json("k", lambda: [3], lambda _: True) == [2]


def test_a_value_is_made_once(store):
    assert store.json("k", lambda: {"a": (1, 2)}, lambda _: True) == {"a": [1, 2]}
    assert store.json("k", refuse_json, lambda _: True) == {"a": [1, 2]}


def refuse_json():
    raise AssertionError("made again")


@pytest.mark.parametrize(
    "kept",
    [
        b"",
        b"text",
        wire.pack(b"{"),
        wire.pack(json.dumps({"other": 1}).encode()),
        wire.pack(json.dumps([1]).encode()),
        wire.pack(json.dumps(None).encode()),
        wire.pack(b"\xff\xfe"),
        wire.pack(json.dumps({"a": 1}).encode())[:-4],
        "a string",
    ],
)
def test_a_damaged_value_is_made_again(store, kept):
    put_as_others_do(store, "k", kept)
    assert store.json("k", lambda: {"a": 2}, lambda found: set(found) == {"a"}) == {"a": 2}
    assert store.json("k", refuse_json, lambda found: set(found) == {"a"}) == {"a": 2}


def test_a_file_of_an_entry_that_was_truncated_is_made_again(tmp_path):
    """Large entries are files beside the database; a full disk cuts them off."""
    store = Store(tmp_path / "cache")
    raw = os.urandom(200_000)
    digest = store.put_tensor(raw, SOURCE)
    [file] = (tmp_path / "cache").rglob("*.val")
    file.write_bytes(file.read_bytes()[:1000])
    assert wire.unpack(store.tensor(digest, lambda _: raw)) == raw
    [file] = (tmp_path / "cache").rglob("*.val")
    file.unlink()
    assert wire.unpack(store.tensor(digest, lambda _: raw)) == raw
    store.close()


@pytest.mark.parametrize(
    "garbage", [b"this is no database" * 100, b"SQLite format 3\x00" + b"x" * 500]
)
def test_a_database_of_garbage_is_begun_anew(tmp_path, garbage):
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / "cache.db").write_bytes(garbage)
    store = Store(folder)
    digest = store.put_tensor(RAW, SOURCE)
    assert wire.unpack(store.tensor(digest, refuse)) == RAW
    store.close()


def test_the_folder_is_the_user_s_cache_unless_told_otherwise():
    assert isinstance(default_folder(), Path)
    assert default_folder().is_absolute()


def unwritable(*_, **__):
    raise diskcache.Timeout


def test_what_is_kept_is_read_where_it_cannot_be_noted_that_it_was(store, monkeypatch, caplog):
    """The least recently used go, so reading writes; on a full disk it must not."""
    digest = store.put_tensor(RAW, SOURCE)
    store.json("k", lambda: [1], lambda _: True)
    monkeypatch.setattr(diskcache.Cache, "_transact", unwritable)
    assert store.json("k", refuse_json, lambda _: True) == [1]
    assert wire.unpack(store.tensor(digest, refuse)) == RAW
    assert caplog.text.count("goes on without keeping") == 1


def test_what_is_put_together_is_there_in_memory_where_it_cannot_be_written(store, monkeypatch):
    monkeypatch.setattr(diskcache.Cache, "transact", unwritable)
    with store.together():
        digest = store.promise(RAW, SOURCE)
        with store.together():  # part of a larger one
            other = store.promise(RAW[:-1], SOURCE)
    assert wire.unpack(store.tensor(digest, lambda _: RAW)) == RAW
    assert wire.unpack(store.tensor(other, lambda _: RAW[:-1])) == RAW[:-1]


def test_half_of_a_large_value_is_taken_away(store, monkeypatch):
    def full(self, path, iterator, mode, encoding=None):
        Path(path).parent.mkdir(parents=True)
        Path(path).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(diskcache.Disk, "_write", full)
    raw = os.urandom(200_000)
    digest = store.put_tensor(raw, SOURCE)
    assert not list(store.folder.rglob("*.val"))
    assert wire.unpack(store.tensor(digest, refuse)) == raw  # at hand
