"""A convolutional autoencoder, recorded at steps that are closest where most happens."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import gt
from gt.examples.common import start
from gt.examples.data import digits


class Autoencoder(nn.Module):
    def __init__(self, code: int = 8) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 16, 3, 2, 1), nn.ReLU()
        )
        self.code, self.back = nn.Linear(784, code), nn.Linear(code, 784)
        self.decoder = nn.Sequential(
            nn.ConvTranspose2d(16, 8, 2, 2), nn.ReLU(), nn.ConvTranspose2d(8, 1, 2, 2)
        )

    def forward(self, x: Tensor) -> Tensor:
        code = self.code(self.encoder(x).flatten(1))
        return self.decoder(F.relu(self.back(code)).view(-1, 16, 7, 7))


def main(out: Path, epochs: int, points: int) -> None:
    data = digits(points)
    x = data.x[data.train]
    model = Autoencoder()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    steps = epochs * (len(x) // 25)
    recorded = gt.record.log_spaced(steps, 12)
    with gt.Recorder(
        model,
        out / "conv-autoencoder",
        inputs=data.x[:200],
        task="none",
        labels=data.y[:200],
        splits=data.splits[:200],
        images=data.images[:200],
        layers="all",
    ) as recorder:
        for step in range(steps + 1):
            rows = torch.randint(len(x), (25,))
            loss = F.mse_loss(model(x[rows]), x[rows])
            if step in recorded:
                recorder.record(step=step, loss=loss)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


if __name__ == "__main__":
    start(main, epochs=10, points=1000)
