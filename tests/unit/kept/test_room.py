"""What is kept beside the cache has a limit: least recently used goes, and nothing that is in use."""

from __future__ import annotations

import os
import shutil
import time

import numpy as np
import pytest

from gt.cache.store import SIZE_BYTES, Store, size_limit
from gt.files.beside import built_beside
from gt.kept.room import RECENT, clear_opened, make_room, note_use, serving
from gt.kept.workshop import Workshop
from gt.run import open_run, write_run
from gt.serve import announcements
from gt.serve.library import Library
from tests.attacks import write_small_alignment
from tests.embeddings import _write

DAY = 24 * 3600.0


def keep(folder, uid, name, size=1000, days=1.0):
    """Something of a size that was used so many days ago."""
    path = folder / uid / name
    path.mkdir(parents=True)
    (path / "file").write_bytes(b"x" * size)
    age(path, days)
    return path


def age(path, days):
    for one in [*path.rglob("*"), path]:
        os.utime(one, (time.time() - days * DAY,) * 2)


def there(*folders):
    return sorted(path.name for folder in folders for path in folder.glob("*/*"))


def test_what_was_used_least_recently_goes_first_from_all_folders_together(tmp_path):
    embeddings, attacks = tmp_path / "embeddings", tmp_path / "attacks"
    keep(embeddings, "a", "old", days=5)
    keep(embeddings, "a", "older", days=6)
    keep(attacks, "b", "oldest", days=7)
    keep(attacks, "b", "young", days=2)
    gone = make_room([embeddings, attacks], 2000, time.time())
    assert [path.name for path in gone] == ["oldest", "older"]
    assert there(embeddings, attacks) == ["old", "young"]
    assert make_room([embeddings, attacks], 2000, time.time()) == []
    make_room([embeddings, attacks], 1000, time.time())
    assert there(embeddings, attacks) == ["young"]
    assert not (embeddings / "a").exists()  # nothing is in it


def test_what_was_used_since_the_server_started_or_lately_stays(tmp_path, caplog):
    keep(tmp_path / "a", "a", "of-today", days=0.5)
    keep(tmp_path / "a", "a", "before", days=2)
    keep(tmp_path / "a", "a", "now", days=(RECENT - 60) / DAY)
    assert there(tmp_path / "a") == ["before", "now", "of-today"]
    make_room([tmp_path / "a"], 0, time.time() - DAY)
    assert there(tmp_path / "a") == ["now", "of-today"]
    assert "over its limit, and in use" in caplog.text
    make_room([tmp_path / "a"], 0, time.time())
    assert there(tmp_path / "a") == ["now"]


def test_to_be_used_is_to_be_younger(tmp_path):
    one, other = (
        keep(tmp_path / "a", "a", "one", days=9),
        keep(tmp_path / "a", "a", "other", days=3),
    )
    note_use(one)
    make_room([tmp_path / "a"], 1000, time.time())
    assert one.exists() and not other.exists()
    note_use(other)  # which is gone: nothing happens


def test_what_is_being_computed_or_built_stays(tmp_path, monkeypatch):
    monkeypatch.setattr("gt.kept.room.RECENT", -DAY)  # nothing stays for its age
    shop = Workshop(tmp_path / "a" / "a", "tsne", "0" * 32)
    with shop.owned() as mine, built_beside(tmp_path / "a" / "a" / "run") as building:
        assert mine
        building.mkdir()
        stopped = keep(tmp_path / "a", "a", ".umap.0123456789abcdef.building")
        make_room([tmp_path / "a"], 0, time.time() + DAY)
        assert shop.path.exists() and building.exists()
        assert not stopped.exists()
        shop.put("epoch", y=np.ones(2))
    make_room([tmp_path / "a"], 0, time.time() + DAY)
    assert not shop.path.exists()


def test_files_that_are_one_and_the_same_count_once(tmp_path):
    path = keep(tmp_path / "a", "a", "attack", size=1000)
    for i in range(9):
        os.link(path / "file", path / f"file-{i}")
    age(path, 5)
    assert make_room([tmp_path / "a"], 1500, time.time()) == []
    assert make_room([tmp_path / "a"], 900, time.time()) == [path]


def test_the_limit_is_said_in_one_place(monkeypatch):
    monkeypatch.delenv("GT_CACHE_LIMIT", raising=False)
    assert size_limit() == SIZE_BYTES
    monkeypatch.setenv("GT_CACHE_LIMIT", "0.5")
    assert size_limit() == 2**29
    for wrong in ("much", "0", "-1", "nan", "inf"):
        monkeypatch.setenv("GT_CACHE_LIMIT", wrong)
        with pytest.raises(ValueError, match="GT_CACHE_LIMIT: must be a number of gigabytes"):
            size_limit()


def test_a_server_holds_to_the_limit_and_keeps_what_its_readers_look_at(tmp_path, monkeypatch):
    labels = np.arange(24) % 3
    outputs = np.random.default_rng(0).normal(size=(3, 24, 3))
    write_run(tmp_path / "run", outputs, labels, splits=np.ones(24, int))
    run = open_run(tmp_path / "run")
    _write(run, "tsne", "tsne", {"perplexity": 5, "every": 1, "iterations": 9}, {})
    _write(run, "umap", "umap", {"n_neighbors": 5, "every": 1, "min_dist": 0.1}, {})
    write_small_alignment(run)
    beside = tmp_path / "cache" / "embeddings" / run.uid
    shutil.move(run.path / "embeddings", beside)
    shutil.move(run.path / "alignments", tmp_path / "cache" / "alignments" / run.uid)
    store = Store(tmp_path / "cache" / "tensors")
    library = Library([run.path], store)
    for path in (beside / "tsne", beside / "umap"):
        age(path, 3)
    age(tmp_path / "cache" / "alignments" / run.uid / "test", 3)
    assert len(library.embeddings("run")) == 2
    announcements.announce_embedding(library, "run", "umap")
    announcements.announce_layers(library, "run")
    monkeypatch.setenv("GT_CACHE_LIMIT", "1e-9")
    library.make_room()
    assert [one.name for one in library.embeddings("run")] == ["umap"]
    assert [one.name for one in library.alignments("run")] == ["test"]
    age(beside / "umap", 3)
    Library([run.path], store)
    assert not beside.exists()
    store.close()


def test_opened_files_go_by_size_and_age_but_none_that_is_served_and_nothing_else(tmp_path):
    opened = tmp_path / "opened"
    names = {days: f"{days:024x}" for days in (1, 2, 3, 40, 50)}
    made = {days: keep(tmp_path, "opened", name, days=days) for days, name in names.items()}
    foreign = keep(tmp_path, "opened", "of-somebody-else", days=90)
    (opened / ("f" * 24)).symlink_to(foreign)
    with serving(made[50]):
        for one in made[50].iterdir():
            age(one, 50)  # no sign of life is needed where its process can be asked
        age(made[50], 50)
        assert clear_opened(opened, 10**6) == [made[40]]  # for nobody has used it for a month
        assert clear_opened(opened, 3500) == [made[3]]
    age(made[50], 50)  # that its lock is gone counts as a use
    assert clear_opened(opened, 3500) == [made[50]]
    keep(tmp_path, "opened", "a" * 24, size=10**5, days=0)
    assert clear_opened(opened, 10) == [made[2], made[1]]  # what was opened just now stays
    assert (foreign / "file").exists() and (opened / ("f" * 24)).is_symlink()
