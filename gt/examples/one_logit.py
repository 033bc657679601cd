"""One logit for two classes: is a digit even? It is shown as the two that have the same softmax."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

import gt
from gt.examples.common import start
from gt.examples.data import digits


def main(out: Path, epochs: int, points: int) -> None:
    data = digits(points, side=14)
    even = data.y % 2 == 0
    x, y = data.x[data.train], even[data.train].float()
    model = nn.Sequential(nn.Flatten(), nn.Linear(196, 32), nn.ReLU(), nn.Linear(32, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    with gt.Recorder(
        model,
        out / "one-logit",
        inputs=data.x,
        task="binary",
        labels=even.long(),
        classes=["odd", "even"],
        splits=data.splits,
        columns={"digit": [str(int(one)) for one in data.y]},
        images=data.images,
        layers="all",
    ) as recorder:
        recorder.record(0)
        for epoch in range(1, epochs + 1):
            for rows in torch.randperm(len(x)).split(20):
                loss = F.binary_cross_entropy_with_logits(model(x[rows])[:, 0], y[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            recorder.record(epoch)


if __name__ == "__main__":
    start(main, epochs=10, points=1000)
