"""Fewer epochs and points in a file: what stays, what is said of the rest."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from gt.cache import wire
from gt.errors import RunError
from gt.run import open_run
from gt.serve.announcements import announce, announce_layers
from gt.share import alone, held, less
from gt.share.told import Asked
from tests.attacks import write_small_alignment


@pytest.fixture(scope="module")
def made(runs_folder: Path, tmp_path_factory: pytest.TempPathFactory):
    return alone.library_of(runs_folder / "mnist", tmp_path_factory.mktemp("cache"))


def test_the_first_the_last_and_those_that_are_named_stay():
    epochs = list(range(0, 50, 2))
    assert less.epochs_kept(epochs, Asked()) == list(range(25))
    assert less.epochs_kept(epochs, Asked(every=10)) == [0, 10, 20, 24]
    assert less.epochs_kept(epochs, Asked(every=10, keep=[14, 15]), [2]) == [0, 1, 7, 8, 10, 20, 24]


def test_one_split_and_some_epochs_are_left_and_the_rest_is_told(made) -> None:
    library, run = made
    whole = announce(library, run, "softmax")
    said, told = less.less(library, whole, Asked(split="test", every=2))
    epochs = whole["epochs"]
    kept = sorted({*range(0, len(epochs), 2), len(epochs) - 1})
    assert said["epochs"] == [epochs[at] for at in kept] and 1 < len(kept) < len(epochs)
    assert list(said["splits"]) == ["test"]
    assert said["splits"]["test"]["slices"][1] == whole["splits"]["test"]["slices"][2]
    assert told == [
        "The training points are left out.",
        f"{len(kept)} of {len(epochs)} epochs are here; between them points move in straight lines.",
    ]
    assert less.less(library, whole, Asked()) == (whole, [])


def test_epochs_that_views_speak_of_stay(made) -> None:
    library, run = made
    whole = announce(library, run, "softmax")
    named = whole["epochs"][3:5]
    said, _ = less.less(library, {**whole, "views": [{"epochs": named}]}, Asked(every=100))
    assert said["epochs"] == [whole["epochs"][0], *named, whole["epochs"][-1]]


def test_layers_are_cut_down_with_all_that_has_an_entry_an_epoch(
    runs_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(runs_folder / "mnist", tmp_path / "run")
    write_small_alignment(open_run(tmp_path / "run"))
    library, run = alone.library_of(tmp_path / "run", tmp_path / "cache")
    whole = announce_layers(library, run)
    said, told = less.less(library, whole, Asked(every=2))
    count, note = len(said["epochs"]), said["alignment"]
    assert 1 < count < len(whole["epochs"]) and told
    for state in note["states"]:
        assert {len(state[name]) for name in less.OF_STATE} == {count}
    for one in note["transitions"]:
        assert len(one["moved"]) == count
    if whole["alignment"]["opposite"]:
        means = [_tensor(library, one["alignment"]["opposite"]["tensor"]) for one in (whole, said)]
        kept = less.epochs_kept(whole["epochs"], Asked(every=2), [note["reference"]])
        np.testing.assert_array_equal(means[1], means[0][:, kept])


def _tensor(library, tensor):
    raw = wire.unpack(held.of(library, tensor["url"]))
    return np.frombuffer(raw, tensor["dtype"]).reshape(tensor["shape"])


def test_what_is_not_there_is_refused(made) -> None:
    library, run = made
    said = announce(library, run, "softmax")
    only = {**said, "splits": {"train": said["splits"]["train"]}}
    with pytest.raises(RunError, match="has no test points in softmax; it has training points"):
        less.less(library, only, Asked(split="test"))
    with pytest.raises(RunError, match="split must be one of train, test, got both"):
        less.check(Asked(split="both"))
    with pytest.raises(RunError, match="every must be 1 or more epochs, got 0"):
        less.check(Asked(every=0))
