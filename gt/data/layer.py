"""What a run says about one recorded layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Layer:
    """One recorded layer, in network order.

    Attributes:
        name: Unique in the run. The outputs are called ``logits`` and ``softmax``.
        kind: Class of the module ("Conv2d"), or what it stands for ("Input", "Softmax").
        shape: Shape of one point's activation.
        module: Name of the module in the model, ``None`` where no module made it.
        config: What a reader needs to redo the layer: kernel_size, stride, padding and the like.
        array: Where the activations are in the store, ``None`` if they follow from another layer.
        constant: One state for all epochs (the input).
        softmax_of: Name of the layer whose softmax this is.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    module: str | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    array: str | None = None
    constant: bool = False
    softmax_of: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is stored; what is empty is left out."""
        out: dict[str, Any] = {"name": self.name, "kind": self.kind, "shape": list(self.shape)}
        for key in ("module", "config", "array", "constant", "softmax_of"):
            if getattr(self, key):
                out[key] = getattr(self, key)
        return out

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Layer:
        """Read back what ``to_json`` wrote."""
        return cls(
            str(stored["name"]),
            str(stored["kind"]),
            tuple(int(s) for s in stored["shape"]),
            stored.get("module"),
            dict(stored.get("config", {})),
            stored.get("array"),
            bool(stored.get("constant", False)),
            stored.get("softmax_of"),
        )


@dataclass(frozen=True)
class Weight:
    """One recorded parameter: name in the model ("fc1.weight"), shape, array in the store."""

    name: str
    shape: tuple[int, ...]
    array: str
