"""How long a video of the tour takes to make: ``python -m tests.bench.video [--seconds 10] [--size 1920x1080]``.

MNIST's tour (2,000 points, two stages) as the dialog of the page makes it, 30 frames a second, in a headless Chromium;
each kind of file that this browser can make, or those named after ``--kinds``. Asked: 10 seconds at 1920 × 1080 in
60 s, on two cores.

Of each: seconds from the button to the file, their ratio to the video's own length, and the file's size. The browser
draws and encodes with the processor alone: one with a graphics card is faster.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.bench.served import app
from tests.browser import chromium
from tests.browser.tour import Tour

ASKED_S = 60  # for the first kind of file, which the dialog offers by itself
PATIENCE_MS = 1_200_000
FORM = ".gt-take-form:not([hidden])"


def take(page: Page, kind: str, seconds: float, size: str) -> tuple[float, int]:
    """Seconds from the button to the file, and its bytes."""
    form = page.locator(FORM)
    form.get_by_label("Seconds", exact=True).fill(str(seconds))
    form.get_by_label("Size", exact=True).select_option(size)
    page.wait_for_timeout(500)  # what can be made at this size is being asked
    form.get_by_label("File", exact=True).select_option(kind)
    start = time.perf_counter()
    with page.expect_download(timeout=PATIENCE_MS) as coming:
        form.locator("[type=submit]").click()
    took = time.perf_counter() - start
    form.get_by_role("status").filter(has_text="Saved").wait_for()
    return took, Path(coming.value.path()).stat().st_size


def main(arguments: Any) -> int:
    with app([]) as (_, address), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.executable(), args=chromium.ARGS
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        tour = Tour(page, address.rstrip("/"))
        tour.goto("/grand-tour?run=mnist&play=0&epoch=40")
        tour.ready()
        tour.button("picture").click()
        page.locator(".gt-take-head").get_by_role("button", name="Video", exact=True).click()
        files = page.locator(FORM).get_by_label("File", exact=True).locator("option")
        files.nth(1).wait_for(state="attached")
        offered = {one.get_attribute("value"): one.text_content() for one in files.all()}
        kinds = arguments.kinds or [one for one in offered if one != "gif"]
        print(f"- load before: {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores")
        first = None
        for kind in kinds:
            took, size = take(page, kind, arguments.seconds, arguments.size)
            first = first or took
            print(
                f"- {offered[kind]}, {arguments.seconds:g} s at {arguments.size}: {took:.1f} s,"
                f" {took / arguments.seconds:.1f} × real time; {size / 1e6:.1f} MB",
                flush=True,
            )
        browser.close()
    slow = first is not None and first > ASKED_S * arguments.seconds / 10
    if slow:
        print(f"- slower than asked: {ASKED_S} s for 10 s of video")
    return int(slow)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--kinds", nargs="*", choices=["avc", "vp9", "vp8", "av1", "gif"])
    sys.exit(main(parser.parse_args()))
