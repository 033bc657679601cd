"""How long a file takes to its first picture: ``python -m tests.bench.opening [--json FILE]``.

MNIST's Grand Tour, 1,000 training and 1,000 test points in 100 epochs, as the app serves it, as a file, and a story of
six views of it as a file of test points: from going there to the first picture of a stage, each in a browser with
nothing in its cache, in turns.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from gt.kept.story import Story, View
from gt.share import alone
from gt.share.story import book_of
from gt.share.told import Asked
from tests.bench import served
from tests.browser import chromium

RUN = served.ROOT / "precomputed" / "mnist"
STAGE = "grand-tour-test"
TURNS = 5
MOST_MS = 2000.0  # of a file, on a calm machine
MOST_MB = 2.5  # of a story of 1,000 points in 100 epochs
DRAWN = """async (stage) => {
  for (;;) {
    try {
      const { inspect } = window.grandTour ?? (await import("/assets/js/main.mjs"));
      if (inspect(stage).frame.count > 0) return;
    } catch {
      // not yet there
    }
    await new Promise((go) => setTimeout(go, 5));
  }
}"""


def written(folder: Path) -> dict[str, Path]:
    """The files, by what they are of."""
    library, run = alone.library_of(RUN, folder / "cache")
    page = alone.told(library, "grand-tour", run)
    alone.write_file(library, alone.book_of(library, [page], "play=0"), folder / "tour.html")
    epochs = (0, 6, 7, 11, 12, 99)
    views = [
        View("grand-tour", f"run={run}&layer=softmax&epoch={epoch}&play=0", f"Epoch {epoch}")
        for epoch in epochs
    ]
    story = Story(library.run(run).uid, "How digits are learnt", tuple(views))
    told = book_of(library, run, "digits", story, Asked(split="test"))
    alone.write_file(library, told, folder / "story.html")
    return {"file": folder / "tour.html", "story": folder / "story.html"}


def first_picture(browser: Browser, address: str) -> float:
    """How many ms from going there to a stage that has drawn its points."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(60_000)
    started = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.evaluate(DRAWN, STAGE)
    taken = 1000 * (time.perf_counter() - started)
    page.close()
    return taken


def measure(turns: int) -> dict[str, Any]:
    """Times to the first picture, and sizes."""
    with tempfile.TemporaryDirectory() as made, served.app([]) as (_, address):
        files = written(Path(made))
        ways = {"served": f"{address}grand-tour?run=mnist&play=0"}
        ways |= {name: file.as_uri() for name, file in files.items()}
        times: dict[str, list[float]] = {name: [] for name in ways}
        with sync_playwright() as driver:
            browser = driver.chromium.launch(
                executable_path=chromium.executable(), args=chromium.ARGS
            )
            for _ in range(turns + 1):
                for name, where in ways.items():
                    times[name].append(first_picture(browser, where))
            browser.close()
        sizes = {name: file.stat().st_size / 1e6 for name, file in files.items()}
    middle = {name: served.spread(one[1:]) for name, one in times.items()}
    return {
        name: {
            **one,
            "ratio": round(one["median"] / middle["served"]["median"], 2),
            "mb": round(sizes.get(name, 0.0), 2),
        }
        for name, one in middle.items()
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    figures = measure(options.turns)
    rows = [("", "median ms", "min", "max", "of the served page", "MB")]
    for name, one in figures.items():
        numbers = (f"{one[part]:.0f}" for part in ("median", "min", "max"))
        rows.append((name, *numbers, f"{one['ratio']:.2f}", f"{one['mb']:.2f}"))
    served.report("to the first picture", figures, rows, options.json)


if __name__ == "__main__":
    main()
