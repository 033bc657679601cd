"""Loss and accuracy of one epoch's outputs, whatever the network is trained for: pure numpy."""

from __future__ import annotations

import numpy as np

from gt.run.measure import Measures, measure, summarise
from gt.run.points import Points
from gt.run.task import MULTILABEL, REGRESSION, one_class


def measure_task(
    task: str, outputs: np.ndarray, points: Points, *, probabilities: bool = False, where: str
) -> Measures:
    """Measure outputs by split, and by split and group.

    ============== ==================================================== =================================
    task           loss                                                 accuracy
    ============== ==================================================== =================================
    classification mean cross-entropy in nats                           share of hits
    binary         the same, which is the binary cross-entropy          the same
    multilabel     mean binary cross-entropy in nats, over the labels   share of labels that are right
    regression     mean squared error, over the outputs                 none
    none           none                                                 none
    ============== ==================================================== =================================

    A label of a multilabel is right where its logit is above 0 and it applies, or below 0 and it does not; at 0 it is
    wrong, as a tie is. Without targets nothing is measured.

    Args:
        task: One of `gt.run.task.TASKS`.
        outputs: ``(n, k)``: logits, or probabilities of a classification, or values.
        points: Labels, splits, groups and targets.
        probabilities: Whether outputs of a classification are probabilities.
        where: Begins what is logged.

    Returns:
        NaN where nothing is measured.
    """
    labels, splits, groups = points.labels, points.splits, len(points.classes)
    if one_class(task):
        return measure(outputs, probabilities, labels, splits, where)
    losses = right = np.full(points.n, np.nan)
    targets = points.targets
    if task == MULTILABEL and targets is not None:
        z = np.asarray(outputs, np.float64)
        losses = (np.maximum(z, 0) - z * targets + np.log1p(np.exp(-np.abs(z)))).mean(axis=1)
        right = np.where(targets == 1, z > 0, z < 0).mean(axis=1)
    elif task == REGRESSION and targets is not None:
        losses = ((np.asarray(outputs, np.float64) - targets) ** 2).mean(axis=1)
    return summarise(losses, right, labels, splits, groups, where)
