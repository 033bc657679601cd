"""What a run says about one recorded layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, overload

from gt.run import wide
from gt.run.bounds import DIMENSIONS


@dataclass(frozen=True)
class Layer:
    """One recorded layer, in network order.

    Attributes:
        name: Unique in the run. The outputs are called ``logits`` and ``softmax`` or ``sigmoid``, or ``outputs``.
        kind: Class of the module ("Conv2d"), or what it stands for ("Input", "Softmax").
        shape: Shape of one point's activation.
        module: Name of the module in the model, ``None`` where no module made it.
        config: What a reader needs to redo the layer: kernel_size, stride, padding and the like.
        array: Where the activations are in the store, ``None`` if they follow from another layer.
        constant: One state for all epochs (the input).
        softmax_of: Name of the layer whose softmax this is.
        sigmoid_of: Name of the layer whose sigmoid this is, of each value by itself.
        kept: Of a wide layer how many columns are kept of its values: ``exact``, ``places`` and ``sketch``, and ``of``
            how many values, see `gt.run.wide`; None for a layer that is kept whole.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    module: str | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    array: str | None = None
    constant: bool = False
    softmax_of: str | None = None
    sigmoid_of: str | None = None
    kept: Mapping[str, int] | None = None

    @property
    def source(self) -> str | None:
        """Name of the layer that this one follows from, None if it is stored itself."""
        return self.softmax_of or self.sigmoid_of

    @property
    def stored_shape(self) -> tuple[int, ...]:
        """Shape of what is stored of one point: its activation, or what is kept of that."""
        return self.shape if self.kept is None else (wide.width_kept(self.kept),)

    def to_json(self) -> dict[str, Any]:
        """As it is stored; what is empty is left out.

        Returns:
            What JSON can hold.
        """
        out: dict[str, Any] = {"name": self.name, "kind": self.kind, "shape": list(self.shape)}
        for key in ("module", "config", "array", "constant", "softmax_of", "sigmoid_of"):
            if getattr(self, key):
                out[key] = getattr(self, key)
        if self.kept is not None:
            out["kept"] = dict(self.kept)
        return out

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Layer:
        """Read back what ``to_json`` wrote.

        Args:
            stored: An entry of a run's list of layers.

        Returns:
            The layer.

        Raises:
            KeyError, TypeError, ValueError: If an entry is missing or of another type; it says which.
        """
        shape = _shape(stored)
        return cls(
            _text(stored, "name"),
            _text(stored, "kind"),
            shape,
            _text(stored, "module", True),
            dict(stored.get("config", {})),
            _text(stored, "array", True),
            stored.get("constant") is True,
            _text(stored, "softmax_of", True),
            _text(stored, "sigmoid_of", True),
            wide.parse(stored.get("kept"), shape),
        )


@dataclass(frozen=True)
class Weight:
    """One recorded parameter: name in the model ("fc1.weight"), shape, array in the store."""

    name: str
    shape: tuple[int, ...]
    array: str

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {"name": self.name, "shape": list(self.shape), "array": self.array}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Weight:
        """Read back what ``to_json`` wrote.

        Raises:
            KeyError, TypeError, ValueError: If an entry is missing or of another type; it says which.
        """
        return cls(_text(stored, "name"), _shape(stored), _text(stored, "array"))


@overload
def _text(stored: Mapping[str, Any], key: str) -> str: ...


@overload
def _text(stored: Mapping[str, Any], key: str, optional: Literal[True]) -> str | None: ...


def _text(stored: Mapping[str, Any], key: str, optional: bool = False) -> str | None:
    value = stored.get(key) if optional else stored[key]
    if isinstance(value, str) or (optional and value is None):
        return value
    raise TypeError(f"{key!r} of a layer or weight, which must be text,")


def _shape(stored: Mapping[str, Any]) -> tuple[int, ...]:
    value = stored["shape"]
    if not isinstance(value, list) or len(value) > DIMENSIONS - 2:
        raise TypeError("'shape' of a layer or weight, which must be a short list,")
    if all(type(x) is int and 0 <= x < 2**40 for x in value):
        return tuple(value)
    raise TypeError("'shape' of a layer or weight, which must be whole numbers,")
