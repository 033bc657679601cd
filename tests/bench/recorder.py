"""What recording costs, as a share of an epoch of the MNIST run.

    python tests/bench/recorder.py [--rounds 3] [--threads 1]

Needs no data: images are random, of MNIST's size, 60,000 of them an epoch. Training and recording
take turns within one process, a tenth of an epoch at a time, so that a busy machine slows both
alike; the figures are medians, wall and CPU time.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from gt.record.models import make_model
from gt.record.recorder import Recorder
from gt.record.train import _train_epoch, keep_freed_memory

POINTS, EXAMPLES, PARTS = 2000, 60_000, 10
LIMIT = 0.05  # of an epoch, for the outputs of 2,000 points


class Clock:
    """Wall and CPU seconds of one thing, done again and again."""

    def __init__(self):
        self.wall, self.cpu = [], []

    def __call__(self, work, *args, **more):
        wall, cpu = time.perf_counter(), time.process_time()
        work(*args, **more)
        self.wall.append(time.perf_counter() - wall)
        self.cpu.append(time.process_time() - cpu)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    keep_freed_memory()
    model = make_model("mnist")
    step = torch.optim.SGD(model.parameters(), lr=0.01)
    order = torch.Generator().manual_seed(0)
    x = torch.randn(EXAMPLES // PARTS, 1, 28, 28)
    y = torch.randint(0, 10, (len(x),))
    data = {"inputs": torch.randn(POINTS, 1, 28, 28), "labels": np.arange(POINTS) % 10}
    train, outputs, everything = Clock(), Clock(), Clock()
    with tempfile.TemporaryDirectory() as folder:
        small = Recorder(model, Path(folder) / "outputs", **data)
        large = Recorder(model, Path(folder) / "all", **data, layers="all")
        for epoch in range(args.rounds + 1):
            train(_train_epoch, model, step, order, x, y, 64)
            outputs(small.record, epoch)
            train(_train_epoch, model, step, order, x, y, 64)
            everything(large.record, epoch)
        sizes = [
            sum(f.stat().st_size for f in (Path(folder) / name).rglob("*") if f.is_file())
            for name in ("outputs", "all")
        ]
    count = args.rounds + 1
    for kind in ("wall", "cpu"):
        values = [statistics.median(getattr(c, kind)[1:]) for c in (train, outputs, everything)]
        whole = values[0] * PARTS
        print(
            f"{kind:<5} epoch {whole:6.2f} s   outputs {values[1] * 1e3:7.1f} ms ="
            f" {values[1] / whole:6.2%}   all layers {values[2] * 1e3:7.1f} ms ="
            f" {values[2] / whole:6.2%}"
        )
        if kind == "cpu":
            verdict = "less" if values[1] < LIMIT * whole else "MORE"
            print(f"outputs cost {verdict} than {LIMIT:.0%}")
    small_kb, large_mb = sizes[0] / count / 1e3, sizes[1] / count / 1e6
    print(f"bytes an epoch: outputs {small_kb:.0f} kB, all layers {large_mb:.1f} MB")


if __name__ == "__main__":
    main()
