"""Projection pursuit on points of which the plane is planted, and on normal clouds, in which there is nothing."""

import numpy as np
import pytest

from gt.measure.views.every_class import classes_apart, shuffled_classes
from gt.measure.views.indices import (
    central_mass,
    class_separation,
    holes,
    kurtosis,
    normal_holes,
)
from gt.measure.views.pursuit import (
    emptiest,
    fullest,
    normal_outliers,
    normal_pursuit,
    outliers,
    sphered,
)

N, K = 600, 8


@pytest.fixture
def rng():
    return np.random.default_rng(4)


def seen(columns, axes):
    """How much of some axes of the points a view shows, 1 for all."""
    return float((columns[axes] ** 2).sum()) / len(axes)


def on_a_ring(rng):
    """A normal cloud, but in axes 2 and 5, where the points lie on a circle."""
    z, angle = rng.normal(size=(N, K)), rng.uniform(0, 2 * np.pi, N)
    z[:, 2], z[:, 5] = np.sqrt(2) * np.cos(angle), np.sqrt(2) * np.sin(angle)
    return z


def in_the_middle(rng):
    """A normal cloud, but in axes 1 and 6, where most points are in one place and a few far out."""
    z, far = rng.normal(size=(N, K)), rng.random(N) < 0.15
    z[:, [1, 6]] *= np.where(far, 2.5, 0.1)[:, None]
    return z


def test_indices_of_what_is_known(rng):
    ring = np.stack([np.cos(np.arange(60)), np.sin(np.arange(60))], 1) * np.sqrt(2)
    assert holes(ring) == pytest.approx(1) and central_mass(ring) == pytest.approx(0)
    assert holes(np.zeros((5, 2))) == 0 and central_mass(np.zeros((5, 2))) == 1
    normal = rng.normal(size=(100_000, 2))
    assert holes(normal) == pytest.approx(normal_holes(2), abs=0.005)
    assert kurtosis(normal) == pytest.approx([3, 3], abs=0.15)
    labels = np.repeat([0, 1], 50)
    apart = rng.normal(size=(100, 2)) + 100 * labels[:, None]
    assert class_separation(apart, labels) > 0.99
    assert class_separation(rng.normal(size=(100, 2)), labels) < 0.1
    turned = apart @ rng.normal(size=(2, 2))  # it does not change under any linear map
    assert class_separation(turned, labels) == pytest.approx(class_separation(apart, labels))
    assert class_separation(np.zeros((100, 2)), labels) == 0


def test_sphered_points_have_covariance_one_and_know_the_way_back(rng):
    z = rng.normal(size=(N, 3)) @ rng.normal(size=(3, K)) + 7
    one = sphered(z)
    assert one.y.T @ one.y / N == pytest.approx(np.eye(one.y.shape[1]), abs=1e-9)
    assert one.y.shape[1] <= 3 and one.share >= 0.99
    shown = (
        z - z.mean(0)
    ) @ one.back  # a direction a of y is `back @ a` in the picture, up to its length
    scale = shown[0, 0] / one.y[0, 0]
    assert shown == pytest.approx(one.y * scale)


def test_a_planted_hole_is_found_and_is_beyond_chance(rng):
    z = on_a_ring(rng) @ np.diag(np.linspace(1, 2, K))
    found = emptiest(z)
    assert seen(found.columns, [2, 5]) > 0.97 and found.unseen == N // 2
    assert found.columns.T @ found.columns == pytest.approx(np.eye(2))
    assert found.index > 0.95
    null = normal_pursuit(N, found.components, full=False)
    assert len(null.values) == 20 and null.as_good(found.index) == 0


def test_a_planted_mass_is_found_and_is_beyond_chance(rng):
    z = in_the_middle(rng)
    z /= z.std(0)
    found = fullest(z)
    assert seen(found.columns, [1, 6]) > 0.95
    null = normal_pursuit(N, found.components, full=True)
    assert found.index > 2 * (1 - normal_holes(2)) and null.as_good(found.index) == 0


def test_a_normal_cloud_has_neither(rng):
    """On points that the search did not see, so that none of many planes wins by chance: within 4 standard errors."""
    for full, search in ((False, emptiest), (True, fullest)):
        found = search(rng.normal(size=(2000, K)) @ rng.normal(size=(K, K)))
        usual = 1 - normal_holes(2) if full else normal_holes(2)
        assert found.index == pytest.approx(usual, abs=4 * 0.29 / 0.393 / np.sqrt(1000) / 2)
        assert normal_pursuit(2000, found.components, full=full).as_good(found.index) > 0


def test_planted_outliers_are_found_named_and_beyond_chance(rng):
    z = rng.normal(size=(N, K))
    z[:6, 3] += 12
    found = outliers(z)
    assert set(range(6)) <= set(found.rows.tolist()) and len(found.rows) <= 8
    assert found.columns[3, 0] > 0.95
    assert normal_outliers(N, K).as_good(found.kurtosis[0]) == 0
    none = outliers(rng.normal(size=(N, K)))
    assert len(none.rows) <= 3
    assert normal_outliers(N, K).as_good(none.kurtosis[0]) > 0


def test_planted_classes_are_told_apart_and_shuffled_ones_are_not(rng):
    labels = rng.integers(0, 4, N)
    z = rng.normal(size=(N, K))
    z[:, 1] += 4 * (labels == 1) - 4 * (labels == 2)
    z[:, 6] += 4 * (labels == 3)
    z[:, 0] *= 20  # the direction with the most variance tells nothing
    found = classes_apart(z, labels)
    assert seen(found.columns, [1, 6]) > 0.97
    assert found.accuracy > 0.93 and found.index > 0.9 and found.classes == 4
    null = shuffled_classes(z, labels)
    assert null.as_good(found.accuracy) == 0 and max(null.values) < 0.4
    nothing = classes_apart(z, rng.permutation(labels))
    assert nothing.accuracy < 0.4


def test_classes_of_too_few_points_are_left_out(rng):
    z, labels = rng.normal(size=(40, 3)), np.repeat([0, 1, 2], [20, 18, 2])
    assert classes_apart(z, labels).classes == 2
    with pytest.raises(ValueError, match="two classes or more must have 5 points, so many have: 1"):
        classes_apart(z, np.repeat([0, 1], [37, 3]))


def test_turned_points_give_the_turned_plane(rng):
    z, turn = on_a_ring(rng), np.linalg.qr(rng.normal(size=(K, K)))[0]
    a, b = emptiest(z).columns, emptiest(z @ turn).columns
    assert np.linalg.norm(a.T @ turn @ b) ** 2 == pytest.approx(2, abs=0.05)


def test_the_same_points_give_the_same_view(rng):
    z = on_a_ring(rng)
    for search in (emptiest, fullest, outliers):
        assert np.array_equal(search(z).columns, search(z).columns)


@pytest.mark.parametrize(
    ("z", "said"),
    [
        (np.zeros((9, 3)), "10 points or more, got 9"),
        (np.zeros((20, 3)), "spread in two directions or more, got 0"),
        (np.arange(40.0)[:, None] * [1, 2, 3], "spread in two directions or more, got 1"),
        (np.full((20, 3), np.nan), "must be finite"),
    ],
)
def test_what_cannot_be_searched_is_named(z, said):
    for search in (emptiest, fullest, outliers):
        with pytest.raises(ValueError, match=said):
            search(z)
