"""What a run says about itself, read without trusting it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from gt.errors import NewerVersionError, RunError, ShapeError, TruncatedRunError
from gt.run import bounds, disk
from gt.run.layer import Layer, Weight

READ_DEPTH = 100  # of a description: beyond it, programs that go through it list by list give up
UID = re.compile(r"[0-9a-f]{1,64}")  # it becomes the name of a folder in the cache


@dataclass(frozen=True)
class Attributes:
    """The attributes of a run's group, each of its type and within bounds.

    Attributes:
        version: Of the format.
        uid: Hexadecimal.
        title: For people.
        classes: Their names.
        epochs: ``(e,)`` int64, the committed ones, rising.
        layers: In network order.
        weights: The parameters.
        made: How the run was made.
        inputs: SHA-256 of the inputs, or None.
        checked: Whether a file of checks says which chunk belongs where.
    """

    version: int
    uid: str
    title: str
    classes: tuple[str, ...]
    epochs: np.ndarray
    layers: tuple[Layer, ...]
    weights: tuple[Weight, ...]
    made: Mapping[str, Any]
    inputs: str | None
    checked: bool


def read(path: Path) -> Attributes:
    """Read the attributes of the run at ``path``.

    Raises:
        NoRunError, ForeignStoreError: If there is no run.
        NewerVersionError: If a newer version of the format wrote it.
        TruncatedRunError: If an entry is missing, of another type, or beyond what can be.
        ShapeError: If epochs do not go up.
    """
    stored = disk.read_attributes(path)
    where = f"open_run: {path}"
    version = stored.get("version")
    if type(version) is not int:
        raise TruncatedRunError(f"{where}: version must be a number, got {version!r}")
    if version > disk.VERSION:
        raise NewerVersionError(
            f"{where} has format version {version}, this program reads up to {disk.VERSION};"
            " upgrade nn-grand-tour"
        )
    if _deeper_than(stored, READ_DEPTH):
        raise TruncatedRunError(
            f"{where}: zarr.json must go {READ_DEPTH} lists deep at most, it goes deeper"
        )
    try:
        found = _parse(version, stored)
    except RunError as error:
        raise type(error)(f"{where}: {error}") from error
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise TruncatedRunError(
            f"{where}: zarr.json must describe a run, entry {error} is missing or damaged"
        ) from error
    return found


def _parse(version: int, stored: Mapping[str, Any]) -> Attributes:
    uid = stored["uid"]
    if not isinstance(uid, str) or not UID.fullmatch(uid):
        raise TruncatedRunError(
            f"uid must be 1 to 64 hexadecimal digits (0-9, a-f), got {_short(uid)}"
        )
    classes = tuple(_of(str, "classes", one) for one in _of(list, "classes", stored["classes"]))
    layers = tuple(Layer.from_json(one) for one in _of(list, "layers", stored["layers"]))
    check_layers(layers)
    weights = tuple(Weight.from_json(one) for one in _of(list, "weights", stored["weights"]))
    arrays = [layer.array for layer in layers if layer.array is not None]
    for name in (*arrays, *(weight.array for weight in weights)):
        disk.check_name(name)
    inputs = stored["inputs"]
    return Attributes(
        version,
        uid,
        _of(str, "title", stored["title"]),
        classes,
        _epochs(_of(list, "epochs", stored["epochs"])),
        layers,
        weights,
        MappingProxyType(_of(dict, "made", stored["made"])),
        None if inputs is None else _of(str, "inputs", inputs),
        stored.get("checks") is True,
    )


def _deeper_than(value: Any, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return any(isinstance(one, dict | list) for one in level)


def _epochs(values: list[Any]) -> np.ndarray:
    for one in values:
        if type(one) is not int or not 0 <= one <= bounds.LARGEST_NUMBER:
            raise TruncatedRunError(
                f"epochs must be whole numbers of 0 to {bounds.LARGEST_NUMBER}, got {_short(one)}"
            )
    epochs = np.array(values, np.int64)
    if (np.diff(epochs) <= 0).any():
        raise ShapeError(f"epochs must go up, got {_short(values)}")
    return epochs


def check_layers(layers: tuple[Layer, ...]) -> None:
    """Raise unless each layer is stored or follows from one that is."""
    stored = {layer.name: layer for layer in layers if layer.array is not None}
    if len({layer.name for layer in layers}) != len(layers):
        raise TruncatedRunError("layers must have names that differ")
    for layer in layers:
        if math.prod(layer.shape) < 1:
            raise TruncatedRunError(f"layer {layer.name!r} must hold numbers, it has {layer.shape}")
        if layer.array is None:
            source = stored.get(str(layer.softmax_of))
            if source is None or source.shape != layer.shape:
                raise TruncatedRunError(
                    f"layer {layer.name!r} must have an array, or follow from a layer of its shape"
                    f" that has one, not from {_short(layer.softmax_of)}"
                )


def _of(kind: type, name: str, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TruncatedRunError(f"{name} must be of {kind.__name__}, got {_short(value)}")
    return value


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def plain(value: Any, where: str) -> Any:
    """What a run is to say about itself, as JSON has it.

    Args:
        value: Of dicts with names, lists, text, numbers, None; tuples become lists, numpy's numbers numbers.
        where: What it is; it begins every error.

    Raises:
        RunError: If JSON cannot hold it, or readers could not.
    """
    found = _plain(value, where, bounds.DEPTH)
    if len(json.dumps(found)) > bounds.METADATA_BYTES // 4:
        raise RunError(f"{where} must be of {bounds.METADATA_BYTES // 4:,} characters at most")
    return found


def _plain(value: Any, where: str, depth: int) -> Any:
    if depth == 0:
        raise RunError(f"{where} must go {bounds.DEPTH} lists deep at most")
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise RunError(f"{where} must have text as names, got {_short(key)}")
        return {text(k, where): _plain(v, f"{where}.{k}", depth - 1) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, where, depth - 1) for one in value]
    if isinstance(value, str):
        return text(value, where)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) < 10**300:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise RunError(
        f"{where} must be what JSON can hold (text, finite numbers, lists, dicts), got"
        f" {_short(value)}"
    )


def text(value: str, where: str) -> str:
    """Text that can be sent and stored.

    Raises:
        RunError: If it holds NUL or half of a pair of UTF-16, which nothing can show.
    """
    if "\0" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise RunError(f"{where} must be text without NUL and lone surrogates, got {_short(value)}")
    return value
