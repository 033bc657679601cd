"""Questions of the page about a small alignment whose answers are planted."""

import dataclasses
import re

import numpy as np
import pytest

from gt.kept.alignment import Passage, Recipe, State, open_alignment, write_alignment
from gt.measure.views.asked import OneLayer, percent
from gt.measure.views.find_view import find, opposite_means, points
from gt.run import write_run

K, CLASSES, N = 6, ["sandal", "sneaker", "ankle boot"], 60
EPOCHS = [0, 2, 8]
WIDTHS = (4, 6, 3)
SCALES = (2.0, 5.0, 1.0)


def small_alignment(folder, *, split="test", opposite_n=60):
    """Three states, of which the last two learn; the sneakers jump in the hidden one, between epochs 2 and 8."""
    rng = np.random.default_rng(3)
    labels = np.arange(2 * N) % 3
    run = write_run(
        folder / "shoes",
        np.full((3, 2 * N, 3), 1 / 3, np.float32),
        labels,
        kind="probabilities",
        classes=CLASSES,
        splits=np.repeat([0, 1], N),
        ids=1000 + np.arange(2 * N),
        epochs=EPOCHS,
    )
    own = labels[run.splits == (split == "test")]
    coordinates = [
        rng.normal(size=(1, N, 4)),
        rng.normal(size=(3, N, 6)) * 0.2,
        rng.normal(size=(3, N, 3)) * 0.05,
    ]
    coordinates[1][:, own == 2, 4] += 3
    coordinates[1][2, own == 1, 2] += 4
    coordinates[2] += np.arange(3)[:, None, None] * np.eye(3)[own] / 2
    opposite = np.zeros((3, 3, 3, K), np.float32)
    opposite[:, :, :, :2] = 1.5
    alignment = write_alignment(
        folder / "alignments",
        split,
        recipe=Recipe(run.uid, "0" * 64, split, N, 1, K, 8, 1),
        owner=run.uid,
        epochs=EPOCHS,
        of=N,
        states=[
            State(name, kind, (width,), width, width, False, scale, 0.0)
            for name, kind, width, scale in zip(
                ("input", "linear", "softmax"),
                ("Input", "Linear", "Softmax"),
                WIDTHS,
                SCALES,
                strict=True,
            )
        ],
        transitions=[Passage("Linear", "singular", (1.0,), 1, None, (0.1, 0.2))] * 2,
        coordinates=coordinates,
        arrays={
            "ids": run.ids[run.splits == (split == "test")],
            "turns": np.stack([np.linalg.qr(rng.normal(size=(K, K)))[0] for _ in range(3)]),
            "variance": np.ones((3, 3)),
            "separation": np.ones((3, 3, 3)),
            "radii": np.ones((3, 3)),
            "opposite": opposite,
        },
        opposite_n=opposite_n,
        versions={},
        made={},
    )
    return run, alignment


@pytest.fixture(scope="module")
def shoes(tmp_path_factory):
    return small_alignment(tmp_path_factory.mktemp("shoes"))


def direction_of(alignment, state, i):
    """Where a state's own coordinate i is in the picture's axes."""
    return alignment.turns[state][i]


def test_the_points_are_those_of_the_picture(shoes):
    _, alignment = shoes
    a, b = alignment.turned(1, 0), alignment.turned(2, 0)
    np.testing.assert_array_equal(points(alignment, 1, 0), a)
    np.testing.assert_allclose(points(alignment, 1.25, 0), 0.75 * a + 0.25 * b)
    both = (alignment.turned(1, 1) + alignment.turned(1, 2)) / 2
    np.testing.assert_allclose(points(alignment, 1, 5), both)  # halfway from epoch 2 to 8
    corners = [alignment.turned(s, j) for s in (1, 2) for j in (1, 2)]
    np.testing.assert_allclose(points(alignment, 1.5, 5), np.mean(corners, axis=0))
    np.testing.assert_array_equal(points(alignment, 2, 8), alignment.turned(2, 2))
    np.testing.assert_array_equal(points(alignment, 0, 8), alignment.turned(0, 0))


def test_naive_points_are_in_axes_of_their_own(shoes):
    _, alignment = shoes
    own = points(alignment, 2, 8, naive=True)
    np.testing.assert_allclose(own[:, :3], alignment.coordinates(2, 2))
    assert (own[:, 3:] == 0).all()
    np.testing.assert_allclose(own @ alignment.turns[2], alignment.turned(2, 2))
    for naive, turn in ((False, alignment.turns[1]), (True, np.eye(K))):
        means = opposite_means(alignment, 1, 2, naive)
        step = alignment.states[1].step
        np.testing.assert_allclose(means, alignment.opposite[1, 1] / 5 @ turn, atol=step)


@pytest.mark.parametrize("naive", [False, True])
def test_two_classes_are_set_apart_by_name_and_number(shoes, naive):
    run, alignment = shoes
    answer = find(
        run,
        alignment,
        {"kind": "classes", "classes": [1, 2], "state": 1.0, "epoch": 0, "naive": naive},
    )
    columns = np.array(answer["columns"])
    assert columns.shape == (K, 2)
    wanted = np.eye(K)[4] if naive else direction_of(alignment, 1, 4)
    assert columns[:, 0] @ wanted > 0.98
    assert answer["text"] == (
        "Sneaker and ankle boot at linear, epoch 0: on the horizontal axis alone, 100 % of 40 points"
        " lie nearer to their own class's middle (leave-one-out)."
    )
    assert answer["ids"] == []


def test_a_selection_is_set_apart_from_the_rest_of_the_picture(shoes):
    run, alignment = shoes
    boots = run.ids[run.labels == 2].tolist()  # half of them are not in the picture
    asked = {"kind": "selection", "ids": [*boots, 7], "state": 1, "epoch": 2}
    answer = find(run, alignment, asked)
    assert np.array(answer["columns"])[:, 0] @ direction_of(alignment, 1, 4) > 0.98
    assert "The selection at linear, epoch 2" in answer["text"]
    assert "100 % of its 20 points" in answer["text"]
    assert "100 % of the other 40" in answer["text"]


def test_between_two_states_both_are_named(shoes):
    run, alignment = shoes
    asked = {"kind": "classes", "classes": [0, 2], "state": 1.4, "epoch": 3.5}
    assert (
        "Sandal and ankle boot between linear and softmax, epoch 3.5:"
        in (find(run, alignment, asked)["text"])
    )


def test_who_jumped_between_two_epochs_is_shown_and_selected(shoes):
    run, alignment = shoes
    answer = find(run, alignment, {"kind": "movers-epochs", "epochs": [2, 8], "state": 1})
    assert np.array(answer["columns"])[:, 0] @ direction_of(alignment, 1, 2) > 0.98
    sneakers = set(run.ids[(run.labels == 1) & (run.splits == 1)].tolist())
    assert set(answer["ids"][:20]) == sneakers
    assert len(answer["ids"]) == 50
    assert answer["text"].startswith("From epoch 2 to 8, at linear: the 50 points")
    assert "20 of class sneaker" in answer["text"]


def test_who_moves_between_two_layers_is_shown_as_in_the_picture(shoes):
    run, alignment = shoes
    answer = find(run, alignment, {"kind": "movers-layers", "states": [0, 2], "epoch": 8})
    d = alignment.turned(2, 2) - alignment.turned(0, 2)
    order = np.argsort(-np.linalg.norm(d, axis=1))[:50]
    assert answer["ids"] == alignment.ids[order].tolist()
    leading = np.linalg.svd(d[order])[2][:2]
    assert np.linalg.norm(leading @ answer["columns"]) ** 2 == pytest.approx(2)
    assert answer["text"].startswith("From input to softmax, at epoch 8: the 50 points")
    naive = find(
        run, alignment, {"kind": "movers-layers", "states": [0, 2], "epoch": 8, "naive": True}
    )
    assert np.abs(np.array(naive["columns"])[4:]).max() < 1e-9  # beyond the ranks of both


def test_the_gap_to_the_other_split_is_shown(shoes):
    run, alignment = shoes
    answer = find(run, alignment, {"kind": "gap", "state": 1, "epoch": 0})
    diagonal = (direction_of(alignment, 1, 0) + direction_of(alignment, 1, 1)) / np.sqrt(2)
    columns = np.array(answer["columns"])
    assert np.linalg.norm(diagonal @ columns) > 0.98
    assert answer["text"].startswith(
        "Test points lie off the training points of their class at linear, epoch 0:"
    )
    assert "for class sneaker" in answer["text"]
    naive = find(run, alignment, {"kind": "gap", "state": 1, "epoch": 0, "naive": True})
    own = np.array(naive["columns"])
    np.testing.assert_allclose(np.abs(own.T @ alignment.turns[1]), np.abs(columns.T), atol=1e-6)


def test_few_points_of_the_other_split_may_be_off_by_chance(shoes):
    run, alignment = shoes

    def over_chance(opposite_n):
        of = dataclasses.replace(alignment, opposite_n=opposite_n)
        text = find(run, of, {"kind": "gap", "state": 1, "epoch": 0})["text"]
        return float(re.search("gap is ([0-9,.]+) times", text)[1].replace(",", ""))

    wanted = (1 / 20 + 1 / 2) / (1 / 20 + 1 / 20)  # two points a class, not twenty
    assert over_chance(60) / over_chance(6) == pytest.approx(wanted, rel=0.05)


def test_a_gap_within_chance_is_said_to_be_none(shoes):
    run, alignment = shoes
    means = np.zeros_like(alignment.opposite)
    labels = run.labels[alignment.rows(run)]
    for c in range(3):
        means[1, 0, c] = alignment.coordinates(1, 0)[labels == c].mean(0) + 0.01
    same = dataclasses.replace(alignment, opposite=means)
    text = find(run, same, {"kind": "gap", "state": 1, "epoch": 0})["text"]
    assert text.startswith("Test points hardly lie off the training points")


def test_training_points_have_a_gap_to_test_points(tmp_path):
    run, alignment = small_alignment(tmp_path, split="train")
    text = find(run, alignment, {"kind": "gap", "state": 1, "epoch": 0})["text"]
    assert text.startswith("Training points lie off the test points of their class")


def test_a_recording_of_one_split_has_no_gap(tmp_path):
    run, alignment = small_alignment(tmp_path, opposite_n=0)
    with pytest.raises(ValueError, match="points of one split only, test points"):
        find(run, alignment, {"kind": "gap", "state": 1, "epoch": 0})


def test_an_answer_is_the_same_each_time_and_after_reopening(shoes):
    run, alignment = shoes
    for asked in (
        {"kind": "classes", "classes": [0, 1], "state": 0.5, "epoch": 1},
        {"kind": "movers-epochs", "epochs": [0, 8], "state": 2},
        {"kind": "gap", "state": 2, "epoch": 8},
    ):
        assert find(run, alignment, asked) == find(run, open_alignment(alignment.path), asked)


AT = {"state": 1, "epoch": 2}


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ({}, "kind must be one of classes, selection, .*, holes, mass, hidden, got None"),
        ({"kind": ["gap"]}, "kind must be one of"),
        ({"kind": "classes", "classes": [0, 1], "epoch": 2}, "state must be a number from 0 to 2, got None"),
        ({"kind": "classes", "classes": [0, 1], "state": 2.1, "epoch": 2}, "state .* got 2.1"),
        ({"kind": "classes", "classes": [0, 1], "state": True, "epoch": 2}, "state .* got True"),
        ({"kind": "gap", "state": 0, "epoch": float("nan")}, "epoch .* from 0 to 8, got nan"),
        ({"kind": "gap", "state": 0, "epoch": "2"}, "epoch .* got '2'"),
        ({"kind": "gap", **AT, "naive": 1}, "naive must be true or false, got 1"),
        ({"kind": "classes", **AT}, "classes must be a list of two numbers, got None"),
        ({"kind": "classes", "classes": "01", **AT}, "list of two numbers, got '01'"),
        ({"kind": "classes", "classes": [1, 1], **AT}, r"must be different ones"),
        ({"kind": "classes", "classes": [0, 3], **AT}, "from 0 to 2, got 3"),
        ({"kind": "classes", "classes": [0, 1.5], **AT}, "whole numbers"),
        ({"kind": "selection", **AT}, "ids must be a list of whole numbers, got None"),
        ({"kind": "selection", "ids": [1.5], **AT}, "ids must be a list"),
        ({"kind": "selection", "ids": [1000, 1001, 1060], **AT}, "got 1 of 60"),
        ({"kind": "selection", "ids": list(range(1000, 1120)), **AT}, "got 60 of 60"),
        ({"kind": "movers-epochs", "epochs": [0, 8], "state": 0}, "the same in all at input"),
        ({"kind": "movers-epochs", "epochs": [0, 9], "state": 1}, "from 0 to 8, got 9"),
        ({"kind": "movers-epochs", "epochs": [0], "state": 1}, "two numbers"),
        ({"kind": "movers-layers", "states": [0, 1.5], "epoch": 2}, "whole numbers"),
        ({"kind": "movers-layers", "states": [0, 0], "epoch": 2}, "different"),
    ],
)  # fmt: skip
def test_what_is_no_question_is_named(shoes, question, text):
    with pytest.raises(ValueError, match=f"find: .*{text}"):
        find(*shoes, question)


def test_a_class_that_is_hardly_in_the_picture_is_named(shoes):
    run, alignment = shoes
    few = dataclasses.replace(alignment, ids=alignment.ids[:4])  # two sandals, one of the others
    with pytest.raises(ValueError, match=r"find: a class must have two points .* sneaker has 1"):
        find(run, few, {"kind": "classes", "classes": [0, 1], **AT})


@pytest.mark.parametrize(
    "question",
    [
        {"kind": "classes", "classes": [0, 2], "state": 1, "epoch": 8},
        {
            "kind": "selection",
            "ids": list(range(1000 + N, 1000 + 2 * N, 3)),
            "state": 2,
            "epoch": 8,
        },
    ],
)
def test_what_chance_reaches_is_said_beside_the_view_found(tmp_path, question):
    run, alignment = small_alignment(tmp_path)
    said = find(run, alignment, {**question, "chance": True})
    assert said["columns"] == [] and said["ids"] == []
    assert re.match(
        r"As good as 0 of 20 searches with shuffled labels, the best of which told \d[\d.]* % right",
        said["text"],
    )
    assert said == find(run, alignment, {**question, "chance": True})
    with pytest.raises(ValueError, match="chance must be true or false, got 1"):
        find(run, alignment, {**question, "chance": 1})


@pytest.mark.parametrize(
    ("kind", "said", "chance"),
    [
        ("every-class", r"3 classes at linear, epoch 8: in this plane 100 % of points lie", "0 of 20 .* shuffled"),
        ("outliers", r"Outliers at linear, epoch 8: .* farther than 3\.77 deviations", r"\d+ of 20 .* normal clouds"),
        ("holes", r"An empty middle, .*: holes index 0\.\d+ on 30 points", r"\d+ of 20 .* normal clouds"),
        ("mass", r"Most in the middle, .* index 0\.\d+ on 30 points .* has 0.209 in", r"\d+ of 20 .* normal clouds"),
    ],
)  # fmt: skip
def test_other_aims_are_answered_with_their_index_and_against_chance(shoes, kind, said, chance):
    run, alignment = shoes
    question = {"kind": kind, "state": 1, "epoch": 8}
    found = find(run, alignment, question)
    assert re.match(said, found["text"])
    columns = np.array(found["columns"])
    assert columns.T @ columns == pytest.approx(np.eye(2))
    assert set(found["ids"]) <= set(alignment.ids.tolist()) and (
        kind == "outliers" or not found["ids"]
    )
    null = find(run, alignment, {**question, "chance": True})
    assert null["columns"] == [] and re.match(f"As good as {chance}", null["text"])


def test_what_a_view_hides_is_turned_in(shoes):
    run, alignment = shoes
    view = np.eye(K)[:, :2]
    question = {"kind": "hidden", "state": 1, "epoch": 8, "columns": view.tolist()}
    found = find(run, alignment, question)
    z = points(alignment, 1, 8)
    z = z - z.mean(0)
    before, after = (
        100 * ((z @ c) ** 2).sum() / (z**2).sum() for c in (view, np.array(found["columns"]))
    )
    assert after > before
    assert f"The view showed {before:.3g} % of the variance at linear, epoch 8." in found["text"]
    assert found["text"].endswith(f"Together they show {after:.3g} %.")
    for wrong in (None, [[1, 0]], [["a", "b"]] * K, [[0, float("inf")]] * K):
        with pytest.raises(ValueError, match=f"find: columns must be {K} pairs of numbers"):
            find(run, alignment, {**question, "columns": wrong})


def test_a_layer_alone_is_asked_as_an_alignment_is(shoes):
    run, _ = shoes
    outputs = np.random.default_rng(0).dirichlet([1, 1, 1], 2 * N)
    z = outputs + np.eye(3)[run.labels]
    drawn = {"turned": lambda self, state, j: z + j * np.eye(3)[(run.labels + 1) % 3]}
    layer = type("Planted", (OneLayer,), drawn)(run, "softmax")
    at = {"state": 0, "epoch": 0}
    found = find(run, layer, {"kind": "classes", "classes": [0, 1], **at})
    assert found["text"].startswith("Sandal and sneaker at softmax, epoch 0: ")
    assert "of 80 points" in found["text"]  # of both splits
    found = find(run, layer, {"kind": "gap", **at})
    assert found["text"].startswith("Test points hardly lie off the training points of their class")
    found = find(run, layer, {"kind": "movers-epochs", "epochs": [0, 8], "state": 0})
    assert found["text"].startswith("From epoch 0 to 8, at softmax: the 50 points")
    with pytest.raises(ValueError, match="state must be a number from 0 to 0, got 1"):
        find(run, layer, {"kind": "gap", "state": 1, "epoch": 0})
    assert (
        OneLayer(run, "softmax").turned(0, 1).shape == (2 * N, 3)
        and OneLayer(run, "softmax").k == 3
    )


def test_a_share_is_told_as_all_only_where_it_is_all():
    assert percent(1) == percent(1 - 1e-12) == "100 %"
    assert percent(59_999 / 60_000) == "over 99.9 %"
    assert percent(0.9994) == "99.9 %"
