"""Numbers on their way from torch to the store: which type holds them, and which numbers they are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from gt.run import NotFiniteError, ShapeError
from gt.run.measure import Measures, pair
from gt.run.points import SPLITS

EXACT = 2**53  # largest whole number up to which a reader's float64, and a browser, has all


def as_numpy(tensor: torch.Tensor) -> np.ndarray:
    """As numpy on the CPU; types that numpy lacks (bfloat16), and float64, become float32."""
    found = tensor.detach().cpu()
    if found.is_floating_point() and found.dtype not in (torch.float16, torch.float32):
        found = found.float()
    return found.resolve_conj().resolve_neg().numpy()


def as_stored(tensor: torch.Tensor, dtype: str) -> np.ndarray:
    """As numpy on the CPU, of a type from which storing as ``dtype`` loses nothing more."""
    if tensor.dtype == torch.float64 and dtype == "float64":
        return tensor.detach().cpu().numpy()
    found = as_numpy(tensor)
    return found.astype(np.uint8) if found.dtype.kind == "b" else found


def stored_type(dtype: torch.dtype | None, floats: str) -> str:
    """What numbers of a layer are stored as: whole ones as such, all others as ``floats``."""
    if dtype is None or dtype.is_floating_point:
        return floats
    return "uint8" if dtype == torch.bool else str(dtype).removeprefix("torch.")


def stored_type_of_inputs(inputs: torch.Tensor, floats: str) -> str:
    """What inputs are stored as: the first type that holds them, whole numbers exactly.

    They are written once for all epochs, so a wider type costs little.

    Args:
        inputs: ``(n, ...)``.
        floats: "float16" or "float32", for those that are no whole numbers.

    Raises:
        NotFiniteError: If they hold NaN or infinity.
        ShapeError: If they hold whole numbers that no reader has.
    """
    whole = not inputs.is_floating_point()
    kinds = [stored_type(inputs.dtype, floats)] if whole else [floats, "float32", "float64"]
    for start in range(0, len(inputs), 1000):
        values = inputs[start : start + 1000].detach().cpu()
        part = (values if whole else values.double()).numpy()
        if not np.isfinite(part).all():
            raise NotFiniteError(
                "Recorder: inputs must be finite to be recorded, they hold NaN or infinity; record"
                ' with layers="outputs" or names of layers'
            )
        if part.dtype.kind in "iu" and part.itemsize == 8:
            check_exact(part, "Recorder: inputs")
        while not _holds(kinds[0], part):
            kinds.pop(0)
    return kinds[0]


def check_exact(values: np.ndarray, where: str) -> None:
    """Make sure that integers are among those that every reader has.

    Raises:
        ShapeError: If one is not.
    """
    beyond = values[(values > EXACT) | (values < -EXACT)] if values.itemsize == 8 else values[:0]
    if beyond.size:
        raise ShapeError(
            f"{where} must be whole numbers within 2^53 of 0, which readers have exactly, got"
            f" {beyond.flat[0]}; number them anew"
        )


def _holds(kind: str, values: np.ndarray) -> bool:
    """Whether a type holds values: in its range, and exactly if they are whole."""
    if np.dtype(kind).kind != "f" or kind == "float64":
        return True
    with np.errstate(over="ignore"):
        kept = values.astype(kind).astype(np.float64)
    return bool(
        np.isfinite(kept).all() and not ((kept != values) & (values == np.floor(values))).any()
    )


def one_number(value: Any, name: str) -> float:
    """A single number of the history, NaN for None.

    Raises:
        ShapeError: If it is none.
    """
    if value is None:
        return float("nan")
    try:
        if np.iscomplexobj(value):
            raise TypeError
        return float(value)
    except (TypeError, ValueError, RuntimeError):
        raise ShapeError(
            f"record: {name} must be one number, got {value!r}; of several groups give one"
        ) from None


@dataclass(frozen=True)
class Measured:
    """What a user measured himself, of each split.

    Attributes:
        values: By name ``(2, ...)`` float32.
        own: By name ``(2,)``, the splits that it is left to the Recorder to measure.
    """

    values: Mapping[str, np.ndarray]
    own: Mapping[str, np.ndarray]

    def over(self, measured: Measures) -> Measures:
        """The same in place of what was measured of the probe points."""
        found: dict[str, Any] = {
            name: np.where(
                self.own[name].reshape(2, *(1,) * (value.ndim - 1)), getattr(measured, name), value
            )
            for name, value in self.values.items()
        }
        return replace(measured, **found)


def given_measures(k: int, numbers: Mapping[str, Any], of_classes: Mapping[str, Any]) -> Measured:
    """What a user measured himself, of each split.

    Args:
        k: Groups of points.
        numbers: By name, for `gt.run.measure.pair`; None where nothing was measured.
        of_classes: Likewise, with ``(k,)`` values in place of a number.
    """
    tails = {**dict.fromkeys(numbers, ()), **dict.fromkeys(of_classes, (k,))}
    given = {name: one for name, one in {**numbers, **of_classes}.items() if one is not None}
    own = {name: _left(value) for name, value in given.items()}
    values = {
        name: pair(_filled(value, tails[name]), name, "record", tails[name])
        for name, value in given.items()
    }
    return Measured(values, own)


def _left(value: Any) -> np.ndarray:
    """Of which splits ``(2,)`` a given value is None."""
    if isinstance(value, Mapping):
        return np.array([name in value and value[name] is None for name in SPLITS])
    if isinstance(value, tuple | list) and len(value) == 2:
        return np.array([one is None for one in value])
    return np.zeros(2, bool)


def _filled(value: Any, tail: tuple[int, ...]) -> Any:
    """The same, with something in place of None, which is not looked at."""
    if isinstance(value, Mapping):
        return {name: np.full(tail, np.nan) if one is None else one for name, one in value.items()}
    if isinstance(value, tuple | list) and len(value) == 2:
        return [np.full(tail, np.nan) if one is None else one for one in value]
    return value


def digest(inputs: torch.Tensor) -> str:
    """SHA-256 of inputs, in hexadecimal: whether two recordings are of the same."""
    found = hashlib.sha256(f"{tuple(inputs.shape)} {inputs.dtype}".encode())
    for start in range(0, len(inputs), 1000):
        found.update(np.ascontiguousarray(as_numpy(inputs[start : start + 1000])).tobytes())
    return found.hexdigest()
