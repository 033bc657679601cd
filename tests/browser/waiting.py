"""Waiting for a page under a policy that lets it compile no text.

Playwright compiles what is waited for anew with every look, in the page, which our policy forbids like any other text.
Here it is compiled once, by the browser's own tools, before the page is asked.
"""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Error, Page, TimeoutError

from tests.browser.tour import PATIENCE_MS

_LOOK = """async ([arg, patience]) => {
  const look = () => {
    const found = (EXPRESSION);
    return typeof found === "function" ? found(arg) : found;
  };
  for (const end = performance.now() + patience; performance.now() < end; ) {
    const found = await look();
    if (found) return [found];
    await new Promise((done) => setTimeout(done, 15));
  }
  return null;
}"""


class _Found:
    """What was found, as Playwright hands it out."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def json_value(self) -> Any:
        return self._value


def wait_for_function(
    page: Page, expression: str, *, arg: Any = None, timeout: float | None = None, **_: Any
) -> _Found:
    """Wait until an expression, or what a function returns, is true; goes on where the page is loaded anew."""
    patience = PATIENCE_MS if timeout is None else timeout
    end = time.monotonic() + patience / 1000
    while True:
        left = (end - time.monotonic()) * 1000
        try:
            found = page.evaluate(_LOOK.replace("EXPRESSION", expression), [arg, max(left, 1)])
        except Error as error:
            if "context was destroyed" not in str(error) or left <= 0:
                raise
            continue
        if found is None:
            raise TimeoutError(f"{expression} did not come true in {patience:.0f} ms")
        return _Found(found[0])
