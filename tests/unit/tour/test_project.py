import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gt import tour

seeds = st.integers(0, 2**32 - 1)


@given(st.sampled_from([1, 2, 3, 10]), seeds, st.floats(0, 1))
def test_positions_are_the_interpolated_points_under_the_frame(p, seed, t):
    a = tour.normals(seed, 1, 4 * p).reshape(4, p)
    b = tour.normals(seed, 2, 4 * p).reshape(4, p)
    m = tour.random_frame(p, seed)
    seen = tour.project_slice(m, a, 2.0, 0.5, b, 3.0, -1.0, t)
    assert seen.shape == (4, 2) and seen.dtype == np.float32
    wanted = ((1 - t) * (2 * a + 0.5) + t * (3 * b - 1)) @ m
    np.testing.assert_allclose(seen[:, : min(p, 2)], wanted[:, :2], atol=3e-6)
    if p == 1:
        assert (seen[:, 1] == 0).all()


def test_one_slice_alone_ignores_the_time():
    a = np.arange(6, dtype=np.uint16).reshape(3, 2)
    wanted = 0.5 * a + 1
    for b in (None, a):
        np.testing.assert_allclose(tour.project_slice(np.eye(2), a, 0.5, 1, b, 9, 9, 0.7), wanted)


def test_centroid_is_the_mean_of_the_points_asked_for():
    a, b = np.arange(6.0).reshape(3, 2), np.ones((3, 2))
    np.testing.assert_allclose(tour.centroid([0, 2], a, 2, 1, b, 1, 0, 0.5), [3.0, 4.0])
    np.testing.assert_array_equal(tour.centroid([], a), [0, 0])
