"""One call of a module or a function, as the Recorder knows it: what it gives, and whether that can be recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from gt.layers.kind import kind_of
from gt.record.functions import REARRANGING
from gt.record.places import MORE, PLAIN, Place, find, no_row, why_not
from gt.record.trace import Seen, Source, name_of
from gt.run.graph import INPUT, UNSEEN

REARRANGES = "it only rearranges the values that go in"
REPEATS = "it gives what goes in, in evaluation"
LARGEST = 1e30  # of values; beyond it are those that stand for "not this one"
MASK = "it says which values count"


@dataclass(frozen=True)
class Call:
    """One call of a module or a function in a forward pass.

    Attributes:
        name: As in `gt.run.graph.Node`.
        module: The module that was called, or in whose forward pass the function was.
        kind: See `gt.run.graph.Node`.
        shape: Of one point's output, ``None`` if the output has no values of points.
        config: Its settings that decide what it computes.
        number: 1 for the first call, 2 for the second, ...
        dtype: Of the output, ``None`` where ``shape`` is.
        reason: Why its output cannot be recorded; "" if it can be.
        operation: Name of the function; "" for a module.
        inputs: Positions of the calls that go in; of a module that is looked into, the call that its output is of.
        parameters: By the kind's names the model's.
        place: Where the points are in its output.
        length: Of the longest sequence, where it gives packed ones.
        dull: Why it is not recorded unless it is asked for by its name; "" if it is.
        largest: Of the values that were seen, without sign.
        outer: Whether it is a module that is looked into.
        needed: Whether the model's output depends on it.
    """

    name: str
    module: str
    kind: str
    shape: tuple[int, ...] | None
    config: Mapping[str, Any]
    number: int = 1
    dtype: torch.dtype | None = None
    reason: str = ""
    operation: str = ""
    inputs: tuple[int, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    place: Place = PLAIN
    length: int = 0
    dull: str = ""
    largest: float = 0.0
    outer: bool = False
    needed: bool = True

    @property
    def source(self) -> Source:
        """Which call of what it is; unique, where ``name`` may be that of a module too."""
        return self.module, self.operation, self.number

    @property
    def owner(self) -> str:
        """The module whose parameters it computes with, in the words of a `Layer`; "" if there is none."""
        if not self.operation:
            return self.module
        owners = {
            own.removesuffix(f".{key}") if own.endswith(f".{key}") else ""
            for key, own in self.parameters.items()
        }
        return owners.pop() if len(owners) == 1 else ""


def call_of(one: Seen, again: Seen | None, needed: bool) -> Call:
    """What is known of a call from two passes.

    Args:
        one: As it was seen with `gt.record.places.MORE` points.
        again: As it was seen with fewer; None if it was not.
        needed: Whether the model's output depends on it.
    """
    module, operation, number = one.source
    shape, dtype, place = None, None, PLAIN
    reason = why_not(one.output, one.tensor) or (
        why_not(again.output, again.tensor) if again is not None else ""
    )
    beyond = _beyond(one.values) if operation and not reason else ""
    if not reason:
        assert one.values is not None
        found = _placed(one.values, None if again is None else again.values)
        if isinstance(found, str):
            reason = found
        else:
            place, dtype = found, one.values.dtype
            shape = tuple(found.take(one.values, MORE).shape[1:])
    return Call(
        name_of(one.source),
        module,
        one.kind,
        shape,
        one.config,
        number,
        dtype,
        reason or beyond,
        operation,
        one.inputs,
        one.parameters,
        place,
        one.length,
        _dull(one, dtype, needed) or beyond,
        _largest(one.values),
        needed=needed,
    )


def _beyond(values: torch.Tensor | None) -> str:
    """Why what a function gave cannot be kept as numbers; "" if it can be."""
    if values is None or not values.is_floating_point():
        return ""
    largest = _largest(values)
    return "" if largest < LARGEST else f"it holds values of {largest:.2g}, as masks do"


def _largest(values: torch.Tensor | None) -> float:
    if values is None or not values.is_floating_point() or not values.numel():
        return 0.0
    return float(values.abs().max())


def _placed(values: torch.Tensor, again: torch.Tensor | None) -> Place | str:
    if again is not None:
        return find(again, values)
    return PLAIN if len(values) == MORE else no_row(values, MORE)


def _dull(one: Seen, dtype: torch.dtype | None, needed: bool) -> str:
    """Why nobody wants the values of a function; "" if somebody may, or it is a module."""
    if not one.source[1] or one.kind in (INPUT, UNSEEN):
        return ""
    if not needed:
        return "the output does not depend on it"
    if one.kind in REARRANGING or one.kind in ("Pack", "Unpack"):
        return REARRANGES
    if kind_of(one.kind).repeats:
        return REPEATS
    return MASK if one.kind == "Mask" or (dtype and not dtype.is_floating_point) else ""
