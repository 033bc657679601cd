"""What a frame costs: the scene's way against ``Plotly.restyle``, interleaved in one browser.

    python -m tests.bench.frames [--rounds 8] [--points 10000 ...] [--json FILE]

Main-thread milliseconds, median (p95). Everything a frame of a playing stage does without its
overlays is in it: a step of the tour, interpolation between two epochs and projection of p = 10
dimensions, upload, draw; the same of 10, 100 and 1,000 classes. Exits with 1 when a required ratio is missed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from pathlib import Path
from typing import Any

from tests.browser import chromium

#: scene / restyle at most, by number of points
REQUIRED = {10_000: 1 / 12, 100_000: 1 / 16}
SIZES = (1_000, 10_000, 100_000)
SHADED = 100_000
"""Points that are shaded by density."""
MOST_SHADED = 1.25
"""What a frame of shaded points takes at most, in frames of dots."""
CLASSES, CLASS_POINTS = (10, 100, 1_000), 2_000
MOST_CLASSES = 6.0
"""What a frame of the most classes takes at most, in frames of ten."""


def summary(times: list[float]) -> dict[str, float]:
    """Median and 95th percentile of a list of milliseconds."""
    p95 = statistics.quantiles(times, n=20)[-1]
    return {"median": round(statistics.median(times), 3), "p95": round(p95, 3)}


def measure(page: Any, rounds: int, sizes: list[int]) -> dict[str, Any]:
    """Run every part in an open harness page."""
    result: dict[str, Any] = {"frames": [], "colors": []}
    for n in sizes:
        for colors in (False, True):
            got = page.evaluate("([n, c, r]) => frames(n, c, r)", [n, colors, rounds])
            row = {"n": n, "colors": "one a point" if colors else "one", "way": got.pop("way")}
            row |= {name: summary(times) for name, times in got.items()}
            row["ratio"] = round(row["restyle"]["median"] / row["scene"]["median"], 1)
            result["frames"].append(row)
            print(row, file=sys.stderr, flush=True)
    for n in sizes:
        got = page.evaluate("([n, r]) => colors(n, r)", [n, rounds])
        result["colors"].append({"n": n} | {name: summary(times) for name, times in got.items()})
    got = page.evaluate("([k, n, r]) => classes(k, n, r)", [list(CLASSES), CLASS_POINTS, rounds])
    result["classes"] = [{"p": p, **summary(times)} for p, times in zip(CLASSES, got, strict=True)]
    print(result["classes"], file=sys.stderr, flush=True)
    got = page.evaluate("([n, r]) => shaded(n, r)", [SHADED, rounds])
    result["shaded"] = {"n": SHADED, **{name: summary(times) for name, times in got.items()}}
    print(result["shaded"], file=sys.stderr, flush=True)
    got = page.evaluate("([k, n, r]) => grid(k, n, r)", [35, 1_000, rounds])
    result["grid"] = {"panels": 35, "n": 1_000, **summary(got["all"])}
    got = page.evaluate("([n, r]) => sprites(n, r)", [1_000, rounds])
    result["sprites"] = {"n": "2 x 1000", **summary(got["both"])}
    return result


def table(result: dict[str, Any]) -> str:
    """The result as text."""
    cell = "{median:.2f} ({p95:.2f})".format_map
    lines = ["points × 10  colours      way      projection     scene          restyle         ×"]
    for r in result["frames"]:
        parts = (cell(r["projection"]), cell(r["scene"]), cell(r["restyle"]))
        lines.append(
            f"{r['n']:>11,}  {r['colors']:<11}  {r['way']:<7}  "
            + "  ".join(f"{part:<13}" for part in parts)
            + f"  {r['ratio']}"
        )
    lines.append("\npoints       plain          palette        palette + ids  order")
    for r in result["colors"]:
        parts = (cell(r["plain"]), cell(r["palette"]), cell(r["ids"]), cell(r["order"]))
        lines.append(f"{r['n']:>11,}  " + "  ".join(f"{part:<13}" for part in parts))
    ten = result["classes"][0]["median"]
    lines.append(f"\nclasses      frame of {CLASS_POINTS:,} points with tour and epochs    × ten")
    lines += [
        f"{r['p']:>7,}      {cell(r):<42}  {r['median'] / ten:.1f}" for r in result["classes"]
    ]
    shaded = result["shaded"]
    lines.append(
        "\nshaded       dots           shaded         some selected  dots, drawn    shaded, drawn"
    )
    parts = (cell(one) for name, one in shaded.items() if name != "n")
    lines.append(f"{shaded['n']:>11,}  " + "  ".join(f"{part:<13}" for part in parts))
    lines.append(f"\none graph of 35 panels of 1,000: {cell(result['grid'])}")
    lines.append(f"images, two stages of 1,000: {cell(result['sprites'])}")
    return "\n".join(lines)


def missed(result: dict[str, Any]) -> list[str]:
    """The requirements that the figures don't meet."""
    ten = result["classes"][0]["median"]
    many = [
        f"{r['p']:,} classes: {r['median'] / ten:.1f} × a frame of ten, not {MOST_CLASSES}"
        for r in result["classes"]
        if r["median"] > MOST_CLASSES * ten
    ]
    shaded = result["shaded"]
    times = shaded["shaded"]["median"] / shaded["dots"]["median"]
    if times > MOST_SHADED:
        many.append(f"{SHADED:,} points shaded: {times:.2f} × a frame of dots, not {MOST_SHADED}")
    return many + [
        f"{r['n']:,} points, {r['colors']}: 1/{r['ratio']} of restyle, not {REQUIRED[r['n']]:.3f}"
        for r in result["frames"]
        if r["n"] in REQUIRED and 1 / r["ratio"] > REQUIRED[r["n"]]
    ]


def main() -> int:
    """Measure, print, and say whether the requirements are met."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=8, help="blocks of frames of each kind")
    parser.add_argument("--points", type=int, nargs="*", default=SIZES, help="numbers of points")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    args = parser.parse_args()
    path = chromium.executable()
    if path is None:
        sys.exit("frames: no Chromium; set GT_CHROMIUM to its path")
    with chromium.served() as url, sync_playwright() as p:
        browser = p.chromium.launch(executable_path=path, args=chromium.ARGS)
        page = browser.new_page(viewport={"width": 1100, "height": 1100})
        page.set_default_timeout(0)
        page.on("pageerror", lambda error: print(f"page error: {error}", file=sys.stderr))
        page.goto(f"{url}/tests/bench/frames.html")
        page.wait_for_function("window.ready")
        result = measure(page, args.rounds, args.points)
        browser.close()
    if args.json:
        args.json.write_text(json.dumps(result, indent=2))
    print(json.dumps(result))
    print(table(result))
    for line in missed(result):
        print("missed:", line, file=sys.stderr)
    return 1 if missed(result) else 0


if __name__ == "__main__":
    sys.exit(main())
