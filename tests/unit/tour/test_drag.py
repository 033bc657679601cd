import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from gt import tour

sizes = st.sampled_from([3, 4, 10])
seeds = st.integers(0, 2**32 - 1)
angles = st.floats(0, 2 * np.pi)


@given(sizes, seeds, st.integers(0, 2), st.floats(0, 1), angles)
def test_handle_is_where_the_pointer_is(p, seed, i, radius, angle):
    x, y = radius * np.cos(angle), radius * np.sin(angle)
    m = tour.drag_handle(tour.random_frame(p, seed), i, x, y)
    np.testing.assert_allclose(m[i, :2], [x, y], rtol=0, atol=1e-11)
    assert tour.orthonormal_error(m) < 1e-12


@given(sizes, seeds, st.floats(1, 1e6), angles)
def test_beyond_the_unit_circle_it_stays_on_it(p, seed, radius, angle):
    x, y = np.cos(angle), np.sin(angle)
    m = tour.drag_handle(tour.random_frame(p, seed), 1, radius * x, radius * y)
    np.testing.assert_allclose(m[1, :2], [x, y], rtol=0, atol=1e-11)
    assert tour.orthonormal_error(m) < 1e-12


@given(sizes, seeds, st.lists(st.tuples(st.floats(-1.5, 1.5), st.floats(-1.5, 1.5)), max_size=8))
def test_dragging_never_changes_distances_in_p_dimensions(p, seed, drags):
    points = tour.normals(seed, 9, 5 * p).reshape(5, p)
    before = np.linalg.norm(points[:, None] - points, axis=-1)
    m = tour.star_frame(p)
    for k, (x, y) in enumerate(drags):
        m = tour.drag_handle(m, k % p, x, y)
        m = tour.drag_centroid(m, points[k % 5], x, y)
        seen = points @ m
        after = np.linalg.norm(seen[:, None] - seen, axis=-1)
        np.testing.assert_allclose(after, before, rtol=0, atol=1e-10)


@given(st.sampled_from([2, 3, 4, 10]), seeds, angles)
def test_small_drag_moves_every_handle_a_little(p, seed, angle):
    m = tour.random_frame(p, seed)
    x, y = m[0, :2] + 1e-4 * np.array([np.cos(angle), np.sin(angle)])
    assume(p == 2 or np.hypot(x, y) < 0.95)
    assert np.abs(tour.drag_handle(m, 0, x, y) - m).max() < 1e-3


def test_handle_in_the_picture_can_be_pulled_in_and_spares_the_worst_off():
    m = tour.drag_handle(np.eye(10), 0, 0.9, 0.0)
    np.testing.assert_allclose(m[0, :2], [0.9, 0], atol=1e-14)
    assert np.hypot(m[2:, 0], m[2:, 1]).max() < 0.2
    assert tour.orthonormal_error(tour.drag_handle(np.eye(3), 1, 0, 0)) < 1e-14


def test_few_dimensions():
    np.testing.assert_allclose(tour.drag_handle(np.eye(2), 0, -3, 0), -np.eye(2), atol=1e-12)
    np.testing.assert_array_equal(tour.drag_handle(np.eye(2), 0, 0, 0), np.eye(2))
    np.testing.assert_array_equal(tour.drag_handle([[1]], 0, 0.5, 0.5), [[1]])
    np.testing.assert_array_equal(tour.drag_centroid([[1]], [1], 0.5, 0.5), [[1]])


@given(st.sampled_from([2, 3, 10]), seeds, st.floats(-3, 3), st.floats(-3, 3))
def test_centroid_turns_to_where_it_was_dragged_at_its_own_length(p, seed, dx, dy):
    m, c = tour.random_frame(p, seed), tour.normals(seed, 4, p)
    start = c @ m
    end = start.copy()
    end[:2] += dx, dy
    assume(np.linalg.norm(end) > 1e-3 and end @ start > -0.999 * np.linalg.norm(end) ** 2)
    turned = tour.drag_centroid(m, c, dx, dy)
    assert tour.orthonormal_error(turned) < 1e-12
    wanted = end * np.linalg.norm(start) / np.linalg.norm(end)
    np.testing.assert_allclose(c @ turned, wanted, rtol=0, atol=1e-8)
    normal = np.linalg.svd(np.stack([start, end]))[2][2:]  # directions orthogonal to both
    np.testing.assert_allclose(normal @ (m.T @ turned), normal, rtol=0, atol=1e-7)


def test_centroid_at_the_origin_dragged_onto_it_or_through_it():
    np.testing.assert_array_equal(tour.drag_centroid(np.eye(3), [0, 0, 0], 1, 1), np.eye(3))
    np.testing.assert_array_equal(tour.drag_centroid(np.eye(3), [1, 0, 0], -1, 0), np.eye(3))
    through = tour.drag_centroid(np.eye(3), [1, 0, 0], -2, 0)
    np.testing.assert_allclose(through, np.diag([-1, -1, 1]), atol=1e-12)
    np.testing.assert_array_equal(tour.drag_centroid(np.eye(3), [1, 0, 0], np.nan, 0), np.eye(3))
