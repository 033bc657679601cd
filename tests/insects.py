"""A tiny network that learns, recorded twice: with all its layers, and its outputs alone.

``layers`` has 24 test and 24 train points of three classes and the epochs 0, 2 and 4; ``outputs`` is of the
same training with the same points. Both take PyTorch.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

EPOCHS = [0, 2, 4]
STATES = ["input", "conv", "relu", "linear", "last", "logits", "softmax"]
COMMAND = "gt record mnist --epochs 99 --seed 5 --lr 0.01 --batch-size 64"


def write_recordings(folder: Path) -> Path:
    """Write both runs into a folder and return it."""
    import torch
    from torch import nn

    from gt.record import Recorder

    torch.manual_seed(0)
    labels = np.arange(48) % 3
    x = torch.randn(48, 1, 5, 5)
    x[torch.arange(48), 0, torch.from_numpy(labels)] += 2
    layers = {
        "conv": nn.Conv2d(1, 2, 3),
        "relu": nn.ReLU(),
        "flat": nn.Flatten(),
        "linear": nn.Linear(18, 6),
        "last": nn.ReLU(),
        "head": nn.Linear(6, 3),
    }
    model = nn.Sequential()
    for name, layer in layers.items():
        model.add_module(name, layer)
    steps = torch.optim.SGD(model.parameters(), lr=0.1)
    about = {
        "inputs": x,
        "labels": labels,
        "splits": np.repeat([0, 1], 24),
        "classes": ["ant", "bee", "cat"],
        "made": {"command": COMMAND},
    }
    with (
        Recorder(
            model, folder / "layers", **about, layers="all", dtype="float32", title="Insects"
        ) as all_layers,
        Recorder(model, folder / "outputs", **about, title="Insects, outputs") as outputs,
    ):
        for epoch in EPOCHS:
            for recorder in (all_layers, outputs):
                recorder.record(epoch)
            for _ in range(20):
                steps.zero_grad()
                nn.functional.cross_entropy(model(x), torch.from_numpy(labels)).backward()
                steps.step()
    return folder
