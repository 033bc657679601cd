"""A vision transformer of nn.TransformerEncoder, with the points first and, as is its default, with the tokens first.

Where the points are is found by looking: nothing is to be said. Each token of a layer is kept.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import gt
from gt.examples.common import start
from gt.examples.data import digits


class ViT(nn.Module):
    def __init__(self, batch_first: bool, width: int = 32, patch: int = 7) -> None:
        super().__init__()
        self.batch_first = batch_first
        self.patches = nn.Conv2d(1, width, patch, patch)
        self.cls = nn.Parameter(torch.zeros(1, 1, width))
        self.positions = nn.Parameter(0.1 * torch.randn(1, 1 + (28 // patch) ** 2, width))
        layer = nn.TransformerEncoderLayer(width, 4, 64, 0.0, batch_first=batch_first)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, 10)

    def forward(self, images: Tensor) -> Tensor:
        tokens = self.patches(images).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(len(images), -1, -1), tokens], dim=1) + self.positions
        if self.batch_first:
            x = self.encoder(x)[:, 0]
        else:
            x = self.encoder(x.transpose(0, 1))[0]
        return self.head(self.norm(x))


def main(out: Path, epochs: int, points: int) -> None:
    train(ViT(batch_first=True), out / "vit", epochs, points)
    train(ViT(batch_first=False), out / "vit-tokens-first", epochs, points)


def train(model: nn.Module, path: Path, epochs: int, points: int) -> None:
    data = digits(points)
    x, y = data.x[data.train], data.y[data.train]
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    with gt.Recorder(
        model,
        path,
        inputs=data.x,
        labels=data.y,
        splits=data.splits,
        images=data.images,
        layers="all",
        axes={"encoder.*": "cls", "/add": "cls", "/cat": "cls", "patches": "mean"},
    ) as recorder:
        recorder.record(0)
        for epoch in range(1, epochs + 1):
            model.train()
            for rows in torch.randperm(len(x)).split(32):
                loss = F.cross_entropy(model(x[rows]), y[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            recorder.record(epoch)


if __name__ == "__main__":
    start(main, epochs=10, points=1000)
