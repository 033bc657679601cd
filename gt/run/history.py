"""Loss, accuracy and learning rate of every epoch: what they may be, and reading them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gt.errors import ShapeError
from gt.run.measure import SHARES, Measures, storable
from gt.run.points import SPLITS

log = logging.getLogger(__name__)
OF_POINTS = ("loss", "accuracy", "class_loss", "class_accuracy")  # measured; the rate is told
NAMES = (*OF_POINTS, "lr")
NEARLY = 1e-6  # by which a share may be above 1: an average in float32


@dataclass(frozen=True)
class History:
    """Loss and accuracy by epoch; float32, NaN where not measured; axis 1 is (train, test).

    Attributes:
        loss, accuracy: ``(e, 2)``.
        class_loss, class_accuracy: ``(e, 2, k)``.
        lr: ``(e,)``.
        splits: The names of axis 1.
    """

    loss: np.ndarray
    accuracy: np.ndarray
    class_loss: np.ndarray
    class_accuracy: np.ndarray
    lr: np.ndarray
    splits: tuple[str, str] = SPLITS


def tails(k: int) -> dict[str, tuple[int, ...]]:
    """The shape of one epoch's row of each array, for k classes."""
    return {
        "loss": (2,),
        "accuracy": (2,),
        "class_loss": (2, k),
        "class_accuracy": (2, k),
        "lr": (),
    }


def row(measures: Measures, k: int, where: str) -> dict[str, np.ndarray]:
    """One epoch's history as it is stored; what float32 cannot hold is kept as missing, and told.

    Raises:
        ShapeError: If a part of it has another shape than k classes have.
    """
    found = {}
    for name, tail in tails(k).items():
        value = storable(getattr(measures, name), f"{where}: {name}")
        if value.shape != tail:
            raise ShapeError(f"{where}: {name} must have shape {tail}, got {value.shape}")
        found[name] = value
    return found


def read(values: Mapping[str, np.ndarray], where: str) -> History:
    """Make a history of what is stored; what no measure can be is taken as missing, and told.

    Args:
        values: Floats by name; earlier versions stored what they were given.
        where: Begins what is told.
    """
    rows = {name: storable(value, f"{where}: {name}") for name, value in values.items()}
    for name in SHARES:
        wrong = (rows[name] < -NEARLY) | (rows[name] > 1 + NEARLY)
        if wrong.any():
            worst = rows[name][wrong].max()
            log.warning("%s: %s must lie in 0..1, got %g; taken as missing", where, name, worst)
            rows[name][wrong] = np.nan
    return History(**rows)  # type: ignore[arg-type]  # the names of splits have a default
