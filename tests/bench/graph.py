"""What a network of 62 states costs the page of layers, against MNIST's twelve: ``python -m tests.bench.graph``.

ResNet-18 with random weights is recorded with all its layers, additions among them, and aligned. In turns with the run
of MNIST that ships, the page is announced by a server that has nothing in its cache, and opened in a browser until its
first picture is there.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

from gt.cache.store import Store
from gt.serve.announcements import announce_layers
from gt.serve.library import Library
from tests.bench import pages, served

SHIPPED = served.ROOT / "precomputed"
SIDE = 8  # of an image, px: no layer is wider than what is kept whole
RESNET, MNIST = "resnet18", "mnist"
STAGE = "layers"


def make_run(folder: Path, n: int, epochs: int) -> None:
    """Record and align a ResNet-18 whose weights drift."""
    import torch

    from gt.align.align_run import align_run, plan
    from gt.record import Recorder
    from gt.run import open_run
    from tests.bench.resnet import resnet18

    torch.manual_seed(0)
    labels = np.arange(n) % 10
    inputs = np.random.default_rng(0).normal(size=(n, 3, SIDE, SIDE)).astype(np.float32)
    model = resnet18().eval()
    with Recorder(
        model,
        folder / RESNET,
        inputs=inputs,
        labels=labels,
        layers="all",
        splits=np.ones(n, int),
    ) as recorder:
        for epoch in range(epochs):
            recorder.record(epoch)
            with torch.no_grad():
                for weight in model.parameters():
                    weight += 0.02 * torch.randn_like(weight) * weight.abs().mean()
    run = open_run(folder / RESNET)
    align_run(run, plan(run, points=n))


def announced(folders: list[Path], name: str) -> tuple[float, int, int]:
    """Milliseconds of an announcement where nothing is kept, and how many states and points it is of."""
    with tempfile.TemporaryDirectory() as cache:
        library = Library(folders, Store(Path(cache)))
        alignment = library.alignments(name)[0].name
        began = time.perf_counter()
        said = announce_layers(library, name, alignment)
        took = 1000 * (time.perf_counter() - began)
    note = said["alignment"]
    assert note is not None
    return took, len(note["states"]), note["n"]


def opened(page: Page, address: str, name: str) -> float:
    """Milliseconds from the address to the first picture."""
    began = time.perf_counter()
    page.goto(f"{address}layers?run={name}&play=0")
    pages.shown(page, STAGE)
    return 1000 * (time.perf_counter() - began)


def measure(points: int, epochs: int, repetitions: int) -> dict[str, Any]:
    """Both runs in turns; medians, and the one over the other."""
    times: dict[str, dict[str, list[float]]] = {
        what: {name: [] for name in (MNIST, RESNET)} for what in ("announcement", "first picture")
    }
    of: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as made, sync_playwright() as driver:
        folders = [SHIPPED, Path(made)]
        make_run(Path(made), points, epochs)
        for _ in range(repetitions):
            for name in (MNIST, RESNET):
                took, states, n = announced(folders, name)
                of[name] = f"{states} states, {n} points"
                times["announcement"][name].append(took)
        with served.app(list(map(str, folders))) as (_, address):
            for turn in range(repetitions + 1):
                for name in (MNIST, RESNET):
                    with pages.opened(driver) as page:
                        took = opened(page, address, name)
                    if turn:  # the first ones fill the server's cache
                        times["first picture"][name].append(took)
    found: dict[str, Any] = {"of": of}
    for what, each in times.items():
        middle = {name: statistics.median(one) for name, one in each.items()}
        found[what] = {
            **{name: served.spread(one) for name, one in each.items()},
            "ratio": round(middle[RESNET] / middle[MNIST], 2),
        }
    return found


def main() -> None:
    """Measure and print."""
    parser = served.arguments(__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=500, metavar="N", help="(%(default)s)")
    parser.add_argument("--epochs", type=int, default=6, metavar="N", help="(%(default)s)")
    parser.add_argument("--repetitions", type=int, default=5, metavar="N", help="(%(default)s)")
    options = parser.parse_args()
    found = measure(options.points, options.epochs, options.repetitions)
    of = found["of"]
    rows = [("ms, medians", f"MNIST ({of[MNIST]})", f"ResNet-18 ({of[RESNET]})", "ratio")]
    for what in ("announcement", "first picture"):
        one = found[what]
        rows.append(
            (
                what,
                f"{one[MNIST]['median']:.0f}",
                f"{one[RESNET]['median']:.0f}",
                f"{one['ratio']:.2f}",
            )
        )
    served.report("The page of layers of a graph", found, rows, options.json)


if __name__ == "__main__":
    main()
