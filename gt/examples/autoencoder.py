"""An autoencoder of linear layers: no labels are needed; the digits, which it never sees, are groups to colour by."""

from collections import OrderedDict
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

import gt
from gt.examples.common import start
from gt.examples.data import digits


def main(out: Path, epochs: int, points: int) -> None:
    data = digits(points, side=14)
    x = data.x.flatten(1)
    model = nn.Sequential(
        OrderedDict(
            wide=nn.Linear(196, 64),
            relu1=nn.ReLU(),
            code=nn.Linear(64, 6),
            back=nn.Linear(6, 64),
            relu2=nn.ReLU(),
            pixels=nn.Linear(64, 196),
        )
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    with gt.Recorder(
        model,
        out / "autoencoder",
        inputs=x,
        task="none",
        labels=data.y,
        splits=data.splits,
        columns={"ink": x.mean(1)},
        images=data.images,
        layers="all",
    ) as recorder:
        for epoch in range(epochs + 1):
            if epoch > 0:
                for rows in torch.nonzero(data.train)[:, 0].split(16):
                    loss = F.mse_loss(model(x[rows]), x[rows])
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
            with torch.no_grad():
                errors = (model(x) - x).square().mean(1)
            recorder.record(epoch, loss=(errors[data.train].mean(), errors[~data.train].mean()))


if __name__ == "__main__":
    start(main, epochs=15, points=1000)
