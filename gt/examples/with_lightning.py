"""Lightning: a callback of its Trainer records; the LightningModule is not touched."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from gt.examples.common import start
from gt.examples.data import digits


def main(out: Path, epochs: int, points: int) -> None:
    import lightning

    from gt.lightning import GrandTourCallback

    class Digits(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.net = nn.Sequential(nn.Flatten(), nn.Linear(196, 32), nn.ReLU(), nn.Linear(32, 10))

        def forward(self, x: Tensor) -> Tensor:
            return self.net(x)

        def training_step(self, batch: list[Tensor], _: int) -> Tensor:
            x, y = batch
            return F.cross_entropy(self(x), y)

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return torch.optim.Adam(self.parameters(), lr=3e-3)

    data = digits(points, side=14)
    tour = GrandTourCallback(
        out / "with-lightning",
        inputs=data.x,
        labels=data.y,
        splits=data.splits,
        images=data.images,
        layers="all",
    )
    trainer = lightning.Trainer(
        max_epochs=epochs,
        accelerator="cpu",
        callbacks=[tour],
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    train = TensorDataset(data.x[data.train], data.y[data.train])
    trainer.fit(Digits(), DataLoader(train, batch_size=25, shuffle=True))


if __name__ == "__main__":
    start(main, epochs=10, points=1000)
