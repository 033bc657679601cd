"""Alignments on disk: what is read back is what was kept, and what is damaged says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr

from gt.kept.alignment import (
    Alignment,
    Passage,
    Recipe,
    State,
    find_alignments,
    moved_between,
    open_alignment,
    write_alignment,
)
from gt.kept.steps import STEPS, from_steps, to_steps
from gt.run import RunError, ShapeError, TruncatedRunError
from tests.recordings import rotation, spread

N, K, EPOCHS, CLASSES = 20, 4, [0, 5, 9], 3
RECIPE = Recipe("ab" * 16, "cd" * 32, "test", 500, 1, K, 9, 1)


def write(folder: Path, name: str = "test", **changes: Any) -> Alignment:
    rng = np.random.default_rng(0)
    states = [
        State("input", "Input", (2, 3), 6, K, False, 2.0, 0.0),
        State("softmax", "Softmax", (CLASSES,), CLASSES, CLASSES, True, 1.0, 0.0),
    ]
    opposite = rng.standard_normal((2, 3, CLASSES, K))
    opposite[:, :, 1] = np.nan
    given: dict[str, Any] = {
        "recipe": RECIPE,
        "owner": "ef" * 16,
        "epochs": EPOCHS,
        "of": 70,
        "states": states,
        "transitions": [Passage("Linear", "singular", (2.0, 1.0), 3, None, (0.25, 1.5))],
        "coordinates": [rng.standard_normal((1, N, K)), rng.random((3, N, CLASSES))],
        "arrays": {
            "ids": np.arange(N),
            "turns": np.stack([np.eye(K)[::-1], np.eye(K)]),
            "variance": np.ones((2, 3)),
            "separation": np.ones((2, 3, CLASSES)),
            "radii": np.ones((2, 3)),
            "opposite": opposite.astype(np.float32),
        },
        "opposite_n": 17,
        "versions": {"numpy": "2"},
        "made": {"seconds": 1.5},
    } | changes
    return write_alignment(folder, name, **given)


def test_what_is_read_back_is_what_was_kept(tmp_path: Path) -> None:
    found = write(tmp_path)
    again = open_alignment(tmp_path / "test")
    for one in (found, again):
        assert (one.name, one.recipe, one.of, one.opposite_n) == ("test", RECIPE, 70, 17)
        assert one.transitions == (Passage("Linear", "singular", (2.0, 1.0), 3, None, (0.25, 1.5)),)
        assert one.epochs.tolist() == EPOCHS and one.k == K
    rng = np.random.default_rng(0)
    rng.standard_normal((2, 3, CLASSES, K))
    first, last = rng.standard_normal((1, N, K)), rng.random((3, N, CLASSES))
    for at in range(3):  # the first state is the same in all epochs
        assert np.abs(again.coordinates(0, at) - first[0]).max() <= 0.51 * 2.0 / STEPS
        assert np.abs(again.coordinates(1, at) - last[at]).max() <= 0.51 / STEPS
    assert again.constant(0) and not again.constant(1)
    assert np.allclose(again.turned(0, 0), again.coordinates(0, 0)[:, ::-1] / 2)


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
def test_steps_are_read_back_exactly(size: float) -> None:
    rng = np.random.default_rng(1)
    values = size * rng.standard_normal((5, 7, 3))
    folded, step = to_steps(values, size)
    assert folded.dtype == np.uint16 and step == size / STEPS
    assert np.array_equal(from_steps(folded), np.rint(values / step))


def test_epochs_far_beyond_the_reference_are_coarser_and_still_there() -> None:
    values = np.array([[[1.0]], [[-1e9]], [[1e9]]])
    folded, step = to_steps(values, 1.0)
    assert folded.dtype == np.uint32 and step > 1 / STEPS
    assert np.allclose(from_steps(folded) * step, values, rtol=1e-8, atol=step)


def test_small_changes_fold_to_small_numbers() -> None:
    steps = np.array([0, 1, 1, 0, 0, -2, 1])[:, None, None]
    assert to_steps(steps / STEPS, 1.0)[0].ravel().tolist() == [0, 2, 0, 1, 0, 3, 6]


def test_the_other_splits_means_are_off_by_half_a_step_at_most(tmp_path: Path) -> None:
    found = write(tmp_path)
    given = np.random.default_rng(0).standard_normal((2, 3, CLASSES, K))
    for i, state in enumerate(found.states):
        assert np.abs(found.opposite[i] - given[i])[:, [0, 2]].max() <= 0.51 * state.step
    assert found.opposite.dtype == np.float32 and np.isnan(found.opposite[:, :, 1]).all()
    turned = found.opposite_turned()
    assert np.allclose(turned[0, :, 0], found.opposite[0, :, 0, ::-1] / 2)
    assert np.isnan(turned[:, :, 1]).all()


def test_writing_again_replaces_what_was_there_and_leaves_nothing_else(tmp_path: Path) -> None:
    write(tmp_path)
    assert write(tmp_path, of=71).of == 71
    assert [p.name for p in tmp_path.iterdir()] == ["test"]
    with pytest.raises(ValueError):
        write(tmp_path, coordinates=[])  # one for each state
    assert [p.name for p in tmp_path.iterdir()] == ["test"]
    assert open_alignment(tmp_path / "test").of == 71


def test_a_key_stands_for_all_of_a_recipe() -> None:
    from dataclasses import replace

    others = {"uid": "0", "fingerprint": "0", "split": "train", "points": 1, "every": 2, "k": 5}
    others |= {"reference": 0, "code": 2}
    keys = {replace(RECIPE, **{name: value}).key for name, value in others.items()}
    assert len(keys | {RECIPE.key}) == 9
    assert replace(RECIPE).key == RECIPE.key


def test_several_are_found_by_name_and_what_is_damaged_is_said(tmp_path: Path) -> None:
    for name in ("train", "test", "test-k-64"):
        write(tmp_path, name)
    (tmp_path / ".test.part").mkdir()
    (tmp_path / "notes").mkdir()
    (tmp_path / "train" / "zarr.json").write_text("{}")
    found, problems = find_alignments(tmp_path)
    assert [one.name for one in found] == ["test", "test-k-64"]
    assert len(problems) == 1 and "must describe an alignment" in problems[0]
    assert find_alignments(tmp_path / "none") == ([], [])


def test_arrays_that_do_not_fit_are_named(tmp_path: Path) -> None:
    for key, shape in (("turns", (2, 3, 3)), ("opposite", (2, 3, 2, K)), ("radii", (2, 2))):
        found = write(tmp_path)
        group = zarr.open_group(found.path, mode="r+")
        del group[key]
        group[key] = np.zeros(shape)
        with pytest.raises(ShapeError, match=f"{key} must be"):
            open_alignment(found.path)
    found = write(tmp_path)
    group = zarr.open_group(found.path, mode="r+")
    del group["states/001"]
    group["states/001"] = np.zeros((2, N, CLASSES), np.uint16)
    with pytest.raises(ShapeError, match="state softmax must be"):
        open_alignment(found.path)


def test_bytes_that_are_damaged_are_found_when_they_are_read(tmp_path: Path) -> None:
    found = write(tmp_path)
    file = next(f for f in (found.path / "states" / "001" / "c").rglob("*") if f.is_file())
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 255
    file.write_bytes(raw)
    with pytest.raises(TruncatedRunError, match="state 1"):
        open_alignment(found.path).coordinates(1, 0)


@pytest.mark.parametrize("array", ["states/001", "turns", "ids", "opposite"])
def test_a_file_that_is_missing_is_no_zeros(tmp_path: Path, array: str) -> None:
    found = write(tmp_path)
    next(f for f in (found.path / array / "c").rglob("*") if f.is_file()).unlink()
    with pytest.raises(TruncatedRunError, match=f"all of {array} must be there"):
        open_alignment(found.path)
    assert [f"all of {array}" in problem for problem in find_alignments(tmp_path)[1]] == [True]


def test_another_format_is_not_an_alignment(tmp_path: Path) -> None:
    found = write(tmp_path)
    text = (found.path / "zarr.json").read_text()
    (found.path / "zarr.json").write_text(text.replace("grand-tour-alignment", "grand-tour-other"))
    with pytest.raises(RunError, match="must be a grand-tour-alignment"):
        open_alignment(found.path)


def test_motion_is_a_mean_distance_with_turns_and_without() -> None:
    z, turned = spread(50, (4,)).astype(float), rotation(4)
    turns = np.stack([turned, np.eye(4)])
    aligned, naive = moved_between([z / 2, z @ turned / 2], turns)[0]
    assert aligned == pytest.approx(0, abs=1e-12)
    assert naive == pytest.approx(np.linalg.norm(z @ turned - z, axis=1).mean() / 2)
