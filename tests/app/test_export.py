"""The selection as a CSV file: who the points are, and a message where that cannot be said."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from gt import ids
from tests.app.conftest import ask


@pytest.fixture
def save(client):
    client.get("/")
    [callback] = [
        c
        for c in client.get("/_dash-dependencies").get_json()
        if any(i["id"] == ids.TOUR_CSV_STORE for i in c["inputs"])
    ]

    def save(**asked):
        usual = {
            "run": "mnist",
            "layer": "softmax",
            "epoch": 40,
            "ids": [],
            "groups": [],
            "nonce": 1,
        }
        asked = usual | asked
        return ask(client, callback, [asked])["response"]

    return save


def test_the_file_says_who_the_points_are(save, library):
    wanted = [100_003, 5, 17]
    answer = save(ids=wanted)
    file = answer[ids.TOUR_DOWNLOAD]["data"]
    assert file["filename"] == "mnist-epoch-40-selection.csv"
    table = pd.read_csv(io.StringIO(file["content"]))
    run = library.run("mnist")
    rows = np.flatnonzero(np.isin(run.ids, wanted))
    softmax = run.activations("softmax", len(run.epochs) - 1)[rows]
    assert table["id"].tolist() == run.ids[rows].tolist() == [5, 17, 100_003]
    assert table["split"].tolist() == ["train", "train", "test"]
    assert table["epoch"].tolist() == [40] * 3
    assert table["label"].tolist() == [5, 7, 3]
    assert table["predicted"].tolist() == softmax.argmax(axis=1).tolist()
    assert table["correct"].tolist() == (softmax.argmax(axis=1) == run.labels[rows]).tolist()
    np.testing.assert_allclose(table["confidence"], softmax.max(axis=1), rtol=1e-5)
    shares = table[[f"p({c})" for c in range(10)]].to_numpy()
    np.testing.assert_allclose(shares, softmax, rtol=1e-5, atol=1e-12)


def test_the_file_says_in_which_groups_the_points_are(save):
    groups = [{"name": "odd ones", "ids": [100_003, 5]}, {"name": "b", "ids": [5, 9]}]
    file = save(ids=[100_003, 5, 17], groups=groups)[ids.TOUR_DOWNLOAD]["data"]
    table = pd.read_csv(io.StringIO(file["content"])).set_index("id")
    assert table["groups"].fillna("").to_dict() == {5: "odd ones; b", 17: "", 100_003: "odd ones"}
    file = save(ids=[17])[ids.TOUR_DOWNLOAD]["data"]
    assert "groups" not in pd.read_csv(io.StringIO(file["content"]))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"ids": [3, 999_999]}, "has no points [999999]"),
        ({"ids": [3], "epoch": 11}, "has no epoch 11"),
        ({"ids": [3], "run": "gone"}, 'no run "gone"'),
        ({"ids": [-1]}, "has no points [-1]"),
    ],
)
def test_what_is_not_there_is_said_and_nothing_is_saved(save, asked, said):
    answer = save(**asked)
    assert ids.TOUR_DOWNLOAD not in answer
    assert said in answer[ids.TOUR_ALERT]["children"]
    assert answer[ids.TOUR_ALERT]["hidden"] is False


@pytest.mark.parametrize(
    "asked",
    [
        {"ids": "all"},
        {"ids": None},
        {"ids": ["3"]},
        {"ids": [[3]]},
        {"ids": [3], "epoch": "40"},
        {"ids": [3], "run": ["x"]},
        {"ids": [3], "groups": [{"name": "a", "ids": ["3"]}]},
        {"ids": [3], "groups": [{"name": 7, "ids": [3]}]},
    ],
)
def test_a_request_of_another_form_is_refused_with_a_message(save, asked):
    """A store's payload comes from the browser: it is checked like any other input, by what the callback declares."""
    with pytest.raises(AssertionError, match=r"400, 'grand-tour-csv-store\.data\.\w+.* must be a"):
        save(**asked)


def test_a_class_that_a_spreadsheet_would_compute_is_a_text(tmp_path, nothing_shipped):
    import app
    from gt.run import write_run

    names = ["=1+1", "-2+3", "cat"]
    logits = np.eye(3, dtype=np.float32)[np.arange(9) % 3][np.newaxis]
    write_run(tmp_path / "runs" / "sums", logits, np.arange(9) % 3, kind="logits", classes=names)
    client = app.create_app([tmp_path / "runs"], tmp_path / "cache").server.test_client()
    client.get("/")
    [callback] = [
        c
        for c in client.get("/_dash-dependencies").get_json()
        if any(i["id"] == ids.TOUR_CSV_STORE for i in c["inputs"])
    ]
    asked = {"run": "sums", "layer": "softmax", "epoch": 0, "ids": [0, 1, 2], "nonce": 1}
    asked["groups"] = [{"name": "=2+2", "ids": [0]}]
    content = ask(client, callback, [asked])["response"][ids.TOUR_DOWNLOAD]["data"]["content"]
    table = pd.read_csv(io.StringIO(content))
    assert table["label"].tolist() == table["predicted"].tolist() == ["'=1+1", "'-2+3", "cat"]
    assert table["groups"].fillna("").tolist() == ["'=2+2", "", ""]
    assert table.columns[-3:].tolist() == ["p(=1+1)", "p(-2+3)", "p(cat)"]
    assert table["p(cat)"].dtype == float


def test_columns_of_every_kind_are_in_the_table(tmp_path):
    from gt.run import write_run
    from gt.ui.tour.export import selection_table

    columns = {
        "taken": ["2024-01-31", None, "2024-02-01T12:30"],
        "page": ["https://example.org/a", None, "https://example.org/b"],
        "label": [1.5, None, -2],
    }
    logits = np.eye(3, dtype=np.float32)[np.newaxis]
    run = write_run(tmp_path / "run", logits, np.arange(3), kind="logits", columns=columns)
    table = selection_table(run, 0, [0, 1, 2])
    assert table["taken"].fillna("").tolist() == ["2024-01-31", "", "2024-02-01T12:30Z"]
    assert table["page"].fillna("").tolist() == [one or "" for one in columns["page"]]
    assert np.array_equal(table["column label"], [1.5, np.nan, -2], equal_nan=True)
