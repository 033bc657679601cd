"""Networks with branches, run by hand and recorded with their graph: what drawing and aligning a graph is tested on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gt.run import Layer, Run, RunWriter, measure, open_run
from gt.run.graph import Graph, Node
from gt.run.points import check_points
from tests.recordings import CLASSES, spread

EPOCHS = (0, 1)


class Tape:
    """Calls modules and functions one after the other, and notes what flows where.

    Args:
        model: Has the modules.
        inputs: ``(n, ...)`` what it is given.
    """

    def __init__(self, model: Any, inputs: Any) -> None:
        self.model = model
        self.nodes = [Node("input", "Input", shape=tuple(inputs.shape[1:]), layer="input")]
        self.values = [inputs]

    def module(self, name: str, *inputs: int, keep: bool = True) -> int:
        """Call a module of the model."""
        module = self.model.get_submodule(name)
        own = {key: f"{name}.{key}" for key, _ in module.named_parameters(recurse=False)}
        config = {
            key: value
            for key in ("in_features", "kernel_size", "stride", "padding")
            if isinstance(value := getattr(module, key, None), int | tuple)
        }
        return self._note(name, type(module).__name__, inputs, module, name, "", config, own, keep)

    def function(
        self, name: str, kind: str, call: Callable[..., Any], *inputs: int, keep: bool = True,
        config: Mapping[str, Any] | None = None,
    ) -> int:  # fmt: skip
        """Call a function: its ``name`` is "layer1.0/add"."""
        module, _, operation = name.partition("/")
        said = dict(config or {})
        return self._note(name, kind, inputs, call, module, operation, said, {}, keep)

    def add(self, name: str, *inputs: int, keep: bool = True) -> int:
        """Add two values."""
        return self.function(name, "Add", lambda a, b: a + b, *inputs, keep=keep)

    def _note(
        self, name: str, kind: str, inputs: Sequence[int], call: Callable[..., Any], module: str,
        operation: str, config: dict[str, Any], parameters: dict[str, str], keep: bool,
    ) -> int:  # fmt: skip
        value = call(*(self.values[i] for i in inputs))
        shape, kept = tuple(value.shape[1:]), name if keep else None
        node = Node(
            name, kind, tuple(inputs), shape, module, operation, 1, config, parameters, kept
        )
        self.nodes.append(node)
        self.values.append(value)
        return len(self.nodes) - 1


Forward = Callable[[Tape], int]


def record_graph(
    path: Path, model: Any, inputs: np.ndarray, forward: Forward, epochs: Sequence[int] = EPOCHS
) -> Run:
    """Record a network with its graph, whose weights move a little from each epoch to the next.

    Args:
        path: Of the run.
        model: Has the modules that ``forward`` calls.
        inputs: ``(n, ...)``.
        forward: Runs the model on a tape; gives the node of the logits.
        epochs: Their numbers.
    """
    import torch

    generator = torch.Generator().manual_seed(5)
    writer: RunWriter | None = None
    n = len(inputs)
    points = check_points(n, len(CLASSES), np.arange(n) % len(CLASSES), classes=CLASSES)
    for i, epoch in enumerate(epochs):
        with torch.no_grad():
            for value in model.parameters() if i else ():
                value += (
                    0.1 * value.std(unbiased=False) * torch.randn(value.shape, generator=generator)
                )
            tape = Tape(model, torch.from_numpy(inputs))
            output = forward(tape)
        kept = [
            (node, value.numpy())
            for node, value in zip(tape.nodes, tape.values, strict=True)
            if node.layer
        ]
        weights = {key: one.detach().numpy() for key, one in model.named_parameters()}
        if writer is None:
            layers = [
                Layer(
                    node.layer or "", node.kind, tuple(node.shape or ()), node.module or None,
                    node.config, constant=node.kind == "Input",
                )
                for node, _ in kept
            ]  # fmt: skip
            last = layers[-1].name
            layers.append(Layer("softmax", "Softmax", layers[-1].shape, softmax_of=last))
            shapes = {key: one.shape for key, one in weights.items()}
            writer = RunWriter.create(
                path,
                points,
                layers,
                weights=shapes,
                sync=False,
                graph=Graph(tuple(tape.nodes), output),
            )
        for layer, (_, value) in zip(writer.run.layers, kept, strict=False):
            if not (layer.constant and i):
                writer.put(layer, 0, value.astype(np.float32), epoch)
        for key, one in weights.items():
            writer.put_weight(key, one, epoch)
        writer.commit(epoch, measure.measure(kept[-1][1], False, points.labels, points.splits))
    assert writer is not None
    writer.close()
    return open_run(path)


def residual_cnn(path: Path, *, blocks: int = 2, zero: bool = False, keep: bool = True) -> Run:
    """A small ResNet, 90 points: a stem, blocks with a shortcut, mean, logits.

    Args:
        path: Of the run.
        blocks: How many.
        zero: Whether each branch starts at zero, as is usual for an untrained one.
        keep: Whether sums are recorded.
    """
    import torch
    from torch import nn
    from torch.nn import functional as F

    torch.manual_seed(3)
    parts: dict[str, Any] = {"stem": nn.Conv2d(1, 4, 3, padding=1), "fc": nn.Linear(4, 3)}
    for b in range(blocks):
        parts[f"block{b}"] = nn.ModuleDict(
            {"conv1": nn.Conv2d(4, 4, 3, padding=1), "conv2": nn.Conv2d(4, 4, 3, padding=1)}
        )
        if zero:
            for value in parts[f"block{b}"]["conv2"].parameters():
                nn.init.zeros_(value)
    model = nn.ModuleDict(parts)

    def forward(tape: Tape) -> int:
        x = tape.function("/relu", "ReLU", F.relu, tape.module("stem", 0))
        for b in range(blocks):
            name = f"block{b}"
            inner = tape.function(f"{name}/relu", "ReLU", F.relu, tape.module(f"{name}.conv1", x))
            total = tape.add(f"{name}/add", x, tape.module(f"{name}.conv2", inner), keep=keep)
            x = tape.function(f"{name}/relu:2", "ReLU", F.relu, total)
        pooled = tape.function("/mean", "Mean", lambda v: v.mean((2, 3)), x)
        return tape.module("fc", pooled)

    return record_graph(path, model, spread(90, (1, 6, 6)), forward)


def mixer(path: Path, *, blocks: int = 2, keep: Callable[[str], bool] = lambda name: True) -> Run:
    """Blocks of one stream, normalised before each branch, as in a transformer; 90 points of 40 values.

    Args:
        path: Of the run.
        blocks: How many.
        keep: Which nodes are recorded, by name.
    """
    import torch
    from torch import nn
    from torch.nn import functional as F

    torch.manual_seed(4)
    parts: dict[str, Any] = {"embed": nn.Linear(5, 40), "head": nn.Linear(40, 3)}
    for b in range(blocks):
        parts[f"b{b}"] = nn.ModuleDict(
            {"norm": nn.LayerNorm(40), "up": nn.Linear(40, 60), "down": nn.Linear(60, 40)}
        )
    model = nn.ModuleDict(parts)

    def forward(tape: Tape) -> int:
        x = tape.module("embed", 0, keep=keep("embed"))
        for b in range(blocks):
            name = f"b{b}"
            z = tape.module(
                f"{name}.up", tape.module(f"{name}.norm", x, keep=keep("norm")), keep=keep("up")
            )
            z = tape.function(f"{name}/gelu", "GELU", F.gelu, z, keep=keep("gelu"))
            x = tape.add(
                f"{name}/add",
                x,
                tape.module(f"{name}.down", z, keep=keep("down")),
                keep=keep("add"),
            )
        return tape.module("head", x)

    return record_graph(path, model, spread(90, (5,)), forward)
