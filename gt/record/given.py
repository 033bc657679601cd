"""All that a recorder is given of its points, brought together: taken out of data sets, without the ignored ones."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch

from gt.record import indexed
from gt.record.each import Each
from gt.record.inputs import Inputs, check_inputs
from gt.record.numbers import as_numpy
from gt.record.tasks import Asked
from gt.run import RunError
from gt.run.points import plain_array

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Given:
    """What is known of the points before the network has seen them.

    Attributes:
        inputs: Of those that are recorded.
        asked: What was said of them.
        notes: What the run says of how they came about.
        trying: How many points there are if inputs may be sequences ``(t, n, ...)``, None if that is not known; 0 if
            they may not be.
    """

    inputs: Inputs
    asked: Asked
    notes: Mapping[str, str] = field(default_factory=dict)
    trying: int | None = 0


def gather(
    inputs: Any,
    asked: Asked,
    indices: Any,
    ignore_index: Any,
    each: Each | None = None,
    axis: int | None = None,
) -> Given:
    """Bring together what was given of the points.

    Args:
        inputs: Tensors, arrays or nests of them, or a ``Dataset`` or ``DataLoader``.
        asked: What was said of the points; labels and ids of a data set are its own where they are None.
        indices: Which of a data set to take.
        ignore_index: Points whose label is this are left out; None leaves none out.
        axis: Of the inputs that counts the points; None if that is to be found.
        each: Whether points are positions; they are found, and left out, when outputs are known.

    Raises:
        RunError: If something does not fit.
    """
    if indexed.is_data_set(inputs):
        found = indexed.taken(inputs, indices)
        inputs = found.inputs
        labels = asked.labels if asked.labels is not None else found.labels
        ids = asked.ids if asked.ids is not None else found.ids
        asked = replace(asked, labels=labels, ids=ids)
    elif indices is not None:
        raise RunError(
            "Recorder: indices must be positions in a Dataset or DataLoader, inputs are given as they are; leave it out"
        )
    if axis not in (None, 0, 1) or isinstance(axis, bool):
        raise RunError(f"Recorder: batch_axis must be 0, 1 or None, got {axis!r}")
    known = asked.count()
    fed = check_inputs(inputs, axis, known)
    trying = 0 if axis is not None or fed.turned else known
    asked = replace(asked, **{name: _array(getattr(asked, name)) for name in _ARRAYS})
    if asked.columns is not None and isinstance(asked.columns, Mapping):
        asked = replace(asked, columns={k: _array(v) for k, v in asked.columns.items()})
    if each is not None:
        return Given(fed, asked, trying=trying)
    if ignore_index is None:
        asked.check(len(fed))
        return Given(fed, asked, trying=trying)
    return _without(fed, asked, ignore_index)


def check_dtype(dtype: str) -> None:
    """Raise ``RunError`` unless hidden layers can be stored as this."""
    if dtype not in ("float16", "float32"):
        raise RunError(f'Recorder: dtype must be "float16" or "float32", got {dtype!r}')


_ARRAYS = ("labels", "targets", "splits", "ids", "images")


def _without(inputs: Inputs, asked: Asked, ignore_index: Any) -> Given:
    """The same without the points whose label says that they are to be ignored."""
    n = len(inputs)
    if not asked.of_classes or asked.labels is None:
        raise RunError(
            "Recorder: ignore_index must be a label of points that have one class each; other tasks have none, leave"
            " points out of the inputs"
        )
    labels = plain_array(asked.labels)
    if labels.shape not in ((n,), (n, 1)):
        asked.check(n)
    keep = np.flatnonzero(labels.reshape(n, -1)[:, 0] != ignore_index)
    if not len(keep):
        raise RunError(
            f"Recorder: labels must name a class of some point, all {n} are {ignore_index!r}, which is ignored"
        )
    parts = {name: indexed.rows_of(getattr(asked, name), keep) for name in _ARRAYS}
    if asked.ids is None:
        parts["ids"] = keep
    columns = asked.columns
    if isinstance(columns, Mapping):
        columns = {name: indexed.rows_of(one, keep) for name, one in columns.items()}
    asked = replace(asked, **parts, columns=columns)
    asked.check(len(keep))
    if len(keep) == n:
        return Given(inputs, asked)
    said = f"{n - len(keep)} of {n} points have the label {ignore_index!r} and are not recorded"
    log.warning("Recorder: %s", said)
    return Given(inputs[keep], asked, {"ignored": said})


def _array(value: Any) -> Any:
    return as_numpy(value) if isinstance(value, torch.Tensor) else value
