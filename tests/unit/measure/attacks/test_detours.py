"""Paths and perturbations whose straying and noise are known; ranks against scipy's."""

import math

import numpy as np
import pytest
import zarr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import permutation_test, spearmanr

import gt
from gt.kept.attack import WHOLE, AttackRecipe, attack_of
from gt.measure.attacks import detours as module
from gt.measure.attacks.detours import CUT, MEANINGS, association, detours, high_share, straying
from gt.run import RunError

unhurried = settings(deadline=None, max_examples=40)  # a busy machine is not a bug
A, B, C = np.eye(3)


def between(start, end, steps=5):
    return start + np.linspace(0, 1, steps)[:, None] * (end - start)


def one(*path):
    stray, excess = straying(np.array(path, float)[:, None])
    return float(stray[0]), float(excess[0])


# Straying


def test_a_straight_path_does_not_stray_however_it_is_paced():
    assert one(A, B) == (0, 0)
    assert one(*between(A, B)) == (0, 0)
    assert one(A, A, 0.999 * A + 0.001 * B, B, B) == (0, 0)


def test_a_path_through_a_third_corner_strays_by_its_height():
    stray, excess = one(A, C, B)
    assert stray == pytest.approx(math.sqrt(1.5)) and excess == pytest.approx(1)


def test_a_path_back_and_forth_is_longer_and_does_not_stray():
    middle = (A + B) / 2
    stray, excess = one(A, middle, A, B)
    assert stray == 0 and excess == pytest.approx(1)


def test_beyond_the_ends_the_distance_is_from_the_end():
    stray, excess = one([0, 0], [-3, 4], [1, 0])
    assert stray == pytest.approx(5) and excess == pytest.approx(5 + math.sqrt(32) - 1)


def test_what_does_not_move_does_not_stray_and_what_comes_back_has_no_excess():
    stray, excess = one(A, A, A)
    assert stray == 0 and math.isnan(excess)
    stray, excess = one(A, C, A)
    assert stray == pytest.approx(math.sqrt(2)) and math.isnan(excess)
    stray, excess = one(A)
    assert stray == 0 and math.isnan(excess)


def test_less_than_the_resolution_is_no_detour():
    small = module.RESOLUTION / 4
    assert one(A, (A + B) / 2 + small * C, B) == (0, 0)
    stray, excess = one(A, A + small * C, A)
    assert stray == 0 and math.isnan(excess)


@unhurried
@given(st.integers(0, 2**32 - 1), st.integers(2, 9), st.integers(1, 6), st.integers(2, 5))
def test_straying_is_that_of_many_points_along_the_path(seed, e, m, k):
    rng = np.random.default_rng(seed)
    path = rng.dirichlet(np.ones(k), (e, m))
    stray, excess = straying(path)
    for i in range(m):
        a, b = path[0, i], path[-1, i]
        dense = np.concatenate(
            [between(p, q, 20) for p, q in zip(path[:-1, i], path[1:, i], strict=True)]
        )
        line = between(a, b, 2001)
        nearest = np.sqrt(((dense[:, None] - line) ** 2).sum(2)).min(1).max()
        assert stray[i] == pytest.approx(nearest, abs=2e-3)
        assert stray[i] >= 0 and not excess[i] < 0
    turned = path[::-1]
    np.testing.assert_allclose(straying(turned), (stray, excess), atol=1e-12)


def test_paths_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match=r"path must have shape \(e, m, k\).* got \(3, 2\)"):
        straying(np.zeros((3, 2)))
    with pytest.raises(ValueError, match=r"must be finite.* got nan"):
        straying(np.full((2, 1, 3), np.nan))


# Noise


def wave(h, w, down, across, c=1):
    y, x = np.mgrid[:h, :w]
    return np.repeat(np.cos(2 * np.pi * (down * y / h + across * x / w))[..., None], c, 2)[None]


@pytest.mark.parametrize("size", [(8, 8), (12, 16), (9, 15), (28, 28)])
def test_one_wave_is_high_or_low(size):
    h, w = size
    for down in range(h // 2 + 1):
        for across in range(w // 2 + 1):
            if down == across == 0:
                continue
            high = math.hypot(down / h, across / w) > CUT
            share = high_share(wave(h, w, down, across))[0]
            assert share == pytest.approx(float(high), abs=1e-9), (down, across)


@unhurried
@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.integers(1, 9), st.integers(1, 3))
def test_the_share_is_that_of_the_whole_transform(seed, h, w, c):
    change = np.random.default_rng(seed).normal(size=(2, h, w, c))
    energy = (np.abs(np.fft.fft2(change, axes=(1, 2))) ** 2).sum(3)
    radius = np.hypot(np.fft.fftfreq(h)[:, None], np.fft.fftfreq(w))
    rest = energy[:, radius > 0].sum(1)
    expected = energy[:, radius > CUT].sum(1) / rest if h * w > 1 else [np.nan, np.nan]
    np.testing.assert_allclose(high_share(change), expected, atol=1e-9)
    # of any unit and any mean, and whichever axis comes first
    np.testing.assert_allclose(high_share(change * 1e-90), expected, atol=1e-9)
    np.testing.assert_allclose(high_share(change + 5), expected, atol=1e-9)
    np.testing.assert_allclose(high_share(change.swapaxes(1, 2)), expected, atol=1e-9)


def test_white_noise_is_as_noisy_as_readers_are_told_and_a_blob_is_not():
    rng = np.random.default_rng(0)
    assert "about 0.8 for white noise" in MEANINGS["noise"]
    for shape in ((28, 28, 1), (32, 32, 3)):
        assert round(high_share(rng.normal(size=(100, *shape))).mean(), 1) == 0.8
    y, x = np.mgrid[:28, :28] - 13.5
    assert high_share(np.exp(-(x**2 + y**2) / 50)[None, ..., None])[0] < 1e-3


def test_where_there_is_no_wave_there_is_no_share():
    flat = np.zeros((3, 6, 5, 2))
    flat[1] = 0.3
    flat[2, 0, 0, 0] = 1
    share = high_share(flat)
    assert np.isnan(share[:2]).all() and 0 < share[2] < 1
    with pytest.raises(ValueError, match=r"change must have shape \(m, h, w, c\).* got \(4, 4\)"):
        high_share(np.zeros((4, 4)))


# Both together


@pytest.mark.parametrize("seed", range(4))
def test_rho_and_p_are_scipys_ties_and_all(seed):
    rng = np.random.default_rng(seed)
    a = rng.integers(0, 8, 30).astype(float)
    b = 0.1 * seed * a + rng.integers(0, 5, 30)
    rho, p_value = association(a, b, np.random.default_rng(0))
    assert rho == pytest.approx(spearmanr(a, b).statistic)
    theirs = permutation_test(
        (a,), lambda one: spearmanr(one, b).statistic, permutation_type="pairings",
        n_resamples=800, rng=np.random.default_rng(1),
    )  # fmt: skip
    assert p_value == pytest.approx(theirs.pvalue, abs=0.06)


def test_few_examples_have_the_p_value_of_all_their_orders():
    a = np.arange(5.0)
    rho, p_value = association(a, a[::-1] ** 2, np.random.default_rng(0))
    assert rho == pytest.approx(-1) and p_value == pytest.approx(2 / 120, abs=0.005)
    assert association(a, a, np.random.default_rng(3)) == association(
        a, a, np.random.default_rng(3)
    )
    many = np.arange(60.0)
    assert association(many, many, np.random.default_rng(0)) == (pytest.approx(1), 1e-4)


def test_nothing_can_be_said_of_two_or_of_equals():
    rng = np.random.default_rng(0)
    for a, b in (([], []), ([1, 2], [3, 4]), ([1, 1, 1], [1, 2, 3]), ([1, 2, 3], [0, 0, 0])):
        assert np.isnan(association(np.array(a, float), np.array(b, float), rng)).all()
    with pytest.raises(ValueError, match="stray and noise must have one shape"):
        association(np.ones(3), np.ones(4), rng)


# Of a recorded attack


@pytest.fixture
def attack(tmp_path):
    return attack_of(planted(tmp_path / "planted"))


def planted(path, pictured=True, steps=6, m=12, n=20, size=8):
    """Of m attacked points, the further one strays the noisier it is; the last one but one stays, the last is flat."""
    labels = np.arange(n) % 3
    labels[:m] = 0
    route = np.zeros((steps, n, 3)) + np.eye(3)[labels]
    for i in range(m - 2):
        share = np.linspace(0, 1, steps)[:, None] * (B - A) + A
        bend = np.sin(np.linspace(0, np.pi, steps))[:, None] * (C - (A + B) / 2)
        route[:, i] = share + 0.05 * i * bend
    route[:, m - 1] = between(A, B, steps)
    y, x = np.mgrid[:size, :size]
    slow, fast = np.cos(2 * np.pi * y / size), (-1.0) ** (x + y)
    change = np.zeros((steps, m, size, size, 1), np.int16)
    for i in range(m - 1):
        drawn = slow * (m - i) + fast * (i + 1)
        change[-1, i, ..., 0] = np.rint(drawn * WHOLE / (2 * m))
    recipe = AttackRecipe("fgsm", 0.1, 0.02, steps - 1, "a", "b", m, n - m)
    run = gt.write_run(
        path, np.log(np.clip(route, 1e-12, None)), labels, classes=["a", "b", "c"],
        images=np.full((n, size, size), 100, np.uint8) if pictured else None, ids=np.arange(n) + 50,
        made={"attack": {"version": 1, **recipe.to_json(), "of": {}}},
    )  # fmt: skip
    group = zarr.open_group(run.path, mode="r+").create_group("attack")
    kept = {"ids": run.ids[:m], "targets": np.ones(m, np.int64), "change": change}
    for name, values in kept.items():
        group.create_array(name, shape=values.shape, dtype=values.dtype)[...] = values
    return gt.open_run(run.path)


def test_those_that_stray_are_found_to_be_noisier_where_they_are(attack):
    found = detours(attack)
    np.testing.assert_array_equal(found.ids, np.arange(12) + 50)
    assert (np.diff(found.stray[:10]) > 0).all() and found.stray[0] == 0 == found.excess[0]
    assert found.stray[9] == pytest.approx(
        0.45 * math.sqrt(1.5) * math.sin(np.pi * 2 / 5), abs=1e-4
    )
    assert found.stray[10] == 0 and np.isnan(found.excess[10])  # stays
    assert found.stray[11] == 0 == found.excess[11] and np.isnan(found.noise[11])  # has no noise
    assert found.noise[0] == pytest.approx(1 / (1 + 144 / 2), abs=1e-3)
    assert found.n == 10 and found.rho == pytest.approx(1) and found.p_value == 1e-4
    again = detours(attack)
    assert (again.rho, again.p_value) == (found.rho, found.p_value)


def test_a_selection_has_its_own_answer(attack):
    found = detours(attack, [52, 57, 55, 65, 69], rng=np.random.default_rng(1))
    np.testing.assert_array_equal(found.ids, [52, 55, 57])
    whole = detours(attack)
    np.testing.assert_array_equal(found.stray, whole.stray[[2, 5, 7]])
    assert found.n == 3 and found.rho == pytest.approx(1) and 0.2 < found.p_value < 0.5
    two = detours(attack, {51, 60})
    assert two.n == 1 and np.isnan(two.rho) and np.isnan(two.p_value)
    with pytest.raises(RunError, match="one of the 12 attacked points, got 2 others"):
        detours(attack, [65, 66])


def test_without_images_only_the_paths_are_measured(tmp_path):
    found = detours(attack_of(planted(tmp_path / "a", pictured=False)))
    assert found.stray[5] > 0.1 and np.isnan(found.noise).all()
    assert found.n == 0 and np.isnan(found.rho) and np.isnan(found.p_value)


def test_every_number_has_its_meaning():
    assert set(MEANINGS) == {"stray", "excess", "noise", "rho", "p_value"}
    assert "shorter than 4 pixels (above 0.25 cycles" in MEANINGS["noise"]
    assert "9,999" in MEANINGS["p_value"]
