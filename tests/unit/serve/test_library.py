"""What a server announces of its runs, and that the bytes behind it are the recorded ones."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from gt.cache import wire
from gt.cache.store import Store
from gt.run import write_run
from gt.serve import announcements, epochs, tensors
from gt.serve.library import Library, summaries
from gt.serve.payloads import Announcement


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "cache")
    yield store
    store.close()


@pytest.fixture
def library(runs_folder, store):
    return Library([runs_folder], store)


def read(library, entry, dtype=None):
    raw = wire.unpack(tensors.packed(library, entry["url"].removeprefix("tensors/")))
    return np.frombuffer(raw, dtype or entry["dtype"]).reshape(entry.get("shape", -1))


@pytest.mark.parametrize("name", ["mnist", "shapes", "held-out", "wide"])
def test_an_announcement_has_the_fields_of_its_type_and_is_json(library, name):
    said = announcements.announce(library, name, "softmax")
    assert set(said) == set(Announcement.__required_keys__)
    assert json.loads(json.dumps(said)) == said
    run = library.run(name)
    assert (said["run"], said["uid"], said["p"]) == (name, run.uid, len(run.classes))
    assert said["epochs"] == run.epochs.tolist() and said["classes"] == list(run.classes)
    assert said["radius"] == 1
    for split in said["splits"].values():
        assert len(split["slices"]) == len(said["epochs"])


def test_splits_without_points_are_absent(library):
    assert set(announcements.announce(library, "mnist", "softmax")["splits"]) == {"train", "test"}
    assert set(announcements.announce(library, "held-out", "softmax")["splits"]) == {"test"}
    assert set(announcements.announce(library, "wide", "softmax")["splits"]) == {"train"}


@pytest.mark.parametrize("name", ["mnist", "shapes", "held-out"])
def test_ids_labels_and_images_are_those_of_the_split(library, name):
    run = library.run(name)
    for number, label in enumerate(("train", "test")):
        rows = run.splits == number
        if not rows.any():
            continue
        split = announcements.announce(library, name, "softmax")["splits"][label]
        np.testing.assert_array_equal(read(library, split["ids"]), run.ids[rows])
        np.testing.assert_array_equal(read(library, split["labels"]), run.labels[rows])
        if run.images is None:
            assert split["images"] is None
        else:
            np.testing.assert_array_equal(read(library, split["images"]), run.images[rows])


def test_slices_hold_logits_as_well_and_the_radius_is_the_largest_norm(library):
    said = announcements.announce(library, "mnist", "logits")
    run = library.run("mnist")
    largest = max(np.linalg.norm(run.activations("logits", e), axis=1).max() for e in range(8))
    assert said["radius"] == pytest.approx(largest)
    one = said["splits"]["test"]["slices"][3]
    values = read(library, one, "<u2").reshape(-1, said["p"]) * one["scale"] + one["offset"]
    expected = run.activations("logits", 3)[run.splits == 1]
    np.testing.assert_allclose(values, expected, atol=0.51 * one["scale"])


def test_large_ids_travel_as_float64(tmp_path, store):
    ids = np.array([1, 2**31, 2**40 + 1])
    write_run(tmp_path / "run", np.full((1, 3, 2), 0.5), [0, 1, 0], ids=ids)
    library = Library([tmp_path / "run"], store)
    entry = announcements.announce(library, "run", "softmax")["splits"]["train"]["ids"]
    assert entry["dtype"] == "float64"
    np.testing.assert_array_equal(read(library, entry), ids)


def test_unknown_runs_and_layers_are_named_with_those_there_are(library):
    with pytest.raises(KeyError, match='no run \\"gone\\"; this server has mnist, held-out'):
        announcements.announce(library, "gone", "softmax")
    with pytest.raises(KeyError, match='Shapes has no layer \\"logits\\"; it has softmax'):
        announcements.announce(library, "shapes", "logits")
    with pytest.raises(KeyError, match="no run at all"):
        Library([], library.store).run("x")


def test_only_digests_are_looked_up(library):
    for name in ("", "../x", "source/" + "0" * 32, "0" * 32, "0" * 31):
        assert tensors.packed(library, name) is None


def test_a_tensor_that_was_evicted_is_made_again_from_the_run(library):
    said = announcements.announce(library, "mnist", "softmax")
    entries = [*said["splits"]["test"]["slices"], said["splits"]["train"]["images"]]
    before = [tensors.packed(library, e["url"][8:]) for e in entries]
    for entry in entries:
        assert library.store._cache.delete("tensor/" + entry["url"][8:])
    again = Library([run.path for run in library.runs.values()], Store(library.store.folder))
    assert [tensors.packed(again, e["url"][8:]) for e in entries] == before
    again.store.close()


def test_announcing_twice_reads_the_run_once(library, monkeypatch):
    first = announcements.announce(library, "mnist", "softmax")
    run = library.run("mnist")
    monkeypatch.setattr(type(run), "activations", lambda *_: pytest.fail("the run is read again"))
    assert announcements.announce(library, "mnist", "softmax") == first


def test_what_was_announced_once_is_not_made_again(library, monkeypatch):
    """It was, for as long as a field that not all announcements have counted among those that all have."""
    first = announcements.announce(library, "shapes", "softmax")
    epochs._HELD.clear()  # as another process has it
    monkeypatch.setattr(epochs, "_made", None)  # which would be called
    assert announcements.announce(library, "shapes", "softmax") == first


def test_another_recording_of_one_name_is_announced_anew(tmp_path, store):
    rng = np.random.default_rng(0)

    def record():
        shutil.rmtree(tmp_path / "mine", ignore_errors=True)
        write_run(tmp_path / "mine", rng.normal(size=(2, 6, 3)), [0, 1, 2] * 2, kind="logits")
        return announcements.announce(Library([tmp_path / "mine"], store), "mine", "softmax")

    first, second = record(), record()
    assert first["uid"] != second["uid"]
    assert first["splits"]["train"]["slices"] != second["splits"]["train"]["slices"]
    old = first["splits"]["train"]["slices"][0]["url"][8:]
    again = Library([tmp_path / "mine"], store)
    assert tensors.packed(again, old) is not None  # still kept: a page that was open goes on
    store._cache.delete(f"tensor/{old}")
    store = Store(store.folder)  # without what the process has at hand
    assert tensors.packed(Library([tmp_path / "mine"], store), old) is None
    store.close()  # never never the new recording's bytes under the old name


def test_a_run_found_twice_and_a_folder_that_is_gone_are_told(runs_folder, store, tmp_path):
    library = Library([runs_folder, runs_folder / "mnist", tmp_path / "gone"], store)
    assert list(library.runs) == ["mnist", "held-out", "shapes", "wide"]
    assert [str(path) for path, _ in library.problems] == [str(tmp_path / "gone")]


def test_two_runs_of_one_name_are_both_there(runs_folder, store, tmp_path):
    shutil.copytree(runs_folder / "shapes", tmp_path / "more" / "shapes")
    library = Library([runs_folder, tmp_path / "more"], store)
    assert "shapes" in library.runs and "shapes-2" in library.runs
    assert announcements.announce(library, "shapes-2", "softmax")["run"] == "shapes-2"


def test_summaries_say_what_a_card_needs(library):
    found = {one["name"]: one for one in summaries(library)}
    assert found["mnist"]["n"] == 120 and found["mnist"]["epochs"] == 8
    assert found["mnist"]["layers"] == ["logits", "softmax"]
    run = library.run("mnist")
    softmax = run.activations("softmax", 7)
    for number, split in enumerate(("train", "test")):
        rows = run.splits == number
        right = (softmax[rows].argmax(axis=1) == run.labels[rows]).mean()
        assert found["mnist"][split] == pytest.approx(right, abs=1e-6)
    assert found["held-out"]["train"] is None  # nothing was measured on training points
    assert found["mnist"]["epoch"] == 40 and found["mnist"]["history"] == ""
