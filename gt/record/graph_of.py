"""The graph that a run stores of a network: what its output depends on, and what of it is recorded where."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from gt.record.attention import KIND
from gt.record.call import Call
from gt.record.each import Spread, fits
from gt.record.probe import Network
from gt.record.trace import CONSTANT, Source
from gt.run import Layer
from gt.run.graph import INPUT, Graph, Node


def graph_of(
    network: Network,
    layers: Sequence[Layer],
    sources: Mapping[str, Source],
    ends: Sequence[Layer],
    spread: Spread | None = None,
) -> Graph:
    """Build it.

    Nodes that nothing recorded and nothing of the output depends on are left away. The layers that stand for the
    output come last: one that no node gives, as the softmax of logits, has a node of its own.

    Args:
        network: As it was probed.
        layers: To be recorded, in network order.
        sources: The call of each hidden layer, by its name.
        ends: The layers of the outputs, which are the last ones.
        spread: Where the points are, if they are not the examples.
    """
    nodes = network.nodes
    holds = _holding(network, layers, sources, ends, spread)
    kept = sorted(_kept(nodes, [network.output, *holds]))
    at = {old: new for new, old in enumerate(kept)}
    found: list[Node] = []
    taken: set[str] = set()
    for old in kept:
        node = _node(nodes[old], at, holds.get(old), taken)
        taken.add(node.name)
        found.append(node)
    for call in network.calls:  # weights of an attention, which stand beside it
        name = next((n for n, source in sources.items() if source == call.source), None)
        if name is not None and call.kind == KIND:
            found.append(_node(call, at, name, taken))
            taken.add(found[-1].name)
    output = at.get(network.output, CONSTANT)
    there = {node.layer for node in found}
    for layer in layers:
        if layer.name in there or layer.name in sources or layer.kind == INPUT:
            continue
        before = next(
            (i for i, one in enumerate(found) if layer.source and layer.source == one.layer), output
        )
        inputs = () if before == CONSTANT else (before,)
        name = own_name(layer.name, taken)
        found.append(Node(name, layer.kind, inputs, layer.shape, layer=layer.name))
        taken.add(name)
        output = len(found) - 1
    return Graph(tuple(found), max(0, output))


def _holding(
    network: Network,
    layers: Sequence[Layer],
    sources: Mapping[str, Source],
    ends: Sequence[Layer],
    spread: Spread | None,
) -> dict[int, str]:
    """The layer that holds the values of a node, by the node's position."""
    places = {one.source: i for i, one in enumerate(network.nodes)}
    found: dict[int, str] = {}
    for name, source in sources.items():
        if source in places:
            found[places[source]] = name
    for (
        call
    ) in network.calls:  # what a module gives that was looked into is what the last in it gave
        name = next((n for n, source in sources.items() if source == call.source), "")
        if name and call.outer and call.inputs:
            found.setdefault(call.inputs[0], name)
    given = {layer.name for layer in layers if layer.kind == INPUT}
    for at, one in enumerate(network.nodes):
        if one.kind == INPUT and writable(one.source[1]) in given:
            found[at] = writable(one.source[1])
    for end, role in ((network.logits, ends[0]), (network.softmax, ends[-1])):
        if end is None or network.shares:  # of these the logits are computed
            continue
        if fits(end, role.shape, spread):  # not one logit, which is stored as two
            found[places[end.source]] = role.name
    if network.of_softmax and network.output != CONSTANT:
        found[network.output] = ends[-1].name
    return found


def _kept(nodes: Sequence[Call], ends: Sequence[int]) -> set[int]:
    todo, found = [at for at in ends if at != CONSTANT], set()
    while todo:
        at = todo.pop()
        if at not in found:
            found.add(at)
            todo += nodes[at].inputs
    return found | {at for at, one in enumerate(nodes) if one.kind == INPUT}


def _node(call: Call, at: Mapping[int, int], layer: str | None, taken: Collection[str]) -> Node:
    return Node(
        own_name(call.name, taken),
        call.kind,
        tuple(at[one] for one in call.inputs),
        call.shape,
        writable(call.module),
        "" if call.kind == INPUT else writable(call.operation),
        max(1, call.number),
        call.config,
        {key: writable(own) for key, own in call.parameters.items()},
        layer,
        "" if layer is not None else call.reason or call.dull,
    )


def own_name(name: str, taken: Collection[str]) -> str:
    """A name that no other has, and that can be written."""
    clean = writable(name)
    own, i = clean, 1
    while own in taken:
        own, i = f"{clean} (hidden)" if i == 1 else f"{clean} (hidden {i})", i + 1
    return own


def writable(name: str) -> str:
    """A name without what no text in a store can hold: NUL, and halves of UTF-16 pairs."""
    return name.replace("\0", "?").encode("utf-8", "replace").decode("utf-8")
