"""What a kind of layer is, and the table of all that are known.

A kind goes by the name of its class. One that is not in the table is shown as it was recorded and aligned by the
points alone; so is one whose settings are beyond what is known of it (padding that mirrors, say, has no linear part).
A new kind is one file in `gt/layers/kinds`::

    register(Kind("MyLayer", family="linear", linear=my_operator, forward=my_forward, make=my_module))

and nothing else: aligning, the forward pass in numpy, attacks, the Recorder and the pages read this table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from gt.discover import import_all
from gt.layers.operators import Operator

if TYPE_CHECKING:
    from torch import nn

#: what a reader calls each family of layers; its two colours are `--gt-kind-<family>` in assets/css/80-layers.css
FAMILIES = {
    "input": "input",
    "convolution": "convolution",
    "pooling": "pooling",
    "elementwise": "value by value",
    "linear": "linear",
    "softmax": "softmax",
    "other": "other",
}
Family = Literal["input", "convolution", "pooling", "elementwise", "linear", "softmax", "other"]


@dataclass(frozen=True)
class Step:
    """One layer, as recorded.

    Attributes:
        kind: Name of its class: "Conv2d".
        inputs: Shape of a point before it.
        outputs: Shape of a point behind it.
        config: Its settings, by PyTorch's names.
        parameters: Its arrays, by PyTorch's names within the layer: "weight", "running_mean"; of
            any shape that the kind has.
    """

    kind: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    config: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, np.ndarray] = field(default_factory=dict)


Linear = Callable[[Step], Operator | None]
Forward = Callable[[Step, np.ndarray], np.ndarray]
Make = Callable[[Step], "nn.Module"]
Deduce = Callable[[Step, np.ndarray, np.ndarray], Mapping[str, np.ndarray]]


@dataclass(frozen=True)
class Kind:
    """All that is known of a kind of layer.

    Attributes:
        name: Of its class.
        family: Whose colour and glyph it has.
        settings: Names of the settings that decide what it computes: recorded, and handed on to PyTorch.
        linear: Its linear part, less the offset; None, or what gives None, where it has none that is known.
        claim: What `gt.align.tried` tries on the points before the linear part is believed: "linear", "values" (each
            value becomes what `forward` makes of it alone), "largest" (of the values that a pooling averages), or
            "softmax" (each value comes from all, and yet the axes keep their meaning).
        forward: Points ``(n, *inputs)`` to ``(n, *outputs)``, as PyTorch does in evaluation. A KeyError names a setting
            or parameter that must be known, a ValueError says what does not fit.
        make: PyTorch's module, without its weights; the one place where torch is imported.
        weighted: Whether the Recorder keeps its parameters.
        repeats: Whether it puts out what comes in, perhaps in another shape.
        deduced: Name of the parameter without which all are deduced from what the layer did to points …
        deduce: … by this: step, ``(n, d_in)`` before and ``(n, d_out)`` behind to parameters by name.
    """

    name: str
    family: Family = "other"
    settings: tuple[str, ...] = ()
    linear: Linear | None = None
    claim: Literal["linear", "values", "largest", "softmax"] = "linear"
    forward: Forward | None = None
    make: Make | None = None
    weighted: bool = False
    repeats: bool = False
    deduced: str = ""
    deduce: Deduce | None = None

    def parameters(
        self, step: Step, values: Callable[[], tuple[np.ndarray, np.ndarray]]
    ) -> Mapping[str, np.ndarray]:
        """Those of a step, or deduced ones.

        Args:
            step: A layer of this kind.
            values: Gives what is before and behind it, ``(n, d_in)`` and ``(n, d_out)``; asked only if need be.
        """
        if self.deduce is None or self.deduced in step.parameters or step.inputs != step.outputs:
            return step.parameters
        return self.deduce(step, *values())


_table: dict[str, Kind] = {}
UNKNOWN = Kind("")


def register(*added: Kind) -> None:
    """Add kinds to the table; the last one of a name holds."""
    for one in added:
        _table[one.name] = one


def kinds() -> Mapping[str, Kind]:
    """All kinds, by name."""
    import_all("gt.layers.kinds")
    return _table


def kind_of(name: str) -> Kind:
    """The kind of a name; one of the family "other", of which nothing is known, for a name that is not in the table."""
    return kinds().get(name, UNKNOWN)


def settings() -> tuple[str, ...]:
    """Every setting that decides what a layer of some kind computes."""
    return tuple(dict.fromkeys(name for one in kinds().values() for name in one.settings))


def linear_part(step: Step) -> Operator | None:
    """What a layer does to a point, less its offset and what bends.

    Args:
        step: The layer.

    Returns:
        An operator of shape ``(values before, values behind)``, or None where the layer has no linear
        part that is known.

    Raises:
        ValueError: If what is registered for the kind does not fit the shapes of the points.
    """
    linear = kind_of(step.kind).linear
    found = None if linear is None else linear(step)
    sizes = int(np.prod(step.inputs)), int(np.prod(step.outputs))
    if found is not None and found.shape != sizes:
        raise ValueError(
            f"linear_part: {step.kind} must map {step.inputs} to {step.outputs}, which is"
            f" {sizes[0]} to {sizes[1]} values, its operator maps {found.shape[0]} to {found.shape[1]}"
        )
    return found
