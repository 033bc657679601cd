"""What is measured of a state in its coordinates."""

from __future__ import annotations

import numpy as np
import pytest

from gt.align import states
from tests.recordings import rotation, spread


def test_points_are_chosen_evenly_over_the_classes_and_in_their_order() -> None:
    labels = np.repeat([0, 1, 2], [60, 30, 10])
    among = np.arange(100) % 2 == 0
    rows = states.choose_points(labels, among, 10)
    assert len(rows) == 10 and among[rows].all() and (np.diff(rows) > 0).all()
    assert np.bincount(labels[rows]).tolist() == [6, 3, 1]
    assert np.array_equal(states.choose_points(labels, among, 50), np.flatnonzero(among))
    assert not len(states.choose_points(labels, np.zeros(100, bool), 5))


def test_size_is_where_nearly_all_points_are_within() -> None:
    z = np.zeros((100, 2))
    z[:, 0] = np.arange(100)
    z[99] = 1e6  # one alone does not decide it
    assert states.size(z) == pytest.approx(np.percentile(np.r_[np.arange(99), 1e6], 98))
    assert states.size(z) < 100 and states.size(np.empty((0, 3))) == 0


def test_variance_kept_is_a_share() -> None:
    values = spread(80, (6,)).astype(float)
    turned = (values - 1) @ rotation(6)
    assert states.variance_kept(values, turned) == pytest.approx(1)
    half = states.variance_kept(values, values[:, :2])
    assert half == pytest.approx(values[:, :2].var(0).sum() / values.var(0).sum())
    assert states.variance_kept(np.ones((5, 3)), np.ones((5, 2))) == 1  # there is none to lose


def test_means_of_classes_are_nan_for_those_without_points() -> None:
    z = np.array([[1.0, 0], [3, 0], [5, 5]])
    found = states.class_means(z, np.array([0, 0, 2]), 4)
    assert np.array_equal(found[[0, 2]], [[2, 0], [5, 5]]) and np.isnan(found[[1, 3]]).all()
    assert np.isnan(states.class_means(np.empty((0, 2)), np.empty(0, int), 3)).all()


def test_separation_is_the_share_nearest_to_its_own_centroid_without_itself() -> None:
    z = np.array([[0.0], [0.1], [9.0], [10], [10.1], [10.2]])
    labels = np.array([0, 0, 0, 1, 1, 1])
    found = states.separation(z, labels, 3)
    assert found[0] == pytest.approx(2 / 3) and found[1] == 1 and np.isnan(found[2])


def test_what_lies_in_one_place_is_not_separate() -> None:
    labels = np.arange(6) % 2
    assert not states.separation(np.ones((6, 3)), labels, 2).any()
    assert not states.separation(np.ones((1, 3)), np.array([1]), 2)[1]  # nothing to compare it with
