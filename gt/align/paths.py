"""What is drawn of a network's graph: its recorded states, what lies between two of them, and ways through them.

A *path* goes from an input to the last state, one state at a time; the slider of layers follows it. At a joint, where
several states come together, the **main path** comes from the state that has the most states before it: it goes
through the branch, and a shortcut is drawn but not walked. Of as many on both sides, the one whose tensor comes first
among the arguments counts. Any other path is said by what it chooses at its joints: the state it comes from there.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol

from gt.layers.kind import kind_of
from gt.run.graph import Graph, Node
from gt.run.layer import Layer

Sort = Literal["operation", "addition", "concatenation", "several"]
Role = Literal["", "skip", "branch", "beside"]
#: functions whose first argument has the values; what else goes in says which of them, in which order or how many
PICKS = ("index_select", "gather", "take_along_dim", "pack_padded_sequence")
SIGNS = {"Add": 1.0, "Subtract": -1.0}  # of a sum's second term, by its kind
Path = Mapping[str, str]  # by the name of a joint the name of the state that a path comes from


class Joined(Protocol):
    """Two states, one behind the other, by their positions."""

    @property
    def before(self) -> int:
        """The position of the first."""
        ...

    @property
    def behind(self) -> int:
        """The position of the second."""
        ...


@dataclass(frozen=True)
class Edge:
    """What lies between two recorded states.

    Attributes:
        before: Position of the one among the drawn.
        behind: Of the other.
        sort: "operation", the one known operation of the state behind; "addition", of the state before as it is and
            of others; "concatenation", of the state before as it is and of others, one behind the other; "several",
            whatever it is.
        between: Names of the nodes between them that are not recorded, in the order of their calls.
        terms: Of an addition: factors of states, by position, where every term is a state; else empty.
        factor: Of an addition: that of the state before.
        role: Of an addition: "skip" where another term is made of the state before, "branch" where it is made of
            another term, "beside" where neither.
        place: Of a concatenation: along which axis of the state behind, where the state before begins, how far it goes.
    """

    before: int
    behind: int
    sort: Sort = "operation"
    between: tuple[str, ...] = ()
    terms: tuple[tuple[int, float], ...] = ()
    factor: float = 1.0
    role: Role = ""
    place: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Drawn:
    """The recorded part of a network.

    Attributes:
        layers: Recorded states in the order of their calls; the last one is what the network comes to.
        nodes: Their calls.
        edges: Between them; those into a state stand together, in the order of its arguments.
        chain: Whether layers are only taken to follow each other.
    """

    layers: tuple[Layer, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    chain: bool

    @cached_property
    def main(self) -> tuple[int, ...]:
        """Positions of the states of the main path."""
        names = [layer.name for layer in self.layers]
        return walk(names, self.edges)


def drawn(graph: Graph, layers: Sequence[Layer], through: Collection[str] = ()) -> Drawn:
    """Find the recorded states that lead to the last, and what lies between them.

    Args:
        graph: Of the run.
        layers: Of the run, in network order; one at least.
        through: Names of layers that repeat what comes in, and so are looked through as if they were not recorded.
    """
    if graph.chain:
        kept = [layer for layer in layers if layer.name not in through]
        steps = tuple(Edge(i, i + 1) for i in range(len(kept) - 1))
        return Drawn(tuple(kept), tuple(_alone(one) for one in kept), steps, True)
    nodes, places = _with_derived(graph, layers, through)
    if not places:
        return drawn(Graph(graph.nodes, graph.output, chain=True), layers, through)
    reached = _leading_to(nodes, places.get(layers[-1].name, max(places.values())))
    led = sorted((i, name) for name, i in places.items() if i in reached)
    by_name = {layer.name: layer for layer in layers}
    found = tuple(by_name[name] for _, name in led)
    seen = _Seen(nodes, {i: place for place, (i, _) in enumerate(led)})
    shapes = dict(enumerate(layer.shape for layer in found))
    edges = tuple(edge for i, _ in led for edge in seen.into(i, shapes))
    return Drawn(found, tuple(nodes[i] for i, _ in led), edges, False)


def walk(
    names: Sequence[str], edges: Sequence[Joined], path: Path | None = None
) -> tuple[int, ...]:
    """The states of a path, from the first to the last.

    Args:
        names: Of all states, in the order of their calls.
        edges: Between them, each from an earlier to a later one.
        path: What it chooses at joints; the main path for nothing. What it says of a joint that it does not come by,
            or of a state that does not lead to it, is passed over.

    Returns:
        Their positions, rising.
    """
    before, usual = _joints(names, edges)
    at = {name: i for i, name in enumerate(names)}
    out = [len(names) - 1]
    while found := before[out[-1]]:
        chosen = at.get((path or {}).get(names[out[-1]], ""), -1)
        out.append(chosen if chosen in found else usual[out[-1]])
    return tuple(reversed(out))


def settled(names: Sequence[str], edges: Sequence[Joined], path: Path | None) -> dict[str, str]:
    """A path said as shortly as can be: what it chooses, on its way, that is not what the main path's rule would."""
    _, usual = _joints(names, edges)
    walked = walk(names, edges, path)
    return {
        names[behind]: names[before]
        for before, behind in itertools.pairwise(walked)
        if usual[behind] != before
    }


def _joints(names: Sequence[str], edges: Sequence[Joined]) -> tuple[list[list[int]], list[int]]:
    """The states before each; and the one of them that has most states before it, -1 where there is none."""
    before: list[list[int]] = [[] for _ in names]
    for edge in edges:
        before[edge.behind].append(edge.before)
    length, usual = [1] * len(names), [-1] * len(names)
    for i, found in enumerate(before):
        if found:
            usual[i] = max(found, key=lambda one: length[one])
            length[i] += length[usual[i]]
    return before, usual


def _alone(layer: Layer) -> Node:
    return Node(
        layer.name, layer.kind, shape=layer.shape, module=layer.module or "", layer=layer.name
    )


def _with_derived(
    graph: Graph, layers: Sequence[Layer], through: Collection[str]
) -> tuple[list[Node], dict[str, int]]:
    """The nodes, with one more for each layer that follows from another; and where each drawn layer's is."""
    nodes = list(graph.nodes)
    places = dict(graph.of_layer)
    for layer in layers:
        source = layer.softmax_of or getattr(layer, "sigmoid_of", None)
        if layer.name not in places and source in places:
            places[layer.name] = len(nodes)
            nodes.append(
                Node(layer.name, layer.kind, (places[source],), layer.shape, layer=layer.name)
            )
    known = {layer.name for layer in layers} - set(through)
    return nodes, {name: i for name, i in places.items() if name in known}


def _values_into(node: Node) -> tuple[int, ...]:
    """Where the values of a node come from: of a sequence that is packed not from its length, nor from its place."""
    return node.inputs[:1] if node.operation in PICKS else node.inputs


def _leading_to(nodes: Sequence[Node], last: int) -> set[int]:
    """The nodes whose values go into another, and it."""
    found, waiting = {last}, [last]
    while waiting:
        for one in _values_into(nodes[waiting.pop()]):
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found


class _Seen:
    """Looks from a recorded node back to those before it.

    Args:
        nodes: All.
        at: By position of a node, that of its state among the drawn.
    """

    def __init__(self, nodes: Sequence[Node], at: Mapping[int, int]) -> None:
        self.nodes, self.at = nodes, at

    def into(self, i: int, shapes: Mapping[int, tuple[int, ...]]) -> Iterable[Edge]:
        """The edges into a recorded node."""
        behind, node = self.at[i], self.nodes[i]
        found = self._recorded_before(i)
        terms = self._terms(i, 1.0) if self._adds(i) else []
        same = [
            (self.at[t], f)
            for t, f in terms
            if t in self.at and shapes[self.at[t]] == shapes[behind]
        ]
        factors: dict[int, float] = {}
        for state, factor in same:
            factors[state] = factors.get(state, 0.0) + factor
        whole = tuple(factors.items()) if len(same) == len(terms) else ()
        alone = self._source(node.inputs[0]) if len(node.inputs) == 1 else None
        place = {state: one for one, state in self.at.items() if state in found}
        joined = self._joined(i)
        for before, between in found.items():
            names = tuple(self.nodes[one].name for one in sorted(between))
            if factors.get(before):
                role = self._role(place[before], [one for one, _ in terms])
                yield Edge(before, behind, "addition", names, whole, factors[before], role)
            elif before in joined:
                yield Edge(before, behind, "concatenation", names, place=joined[before])
            else:
                yield Edge(before, behind, "operation" if before == alone else "several", names)

    def _role(self, own: int, terms: Sequence[int]) -> Role:
        others = [one for one in terms if one != own]
        if any(own in _leading_to(self.nodes, one) for one in others):
            return "skip"
        return "branch" if _leading_to(self.nodes, own).intersection(others) else "beside"

    def _joined(self, i: int) -> dict[int, tuple[int, int, int]]:
        """Of a concatenation, where in it each state stands that goes in once and as it is; see `Edge.place`."""
        node = self.nodes[i]
        shapes = [self.nodes[one].shape for one in node.inputs]
        dim = node.config.get("dim", 0)
        if node.kind != "Concat" or not node.shape or None in shapes or not isinstance(dim, int):
            return {}
        # dim counts the axis of the points, which is the first or, where sequences come first, behind that of time
        axis = max(0, dim - 1 if dim > 0 else len(node.shape) + dim if dim else 0)
        found: dict[int, tuple[int, int, int]] = {}
        first, twice = 0, set()
        for one, shape in zip(node.inputs, shapes, strict=True):
            assert shape is not None
            if (*shape[:axis], *shape[axis + 1 :]) != (*node.shape[:axis], *node.shape[axis + 1 :]):
                return {}
            if (state := self._source(one)) is not None:
                twice |= {state} & found.keys()
                found[state] = (axis, first, shape[axis])
            first += shape[axis]
        if first != node.shape[axis]:
            return {}
        return {state: place for state, place in found.items() if state not in twice}

    def _recorded_before(self, i: int) -> dict[int, set[int]]:
        """By state the nodes between it and a node, states in the order of the node's arguments."""
        ahead: dict[int, set[int]] = {}
        order: list[int] = []
        inside: set[int] = set()

        def visit(one: int) -> None:
            waiting = [one]
            while waiting:
                now = waiting.pop()
                if now in self.at:
                    if self.at[now] not in order:
                        order.append(self.at[now])
                elif now not in inside:
                    inside.add(now)
                    waiting.extend(reversed(_values_into(self.nodes[now])))

        for one in _values_into(self.nodes[i]):
            visit(one)
        place = {state: node for node, state in self.at.items() if state in order}
        for state in order:
            reached = {place[state]}
            for one in sorted(inside):
                if reached.intersection(self.nodes[one].inputs):
                    reached.add(one)
            ahead[state] = reached - {place[state]}
        return ahead

    def _source(self, i: int) -> int | None:
        """The state whose values a node has, if it is one or only repeats one."""
        while i not in self.at:
            node = self.nodes[i]
            if len(node.inputs) != 1 or not kind_of(node.kind).repeats:
                return None
            i = node.inputs[0]
        return self.at[i]

    def _adds(self, i: int) -> bool:
        node = self.nodes[i]
        # a weighted sum (alpha) is none that is known here
        return node.kind in SIGNS and len(node.inputs) == 2 and node.config.get("alpha", 1) == 1

    def _terms(self, i: int, factor: float) -> list[tuple[int, float]]:
        """What a sum is of: nodes, and the factor of each; sums that are not recorded are looked into."""
        first, second = self.nodes[i].inputs
        out: list[tuple[int, float]] = []
        for one, sign in ((first, factor), (second, factor * SIGNS[self.nodes[i].kind])):
            while one not in self.at and kind_of(self.nodes[one].kind).repeats:
                if len(self.nodes[one].inputs) != 1:
                    break
                one = self.nodes[one].inputs[0]
            if one not in self.at and self._adds(one):
                out += self._terms(one, sign)
            else:
                out.append((one, sign))
        return out
