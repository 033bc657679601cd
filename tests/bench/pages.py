"""Pages of the app in a browser, as the benchmarks see them: opened, at their first picture, shown, played."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from playwright.sync_api import Browser, Page, Playwright

from tests.browser import chromium
from tests.browser.waiting import wait_for_function

PATIENCE_MS = 120_000
LOOK_MS = 100  # between two looks at what plays
_SAID = """
async (name) => {
  const main = await import("/assets/js/main.mjs");
  try {
    const { frame, way, playing, images, state, epoch, n, p } = main.inspect(name);
    return { frame, way, playing, images, state, epoch, n, p };
  } catch {
    return null;
  }
}
"""


@contextlib.contextmanager
def opened(driver: Playwright) -> Iterator[Page]:
    """An empty page in a browser of its own."""
    browser = driver.chromium.launch(executable_path=chromium.executable(), args=chromium.ARGS)
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    yield page
    browser.close()


@contextlib.contextmanager
def first_picture(
    browser: Browser, address: str, script: str, size: tuple[int, int]
) -> Iterator[Page]:
    """A page at its first picture, opened with an empty cache.

    Args:
        browser: Where it is opened.
        address: Of the page.
        script: Sets ``window.firstPicture`` when that is there; runs before the page's own.
        size: Of the window, in CSS pixels.
    """
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    try:
        page = context.new_page()
        page.add_init_script(script)
        page.goto(address, wait_until="commit")
        wait_for_function(page, "window.firstPicture", timeout=PATIENCE_MS)
        yield page
    finally:
        context.close()


def shown(page: Page, stage: str) -> dict[str, Any]:
    """Wait until a stage shows something; returns what it says of itself."""
    while not (found := page.evaluate(_SAID, stage)) or not found["frame"]["count"]:
        page.wait_for_timeout(LOOK_MS)
    return found


def play(page: Page, stage: str, frames: int, actions: Sequence[str]) -> dict[str, Any]:
    """Let what the page plays run for some frames, then stop it all.

    Args:
        page: The page.
        stage: Its stage, by name.
        frames: How many.
        actions: The buttons of what plays; one that stops by itself is pressed again.
    """
    start = shown(page, stage)["frame"]["count"]
    while (now := shown(page, stage))["frame"]["count"] < start + frames:
        for action in actions:
            _turn(page, action, on=True)
        page.wait_for_timeout(LOOK_MS)
    for action in actions:
        _turn(page, action, on=False)
    return now


def _turn(page: Page, action: str, *, on: bool) -> None:
    button = f"[data-gt-action={action}]"
    if (page.get_attribute(button, "aria-pressed") == "true") != on:
        page.click(button)
