from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gt import tour

seeds = st.integers(0, 2**31)
sizes = st.sampled_from([3, 4, 10])


def length(a, b):
    return tour.create_geodesic(a, b).angle


@given(st.sampled_from([2, 3, 4, 10]), seeds, st.floats(0, 1))
def test_path_joins_the_views_and_stays_orthogonal(p, seed, u):
    start, end = tour.random_frame(p, seed), tour.random_frame(p, seed + 1)
    way = tour.create_geodesic(start, end)
    np.testing.assert_array_equal(way.at(0), start)
    np.testing.assert_array_equal(way.at(1)[:, :2], end[:, :2])
    np.testing.assert_allclose(way.at(1 - 1e-13)[:, :2], end[:, :2], rtol=0, atol=1e-11)
    assert tour.orthonormal_error(way.at(u)) < 1e-12


@given(sizes, seeds, st.floats(0.01, 0.99))
def test_no_detour_is_shorter(p, seed, u):
    start, end, third = (tour.random_frame(p, seed + k) for k in range(3))
    way = tour.create_geodesic(start, end)
    assert way.angle <= length(start, third) + length(third, end) + 1e-9
    on = way.at(u)
    assert length(start, on) + length(on, end) == pytest.approx(way.angle, abs=1e-6)


@given(sizes, seeds)
def test_angle_is_that_of_a_rotation_that_does_it_and_of_none_shorter(p, seed):
    start, end = tour.random_frame(p, seed), tour.random_frame(p, seed + 1)
    way = tour.create_geodesic(start, end)
    rotation = way.at(1) @ start.T
    angles = np.abs(np.angle(np.linalg.eigvals(rotation)))
    assert np.sqrt((angles**2).sum() / 2) == pytest.approx(way.angle, abs=1e-6)
    hidden = start.copy()  # turning what is hidden before or after makes it no shorter
    for k in range(6):
        loose = np.eye(p)
        loose[2:, 2:] = tour.random_frame(p - 2, seed + k)
        other = way.at(1) @ loose @ hidden.T
        if np.linalg.det(other) < 0:
            continue
        angles = np.abs(np.angle(np.linalg.eigvals(other)))
        assert np.sqrt((angles**2).sum() / 2) > way.angle - 1e-6


@given(st.sampled_from([2, 3, 4, 10]), seeds, st.floats(-3.1, 3.1))
def test_turn_of_the_picture_is_walked_as_such(p, seed, turn):
    start = tour.random_frame(p, seed)
    way = tour.create_geodesic(start, tour.rotate_columns(start, turn))
    assert way.angle == pytest.approx(abs(turn), abs=1e-6)
    np.testing.assert_allclose(way.at(0.5), tour.rotate_columns(start, turn / 2), atol=1e-6)


@pytest.mark.parametrize("p", [3, 4, 10])
def test_opposite_mirrored_swapped_and_equal_views_give_numbers(p):
    for columns in ([-1, -2], [2, 1], [1, -2], [3, 2], [-3, 1], [1, 2], [2, -1]):
        v = np.zeros((p, 2))
        for c, column in enumerate(columns):
            v[abs(column) - 1, c] = np.sign(column)
        way = tour.create_geodesic(np.eye(p), tour.complete_frame(v))
        assert 0 <= way.angle < 5
        steps = [way.at(u) for u in np.linspace(0, 1 - 1e-9, 40)]
        assert max(tour.orthonormal_error(m) for m in steps) < 1e-12
        assert max(np.abs(b - a).max() for a, b in pairwise(steps)) < 0.15
        np.testing.assert_allclose(steps[-1][:, :2], v, atol=1e-7)


def test_mirrored_plane_is_flipped_over_and_one_dimension_changes_at_the_end():
    way = tour.create_geodesic(np.eye(2), np.diag([1.0, -1.0]))
    np.testing.assert_allclose(way.at(0.5), np.diag([1, 0]), atol=1e-12)
    line = tour.create_geodesic([[1]], [[-1]])
    assert line.at(0.5) == 1 and line.at(1) == -1 and line.angle == pytest.approx(np.pi)
