"""What is concatenated keeps its coordinates, and what joins it appears beside them: against numpy's concatenate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gt.align.align_run import align_run, plan
from gt.align.network import Link, Network, align_graph
from gt.align.paths import drawn
from gt.kept.alignment import Alignment
from gt.layers import Step
from gt.layers.operators import Placed
from gt.run.graph import Graph, Node
from gt.run.layer import Layer
from tests.recordings import spread


def joined(
    shapes: list[tuple[int, ...]], axis: int, k: int, behind: Any = None
) -> tuple[Network, list[np.ndarray]]:
    """States of the shapes, concatenated along an axis of a point, and aligned."""
    rng = np.random.default_rng(1)
    states = [rng.normal(i, 1 + i, (60, *shape)) for i, shape in enumerate(shapes)]
    whole = np.concatenate(states, axis + 1) if behind is None else behind(states)
    step = Step("Concat", shapes[0], whole.shape[1:], {"dim": axis + 1})
    first, links = 0, []
    for i, shape in enumerate(shapes):
        place = (axis, first, shape[axis])
        links.append(Link(i, len(shapes), step, "concatenation", place=place))
        first += shape[axis]
    states.append(whole)
    flat = [one.reshape(60, -1) for one in states]
    return align_graph(flat.__getitem__, [one.shape[1:] for one in states], links, k=k), flat


def placed(k: int, z: np.ndarray) -> np.ndarray:
    return np.pad(z, ((0, 0), (0, k - z.shape[1])))


@pytest.mark.parametrize(
    ("shapes", "axis"),
    [([(5,), (3,)], 0), ([(2, 3, 2), (1, 3, 2), (3, 3, 2)], 0), ([(2, 3), (2, 1)], 1)],
)
def test_a_point_moves_by_what_joins_it_and_at_right_angles_to_itself(
    shapes: list[tuple[int, ...]], axis: int
) -> None:
    k = 40
    network, states = joined(shapes, axis, k)
    behind = placed(k, network.coordinates(len(shapes), states[-1]))
    centred = [values - values.mean(0) for values in states]
    for i, one in enumerate(network.transitions):
        assert one.how == "concatenation" and one.exact == k and one.pair.residual is None
        before = placed(k, network.coordinates(i, states[i])) @ one.pair.turn
        moved = behind - before
        others = [centred[j] if j != i else np.zeros_like(centred[j]) for j in range(len(shapes))]
        # each point's own values stay, all that moves is the others', and none of that lies along this one's axes
        np.testing.assert_allclose((moved**2).sum(1), sum((o**2).sum(1) for o in others), rtol=1e-9)
        np.testing.assert_allclose(moved @ before.T, 0, atol=1e-9)
        known = np.concatenate(
            [o.reshape(60, *s) for o, s in zip(others, shapes, strict=True)], axis + 1
        )
        np.testing.assert_allclose(
            moved[:, : states[-1].shape[1]], known.reshape(60, -1) @ network.bases[-1], atol=1e-9
        )


@pytest.mark.parametrize("k", [4, 8, 20])
def test_of_wide_states_the_coordinates_that_are_kept_stay(k: int) -> None:
    network, states = joined([(30, 2), (10, 2)], 0, k)
    basis = network.bases[-1]
    inside = np.zeros(80, bool)
    inside[:60] = True
    for column in basis.T:  # each direction is of one input alone
        assert not column[inside].any() or not column[~inside].any()
    assert basis.shape[1] == k
    behind = network.coordinates(2, states[-1])
    for i, one in enumerate(network.transitions):
        own = np.flatnonzero(basis[inside if i == 0 else ~inside].any(0))
        assert one.how == "concatenation" and one.exact == len(own) == k // 2
        stay = one.pair.sigma > 0.5
        assert stay.sum() == len(own)
        before = network.coordinates(i, states[i]) @ one.pair.left[:, stay]
        np.testing.assert_allclose(before, behind @ one.pair.right[:, stay], atol=1e-9)
        assert np.allclose(one.pair.turn @ one.pair.turn.T, np.eye(k))


def test_what_the_points_deny_is_aligned_by_them() -> None:
    def swapped(states: list[np.ndarray]) -> np.ndarray:
        return np.concatenate([states[0], states[1][:, ::-1]], 1)

    network, _ = joined([(5,), (3,)], 0, 8, swapped)
    assert [one.how for one in network.transitions] == ["concatenation", "procrustes"]


def test_values_are_placed_as_numpy_concatenates_them() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(4, 2, 3, 5)), rng.normal(size=(4, 2, 1, 5))
    whole = np.concatenate([a, b], 2)
    first, second = Placed((2, 4, 5), 1, 0, 3), Placed((2, 4, 5), 1, 3, 1)
    flat = whole.reshape(4, -1)
    assert np.array_equal(first.apply(a.reshape(4, -1)) + second.apply(b.reshape(4, -1)), flat)
    assert np.array_equal(second.adjoint(flat), b.reshape(4, -1))
    assert first.shape == (30, 40)
    with pytest.raises(ValueError, match="2 to 5 must be within axis 0"):
        Placed((4,), 0, 2, 3)


NODES = {
    "x": Node("x", "Input", (), (4, 3), layer="x"),
    "a": Node("a", "Linear", (0,), (4, 2), layer="a"),
    "b": Node("b", "Linear", (0,), (4, 5), layer="b"),
}


def places(
    dim: Any, inputs: tuple[int, ...], shape: tuple[int, ...], **more: Node
) -> dict[str, Any]:
    """Of each state where it stands in what concatenates positions of nodes; None where that is not said."""
    nodes = [*(NODES | more).values()]
    nodes.append(Node("y", "Concat", inputs, shape, config={"dim": dim}, layer="y"))
    layers = [Layer(one.layer, one.kind, one.shape) for one in nodes if one.layer and one.shape]
    found = drawn(Graph(tuple(nodes), len(nodes) - 1), layers)
    assert all((e.sort == "concatenation") == (e.place is not None) for e in found.edges)
    last = len(found.layers) - 1
    return {found.layers[e.before].name: e.place for e in found.edges if e.behind == last}


def test_the_graph_and_the_node_say_where_an_input_stands() -> None:
    both = {"a": (1, 0, 2), "b": (1, 2, 5)}
    assert places(2, (1, 2), (4, 7)) == places(-1, (1, 2), (4, 7)) == both
    assert places(2, (2, 1), (4, 7)) == {"b": (1, 0, 5), "a": (1, 5, 2)}
    bent = Node("bent", "ReLU", (2,), (4, 5))
    assert places(2, (1, 3), (4, 7), bent=bent) == {"a": (1, 0, 2), "b": None}
    same = Node("same", "Dropout", (2,), (4, 5))
    assert places(2, (1, 3), (4, 7), same=same) == both
    assert places(2, (0, 1), (4, 5)) == {"x": (1, 0, 3), "a": (1, 3, 2)}
    assert places(0, (1, 1), (8, 2)) == {"a": None}  # twice
    long = Node("long", "Linear", (0,), (6, 2), layer="long")
    assert places(0, (1, 3), (10, 2), long=long)["long"] == (0, 4, 6)  # time, with points behind it


@pytest.mark.parametrize(
    ("dim", "shape"), [(1, (4, 7)), (2, (4, 8)), (None, (4, 7)), (5, (4, 7)), (-9, (4, 7))]
)
def test_where_that_does_not_fit_nothing_is_said(dim: Any, shape: tuple[int, ...]) -> None:
    assert places(dim, (1, 2), shape) == {"a": None, "b": None}


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Alignment:
    torch = pytest.importorskip("torch")
    from torch import nn

    from tests.graphs import Tape, record_graph

    monkeypatch.setenv("GT_CACHE_DIR", str(tmp_path / "cache"))
    torch.manual_seed(2)
    model = nn.ModuleDict(
        {"a": nn.Conv2d(1, 2, 1), "b": nn.Conv2d(1, 3, 3, padding=1), "fc": nn.Linear(45, 3)}
    )

    def forward(tape: Tape) -> int:
        a, b = tape.module("a", 0), tape.module("b", 0)
        y = tape.function("/cat", "Concat", lambda *all: torch.cat(all, 1), a, b, config={"dim": 1})
        flat = tape.function("/flatten", "Flatten", lambda x: x.flatten(1), y, keep=False)
        return tape.module("fc", flat)

    run = record_graph(tmp_path / "run", model, spread(90, (1, 3, 3)), forward)
    return align_run(run, plan(run, k=48))


def test_a_recorded_concatenation_is_exact_along_each_branch_and_drawn_over_one_size(
    recorded: Alignment,
) -> None:
    whole = recorded.whole
    assert whole is not None and whole.names == ["input", "a", "b", "/cat", "fc", "softmax"]
    for branch, size in (("a", 18), ("b", 27)):
        path = recorded.along({"/cat": branch})
        assert [way.sort for way in path.ways][1] == path.transitions[1].how == "concatenation"
        assert path.states[1].scale == path.states[2].scale and path.transitions[1].exact == 48
        for epoch in (0, 1):
            before, behind = path.turned(1, epoch), path.turned(2, epoch)
            moved = behind - before
            kept = np.linalg.svd(before.astype(float), full_matrices=False)[2][:size]
            np.testing.assert_allclose(moved @ kept.T, 0, atol=2e-3)
            np.testing.assert_allclose(behind @ kept.T, before @ kept.T, atol=2e-3)
