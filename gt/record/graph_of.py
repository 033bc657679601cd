"""The graph that a run stores of a network: what its output depends on, and what of it is recorded where."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from gt.record.probe import Call, Network
from gt.record.trace import CONSTANT, Source
from gt.run import Layer
from gt.run.graph import INPUT, Graph, Node

ENDS = "it is recorded as {}"


def graph_of(network: Network, layers: Sequence[Layer], sources: Mapping[str, Source]) -> Graph:
    """Build it.

    Nodes that nothing recorded and nothing of the output depends on are left away. The layers that stand for the
    output come last: one that no node gives, as the softmax of logits, has a node of its own.

    Args:
        network: As it was probed.
        layers: To be recorded, in network order.
        sources: The call of each hidden layer, by its name.
    """
    nodes = network.nodes
    holds = _holding(network, layers, sources)
    kept = sorted(_kept(nodes, [network.output, *holds]))
    at = {old: new for new, old in enumerate(kept)}
    found: list[Node] = []
    taken: set[str] = set()
    for old in kept:
        node = _node(nodes[old], at, holds.get(old), taken)
        taken.add(node.name)
        found.append(node)
    output = at.get(network.output, CONSTANT)
    there = {node.layer for node in found}
    for layer in layers:
        if layer.name in there or layer.name in sources or layer.kind == INPUT:
            continue
        before = next(
            (i for i, one in enumerate(found) if layer.softmax_of in (one.layer,)), output
        )
        inputs = () if before == CONSTANT else (before,)
        name = own_name(layer.name, taken)
        found.append(Node(name, layer.kind, inputs, layer.shape, layer=layer.name))
        taken.add(name)
        output = len(found) - 1
    return Graph(tuple(found), max(0, output))


def _holding(
    network: Network, layers: Sequence[Layer], sources: Mapping[str, Source]
) -> dict[int, str]:
    """The layer that holds the values of a node, by the node's position."""
    places = {one.source: i for i, one in enumerate(network.nodes)}
    names = [layer.name for layer in layers]
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
    for layer in layers:
        if layer.kind == INPUT and network.nodes and network.nodes[0].kind == INPUT:
            found[0] = layer.name
    ends = [network.logits, network.softmax]
    roles = ["logits" if "logits" in names else "softmax", "softmax"]
    for end, role in zip(ends, roles, strict=True):
        if end is not None and role in names:
            found[places[end.source]] = role
    if network.log_of_softmax and network.output != CONSTANT and "softmax" in names:
        found[network.output] = "softmax"
    return found


def _kept(nodes: Sequence[Call], ends: Sequence[int]) -> set[int]:
    todo, found = [at for at in ends if at != CONSTANT], set()
    while todo:
        at = todo.pop()
        if at not in found:
            found.add(at)
            todo += nodes[at].inputs
    return found | ({0} if nodes and nodes[0].kind == INPUT else set())


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
