"""Points are kept as a group: on every page of their run, after a reload, in a link."""

from __future__ import annotations

import numpy as np

from tests.browser.test_pages import go
from tests.browser.tour import TEST

FLAT = "tsne"
#: names of classes that lie over a group's mark, or it over them
_COVERED = """(stage) => {
  const all = (query) => [...document.querySelectorAll(`[data-gt-stage="${stage}"] ${query}:not([hidden])`)];
  const marks = all(".gt-pin").map((pin) => pin.getBoundingClientRect());
  const over = ({ left, right, top, bottom }) =>
    marks.some(({ x, y }) => x > left - 6 && x < right + 6 && y > top - 6 && y < bottom + 6);
  return all(".gt-handle > span").filter((name) => over(name.getBoundingClientRect())).map((name) => name.textContent);
}"""


def test_a_group_is_pulled_found_named_and_sent_on(open_page):
    tour = open_page("/grand-tour?play=0&seed=3&epoch=40", context={})
    page, groups = tour.page, tour.part("groups")
    page.locator(".gt-legend-count").nth(3).click()
    page.keyboard.press("g")
    page.locator(".gt-legend-count").nth(4).click(modifiers=["Shift"])
    tour.button("group").click()
    page.keyboard.type("tails")  # it is to be named at once
    page.keyboard.press("Enter")
    names = [one.input_value() for one in groups.get_by_label("Name of the group").all()]
    assert names == ["3", "tails"]
    groups.get_by_label("Colour and note of tails").click()
    groups.get_by_label("Colour 9").locator("visible=true").click()

    pins = tour.stage(TEST).locator(".gt-pin")
    assert pins.count() == 2
    tour.settled()
    assert page.evaluate(_COVERED, TEST) == []
    before = tour.settled().matrix
    pins.first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    assert np.abs(tour.settled().matrix - before).max() > 1e-4

    page.keyboard.press("Escape")  # lets go of it
    page.keyboard.press("Escape")
    tour.until("!s.selected.length")
    page.keyboard.press("/")
    page.locator(".gt-search-panel input").fill("group:tails -group:3")
    page.keyboard.press("Enter")
    tour.until("s.selected.length > 0")
    assert {i % 10 for i in tour.look().selected} == {4}

    go(tour, "t-SNE")
    tour.ready(FLAT)
    named = tour.stage(FLAT).locator(".gt-name:not([hidden])")
    named.and_(page.locator("[aria-label='Select tails']")).dispatch_event("click")
    tour.until(f"s.selected.length === {2 * tour.look(FLAT).n // 10}", FLAT)
    groups.get_by_label("Delete 3").click()
    named.nth(1).wait_for(state="detached")
    held = "document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(held) == "Delete tails"
    link = tour.copied_link()
    page.reload()
    tour.ready(FLAT)
    assert groups.get_by_label("Name of the group").input_value() == "tails"

    other = open_page(link.removeprefix(tour.site), context={}, wait=False)
    other.ready(FLAT)
    other.part("groups").get_by_label("Select tails").wait_for()
    mark = other.part("groups").locator("li").get_attribute("style")
    assert "#15a15d" in mark  # the ninth colour
