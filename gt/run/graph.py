"""A network as it ran: nodes, which are calls of modules and of functions, and the tensors that flow between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gt.errors import TruncatedRunError
from gt.run import bounds, metadata
from gt.run.layer import Layer

INPUT = "Input"  # kind of a node that nothing made: what the network was given
UNSEEN = "?"  # kind of a node whose maker nobody saw


@dataclass(frozen=True)
class Node:
    """One call of a module or a function.

    Attributes:
        name: Unique in the graph; ``conv1``, ``relu:2`` (a module's second call), ``layer1.0/add`` (the function
            ``add``, called in the forward pass of ``layer1.0``), ``/relu:2`` (called in the model's own).
        kind: Class of the module ("Conv2d"), or of the module that computes the same as the function ("ReLU"),
            where there is one, else what it is called ("Add", "Concat"); ``Input``, or ``?``.
        inputs: Positions of the nodes whose tensors go in, in the order of the call's arguments; all are earlier.
        shape: Of one point's value; None where it is not known, or no tensor has points.
        module: The module that was called, or in whose forward pass the function was; "" for the model itself.
        operation: Name of the function; "" for a module.
        call: 1 for the first call of this module, or of this operation in it, 2 for the second, ...
        config: Settings that decide what it computes, by the names that the kind has.
        parameters: By the kind's names ("weight") the model's ("conv1.weight").
        layer: The recorded layer that holds its values; None if none does.
        reason: Why it is not recorded; "" where it is, or nobody asked for it.
    """

    name: str
    kind: str
    inputs: tuple[int, ...] = ()
    shape: tuple[int, ...] | None = None
    module: str = ""
    operation: str = ""
    call: int = 1
    config: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    layer: str | None = None
    reason: str = ""

    def to_json(self) -> dict[str, Any]:
        """As it is stored; what is empty is left out."""
        out: dict[str, Any] = {"name": self.name, "kind": self.kind, "inputs": list(self.inputs)}
        if self.shape is not None:
            out["shape"] = list(self.shape)
        for key in ("module", "operation", "config", "parameters", "layer", "reason"):
            if value := getattr(self, key):
                out[key] = dict(value) if isinstance(value, Mapping) else value
        return out | ({"call": self.call} if self.call > 1 else {})

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], at: int) -> Node:
        """Read back what ``to_json`` wrote.

        Args:
            stored: An entry of the graph's nodes.
            at: Its position: what it takes comes before.

        Raises:
            KeyError, TypeError, ValueError: If an entry is missing or of another type; it says which.
        """
        metadata.mapping(stored, "a node")
        inputs = tuple(
            metadata.whole(one, "inputs of a node", most=at - 1)
            for one in metadata.of(list, stored["inputs"], "inputs of a node")
        )
        shape = stored.get("shape")
        if shape is not None:
            shape = metadata.wholes(shape, "shape of a node")
        layer = stored.get("layer")
        return cls(
            metadata.text(stored["name"], "name of a node"),
            metadata.text(stored["kind"], "kind of a node"),
            inputs,
            shape,
            metadata.of(str, stored.get("module", ""), "module of a node"),
            metadata.of(str, stored.get("operation", ""), "operation of a node"),
            metadata.whole(stored.get("call", 1), "call of a node", least=1),
            dict(metadata.mapping(stored.get("config", {}), "config of a node")),
            metadata.texts(
                metadata.mapping(stored.get("parameters", {}), "parameters of a node"), "parameters"
            ),
            None if layer is None else metadata.text(layer, "layer of a node"),
            metadata.of(str, stored.get("reason", ""), "reason of a node"),
        )


@dataclass(frozen=True)
class Graph:
    """Nodes in the order of their calls, so that each comes behind all that flow into it.

    Attributes:
        nodes: All of them; what a network was given first.
        output: Position of the node that gives what the network puts out.
        chain: Whether no graph was recorded: layers are then taken to follow each other.
    """

    nodes: tuple[Node, ...]
    output: int
    chain: bool = False

    @cached_property
    def at(self) -> Mapping[str, int]:
        """The position of each node, by its name."""
        return {node.name: i for i, node in enumerate(self.nodes)}

    @cached_property
    def of_layer(self) -> Mapping[str, int]:
        """The position of the node of each recorded layer, by the layer's name."""
        return {node.layer: i for i, node in enumerate(self.nodes) if node.layer is not None}

    @cached_property
    def users(self) -> tuple[tuple[int, ...], ...]:
        """For each node the nodes that its tensor flows into, each once."""
        found: list[list[int]] = [[] for _ in self.nodes]
        for i, node in enumerate(self.nodes):
            for one in dict.fromkeys(node.inputs):
                found[one].append(i)
        return tuple(map(tuple, found))

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {"nodes": [node.to_json() for node in self.nodes], "output": self.output}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Graph:
        """Read back what ``to_json`` wrote.

        Raises:
            TruncatedRunError: If it is none, or two nodes have one name.
            KeyError, TypeError, ValueError: If an entry is missing or of another type; it says which.
        """
        metadata.mapping(stored, "graph")
        listed = metadata.of(list, stored["nodes"], "nodes")
        if not 0 < len(listed) <= bounds.NODES:
            raise TruncatedRunError(
                f"graph must have 1 to {bounds.NODES:,} nodes, it has {len(listed):,}"
            )
        nodes = tuple(Node.from_json(one, i) for i, one in enumerate(listed))
        if len({node.name for node in nodes}) != len(nodes):
            raise TruncatedRunError("nodes of a graph must have names that differ")
        return cls(nodes, metadata.whole(stored["output"], "output", most=len(nodes) - 1))


def chain_of(layers: Sequence[Layer]) -> Graph:
    """The graph of a run that has none: each layer follows the one before.

    Args:
        layers: Of the run, in network order; one at least.
    """
    nodes = tuple(
        Node(
            layer.name,
            layer.kind,
            (i - 1,) if i else (),
            layer.shape,
            layer.module or "",
            config=layer.config,
            layer=layer.name,
        )
        for i, layer in enumerate(layers)
    )
    return Graph(nodes, max(0, len(nodes) - 1), chain=True)
