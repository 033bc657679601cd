"""A regression: where a disc is, and how large; the handles of the tour are the three numbers."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

import gt
from gt.examples.common import start
from gt.examples.data import discs


def main(out: Path, epochs: int, points: int) -> None:
    data = discs(points)
    x, y = data.x[data.train], data.y[data.train]
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, 2, 1), nn.ReLU(), nn.Flatten(),
        nn.Linear(512, 32), nn.ReLU(), nn.Linear(32, 3),
    )  # fmt: skip
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    with gt.Recorder(
        model,
        out / "regression",
        inputs=data.x,
        task="regression",
        labels=data.y,
        names=["x", "y", "radius"],
        splits=data.splits,
        columns={"x": data.y[:, 0], "y": data.y[:, 1], "radius": data.y[:, 2]},
        images=data.images,
        layers="all",
    ) as recorder:
        recorder.record(0)
        for epoch in range(1, epochs + 1):
            for rows in torch.randperm(len(x)).split(20):
                loss = F.mse_loss(model(x[rows]), y[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            recorder.record(epoch)


if __name__ == "__main__":
    start(main, epochs=15, points=600)
