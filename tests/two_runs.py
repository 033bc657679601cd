"""Runs of the same points that can be set side by side, and some that cannot, each for its own reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import ortho_group

from gt.run import RunWriter
from gt.run.layer import Layer
from gt.run.points import check_points
from gt.run.task import output_layers
from gt.run.task_measures import measure_task

N, CLASSES = 60, ("circle", "square", "triangle")
WIDTHS = {"seed-1": 5, "seed-2": 7}  # of the hidden layer
SHARED = 5  # coordinates that the hidden layers have in common


def make(
    path: Path,
    seed: int,
    *,
    epochs: Any = (0, 1, 2, 3),
    unit: str = "epoch",
    width: int = 5,
    classes: tuple[str, ...] = CLASSES,
    title: str = "Shapes",
    images: int | None = 1,
    ids: Any = None,
    labels: Any = None,
    hidden: str = "hidden",
    flipped: bool = False,
) -> Path:
    """Write a run.

    Its hidden layer is the same cloud in all runs, turned and shifted by the seed, with a little noise: what a turn
    leaves of two of them is small, and the same in every epoch.

    Args:
        path: Where.
        seed: Of its network.
        epochs: Their numbers.
        unit: What they count.
        width: Of the hidden layer, 5 at least.
        classes: Their names.
        title: Of the run.
        images: Seed of the points' images; none for None.
        ids: Of the points.
        labels: Of the points.
        hidden: Name of the hidden layer.
        flipped: Whether the outputs' columns, and the classes, stand in reverse order.
    """
    k = len(classes)
    labels = np.arange(N) % k if labels is None else np.asarray(labels)
    shown = None
    if images is not None:
        shown = np.random.default_rng(images).integers(0, 255, (N, 4, 4, 1), dtype=np.uint8)
    order = np.arange(k)[::-1] if flipped else np.arange(k)
    points = check_points(
        N,
        k,
        order[labels],
        classes=[classes[c] for c in order],
        splits=np.arange(N) // k % 2,
        ids=ids,
        images=shown,
    )
    layers = [Layer(hidden, "Linear", (width,)), *output_layers("classification", k)]
    rng, common = np.random.default_rng(seed), np.random.default_rng(99)
    turned = ortho_group.rvs(width, random_state=rng)
    cloud = common.normal(size=(N, SHARED)) + 4 * np.eye(SHARED)[labels % SHARED]
    taught = np.where(rng.random(N) < 0.2, (labels + 1) % k, labels)
    with RunWriter.create(path, points, layers, title=title, unit=unit, sync=False) as writer:
        for i, epoch in enumerate(epochs):
            grown = 1 + i * 0.2
            values = np.zeros((N, width))
            values[:, :SHARED] = grown * cloud
            values = values @ turned + seed + 0.05 * rng.normal(size=(N, width))
            writer.put(writer.run.layer(hidden), 0, values.astype(np.float32), int(epoch))
            logits = rng.normal(0, 0.4, (N, k)) + 1.5 * i * np.eye(k)[taught]
            logits = logits[:, order].astype(np.float32)
            writer.put(writer.run.layer("logits"), 0, logits, int(epoch))
            writer.commit(int(epoch), measure_task("classification", logits, points, where="test"))
    return path


def write_pairs(folder: Path) -> Path:
    """Two seeds, a longer run, one by steps, one with its classes in another order; and what is refused."""
    make(folder / "seed-1", 1, width=WIDTHS["seed-1"])
    make(folder / "seed-2", 2, width=WIDTHS["seed-2"], epochs=(0, 1, 2, 3, 4, 6))
    make(folder / "by-step", 3, unit="step", epochs=(0, 50, 100), title="By steps")
    make(folder / "reversed", 1, flipped=True, title="Reversed")
    make(folder / "strangers", 4, images=2, title="Strangers")
    make(folder / "elsewhere", 5, ids=1000 + np.arange(N), title="Elsewhere")
    make(folder / "others", 6, classes=("ant", "bee", "cow"), title="Others")
    return folder
