"""Turning in what a view hides, on points whose variances are known."""

import numpy as np
import pytest

from gt.measure.views.hidden import turned_in

N = 4000


@pytest.fixture
def z():
    """Uncorrelated, of variances 5, 4, 3, 2, 1: 15 in all."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(N, 5))
    x -= x.mean(0)
    x = x @ np.linalg.inv(np.linalg.cholesky(x.T @ x / N)).T
    return x * np.sqrt([5, 4, 3, 2, 1])


def test_the_axis_that_shows_most_is_kept_in_its_place_and_the_most_hidden_is_turned_in(z):
    columns = np.eye(5)[:, [3, 1]]  # variance 2 across, 4 up
    found = turned_in(z, columns)
    assert found.columns[:, 1] == pytest.approx(np.eye(5)[1], abs=1e-6)
    assert np.abs(found.columns[:, 0]) == pytest.approx(np.eye(5)[0], abs=1e-6)
    assert (found.before, found.after) == pytest.approx((6 / 15, 9 / 15))
    assert (found.kept, found.new, found.by_chance) == pytest.approx((4 / 15, 5 / 15, 9 / 15 / 3))


def test_what_is_kept_stays_where_it_is_on_the_screen(z):
    turn = np.array([[np.cos(0.7), -np.sin(0.7)], [np.sin(0.7), np.cos(0.7)]])
    columns = np.eye(5)[:, [3, 1]] @ turn
    found = turned_in(z, columns)
    kept = turn.T @ [0, 1]  # where axis 1 lies on the screen
    assert z @ found.columns @ kept == pytest.approx(z @ columns @ kept, abs=1e-4)
    assert found.columns.T @ found.columns == pytest.approx(np.eye(2))


def test_again_and_again_it_comes_to_the_principal_plane(z):
    columns = np.eye(5)[:, [4, 3]]
    for _ in range(4):
        columns = turned_in(z, columns).columns
    assert turned_in(z, columns).before == pytest.approx(9 / 15)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (np.eye(4)[:, :2], r"columns must be \(5, 2\) and orthonormal, got \(4, 2\)"),
        (np.ones((5, 2)), "orthonormal"),
        (np.full((5, 2), np.nan), "finite"),
    ],
)
def test_what_is_no_view_is_named(z, columns, said):
    with pytest.raises(ValueError, match=said):
        turned_in(z, columns)


def test_where_nothing_is_hidden_that_is_said(z):
    flat = z.copy()
    flat[:, 2:] = 0
    with pytest.raises(ValueError, match="this view shows all that varies"):
        turned_in(flat, np.eye(5)[:, :2])
