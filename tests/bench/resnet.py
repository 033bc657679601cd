"""ResNet-18 at the size of CIFAR's images, for measuring: its stem is a 3 × 3 convolution."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

BLOCKS = [f"layer{i}.{j}" for i in range(1, 5) for j in range(2)]


class Block(nn.Module):
    """Two convolutions and what is passed by them."""

    def __init__(self, before: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Sequential()
        if stride != 1 or before != width:
            self.down = nn.Sequential(
                nn.Conv2d(before, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(y + self.down(x))


class ResNet18(nn.Module):
    """He et al. 2016, with the stem that CIFAR's small images are given."""

    def __init__(self, classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        width = 64
        for i, (wide, stride) in enumerate(((64, 1), (128, 2), (256, 2), (512, 2)), start=1):
            layer = nn.Sequential(Block(width, wide, stride), Block(wide, wide, 1))
            setattr(self, f"layer{i}", layer)
            width = wide
        self.fc = nn.Linear(512, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(functional.adaptive_avg_pool2d(x, 1).flatten(1))


def resnet18(classes: int = 10) -> ResNet18:
    """One with random weights."""
    return ResNet18(classes)
