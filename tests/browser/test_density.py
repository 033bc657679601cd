"""Points shaded by density: as many are as strong on the screen as in a picture, a selected one over any number."""

from __future__ import annotations

import pytest

PALETTE = "Uint8Array.of(255,0,0,255, 0,0,255,255, 200,200,255,90, 200,255,200,90)"
SCENE = f"""
  const n = 3003, half = 1500, xy = new Float32Array(2 * n).fill(20.5), ids = new Uint8Array(n).fill(2);
  xy.fill(60.5, 2 * half);                       // as many again elsewhere, of which two parts in three are blue
  for (let i = half; i < n; i++) ids[i] = i % 3 ? 1 : 0;
  ids[7] = 0;                                    // a single one that stands out from the first heap
  xy.set([80.5, 30.5, -20, 50.5], 2 * n - 4);    // one alone, and one outside of the plot
  const palette = {PALETTE}, order = Uint32Array.from({{ length: n }}, (_, i) => i);
  const layers = layersOf(order, ids, 4), tone = {{ alone: 0.3, full: Math.log(3000) }}, tones = [tone, {{ ...tone, alone: 0.82 }}];
  const d = new Cloud(canvas, n);
  d.setColors(palette, ids, layers);
  d.draw(xy, view, 5, tones);
"""


@pytest.fixture
def page(browser_page, address):
    browser_page.goto(f"{address}/tests/browser/density.html")
    browser_page.wait_for_function("window.ready")
    return browser_page


def test_the_screen_shows_what_a_picture_shows_and_a_lost_context_comes_back(page):
    assert page.evaluate("canShade()")
    screen, picture, outside = page.evaluate(f"""() => {{ {SCENE}
      const screen = [inkAt(20, 20), inkAt(60, 60), inkAt(80, 30), inkAt(90, 90)];
      const made = shadeRows({{ positions: xy, palette, ids }}, layers, tones, {{ ...view, left: 0 }}, 5, 100, 0, 100);
      const at = (x, y) => Array.from(made.slice(4 * ((99 - y) * 100 + x), 4 * ((99 - y) * 100 + x) + 4));
      return [screen, [at(20, 20), at(60, 60), at(80, 30), at(90, 90)], pixels().flatMap((row) => row.slice(0, 200))];
    }}""")
    for drawn, made in zip(screen, picture, strict=True):
        alpha = made[3] / 255
        assert drawn == pytest.approx([c * alpha for c in made[:3]] + [made[3]], abs=2)
    assert screen[3] == [0, 0, 0, 0] and not any(outside)
    assert screen[0][0] > 190, "one that is selected is seen on fifteen hundred others"
    assert screen[1][3] > screen[2][3] > 0, "the more, the stronger"
    lost, ink = page.evaluate(f"""() => new Promise((done) => {{ {SCENE}
      const lose = canvas.getContext("webgl2").getExtension("WEBGL_lose_context");
      canvas.addEventListener("webglcontextlost", () => setTimeout(() => lose.restoreContext()));
      canvas.addEventListener("webglcontextrestored", () => done([d.lost, inkAt(60, 60)]));
      lose.loseContext();
    }})""")
    assert not lost and ink == screen[1]
