"""What can be asked, what is refused, and what the refusal says."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from gt.embed import METHODS, EmbedError, Method, Parameter, embed, missing, plan
from gt.embed.method import families, register
from gt.embed.titles import title_of
from gt.errors import NoRunError
from gt.kept.embedding import open_embedding


def test_every_method_has_a_description_and_parameters_within_their_limits():
    for name, method in METHODS.items():
        assert name == method.name and method.text.endswith(".") and method.title
        for one in method.parameters:
            assert one.low <= one.default <= (one.high or float("inf"))
            assert not one.whole or one.default == int(one.default)


@pytest.mark.parametrize(
    ("method", "given", "said"),
    [
        ("tsne", {"perplexity": 14}, "a third of the other points, 13 for 40 points; 14 came"),
        ("tsne", {"perplexity": 0}, "Perplexity must be a number, 1 or more; 0 came"),
        ("tsne", {"perplexity": "many"}, "Perplexity must be a number, 1 or more; “many” came"),
        ("tsne", {"perplexity": ""}, "Perplexity must be a number, 1 or more; nothing came"),
        ("tsne", {"perplexity": "nan"}, "Perplexity must be a number"),
        ("tsne", {"perplexity": "inf"}, "Perplexity must be a number"),
        ("tsne", {"perplexity": 10**400}, "Perplexity must be a number"),
        ("tsne", {"perplexity": True}, "Perplexity must be a number"),
        ("tsne", {"perplexity": [3]}, "Perplexity must be a number"),
        (
            "tsne",
            {"perplexity": 5, "iterations": 0},
            "Iterations must be a whole number, from 1 to",
        ),
        ("tsne", {"perplexity": 5, "iterations": 2.5}, "Iterations must be a whole number"),
        ("tsne", {"perplexity": 5, "iterations": 10**9}, "Iterations must be a whole number"),
        ("tsne", {"perplexity": 5, "every": 4}, "with 4 epochs k must be at most 3, 4 came"),
        ("dynamic-tsne", {"perplexity": 5, "lambda": -1}, "λ must be a number, from 0 to 1000"),
        ("umap", {"n_neighbors": 0}, "Neighbours must be a whole number, 2 or more; 0 came"),
        ("umap", {"n_neighbors": 40}, "fewer than the points, of which there are 40; 40 came"),
        ("umap", {"min_dist": 1.5}, "Least distance must be a number, from 0 to 1; 1.5 came"),
        ("pca", {"perplexity": 5}, "PCA has no parameter 'perplexity'; it has every"),
        ("magic", {}, 'no method "magic"; there are tsne'),
    ],
)
def test_a_bad_parameter_is_refused_with_the_reason(run, method, given, said):
    with pytest.raises(EmbedError) as refused:
        plan(run, method, given)
    assert said in str(refused.value)


@pytest.mark.parametrize("seed", [-1, 2**31, 0.5, "", "x", None, "nan", "inf", 10**400])
def test_a_bad_seed_is_refused(run, seed):
    with pytest.raises(EmbedError, match="Seed must be a whole number from 0 to 2147483647"):
        plan(run, "pca", seed=seed)


@pytest.mark.parametrize("points", [3, 41, 10.5, "", "x", "nan", -5, [4]])
def test_a_bad_number_of_points_is_refused(run, points):
    with pytest.raises(EmbedError, match="Points must be a whole number from 4 to 40, all there"):
        plan(run, "pca", points=points)


def test_what_is_not_in_the_run_is_refused(run):
    with pytest.raises(NoRunError, match='no layer "fc1"'):
        plan(run, "pca", layer="fc1")
    with pytest.raises(EmbedError, match='must be "train" or "test", "all" came'):
        plan(run, "pca", split="all")
    with pytest.raises(EmbedError, match="needs at least 10 points, 8 came"):
        plan(run, "umap-8d", {"n_neighbors": 3}, split="train")


def test_what_does_not_fit_into_memory_is_refused(run, monkeypatch):
    monkeypatch.setattr("gt.embed.compute.MEMORY", 4 * 40 * 40 * 3)
    with pytest.raises(EmbedError, match="fewer points or every k-th epoch"):
        plan(run, "dynamic-tsne", {"perplexity": 5})
    assert plan(run, "dynamic-tsne", {"perplexity": 5, "every": 2}).indices == (0, 2, 3)


def test_text_from_a_form_is_the_same_request_as_numbers(run):
    typed = plan(run, "tsne", {"perplexity": " 5 ", "iterations": "1e2"}, seed="3", points="40")
    given = plan(run, "tsne", {"perplexity": 5, "iterations": 100}, seed=3)
    assert typed.recipe == given.recipe and typed.name == given.name


def test_usual_requests_have_a_plain_name_and_all_others_one_of_their_own(run):
    assert plan(run, "umap").name == "umap" and plan(run, "pca").name == "pca"
    others = [
        plan(run, "umap", {"n_neighbors": 14}),
        plan(run, "umap", {"every": 3}),
        plan(run, "umap", seed=1),
        plan(run, "umap", layer="logits"),
        plan(run, "umap", points=39),
    ]
    names = {job.name for job in others}
    assert len(names) == 5 and all(name.startswith("umap-") for name in names)
    assert not names & set(METHODS)


def test_a_draw_of_points_says_of_how_many_and_repeats_with_its_seed(run):
    first, again, other = (plan(run, "pca", points=10, seed=s) for s in (1, 1, 2))
    assert len(first.rows) == 10 and first.of == 40
    assert (first.rows == again.rows).all() and (first.rows != other.rows).any()
    assert (run.splits[first.rows] == 1).all()


def test_the_last_epoch_is_always_there(run):
    assert plan(run, "pca", {"every": 2}).indices == (0, 2, 3)


def test_a_missing_library_is_named_with_the_command_that_installs_it(monkeypatch):
    import importlib.util

    assert missing(METHODS) == ""
    known = importlib.util.find_spec
    for gone, method, extra in [
        ("openTSNE", "tsne", "embed"),
        ("umap", "umap", "embed"),
        ("torch", "dynamic-tsne", "record"),
    ]:
        monkeypatch.setattr(
            importlib.util,
            "find_spec",
            lambda name, gone=gone: None if name == gone else known(name),
        )
        said = missing(["pca", method])
        assert METHODS[method].library in said
        assert f'pip install -c requirements.lock -e ".[{extra}]"' in said
        assert missing(["pca"]) == ""


def test_the_extras_that_a_refusal_names_hold_the_library():
    import tomllib
    from pathlib import Path

    project = Path(__file__).parents[3] / "pyproject.toml"
    extras = tomllib.loads(project.read_text("utf-8"))["project"]["optional-dependencies"]
    for one in METHODS.values():
        assert one.library == "numpy" or any(
            line.startswith(one.library) for line in extras[one.extra]
        )


def test_a_run_without_an_epoch_is_refused(run):
    empty = dataclasses.make_dataclass(
        "Empty", ["title", "epochs", "splits", "layer", "last", "unit"]
    )
    one = empty("Nothing", [], run.splits, run.layer, run.last, run.unit)
    with pytest.raises(EmbedError, match="Nothing must have one epoch"):
        plan(one, "pca")


def test_methods_are_in_their_places_whatever_their_files_are_called():
    assert list(METHODS) == [
        "tsne", "tsne-warm", "dynamic-tsne", "umap", "umap-warm", "umap-8d", "pca", "grand-tour",
    ]  # fmt: skip
    assert families() == {"tsne": "t-SNE", "umap": "UMAP"}
    for one in METHODS.values():
        assert [one.fit, one.basis, one.joint].count(None) == 2, one.name
        assert one.parameters[-1].name == "every"


def test_a_method_is_one_registration(run, tmp_path, monkeypatch):
    """It is asked for, checked, computed, kept, read and called by its name like those that are here."""
    monkeypatch.setattr(METHODS, "_entries", dict(METHODS))
    register(
        Method(
            "half",
            "Half the data",
            "half",
            "Two coordinates, halved.",
            place=15,
            color="#123456",
            parameters=(Parameter("times", "Times", 0.5, 0, 2, "how much"),),
            fit=lambda x, given, *, seed, start: x[:, :2] * given["times"],
        )
    )
    assert (
        list(METHODS)[:3] == ["tsne", "half", "tsne-warm"] and families()["half"] == "Half the data"
    )
    job = plan(run, "half", {"times": "0.25"})
    made = open_embedding(embed(run, job, tmp_path / "out").path)
    assert made.recipe == job.recipe and made.recipe.parameters == {"times": 0.25, "every": 1}
    x = run.activations("softmax", 2)[job.rows]
    np.testing.assert_allclose(made.positions(2), x[:, :2] * 0.25, rtol=1e-4)
    assert title_of(made) == "Half the data (times 0.25)"
    with pytest.raises(EmbedError, match="Times must be a number, from 0 to 2; 3 came"):
        plan(run, "half", {"times": 3})
