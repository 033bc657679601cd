"""How soon the page Network answers a new image: ``python -m tests.bench.network``.

The runs that ship are served as ``python app.py`` serves them, and in the page image after image is chosen, each
for the first time, then another epoch. A time is from the choice to the frame in which all heat maps have been drawn;
beside it, what the server alone takes, and what this machine needs for two frames in which nothing happens. The bar is
100 ms.
"""

from __future__ import annotations

import statistics
import sys
import time
import urllib.request

from playwright.sync_api import sync_playwright

from tests.bench import served
from tests.browser import chromium

RUNS = ("mnist", "fashion-mnist", "cifar10")
IMAGES = 40
MOST_MS = 100
CHOOSE = """
async ([run, epoch, point, what]) => {
  const slider = document.querySelector('[data-gt-part="epoch"] input');
  const field = document.querySelector(".gt-picker-form input");
  const done = `${run}/${epoch}/${point}`;
  const start = performance.now();
  if (what === "image") {
    field.value = String(point);
    field.form.requestSubmit();
  } else {
    slider.value = epoch;
    slider.dispatchEvent(new Event("input"));
  }
  while (document.querySelector("[data-gt-shown]")?.dataset.gtShown !== done) {
    if (performance.now() - start > 20_000) throw new Error(`${done} did not come`);
    await new Promise(requestAnimationFrame);
  }
  return performance.now() - start;
}
"""

POINTS = """
() => [...document.querySelectorAll('[data-gt-part="some"] [data-gt-id]')].map((one) => Number(one.dataset.gtId))
"""
FRAMES = """
async () => {
  const start = performance.now();
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
  return performance.now() - start;
}
"""


def spread(times: list[float]) -> str:
    """Median, 95th percentile and largest of times in ms."""
    ordered = sorted(times)
    late = ordered[int(0.95 * len(ordered))]
    return f"median {statistics.median(times):.0f} ms, 95 % {late:.0f}, most {ordered[-1]:.0f}"


def main() -> int:
    """Measure; the exit status is 1 where the bar is missed."""
    missed = False
    with served.app([]) as (_, address), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.executable(), args=chromium.ARGS
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        for run in RUNS:
            page.goto(f"{address}network?run={run}")
            page.wait_for_selector(f'[data-gt-shown^="{run}/"]', timeout=120_000)
            points = page.evaluate(POINTS)
            images, epochs, alone, frames, epoch = [], [], [], [], 98
            for i, point in enumerate(points[1 : IMAGES + 1]):
                started = time.perf_counter()
                address_of = f"{address}activations/{run}/{(epoch + 50) % 100}/{point}"
                with urllib.request.urlopen(address_of) as answer:
                    size = len(answer.read())
                alone.append(1000 * (time.perf_counter() - started))
                images.append(page.evaluate(CHOOSE, [run, epoch, point, "image"]))
                frames.append(page.evaluate(FRAMES))
                epoch = 2 * (7 * i % 49)  # each of these has weights
                epochs.append(page.evaluate(CHOOSE, [run, epoch, point, "epoch"]))
            late = statistics.median(images) > MOST_MS
            missed |= late
            print(f"{run}: a new image {spread(images)}{' (too late)' if late else ''}")
            print(f"  a new epoch {spread(epochs)}; the server alone {spread(alone)}")
            print(f"  two empty frames {spread(frames)}; {size / 1024:.0f} KB before gzip")
        browser.close()
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
