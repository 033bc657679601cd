"""How far apart, which answers differ, and in which plane: numbers that can be counted by hand."""

import numpy as np
import pytest

from gt.measure.two_runs.differences import agreement, answers, apart_by_class
from gt.measure.two_runs.plane import most_different


def test_a_class_is_as_far_apart_as_its_points_are_on_average():
    a = np.zeros((2, 3, 2))
    b = np.array([[[3, 4], [0, 1], [0, 0]], [[0, 0], [0, 0], [6, 8]]], float)
    found = apart_by_class(a, b, np.array([0, 0, 2]), 3)
    assert found[0].tolist() == [3, 0] and found[2].tolist() == [0, 10]
    assert np.isnan(found[1]).all() and np.allclose(found[3], [2, 10 / 3])


def test_an_answer_that_several_classes_share_is_none():
    assert answers(np.array([[0.2, 0.8], [0.5, 0.5], [1, 0]])).tolist() == [1, 2, 0]


def test_answers_are_counted_and_chance_keeps_the_rates_of_each_class():
    labels = np.array([0, 0, 0, 0, 1, 1])
    a = np.array([0, 0, 1, 1, 1, 2])  # 2: no answer
    b = np.array([0, 1, 0, 1, 0, 2])
    found = agreement(a, b, labels, 2)
    assert (found.both, found.only_a, found.only_b) == (1, 2, 1)
    assert (found.same_wrong, found.other_wrong, found.disagree) == (2, 0, 3)
    # of class 0 both say 0 for half: they agree half of the time; of class 1 a says 1 or nothing, b 0 or nothing
    assert found.expected == pytest.approx(4 * 0.5 + 2 * 0.75)


def test_chance_is_what_independent_answers_give_on_average():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 200)
    a = np.where(rng.random(600) < 0.7, labels, rng.integers(0, 3, 600))
    b = np.where(rng.random(600) < 0.5, labels, rng.integers(0, 3, 600))
    expected = agreement(a, b, labels, 3).expected
    shuffled = []
    for _ in range(200):
        order = np.concatenate([200 * c + rng.permutation(200) for c in range(3)])
        shuffled.append(agreement(a, b[order], labels, 3).disagree)
    assert np.mean(shuffled) == pytest.approx(expected, abs=4)  # a standard error is below 1


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def test_a_difference_in_two_directions_is_all_in_their_plane(rng):
    a, labels = rng.normal(size=(60, 7)), np.arange(60) % 3
    plane = np.linalg.qr(rng.normal(size=(7, 2)))[0]
    found = most_different(a, a + rng.normal(size=(60, 2)) @ plane.T, labels)
    assert found.share == pytest.approx(1)
    assert np.allclose(found.columns @ found.columns.T, plane @ plane.T)
    assert found.null.as_good(found.share) == 0 and max(found.null.values) < 0.9


def test_the_share_is_that_of_the_two_largest_singular_values(rng):
    a, b = rng.normal(size=(50, 6)), rng.normal(size=(50, 6))
    found = most_different(a, b, np.zeros(50, int))
    squares = np.linalg.svd(a - b, compute_uv=False) ** 2
    assert found.share == pytest.approx(squares[:2].sum() / squares.sum())
    drawn = ((a - b) @ found.columns) ** 2
    assert found.share == pytest.approx(drawn.sum() / ((a - b) ** 2).sum())


def test_points_that_have_no_partner_are_no_better_than_shuffles(rng):
    reached = []
    for _ in range(30):
        a, b = rng.normal(size=(2, 60, 5))
        found = most_different(a, b, np.arange(60) % 2)
        reached.append(found.null.as_good(found.share))
    assert 6 < np.mean(reached) < 14  # 10 are expected; a standard error is 1.1


def test_the_shuffles_leave_each_class_where_it_lies(rng):
    """Where each class is one place, shuffling within it changes nothing."""
    labels = np.arange(40) % 4
    a, b = rng.normal(size=(4, 5))[labels], rng.normal(size=(4, 5))[labels]
    found = most_different(a, b, labels)
    assert np.allclose(found.null.values, found.share)


def test_there_is_no_plane_of_nothing(rng):
    a, labels = rng.normal(size=(10, 3)), np.zeros(10, int)
    with pytest.raises(ValueError, match="the same here"):
        most_different(a, a.copy(), labels)
    with pytest.raises(ValueError, match="three coordinates, it has 1"):
        most_different(a[:, :1], a[:, 1:2], labels)
