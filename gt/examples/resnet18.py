"""A ResNet-18: skips are edges of its graph, additions joints; the outputs of its blocks are recorded.

A quarter as wide as usual, and the first convolution as for small pictures, so that it takes half a minute.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import gt
from gt.examples.common import start
from gt.examples.data import digits


class Block(nn.Module):
    def __init__(self, before: int, behind: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, behind, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(behind)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(behind, behind, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(behind)
        self.downsample: nn.Module | None = None
        if stride > 1 or before != behind:
            shortcut = nn.Conv2d(before, behind, 1, stride, bias=False)
            self.downsample = nn.Sequential(shortcut, nn.BatchNorm2d(behind))

    def forward(self, x: Tensor) -> Tensor:
        identity = x if self.downsample is None else self.downsample(x)
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += identity
        return self.relu(out)


class ResNet18(nn.Module):
    def __init__(self, width: int = 16, classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, width, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.layer1 = nn.Sequential(Block(width, width, 1), Block(width, width, 1))
        self.layer2 = nn.Sequential(Block(width, 2 * width, 2), Block(2 * width, 2 * width, 1))
        self.layer3 = nn.Sequential(Block(2 * width, 4 * width, 2), Block(4 * width, 4 * width, 1))
        self.layer4 = nn.Sequential(Block(4 * width, 8 * width, 2), Block(8 * width, 8 * width, 1))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(8 * width, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


def main(out: Path, epochs: int, points: int) -> None:
    data = digits(points, side=14)
    x, y = data.x[data.train], data.y[data.train]
    model = ResNet18()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    with gt.Recorder(
        model,
        out / "resnet18",
        inputs=data.x,
        labels=data.y,
        splits=data.splits,
        images=data.images,
        layers="blocks",
    ) as recorder:
        print(recorder.plan())
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
    start(main, epochs=4, points=1000)
