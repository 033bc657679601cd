"""Which directions of a state are kept."""

from __future__ import annotations

import numpy as np
import pytest

from gt.align import Dense, Diagonal, Operator, choose_bases, is_identity, leading_triplets
from gt.align.bases import FOLLOWED, principal_directions
from tests.recordings import rotation, spread


def bases_of(operators: list[Operator | None], first: np.ndarray, k: int) -> list[np.ndarray]:
    """Bases of a chain of which the points behind each layer are what it makes of those before."""
    points = [first]
    for operator in operators:
        points.append(points[-1] if operator is None else operator.apply(points[-1]))
    triplets = [None if one is None else leading_triplets(one, k) for one in operators]
    widths = [x.shape[1] for x in points]
    return choose_bases(lambda i: points[i] - points[i].mean(0), widths, operators, triplets, k)


def matrix(d_in: int, d_out: int, seed: int = 0) -> Dense:
    return Dense(np.random.default_rng(seed).standard_normal((d_in, d_out)))


def test_every_basis_is_orthonormal_and_no_wider_than_k() -> None:
    chain = [matrix(40, 30), Diagonal(np.ones(30)), matrix(30, 20, 1), None, matrix(20, 3, 2)]
    found = bases_of(chain, spread(100, (40,)).astype(float), 8)
    assert [b.shape for b in found] == [(40, 8), (30, 8), (30, 8), (20, 8), (20, 8), (3, 3)]
    for basis in found:
        assert np.allclose(basis.T @ basis, np.eye(basis.shape[1]), atol=1e-12)


def test_both_sides_of_a_layer_that_goes_value_by_value_have_one_basis() -> None:
    found = bases_of([matrix(9, 20), Diagonal(np.ones(20)), matrix(20, 3)], spread(50, (9,)), 6)
    assert found[1] is found[2]


def test_a_narrow_state_is_kept_whole_in_its_own_neurons() -> None:
    found = bases_of([matrix(40, 6), matrix(6, 1), matrix(1, 3)], spread(50, (40,)), 6)
    for basis, width in zip(found[1:], (6, 1, 3), strict=True):
        assert np.array_equal(basis, np.eye(width))


def test_what_is_followed_contains_where_the_last_states_come_from() -> None:
    last = matrix(50, 3)
    before = bases_of([matrix(60, 50), last], spread(100, (60,)).astype(float), 8)[1]
    left = leading_triplets(last, 3).left
    assert np.allclose(before @ (before.T @ left), left, atol=1e-9)
    assert int(FOLLOWED * 8) >= 3


def test_a_layer_that_only_turns_is_followed_in_all_directions() -> None:
    turn = 2 * rotation(30)
    before, behind, _ = bases_of([Dense(turn), matrix(30, 3)], spread(100, (30,)).astype(float), 8)
    assert np.allclose(before @ (before.T @ turn @ behind), turn @ behind, atol=1e-9)


def test_states_without_variance_have_no_more_directions_than_their_layers_know() -> None:
    found = bases_of([None, matrix(30, 3)], np.ones((10, 30)), 8)
    assert [b.shape[1] for b in found] == [0, 3, 3]


def test_principal_directions_are_those_of_the_points_wide_or_long() -> None:
    for n in (12, 200):
        points = spread(n, (20,)).astype(float)
        points -= points.mean(0)
        _, _, vt = np.linalg.svd(points, full_matrices=False)
        cosines = np.abs((principal_directions(points, 3) * vt[:3].T).sum(0))
        assert np.allclose(cosines, 1, atol=1e-9)
    assert principal_directions(np.zeros((5, 4)), 2).shape == (4, 0)
    assert principal_directions(np.empty((0, 4)), 2).shape == (4, 0)


def test_only_ones_are_an_identity() -> None:
    assert is_identity(Diagonal(np.ones(3))) and not is_identity(Diagonal(np.array([1, 2.0])))
    assert not is_identity(Dense(np.eye(3))) and not is_identity(None)


def test_k_must_be_a_number_of_directions() -> None:
    with pytest.raises(ValueError, match="k must be at least 1, got 0"):
        choose_bases(lambda i: np.ones((2, 3)), [3], [], [], 0)
