"""Views of a run that brings none: every number in their sentences is counted again here."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import gt
from gt.cache.store import Store
from gt.measure.training.course import Course, course_of
from gt.run import write_run
from gt.serve.library import Library
from gt.views import made
from gt.views.late import changed_minds, farthest, late_epochs, late_text, late_transitions
from gt.views.shown import layer_views, made_preset, tour_views
from gt.views.stored import fits, read_views
from tests.unit.test_packaging import ROOT

CLASSES = ["cat", "dog", "owl"]


def recorded(folder: Path, predicted: np.ndarray, labels: np.ndarray, **more: object) -> gt.Run:
    """A run ``(e, n)`` that says of each point what it is told to, quite sure."""
    outputs = np.full((*predicted.shape, 3), 0.05, np.float32)
    np.put_along_axis(outputs, predicted[..., None], 0.9, axis=2)
    write_run(folder, outputs, labels, kind="probabilities", classes=CLASSES, **more)
    return gt.open_run(folder)


@pytest.fixture
def late(tmp_path):
    """Cats are taken for dogs until epoch 7; one owl is taken for a cat to the end."""
    labels = np.arange(60) % 3
    predicted = np.tile(labels, (12, 1))
    predicted[:7, labels == 0] = 1
    predicted[:, 32] = 0
    return recorded(tmp_path / "late", predicted, labels, splits=np.arange(60) // 30)


def test_what_is_learnt_late_gets_a_view_with_its_numbers(late):
    first, last = made.tour_views(late)
    assert (first["name"], first["epochs"]) == ("cat is learnt", [6, 7])
    assert first["handles"] == first["show"] == ["cat", "dog"]
    assert "the 20 points of cat move" in first["text"]
    assert "before, 0 % of them are right, after it 100 %" in first["text"]
    x = [late.activations("softmax", i)[late.labels == 0] for i in (6, 7)]
    assert f"{np.linalg.norm(x[1] - x[0], axis=1).mean():.2f} in the mean" in first["text"]
    assert last["epochs"] == [11]


def test_the_pair_that_is_mistaken_most_is_counted_among_the_test_points(tmp_path):
    labels = np.repeat([0, 1, 2], 10)
    said = labels.copy()
    said[[0, 1, 10]] = [1, 1, 0]  # two cats for dogs, a dog for a cat
    said[20] = 0
    splits = np.ones(30, int)
    splits[:2] = 0
    run = recorded(tmp_path / "run", said[None], labels, splits=splits)
    pair = made.most_mistaken(course_of(run))
    assert (pair.a, pair.b, pair.count, pair.of, pair.split, pair.alone) == (
        0,
        1,
        1,
        18,
        "test",
        False,
    )
    said[21] = 0
    run = recorded(tmp_path / "more", said[None], labels, splits=splits)
    pair = made.most_mistaken(course_of(run))
    assert (pair.a, pair.b, pair.count, pair.of, pair.alone) == (0, 2, 2, 18, True)
    assert made.mistaken_text(pair, run.classes, run.unit) == (
        "At epoch 0, 2 of the 18 test points of cat and owl are taken for the other of the two,"
        " more than of any other pair."
    )


def test_nothing_is_said_of_a_run_without_mistakes_and_events(tmp_path):
    labels = np.arange(12) % 3
    run = recorded(tmp_path / "run", labels[None], labels)
    assert made.tour_views(run) == [] and made.comparison(run) is None
    assert made.layer_views(run, [0], ["input", "softmax"]) == []


def test_a_comparison_stands_around_the_events(late):
    found = made.comparison(late)
    assert found["epochs"] == [5, 6, 7] and found["classes"] == ["cat"]
    assert fits(found, late.classes, late.epochs.tolist(), ())


def test_views_of_layers_are_of_an_epoch_and_states_that_are_there(late):
    states = ["input", "conv", "relu", "logits", "softmax"]
    view, other = made.layer_views(late, [0, 4, 6, 99], states)
    assert other["pair"] == ["cat", "owl"] and "one pair has more" in other["text"]
    assert view["states"] == ["input", "conv", "logits", "softmax"] and view["epochs"] == [6] * 4
    assert view["pair"] == ["cat", "dog"]
    assert re.match("At epoch 6, 10 of the 20 test points", view["text"])
    assert made.layer_views(late, [99], ["input"]) == []
    learnt, moved, *_ = made.layer_views(late, [6, 7], states)
    assert learnt["pair"] == ["cat", "dog"] and learnt["epochs"] == moved["moved"] == [6, 7]
    assert learnt["states"] == moved["states"] == ["logits"] * 2
    for view in (learnt, moved):
        assert fits(view, late.classes, [6, 7], states) and not fits(
            view, late.classes, [7], states
        )


@pytest.fixture
def turning(tmp_path):
    """Too short for events: three points change sides in epoch 4 of 5, one in epoch 3."""
    labels = np.arange(60) % 3
    predicted = np.tile(labels, (6, 1))
    predicted[4:, [0, 3, 4]] = [1, 1, 0]
    predicted[3:, 8] = 1
    return recorded(tmp_path / "turning", predicted, labels)


def test_what_moves_late_gets_a_view_that_counts_who_changed_sides(turning):
    course = course_of(turning)
    assert late_transitions(course) == [(3, 4), (2, 3)]
    assert changed_minds(course, 3, 4) == (3, (0, 1), 3)
    assert changed_minds(course, 0, 1) is None
    late, pair, other = made.tour_views(turning)
    assert (
        late["name"] == "Epoch 3 to 4"
        and late["epochs"] == [3, 4]
        and late["handles"] == ["cat", "dog"]
    )
    x = [turning.activations("softmax", i) for i in (3, 4)]
    far = np.linalg.norm(x[1].astype(float) - x[0], axis=1).mean()
    assert late["text"] == (
        f"Between epochs 3 and 4 the outputs of the points move {far:.2g} in the mean, farther than in any other of the"
        " steps of the later half. 3 of 60 points are taken for another class after it than before, 3 of them between"
        " cat and dog; no two classes have more."
    )
    assert (pair["handles"], other["handles"]) == (["cat", "dog"], ["dog", "owl"])


def test_a_comparison_without_an_event_opens_at_what_moves_late(turning):
    found = made.comparison(turning)
    assert found["epochs"] == [2, 3, 4, 5] and found["classes"] == ["cat", "dog"]
    assert "farthest between epochs 2 and 3 (0.02" in found["text"]
    assert "and between epochs 3 and 4 (0.06" in found["text"]


def test_what_moves_late_is_known_of_a_run_without_classes_too():
    moved = np.zeros((8, 20), np.float32)
    moved[0] = 5.0  # early, and far
    moved[5, :10] = 1.0
    each = np.arange(20)
    nothing = np.zeros((9, 20), np.uint16)
    course = Course(
        np.arange(9), each, each * 0, each * 0, ("a",), moved, nothing, task="regression"
    )
    assert late_transitions(course) == [(5, 6)] and late_epochs(course) == [5, 6, 8]
    assert late_text(course).endswith("farthest between epochs 5 and 6 (0.5 in the mean).")
    assert late_transitions(course, places=[0, 4, 7, 8]) == [(4, 7)]
    assert farthest(course, (4, 7), [0, 4, 7, 8]) and not farthest(course, (7, 8), [0, 4, 7, 8])


def test_nothing_is_late_where_nothing_moves(tmp_path):
    labels = np.arange(12) % 3
    course = course_of(recorded(tmp_path / "still", np.tile(labels, (4, 1)), labels))
    assert late_transitions(course) == [] and late_text(course) == ""
    assert late_epochs(course) == [0, 3]


def test_a_run_of_ones_own_that_is_called_mnist_is_told_of_itself(tmp_path):
    labels = np.arange(30) % 3
    run = recorded(tmp_path / "mnist", np.where(labels == 0, 2, labels)[None], labels)
    library = Library([run.path], Store(tmp_path / "cache"))
    assert read_views(run) is None
    assert [view["name"] for view in tour_views(library, "mnist")] == ["cat and owl"]
    assert made_preset(library, "mnist")["classes"] == ["cat", "owl"]


def test_made_views_of_the_shipped_layers_lead_somewhere(tmp_path, monkeypatch):
    monkeypatch.setattr("gt.views.shown.read_views", lambda run: None)
    library = Library([ROOT / "precomputed" / "fashion-mnist"], Store(tmp_path / "cache"))
    views = layer_views(library, "fashion-mnist", "test")
    run, [one] = library.run("fashion-mnist"), library.alignments("fashion-mnist")
    states = [state.name for state in one.states]
    assert all(fits(view, run.classes, one.epochs.tolist(), states) for view in views)
    assert any("moved" in view for view in views)
    view = next(view for view in views if len(view["states"]) == made.STOPS)
    pair = made.most_mistaken(course_of(run), run.epochs.tolist().index(view["epochs"][0]))
    assert view["pair"] == [run.classes[pair.a], run.classes[pair.b]]
    again = layer_views(library, "fashion-mnist", "test")
    assert again == views
