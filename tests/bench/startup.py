"""How long a visitor waits for the first point: ``python -m tests.bench.startup``.

From navigation to the first drawn point of ``/grand-tour`` (warm server, empty browser cache),
against a Dash page that holds one ``dcc.Graph`` and nothing else, served by the same WSGI server.
The two take turns, so that whatever else the machine does falls on both. A point counts as drawn in
the first animation frame in which the WebGL canvas has ink; for the tour also its twin's, and
``inspect`` must answer with finite positions that are no longer all at the origin.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from tests.bench import pages, served
from tests.browser import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MOST_RATIO = 1.5
MOST_TENSOR_BYTES = 150_000

BASELINE = """
import sys, waitress
from dash import Dash, dcc, html

points = {"type": "scattergl", "mode": "markers", "x": [0, 1, 2], "y": [0, 1, 0]}
app = Dash(__name__)
app.layout = html.Div(dcc.Graph(figure={"data": [points], "layout": {}}))
waitress.serve(app.server, host="127.0.0.1", port=int(sys.argv[1]), threads=8)
"""

# Runs before the page's own scripts. The picture is read back, which is slow, only once everything
# else says that it is there, so that the watching does not slow down what it waits for.
WATCH = """
performance.setResourceTimingBufferSize(5000);
const sheet = new OffscreenCanvas(200, 100);
const pen = sheet.getContext("2d", { willReadFrequently: true });
function inked(canvas) {
  pen.clearRect(0, 0, 200, 100);
  pen.drawImage(canvas, 0, 0, 200, 100);
  return pen.getImageData(0, 0, 200, 100).data.some((value) => value > 0);
}
let main = null;
async function finite() {
  if (!location.pathname.startsWith("/grand-tour")) return true;
  main ??= await import("/assets/js/main.mjs");
  try {
    return ["grand-tour-train", "grand-tour-test"].every((stage) => {
      const found = main.inspect(stage);
      return found.n > 0 && found.positions.some(Boolean) && found.positions.every(Number.isFinite);
    });
  } catch { return false; }
}
async function watch() {
  const graphs = [...document.querySelectorAll(".js-plotly-plot")];
  const canvases = graphs.map((graph) => graph.querySelector("canvas.gl-canvas-context"));
  if (graphs.length && canvases.every(Boolean) && (await finite()) && canvases.every(inked)) {
    const at = performance.now();
    const marks = performance.getEntriesByType("mark").map((m) => [m.name, m.startTime]);
    const paint = performance.getEntriesByType("paint").map((m) => [m.name, m.startTime]);
    const all = performance.getEntriesByType("resource");
    const before = all.filter((r) => r.responseEnd <= at && r.responseEnd > 0);
    window.firstPicture = {
      at, marks, paint,
      requests: before.map((r) => [r.name.replace(location.origin, ""), r.startTime,
        r.responseStart, r.responseEnd, r.encodedBodySize, r.decodedBodySize]),
    };
  } else requestAnimationFrame(watch);
}
requestAnimationFrame(watch);
"""


def visit(browser: Browser, address: str) -> dict[str, Any]:
    """Open a page with an empty cache; returns what `WATCH` noted at the first picture."""
    with pages.first_picture(browser, address, WATCH, (1280, 800)) as page:
        return page.evaluate("window.firstPicture")


def measure(runs: list[str], repetitions: int) -> dict[str, Any]:
    """Both pages in turn, after one visit of each that does not count."""
    tour: list[dict[str, Any]] = []
    empty: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "empty.py"
        file.write_text(BASELINE, "utf-8")
        with (
            served.app(runs) as (_, address),
            served.process([str(file), "{port}"]) as (_, plain),
            sync_playwright() as p,
        ):
            browser = p.chromium.launch(executable_path=chromium.executable(), args=chromium.ARGS)
            for pair in range(repetitions + 1):
                both = [(empty, plain), (tour, address + "grand-tour?play=0")]
                for seen, url in both if pair % 2 else reversed(both):
                    seen.append(visit(browser, url))
            browser.close()
    return figures(tour[1:], empty[1:])


def figures(tour: list[dict[str, Any]], empty: list[dict[str, Any]]) -> dict[str, Any]:
    """Medians, their ratio, and what was fetched before the first picture."""
    times = {"tour_ms": [v["at"] for v in tour], "empty_ms": [v["at"] for v in empty]}
    tensors = [
        [r for r in v["requests"] if "/tensors/" in r[0] and r[3] <= _shown(v)] for v in tour
    ]
    return {
        **{name: served.spread(values) for name, values in times.items()},
        "ratio": round(
            statistics.median(times["tour_ms"]) / statistics.median(times["empty_ms"]), 3
        ),
        "repetitions": len(tour),
        "tensor_bytes": max(sum(r[5] for r in one) for one in tensors),
        "tensor_bytes_compressed": max(sum(r[4] for r in one) for one in tensors),
        "requests": len(tour[-1]["requests"]),
        "bytes": sum(r[4] for r in tour[-1]["requests"]),
        "empty_requests": len(empty[-1]["requests"]),
        "empty_bytes": sum(r[4] for r in empty[-1]["requests"]),
        "last_tour": tour[-1],
        "last_empty": empty[-1],
    }


def _shown(visit: dict[str, Any]) -> float:
    """When the tour drew by its own account, a little before its ink is seen."""
    return next((at for name, at in visit["marks"] if name == "gt-first-picture"), visit["at"])


def main() -> None:
    """Measure and print."""
    parser = served.arguments(__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=9, metavar="N", help="(%(default)s)")
    parser.add_argument("--requests", action="store_true", help="list what the last visit fetched")
    options = parser.parse_args()
    found = measure(options.runs, options.repetitions)
    visits = {"empty": found.pop("last_empty"), "tour": found.pop("last_tour")}
    if options.requests:
        for name, seen in visits.items():
            print(
                f"{name}: first picture {seen['at']:.0f} ms, marks {seen['marks']} {seen['paint']}"
            )
            for url, start, first, end, encoded, decoded in seen["requests"]:
                print(
                    f"  {start:6.0f} {first:6.0f} {end:6.0f} ms  {encoded:8} {decoded:8} B  {url}"
                )
    tour, empty = found["tour_ms"], found["empty_ms"]
    rows = [
        ("", "median", "min", "max", "asked"),
        ("empty Dash page, ms", *(f"{empty[k]:.0f}" for k in ("median", "min", "max")), ""),
        ("/grand-tour, ms", *(f"{tour[k]:.0f}" for k in ("median", "min", "max")), ""),
        ("ratio", f"{found['ratio']:.2f}", "", "", f"≤ {MOST_RATIO}"),
        ("tensors before it, kB", f"{found['tensor_bytes'] / 1000:.0f}", "", "",
         f"≤ {MOST_TENSOR_BYTES // 1000}"),
    ]  # fmt: skip
    served.report("Navigation to the first drawn point", found, rows, options.json)


if __name__ == "__main__":
    main()
