"""``gt cache``: what is kept is counted and taken away, while others use it."""

from __future__ import annotations

import os
import re
import time

import pytest

from gt import cli
from gt.cache import wire
from gt.cache.store import Store

RAW = os.urandom(2**20)  # which takes as much room packed
HOUR = 3600


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GT_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def store(folder):
    store = Store()
    yield store
    store.close()


def said(capsys, *options):
    assert cli.main(["cache", *options]) == 0
    return capsys.readouterr().out


def lines(text):
    """How many there are of each, and the MB that they take."""
    found = re.findall(r"^  (\w+) +([\d,]+) \w+ +([\d.]+) MB$", text, re.M)
    return {name: (int(count), float(size)) for name, count, size in found}


def test_where_nothing_is_kept_nothing_is_made(capsys, folder):
    assert said(capsys) == f"Nothing is kept in {folder}\n" and not folder.exists()


def test_what_is_ready_is_counted_taken_away_and_made_again(capsys, folder, store):
    digest = store.put_tensor(RAW, {"run": "mnist"})
    assert wire.unpack(store.tensor(digest, lambda _: RAW)) == RAW
    first = said(capsys)
    assert str(folder) in first and "at most 2 GB each" in first
    count, size = lines(first)["ready"]
    assert count == 2 and 1 <= size < 2, "the tensor, and where it comes from"
    emptied = said(capsys, "--empty")
    assert lines(emptied)["ready"][0] == 0 and lines(emptied)["ready"][1] < 1
    assert float(re.search(r"Freed ([\d.]+) MB", emptied)[1]) >= 1
    other = Store()
    assert other.tensor(digest, lambda _: RAW) is None, "nobody has said where it comes from"
    assert store.tensor(digest, lambda _: RAW) is not None, "a server that has it at hand goes on"
    assert store.put_tensor(RAW, {"run": "mnist"}) == digest
    assert wire.unpack(other.tensor(digest, lambda _: RAW)) == RAW
    other.close()


def test_what_was_computed_goes_when_that_is_asked_for_and_not_what_was_just_used(
    capsys, folder, store
):
    for name, age in (("old", 2 * HOUR), ("new", 0)):
        made = folder / "embeddings" / "uid" / name
        made.mkdir(parents=True)
        (made / "a").write_bytes(RAW)
        for one in (made / "a", made):
            os.utime(one, (time.time() - age,) * 2)
    said(capsys, "--empty")
    assert lines(said(capsys))["embeddings"] == (1, 2.0)
    assert lines(said(capsys, "--empty", "--computed"))["embeddings"] == (1, 1.0)
    assert (folder / "embeddings" / "uid" / "new").is_dir()


def test_what_cannot_be_is_refused(capsys, folder, monkeypatch):
    with pytest.raises(SystemExit):
        cli.main(["cache", "--computed"])
    assert "came without --empty" in capsys.readouterr().err
    (folder / "tensors").mkdir(parents=True)
    (folder / "tensors" / "cache.db").mkdir()  # where its file should be
    assert cli.main(["cache"]) == 2
    assert "must be a folder that can be written" in capsys.readouterr().err
