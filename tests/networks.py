"""A small trained network with every layer recorded, for the tests of layers and of what is aligned."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

import numpy as np

CLASSES = ["disc", "cross", "bars"]
EPOCHS = [0, 1, 2, 4]
POINTS = 36  # of each split


def shapes(rng: np.random.Generator, labels: np.ndarray) -> np.ndarray:
    """Grey pictures ``(n, 8, 8)`` float32 in 0..1 of a noisy disc, cross or pair of bars."""
    y, x = np.mgrid[:8, :8] - 3.5
    drawn = [np.hypot(x, y) < 2.6, (np.abs(x) < 1) | (np.abs(y) < 1), np.abs(np.abs(y) - 2) < 0.9]
    out = np.empty((len(labels), 8, 8), np.float32)
    for i, label in enumerate(labels):
        moved = np.roll(drawn[label], rng.integers(-1, 2, 2), (0, 1))
        out[i] = np.clip(0.8 * moved + rng.normal(0, 0.15, (8, 8)), 0, 1)
    return out


def write_network(
    path: Path, *, title: str = "Shapes", layers: str = "all", whole: bool = False
) -> Path:
    """Train for a few steps and record; both splits, all layers in float32.

    With ``whole`` the inputs are exactly the images, as they are in recordings of data sets.
    """
    import torch
    from torch import nn

    from gt.record import Recorder

    rng = np.random.default_rng(3)
    labels = np.arange(2 * POINTS) % 3
    images = shapes(rng, labels)
    if whole:
        images = np.rint(255 * images).astype(np.float32) / np.float32(255)
    x = torch.from_numpy(images[:, None])
    y = torch.from_numpy(labels)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        model = nn.Sequential(
            OrderedDict(
                conv=nn.Conv2d(1, 4, 3),
                relu1=nn.ReLU(),
                pool=nn.MaxPool2d(2),
                flatten=nn.Flatten(),
                linear1=nn.Linear(36, 12),
                relu2=nn.ReLU(),
                linear2=nn.Linear(12, 3),
            )
        )
        optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
        with Recorder(
            model,
            path,
            inputs=x,
            labels=labels,
            classes=CLASSES,
            splits=np.repeat([0, 1], POINTS),
            images=(np.rint(255 * images) if whole else 255 * images).astype(np.uint8),
            layers=layers,
            dtype="float32",
            title=title,
        ) as recorder:
            for epoch in range(EPOCHS[-1] + 1):
                if epoch in EPOCHS:
                    recorder.record(epoch)
                for _ in range(8):
                    optimizer.zero_grad()
                    nn.functional.cross_entropy(model(x[:POINTS]), y[:POINTS]).backward()
                    optimizer.step()
    return path


def write_networks(folder: Path) -> Path:
    """Three runs: "shapes", aligned; "fresh", not yet; "outputs", without hidden layers."""
    from gt.align.align_run import align_run, plan
    from gt.run import open_run

    run = open_run(write_network(folder / "shapes"))
    align_run(run, plan(run, k=8), command="gt align shapes --k 8")
    align_run(run, plan(run, k=8, reference=1), command="gt align shapes --k 8 --reference 1")
    write_network(folder / "fresh", title="Fresh")
    write_network(folder / "outputs", title="Outputs", layers="outputs")
    return folder


def write_passages(folder: Path) -> Path:
    """Three runs of one training: "shapes" with all layers, "kept" with its outputs and the weights of the first and
    the last epoch, "outputs" with its outputs alone."""
    from gt.measure.network.bring_weights import bring_weights
    from gt.run import open_run

    shapes = open_run(write_network(folder / "shapes", whole=True))
    kept = open_run(write_network(folder / "kept", title="Kept", layers="outputs", whole=True))
    bring_weights(shapes, kept, every=3)
    write_network(folder / "outputs", title="Outputs", layers="outputs", whole=True)
    return folder
