"""Points are searched for, selected, isolated and excluded, and all of that is taken back."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.tour import TRAIN

PANEL = ".gt-search-panel"


@pytest.fixture
def find(tour):
    """Open the search and write into it; the words below the field say when it has been answered."""

    def find(text):
        tour.page.keyboard.press("/")
        tour.page.locator(f"{PANEL} input").fill(text)
        return tour.page.locator(f"{PANEL} [role=status]")

    yield find
    tour.page.evaluate("document.querySelector('.gt-search-panel:popover-open')?.hidePopover()")


def labels(seen):
    return {one % 100_000 % 10 for one in seen.selected}  # so the tests' runs number their points


def until_text(tour, part, text):
    tour.part(part).filter(has_text=re.compile(text)).wait_for()


def test_what_matches_is_counted_selected_and_added(tour, find):
    said = find("label:3 split:train")
    total = tour.look(TRAIN).n
    assert said.inner_text() == f"{total // 10} of {2 * total} points match."
    tour.page.keyboard.press("Enter")
    tour.until(f"s.selected.length === {total // 10}", TRAIN)
    assert labels(tour.look(TRAIN)) == {3} and not tour.look().selected
    assert tour.page.locator(PANEL).is_hidden()
    find("label:4 split:train")
    tour.page.keyboard.press("Shift+Enter")
    tour.until(f"s.selected.length === {2 * (total // 10)}", TRAIN)
    assert labels(tour.look(TRAIN)) == {3, 4}
    tour.page.keyboard.press("Escape")  # clears the selection; that is taken back
    tour.until("!s.selected.length", TRAIN)
    tour.page.keyboard.press("Control+z")
    tour.until(f"s.selected.length === {2 * (total // 10)}", TRAIN)
    tour.page.keyboard.press("Control+z")
    tour.until(f"s.selected.length === {total // 10}", TRAIN)


def test_a_suggestion_is_taken_and_what_is_not_understood_is_said(tour, find):
    said = find("labe")
    tour.page.keyboard.press("ArrowDown")
    active = tour.page.locator(f"{PANEL} input").get_attribute("aria-activedescendant")
    assert tour.page.locator(f"#{active}").inner_text().startswith("label:")
    tour.page.keyboard.press("Enter")
    assert tour.page.locator(f"{PANEL} input").input_value() == "label:"
    tour.page.keyboard.type("horse")
    said.filter(has_text="“horse”").wait_for()  # letter by letter
    assert said.inner_text() == "Label has no “horse”; there are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9."
    assert tour.page.locator(f"{PANEL} input").get_attribute("aria-invalid") == "true"
    assert tour.page.locator(f"{PANEL} .gt-search-ways button:enabled").count() == 0
    tour.page.keyboard.press("Escape")
    assert tour.page.locator(PANEL).is_hidden()


def test_points_are_isolated_at_an_epoch_kept_in_the_address_and_brought_back(tour, find):
    n = 2 * tour.look(TRAIN).n
    find("label:3,4 predicted:0,1,2,3,4,5,6,7,8,9")
    tour.page.keyboard.press("Control+Enter")
    until_text(tour, "filters", rf"{n // 5} of {n} left")
    chip = tour.page.locator(".gt-filter")
    assert "label:3,4 predicted@0:0,1,2" in chip.get_attribute("title")
    tour.page.locator(".gt-legend-count").nth(7).click()  # none of these is shown
    find("label:3")
    tour.page.keyboard.press("Control+Shift+Enter")
    until_text(tour, "filters", rf"{n // 10} of {n} left")
    tour.page.wait_for_function("() => location.search.includes('without=label%3A3')")
    asked = parse_qs(urlsplit(tour.page.url).query)
    assert asked["only"][0].startswith("label:3,4 predicted@0:") and "select" not in asked
    tour.page.reload(wait_until="commit")
    tour.ready()
    until_text(tour, "filters", rf"{n // 10} of {n} left")
    tour.page.locator(".gt-filter button").nth(1).click()
    until_text(tour, "filters", rf"{n // 5} of {n} left")
    tour.page.keyboard.press("Control+z")
    until_text(tour, "filters", rf"{n // 10} of {n} left")
    tour.button("undo").wait_for()
    tour.part("filters").get_by_text("Show all").click()
    tour.page.wait_for_function("() => !document.querySelector('.gt-filter')")


def test_a_selection_is_isolated_and_inverted(tour):
    total = tour.look(TRAIN).n
    tour.page.locator(".gt-legend-count").nth(5).click()
    tour.until(f"s.selected.length === {total // 10}", TRAIN)
    acts = tour.page.locator(".gt-selection-acts")
    acts.get_by_text("Invert").click()
    tour.until(f"s.selected.length === {total - total // 10}", TRAIN)
    assert 5 not in labels(tour.look(TRAIN))
    acts.get_by_text("Exclude").click()
    until_text(tour, "filters", rf"{total // 5} of {2 * total} left")
    assert not tour.look(TRAIN).selected
    tour.page.keyboard.press("Control+z")  # the filter, and the selection that it took
    tour.until(f"s.selected.length === {total - total // 10}", TRAIN)
    assert tour.page.locator(".gt-filter").count() == 0
