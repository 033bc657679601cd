"""Planes whose answer is planted beforehand; the shrinkage and the discriminant against scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.covariance import LedoitWolf, shrunk_covariance
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from gt.measure.views.directions import LISTED, gap, ledoit_wolf, movers, separating

seeds = st.integers(0, 2**32 - 1)
unhurried = settings(deadline=None, max_examples=40)  # a busy machine is not a bug


def orthogonal(rng, k):
    return np.linalg.qr(rng.normal(size=(k, k)))[0]


def degrees(a, b):
    cosine = abs(a @ b) / np.linalg.norm(a) / np.linalg.norm(b)
    return np.degrees(np.arccos(min(1.0, cosine)))


def outside(direction, columns):
    """Degrees between a direction and a plane."""
    return degrees(direction, columns @ (columns.T @ direction))


def orthonormal(columns):
    return np.abs(columns.T @ columns - np.eye(2)).max() < 1e-12


def two_groups(rng, n=200, k=32, apart=6.0):
    """Two groups that differ along one direction, in which they scatter least of all."""
    group = np.arange(n) % 2
    planted = orthogonal(rng, k)
    z = rng.normal(size=(n, k)) * np.linspace(1, 4, k)
    z[:, 0] += apart * group
    return z @ planted.T, group, planted[:, 0]


# Separating


@pytest.mark.parametrize("seed", range(5))
def test_a_direction_planted_among_32_is_found(seed):
    z, group, planted = two_groups(np.random.default_rng(seed), n=1000)
    found = separating(z, group)
    assert orthonormal(found.columns)
    assert degrees(found.columns[:, 0], planted) < 6
    assert found.accuracy > 0.99
    assert found.counts == (500, 500)


def test_group_1_lies_to_the_right():
    z, group, _ = two_groups(np.random.default_rng(1))
    along = z @ separating(z, group).columns[:, 0]
    assert along[group == 1].mean() > along[group == 0].mean()
    assert separating(z, 1 - group).columns[:, 0] == pytest.approx(
        -separating(z, group).columns[:, 0]
    )


def test_the_second_axis_is_where_the_groups_scatter_most():
    rng = np.random.default_rng(2)
    z = rng.normal(size=(400, 6)) * [1, 1, 7, 1, 1, 1]
    group = np.arange(400) % 2
    z[:, 0] += 8 * group
    second = separating(z, group).columns[:, 1]
    assert degrees(second, np.eye(6)[2]) < 3
    assert (z - z.mean(0))[np.argmax(np.abs(z @ second - (z @ second).mean()))] @ second > 0


def test_points_in_neither_group_change_nothing():
    rng = np.random.default_rng(3)
    z, group, _ = two_groups(rng)
    more = np.vstack([z, rng.normal(50, 9, (30, 32))])
    found = separating(more, np.r_[group, np.full(30, -1)])
    np.testing.assert_array_equal(found.columns, separating(z, group).columns)
    np.testing.assert_array_equal(
        separating(z, group.astype(bool)).columns, separating(z, group).columns
    )


@pytest.mark.parametrize(("n", "k"), [(20, 32), (60, 8), (500, 32), (5, 2)])
def test_shrinkage_is_scikit_learns(n, k):
    rng = np.random.default_rng(n)
    x = rng.normal(size=(n, k)) * np.linspace(0.1, 2, k)
    theirs = LedoitWolf(assume_centered=True).fit(x).shrinkage_
    assert ledoit_wolf(x) == pytest.approx(theirs)


def test_a_ball_needs_no_shrinkage_to_become_one():
    assert ledoit_wolf(np.zeros((4, 3))) == 1
    assert ledoit_wolf(np.vstack([np.eye(3), -np.eye(3)])) == 1


@pytest.mark.parametrize("n", [24, 80])
def test_the_first_axis_is_scikit_learns_discriminant(n):
    z, group, _ = two_groups(np.random.default_rng(n), n=n, apart=3)
    found = separating(z, group)
    span = np.linalg.svd(z - z.mean(0))[2][: n - 1].T  # of 24 points fewer than 32 coordinates
    theirs = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=found.shrinkage)
    along = span @ theirs.fit(z @ span, group).coef_[0]
    assert degrees(found.columns[:, 0], along) < 1e-3


@pytest.mark.parametrize(("n", "k"), [(30, 6), (16, 24), (6, 3)])
def test_leave_one_out_is_what_leaving_each_out_gives(n, k):
    z, _, _ = two_groups(np.random.default_rng(k), n=n, k=k, apart=1.5)
    group = (np.arange(n) % 3 == 0).astype(int)
    found = separating(z, group)
    span = np.linalg.svd(z - z.mean(0))[2][: min(k, n - 1)].T
    x = z @ span
    right = []
    for i in range(n):
        rest = np.arange(n) != i
        m = [x[rest & (group == g)].mean(0) for g in (0, 1)]
        about = (x - np.where(group[:, None], m[1], m[0]))[rest]
        s = shrunk_covariance(about.T @ about / len(about), found.shrinkage)
        along = np.linalg.solve(s, m[1] - m[0])
        away = [abs((x[i] - m[g]) @ along) for g in (0, 1)]
        right.append(away[group[i]] < away[1 - group[i]])
    right = np.array(right)
    assert found.told == pytest.approx([right[group == g].mean() for g in (0, 1)])
    assert found.accuracy == pytest.approx(right.mean())
    assert 0.3 < found.accuracy <= 1


def test_groups_drawn_by_lot_are_told_apart_as_by_lot():
    rng = np.random.default_rng(4)
    scores, fitted = [], []
    for _ in range(20):
        z, group = rng.normal(size=(60, 32)), rng.permutation(60) % 2
        found = separating(z, group)
        scores.append(found.accuracy)
        along = z @ found.columns[:, 0]
        halfway = (along[group == 1].mean() + along[group == 0].mean()) / 2
        fitted.append(((along > halfway) == group).mean())
    assert abs(np.mean(scores) - 0.5) < 0.06
    assert np.mean(fitted) > 0.7  # what a number that is not left out would have claimed


@unhurried
@given(seeds, st.integers(2, 12), st.integers(4, 40), st.sampled_from([1e-9, 1.0, 1e9]))
def test_turned_moved_and_enlarged_points_give_the_turned_plane(seed, k, n, factor):
    rng = np.random.default_rng(seed)
    z, group, _ = two_groups(rng, n=n, k=k, apart=4)
    q = orthogonal(rng, k)
    a, b = separating(z, group), separating(factor * (z @ q + rng.normal(size=k)), group)
    np.testing.assert_allclose(b.columns, q.T @ a.columns, atol=1e-5)
    assert a.told == b.told
    assert orthonormal(a.columns)
    assert 0 < a.shrinkage <= 1


@unhurried
@given(seeds)
def test_dead_coordinates_change_nothing(seed):
    rng = np.random.default_rng(seed)
    z, group, _ = two_groups(rng, n=30, k=5)
    a, b = separating(z, group), separating(np.insert(z, [0, 2, 5], 0, axis=1), group)
    np.testing.assert_allclose(b.columns[[1, 2, 4, 5, 6]], a.columns, atol=1e-9)
    assert (np.abs(b.columns[[0, 3, 7]]) < 1e-12).all()
    assert a.told == b.told
    assert a.shrinkage == pytest.approx(b.shrinkage)


def test_groups_in_one_place_each_are_told_apart():
    z = np.repeat([[0.0, 0, 0], [0, 3, 4]], 4, axis=0)
    found = separating(z, np.arange(8) // 4)
    assert orthonormal(found.columns)
    assert found.columns[:, 0] == pytest.approx([0, 0.6, 0.8])
    assert found.told == (1, 1)


def test_rounding_is_no_scatter():
    z = np.repeat([[0.1, 0.7, 0.3], [0.4, 0.2, 0.9]], [3, 7], axis=0)
    group = np.repeat([0, 1], [3, 7])
    once, thrice = separating(z, group), separating(3 * z, group)
    assert once.shrinkage == thrice.shrinkage == 1
    np.testing.assert_allclose(once.columns, thrice.columns, atol=1e-9)


def test_points_on_a_line_get_a_second_axis():
    z = np.arange(8.0)[:, None] * [0.0, 0.0, 2.0]
    found = separating(z, np.arange(8) // 4)
    assert orthonormal(found.columns)
    assert found.columns[:, 0] == pytest.approx([0, 0, 1])
    assert found.accuracy == 1


def test_a_group_of_two_among_doubles_is_measured():
    z = np.array([[0.0, 0], [0, 0], [5, 1], [5, 1], [5, 1]])
    assert separating(z, [1, 1, 0, 0, 0]).told == (1, 1)


@pytest.mark.parametrize(
    ("z", "group", "text"),
    [
        (np.eye(4), [0, 0, 0, 1], "two points or more, they have 3 and 1"),
        (np.eye(4), [-1, -1, 1, 1], "they have 0 and 2"),
        (np.full((4, 3), 7.1), [0, 0, 1, 1], "as all their points are"),
        (np.array([[1.0, 0], [-1, 0], [2, 0], [-2, 0]]), [0, 0, 1, 1], "means must differ"),
        (np.zeros((4, 1)), [0, 0, 1, 1], r"two coordinates or more, got \(4, 1\)"),
        (np.eye(4), [0, 1, 2, 1], "one of 0, 1 or -1"),
        (np.eye(4), [0, 1, 1], "as many points, got 4 and 3"),
        (np.array([[1.0, np.nan], [0, 0]]), [0, 1], "finite"),
    ],
)
def test_groups_without_an_answer_are_named(z, group, text):
    with pytest.raises(ValueError, match=f"separating: .*{text}"):
        separating(z, group)


# Movers


def jump(rng, n=300, k=32, jumping=30):
    """All points tremble; a few jump along two directions."""
    a = rng.normal(size=(n, k))
    planted = orthogonal(rng, k)[:, :2]
    b = a + 0.05 * rng.normal(size=(n, k))
    rows = np.sort(rng.permutation(n)[:jumping])
    b[rows] += rng.normal([5, 0], 1, (jumping, 2)) @ planted.T
    return a, b, planted, rows


@pytest.mark.parametrize("count", [None, 30])
def test_the_plane_of_a_jump_and_who_jumped_are_found(count):
    a, b, planted, rows = jump(np.random.default_rng(0))
    found = movers(a, b, count)
    assert orthonormal(found.columns)
    assert degrees(found.columns[:, 0], planted[:, 0]) < 6
    assert all(outside(planted[:, i], found.columns) < 3 for i in (0, 1))
    assert set(found.rows[:30]) == set(rows)
    lengths = np.linalg.norm(b - a, axis=1)
    assert (np.diff(lengths[found.rows]) <= 0).all()
    assert len(found.rows) == LISTED
    assert found.share > 0.95
    assert found.part == pytest.approx(1 if count is None else 0.98, abs=0.02)


def test_the_share_is_that_of_the_squared_displacement():
    a = np.zeros((3, 4))
    b = np.diag([3.0, 2, 1, 0])[:3]
    found = movers(a, b)
    assert found.share == pytest.approx(13 / 14)
    assert found.rows.tolist() == [0, 1, 2]
    assert np.abs(found.columns.T) == pytest.approx(np.eye(4)[:2])
    biggest = movers(a, b, 1)
    assert biggest.share == pytest.approx(1)
    assert biggest.part == pytest.approx(9 / 14)
    assert biggest.columns[:, 0] == pytest.approx([1, 0, 0, 0])


def test_a_motion_that_all_share_is_motion():
    a = np.random.default_rng(5).normal(size=(40, 5))
    found = movers(a, a - 3 * np.eye(5)[3])
    assert found.columns[:, 0] == pytest.approx([0, 0, 0, -1, 0])
    assert found.share == pytest.approx(1)
    assert orthonormal(found.columns)


@unhurried
@given(seeds, st.integers(2, 9), st.integers(1, 30), st.sampled_from([1e-9, 1.0, 1e9]))
def test_turned_and_enlarged_motion_gives_the_turned_plane(seed, k, n, factor):
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(n, k))
    b = a + rng.normal(size=(n, k)) * 3.0 ** -np.arange(k)
    q = orthogonal(rng, k)
    one, two = movers(a, b), movers(factor * a @ q, factor * b @ q)
    if n > 1:  # a single motion leaves the second axis open
        np.testing.assert_allclose(two.columns, q.T @ one.columns, atol=1e-4)
    assert two.rows.tolist() == one.rows.tolist()
    assert two.share == pytest.approx(one.share)
    assert orthonormal(two.columns)


def test_who_stays_is_not_among_the_movers():
    a = np.zeros((5, 2))
    b = a.copy()
    b[3, 1] = 1
    assert movers(a, b).rows.tolist() == [3]


def test_motions_without_an_answer_are_named():
    a = np.ones((4, 3))
    with pytest.raises(ValueError, match="movers: a point must move, all 4 stay"):
        movers(a, a)
    with pytest.raises(ValueError, match="movers: a point must move"):
        movers(np.zeros((2, 2)), np.zeros((2, 2)))
    with pytest.raises(ValueError, match="movers: count must be at least 1, got 0"):
        movers(a, 2 * a, 0)
    with pytest.raises(ValueError, match="movers: a must have two coordinates or more"):
        movers(a[:, :1], a[:, :1])
    with pytest.raises(ValueError, match=r"movers: a and b must have one shape"):
        movers(a, a[:3])


# Gap


def classes_of(rng, n=300, k=16, classes=5):
    """Test points of classes that scatter far more in two directions than in the others."""
    labels = np.arange(n) % classes
    means = 3 * rng.normal(size=(classes, k))
    scatter = np.ones(k)
    scatter[:2] = 6
    return means[labels] + scatter * rng.normal(size=(n, k)), labels, means


def test_a_class_that_lies_off_its_training_points_is_shown():
    test, labels, means = classes_of(np.random.default_rng(0), n=1000)
    test[labels == 2] += 6 * np.eye(16)[9]
    found = gap(test, labels, means)
    assert orthonormal(found.columns)
    assert degrees(found.columns[:, 0], np.eye(16)[9]) < 8
    assert np.argmax(found.gaps) == 2
    assert found.gaps[2] > 3 * np.delete(found.gaps, 2).max()
    assert found.over_chance > 2


def test_scatter_alone_does_not_win_over_a_gap():
    """The difference to the plain singular vectors, which are drawn to where points scatter."""
    planted = np.eye(16)[9]
    ours = plain = 0
    for seed in range(12):
        test, labels, means = classes_of(np.random.default_rng(seed), n=100)
        test += 1.6 * planted
        off = np.stack([test[labels == c].mean(0) - means[c] for c in range(5)])
        ours += degrees(gap(test, labels, means).columns[:, 0], planted) < 45
        plain += degrees(np.linalg.svd(off)[2][0], planted) < 45
    assert ours >= 8 and plain <= 5


def test_a_gap_that_is_none_is_shown_nevertheless():
    test, labels, means = classes_of(np.random.default_rng(8))
    middles = np.stack([test[labels == c].mean(0) for c in range(5)])
    found = gap(test, labels, middles + 1e-3 * (means - middles))
    assert found.over_chance < 1e-5
    off = np.linalg.svd(middles - means)[1] ** 2
    assert found.share == pytest.approx(off[:2].sum() / off.sum(), abs=0.05)


def test_where_both_splits_are_alike_the_gap_is_chance():
    rng = np.random.default_rng(6)
    exact, sampled, known = [], [], []
    for _ in range(20):
        test, labels, means = classes_of(rng)
        exact.append(gap(test, labels, means).over_chance)
        train = means[labels] + (test - means[labels])[rng.permutation(300)]
        theirs = np.stack([train[labels == c].mean(0) for c in range(5)])
        sampled.append(gap(test, labels, theirs).over_chance)
        known.append(gap(test, labels, theirs, np.full(5, 60)).over_chance)
    assert np.mean(exact) == pytest.approx(1, abs=0.2)
    assert np.mean(sampled) == pytest.approx(2, abs=0.4)
    assert np.mean(known) == pytest.approx(1, abs=0.2)


def test_gaps_are_in_units_of_the_scatter_in_the_picture():
    square = np.array([[1.0, 1, 0], [1, -1, 0], [-1, 1, 0], [-1, -1, 0]])
    still = np.zeros((4, 3))
    test = np.vstack([square + 8 * np.eye(3)[1], still + 4 * np.eye(3)[0]])
    found = gap(test, np.repeat([0, 1], 4), np.zeros((3, 3)))
    assert (np.abs(found.columns[2]) < 1e-9).all()
    assert found.gaps[:2] == pytest.approx([8, 4])  # half the points lie off by the root of 2
    assert np.isnan(found.gaps[2])
    assert found.share == pytest.approx(1)


@unhurried
@given(seeds, st.integers(2, 8), st.sampled_from([1e-9, 1.0, 1e9]))
def test_turned_and_enlarged_splits_give_the_turned_plane(seed, k, factor):
    rng = np.random.default_rng(seed)
    test, labels, means = classes_of(rng, n=60, k=k)
    test = test + 9 * np.eye(k)[0] * labels[:, None] + 5 * np.eye(k)[1]
    q = orthogonal(rng, k)
    one, two = gap(test, labels, means), gap(factor * test @ q, labels, factor * means @ q)
    np.testing.assert_allclose(two.columns, q.T @ one.columns, atol=1e-4)
    np.testing.assert_allclose(two.gaps, one.gaps, rtol=1e-4)
    assert two.share == pytest.approx(one.share)
    assert two.over_chance == pytest.approx(one.over_chance)


def test_doubles_single_points_and_dead_coordinates_have_an_answer():
    means = np.zeros((4, 3))
    means[3] = np.nan
    test = np.array([[0.0, 2, 0], [0, 2, 0], [0, 0, 0], [0, 1, 0], [0, 3, 0]])
    found = gap(test, np.array([0, 0, 1, 2, 3]), means)
    assert orthonormal(found.columns)
    assert found.columns[:, 0] == pytest.approx([0, 1, 0])
    assert np.isnan(found.gaps).all()  # none scatters


@pytest.mark.parametrize(
    ("test", "labels", "means", "text"),
    [
        (np.ones((2, 3)), [0, 1], np.full((2, 3), np.nan), "points of both splits"),
        (np.ones((2, 3)), [0, 1], np.ones((2, 3)), "none of them does"),
        (np.ones((2, 3)), [0, 2], np.ones((2, 3)), r"labels must be 0 to 1, got \[0 2\]"),
        (np.ones((2, 3)), [0, 1], np.ones((2, 4)), r"shape \(classes, 3\), got \(2, 4\)"),
        (np.ones((2, 1)), [0, 1], np.ones((2, 1)), "two coordinates or more"),
    ],
)
def test_gaps_without_an_answer_are_named(test, labels, means, text):
    with pytest.raises(ValueError, match=f"gap: .*{text}"):
        gap(test, labels, means)


@pytest.mark.parametrize("n", [5, 400])
def test_movers_of_very_many_coordinates_show_as_much_as_the_two_leading_directions(n):
    rng = np.random.default_rng(3)
    a = rng.standard_normal((n, 150))
    b = a + rng.standard_normal((n, 150)) * np.geomspace(1, 0.01, 150)
    found = movers(a, b)
    np.testing.assert_allclose(found.columns.T @ found.columns, np.eye(2), atol=1e-12)
    sigma = np.linalg.svd(b - a, compute_uv=False) ** 2
    np.testing.assert_allclose(found.share, sigma[:2].sum() / sigma.sum(), rtol=1e-9)
