"""The grid of ``/compare``: how soon it shows, how fast it answers: ``python -m tests.bench.compare``.

The first picture of 30 panels (5 methods, 6 epochs) against that of ``/grand-tour``, taken in turns
from navigation with an empty browser cache; a page counts as shown once every stage has finite
positions and the WebGL canvas has ink. Then, with 35 panels of the run's points, the time from
letting go of a lasso to the end of the frame that shows the selection in every panel.
"""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from tests.bench import pages, served
from tests.browser import chromium
from tests.browser.waiting import wait_for_function

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MOST_RATIO = 2.0
MOST_LATENCY_MS = 100
ROWS = ("tsne", "dynamic-tsne", "umap", "pca", "grand-tour")
SIX, SEVEN = "5.6.7.10.11.12", "5.6.7.10.11.12.99"

WATCH = """
window.contexts = new Set();
const plain = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  const made = plain.call(this, kind, ...rest);
  if (made && String(kind).startsWith("webgl")) window.contexts.add(this);
  return made;
};
const sheet = new OffscreenCanvas(400, 200);
const pen = sheet.getContext("2d", { willReadFrequently: true });
function inked(canvas) {
  pen.clearRect(0, 0, 400, 200);
  pen.drawImage(canvas, 0, 0, 400, 200);
  return pen.getImageData(0, 0, 400, 200).data.some((value) => value > 0);
}
let main = null;
async function drawn() {
  const names = [...document.querySelectorAll("[data-gt-stage]:not([data-gt-stage=compare-transition])")]
    .map((stage) => stage.dataset.gtStage);
  if (names.length < (location.pathname.startsWith("/compare") ? 30 : 2)) return false;
  main ??= await import("/assets/js/main.mjs");
  try {
    return names.every((name) => {
      const found = main.inspect(name);
      return found.frame.count > 0 && found.n > 0 && found.positions.every(Number.isFinite);
    });
  } catch { return false; }
}
async function watch() {
  const canvas = document.querySelector("canvas.gl-canvas-context");
  if (canvas && (await drawn()) && inked(canvas)) window.firstPicture = performance.now();
  else requestAnimationFrame(watch);
}
requestAnimationFrame(watch);
addEventListener("pointerup", () => { window.letGo = performance.now(); }, { capture: true });
"""

# After the frame that drew the selection: a message posted in it comes back when it is over.
LATENCY = """async (names) => {
  const { inspect, selectedIds } = await import("/assets/js/main.mjs");
  while (!selectedIds("mnist").size) await new Promise(requestAnimationFrame); // next to no work of its own
  let first = inspect(names[0]);
  for (; first.running; first = inspect(names[0])) await new Promise(requestAnimationFrame);
  await new Promise((done) => { const c = new MessageChannel(); c.port1.onmessage = done; c.port2.postMessage(0); });
  const all = performance.now() - window.letGo;
  const counts = names.map((name) => inspect(name).selected.length);
  if (!counts.every((n) => n === first.selected.length && n > 0)) throw new Error(`not in all panels: ${counts}`);
  return { all, draw: first.latencyMs, selected: first.selected.length };
}"""


#: the first picture is there, and so are the tables of measures
MEASURED = "window.firstPicture && document.querySelector('#compare-table table')"


def first_picture(browser: Browser, address: str) -> tuple[float, int]:
    """Milliseconds from navigation to the first picture, and WebGL canvases made for it."""
    with pages.first_picture(browser, address, WATCH, (1440, 900)) as page:
        return page.evaluate("[window.firstPicture, window.contexts.size]")


def lassos(page: Page, names: list[str], repetitions: int) -> list[dict[str, float]]:
    """Draw lassos in the first panel, a smaller one each time; what each took."""
    found = []
    for i in range(repetitions + 1):
        page.keyboard.press("Escape")
        box = page.locator(f'[data-gt-stage="{names[0]}"]').bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        reach = box["width"] * (0.48 - 0.01 * (i % 10))
        page.mouse.move(x - reach, y - reach)
        page.mouse.down()
        for dx, dy in ((1, -1), (1, 1), (-1, 1), (-1, -1)):
            page.mouse.move(x + dx * reach, y + dy * reach, steps=5)
        page.mouse.up()
        found.append(page.evaluate(LATENCY, names))
    return found[1:]


def measure(runs: list[str], repetitions: int) -> dict[str, Any]:
    """Both pages in turn, after one visit of each that does not count; then the lassos."""
    tour: list[float] = []
    grid: list[float] = []
    canvases = 0
    query = f"?run=mnist&rows={'.'.join(ROWS)}&play=0&epochs="
    with served.app(runs) as (_, address), sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium.executable(), args=chromium.ARGS)
        for pair in range(repetitions + 1):
            both = [(tour, "grand-tour?run=mnist&play=0"), (grid, f"compare{query}{SIX}")]
            for seen, path in both if pair % 2 else reversed(both):
                at, made = first_picture(browser, address + path)
                seen.append(at)
                canvases = made if seen is grid else canvases
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(WATCH)
        page.goto(f"{address}compare{query}{SEVEN}", wait_until="commit")
        # the measures below the grid come after the first picture
        wait_for_function(page, MEASURED, timeout=pages.PATIENCE_MS)
        page.wait_for_load_state("networkidle")
        names = [f"compare-{row}-{epoch}" for row in ROWS for epoch in SEVEN.split(".")]
        seen = lassos(page, names, max(10, repetitions))
        browser.close()
    return {
        "tour_ms": served.spread(tour[1:]),
        "compare_ms": served.spread(grid[1:]),
        "ratio": round(statistics.median(grid[1:]) / statistics.median(tour[1:]), 3),
        "panels": len(names),
        "webgl_canvases": canvases,
        "lasso_ms": served.spread([one["all"] for one in seen]),
        "highlight_ms": served.spread([one["draw"] for one in seen]),
        "repetitions": repetitions,
    }


def main() -> None:
    """Measure and print."""
    parser = served.arguments(__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=7, metavar="N", help="(%(default)s)")
    options = parser.parse_args()
    found = measure(options.runs, options.repetitions)
    columns = ("median", "min", "max")

    def row(name: str, key: str, asked: str = "") -> tuple[str, ...]:
        return (name, *(f"{found[key][column]:.0f}" for column in columns), asked)

    rows = [
        ("", *columns, "asked"),
        row("/grand-tour, ms", "tour_ms"),
        row("/compare, 30 panels, ms", "compare_ms"),
        ("ratio", f"{found['ratio']:.2f}", "", "", f"≤ {MOST_RATIO:g}"),
        ("WebGL canvases of /compare", str(found["webgl_canvases"]), "", "", "one graph's"),
        row(f"lasso let go to {found['panels']} panels shown, ms", "lasso_ms", f"≤ {MOST_LATENCY_MS}"),
        row("of it, selection to drawn, ms", "highlight_ms"),
    ]  # fmt: skip
    served.report("The grid of small multiples", found, rows, options.json)


if __name__ == "__main__":
    main()
