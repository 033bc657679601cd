"""Leading triplets agree with the dense decomposition, where that can be written out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gt.align import Convolution, Dense, Operator, Pooling, Triplets, leading_triplets
from tests.unit.align.drawn import convolutions

GAP = 1e-3  # of two neighbouring singular values, relative: below it their vectors are not settled


def check(operator: Operator, k: int, found: Triplets) -> None:
    """Values to 1e-5, bases orthonormal, subspaces to 1e-4 wherever the values lie apart."""
    written = operator.apply(np.eye(operator.shape[0]))
    u, s, vt = np.linalg.svd(written, full_matrices=False)
    r = min(k, len(s))
    assert len(found.sigma) == r
    assert np.allclose(found.sigma, s[:r], rtol=1e-5, atol=1e-7 * s[0])
    for side, exact in ((found.left, u), (found.right, vt.T)):
        assert np.allclose(side.T @ side, np.eye(r), atol=1e-8)
        for j in range(1, r + 1):
            after = s[j] if j < len(s) else 0.0
            if s[j - 1] - after > GAP * s[0]:
                cosines = np.linalg.svd(side[:, :j].T @ exact[:, :j], compute_uv=False)
                sines = np.sqrt(np.maximum(0.0, 1.0 - cosines**2))
                assert sines.max() < 1e-4
    scaled = found.left.T @ written @ found.right
    assert np.allclose(scaled, np.diag(found.sigma), atol=1e-5 * s[0])


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_convolutions_are_those_of_the_matrix_written_out(data: st.DataObject) -> None:
    groups = data.draw(st.integers(1, 2))
    kernel = data.draw(st.integers(1, 3))
    dilation = data.draw(st.integers(1, 2))
    shape = (2 * groups, data.draw(st.integers(6, 9)), data.draw(st.integers(6, 9)))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**31)))
    out = groups * data.draw(st.integers(1, 3))
    operator = Convolution(
        rng.standard_normal((out, 2, kernel, kernel)),
        shape,
        stride=data.draw(st.integers(1, 2)),
        padding=data.draw(st.integers(0, 2)),
        dilation=dilation,
        groups=groups,
    )
    k = data.draw(st.integers(1, 12))
    check(operator, k, leading_triplets(operator, k))


@settings(max_examples=60, deadline=None)
@given(convolutions(), st.integers(1, 8))
def test_over_any_axes_and_with_settings_of_their_own_along_each(
    drawn: tuple[Convolution, dict[str, Any], tuple[int, ...]], k: int
) -> None:
    check(drawn[0], k, leading_triplets(drawn[0], k))


@pytest.mark.parametrize(
    ("kernel", "stride", "padding"), [(1, 1, 0), (3, 3, 0), (2, 2, 1), (1, 2, 1)]
)
def test_equal_values_come_as_often_as_there_are(kernel: int, stride: int, padding: int) -> None:
    weight = np.random.default_rng(7).standard_normal((3, 2, kernel, kernel))
    operator = Convolution(weight, (2, 12, 12), stride=stride, padding=padding)
    check(operator, 12, leading_triplets(operator, 12))


@pytest.mark.parametrize("shape", [(1, 5), (5, 1), (1, 1), (40, 7), (7, 40), (90, 120)])
def test_narrow_matrices_give_all_they_have(shape: tuple[int, int]) -> None:
    operator = Dense(np.random.default_rng(4).standard_normal(shape))
    check(operator, 32, leading_triplets(operator, 32))


def test_a_map_of_low_rank_has_zeros_behind_it() -> None:
    rng = np.random.default_rng(5)
    operator = Dense(rng.standard_normal((80, 3)) @ rng.standard_normal((3, 90)))
    found = leading_triplets(operator, 8)
    assert (found.sigma[:3] > 1).all() and np.allclose(found.sigma[3:], 0, atol=1e-6)
    for side in (found.left, found.right):
        assert np.allclose(side.T @ side, np.eye(8), atol=1e-8)


@pytest.mark.parametrize("shape", [(4, 9), (70, 80)])
def test_the_zero_map_has_bases_too(shape: tuple[int, int]) -> None:
    found = leading_triplets(Dense(np.zeros(shape)), 4)
    assert not found.sigma.any()
    for side in (found.left, found.right):
        assert np.allclose(side.T @ side, np.eye(4))


def test_asking_twice_gives_the_very_same() -> None:
    operator = Convolution(np.random.default_rng(6).standard_normal((4, 2, 3, 3)), (2, 12, 12))
    one, two = (leading_triplets(operator, 6) for _ in range(2))
    assert np.array_equal(one.left, two.left) and np.array_equal(one.right, two.right)
    assert (one.left[np.abs(one.left).argmax(0), range(6)] > 0).all()


def test_pooling_takes_its_closed_form() -> None:
    operator = Pooling.of((2, 9, 9), (2, 4, 4), kernel=3, stride=2)
    check(operator, 10, leading_triplets(operator, 10))


@pytest.mark.parametrize("shape", [(4, 9), (70, 80)])
def test_values_that_are_not_finite_are_named(shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="must give finite values"):
        leading_triplets(Dense(np.full(shape, np.nan)), 2)


def test_k_must_be_a_number_of_triplets() -> None:
    with pytest.raises(ValueError, match="k must be at least 1, got 0"):
        leading_triplets(Dense(np.eye(3)), 0)
