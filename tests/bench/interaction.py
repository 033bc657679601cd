"""What a click, a key or a slider costs before the next paint, on every page: ``python -m tests.bench.interaction``.

The runs that ship are served as ``python app.py`` serves them. Of each page and interaction, medians of several:

- paint: interaction to next paint, from the browser's own Event Timing; in brackets the same less that of a click
  which does nothing, on the same page in turns with it. The bar is 100 ms for what is left: what the browser takes to
  paint at all with software GL, on a busy machine, is in both.
- work: processor time of the main thread from the interaction until 150 ms after its paint, less that of the click
  which does nothing; and what scripts, and style and layout, took of it. Other processes do not add to it, nor does
  software GL, which has a thread of its own.

Event Timing counts in steps of 8 ms and says nothing below 16 ms; such an interaction stands as 16.
"""

from __future__ import annotations

import statistics
import sys
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

from tests.bench import served
from tests.bench.web import DRAWN, MOST_MS, PAINTED, PATIENCE_MS, READY, WATCH, act
from tests.browser import chromium

#: what a reader takes hold of, by page; a word is a control of `tests.bench.web`, else a key, or what is clicked
POINTS = {
    "legend": "legend",
    "selection": "selection",
    "key →": "ArrowRight",
    "key B, L": ("b", "l"),
}
FRAMES = POINTS | {"slider": "slider"}
DONE: dict[str, dict[str, Any]] = {
    "grand-tour?play=0": FRAMES | {"random": "r"},
    "tsne?play=0": FRAMES,
    "umap?play=0": FRAMES,
    "compare?play=0": POINTS
    | {"row": ".gt-row-choice input", "preset": "[data-gt-part=presets] .gt-chip"},
    "layers?play=0": FRAMES | {"random": "r"},
    "adversarial?play=0": FRAMES | {"random": "r"},
    "training": {"legend": "legend", "selection": "selection", "slider": "slider"},
    "network": {"key →": "ArrowRight", "slider": "slider", "image": "[data-gt-part=some] button"},
    "method": {"slider": "slider"},
    "": {"theme": "[data-gt-action=theme]"},
}
NOTHING = "nothing"
SIZE = {"width": 1440, "height": 900}
SETTLED_MS = 1000  # in which what glides after an interaction has come to rest
#: of `Performance.getMetrics`, in seconds of processor time
PARTS = {
    "work": ("TaskDuration",),
    "script": ("ScriptDuration",),
    "layout": ("LayoutDuration", "RecalcStyleDuration"),
}


def do(page: Page, what: Any, i: int) -> None:
    """Do something for the i-th time."""
    if what == NOTHING:
        page.mouse.click(SIZE["width"] - 3, 70)  # the edge of the page
    elif what in ("legend", "selection", "slider"):
        act(page, what, i)
    elif isinstance(what, tuple):
        page.keyboard.press(what[i % len(what)])
    elif what.isalnum():
        page.keyboard.press(what)
    else:
        every = page.locator(f"{what}:visible")
        every.nth(i % min(every.count(), 4)).click()


def spent(metrics: CDPSession) -> dict[str, float]:
    """Processor time that the page's main thread has taken so far, in ms, by part."""
    found = {one["name"]: one["value"] for one in metrics.send("Performance.getMetrics")["metrics"]}
    return {part: 1000 * sum(found[name] for name in names) for part, names in PARTS.items()}


def measured(page: Page, todo: dict[str, Any], times: int) -> dict[str, dict[str, float]]:
    """Medians in ms by interaction: paint, and the parts of the main thread's work."""
    metrics = page.context.new_cdp_session(page)
    metrics.send("Performance.enable", {"timeDomain": "threadTicks"})
    seen: dict[str, list[dict[str, float]]] = {name: [] for name in (NOTHING, *todo)}
    for i in range(times):
        for name, values in seen.items():
            page.wait_for_timeout(SETTLED_MS)
            page.evaluate(PAINTED)
            before = spent(metrics)
            do(page, todo.get(name, NOTHING), i)
            paint = max((one[0] for one in page.evaluate(PAINTED)), default=16.0)
            after = spent(metrics)
            values.append({"paint": paint} | {part: after[part] - before[part] for part in PARTS})
    return {
        name: {part: statistics.median(one[part] for one in values) for part in ("paint", *PARTS)}
        for name, values in seen.items()
    }


def main() -> int:
    """Print a table; 1 where a bar is missed."""
    parser = served.arguments(__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=7, help="of each interaction (%(default)s)")
    parser.add_argument("--pages", nargs="+", default=list(DONE), choices=DONE, metavar="PATH")
    served.at_address(parser)
    options = parser.parse_args()
    figures: dict[str, Any] = {}
    with served.asked(options) as (_, address), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium.executable(), args=chromium.ARGS)
        for path in options.pages:
            page = browser.new_page(viewport=SIZE)
            page.set_default_timeout(PATIENCE_MS)
            page.add_init_script(WATCH)
            page.goto(address + path)
            page.evaluate(DRAWN, READY[path])
            page.wait_for_load_state("networkidle")
            figures[path] = measured(page, DONE[path], options.times)
            print(path, figures[path], file=sys.stderr, flush=True)
            page.close()
        browser.close()
    rows = [["page", "interaction", "paint ms", "work ms", "script", "style, layout", ""]]
    for path, found in figures.items():
        still = found[NOTHING]
        for name, ms in found.items():
            more = {part: ms[part] - (still[part] if name != NOTHING else 0) for part in ms}
            late = "missed" if name != NOTHING and more["paint"] > MOST_MS else ""
            paint = f"{ms['paint']:.0f}" + (f" ({more['paint']:+.0f})" if name != NOTHING else "")
            parts = (f"{more[part]:.1f}" for part in PARTS)
            rows.append(["/" + path.split("?")[0], name, paint, *parts, late])
    served.report("Interaction to next paint, and the work", figures, rows, options.json)
    return int(any(row[-1] for row in rows[1:]))


if __name__ == "__main__":
    sys.exit(main())
