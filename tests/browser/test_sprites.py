"""Points as images: the right picture, at the right place, in the right colour."""

from __future__ import annotations

import pytest

BLACK, RED, GREEN, HIDDEN = [0, 0, 0, 0], [255, 0, 0, 255], [0, 128, 0, 255], [255, 0, 0, 0]
PALETTE = "Uint8Array.of(255,0,0,255, 0,128,0,255, 255,0,0,0, 0,0,255,64)"


@pytest.fixture
def page(browser_page, address):
    browser_page.goto(f"{address}/tests/browser/sprites.html")
    browser_page.wait_for_function("window.ready")
    return browser_page


def test_grey_images_are_ink_in_the_colour_of_the_point_and_their_ground_is_clear(page):
    got = page.evaluate(f"""() => {{
      const s = createSprites(canvas, images(3, 28, 28, 1, () => 255));
      s.setColors({PALETTE}, Uint8Array.of(0, 1, 2));
      s.draw(Float32Array.of(-1, 1, 1, 1, 0, -1), view, 20);
      return [inkAt(-1, 1.08), inkAt(-1, 0.92), inkAt(1, 1.08), inkAt(0, -0.92)];
    }}""")
    assert got == [RED, BLACK, GREEN, BLACK]


def test_each_point_shows_its_own_image_and_dimmed_points_are_paler(page):
    got = page.evaluate(f"""() => {{
      const ink = (i) => (i === 299 ? 255 : i === 17 ? 128 : 0);
      const s = createSprites(canvas, images(300, 28, 28, 1, ink));
      const xy = new Float32Array(600).fill(-1.5);
      xy.set([1, 1], 2 * 299);
      xy.set([1, -1], 2 * 17);
      const ids = new Uint8Array(300);
      s.setColors({PALETTE}, ids);
      s.draw(xy, view, 20);
      const full = [inkAt(1, 1.08), inkAt(1, -0.92), inkAt(-1.5, -1.42)];
      ids.fill(3);
      s.setColors({PALETTE}, ids);
      s.draw(xy, view, 20);
      return [...full, inkAt(1, 1.08)];
    }}""")
    assert got[0] == RED
    assert 100 < got[1][3] < 200, "half as bright is part as opaque"
    assert got[2] == BLACK
    assert got[3][2] == pytest.approx(64, abs=2) and got[3][3] == pytest.approx(64, abs=2)


def test_colour_images_are_shown_as_they_are_in_a_frame_of_the_colour_of_the_point(page):
    got = page.evaluate(f"""() => {{
      const plain = (i) => (i ? [9, 200, 90] : [40, 50, 60]);
      const s = createSprites(canvas, images(2, 32, 32, 3, plain));
      s.setColors({PALETTE}, Uint8Array.of(0, 1));
      s.draw(Float32Array.of(-1, 1, 1, -1), view, 30);  // 0.4 data units wide
      return [inkAt(-1, 1), inkAt(-1.195, 1), inkAt(1, -1), inkAt(1.19, -1), inkAt(0, 0)];
    }}""")
    assert got == [[40, 50, 60, 255], RED, [9, 200, 90, 255], GREEN, BLACK]


def test_the_last_in_the_order_is_on_top_and_what_is_not_in_it_is_not_drawn(page):
    got = page.evaluate(f"""() => {{
      const s = createSprites(canvas, images(3, 8, 8, 3, (i) => [10 * i, 0, 0]));
      s.setColors({PALETTE}, new Uint8Array(3));
      const xy = Float32Array.of(0, 0, 0, 0, 1, 1);
      const look = () => (s.draw(xy, view, 30), [inkAt(0, 0)[0], inkAt(1, 1)[3]]);
      const got = [look()];
      s.setOrder([1, 0]); got.push(look());
      s.setOrder([]); got.push(look());
      s.setOrder(null); got.push(look());
      return got;
    }}""")
    assert got == [[10, 255], [0, 0], [0, 0], [10, 255]]


def test_nothing_is_drawn_outside_the_plot(page):
    got = page.evaluate(f"""() => {{
      const s = createSprites(canvas, images(1, 28, 28, 1, () => 255));
      s.setColors({PALETTE}, new Uint8Array(1));
      s.draw(Float32Array.of(-1.95, 0), view, 40);
      return [inkAt(-1.9, 0.1), inkAt(-2.1, 0.1)];
    }}""")
    assert got == [RED, BLACK]


def test_a_lost_context_comes_back_with_the_last_picture(page):
    page.evaluate(f"""() => {{
      window.s = createSprites(canvas, images(2, 28, 28, 1, () => 255));
      s.setColors({PALETTE}, Uint8Array.of(0, 1));
      s.draw(Float32Array.of(-1, 1, 1, 1), view, 20);
      window.context = canvas.getContext("webgl").getExtension("WEBGL_lose_context");
      context.loseContext();
    }}""")
    page.wait_for_function("s.lost")
    assert page.evaluate("s.draw(Float32Array.of(-1, -1, 1, 1), view, 20)") is False
    page.evaluate("context.restoreContext()")
    got = page.evaluate("""new Promise((done) => {
      const look = () => s.lost ? requestAnimationFrame(look) : done(
        (s.draw(Float32Array.of(-1, -1, 1, 1), view, 20), [inkAt(-1, -0.92), inkAt(1, 1.08)]));
      look();
    })""")
    assert got == [RED, GREEN]


@pytest.mark.parametrize("pause", [False, True], ids=["at once", "later"])
def test_dispose_releases_the_context_and_the_canvas_can_be_used_again(page, pause):
    make = f"""() => {{
      window.s = createSprites(canvas, images(1, 28, 28, 1, () => 255));
      s.setColors({PALETTE}, new Uint8Array(1));
      return s.draw(Float32Array.of(0, 0), view, 20);
    }}"""
    assert page.evaluate(make) is True
    assert page.evaluate("(s.dispose(), canvas.getContext('webgl').isContextLost())")
    if pause:
        page.evaluate("new Promise(requestAnimationFrame)")
    assert page.evaluate(make) is False
    page.wait_for_function("!s.lost")
    got = page.evaluate("(s.draw(Float32Array.of(0, 0), view, 20), inkAt(0, 0.08))")
    assert got == RED
    page.evaluate("s.dispose()")


def test_twenty_stages_one_after_the_other_take_no_more_contexts_than_one(page):
    page.evaluate("""() => {
      const still = document.createElement("canvas").getContext("webgl");
      for (let i = 0; i < 20; i++) {
        const one = document.body.appendChild(document.createElement("canvas"));
        const s = createSprites(one, images(1, 8, 8, 1, () => 255));
        s.draw(Float32Array.of(0, 0), view, 20);
        s.dispose();
        one.remove();
      }
      window.still = still;
    }""")
    assert page.evaluate("still.isContextLost()") is False, "the browser evicted the oldest"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("createSprites(canvas, images(1, 4, 4, 2, () => 1))", "1 or 3 channels, got 2"),
        (
            "createSprites(canvas, { ...images(2, 4, 4, 1, () => 1), n: 3 })",
            r"3 images of 4 × 4 × 1 are 48 bytes, got 32",
        ),
        (
            "const images = new Uint8Array(2e5 * 1024);"
            "createSprites(canvas, { images, n: 2e5, h: 32, w: 32, c: 1 })",
            r"takes \d+ images of 32 × 32, got 200000; show dots",
        ),
        (
            "createSprites(canvas, images(2, 4, 4, 1, () => 1)).draw(new Float32Array(2), view, 9)",
            "there are 2 images, got 1 positions",
        ),
    ],
)
def test_what_cannot_be_drawn_is_said(page, call, message):
    from playwright.sync_api import Error

    with pytest.raises(Error, match=message):
        page.evaluate(f"() => {{ {call} }}")


def test_ten_thousand_images_of_32_by_32_fit(page):
    assert page.evaluate("""() => {
      const images = new Uint8Array(1e4 * 3072);
      const s = createSprites(canvas, { images, n: 1e4, h: 32, w: 32, c: 3 });
      return s.draw(new Float32Array(2e4), view, 20);
    }""")
