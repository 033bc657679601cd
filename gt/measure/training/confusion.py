"""Which class is taken for which: counts of points by true and by predicted class."""

from __future__ import annotations

import numpy as np


def confusion(predicted: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    """Count points by class; the browser counts likewise, see assets/js/data/confusion.mjs.

    Args:
        predicted: ``(n,)``, in ``[0, k]``; k where the network is undecided.
        labels: ``(n,)``, in ``[0, k)``.
        k: Classes.

    Returns:
        ``(k, k + 1)`` int64: rows true, columns predicted, the last of them undecided.
    """
    cells = np.asarray(labels, np.int64) * (k + 1) + np.asarray(predicted, np.int64)
    return np.bincount(cells, minlength=k * (k + 1)).reshape(k, k + 1)
