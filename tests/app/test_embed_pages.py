"""``/tsne`` and ``/umap`` without a browser: what they offer, what they say, what they announce."""

from __future__ import annotations

import json
import shutil

import pytest
from plotly.io.json import to_json_plotly

from gt import ids
from gt.serve import choices
from gt.ui.embed.about import about
from tests.app.conftest import ask, components, text
from tests.embeddings import DYNAMIC, TRAINED


def parts(page, path, query=""):
    return {
        c["props"]["id"]: c["props"]
        for c in components(page(path, query))
        if isinstance(c["props"].get("id"), str)
    }


@pytest.fixture
def change(client):
    """Call the callback that answers a change of the run, or of the method, by what it writes."""
    client.get("/")
    callbacks = client.get("/_dash-dependencies").get_json()

    def change(wanted, inputs, state):
        [callback] = [
            c
            for c in callbacks
            if f"{wanted}." in c["output"]
            and [i["id"] for i in c["inputs"]][:1] == [ids.EMBED_RUN]
            and not c.get("clientside_function")
        ]
        return ask(client, callback, inputs, state)["response"]

    return change


@pytest.mark.parametrize(
    ("path", "names", "labels"),
    [
        (
            "/tsne",
            ["tsne", DYNAMIC],
            ["t-SNE", "Dynamic t-SNE (perplexity 5, λ 0.01, every 2, 40 of 60 points)"],
        ),
        ("/umap", ["umap", "umap-8d"], ["UMAP", "UMAP in 8-D, toured"]),
    ],
)
def test_a_page_offers_the_methods_of_its_family(page, path, names, labels):
    found = parts(page, path, "?run=mnist")
    options = found[ids.EMBED_METHOD]["options"]
    assert [one["value"] for one in options] == names
    assert [one["label"] for one in options] == labels
    assert found[ids.EMBED_METHOD]["value"] == names[0]
    announced = found[ids.EMBED_ANNOUNCEMENT_STORE]["data"]
    assert (announced["run"], announced["layer"]) == ("mnist", names[0])
    assert found[ids.EMBED_PICTURE]["hidden"] is False
    assert found[ids.TOUR_ALERT]["hidden"] is True
    assert found[ids.EMBED_FAMILY_STORE]["data"] == path[1:]


def test_how_a_picture_was_made_is_said(page):
    said = text(page("/tsne", f"?method={DYNAMIC}"))
    for fact in (
        "All epochs at once", "Test points 40 of 60", "Layer softmax", "Perplexity 5", "λ 0.01",
        "Iterations 750", "Epochs 5 of 8", "Seed 0", "torch 2.9.1", "Took 61 s",
    ):  # fmt: skip
        assert fact in said, said
    said = text(page("/tsne", "?run=shapes"))
    assert "Training points 24 of 24" in said and "Seed 3" in said


def test_variants_can_be_told_apart(library):
    assert choices.embeddings(library, "shapes", "tsne") == [
        {"value": TRAINED, "label": "t-SNE (training points, seed 3)"}
    ]
    assert choices.embeddings(library, "shapes", "umap") == []


def test_only_what_can_be_turned_shows_how_to_turn_it(page):
    for query, flat in (("", "yes"), ("?method=umap-8d", "no"), ("?run=wide", "yes")):
        [main] = [c for c in components(page("/umap", query)) if "data-gt-page" in c["props"]]
        assert main["props"]["data-gt-flat"] == flat


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?run=nonsense", "no run “nonsense” here; this is MNIST"),
        ("?run=mnist&method=conv9", "MNIST has no t-SNE picture “conv9”"),
        ("?run=mnist&method=umap", "MNIST has no t-SNE picture “umap”"),
        ("?run=../../etc&method=<b>", "no run “../../etc”"),
    ],
)
def test_a_link_to_what_is_not_there_shows_something_else_and_says_so(page, query, said):
    found = parts(page, "/tsne", query)
    assert found[ids.TOUR_ALERT]["hidden"] is False and said in found[ids.TOUR_ALERT]["children"]
    assert found[ids.EMBED_ANNOUNCEMENT_STORE]["data"]["layer"] == "tsne"


@pytest.mark.parametrize(
    ("query", "command"),
    [
        ("?run=held-out", "held-out --method tsne"),
        ("?run=wide", "wide --method tsne --split train"),
    ],
)
def test_a_run_without_such_a_picture_is_told_how_to_get_one(page, query, command):
    found = parts(page, "/tsne", query)
    said = text(page("/tsne", query))
    assert "has no t-SNE picture yet" in said
    assert command in said and "gt embed " in said
    assert found[ids.EMBED_PICTURE]["hidden"] is True
    assert found[ids.EMBED_ANNOUNCEMENT_STORE].get("data") is None
    assert found[ids.EMBED_METHOD]["options"] == []
    assert ids.job("embed", "open") in found


def test_another_run_offers_its_methods_and_keeps_the_one_chosen(change, library, runs_folder):
    first = change(ids.EMBED_METHOD, ["shapes"], [DYNAMIC, "tsne"])[ids.EMBED_METHOD]
    assert [one["value"] for one in first["options"]] == [TRAINED] and first["value"] == TRAINED
    back = change(ids.EMBED_METHOD, ["mnist"], ["umap-8d", "umap"])[ids.EMBED_METHOD]
    assert back["value"] == "umap-8d"
    none = change(ids.EMBED_METHOD, ["wide"], ["tsne", "tsne"])[ids.EMBED_METHOD]
    assert none == {"options": [], "value": ""}


def test_choosing_announces_it_or_says_why_not(change):
    good = change(ids.EMBED_ANNOUNCEMENT_STORE, ["mnist", "umap-8d"], ["umap"])
    announced = good[ids.EMBED_ANNOUNCEMENT_STORE]["data"]
    assert announced["p"] == 8 and announced["axes"] == [f"d{i}" for i in range(1, 9)]
    assert good[ids.EMBED_PICTURE]["hidden"] is False
    assert "toured" in text(good[ids.EMBED_ABOUT]["children"])
    none = change(ids.EMBED_ANNOUNCEMENT_STORE, ["wide", ""], ["umap"])
    assert none[ids.EMBED_ANNOUNCEMENT_STORE]["data"] is None
    assert none[ids.EMBED_PICTURE]["hidden"] is True
    assert "no UMAP picture yet" in text(none[ids.EMBED_ABOUT]["children"])
    for run, method, said in (
        ("mnist", "gone", 'no embedding "gone"'),
        ("x", "umap", "no run “x”"),
    ):
        wrong = change(ids.EMBED_ANNOUNCEMENT_STORE, [run, method], ["umap"])
        assert said in wrong[ids.TOUR_ALERT]["children"]
        assert wrong[ids.TOUR_ALERT]["hidden"] is False
        assert wrong[ids.EMBED_PICTURE]["hidden"] is True


def test_an_embedding_of_other_activations_is_not_offered(page, library):
    """As after a run was recorded again over the old one."""
    run = library.run("mnist")
    kept = run.path / "embeddings" / "umap"
    stored = kept / "zarr.json"
    before = stored.read_text()
    copy = kept.parent / "umap-stale"
    shutil.copytree(kept, copy)
    try:
        fingerprint = run.fingerprint("softmax")
        (copy / "zarr.json").write_text(
            before.replace(fingerprint, "0" * len(fingerprint)).replace('"umap"', '"umap-stale"', 1)
        )
        names = [one["value"] for one in choices.embeddings(library, "mnist", "umap")]
    finally:
        shutil.rmtree(copy)
    assert names == ["umap", "umap-8d"]


def told_of(note):
    parts = about({"embedding": note, "epochs": [*range(8)], "unit": "epoch", "p": 2}, 8)
    return " ".join(text(json.loads(to_json_plotly(part))) for part in parts)


def test_a_picture_from_elsewhere_says_what_is_not_known_of_it(library):
    one = library.embedding("mnist", "tsne")
    note = {
        "method": "tsne", "layer": "softmax", "split": "test", "n": 60, "of": 60,
        "parameters": {}, "seed": None, "versions": {}, "seconds": None, "name": one.name,
        "imported": None, "principal": None,
    }  # fmt: skip
    said = told_of(note)
    for fact in ("Perplexity unknown", "Iterations unknown", "Seed unknown", "Made by unknown"):
        assert fact in said, said
    for made_up in ("openTSNE", "30", "500", "principal components", "Took"):
        assert made_up not in said, said
    other = {**note, "versions": {"scikit-learn": "1.9"}, "parameters": {"angle": 0.5}}
    said = told_of(other)
    assert "Made by scikit-learn 1.9" in said and "angle 0.5" in said and "openTSNE" not in said
