"""A compiled model: it is recorded as it was written, and not compiled anew."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

import gt
from gt.examples.common import start
from gt.examples.data import digits


def main(out: Path, epochs: int, points: int) -> None:
    data = digits(points, side=14)
    x, y = data.x[data.train], data.y[data.train]
    model = nn.Sequential(nn.Flatten(), nn.Linear(196, 32), nn.ReLU(), nn.Linear(32, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    model.compile(backend="aot_eager")  # the usual one wants a C++ compiler
    with gt.Recorder(
        model,
        out / "compiled",
        inputs=data.x,
        labels=data.y,
        splits=data.splits,
        images=data.images,
        layers="all",
    ) as recorder:
        recorder.record(0)
        for epoch in range(1, epochs + 1):
            for rows in torch.randperm(len(x)).split(50):
                loss = F.cross_entropy(model(x[rows]), y[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            recorder.record(epoch)


if __name__ == "__main__":
    start(main, epochs=10, points=1000)
