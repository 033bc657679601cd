"""What a frame of the page of layers costs: ``python -m tests.bench.layers``.

A small network is recorded with all its layers and aligned in 64 coordinates, once with 500 points and once with
10,000. In the page the layers play, the epochs play and the tour turns, so that each frame mixes four slices; its
cost is taken from the page's own clock (`inspect`), as in `tests.bench.page`. Between these rounds, ``Plotly.restyle``
moves as many points in a graph of the same page. Also: the bytes of one slice as they are on the wire.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

from tests.bench import pages, served
from tests.bench.page import RESTYLE

K = 64
MOST_MS = {500: 2.0, 10_000: 8.0}
MOST_SLICE = 70 * 1024  # bytes at 500 points
ROUNDS = 5
FRAMES = 60
STAGE = "layers"
PLAYED = ("tour", "play", "play-states")
URL = """
() => performance.getEntriesByType("resource").map((one) => one.name).filter((one) => one.includes("/tensors/"))
"""


def make_run(folder: Path, n: int) -> str:
    """Record and align a network of a few wide layers; returns the run's name."""
    import torch
    from torch import nn

    from gt.align.align_run import align_run, plan
    from gt.record import Recorder
    from gt.run import open_run

    rng = np.random.default_rng(n)
    labels = np.arange(n) % 10
    inputs = rng.normal(size=(n, 256)).astype(np.float32)
    inputs[:, :10] += 3 * np.eye(10, dtype=np.float32)[labels]
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Linear(256, 192), nn.ReLU(), nn.Linear(192, 128), nn.ReLU(), nn.Linear(128, 10)
    )
    name = f"bench-{n}"
    with Recorder(
        model, folder / name, inputs=inputs, labels=labels, layers="all", splits=np.ones(n, int)
    ) as recorder:
        for epoch in range(4):
            recorder.record(epoch)
            with torch.no_grad():
                for weight in model.parameters():
                    weight += 0.1 * weight.std(unbiased=False) * torch.randn_like(weight)
    run = open_run(folder / name)
    align_run(run, plan(run, points=n, k=K))
    return name


def measure(page: Page, address: str, run: str, n: int) -> dict[str, Any]:
    """Frames of the page and restyles of as many points, in turns."""
    page.goto(f"{address}layers?run={run}&play=0&seed=1")
    pages.shown(page, STAGE)
    slices = [url for url in page.evaluate(URL)]
    sizes = [len(urllib.request.urlopen(url).read()) for url in slices]
    page.select_option("#grand-tour-pace", "1")
    pages.play(page, STAGE, 200, PLAYED)  # all slices are here, all functions compiled
    page.evaluate(RESTYLE, [n, 2, True])
    restyle: list[float] = []
    for _ in range(ROUNDS):
        now = pages.play(page, STAGE, FRAMES, PLAYED)
        restyle += page.evaluate(RESTYLE, [n, 4, True])
    frame, same = now["frame"], statistics.median(restyle)
    assert (now["n"], now["p"]) == (n, K)
    return {
        "way": now["way"],
        "frame_ms": round(frame["medianMs"], 2),
        "frame_p95_ms": round(frame["p95Ms"], 2),
        "restyle_ms": round(same, 1),
        "times_faster": round(same / frame["medianMs"], 1),
        "slice_kb": round(2 * n * K / 1024, 1),
        "largest_answer_kb": round(max(sizes) / 1024, 1),
    }


def main() -> int:
    """Print a table and JSON; 1 when a required figure is missed."""
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as made, sync_playwright() as driver:
        folder = Path(made)
        runs = {n: make_run(folder, n) for n in MOST_MS}
        with served.app([str(folder)]) as (_, address), pages.opened(driver) as page:
            for n, run in runs.items():
                results[f"{n:,} points × {K}"] = measure(page, address, run, n)
    for what, row in results.items():
        print(f"{what:20}", "  ".join(f"{name} {value}" for name, value in row.items()))
    print(json.dumps(results))
    rows = list(results.values())
    good = all(row["frame_ms"] <= most for row, most in zip(rows, MOST_MS.values(), strict=True))
    return 0 if good and rows[0]["slice_kb"] * 1024 <= MOST_SLICE else 1


if __name__ == "__main__":
    sys.exit(main())
