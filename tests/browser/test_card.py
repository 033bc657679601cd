"""Points projected on the graphics card: the same picture as projected here, and whatever fails there is done here."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from tests.browser.test_selection import lasso
from tests.browser.tour import TRAIN, Tour

COLORS = "Uint8Array.of(255,0,0,255, 0,0,255,255, 200,200,255,90, 200,255,200,90)"
SCENE = f"""
  const {{ a, b, g }} = {{ a: slice(n, p), b: slice(n, p), g: frame(p) }};
  const ids = Uint8Array.from({{ length: n }}, (_, i) => i % 4), order = Uint32Array.from({{ length: n }}, (_, i) => i);
  const cloud = new Cloud(canvas, n), tone = {{ alone: 0.4, full: Math.log(30) }};
  cloud.setColors({COLORS}, ids, [order.filter((i) => i % 2), order.filter((i) => i % 2 === 0)]);
  const there = createPlaces(n), here = createPlaces(n);
  there.project(g, null, p, 2, a, b, t, null, true);
  here.project(g, {{ pairs: [g], weights: Float64Array.of(1, 0, 0, 1) }}, p, 2, a, b, t, null, false);
"""


@pytest.fixture
def page(browser_page, address):
    browser_page.goto(f"{address}/tests/browser/cloud.html")
    browser_page.wait_for_function("window.ready")
    return browser_page


@pytest.mark.parametrize(
    ("n", "p", "t"), [(301, 1, 0.3), (999, 3, 0.25), (5003, 10, 0.5), (400, 64, 0), (301, 255, 1)]
)
def test_the_card_draws_what_is_projected_here(page, n, p, t):
    found = page.evaluate(f"""() => {{
      const [n, p, t] = [{n}, {p}, {t}]; {SCENE}
      const shown = [null, [tone, tone]].map((tones) => {{
        const [x, y] = [there.projected, here.all].map((where) => {{ cloud.draw(where, view, 6, tones); return pixels(); }});
        const ink = y.filter((_, j) => j % 4 === 3 && y[j]).length;
        let [off, worst] = [0, 0];
        for (let j = 0; j < x.length; j++) {{
          worst = Math.max(worst, Math.abs(x[j] - y[j]));
          if (j % 4 === 3 && Math.abs(x[j] - y[j]) > 4) off++;
        }}
        return {{ ink, off, worst }};
      }});
      const gap = Math.max(...there.all.map((v, j) => Math.abs(v - here.all[j])));
      const {{ positions, indices }} = there.some;
      const few = indices && Math.max(...positions.map((v, j) => Math.abs(v - here.all[2 * indices[j >> 1] + (j & 1)])));
      return {{ shown, gap, few, can: canProject(n, p) }};
    }}""")
    assert found["can"] and found["gap"] < 1e-6
    assert (n > 5000) == (found["few"] is not None) and (found["few"] or 0) < 1e-6
    for shown in found["shown"]:
        # a place that is rounded the other way, to a sixteenth of a pixel, changes the rim of a dot a little
        assert shown["ink"] > 200 and shown["off"] < 0.02 * shown["ink"] and shown["worst"] < 60


def test_a_slice_that_comes_next_is_sent_in_pieces_and_a_lost_context_comes_back(page):
    found = page.evaluate(f"""() => new Promise((done) => {{
      const [n, p, t] = [300_001, 10, 0.5]; {SCENE}
      const sent = [], next = slice(n, p), plain = {{ ...there.projected, next: null }};
      const put = WebGL2RenderingContext.prototype.texSubImage2D;
      WebGL2RenderingContext.prototype.texSubImage2D = function (...given) {{ sent.push(given[8].length); return put.apply(this, given); }};
      cloud.draw(plain, view, 1, null);
      const first = sent.splice(0), before = pixels();
      cloud.draw(plain, view, 1, null);
      const again = sent.splice(0);
      for (let k = 0; k < 8; k++) cloud.draw({{ ...plain, next }}, view, 1, null);
      const ahead = sent.splice(0);
      cloud.draw({{ ...plain, a: plain.b, b: next, t: 0.1 }}, view, 1, null);
      const after = sent.splice(0);
      cloud.draw(plain, view, 1, null);
      const lose = canvas.getContext("webgl2").getExtension("WEBGL_lose_context");
      canvas.addEventListener("webglcontextlost", () => setTimeout(() => lose.restoreContext()));
      canvas.addEventListener("webglcontextrestored", () => {{
        const now = pixels();
        done({{ first, again, ahead, after, lost: cloud.lost, same: now.every((v, j) => v === before[j]), ink: before.some(Boolean) }});
      }});
      lose.loseContext();
    }})""")
    whole = 300_001 * 10
    row = 4 * 2048
    assert whole <= sum(found["first"]) / 2 < whole + row
    assert found["again"] == [] and found["after"] == []
    assert whole <= sum(found["ahead"]) < whole + row and max(found["ahead"]) <= 2**20
    assert found["ink"] and found["same"] and not found["lost"]


@pytest.fixture
def on_card(open_page) -> Callable[..., Tour]:
    """A page whose reader has asked for the graphics card, with a script that runs before."""

    def opened(address: str, init: str = "") -> Tour:
        kept = json.dumps(json.dumps({"size": 1, "projected": True}))
        return open_page(
            address, context={}, init=f"localStorage.setItem('gt-dots', {kept});{init}"
        )

    return opened


def drawn(tour: Tour) -> np.ndarray:
    """(height, width, 3) pixels of the test points' picture."""
    tour.page.mouse.move(1, 1)
    tour.frames(3)
    png = tour.stage().locator(".js-plotly-plot").screenshot()
    inner = np.s_[20:-60, 20:-20]  # without the ring of what has the focus, and without tools
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)[inner]


def test_a_page_projects_on_the_card_when_asked(on_card):
    tour = on_card("/grand-tour?run=mnist&play=0&seed=3&epoch=20.5")
    tour.until("s.way === 'gpu' && s.reason === ''", TRAIN)
    tour.at_the_end()
    expected = lasso(tour, 2)
    assert set(tour.look().selected) == expected
    tour.page.keyboard.press("Escape")
    there = drawn(tour)
    tour.button("dots").first.click()
    tour.page.locator(".gt-dots label", has_text="Card").locator("input").uncheck()
    tour.until("s.way === 'buffer' && s.reason === ''")
    tour.button("dots").first.click()
    off = np.abs(drawn(tour) - there).max(-1)
    ink = (there < 200).any(-1).sum()
    assert ink > 500 and (off > 80).sum() < 0.05 * ink, (
        "dots of plotly's own, a little softer at the rim"
    )


def test_what_is_shaded_by_density_is_seen_on_a_page(open_page):
    tour = open_page("/grand-tour?run=mnist&play=0&seed=3&epoch=20.5")
    dots = drawn(tour)
    tour.button("dots").first.click()
    tour.page.locator(".gt-dots label", has_text="Density").locator("input").check()
    tour.part("key").filter(has_text="Shaded by density").wait_for()
    tour.button("dots").first.click()
    shaded = drawn(tour)
    tour.button("dots").first.click()
    tour.page.get_by_role("button", name="Automatic").click()
    colored = (np.ptp(dots, axis=-1) > 90).nonzero()
    assert len(colored[0]) > 200 and (np.ptp(shaded, axis=-1)[colored] > 25).mean() > 0.9


def test_it_moves_there_and_images_are_drawn_here(on_card):
    tour = on_card("/grand-tour?run=mnist&play=0&seed=3")
    tour.until("s.way === 'gpu'")
    before = tour.look()
    tour.button("tour").first.click()
    tour.until("s.playing && s.frame.count > 5")
    tour.button("tour").first.click()
    after = tour.settled()
    assert np.abs(after.positions - before.positions).max() > 0.001
    tour.button("points", "images").first.click()
    tour.until("s.images && s.way === 'buffer'")
    tour.button("points", "dots").first.click()
    tour.until("!s.images && s.way === 'gpu'")


def test_what_fails_on_the_card_is_done_here_and_says_why(on_card):
    fail = "WebGL2RenderingContext.prototype.texStorage2D = () => { throw new Error('no room for it') };"
    tour = on_card("/grand-tour?run=mnist&play=0&seed=3", fail)
    tour.until("s.way === 'buffer' && /no room for it/.test(s.reason)")
    tour.at_the_end()
    assert set(tour.look().selected) == set()
    expected = lasso(tour, 2)
    assert set(tour.look().selected) == expected
