"""A tiny network that has learnt bars and crosses, recorded with its images: what attacks are tested on."""

from collections import OrderedDict

import numpy as np
import pytest
import torch
from torch import nn

from gt.record.recorder import Recorder
from gt.run import open_run

CLASSES = ("bar", "cross", "blank")
MEAN, STD, N = 0.4, 0.25, 72


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Tiny networks gain nothing from more, and wait for each other on a busy machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def pictures(n=N, seed=0):
    """Images ``(n, 8, 8, 1)`` uint8 and their classes."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 3
    drawn = np.zeros((3, 8, 8))
    drawn[0, 3:5] = drawn[1, 3:5] = drawn[1, :, 3:5] = 150
    images = (drawn[labels] + rng.integers(0, 90, (n, 8, 8))).astype(np.uint8)
    return images[..., None], labels


def make(norm=False):
    torch.manual_seed(2)
    return nn.Sequential(
        OrderedDict(
            conv=nn.Conv2d(1, 4, 3, padding=1, bias=not norm),
            **({"norm": nn.BatchNorm2d(4)} if norm else {}),
            relu1=nn.ReLU(),
            pool=nn.MaxPool2d(2),
            flatten=nn.Flatten(),
            linear1=nn.Linear(64, 10),
            relu2=nn.ReLU(),
            drop=nn.Dropout(0.2),
            linear2=nn.Linear(10, 3),
        )
    )


def train(model, x, y, steps=40):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model.train()
    for _ in range(steps):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()


def record(path, model=None, *, layers="all", dtype="float32", steps=40, **more):
    """Record a network before and after it learns; a third of the points are train points."""
    images, labels = pictures()
    x = ((torch.from_numpy(images.transpose(0, 3, 1, 2).astype(np.float32)) / 255) - MEAN) / STD
    model = make() if model is None else model
    given = {
        "inputs": x, "labels": labels, "classes": CLASSES, "images": images,
        "ids": np.arange(N) + 1000, "splits": np.arange(N) // 24 > 0, "title": "Shapes",
    }  # fmt: skip
    recorder = Recorder(model, path, **{**given, **more}, layers=layers, dtype=dtype)
    recorder.record(0)
    train(model, x, torch.from_numpy(labels), steps)
    recorder.record(1)
    recorder.close()
    return open_run(path)
