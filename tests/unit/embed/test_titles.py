"""What a store does not say of an embedding is unknown, not as usual."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gt.embed.titles import library_of, parameter_text, title_of, titles_of, told_parameters
from gt.kept.embedding import Embedding, Recipe

USUAL = {"perplexity": 30.0, "iterations": 500, "every": 1}


def embedding(
    method: str = "tsne",
    parameters: dict[str, Any] = USUAL,
    versions: dict[str, str] | None = None,
    seed: Any = 0,
) -> Embedding:
    recipe = Recipe("u", "f", "softmax", "test", method, parameters, seed, None, 1)
    versions = {"openTSNE": "1.0.4", "numpy": "2.4.6"} if versions is None else versions
    return Embedding(
        path=Path("x"),
        name="x",
        recipe=recipe,
        epochs=np.arange(3),
        ids=np.arange(9),
        of=9,
        versions=versions,
        made={},
        measures={},
    )


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ({}, "t-SNE"),
        ({"parameters": {**USUAL, "perplexity": 12}}, "t-SNE (perplexity 12)"),
        ({"parameters": {**USUAL, "every": 2}}, "t-SNE (every 2)"),
        ({"parameters": {}}, "t-SNE (perplexity unknown, iterations unknown)"),
        ({"parameters": {**USUAL, "perplexity": None}}, "t-SNE (perplexity unknown)"),
        ({"parameters": {**USUAL, "angle": 0.5}}, "t-SNE (angle 0.5)"),
        ({"parameters": {**USUAL, "init": "pca"}}, "t-SNE (init pca)"),
        ({"versions": {}}, "t-SNE (library unknown)"),
        ({"versions": {"scikit-learn": "1.9"}}, "t-SNE"),
        ({"seed": None}, "t-SNE (seed unknown)"),
        ({"method": "trimap", "parameters": {"k": 3}}, "trimap, a method unknown here (k 3)"),
    ],
)
def test_a_title_says_what_is_not_usual_and_what_is_not_known(
    said: dict[str, Any], title: str
) -> None:
    assert title_of(embedding(**said)) == title


def test_those_that_are_called_the_same_have_their_names_too() -> None:
    one, other, third = (replace(embedding("phate", {}), name=name) for name in "xyz")
    third = replace(third, recipe=replace(third.recipe, seed=1))
    said = "phate, a method unknown here"
    assert titles_of([other, one, third]) == {
        "x": f"{said} [x]",
        "y": f"{said} [y]",
        "z": f"{said} (seed 1)",
    }


def test_a_method_with_an_endless_name_has_a_short_title() -> None:
    assert title_of(embedding("é" * 5000, {})) == f"{'é' * 55}…, a method unknown here"


@pytest.mark.parametrize(
    ("versions", "told"),
    [
        ({"openTSNE": "1.0.4", "numpy": "2"}, "openTSNE 1.0.4"),
        ({"openTSNE": "unknown"}, "openTSNE (version unknown)"),
        ({"scikit-learn": "1.9", "numpy": "2"}, "scikit-learn 1.9, numpy 2"),
        ({}, ""),
    ],
)
def test_no_library_is_named_that_the_store_does_not_name(
    versions: dict[str, str], told: str
) -> None:
    assert library_of("tsne", versions) == told


def test_every_parameter_is_told_with_what_the_store_says() -> None:
    told = told_parameters("tsne", {"angle": 0.5, "perplexity": 7.0})
    assert told == [("perplexity", 7.0), ("iterations", None), ("every", None), ("angle", 0.5)]
    assert [parameter_text(value) for _, value in told] == ["7", "unknown", "unknown", "0.5"]
