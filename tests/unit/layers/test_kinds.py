"""The linear part of each known kind is that of PyTorch's layer, offset and bends aside."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gt.layers import Kind, Step, kinds, linear_part, register
from gt.layers import kind as table
from gt.layers.operators import Dense

torch = pytest.importorskip("torch")
nn = torch.nn
SETTINGS = (
    "kernel_size", "stride", "padding", "dilation", "groups", "padding_mode", "eps",
    "count_include_pad",
)  # fmt: skip


def step_of(layer: Any, shape: tuple[int, ...]) -> Step:
    layer.eval()
    config = {k: getattr(layer, k) for k in SETTINGS if hasattr(layer, k)}
    arrays = {k: v.detach().numpy().astype(float) for k, v in layer.state_dict().items() if v.ndim}
    with torch.no_grad():
        outputs = layer(torch.zeros(1, *shape)).shape[1:]
    return Step(type(layer).__name__, shape, tuple(outputs), config, arrays)


def linear_of(layer: Any, x: np.ndarray) -> np.ndarray:
    """What a layer that is linear, but for an offset, does to a point, without the offset."""
    with torch.no_grad():
        y, zero = (layer(torch.from_numpy(v).float()) for v in (x, np.zeros_like(x)))
    return (y - zero).numpy().reshape(len(x), -1)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (nn.Linear(6, 4), (6,)),
        (nn.Linear(6, 4), (3, 6)),
        (nn.Conv1d(2, 4, 3, padding=1), (2, 9)),
        (nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 0), groups=2), (4, 7, 8)),
        (nn.Conv3d(1, 2, 2, dilation=2), (1, 5, 5, 5)),
        (nn.AvgPool2d(3, 2, 1), (2, 8, 7)),
        (nn.AvgPool2d(3, 2, 1, count_include_pad=False), (2, 8, 7)),
        (nn.AdaptiveAvgPool2d((3, 2)), (2, 7, 8)),
        (nn.BatchNorm2d(3), (3, 4, 5)),
        (nn.Flatten(), (2, 3)),
        (nn.Dropout(), (5,)),
    ],
    ids=lambda v: type(v).__name__ if isinstance(v, nn.Module) else str(v),
)
def test_a_linear_layer_is_its_own_linear_part(layer: Any, shape: tuple[int, ...]) -> None:
    if isinstance(layer, nn.BatchNorm2d):
        rng = torch.Generator().manual_seed(1)
        for value in (layer.weight.data, layer.running_var, layer.running_mean):
            value.copy_(torch.rand(3, generator=rng) + 0.5)
    x = np.random.default_rng(2).standard_normal((3, *shape))
    found = linear_part(step_of(layer, shape))
    assert found is not None
    assert np.allclose(found.apply(x.reshape(3, -1)), linear_of(layer, x), atol=1e-5)


def test_max_pooling_has_the_bases_of_average_pooling() -> None:
    largest, mean = (
        linear_part(step_of(layer, (2, 6, 6))) for layer in (nn.MaxPool2d(2), nn.AvgPool2d(2))
    )
    assert largest is not None and mean is not None
    x = np.random.default_rng(3).standard_normal((4, 72))
    assert np.array_equal(largest.apply(x), mean.apply(x))


@pytest.mark.parametrize("layer", [nn.ReLU(), nn.GELU(), nn.Softmax(1), nn.Tanh()])
def test_element_by_element_nothing_turns(layer: Any) -> None:
    found = linear_part(step_of(layer, (5,)))
    assert found is not None and np.array_equal(found.apply(np.eye(5)), np.eye(5))


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (nn.LayerNorm(4), (4,)),
        (nn.Conv1d(1, 1, 3, padding=1, padding_mode="circular"), (1, 5)),
        (nn.BatchNorm1d(4, track_running_stats=False), (4,)),
    ],
    ids=lambda v: type(v).__name__ if isinstance(v, nn.Module) else "",
)
def test_what_is_not_known_has_no_linear_part(layer: Any, shape: tuple[int, ...]) -> None:
    arrays = {k: v.detach().numpy() for k, v in layer.state_dict().items()}
    config = {k: getattr(layer, k) for k in SETTINGS if hasattr(layer, k)}
    assert linear_part(Step(type(layer).__name__, shape, shape, config, arrays)) is None


def test_layers_whose_weights_were_not_recorded_have_none_either() -> None:
    for kind in ("Linear", "Conv2d", "MaxPool2d"):
        assert linear_part(Step(kind, (1, 4, 4), (1, 2, 2))) is None


def test_a_linear_part_must_fit_the_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "_table", dict(kinds()))
    register(Kind("Half", linear=lambda step: Dense(np.eye(step.inputs[0]) / 2)))
    found = linear_part(Step("Half", (3,), (3,)))
    assert found is not None and np.array_equal(found.apply(np.ones((1, 3))), np.full((1, 3), 0.5))
    with pytest.raises(ValueError, match=r"Half must map \(3,\) to \(4,\)"):
        linear_part(Step("Half", (3,), (4,)))
