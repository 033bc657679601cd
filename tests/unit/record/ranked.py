"""Processes that test_ranks.py starts: two ranks, meeting through a file, that train and record one network."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import nn
from torch.nn.functional import cross_entropy
from torch.nn.parallel import DistributedDataParallel as DDP

import gt
from gt.errors import RunError

N, D, K, EPOCHS = 22, 6, 3, 3


class Net(nn.Module):
    """A network with running means, dropout, a skip and a parameter of its own."""

    def __init__(self):
        super().__init__()
        self.first, self.norm = nn.Linear(D, 16), nn.BatchNorm1d(16)
        self.blocks = nn.Sequential(nn.Linear(16, 16), nn.ReLU(), nn.Dropout(0.5))
        self.scale = nn.Parameter(torch.ones(16))
        self.last = nn.Linear(16, K)

    def forward(self, x):
        x = torch.relu(self.norm(self.first(x)))
        return self.last((x + self.blocks(x)) * self.scale)


def network():
    torch.manual_seed(3)
    return Net()


def points():
    generator = torch.Generator().manual_seed(5)
    return {
        "inputs": torch.randn(N, D, generator=generator),
        "labels": np.arange(N) % K,
        "layers": "all",
        "batch_size": 4,
    }


def learn(model, optimizer, epoch, rank, pause=None):
    """One step on points that are this rank's own."""
    generator = torch.Generator().manual_seed(100 * epoch + rank)
    model.train()
    x, y = torch.randn(8, D, generator=generator), torch.randint(0, K, (8,), generator=generator)
    loss = cross_entropy(model(x), y)
    if pause is not None:
        pause()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()


def wrapped(how):
    net = network()
    if how == "ddp":
        return DDP(net)
    from torch.distributed.fsdp import fully_shard

    fully_shard(net.blocks[0])
    fully_shard(net.blocks)
    return fully_shard(net)


def said(path, **what):
    path.write_text(json.dumps(what))


def trained(folder, rank, how, record=True):
    """Train, record, and say what was seen and where the training got to."""
    model = wrapped(how)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    seen, states = [], []
    rec = gt.Recorder(model, folder / how, **points(), timeout=60) if record else None

    def recorded():
        if rec is not None:
            states.append(state_of(model))
            rec.record(len(states) - 1, lr=0.1)
            seen.append(rec.epochs)

    for epoch in range(EPOCHS):
        amid = epoch == 1  # of a step: what backward needs is left alone
        learn(model, optimizer, epoch, rank, recorded if amid else None)
        if not amid:
            recorded()
    if rec is not None:
        rec.wait()
        seen.append(rec.epochs)
        rec.close()
        rec.close()
    end = {name: value.double().tolist() for name, value in state_of(model).items()}
    said(folder / f"{how}-{record}-{rank}.json", seen=seen, state=end)
    torch.save(states, folder / f"{how}-{record}-{rank}.pt")


def state_of(model):
    """Parameters and running means of the network, put together."""
    found = {}
    for name, value in (*model.named_parameters(), *model.named_buffers()):
        value = value.full_tensor() if hasattr(value, "full_tensor") else value
        own = name.removeprefix("_orig_mod.").removeprefix("module.")
        found[own] = value.detach().clone()
    return found


def one(folder, rank):
    """Rank 0 records by itself, as many scripts do."""
    model = DDP(network())
    if rank == 0:
        with gt.Recorder(model, folder / "one", **points(), ranks="one") as rec:
            rec.record(0)
    dist.barrier()


def missing(folder, rank):
    """Rank 0 alone makes a Recorder, without a word."""
    model, met = DDP(network()), ""
    if rank == 0:
        try:
            gt.Recorder(model, folder / "missing", **points(), timeout=2)
        except RunError as error:
            met = str(error)
    said(folder / f"missing-{rank}.json", met=met)
    dist.barrier()


def absent(folder, rank):
    """Rank 1 does not call record."""
    met = ""
    rec = gt.Recorder(DDP(network()), folder / "absent", **points(), timeout=5)
    rec.record(0)
    rec.wait()
    if rank == 0:
        try:
            rec.record(1)
        except RunError as error:
            met = str(error)
        rec.close()
    dist.barrier()
    said(folder / f"absent-{rank}.json", met=met, epochs=rec.epochs)


def differing(folder, rank):
    """The ranks do not give the same, one after the other."""
    met = []

    def attempt(model, **more):
        try:
            gt.Recorder(model, folder / "differing", **(points() | more), timeout=60).close()
        except RunError as error:
            met.append(str(error))

    attempt(network(), inputs=torch.full((N, D), float(rank)))
    other = network()
    with torch.no_grad():
        other.last.weight += rank
    attempt(other)
    attempt(network(), layers="all" if rank else "outputs")
    attempt(network(), labels=np.arange(N) % K + 7 * rank)
    with gt.Recorder(network(), folder / "differing", **points(), timeout=60) as rec:
        rec.record(0)
        try:
            rec.record(1 + rank)
        except RunError as error:
            met.append(str(error))
        rec.record(1)
    said(folder / f"differing-{rank}.json", met=met, epochs=rec.epochs)


def failing(folder, rank, how):
    """Something goes wrong on one rank, in the middle of a pass, and then no more."""
    from gt.record.batch import Batch
    from gt.run import RunWriter

    met, model = [], wrapped(how)
    see, put = Batch._put, RunWriter.put

    def wrong(self, name, output):
        if name == "blocks.1" and rank == 1:
            raise ValueError("not today")
        see(self, name, output)

    def full(*_):
        raise OSError(28, "full")

    with gt.Recorder(model, folder / f"failing-{how}", **points(), timeout=60) as rec:
        rec.record(0)
        Batch._put = wrong
        try:
            rec.record(1)
        except Exception as error:
            met.append(f"{type(error).__name__}: {error}")
        Batch._put = see
        RunWriter.put = full
        try:
            rec.record(1)
            rec.wait()
        except RunError as error:
            met.append(f"{type(error).__name__}: {error}")
        RunWriter.put = put
        rec.record(1)
    said(folder / f"failing-{how}-{rank}.json", met=met, epochs=rec.epochs)


def killed(folder, rank):
    """Rank 1 ends in the middle of an epoch."""
    from gt.record.batch import Batch

    rec = gt.Recorder(DDP(network()), folder / "killed", **points(), timeout=20)
    rec.record(0)
    rec.record(1)
    if rank == 1:
        Batch._put = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    try:
        rec.record(2)
    except RunError as error:
        said(folder / "killed.json", met=str(error), epochs=rec.epochs)
        rec.close()


def again(folder, rank):
    """A script that is started once more, three ways."""
    met = []
    for wish in ({}, {"resume": True}, {"overwrite": True}):
        model = DDP(network())
        try:
            with gt.Recorder(model, folder / "again", **points(), timeout=60, **wish) as rec:
                before = rec.epochs
                rec.record(before[-1] + 1 if before else 0)
                rec.wait()
                met.append([before, rec.epochs])
        except RunError as error:
            met.append(str(error))
    said(folder / f"again-{rank}-{time.time_ns()}.json", met=met)


if __name__ == "__main__":
    where, at, store, what, *more = sys.argv[1:]
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{store}", rank=int(at), world_size=2)
    globals()[what](Path(where), int(at), *(json.loads(word) for word in more))
    sys.stdout.flush()
    os._exit(0)
