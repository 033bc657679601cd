"""Probe points that are taken out of a data set: a ``Dataset`` of torch's kind, or that of a ``DataLoader``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, IterableDataset, default_collate

from gt.record.hooks import undisturbed
from gt.record.numbers import as_numpy
from gt.run import RunError, ShapeError
from gt.run.points import whole

MOST = 10_000  # points that are taken without being told which
LABELS = ("labels", "label")  # entries of a dict that are what the model should give


@dataclass(frozen=True)
class Taken:
    """What was taken of a data set.

    Attributes:
        inputs: A tensor, or a nest of tensors, of the points.
        labels: What the model should give for them; None if the data set does not say it.
        ids: ``(n,)``, their positions in it.
    """

    inputs: Any
    labels: Any
    ids: np.ndarray


def is_data_set(given: Any) -> bool:
    """Whether points are to be taken out of something: torch's own, or what has items and a length and is no array."""
    if isinstance(given, Dataset | DataLoader):
        return True
    plain = isinstance(given, torch.Tensor | np.ndarray | Mapping | list | tuple | str | bytes)
    items = hasattr(given, "__getitem__") and hasattr(given, "__len__")
    return items and not plain and not hasattr(given, "__array__")


def taken(data: Any, indices: Any) -> Taken:
    """Take points out of a data set, in the order of their positions given; random states are as before.

    An item is an input, or ``(input, label)``, or ``(input, input, ..., label)``, or a dict, whose "labels" or "label"
    are what its name says. A data loader's own ``collate_fn`` puts them together, else torch's.

    Args:
        data: A ``Dataset`` or ``DataLoader``.
        indices: Positions; all, of no more than ``MOST``, when None.

    Raises:
        RunError: If there are no such positions, or items cannot be put together.
    """
    loader = data if isinstance(data, DataLoader) else None
    source = data.dataset if loader is not None else data
    if isinstance(source, IterableDataset) or not hasattr(source, "__len__"):
        raise RunError(
            "Recorder: inputs must be a data set whose items have positions, got one that can only be gone"
            f" through ({type(source).__name__}); take the probe points out of it and give them as tensors"
        )
    size = len(source)
    at = _positions(indices, size)
    with undisturbed(nn.Identity()):
        items = [source[int(i)] for i in at]
        try:
            both = (loader.collate_fn if loader is not None else default_collate)(items)
        except (TypeError, RuntimeError, ValueError) as error:
            raise ShapeError(
                f"Recorder: items of {type(source).__name__} must be tensors or numbers of one shape, they are not:"
                f" {error}; give the data set a transform that makes them so, or a DataLoader with a collate_fn"
            ) from error
    inputs, labels = _apart(both)
    return Taken(inputs, labels, at)


def _positions(indices: Any, size: int) -> np.ndarray:
    if indices is None:
        if size > MOST:
            raise RunError(
                f"Recorder: indices must say which points to take of a data set of {size:,}; a few hundred to a few"
                " thousand are good"
            )
        return np.arange(size)
    given = np.asarray(as_numpy(indices) if isinstance(indices, torch.Tensor) else list(indices))
    at = whole("Recorder", "indices", given, len(given)).astype(np.int64)
    if not len(at) or at.min() < 0 or at.max() >= size or len(np.unique(at)) != len(at):
        raise RunError(
            f"Recorder: indices must be different positions, 0 to {size - 1}, got {list(at[:6])}"
        )
    return at


def _apart(both: Any) -> tuple[Any, Any]:
    """Inputs and labels of items that were put together."""
    if isinstance(both, Mapping):
        there = {key: value for key, value in both.items() if key not in LABELS}
        return there, next((both[key] for key in LABELS if key in both), None)
    if isinstance(both, list | tuple) and len(both) > 1:
        *inputs, labels = both
        return (inputs[0] if len(inputs) == 1 else tuple(inputs)), labels
    if isinstance(both, list | tuple) and len(both) == 1:
        return both[0], None
    return both, None


def rows_of(values: Any, keep: np.ndarray) -> Any:
    """The entries of one thing for each point at some positions; None stays None."""
    if values is None:
        return None
    if isinstance(values, Sequence) and not isinstance(values, str):
        return [values[int(i)] for i in keep]
    return np.asarray(values)[keep]


def each(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Columns by name, tensors as arrays."""
    for name, one in values.items():
        yield name, as_numpy(one) if isinstance(one, torch.Tensor) else one
