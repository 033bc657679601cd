"""How far two runs are apart in one frame, by class and epoch; and for which points they give another answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Agreement:
    """What two networks say of the same points at one epoch.

    Attributes:
        both: Both right.
        only_a: a right, b wrong.
        only_b: b right, a wrong.
        same_wrong: Both wrong, with one answer.
        other_wrong: Both wrong, with two answers.
        expected: On how many points two networks would disagree that give each class's answers as often as these do,
            and independently of each other.
    """

    both: int
    only_a: int
    only_b: int
    same_wrong: int
    other_wrong: int
    expected: float

    @property
    def disagree(self) -> int:
        """On how many points they disagree."""
        return self.only_a + self.only_b + self.other_wrong


def apart_by_class(a: np.ndarray, b: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    """The mean distance between the two places of a point.

    Args:
        a: ``(e, n, p)``.
        b: ``(e, n, p)``, in the same frame.
        labels: ``(n,)`` in ``[0, k)``.
        k: Classes.

    Returns:
        ``(k + 1, e)`` float64, in the frame's unit; the last row is of all points. NaN for a class without points.
    """
    out = np.full((k + 1, len(a)), np.nan)
    for e, (x, y) in enumerate(zip(a, b, strict=True)):
        far = np.linalg.norm(x.astype(np.float64) - y, axis=1)
        counts = np.bincount(labels, minlength=k)
        sums = np.bincount(labels, far, minlength=k)
        out[:k, e] = np.divide(sums, counts, out=np.full(k, np.nan), where=counts > 0)
        out[k, e] = far.mean()
    return out


def answers(outputs: np.ndarray) -> np.ndarray:
    """The class of the largest output; k, which is none, where it is shared.

    Args:
        outputs: ``(n, k)``.

    Returns:
        ``(n,)`` int64 in ``[0, k]``.
    """
    best = outputs.argmax(1)
    tied = (outputs == outputs.max(1, keepdims=True)).sum(1) > 1
    return np.where(tied, outputs.shape[1], best)


def agreement(a: np.ndarray, b: np.ndarray, labels: np.ndarray, k: int) -> Agreement:
    """Compare the answers of two networks.

    Args:
        a: ``(n,)`` answers in ``[0, k]``, see `answers`.
        b: ``(n,)``.
        labels: ``(n,)`` true classes in ``[0, k)``.
        k: Classes.
    """
    right_a, right_b, same = a == labels, b == labels, a == b
    wrong = ~right_a & ~right_b
    return Agreement(
        int((right_a & right_b).sum()),
        int((right_a & ~right_b).sum()),
        int((right_b & ~right_a).sum()),
        int((wrong & same).sum()),
        int((wrong & ~same).sum()),
        _expected(a, b, labels, k),
    )


def _expected(a: np.ndarray, b: np.ndarray, labels: np.ndarray, k: int) -> float:
    """Disagreements of answers that are independent, given a point's class."""
    rates = []
    counts = np.bincount(labels, minlength=k)
    for said in (a, b):
        table = np.bincount(labels * (k + 1) + said, minlength=k * (k + 1)).reshape(k, k + 1)
        rates.append(table / np.maximum(counts, 1)[:, None])
    return float((counts * (1 - (rates[0] * rates[1]).sum(1))).sum())
