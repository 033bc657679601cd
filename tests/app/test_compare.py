"""``/compare`` without a browser: what is announced, measured and refused."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gt import ids
from gt.cache import wire
from gt.measure.embeddings.correspondence import measure_transition, rank_correlation
from gt.measure.embeddings.definitions import DEFINITIONS, NAMES
from gt.serve import tensors
from gt.ui.compare import measures
from gt.views.shown import opening_epochs
from tests.app.conftest import ask, components, request, text


def callback(client: Any, output: str) -> dict[str, Any]:
    client.get("/")
    found = [c for c in client.get("/_dash-dependencies").get_json() if output in c["output"]]
    return found[0]


def store(layout: Any, name: str) -> Any:
    return next(c["props"]["data"] for c in components(layout) if c["props"].get("id") == name)


def test_rows_are_the_embeddings_of_one_split_and_last_the_tour(page: Any) -> None:
    said = store(page("/compare", "?run=mnist"), ids.COMPARE_STORE)
    names = [row["name"] for row in said["rows"]]
    assert names == ["tsne", "dynamic-tsne-0badcafe", "umap", "umap-8d", "grand-tour"]
    assert [row["name"] for row in said["rows"] if row["shown"]] == ["tsne", "umap", "grand-tour"]
    assert "40 of 60 points" in said["rows"][1]["note"]
    assert said["split"] == "test" and said["rows"][-1]["announcement"] is None


def test_training_points_are_compared_where_only_they_are_embedded(page: Any) -> None:
    said = store(page("/compare", "?run=shapes"), ids.COMPARE_STORE)
    assert said["split"] == "train"


def test_an_unknown_run_is_named_and_another_one_shown(page: Any) -> None:
    assert "There is no run “nothing” here; this is MNIST." in text(
        page("/compare", "?run=nothing")
    )


def test_a_run_is_found_by_the_title_that_it_alone_has(page: Any) -> None:
    shown = page("/compare", "?run=MNIST")
    assert "There is no run" not in text(shown)
    assert store(shown, ids.COMPARE_STORE)["outputs"]["run"] == "mnist"


def test_columns_are_those_of_the_first_comparison_or_of_what_moves_late(
    page: Any, library: Any
) -> None:
    said = store(page("/compare", "?run=mnist"), ids.COMPARE_MOUNT_STORE)["presets"]
    assert opening_epochs(library, "mnist") == said[0]["epochs"]
    for name in ("held-out", "wide"):
        run = library.run(name)
        found = opening_epochs(library, name)
        assert set(found) <= set(run.epochs.tolist()) and found[-1] == run.epochs[-1]


def test_where_the_tour_is_the_only_row_an_embedding_is_offered(page: Any) -> None:
    assert "has no embedding to compare with yet" not in text(page("/compare", "?run=mnist"))
    layout = page("/compare", "?run=wide")
    assert "Wide has no embedding to compare with yet: what is shown is the tour." in text(layout)
    assert "/tsne?run=wide&compute=1" in str(layout)


def test_the_link_leads_to_the_form(page: Any) -> None:
    for asked, said in (("?run=wide&compute=1", "asked"), ("?run=wide", "")):
        assert page("/tsne", asked)["props"]["data-gt-compute"] == said


def test_a_run_with_comparisons_beside_it_is_given_no_other(page: Any) -> None:
    layout = page("/compare", "?run=mnist")
    assert store(layout, ids.COMPARE_STORE)["preset"] is None
    offered = store(layout, ids.COMPARE_MOUNT_STORE)["presets"]
    assert [one["name"] for one in offered] == ["Late digits", "Three shapes"]


def test_a_run_without_gets_one_made_of_it(page: Any) -> None:
    preset = store(page("/compare", "?run=held-out"), ids.COMPARE_STORE)["preset"]
    assert preset["run"] == "held-out" and len(preset["classes"]) == 2
    assert "taken for the other of the two" in preset["text"]


def test_lines_have_a_point_for_every_transition_and_say_where_it_leads(library: Any) -> None:
    figure = measures.lines(library, "mnist", "rank_correlation")
    line = next(one for one in figure["data"] if one["name"] == "t-SNE")
    assert line["x"] == [1, 5, 10, 12, 25, 30, 40]
    assert line["customdata"][2] == ["tsne", 5, 10]
    stored = library.embedding("mnist", "tsne").measures["rank_correlation"]
    assert line["y"] == pytest.approx(stored, abs=1e-4)
    every = measures.lines(library, "mnist", "continuity")["data"][0]
    assert len(every["x"]) == 8 and every["x"][0] == 0


def test_the_table_has_a_row_for_every_method(library: Any) -> None:
    said = text(measures.table(library, "mnist")[0].to_plotly_json())
    assert said is not None
    shown = str(measures.table(library, "mnist"))
    for title in ("t-SNE", "Dynamic t-SNE", "UMAP", "UMAP in 8-D, toured"):
        assert title in shown


def test_the_tables_say_of_which_points_and_epochs_they_are(library: Any) -> None:
    assert "Of the test points" in str(measures.table(library, "mnist")[-1])
    assert "over the epochs that these transitions join" in str(measures.table(library, "mnist"))
    assert "Of the training points" in str(measures.table(library, "shapes")[-1])
    [nothing] = measures.table(library, "wide")
    assert nothing.children == "Nothing is measured yet: this run has no embedding."


def test_a_transition_says_how_far_each_point_moved(client: Any, library: Any) -> None:
    line = {"points": [{"customdata": ["tsne", 5, 10]}]}
    asked = callback(client, ids.COMPARE_TRANSITION_STORE)
    for measure, fitted in (("rank_correlation", False), ("fitted_false_motion", True)):
        answer = ask(client, asked, [line], [{"run": "mnist"}, measure])
        said = answer["response"][ids.COMPARE_TRANSITION_STORE]["data"]
        assert said["epochs"] == [5, 10] and said["fitted"] is fitted
        assert (said["layer"], said["split"]) == ("softmax", "test")
        arrays = {}
        for part in ("ids", "data", "screen"):
            packed = tensors.packed(library, said[part]["url"].rsplit("/", 1)[1])
            arrays[part] = np.frombuffer(wire.unpack(packed), "<f8")
        one, run = library.embedding("mnist", "tsne"), library.run("mnist")
        xa, xb = (run.activations("softmax", i)[one.rows(run)] for i in (2, 3))
        m = np.linalg.norm(xb.astype(float) - xa, axis=1)
        assert arrays["ids"].tolist() == one.ids.tolist()
        assert arrays["data"] == pytest.approx(m)
        found = measure_transition(xa, xb, one.positions(2), one.positions(3))
        key = "fitted_rank_correlation" if fitted else "rank_correlation"
        assert rank_correlation(m, arrays["screen"]) == pytest.approx(getattr(found, key), abs=1e-6)


@pytest.mark.parametrize(
    "clicked", [None, {}, {"points": []}, {"points": [{"customdata": ["nothing", 0, 1]}]}]
)
def test_a_click_that_means_nothing_changes_nothing(client: Any, clicked: Any) -> None:
    asked = callback(client, ids.COMPARE_TRANSITION_STORE)
    body = request(asked, [clicked], [{"run": "mnist"}, "rank_correlation"])
    answer = client.post("/_dash-update-component", json=body)
    assert answer.status_code in (200, 204)
    assert answer.status_code == 204 or answer.get_json()["response"] == {}


def test_the_csv_has_every_transition_of_every_method(client: Any, library: Any) -> None:
    asked = callback(client, ids.COMPARE_DOWNLOAD)
    answer = ask(client, asked, [1], ["mnist"])
    said = answer["response"][ids.COMPARE_DOWNLOAD]["data"]
    table = pd.read_csv(io.StringIO(said["content"]))
    assert said["filename"] == "mnist-correspondence.csv"
    assert set(NAMES) <= set(table.columns)
    counts = table.groupby("embedding").size().to_dict()
    assert counts == {"tsne": 7, "umap": 7, "umap-8d": 7, "dynamic-tsne-0badcafe": 4}
    one = library.embedding("mnist", "tsne")
    rows = table[table.embedding == "tsne"]
    assert rows.trustworthiness.tolist() == pytest.approx(one.measures["trustworthiness"][1:])


def test_every_definition_is_on_the_page_with_its_formula(page: Any) -> None:
    said = text(page("/compare"))
    for one in DEFINITIONS.values():
        assert one.title in said and one.formula in said and one.explanation in said
