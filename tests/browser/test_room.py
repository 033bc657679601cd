"""Room: the header at every width, the workbench, presenting, what can be put away, names of handles that lie apart."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.bench.room import SHARE
from tests.browser.tour import TEST, TRAIN, Tour

WIDTHS = (320, 390, 641, 820, 1024, 1135, 1264, 1265, 1440)
#: what of some elements is not wholly in the window, or lies under something else
OUT_OF_REACH = """(selector) => [...document.querySelectorAll(selector)].filter((one) => one.offsetParent).filter((one) => {
  const { left, top, right, bottom } = one.getBoundingClientRect();
  const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return left < 0 || top < 0 || right > innerWidth || bottom > innerHeight || !one.contains(at);
}).map((one) => one.textContent || one.ariaLabel)"""
#: pairs of names of a stage's handles that lie over each other
OVER_EACH_OTHER = """(stage) => {
  const names = [...document.querySelectorAll(`[data-gt-stage="${stage}"] .gt-handle:not(.gt-faint) span`)];
  const boxes = names.filter((one) => one.offsetParent).map((one) => [one.textContent, one.getBoundingClientRect()]);
  const over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const pairs = [];
  boxes.forEach(([name, a], i) => boxes.slice(i + 1).forEach(([other, b]) => over(a, b) && pairs.push(`${name} ${other}`)));
  return { pairs, said: boxes.map(([name]) => name).join(" ") };
}"""


@pytest.fixture
def bench(open_page: Callable[..., Tour]) -> Tour:
    """The tour page, standing still."""
    return open_page("/grand-tour?play=0", given={"viewport": {"width": 1440, "height": 900}})


def test_the_header_is_within_reach_at_every_width(bench: Tour) -> None:
    page = bench.page
    menu = page.locator("header [data-gt-action='menu']")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate(OUT_OF_REACH, "header [data-gt-action], header a") == [], width
        assert menu.is_visible() == (width <= 1264)
        if menu.is_visible():
            assert page.locator(".gt-nav-link:visible").count() == 1, "only Docs"
            assert menu.inner_text() == "Grand Tour"
            menu.click()
        assert page.evaluate(OUT_OF_REACH, ".gt-nav .gt-nav-link") == [], width
        assert page.locator(".gt-nav .gt-nav-link:visible").count() == 12
        page.keyboard.press("Escape")


def test_the_stage_has_the_room_and_what_is_put_away_stays_away(bench: Tour) -> None:
    page, root = bench.page, bench.page.locator("html")
    share = page.evaluate(SHARE, ".gt-picture")
    assert share["share"] >= 0.6
    assert share["transport"] == share["header"] == 0
    before = bench.axes(TRAIN)
    assert page.locator(".gt-look-for").is_visible()
    page.click("[data-gt-action='look-close']")
    assert not page.locator(".gt-look-for").is_visible()
    page.click("[data-gt-action='side']")
    assert not page.locator(".gt-side").is_visible()
    page.reload()
    bench.ready()
    assert not page.locator(".gt-side").is_visible()
    page.wait_for_function(
        "(width) => document.querySelector('.gt-picture').clientWidth > width",
        arg=before["width"] + 50,
    )
    page.keyboard.press("?")
    dialog = page.locator("dialog.gt-keys")
    assert "What to look for" in dialog.inner_text()
    dialog.locator("[data-gt-action='look-open']").click()
    assert page.locator(".gt-side .gt-look-for").is_visible()
    page.keyboard.press("e")
    assert root.get_attribute("data-gt-present") is not None
    assert not page.locator(".gt-bar").is_visible() and not page.locator(".gt-side").is_visible()
    assert page.locator(".gt-epoch-label").is_visible(), "a picture is of an epoch"
    page.keyboard.press("ArrowRight")
    bench.until("s.epoch === 1", TEST)
    page.evaluate("document.exitFullscreen?.().catch(() => {})")  # as Esc does in a whole screen
    page.keyboard.press("Escape")
    page.wait_for_function("!document.documentElement.hasAttribute('data-gt-present')")
    assert page.locator(".gt-bar").is_visible()


def test_names_of_handles_do_not_lie_over_each_other(bench: Tour) -> None:
    page = bench.page
    for _ in range(5):
        page.keyboard.press("r")
        bench.until("!s.running", TEST)
        found = page.evaluate(OVER_EACH_OTHER, TEST)
        assert found["pairs"] == []
        assert found["said"]


def test_the_wheel_zooms_with_ctrl_or_focus_alone(bench: Tour) -> None:
    page = bench.page
    before = bench.axes(TEST)
    x, y = before["left"] + before["width"] / 2, before["top"] + 0.25 * before["height"]
    page.mouse.move(x, y)
    page.mouse.wheel(0, -300)
    bench.frames(3)
    assert bench.axes(TEST)["x"] == before["x"]
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    page.wait_for_selector("[data-gt-action='zoom']:not([hidden])")
    near = bench.axes(TEST)
    assert near["x"][1] - near["x"][0] < before["x"][1] - before["x"][0]
    page.click("[data-gt-action='zoom']")
    bench.until("!s.running", TEST)
    page.mouse.click(x, y)
    page.mouse.wheel(0, -300)
    page.wait_for_selector("[data-gt-action='zoom']:not([hidden])")


def test_on_a_phone_nothing_lies_over_the_stage(open_page: Callable[..., Tour]) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    page = open_page("/grand-tour?play=0", context=phone).page
    share = page.evaluate(SHARE, ".gt-picture")
    assert share["first"] >= 0.7
    assert share["transport"] == 0
    stage = page.locator(".gt-picture").first.bounding_box()
    transport = page.locator(".gt-transport").bounding_box()
    lasso = page.locator("[data-gt-value='lasso']").bounding_box()
    assert stage and transport and lasso
    assert transport["y"] >= stage["y"] + stage["height"]
    assert stage["y"] + stage["height"] <= lasso["y"] <= 844 - 30, "within the thumb's reach"
