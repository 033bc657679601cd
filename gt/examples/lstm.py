"""An LSTM that reads a digit row by row; time comes first, as is its default."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import gt
from gt.examples.common import start
from gt.examples.data import digits


class Reader(nn.Module):
    def __init__(self, side: int = 14, width: int = 32) -> None:
        super().__init__()
        self.lstm = nn.LSTM(side, width)
        self.head = nn.Linear(width, 10)

    def forward(self, images: Tensor) -> Tensor:
        rows = images[:, 0].transpose(0, 1)  # (14 rows, n, 14 pixels)
        out, _ = self.lstm(rows)
        return self.head(out[-1])


def main(out: Path, epochs: int, points: int) -> None:
    data = digits(points, side=14)
    x, y = data.x[data.train], data.y[data.train]
    model = Reader()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    with gt.Recorder(
        model,
        out / "lstm",
        inputs=data.x,
        labels=data.y,
        splits=data.splits,
        images=data.images,
        layers="all",
        axes={"lstm": "last"},
    ) as recorder:
        recorder.record(0)
        for epoch in range(1, epochs + 1):
            for rows in torch.randperm(len(x)).split(32):
                loss = F.cross_entropy(model(x[rows]), y[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            recorder.record(epoch)


if __name__ == "__main__":
    start(main, epochs=10, points=1000)
