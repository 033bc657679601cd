"""What a model's outputs mean: classes of which each point has one, or something that must not be shown as that.

A softmax can be put on any numbers. What speaks against it is looked for, most certain first: what
made the outputs, their values, and whether the labels fit them. Names of classes that the user gave
count as his word where only the labels leave it open.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from gt.record.numbers import as_numpy
from gt.record.probe import Network
from gt.run import RunError, ShapeError
from gt.run.measure import kind_of_outputs, no_logits
from gt.run.points import unnamed

FEW = 10  # points; of fewer the values alone decide nothing
COPIED = 0.5  # of the inputs' variance: what leaves out less of it, and is as wide, copies them
LATER = "other tasks than one class for each point are not supported yet"


def check_inputs(inputs: Any) -> torch.Tensor:
    """Bring inputs into one dense tensor ``(n, ...)``.

    Raises:
        ShapeError: If they are something else.
    """
    try:
        found = torch.as_tensor(inputs)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ShapeError(
            f"Recorder: inputs must be one tensor or array of numbers (n, ...), got"
            f" {type(inputs).__name__} ({error}); wrap the model in a module that takes one"
        ) from error
    if found.is_nested or found.layout is not torch.strided or found.is_quantized:
        raise ShapeError(
            "Recorder: inputs must be a dense tensor (n, ...), got a nested, sparse or quantized one"
        )
    if found.ndim == 0 or found.numel() == 0:
        raise ShapeError(
            f"Recorder: there must be at least one input with a value, got shape {tuple(found.shape)}"
        )
    return found


def check_labels(labels: Any, n: int) -> None:
    """Make sure that labels are one class for each of ``n`` points, as far as can be told without the classes.

    Raises:
        RunError: If they are something else.
    """
    if labels is None:
        raise RunError(
            f"Recorder: labels must be given, one class for each of the {n} inputs; {LATER}"
        )
    a = np.asarray(labels)
    if a.shape != (n,):
        several = f" (several numbers for each point: {LATER})" if a.ndim > 1 else ""
        raise ShapeError(
            f"Recorder: labels must have shape ({n},), one for each of the inputs, got {a.shape}{several}"
        )
    if a.dtype.kind == "f" and np.isfinite(a).all() and (a != np.floor(a)).any():
        raise RunError(
            "Recorder: labels must be whole numbers, the classes, got"
            f" {a[a != np.floor(a)][0]:g} (what is estimated?); {LATER}"
        )


def check_ending(network: Network, outputs: np.ndarray, classes: Sequence[str] | None) -> None:
    """Refuse outputs that are known not to be scores of classes that exclude each other.

    Args:
        network: As it was probed.
        outputs: ``(m, k)`` of the first inputs.
        classes: The names that were given, if any.

    Raises:
        RunError: It says what was seen.
    """
    k = network.width
    two = "of a single logit z give both classes, torch.cat([torch.zeros_like(z), z], 1)"
    if network.sigmoid:
        row = ", ".join(f"{v:.3g}" for v in outputs[0, :6]) + (", ..." if k > 6 else "")
        raise RunError(
            "Recorder: outputs must be logits or probabilities of classes that exclude each other,"
            f" they come out of {network.sigmoid}, each by itself (the first point's: {row});"
            f" {two if k == 1 else LATER}"
        )
    if k == 0 or (k == 1 and classes is None):
        raise RunError(
            f"Recorder: outputs must be a column for each class, got {k}, as of a regression; {two};"
            f" {LATER}"
        )


def check_task(
    network: Network,
    outputs: np.ndarray,
    inputs: torch.Tensor,
    labels: np.ndarray,
    classes: Sequence[str] | None,
) -> None:
    """Refuse outputs whose columns the labels do not fit, unless the classes were named.

    Args:
        network: As it was probed.
        outputs: ``(m, k)`` of the first inputs.
        inputs: ``(n, ...)``.
        labels: ``(n,)`` in ``[0, k)``.
        classes: The names that were given, if any.

    Raises:
        RunError: It says what was seen.
    """
    if network.softmax is None and (seen := no_logits(outputs)):
        raise RunError(
            f"Recorder: outputs must be logits or probabilities, they look like {seen}; have the model give"
            f" its logits, or rows that sum to 1; {LATER}"
        )
    if classes is not None:
        return
    k, there = network.width, len(np.unique(labels))
    remedy = f"name the classes (classes=[...]) if they are classes; {LATER}"
    alike = inputs.ndim > 1 and inputs[0].numel() == k
    if alike and there < k:
        raise RunError(
            f"Recorder: outputs must be scores of classes, they are as wide as the inputs ({k}) and"
            f" the labels name {there} of {k} columns, as with an autoencoder; {remedy}"
        )
    if alike and (left := _not_copied(inputs[: len(outputs)], outputs)) < COPIED:
        raise RunError(
            f"Recorder: outputs must be scores of classes, they are the inputs but for"
            f" {100 * left:.0f} % of their variance, as with an autoencoder; {remedy}"
        )
    if seen := unnamed(labels, k):
        raise RunError(
            f"Recorder: outputs must be scores of classes, but {seen}, as with a regression; {remedy}"
        )


def _not_copied(inputs: torch.Tensor, outputs: np.ndarray) -> float:
    """The share of the inputs' variance that is not in the outputs; 1 if they have none."""
    x = as_numpy(inputs).reshape(len(inputs), -1)
    if x.dtype.kind not in "fiu":
        return 1.0
    x = x.astype(np.float64)
    variance = ((x - x.mean(0)) ** 2).sum()
    return float(((x - outputs) ** 2).sum() / variance) if variance > 0 else 1.0


def check_kind(planned: str, outputs: np.ndarray, epoch: int) -> None:
    """Make sure that outputs of an epoch are what those of the first points were taken for.

    Args:
        planned: "logits", "probabilities" or "log-probabilities".
        outputs: ``(n, k)`` as the model gave them.
        epoch: For the error.

    Raises:
        RunError: If they are not.
    """
    found = kind_of_outputs(outputs)
    found = "logits" if found == "shares" else found
    if found == planned or not np.isfinite(outputs).all():
        return
    if planned == "logits" and len(outputs) < FEW:
        return  # by chance, as likely
    sums = (np.exp(outputs) if planned == "log-probabilities" else outputs).sum(axis=1, dtype=float)
    raise RunError(
        f"record: epoch {epoch}, outputs must be {planned}, as those of the first points were when the"
        f" Recorder was made, they are {found} (rows sum to {sums.min():.3g} to {sums.max():.3g});"
        " make a new Recorder with another path"
    )
