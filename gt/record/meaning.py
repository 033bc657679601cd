"""What a model's outputs mean: classes of which each point has one, or something that must not be shown as that.

A softmax can be put on any numbers. What speaks against it is looked for, most certain first: what
made the outputs, their values, and whether the labels fit them. Names of classes, or a task, that the
user gave count as his word where only the labels leave it open.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from gt.record.numbers import as_numpy
from gt.record.probe import Network
from gt.run import RunError, ShapeError
from gt.run.measure import kind_of_outputs, no_logits
from gt.run.points import plain_array, unnamed

FEW = 10  # points; of fewer the values alone decide nothing
COPIED = 0.5  # of the inputs' variance: what leaves out less of it, and is as wide, copies them
OTHERS = 'task="regression" or task="none"'
CLASSES = 'task="classification"'


def check_labels(labels: Any, n: int, task: str | None) -> None:
    """Make sure that labels are one class for each of ``n`` points, as far as can be told without the classes.

    Raises:
        RunError: If they are something else; it says which task would take them.
    """
    if labels is None:
        raise RunError(
            f"Recorder: labels must be given, one class for each of the {n} inputs; without them say what the"
            f" network is trained for, {OTHERS}"
        )
    try:
        a = plain_array(labels)
    except ValueError as error:
        raise ShapeError(
            f"Recorder: labels must be one array of numbers or text: {error}"
        ) from error
    if a.shape != (n,):
        several = " (several numbers for each point:" if a.ndim > 1 and len(a) == n else ""
        if several:
            several += ' say task="multilabel" or task="regression" if that is what they are)'
        raise ShapeError(
            f"Recorder: labels must have shape ({n},), one for each of the inputs, got {a.shape}{several}"
        )
    if a.dtype.kind == "f" and np.isfinite(a).all() and (a != np.floor(a)).any():
        raise RunError(
            "Recorder: labels must be whole numbers or names, the classes, got"
            f' {a[a != np.floor(a)][0]:g} (what is estimated?); say task="regression" if they are what'
            " the outputs should be"
        )


def check_shape(outputs: np.ndarray, task: str | None) -> None:
    """Make sure that outputs are a row of scores for each point.

    Args:
        outputs: Of the first inputs, as the model gave them.
        task: That was said, if any.

    Raises:
        ShapeError: If they are not; it says what would do.
    """
    if outputs.ndim == 2:
        return
    remedy = {
        1: 'say task="binary" or task="regression" if it is one number for each point',
    }.get(
        outputs.ndim,
        'say output_axes=, "last" for example, if one token\'s scores are meant, each="tokens", "pixels" or "voxels" if'
        f" each of them has a label, or {OTHERS} if they are no scores",
    )
    raise ShapeError(
        "Recorder: the model must give (points, classes) for its inputs, it gave shape"
        f" {outputs.shape} for {len(outputs)} inputs; {remedy}"
    )


def check_ending(network: Network, outputs: np.ndarray, named: bool) -> None:
    """Refuse outputs that are known not to be scores of classes that exclude each other.

    Args:
        network: As it was probed.
        outputs: ``(m, k)`` of the first inputs.
        named: Whether the classes were named.

    Raises:
        RunError: It says what was seen, and which task would take it.
    """
    k = outputs.shape[1]
    if network.sigmoid:
        row = ", ".join(f"{v:.3g}" for v in outputs[0, :6]) + (", ..." if k > 6 else "")
        raise RunError(
            "Recorder: outputs must be logits or probabilities of classes that exclude each other,"
            f" they come out of {network.sigmoid}, each by itself (the first point's: {row});"
            f' say task="{"binary" if k == 1 else "multilabel"}" if each stands for itself'
        )
    if k == 0 or (k == 1 and not named):
        raise RunError(
            f'Recorder: outputs must be a column for each class, got {k}; say task="binary" if it is one'
            ' logit, or task="regression"'
        )


def check_task(
    network: Network,
    outputs: np.ndarray,
    inputs: torch.Tensor,
    labels: np.ndarray,
    named: bool,
) -> None:
    """Refuse outputs whose columns the labels do not fit, unless the classes were named.

    Args:
        network: As it was probed.
        outputs: ``(m, k)`` of the first inputs.
        inputs: ``(n, ...)``, the first of them.
        labels: ``(n,)`` in ``[0, k)``.
        named: Whether the classes, or the task, were named.

    Raises:
        RunError: It says what was seen.
    """
    if network.softmax is None and (seen := no_logits(outputs)):
        raise RunError(
            f"Recorder: outputs must be logits or probabilities, they look like {seen}; have the model give"
            f" its logits, or rows that sum to 1, or say {OTHERS}"
        )
    if named:
        return
    k, there = outputs.shape[1], len(np.unique(labels))
    remedy = f"say {OTHERS}, or {CLASSES} if they are classes all the same"
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


def check_kind(planned: str, outputs: np.ndarray, when: str) -> None:
    """Make sure that outputs of an epoch are what those of the first points were taken for.

    Args:
        planned: "logits", "probabilities" or "log-probabilities".
        outputs: ``(n, k)`` as the model gave them.
        when: The epoch or step, for the error.

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
        f"record: {when}, outputs must be {planned}, as those of the first points were when the"
        f" Recorder was made, they are {found} (rows sum to {sums.min():.3g} to {sums.max():.3g});"
        " make a new Recorder with another path"
    )
