"""``/two-runs`` without a browser: what is announced, refused and answered; tensors that were evicted come back."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gt import ids
from gt.cache import wire
from gt.run import RunWriter, open_run
from gt.run.points import check_points
from gt.serve import stores, tensors, two_runs, two_runs_wire
from gt.serve.shapes import wrong
from gt.ui.two_runs.answering import answer
from tests import two_runs as written
from tests.app.conftest import ask, components, text

HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.fixture
def runs_folder(tmp_path: Path) -> Path:
    return written.write_pairs(tmp_path / "pairs")


def store(layout: Any) -> Any:
    [found] = [
        c["props"].get("data")
        for c in components(layout)
        if c["props"].get("id") == ids.TWO_RUNS_ANNOUNCEMENT_STORE
    ]
    return found


def refusal(page: Any, a: str, b: str) -> str:
    layout = page("/two-runs", f"?a={a}&b={b}")
    assert store(layout) is None
    [said] = [c for c in components(layout) if c["props"].get("id") == ids.TWO_RUNS_REFUSED]
    assert not said["props"]["hidden"]
    return text(said)


def question(kind: str, **others: Any) -> dict[str, Any]:
    asked = {"a": "seed-1", "b": "seed-2", "layer": "softmax", "points": "all", "number": 3}
    return {"kind": kind, **asked, "ids": [], "nonce": 7} | others


def test_the_same_points_are_announced_twice_in_one_frame(page: Any, library: Any) -> None:
    said = store(page("/two-runs", "?a=seed-1&b=seed-2"))
    assert wrong(said, stores.PAYLOADS[ids.TWO_RUNS_ANNOUNCEMENT_STORE], "x") == ""
    assert said["run"] == "seed-1" and said["title"] == "Shapes: seed-1 and seed-2"
    assert list(said["splits"]) == ["a", "b"] and said["layer"] == "softmax"
    a, b = said["splits"]["a"], said["splits"]["b"]
    assert a["n"] == b["n"] == written.N and a["ids"] == b["ids"] and a["images"] == b["images"]
    assert a["slices"] != b["slices"] and len(a["slices"]) == len(said["epochs"]) == 4
    note = said["two"]
    assert note["named"] and note["left"] is None
    assert [len(row) for row in note["apart"]] == [4] * 4  # three classes, and all points
    for one in note["agreement"]:
        counts = [one[way] for way in ("both", "only_a", "only_b", "same_wrong", "other_wrong")]
        assert sum(counts) == written.N


def test_what_is_announced_is_what_the_runs_have(page: Any, library: Any) -> None:
    said = store(page("/two-runs", "?a=seed-1&b=reversed"))
    one, other = library.run("seed-1"), library.run("reversed")
    for side, expected in (
        ("a", one.activations("softmax", 2)),
        ("b", other.activations("softmax", 2)[:, ::-1]),
    ):
        piece = said["splits"][side]["slices"][2]
        raw = wire.unpack(tensors.packed(library, piece["url"].removeprefix("tensors/")))
        values = np.frombuffer(raw, "<u2").reshape(-1, 3) * piece["scale"] + piece["offset"]
        assert np.allclose(values, expected, atol=1e-4)


@pytest.mark.parametrize("layer", ["softmax", "hidden"])
def test_tensors_that_were_evicted_are_made_again(library: Any, layer: str) -> None:
    said = two_runs.announce(library, "seed-1", "seed-2", layer)
    two_runs_wire._HELD.clear()
    one = two_runs_wire.paired(library, "seed-1", "seed-2")
    source = two_runs_wire.source_of(one, "all") | {"layer": layer}
    for side in two_runs.SIDES:
        parts = [("two", "slices")] + ([("two-output", "outputs")] if layer == "hidden" else [])
        for part, kind in parts:
            piece = said["splits"][side][kind][1]
            raw = wire.unpack(tensors.packed(library, piece["url"].removeprefix("tensors/")))
            made = tensors.values(library, source | {"part": part, "of": side, "at": 1})
            assert made.tobytes() == raw


def test_a_hidden_layer_is_turned_and_says_what_is_left(page: Any) -> None:
    said = store(page("/two-runs", "?a=seed-1&b=seed-2&layer=hidden"))
    note = said["two"]
    assert not note["named"] and said["p"] == 7 and said["axes"] == [str(i + 1) for i in range(7)]
    assert all(best <= left < 0.01 for best, left in zip(note["best"], note["left"], strict=True))
    assert said["splits"]["a"]["outputs"] and said["layers"][0]["name"] == "hidden"


def test_points_of_a_split_are_compared_alone(page: Any) -> None:
    said = store(page("/two-runs", "?a=seed-1&b=seed-2&split=test"))
    assert said["splits"]["a"]["n"] == said["two"]["n"] == written.N // 2
    assert store(page("/two-runs", "?a=seed-1&b=seed-2&split=nonsense"))["two"]["n"] == written.N


def test_each_refusal_is_a_sentence_in_the_page(page: Any) -> None:
    assert "other images" in refusal(page, "seed-1", "strangers")
    assert "no point in common" in refusal(page, "seed-1", "elsewhere")
    assert "choose runs of the same classes" in refusal(page, "seed-1", "others")


def test_one_run_twice_is_refused_and_the_grand_tour_offered(page: Any) -> None:
    layout = page("/two-runs", "?a=seed-1&b=seed-1")
    assert "compared with itself" in text(layout)
    ways = {c["props"].get("href") for c in components(layout)}
    assert "/grand-tour?run=seed-1" in ways


def test_a_run_without_epochs_is_refused_with_the_reason(page: Any, runs_folder: Path) -> None:
    one = open_run(runs_folder / "seed-1")
    points = check_points(one.n, 3, one.labels, classes=one.classes, images=one.images)
    RunWriter.create(runs_folder / "waits", points, one.layers, title="Waits", sync=False).close()
    assert "Waits has no epoch yet" in refusal(page, "seed-1", "waits")


def test_a_damaged_run_is_told_without_its_place(page: Any, runs_folder: Path) -> None:
    for chunk in (runs_folder / "seed-2" / "activations").rglob("*"):
        if chunk.is_file() and chunk.name != "zarr.json":
            chunk.write_bytes(b"damaged")
    layout = page("/two-runs", "?a=seed-1&b=seed-2&layer=hidden")
    assert store(layout) is None and "cannot be compared" in text(layout)
    assert str(runs_folder) not in str(layout)


def test_an_address_that_names_nothing_shows_a_pair_that_can_be_compared(page: Any) -> None:
    said = store(page("/two-runs"))
    assert {said["two"]["a"]["name"], said["two"]["b"]["name"]} <= {
        "seed-1",
        "seed-2",
        "by-step",
        "reversed",
    }
    layout = page("/two-runs", "?a=seed-2&b=nothing")
    assert "There is no run “nothing” here" in text(layout)
    assert store(layout)["two"]["a"]["name"] == "seed-2"
    layout = page("/two-runs", "?a=seed-1&b=seed-2&layer=nothing")
    assert "no layer “nothing” in common" in text(layout) and store(layout)["layer"] == "softmax"


def test_choosing_another_run_announces_or_refuses(client: Any) -> None:
    client.get("/")
    known = client.get("/_dash-dependencies").get_json()
    [found] = [c for c in known if f"{ids.TWO_RUNS_ANNOUNCEMENT_STORE}.data" in c["output"]]
    if found["clientside_function"]:
        pytest.fail("the store is written by the server")
    said = ask(client, found, ["seed-1", "others", "hidden", "all"])["response"]
    assert said[ids.TWO_RUNS_ANNOUNCEMENT_STORE]["data"] is None
    assert said[ids.TWO_RUNS_PICTURE]["hidden"] and not said[ids.TWO_RUNS_REFUSED]["hidden"]
    said = ask(client, found, ["seed-1", "seed-2", "", "all"])["response"]
    assert said[ids.TWO_RUNS_ANNOUNCEMENT_STORE]["data"]["layer"] == "softmax"
    assert said[ids.TWO_RUNS_LAYER]["value"] == "softmax" and said[ids.TWO_RUNS_REFUSED]["hidden"]


def test_a_plane_is_answered_with_its_share_and_its_null(library: Any) -> None:
    said, file = answer(library, question("plane"))
    columns = np.array(said["columns"])
    assert columns.shape == (3, 2) and np.allclose(columns.T @ columns, np.eye(2))
    assert said["text"].startswith(
        "Of the squared difference between the runs at softmax, epoch 3, of all 60 points"
    )
    assert "of 20 searches hold as much" in said["text"] and said["nonce"] == 7
    assert "error" not in said and not isinstance(file, dict)


def test_all_layers_are_answered_and_kept(library: Any) -> None:
    said, _ = answer(library, question("layers"))
    assert [row["layer"] for row in said["layers"]] == ["hidden", "logits", "softmax"]
    assert said["text"] == "At epoch 3, of 60 points."
    assert answer(library, question("layers"))[0] == said
    assert wrong(said, stores.PAYLOADS[ids.TWO_RUNS_ANSWER_STORE], "x") == ""


def test_the_selection_is_a_file_of_what_both_say(library: Any) -> None:
    said, file = answer(library, question("csv", ids=[3, 5, 1_000_000]))
    assert "error" not in said and file["filename"] == "seed-1-seed-2-epoch-3-selection.csv"
    raw = base64.b64decode(file["content"]) if file["base64"] else file["content"].encode()
    table = pd.read_csv(io.BytesIO(raw))
    assert table["id"].tolist() == [3, 5] and table["label"].tolist() == ["circle", "triangle"]
    one, other = (
        library.run(name).activations("softmax", 3)[[3, 5]] for name in ("seed-1", "seed-2")
    )
    assert np.allclose(table["apart in softmax"], np.linalg.norm(one - other, axis=1), atol=1e-5)
    assert table["predicted b"].tolist() == [written.CLASSES[c] for c in other.argmax(1)]


@pytest.mark.parametrize(
    "asked",
    [
        None,
        [],
        "plane",
        question("plane", a=None),
        question("plane", b="nothing"),
        question("plane", b="others"),
        question("plane", layer="nothing"),
        question("plane", number=99),
        question("nothing"),
        question("csv"),
        question("plane", a=HOSTILE),
    ],
)
def test_a_question_that_cannot_be_answered_is_told_why(library: Any, asked: Any) -> None:
    said, _ = answer(library, asked)
    assert said["error"] and "/" not in said["error"].replace("/>", "").replace(HOSTILE, "")


def test_hostile_names_stay_text(page: Any, runs_folder: Path) -> None:
    classes = (HOSTILE, "square", "triangle")
    for seed in (1, 2):
        written.make(
            runs_folder / f"bad-{seed}",
            seed,
            classes=classes,
            title=f"{HOSTILE} {seed}",
            hidden="a<b>",
        )
    layout = page("/two-runs", "?a=bad-1&b=bad-2&layer=a%3Cb%3E")
    said = store(layout)
    assert said["layer"] == "a<b>" and said["classes"][0] == HOSTILE
    assert said["two"]["a"]["called"] == f"{HOSTILE} 1"
    assert not [c for c in components(layout) if c["type"] in ("Markdown", "Img")]


def test_the_first_page_leads_here_where_there_are_two_runs(page: Any) -> None:
    ways = {c["props"].get("href") for c in components(page("/"))}
    assert "/two-runs" in ways


def test_one_run_alone_is_told_how_to_get_another(
    library: Any, page: Any, runs_folder: Path
) -> None:
    import shutil

    for path in runs_folder.iterdir():
        if path.name != "seed-1":
            shutil.rmtree(path)
    library.look(anew=True)
    assert "There is one run here, and two are needed" in text(page("/two-runs"))
    assert open_run(runs_folder / "seed-1").name == "seed-1"
