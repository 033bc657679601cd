"""From a table to its picture: ``python -m tests.bench.bring``.

``gt FILE`` with a Parquet of 100,000 rows and 32 numbers, in a process of its own with an empty cache, to the first
frame in a browser in which all points are drawn; and the frames after that. Beside each time what the processor did for
it, in the command and in the browser, which other work on the machine does not change.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pyarrow as pa
from pyarrow import parquet

from tests.bench import served
from tests.browser import chromium

ROWS, COLUMNS = 100_000, 32
DRAWN = """async () => {
  const { inspect } = await import("/assets/js/main.mjs");
  for (;;) {
    try {
      if (inspect("grand-tour-train").positions.length) break;
    } catch { /* not yet */ }
    await new Promise((go) => setTimeout(go, 10));
  }
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
}"""
FRAMES = """async () => {
  const { inspect } = await import("/assets/js/main.mjs");
  await new Promise((go) => setTimeout(go, 4000));
  return inspect("grand-tour-train").frame;
}"""


def written(folder: Path) -> Path:
    """A Parquet of groups in 32 dimensions."""
    rng = np.random.default_rng(0)
    group = rng.integers(0, 8, ROWS)
    values = rng.normal(size=(8, COLUMNS))[group] * 3 + rng.normal(size=(ROWS, COLUMNS))
    columns = {f"x{i}": column for i, column in enumerate(values.T.astype(np.float32))}
    parquet.write_table(pa.table({**columns, "group": group}), folder / "table.parquet")
    return folder / "table.parquet"


def used(pid: int) -> float:
    """Seconds of processor that a process has used, with those that it started and are there."""
    one = psutil.Process(pid)
    times = [each.cpu_times() for each in (one, *one.children(recursive=True)) if each.is_running()]
    return sum(each.user + each.system for each in times)


def once(browser: Any, file: Path, cache: Path) -> dict[str, float]:
    """Seconds of one way from the command to the picture."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = (sys.executable, "-m", "gt.cli", str(file), "--port", str(port), "--no-browser")
    before = used(os.getpid())
    began = time.perf_counter()
    server = subprocess.Popen(
        command,
        cwd=served.ROOT,
        env={**os.environ, "GT_CACHE_DIR": str(cache)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        made = address = ""
        imported = 0.0
        while not address:
            line = server.stdout.readline()
            assert line or server.poll() is None
            if line.startswith("Made "):
                made, imported = line, time.perf_counter() - began
            address = line.split()[1] if line.startswith("Open ") else ""
        listening = time.perf_counter() - began
        page = browser.new_page()
        page.goto(address)
        page.evaluate(DRAWN)
        drawn = time.perf_counter() - began
        worked = used(os.getpid()) - before
        frame = page.evaluate(FRAMES)
        page.close()
        assert made
        return {
            "made s": round(imported, 2),
            "listening s": round(listening, 2),
            "drawn s": round(drawn, 2),
            "processor s": round(worked, 2),
            "frame ms": round(frame["medianMs"], 1),
        }
    finally:
        server.kill()
        server.communicate()


def main() -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    parser = served.arguments(__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=3, metavar="N", help="(%(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as started:
        folder = Path(name)
        file = written(folder)
        browser = started.chromium.launch(executable_path=chromium.executable(), args=chromium.ARGS)
        found = {
            f"{i + 1}, empty cache": once(browser, file, folder / f"cache-{i}")
            for i in range(options.repetitions)
        }
        found["again, from the cache"] = once(browser, file, folder / "cache-0")
        browser.close()
    rows = [("", *next(iter(found.values())))]
    rows += [(name, *map(str, one.values())) for name, one in found.items()]
    title = f"From a Parquet of {ROWS:,} x {COLUMNS} to its picture"
    served.report(title, found, rows, options.json)


if __name__ == "__main__":
    main()
