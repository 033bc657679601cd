"""How soon a new epoch is seen, and what watching costs while nothing changes: ``python -m tests.bench.live``.

A process of its own serves; this one records a run of 1,000 points and 3 classes and watches it in a browser. Asked:
drawn within two seconds.
"""

from __future__ import annotations

import http.client
import statistics
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from tests.bench.served import app
from tests.browser import chromium
from tests.growing import Growing

EPOCHS = 12  # that are watched
WATCH_S = 30  # how long requests of an idle page are counted
ASKED = 1000  # requests of `/live` in a row
SEEN = """async (epoch) => {
  const { inspect } = await import("/assets/js/main.mjs");
  for (const end = performance.now() + 60000; performance.now() < end; ) {
    try {
      if (inspect("grand-tour-train").epoch >= epoch) return true;
    } catch {} // not there yet
    await new Promise((done) => setTimeout(done, 5));
  }
  return false;
}"""


def unchanged(address: str, process: psutil.Process) -> None:
    """What an answer costs that says that nothing is new."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port or 80)

    def ask(headers: dict[str, str]) -> tuple[http.client.HTTPResponse, bytes]:
        connection.request("GET", "/live", headers=headers)
        answer = connection.getresponse()
        return answer, answer.read()

    first, body = ask({})
    tag = {"If-None-Match": first.headers["ETag"]}
    before, took = process.cpu_times(), []
    for _ in range(ASKED):
        start = time.perf_counter()
        answer, _ = ask(tag)
        took.append(time.perf_counter() - start)
        assert answer.status == 304, answer.status
    after = process.cpu_times()
    spent = after.user + after.system - before.user - before.system
    head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders())
    print(
        f"- `/live` that has changed: {len(body):,} bytes; that has not: 304, {head} bytes of headers"
    )
    print(
        f"- {1e3 * statistics.median(took):.2f} ms a request (median of {ASKED:,}),"
        f" {1e3 * spent / ASKED:.2f} ms of the server's processor each, looks at the folders included"
    )


def main() -> int:
    """Measure and print; returns 1 if an epoch took longer than two seconds."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder:
        growing = Growing(Path(folder) / "mine", 3, n=1000)
        with app([folder]) as (served, address), sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium.executable(), args=chromium.ARGS
            )
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{address}grand-tour?run=mine&play=0")
            assert page.evaluate(SEEN, 2)
            took = []
            for i in range(EPOCHS):
                page.wait_for_timeout(1300 + 170 * i)  # at another moment of its rounds each time
                epoch = growing.add()
                start = time.perf_counter()
                assert page.evaluate(SEEN, epoch)
                took.append(time.perf_counter() - start)
            growing.close()
            print(
                f"- from `commit()` to the new epoch drawn, a third of a second of gliding included: median"
                f" {statistics.median(took):.2f} s, {min(took):.2f} to {max(took):.2f} ({EPOCHS} epochs)"
            )
            asked: list[str] = []
            page.on("request", lambda request: asked.append(request.url))
            page.wait_for_timeout(1000 * WATCH_S)
            print(
                f"- an open page while nothing changes: {60 * len(asked) / WATCH_S:.0f} requests a minute"
            )
            browser.close()
            unchanged(address, psutil.Process(served.pid))
    return int(max(took) > 2)


if __name__ == "__main__":
    raise SystemExit(main())
