"""The leading eigenvectors that block Lanczos finds are those of the matrix written out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gt.align import lanczos
from gt.align.lanczos import leading_vectors
from tests.recordings import rotation


def found_of(values: np.ndarray, k: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues that were found, and the shares of the found vectors in each true one, ``(k, d)``."""
    axes = rotation(len(values), seed)
    matrix = (axes * values) @ axes.T
    vectors = leading_vectors(lambda x: x @ matrix, len(values), k, seed)
    assert np.allclose(vectors @ vectors.T, np.eye(k), atol=1e-10)
    return np.diag(vectors @ matrix @ vectors.T), vectors @ axes


@settings(max_examples=40, deadline=None)
@given(
    d=st.integers(12, 260), k=st.integers(1, 12), power=st.floats(0.2, 4), seed=st.integers(0, 99)
)
def test_values_and_subspaces_are_those_of_the_matrix(
    d: int, k: int, power: float, seed: int
) -> None:
    values = np.sort(np.random.default_rng(seed).random(d) ** power)[::-1]
    found, shares = found_of(values, k, seed)
    assert np.allclose(found, values[:k], atol=1e-9)
    for j in range(1, k + 1):
        if values[j - 1] - (values[j] if j < d else 0) > 1e-3:
            assert np.linalg.norm(shares[:j, j:]) < 1e-4


@pytest.mark.parametrize("times", [2, 8, 9, 30, 100])
def test_equal_values_are_found_as_often_as_there_are(times: int) -> None:
    values = np.r_[np.full(times, 2.0), np.full(times, 1.5), np.linspace(1, 0, 300)]
    found, _ = found_of(values, 50)
    assert np.allclose(found, values[:50], atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 300)), min_size=2, max_size=12),
    st.integers(1, 24),
    st.integers(0, 99),
)
def test_a_wide_map_of_few_values_gives_each_as_often_as_it_stands(
    drawn: list[tuple[int, int]], k: int, seed: int
) -> None:
    values = np.repeat(*np.array(drawn).T) / 1000
    values = np.sort(np.r_[values, np.zeros(80)])[::-1]
    found = leading_vectors(lambda x: x * values, len(values), k, seed)
    assert np.allclose(found @ found.T, np.eye(k), atol=1e-8)
    assert np.allclose(((found**2) @ values), values[:k], atol=1e-6 * values[0])


@pytest.mark.parametrize("values", [[3.0, 2.0, 1.0], [3.0, 0.0, 0.0]])
@pytest.mark.parametrize("k", [32, 64])
def test_a_value_that_stands_784_times_is_not_followed_by_a_smaller_one(
    values: list[float], k: int
) -> None:
    often = np.repeat(values, 784)
    found = leading_vectors(lambda x: x * often, len(often), k, 0)
    assert np.allclose((found**2) @ often, 3.0)


def test_what_an_iteration_misses_is_found_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """One vector sees one copy: what scipy would give had rounding not helped it."""
    values = np.r_[np.full(5, 3.0), np.full(5, 2.0), np.linspace(1, 0, 200)]
    solved, asked = lanczos.iterate, []

    def one_copy(product: Any, d: int, k: int, **options: Any) -> tuple[np.ndarray, np.ndarray]:
        asked.append(k)
        more = 40 if k == 12 else k
        theirs, vectors = solved(product, d, more, **options | {"ncv": 90})
        theirs, vectors = theirs[::-1], vectors[:, ::-1]
        chosen = list(range(k))
        if k == 12:  # one of each of two equal ones, and what lies behind
            chosen = [0, 5, *range(10, 20)]
        return theirs[chosen[::-1]], vectors[:, chosen[::-1]]

    monkeypatch.setattr(lanczos, "iterate", one_copy)
    found, _ = found_of(values, 12)
    assert asked[0] == 12 and len(asked) >= 4
    assert np.allclose(found, values[:12], atol=1e-8)


def test_what_is_no_eigenvector_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    solved = lanczos.iterate

    def spoilt(*args: Any, **options: Any) -> tuple[np.ndarray, np.ndarray]:
        theirs, vectors = solved(*args, **options)
        off = np.random.default_rng(1).standard_normal(vectors.shape)
        return theirs, np.linalg.qr(vectors + 1e-3 * off)[0]

    monkeypatch.setattr(lanczos, "iterate", spoilt)
    with pytest.raises(ArithmeticError, match=r"are eigenvectors|still a larger value"):
        found_of(np.linspace(1, 0, 100), 4)


@pytest.mark.parametrize("spread", [1e-9, 1e-4, 0.05, 0.9])
def test_values_near_each_other_are_told_in_their_order(spread: float) -> None:
    values = np.r_[3 - spread * np.linspace(0, 1, 30) ** 2, np.linspace(2, 0, 400)]
    found, shares = found_of(values, 24)
    assert np.allclose(found, np.sort(values)[::-1][:24], atol=1e-8)
    if spread < 0.5:
        assert np.linalg.norm(shares[:, 30:]) < 1e-5


@pytest.mark.parametrize("rank", [0, 1, 7, 20])
def test_a_map_of_low_rank_has_zeros_behind_it(rank: int) -> None:
    values = np.r_[np.linspace(3, 1, rank), np.zeros(200 - rank)]
    found, _ = found_of(values, 16)
    assert np.allclose(found, values[:16], atol=1e-10)


def test_values_close_together_take_restarts(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.sort(1 - np.linspace(0, 1, 900) ** 1.5)[::-1]
    found, shares = found_of(values, 10)
    assert np.allclose(found, values[:10], atol=1e-9)
    assert np.linalg.norm(shares[:, 10:]) < 1e-3
    monkeypatch.setattr(lanczos, "RESTARTS", 1)
    with pytest.raises(ArithmeticError, match="of 10 settled"):
        found_of(values, 10)


def test_all_vectors_of_a_narrow_map_can_be_had() -> None:
    values = np.linspace(4, 1, 12)
    found, _ = found_of(values, 12)
    assert np.allclose(found, values)
