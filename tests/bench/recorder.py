"""What recording costs: ResNet-18 at CIFAR's size, and the MNIST network, as shares of an epoch.

    python -m tests.bench.recorder [--rounds 3] [--images 320] [--threads 2]

Needs no data: images are random. Training, bare forward passes and recordings take turns within one
process, so that a busy machine slows all alike; the figures are ratios of medians. On a CPU a ResNet-18
learns from some images, of which an epoch of 50,000 is reckoned; so are more points from `--points`.
"Returned" is when ``record`` did, "on disk" when ``wait`` did.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from numcodecs.blosc import Blosc
from numcodecs.zstd import Zstd
from torch import nn
from torch.nn import functional

from gt.record.models import make_model
from gt.record.pipeline import threads, usual_bytes
from gt.record.recorder import Recorder
from gt.record.train import keep_freed_memory
from tests.bench.resnet import BLOCKS, resnet18

EPOCH = 50_000  # images of CIFAR-10
BATCH = 64
ALL = "all layers of 1,000"
BARS = {"outputs of 1,000": 0.05, "eight blocks of 1,000": 0.05, "outputs of 10,000": 0.03}
BARS_GPU = {**BARS, ALL: 0.25}  # of an epoch, until it returns
FORWARDS = 2.0  # bare forward passes that all layers may take on a CPU, until they are on disk


class Clock:
    """Wall seconds of one thing, done again and again."""

    def __init__(self):
        self.took = []

    def __call__(self, work, *args):
        self.sync()
        start = time.perf_counter()
        work(*args)
        self.sync()
        self.took.append(time.perf_counter() - start)

    @staticmethod
    def sync():
        if torch.cuda.is_available():
            torch.cuda.synchronize()

    @property
    def median(self):
        """Of all but the first, in which everything is made for the first time."""
        return statistics.median(self.took[1:] or self.took)


class Recording:
    """One way of recording, timed until it returns and until the disk has it."""

    def __init__(self, model, folder, name, points, shape, part, **given):
        self.name, self.points = name, points
        points = int(points * part)
        self.folder = Path(folder) / name.replace(" ", "-").replace(",", "")
        data = {"inputs": torch.randn(points, *shape), "labels": np.arange(points) % 10}
        self.recorder = Recorder(model, self.folder, **data, **given)
        self.returned, self.written = Clock(), Clock()

    def turn(self, epoch):
        start = time.perf_counter()
        self.returned(self.recorder.record, epoch)
        self.recorder.wait()
        self.written.took.append(time.perf_counter() - start)

    def megabytes(self):
        files = [f.stat().st_size for f in self.folder.rglob("*") if f.is_file()]
        return sum(files) / len(self.recorder.epochs) / 1e6


def learn(model, step, x, y):
    model.train()
    for start in range(0, len(x), BATCH):
        step.zero_grad()
        functional.cross_entropy(
            model(x[start : start + BATCH]), y[start : start + BATCH]
        ).backward()
        step.step()


def forward(model, x, batch):
    model.eval()
    with torch.no_grad():
        for start in range(0, len(x), batch):
            model(x[start : start + batch])


def codecs():
    """Speed and size of what chunks could be packed with, on this machine, one thread."""
    torch.manual_seed(0)
    conv = nn.Sequential(nn.Conv2d(64, 64, 3, padding=1), nn.BatchNorm2d(64))
    with torch.no_grad():
        before = conv(torch.relu(torch.randn(64, 64, 32, 32)))
    print("codec, float16        behind a ReLU          convolution")
    for name, codec in (
        ("Blosc zstd 3 shuffled", Blosc("zstd", 3, 1)),
        ("zstd 1", Zstd(1)),
        ("zstd -5", Zstd(-5)),
    ):
        said = f"{name:<22}"
        for values in (torch.relu(before).half().numpy(), before.half().numpy()):
            took = []
            for _ in range(3):
                start = time.perf_counter()
                size = len(codec.encode(values))
                took.append(time.perf_counter() - start)
            said += (
                f"{values.nbytes / min(took) / 1e6:5.0f} MB/s, {values.nbytes / size:4.2f} : 1   "
            )
        print(said.rstrip())


def measure(title, model, shape, recordings, *, images, epoch, rounds, device, part=1.0):
    """Let training and recordings take turns; print what they cost, as shares of an epoch."""
    step = torch.optim.SGD(model.parameters(), lr=0.01)
    x, y = (
        torch.randn(images, *shape, device=device),
        torch.randint(0, 10, (images,), device=device),
    )
    train, bare = Clock(), Clock()
    probe = torch.randn(int(1000 * part), *shape, device=device)
    with tempfile.TemporaryDirectory() as folder:
        made = [Recording(model, folder, *one, shape, part, **more) for *one, more in recordings]
        for turn in range(rounds + 1):
            train(learn, model, step, x, y)
            bare(forward, model, probe, made[-1].recorder._batch)
            for one in made:
                one.turn(turn)
        whole, forwards = train.median * epoch / images, bare.median / part
        print(
            f"\n{title}: an epoch of {epoch:,} {whole:.2f} s (from {images:,}), forward of 1,000"
            f" {forwards:.3f} s = {forwards / whole:.2%}"
            + ("" if part == 1 else f"; of {part:.0%} of the points, reckoned up")
        )
        for one in made:
            returned, written = one.returned.median / part, one.written.median / part
            passes = forwards * one.points / 1000
            print(
                f"{one.name:<22} returned {returned:7.3f} s = {returned / whole:6.2%} ="
                f" {returned / passes:5.2f} forwards; on disk {written:7.3f} s ="
                f" {written / whole:6.2%} = {written / passes:5.2f} forwards;"
                f" {one.megabytes():6.1f} MB{verdict(one.name, returned / whole, written / passes)}"
            )
            one.recorder.close()


def verdict(name, share, forwards):
    """Whether a bar is met, where there is one."""
    gpu = torch.cuda.is_available()
    if name == ALL and not gpu:
        return f"; asked {FORWARDS:.0f} forwards: {'met' if forwards <= FORWARDS else 'MISSED'}"
    bar = (BARS_GPU if gpu else BARS).get(name)
    return "" if bar is None else f"; asked {bar:.0%}: {'met' if share <= bar else 'MISSED'}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--images", type=int, help="of which a ResNet-18 learns in a turn")
    parser.add_argument("--points", type=int, default=1000, help="a smaller part, reckoned up")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    keep_freed_memory()
    gpu = torch.cuda.is_available()
    device = "cuda" if gpu else "cpu"
    where = torch.cuda.get_device_name() if gpu else f"{args.threads} threads of a CPU"
    print(f"on {where}; {threads()} writers, {usual_bytes() / 2**20:.0f} MiB on their way at most")
    codecs()
    resnet = resnet18().to(device)
    if gpu:
        resnet = resnet.to(torch.bfloat16)
    dtype = next(resnet.parameters()).dtype
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    torch.set_default_dtype(dtype)
    measure(
        f"ResNet-18, {dtype}".replace("torch.", ""),
        resnet,
        (3, 32, 32),
        [
            ("outputs of 1,000", 1000, {}),
            ("eight blocks of 1,000", 1000, {"layers": BLOCKS}),
            *([("outputs of 10,000", 10_000, {})] if gpu else []),  # minutes, on a CPU
            (ALL, 1000, {"layers": "all"}),
        ],
        images=args.images or (EPOCH if gpu else 320),
        epoch=EPOCH,
        rounds=args.rounds,
        device=device,
        part=args.points / 1000,
    )
    torch.set_default_dtype(torch.float32)
    most = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"memory of the process: {most:.0f} MiB more at most than with the network alone")
    measure(
        "MNIST's network",
        make_model("mnist").to(device),
        (1, 28, 28),
        [
            ("outputs of 2,000", 2000, {}),
            ("all layers of 2,000", 2000, {"layers": "all"}),
        ],
        images=6000,
        epoch=60_000,
        rounds=args.rounds,
        device=device,
    )
    print(f"on a GPU: {'above' if gpu else 'not measured, there is none here'}")


if __name__ == "__main__":
    main()
