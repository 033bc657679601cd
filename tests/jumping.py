"""A training in which one class is learnt in one epoch: what the page about trainings is tested on."""

from __future__ import annotations

from pathlib import Path

import numpy as np

CLASSES = ["ant", "bee", "cat"]
EPOCHS = 24
JUMPED = 9  # the epoch in which the bees are learnt
POINTS = 90  # of both splits together


def write_jumping(path: Path) -> Path:
    """Ants and cats are known and restless, bees are taken for ants until `JUMPED`; point 0 never is right."""
    from gt.run import write_run

    rng = np.random.default_rng(11)
    labels = np.arange(POINTS) % 3
    logits = 4.0 * np.eye(3)[labels] + rng.normal(0, 0.3, (EPOCHS, POINTS, 3))
    bees = labels == 1
    taken = 3.0 * np.eye(3)[0]
    logits[:JUMPED, bees] = taken + rng.normal(0, 0.3, (JUMPED, bees.sum(), 3))
    logits[:, 0] = [0.0, 0.0, 4.0]
    write_run(
        path,
        logits.astype(np.float32),
        labels,
        kind="logits",
        classes=CLASSES,
        splits=np.arange(POINTS) // 3 % 2,
        ids=100 + np.arange(POINTS),
        images=rng.integers(0, 256, (POINTS, 6, 6, 1), dtype=np.uint8),
        title="Jumping",
    )
    return path
