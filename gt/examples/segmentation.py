"""A segmentation: each pixel is a point, with its place, in every layer that has places."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import gt
from gt.examples.common import start
from gt.examples.data import shapes


def twice(before: int, behind: int) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(before, behind, 3, padding=1), nn.ReLU(),
        nn.Conv2d(behind, behind, 3, padding=1), nn.ReLU(),
    )  # fmt: skip


class UNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.down, self.below = twice(1, 8), twice(8, 16)
        self.up, self.join = nn.ConvTranspose2d(16, 8, 2, 2), twice(16, 8)
        self.head = nn.Conv2d(8, 4, 1)

    def forward(self, x: Tensor) -> Tensor:
        across = self.down(x)
        below = self.up(self.below(F.max_pool2d(across, 2)))
        return self.head(self.join(torch.cat([across, below], dim=1)))


def main(out: Path, epochs: int, points: int) -> None:
    data, what = shapes(points)
    x, y = data.x[data.train], what[data.train]
    some = slice(None, None, 10)  # pictures that are watched, 40 pixels of each
    model = UNet()
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    with gt.Recorder(
        model,
        out / "segmentation",
        inputs=data.x[some],
        labels=what[some],
        classes=["nothing", "disc", "cross", "bars"],
        splits=data.splits[some],
        images=data.images[some],
        each="pixels",
        positions=40,
        layers="all",
    ) as recorder:
        recorder.record(0)
        for epoch in range(1, epochs + 1):
            for rows in torch.randperm(len(x)).split(20):
                loss = F.cross_entropy(model(x[rows]), y[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            recorder.record(epoch)


if __name__ == "__main__":
    start(main, epochs=10, points=600)
