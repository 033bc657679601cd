"""A whole network, from its first state to its last: bases, pairs, and the turns that make it one picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gt.align.bases import K, choose_bases, is_identity
from gt.align.tried import tried
from gt.align.triplets import Triplets, leading_triplets
from gt.align.turn import Pair, carry, procrustes_pair, singular_pair, still
from gt.layers.kind import Step, kind_of
from gt.layers.operators import Diagonal, Operator, Pooling

EXACT = 1e-6  # of the length of what a coordinate comes from

Solve = Callable[[Operator, int], Triplets]


@dataclass(frozen=True)
class Transition:
    """What lies between two neighbouring states.

    Attributes:
        kind: Of the layer: "Conv2d".
        how: What its pair of bases comes from: "singular" (vectors of its linear part), "pooling" (of
            average-pooling, in closed form), "diagonal", "identity" (every value is the one before), "value" (each
            value by a function of its own), "softmax", or "procrustes" (the points).
        pair: The two bases.
        sigma: ``(r,)`` leading singular values of the layer, falling; none where no linear part is known.
        exact: How many coordinates of the pair are scaled by the linear part and by nothing else.
    """

    kind: str
    how: str
    pair: Pair
    sigma: np.ndarray
    exact: int


@dataclass(frozen=True)
class Network:
    """All states in k coordinates each.

    Attributes:
        k: Coordinates that are drawn; a state of rank r has zeros behind its first r.
        bases: For each state ``(d, r)`` float64, orthonormal columns.
        centres: For each state ``(d,)``: what is subtracted first.
        transitions: One fewer than states.
        turns: ``(states, k, k)``, see `gt.align.turn.carry`.
        outputs: States whose coordinates are the classes: the last, and those from which only layers that keep the
            axes lead to it.
    """

    k: int
    bases: list[np.ndarray]
    centres: list[np.ndarray]
    transitions: list[Transition]
    turns: np.ndarray
    outputs: list[int]

    def coordinates(self, state: int, values: np.ndarray) -> np.ndarray:
        """Values ``(n, d)`` of a state in its own coordinates, ``(n, r)`` float64.

        Args:
            state: Its number.
            values: ``(n, d)``.

        Returns:
            ``(n, r)`` float64.
        """
        return (values - self.centres[state]) @ self.bases[state]


def align(
    points: Callable[[int], np.ndarray],
    steps: Sequence[Step],
    *,
    k: int = K,
    classes: int = 0,
    solve: Solve = leading_triplets,
) -> Network:
    """Align a chain of states.

    A layer is tried on the points first: one that does not do what its weights and the state before say (its input is
    another state, as behind a residual branch) is aligned by the points, see `gt.align.tried`.

    Args:
        points: Gives the recorded values ``(n, d)`` of state i at the reference epoch.
        steps: The layer between each two neighbouring states; their shapes are those of the states.
        k: Coordinates of each state.
        classes: Of the network. Where the last state has as many values, its axes mean something, and it and those
            whose axes it shares keep their origin.
        solve: Finds leading singular triplets; a cache may stand before it.

    Returns:
        The network.

    Raises:
        ValueError: If k is below one, or the values of a state do not fit its shape.
    """
    shapes = [steps[0].inputs, *(step.outputs for step in steps)]
    widths = [int(np.prod(shape)) for shape in shapes]

    def values(i: int) -> np.ndarray:
        found = np.asarray(points(i), np.float64).reshape(-1, widths[i])
        return found

    operators = [tried(step, values(i), values(i + 1)) for i, step in enumerate(steps)]
    outputs = _outputs(operators, widths, classes)
    centres = [np.zeros(d) if i in outputs else values(i).mean(0) for i, d in enumerate(widths)]
    triplets = [_known(operator, k, solve) for operator in operators]
    bases = choose_bases(lambda i: values(i) - values(i).mean(0), widths, operators, triplets, k)
    inside = [(values(i) - centres[i]) @ bases[i] for i in range(len(widths))]
    padded = [np.pad(z, ((0, 0), (0, k - z.shape[1]))) for z in inside]
    transitions = [
        _transition(step, operators[i], triplets[i], bases[i : i + 2], padded[i : i + 2], k)
        for i, step in enumerate(steps)
    ]
    for i, one in enumerate(transitions):
        if one.how == "value" and np.array_equal(values(i), values(i + 1)):
            transitions[i] = replace(one, how="identity", exact=k)
    turns = carry([one.pair.turn for one in transitions], k)
    return Network(k, bases, centres, transitions, turns, outputs)


def _outputs(
    operators: Sequence[Operator | None], widths: Sequence[int], classes: int
) -> list[int]:
    """The states whose coordinates are the classes: behind them everything goes value by value."""
    found = [len(operators)] if widths[-1] == classes else []
    while found and found[0] > 0:
        if widths[found[0] - 1] != classes or not is_identity(operators[found[0] - 1]):
            break
        found.insert(0, found[0] - 1)
    return found


def _known(operator: Operator | None, k: int, solve: Solve) -> Triplets | None:
    return None if operator is None or is_identity(operator) else solve(operator, k)


def _transition(
    step: Step,
    operator: Operator | None,
    triplets: Triplets | None,
    bases: list[np.ndarray],
    padded: list[np.ndarray],
    k: int,
) -> Transition:
    if operator is None:
        pair = procrustes_pair(*padded)
        return Transition(step.kind, "procrustes", pair, np.empty(0), 0)
    if is_identity(operator):
        how = "softmax" if kind_of(step.kind).claim == "softmax" else "value"
        return Transition(step.kind, how, still(k), np.empty(0), 0)
    before, behind = bases
    came = operator.adjoint(np.ascontiguousarray(behind.T)).T  # (d_before, r): where it comes from
    block = np.zeros((k, k))
    block[: before.shape[1], : behind.shape[1]] = before.T @ came
    pair = singular_pair(block, *padded)
    from_where = came @ pair.right[: behind.shape[1]]  # (d_before, k)
    scaled = before @ (pair.left[: before.shape[1]] * pair.sigma)
    off = np.linalg.norm(from_where - scaled, axis=0)
    exact = int((off <= EXACT * max(float(np.linalg.norm(from_where, axis=0).max()), 1e-300)).sum())
    sort = {Pooling: "pooling", Diagonal: "diagonal"}.get(type(operator), "singular")
    sigma = np.empty(0) if triplets is None else triplets.sigma
    return Transition(step.kind, sort, pair, sigma, exact)
