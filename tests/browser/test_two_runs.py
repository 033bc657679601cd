"""``/two-runs`` in a browser: one frame for both, overlaid with arrows, when, who, which plane; and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gt import ids
from tests import two_runs
from tests.browser.conftest import kept_page, serving_apart
from tests.browser.test_axe import AXE, COLOURS, theme, violations
from tests.browser.tour import Tour

A, B = "two-runs-a", "two-runs-b"
PAIR = "/two-runs?a=seed-1&b=seed-2&epoch=3&play=0"
#: keeps where the arrows of the overlay's last picture end, px within the graph: the head of each begins at its tip
_TIPS = """() => {
  const canvas = document.querySelector(".gt-second");
  const pen = CanvasRenderingContext2D.prototype;
  const { moveTo, fill, clearRect } = pen;
  let last = null;
  pen.moveTo = function (x, y) {
    if (this.canvas === canvas) last = [x, y];
    return moveTo.call(this, x, y);
  };
  pen.fill = function (...all) {
    if (this.canvas === canvas) window.tips.push(last);
    return fill.apply(this, all);
  };
  pen.clearRect = function (...all) {
    if (this.canvas === canvas) window.tips = [];
    return clearRect.apply(this, all);
  };
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_runs.write_pairs(tmp_path_factory.mktemp("pairs") / "runs")


@pytest.fixture(scope="module")
def pair_site(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_apart(tmp_path_factory.mktemp("two-runs"), folder) as url:
        yield url


@pytest.fixture(scope="module")
def kept(pair_site: str, browser: Any) -> Iterator[Tour]:
    how = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}
    with kept_page(browser, pair_site, accept_downloads=True, **how) as tour:
        yield tour


@pytest.fixture
def tour(kept: Tour, watch: Any) -> Iterator[Tour]:
    with watch.following(kept.page):
        kept.goto(PAIR)
        kept.ready(A).ready(B)
        kept.page.evaluate(
            "document.querySelector('.gt-selection-head button')?.click()"
        )  # the tab keeps it from test to test
        kept.until("!s.running && !s.waiting && !s.selected.length", A)
        yield kept


def tell(tour: Tour, part: str, text: str) -> None:
    tour.part(part).filter(has_text=text).wait_for()


def test_both_runs_are_shown_by_their_names_and_a_point_is_counted_once(tour: Tour) -> None:
    assert [tour.stage(name).get_attribute("aria-label") for name in (A, B)] == ["seed-1", "seed-2"]
    a, b = tour.look(A), tour.look(B)
    assert a.n == b.n == two_runs.N and (a.ids == b.ids).all()
    assert not np.allclose(a.positions, b.positions)
    counts = tour.page.locator(".gt-legend-count").all_inner_texts()
    assert [int(one) for one in counts] == [two_runs.N // 3] * 3
    tour.page.keyboard.press("/")
    tour.page.locator(".gt-search-panel input").fill("label:circle")
    said = tour.page.locator(".gt-search-panel [role=status]")
    said.filter(has_text=f"{two_runs.N // 3} of {two_runs.N} points match").wait_for()
    tour.page.keyboard.press("Escape")


def test_the_hover_card_says_what_both_answer_and_how_far_the_point_is_apart(
    tour: Tour, folder: Path
) -> None:
    from gt.run import open_run

    one, other = (
        open_run(folder / name).activations("softmax", 3) for name in ("seed-1", "seed-2")
    )
    seen = tour.look(A)
    point = seen.alone(0.02)
    row = seen.ids.tolist().index(point)
    tour.page.mouse.move(*tour.pixels(seen.positions[row], A)[0])
    card = tour.page.locator(".gt-hover-card")
    card.filter(has_text=f"{point}, seed-1").wait_for()
    text = card.inner_text()
    assert f"In seed-2\n{two_runs.CLASSES[other[row].argmax()]}" in text
    apart = float(text.split("Apart\n")[1].split(" at softmax, epoch 3")[0])
    assert apart == pytest.approx(np.linalg.norm(one[row] - other[row]), rel=0.01)


def test_a_handle_that_is_dragged_turns_both_pictures_alike(tour: Tour) -> None:
    before = tour.look(A).matrix
    tour.drag_handle("square", [0.5, -0.5], B)
    a, b = tour.settled(A), tour.settled(B)
    assert not np.allclose(a.matrix, before) and np.allclose(a.matrix, b.matrix)


def test_overlaid_arrows_lead_to_where_the_other_run_has_the_points(tour: Tour) -> None:
    tour.page.evaluate(_TIPS)
    tour.button("overlay", "over").click()
    tell(tour, "two-arrows", f"Arrows lead from seed-1 to seed-2, for the {two_runs.N} points")
    assert tour.stage(A).get_attribute("aria-label") == "seed-1 (dots) and seed-2 (rings)"
    tour.page.wait_for_function("location.search.includes('overlay=1')")
    assert not tour.stage(B).is_visible()
    assert tour.axes(A)["width"] > 600  # one stage has the room of two
    a, b = tour.settled(A), tour.look(B)
    box = tour.stage(A).locator(".js-plotly-plot").bounding_box()
    corner = [box["x"], box["y"]]
    starts, ends = (tour.pixels(one.positions, A) - corner for one in (a, b))
    long = np.linalg.norm(ends - starts, axis=1) > 2  # shorter ones are no arrows
    tips = np.array(tour.page.evaluate("window.tips"))
    assert long.sum() > two_runs.N / 2
    away = np.linalg.norm(tips[:, None] - ends, axis=2)  # (arrows, points)
    assert away.min(axis=1).max() < 0.5, "an arrow ends where no point of b is"
    assert away.min(axis=0)[long].max() < 0.5, "a point of b has no arrow"
    free = np.linalg.norm(ends[:, None] - np.vstack([starts, ends]), axis=2)  # of all other marks
    free[np.arange(len(ends)), len(starts) + np.arange(len(ends))] = np.inf
    ring = int(free.min(axis=1).argmax())
    tour.page.mouse.move(*(ends[ring] + corner))
    card = tour.page.locator(".gt-hover-card", has_text=f"{b.ids[ring]}, seed-2")
    card.wait_for()
    assert "In seed-1" in card.inner_text()
    tour.button("overlay", "beside").click()
    tour.stage(B).wait_for()
    assert tour.part("two-arrows").inner_text() == ""


def test_a_click_in_the_timeline_goes_to_its_epoch_and_selects_its_class(tour: Tour) -> None:
    cell = tour.page.get_by_role("gridcell", name="square, epoch 1:")
    cell.click()
    tour.until(f"s.epoch === 1 && s.selected.length === {two_runs.N // 3}", A)
    picked = tour.look(A)
    assert {int(i) % 3 for i in picked.selected} == {1}
    cell.press("ArrowRight")
    assert tour.page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(
        "square, epoch 2:"
    )
    tour.page.keyboard.press("ArrowUp")
    tour.page.keyboard.press("Enter")
    tour.until("s.epoch === 2", A)
    assert {int(i) % 3 for i in tour.look(A).selected} == {0}


def test_those_for_which_the_answers_differ_are_selected(tour: Tour, folder: Path) -> None:
    from gt.run import open_run

    one, other = (open_run(folder / name) for name in ("seed-1", "seed-2"))
    a, b = (run.activations("softmax", 3).argmax(1) for run in (one, other))
    only = one.ids[(a == one.labels) & (b != one.labels)]
    tell(tour, "two-answers", "At epoch 3 the two give different answers for")
    button = tour.page.locator('[data-gt-way="only_a"]')
    assert str(len(only)) in button.inner_text()
    button.click()
    tour.until(f"s.selected.length === {len(only)}", A)
    assert set(tour.look(B).selected) == set(only.tolist())
    with tour.page.expect_download() as saved:
        tour.button("csv").click()
    lines = Path(saved.value.path()).read_text().splitlines()
    assert len(lines) == len(only) + 1 and "predicted b" in lines[0]
    tour.slide(0)
    tell(tour, "two-answers", "At epoch 0 the two give different answers for")


def test_the_plane_of_most_difference_is_gone_to_with_its_share_and_null(tour: Tour) -> None:
    before = tour.look(A).matrix
    tour.button("ask-plane").click()
    tell(tour, "two-plane", "of 20 searches hold as much")
    seen = tour.settled(A)
    assert not np.allclose(seen.matrix[:, :2], before[:, :2])
    text = tour.part("two-plane").inner_text()
    assert "at softmax, epoch 3, of all 60 points" in text
    tour.slide(0)  # the sentence says of when it is, and stays
    tour.until("s.epoch === 0", A)
    assert tour.part("two-plane").inner_text() == text


def test_a_hidden_layer_says_what_its_turn_leaves_at_each_epoch(tour: Tour) -> None:
    tour.page.locator(f"#{ids.TWO_RUNS_LAYER}").select_option("hidden")
    tour.until("s.layer === 'hidden' && !s.waiting", A)
    tell(tour, "two-facts", "At epoch 3 it leaves")
    tour.slide(1)
    tell(tour, "two-facts", "At epoch 1 it leaves")
    tour.button("ask-layers").click()
    tour.page.locator(".gt-layers-alike").wait_for()
    rows = tour.page.locator(".gt-layers-alike tbody tr")
    assert rows.count() == 3
    rows.nth(2).get_by_role("button", name="softmax").click()
    tour.until("s.layer === 'softmax' && !s.waiting", A)


def test_a_pair_that_cannot_be_compared_is_refused_and_another_one_shown(tour: Tour) -> None:
    page = tour.page
    page.locator(f"#{ids.TWO_RUNS_B}").select_option("strangers")
    page.locator(f"#{ids.TWO_RUNS_REFUSED}", has_text="other images").wait_for()
    assert not tour.stage(A).is_visible()
    page.locator(f"#{ids.TWO_RUNS_B}").select_option("by-step")
    tour.until("s.n === 60 && !s.waiting", B)
    page.locator('[data-gt-part="two-facts"]', has_text="percent of each training").wait_for()
    assert "Percent" in tour.part("epoch").inner_text()
    page.wait_for_function("location.search.includes('b=by-step')")


def test_the_address_opens_the_same_view(tour: Tour) -> None:
    tour.button("overlay", "over").click()
    tour.drag_handle("circle", [-0.4, 0.6], A)
    tour.settled(A)
    link = tour.copied_link()
    seen = tour.look(A)
    tour.page.goto(link, wait_until="commit")
    tour.ready(A).until("s.frame.count > 0 && !s.waiting", A)
    again = tour.settled(A)
    assert np.allclose(again.matrix[:, :2], seen.matrix[:, :2], atol=1e-6)
    assert again.arrows and tour.page.locator('[data-gt-overlay="yes"]').count() == 1


@pytest.mark.parametrize("path", [f"{PAIR}&overlay=1", "/two-runs?a=seed-1&b=seed-1"])
def test_the_page_has_no_violation_in_light_or_dark(tour: Tour, path: str) -> None:
    tour.goto(path)
    if "overlay" in path:
        tour.ready(A)
        tour.button("ask-layers").click()
        tour.page.locator(".gt-layers-alike").wait_for()
    else:
        tour.page.locator(f"#{ids.TWO_RUNS_REFUSED}").wait_for()
    tour.page.evaluate(AXE)
    assert violations(tour) == []
    assert theme(tour, "dark") == "dark"
    assert violations(tour, only=COLOURS) == []
    theme(tour, "light")


def test_a_phone_has_both_stages_and_nothing_wider_than_itself(
    pair_site: str, browser: Any, watch: Any
) -> None:
    with (
        kept_page(browser, pair_site, viewport={"width": 390, "height": 844}) as tour,
        watch.following(tour.page),
    ):
        tour.goto(PAIR)
        tour.ready(A).ready(B)
        assert tour.page.evaluate("document.documentElement.scrollWidth") <= 390
