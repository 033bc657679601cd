"""Leading triplets agree with the dense decomposition, where that can be written out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gt.align import Convolution, Dense, Diagonal, Operator, Pooling, Triplets, leading_triplets
from gt.align import triplets as module
from gt.align.closed import of_windows
from tests.unit.align.drawn import convolutions, kernels, windows

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


@pytest.fixture
def no_iteration(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any) -> None:
        raise AssertionError("iterated, or written out")

    monkeypatch.setattr(module, "_lanczos", refused)
    monkeypatch.setattr(module, "_direct", refused)


def test_a_value_that_stands_784_times_fills_all_places(no_iteration: None) -> None:
    weight = np.random.default_rng(0).standard_normal((8, 3, 1, 1))
    found = leading_triplets(Convolution(weight, (3, 28, 28)), 32)
    largest = np.linalg.svd(weight[:, :, 0, 0], compute_uv=False)[0]
    assert np.allclose(found.sigma, np.full(32, largest))


@settings(max_examples=80, deadline=None)
@given(windows(), st.integers(1, 40))
def test_windows_that_do_not_overlap_have_a_closed_form(operator: Convolution, k: int) -> None:
    check(operator, k, leading_triplets(operator, k))
    known = of_windows(operator, k)
    written = operator.apply(np.eye(operator.shape[0]))
    if np.linalg.matrix_rank(written) >= k:
        assert known is not None


def test_windows_that_overlap_have_none() -> None:
    def known(taps: int, **settings: int) -> bool:
        return of_windows(Convolution(np.ones((2, 1, taps)), (1, 15), **settings), 1) is not None

    assert not known(3, stride=2) and not known(3, dilation=2) and not known(2)
    assert not known(
        4, dilation=2, stride=3
    )  # the fourth tap of one is the first of the next but one
    assert known(3, dilation=2, stride=3) and known(3, stride=3, padding=1) and known(1)


def test_the_leading_vector_of_a_window_is_its_mean_over_the_picture(no_iteration: None) -> None:
    weight = np.random.default_rng(3).standard_normal((5, 2, 2, 2))
    found = leading_triplets(Convolution(weight, (2, 12, 12), stride=2), 4)
    places = found.right[:, 0].reshape(5, 36)
    assert np.allclose(places, places[:, :1]) and np.abs(places).max() > 0.1


@settings(max_examples=60, deadline=None)
@given(kernels(), st.integers(1, 2), st.integers(0, 1), st.integers(1, 2), st.integers(1, 14))
def test_dead_and_repeated_channels_and_equal_values_are_all_told(
    drawn: tuple[np.ndarray, int], stride: int, padding: int, dilation: int, k: int
) -> None:
    weight, groups = drawn
    operator = Convolution(
        weight,
        (groups * weight.shape[1], 8, 7),
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
    )
    check(operator, k, leading_triplets(operator, k))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 9), st.integers(1, 6), st.integers(2, 30), st.integers(1, 20))
def test_a_linear_layer_on_each_of_several_tokens(a: int, b: int, times: int, k: int) -> None:
    operator = Dense(np.random.default_rng(a + b).standard_normal((a, b)), times)
    check(operator, k, leading_triplets(operator, k))


def test_a_value_of_each_token_stands_as_often_as_there_are_tokens(no_iteration: None) -> None:
    matrix = np.diag([3.0, 2.0, 1.0])
    found = module.closed.of_each(np.eye(3), np.diag(matrix), np.eye(3), 197, 400)
    assert np.array_equal(found[1], np.r_[np.full(197, 3.0), np.full(197, 2.0), np.full(6, 1.0)])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([-2.0, -1.0, 0.0, 0.5, 2.0]), min_size=1, max_size=120),
    st.integers(1, 40),
)
def test_factors_are_their_own_values(factors: list[float], k: int) -> None:
    operator = Diagonal(np.array(factors))
    check(operator, k, leading_triplets(operator, k))


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


@pytest.mark.parametrize(
    "operator",
    [
        Dense(np.full((4, 9), np.nan)),
        Dense(np.full((70, 80), np.nan)),
        Dense(np.full((4, 9), np.nan), 12),
        Diagonal(np.array([1.0, np.inf])),
        Convolution(np.full((2, 1, 1), np.nan), (1, 9)),
    ],
    ids=["direct", "iterated", "tokens", "factors", "windows"],
)
def test_values_that_are_not_finite_are_named(operator: Operator) -> None:
    with pytest.raises(ValueError, match="must give finite values"):
        leading_triplets(operator, 2)


def test_k_must_be_a_number_of_triplets() -> None:
    with pytest.raises(ValueError, match="k must be at least 1, got 0"):
        leading_triplets(Dense(np.eye(3)), 0)
