"""Networks with branches are aligned: additions are exact in one basis, and nothing is called what it is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gt.align import align
from gt.align.align_run import align_run, plan
from gt.align.network import Network, align_graph
from gt.align.recorded import links_of, shown_of, values_of
from gt.kept.alignment import Alignment, open_alignment
from gt.layers import Step
from gt.run import Run, RunError
from tests.graphs import mixer, residual_cnn
from tests.recordings import spread

torch = pytest.importorskip("torch")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GT_CACHE_DIR", str(tmp_path / "cache"))


def aligned(run: Run, **options: Any) -> Alignment:
    return align_run(run, plan(run, **options))


def in_memory(run: Run, k: int) -> tuple[Network, list[np.ndarray], list[Any]]:
    rows, at = np.arange(run.n), len(run.epochs) - 1
    shown = shown_of(run, rows, at)
    states = [values_of(run, layer, at, rows) for layer in shown.layers]
    links = links_of(run, shown, at, states.__getitem__)
    shapes = [layer.shape for layer in shown.layers]
    return align_graph(states.__getitem__, shapes, links, k=k, classes=3), states, links


@pytest.mark.parametrize("k", [4, 8, 32, 200])
@pytest.mark.parametrize("make", [residual_cnn, mixer])
def test_every_point_moves_by_what_is_added_in_one_basis(tmp_path: Path, make: Any, k: int) -> None:
    network, states, links = in_memory(make(tmp_path / "run"), k)
    sums = {link.behind: link.terms for link in links if link.sort == "addition"}
    assert len(sums) == 2
    for behind, terms in sums.items():
        z = network.coordinates(behind, states[behind])
        total = sum(f * network.coordinates(i, states[i]) for i, f in terms)
        assert np.abs(z - total).max() < 1e-6 * max(1.0, np.abs(states[behind]).max() * 4)
        for i, _ in terms:
            assert network.bases[i] is network.bases[behind]
    for link, one in zip(links, network.transitions, strict=True):
        if link.sort == "addition":
            assert one.how == "addition" and one.exact == k and one.pair.residual is None
            assert np.array_equal(one.pair.turn, np.eye(k))


def test_an_addition_that_the_points_deny_goes_by_the_points() -> None:
    from gt.align.network import Link

    points = spread(60, (40,)).astype(float)
    other = points[:, ::-1] ** 2
    off = points + other
    off[7, 3] += 0.5  # one value of one point
    step = Step("Add", (40,), (40,))
    links = [
        Link(0, 2, step, "addition", ((0, 1.0), (1, 1.0))),
        Link(1, 2, step, "addition", ((0, 1.0), (1, 1.0))),
    ]
    for behind, how in ((points + other, "addition"), (off, "procrustes")):
        states = [points, other, behind]
        found = align_graph(states.__getitem__, [(40,)] * 3, links, k=8)
        assert {one.how for one in found.transitions} == {how}


def test_linear_and_value_layers_of_a_branch_are_found_and_the_rest_says_what_it_leaves(
    tmp_path: Path,
) -> None:
    one = aligned(residual_cnn(tmp_path / "run"))
    how = {
        state.name: passage.how
        for state, passage in zip(one.states[1:], one.transitions, strict=True)
    }
    assert how["block0.conv1"] == how["block1.conv2"] == how["fc"] == how["stem"] == "singular"
    assert how["/relu"] == how["block0/relu:2"] == "value"
    assert how["block0/add"] == "addition" and how["/mean"] == "procrustes"
    assert how["softmax"] == "softmax"
    left = [passage.residual for passage in one.transitions]
    assert [x is not None for x in left] == [h == "procrustes" for h in how.values()]


def test_functions_find_their_parameters(tmp_path: Path) -> None:
    one = aligned(mixer(tmp_path / "run"))
    how = {
        state.name: passage.how
        for state, passage in zip(one.states[1:], one.transitions, strict=True)
    }
    assert how["b0.down"] == "singular" and how["b0.norm"] == "procrustes"


def test_an_untrained_residual_network_gets_no_identity(tmp_path: Path) -> None:
    """Each branch gives zero: a sum, or a ReLU behind one, has the very values of a state before, and is none of it."""
    for keep in (True, False):
        run = residual_cnn(tmp_path / f"run-{keep}", zero=True, keep=keep)
        one = aligned(run, reference=0)
        for place in ({}, {"block0/add": "/relu"}, {"block0/relu:2": "/relu"}):
            path = one.along(place)
            for way, passage in zip(path.ways, path.transitions, strict=True):
                # a ReLU that is all there is between two states may be one, of values that are none below zero
                assert passage.how != "identity" or way.sort == "operation"
    short = one.along({"block0/relu:2": "/relu"})
    assert short.transitions[2].how == "procrustes" and short.ways[2].sort == "several"


def test_without_a_graph_equal_values_are_not_said_to_be_an_identity() -> None:
    """A ReLU behind a sum whose branch is zero and not recorded looks just like a ReLU alone."""
    points = np.maximum(spread(60, (6,)).astype(float), 0)
    states = [points, points.copy()]
    step = Step("ReLU", (6,), (6,))
    assert align(states.__getitem__, [step], k=6).transitions[0].how == "identity"
    unsaid = align(states.__getitem__, [step], k=6, said=False).transitions[0]
    assert (unsaid.how, unsaid.exact) == ("value", 0)


def test_any_path_is_shown_of_one_alignment(tmp_path: Path) -> None:
    run = residual_cnn(tmp_path / "run")
    one = aligned(run)
    assert one.whole is not None and one.choices == {}
    short = one.along({"block0/add": "/relu"})
    assert [state.name for state in short.states][:5] == [
        "input",
        "stem",
        "/relu",
        "block0/add",
        "block0/relu:2",
    ]
    assert short.choices == {"block0/add": "/relu"}
    assert [way.role for way in short.ways][2] == "skip" and len(short.turns) == len(short.states)
    for path in (one, short):
        for at in range(len(run.epochs)):
            last = path.turned(len(path.states) - 1, at)[:, :3]
            np.testing.assert_allclose(
                last, run.activations("softmax", at)[path.rows(run)], atol=1e-3
            )
        for turn in path.turns:
            np.testing.assert_allclose(turn @ turn.T, np.eye(path.k), atol=1e-10)
        for i, state in enumerate(path.states):
            whole = path.whole.names.index(state.name)
            assert np.array_equal(path.variance[i], path.whole.variance[whole])
    assert short.along().states == one.states


def test_terms_and_their_sum_add_up_in_the_picture_too(tmp_path: Path) -> None:
    """Over one size, in every epoch; what is stored is rounded to steps."""
    run = residual_cnn(tmp_path / "run")
    one = aligned(run)
    long, short = one, one.along({"block0/add": "/relu"})
    names = [state.name for state in long.states]
    other = [state.name for state in short.states]
    for epoch in range(len(run.epochs)):
        f = long.turned(names.index("block0.conv2"), epoch)
        y = long.turned(names.index("block0/add"), epoch)
        x = short.turned(other.index("/relu"), epoch)
        y_short = short.turned(other.index("block0/add"), epoch)
        assert np.allclose(y, y_short)  # from there on both paths are the same
        np.testing.assert_allclose(x + f, y, atol=2e-3)


def test_it_is_opened_as_it_was_written_and_damage_is_told(tmp_path: Path) -> None:
    one = aligned(residual_cnn(tmp_path / "run"))
    again = open_alignment(one.path)
    assert again.states == one.states and np.array_equal(again.turns, one.turns)
    file = one.path / "zarr.json"
    text = file.read_text()
    file.write_text(text.replace('"behind": 1,', '"behind": 0,', 1))
    with pytest.raises(RunError, match="ways must lead"):
        open_alignment(one.path)


def test_outputs_that_are_a_sum_have_terms_in_the_classes_axes() -> None:
    from gt.align.network import Link

    points = spread(40, (3,)).astype(float)
    other = points[:, ::-1].copy()
    step, terms = Step("Add", (3,), (3,)), ((0, 1.0), (1, 1.0))
    links = [Link(0, 2, step, "addition", terms), Link(1, 2, step, "addition", terms)]
    found = align_graph(
        [points, other, points + other].__getitem__, [(3,)] * 3, links, k=4, classes=3
    )
    assert found.outputs == [0, 1, 2] and not any(centre.any() for centre in found.centres)


@pytest.mark.parametrize(
    ("kind", "call"),
    [
        ("Multiply", lambda x: 0.3 * x),
        ("Divide", lambda x: x / -4),
        ("Add", lambda x: x + 2),
        ("Subtract", lambda x: 1 - x),
    ],
)
def test_arithmetic_with_a_constant_is_exact(kind: str, call: Any) -> None:
    from dataclasses import replace

    from gt.layers.kind import kind_of

    points = spread(60, (40,)).astype(float)
    step = Step(kind, (40,), (40,))
    behind = call(points)
    step = replace(step, parameters=kind_of(kind).parameters(step, lambda: (points, behind)))
    found = align([points, behind].__getitem__, [step], k=8).transitions[0]
    assert found.how in ("diagonal", "value") and found.pair.residual is None
    gated = points * np.tanh(points)
    step = Step(
        kind, (40,), (40,), parameters=kind_of(kind).parameters(step, lambda: (points, gated))
    )
    assert align([points, gated].__getitem__, [step], k=8).transitions[0].how == "procrustes"
