"""How points look: hover card, images, colours, zoom."""

from __future__ import annotations

import numpy as np

from tests.browser.tour import TEST


def test_the_hover_card_says_who_a_point_is(tour):
    seen = tour.at_the_end()
    lone = seen.alone(0.04)
    x, y = tour.pixels(seen.positions[list(seen.ids).index(lone)])[0]
    tour.page.mouse.move(x + 3, y + 3)
    tour.page.mouse.move(x, y)
    card = tour.page.locator(".gt-hover-card")
    card.wait_for()
    card.locator("canvas.gt-thumb").wait_for()
    said = dict(
        zip(card.locator("dt").all_inner_texts(), card.locator("dd").all_inner_texts(), strict=True)
    )
    assert said["Label"] == str(lone % 10)
    assert said["Point"] == f"{lone}, test"
    assert said["Epoch"] == "40"
    assert said["Predicted"] in [str(c) for c in range(10)]
    assert said["Confidence"].endswith("%")
    tour.page.mouse.move(2, 2)
    card.wait_for(state="hidden")


def test_points_can_be_shown_as_their_images(tour):
    """Pictures of the stage: dots, images, nothing at all, and dots again."""
    dots = picture(tour)
    tour.page.keyboard.press("i")
    tour.until("s.images")
    canvas = tour.stage().locator("canvas.gt-images")
    canvas.wait_for()
    assert tour.button("points", "images").get_attribute("aria-pressed") == "true"
    images = picture(tour)
    hide = "document.querySelectorAll('.gt-legend-entry').forEach((entry) => entry.click())"
    tour.page.evaluate(hide)
    nothing = picture(tour)
    tour.page.evaluate(hide)
    assert len({dots, images, nothing}) == 3
    assert picture(tour) == images
    tour.page.keyboard.press("i")
    tour.until("!s.images")
    canvas.wait_for(state="hidden")
    assert picture(tour) == dots


def picture(tour, name=TEST):
    """A stage as PNG, once two in a row are the same."""
    tour.settled(name)
    before = None
    for _ in range(20):
        tour.frames(4)
        now = tour.stage(name).locator(".gt-picture").screenshot()
        if now == before:
            return now
        before = now
    raise AssertionError("the picture does not come to rest")


def test_colours_can_say_what_the_network_says(tour):
    tour.at_the_end()
    key = tour.part("key")
    assert key.is_hidden()
    seen = {}
    for by in ("label", "prediction", "verdict", "confidence"):
        tour.page.get_by_label("Colour").select_option(by)
        tour.frames(4)
        seen[by] = colors(tour)
        assert key.is_hidden() == (by == "label")
    assert "000000" not in seen["label"]
    assert seen["label"] != seen["prediction"]
    verdicts = [seen["verdict"].count(color) for color in ("7d93a8", "e0312f")]
    assert min(verdicts) > 0 and sum(verdicts) > 40, verdicts  # some lie beneath others
    assert len({tuple(colors) for colors in seen.values()}) == 4
    assert "correct" in tour.stage().locator('[data-gt-part="figures"]').inner_text()


def colors(tour, name=TEST):
    """The colours that a stage's trace is painted with, by point."""
    return tour.page.evaluate(
        """async (name) => {
          const { inspect } = window.grandTour ?? (await import("/assets/js/main.mjs"));
          const seen = inspect(name);
          const gd = document.querySelector(`[data-gt-stage="${name}"] .js-plotly-plot`);
          await new Promise(requestAnimationFrame);
          const copy = document.createElement("canvas");
          [copy.width, copy.height] = [gd.clientWidth, gd.clientHeight];
          const pen = copy.getContext("2d", { willReadFrequently: true });
          for (const canvas of gd.querySelectorAll("canvas.gl-canvas")) pen.drawImage(canvas, 0, 0, copy.width, copy.height);
          const { data, width } = pen.getImageData(0, 0, copy.width, copy.height);
          const known = ["7d93a8", "e0312f"];
          const { xaxis, yaxis } = gd._fullLayout;
          const found = [];
          for (let i = 0; i < seen.n; i++) {
            const [x, y] = [seen.positions[2 * i] / seen.radius, seen.positions[2 * i + 1] / seen.radius];
            const px = Math.round(xaxis._offset + ((x - xaxis.range[0]) / (xaxis.range[1] - xaxis.range[0])) * xaxis._length);
            const py = Math.round(yaxis._offset + ((yaxis.range[1] - y) / (yaxis.range[1] - yaxis.range[0])) * yaxis._length);
            const at = 4 * (py * width + px);
            const rgb = [...data.slice(at, at + 3)];
            const near = known.find((hex) => [0, 2, 4].every((j, c) => Math.abs(parseInt(hex.slice(j, j + 2), 16) - rgb[c]) < 20));
            found.push(near ?? rgb.map((v) => v.toString(16).padStart(2, "0")).join(""));
          }
          return found;
        }""",
        name,
    )


def test_the_wheel_zooms_about_the_pointer_and_a_reset_appears(tour):
    home = tour.axes()
    reset = tour.button("zoom")
    assert reset.is_hidden()
    x, y = np.floor(tour.pixels((0.4, 0.3))[0])  # a wheel tells whole pixels
    place = np.array(
        [
            home["x"][0] + (x - home["left"]) / home["width"] * (home["x"][1] - home["x"][0]),
            home["y"][1] - (y - home["top"]) / home["height"] * (home["y"][1] - home["y"][0]),
        ]
    )
    tour.page.mouse.move(x, y)
    tour.page.keyboard.down("Control")
    for _ in range(5):
        tour.page.mouse.wheel(0, -60)
        tour.frames(2)
    tour.page.keyboard.up("Control")
    reset.wait_for()
    tour.frames(3)
    zoomed = tour.axes()
    assert zoomed["x"][1] - zoomed["x"][0] < 0.5 * (home["x"][1] - home["x"][0])
    np.testing.assert_allclose(tour.pixels(place)[0], (x, y), atol=1.5)
    middle = tour.pixels(tour.look().matrix[0, :2])[0]
    assert np.isfinite(middle).all()
    reset.click()
    tour.frames(3)
    np.testing.assert_allclose(tour.axes()["x"], home["x"], atol=1e-6)
    reset.wait_for(state="hidden")


def test_the_look_tool_pans(tour):
    home = tour.axes()
    tour.page.keyboard.press("v")
    x, y = tour.pixels((0.1, 0.25))[0]
    tour.page.mouse.move(x, y)
    tour.page.mouse.down()
    tour.page.mouse.move(x + 50, y, steps=3)
    tour.page.mouse.up()
    tour.frames(3)
    shift = (home["x"][1] - home["x"][0]) / home["width"] * 50
    np.testing.assert_allclose(np.array(home["x"]) - np.array(tour.axes()["x"]), shift, rtol=0.05)
    assert tour.look().selected == []
