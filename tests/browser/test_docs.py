"""The documentation in a browser: search by keys, links and headings, copying, a phone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.tour import PATIENCE_MS


@pytest.fixture
def docs(open_page: Any) -> Any:
    """A page of the documentation, once its search is there."""

    def opened(path: str = "/docs", **more: Any) -> Any:
        page = open_page(path, wait=False, **more).page
        page.set_default_timeout(PATIENCE_MS)
        field(page).wait_for()
        return page

    return opened


def field(page: Any) -> Any:
    return page.get_by_role("searchbox", name="Search the documentation")


def results(page: Any) -> Any:
    return page.locator(".gt-docs-result")


def in_sight(page: Any, anchor: str) -> None:
    """Wait until a heading is near the top of the window."""
    page.wait_for_function(
        "(id) => Math.abs(document.getElementById(id)?.getBoundingClientRect().top) < 120",
        arg=anchor,
    )


def test_the_search_is_used_by_keys_alone(docs: Any) -> None:
    page = docs()
    page.keyboard.press("/")
    assert field(page).evaluate("(input) => input === document.activeElement")
    page.keyboard.type("last relu mend")
    results(page).first.wait_for()
    assert results(page).first.locator("strong").inner_text() == "Mend it"
    assert "relu" in [one.lower() for one in results(page).first.locator("mark").all_inner_texts()]
    page.keyboard.press("ArrowDown")
    assert results(page).first.evaluate("(link) => link === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_url("**/docs/tutorial#mend-it")
    in_sight(page, "mend-it")


def test_nothing_found_is_said_and_escape_ends_it(docs: Any) -> None:
    page = docs("/docs/tutorial")
    field(page).fill("<b>zzzz</b> quux")
    page.get_by_text("Nothing found for “<b>zzzz</b> quux”.").wait_for()
    page.keyboard.press("Escape")
    page.locator(".gt-docs-results").wait_for(state="hidden")
    assert field(page).input_value() == ""


def test_a_search_without_its_words_says_so_and_tries_again(docs: Any, watch: Any) -> None:
    watch.expect(r"^request failed: .*/docs/search\.json")
    watch.expect(r"^console error: .*ERR_FAILED")
    page = docs()
    page.route("**/docs/search.json", lambda route: route.abort())
    field(page).fill("tour")
    page.get_by_text("The search could not be loaded").wait_for()
    page.unroute("**/docs/search.json")
    field(page).fill("tour matrix")
    results(page).first.wait_for()


def test_links_between_pages_load_no_page_anew(docs: Any) -> None:
    page = docs("/docs/tutorial")
    page.evaluate("window.stayed = true")
    page.locator("article a", has_text="What moved").first.click()
    page.wait_for_url("**/docs/explanation/measures")
    page.locator("h1", has_text="What moved").wait_for()
    page.go_back()
    page.locator("h1", has_text="Tutorial").wait_for()
    assert page.evaluate("window.stayed")
    assert page.title() == "Tutorial · Grand Tour"


def test_an_address_with_a_heading_leads_to_it(docs: Any) -> None:
    page = docs("/docs/how-to/deploy#settings")
    in_sight(page, "settings")
    page.locator(".gt-docs-marks .gt-docs-here", has_text="Settings").wait_for()
    page.evaluate("window.stayed = true")
    page.set_viewport_size({"width": 1440, "height": 700})
    page.locator(".gt-docs-marks a", has_text="Behind a proxy").click()
    in_sight(page, "behind-a-proxy")
    assert page.evaluate("window.stayed") and page.url.endswith("#behind-a-proxy")


def test_an_address_with_a_heading_that_cannot_be_shows_the_page(docs: Any) -> None:
    page = docs("/docs/how-to/deploy#%")
    page.locator("h1", has_text="Serve it to others").wait_for()


def test_code_is_copied_whole(docs: Any) -> None:
    allowed = {"permissions": ["clipboard-read", "clipboard-write"]}
    page = docs("/docs/tutorial", context=allowed)
    page.get_by_role("button", name="Copy this code").nth(1).click()
    page.get_by_text("Copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith(
        "import sys\nfrom collections"
    )


def test_an_address_of_no_page_says_so(docs: Any) -> None:
    page = docs("/docs/<img src=x onerror=alert(1)>")
    page.get_by_role("heading", name="There is no such page").wait_for()
    assert page.locator("article img").count() == 0


@pytest.mark.parametrize("path", ["/docs", "/docs/explanation/measures", "/docs/reference/python"])
def test_a_phone_scrolls_down_only(docs: Any, path: str) -> None:
    page = docs(path)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    contents = page.locator(".gt-docs-contents")
    contents.wait_for(state="hidden")
    page.get_by_role("button", name="All pages").click()
    contents.get_by_role("link", name="Tutorial").click()
    page.locator("h1", has_text="Tutorial").wait_for()
    contents.wait_for(state="hidden")


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_the_bar_fits_a_small_laptop(docs: Any, open_page: Any, path: str) -> None:
    page = open_page(path, wait=False).page
    page.locator(".gt-docs-open").wait_for()
    page.set_viewport_size({"width": 1024, "height": 768})
    last = page.get_by_role("button", name="Switch between light and dark").bounding_box()
    assert last["x"] + last["width"] <= 1024
    brand, menu = (page.locator(one).bounding_box() for one in (".gt-brand", ".gt-menu"))
    assert brand["x"] >= 0 and brand["x"] + brand["width"] <= menu["x"]
