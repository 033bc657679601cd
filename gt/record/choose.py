"""Which calls of a network are asked for: by name, pattern, kind, class, module, question, or as blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Any

from torch import nn

from gt.record.hooks import modules_of, named
from gt.record.probe import Call, Network
from gt.run import RunError

WORDS = ("outputs", "all", "blocks", "auto")
Layers = str | tuple[Any, ...]


def as_choice(layers: Any) -> Layers:
    """A choice of layers as a word or a tuple.

    Args:
        layers: One of `WORDS`; or a name, pattern, class or kind, module or function that says whether it wants a
            call, in a list or, but for text, alone.

    Raises:
        RunError: If it is something else.
    """
    if isinstance(layers, str) and layers not in WORDS:
        words = ", ".join(f'"{word}"' for word in WORDS)
        raise RunError(f"Recorder: layers must be {words} or a list of names, got {layers!r}")
    if isinstance(layers, str):
        return layers
    alone = isinstance(layers, nn.Module | type) or not isinstance(layers, Iterable)
    found = (layers,) if alone else tuple(layers)
    for one in found:
        if not isinstance(one, str | nn.Module) and not callable(one):
            raise RunError(
                "Recorder: layers must be names, patterns, classes, modules or functions that say"
                f" whether they want a call, got {one!r}"
            )
    return found


def chosen(network: Network, model: nn.Module, layers: Layers) -> list[Call]:
    """The calls that are asked for, in network order.

    Args:
        network: As it was probed.
        model: That was.
        layers: See `as_choice`; "auto" is not among them.

    Raises:
        RunError: If something is asked for that is not called, or is not there.
    """
    if layers == "outputs":
        return []
    if layers == "all":
        return [one for one in network.calls if not one.outer and not one.dull]
    if layers == "blocks":
        return blocks(network) or chosen(network, model, "all")
    names = {id(module): name for name, module in modules_of(model).items()}
    wanted: set[tuple[str, str, int]] = set()
    for one in layers:
        found = [call for call in network.calls if _asked(one, call, names)]
        if not found and isinstance(one, str):
            found = [call for call in network.calls if call.kind == one and not call.dull]
        if not found:
            _refuse(network, model, one)
        wanted |= {call.source for call in found}
    return [call for call in network.calls if call.source in wanted]


def _asked(one: Any, call: Call, names: dict[int, str]) -> bool:
    """Whether a single choice is of a call."""
    if isinstance(one, nn.Module):
        return not call.operation and names.get(id(one)) == call.module
    if isinstance(one, type):
        return call.kind == one.__name__ and not call.dull
    if callable(one):
        return bool(one(call))
    if call.name == one or (not call.operation and call.module == one):
        return True
    return any(sign in one for sign in "*?[") and fnmatchcase(call.name, one) and not call.dull


def _refuse(network: Network, model: nn.Module, one: Any) -> None:
    """Say that nothing is called that was asked for."""
    if isinstance(one, str) and not any(sign in one for sign in "*?[/"):
        named(model, (one,))  # says what there is if there is no such module
    there = ", ".join(call.name for call in network.calls if not call.dull)
    raise RunError(
        f"Recorder: layer {one!r} must be called in the forward pass, it was not; called were {there}"
    )


def blocks(network: Network) -> list[Call]:
    """The modules that are looked into and are of a class that comes again, those aside that are within another."""
    outer = [one for one in network.calls if one.outer and one.number == 1]
    classes = Counter(_class(one) for one in outer)
    repeated = [one for one in outer if classes[_class(one)] > 1]
    names = {one.module for one in repeated}
    found = [
        one.module
        for one in repeated
        if not any(inner in names for inner in _above(one.module)) and one.shape is not None
    ]
    return [one for one in network.calls if one.outer and one.module in found]


def _class(call: Call) -> tuple[str, str]:
    """What makes two modules alike: their class; of containers, where they stand, too."""
    within = call.module.rpartition(".")[0] if call.kind == "Sequential" else ""
    return call.kind, within


def _above(name: str) -> Sequence[str]:
    parts = name.split(".")
    return [".".join(parts[:i]) for i in range(1, len(parts))]
