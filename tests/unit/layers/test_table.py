"""The table of layer kinds against PyTorch: every facet that a kind has says what the module of its name does."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gt.layers import FAMILIES, Step, kind_of, kinds, linear_part, settings
from gt.layers.kind import Kind
from gt.record.chain import Chain, Part

torch = pytest.importorskip("torch")
nn = torch.nn
CSS = Path(__file__).parents[3] / "assets" / "css" / "80-layers.css"
USUAL = (6, 4)  # shape of a point for kinds that take any


class WithConstant(nn.Module):  # type: ignore[misc]
    """Arithmetic of each value with a number of its own, which is no parameter."""

    def __init__(self, operation: Callable[[Any, Any], Any]) -> None:
        super().__init__()
        self.operation = operation

    def forward(self, x: Any) -> Any:
        return self.operation(x, 0.5 + torch.linspace(0, 1, x[0].numel()).reshape(x.shape[1:]))


# of kinds that cannot be made without settings, or do not take points of any shape: modules, and a point's shape
MODULES: dict[str, tuple[Callable[[], Any], tuple[int, ...]]] = {
    "Linear": (lambda: nn.Linear(4, 5), USUAL),
    "Conv1d": (lambda: nn.Conv1d(4, 6, 3, 2, 1, groups=2), (4, 9)),
    "Conv2d": (lambda: nn.Conv2d(3, 4, (3, 2), (2, 1), (1, 0), bias=False), (3, 7, 8)),
    "Conv3d": (lambda: nn.Conv3d(1, 2, 2, dilation=2), (1, 5, 6, 5)),
    "MaxPool1d": (lambda: nn.MaxPool1d(3, 2, 1), (2, 9)),
    "MaxPool2d": (lambda: nn.MaxPool2d((3, 2), 2, 1, ceil_mode=True), (2, 8, 7)),
    "MaxPool3d": (lambda: nn.MaxPool3d(2, 1), (1, 4, 5, 4)),
    "AvgPool1d": (lambda: nn.AvgPool1d(3, 2, 1), (2, 9)),
    "AvgPool2d": (lambda: nn.AvgPool2d(3, 2, 1, count_include_pad=False), (2, 8, 7)),
    "AvgPool3d": (lambda: nn.AvgPool3d(2, 1), (1, 4, 5, 4)),
    "AdaptiveMaxPool1d": (lambda: nn.AdaptiveMaxPool1d(4), (2, 9)),
    "AdaptiveMaxPool2d": (lambda: nn.AdaptiveMaxPool2d((3, 2)), (2, 8, 7)),
    "AdaptiveMaxPool3d": (lambda: nn.AdaptiveMaxPool3d(2), (1, 4, 5, 4)),
    "AdaptiveAvgPool1d": (lambda: nn.AdaptiveAvgPool1d(4), (2, 9)),
    "AdaptiveAvgPool2d": (lambda: nn.AdaptiveAvgPool2d((3, 2)), (2, 8, 7)),
    "AdaptiveAvgPool3d": (lambda: nn.AdaptiveAvgPool3d(2), (1, 4, 5, 4)),
    "BatchNorm1d": (lambda: nn.BatchNorm1d(6, eps=1e-3), USUAL),
    "BatchNorm2d": (lambda: nn.BatchNorm2d(3), (3, 4, 5)),
    "BatchNorm3d": (lambda: nn.BatchNorm3d(2), (2, 3, 4, 3)),
    "Dropout2d": (nn.Dropout2d, (3, 4, 5)),
    "Dropout3d": (nn.Dropout3d, (2, 3, 4, 3)),
    "Softmax": (lambda: nn.Softmax(1), USUAL),
    "LogSoftmax": (lambda: nn.LogSoftmax(-1), USUAL),
    "Softmax2d": (nn.Softmax2d, (3, 4, 5)),
    "Flatten": (lambda: nn.Flatten(2), (3, 4, 5)),
    "Unflatten": (lambda: nn.Unflatten(1, (3, 2)), USUAL),
    "Threshold": (lambda: nn.Threshold(0.3, -0.7), USUAL),
    "PReLU": (lambda: nn.PReLU(6), USUAL),
    "Add": (lambda: WithConstant(torch.add), USUAL),
    "Subtract": (lambda: WithConstant(torch.sub), USUAL),
    "Multiply": (lambda: WithConstant(torch.mul), USUAL),
    "Divide": (lambda: WithConstant(torch.div), USUAL),
}
# settings other than the usual ones
OTHERS = [
    nn.LeakyReLU(0.3), nn.RReLU(0.2, 0.6), nn.ELU(0.6), nn.CELU(0.6), nn.GELU("tanh"), nn.Softplus(0.5, 1.0),
    nn.Softshrink(0.2), nn.Hardshrink(0.9), nn.Hardtanh(-0.4, 0.9), nn.PReLU(),
]  # fmt: skip
COMPUTED = {name: kind for name, kind in kinds().items() if kind.forward is not None}
LINEAR = {name: kind for name, kind in kinds().items() if kind.linear is not None}


def module_of(kind: Kind) -> tuple[Any, tuple[int, ...]]:
    """A module of a kind, with weights and statistics that are not the first ones, and the shape of its points."""
    if kind.name in MODULES:
        make, shape = MODULES[kind.name]
        module = make()
    elif hasattr(nn, kind.name):
        module, shape = getattr(nn, kind.name)(), USUAL
    else:  # of no module that PyTorch has
        assert kind.make is not None, f"{kind.name} must say how it is made"
        module, shape = kind.make(Step(kind.name, USUAL, USUAL)), USUAL
    drawn = np.random.default_rng(1)
    for value in module.state_dict().values():
        if value.is_floating_point():
            value.copy_(torch.from_numpy(drawn.uniform(0.5, 1.5, value.shape)))
    return module.eval(), shape


def points(shape: tuple[int, ...]) -> np.ndarray:
    return (3 * np.random.default_rng(2).standard_normal((5, *shape))).astype(np.float32)


def said(module: Any, x: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        found: np.ndarray = module(torch.from_numpy(x)).numpy()
    return found


def step_of(module: Any, shape: tuple[int, ...], kind: str) -> Step:
    """As a run says it."""
    config = {}
    for key in settings():
        value = getattr(module, key, None)
        if value is not None:
            config[key] = list(value) if isinstance(value, tuple) else value
    arrays = {key: one.numpy() for key, one in module.state_dict().items() if one.ndim}
    outputs = said(module, points(shape)).shape[1:]
    return Step(kind, shape, tuple(outputs), config, arrays)


@pytest.mark.parametrize("name", COMPUTED)
def test_the_forward_pass_is_that_of_torch(name: str) -> None:
    module, shape = module_of(COMPUTED[name])
    x = points(shape)
    found = COMPUTED[name].forward(step_of(module, shape, name), x)  # type: ignore[misc]
    np.testing.assert_allclose(found, said(module, x), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("module", OTHERS, ids=str)
def test_settings_that_are_said_are_those_of_torch(module: Any) -> None:
    module.eval()
    name, x = type(module).__name__, points(USUAL)
    step = step_of(module, USUAL, name)
    found = COMPUTED[name].forward(step, x)  # type: ignore[misc]
    np.testing.assert_allclose(found, said(module, x), rtol=1e-5, atol=1e-6)
    made = kinds()[name].make(step)  # type: ignore[misc]
    made.load_state_dict(module.state_dict())
    np.testing.assert_array_equal(said(made.eval(), x), said(module, x))


@pytest.mark.parametrize("name", ["AvgPool2d", "AvgPool3d"])
def test_a_divisor_of_ones_own_has_a_forward_pass_and_no_linear_part(name: str) -> None:
    module, shape = getattr(nn, name)(2, divisor_override=3), MODULES[name][1]
    step = step_of(module, shape, name)
    x = points(shape)
    found = COMPUTED[name].forward(step, x)  # type: ignore[misc]
    np.testing.assert_allclose(found, said(module, x), rtol=1e-5, atol=1e-6)
    assert linear_part(step) is None


@pytest.mark.parametrize("name", LINEAR)
def test_a_linear_part_is_the_jacobian_and_what_is_none_says_so(name: str) -> None:
    module, shape = module_of(LINEAR[name])
    x, step = points(shape), step_of(module, shape, name)
    y, zero = said(module, x), said(module, np.zeros_like(x))
    known = LINEAR[name].parameters(step, lambda: (x.reshape(5, -1), y.reshape(5, -1)))
    found = linear_part(replace(step, parameters=known))  # of some kinds they are found from points
    assert found is not None
    claim = LINEAR[name].claim
    if claim == "linear":
        jacobian = torch.autograd.functional.jacobian(module, torch.from_numpy(x[:1]))
        written = jacobian.reshape(found.shape[1], found.shape[0]).numpy().T
        np.testing.assert_allclose(found.apply(np.eye(found.shape[0])), written, atol=1e-5)
        np.testing.assert_allclose(
            found.apply(x.reshape(5, -1)), (y - zero).reshape(5, -1), rtol=1e-4, atol=1e-4
        )
    elif claim == "largest":
        np.testing.assert_array_equal(found.largest(x.reshape(5, -1)), y.reshape(5, -1))  # type: ignore[attr-defined]
    else:
        assert np.array_equal(found.apply(np.eye(found.shape[0])), np.eye(found.shape[0]))


@pytest.mark.parametrize("name", [name for name, kind in kinds().items() if kind.make is not None])
def test_what_a_run_says_makes_the_module(name: str) -> None:
    module, shape = module_of(kinds()[name])
    step = step_of(module, shape, name)
    weights = {f"one.{key}": value for key, value in step.parameters.items()}
    chain = Chain([Part("one", name, step.config)], weights)
    assert type(chain.get_submodule("one")).__name__ == type(module).__name__
    x = points(shape)
    np.testing.assert_array_equal(said(chain, x), said(module, x))


def test_kinds_that_are_computed_are_also_made_and_aligned() -> None:
    for name, kind in COMPUTED.items():
        assert kind.make is not None and kind.linear is not None, name
    for name, kind in kinds().items():
        assert name == kind.name and kind.family in FAMILIES


def test_every_family_has_a_colour_in_both_themes_and_none_is_left_over() -> None:
    text = CSS.read_text("utf-8")
    for start in (":root {", '[data-bs-theme="dark"] {'):
        rules = text.split(start)[1].split("}")[0]
        assert set(re.findall(r"--gt-kind-(\w+):", rules)) == set(FAMILIES)


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Input", "input"), ("Conv2d", "convolution"), ("ConvTranspose1d", "convolution"), ("MaxPool2d", "pooling"),
        ("AdaptiveAvgPool2d", "pooling"), ("LPPool2d", "pooling"), ("ReLU", "elementwise"), ("GELU", "elementwise"),
        ("BatchNorm2d", "elementwise"), ("Dropout", "elementwise"), ("Flatten", "elementwise"), ("Linear", "linear"),
        ("Softmax", "softmax"), ("LogSoftmax", "softmax"), ("Softmax2d", "softmax"), ("LayerNorm", "other"),
        ("MultiheadAttention", "other"), ("Block", "other"), ("", "other"),
    ],
)  # fmt: skip
def test_every_kind_has_a_family_those_nobody_knows_too(name: str, family: str) -> None:
    assert kind_of(name).family == family
