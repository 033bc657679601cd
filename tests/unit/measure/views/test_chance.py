"""What a search for a view finds where there is nothing: shuffled labels, on data of which the answer is known."""

import numpy as np
import pytest

from gt.measure.views.chance import Chance, separating_by_chance
from gt.measure.views.directions import separating


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def test_groups_that_lie_apart_are_told_better_than_any_shuffle(rng):
    z = rng.normal(size=(120, 6))
    group = np.repeat([0, 1, -1], 40)
    z[group == 1, 2] += 4
    found = separating(z, group)
    chance = separating_by_chance(z, group, found.accuracy)
    assert found.accuracy > 0.95 and (chance.as_good, chance.of) == (0, 20)
    assert 0.3 < chance.best < 0.75
    assert chance.p == pytest.approx(1 / 21)


def test_labels_that_mean_nothing_are_no_better_than_shuffles(rng):
    """None of 20 is as good once in 21 data sets, and half of them are on average."""
    shares = []
    for _ in range(30):
        z, group = rng.normal(size=(40, 8)), np.repeat([0, 1], 20)
        shares.append(separating_by_chance(z, group, separating(z, group).accuracy).p)
    assert 0.3 < np.mean(shares) < 0.75  # 0.5 and a bit, for ties count; a standard error is 0.055
    assert np.sum(np.array(shares) < 0.1) <= 8  # 3 are expected


def test_the_same_seed_gives_the_same_shuffles_and_another_one_others(rng):
    z, group = rng.normal(size=(30, 4)), np.repeat([0, 1], 15)
    first, again, other = (separating_by_chance(z, group, 0.5, seed=s) for s in (3, 3, 4))
    assert first == again and first != other


def test_points_in_neither_group_are_not_looked_at(rng):
    z, group = rng.normal(size=(30, 4)), np.repeat([0, 1, -1], 10)
    moved = z.copy()
    moved[group == -1] += 100
    assert separating_by_chance(z, group, 0.5) == separating_by_chance(moved, group, 0.5)


def test_what_no_shuffle_can_tell_apart_is_told_by_none():
    z = np.tile([[0.0, 0], [0, 0], [1, 0], [1, 0]], (1, 1))
    chance = separating_by_chance(z, np.array([0, 0, 1, 1]), 1.0, times=20)
    assert (
        isinstance(chance, Chance) and 0 < chance.as_good < 20
    )  # the labels themselves, or their opposite, are a third


def test_none_at_all_is_refused(rng):
    with pytest.raises(ValueError, match="times must be at least 1, got 0"):
        separating_by_chance(rng.normal(size=(9, 2)), np.repeat([0, 1, -1], 3), 0.5, times=0)
