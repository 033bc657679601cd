"""A network with branches in the browser: its graph, a branch that is chosen, arrows, and aligning without being asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.browser.tour import PATIENCE_MS, Tour
from tests.graphs import residual_cnn

pytest.importorskip("torch")
STAGE = "layers"
MAIN = [
    "input", "stem", "/relu", "block0.conv1", "block0/relu", "block0.conv2", "block0/add", "block0/relu:2",
    "block1.conv1", "block1/relu", "block1.conv2", "block1/add", "block1/relu:2", "/mean", "fc", "softmax",
]  # fmt: skip
SUM = MAIN.index("block0/add")


@pytest.fixture(scope="module")
def networks(tmp_path_factory) -> Path:
    """In the place of the network without branches that other modules share."""
    from gt.align.align_run import align_run, plan

    folder = tmp_path_factory.mktemp("graphs")
    run = residual_cnn(folder / "residual")
    align_run(run, plan(run, k=8), command="gt align residual --k 8")
    residual_cnn(folder / "untouched", blocks=1)
    return folder


@pytest.fixture
def graph(layers_page, watch) -> Iterator[Tour]:
    with watch.following(layers_page.page):
        layers_page.goto("/layers?run=residual&play=0&seed=3")
        layers_page.ready(STAGE)
        layers_page.until("s.state === 0", STAGE)
        yield layers_page


def at(graph: Tour, name: str, place: int) -> None:
    """Click a block, and be there."""
    graph.page.locator(f'.gt-strip-block[title^="{name}:"]').click()
    graph.until(f"s.state === {place}", STAGE)
    graph.settled(STAGE)


def test_the_strip_has_the_main_path_and_a_lane_for_each_shortcut(graph):
    blocks = graph.page.locator(".gt-strip-block").evaluate_all("all => all.map((b) => b.title)")
    assert all(one.startswith(f"{name}: ") for one, name in zip(blocks, MAIN, strict=True))
    lanes = graph.page.locator(".gt-lane-hit").evaluate_all("all => all.map(l => l.title)")
    assert lanes[0].startswith("/relu → block0/add: ")
    assert lanes[1].startswith("block0/relu:2 → block1/add: ") and len(lanes) == 2
    assert all("shortcut, added as it is" in one for one in lanes)
    assert graph.page.locator(".gt-joint").count() == 2


def test_a_click_goes_to_a_state_and_keys_lead_along_the_path(graph):
    at(graph, "block0/add", SUM)
    slider = graph.page.locator(".gt-strip-range")
    said = slider.get_attribute("aria-valuetext")
    assert said == f"block0/add, Add 4×6×6, {SUM + 1} of {len(MAIN)}"
    slider.focus()
    graph.page.keyboard.press("ArrowRight")
    graph.until(f"s.state === {SUM + 1}", STAGE)
    graph.page.keyboard.press("Home")
    graph.until("s.state === 0", STAGE)
    graph.page.keyboard.press("End")
    graph.until(f"s.state === {len(MAIN) - 1}", STAGE)


def test_lanes_are_one_stop_of_the_tab_key_and_enter_goes_the_way(graph):
    lanes, page = graph.page.locator(".gt-lanes button"), graph.page
    stops = lanes.evaluate_all("all => all.map((one) => one.tabIndex)")
    assert stops == [0, -1]
    lanes.first.focus()
    for key in ("ArrowLeft", "ArrowRight"):
        page.keyboard.press(key)
    focused = "() => document.activeElement.title"
    assert page.evaluate(focused).startswith("block0/relu:2 → block1/add: ")
    assert graph.look(STAGE).epoch == 1  # arrows meant the lanes, and not the epoch
    page.keyboard.press("Enter")
    page.wait_for_function(
        "() => document.querySelectorAll('.gt-lane')[1].classList.contains('gt-walked')",
        timeout=PATIENCE_MS,
    )
    assert page.evaluate(focused).startswith("block0/relu:2 → block1/add: ")  # of the new path
    assert lanes.evaluate_all("all => all.map((one) => one.tabIndex)") == [-1, 0]


def test_a_lane_that_is_clicked_is_walked_and_the_link_says_so(graph):
    at(graph, "block0/add", SUM)
    before = graph.look(STAGE).positions
    graph.page.locator(".gt-lane-hit").first.click()
    graph.until("s.state === 3", STAGE)
    graph.settled(STAGE)
    # the sum has its axes from what follows, which is the same on both paths
    assert np.abs(graph.look(STAGE).positions - before).max() < 2e-3
    assert graph.page.locator(".gt-strip-block.gt-off-path").count() == 3
    assert graph.page.locator(".gt-lane.gt-walked").count() == 1
    graph.page.locator('.gt-strip-block[title^="block0.conv1:"]').click()
    graph.page.wait_for_function(
        "() => !document.querySelector('.gt-off-path')", timeout=PATIENCE_MS
    )
    graph.until("s.state === 3", STAGE)  # behind the shortcut's state again: the branch's first
    graph.goto(
        "/layers?run=residual&play=0&seed=3&state=3&path=%7B%22block0%2Fadd%22%3A%22%2Frelu%22%7D"
    )
    graph.ready(STAGE)
    graph.until("s.state === 3", STAGE)
    assert graph.page.locator(".gt-stage-title").inner_text() == "Behind block0/add"


def test_arrows_are_drawn_at_a_sum_and_nowhere_else(graph):
    at(graph, "block0/add", SUM)
    drawn = """() => Number(document.querySelector("canvas.gt-added").dataset.gtArrows ?? 0)"""
    assert graph.page.evaluate(drawn) == 0
    button = graph.page.locator("[data-gt-action=added]")
    button.click()
    graph.page.wait_for_function(
        f"() => ({drawn})() === {graph.look(STAGE).n}", timeout=PATIENCE_MS
    )
    assert graph.page.evaluate("""() => {
      const canvas = document.querySelector("canvas.gt-added");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value) => value > 0);
    }""")
    at(graph, "/relu", MAIN.index("/relu"))
    graph.page.wait_for_function(f"() => ({drawn})() === 0", timeout=PATIENCE_MS)
    button.click()


def test_a_block_folds_and_opens(graph):
    head = graph.page.locator(".gt-strip-head").first
    assert head.get_attribute("aria-expanded") == "true"
    head.click()
    assert head.get_attribute("aria-expanded") == "false"
    assert graph.page.locator(".gt-strip-block.gt-folded").count() == 5
    head.click()
    assert graph.page.locator(".gt-strip-block.gt-folded").count() == 0


def test_a_run_that_was_never_aligned_is_aligned_without_being_asked(layers_page, watch):
    page = layers_page
    with watch.following(page.page):
        page.goto("/layers?run=residual&play=0")
        page.ready(STAGE)
        page.page.get_by_label("Run").select_option("untouched")
        none = page.page.locator("#layers-none")
        progress = page.page.locator("#job-align-progress")
        progress.wait_for(state="visible", timeout=PATIENCE_MS)
        assert re.search("are being aligned", none.inner_text())
        over = "label => label.lastElementChild.offsetWidth - label.clientWidth"
        assert page.page.locator(".gt-page-head .gt-select").last.evaluate(over) <= 0
        page.until("s.run === 'untouched' && s.frame.count > 0", STAGE, 4 * PATIENCE_MS)
        page.until("s.state === 0", STAGE)
        assert "Aligned 11 states" in page.page.locator("#job-align-message").inner_text()
