"""What a reader feels on every page: ``python -m tests.bench.web [--times 7]``.

The runs that ship (2,000 points in the tour) are served as ``python app.py`` serves them, to a headless Chromium in
which no other name can be looked up. Of each page, on a desktop and on a phone:

- Layout shift (CLS, as web.dev defines it: the worst burst of shifts within 5 s of which none is 1 s after another,
  without those that answer an input), of the whole visit, and of what comes after the first picture: the bar is 0.
- What was asked of other hosts, and errors and warnings of the console: the bar is 0.
- Interaction to next paint, from the browser's own Event Timing, median of several: legend, slider, selection. The bar
  is 100 ms.

Event Timing counts in steps of 8 ms and says nothing below 16 ms; such an interaction stands as 16.
"""

from __future__ import annotations

import sys
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench import served
from tests.browser import chromium
from tests.browser.conftest import OF_THE_MACHINE

PATIENCE_MS = 60_000
MOST_MS = 100
MOST_SHIFT = 0.001
CUT_OFF = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}

#: by path: the stage or the selector by which its first picture is known to be there
READY = {
    "": "home",
    "grand-tour?play=0": "grand-tour-test",
    "tsne?play=0": "tsne",
    "umap?play=0": "umap",
    "compare?play=0": "compare-grand-tour-10",
    "layers?play=0": "layers",
    "adversarial?play=0": "adversarial",
    "training": ".gt-confusion-box button",
    "network": "[data-gt-shown]",
    "method": "method-tesseract",
}

#: what a reader takes hold of
CONTROLS = {
    "legend": 'main :is(.gt-legend-entry, [data-gt-action="class"]):visible',
    "slider": 'main input[type="range"]:visible',
    "selection": 'main :is(.gt-legend-count, [data-gt-action="select-event"], [data-gt-part="some"] [data-gt-id])',
}
WATCH = """
window.shifts = [];
window.events = [];
new PerformanceObserver((list) => list.getEntries().forEach((e) => {
  const nodes = e.sources.map(({ node }) => node?.className || node?.parentElement?.className || node?.nodeName || "?");
  if (!e.hadRecentInput) window.shifts.push([e.startTime, e.value, nodes.join(", ")]);
})).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((e) => {
  if (e.interactionId) window.events.push([e.duration, e.processingEnd - e.processingStart]);
})).observe({ type: "event", durationThreshold: 16 });
"""
DRAWN = """async (there) => {
  const plain = /[.#[]/.test(there);
  const { inspect } = await import("/assets/js/main.mjs");
  const drawn = () => {
    if (plain) return document.querySelector(there);
    try { return inspect(there).frame.count; } catch { return 0; }
  };
  while (!drawn()) await new Promise(requestAnimationFrame);
  return performance.now();
}"""
PAINTED = """async () => {
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
  await new Promise((done) => setTimeout(done, 150));  // entries are told after their frame
  return window.events.splice(0);
}"""


def act(page: Page, name: str, i: int) -> None:
    """Do what a reader does; the i-th time differs from the one before."""
    every = page.locator(CONTROLS[name])
    if name != "slider":
        every.nth(i % min(every.count(), 8)).click()
        return
    every.first.scroll_into_view_if_needed()
    box = every.first.bounding_box()
    assert box
    x = box["x"] + box["width"] * (0.2 + 0.6 * (i % 5) / 4)
    page.mouse.click(x, box["y"] + box["height"] / 2)


def measured(page: Page, times: int) -> dict[str, dict[str, float]]:
    """Interaction to next paint in ms, and what scripts took of it, by name; of the controls that there are."""
    there = [name for name, which in CONTROLS.items() if page.locator(which).count()]
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in there}
    for i in range(times):
        for name, values in found.items():
            page.evaluate(PAINTED)
            act(page, name, i)
            values.append(max(map(tuple, page.evaluate(PAINTED)), default=(16.0, 0.0)))
    return {
        name: served.spread([paint for paint, _ in values])
        | {"script": served.spread([script for _, script in values])["median"]}
        for name, values in found.items()
    }


def cls(shifts: list[Any]) -> float:
    """The worst session window of layout shifts, as web.dev/cls has it."""
    worst = total = begun = last = 0.0
    for at, value, _ in shifts:
        if total and at - last < 1000 and at - begun < 5000:
            total += value
        else:
            begun, total = at, value
        last, worst = at, max(worst, total)
    return round(worst, 4)


def visit(browser: Browser, address: str, path: str, size: str, times: int) -> dict[str, Any]:
    """Open a page as a first visitor does; returns what was seen."""
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(PATIENCE_MS)
    elsewhere: list[str] = []
    said: list[str] = []
    page.on(
        "request",
        lambda r: (
            None if r.url.startswith((address, "data:", "blob:")) else elsewhere.append(r.url)
        ),
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "console",
        lambda m: (
            said.append(m.text)
            if m.type in ("error", "warning") and not OF_THE_MACHINE.search(m.text)
            else None
        ),
    )
    page.add_init_script(WATCH)
    page.goto(address + path)
    drawn = page.evaluate(DRAWN, READY[path])
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2000)  # what comes later may shift too
    shifts = page.evaluate("window.shifts")
    after = [one for one in shifts if one[0] > drawn]
    out = {
        "shift": cls(shifts),
        "shift_after": cls(after),
        "shifted": sorted({nodes for _, _, nodes in shifts}),
        "elsewhere": elsewhere,
        "console": said,
    }
    if size == "desktop":
        out["ms"] = measured(page, times)
    page.close()
    return out


def main() -> int:
    """Print a table; 1 where a bar is missed."""
    parser = served.arguments(__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=7, help="of each interaction (%(default)s)")
    parser.add_argument(
        "--pages", nargs="+", default=list(READY), metavar="PATH", help="some pages only"
    )
    options = parser.parse_args()
    figures: dict[str, Any] = {}
    with served.app(options.runs) as (_, address), sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=chromium.executable(), args=[*chromium.ARGS, CUT_OFF]
        )
        for path in options.pages:
            figures[path] = {
                size: visit(browser, address, path, size, options.times) for size in SIZES
            }
        browser.close()
    names = tuple(CONTROLS)
    rows = [["page", "CLS after/all", "phone", "hosts", "console", *(f"{n} ms" for n in names)]]
    missed = False
    for path, seen in figures.items():
        both = seen.values()
        ms = seen["desktop"]["ms"]
        strange = [len([x for one in both for x in one[what]]) for what in ("elsewhere", "console")]
        late = [n for n in names if n in ms and ms[n]["median"] > MOST_MS]
        missed |= bool(late or any(strange) or max(one["shift_after"] for one in both) > MOST_SHIFT)
        rows.append(
            [
                "/" + path.split("?")[0],
                *(f"{one['shift_after']} / {one['shift']}" for one in both),
                *map(str, strange),
                *(
                    f"{ms[n]['median']:.0f} ({ms[n]['max']:.0f}, {ms[n]['script']:.0f})"
                    if n in ms
                    else "–"
                    for n in names
                ),
            ]
        )
    served.report(
        "What a reader feels; ms are medians (and the most, and what scripts took)",
        figures,
        rows,
        options.json,
    )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
