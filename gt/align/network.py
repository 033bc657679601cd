"""A whole network, from its first state to its last: bases, pairs, and the turns that make it one picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gt.align.bases import K, choose_bases, is_identity
from gt.align.kinds import Step, linear_part
from gt.align.operator import Diagonal, Operator
from gt.align.pooling import Pooling
from gt.align.triplets import Triplets, leading_triplets
from gt.align.turn import Pair, carry, procrustes_pair, singular_pair, still

CHECKED = 64  # points on which it is tried whether a layer does what its weights say
AGREES = 0.02  # of the size of what is behind it; half precision alone makes 0.001
BETWEEN = 0.5  # of the size of what is behind it; steps and kinks make less, another input than thought far more
AXES_STAY = (
    "Softmax",
    "LogSoftmax",
)  # each value comes from all, and yet the axes keep their meaning
EXACT = 1e-6  # of the length of what a coordinate comes from

Solve = Callable[[Operator, int], Triplets]


@dataclass(frozen=True)
class Transition:
    """What lies between two neighbouring states.

    Attributes:
        kind: Of the layer: "Conv2d".
        how: What its pair of bases comes from: "singular" (vectors of its linear part), "pooling" (of
            average-pooling, in closed form), "diagonal", "identity", "softmax", or "procrustes" (the points).
        pair: The two bases.
        sigma: Leading singular values of the layer, falling; none where no linear part is known.
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
    """

    k: int
    bases: list[np.ndarray]
    centres: list[np.ndarray]
    transitions: list[Transition]
    turns: np.ndarray

    def coordinates(self, state: int, values: np.ndarray) -> np.ndarray:
        """Values ``(n, d)`` of a state in its own coordinates, ``(n, r)`` float64."""
        return (values - self.centres[state]) @ self.bases[state]


def align(
    points: Callable[[int], np.ndarray],
    steps: Sequence[Step],
    *,
    k: int = K,
    about_zero: Sequence[int] = (),
    solve: Solve = leading_triplets,
) -> Network:
    """Align a chain of states.

    A layer is tried on some of the points first: one that does not do what its weights and the state before say
    (its input is another state, as behind a residual branch) is aligned by the points.

    Args:
        points: Gives the recorded values ``(n, d)`` of state i at the reference epoch.
        steps: The layer between each two neighbouring states; their shapes are those of the states.
        k: Coordinates of each state.
        about_zero: States whose axes mean something, and so keep their origin.
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

    centres = [np.zeros(d) if i in about_zero else values(i).mean(0) for i, d in enumerate(widths)]
    operators = [_tried(step, values(i), values(i + 1)) for i, step in enumerate(steps)]
    triplets = [_known(operator, k, solve) for operator in operators]
    bases = choose_bases(lambda i: values(i) - values(i).mean(0), widths, operators, triplets, k)
    inside = [(values(i) - centres[i]) @ bases[i] for i in range(len(widths))]
    padded = [np.pad(z, ((0, 0), (0, k - z.shape[1]))) for z in inside]
    transitions = [
        _transition(step, operators[i], triplets[i], bases[i : i + 2], padded[i : i + 2], k)
        for i, step in enumerate(steps)
    ]
    turns = carry([one.pair.turn for one in transitions], k)
    return Network(k, bases, centres, transitions, turns)


def _known(operator: Operator | None, k: int, solve: Solve) -> Triplets | None:
    return None if operator is None or is_identity(operator) else solve(operator, k)


def _tried(step: Step, before: np.ndarray, behind: np.ndarray) -> Operator | None:
    """The linear part of a layer, if it is what made the state behind out of the one before."""
    try:
        operator = linear_part(step)
    except ValueError:  # recorded layers that are no neighbours in the network
        return None
    if operator is None or step.kind in AXES_STAY:
        return operator
    x, y = before[:CHECKED], behind[:CHECKED]
    if is_identity(operator):
        return operator if _value_by_value(x, y) else None
    said = operator.apply(x)
    size = max(float(np.abs(y).max(initial=0)), float(np.abs(x).max(initial=0)), 1e-30)
    if (
        isinstance(operator, Pooling) and "Max" in step.kind
    ):  # no smaller than the mean, and one of the values
        fits = (y >= said - AGREES * size).all() and y.max() <= x.max() + AGREES * size
        return operator if fits else None
    off = (y - said) - (y - said).mean(0)  # less the bias
    moved = y - y.mean(0)
    fits = np.linalg.norm(off) <= AGREES * max(float(np.linalg.norm(moved)), 1e-6 * size)
    return operator if fits or len(x) < 2 else None


def _value_by_value(x: np.ndarray, y: np.ndarray) -> bool:
    """Whether each value of y comes from its value of x: then it lies between those of its neighbours in x.

    Args:
        x: ``(n, d)``.
        y: ``(n, d)``.
    """
    if len(x) < 4:
        return True  # nothing to go by
    order = np.argsort(x, axis=0, kind="stable")
    x, y = np.take_along_axis(x, order, 0), np.take_along_axis(y, order, 0)
    wide = x[2:] - x[:-2]
    share = np.divide(x[1:-1] - x[:-2], wide, out=np.full(wide.shape, 0.5), where=wide > 0)
    off = y[1:-1] - (y[:-2] + share * (y[2:] - y[:-2]))
    moved = np.linalg.norm(y - y.mean(0))
    return bool(np.linalg.norm(off) <= BETWEEN * moved)


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
        how = "softmax" if step.kind in AXES_STAY else "identity"
        return Transition(step.kind, how, still(k), np.ones(min(k, bases[0].shape[1])), k)
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
