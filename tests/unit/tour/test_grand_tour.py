import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gt import tour


@pytest.mark.parametrize("p", [1, 2, 3, 10])
def test_orthonormal_after_100_000_frames(p):
    """At 600 frames a second, so that the reference is quick; node runs them at 60."""
    moving = tour.create_grand_tour(p, seed=p)
    for _ in range(100_000 if p == 10 else 10_000):
        moving.advance(1 / 600)
    assert tour.orthonormal_error(moving.matrix) < 1e-11


@pytest.mark.parametrize(("p", "seconds"), [(64, 120), (512, 2)])
def test_orthonormal_in_many_dimensions(p, seconds):
    moving = tour.create_grand_tour(p, seed=p)
    for _ in range(seconds * 30):
        moving.advance(1 / 30)
    assert tour.orthonormal_error(moving.matrix) < 1e-12


@settings(max_examples=12)
@given(st.sampled_from([1, 2, 3, 10]), st.integers(0, 2**32 - 1))
def test_same_seed_same_path_at_30_and_144_frames_a_second(p, seed):
    slow, fast = (tour.create_grand_tour(p, seed=seed) for _ in range(2))
    for _ in range(5):
        for _ in range(30):
            slow.advance(1 / 30)
        for _ in range(144):
            fast.advance(1 / 144)
        np.testing.assert_allclose(slow.matrix, fast.matrix, rtol=0, atol=1e-9)


def test_other_seeds_take_other_paths():
    a, b = (tour.create_grand_tour(10, seed=s).advance(2) for s in (1, 2))
    assert np.abs(a - b).max() > 0.1


def test_speed_scales_time_and_not_the_path():
    plain, paced = tour.create_grand_tour(5, seed=4), tour.create_grand_tour(5, 4, speed=0.5)
    paced.advance(2)
    paced.set_speed(0)
    paced.advance(9)
    paced.set_speed(2)
    paced.advance(1)
    np.testing.assert_allclose(paced.matrix, plain.advance(3), atol=1e-11)


def test_set_frame_is_shown_and_gone_on_from():
    moving = tour.create_grand_tour(10, seed=6)
    moving.advance(1.2345)
    wanted = tour.random_frame(10, 9)
    moving.set_matrix(wanted)
    np.testing.assert_array_equal(moving.matrix, wanted)
    assert np.abs(moving.advance(0.001) - wanted).max() < 0.005


def test_reseed_goes_on_from_what_is_shown_with_its_own_time():
    moving = tour.create_grand_tour(10, seed=6)
    shown = moving.advance(1.2345)
    moving.reseed(8)
    fresh = tour.create_grand_tour(10, seed=8, matrix=shown)
    np.testing.assert_allclose(moving.advance(3), fresh.advance(3), atol=1e-12)


def test_no_time_moves_nothing():
    moving = tour.create_grand_tour(4, matrix=np.eye(4))
    for dt in (0, -1, np.nan, np.inf):
        np.testing.assert_array_equal(moving.advance(dt), np.eye(4))


def test_mean_squared_handle_length_is_two_over_p():
    p, squares = 5, []
    for seed in range(12):
        moving = tour.create_grand_tour(p, seed=seed)
        for _ in range(100):
            moving.advance(1)
            squares.append((moving.matrix[:, :2] ** 2).sum(axis=1))
    np.testing.assert_allclose(np.mean(squares, axis=0), 2 / p, rtol=0.2)


def test_sizes_that_are_none_are_refused():
    with pytest.raises(ValueError, match="p must be a positive integer, got 0"):
        tour.create_grand_tour(0)
    with pytest.raises(ValueError, match=r"shape \(3, 3\), got \(2, 2\)"):
        tour.create_grand_tour(3, matrix=np.eye(2))
