import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from gt import tour
from gt.tour.meter import STEP


def rows(p, m=40, seed=1):
    return tour.normals(seed, 3, m * p).reshape(m, p) * np.linspace(2, 0.3, p)


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), min_size=2, max_size=30), st.integers(0, 99))
def test_rank_correlation_is_scipys(values, seed):
    other = np.round(4 * tour.uniform(seed, 1, np.arange(len(values))))
    found = tour.rank_correlation(values, other)
    if np.ptp(values) == 0 or np.ptp(other) == 0:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(spearmanr(values, other).statistic, abs=1e-12)


def test_what_differs_by_rounding_alone_is_equal():
    exact, rounded = [2.0, 2.0, 2.0, 3.0], [2.0, 2 + 1e-12, 2 - 1e-12, 3.0]
    assert tour.rank_correlation(exact, rounded) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("p", [3, 10, 64])
def test_the_way_of_a_plane_is_what_it_turned(p):
    frame = tour.random_frame(p, 5)
    for angle in (0.0, 0.01, 0.4):
        turned = tour.rotate_view(frame, np.eye(p)[0], np.eye(p)[2], angle)
        assert tour.plane_distance(frame, turned) == pytest.approx(np.sin(angle), abs=1e-9)
    assert tour.plane_distance(frame, tour.rotate_columns(frame, 1.0)) == pytest.approx(0, abs=1e-7)


@pytest.mark.parametrize("p", [1, 2])
def test_one_or_two_dimensions_have_one_plane_which_tells_all(p):
    meter = tour.Meter(rows(p))
    for seed in (1, 2):
        frame = tour.random_frame(p, seed)
        meter.look(frame)
        np.testing.assert_allclose(meter.rho(frame), 1, atol=1e-12)
        assert tour.drawn_share(rows(p), frame) == pytest.approx(1)
    assert meter.turned == 0


def test_a_frame_that_stands_still_adds_nothing():
    meter = tour.Meter(rows(10))
    first, second = tour.random_frame(10, 1), tour.random_frame(10, 2)
    meter.look(first)
    meter.look(second)
    before = meter.seen(second)
    for _ in range(100):
        meter.look(second)
    np.testing.assert_array_equal(meter.seen(second), before)
    np.testing.assert_allclose(
        before, (tour.drawn_squares(rows(10), first) + tour.drawn_squares(rows(10), second)) / 2
    )


def test_before_it_has_turned_a_frame_tells_what_it_draws():
    meter = tour.Meter(rows(10))
    frame = tour.random_frame(10, 1)
    np.testing.assert_array_equal(meter.seen(frame), tour.drawn_squares(rows(10), frame))
    meter.look(frame)
    now, seen = meter.rho(frame)
    assert now == seen and 0 < now < 1


def test_what_was_seen_is_the_mean_over_the_way_whatever_the_frame_rate():
    """Twice as many pictures of the same way, half of it at a tenth of the speed: the same mean."""
    told = []
    for steps in ([0.02] * 400, [0.01] * 800, [0.02] * 200 + [0.002] * 2000):
        moving, meter = tour.create_grand_tour(6, seed=3), tour.Meter(rows(6))
        for dt in steps:
            meter.look(moving.matrix)
            moving.advance(dt)
        told.append(meter.seen(moving.matrix) / meter.squares)
        assert meter.turned > 20 * STEP
    np.testing.assert_allclose(told[1], told[0], rtol=0.03)
    np.testing.assert_allclose(told[2], told[0], rtol=0.03)


def test_over_a_long_tour_every_motion_shows_two_pths_of_its_square():
    """The mean of ‖d F‖² over all planes is 2/p ‖d‖²: the tour tells all, in the end."""
    moving, meter = tour.create_grand_tour(5, seed=1), tour.Meter(rows(5))
    first = None
    for _ in range(4000):
        meter.look(moving.matrix)
        moving.advance(0.1)
        first = first or meter.rho(moving.matrix)[0]
    share = meter.seen(moving.matrix) / meter.squares
    np.testing.assert_allclose(share, 2 / 5, rtol=0.25)
    assert meter.rho(moving.matrix)[1] > 0.97 > first


def test_partners_are_others_and_nearly_all_different():
    for m in (2, 3, 50):
        partners = tour.pair_partners(m)
        assert partners.min() >= 0 and partners.max() < m
        assert (partners != np.arange(m)).all()
    assert len(tour.pair_partners(1)) == 0
