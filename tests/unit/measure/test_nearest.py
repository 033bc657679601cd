"""Nearest neighbours of one place: as scikit-learn finds them; ties, and points that have no distance."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from gt.measure import nearest as module
from gt.measure.nearest import METRICS, distances, nearest, ranks


@pytest.fixture
def rng():
    return np.random.default_rng(5)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_they_are_those_of_scikit_learn_in_blocks_too(rng, monkeypatch, metric, dtype):
    monkeypatch.setattr(module, "BLOCK", 7 * 64)  # seven rows at a time
    x = rng.normal(2, 1, (500, 7)).astype(dtype)
    known = NearestNeighbors(n_neighbors=11, metric=metric, algorithm="brute").fit(x.astype(float))
    away_there, rows_there = known.kneighbors(x[[33, 499]].astype(float))
    for row, wanted, far in zip((33, 499), rows_there, away_there, strict=True):
        away = distances(x, x[row], metric)
        found = nearest(away, 10, np.array([row]))
        assert found.rows.tolist() == wanted[1:].tolist()
        np.testing.assert_allclose(away[found.rows], far[1:], rtol=1e-6, atol=1e-12)
        assert (found.of, found.left_out, found.tied) == (499, 0, 0)
        assert ranks(away, found.rows, np.array([row])).tolist() == list(range(1, 11))


@pytest.mark.parametrize("metric", METRICS)
def test_points_in_one_place_are_equally_far_and_said_to_be(rng, monkeypatch, metric):
    monkeypatch.setattr(module, "BLOCK", 3 * 13)
    x = rng.normal(2, 1, (40, 13)).astype(np.float32)
    x[[5, 17, 18, 31]] = x[4]  # at several places of several blocks
    away = distances(x, x[4], metric)
    assert (away[[4, 5, 17, 18, 31]] == 0).all()
    found = nearest(away, 2, np.array([4]))
    assert found.rows.tolist() == [5, 17] and found.tied == 2
    far = distances(x, x[0], metric)
    assert len(set(far[[4, 5, 17, 18, 31]])) == 1
    assert set(ranks(far, np.array([4, 5, 17, 18, 31]), np.array([0]))) == {
        1 + int((np.delete(far, 0) < far[4]).sum())
    }


def test_fewer_are_there_than_were_asked_for(rng):
    x = rng.normal(size=(4, 2))
    found = nearest(distances(x, x[0]), 10, np.array([0]))
    assert sorted(found.rows) == [1, 2, 3] and (found.of, found.tied) == (3, 0)
    alone = nearest(distances(x[:1], x[0]), 10, np.array([0]))
    assert len(alone.rows) == 0 and alone.of == 0


def test_what_has_no_distance_is_left_out_and_counted(rng):
    x = rng.normal(size=(9, 3))
    x[2, 1], x[3, 0], x[6, 2], x[7] = np.nan, np.inf, 1e101, 0
    for metric, none in (("euclidean", [2, 3, 6]), ("cosine", [2, 3, 6, 7])):
        away = distances(x, x[0], metric)
        assert np.flatnonzero(np.isnan(away)).tolist() == none
        found = nearest(away, 9, np.array([0]))
        assert set(found.rows) == set(range(1, 9)) - set(none)
        assert (found.of, found.left_out) == (8 - len(none), len(none))
        assert ranks(away, np.array([2]), np.array([0])).tolist() == [0]


def test_angles_are_measured_where_numbers_are_very_small_or_very_large():
    x = np.array([[1.0, 0], [1, 1], [1, 1e-6], [-1, 0]])
    for scale in (1e-200, 1.0, 1e99):
        away = distances(x * scale, x[0], "cosine")
        np.testing.assert_allclose(away, [0, 1 - np.sqrt(0.5), 0.5e-12, 2], rtol=1e-9)


def test_the_middle_of_several_points_is_a_place_like_any_other(rng):
    x = rng.normal(size=(50, 4))
    own = np.array([3, 8, 20])
    away = distances(x, x[own].mean(0))
    found = nearest(away, 5, own)
    brute = sorted(set(range(50)) - set(own), key=lambda i: np.linalg.norm(x[i] - x[own].mean(0)))
    assert found.rows.tolist() == brute[:5] and found.of == 47


@pytest.mark.parametrize(
    ("x", "place", "metric", "said"),
    [
        (np.zeros((3, 2)), np.zeros(3), "euclidean", "must be .n, p. and place .p,., got .3, 2."),
        (np.zeros((3, 2)), np.zeros(2), "cosine", "not the origin"),
        (np.ones((3, 2)), np.array([1, np.nan]), "euclidean", "place must be finite"),
        (np.ones((3, 2)), np.ones(2), "manhattan", "one of euclidean, cosine, got 'manhattan'"),
    ],
)
def test_what_cannot_be_measured_is_said(x, place, metric, said):
    with pytest.raises(ValueError, match=said):
        distances(x, place, metric)


def test_none_at_all_is_refused():
    with pytest.raises(ValueError, match="k must be at least 1, got 0"):
        nearest(np.zeros(3), 0)
