"""A process that test_kill.py starts: it forks children that record, and kills them.

It has torch loaded and forks a child for each kill, so 50 kills cost 50 forks and not 50 imports.
It reads lines "begun part" from its standard input: the child is killed when it has begun so many
epochs and another such part of an epoch's time has passed, whatever that is on this machine; after
"0 part" it is killed while it opens or makes the run. A line is answered when the child is dead.
"""

import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import torch

from gt.record.recorder import Recorder

N, K, WIDE = 6, 3, 16


def bias(epoch):
    """What every point's outputs are in an epoch: a function of it, so that it can be checked."""
    return np.arange(K, dtype=np.float32) + epoch


def record_for_ever(path, pipe):
    torch.set_num_threads(1)
    model = torch.nn.Sequential(torch.nn.Linear(2, WIDE), torch.nn.Linear(WIDE, K))
    for parameter in model.parameters():
        torch.nn.init.zeros_(parameter)
    data = {"inputs": torch.ones(N, 2), "labels": np.arange(N) % K}
    done = os.open(path.parent / "done", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    with Recorder(model, path, **data, layers="all", batch_size=4, resume="anyway") as rec:
        epoch = rec.epochs[-1] + 1 if rec.epochs else 0
        while True:
            os.write(pipe, b"x")
            with torch.no_grad():
                model[1].bias.copy_(torch.from_numpy(bias(epoch)))
            rec.record(epoch, lr=float(epoch))
            if (
                epoch % 2
            ):  # what it said is recorded is there; of the others the next record says so
                rec.wait()
            if rec.epochs[-1:] == (epoch,):
                os.write(done, b"%d\n" % epoch)
            epoch += 1


def kill_one(path, begun, part, usual):
    """Fork, wait, kill; returns whether the kill was what ended it, and how long an epoch took."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            record_for_ever(path, write)
        finally:
            os._exit(1)
    os.close(write)
    moments = []
    for _ in range(begun):
        os.read(read, 1)
        moments.append(time.monotonic())
    if len(moments) > 1:
        usual = min(0.5, float(np.median(np.diff(moments))))
    time.sleep(part * usual)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    os.close(read)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, usual


if __name__ == "__main__":
    usual = 0.05
    for line in sys.stdin:
        begun, part = line.split()
        killed, usual = kill_one(Path(sys.argv[1]), int(begun), float(part), usual)
        print(killed, flush=True)
