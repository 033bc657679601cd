"""A run of a few points that are learnt, small enough for every method."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

N, EPOCHS, CLASSES = 40, 4, 3


def write_tiny_run(folder: Path) -> Any:
    """Logits of 40 test and 8 train points in three classes over four epochs, and a constant layer."""
    from gt.run import write_run

    rng = np.random.default_rng(11)
    labels = np.arange(N + 8) % CLASSES
    start = rng.normal(0, 0.5, (N + 8, CLASSES))
    drift = 4 * np.eye(CLASSES)[labels] + rng.normal(0, 0.5, (N + 8, CLASSES))
    logits = start + np.linspace(0, 1, EPOCHS)[:, None, None] * drift
    return write_run(
        folder,
        logits.astype(np.float32),
        labels,
        kind="logits",
        classes=["ant", "bee", "cat"],
        splits=np.repeat([1, 0], [N, 8]),
        title="Insects",
    )


@pytest.fixture
def run(tmp_path: Path) -> Any:
    return write_tiny_run(tmp_path / "insects")
