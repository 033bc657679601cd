"""/layers without a browser: what it announces, what it says where there is nothing, how it answers questions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gt import ids
from tests.app.conftest import ask, components, request, text
from tests.app.test_pages import dependencies, props_by_id
from tests.networks import CLASSES, POINTS, write_networks

FRESH = {"run": "fresh", "alignment": ""}  # what is to be aligned without being asked


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
    ("run", "said"), [("fresh", "are being aligned"), ("outputs", "without its hidden layers")]
)
def test_a_run_that_is_not_aligned_says_what_to_do(page, run, said):
    shown = page("/layers", f"?run={run}")
    parts = props_by_id(shown)
    assert parts[ids.LAYERS_ANNOUNCEMENT_STORE].get("data") is None
    assert parts[ids.LAYERS_PICTURE]["hidden"] is True
    none = next(c for c in components(shown) if c["props"].get("id") == ids.LAYERS_NONE)
    assert said in text(none) and not parts[ids.LAYERS_NOTHING]["hidden"]
    soon = parts[ids.LAYERS_UNASKED_STORE].get("data")
    assert soon == (FRESH if run == "fresh" else None)
    assert parts[ids.LAYERS_ALIGN]["hidden"] is True


def said_of(client, unasked, last=None, clicks=None, *, idle=True, run="fresh"):
    """What is ordered and said when a run comes that is to be aligned, or the button is pressed; {} for nothing."""
    [callback] = [
        one for one in dependencies(client) if one["inputs"][0]["id"] == ids.LAYERS_UNASKED_STORE
    ]
    changed = [f"{ids.LAYERS_ALIGN}.n_clicks"] if clicks else [f"{ids.LAYERS_UNASKED_STORE}.data"]
    asked = request(callback, [unasked, clicks], [run, last, idle]) | {"changedPropIds": changed}
    answer = client.post("/_dash-update-component", json=asked)
    return {} if answer.status_code == 204 else answer.get_json()["response"]


def ordered(client, *given, **more):
    """What is ordered then; None for nothing."""
    return said_of(client, *given, **more).get(ids.job("align", "order-store"), {}).get("data")


def test_a_run_that_is_soon_aligned_is_so_without_being_asked_and_but_once(client):
    order = ordered(client, FRESH)
    assert order["run"] == "fresh" and order["work"] == "align" and order["reference"] == 4
    assert ordered(client, None) is None
    assert ordered(client, FRESH, {"align": order}) is None  # it was stopped, or failed
    assert ordered(client, FRESH, {"align": order | {"run": "shapes"}}) is not None
    assert ordered(client, FRESH, idle=False) is None  # this tab is computing already
    assert ordered(client, FRESH, {"align": order}, 1)["run"] == "fresh"  # the button


def test_what_is_said_of_a_run_without_an_alignment_is_what_becomes_of_it(client):
    def said(*given, **more):
        found = said_of(client, *given, **more)
        return str(found[ids.LAYERS_NONE]["children"]), not found[ids.LAYERS_ALIGN]["hidden"]

    order = ordered(client, FRESH)
    text, offered = said(FRESH)
    assert "are being aligned" in text and not offered
    text, offered = said(FRESH, {"align": order})  # it was stopped, or failed
    assert "not aligned yet" in text and offered
    text, offered = said(FRESH, {"align": order}, idle=False)  # the reader came back to it
    assert "are being aligned" in text and not offered
    for clicks in (None, 1):
        text, offered = said(FRESH, {"align": order | {"run": "shapes"}}, clicks, idle=False)
        assert "not aligned yet" in text and "computing already" in text and offered


def test_what_shows_an_alignment_is_not_on_the_way_to_its_order(client):
    """Dash calls nothing twice in a chain of callbacks: what is made at its end would not be shown."""
    known = dependencies(client)
    wanted, before = {f"{ids.job('align', 'order-store')}.data"}, []
    while True:
        found = [
            one
            for one in known
            if one not in before and any(place in _outputs(one) for place in wanted)
            if {i["id"] for i in one["inputs"]} & {ids.LAYERS_UNASKED_STORE, ids.LAYERS_RUN}
        ]
        if not found:
            break
        before += found
        wanted |= {f"{i['id']}.{i['property']}" for one in found for i in one["inputs"]}
    assert len(before) >= 3  # the order, what is wanted, the choice that follows the run
    shows = f"{ids.LAYERS_ANNOUNCEMENT_STORE}.data"
    assert not any(shows in _outputs(one) for one in before)


def _outputs(callback):
    return {part.split("@")[0] for part in callback["output"].strip(".").split("...")}


@pytest.fixture
def outgrown(monkeypatch):
    """Alignments of "shapes" are of all its epochs but the last."""
    from gt.serve.library import Library

    real = Library.alignment

    def alignment(self, name, wanted):
        one = real(self, name, wanted)
        epochs = one.epochs[:-1]
        last = int(epochs[-1]) if one.recipe.reference == one.epochs[-1] else one.recipe.reference
        return replace(one, epochs=epochs, recipe=replace(one.recipe, reference=last))

    monkeypatch.setattr(Library, "alignment", alignment)


def wanted(client, run, alignment):
    """What is to be aligned without being asked once a run and an alignment are chosen."""
    place = f"{ids.LAYERS_UNASKED_STORE}.data"
    [callback] = [one for one in dependencies(client) if place in _outputs(one)]
    said = ask(client, callback, [run, alignment, [], None])["response"]
    return said[ids.LAYERS_UNASKED_STORE]["data"]


def test_an_alignment_of_a_run_that_has_grown_is_made_anew_as_it_was(client, page, outgrown):
    anew = {"run": "shapes", "alignment": "test-k-8"}
    parts = props_by_id(page("/layers", "?run=shapes"))
    assert parts[ids.LAYERS_UNASKED_STORE]["data"] == wanted(client, "shapes", "test-k-8") == anew
    order = ordered(client, anew, run="shapes")
    assert (order["k"], order["reference"], order["split"]) == (8, 4, "test")
    earlier = ordered(client, anew | {"alignment": "test-k-8-epoch-1"}, run="shapes")
    assert (earlier["k"], earlier["reference"]) == (8, 1)  # which was about no last epoch
    assert ordered(client, anew, {"align": order}, run="shapes") is None  # but once
    assert ordered(client, anew, {"align": order | {"reference": 2}}, run="shapes") is not None
    said = said_of(
        client, anew, idle=False, run="shapes"
    )  # the picture stays, and nothing is said in its place
    assert ids.LAYERS_NONE not in said


def test_an_alignment_is_not_made_anew_while_its_run_grows_or_if_it_would_take_long(
    client, monkeypatch, outgrown
):
    import pages.layers as page
    from gt.jobs.kinds import align

    with monkeypatch.context() as patch:
        patch.setattr(page, "is_live", lambda run: True)
        assert wanted(client, "shapes", "test-k-8") is None
        assert wanted(client, "fresh", "") == FRESH  # which has no picture at all
    monkeypatch.setattr(align, "seconds", lambda *_: 240.0)
    assert wanted(client, "shapes", "test-k-8") is None


def test_an_alignment_that_goes_as_far_as_its_run_is_left(client):
    assert wanted(client, "shapes", "test-k-8") is None
    assert wanted(client, "fresh", "") == FRESH
    assert wanted(client, "outputs", "") is None
    assert wanted(client, "gone", "") is None


def test_what_takes_longer_is_offered_with_how_long_it_takes(page, monkeypatch):
    from gt.jobs.kinds import align

    monkeypatch.setattr(align, "seconds", lambda *_: 240.0)
    parts = props_by_id(page("/layers", "?run=fresh"))
    assert parts[ids.LAYERS_UNASKED_STORE].get("data") is None
    assert parts[ids.LAYERS_ALIGN]["hidden"] is False
    said = str(parts[ids.LAYERS_NONE]["children"])
    assert "not aligned yet" in said and "about 4 minutes" in said


def test_a_path_that_is_no_path_is_the_main_path(page):
    for path in ("x", "[]", '{"a": 3}', '{"softmax": "conv"}', "[" * 5000):
        parts = props_by_id(page("/layers", f"?run=shapes&path={path}"))
        note = parts[ids.LAYERS_ANNOUNCEMENT_STORE]["data"]["alignment"]
        assert note["path"] == {} and note["graph"] is None


def test_a_run_that_is_gone_is_told_in_words(client):
    from gt import ids
    from tests.app.test_pages import dependencies

    for output, state in ((ids.LAYERS_ALIGNMENT, ["test"]), (ids.LAYERS_ANNOUNCEMENT_STORE, [])):
        [callback] = [
            one
            for one in dependencies(client)
            if output in one["output"] and one["inputs"][0]["id"] == ids.LAYERS_RUN
        ]
        inputs = ["gone", "test", None, None][: len(callback["inputs"])]
        said = ask(client, callback, inputs, state)["response"]
        if output == ids.LAYERS_ANNOUNCEMENT_STORE:
            assert "no run “gone”" in said[ids.TOUR_ALERT]["children"]
        else:
            assert said[ids.LAYERS_ALIGNMENT] == {"options": [], "value": ""}


def question(library, **more):
    [first, *_] = library.alignments("shapes")
    return {"run": "shapes", "alignment": first.name, "state": 3.0, "epoch": 4, "nonce": 7} | more


def test_a_question_is_answered_with_a_plane_and_a_sentence(client, library):
    from gt.ui.tour.find import answer

    said = answer(library, question(library, kind="classes", classes=[0, 2]))
    columns = np.array(said["columns"])
    assert columns.shape == (8, 2) and said["nonce"] == 7 and "error" not in said
    np.testing.assert_allclose(columns.T @ columns, np.eye(2), atol=1e-9)
    assert all(word in said["text"].lower() for word in (CLASSES[0], CLASSES[2], "pool"))


def test_a_layer_of_the_grand_tour_is_asked_as_an_alignment_is(client, library):
    [asked] = [one for one in dependencies(client) if ids.TOUR_ANSWER_STORE in one["output"]]
    question = {"run": "shapes", "layer": "softmax", "state": 0, "epoch": 4, "nonce": 3}
    told = ask(client, asked, [question | {"kind": "classes", "classes": [0, 2]}], [])
    said = told["response"][ids.TOUR_ANSWER_STORE]["data"]
    assert (
        len(said["columns"]) == len(library.run("shapes").classes) and "at softmax" in said["text"]
    )
    told = ask(client, asked, [question | {"kind": "holes", "layer": "nothing"}], [])
    said = told["response"][ids.TOUR_ANSWER_STORE]["data"]
    assert said["columns"] == [] and "has no layer “nothing”" in said["error"]


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
    from gt.ui.tour.find import answer

    found = answer(library, question(library, **asked))
    assert found["columns"] == [] and found["nonce"] == 7
    assert said.lower() in found["error"].lower()


def test_nonsense_in_the_place_of_a_question_is_refused_in_words(library):
    from gt.ui.tour.find import answer

    for asked in (None, [], "x", {}, {"run": 3}):
        found = answer(library, asked)
        assert found["error"] and found["columns"] == []
