"""What a server announces of an alignment, and that the bytes behind it are the network's."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gt.align import align
from gt.align.align_run import align_run, plan
from gt.align.recorded import links_of, shown_of, states_of, values_of
from gt.cache import wire
from gt.cache.store import Store
from gt.run import write_run
from gt.serve import announcements, tensors
from gt.serve.library import Library
from gt.serve.payloads import (
    AlignmentNote,
    LayersAnnouncement,
    LayerState,
    LayerTransition,
    Opposite,
)
from tests.recordings import CLASSES, record, spread

torch = pytest.importorskip("torch")
nn = torch.nn
N, K = 60, 32


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network of six states, both splits, no train point of the last class; three alignments."""
    folder = tmp_path_factory.mktemp("recording")
    torch.manual_seed(3)
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(64, 20), nn.Linear(20, 3)
    )
    splits, labels = np.arange(N) % 2, np.arange(N) // 2 % 3
    labels[(splits == 0) & (labels == 2)] = 0
    run = record(folder / "net", model, spread(N, (1, 6, 6)), splits=splits, labels=labels)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GT_CACHE_DIR", str(folder / "cache"))
        for options in ({}, {"reference": 0}, {"split": "train", "k": 5}):
            align_run(run, plan(run, **options))
    return run.path


@pytest.fixture
def library(recording: Path, tmp_path: Path) -> Iterator[Library]:
    shutil.copytree(recording, tmp_path / "runs" / "net")
    store = Store(tmp_path / "cache" / "tensors")
    yield Library([tmp_path / "runs"], store)
    store.close()


def read(library: Library, entry: dict[str, Any], dtype: str | None = None) -> np.ndarray:
    raw = tensors.packed(library, entry["url"].removeprefix("tensors/"))
    assert raw is not None
    found = np.frombuffer(wire.unpack(raw), dtype or entry["dtype"])
    return found.reshape(entry.get("shape", -1))


def shown(library: Library, one: dict[str, Any], n: int) -> np.ndarray:
    return read(library, one, "<u2").reshape(n, -1) * one["scale"] + one["offset"]


def test_an_announcement_has_the_fields_of_its_type_and_is_json(library: Library) -> None:
    said = announcements.announce_layers(library, "net")
    assert json.loads(json.dumps(said, allow_nan=False)) == said
    note = said["alignment"]
    assert set(said) == set(LayersAnnouncement.__required_keys__)
    assert set(note) == set(AlignmentNote.__annotations__)
    assert all(set(one) == set(LayerState.__annotations__) for one in note["states"])
    assert all(set(one) == set(LayerTransition.__annotations__) for one in note["transitions"])
    assert note["opposite"] is not None
    assert set(note["opposite"]) == set(Opposite.__annotations__)
    assert (note["name"], note["n"], note["of"], note["k"]) == ("test", 30, 30, K)
    assert len(note["states"]) == len(note["transitions"]) + 1 == 6
    for one in note["transitions"]:
        assert np.shape(one["moved"]) == (len(said["epochs"]), 2) and np.min(one["moved"]) >= 0


def test_what_is_shown_at_each_state_is_the_networks_own(library: Library) -> None:
    run = library.run("net")
    rows, at = np.flatnonzero(run.splits == 1), 1
    layers = states_of(run, rows, at)
    states = [values_of(run, layer, at, rows) for layer in layers]
    steps = [one.step for one in links_of(run, shown_of(run, rows, at), at, states.__getitem__)]
    network = align(states.__getitem__, steps, k=K, classes=len(CLASSES))
    note = announcements.announce_layers(library, "net")["alignment"]
    assert np.array_equal(read(library, note["turns"]), network.turns)
    rng = np.random.default_rng(0)
    for i, state in enumerate(note["states"]):
        own = network.coordinates(i, states[i])
        exact = np.pad(own, ((0, 0), (0, K - own.shape[1]))) @ network.turns[i] / state["scale"]
        off = shown(library, state["slices"][at], len(rows)) - exact
        for _ in range(5):  # in any view; the plot is two sizes of a state wide
            view = np.linalg.qr(rng.standard_normal((K, 2)))[0]
            assert np.linalg.norm(off @ view, axis=1).max() / 2 < 1e-4, state["name"]


def test_how_far_points_move_is_told_of_each_epoch(library: Library) -> None:
    note = announcements.announce_layers(library, "net")["alignment"]
    turns = read(library, note["turns"]).reshape(-1, K, K)
    told = np.array([one["moved"] for one in note["transitions"]])
    for at in range(told.shape[1]):
        aligned = [shown(library, one["slices"][at], note["n"]) for one in note["states"]]
        naive = [picture @ turn.T for picture, turn in zip(aligned, turns, strict=True)]
        for i in range(len(told)):
            for which, seen in enumerate((aligned, naive)):
                far = np.linalg.norm(seen[i + 1] - seen[i], axis=1).mean()
                assert told[i, at, which] == pytest.approx(far, abs=1e-3)
    assert np.abs(told[:, 0] - told[:, 1]).max() > 1e-2  # the epochs do differ


def test_what_no_turn_explains_is_told_of_each_epoch(library: Library) -> None:
    """Of the points that are drawn, with the factor that is best in that epoch."""
    one = library.alignments("net")[0]
    transitions = tuple(replace(passage, residual=0.5) for passage in one.transitions)
    _, left = replace(one, transitions=transitions).told(0)
    _, other = replace(one, transitions=transitions).told(1)
    assert left != other
    for i, share in enumerate(left):
        a, b = one.turned(i, 0), one.turned(i + 1, 0)
        a, b = a - a.mean(0), b - b.mean(0)
        assert share == pytest.approx(1 - np.corrcoef(a.ravel(), b.ravel())[0, 1] ** 2, abs=1e-9)
    assert one.told(0)[1] == [None] * len(left)


def test_the_picture_before_a_state_is_the_picture_behind_it(library: Library) -> None:
    note = announcements.announce_layers(library, "net")["alignment"]
    pictures = [shown(library, one["slices"][0], note["n"]) for one in note["states"]]
    for i in range(1, len(pictures) - 1):
        arriving = (1 - 1.0) * pictures[i - 1] + 1.0 * pictures[i]
        leaving = (1 - 0.0) * pictures[i] + 0.0 * pictures[i + 1]
        assert np.abs(arriving - leaving).max() < 1e-4


def test_the_other_splits_means_are_where_its_points_would_be(library: Library) -> None:
    note = announcements.announce_layers(library, "net")["alignment"]
    assert note["opposite"] is not None
    said = note["opposite"]
    assert (said["split"], said["n"]) == ("train", 30)
    means = read(library, said["tensor"])
    assert means.shape == (6, 2, len(CLASSES), K) and means.dtype == np.float32
    assert np.isnan(means[:, :, 2]).all() and np.isfinite(means[:, :, :2]).all()
    run = library.run("net")
    for i, layer in ((4, "logits"), (5, "softmax")):  # their axes are the classes
        for at in range(2):
            values = run.activations(layer, at)
            for label in (0, 1):
                own = values[(run.splits == 0) & (run.labels == label)].mean(0)
                got = means[i, at, label, :3] * note["states"][i]["scale"]
                assert np.allclose(got, own, atol=1e-3)
    assert np.array_equal(means[0, 0], means[0, 1], equal_nan=True)  # the input is constant


def test_without_points_of_the_other_split_there_are_no_means(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GT_CACHE_DIR", str(tmp_path / "cache"))
    run = record(tmp_path / "runs" / "one", nn.Linear(4, 3), spread(12, (4,)))
    align_run(run, plan(run))
    store = Store(tmp_path / "tensors")
    said = announcements.announce_layers(Library([tmp_path / "runs"], store), "one")
    store.close()
    assert said["alignment"]["opposite"] is None


def test_several_alignments_of_a_run_lie_side_by_side(library: Library) -> None:
    assert [one.name for one in library.alignments("net")] == ["test", "test-epoch-0", "train-k-5"]
    first = announcements.announce_layers(library, "net", "test-epoch-0")["alignment"]
    other = announcements.announce_layers(library, "net", "train-k-5")["alignment"]
    assert (first["reference"], other["k"], other["split"]) == (0, 5, "train")
    assert other["opposite"] is not None and other["opposite"]["split"] == "test"
    said, why = announcements.try_announce_layers(library, "net", "test-k-9")
    assert said is None and 'no alignment "test-k-9"; it has test, test-epoch-0' in why


def test_tensors_are_promised_and_made_once_asked_for(library: Library) -> None:
    note = announcements.announce_layers(library, "net")["alignment"]
    assert note["opposite"] is not None
    for entry in (note["turns"], note["opposite"]["tensor"], note["states"][2]["slices"][1]):
        digest = entry["url"].removeprefix("tensors/")
        assert library.store.at_hand(digest) is None
        assert tensors.packed(library, digest) == library.store.at_hand(digest) is not None


def test_a_tensor_of_an_alignment_that_was_replaced_is_not_served(library: Library) -> None:
    note = announcements.announce_layers(library, "net", "test-epoch-0")["alignment"]
    folder = library.run("net").path / "alignments"
    shutil.rmtree(folder / "test-epoch-0")
    shutil.copytree(folder / "test", folder / "test-epoch-0")
    for entry in (note["turns"], note["states"][1]["slices"][0]):
        assert tensors.packed(library, entry["url"].removeprefix("tensors/")) is None


def test_an_alignment_of_another_recording_is_left_out(library: Library, tmp_path: Path) -> None:
    labels = np.arange(12) % 3
    write_run(tmp_path / "runs" / "two", np.eye(3)[labels][None], labels, kind="probabilities")
    shutil.copytree(
        library.run("net").path / "alignments", tmp_path / "runs" / "two" / "alignments"
    )
    two = Library([tmp_path / "runs"], library.store)
    assert two.alignments("two") == [] and len(two.alignments("net")) == 3
    said, why = announcements.try_announce_layers(two, "two")
    assert said is None and "has no alignment of its layers yet; gt align makes one" in why


def test_a_slice_is_small_enough_for_the_wire(library: Library) -> None:
    state = announcements.announce_layers(library, "net")["alignment"]["states"][1]
    raw = tensors.packed(library, state["slices"][0]["url"].removeprefix("tensors/"))
    assert raw is not None and len(wire.unpack(raw)) == 30 * K * 2
    assert 500 * K * 2 <= 70_000  # of 500 points, before it is packed
