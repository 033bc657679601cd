"""``/neighbours``: who is near in the data of a layer and epoch, or why that cannot be said."""

import json

import numpy as np
import pytest

from gt.run import open_run

ASKED = {
    "run": "mnist", "embedding": None, "alignment": None, "split": "all", "layer": "softmax", "epoch": 40,
    "ids": [7], "metric": "euclidean", "k": 10, "seen": [],
}  # fmt: skip


def ask(client, **other):
    return client.post("/neighbours", json=ASKED | other)


@pytest.fixture
def run(runs_folder):
    return open_run(runs_folder / "mnist")


def by_distance(run, x, place, rows):
    """Rows by their distance from a place, and the distances."""
    away = np.linalg.norm(x[rows].astype(float) - place, axis=1)
    order = np.argsort(away, kind="stable")
    return rows[order], away[order]


def test_the_nearest_are_those_of_that_layer_and_epoch(client, run):
    for layer, epoch in (("softmax", 40), ("logits", 5)):
        x = run.activations(layer, int(np.flatnonzero(run.epochs == epoch)[0]))
        others = np.delete(np.arange(run.n), 7)
        rows, away = by_distance(run, x, x[7], others)
        far = rows[-1]
        found = ask(client, layer=layer, epoch=epoch, seen=[int(run.ids[far]), 7]).get_json()
        assert [one["id"] for one in found["near"]] == run.ids[rows[:10]].tolist()
        np.testing.assert_allclose([one["distance"] for one in found["near"]], away[:10], rtol=1e-9)
        assert [one["rank"] for one in found["near"]] == list(range(1, 11))
        assert found["points"] == 1 and found["of"] == 119 and found["note"] == ""
        [seen] = found["seen"]  # of the point itself nothing is to be said
        assert seen["id"] == run.ids[far] and seen["rank"] == 119


def test_the_middle_of_a_selection_among_the_points_of_one_split(client, run):
    own = np.array([3, 13, 23])
    x = run.activations("logits", 2)
    train = np.setdiff1d(np.flatnonzero(run.splits == 0), own)
    rows, away = by_distance(run, x, x[own].astype(float).mean(0), train)
    ids = run.ids[own].tolist()
    found = ask(client, layer="logits", epoch=5, ids=ids, split="train", k=4).get_json()
    assert [one["id"] for one in found["near"]] == run.ids[rows[:4]].tolist()
    np.testing.assert_allclose([one["distance"] for one in found["near"]], away[:4], rtol=1e-6)
    assert found["points"] == 3 and found["of"] == 57


def test_of_an_embedding_the_points_that_are_in_it(client, run):
    with client.application.app_context():
        from gt.serve import context

        one = next(iter(context.library().embeddings("mnist")))
    rows = one.rows(run)
    found = ask(client, embedding=one.name, ids=[int(run.ids[rows[0]])], k=100).get_json()
    assert found["of"] == len(rows) - 1
    assert {each["id"] for each in found["near"]} <= set(run.ids[rows].tolist())


def test_why_angles_cannot_be_measured_is_an_answer(client, runs_folder, monkeypatch):
    from gt.run.read import Run

    monkeypatch.setattr(Run, "activations", lambda *_: np.zeros((120, 10), np.float32))
    found = ask(client, metric="cosine").get_json()
    assert "All values at softmax are 0 here" in found["silence"] and found["near"] == []
    assert ask(client).get_json()["tied"] == 109  # all in one place


def test_of_a_wide_layer_it_is_said_what_distances_are_measured_on(client, monkeypatch):
    from gt.run import wide

    monkeypatch.setattr(wide, "sentence", lambda *_: "kept as a sketch")
    assert ask(client).get_json()["note"] == "kept as a sketch"


@pytest.mark.parametrize(
    ("other", "status", "said"),
    [
        ({"run": "nix"}, 404, 'no run "nix"'),
        ({"run": None}, 404, "no run"),
        ({"layer": "conv9"}, 422, 'no layer "conv9"; this run has logits, softmax'),
        ({"epoch": 3}, 422, "MNIST has no epoch 3"),
        ({"epoch": "3"}, 422, "epoch must be a whole number"),
        ({"ids": [4711]}, 422, "none of them is in it"),
        ({"ids": "7"}, 422, "ids must be a list of whole numbers, got “7”"),
        ({"ids": [7.5]}, 422, "ids must be a list of whole numbers"),
        ({"metric": "l1"}, 422, "metric must be one of euclidean, cosine, got “l1”"),
        ({"metric": ["cosine"]}, 422, "got a list"),
        ({"k": 0}, 422, "k must be a whole number from 1 to 100, got 0"),
        ({"split": "other"}, 422, "split must be all, train or test, got “other”"),
        ({"embedding": "nix"}, 404, 'no embedding "nix"'),
        ({"seen": [0] * 201}, 422, "seen may have 200 points, got 201"),
    ],
)
def test_what_cannot_be_answered_is_said_in_a_sentence(client, other, status, said):
    answer = ask(client, **other)
    assert answer.status_code == status and answer.mimetype == "text/plain"
    assert said in answer.get_data(as_text=True)


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"NaN", json.dumps([[]] * 3).encode()])
def test_what_is_no_question_is_refused(client, body):
    assert client.post("/neighbours", data=body).status_code == 422
