"""Pictures and videos that are taken away: the files are what the dialog says, and show what the page shows.

The videos are decoded by the browser that made them, by the library that put them into a file.
"""

from __future__ import annotations

import base64
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from tests.browser.test_axe import _RUN, AXE
from tests.browser.tour import Tour

SVG = "{http://www.w3.org/2000/svg}"
#: frames of a video: how many there are, how long they last, and what some of them differ from a picture by, of 255
_DECODE = """async ([file, asked]) => {
  const map = JSON.parse(document.querySelector('script[type="importmap"]').textContent);
  const modules = map.imports["/assets/js/"]; // from another address it is another one, and complains
  const M = await import(new URL("../vendor/mediabunny.min.mjs", new URL(modules, location.href)).href);
  const bytes = Uint8Array.from(atob(file), (one) => one.charCodeAt(0));
  const input = new M.Input({ formats: M.ALL_FORMATS, source: new M.BufferSource(bytes) });
  const track = await input.getPrimaryVideoTrack();
  const shown = document.querySelector(".gt-take-preview");
  const [width, height] = [320, 180];
  const pixels = (image) => {
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [width, height];
    const pen = copy.getContext("2d", { willReadFrequently: true });
    pen.drawImage(image, 0, 0, width, height);
    return pen.getImageData(0, 0, width, height).data;
  };
  const page = pixels(shown);
  const times = [], away = [];
  for await (const { canvas, timestamp } of new M.CanvasSink(track).canvases()) {
    times.push(timestamp);
    const frame = pixels(canvas);
    away.push(frame.reduce((sum, one, i) => sum + Math.abs(one - page[i]), 0) / frame.length);
  }
  return { times, away, width: track.displayWidth, height: track.displayHeight, seconds: await input.computeDuration() };
}"""


def saved(tour: Tour) -> tuple[str, bytes]:
    """Press the button of the form that is open; the name and the bytes of what comes."""
    with tour.page.expect_download() as coming:
        tour.page.locator(".gt-take-form:not([hidden]) [type=submit]").click()
    return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()


def field(tour: Tour, label: str) -> Any:
    return tour.page.locator(".gt-take-form:not([hidden])").get_by_label(label, exact=True)


def pixels_of(png: bytes) -> tuple[np.ndarray, dict[str, bytes]]:
    """The pixels (height, width, 4) of a PNG as browsers write it, and its chunks."""
    chunks: dict[str, bytes] = {}
    at = 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + length]
        said = struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0]
        assert zlib.crc32(kind + body) == said, kind
        chunks[kind.decode()] = chunks.get(kind.decode(), b"") + body
        at += 12 + length
    width, height, depth, color = struct.unpack(">IIBB", chunks["IHDR"][:10])
    assert (depth, color) == (8, 6)
    rows = np.frombuffer(zlib.decompress(chunks["IDAT"]), np.uint8).reshape(height, 1 + 4 * width)
    out = np.zeros((height, width, 4), np.uint8)
    for y, row in enumerate(rows):
        out[y] = _unfiltered(row[0], row[1:].reshape(width, 4), out[y - 1] if y else out[0] * 0)
    return out, chunks


def _unfiltered(kind: int, row: np.ndarray, above: np.ndarray) -> np.ndarray:
    """One row of pixels, of the filters that are sums along an axis; the others pixel by pixel."""
    if kind == 0:
        return row
    if kind == 2:
        return row + above
    out = np.zeros_like(row).astype(int)
    left = upper = np.zeros(4, int)
    for x, (now, up) in enumerate(zip(row.astype(int), above.astype(int), strict=True)):
        if kind == 1:
            guess = left
        elif kind == 3:
            guess = (left + up) // 2
        else:
            ways = np.abs(np.stack([up - upper, left - upper, left + up - 2 * upper]))
            guess = np.choose(
                np.where(
                    (ways[0] <= ways[1]) & (ways[0] <= ways[2]),
                    0,
                    np.where(ways[1] <= ways[2], 1, 2),
                ),
                [left, up, upper],
            )
        left, upper = (now + guess) % 256, up
        out[x] = left
    return out.astype(np.uint8)


@pytest.fixture
def dialog(tour: Tour) -> Iterator[Tour]:
    """The tour page at its last epoch, with the dialog open."""
    tour.at_the_end()
    tour.button("picture").click()
    yield tour
    tour.page.keyboard.press("Escape")
    tour.page.locator(".gt-take").wait_for(state="detached")


def test_a_png_has_the_size_and_the_resolution_that_were_asked_for(dialog: Tour) -> None:
    field(dialog, "Width").fill("60")
    field(dialog, "Dots per inch").fill("200")
    field(dialog, "Ground").select_option("none")
    told = dialog.page.locator(".gt-take-form:not([hidden]) [role=status]")
    told.filter(has_text="472 × ").wait_for()
    name, png = saved(dialog)
    assert name == "mnist-softmax-epoch-40.png"
    pixels, chunks = pixels_of(png)
    assert pixels.shape[1] == 472 == round(60 / 25.4 * 200)
    assert struct.unpack(">IIB", chunks["pHYs"]) == (7874, 7874, 1)  # dots a metre
    assert f"472 × {pixels.shape[0]} pixels, 59.9 × " in told.text_content()
    opaque = pixels[..., 3] > 200
    assert not pixels[0, :, 3].any() and 0.001 < opaque.mean() < 0.3  # points and words, on nothing
    field(dialog, "Dots per inch").fill("9000")
    field(dialog, "Width").focus()
    told.filter(has_text="The resolution must be 36 to 2,400 dpi; it is 9000").wait_for()
    assert dialog.page.locator(".gt-take-form:not([hidden]) [type=submit]").is_disabled()


def test_vectors_have_every_point_where_the_page_has_it(dialog: Tour) -> None:
    dialog.page.get_by_role("button", name="SVG").click()
    name, svg = saved(dialog)
    assert name == "mnist-softmax-epoch-40.svg"
    root = ElementTree.fromstring(svg)
    assert root.get("width", "").startswith("180") and root.get("viewBox")
    drawn = [one for one in root.iter(f"{SVG}circle") if one.get("stroke") is None]
    seen = {split: dialog.look(f"grand-tour-{split}") for split in ("train", "test")}
    legend = 10
    assert len(drawn) == sum(one.n for one in seen.values()) + legend
    words = [one.text for one in root.iter(f"{SVG}text")]
    assert "Training points" in words and "Test points" in words and "epoch 40" in (words[0] or "")
    # the places of one stage are the page's, moved and magnified
    places = np.array([[float(one.get("cx")), float(one.get("cy"))] for one in drawn])
    of_train = places[: seen["train"].n]
    there = seen["train"].positions * [1, -1]
    scale = np.ptp(of_train, axis=0) / np.ptp(there, axis=0)
    np.testing.assert_allclose(scale[0], scale[1], rtol=0.01)
    middle = of_train.mean(0) - scale * there.mean(0)
    np.testing.assert_allclose(of_train, there * scale + middle, atol=0.2)
    dialog.page.get_by_role("button", name="PDF").click()
    _, pdf = saved(dialog)
    assert pdf.startswith(b"%PDF-1.7") and pdf.rstrip().endswith(b"%%EOF")
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert box and abs(float(box[1]) - 180 / 25.4 * 72) < 0.5


def test_a_video_has_exact_frames_and_ends_with_what_the_page_shows(dialog: Tour) -> None:
    before = dialog.look()
    dialog.page.get_by_role("button", name="Video", exact=True).click()
    form = dialog.page.locator(".gt-take-form:not([hidden])")
    form.get_by_label("File").locator("option").nth(1).wait_for(state="attached")  # beside GIF
    form.get_by_label("Tour").uncheck()
    form.get_by_label("Epochs", exact=True).check()
    form.get_by_label("Epochs: from").select_option("0")
    field(dialog, "Seconds").fill("0.5")
    field(dialog, "Size").select_option("640x360")
    field(dialog, "Frames a second").select_option("24")
    form.get_by_role("status").filter(has_text="12 frames").wait_for()
    name, video = saved(dialog)
    assert re.fullmatch(r"mnist-softmax-epoch-40\.(mp4|webm)", name)
    form.get_by_role("status").filter(has_text="Saved: 12 frames").wait_for()
    form.get_by_label("Epochs: from").select_option("1")  # the preview is of the page again
    film = dialog.page.evaluate(_DECODE, [base64.b64encode(video).decode(), 0])
    assert (film["width"], film["height"]) == (640, 360)
    np.testing.assert_allclose(film["times"], np.arange(12) / 24, atol=0.002)
    assert film["seconds"] == pytest.approx(0.5, abs=0.01)
    assert film["away"][0] > 2 * film["away"][-1] and film["away"][-1] < 2.5, film["away"]
    # a GIF, for which nothing is needed that a browser may lack
    form.get_by_label("File").select_option("gif")
    field(dialog, "Size").select_option("640x360")
    field(dialog, "Frames a second").select_option("10")
    name, gif = saved(dialog)
    assert name.endswith(".gif") and gif[:6] == b"GIF89a"
    assert struct.unpack("<HH", gif[6:10]) == (640, 360)
    assert gif.count(b"\x21\xf9\x04") == 5 and gif.count(b"\x21\xf9\x04\x00\x0a\x00") == 5  # 0.1 s
    dialog.page.keyboard.press("Escape")
    after = dialog.settled()
    assert after.epoch == before.epoch and np.array_equal(after.matrix, before.matrix)
    np.testing.assert_allclose(after.positions, before.positions, atol=1e-6)


def test_a_video_can_be_cancelled_and_the_dialog_is_for_everyone(dialog: Tour) -> None:
    before = dialog.look()
    dialog.page.evaluate(AXE)
    for half in ("Picture", "Video"):
        dialog.page.locator(".gt-take-head").get_by_role("button", name=half, exact=True).click()
        assert dialog.page.evaluate(_RUN, [".gt-take", []]) == []
    form = dialog.page.locator(".gt-take-form:not([hidden])")
    form.get_by_label("Show all of it").check()  # the complete tour is as long as it is
    said = form.get_by_role("status").filter(
        has_text="5 stops, which together draw 100 % of the var"
    )
    said.wait_for()
    length = float(field(dialog, "Seconds").input_value())
    assert f": {length:.1f} s. {round(30 * length)} frames" in (said.text_content() or "")
    assert not field(dialog, "Seconds").is_enabled() and not form.get_by_label("Tour").is_enabled()
    form.get_by_label("Show all of it").uncheck()
    field(dialog, "Seconds").fill("600")
    form.get_by_label("Tour").check()
    form.locator("[type=submit]").click()
    form.get_by_role("status").filter(has_text=re.compile(r"Frame \d+ of 1")).wait_for()
    dialog.page.keyboard.press("Enter")  # the focus is on Cancel
    form.get_by_role("status").filter(has_text="Cancelled").wait_for()
    assert form.locator("[type=submit]").is_enabled()
    form.locator("[type=submit]").click()
    form.get_by_role("status").filter(has_text=re.compile(r"Frame \d+ of 1")).wait_for()
    dialog.page.keyboard.press("Escape")  # that ends it too
    dialog.page.locator(".gt-take").wait_for(state="detached")
    dialog.frames(3)
    assert np.array_equal(dialog.settled().matrix, before.matrix) and dialog.look().epoch == 40
