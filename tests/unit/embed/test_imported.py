"""Embeddings made elsewhere: kept with a run as they are, and measured; or refused with the place, and nothing left."""

from __future__ import annotations

import csv
import re
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gt
from gt.embed import METHODS, EmbedError, Method, imported, measure_again
from gt.embed.compute import Job
from gt.embed.coordinates import load_coordinates
from gt.embed.imported import key_of
from gt.embed.method import register
from gt.embed.titles import ELSEWHERE, family_of, title_of
from gt.kept.embedding import Embedding
from gt.measure.embeddings.correspondence import NAMES, measure_all

N, E = 40, 3
EPOCHS = [0, 5, 9]


@pytest.fixture
def run(tmp_path: Path) -> gt.Run:
    """Forty points, the even ones for training, whose ids go down by tens."""
    rng = np.random.default_rng(0)
    outputs = rng.normal(size=(E, N, 4)).astype(np.float32)
    return gt.write_run(
        tmp_path / "run",
        outputs=outputs,
        labels=np.arange(N) % 4,
        kind="logits",
        splits=np.arange(N) % 2,
        ids=1000 - 10 * np.arange(N),
        epochs=EPOCHS,
        title="Ours",
    )


def coordinates(d: int = 2, n: int = N, e: int = E) -> np.ndarray:
    return np.random.default_rng(d).normal(size=(e, n, d)).astype(np.float32)


def kept(run: gt.Run) -> list[str]:
    folder = run.path / "embeddings"
    return sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []


@pytest.mark.parametrize("d", [2, 3, 8])
def test_points_of_both_splits_become_an_embedding_each_and_none_is_moved(run, d):
    given = coordinates(d)
    train, test = gt.write_embedding(run, given, name="UMAP, tuned")
    for one, split in ((train, 0), (test, 1)):
        rows = np.flatnonzero(run.splits == split)
        assert one.ids.tolist() == run.ids[rows].tolist() and one.of == len(rows)
        assert one.epochs.tolist() == EPOCHS and one.dimensions == d
        np.testing.assert_array_equal(one.positions(), given[:, rows])
        assert one.is_of(run) and one.fits(run)
        expected = measure_all(
            lambda i, rows=rows: run.activations(run.last, i)[rows], given[:, rows]
        )
        for name in NAMES:
            np.testing.assert_allclose(one.measures[name], getattr(expected, name), rtol=1e-6)
    assert title_of(test) == "UMAP, tuned (imported)"
    assert title_of(train) == "UMAP, tuned (imported, training points)"
    assert family_of(test) == ELSEWHERE
    assert kept(run) == sorted([test.name, train.name])


def test_nothing_is_made_up_of_how_it_was_made_and_what_is_said_is_kept_word_for_word(run):
    bare = gt.write_embedding(run, coordinates(), name="Bare")[0]
    assert (bare.recipe.seed, bare.recipe.parameters, bare.versions) == (None, {}, {})
    assert (bare.imported.by, bare.imported.told) == (None, {})
    by, made = "  <b>phate</b> & co,\nknn=5 ", {"knn ": "5 < 6", "gamma": 0.1, "Layer": "none"}
    said = gt.write_embedding(run, coordinates(), name="Told", by=by, made=made)[0]
    assert said.imported.by == by
    assert said.imported.told == {"knn": "5 < 6", "gamma": "0.1", "Layer": "none"}


def test_ids_say_whose_coordinates_they_are_in_any_order_and_some_may_be_missing(run):
    rows = np.array([7, 3, 21, 11, 1])
    given = coordinates(n=5)
    [one] = gt.write_embedding(run, given, name="Some", ids=run.ids[rows])
    order = np.argsort(rows)
    assert one.ids.tolist() == run.ids[np.sort(rows)].tolist()
    np.testing.assert_array_equal(one.positions(), given[:, order])
    assert title_of(one) == "Some (imported, 5 of 20 points)"


def test_a_split_can_be_named_where_there_are_no_ids(run):
    [one] = gt.write_embedding(run, coordinates(n=20), name="Half", split="train")
    assert one.recipe.split == "train" and one.name.endswith("-train")


@pytest.mark.parametrize(
    ("epochs", "shape", "order"),
    [(5, (N, 2), [0]), ([9, 0], (2, N, 2), [1, 0]), (np.array([5, 9]), (2, N, 2), [0, 1])],
)
def test_epochs_are_named_by_their_numbers_in_any_order(run, epochs, shape, order):
    given = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    test = gt.write_embedding(run, given, name="Some epochs", epochs=epochs)[-1]
    whole = given[None] if given.ndim == 2 else given
    assert test.epochs.tolist() == sorted(np.atleast_1d(epochs).tolist())
    np.testing.assert_array_equal(test.positions(), whole[order][:, 1::2])
    assert test.is_of(run)


def nan() -> np.ndarray:
    given = coordinates()
    given[1, 3, 1] = np.nan
    return given


REFUSED: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "one dimension": ({"coordinates": coordinates(1)}, ("2 to 8 dimensions", "(3, 40, 1)")),
    "nine dimensions": ({"coordinates": coordinates(9)}, ("2 to 8 dimensions",)),
    "text": ({"coordinates": np.array([["a", "b"]])}, ("real numbers",)),
    "complex numbers": ({"coordinates": coordinates() * 1j}, ("real numbers", "complex")),
    "rows of other lengths": ({"coordinates": [[1, 2], [3]]}, ("(n, d)",)),
    "no points": ({"coordinates": np.empty((3, 0, 2))}, ("(3, 0, 2)",)),
    "NaN": ({"coordinates": nan()}, ("coordinate 2 of point 3 (id 970) at epoch 5 is nan",)),
    "too large": ({"coordinates": np.full((3, N, 2), 1e39)}, ("finite, in 32 bits", "239 more")),
    "one epoch of which": (
        {"coordinates": coordinates()[0]},
        ("are of one epoch, and which must be said", "Ours has 0, 5, 9"),
    ),
    "an epoch that is none": (
        {"coordinates": coordinates()[0], "epochs": 7},
        ("Ours, which has 0, 5, 9; 7 came",),
    ),
    "an epoch twice": ({"epochs": [0, 0, 5]}, ("once each",)),
    "half an epoch": ({"epochs": [0, 5, 8.5]}, ("whole numbers, 8.5 came",)),
    "too few epochs": ({"epochs": [0, 5]}, ("as many as", "3, 2 came")),
    "points of one split": (
        {"coordinates": coordinates(n=20)},
        ("all 40 points of Ours (20 train and 20 test)", "20 came", "--split train"),
    ),
    "too few points of a split": (
        {"coordinates": coordinates(n=19), "split": "test"},
        ("the 20 test points", "19 came"),
    ),
    "no such split": ({"split": "all"}, ('"train" or "test"',)),
    "strange ids": ({"ids": np.arange(N)}, ("of the points of Ours", "40 are of none")),
    "ids twice": ({"ids": np.full(N, 1000)}, ("once each", "1000")),
    "ids of the other split": (
        {"coordinates": coordinates(n=1), "ids": [1000], "split": "test"},
        ("the test points of Ours",),
    ),
    "too few ids": ({"ids": [1000]}, ("one a point, (40,)",)),
    "ids that are no numbers": ({"ids": ["a"] * N}, ("whole numbers",)),
    "ids with a fraction": ({"ids": 1000 - np.arange(N) / 2}, ("number 1 is 999.5",)),
    "no name": ({"name": " "}, ("name must be text",)),
    "two lines": ({"name": "a\nb"}, ("one line",)),
    "a terminal's colours": ({"name": "\x1b[31mred"}, ("one line",)),
    "half of a pair": ({"name": "\ud800"}, ("UTF-8",)),
    "too long a name": ({"name": "x" * 101}, ("100 characters at most, 101 came",)),
    "made of a sentence": ({"made": "by hand"}, ("by their names", "by=")),
    "an empty sentence": ({"by": ""}, ("by must be text",)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_will_not_do_is_refused_with_its_place_and_leaves_nothing(run, case):
    asked, said = REFUSED[case]
    whole: dict[str, Any] = {"coordinates": coordinates(), "name": "Mine", **asked}
    with pytest.raises(EmbedError) as refused:
        gt.write_embedding(run, **whole)
    for words in said:
        assert words in str(refused.value), str(refused.value)
    assert kept(run) == []


def test_no_layer_of_that_name_and_one_that_never_changes_are_refused(run):
    with pytest.raises(gt.RunError, match="conv9"):
        gt.write_embedding(run, coordinates(), name="Mine", layer="conv9")
    assert kept(run) == []


def test_a_second_one_of_a_name_needs_to_be_told_to_replace_it(run):
    gt.write_embedding(run, coordinates(), name="Zürich")
    before = kept(run)
    with pytest.raises(EmbedError, match=r"is there already.*replace=True"):
        gt.write_embedding(run, coordinates(3), name=unicodedata.normalize("NFD", " Zürich "))
    [now] = gt.write_embedding(run, coordinates(3, 20), name="Zürich", split="test", replace=True)
    assert now.dimensions == 3 and kept(run) == [now.name]
    assert len(before) == 2 and now.name in before


def test_what_fails_halfway_leaves_what_was_there(run, monkeypatch):
    gt.write_embedding(run, coordinates(), name="Mine")
    before = {one.name: one.key for one in Embedding.find(run.path / "embeddings")[0]}
    calls = iter([None])

    def fails(*given: Any) -> Any:
        if next(calls, "end") == "end":
            raise OSError("no room")
        return {name: np.zeros(E, np.float32) for name in ("trustworthiness",)}

    monkeypatch.setattr(imported, "measures_of", fails)
    with pytest.raises(OSError, match="no room"):
        gt.write_embedding(run, coordinates(4), name="Mine", replace=True)
    after = {one.name: one.key for one in Embedding.find(run.path / "embeddings")[0]}
    assert after == before and kept(run) == sorted(before)


def test_another_content_has_another_key(run):
    keys = {gt.write_embedding(run, coordinates(), name="Mine")[1].key}
    for change in ({"by": "hand"}, {"made": {"k": 1}}, {"coordinates": coordinates() + 1}):
        asked: dict[str, Any] = {"coordinates": coordinates(), **change}
        keys.add(gt.write_embedding(run, **asked, name="Mine", replace=True)[1].key)
    assert len(keys) == 4


def test_no_method_has_a_name_like_theirs():
    for title in ("t-SNE", "umap", "pca", "", "../../etc", "ü"):
        assert key_of(title, "test").startswith("imported-")
    assert not [name for name in METHODS if name.startswith("imported")]
    with pytest.raises(ValueError, match="must not begin with"):
        register(Method("imported-one", "One", "linear", "One.", place=1, color="#000000"))


def test_it_is_still_of_its_run_when_that_has_grown(run, tmp_path):
    """The fingerprint is that of the epochs up to its last one."""
    one = gt.write_embedding(run, coordinates()[:2], name="Early", epochs=[0, 5])[0]
    assert one.recipe.fingerprint == run.fingerprint(run.last, 2) != run.fingerprint(run.last)
    other = gt.write_run(
        tmp_path / "other", outputs=coordinates(4), labels=np.arange(N) % 4, kind="logits",
        splits=run.splits, ids=run.ids, epochs=EPOCHS,
    )  # fmt: skip
    assert not one.is_of(other)


def test_it_is_measured_again_like_any_other(run):
    one = gt.write_embedding(run, coordinates(3)[:2], name="Early", epochs=[0, 5])[1]
    again = measure_again(run, one)
    assert again.imported == one.imported and again.key == one.key
    for name in NAMES:
        np.testing.assert_array_equal(again.measures[name], one.measures[name])


def test_progress_is_told(run):
    told: list[tuple[int, int]] = []
    gt.write_embedding(
        run,
        coordinates(),
        name="Mine",
        progress=lambda done, total, what: told.append((done, total)),
    )
    assert told == [(i + 1, E) for i in range(E)] * 2


@settings(max_examples=60, deadline=None, derandomize=True, database=None,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(st.text(max_size=120), st.sampled_from(["train", "test"]))
def test_whatever_the_name_its_folder_is_a_plain_one_or_it_is_refused(title, split):
    try:
        said = imported._said(title, None, None)
    except EmbedError:
        return
    name = key_of(said.title, split)
    assert re.fullmatch(r"imported(-[a-z0-9-]+)?-[0-9a-f]{8}(-train)?", name)
    assert said.title == unicodedata.normalize("NFC", title.strip())
    assert Path("x", name).name == name and "." not in name


# ---- files


def saved(folder: Path, ending: str, arrays: dict[str, np.ndarray]) -> Path:
    file = folder / f"given{ending}"
    if ending == ".npz":
        np.savez(file, **arrays)
    elif ending == ".safetensors":
        from safetensors.numpy import save_file

        save_file(arrays, file)
    else:
        np.save(file, arrays["coordinates"])
    return file


@pytest.mark.parametrize("ending", [".npy", ".npz", ".safetensors"])
def test_a_file_of_arrays_says_coordinates_ids_and_epochs(tmp_path, ending):
    if ending == ".safetensors":
        pytest.importorskip("safetensors")
    arrays = {"coordinates": coordinates(), "ids": np.arange(N), "epochs": np.array(EPOCHS)}
    found = load_coordinates(saved(tmp_path, ending, arrays))
    np.testing.assert_array_equal(found.values, coordinates())
    if ending == ".npy":
        assert found.ids is None and found.epochs is None
    else:
        assert found.ids.tolist() == list(range(N)) and found.epochs.tolist() == EPOCHS


def table(folder: Path, rows: list[list[Any]]) -> Path:
    file = folder / "given.csv"
    with file.open("w", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return file


def test_a_table_has_a_row_for_each_point_and_epoch(tmp_path):
    rows = [["x", "id", "epoch", "y"], [1, 7, 5, 2], [3, 4, 0, 4], [5, 7, 0, 6], [7, 4, 5, 8]]
    found = load_coordinates(table(tmp_path, rows))
    assert found.ids.tolist() == [4, 7] and found.epochs.tolist() == [0, 5]
    assert found.values.tolist() == [[[3, 4], [5, 6]], [[7, 8], [1, 2]]]
    flat = load_coordinates(table(tmp_path, [["a", "b"], [1, 2], [3, 4]]))
    assert flat.values.tolist() == [[1, 2], [3, 4]] and flat.ids is None


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["0.5", "0.25"], [1, 2]], "names of its columns in its first row"),
        ([["x", "label"], [1, "cat"]], "column label must be numbers, row 2 has 'cat'"),
        ([["x", "y"], [1, 2], ["foo", 3]], "column x must be numbers, row 3 has 'foo'"),
        ([["x", "y"], [1, 2], [1, ""]], "column y must be numbers, row 3 has an empty cell"),
        ([["x", "y", "epoch"], [1, 2, 0], [1, 2, 1], [1, 2, 1]], "same points, epoch 0 has 1 and"),
        ([["x", "y", "epoch", "id"], [1, 2, 0, 1], [1, 2, 1, 2]], "epoch 1 1 others"),
        ([["x", "id", "ids"], [1, 2, 3]], "must hold ids once, it holds ids and id"),
    ],
)
def test_a_table_that_does_not_say_what_is_what_is_refused(tmp_path, rows, said):
    with pytest.raises(EmbedError) as refused:
        load_coordinates(table(tmp_path, rows))
    assert said in str(refused.value), str(refused.value)


def test_other_files_are_refused(tmp_path):
    with pytest.raises(EmbedError, match=r"must end in \.csv, \.npy"):
        load_coordinates(tmp_path / "x.pkl")
    np.savez(tmp_path / "two.npz", a=coordinates(), b=coordinates())
    with pytest.raises(EmbedError, match=r"must hold coordinates, or .* it holds a, b"):
        load_coordinates(tmp_path / "two.npz")
    with pytest.raises(gt.RunError, match="no file"):
        load_coordinates(tmp_path / "missing.npy")


def test_a_job_of_an_unknown_method_has_data(run):
    """Whoever measures needs no method."""
    from gt.embed.compute import layer_data

    one = gt.write_embedding(run, coordinates(), name="Mine")[1]
    job = Job(one.recipe, one.rows(run), one.of, (0, 1, 2), one.name)
    np.testing.assert_array_equal(layer_data(run, job)(1), run.activations(run.last, 1)[1::2])
