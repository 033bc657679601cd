"""How long ``/training`` takes to answer: from an interaction to the next paint, beside one that does nothing.

    python -m tests.bench.training [--times 12]

Serves the shipped runs. Between the others a letter is typed into a field that the page does not hear: what the
browser and a busy machine take of themselves. The page needs no WebGL, so the browser draws without it: a software GL
takes longer to show a frame than the page to make it.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.bench.web import PAINTED, WATCH
from tests.browser import chromium
from tests.browser.conftest import serving

SHIPPED = Path(__file__).parents[2] / "precomputed"
RUNS = ("mnist", "cifar10")
_FIELD = """() => {
  const field = document.createElement("input");
  field.id = "control";
  field.style.cssText = "position: fixed; left: 0; bottom: 0";
  document.body.append(field);
}"""


def _interactions(page: Any, i: int) -> dict[str, Callable[[], None]]:
    return {
        "a letter (nothing)": lambda: page.locator("#control").press("x"),
        "a class": lambda: page.locator('[data-gt-action="class"]').nth(i % 10).click(),
        "an event": lambda: page.locator('[data-gt-action="select-event"]').first.click(),
        "a cell": lambda: (
            page.locator(".gt-confusion-box button:not([hidden])").nth(i % 10).click()
        ),
        "an epoch": lambda: page.locator('[data-gt-action="step-back"]').press("ArrowLeft"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=12, help="of each (%(default)s)")
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        nothing = Path(made) / "nothing"
        nothing.mkdir()
        browser = playwright.chromium.launch(
            executable_path=chromium.executable(), args=["--no-sandbox", "--disable-gpu"]
        )
        with serving(SHIPPED, Path(made) / "cache", nothing) as url:
            for run in RUNS:
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.add_init_script(WATCH)
                page.goto(f"{url}/training?run={run}")
                page.wait_for_selector(".gt-confusion-box button", timeout=120_000)
                page.wait_for_selector(".gt-thumb-place canvas", timeout=120_000)
                page.evaluate(_FIELD)
                took: dict[str, list[tuple[float, float]]] = {}
                for i in range(times):
                    for name, act in _interactions(page, i).items():
                        page.evaluate(PAINTED)
                        act()
                        seen = page.evaluate(PAINTED)
                        took.setdefault(name, []).append(max(map(tuple, seen), default=(8.0, 0.0)))
                for name, values in took.items():
                    to_paint, script = (statistics.median(v) for v in zip(*values, strict=True))
                    worst = max(v[0] for v in values)
                    print(
                        f"{run:<9}{name:<20}{to_paint:>6.0f} ms to the next paint (at most {worst:.0f}),"
                        f" {script:.0f} ms of it script"
                    )
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
