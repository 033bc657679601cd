"""/layers without a browser: what it announces, what it says where there is nothing, how it answers questions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gt import ids
from tests.app.conftest import ask, components, text
from tests.app.test_pages import props_by_id
from tests.networks import CLASSES, POINTS, write_networks


@pytest.fixture(scope="module")
def networks(tmp_path_factory) -> Path:
    return write_networks(tmp_path_factory.mktemp("networks"))


@pytest.fixture
def runs_folder(networks) -> Path:
    """In the place of the runs that other tests share."""
    return networks


def test_it_announces_every_state_in_every_epoch(page, client):
    announced = props_by_id(page("/layers", "?run=shapes"))[ids.LAYERS_ANNOUNCEMENT_STORE]["data"]
    note = announced["alignment"]
    assert [state["name"] for state in note["states"]] == [
        "input", "conv", "relu1", "pool", "linear1", "relu2", "logits", "softmax",
    ]  # fmt: skip
    assert len(note["transitions"]) == len(note["states"]) - 1
    assert (announced["p"], note["k"], note["n"], note["of"]) == (8, 8, POINTS, POINTS)
    for state in note["states"]:
        assert len(state["slices"]) == len(announced["epochs"]) == 4
        for one in (state["slices"][0], state["slices"][-1]):
            answer = client.get(f"/{one['url']}")
            assert answer.status_code == 200
            values = np.frombuffer(answer.data, "<u2") * one["scale"] + one["offset"]
            assert values.shape == (POINTS * 8,) and np.isfinite(values).all()
    turns = np.frombuffer(client.get(f"/{note['turns']['url']}").data, "<f8").reshape(-1, 8, 8)
    np.testing.assert_allclose(
        turns @ turns.transpose(0, 2, 1), np.eye(8)[None] + 0 * turns, atol=1e-10
    )
    means = np.frombuffer(client.get(f"/{note['opposite']['tensor']['url']}").data, "<f4")
    assert means.shape == (8 * 4 * 3 * 8,) and note["opposite"]["split"] == "train"


def test_the_alignment_that_is_asked_for_is_shown(page):
    parts = props_by_id(page("/layers", "?run=shapes"))
    names = [one["value"] for one in parts[ids.LAYERS_ALIGNMENT]["options"]]
    assert len(names) == 2
    for name in names:
        parts = props_by_id(page("/layers", f"?run=shapes&alignment={name}"))
        assert parts[ids.LAYERS_ANNOUNCEMENT_STORE]["data"]["layer"] == name
        assert parts[ids.TOUR_ALERT]["hidden"] is True
    parts = props_by_id(page("/layers", "?run=shapes&alignment=nonsense"))
    assert "no alignment “nonsense”" in parts[ids.TOUR_ALERT]["children"]
    assert parts[ids.LAYERS_ANNOUNCEMENT_STORE]["data"]["layer"] == names[0]


@pytest.mark.parametrize(
    ("run", "said"), [("fresh", "not aligned yet"), ("outputs", "without its hidden layers")]
)
def test_a_run_that_is_not_aligned_says_what_to_do(page, run, said):
    shown = page("/layers", f"?run={run}")
    parts = props_by_id(shown)
    assert parts[ids.LAYERS_ANNOUNCEMENT_STORE].get("data") is None
    assert parts[ids.LAYERS_PICTURE]["hidden"] is True
    none = next(c for c in components(shown) if c["props"].get("id") == ids.LAYERS_NONE)
    assert said in text(none) and not none["props"].get("hidden")


def test_a_run_that_is_gone_is_told_in_words(client):
    from gt import ids
    from tests.app.test_pages import dependencies

    for output, state in ((ids.LAYERS_ALIGNMENT, ["test"]), (ids.LAYERS_ANNOUNCEMENT_STORE, [])):
        [callback] = [
            one
            for one in dependencies(client)
            if output in one["output"] and one["inputs"][0]["id"] == ids.LAYERS_RUN
        ]
        inputs = ["gone", "test", None][: len(callback["inputs"])]
        said = ask(client, callback, inputs, state)["response"]
        if output == ids.LAYERS_ANNOUNCEMENT_STORE:
            assert "no run “gone”" in said[ids.TOUR_ALERT]["children"]
        else:
            assert said[ids.LAYERS_ALIGNMENT] == {"options": [], "value": ""}


def question(library, **more):
    [first, *_] = library.alignments("shapes")
    return {"run": "shapes", "alignment": first.name, "state": 3.0, "epoch": 4, "nonce": 7} | more


def test_a_question_is_answered_with_a_plane_and_a_sentence(client, library):
    from gt.ui.layers.find import answer

    said = answer(library, question(library, kind="classes", classes=[0, 2]))
    columns = np.array(said["columns"])
    assert columns.shape == (8, 2) and said["nonce"] == 7 and "error" not in said
    np.testing.assert_allclose(columns.T @ columns, np.eye(2), atol=1e-9)
    assert all(word in said["text"].lower() for word in (CLASSES[0], CLASSES[2], "pool"))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"kind": "magic"}, "'magic'"),
        ({"kind": "classes", "classes": [0, 9]}, "9"),
        ({"kind": "classes", "classes": [1, 1]}, "different"),
        ({"kind": "selection", "ids": []}, "select"),
        ({"kind": "classes", "classes": [0, 1], "state": "x"}, "state"),
        ({"kind": "classes", "classes": [0, 1], "alignment": "none"}, "none"),
        ({"kind": "classes", "classes": [0, 1], "run": "nobody"}, "nobody"),
    ],
)
def test_a_question_without_an_answer_says_why(library, asked, said):
    from gt.ui.layers.find import answer

    found = answer(library, question(library, **asked))
    assert found["columns"] == [] and found["nonce"] == 7
    assert said.lower() in found["error"].lower()


def test_nonsense_in_the_place_of_a_question_is_refused_in_words(library):
    from gt.ui.layers.find import answer

    for asked in (None, [], "x", {}, {"run": 3}):
        found = answer(library, asked)
        assert found["error"] and found["columns"] == []
