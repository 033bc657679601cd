"""Measures with answers known beforehand, each by a picture whose truth is plain."""

import subprocess
import sys
import weakref
from dataclasses import asdict, fields

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.manifold import trustworthiness

from gt.measure import embeddings as analysis
from gt.measure.embeddings.correspondence import (
    Measures,
    Transition,
    false_motion,
    fitted_motion,
    measure_all,
    measure_transition,
    rank_correlation,
    still_half,
    summary,
)
from gt.measure.embeddings.definitions import DEFINITIONS, NAMES
from gt.measure.embeddings.neighbours import neighbourhoods
from gt.measure.embeddings.similarity import Similarity, fit_similarity

seeds = st.integers(0, 2**32 - 1)
unhurried = settings(deadline=None)  # a busy machine is not a bug


def turn(angle):
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def orthogonal(rng, d, reflect):
    q = np.linalg.qr(rng.normal(size=(d, d)))[0]
    if (np.linalg.det(q) < 0) != reflect:
        q[:, 0] *= -1
    return q


def steps(a, b):
    return np.linalg.norm(b - a, axis=1)


WHOLE = {
    "turned": Similarity(1.0, turn(0.7), np.zeros(2)),
    "mirrored": Similarity(1.0, np.diag([-1.0, 1.0]), np.zeros(2)),
    "shifted": Similarity(1.0, np.eye(2), np.array([3.0, -8.0])),
    "enlarged": Similarity(1.6, np.eye(2), np.zeros(2)),
    "all of it": Similarity(0.4, turn(2.5) @ np.diag([1.0, -1.0]), np.array([-2.0, 5.0])),
}


# Rank correlation


def test_a_picture_that_shows_all_the_motion_has_rank_correlation_1():
    rng = np.random.default_rng(0)
    xa = rng.normal(size=(50, 6))
    xb = xa.copy()
    xb[:, [1, 4]] += rng.normal(size=(50, 2))
    shown = np.eye(6)[:, [1, 4]]
    hidden = np.eye(6)[:, [0, 1]]
    found = measure_transition(xa, xb, xa @ shown, xb @ shown)
    assert found.rank_correlation == pytest.approx(1)
    assert found.false_motion == pytest.approx(found.data_share)
    assert measure_transition(xa, xb, xa @ hidden, xb @ hidden).rank_correlation < 0.95


def test_only_the_order_of_motions_counts_in_rank_correlation():
    m = np.random.default_rng(1).permutation(np.arange(1.0, 31))
    assert rank_correlation(m, np.exp(m / 9)) == pytest.approx(1)
    assert rank_correlation(m, 1 / m) == pytest.approx(-1)
    assert np.corrcoef(m, np.exp(m / 9))[0, 1] < 0.95


def test_tied_motions_have_their_average_rank():
    # ranks 1.5 1.5 3 4 and 1 3 3 3; less 2.5 they are -1 -1 0.5 1.5 and -1.5 0.5 0.5 0.5
    assert rank_correlation([0, 0, 1, 2], [0, 5, 5, 5]) == pytest.approx(2 / np.sqrt(4.5 * 3))


def test_rank_correlation_is_never_above_1_by_rounding():
    for n in range(2, 60):
        m = np.arange(n) ** 0.3
        assert rank_correlation(m, m) <= 1


@pytest.mark.parametrize("constant", [np.zeros(4), np.full(4, 0.1), 0.1 + 1e-16 * np.arange(4)])
def test_rank_correlation_with_motion_that_is_the_same_for_all_is_undefined(constant):
    m = np.array([0.0, 1, 2, 4])
    assert np.isnan(rank_correlation(m, constant))
    assert np.isnan(rank_correlation(constant, m))
    assert not np.isnan(rank_correlation(m, np.array([0.1, 0.1, 0.1, 0.2])))


def test_noise_has_no_rank_correlation_and_half_its_motion_is_false():
    rng = np.random.default_rng(2)
    xa, xb, ya, yb = (rng.normal(size=(4000, d)) for d in (10, 10, 2, 2))
    found = measure_transition(xa, xb, ya, yb)
    assert abs(found.rank_correlation) < 0.05
    assert abs(found.fitted_rank_correlation) < 0.05
    assert found.false_motion == pytest.approx(0.5, abs=0.02)
    assert found.fitted_false_motion == pytest.approx(0.5, abs=0.02)


# The still half and false motion


def test_the_still_half_is_what_moved_least():
    np.testing.assert_array_equal(still_half([5, 1, 4, 2, 3, 9]), [0, 1, 0, 1, 1, 0])


def test_of_an_odd_number_of_points_the_middle_one_is_not_still():
    np.testing.assert_array_equal(still_half([3, 1, 2]), [0, 1, 0])
    np.testing.assert_array_equal(still_half([7]), [0])


def test_of_points_that_moved_alike_the_first_are_still():
    np.testing.assert_array_equal(still_half([0, 2, 2, 2, 2]), [1, 1, 0, 0, 0])
    m = np.tile([1.0, 0.0], 100)  # long enough for a sort that is not stable to show itself
    m[1] = 1
    np.testing.assert_array_equal(np.flatnonzero(still_half(m)), [0, *range(3, 200, 2)])


def test_false_motion_is_the_still_half_s_share():
    assert false_motion([0, 0, 1, 2], [1, 2, 3, 4]) == pytest.approx(0.3)
    assert false_motion([2, 1, 0, 0], [1, 2, 3, 4]) == pytest.approx(0.7)


def test_where_all_move_alike_half_the_motion_is_false():
    assert false_motion(np.arange(10), np.full(10, 0.3)) == pytest.approx(0.5)


def test_false_motion_is_undefined_where_nothing_moved_on_the_screen():
    assert np.isnan(false_motion([1, 2, 3], [0, 0, 0]))
    assert false_motion([1, 2, 3], [0, 0, 1e-30]) == 0


def test_one_point_that_moves_is_all_there_is():
    rng = np.random.default_rng(3)
    xa, ya = rng.normal(size=(20, 5)), rng.normal(size=(20, 2))
    xb, yb = xa.copy(), ya.copy()
    xb[7] += 1
    yb[7] -= 2
    found = measure_transition(xa, xb, ya, yb)
    assert found == Transition(
        rank_correlation=pytest.approx(1),
        fitted_rank_correlation=pytest.approx(1),
        false_motion=0,
        fitted_false_motion=0,
        data_share=0,
    )
    other = ya.copy()
    other[8] -= 2
    assert measure_transition(xa, xb, ya, other).rank_correlation == pytest.approx(-1 / 19)


def test_data_share_is_the_false_motion_of_the_data_itself():
    rng = np.random.default_rng(4)
    xa, xb, ya, yb = (rng.normal(size=(9, d)) for d in (3, 3, 2, 2))
    m = np.sort(steps(xa, xb))
    found = measure_transition(xa, xb, ya, yb)
    assert found.data_share == pytest.approx(m[:4].sum() / m.sum())
    assert found.data_share < 4 / 9


# The fit


@given(seeds, st.integers(1, 4), st.booleans(), st.floats(0.01, 100))
@unhurried
def test_the_fit_finds_a_similarity_whatever_the_other_half_does(seed, d, reflect, scale):
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(24, d))
    rotation, shift = orthogonal(rng, d, reflect), rng.normal(size=d)
    rows = rng.permutation(24) < 12
    b = scale * a @ rotation.T + shift
    wild = b + np.where(rows[:, None], 0, rng.normal(0, 1000, (24, d)))
    fit = fit_similarity(a, wild, rows)
    assert fit.scale == pytest.approx(scale, rel=1e-10)
    np.testing.assert_allclose(fit.rotation, rotation, rtol=0, atol=1e-10)
    np.testing.assert_allclose(fit.shift, shift, rtol=0, atol=1e-10 * max(scale, 1))
    np.testing.assert_allclose(fit.apply(a), b, rtol=0, atol=1e-10 * max(scale, 1))
    by_index = fit_similarity(a, wild, np.flatnonzero(rows))
    np.testing.assert_array_equal(by_index.rotation, fit.rotation)


@given(seeds, st.integers(1, 3))
@unhurried
def test_no_other_similarity_is_closer(seed, d):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, 10, d))
    every = np.ones(10, bool)
    fit = fit_similarity(a, b, every)
    error = (steps(fit.apply(a), b) ** 2).sum()
    for size in (1e-3, 0.1, 2):
        bent = np.linalg.qr(fit.rotation + rng.normal(0, size, (d, d)))
        other = Similarity(
            fit.scale * np.exp(rng.normal(0, size)),
            bent[0] * np.sign(np.diag(bent[1])),
            fit.shift + rng.normal(0, size, d),
        )
        assert (steps(other.apply(a), b) ** 2).sum() >= error - 1e-9
    np.testing.assert_allclose(fit.rotation @ fit.rotation.T, np.eye(d), rtol=0, atol=1e-12)


def test_points_in_one_place_are_only_shifted():
    a = np.array([[0.1, 0.2], [0.1, 0.2], [0.1, 0.2], [5, 9]])
    b = np.array([[1.0, 1.0], [2.0, 1.0], [3.0, 1.0], [0, 0]])
    fit = fit_similarity(a, b, np.array([0, 1, 2]))
    assert fit.scale == 1
    np.testing.assert_array_equal(fit.rotation, np.eye(2))
    np.testing.assert_allclose(fit.shift, [1.9, 0.8])


def test_points_too_close_for_any_scale_are_only_shifted():
    a, b = np.random.default_rng(21).normal(size=(2, 6, 2))
    fit = fit_similarity(1e-250 * a, 1e90 * b, np.arange(6))
    assert fit.scale == 1
    np.testing.assert_allclose(fit.shift, 1e90 * b.mean(0))


def test_points_that_fall_into_one_place_are_taken_there():
    a = np.random.default_rng(5).normal(size=(6, 2))
    fit = fit_similarity(a, np.full((6, 2), 3.0), np.arange(6))
    assert fit.scale == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(fit.apply(a), 3)


def test_without_points_to_fit_nothing_is_taken_out():
    a = np.array([[1.0, 2.0]])
    for none in (np.zeros(1, bool), np.array([], int), []):
        np.testing.assert_array_equal(fit_similarity(a, a + 1, none).apply(a), a)


@given(seeds, st.floats(-3, 3))
@unhurried
def test_points_on_a_line_do_not_mirror_the_others(seed, angle):
    rng = np.random.default_rng(seed)
    a = np.outer(rng.normal(size=8), rng.normal(size=2))
    assume(np.ptp(a[:4]) > 1e-3)
    a[4:] = rng.normal(size=(4, 2))
    b = a @ turn(angle).T + 1
    fit = fit_similarity(a, b, np.arange(4))
    np.testing.assert_allclose(fit.rotation, turn(angle), rtol=0, atol=1e-9)
    np.testing.assert_allclose(fit.apply(a), b, rtol=0, atol=1e-8)


# Motion after the fit


@pytest.mark.parametrize("whole", WHOLE.values(), ids=WHOLE.keys())
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_motion_of_the_whole_picture_is_taken_out_and_the_one_mover_stays(whole, dtype):
    rng = np.random.default_rng(6)
    xa = rng.normal(size=(41, 10))
    ya = rng.normal(size=(41, 2)).astype(dtype)
    xb, yb = xa.copy(), whole.apply(ya)
    xb[12] += 1
    yb[12] += [3, 4]
    yb = yb.astype(dtype)
    left = fitted_motion(steps(xa, xb), ya, yb)
    assert left[12] == pytest.approx(5, rel=1e-5)
    np.testing.assert_array_equal(np.delete(left, 12), 0)
    found = measure_transition(xa, xb, ya, yb)
    assert found.false_motion > 0.3
    assert found.fitted_false_motion == 0
    assert found.rank_correlation < 0.5
    assert found.fitted_rank_correlation == pytest.approx(1)


def test_motion_is_left_in_the_unit_of_the_picture_after():
    rng = np.random.default_rng(7)
    ya = rng.normal(size=(40, 3))
    yb = 100 * ya
    yb[39, 0] += 1e-3
    m = np.r_[np.zeros(39), 1]
    assert fitted_motion(m, ya, yb)[39] == pytest.approx(1e-3, rel=1e-6)
    assert (fitted_motion(m, ya, yb)[:39] == 0).all()


def test_a_turn_alone_leaves_nothing_to_rank():
    """The rounding that is left has an order; it is not ranked."""
    rng = np.random.default_rng(8)
    xa, xb, ya = rng.normal(size=(30, 4)), rng.normal(size=(30, 4)), rng.normal(size=(30, 2))
    for dtype in (np.float64, np.float32):
        turned = (ya.astype(dtype) @ turn(1).T + 3).astype(dtype)
        found = measure_transition(xa, xb, ya.astype(dtype), turned)
        assert np.isnan(found.fitted_rank_correlation)
        assert np.isnan(found.fitted_false_motion)
        assert found.false_motion > 0.3


def test_rounding_is_that_of_where_the_picture_was_and_is():
    ya = np.random.default_rng(22).normal(size=(30, 2))
    far = (ya + 5000).astype(np.float32)
    near = ya.astype(np.float32)
    m = np.arange(30)
    assert steps(far - np.float32(5000), near).max() > 1e-4
    assert (fitted_motion(m, far, near) == 0).all()
    assert (fitted_motion(m, near, far) == 0).all()


def test_small_motion_is_not_mistaken_for_rounding():
    ya = np.random.default_rng(23).normal(size=(30, 2)).astype(np.float32)
    yb = (ya @ turn(1).T).astype(np.float32)
    yb[29, 0] += 2e-5
    assert fitted_motion(np.arange(30), ya, yb)[29] == pytest.approx(2e-5, rel=0.02)


def test_the_fit_heeds_the_still_half_alone():
    rng = np.random.default_rng(9)
    ya = rng.normal(size=(30, 2))
    yb = ya.copy()
    yb[15:] = yb[15:] @ turn(1).T + 4
    m = np.r_[np.zeros(15), np.ones(15)]
    left = fitted_motion(m, ya, yb)
    assert (left[:15] == 0).all()
    np.testing.assert_allclose(left[15:], steps(ya, yb)[15:])
    assert (fitted_motion(1 - m, ya, yb)[:15] > 1).all()


def test_going_back_is_the_same_motion():
    rng = np.random.default_rng(10)
    xa, xb, ya, yb = (rng.normal(size=(25, d)) for d in (5, 5, 2, 2))
    there, back = measure_transition(xa, xb, ya, yb), measure_transition(xb, xa, yb, ya)
    for name in ("rank_correlation", "false_motion", "data_share"):
        assert getattr(there, name) == getattr(back, name)
    m = steps(xa, xb)
    rigid = WHOLE["turned"].apply(ya)
    rigid[~still_half(m)] += rng.normal(size=(13, 2))
    np.testing.assert_allclose(fitted_motion(m, ya, rigid), fitted_motion(m, rigid, ya), atol=1e-12)


def test_order_of_the_points_and_units_do_not_matter():
    rng = np.random.default_rng(11)
    xa, xb, ya, yb = (rng.normal(size=(26, d)) for d in (5, 5, 2, 2))
    order = rng.permutation(26)
    plain = asdict(measure_transition(xa, xb, ya, yb))
    assert asdict(measure_transition(xa[order], xb[order], ya[order], yb[order])) == pytest.approx(
        plain
    )
    assert asdict(measure_transition(9 * xa, 9 * xb, 0.1 * ya, 0.1 * yb)) == pytest.approx(plain)


# Where there is nothing to measure


def test_where_the_data_stood_still_nothing_can_be_ranked():
    rng = np.random.default_rng(12)
    x, ya, yb = rng.normal(size=(11, 4)), rng.normal(size=(11, 2)), rng.normal(size=(11, 2))
    found = measure_transition(x, x, ya, yb)
    assert np.isnan([found.rank_correlation, found.fitted_rank_correlation, found.data_share]).all()
    assert 0 < found.false_motion < 1
    assert still_half(np.zeros(11)).sum() == 5


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_fewest_points_are_measured_without_a_warning(n):
    rng = np.random.default_rng(13)
    xa, xb, ya, yb = (rng.normal(size=(n, d)) for d in (4, 4, 2, 2))
    found = measure_transition(xa, xb, ya, yb)
    assert np.isnan(found.rank_correlation) == (n == 1)
    assert 0 <= found.false_motion <= 1


@pytest.mark.parametrize("size", [1e-300, 1e-160, 1e-30, 1e30, 1e99])
def test_sizes_far_from_1_are_measured_without_a_warning(size):
    rng = np.random.default_rng(14)
    xa, xb, ya, yb = (size * rng.normal(size=(30, d)) for d in (4, 4, 2, 2))
    mixed = ya.copy()
    mixed[:20] *= 1e-15
    for before in (ya, mixed):
        found = measure_transition(xa, xb, before, yb)
        if size > 1e-100:
            assert 0 < found.fitted_false_motion < 1
    assert not np.isinf(neighbourhoods(xa, ya, 5)).any()


# Neighbourhoods


@given(seeds, st.integers(7, 60), st.integers(1, 15))
@unhurried
def test_neighbourhoods_are_those_of_sklearn_where_no_distances_are_equal(seed, n, k):
    assume(k < n / 2)
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 6))
    y = x[:, :2] + rng.normal(0, rng.random(), (n, 2))
    expected = (trustworthiness(x, y, n_neighbors=k), trustworthiness(y, x, n_neighbors=k))
    assert neighbourhoods(x, y, k) == pytest.approx(expected, abs=1e-12)


def test_neighbourhoods_of_several_blocks_are_those_of_sklearn():
    rng = np.random.default_rng(15)
    x = rng.normal(size=(600, 10))
    y = x[:, :2]
    expected = (trustworthiness(x, y, n_neighbors=15), trustworthiness(y, x, n_neighbors=15))
    assert neighbourhoods(x, y) == pytest.approx(expected, abs=1e-12)
    assert expected[0] < expected[1] - 0.05  # the two are not mistaken for each other


@pytest.mark.parametrize("piled", [0, 0.3, 0.9, 1])
def test_a_picture_that_is_the_data_has_neighbourhoods_of_1(piled):
    """Also where points lie in one place, which sklearn's function does not see."""
    x = np.random.default_rng(16).normal(size=(300, 10))
    x[: int(300 * piled)] = np.eye(10)[3]
    assert neighbourhoods(x, x) == (1, 1)
    assert neighbourhoods(x, x @ np.eye(10)[::-1]) == (1, 1)
    assert neighbourhoods(x, 4 * x) == (1, 1)
    if piled:
        assert trustworthiness(x, x, n_neighbors=15) < 0.99


@given(seeds)
@unhurried
def test_neighbourhoods_do_not_depend_on_the_order_of_points_that_are_equally_far(seed):
    """A sort of a newer processor leaves others in front."""
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 3, (60, 4)).astype(float)
    y = rng.integers(0, 4, (60, 2)).astype(float)
    order = rng.permutation(60)
    found = neighbourhoods(x, y, 5)
    assert neighbourhoods(x[order], y[order], 5) == pytest.approx(found, abs=1e-12)


def test_of_equally_near_points_all_choices_are_averaged():
    """All but one lie in one place on the screen; the data is a line."""
    x, y = np.arange(12.0)[:, None], np.zeros((12, 2))
    y[11] = 1
    beyond = 0.0
    for i in range(11):  # of the ten others in its place, two
        others = [j for j in range(11) if j != i]
        ranks = [1 + sum(abs(q - i) < abs(j - i) for q in range(12) if q != i) for j in others]
        beyond += 2 * np.mean([max(rank - 2, 0) for rank in ranks])
    beyond += 2 * np.mean([max(rank - 2, 0) for rank in range(1, 12)])  # of the twelfth
    trust, _ = neighbourhoods(x, y, 2)
    assert trust == pytest.approx(1 - 2 * beyond / (12 * 2 * (24 - 6 - 1)), abs=1e-12)


def test_a_shuffled_picture_is_not_trusted():
    rng = np.random.default_rng(17)
    x = rng.normal(size=(200, 5))
    for value in neighbourhoods(x, x[rng.permutation(200), :2]):
        assert value == pytest.approx(0.5, abs=0.05)


def test_torn_data_lose_continuity_and_folded_data_trust():
    line = np.c_[np.arange(100.0), np.zeros(100)]
    torn, folded = line.copy(), line.copy()
    torn[50:, 1] = 1000
    folded[:, 0] = np.abs(folded[:, 0] - 49.6)
    trust, continuity = neighbourhoods(line, torn, 5)
    assert trust > continuity
    assert continuity < 1
    trust, continuity = neighbourhoods(line, folded, 5)
    assert trust < continuity - 0.1


@pytest.mark.parametrize(("n", "k", "defined"), [(30, 15, False), (31, 15, True), (1, 1, False)])
def test_too_few_points_for_k_neighbours_have_no_neighbourhoods(n, k, defined):
    x = np.random.default_rng(18).normal(size=(n, 3))
    assert (not np.isnan(neighbourhoods(x, x, k)).any()) == defined
    assert np.isnan(neighbourhoods(x, x, k)).all() != defined


# A whole training


def training(e=5, n=40, dtype=np.float32):
    rng = np.random.default_rng(19)
    x = rng.normal(size=(e, n, 7)).cumsum(0).astype(dtype)
    return x, (x[:, :, :2] + rng.normal(size=(e, n, 2))).astype(dtype)


def test_every_epoch_is_read_once_and_measured_as_by_itself():
    x, y = training()
    asked, told = [], []

    def read(i):
        asked.append(i)
        return x[i]

    found = measure_all(
        read, y, progress=lambda done, total: told.append((done, total, len(asked)))
    )
    assert asked == [0, 1, 2, 3, 4]
    assert told == [(1, 5, 1), (2, 5, 2), (3, 5, 3), (4, 5, 4), (5, 5, 5)]
    for t in range(4):
        expected = asdict(measure_transition(x[t], x[t + 1], y[t], y[t + 1]))
        got = {name: getattr(found, name)[t] for name in expected}
        assert got == {name: np.float32(value) for name, value in expected.items()}
    for i in range(5):
        got = (found.trustworthiness[i], found.continuity[i])
        assert got == tuple(np.float32(neighbourhoods(x[i], y[i])))


def test_measures_are_float32_of_known_lengths():
    x, y = training()
    for e in (1, 2, 5):
        found = measure_all(x.__getitem__, y[:e])
        for name, definition in DEFINITIONS.items():
            values = getattr(found, name)
            assert values.dtype == np.float32
            assert values.shape == (e - definition.per_transition,)


def test_at_most_two_epochs_are_kept():
    x, y = training(dtype=np.float64)  # of the dtype that is computed with, so not copied
    given, most = [], 0

    def read(i):
        nonlocal most
        epoch = x[i].copy()
        given.append(weakref.ref(epoch))
        most = max(most, sum(ref() is not None for ref in given))
        return epoch

    measure_all(read, y)
    assert most == 2


def measures(**given):
    values = {
        name: np.full(4 if definition.per_transition else 5, 0.5, np.float32)
        for name, definition in DEFINITIONS.items()
    }
    return Measures(**values | {name: np.array(v, np.float32) for name, v in given.items()})


def test_summary_is_the_median_of_what_was_measured():
    found = summary(measures(false_motion=[1, np.nan, 4, 9], continuity=[0, 1, 2, 3, 9]))
    assert tuple(found) == NAMES
    assert found["false_motion"] == 4
    assert found["continuity"] == 2
    assert found["trustworthiness"] == 0.5


def test_summary_of_some_transitions_takes_the_epochs_that_they_join():
    all_ = measures(false_motion=[1, 2, 4, 9], continuity=[0, 1, 5, 20, 90])
    found = summary(all_, [0, 1])
    assert found["false_motion"] == 1.5
    assert found["continuity"] == 1
    found = summary(all_, np.array([3]))
    assert found["false_motion"] == 9
    assert found["continuity"] == 55


def test_summary_of_nothing_is_undefined():
    assert all(np.isnan(value) for value in summary(measures(), []).values())
    assert np.isnan(summary(measures(data_share=[np.nan] * 4))["data_share"])
    x, y = training()
    alone = summary(measure_all(x.__getitem__, y[:1]))
    assert np.isnan(alone["false_motion"])
    assert 0 < alone["continuity"] < 1


# Definitions


def test_every_measure_is_defined_and_nothing_else():
    assert NAMES == tuple(DEFINITIONS) == tuple(field.name for field in fields(Measures))
    own = tuple(field.name for field in fields(Transition))
    assert own == tuple(name for name in NAMES if DEFINITIONS[name].per_transition)


def test_definitions_are_one_sentence_each():
    for definition in DEFINITIONS.values():
        assert definition.explanation.endswith(".")
        assert ". " not in definition.explanation
        assert definition.title and definition.formula


def test_definitions_name_the_number_of_neighbours_that_is_used():
    x, y = training()
    found = measure_all(x.__getitem__, y)
    assert found.continuity[0] == np.float32(neighbourhoods(x[0], y[0], 15)[1])
    for name in ("trustworthiness", "continuity"):
        assert "k = 15" in DEFINITIONS[name].explanation


# Errors


def broken(shape, value):
    a = np.ones(shape)
    a[-1, -1] = value
    return a


ok = np.random.default_rng(20).normal(size=(5, 2))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda: rank_correlation([1, 2], [1, 2, 3]),
            r"rank_correlation: m and s .*\(2,\).*\(3,\)",
        ),
        (
            lambda: rank_correlation([1, 2], [1, np.nan]),
            r"rank_correlation: s .*finite.*nan at \(1,",
        ),
        (lambda: rank_correlation([], []), r"rank_correlation: m .*\(n,\).*\(0,\)"),
        (lambda: still_half(ok), r"still_half: m must have shape \(n,\).*got \(5, 2\)"),
        (lambda: false_motion([1, 2], [1, -2]), r"false_motion: .*negative, got -2"),
        (lambda: fit_similarity(ok, ok[:4], [0]), r"fit_similarity: a and b .*\(5, 2\).*\(4, 2\)"),
        (lambda: fit_similarity(ok, ok, [5]), r"fit_similarity: rows .*0 to 4"),
        (lambda: fit_similarity(ok, ok, [-1]), r"fit_similarity: rows .*0 to 4"),
        (
            lambda: fit_similarity(ok, ok, [True] * 4),
            r"fit_similarity: rows .*bool of shape \(4,\)",
        ),
        (lambda: fitted_motion([1, 2], ok, ok), r"fitted_motion: m and ya .*2 and 5"),
        (lambda: measure_transition(ok, ok, ok, ok[:, :1]), r"measure_transition: ya and yb"),
        (lambda: measure_transition(ok, ok[:, :1], ok, ok), r"measure_transition: xa and xb"),
        (
            lambda: measure_transition(ok, ok, ok[:4], ok[:4]),
            r"measure_transition: xa and ya .*5 and 4",
        ),
        (
            lambda: measure_transition(ok, broken((5, 2), np.inf), ok, ok),
            r"measure_transition: xb .*finite.*inf at \(4, 1\)",
        ),
        (
            lambda: measure_transition(ok, ok, ok, broken((5, 2), 1e200)),
            r"measure_transition: yb .*at most 1e\+100, got 1e\+200",
        ),
        (lambda: neighbourhoods(ok, ok[:4]), r"neighbourhoods: x and y .*5 and 4"),
        (lambda: neighbourhoods(ok, ok, 0), r"neighbourhoods: k .*at least 1, got 0"),
        (lambda: measure_all(lambda i: ok, ok), r"measure_all: positions .*\(e, n, d\).*\(5, 2\)"),
        (
            lambda: measure_all(lambda i: ok[i:], np.stack([ok, ok])),
            r"measure_all: data of epoch 1 and positions .*4 and 5",
        ),
        (
            lambda: measure_all(lambda i: ok[:, i:], np.stack([ok, ok])),
            r"measure_all: data of epoch 0 and data of epoch 1 .*\(5, 2\) and \(5, 1\)",
        ),
        (
            lambda: measure_all(lambda i: broken((5, 2), np.nan), np.stack([ok, ok])),
            r"measure_all: data of epoch 0 .*finite.*nan at \(4, 1\)",
        ),
        (lambda: summary(measures(), [4]), r"summary: .*0 to 3, got 4"),
        (lambda: summary(measures(), [-1]), r"summary: .*0 to 3, got -1"),
        (lambda: summary(measures(), [True, False, True, False]), r"summary: .*got True"),
    ],
)
def test_an_error_says_where_what_must_hold_and_what_came(call, says):
    with pytest.raises(ValueError, match=says):
        call()


# Imports


def loaded(statement):
    heavy = ("torch", "dash", "sklearn", "scipy", "zarr")
    code = f"{statement}\nimport sys\nprint(*[m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_importing_the_package_is_quick():
    assert loaded("import gt.measure.embeddings") == []
    assert loaded("import gt.measure.embeddings as a; a.rank_correlation([0, 1], [0, 1])") == []
    assert loaded(
        "import gt.measure.embeddings as a; a.neighbourhoods([[0], [1], [3], [7]], [[0], [1], [3], [7]], 1)"
    ) == ["scipy"]


def test_every_public_name_is_there():
    assert all(hasattr(analysis, name) for name in analysis.__all__)
