"""Attacks are listed apart from trainings, are seen by all workers as soon as they are finished, and can be kept."""

from __future__ import annotations

import os
import shutil

import numpy as np
import pytest

from gt.cache.store import Store
from gt.run import RunError, open_run, write_run
from gt.serve.library import Library, summaries
from tests.attacks import write_attack


def write(path, *, attack=True, title=None):
    """An attack, or a training."""
    if attack:
        write_attack(path, title=title or "Eights")
    else:
        outputs = np.random.default_rng(0).normal(size=(2, 6, 3))
        write_run(path, outputs, [0, 1, 2] * 2, kind="logits", title=title)
    return path


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "cache" / "tensors")
    yield store
    store.close()


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "runs" / "mnist", attack=False, title="MNIST")
    write(tmp_path / "runs" / "turned")
    return tmp_path / "runs"


def finish(library, name, **more):
    """What the lab does: build beside the place, then rename."""
    place = library.attack_workplace("mnist")
    write(place / f".{name}", **more)
    (place / f".{name}").rename(place / name)
    return place / name


def test_attacks_are_apart_from_trainings(folder, store):
    library = Library([folder], store)
    assert library.titles == {"mnist": "MNIST"} and list(library.runs) == ["mnist"]
    assert [one["name"] for one in summaries(library)] == ["mnist"]
    assert library.attack_titles == {"turned": "Eights"}
    assert library.run("turned").uid == open_run(folder / "turned").uid
    with pytest.raises(KeyError, match='no run \\"x\\"; this server has mnist, turned'):
        library.run("x")


def test_every_worker_sees_an_attack_once_it_is_finished(folder, store):
    library, other = (Library([folder], store) for _ in range(2))
    write(library.attack_workplace("mnist") / ".under-way")
    assert library.attack_titles == other.attack_titles == {"turned": "Eights"}
    with pytest.raises(KeyError):
        other.run("under-way")
    path = finish(library, "new", title="Nines")
    assert other.run("new").path == path
    assert other.attack_titles == library.attack_titles == {"turned": "Eights", "new": "Nines"}
    assert other.run("new") is other.run("new")  # opened once
    assert not other.kept(other.run("new")) and other.kept(other.run("turned"))
    shutil.rmtree(path)
    with pytest.raises(KeyError):
        other.run("new")
    assert other.attack_titles == {"turned": "Eights"}


def test_attacks_on_runs_that_are_not_here_and_damaged_ones_are_left_out(folder, store, caplog):
    library = Library([folder], store)
    write(library.attack_workplace("mnist").parent / "another run" / "theirs")
    path = finish(library, "broken")
    (path / "zarr.json").write_text("{")
    finish(library, "training", attack=False)
    assert library.attack_titles == {"turned": "Eights"}
    assert library.attack_titles and len(caplog.records) == 1  # told once
    assert "broken" in caplog.text


def test_names_are_unique_and_older_attacks_keep_theirs(folder, store):
    library = Library([folder], store)
    first = finish(library, "turned")
    assert library.run("turned").path == folder / "turned"
    assert library.run("turned-2").path == first
    for name in ("mnist", "a"):  # the name of a training; one that comes first in the alphabet
        finish(library, name)
    assert list(library.attack_titles) == ["turned", "turned-2", "mnist-2", "a"]
    assert len(set(library.attack_titles.values())) == 4  # of one title: the name is said
    assert library.run("turned-2").path == first


def test_an_attack_is_kept_once_and_under_its_name(folder, store, tmp_path):
    library, other = (Library([folder], store, keep_in=[folder]) for _ in range(2))
    uid = open_run(finish(library, "turned")).uid
    assert other.run("turned-2").uid == uid
    assert library.keep("turned-2") == folder / "turned-2"
    for one in (library, other, Library([folder], store, keep_in=[folder])):
        assert list(one.attack_titles) == ["turned", "turned-2"]
        assert (one.run("turned-2").uid, one.run("turned-2").path) == (uid, folder / "turned-2")
        assert one.kept(one.run("turned-2"))
    assert library.keep("turned-2") == folder / "turned-2"  # again: nothing to do
    shutil.rmtree(library.attack_workplace("mnist"))
    assert other.run("turned-2").uid == uid


def test_files_that_are_one_stay_one_in_the_copy(folder, store):
    library = Library([folder], store, keep_in=[folder])
    path = finish(library, "new")
    os.link(path / "zarr.json", path / "again")
    copy = library.keep("new")
    assert (copy / "again").samefile(copy / "zarr.json")
    assert not (copy / "again").samefile(path / "again")
    assert not list(folder.glob(".*"))


def test_why_an_attack_cannot_be_kept_is_said(folder, store, tmp_path, monkeypatch):
    library = Library([folder], store)
    finish(library, "new")
    with pytest.raises(RunError, match=r"there is none; start the server with .* --runs FOLDER"):
        library.keep("new")
    library = Library([folder], store, keep_in=[folder / "mnist"])  # a run is no folder of runs
    with pytest.raises(RunError, match="there is none"):
        library.keep("new")
    library = Library([folder], store, keep_in=[folder])
    (folder / "new").mkdir()
    with pytest.raises(RunError, match=r"new must be free, something is there"):
        library.keep("new")
    monkeypatch.setattr("gt.kept.attacks.os.access", lambda *_: False)
    with pytest.raises(RunError, match=r"runs cannot; start the server"):
        library.keep("new")
    with pytest.raises(KeyError):
        library.keep("gone")
