"""A run that grows is announced by what it grew by, and what was made of its earlier epochs stays with it."""

from __future__ import annotations

import pytest

from gt.cache.store import Store
from gt.run.read import Run, open_run
from gt.serve import announcements, epochs
from gt.serve.library import Library
from tests import embeddings
from tests.growing import Growing


@pytest.fixture
def growing(tmp_path):
    one = Growing(tmp_path / "runs" / "mine", 5)
    yield one
    one.close()


@pytest.fixture
def library(growing, tmp_path):
    store = Store(tmp_path / "cache")
    yield Library([tmp_path / "runs"], store)
    store.close()


@pytest.mark.parametrize("layer", ["softmax", "logits"])
def test_what_was_announced_and_what_it_grew_by_are_what_is_announced_now(library, growing, layer):
    before = announcements.announce(library, "mine", layer)
    growing.add()
    growing.add()
    library.look(anew=True)
    grown = announcements.announce_growth(library, "mine", before["uid"], layer, 5)
    now = announcements.announce(library, "mine", layer)
    assert before["epochs"] + grown["epochs"] == now["epochs"] == list(range(7))
    assert max(before["radius"], grown["radius"]) == now["radius"]
    for split, said in now["splits"].items():
        for part in ("slices", "outputs"):
            assert before["splits"][split][part] + grown["splits"][split][part] == said[part]


def test_one_more_epoch_costs_one(library, growing, monkeypatch):
    announcements.announce(library, "mine", "softmax")
    growing.add()
    library.look(anew=True)
    read = []
    activations = Run.activations
    monkeypatch.setattr(
        Run,
        "activations",
        lambda run, name, at: read.append((name, at)) or activations(run, name, at),
    )
    announcements.announce(library, "mine", "softmax")
    assert {at for _, at in read} == {5}
    epochs._HELD.clear()  # another worker, which shares the cache alone
    read.clear()
    announcements.announce(library, "mine", "softmax")
    assert not read


def test_growth_of_another_recording_is_refused(library):
    with pytest.raises(KeyError, match="recorded anew"):
        announcements.announce_growth(library, "mine", "0" * 32, "softmax", 1)
    with pytest.raises(KeyError, match='no layer "x"'):
        uid = library.run("mine").uid
        announcements.announce_growth(library, "mine", uid, "x", 1)


@pytest.mark.parametrize("every", [1, 2, 3])
def test_an_embedding_stays_with_a_run_that_grows(library, growing, every, tmp_path):
    tsne = {"perplexity": 30, "iterations": 500, "every": every}
    embeddings._write(library.run("mine"), "tsne", "tsne", tsne, {"openTSNE": "1.0.4"})
    for _ in range(4):
        assert [one.name for one in library.embeddings("mine")] == ["tsne"]
        growing.add()
        library.look(anew=True)
    said = announcements.announce_embedding(library, "mine", "tsne")
    assert said["epochs"][-1] == 4 and len(library.run("mine").epochs) == 9


def test_an_embedding_of_other_activations_does_not(library, growing, tmp_path):
    tsne = {"perplexity": 30, "iterations": 500, "every": 1}
    run = library.run("mine")
    embeddings._write(run, "tsne", "tsne", tsne, {"openTSNE": "1.0.4"})
    files = (run.path / "activations" / "000" / "c" / "2").rglob("*")
    file = next(one for one in files if one.is_file())
    file.write_bytes(file.read_bytes()[::-1])
    assert library.embeddings("mine") == []


def test_the_fingerprint_of_the_first_epochs_is_what_it_was(growing):
    before = open_run(growing.writer.path).fingerprint("softmax")
    growing.add()
    now = open_run(growing.writer.path)
    assert now.fingerprint("softmax", 5) == before != now.fingerprint("softmax")
    assert now.digest("softmax", 2) == now.digest("logits", 2) != now.digest("logits", 3)
