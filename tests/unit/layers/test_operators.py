"""Operators do what PyTorch's layers do, and their adjoints are their transposes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gt.align import Convolution, Dense, Operator, Pooling
from tests.unit.align.drawn import convolutions

torch = pytest.importorskip("torch")
functional = torch.nn.functional


def _written_out(operator: Operator) -> np.ndarray:
    return operator.apply(np.eye(operator.shape[0]))


def _is_transpose(operator: Operator) -> bool:
    written = _written_out(operator)
    return bool(np.allclose(operator.adjoint(np.eye(operator.shape[1])), written.T, atol=1e-12))


@settings(max_examples=80, deadline=None)
@given(convolutions())
def test_a_convolution_is_that_of_torch_and_its_adjoint_its_transpose(
    drawn: tuple[Convolution, dict[str, Any], tuple[int, ...]],
) -> None:
    operator, said, shape = drawn
    x = np.random.default_rng(1).standard_normal((3, *shape))
    layer = {1: functional.conv1d, 2: functional.conv2d, 3: functional.conv3d}[len(shape) - 1]
    theirs = layer(torch.from_numpy(x), torch.from_numpy(operator.weight), **said).numpy()
    assert operator.outputs == theirs.shape[1:]
    assert operator.shape == (int(np.prod(shape)), int(np.prod(theirs.shape[1:])))
    assert np.allclose(operator.apply(x.reshape(3, -1)), theirs.reshape(3, -1), atol=1e-12)
    assert _is_transpose(operator)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")  # torch copies, is all
@pytest.mark.parametrize("kernel", [1, 2, 3, 4])
def test_padding_in_words_is_that_of_torch(kernel: int) -> None:
    rng = np.random.default_rng(2)
    weight, x = rng.standard_normal((2, 3, kernel)), rng.standard_normal((2, 3, 9))
    for padding in ("same", "valid"):
        theirs = functional.conv1d(torch.from_numpy(x), torch.from_numpy(weight), padding=padding)
        ours = Convolution(weight, (3, 9), padding=padding)
        assert np.allclose(ours.apply(x.reshape(2, -1)), theirs.numpy().reshape(2, -1))


def test_values_keep_their_type() -> None:
    operator = Convolution(np.ones((1, 1, 2)), (1, 4))
    assert operator.apply(np.ones((1, 4), np.float32)).dtype == np.float32
    assert operator.adjoint(np.ones((1, 3), np.float32)).dtype == np.float32


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"shape": (3, 8)}, "1 groups of 2 channels each must make the 3 channels"),
        ({"shape": (2, 8, 8)}, "weight must have 4 axes"),
        ({"shape": (2, 2)}, "must fit into the padded input"),
        ({"shape": (2, 8), "stride": 0}, "stride must be 1 numbers from 1"),
        ({"shape": (2, 8), "padding": "full"}, "got 'full'"),
        ({"shape": (2, 8), "padding": "same", "stride": 2}, "must have stride 1"),
    ],
)
def test_a_convolution_that_cannot_be_says_why(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Convolution(np.ones((4, 2, 3)), **change)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_pooling_is_that_of_torch_and_its_triplets_are_those_of_its_matrix(data: Any) -> None:
    kernel = [data.draw(st.integers(1, 3)) for _ in range(2)]
    stride = [data.draw(st.integers(1, 3)) for _ in range(2)]
    padding = [data.draw(st.integers(0, k // 2)) for k in kernel]
    size = [data.draw(st.integers(3, 7)) for _ in range(2)]
    ceil, count = data.draw(st.booleans()), data.draw(st.booleans())
    layer = torch.nn.AvgPool2d(kernel, stride, padding, ceil_mode=ceil, count_include_pad=count)
    x = np.random.default_rng(3).standard_normal((2, 2, *size))
    theirs = layer(torch.from_numpy(x)).numpy()
    operator = Pooling.of(
        (2, *size), theirs.shape[1:], kernel=kernel, stride=stride, padding=padding,
        count_padding=count,
    )  # fmt: skip
    assert np.allclose(operator.apply(x.reshape(2, -1)), theirs.reshape(2, -1), atol=1e-12)
    assert _is_transpose(operator)
    written = _written_out(operator)
    left, sigma, right = operator.triplets(5)
    r = min(5, *written.shape)
    assert np.allclose(sigma, np.linalg.svd(written, compute_uv=False)[:r], atol=1e-12)
    assert np.allclose(left.T @ written @ right, np.diag(sigma), atol=1e-12)
    assert np.allclose(left.T @ left, np.eye(r), atol=1e-12)
    assert np.allclose(right.T @ right, np.eye(r), atol=1e-12)


def test_windows_side_by_side_all_scale_alike() -> None:
    operator = Pooling.of((3, 6, 6), (3, 3, 3), kernel=2)
    assert np.allclose(operator.triplets(27)[1], 0.5)


def test_pooling_that_cannot_be_says_why() -> None:
    with pytest.raises(ValueError, match="must have 2 channels"):
        Pooling.of((2, 6), (3, 3), kernel=2)
    with pytest.raises(ValueError, match="must have 1 numbers"):
        Pooling.of((2, 6), (2, 3), kernel=(2, 2))
    with pytest.raises(ValueError, match="must see some of its 6 inputs"):
        Pooling.of((2, 6), (2, 9), kernel=2)


def test_a_matrix_is_an_operator() -> None:
    matrix = np.arange(6.0).reshape(2, 3)
    assert _is_transpose(Dense(matrix)) and np.array_equal(_written_out(Dense(matrix)), matrix)
    with pytest.raises(ValueError, match="must be \\(d_in, d_out\\)"):
        Dense(np.ones(3))
