"""What a frame of the real page costs: ``python -m tests.bench.page [--only-classes]``.

The tour page shows runs made for this, tour and epochs playing: 10,000 and 100,000 points × 10 on one
stage, and 1,000 training beside 1,000 test points with handles, once as dots and once as images. Taken
from the page's own clock (`inspect`), so interpolation, projection, upload, handles, labels, slider and
headings are all in it. In the same page, in turns with it, ``Plotly.restyle`` moves as many points.
Runs of 10 and of 1,000 classes, 2,000 points each, are opened in turns too.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

import gt
from tests.bench import pages, served

REQUIRED = {10_000: 1 / 12, 100_000: 1 / 16}
MOST_MS = 4.0
ROUNDS = 6
STAGE = "grand-tour-test"
PLAYED = ("tour", "play")
CLASSES, CLASS_POINTS, TURNS = (10, 1_000), 2_000, 5
MOST_CLASSES = 6.0  # frames of the fewest classes that a frame of the most may take

# n points in a graph of their own, of the size of the stage, moved by plotly's public way: with a colour
# each, as the stage has them, or with one for all, which is the kindest case
RESTYLE = """
async ([n, times, colored]) => {
  const { Plotly } = window;
  const found = document.querySelector(`[data-bench="${colored}"]`);
  const div = found ?? document.body.appendChild(document.createElement("div"));
  const random = () => Float32Array.from({ length: n }, () => Math.random() * 2 - 1);
  if (!found) {
    div.dataset.bench = colored;
    div.style.cssText = "position:fixed;left:0;top:0;width:540px;height:540px;opacity:0;pointer-events:none";
    const names = ["#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6"];
    const color = colored ? Array.from({ length: n }, (_, i) => names[i % 5]) : names[0];
    const axis = { visible: false, range: [-1, 1], fixedrange: true };
    const trace = { type: "scattergl", mode: "markers", marker: { size: 3.5, color }, x: random(), y: random() };
    const layout = { xaxis: axis, yaxis: axis, hovermode: false, margin: { l: 0, r: 0, t: 0, b: 0 } };
    await Plotly.newPlot(div, [trace], layout, { displayModeBar: false });
  }
  const taken = [];
  for (let i = 0; i < times; i++) {
    const [x, y] = [random(), random()];
    const start = performance.now();
    await Plotly.restyle(div, { x: [x], y: [y] });
    taken.push(performance.now() - start);
    await new Promise(requestAnimationFrame);
  }
  return taken;
}
"""


def make_run(folder: Path, n: int, splits: tuple[int, ...], images: bool, k: int = 10) -> str:
    """Points that wander through k classes for eight epochs; returns the run's name."""
    rng = np.random.default_rng(n)
    labels = np.arange(n) % k
    logits = rng.normal(size=(8, n, k)).astype(np.float32)
    logits[:, np.arange(n), labels] += np.linspace(0, 4, 8)[:, None].astype(np.float32)
    name = f"bench-{n}-{len(splits)}-{k}{'-images' if images else ''}"
    gt.write_run(
        folder / name,
        outputs=logits,
        labels=labels,
        classes=[str(c) for c in range(k)],
        splits=np.resize(np.repeat(splits, 10), n),
        images=rng.integers(0, 255, size=(n, 28, 28), dtype=np.uint8) if images else None,
    )
    return name


def measure(page: Page, address: str, run: str, n: int) -> dict[str, Any]:
    """Frames of the page and restyles of as many points, in turns."""
    page.goto(f"{address}grand-tour?run={run}&play=0&seed=1")
    pages.shown(page, STAGE)
    page.select_option("#grand-tour-pace", "1")
    restyle: dict[bool, list[float]] = {True: [], False: []}
    pages.play(page, STAGE, 30, PLAYED)
    for colored in restyle:
        page.evaluate(RESTYLE, [n, 2, colored])
    for _ in range(ROUNDS):
        now = pages.play(page, STAGE, 40, PLAYED)
        for colored, taken in restyle.items():
            taken += page.evaluate(RESTYLE, [n, 4, colored])
    frame = now["frame"]
    same, kind = (statistics.median(restyle[colored]) for colored in (True, False))
    return {
        "way": now["way"],
        "frame_ms": round(frame["medianMs"], 2),
        "frame_p95_ms": round(frame["p95Ms"], 2),
        "restyle_ms": round(same, 1),
        "times_faster": round(same / frame["medianMs"], 1),
        "restyle_one_colour_ms": round(kind, 1),
        "times_faster_than_one_colour": round(kind / frame["medianMs"], 1),
    }


def by_classes(page: Page, address: str, runs: dict[int, str]) -> dict[str, Any]:
    """Frames of runs of few and of many classes, in turns."""
    taken: dict[int, list[float]] = {k: [] for k in runs}
    for _ in range(TURNS):
        for k, run in runs.items():
            page.goto(f"{address}grand-tour?run={run}&play=0&seed=1")
            pages.shown(page, STAGE)
            taken[k].append(pages.play(page, STAGE, 120, PLAYED)["frame"]["medianMs"])
            print(f"{k:,} classes: {taken[k][-1]:.2f} ms", file=sys.stderr, flush=True)
    few, many = (statistics.median(taken[k]) for k in CLASSES)
    return {
        **{f"frame_ms_of_{k}": round(statistics.median(taken[k]), 2) for k in CLASSES},
        "times": round(many / few, 1),
    }


def main() -> int:
    """Print a table and JSON; 1 when a required figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only-classes", action="store_true", help="10 and 1,000 classes alone")
    only = parser.parse_args().only_classes
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as made, sync_playwright() as driver:
        folder = Path(made)
        large = {} if only else {n: make_run(folder, n, (1,), images=False) for n in REQUIRED}
        pair = make_run(folder, 2_000, (0, 1), images=True)
        classes = {k: make_run(folder, CLASS_POINTS, (0, 1), False, k) for k in CLASSES}
        with served.app([str(folder)]) as (_, address), pages.opened(driver) as page:
            for n, run in large.items():
                results[f"{n:,} points, one stage"] = measure(page, address, run, n)
            for look in () if only else ("dots", "images"):
                page.goto(f"{address}grand-tour?run={pair}&play=0&seed=1&points={look}")
                frame = pages.play(page, STAGE, 300, PLAYED)["frame"]
                results[f"2 × 1,000 points as {look}"] = {
                    "frame_ms": round(frame["medianMs"], 2),
                    "frame_p95_ms": round(frame["p95Ms"], 2),
                }
            by = by_classes(page, address, classes)
            results[f"{CLASSES[0]} and {CLASSES[1]:,} classes"] = by
    for what, row in results.items():
        print(f"{what:28}", "  ".join(f"{name} {value}" for name, value in row.items()))
    print(json.dumps(results))
    good = all(
        results[f"{n:,} points, one stage"]["times_faster"] >= 1 / REQUIRED[n] for n in large
    )
    small = [row["frame_ms"] for what, row in results.items() if what.startswith("2 ×")]
    return 0 if good and max(small, default=0) <= MOST_MS and by["times"] <= MOST_CLASSES else 1


if __name__ == "__main__":
    sys.exit(main())
