"""What an attack of the article's size takes: 89 points, 50 steps, beside 411 that stand still, all layers recorded.

    python tests/bench/attack.py [--threads 1] [--network mnist]

Needs no data: images are random, of the data set's size, and the network is untrained, which changes no time. Says how
long the attack takes alone and recorded, the longest time without a word of progress, how long cancelling takes, and
the room on disk.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from gt.attack.recording import Examples, record_attack
from gt.attack.steps import attack
from gt.kept.attack import AttackRecipe
from gt.record.models import make_model

COUNT, CLEAN, STEPS, CLASSES = 89, 411, 50, 10
LIMIT_S, SILENCE_S = 30.0, 1.0
SHAPES = {"mnist": (28, 28, 1), "cifar10": (32, 32, 3)}


class Listener:
    """Keeps when progress was told; says yes to cancelling from a moment on."""

    def __init__(self, cancel_after_s=float("inf")):
        self.told = [time.perf_counter()]
        self.cancel_at = self.told[0] + cancel_after_s

    def __call__(self, *_):
        self.told.append(time.perf_counter())

    def cancelled(self):
        return time.perf_counter() >= self.cancel_at

    @property
    def silence(self):
        return max(np.diff([*self.told, time.perf_counter()]))


def examples(rng, n, shape, first):
    images = rng.integers(0, 256, (n, *shape), dtype=np.uint8)
    x = torch.from_numpy(images.transpose(0, 3, 1, 2).astype(np.float32) / 255)
    return Examples(x, np.zeros(n, np.int64), np.arange(n) + first, images)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--network", choices=list(SHAPES), default="mnist")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    model = make_model(args.network)
    attacked = examples(rng, COUNT, SHAPES[args.network], 0)
    clean = examples(rng, CLEAN, SHAPES[args.network], COUNT)
    recipe = AttackRecipe("fgsm", 0.3, 0.01, STEPS, None, "1", COUNT, CLEAN)
    sources = torch.from_numpy(attacked.labels)
    started = time.perf_counter()
    alone = Listener()
    given = {"low": 0.0, "high": 1.0}
    for _ in attack(model, attacked.inputs, sources, sources + 1, recipe, progress=alone, **given):
        pass
    seconds = time.perf_counter() - started
    print(f"attack alone     {seconds:6.1f} s, {seconds / STEPS * 1e3:.0f} ms a step")
    given |= {"attacked": attacked, "clean": clean, "classes": tuple("0123456789")}
    with tempfile.TemporaryDirectory() as folder:
        heard = Listener()
        path = Path(folder) / "whole"
        record_attack(model, path, recipe, progress=heard, cancelled=heard.cancelled, **given)
        seconds = time.perf_counter() - heard.told[0]
        verdict = "less" if seconds < LIMIT_S else "MORE"
        print(f"with recording   {seconds:6.1f} s, {verdict} than {LIMIT_S:.0f} s")
        verdict = "less" if heard.silence < SILENCE_S else "MORE"
        print(f"longest silence  {heard.silence:6.2f} s, {verdict} than {SILENCE_S:.0f} s")
        files = [f.stat() for f in path.rglob("*") if f.is_file()]
        once = {f.st_ino: f.st_size for f in files}
        apparent = sum(f.st_size for f in files)
        print(
            f"on disk          {sum(once.values()) / 1e6:6.0f} MB, {apparent / 1e6:.0f} MB without links"
        )
        stopped = Listener(cancel_after_s=seconds / 3)
        path = Path(folder) / "cancelled"
        record_attack(model, path, recipe, progress=stopped, cancelled=stopped.cancelled, **given)
        late = time.perf_counter() - stopped.cancel_at
        print(f"cancelling takes {late:6.2f} s; a step takes {seconds / STEPS:.2f} s")


if __name__ == "__main__":
    main()
