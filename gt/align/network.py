"""A whole network, from its first state to its last: bases, pairs, and the turns that make it one picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gt.align.bases import Joint, K, choose_graph_bases, is_identity
from gt.align.paths import Joined, Sort
from gt.align.tried import MADE, TINY, is_placed, is_sum, tried
from gt.align.triplets import Triplets, leading_triplets
from gt.align.turn import Pair, carry, procrustes_pair, singular_pair, still
from gt.layers.kind import Step, kind_of
from gt.layers.operators import Diagonal, Operator, Placed, Pooling

EXACT = 1e-6  # of the length of what a coordinate comes from

Solve = Callable[[Operator, int], Triplets]


@dataclass(frozen=True)
class Link:
    """Two states of which the one flows into the other.

    Attributes:
        before: Number of the one.
        behind: Of the other; it is larger.
        step: The layer between; for an addition the sum, else the one that made the state behind.
        sort: "operation" where that layer is all that lies between, "addition", "concatenation", or "several" for
            anything else.
        terms: Of an addition: states and their factors, where all terms are states; else empty.
        factor: Of an addition: that of the state before.
        said: Whether the network's graph says so; without one, layers are only taken to follow each other.
        made: Whether values on one side were made again from rounded ones.
        place: Of a concatenation: along which axis, from where and how far the state before stands in that behind.
    """

    before: int
    behind: int
    step: Step
    sort: Sort = "operation"
    terms: tuple[tuple[int, float], ...] = ()
    factor: float = 1.0
    said: bool = True
    made: bool = False
    place: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Transition:
    """What lies between two neighbouring states.

    Attributes:
        kind: Of the layer: "Conv2d".
        how: What its pair of bases comes from: "singular" (vectors of its linear part), "pooling" (of
            average-pooling, in closed form), "diagonal", "identity" (every value is the one before), "value" (each
            value by a function of its own), "softmax", "addition" (of the state before and of others, all in one
            basis), "concatenation" (with others, each in directions of its own), or "procrustes" (the points).
        pair: The two bases.
        sigma: ``(r,)`` leading singular values of the layer, falling; none where no linear part is known.
        exact: How many coordinates of the pair are scaled by the linear part and by nothing else; of a concatenation
            those that stay as they are, and those that are another input's alone.
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
        transitions: One for each link; one fewer than states in a chain.
        turns: ``(states, k, k)``, see `gt.align.turn.carry`; none where the network has branches.
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
    said: bool = True,
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
        said: Whether it is known that each layer takes the state before it and nothing else.

    Returns:
        The network.

    Raises:
        ValueError: If k is below one, or the values of a state do not fit its shape.
    """
    shapes = [steps[0].inputs, *(step.outputs for step in steps)]
    links = [Link(i, i + 1, step, said=said) for i, step in enumerate(steps)]
    found = align_graph(points, shapes, links, k=k, classes=classes, solve=solve)
    return replace(found, turns=carry([one.pair.turn for one in found.transitions], k))


def align_graph(
    points: Callable[[int], np.ndarray],
    shapes: Sequence[tuple[int, ...]],
    links: Sequence[Link],
    *,
    k: int = K,
    classes: int = 0,
    solve: Solve = leading_triplets,
) -> Network:
    """Align the states of a network with branches: bases for the states, a pair of them for each link.

    The terms of an addition and their sum share one basis and one origin, in which each point moves by what is added.
    That holds for any basis, so nothing is lost by it; it is tried on the points where all terms are recorded. What is
    concatenated has directions of its own in what comes of it, in which its coordinates stay; that is tried too.

    Args:
        points: As for `align`.
        shapes: Of a point in each state.
        links: What flows into what; the last state is what the network comes to.
        k: As for `align`.
        classes: As for `align`.
        solve: As for `align`.

    Returns:
        The network, a transition for each link and no turns: those are of a path.

    Raises:
        ValueError: If k is below one, or the values of a state do not fit its shape.
    """
    widths = [int(np.prod(shape)) for shape in shapes]

    def values(i: int) -> np.ndarray:
        return np.asarray(points(i), np.float64).reshape(-1, widths[i])

    links = [_believed(link, values) for link in links]
    operators = [_operator(link, values) for link in links]
    pairs = zip(links, operators, strict=True)
    kept = [link.sort == "addition" or is_identity(operator) for link, operator in pairs]
    outputs = _outputs(links, kept, widths, classes)
    unmoved = {*outputs, *(one.before for one in links if one.place and one.behind in outputs)}
    centres = [np.zeros(d) if i in unmoved else values(i).mean(0) for i, d in enumerate(widths)]
    triplets = [_known(operator, k, solve) for operator in operators]
    known = zip(links, operators, triplets, kept, strict=True)
    joined = [Joint(link.before, link.behind, m, found, same) for link, m, found, same in known]
    bases = choose_graph_bases(lambda i: values(i) - values(i).mean(0), widths, joined, k)
    inside = [(values(i) - centres[i]) @ bases[i] for i in range(len(widths))]
    padded = [np.pad(z, ((0, 0), (0, k - z.shape[1]))) for z in inside]

    def passing(link: Link, operator: Operator | None, found: Triplets | None) -> Transition:
        a, b = link.before, link.behind
        if link.sort == "addition":
            return Transition(link.step.kind, "addition", still(k), np.empty(0), k)
        sides = [bases[a], bases[b]], [padded[a], padded[b]]
        one = _transition(link.step, operator, found, *sides, k)
        same = one.how == "value" and link.said and np.array_equal(values(a), values(b))
        return replace(one, how="identity", exact=k) if same else one

    transitions = [passing(*one) for one in zip(links, operators, triplets, strict=True)]
    return Network(k, bases, centres, transitions, np.empty((0, k, k)), outputs)


def added_together(edges: Sequence[Joined], transitions: Sequence[Transition]) -> list[set[int]]:
    """The groups of states that additions and concatenations join, which are drawn over one size.

    Args:
        edges: What flows into what.
        transitions: One for each.
    """
    groups: list[set[int]] = []
    for edge, one in zip(edges, transitions, strict=True):
        if one.how in ("addition", "concatenation"):
            both = {edge.before, edge.behind}
            apart = [group for group in groups if not group & both]
            groups = [*apart, both.union(*(group for group in groups if group & both))]
    return groups


def _believed(link: Link, values: Callable[[int], np.ndarray]) -> Link:
    """A link whose addition or concatenation the points deny is one of several things."""
    if link.place is not None:
        at = Placed(link.step.outputs, *link.place).at
        tiny = MADE if link.made else TINY
        if is_placed(values(link.before), values(link.behind)[:, at], tiny):
            return link
        return replace(link, sort="several", place=None)
    if link.sort != "addition" or not link.terms or is_sum(values, link.behind, link.terms):
        return link
    return replace(link, sort="several", terms=())


def _operator(link: Link, values: Callable[[int], np.ndarray]) -> Operator | None:
    if link.place is not None:
        return Placed(link.step.outputs, *link.place)
    if link.sort != "operation":
        return None
    sides = values(link.before), values(link.behind)
    return tried(link.step, *sides, MADE) if link.made else tried(link.step, *sides)


def _outputs(
    links: Sequence[Link], kept: Sequence[bool], widths: Sequence[int], classes: int
) -> list[int]:
    """The states whose coordinates are the classes: behind them everything goes value by value, or is added up."""
    last = len(widths) - 1
    found = {last} if widths[last] == classes else set()
    into: dict[int, list[int]] = {}
    for i, link in enumerate(links):
        into.setdefault(link.behind, []).append(i)
    for state in range(last, -1, -1):
        ways = into.get(state, []) if state in found else []
        adds = any(links[i].sort == "addition" for i in ways)
        for i in ways:
            if kept[i] and widths[links[i].before] == classes and (adds or len(ways) == 1):
                found.add(links[i].before)
    return sorted(found)


def _known(operator: Operator | None, k: int, solve: Solve) -> Triplets | None:
    if operator is None or is_identity(operator) or isinstance(operator, Placed):
        return None
    return solve(operator, k)


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
    scaled_only = off <= EXACT * max(float(np.linalg.norm(from_where, axis=0).max()), 1e-300)
    if isinstance(
        operator, Placed
    ):  # a direction that nothing comes to is no other input's if something leaves it
        left = np.linalg.norm(pair.left[: before.shape[1]], axis=0)
        scaled_only &= (pair.sigma > 1 - EXACT) | (left <= EXACT)
        return Transition(step.kind, "concatenation", pair, np.empty(0), int(scaled_only.sum()))
    exact = int(scaled_only.sum())
    sort = {Pooling: "pooling", Diagonal: "diagonal"}.get(type(operator), "singular")
    sigma = np.empty(0) if triplets is None else triplets.sigma
    return Transition(step.kind, sort, pair, sigma, exact)
