"""One browser a module, one page a test; a console error or a page error fails the test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium.executable()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sync_playwright = None
    if path is None or sync_playwright is None:
        message = "no Chromium (set GT_CHROMIUM to its path) or no playwright"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=path, args=chromium.ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with chromium.served() as url:
        yield url


def watched(browser: Browser) -> tuple[Page, list[str]]:
    """Open a page, and the list of errors that it fills."""
    page = browser.new_page(viewport={"width": 900, "height": 700})
    page.set_default_timeout(20_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(f"page error: {error}"))
    page.on(
        "console",
        lambda message: message.type == "error" and errors.append(f"console: {message.text}"),
    )
    return page, errors


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    page, errors = watched(browser)
    yield page
    page.close()
    assert not errors, errors


@pytest.fixture(scope="module")
def _module_page(browser: Browser) -> tuple[Page, list[str]]:
    return watched(browser)


@pytest.fixture
def shared_page(_module_page: tuple[Page, list[str]]) -> Iterator[Page]:
    """One page for all tests of a module, which put it back to its beginning by themselves."""
    page, errors = _module_page
    errors.clear()
    yield page
    assert not errors, errors
