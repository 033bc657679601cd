"""Embeddings on disk: what is kept, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from gt.errors import RunError, ShapeError, TruncatedRunError
from gt.kept.embedding import (
    Embedding,
    Imported,
    Recipe,
    find_embeddings,
    open_embedding,
    write_embedding,
)
from gt.kept.workshop import Workshop

RECIPE = Recipe("uid", "print", "softmax", "test", "pca", {"every": 1}, 0, None, 1)


def make(folder, recipe=RECIPE, name="pca", e=3, n=5, d=2, imported=None):
    positions = np.arange(e * n * d, dtype=np.float32).reshape(e, n, d)
    measures = {"trustworthiness": np.linspace(0, 1, e, dtype=np.float32)}
    return write_embedding(
        folder, name, recipe=recipe, epochs=np.arange(e), ids=np.arange(n) + 10, of=8,
        positions=positions, measures=measures, versions={"numpy": "2"}, made={}, imported=imported,
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
        (lambda at: change(at, imported={"title": "Mine"}), TruncatedRunError),
        (lambda at: change(at, recipe=RECIPE.to_json() | {"method": ""}), TruncatedRunError),
        (
            lambda at: change(at, recipe=RECIPE.to_json() | {"method": "imported"}),
            TruncatedRunError,
        ),
        (lambda at: change(at, recipe=RECIPE.to_json() | {"seed": "none"}), TruncatedRunError),
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


@pytest.mark.parametrize("method", ["phate", "<b>", "a" * 3000, "é, 😀"])
def test_one_of_an_unknown_method_is_opened_like_the_others(tmp_path, method):
    made = make(tmp_path, replace(RECIPE, method=method, seed=None))
    assert open_embedding(tmp_path / "pca").recipe.method == method
    assert made.imported is None and made.key == made.recipe.key


def test_what_is_said_of_an_imported_one_is_read_back_and_part_of_its_key(tmp_path):
    recipe = replace(RECIPE, method="imported")
    said = Imported('Mine, "tuned"', "by <hand>", {"k": "5"}, "0" * 64)
    made = make(tmp_path, recipe, imported=said)
    assert made.imported == said and open_embedding(tmp_path / "pca").imported == said
    assert made.key != made.recipe.key
    assert made.line().startswith('“Mine, "tuned"”, imported, softmax, 5 of 8 test points')


def change(at, **values):
    stored = json.loads((at / "zarr.json").read_text())
    stored["attributes"] |= values
    (at / "zarr.json").write_text(json.dumps(stored))


def test_an_embedding_of_another_key_is_not_the_one(tmp_path):
    make(tmp_path)
    assert Workshop(tmp_path, "pca", RECIPE.key).done(Embedding) is not None
    assert Workshop(tmp_path, "pca", "0" * 32).done(Embedding) is None
