"""How long a search takes, from the key to the picture, at 60,000 points: ``python -m tests.bench.search``.

Two runs are made for this, of 2,000 and of 60,000 points, with six columns each (a text and an address that are another
one for every point, two numbers, a date, a category of 500 names). In turns each is opened on the Grand Tour, searches
are written letter by letter, and a filter is made of each. Of each letter: milliseconds to the next picture, which has
the suggestions, and to the one that says how many points match; of each filter, to the picture without the others.
Two empty frames of the same page are told beside them, for on a busy machine these take long too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

import gt
from tests.bench import pages, served

SIZES = (2_000, 60_000)
STAGE = "grand-tour-train"
SEARCHES = ("basel", "note:red", 'label:"3" age:<0.5', "taken:>1990", "kind:*9*", "1234")
ASKED_MS = {"suggestions": 100, "result": 200, "filter": 200}
MOST = 4.0  # of what the smaller run takes, to the suggestions: these must not wait for the points

# milliseconds: per letter to the suggestions and to the result, to the filter, and of an empty frame
_MEASURE = """async (searches) => {
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done();
    channel.port2.postMessage(0);
  }));
  const later = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const press = (how) => input.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...how }));
  const input = document.querySelector(".gt-search-input");
  const open = document.querySelector('[data-gt-action="search"]');
  const took = { suggestions: [], result: [], filter: [], empty: [] };
  for (const search of searches) {
    open.click();
    await new Promise((done) => setTimeout(done, 300));
    for (let i = 1; i <= search.length; i++) {
      const start = performance.now();
      input.value = search.slice(0, i);
      input.setSelectionRange(i, i);
      input.dispatchEvent(new Event("input", { bubbles: true }));
      const counted = later(); // registered behind the page's own
      await painted();
      took.suggestions.push(performance.now() - start);
      await counted;
      await painted();
      took.result.push(performance.now() - start);
      const idle = performance.now();
      await painted();
      await painted();
      took.empty.push(performance.now() - idle);
    }
    const start = performance.now();
    press({ key: "Enter", ctrlKey: true }); // all of these match some of both runs
    while (!document.querySelector(".gt-filter")) await painted();
    await painted();
    took.filter.push(performance.now() - start);
    document.querySelector(".gt-filter button").click();
    while (document.querySelector(".gt-filter")) await painted();
  }
  return took;
}"""


def make_run(folder: Path, n: int) -> str:
    """Points of ten classes at two epochs, with six columns; returns the run's name."""
    rng = np.random.default_rng(n)
    labels = rng.integers(0, 10, n)
    logits = rng.normal(size=(2, n, 10)).astype(np.float32)
    logits[1, np.arange(n), labels] += 4
    towns, colours = ("Bern", "Basel", "Chur"), ("red", "blue", "green", "grey")
    day = np.datetime64("1970-01-01", "s")
    columns = {
        "note": [
            f"the {colours[i % 4]} one, {i * 7919 % n} km from {towns[i % 3]}" for i in range(n)
        ],
        "age": rng.random(n),
        "size": rng.normal(size=n),
        "taken": day + rng.integers(0, 1_700_000_000, n).astype("timedelta64[s]"),
        "kind": [f"kind {i}" for i in rng.integers(0, 500, n)],
        "page": [f"https://example.org/items/{i}?of={i % 7}" for i in range(n)],
    }
    name = f"bench-search-{n}"
    gt.write_run(
        folder / name,
        outputs=logits,
        labels=labels,
        classes=[str(c) for c in range(10)],
        splits=np.zeros(n, int),
        ids=np.arange(n),
        columns=columns,
    )
    return name


def measure(page: Page, address: str, run: str) -> dict[str, list[float]]:
    page.goto(f"{address}grand-tour?run={run}&play=0&seed=1&epoch=1")
    pages.shown(page, STAGE)
    page.wait_for_timeout(1000)
    taken: dict[str, list[float]] = page.evaluate(_MEASURE, list(SEARCHES))
    return taken


def main(rounds: int) -> int:
    taken: dict[int, dict[str, list[float]]] = {n: {} for n in SIZES}
    print(f"- load before: {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        runs = {n: make_run(Path(folder), n) for n in SIZES}
        with served.app([folder]) as (_, address), pages.opened(driver) as page:
            for _ in range(rounds):
                for n, run in runs.items():
                    for what, each in measure(page, address, run).items():
                        taken[n].setdefault(what, []).extend(each)
    middle: dict[int, dict[str, Any]] = {}
    for n, of in taken.items():
        middle[n] = {what: statistics.median(each) for what, each in of.items()}
        worst = {what: max(each) for what, each in of.items()}
        said = ", ".join(f"{what} {middle[n][what]:.0f} ({worst[what]:.0f})" for what in of)
        print(f"- {n:,} points, ms to the picture, median (worst): {said}")
    few, many = (middle[n] for n in SIZES)
    for what, asked in ASKED_MS.items():
        over = many[what] - many["empty"]
        print(
            f"- {what}: {many[what] / few[what]:.1f} × that of {SIZES[0]:,} points; {over:.0f} ms beyond two empty"
            f" frames (asked, calm: {asked})"
        )
    return int(many["suggestions"] > MOST * few["suggestions"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2)
    sys.exit(main(parser.parse_args().rounds))
