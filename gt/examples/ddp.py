"""Two processes that train one model (DDP): each calls the recorder alike, and among them they write one run."""

import os
import tempfile
from pathlib import Path

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn
from torch.nn.parallel import DistributedDataParallel

import gt
from gt.examples.common import start
from gt.examples.data import digits

RANKS = 2


def main(out: Path, epochs: int, points: int) -> None:
    with tempfile.TemporaryDirectory() as meeting:
        torch.multiprocessing.spawn(train, (meeting, out, epochs, points), RANKS)


def train(rank: int, meeting: str, out: Path, epochs: int, points: int) -> None:
    store = dist.FileStore(os.path.join(meeting, "store"), RANKS)
    dist.init_process_group("gloo", rank=rank, world_size=RANKS, store=store)
    torch.manual_seed(0)
    data = digits(points, side=14)
    x, y = data.x[data.train][rank::RANKS], data.y[data.train][rank::RANKS]
    model = DistributedDataParallel(
        nn.Sequential(nn.Flatten(), nn.Linear(196, 32), nn.ReLU(), nn.Linear(32, 10))
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    with gt.Recorder(  # all points, in each process: they are dealt among the processes
        model,
        out / "ddp",
        inputs=data.x,
        labels=data.y,
        splits=data.splits,
        images=data.images,
        layers="all",
    ) as recorder:
        recorder.record(0)
        for epoch in range(1, epochs + 1):
            for rows in torch.arange(len(x)).split(25):
                loss = F.cross_entropy(model(x[rows]), y[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            recorder.record(epoch)
    dist.destroy_process_group()


if __name__ == "__main__":
    start(main, epochs=10, points=1000)
