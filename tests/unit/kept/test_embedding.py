"""Embeddings on disk: what is kept, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest

from gt.errors import RunError, ShapeError, TruncatedRunError
from gt.kept.embedding import (
    Embedding,
    Recipe,
    find_embeddings,
    open_embedding,
    write_embedding,
)
from gt.kept.workshop import Workshop

RECIPE = Recipe("uid", "print", "softmax", "test", "pca", {"every": 1}, 0, None, 1)


def make(folder, recipe=RECIPE, name="pca", e=3, n=5, d=2):
    positions = np.arange(e * n * d, dtype=np.float32).reshape(e, n, d)
    measures = {"trustworthiness": np.linspace(0, 1, e, dtype=np.float32)}
    return write_embedding(
        folder, name, recipe=recipe, epochs=np.arange(e), ids=np.arange(n) + 10, of=8,
        positions=positions, measures=measures, versions={"numpy": "2"}, made={},
    )  # fmt: skip


def test_what_was_written_is_read(tmp_path):
    make(tmp_path)
    made = open_embedding(tmp_path / "pca")
    assert (made.name, made.recipe, made.of, made.dimensions) == ("pca", RECIPE, 8, 2)
    assert made.epochs.tolist() == [0, 1, 2] and made.ids.tolist() == [10, 11, 12, 13, 14]
    assert made.positions().shape == (3, 5, 2)
    assert (made.positions(1) == made.positions()[1]).all()
    assert made.measures["trustworthiness"].tolist() == [0, 0.5, 1]
    assert made.versions == {"numpy": "2"}
    assert [path.name for path in tmp_path.iterdir()] == ["pca"]


def test_the_key_is_of_everything_and_of_nothing_else():
    from dataclasses import replace

    changes = {
        "uid": "x", "fingerprint": "x", "layer": "x", "split": "train", "method": "x",
        "parameters": {"every": 2}, "seed": 1, "points": 4, "code": 2,
    }  # fmt: skip
    keys = {replace(RECIPE, **{name: value}).key for name, value in changes.items()}
    assert len(keys | {RECIPE.key}) == 10 == len(changes) + 1
    assert replace(RECIPE, parameters=dict(RECIPE.parameters)).key == RECIPE.key


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        (lambda at: (at / "zarr.json").write_text("{"), TruncatedRunError),
        (lambda at: (at / "zarr.json").write_text("{}"), TruncatedRunError),
        (lambda at: change(at, format="other"), RunError),
        (lambda at: change(at, version=99), RunError),
        (lambda at: change(at, epochs=[0, 1]), ShapeError),
        (lambda at: change(at, recipe={}), TruncatedRunError),
    ],
)
def test_a_damaged_embedding_is_named_and_the_others_are_found(tmp_path, damage, error):
    make(tmp_path)
    make(tmp_path, name="other")
    damage(tmp_path / "pca")
    with pytest.raises(error):
        open_embedding(tmp_path / "pca")
    found, problems = find_embeddings(tmp_path)
    assert [one.name for one in found] == ["other"]
    assert len(problems) == 1 and "pca" in problems[0]
    assert Workshop(tmp_path, "pca", RECIPE.key).done(Embedding) is None


def change(at, **values):
    stored = json.loads((at / "zarr.json").read_text())
    stored["attributes"] |= values
    (at / "zarr.json").write_text(json.dumps(stored))


def test_an_embedding_of_another_key_is_not_the_one(tmp_path):
    make(tmp_path)
    assert Workshop(tmp_path, "pca", RECIPE.key).done(Embedding) is not None
    assert Workshop(tmp_path, "pca", "0" * 32).done(Embedding) is None
