"""A selection as a table: who the points are, what the network says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gt.run.points import SPLITS
from gt.run.read import Run

if TYPE_CHECKING:
    import pandas as pd  # a third of a second, which no page needs to start


def selection_table(run: Run, epoch: int, ids: list[int]) -> pd.DataFrame:
    """Describe points of a run at one epoch.

    Args:
        run: Whose points they are.
        epoch: An epoch's number, as in ``run.epochs``.
        ids: Point ids; unknown ones are an error.

    Returns:
        One row a point, in the run's own order: id, split, label, predicted, confidence, correct, and
        the softmax of every class as ``p(class)``.

    Raises:
        ValueError: If an id is not in the run, or the epoch was not recorded.
    """
    import pandas as pd

    unknown = sorted(set(ids) - set(run.ids.tolist()))
    if unknown:
        raise ValueError(f"{run.title} has no points {unknown[:5]}; select points of this run")
    found = np.flatnonzero(run.epochs == epoch)
    if not found.size:
        raise ValueError(
            f"{run.title} has no epoch {epoch}; it has {run.epochs[0]} to {run.epochs[-1]}"
        )
    rows = np.flatnonzero(np.isin(run.ids, ids))
    softmax = run.activations("softmax", int(found[0]))[rows]
    names = np.array(run.classes, dtype=object)
    best = softmax.argmax(axis=1)
    tied = (softmax == softmax.max(axis=1, keepdims=True)).sum(axis=1) > 1  # no opinion: no class
    table = pd.DataFrame(
        {
            "id": run.ids[rows],
            "split": np.array(SPLITS, dtype=object)[run.splits[rows]],
            "epoch": epoch,
            "label": names[run.labels[rows]],
            "predicted": np.where(tied, "undecided", names[best]),
            "confidence": softmax.max(axis=1),
            "correct": (best == run.labels[rows]) & ~tied,
        }
    )
    shares = pd.DataFrame(softmax, columns=[f"p({name})" for name in run.classes])
    return pd.concat([table, shares], axis=1)
