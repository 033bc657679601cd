"""Loss and accuracy of outputs, overall and by class; how far points move between two layers: pure numpy."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np

from gt.errors import ShapeError
from gt.run.layer import Layer
from gt.run.points import SPLITS

log = logging.getLogger(__name__)
ROUNDED = 4e-3  # by how much the sum of a row may miss 1: half a step of bfloat16, as a share
ROWS = 8  # of outputs, from which on what all of them have in common is no chance
SHARES = ("accuracy", "class_accuracy")  # measures that lie in 0..1


@dataclass(frozen=True)
class Measures:
    """One epoch's history; axis 0 is (train, test); NaN where nothing was measured.

    Attributes:
        loss, accuracy: ``(2,)`` float32.
        class_loss, class_accuracy: ``(2, k)`` float32.
        lr: Learning rate, NaN when not known.
    """

    loss: np.ndarray
    accuracy: np.ndarray
    class_loss: np.ndarray
    class_accuracy: np.ndarray
    lr: float = float("nan")


def log_softmax(logits: np.ndarray, axis: int = -1) -> np.ndarray:
    """Log of the softmax along an axis, float64, without overflow."""
    z = np.asarray(logits, np.float64)
    z = z - z.max(axis=axis, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=axis, keepdims=True))


def softmax(logits: np.ndarray) -> np.ndarray:
    """Softmax along the last axis, float32, computed in float64."""
    return np.exp(log_softmax(logits)).astype(np.float32)


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """Sigmoid of each value, float32, computed in float64 without overflow."""
    z = np.asarray(logits, np.float64)
    small = np.exp(-np.abs(z))
    return (np.where(z >= 0, 1.0, small) / (1 + small)).astype(np.float32)


def follow(layer: Layer, values: np.ndarray) -> np.ndarray:
    """What a layer that is not stored gives for the values of its source, float32."""
    return softmax(values) if layer.softmax_of is not None else sigmoid(values)


def are_probabilities(outputs: np.ndarray) -> bool:
    """Whether every row is non-negative and sums to 1, to the precision of a bfloat16."""
    a = np.asarray(outputs)
    if a.min() < 0 or a.max() > 1 + 1e-3:
        return False
    return bool(np.abs(a.astype(np.float64).sum(axis=-1) - 1).max() < ROUNDED)


def are_log_probabilities(outputs: np.ndarray) -> bool:
    """Whether the exponentials of every row sum to 1, to the precision of a bfloat16.

    A logarithm is rounded by a share of itself, which is an absolute error of a probability: the
    sum is off by up to the row's entropy, at most log k, times the rounding.
    """
    a = np.asarray(outputs)
    if a.max() > 1e-3 or not np.isfinite(a.min()):
        return False
    off = np.abs(np.exp(a.astype(np.float64)).sum(axis=-1) - 1)
    return bool(off.max() < ROUNDED * (1 + np.log(a.shape[-1])))


def kind_of_outputs(outputs: np.ndarray) -> str:
    """What outputs ``(..., k)`` are, by their values alone.

    Args:
        outputs: Of any number of points and epochs; of one column nothing can be told.

    Returns:
        "probabilities" (`are_probabilities`), "log-probabilities" (`are_log_probabilities`),
        "shares" (all above 0 and at most 1 in rows that do not sum to 1: what a sigmoid for each
        class gives, and what small logits may be by chance, before any training above all), or
        "logits".
    """
    a = np.asarray(outputs)
    if a.size == 0 or a.shape[-1] < 2 or not np.isfinite(a).all():
        return "logits"
    if are_probabilities(a):
        return "probabilities"
    if are_log_probabilities(a):
        return "log-probabilities"
    return "shares" if a.min() > 0 and a.max() <= 1 else "logits"


def no_logits(outputs: np.ndarray) -> str:
    """What outputs ``(..., k)`` are that would be taken for logits and cannot be; empty if nothing speaks against it.

    Shares on another scale (per cents, counts), negative log-probabilities, logarithms to base 2 or 10: rows of all
    these have one sum, of the values or of their powers, and different rows of logits do not.
    """
    a = np.asarray(outputs, np.float64).reshape(-1, np.shape(outputs)[-1])
    k = a.shape[-1]
    if len(a) < ROWS or k < 2 or not np.isfinite(a).all() or not np.ptp(a, axis=0).any():
        return ""
    sums = a.sum(axis=-1)
    counts = not (a % 1).any() and sums.min() > 10 * k  # each rounded by up to a half
    slack = k / 2 if counts else ROUNDED * abs(sums[0])
    if a.min() >= 0 and a.max() > 1 and sums.min() > 0 and np.ptp(sums) <= slack:
        return f"shares of {sums.mean():.3g} (every row sums to that)"
    for base, name in ((2.0, "logarithms to base 2"), (10.0, "logarithms to base 10")):
        if a.max() <= 0 and np.abs(np.power(base, a).sum(axis=-1) - 1).max() < ROUNDED:
            return f"{name} of probabilities"
    if a.min() >= 0 and np.abs(np.exp(-a).sum(axis=-1) - 1).max() < ROUNDED:
        return "negative logarithms of probabilities"
    return ""


def measure(
    outputs: np.ndarray,
    probabilities: bool,
    labels: np.ndarray,
    splits: np.ndarray,
    where: str = "measure",
) -> Measures:
    """Measure cross-entropy (nats) and accuracy of outputs ``(n, k)`` by split and class.

    A loss beyond float32 is missing, see `storable`; ``where`` begins what is logged of it.
    """
    if probabilities:
        logs = np.log(np.maximum(np.asarray(outputs, np.float64), np.finfo(np.float32).tiny))
    else:
        logs = log_softmax(outputs)
    losses = -logs[np.arange(len(labels)), labels]
    right = hits(outputs, labels)
    return summarise(losses, right, labels, splits, outputs.shape[-1], where)


def hits(outputs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Which examples are classified correctly: the true class alone has the largest output.

    A tie is not a hit. Behind a last ReLU it is common, all outputs being zero where the network
    has no opinion, and argmax would call every such example class 0.

    Args:
        outputs: ``(n, k)``, logits or probabilities.
        labels: ``(n,)``, in ``[0, k)``.

    Returns:
        ``(n,)`` bool.
    """
    rows = np.arange(len(labels))
    own = np.asarray(outputs)[rows, labels]
    others = np.array(outputs, dtype=np.float64)
    others[rows, labels] = -np.inf
    return own > others.max(axis=-1)


def summarise(
    losses: np.ndarray,
    right: np.ndarray,
    labels: np.ndarray,
    splits: np.ndarray,
    k: int,
    where: str = "measure",
) -> Measures:
    """Means of ``losses`` ``(n,)`` and ``right`` ``(n,)`` by split, and by split and class."""
    cell = splits.astype(np.int64) * k + labels
    count = np.bincount(cell, minlength=2 * k).reshape(2, k).astype(np.float64)
    sums = [
        np.bincount(cell, weights=w, minlength=2 * k).reshape(2, k)
        for w in (losses, right.astype(np.float64))
    ]
    with np.errstate(invalid="ignore", divide="ignore"):
        by_class = [s / count for s in sums]
        overall = [s.sum(1) / count.sum(1) for s in sums]
    losses_of = [storable(v, f"{where}: loss") for v in (overall[0], by_class[0])]
    return Measures(
        losses_of[0], overall[1].astype(np.float32), losses_of[1], by_class[1].astype(np.float32)
    )


def storable(values: object, what: str) -> np.ndarray:
    """History values as float32, those that are infinite there as NaN: missing, which is logged.

    Args:
        values: Numbers of any shape.
        what: They are called in the log, and in errors.

    Raises:
        ShapeError: If they are no real numbers.
    """
    try:
        given = np.asarray(values)
        if given.dtype.kind == "c":
            raise TypeError("complex numbers came")
        with np.errstate(over="ignore"):
            a = given.astype(np.float64).astype(np.float32)
    except (TypeError, ValueError) as error:
        raise ShapeError(f"{what} must be real numbers: {error}") from error
    beyond = np.isinf(a)
    if beyond.any():
        log.warning(
            "%s: %d of %d values are infinite, or beyond float32 and recorded as missing;"
            " has the training diverged?",
            what,
            beyond.sum(),
            a.size,
        )
        a = np.where(beyond, np.float32(np.nan), a)
    return a


def _at_hand(value: object) -> object:
    """A measure without what tensors bring along: gradients that flow through them, and the device they are on."""
    if isinstance(value, dict):
        return {name: _at_hand(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_at_hand(one) for one in value]
    return value.detach().cpu().float() if hasattr(value, "detach") else value


def pair(value: object, name: str, where: str, tail: tuple[int, ...] = ()) -> np.ndarray:
    """Bring a history value into the form ``(2, *tail)`` float32 (train, test).

    ``{"train": a, "test": b}`` (either may be missing), ``(a, b)``, or, for the train split alone,
    one ``a``. What is infinite is missing, see `storable`.

    Raises:
        ShapeError: For another shape, or an accuracy that is none.
    """
    shape = (2, *tail)
    value = _at_hand(value)
    if isinstance(value, dict):
        extra = sorted(set(value) - set(SPLITS))
        if extra:
            raise ShapeError(f'{where}: {name} may name "train" and "test", got "{extra[0]}"')
        value = [value.get(s, np.full(tail, np.nan)) for s in SPLITS]
    a = storable(value, f"{where}: {name}")
    if a.shape == tail:
        a = np.stack([a, np.full(tail, np.nan, np.float32)])
    if a.shape != shape:
        raise ShapeError(
            f"{where}: {name} must be (train, test) of shape {shape}, or train alone, got shape"
            f" {a.shape}"
        )
    outside = a[(a < -1e-6) | (a > 1 + 1e-6)]
    if name in SHARES and len(outside):
        raise ShapeError(
            f"{where}: {name} must lie in 0..1, got {outside[0]:g}; divide per cents by 100"
        )
    return a


def moved(before: np.ndarray, behind: np.ndarray) -> float:
    """How far points ``(n, k)`` move in the mean, in all k coordinates; what a view shows of it depends on the view."""
    return float(np.linalg.norm(behind - before, axis=1).mean())
