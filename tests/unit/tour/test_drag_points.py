from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gt import tour

MODES = ("rotate", "fit", "spread")
sizes = st.sampled_from([2, 3, 4, 10])
seeds = st.integers(0, 2**32 - 1)
steps = st.floats(-3, 3)
modes = st.sampled_from(MODES)


def cloud(seed, n, p, scale=1.0):
    return scale * tour.normals(seed, 80, n * p).reshape(n, p)


def two_clusters(seed, p, each=20):
    """Two small clusters of points, their middles 64 degrees apart: no mode gets that for free."""
    middles = cloud(seed, 2, p)
    middles /= np.linalg.norm(middles, axis=1)[:, None]
    middles[1] -= (middles[0] @ middles[1]) * middles[0]
    middles[1] *= 0.9 / np.linalg.norm(middles[1])
    middles[1] += 0.44 * middles[0]
    spread = 0.05 * tour.normals(seed, 81, 2 * each * p).reshape(2 * each, p)
    return np.repeat(middles, each, axis=0) + spread, np.arange(each)


def loss(frame, start, points, selected, d):
    """What fit makes least: each group's mean squared distance from where it should be, with the ridge."""
    wanted = points @ start
    wanted[selected, :2] += d
    square = ((points @ frame - wanted) ** 2).sum(axis=1)
    mine = np.isin(np.arange(len(points)), selected)
    total = (square[mine].mean() + square[~mine].mean()) / 2
    energy = (points**2).sum(axis=1)
    trace = (energy[mine].mean() + energy[~mine].mean()) / 2
    return total + 1e-3 * trace / len(frame) * ((frame - start) ** 2).sum()


def tilted(frame, seed, size):
    """A rotation near the frame, in all planes at once."""
    p = len(frame)
    skew = np.triu(tour.normals(seed, 82, p * p).reshape(p, p), 1)
    return tour.polar_rotation(np.eye(p) + size * (skew - skew.T)) @ frame


@given(modes, sizes, seeds, steps, steps)
def test_a_drag_keeps_the_frame_orthogonal_and_its_side(mode, p, seed, dx, dy):
    start = tour.random_frame(p, seed)
    moved = tour.create_drag(mode, start, cloud(seed, 7, p), [1, 4, 5]).at(dx, dy)
    assert tour.orthonormal_error(moved) < 1e-9
    assert np.linalg.det(moved) * np.linalg.det(start) > 0


@given(modes, sizes, seeds)
def test_back_where_it_began_the_view_is_what_it_was(mode, p, seed):
    start = tour.random_frame(p, seed)
    drag = tour.create_drag(mode, start, cloud(seed, 6, p), [0, 2])
    drag.at(1.0, -2.0)
    for dx, dy in [(0, 0), (np.nan, 1), (1, np.nan), (np.inf, 0)]:
        np.testing.assert_allclose(drag.at(dx, dy), start, rtol=0, atol=1e-12)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("scale", [1e-30, 1.0, 1e30])
def test_endless_displacements_and_points_of_any_size_give_frames(mode, scale):
    drag = tour.create_drag(mode, tour.random_frame(4, 1), cloud(1, 6, 4, scale), [0, 2, 3])
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for dx, dy in [(1e300, 0), (-1e9, 1e9), (1e-300, 0), (np.inf, 0), (-np.inf, np.inf)]:
            assert tour.orthonormal_error(drag.at(dx, dy)) < 1e-9


@given(st.sampled_from([2, 3, 5]), seeds, steps, steps, seeds)
def test_no_view_nearby_fits_better(p, seed, dx, dy, other):
    start, points, selected = tour.random_frame(p, seed), cloud(seed, 9, p), [0, 1, 5]
    fitted = tour.create_fit(start, points, selected).at(dx, dy)
    least = loss(fitted, start, points, selected, (dx, dy))
    for size in (1e-3, 1e-1, 3.0):
        assert loss(tilted(fitted, other, size), start, points, selected, (dx, dy)) > least - 1e-9


@pytest.mark.parametrize("p", [10, 32])
@pytest.mark.parametrize("seed", range(6))
def test_fit_moves_one_cluster_and_spares_the_other(p, seed):
    points, selected = two_clusters(seed, p)
    start = tour.random_frame(p, seed)
    seen = points @ start[:, :2]
    target = np.array([0.2, 0.15])
    miss, other = {}, {}
    for mode in ("rotate", "fit"):
        frame = tour.create_drag(mode, start, points, selected).at(*target)
        move = points @ frame[:, :2] - seen
        miss[mode] = np.linalg.norm(move[selected].mean(axis=0) - target)
        other[mode] = np.linalg.norm(move[len(selected) :].mean(axis=0))
    assert miss["fit"] < miss["rotate"] + 0.05
    assert other["fit"] < 0.3 * other["rotate"]


def test_a_few_selected_points_among_many_weigh_as_much_as_all_others():
    points = np.concatenate([np.tile([1.0, 0, 0, 0.5], (5, 1)), cloud(3, 495, 4, 0.3)])
    start = tour.identity(4)
    frame = tour.create_fit(start, points, np.arange(5)).at(0.0, 0.5)
    move = points[0] @ (frame - start)[:, :2]
    assert move[1] > 0.3


def test_fit_leaves_directions_that_neither_data_nor_drag_reach():
    points = np.zeros((8, 9))
    points[:, :3] = cloud(4, 8, 3)
    start = tour.random_frame(9, 4)
    drawn = start[:, :2] @ [0.4, 0.3]
    reached = np.concatenate([np.eye(9)[:3], [drawn]])
    left = np.linalg.svd(reached)[2][4:]  # directions orthogonal to points and displacement
    frame = tour.create_fit(start, points, [0, 1]).at(0.4, 0.3)
    np.testing.assert_allclose(left @ frame, left @ start, rtol=0, atol=1e-10)
    assert np.abs(points[:2] @ (frame - start)[:, :2]).max() > 0.05


def test_fit_through_the_origin_and_beyond_never_jumps():
    points = np.concatenate([cloud(5, 5, 3, 0.05), cloud(6, 20, 3, 0.1)])
    points[:5] += 0.6, 0, 0.1
    start = tour.identity(3)
    drag = tour.create_fit(start, points, np.arange(5))
    way = [drag.at(-x, 0.0) for x in np.linspace(0, 3, 601)]
    moves = [np.abs(b - a).max() for a, b in pairwise(way)]
    assert max(moves) < 0.2  # a mirrored view is 2 away
    assert (points[:5] @ way[-1])[:, 0].mean() < -0.4  # it went to the other side
    c = points[:5].mean(axis=0) / 2
    pulled = (points[:5].T @ points[:5]) / 10 + (points[5:].T @ points[5:]) / 40
    assert np.linalg.det(pulled + np.outer(c, [-3.0, 0, 0])) < 0  # where the polar factor mirrors


@given(st.sampled_from([3, 5, 10]), seeds)
def test_spread_ends_at_the_principal_plane_and_turns_least(p, seed):
    start, points, selected = tour.random_frame(p, seed), cloud(seed, 9, p), [0, 2, 3, 5, 8]
    path = tour.create_spread(start, points, selected)
    chosen = points[selected] - points[selected].mean(axis=0)
    _, s, v = np.linalg.svd(chosen)
    assume(s[1] - s[2] > 1e-3)
    shown = path.at(1.0)[:, :2]
    np.testing.assert_allclose(shown @ shown.T, v[:2].T @ v[:2], rtol=0, atol=1e-9)
    overlap = start[:, :2].T @ shown  # symmetric and positive: nothing turns within the picture
    np.testing.assert_allclose(overlap, overlap.T, rtol=0, atol=1e-9)
    assert np.linalg.eigvalsh(overlap).min() > -1e-8
    np.testing.assert_array_equal(path.at(0.0), start)
    np.testing.assert_allclose(
        tour.create_drag("spread", start, points, selected).at(0.0, -0.125), path.at(0.25), atol=0
    )


@given(st.sampled_from([2, 3, 6]), seeds)
def test_two_points_are_seen_at_their_full_distance(p, seed):
    start, points = tour.random_frame(p, seed), cloud(seed, 4, p)
    line = points[1] - points[3]
    path = tour.create_spread(start, points, [1, 3])
    shown = path.at(1.0)[:, :2]
    np.testing.assert_allclose(np.linalg.norm(line @ shown), np.linalg.norm(line), rtol=1e-9)
    seen = line @ start[:, :2]
    assume(np.linalg.norm(seen) > 1e-3)
    along = np.linalg.norm(seen) / np.linalg.norm(line)
    assert path.angle <= np.arccos(min(1.0, along)) + 1e-6  # the tilt of the line, and no more
    across = np.array([-seen[1], seen[0]]) / np.linalg.norm(seen)
    np.testing.assert_allclose(shown @ across, start[:, :2] @ across, rtol=0, atol=1e-8)


def test_a_line_seen_end_on_is_turned_into_the_picture():
    points = np.array([[0, 0, 0, 0.0], [0, 0, 0, 2], [0, 0, 0, 1]])
    frame = tour.create_spread(np.eye(4), points, [0, 1, 2]).at(1.0)
    np.testing.assert_allclose(np.linalg.norm(points[1] @ frame[:, :2]), 2, atol=1e-12)


def test_principal_plane_of_lines_points_and_nothing():
    points = np.array([[1, 2, 3.0], [1, 2, 3], [1, 2, 5], [1, 2, 4], [np.nan, 0, 0]])
    line = tour.principal_plane(points, [0, 2, 3])
    np.testing.assert_allclose(line, [[0, 0], [0, 0], [1, 0]], atol=1e-12)
    for selected in ([], [2], [0, 1], [0, 4]):
        assert tour.principal_plane(points, selected) is None


def test_nothing_to_drag_is_none():
    points = np.array([[1, 2, 3.0], [1, 2, 3], [np.nan, 0, 0], [1e200, 0, 0]])
    good = points[:2]
    for mode in MODES:
        assert tour.create_drag(mode, np.eye(3), good, []) is None
        assert tour.create_drag(mode, np.eye(3), points, [0, 2]) is None
        assert tour.create_drag(mode, np.eye(1), good[:, :1], [0, 1]) is None
    assert tour.create_drag("fit", np.eye(3), points[[0, 3]], [0]) is None
    assert tour.create_drag("fit", np.eye(3), 0 * good, [0]) is None
    assert tour.create_drag("spread", np.eye(3), good, [0, 1]) is None
    with pytest.raises(ValueError, match=r"create_drag: mode must be .* got 'push'"):
        tour.create_drag("push", np.eye(3), good, [0])


@pytest.mark.parametrize("mode", MODES)
def test_a_frame_that_is_off_is_put_right(mode):
    rough = tour.random_frame(5, 2) + 1e-5 * tour.normals(1, 1, 25).reshape(5, 5)
    drag = tour.create_drag(mode, rough, cloud(1, 9, 5), [0, 1, 2])
    for d in [(0, 0), (0.3, 0.1)]:
        assert tour.orthonormal_error(drag.at(*d)) < 1e-12


@given(st.sampled_from([1, 2, 3, 10]), seeds)
def test_polar_factor_is_orthogonal_and_leaves_a_symmetric_positive_part(p, seed):
    m = cloud(seed, p, p)
    factor, rotation = tour.polar_factor(m), tour.polar_rotation(m)
    assert max(tour.orthonormal_error(factor), tour.orthonormal_error(rotation)) < 1e-12
    rest = factor.T @ m
    np.testing.assert_allclose(rest, rest.T, rtol=0, atol=1e-9)
    assert np.linalg.eigvalsh(rest).min() > -1e-9
    assert np.linalg.det(rotation) > 0
    assert p == 1 or np.linalg.matrix_rank(factor - rotation, tol=1e-9) <= 1


def test_polar_factor_of_nothing_is_the_identity():
    for m in (np.zeros((3, 3)), np.full((3, 3), np.nan), np.diag([1, np.inf, 1])):
        np.testing.assert_array_equal(tour.polar_factor(m), np.eye(3))
        np.testing.assert_array_equal(tour.polar_rotation(m), np.eye(3))
