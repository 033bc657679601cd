"""What a frame costs on the graphics card: ``python -m tests.bench.card``.

Main-thread milliseconds of a frame in which tour and epochs move, projected on the card, projected here
(the way "buffer"), and by ``Plotly.restyle``, by turns in one browser; and how many frames a second it shows.
With a graphics card this is what chooses between the ways (``--hardware`` lets Chromium use it); without
one the card's work falls on the processor, and frames a second tell that.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from pathlib import Path
from typing import Any

from tests.browser import chromium

SIZES = ((1_000, 10), (10_000, 10), (100_000, 10), (1_000_000, 10), (400_000, 50))
HARDWARE = ("--use-angle=gl-egl", "--enable-gpu", "--ignore-gpu-blocklist")


def measure(page: Any, frames: int, sizes: list[tuple[int, int]]) -> list[dict[str, Any]]:
    """A row of figures for each number of points and coordinates, in a page that is ready."""
    found = []
    for n, p in sizes:
        got = page.evaluate("([n, p, f]) => card(n, p, f)", [n, p, frames])
        row: dict[str, Any] = {"n": n, "p": p, "hardware": got["hardware"]}
        for way in ("there", "here", "restyle"):
            row[f"{way} ms"] = round(statistics.median(got[way]["times"]), 2)
            if "fps" in got[way]:
                row[f"{way} fps"] = round(got[way]["fps"], 1)
        found.append(row)
        print(row, file=sys.stderr, flush=True)
    return found


def table(rows: list[dict[str, Any]]) -> str:
    """The figures as text."""
    lines = [
        f"{'points':>10}  {'p':>3}  {'card':>7}  {'here':>7}  {'restyle':>8}  {'card fps':>8}  {'here fps':>8}"
    ]
    lines += [
        f"{r['n']:>10,}  {r['p']:>3}  {r['there ms']:>7}  {r['here ms']:>7}  {r['restyle ms']:>8}"
        f"  {r['there fps']:>8}  {r['here fps']:>8}"
        for r in rows
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, default=20, help="of each kind (%(default)s)")
    parser.add_argument("--most", type=int, default=1_000_000, help="points (%(default)s)")
    parser.add_argument("--hardware", action="store_true", help="let Chromium use a graphics card")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    args = parser.parse_args()
    path = chromium.executable()
    if path is None:
        sys.exit("card: no Chromium; set GT_CHROMIUM to its path")
    with chromium.served() as url, sync_playwright() as p:
        given = [*chromium.ARGS, *HARDWARE] if args.hardware else chromium.ARGS
        browser = p.chromium.launch(executable_path=path, args=given)
        page = browser.new_page(viewport={"width": 1100, "height": 900})
        page.set_default_timeout(0)
        page.on("pageerror", lambda error: print(f"page error: {error}", file=sys.stderr))
        page.goto(f"{url}/tests/bench/card.html")
        page.wait_for_function("window.ready")
        rows = measure(page, args.frames, [one for one in SIZES if one[0] <= args.most])
        browser.close()
    if args.json:
        args.json.write_text(json.dumps(rows, indent=2))
    print(table(rows))


if __name__ == "__main__":
    main()
