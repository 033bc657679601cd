"""A browser without WebGL: the same pictures on a 2-D canvas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.browser.conftest import kept_page
from tests.browser.test_selection import lasso, learnt, selected  # noqa: F401
from tests.browser.tour import TEST, TRAIN, Tour

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.conftest import Watch

NO_WEBGL = """
const given = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...how) {
  return String(kind).includes("webgl") ? null : given.call(this, kind, ...how);
};"""
#: how opaque a canvas is at places on the screen, 0 to 255; of a copy, for reading makes a browser draw in another way
_OPACITIES = """([query, places]) => {
  const canvas = document.querySelector(query);
  const { left, top, width } = canvas.getBoundingClientRect();
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const pen = copy.getContext("2d", { willReadFrequently: true });
  pen.drawImage(canvas, 0, 0);
  const scale = canvas.width / width;
  return places.map(([x, y]) => pen.getImageData(scale * (x - left), scale * (y - top), 1, 1).data[3]);
}"""
PANEL = "compare-grand-tour-10"


@pytest.fixture(scope="module")
def _page(site: str, browser: Browser) -> Iterator[Tour]:
    with kept_page(browser, site, viewport={"width": 1280, "height": 800}) as tour:
        tour.page.add_init_script(NO_WEBGL)
        yield tour


@pytest.fixture
def tour(_page: Tour, watch: Watch) -> Iterator[Tour]:
    with watch.following(_page.page):
        _page.fresh()
        yield _page


def opacities(
    tour: Tour, places: np.ndarray, name: str = TEST, canvas: str = "gt-flat"
) -> list[int]:
    """How opaque a stage's canvas is at places (n, 2), data units."""
    query = f'[data-gt-stage="{name}"] canvas.{canvas}'
    return tour.page.evaluate(_OPACITIES, [query, tour.pixels(places, name).tolist()])


def drawn(tour: Tour, name: str = TEST) -> np.ndarray:
    """Where the points are that lie within the picture, once all of them are drawn there and nothing is far from them."""
    places = tour.settled(name).positions
    axes = tour.axes(name)
    low, high = np.array([axes["x"], axes["y"]]).T
    shown = places[((places > low) & (places < high)).all(axis=1)]
    assert len(shown) and min(opacities(tour, shown, name)) > 100
    corners = np.stack([low, high]) * 0.98 + 0.01 * (low + high)
    assert max(opacities(tour, corners, name)) == 0
    return shown


def test_points_are_drawn_on_a_canvas_and_the_page_says_so_once(_page, watch):
    with watch.following(_page.page):
        _page.goto("/grand-tour?play=0&seed=3")
        _page.ready()
        for name in (TRAIN, TEST):
            _page.until("s.way === 'canvas' && /no WebGL/.test(s.reason)", name)
            assert len(drawn(_page, name)) == 60
        assert _page.toast().filter(has_text="no WebGL").count() == 1
        assert _page.page.locator(".no-webgl").count() == 0, "plotly asked for WebGL"


def test_a_lasso_selects_the_points_that_lie_inside(learnt):  # noqa: F811
    expected = lasso(learnt, 2)
    assert selected(learnt) == expected
    seen = learnt.look()
    chosen = np.isin(seen.ids, list(expected))
    lone = [np.sort(np.hypot(*(seen.positions - at).T))[1] > 0.06 for at in seen.positions]
    strong, faint = (opacities(learnt, seen.positions[which & lone]) for which in (chosen, ~chosen))
    if strong and faint:
        assert min(strong) > max(faint), "what is not selected stands back"


def test_points_follow_a_handle_and_the_epoch(tour):
    before = tour.look().positions
    tour.drag_handle("3", (0.35, -0.6))
    np.testing.assert_allclose(tour.settled().matrix[3, :2], (0.35, -0.6), atol=0.01)
    drawn(tour)
    turned = tour.look().positions
    assert np.abs(turned - before).max() > 0.02
    tour.at_the_end()
    drawn(tour)
    assert np.abs(tour.look().positions - turned).max() > 0.02


def test_zooming_draws_a_part_and_another_size_of_the_window_all_anew(tour):
    home = tour.axes()
    tour.page.mouse.move(*tour.pixels((0, 0))[0])
    tour.page.keyboard.down("Control")
    tour.page.mouse.wheel(0, -120)
    tour.page.keyboard.up("Control")
    tour.button("zoom").wait_for()
    zoomed = tour.settled() and tour.axes()
    assert zoomed["x"][1] - zoomed["x"][0] < 0.9 * (home["x"][1] - home["x"][0])
    drawn(tour)
    tour.page.set_viewport_size({"width": 1100, "height": 700})
    try:
        tour.page.wait_for_function(
            "(width) => document.querySelector('.gt-flat').clientWidth < width", arg=home["width"]
        )
        tour.frames(4)
        drawn(tour)
    finally:
        tour.page.set_viewport_size({"width": 1280, "height": 800})


def test_points_are_shown_as_their_images(tour):
    tour.page.keyboard.press("i")
    tour.until("s.images && !s.running")
    ink = "document.querySelector('[data-gt-stage=\"NAME\"] canvas.CANVAS')".replace("NAME", TEST)
    count = """((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((x, i) => i % 4 === 3 && x > 0).length;
    })"""
    tour.page.wait_for_function(f"{count}({ink.replace('CANVAS', 'gt-images')}) > 500")
    assert tour.page.evaluate(f"{count}({ink.replace('CANVAS', 'gt-flat')})") == 0, "no dots below"
    tour.page.keyboard.press("i")
    tour.until("!s.images && !s.running")
    drawn(tour)


def test_the_grid_of_compare_and_the_teaser_are_drawn_too(_page, watch):
    with watch.following(_page.page):
        _page.goto("/compare?run=mnist&play=0&seed=3")
        _page.ready(PANEL)
        _page.until("s.way === 'canvas' && !s.running", PANEL)
        seen, box = _page.look(PANEL), _page.stage(PANEL).locator(".gt-touch").bounding_box()
        x0, x1, y0, y1 = seen.range
        across = box["x"] + (seen.positions[:, 0] - x0) / (x1 - x0) * box["width"]
        down = box["y"] + (y1 - seen.positions[:, 1]) / (y1 - y0) * box["height"]
        places = np.column_stack([across, down]).tolist()
        assert min(_page.page.evaluate(_OPACITIES, ["canvas.gt-flat", places])) > 100
        _page.goto("/?play=0")
        _page.ready("home")
        _page.until("s.way === 'canvas'", "home")
        assert _page.page.locator(".no-webgl").count() == 0
