import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gt import tour

WIDTHS = [1, 2, 3, 10, 64]


def rows(p, m, seed):
    drawn = tour.normals(seed, 5, m * p).reshape(m, p) * np.linspace(2, 0.1, p)
    return drawn @ tour.random_frame(p, seed)


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from([*WIDTHS, 4, 7, 33]),
    st.integers(2, 40),
    st.integers(0, 999),
    st.booleans(),
)
def test_the_squares_drawn_at_all_stops_add_up_to_the_square_of_each_motion(p, m, seed, centred):
    """Pythagoras; with p odd the last stop counts along its first axis alone."""
    motion = rows(p, m, seed)
    whole = tour.complete_tour(motion, centred)
    assert whole.stops == (p + 1) // 2
    total = np.zeros(m)
    for k in range(whole.stops):
        drawn = motion @ whole.frame(k)[:, :2]
        shown = whole.columns(k)[:, : drawn.shape[1]]
        np.testing.assert_allclose(shown, whole.frame(k)[:, :2], atol=1e-12)
        counted = drawn[:, :1] if 2 * k + 1 >= p else drawn
        total += (counted**2).sum(axis=1)
    squares = (motion**2).sum(axis=1)
    np.testing.assert_allclose(total, squares, rtol=1e-10, atol=1e-12 * squares.max())
    seen = whole.seen(motion, np.ones(whole.stops))
    np.testing.assert_allclose(seen, total, rtol=1e-10, atol=1e-12 * squares.max())


@pytest.mark.parametrize("p", WIDTHS)
def test_directions_are_orthonormal_and_shares_fall_and_sum_to_one(p):
    whole = tour.complete_tour(rows(p, 80, p))
    np.testing.assert_allclose(whole.directions @ whole.directions.T, np.eye(p), atol=1e-12)
    assert whole.shares.sum() == pytest.approx(1)
    assert (np.diff(whole.shares) <= 1e-12).all()
    for k in range(whole.stops):
        assert tour.orthonormal_error(whole.frame(k)) < 1e-12


@pytest.mark.parametrize("p", [3, 10, 64])
def test_after_all_stops_the_rank_correlation_is_one_and_no_stop_fewer_shows_more(p):
    motion = rows(p, 100, 3)
    motion[::5] = 0  # what stands still stays tied
    whole = tour.complete_tour(motion)
    visited = np.zeros(whole.stops, bool)
    squares = (motion**2).sum(axis=1)
    for k in range(whole.stops):
        visited[k] = True
        best = np.linalg.svd(motion, compute_uv=False)[: 2 * k + 2] ** 2
        seen = whole.seen(motion, visited).sum() / squares.sum()
        assert seen == pytest.approx(best.sum() / squares.sum(), abs=1e-10)
        assert seen == pytest.approx(whole.shares[: k + 1].sum(), abs=1e-10)
    assert tour.rank_correlation(squares, whole.seen(motion, visited)) == pytest.approx(1)


def test_of_positions_only_differences_count():
    x = rows(6, 30, 2)
    whole, moved = (tour.complete_tour(one, centred=True) for one in (x, x + 50))
    np.testing.assert_allclose(moved.shares, whole.shares, atol=1e-9)
    np.testing.assert_allclose(moved.columns(0), whole.columns(0), atol=1e-8)
    np.testing.assert_allclose(whole.columns(0), tour.principal_plane(x, range(30)), atol=1e-9)
    assert tour.complete_tour(x + 50).shares[0] > 0.99  # as displacements they all go one way


@pytest.mark.parametrize(
    ("motion", "centred"),
    [
        (np.zeros((4, 3)), False),
        (np.ones((4, 3)) / 3, True),
        (np.zeros((0, 3)), False),
        ([[1.0, np.nan]], False),
    ],
)
def test_where_nothing_moves_there_is_nothing_to_show(motion, centred):
    assert tour.complete_tour(motion, centred) is None


def test_directions_without_motion_are_stops_that_show_nothing():
    motion = np.zeros((20, 6))
    motion[:, :2] = rows(2, 20, 1)
    whole = tour.complete_tour(motion)
    np.testing.assert_allclose(whole.shares, [1, 0, 0], atol=1e-12)


def test_of_very_many_dimensions_the_leading_stops_show_what_the_best_planes_show():
    p, n, most = 300, 500, 5
    motion = tour.normals(4, 1, n * 6).reshape(n, 6) / np.arange(1, 7) @ tour.random_frame(p, 2)[:6]
    motion += 1e-3 * tour.normals(5, 2, n * p).reshape(n, p)
    whole = tour.complete_tour(motion, most=most)
    assert whole.stops == most and whole.directions.shape == (2 * most, p)
    np.testing.assert_allclose(whole.directions @ whole.directions.T, np.eye(2 * most), atol=1e-9)
    best = np.linalg.svd(motion, compute_uv=False) ** 2
    np.testing.assert_allclose(
        whole.shares[:3], best[:6].reshape(3, 2).sum(1) / best.sum(), rtol=0.02
    )
    assert 0.99 < whole.shares.sum() < 1  # the rest is in none of these planes
    seen = whole.seen(motion, np.ones(most))
    assert seen.sum() / (motion**2).sum() == pytest.approx(whole.shares.sum())
    few = tour.complete_tour(motion[:, :10], most=most)  # all that there are
    np.testing.assert_array_equal(few.directions, tour.complete_tour(motion[:, :10]).directions)
