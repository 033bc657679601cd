"""What wide layers cost, and how true they are: against whole recordings of the three shipped networks.

    python tests/bench/wide.py [truth | cost] [--points 1000]

``truth`` needs no data: weights and images are those that are shipped. Each network is recorded twice at some of its
epochs, once whole and once with every layer above 512 values as wide, and aligned by the last, the first and the middle
epoch. ``cost`` takes layers of 4,096 to 65,536 values by themselves.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from gt.align import states as measures
from gt.align.again import can_be_made, values_of
from gt.align.bases import choose_bases
from gt.align.states import choose_points
from gt.kept.weights import open_checkpoints
from gt.record import Recorder
from gt.record.chain import Chain, Part
from gt.record.directions import Beside
from gt.record.wide import Wide, choose
from gt.run import open_run, wide
from gt.run.wide import kept_of, width_kept

NETWORKS = ("mnist", "fashion-mnist", "cifar10")
EPOCHS = (0, 2, 6, 14, 30, 48, 62, 80, 98)
NARROW = 512
SHIPPED = Path(__file__).parents[2] / "precomputed"


def recorded(name, folder, each, **options):
    """One network at some epochs, recorded from its shipped weights; and the directions at each."""
    run = open_run(SHIPPED / name)
    kept = open_checkpoints(run)
    rows = np.concatenate([choose_points(run.labels, run.splits == s, each) for s in (0, 1)])
    x = torch.from_numpy(kept.scaling.inputs(run.images[rows], kept.shape))
    model, recorder, along = None, None, {}
    for epoch in EPOCHS:
        parts = [Part(one.module, one.kind, one.config) for one in kept.layers[:-1]]
        chain = Chain(parts, kept.weights(list(kept.epochs).index(epoch)))
        if model is None:
            model = chain
            about = {"labels": run.labels[rows], "splits": run.splits[rows], "classes": run.classes}
            recorder = Recorder(model, folder, inputs=x, layers="all", **about, **options)
        model.load_state_dict(chain.state_dict())
        recorder.record(epoch)
        keeps, wide_layers = recorder._wide.kept, [one.name for one in recorder.layers if one.kept]
        along[epoch] = {one: keeps.directions(one).double().numpy() for one in wide_layers}
    recorder.close()
    return open_run(folder), along


def truth(points):
    torch.set_num_threads(1)
    for name in NETWORKS:
        with tempfile.TemporaryDirectory() as folder:
            whole, _ = recorded(name, Path(folder) / "whole", points // 2, max_width=10**9)
            kept, along = recorded(name, Path(folder) / "kept", points // 2, max_width=NARROW)
            print(f"{name}, {points} points, epochs {EPOCHS}")
            for layer in kept.layers:
                if layer.kept is not None:
                    print(f"  {layer.name}: {_of_layer(whole, kept, layer, along)}")


def _of_layer(whole, kept, layer, along):
    """Errors of drawn positions, as shares of a plot's width, by the values made again and by the coordinates."""
    rows = np.arange(kept.n)
    assert can_be_made(kept, layer)
    values = [values_of(whole, whole.layer(layer.name), e, rows) for e in range(len(EPOCHS))]
    again = [values_of(kept, layer, e, rows) for e in range(len(EPOCHS))]
    rng, worst, drawn = np.random.default_rng(0), 0.0, 0.0
    for x in (values[-1], values[0], values[len(values) // 2]):
        (basis,) = choose_bases(lambda _, x=x: x - x.mean(0), [x.shape[1]], [None], [None])
        own = measures.size((x - x.mean(0)) @ basis)
        for a, b in zip(again, values, strict=True):
            size = max(own, measures.size((b - x.mean(0)) @ basis))  # a plot in which they are seen
            worst = max(worst, _off((a - b) @ basis, size, rng))
    for e, x in enumerate(values):
        exact = x @ along[EPOCHS[e]][layer.name]
        z = wide.coordinates(kept, layer.name, e).astype(np.float64)
        drawn = max(drawn, _off(z - exact, measures.size(exact - exact.mean(0)), rng))
    spread = np.linalg.svd(x - x.mean(0), compute_uv=False) ** 2
    share, best = (
        ((z - z.mean(0)) ** 2).sum() / spread.sum(),
        spread[: z.shape[1]].sum() / spread.sum(),
    )
    said = kept.made["wide"][layer.name]
    return (
        f"made again {worst:.1e}, coordinates {drawn:.1e} of a plot at most; these keep {share:.0%} of the"
        f" variance, 96 principal directions {best:.0%}; settled {said['settled']} moved {said['moved']};"
        f" {wide.sentence(kept, layer)}"
    )


def _off(z, size, rng):
    """The largest error ``(n, k)`` as it is seen in a frame, over the width of a plot."""
    plane = np.linalg.qr(rng.standard_normal((z.shape[1], 2)))[0]
    return float(np.linalg.norm(z @ plane, axis=1).max()) / (2 * size)


def cost(points):
    device = "cuda" if torch.cuda.is_available() else "cpu"
    print(f"{points} points on {device}, {torch.get_num_threads()} threads; seconds")
    print(f"{'values':>8} {'settle':>8} {'sketch':>8} {'places':>8} {'bytes':>10} {'whole':>12}")
    for width, places in itertools.product((4096, 16384, 65536), (False, True)):
        kept = kept_of(width, points, places=places)
        keeps = Wide({"layer": kept})
        x = torch.randn(points, width, device=device).relu_()
        settle = _seconds(
            lambda keeps=keeps, x=x: keeps.settle(
                {"layer": x[choose(points)]}, {"layer": Beside()}, 0
            )
        )
        see = _seconds(lambda keeps=keeps, x=x: _seen(keeps, x))
        took = ("", f"{see:8.3f}") if places else (f"{see:8.3f}", "")
        columns = width_kept(kept)
        print(
            f"{width:8,} {settle:8.3f} {took[0]:>8} {took[1]:>8} {2 * points * columns:10,}"
            f" {2 * points * width:12,}"
        )


def _seen(keeps, x):
    for start in range(0, len(x), 256):
        keeps.see("layer", x[start : start + 256])
    for _ in keeps.finish():
        pass


def _seconds(work):
    taken = []
    for _ in range(3):
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        start = time.perf_counter()
        work()
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        taken.append(time.perf_counter() - start)
    return sorted(taken)[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", choices=("truth", "cost"))
    parser.add_argument("--points", type=int, default=1000)
    args = parser.parse_args()
    for name, work in (("truth", truth), ("cost", cost)):
        if args.what in (None, name):
            work(args.points)


if __name__ == "__main__":
    main()
