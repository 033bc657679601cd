"""``/training`` in a browser: one epoch in all charts, one selection everywhere, links that lead to the tour."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from tests.browser.conftest import serving_apart
from tests.browser.tour import TEST, TRAIN, Tour
from tests.jumping import EPOCHS, JUMPED, write_jumping

NAME = "training"
#: layout shifts since the first picture: those of Dash's own "Loading..." come before it
SHIFTS = """(() => {
  window.shifts = [];
  const seen = (list) => list.getEntries().forEach((entry) => {
    if (entry.hadRecentInput || !document.querySelector(".gt-training")) return;
    if (entry.sources.every((source) => source.node?.closest?.(".gt-training"))) window.shifts.push(entry.value);
  });
  new PerformanceObserver(seen).observe({ type: "layout-shift", buffered: true });
})();"""
CURSORS = """() => [...document.querySelectorAll(".gt-cursor:not(.gt-cursor-chosen)")].map((line) => {
  const { xaxis } = line.parentElement.querySelector(".js-plotly-plot")._fullLayout;
  const x = line.getBoundingClientRect().left - line.parentElement.getBoundingClientRect().left;
  return line.hidden ? null : Math.round(xaxis.p2d(x - xaxis._offset));
})"""
#: where an epoch is in a chart, in the window
PLACE = """([id, epoch, row]) => {
  const gd = document.querySelector(`#${id} .js-plotly-plot`);
  const { xaxis, yaxis } = gd._fullLayout;
  const box = gd.getBoundingClientRect();
  return [box.left + xaxis._offset + xaxis.d2p(epoch), box.top + yaxis._offset + yaxis.d2p(row)];
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("training")
    write_jumping(folder / "runs" / "jumping")
    with serving_apart(folder, folder / "runs") as url:
        yield url


@pytest.fixture
def training(open_page: Callable[..., Tour]) -> Tour:
    tour = open_page("/training", init=SHIFTS, wait=False)
    tour.until("s.run === 'jumping'", NAME, 120_000)
    return tour


def look(tour: Tour) -> dict[str, Any]:
    return tour.page.evaluate(
        'async () => (await import("/assets/js/main.mjs")).inspect("training")'
    )


def move_to(tour: Tour, graph: str, epoch: float, row: float = 0) -> tuple[float, float]:
    tour.page.locator(f"#{graph}").scroll_into_view_if_needed()
    x, y = tour.page.evaluate(PLACE, [graph, epoch, row])
    tour.page.mouse.move(x, y)
    return x, y


def test_one_epoch_is_marked_in_all_charts_and_a_click_opens_the_tour_there(training: Tour) -> None:
    page = training.page
    move_to(training, "training-loss-graph", 5.2)
    page.wait_for_function(f"({CURSORS})().every((epoch) => epoch === 5)")
    assert page.locator("[data-gt-part=readout] strong").inner_text() == "Epoch 5"
    assert "accuracy" in page.locator("[data-gt-part=readout]").inner_text()
    move_to(training, "training-strip-graph", JUMPED, 2)
    page.wait_for_function(f"({CURSORS})().every((epoch) => epoch === {JUMPED})")
    page.mouse.move(1, 1)
    page.wait_for_function(f"({CURSORS})().every((epoch) => epoch === null)")
    page.get_by_role("button", name="bee", exact=True).hover()
    drawn = "document.querySelector('#training-loss-graph .js-plotly-plot').calcdata"
    page.wait_for_function(
        f"{drawn}.every(([{{ trace, node3 }}]) => (trace.meta.class === -1 || trace.meta.class === 1)"
        " === (node3.style('opacity') === '1'))"
    )
    assert page.evaluate("window.shifts") == []
    page.mouse.click(*move_to(training, "training-accuracy-graph", 7, 0.5))
    training.ready(TEST)
    assert training.look().epoch == 7


def test_an_event_is_seen_on_this_page_and_in_the_tour(training: Tour) -> None:
    page = training.page
    bees = [100 + i for i in range(90) if i % 3 == 1]
    page.get_by_role("button", name="Show it").click()
    training.until(f"s.epoch === {JUMPED} && s.selected.length === 30", NAME)
    assert look(training)["selected"] == bees
    assert page.locator('[data-gt-event="0"] button').get_attribute("aria-pressed") == "true"
    assert page.locator('[data-gt-action="class"][data-gt-value="1"][aria-pressed="true"]').count()
    training.until("s.curve", NAME)
    assert look(training)["curve"] == [0] * JUMPED + [1] * (EPOCHS - JUMPED)
    page.wait_for_selector(".gt-training-curve[d^=M]", state="attached")
    page.wait_for_function(
        "document.querySelector('[data-gt-part=readout]').innerText.includes('100.0 % selected')"
    )
    link = page.get_by_role("link", name=f"bee learnt at epoch {JUMPED}")
    assert f"epoch={JUMPED - 1}&" in str(link.get_attribute("href")), "it is seen happening"
    link.click()
    training.ready(TEST)
    training.until(f"s.playing && s.epoch > {JUMPED}")
    seen = training.look()
    assert sorted([*seen.selected, *training.look(TRAIN).selected]) == bees
    motion = np.array([-1, 1, 0]) / np.sqrt(2)  # from ant to bee
    assert motion @ seen.matrix[:, :2] == pytest.approx([0.5**0.5] * 2, abs=0.05)


def test_confusion_goes_with_the_epoch_and_a_cell_selects_its_points(training: Tour) -> None:
    page = training.page
    assert look(training)["epoch"] == EPOCHS - 1
    table = np.reshape(look(training)["confusion"]["train"], (3, 4))
    assert table.tolist() == [[14, 0, 1, 0], [0, 15, 0, 0], [0, 0, 15, 0]]
    page.locator('[data-gt-part="epoch"] input').fill(str(JUMPED))
    page.keyboard.press("ArrowLeft")
    training.until(f"s.epoch === {JUMPED - 1}", NAME)
    cell = page.get_by_role("button", name="15 training points of bee are taken for ant")
    cell.click()
    training.until("s.selected.length === 15", NAME)
    run = [100 + i for i in range(90) if i % 3 == 1 and i // 3 % 2 == 0]
    assert look(training)["selected"] == run
    page.wait_for_selector(".gt-chosen-cell")
    assert page.locator(".gt-chosen-cell").count() == 1
    page.wait_for_selector("[data-gt-part=selection] :text('15 points')")
    page.get_by_role("link", name="See bee and ant in the Grand Tour").click()
    training.ready(TRAIN)
    seen = training.look(TRAIN)
    assert seen.epoch == JUMPED - 1 and sorted(seen.selected) == run
    assert seen.matrix[1, :2] == pytest.approx([-(0.5**0.5), 0.5**0.5], abs=1e-6)
    assert seen.matrix[0, :2] == pytest.approx([0.5**0.5, 0.5**0.5], abs=1e-6)
    training.page.go_back()
    training.until("s.run === 'jumping' && s.selected.length === 15", NAME)


def test_the_address_says_whose_changes_are_shown_and_how_labels_are_ranked(
    training: Tour, open_page: Callable[..., Tour]
) -> None:
    page = training.page
    training.until("s.n === 90", "labels", 120_000)
    page.get_by_label("Changes and examples of").select_option("test")
    training.until("s.n < 90", "labels")
    page.get_by_label("Ranked by").select_option("margin")
    page.get_by_label("How many of the first").fill("7")
    page.keyboard.press("Enter")
    page.wait_for_function(
        """() => {
          const asked = new URLSearchParams(location.search);
          return asked.get("of") === "test" && asked.get("ranked") === "margin" && asked.get("first") === "7";
        }"""
    )
    other = open_page(page.url.removeprefix(training.site), context={}, wait=False)
    other.until(
        "s.order === 'margin' && s.first.length === 7 && s.way === 'buffer'", "labels", 120_000
    )
    seen, there = (
        one.page.evaluate('async () => (await import("/assets/js/main.mjs")).inspect("labels")')
        for one in (training, other)
    )
    assert there == seen and there["n"] < 90
    assert other.page.get_by_label("Ranked by").input_value() == "margin"
    assert other.page.locator("[role=alert]:visible, .gt-toast:visible").count() == 0


def test_labels_to_look_at_are_one_with_the_selection(training: Tour) -> None:
    page, labels = training.page, "labels"
    training.until("s.n === 90 && s.way === 'buffer'", labels, 120_000)
    said = "Of 90 points, over 23 recorded epochs, 1 to 23; epoch 0, before the training, does not count."
    assert page.locator("[data-gt-part=labels-said]").inner_text() == said
    row = page.locator(".gt-label-row").first
    assert "ant taken for cat, 9" in row.inner_text() and "100, train" in row.inner_text()
    row.locator("canvas").wait_for()
    row.get_by_role("button", name="Select").click()
    training.until("s.selected.length === 1 && s.selected[0] === 100", NAME)
    page.wait_for_selector(".gt-label-row.gt-chosen button[aria-pressed=true]")

    page.locator("[data-gt-part=labels-touch]").scroll_into_view_if_needed()
    seen = page.evaluate('async () => (await import("/assets/js/main.mjs")).inspect("labels")')
    box = page.locator("[data-gt-part=labels-touch]").bounding_box()
    places = np.reshape(seen["places"], (-1, 2))
    places = np.c_[box["x"] + places[:, 0], box["y"] + seen["height"] - places[:, 1]]
    x, y = places[seen["ids"].index(100)]
    page.mouse.move(x, y)
    page.wait_for_selector(".gt-hover-card:visible :text('mean of 1 to 23')")
    card = page.locator(".gt-hover-card:visible").inner_text()
    assert "0 of 23" in card and "100, train" in card and "cat" in card
    page.wait_for_selector("[data-gt-part=labels-ring]:visible")
    left, right = places[:, 0].min() - 8, places[:, 0].max() + 8
    top = (y + np.sort(places[:, 1])[-2]) / 2  # above it are all others
    page.mouse.move(left, places[:, 1].min() - 4)
    page.mouse.down()
    for corner in ((right, places[:, 1].min() - 4), (right, top), (left, top)):
        page.mouse.move(*corner, steps=4)
    page.mouse.up()
    training.until("s.selected.length === 89 && !s.selected.includes(100)", NAME)
    page.get_by_role("button", name="right in none: 1").click()
    training.until("s.selected.length === 1 && s.selected[0] === 100", NAME)

    page.get_by_label("How many of the first").fill("4")
    page.keyboard.press("Enter")
    training.until("s.first.length === 4", labels)
    page.locator("[data-gt-part=labels-first] button").click()
    training.until("s.selected.length === 4", NAME)
    page.get_by_label("Ranked by").select_option("forgotten")
    training.until("s.order === 'forgotten'", labels)
    assert "Toneva" in page.locator("[data-gt-part=labels-order]").inner_text()
    with page.expect_download() as saved:
        page.locator("#training-labels-csv").click()
    assert saved.value.suggested_filename == "jumping-labels.csv"
    page.get_by_label("Ranked by").select_option("margin")
    training.until("s.order === 'margin' && s.first[0] === 100", labels)
    page.get_by_role("button", name="ant → cat: 1").wait_for()
    page.locator(".gt-labels-pair", has_text="ant → cat").get_by_role("link").click()
    training.ready(TRAIN)
    seen_there = training.look(TRAIN)
    assert seen_there.selected == [100] and seen_there.epoch == EPOCHS - 1
    assert seen_there.matrix[0, :2] == pytest.approx([-(0.5**0.5), 0.5**0.5], abs=1e-6)
