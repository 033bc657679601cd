import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gt import tour

sizes = st.sampled_from([1, 2, 3, 10])
seeds = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("p", [1, 2, 3, 10, 64, 512])
def test_star_is_orthogonal_and_even(p):
    m = tour.star_frame(p)
    assert tour.orthonormal_error(m) < 1e-12
    if p > 2:
        np.testing.assert_allclose(np.hypot(m[:, 0], m[:, 1]), np.sqrt(2 / p), atol=1e-12)


@given(sizes, seeds)
def test_random_frame_is_orthogonal_and_its_seed_alone_decides(p, seed):
    m = tour.random_frame(p, seed)
    assert tour.orthonormal_error(m) < 1e-13
    np.testing.assert_array_equal(m, tour.random_frame(p, seed))


def test_random_frames_favour_no_direction():
    first = np.array([tour.random_frame(3, s)[0, 0] for s in range(2000)])
    assert abs(first.mean()) < 0.06 and abs((first**2).mean() - 1 / 3) < 0.03


@given(
    st.integers(1, 6).flatmap(
        lambda p: arrays(np.float64, (p, p), elements=st.floats(-1e6, 1e6, allow_subnormal=False))
    ),
    st.integers(0, 5),
)
def test_gram_schmidt_gives_an_orthogonal_matrix_from_anything(m, first):
    assert tour.orthonormal_error(tour.gram_schmidt(m, first % len(m))) < 1e-12


def test_gram_schmidt_keeps_the_direction_of_the_first_row_and_leaves_its_input():
    m = tour.normals(1, 1, 16).reshape(4, 4)
    before = m.copy()
    out = tour.gram_schmidt(m, 2)
    np.testing.assert_allclose(out[2], m[2] / np.linalg.norm(m[2]), atol=1e-14)
    np.testing.assert_array_equal(m, before)


def test_gram_schmidt_replaces_rows_that_are_not_finite():
    assert tour.orthonormal_error(tour.gram_schmidt([[np.nan, 1], [np.inf, 0]])) < 1e-14


@given(st.sampled_from([2, 3, 10, 64]), seeds)
def test_completed_frame_has_the_columns_asked_for(p, seed):
    columns = tour.gram_schmidt(tour.normals(seed, 3, p * p).reshape(p, p))[:, :2]
    m = tour.complete_frame(columns)
    assert tour.orthonormal_error(m) < 1e-12
    np.testing.assert_allclose(m[:, :2], columns, atol=1e-14)


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        (np.zeros(4), r"shape \(p, 2\), got \(4,\)"),
        (np.zeros((3, 3)), r"got \(3, 3\)"),
        ([[1, 0], [0, np.inf]], "must be finite"),
        ([[1, 2], [2, 4], [3, 6]], "must be independent"),
        ([[0, 1], [0, 0]], "must be independent"),
    ],
)
def test_columns_that_make_no_frame_are_refused(columns, reason):
    with pytest.raises(ValueError, match=f"complete_frame: .*{reason}"):
        tour.complete_frame(columns)


@given(st.sampled_from([2, 3, 10]), seeds, st.floats(-10, 10))
def test_rotations_stay_orthogonal_and_undo(p, seed, angle):
    m, a, b = tour.random_frame(p, seed), tour.normals(seed, 5, p), tour.normals(seed, 6, p)
    for turn in (tour.rotate_plane, tour.rotate_view):
        there = turn(m, a, b, angle)
        assert tour.orthonormal_error(there) < 1e-12
        np.testing.assert_allclose(turn(there, a, b, -angle), m, atol=1e-12)
    np.testing.assert_allclose(
        tour.rotate_columns(tour.rotate_columns(m, angle), -angle), m, atol=1e-14
    )


def test_plane_rotation_turns_a_towards_b():
    m = tour.rotate_plane(np.eye(3), [1, 0, 0], [5, 2, 0], np.pi / 2)
    np.testing.assert_allclose(m[:, 0], [0, 1, 0], atol=1e-15)
    m = tour.rotate_view(np.eye(3), [1, 0, 0], [5, 2, 0], np.pi / 2)
    np.testing.assert_allclose(m[0], [0, 1, 0], atol=1e-15)


def test_directions_that_span_no_plane_turn_nothing():
    for a, b in [([0, 0], [1, 0]), ([1, 0], [-2, 0]), ([1, 0], [0, 0])]:
        np.testing.assert_array_equal(tour.rotate_plane(np.eye(2), a, b, 1.0), np.eye(2))


@given(st.integers(-(2**40), 2**40), st.integers(0, 1000))
def test_uniform_numbers_are_in_the_interval_whatever_the_seed(seed, stream):
    x = tour.uniform(seed, stream, np.arange(50))
    assert ((x >= 0) & (x < 1)).all() and len(np.unique(x)) == 50
