"""PyTorch's MNIST example: functions count as layers; three lines of its loop are the recorder's.

The network is that of github.com/pytorch/examples/tree/main/mnist, with its optimizer and schedule.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import gt
from gt.examples.common import start
from gt.examples.data import digits


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, 1)
        self.conv2 = nn.Conv2d(32, 64, 3, 1)
        self.dropout1 = nn.Dropout(0.25)
        self.dropout2 = nn.Dropout(0.5)
        self.fc1 = nn.Linear(9216, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        x = F.relu(x)
        x = self.conv2(x)
        x = F.relu(x)
        x = F.max_pool2d(x, 2)
        x = self.dropout1(x)
        x = torch.flatten(x, 1)
        x = self.fc1(x)
        x = F.relu(x)
        x = self.dropout2(x)
        x = self.fc2(x)
        return F.log_softmax(x, dim=1)


def main(out: Path, epochs: int, points: int) -> None:
    data = digits(points)
    x, y = data.x[data.train], data.y[data.train]
    seen = slice(0, 200)  # that are watched; all 26 × 26 × 32 values of each, and more

    model = Net()
    optimizer = torch.optim.Adadelta(model.parameters(), lr=1.0)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.7)

    with gt.Recorder(
        model,
        out / "mnist-example",
        inputs=data.x[seen],
        labels=data.y[seen],
        splits=data.splits[seen],
        images=data.images[seen],
        layers="all",
    ) as recorder:
        recorder.record(0)
        for epoch in range(1, epochs + 1):
            model.train()
            for rows in torch.randperm(len(x)).split(64):
                optimizer.zero_grad()
                loss = F.nll_loss(model(x[rows]), y[rows])
                loss.backward()
                optimizer.step()
            scheduler.step()
            recorder.record(epoch)


if __name__ == "__main__":
    start(main, epochs=5, points=2000)
