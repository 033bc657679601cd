"""Turns, what they leave, and how alike layers are: against closed forms and scipy."""

import numpy as np
import pytest
from scipy.linalg import orthogonal_procrustes
from scipy.spatial import procrustes
from scipy.stats import ortho_group

from gt.measure.two_runs.procrustes import (
    best_turn,
    left_by,
    left_by_best,
    padded,
    procrustes_distance,
    spread,
)
from gt.measure.two_runs.similarity import alike, linear_cka


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def turn(rng, p):
    return ortho_group.rvs(p, random_state=rng)


def test_a_turn_is_found_again_and_leaves_nothing(rng):
    a, q = rng.normal(size=(40, 6)), turn(rng, 6)
    found = best_turn(a, a @ q)
    assert np.allclose(found, q.T) and np.allclose(found @ found.T, np.eye(6))
    assert left_by(a, a @ q @ found) == pytest.approx(0, abs=1e-12)


def test_it_is_the_turn_of_scipy(rng):
    a, b = rng.normal(size=(30, 5)), rng.normal(size=(30, 5))
    assert np.allclose(best_turn(a, b), orthogonal_procrustes(b, a)[0])


def test_one_turn_of_several_epochs_is_that_of_all_their_rows(rng):
    a, b = rng.normal(size=(3, 20, 4)), rng.normal(size=(3, 20, 4))
    assert np.allclose(best_turn(a, b), best_turn(a.reshape(60, 4), b.reshape(60, 4)))


def test_no_other_turn_leaves_less(rng):
    a, b = rng.normal(size=(30, 5)), rng.normal(size=(30, 5))
    best = left_by(a, b @ best_turn(a, b))
    assert all(left_by(a, b @ turn(rng, 5)) >= best for _ in range(50))
    assert left_by_best(a, b) <= best + 1e-12


def test_what_the_best_leaves_is_what_its_turn_and_shift_leave(rng):
    a, b = rng.normal(size=(30, 5)) + 3, rng.normal(size=(30, 5))
    x, y = a - a.mean(0), b - b.mean(0)
    size = (a**2).sum() + (b**2).sum()
    assert left_by_best(a, b) == pytest.approx(((x - y @ best_turn(x, y)) ** 2).sum() / size)


def test_clouds_without_anything_in_common_are_wholly_apart(rng):
    q, _ = np.linalg.qr(
        np.c_[np.ones(40), rng.normal(size=(40, 8))]
    )  # about their mean, all orthogonal
    a, b = q[:, 1:5], q[:, 5:9]
    assert left_by(a, b @ best_turn(a, b)) == pytest.approx(1)
    assert procrustes_distance(a, b) == pytest.approx(1) and linear_cka(a, b) == pytest.approx(0)


def test_the_distance_is_that_of_scipy_in_another_unit(rng):
    a, b = rng.normal(size=(30, 5)), rng.normal(size=(30, 5))
    disparity = procrustes(a, b)[2]
    assert (1 - procrustes_distance(a, b)) ** 2 == pytest.approx(1 - disparity)


def test_a_turn_a_shift_and_a_size_are_no_distance(rng):
    a = rng.normal(size=(30, 5))
    b = 7 * a @ turn(rng, 5) + 2
    assert procrustes_distance(a, b) == pytest.approx(0, abs=1e-12)
    assert linear_cka(a, b) == pytest.approx(1)
    assert spread(b) == pytest.approx(7 * spread(a))


def test_layers_of_other_widths_are_compared(rng):
    a = rng.normal(size=(30, 3))
    b = np.c_[a, np.zeros((30, 2))] @ turn(rng, 5)
    assert procrustes_distance(a, b) == pytest.approx(0, abs=1e-12)
    assert left_by(padded(a, 5), b @ best_turn(padded(a, 5), b)) == pytest.approx(0, abs=1e-12)
    with pytest.raises(ValueError, match="p must be at least 5, got 3"):
        padded(b, 3)
    with pytest.raises(ValueError, match="one shape"):
        best_turn(a, b)


def test_cka_of_one_coordinate_each_is_the_squared_correlation(rng):
    a, b = rng.normal(size=(50, 1)), rng.normal(size=(50, 1))
    assert linear_cka(a, b) == pytest.approx(np.corrcoef(a[:, 0], b[:, 0])[0, 1] ** 2)


def test_cka_is_that_of_its_definition_by_hsic(rng):
    a, b = rng.normal(size=(25, 4)), rng.normal(size=(25, 9))
    h = np.eye(25) - 1 / 25
    hsic = lambda x, y: np.trace(x @ x.T @ h @ y @ y.T @ h)  # noqa: E731
    assert linear_cka(a, b) == pytest.approx(hsic(a, b) / np.sqrt(hsic(a, a) * hsic(b, b)))


def test_a_cloud_in_one_place_is_like_nothing_but_another(rng):
    a, still = rng.normal(size=(10, 3)), np.ones((10, 3))
    assert linear_cka(a, still) == 0 and procrustes_distance(a, still) == 1
    assert procrustes_distance(still, 2 * still) == 0 and left_by(0 * still, 0 * still) == 0


def test_layers_that_are_alike_are_more_so_than_any_shuffle_and_noise_is_not(rng):
    a = rng.normal(size=(80, 6))
    b = a @ turn(rng, 6) + 0.3 * rng.normal(size=(80, 6))
    found = alike(a, b, a, b)
    assert (
        found.cka > 0.8 > 0.3 > found.cka_chance
        and found.distance < 0.2 < 0.5 < found.distance_chance
    )
    assert (found.cka_as_good, found.distance_as_good, found.of) == (0, 0, 20)
    reached = [
        alike(x, y, x, y, seed=i).cka_as_good
        for i, (x, y) in enumerate(rng.normal(size=(30, 2, 40, 4)))
    ]
    assert 5 < np.mean(reached) < 15  # 10 are expected; a standard error is 1.1
