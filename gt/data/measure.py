"""Loss and accuracy of outputs, overall and by class; how far points move between two layers: pure numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gt.data.errors import ShapeError


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


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Log of the softmax along the last axis, float64, without overflow."""
    z = np.asarray(logits, np.float64)
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def softmax(logits: np.ndarray) -> np.ndarray:
    """Softmax along the last axis, float32, computed in float64."""
    return np.exp(log_softmax(logits)).astype(np.float32)


def are_probabilities(outputs: np.ndarray) -> bool:
    """Whether every row is non-negative and sums to 1, to a float16's precision."""
    a = np.asarray(outputs)
    if a.min() < 0 or a.max() > 1 + 1e-3:
        return False
    return bool(np.abs(a.astype(np.float64).sum(axis=-1) - 1).max() < 2e-3)


def measure(
    outputs: np.ndarray, probabilities: bool, labels: np.ndarray, splits: np.ndarray
) -> Measures:
    """Measure cross-entropy (nats) and accuracy of outputs ``(n, k)`` by split and class."""
    if probabilities:
        logs = np.log(np.maximum(np.asarray(outputs, np.float64), np.finfo(np.float32).tiny))
    else:
        logs = log_softmax(outputs)
    losses = -logs[np.arange(len(labels)), labels]
    right = hits(outputs, labels)
    return summarise(losses, right, labels, splits, outputs.shape[-1])


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
    losses: np.ndarray, right: np.ndarray, labels: np.ndarray, splits: np.ndarray, k: int
) -> Measures:
    """Means of ``losses`` ``(n,)`` and ``right`` ``(n,)`` by split, and by split and class."""
    cell = splits.astype(np.int64) * k + labels
    count = np.bincount(cell, minlength=2 * k).reshape(2, k).astype(np.float64)
    sums = [
        np.bincount(cell, weights=w, minlength=2 * k).reshape(2, k)
        for w in (losses, right.astype(np.float64))
    ]
    with np.errstate(invalid="ignore", divide="ignore"):
        by_class = [(s / count).astype(np.float32) for s in sums]
        overall = [(s.sum(1) / count.sum(1)).astype(np.float32) for s in sums]
    return Measures(overall[0], overall[1], by_class[0], by_class[1])


def pair(value: object, name: str, where: str, tail: tuple[int, ...] = ()) -> np.ndarray:
    """Bring a history value into the form ``(2, *tail)`` float32 (train, test).

    ``{"train": a, "test": b}`` (either may be missing), ``(a, b)``, or, for the train split alone,
    one ``a``.
    """
    shape = (2, *tail)
    if isinstance(value, dict):
        extra = sorted(set(value) - {"train", "test"})
        if extra:
            raise ShapeError(f'{where}: {name} may name "train" and "test", got "{extra[0]}"')
        value = [value.get(s, np.full(tail, np.nan)) for s in ("train", "test")]
    a = np.asarray(value, np.float32)
    if a.shape == tail:
        a = np.stack([a, np.full(tail, np.nan, np.float32)])
    if a.shape != shape:
        raise ShapeError(
            f"{where}: {name} must be (train, test) of shape {shape}, or train alone, got shape"
            f" {a.shape}"
        )
    if np.isinf(a).any():
        raise ShapeError(f"{where}: {name} must not be infinite; leave out what was not measured")
    return a


def moved(before: np.ndarray, behind: np.ndarray) -> float:
    """How far points ``(n, k)`` move in the mean, in all k coordinates; what a view shows of it depends on the view."""
    return float(np.linalg.norm(behind - before, axis=1).mean())
