"""Whole chains of layers, of numbers alone: what each is aligned by, and what is still in its pair."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from gt.align import Dense, Network, Step, align
from gt.layers import Kind, kinds, register
from gt.layers import kind as table
from tests.recordings import rotation, spread


def aligned(steps: list[Step], states: list[np.ndarray], k: int = 32) -> Network:
    return align(lambda i: states[i], steps, k=k)


def in_pair(network: Network, i: int, states: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Points before and behind transition i, in the two bases of its pair."""
    k, pair = network.k, network.transitions[i].pair
    z = [network.coordinates(j, states[j]) for j in (i, i + 1)]
    a, b = (np.pad(one, ((0, 0), (0, k - one.shape[1]))) for one in z)
    return a @ pair.left, b @ pair.right


def linear(weight: np.ndarray) -> Step:
    return Step("Linear", (weight.shape[1],), (weight.shape[0],), {}, {"weight": weight})


@contextmanager
def known(*names: str) -> Iterator[None]:
    """Whatever is registered inside is gone afterwards."""
    before = dict(kinds())
    try:
        yield
    finally:
        table._table.clear()
        table._table.update(before)
        assert not set(names) & set(kinds())


def test_turns_are_orthogonal_and_the_last_state_has_its_own_axes() -> None:
    rng = np.random.default_rng(0)
    weights = [rng.standard_normal(shape) for shape in ((20, 40), (7, 20), (3, 7))]
    states = [spread(60, (40,)).astype(float)]
    for weight in weights:
        states.append(states[-1] @ weight.T + 1)
    network = aligned([linear(w) for w in weights], states, k=10)
    assert np.array_equal(network.turns[-1], np.eye(10))
    for turn in network.turns:
        assert np.abs(turn.T @ turn - np.eye(10)).max() < 1e-10


def test_a_new_kind_changes_how_its_layer_is_aligned() -> None:
    turned = rotation(6)
    points = spread(60, (6,)).astype(float)
    states = [points, points @ turned]
    steps = [Step("Turned", (6,), (6,))]
    assert aligned(steps, states).transitions[0].how == "procrustes"
    with known("Turned"):
        register(Kind("Turned", linear=lambda step: Dense(turned)))
        found = aligned(steps, states).transitions[0]
        assert found.how == "singular" and found.pair.residual is None
        assert np.allclose(found.sigma, 1)
    assert aligned(steps, states).transitions[0].how == "procrustes"


def test_a_kind_that_says_what_the_points_deny_is_not_believed() -> None:
    points = spread(60, (6,)).astype(float)
    weight = np.random.default_rng(1).standard_normal((6, 6))
    other = Step("Linear", (6,), (6,), {}, {"weight": weight})
    assert aligned([other], [points, points @ weight.T]).transitions[0].how == "singular"
    assert aligned([other], [points, points @ weight.T + points]).transitions[0].how == "procrustes"


BENDS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "ReLU": lambda x: np.maximum(x, 0),
    "Tanh": np.tanh,
    "Hardshrink": lambda x: np.where(np.abs(x) > 0.5, x, 0),
}


@pytest.mark.parametrize("kind", BENDS)
@pytest.mark.parametrize("rounded", [np.float64, np.float16])
def test_a_layer_that_goes_value_by_value_is_believed_if_each_value_does(
    kind: str, rounded: type
) -> None:
    """Behind a residual branch the ReLU takes a sum, which is another input than the state before it."""
    points = spread(120, (6,)).astype(rounded) - rounded(0.5)
    step = Step(kind, (6,), (6,))
    behind = BENDS[kind](points).astype(rounded)
    found = aligned([step], [points, behind]).transitions[0]
    assert (found.how, found.exact, found.pair.residual) == ("value", 0, None)
    for part in (1.0, 0.05):
        branch = (part * (points @ rotation(6, 3))).astype(rounded)
        found = aligned([step], [points, BENDS[kind](points + branch)]).transitions[0]
        assert found.how == "procrustes" and found.pair.residual is not None
    behind[77, 2] += rounded(0.3)  # one value of one point
    assert aligned([step], [points, behind]).transitions[0].how == "procrustes"


def test_an_identity_is_claimed_where_every_value_is_the_one_before() -> None:
    points = spread(120, (6,)).astype(float)
    for kind, shape in (("Dropout", (6,)), ("Flatten", (2, 3)), ("ReLU", (6,))):
        step, same = Step(kind, shape, (6,)), np.maximum(points, 0)
        found = aligned([step], [same, same.copy()]).transitions[0]
        assert (found.how, found.exact) == ("identity", 32)
    other = points.copy()
    other[100, 3] += 0.01
    found = aligned([Step("Dropout", (6,), (6,))], [points, other]).transitions[0]
    assert found.exact == 0 and found.how != "identity"


def test_a_setting_that_is_recorded_is_believed_and_another_is_not() -> None:
    points = spread(120, (4, 3)).reshape(120, -1).astype(float) - 0.5
    steep = np.where(points > 0, points, 0.3 * points)
    said = Step("LeakyReLU", (12,), (12,), {"negative_slope": 0.3})
    assert aligned([said], [points, steep]).transitions[0].how == "value"
    usual = Step("LeakyReLU", (12,), (12,))
    assert aligned([usual], [points, steep]).transitions[0].how == "procrustes"
    slopes = np.array([0.1, -0.5, 2.0, 0.0])
    each = np.where(points > 0, points, np.repeat(slopes, 3) * points)
    prelu = Step("PReLU", (4, 3), (4, 3), {}, {"weight": slopes})
    assert aligned([prelu], [points, each]).transitions[0].how == "value"


@pytest.mark.parametrize("kind", ["Linear", "Conv1d", "AvgPool1d", "MaxPool1d", "BatchNorm1d"])
def test_what_a_function_between_two_layers_does_is_no_scaling(kind: str) -> None:
    """One value of one point that the layer did not make, or a tenth of the input added to all."""
    rng = np.random.default_rng(1)
    points = spread(120, (2, 6)).astype(float)
    weight = rng.standard_normal((12, 12))
    arrays = {"Linear": {"weight": weight}, "Conv1d": {"weight": weight[:2, :2, None]}}.get(
        kind, {}
    )
    config = {"kernel_size": 2} if "Pool" in kind else {}
    if kind == "BatchNorm1d":
        arrays, config = {"running_var": np.array([4.0, 0.25])}, {"eps": 0.0}
    shape = (12,) if kind == "Linear" else (2, 6)
    made = {
        "Linear": lambda x: x.reshape(120, -1) @ weight.T + 1,
        "Conv1d": lambda x: np.einsum("oi,nix->nox", weight[:2, :2], x) - 2,
        "AvgPool1d": lambda x: x.reshape(120, 2, 3, 2).mean(3),
        "MaxPool1d": lambda x: x.reshape(120, 2, 3, 2).max(3),
        "BatchNorm1d": lambda x: x * np.array([0.5, 2.0])[:, None] + 3,
    }[kind](points)
    outputs = (12,) if kind == "Linear" else made.shape[1:]
    step = Step(kind, shape, outputs, config, arrays)
    states = [points.reshape(120, -1).astype(np.float16), made.reshape(120, -1).astype(np.float16)]
    how = aligned([step], states).transitions[0].how
    assert how in ("singular", "pooling", "diagonal")
    alone, share = states[1].copy(), states[1].astype(float)
    alone[100, 1] += np.float16(0.5) * np.abs(alone).max()
    share += 0.1 * states[0][:, : share.shape[1]]
    relu = np.maximum(states[1], np.float16(np.median(states[1])))
    for other in (alone, share, relu):
        found = aligned([step], [states[0], other]).transitions[0]
        assert (found.how, found.exact) == ("procrustes", 0) and found.pair.residual is not None


@pytest.mark.parametrize("kind", ["Softmax", "LogSoftmax"])
def test_a_softmax_of_something_else_is_not_believed(kind: str) -> None:
    points = spread(60, (4,)).astype(float)
    whole = np.exp(points) / np.exp(points).sum(1, keepdims=True)
    made = whole if kind == "Softmax" else np.log(whole)
    step = Step(kind, (4,), (4,))
    assert aligned([step], [points, made]).transitions[0].how == "softmax"
    assert aligned([step], [points[:, ::-1], made]).transitions[0].how == "procrustes"


def test_the_axes_are_the_classes_only_where_the_points_go_value_by_value() -> None:
    points = spread(60, (3,)).astype(float) - 0.5
    weight = np.random.default_rng(3).standard_normal((3, 3))
    steps = [linear(weight), Step("ReLU", (3,), (3,))]
    logits = points @ weight.T
    network = align([points, logits, np.maximum(logits, 0)].__getitem__, steps, classes=3)
    assert network.outputs == [1, 2]
    states = [points, logits, np.maximum(logits + points, 0)]
    network = align(states.__getitem__, steps, classes=3)
    assert network.outputs == [2] and network.transitions[1].how == "procrustes"


def test_average_pooling_is_tried_as_strictly_as_a_linear_layer() -> None:
    points = np.abs(spread(60, (1, 4, 4))).reshape(60, -1).astype(float)
    step = Step("AvgPool2d", (1, 4, 4), (1, 2, 2), {"kernel_size": 2})
    mean = points.reshape(60, 2, 2, 2, 2).mean((2, 4)).reshape(60, -1)
    assert aligned([step], [points, mean]).transitions[0].how == "pooling"
    assert aligned([step], [points, 1.2 * mean]).transitions[0].how == "procrustes"


def test_a_kind_whose_states_are_no_neighbours_goes_by_the_points() -> None:
    step = Step("Linear", (6,), (4,), {}, {"weight": np.ones((3, 5))})
    points = spread(60, (6,)).astype(float)
    assert aligned([step], [points, points[:, :4]]).transitions[0].how == "procrustes"


def test_batch_norm_in_evaluation_is_a_diagonal() -> None:
    points = spread(60, (3, 2, 2)).reshape(60, -1).astype(float)
    arrays = {"running_var": np.array([4.0, 1.0, 0.25]), "weight": np.array([1.0, -2.0, 3.0])}
    step = Step("BatchNorm2d", (3, 2, 2), (3, 2, 2), {"eps": 0.0}, arrays)
    factors = np.repeat([0.5, -2.0, 6.0], 4)
    states = [points, points * factors + 3]
    network = aligned([step], states)
    found = network.transitions[0]
    assert (found.how, found.exact) == ("diagonal", 32)
    assert np.allclose(found.sigma, np.sort(np.abs(factors))[::-1])
    before, behind = in_pair(network, 0, states)
    assert np.allclose(behind, before * found.pair.sigma, atol=1e-9)


def test_max_pooling_shows_the_pooled_values_themselves() -> None:
    points = spread(60, (1, 8)).astype(float).reshape(60, -1)
    pooled = points.reshape(60, 4, 2).max(2)
    step = Step("MaxPool1d", (1, 8), (1, 4), {"kernel_size": 2})
    network = aligned([step], [points, pooled])
    assert network.transitions[0].how == "pooling"
    assert np.allclose(network.transitions[0].sigma, np.sqrt(0.5))
    shown = network.coordinates(1, pooled) + pooled.mean(0)
    assert np.allclose(shown, pooled)  # all four of them, and nothing rescaled


@pytest.mark.parametrize("k", [32, 6])
def test_a_chain_of_rotations_stands_still(k: int) -> None:
    states = [spread(60, (20,)).astype(float)]
    weights = [rotation(20, seed) for seed in range(4)]
    for weight in weights:
        states.append(states[-1] @ weight.T - 2)
    network = aligned([linear(w) for w in weights], states, k=k)
    shown = [
        np.pad(z, ((0, 0), (0, k - z.shape[1]))) @ network.turns[i]
        for i, z in enumerate(network.coordinates(j, states[j]) for j in range(5))
    ]
    for a, b in itertools.pairwise(shown):
        assert np.abs(a - b).max() < 1e-9
    assert np.linalg.norm(shown[0]) > 1


@pytest.mark.parametrize("fault", ["dead", "one place", "one point"])
def test_states_with_nothing_to_see_have_turns_too(fault: str) -> None:
    n = 1 if fault == "one point" else 20
    points = spread(n, (50,)).astype(float)
    weight = np.random.default_rng(2).standard_normal((40, 50))
    middle = points @ weight.T
    if fault != "one point":
        middle = np.full_like(middle, 0.0 if fault == "dead" else 3.0)
    last = np.random.default_rng(3).standard_normal((2, 40))
    states = [points, middle, middle @ last.T]
    network = aligned([Step("Frozen", (50,), (40,)), linear(last)], states, k=8)
    assert np.isfinite(network.turns).all()
    for turn in network.turns:
        assert np.abs(turn.T @ turn - np.eye(8)).max() < 1e-10
    assert network.bases[1].shape[1] >= 2  # where the last state comes from


def test_k_must_be_a_number_of_coordinates() -> None:
    with pytest.raises(ValueError, match="k must be at least 1, got 0"):
        aligned([linear(np.eye(3))], [np.ones((2, 3))] * 2, k=0)
