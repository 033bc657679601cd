"""What a recording will hold, before anything is written: every layer, or why it is left out, and what it weighs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

import numpy as np

from gt.record.call import Call
from gt.record.each import is_each
from gt.record.planned import CONSTANT, UNCALLED, Plan
from gt.record.probe import Network
from gt.record.widely import said_of
from gt.run import Layer, RunError

MAX_BYTES = 20 * 10**9  # of a run, unless one says otherwise
NOT_ASKED = "nobody asked for it"


class Row(NamedTuple):
    """A layer, recorded or not.

    Attributes:
        name: In the network.
        kind: See `gt.run.graph.Node`.
        shape: Of one point; None if there is none.
        recorded: The name that it is recorded under; "" if it is not.
        why: Why it is not recorded, or how.
        bytes: That it takes in each epoch, before it is compressed.
    """

    name: str
    kind: str
    shape: tuple[int, ...] | None
    recorded: str
    why: str
    bytes: int


@dataclass(frozen=True)
class Table:
    """A plan to look at; ``print`` it.

    Attributes:
        rows: Of every node of the network, in the order of their calls.
        points: That go through it.
        layers: What was asked for, "auto" as what it came to.
        weights: Bytes of parameters in each epoch.
        once: Bytes that are written once for all epochs.
        epochs: That will be recorded; None if nobody said.
        max_bytes: That the run may have.
    """

    rows: tuple[Row, ...]
    points: int
    layers: str
    weights: int
    once: int
    epochs: int | None
    max_bytes: int

    @property
    def epoch_bytes(self) -> int:
        """Bytes of one epoch, before they are compressed."""
        return sum(row.bytes for row in self.rows) + self.weights

    @property
    def total_bytes(self) -> int:
        """Bytes of all epochs that were announced; of one if none were."""
        return self.once + self.epoch_bytes * (1 if self.epochs is None else self.epochs)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __str__(self) -> str:
        """The table as text."""
        lines = [("layer", "kind", "shape", "an epoch", "")]
        for row in self.rows:
            shape = "" if row.shape is None else " × ".join(map(str, row.shape)) or "1"
            size = size_of(row.bytes) if row.recorded else "-"
            other = f"as {row.recorded!r}" if row.recorded not in ("", row.name) else ""
            why = "; ".join(part for part in (other, row.why) if part)
            lines.append((row.name, row.kind, shape, size, why))
        widths = [max(len(line[i]) for line in lines) for i in range(4)]
        out = [
            "  ".join(
                text.rjust(width) if i == 3 else text.ljust(width)
                for i, (text, width) in enumerate(zip(line, widths, strict=False))
            )
            + (f"  {line[4]}" if line[4] else "")
            for line in lines
        ]
        return "\n".join([*(line.rstrip() for line in out), "", *self.sums()])

    __repr__ = __str__

    def sums(self) -> list[str]:
        """What all of it takes, in sentences."""
        count = sum(bool(row.recorded) for row in self.rows)
        parts = [f"{size_of(self.epoch_bytes)} an epoch"]
        if self.weights:
            parts[0] += f", {size_of(self.weights)} of it parameters"
        if self.once:
            parts.append(f"{size_of(self.once)} once")
        out = [
            f"{count} of {len(self.rows)} layers of {self.points:,} points"
            f" (layers={self.layers}): {'; '.join(parts)}, before compression"
        ]
        if self.epochs is None:
            fit = max(0, self.max_bytes - self.once) // max(1, self.epoch_bytes)
            out.append(
                f"How many epochs come was not said (epochs=...): each adds as much, {fit:,} fit into"
                f" {size_of(self.max_bytes)}"
            )
        else:
            out.append(
                f"{self.epochs:,} epochs: {size_of(self.total_bytes)} of {size_of(self.max_bytes)}"
            )
        return out


def table_of(
    network: Network,
    plan: Plan,
    points: int,
    *,
    weights: Mapping[str, tuple[int, ...]],
    epochs: int | None = None,
    max_bytes: int = MAX_BYTES,
) -> Table:
    """Weigh a plan.

    Args:
        network: As it was probed.
        plan: Of it.
        points: Their number.
        weights: Shapes of the parameters to be recorded.
        epochs: That will be recorded, if it is known.
        max_bytes: That the run may have.
    """
    of_source = {call.source: name for name, call in plan.calls.items()}
    layers = {layer.name: layer for layer in plan.layers}
    ends = {
        plan.graph.nodes[i].name: layer for layer, i in plan.graph.of_layer.items()
    } if plan.graph is not None else {}  # fmt: skip
    rows, told = [], set()
    for call in (*(one for one in network.nodes if one.kind == "Input"), *network.calls):
        name = of_source.get(call.source, "")
        if not name and not call.outer and ends.get(call.name) not in of_source.values():
            name = ends.get(call.name, "")
        if call.outer and not name:
            continue
        told.add(name)
        rows.append(_row(call, layers.get(name), plan, points))
    for layer in plan.layers:
        if layer.name not in told:
            why = f"computed from {layer.softmax_of}" if layer.softmax_of else ""
            size = _bytes(layer, plan, points)
            rows.append(Row(layer.name, layer.kind, layer.shape, layer.name, why, size))
    for listed, why in ((network.constant, CONSTANT), (network.uncalled, UNCALLED)):
        rows += [Row(name, kind, None, "", why, 0) for name, kind in listed]
    asked = plan.layers_asked
    return Table(
        tuple(rows),
        points,
        f'"{asked}"' if isinstance(asked, str) else "[...]",
        4 * sum(prod(shape) for shape in weights.values()),
        sum(_bytes(layer, plan, points, once=True) for layer in plan.layers),
        epochs,
        max_bytes,
    )


def check_size(table: Table, smaller: Mapping[str, int]) -> None:
    """Refuse a plan that is too large, before anything is written.

    Args:
        table: Of it.
        smaller: Total bytes of other choices of layers, by their words.

    Raises:
        RunError: It says which smaller plan would fit.
    """
    if table.total_bytes <= table.max_bytes:
        return
    fit = {word: size for word, size in smaller.items() if size <= table.max_bytes}
    best = max(fit, key=lambda word: fit[word], default="")
    said = "one epoch" if table.epochs is None else f"{table.epochs:,} epochs"
    advice = (
        f'layers="{best}" would take {size_of(fit[best])}'
        if best
        else "fewer points or epochs would fit"
    )
    raise RunError(
        f"Recorder: a run must have at most {size_of(table.max_bytes)} (max_bytes), this one would have"
        f" {size_of(table.total_bytes)} in {said}: {size_of(table.epoch_bytes)} an epoch; {advice},"
        " see gt.record.plan(model, inputs)"
    )


def size_of(count: int) -> str:
    """A number of bytes for people."""
    if count < 1000:
        return f"{count} B"
    for unit, scale in (("kB", 10**3), ("MB", 10**6), ("GB", 10**9)):
        if count < 1000 * scale:
            return f"{count / scale:.3g} {unit}"
    return f"{count / 10**12:.4g} TB"


def _row(call: Call, layer: Layer | None, plan: Plan, points: int) -> Row:
    if layer is None:
        shape = call.shape
        why = call.reason or call.dull or NOT_ASKED
        return Row(call.name, call.kind, shape, "", why, 0)
    how = plan.kept.get(layer.name, "")
    by = plan.chosen_by.get(layer.name, "")
    said = "" if how in ("", "flatten") else f"{how} of {call.shape}" + (f" ({by})" if by else "")
    if layer.array is None and layer.softmax_of:
        said = f"computed from {layer.softmax_of}"
    if layer.constant:
        said = f"once, {how}" if is_each(how) else "once"
    why = ", ".join(part for part in (said, said_of(layer), call.place.said()) if part)
    return Row(call.name, call.kind, layer.shape, layer.name, why, _bytes(layer, plan, points))


def _bytes(layer: Layer, plan: Plan, points: int, once: bool = False) -> int:
    if layer.softmax_of or layer.constant != once:
        return 0
    kind = np.dtype(plan.dtypes.get(layer.name, "float32"))
    return points * prod(layer.stored_shape) * kind.itemsize
