"""Pairs of bases, and the turns that are carried from state to state."""

from __future__ import annotations

import numpy as np
import pytest

from gt.align import carry, procrustes_pair, singular_pair
from tests.recordings import rotation


def cloud(n: int, k: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n, k)) * np.linspace(2, 0.5, k)


def is_orthogonal(matrix: np.ndarray) -> bool:
    return bool(np.allclose(matrix.T @ matrix, np.eye(len(matrix)), atol=1e-10))


def test_a_hidden_rotation_is_found_and_leaves_nothing_over() -> None:
    before, turned = cloud(50, 6), rotation(6, 1)
    pair = procrustes_pair(before, 3 * before @ turned + 7)
    assert pair.residual == pytest.approx(0, abs=1e-12)
    assert np.allclose(pair.turn, turned, atol=1e-6)
    assert np.allclose(pair.sigma, 3)


def test_noise_is_left_over_nearly_whole() -> None:
    pair = procrustes_pair(cloud(3000, 5, 2), cloud(3000, 5, 3))
    assert pair.residual is not None and 0.95 < pair.residual <= 1
    assert is_orthogonal(pair.turn)


def test_a_rotation_half_hidden_in_noise_lies_between() -> None:
    before = cloud(2000, 5, 2)
    noise = np.random.default_rng(4).standard_normal(before.shape)
    behind = before @ rotation(5) + noise
    residual = procrustes_pair(before, behind).residual
    assert residual == pytest.approx(noise.var(0).sum() / behind.var(0).sum(), abs=0.03)


@pytest.mark.parametrize("n", [1, 2])
def test_points_without_motion_of_their_own_turn_nothing(n: int) -> None:
    pair = procrustes_pair(np.ones((n, 4)), np.full((n, 4), 2.0))
    assert np.allclose(pair.turn, np.eye(4)) and pair.residual == 0


def test_a_linear_part_is_a_scaling_in_its_pair() -> None:
    rng = np.random.default_rng(5)
    block = rng.standard_normal((6, 6))
    before = cloud(20, 6)
    pair = singular_pair(block, before, before @ block)
    assert np.allclose(before @ block @ pair.right, (before @ pair.left) * pair.sigma)
    assert is_orthogonal(pair.left) and is_orthogonal(pair.right)


def test_what_has_no_partner_by_the_weights_is_paired_so_that_points_move_least() -> None:
    block = np.diag([2.0, 1.0, 0.0, 0.0])
    before = cloud(40, 4)
    behind = before @ block
    behind[:, 2:] = before[:, 2:] @ rotation(2, 8)  # of which the weights say nothing
    pair = singular_pair(block, before, behind)
    assert np.allclose(pair.sigma, [2, 1, 0, 0])
    assert np.allclose(before[:, 2:] @ pair.turn[2:, 2:], behind[:, 2:], atol=1e-6)


def test_a_zero_map_of_points_in_one_place_stands_still() -> None:
    pair = singular_pair(np.zeros((3, 3)), np.zeros((5, 3)), np.zeros((5, 3)))
    assert np.allclose(pair.turn, np.eye(3)) and not pair.sigma.any()


def test_forth_and_back_through_many_states_is_where_one_began() -> None:
    turns = [rotation(32, seed) for seed in range(60)]
    carried = carry(turns, 32)
    assert carried.shape == (61, 32, 32) and np.array_equal(carried[-1], np.eye(32))
    assert all(is_orthogonal(one) for one in carried)
    view = np.eye(32)
    for turn in turns:
        view = turn.T @ view
    for turn in reversed(turns):
        view = turn @ view
    assert np.abs(view - np.eye(32)).max() < 1e-6
    for i, turn in enumerate(turns):
        assert np.abs(carried[i] - turn @ carried[i + 1]).max() < 1e-10
