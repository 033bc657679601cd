"""Several labels for each picture: a disc, a cross, bars, or all of them, or none."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

import gt
from gt.examples.common import start
from gt.examples.data import shapes


def main(out: Path, epochs: int, points: int) -> None:
    data, _ = shapes(points)
    x, y = data.x[data.train], data.y[data.train]
    model = nn.Sequential(
        nn.Conv2d(1, 16, 5, 2, 2), nn.ReLU(), nn.Conv2d(16, 16, 3, 2, 1), nn.ReLU(),
        nn.Flatten(), nn.Linear(256, 3),
    )  # fmt: skip
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    with gt.Recorder(
        model,
        out / "multilabel",
        inputs=data.x,
        task="multilabel",
        labels=data.y,
        names=["disc", "cross", "bars"],
        splits=data.splits,
        images=data.images,
        layers="all",
    ) as recorder:
        recorder.record(0)
        for epoch in range(1, epochs + 1):
            for rows in torch.randperm(len(x)).split(20):
                loss = F.binary_cross_entropy_with_logits(model(x[rows]), y[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            recorder.record(epoch)


if __name__ == "__main__":
    start(main, epochs=15, points=600)
