"""The address says what is shown: whoever loads the page anew, or is sent its address, sees the same."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable

import numpy as np

from tests.browser.test_pages import go
from tests.browser.tour import PATIENCE_MS, TEST, Seen, Tour

ROUNDED = (
    12  # of 255, at the edge of what is drawn: an address has the frame and the zoom to six digits
)


_POINTS = """async (name) => {
  await new Promise(requestAnimationFrame);
  const found = [...document.querySelectorAll(`[data-gt-stage="${name}"] canvas.gl-canvas`)];
  const all = new OffscreenCanvas(found[0].width, found[0].height).getContext("2d");
  for (const canvas of found) all.drawImage(canvas, 0, 0);
  const { data } = all.getImageData(0, 0, all.canvas.width, all.canvas.height);
  let text = ""; // as a list of numbers it would take seconds to get here
  for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
  return btoa(text);
}"""


def points_drawn(tour: Tour) -> np.ndarray:
    """The pixels of the test points, without a pointer over them, once nothing fades in or out any more."""
    tour.page.mouse.move(1, 1)
    before = np.zeros(0)
    while not np.array_equal(now := _pixels(tour), before):
        before = now
        tour.frames(10)
    return now


def _pixels(tour: Tour) -> np.ndarray:
    raw = base64.b64decode(tour.page.evaluate(_POINTS, TEST))
    return np.frombuffer(raw, np.uint8).astype(int)


def is_drawn(tour: Tour, pixels: np.ndarray) -> None:
    """The points become what they were: colours may come after their places, once it is known what the network says."""
    until = time.monotonic() + PATIENCE_MS / 1000
    while said := other_than(points_drawn(tour), pixels):
        assert time.monotonic() < until, said


def other_than(now: np.ndarray, before: np.ndarray) -> str:
    """How a picture differs from another; nothing where it does not.

    A place that a browser rounds to a sixteenth of a pixel may be rounded the other way by the last digit of a
    number, across and up: pixels at the rim of such a point are lighter or darker, by a quarter at most.
    """
    a, b = inked(now), inked(before)
    off = np.abs(a - b).max(-1)
    if (worst := off.max()) > 255 / 4:
        return f"a pixel is off by {worst:.0f} of 255"
    share = (off > ROUNDED).sum() / np.count_nonzero(b[:, 3])
    return f"{share:.0%} of the pixels that points cover are off" if share > 0.05 else ""


def inked(pixels: np.ndarray) -> np.ndarray:
    """Of each pixel how much ink of each colour it has, and how much at all."""
    rgba = pixels.reshape(-1, 4).astype(float)
    rgba[:, :3] *= rgba[:, 3:] / 255
    return rgba


def same(a: Seen, b: Seen) -> None:
    assert (a.epoch, a.selected) == (b.epoch, b.selected)
    np.testing.assert_allclose(a.matrix[:, :2], b.matrix[:, :2], atol=1e-6)
    np.testing.assert_allclose(a.positions, b.positions, atol=1e-6)


def arranged(tour: Tour) -> Tour:
    """A view of its own: epoch, frame, zoom, colours, a hidden class and a selection."""
    tour.slide(5.5)
    tour.button("random").first.click()
    tour.until("!s.running && s.epoch === 27.5")
    tour.page.get_by_label("Colour").select_option("verdict")
    tour.page.get_by_label("Select the 12 points of class 5").first.click()
    box = tour.page.locator(f'[data-gt-stage="{TEST}"] .js-plotly-plot').bounding_box()
    tour.page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.2 * box["height"])
    tour.page.keyboard.down("Control")
    tour.page.mouse.wheel(0, -240)
    tour.page.keyboard.up("Control")
    tour.page.wait_for_function(
        """() => {
          const asked = new URLSearchParams(location.search);
          return asked.has("zoom") && asked.has("select") && asked.get("color") === "verdict" && asked.get("epoch") === "27.5";
        }"""
    )
    tour.stage().get_by_text(re.compile("correct")).first.wait_for()  # by which points are coloured
    return tour


def test_an_address_is_the_view_after_a_reload_and_in_another_browser(
    open_page: Callable[..., Tour],
) -> None:
    tour = arranged(open_page("/grand-tour?run=mnist&play=0&seed=3"))
    seen, pixels, address = tour.look(), points_drawn(tour), tour.page.url
    assert tour.copied_link() == address, "the link is the address"
    tour.page.reload()
    tour.ready()
    tour.until(f"s.selected.length === {len(seen.selected)} && !s.running")
    same(seen, tour.look())
    is_drawn(tour, pixels)
    other = open_page(address.removeprefix(tour.site), context={})
    other.until(f"s.selected.length === {len(seen.selected)} && !s.running")
    same(seen, other.look())
    is_drawn(other, pixels)
    tour.button("tour").first.click()
    tour.page.wait_for_function("location.search.includes('play=tour')")
    tour.page.reload()
    tour.ready()
    tour.until("s.running")


def test_a_selection_too_large_for_an_address_is_kept_by_the_server(
    open_page: Callable[..., Tour],
) -> None:
    tour = open_page("/grand-tour?run=mnist&play=0&seed=3")
    few = tour.page.evaluate(
        """async () => {
          const { select, writeLink } = await import("/assets/js/main.mjs");
          const ids = [...Array(9000).keys()].map((i) => 3 * i);
          select("mnist", ids); // of which the run has some
          return ids.length;
        }"""
    )
    tour.page.wait_for_function("location.search.includes('kept=')")
    address = tour.page.url.removeprefix(tour.site)
    assert few == 9000 and len(address) < 600
    chosen = tour.look().selected
    other = open_page(address, context={})
    other.until(f"s.selected.length === {len(chosen)}")
    assert other.look().selected == chosen


def test_a_tour_asks_the_server_nothing_and_back_leads_to_what_was_left(
    open_page: Callable[..., Tour],
) -> None:
    tour = open_page("/grand-tour?run=mnist&play=0&seed=3")
    page, asked = tour.page, []
    page.wait_for_load_state("networkidle")
    page.on("request", lambda one: "_dash-update-component" in one.url and asked.append(one.url))
    tour.slide(5.5)
    tour.button("tour").first.click()
    for _ in range(5):
        page.wait_for_function("(before) => location.href !== before", arg=page.url)
    tour.button("tour").first.click()
    tour.until("!s.running && s.epoch === 27.5")
    seen = tour.look()
    assert not asked
    go(tour, "Layers")
    page.locator(".gt-nav-link.active").filter(has_text="Layers").wait_for()
    page.wait_for_function("!document.querySelector('[data-gt-page=grand-tour]')")
    page.go_back()
    tour.ready()
    tour.until("!s.running && s.epoch === 27.5")
    same(seen, tour.look())
