"""One image through the network in the browser: chosen, scrubbed, looked at through the lens, kernels, selection."""

from __future__ import annotations

import json
import struct
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.browser.conftest import kept_page, serving_apart
from tests.browser.tour import Tour
from tests.networks import write_passages

LAYERS = ["input", "conv", "relu1", "pool", "flatten", "linear1", "relu2", "logits", "softmax"]


@pytest.fixture(scope="module")
def layers_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    made: Path = tmp_path_factory.mktemp("network")
    with serving_apart(made, write_passages(made / "runs")) as url:
        yield url


@pytest.fixture(scope="module")
def kept(layers_site, browser) -> Iterator[Tour]:
    with kept_page(browser, layers_site, viewport={"width": 1280, "height": 900}) as tour:
        tour.goto("/network?run=shapes&point=50&epoch=4")
        yield tour


@pytest.fixture
def network(kept, watch) -> Iterator[Tour]:
    """The page with image 50 of the run with all layers at its last epoch."""
    with watch.following(kept.page):
        page = kept.page
        shown(kept, "")
        if (
            page.evaluate("document.querySelector('[data-gt-shown]').dataset.gtShown")
            != "shapes/4/50"
        ):
            if page.locator("#network-run").input_value() != "shapes":
                page.locator("#network-run").select_option("shapes")
            kept.slide(3)
            choose(kept, 50)
        shown(kept, "shapes/4/50")
        yield kept


def shown(network: Tour, what: str) -> None:
    """Wait until run/epoch/point is on the screen."""
    network.page.wait_for_function(
        """(what) => {
          const now = document.querySelector("[data-gt-shown]")?.dataset.gtShown ?? "";
          return what ? now === what : Boolean(now);
        }""",
        arg=what,
    )


def choose(network: Tour, point: int | str) -> None:
    network.page.get_by_label("Number of a point").fill(str(point))
    network.page.get_by_role("button", name="Show", exact=True).click()


def values(network: Tour, epoch: int, point: int) -> dict[str, np.ndarray]:
    """What the server says of a point, by layer."""
    with urllib.request.urlopen(f"{network.site}/activations/shapes/{epoch}/{point}") as answer:
        raw = answer.read()
    [length] = struct.unpack_from("<I", raw)
    head = json.loads(raw[4 : 4 + length])
    parts = np.split(np.frombuffer(raw[4 + length :], "<f4"), np.cumsum(head["sizes"])[:-1])
    return dict(zip(LAYERS, parts, strict=True))


def shares(network: Tour) -> list[str]:
    """The tooltips of the bars."""
    return network.page.locator(".gt-bars-column").evaluate_all("(all) => all.map((o) => o.title)")


def ink(network: Tour, layer: str) -> int:
    """How many different colours a heat map has."""
    return network.page.evaluate(
        """(layer) => {
          const canvas = document.querySelector(`[data-gt-layer="${layer}"] canvas`);
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return new Set(new Uint32Array(data.buffer)).size;
        }""",
        layer,
    )


def picture(network: Tour, layer: str) -> str:
    return network.page.evaluate(
        '(layer) => document.querySelector(`[data-gt-layer="${layer}"] canvas`).toDataURL()', layer
    )


def test_every_layer_is_a_block_in_order_with_its_values_and_the_softmax_as_bars(network):
    page = network.page
    blocks = page.locator(".gt-block")
    assert blocks.evaluate_all("(all) => all.map((o) => o.dataset.gtLayer)") == LAYERS
    families = blocks.evaluate_all("(all) => all.map((o) => o.dataset.gtFamily)")
    assert families[:4] == ["input", "convolution", "elementwise", "pooling"]
    colors = blocks.evaluate_all(
        "(all) => all.map((o) => getComputedStyle(o.querySelector('.gt-block-head'), '::before').backgroundColor)"
    )
    assert len(set(colors)) == len(set(families)) == 6
    for layer in LAYERS[:-1]:
        assert ink(network, layer) >= 2, layer
    last = values(network, 4, 50)["softmax"]
    for said, share in zip(shares(network), last, strict=True):
        assert abs(float(said.split(": ")[1].split(" %")[0]) / 100 - share) < 0.006
    assert (
        page.locator('[data-gt-layer="relu1"] .gt-heat-scale').get_attribute("data-gt-sides")
        == "up"
    )
    label = page.locator('[data-gt-layer="conv"] canvas').get_attribute("aria-label")
    assert label.startswith("conv: 4 maps of 6×6, from −")


def test_scrubbing_and_keys_show_the_network_at_other_epochs(network):
    page = network.page
    before, bars = picture(network, "conv"), shares(network)
    page.locator("body").press("ArrowLeft")
    shown(network, "shapes/2/50")
    assert picture(network, "conv") != before and shares(network) != bars
    network.slide(0)
    shown(network, "shapes/0/50")
    assert page.locator(".gt-epoch-label").inner_text() == "Epoch 0"
    page.locator("body").press("ArrowLeft")  # there is none before it
    page.locator('[data-gt-action="play"]').click()
    shown(network, "shapes/4/50")
    page.locator('[data-gt-action="play"][aria-pressed="false"]').wait_for()
    assert picture(network, "conv") == before and shares(network) == bars


def test_a_thumbnail_is_sent_through_the_network(network):
    page = network.page
    tiles = page.locator('[data-gt-part="some"] [data-gt-id]')
    tiles.first.wait_for()
    wanted = tiles.nth(3).get_attribute("data-gt-id")
    before = picture(network, "input")
    tiles.nth(3).click()
    shown(network, f"shapes/4/{wanted}")
    assert picture(network, "input") != before
    assert tiles.nth(3).get_attribute("aria-pressed") == "true"
    page.locator(f'.gt-network-chosen[data-gt-id="{wanted}"] canvas').wait_for()
    assert f"{wanted}, test" in page.locator(".gt-network-chosen").inner_text()


def test_the_lens_tells_a_value_and_its_place(network):
    page = network.page
    known = values(network, 4, 50)
    canvas = page.locator('[data-gt-layer="conv"] canvas')
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    lens = page.locator('[data-gt-part="lens"]')
    side = (box["width"] + 3) / 4 - 3  # of a map, 3 px from the next
    x = box["x"] + 2 * (side + 3) + 4.5 * side / 6
    page.mouse.move(x, box["y"] + 1.5 * side / 6)
    lens.wait_for()
    said = lens.inner_text()
    assert "conv, map 3 of 4" in said and "row 2, column 5" in said
    wanted = known["conv"].reshape(4, 6, 6)[2, 1, 4]
    told = float(lens.locator(".gt-lens-value").inner_text().replace("−", "-"))
    assert told == pytest.approx(wanted, rel=6e-3)
    page.mouse.move(2, 2)
    lens.wait_for(state="hidden")
    logits = page.locator('[data-gt-layer="logits"] canvas')
    page.locator('[data-gt-layer="logits"] .gt-block-more').focus()
    page.keyboard.press("Tab")
    assert logits.evaluate("(o) => o === document.activeElement")
    lens.wait_for()
    page.keyboard.press("ArrowRight")
    assert "the unit of cross" in lens.inner_text()
    told = float(lens.locator(".gt-lens-value").inner_text().replace("−", "-"))
    assert told == pytest.approx(known["logits"][1], rel=6e-3)
    shown(network, "shapes/4/50")  # the arrow was the lens's
    logits.evaluate("(o) => o.blur()")


def test_kernels_come_when_they_are_asked_for_and_follow_the_epoch(network):
    page = network.page
    more = page.locator('[data-gt-layer="conv"] .gt-block-more')
    panel = page.locator('[data-gt-layer="conv"] .gt-block-kernels')
    assert more.inner_text() == "Kernels" and panel.is_hidden()
    more.click()
    panel.get_by_text("Epoch 4.").wait_for()
    read = "(o) => o.querySelector('canvas').toDataURL()"
    before = panel.evaluate(read)
    page.locator("body").press("ArrowLeft")
    panel.get_by_text("Epoch 2.").wait_for()
    assert panel.evaluate(read) != before
    more.click()
    assert panel.is_hidden() and more.get_attribute("aria-expanded") == "false"


def test_what_there_is_not_is_said(network, watch):
    page = network.page
    watch.expect(r"answer 404: .*/activations/shapes/4/999")
    watch.expect("console error: Failed to load resource")
    choose(network, 999)
    page.get_by_text("Shapes has no point 999; its ids go from 0 to 71").wait_for()
    for text in ("-1", "a", "a", "b", "1.5", ""):
        choose(network, text)
    page.get_by_text("“1.5” is none").wait_for()
    said = page.locator(".gt-toast > span").all_inner_texts()
    assert [text.split("“")[1][0] for text in said] == ["a", "b", "1"]  # nothing twice, the latest
    while page.locator(".gt-toast").count():
        page.locator(".gt-toast-close").first.click()
    shown(network, "shapes/4/50")
    choose(network, 51)  # and goes on
    shown(network, "shapes/4/51")


def test_an_epoch_without_weights_and_a_run_without_any_are_said(network):
    page = network.page
    page.locator("#network-run").select_option("kept")
    page.wait_for_function(
        "document.querySelector('[data-gt-shown]').dataset.gtShown.startsWith('kept/4/')"
    )
    network.slide(2)
    note = page.get_by_text(
        "There are no weights of epoch 2: this is epoch 0, the nearest that has some."
    )
    note.wait_for()
    page.locator("body").press("ArrowRight")
    note.wait_for(state="hidden")
    assert page.locator(".gt-epoch-label").inner_text() == "Epoch 4"
    page.locator("#network-run").select_option("outputs")
    page.get_by_text("no image can be sent through its network").wait_for()
    assert page.locator(".gt-network-grid").is_hidden()


def test_a_point_that_was_selected_elsewhere_is_shown_here(network):
    page = network.page
    network.goto("/grand-tour?run=shapes&play=0&select=FwI")  # 23 and 25
    network.ready()
    page.get_by_role("link", name="Network", exact=True).click()
    page.wait_for_function(
        "document.querySelector('[data-gt-shown]')?.dataset.gtShown === 'shapes/4/23'"
    )
    picked = page.locator('[data-gt-part="picked"] [data-gt-id]')
    picked.first.wait_for()
    assert picked.evaluate_all("(all) => all.map((o) => o.dataset.gtId)") == ["23", "25"]
    picked.nth(1).click()
    shown(network, "shapes/4/25")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    along = "select=FwI&group=3.FwI.pair"
    network.goto(f"/network?run=shapes&point=50&epoch=4&{along}")
    shown(network, "shapes/4/50")
    groups = network.part("groups")
    groups.get_by_label("Select pair").wait_for()
    page.wait_for_function(
        """() => {
          const said = new URLSearchParams(location.search);
          return said.get("select") === "FwI" && said.get("group") === "3.FwI.pair";
        }"""
    )
    groups.get_by_label("Delete pair").click()
