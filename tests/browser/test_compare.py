"""The comparison: panels that are linked, rectangles, rows, columns, and what moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.browser.conftest import kept_page
from tests.browser.tour import Tour

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

    from tests.browser.conftest import Watch

TOUR, TSNE, UMAP = "compare-grand-tour-10", "compare-tsne-10", "compare-umap-10"
ALL = [f"compare-{row}-{epoch}" for row in ("tsne", "umap", "grand-tour") for epoch in (5, 10, 12)]
OPEN = "compare-transition"
_FRESH = """() => {
  const all = (query) => [...document.querySelectorAll(query)];
  all('[data-gt-action="tour"][aria-pressed="true"], .gt-toast-close').forEach((button) => button.click());
  const usual = ["t-SNE", "UMAP", "Grand Tour"];
  for (const choice of all(".gt-row-choice")) {
    const box = choice.querySelector("input");
    if (box.checked !== usual.includes(choice.textContent)) box.click();
  }
  all("[data-gt-part=presets] button")[0].click();
  all('[data-gt-action="tool"][data-gt-value="lasso"], [data-gt-action="combine"][data-gt-value="and"]')
    .forEach((button) => button.click());
  all('[data-gt-action="reset"]').forEach((button) => button.click());
  document.activeElement?.blur();
  scrollTo(0, 0);
}"""
_CONTEXTS = """
window.contexts = [];
const plain = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  const made = plain.call(this, kind, ...rest);
  if (made && String(kind).startsWith("webgl") && !window.contexts.includes(this)) window.contexts.push(this);
  return made;
};"""

#: tensors are held back until the test lets them through
_HELD = """
const plain = window.fetch;
const through = new Promise((done) => (window.letThrough = done));
window.fetch = async (asked, ...rest) => {
  if (String(asked?.url ?? asked).includes("/tensors/")) await through;
  return plain(asked, ...rest);
};"""


@pytest.fixture(scope="module")
def _kept(site: str, shared_context: BrowserContext) -> Iterator[Tour]:
    with kept_page(shared_context, site) as tour:
        yield tour


@pytest.fixture
def compare(_kept: Tour, watch: Watch) -> Iterator[Tour]:
    """The digits at three epochs: t-SNE, UMAP, Grand Tour; one page, put back by its own controls."""
    with watch.following(_kept.page):
        here = _kept.page.url.startswith(f"{_kept.site}/compare?run=mnist")
        if here and _kept.page.locator("#compare-run").input_value() == "mnist":
            _kept.page.mouse.move(1, 1)
            _kept.page.evaluate(_FRESH)
            _kept.page.get_by_label("Colour").select_option("label")
        else:
            _kept.goto("/compare?run=mnist&play=0&seed=3")
            _kept.ready(TOUR)
        _kept.page.keyboard.press("Escape")
        for name in ALL:
            _kept.until("!s.running && !s.selected.length", name)
        _kept.page.wait_for_function("document.querySelectorAll('#compare-table table').length > 0")
        yield _kept


def box_of(page: Tour, name: str) -> dict[str, float]:
    panel = page.stage(name)
    panel.scroll_into_view_if_needed()
    found = panel.bounding_box()
    assert found is not None
    return found


def sweep(page: Tour, name: str, left: float, right: float, *, box: bool = False) -> None:
    """Draw around a vertical strip of a panel, from ``left`` to ``right`` of its width."""
    b = box_of(page, name)
    x0, x1 = (b["x"] + 2 + share * (b["width"] - 4) for share in (left, right))
    y0, y1 = b["y"] + 2, b["y"] + b["height"] - 3
    corners = [(x0, y0), (x1, y1)] if box else [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    mouse = page.page.mouse
    mouse.move(*corners[0])
    mouse.down()
    for x, y in corners[1:]:
        mouse.move(x, y, steps=4)
    mouse.up()
    page.frames(3)


def left_half(page: Tour, name: str) -> list[int]:
    seen = page.look(name)
    middle = (seen.range[0] + seen.range[1]) / 2
    return sorted(seen.ids[seen.positions[:, 0] < middle].tolist())


def selected(page: Tour, name: str) -> list[int]:
    return sorted(page.look(name).selected)


def wait_selected(page: Tour, count: int, name: str = TSNE) -> None:
    page.until(f"s.selected.length === {count} && !s.running", name)


def test_the_grid_takes_the_webgl_contexts_of_one_graph(open_page: Callable[..., Tour]) -> None:
    page = open_page("/compare?run=mnist&play=0", wait=False, init=_CONTEXTS)
    page.ready(TOUR)
    graphs = page.page.evaluate(
        "[...new Set(window.contexts.map((c) => c.closest('.dash-graph')?.id))]"
    )
    assert [one for one in graphs if one] == ["compare-graph"]
    assert page.page.evaluate("window.contexts.filter((c) => c.isConnected).length") <= 3


def test_every_panel_shows_its_epoch(compare: Tour) -> None:
    for name in ALL:
        seen = compare.look(name)
        assert seen.n == 60 and seen.way == "buffer" and np.ptp(seen.positions) > 0
        assert seen.epoch == int(name.rsplit("-", 1)[1])
    assert not np.allclose(compare.look(TSNE).positions, compare.look("compare-tsne-12").positions)


def test_a_lasso_in_one_panel_selects_the_same_points_in_all_panels_and_on_the_other_pages(
    compare: Tour,
) -> None:
    asked = left_half(compare, TSNE)
    assert 5 < len(asked) < 55
    sweep(compare, TSNE, 0, 0.5)
    wait_selected(compare, len(asked))
    for name in ALL:
        assert selected(compare, name) == asked, name
    for link, stage in (("t-SNE", "tsne"), ("Grand Tour", "grand-tour-test"), ("UMAP", "umap")):
        compare.page.locator("#navbar-links").get_by_text(link, exact=True).click()
        compare.ready(stage)
        compare.until("s.selected.length > 0", stage)
        assert selected(compare, stage) == asked, stage
    compare.page.locator("#navbar-links").get_by_text("Compare", exact=True).click()
    compare.ready(TOUR)
    assert selected(compare, UMAP) == asked
    compare.page.wait_for_function("document.querySelectorAll('#compare-table table').length > 0")


def test_rectangles_of_several_panels_go_together_with_and_or_with_or(compare: Tour) -> None:
    first, second = set(left_half(compare, TSNE)), set(left_half(compare, TOUR))
    both, either = first & second, first | second
    assert first != second and 0 < len(both) < len(either)
    compare.page.keyboard.press("b")
    sweep(compare, TSNE, 0, 0.5, box=True)
    wait_selected(compare, len(first))
    sweep(compare, TOUR, 0, 0.5, box=True)
    wait_selected(compare, len(both))
    assert set(selected(compare, UMAP)) == both
    compare.button("combine", "or").click()
    wait_selected(compare, len(either))
    assert set(selected(compare, UMAP)) == either
    compare.button("combine", "and").click()
    wait_selected(compare, len(both))
    b = box_of(compare, TSNE)
    compare.page.mouse.click(b["x"] + b["width"] - 4, b["y"] + 4)  # beside all points: without it
    wait_selected(compare, len(second))
    assert compare.page.locator(".gt-brush:visible").count() == 1
    compare.page.keyboard.press("Escape")
    wait_selected(compare, 0)
    assert compare.page.locator(".gt-brush:visible").count() == 0


def test_a_selection_made_elsewhere_takes_the_rectangles_away(compare: Tour) -> None:
    compare.page.keyboard.press("b")
    sweep(compare, TSNE, 0, 0.5, box=True)
    assert compare.page.locator(".gt-brush:visible").count() == 1
    compare.page.get_by_label("Select the 6 points of class 5").click()
    wait_selected(compare, 6)
    assert compare.page.locator(".gt-brush:visible").count() == 0


def test_a_legends_number_and_the_presets_buttons_select_a_class_in_every_panel(
    compare: Tour,
) -> None:
    compare.page.get_by_label("Select the 6 points of class 5").click()
    wait_selected(compare, 6)
    fives = [i for i in compare.look(TSNE).ids.tolist() if i % 10 == 5]
    assert all(selected(compare, name) == fives for name in ALL)
    eight = compare.part("highlights").get_by_role("button", name="8")
    eight.click(modifiers=["Shift"])
    wait_selected(compare, 12)
    eight.click()
    wait_selected(compare, 6)
    assert selected(compare, UMAP) == fives


def test_a_point_that_is_hovered_is_marked_in_every_panel(compare: Tour) -> None:
    b = box_of(compare, TSNE)
    seen = compare.look(TSNE)
    i = int(np.abs(seen.positions).max(axis=1).argmax())  # at an edge, alone
    x0, x1, y0, y1 = seen.range
    x, y = (seen.positions[i] - (x0, y0)) / (x1 - x0, y1 - y0)
    compare.page.mouse.move(
        b["x"] + 1 + x * (b["width"] - 2), b["y"] + 1 + (1 - y) * (b["height"] - 2)
    )
    compare.page.wait_for_selector(".gt-hover-card:not([hidden])")
    assert compare.page.locator(".gt-panel-cell .gt-ring:visible").count() == len(ALL)
    assert f"{seen.ids[i]}" in compare.page.locator(".gt-hover-card").inner_text()
    compare.page.mouse.move(5, 5)
    compare.page.wait_for_function(
        "!document.querySelector('.gt-panel-cell .gt-ring:not([hidden])')"
    )


def test_a_frame_dragged_in_one_panel_turns_all_panels_of_its_row_and_no_other(
    compare: Tour,
) -> None:
    before = {name: compare.look(name) for name in ALL}
    handle = compare.stage(TOUR).locator(".gt-handle").nth(3)
    handle.scroll_into_view_if_needed()
    at = handle.evaluate("(h) => { const b = h.getBoundingClientRect(); return [b.left, b.top]; }")
    mouse = compare.page.mouse
    mouse.move(*at)
    mouse.down()
    mouse.move(at[0] + 25, at[1] + 20, steps=3)
    mouse.up()
    compare.until("!s.running", TOUR)
    for name in ALL:
        moved = not np.allclose(compare.look(name).positions, before[name].positions)
        assert moved == ("grand-tour" in name), name
    rows = [compare.look(name).matrix for name in ALL if "grand-tour" in name]
    assert all(np.array_equal(rows[0], other) for other in rows[1:])
    compare.page.keyboard.press("0")
    compare.until("!s.running", TOUR)
    assert np.allclose(compare.look(TOUR).positions, before[TOUR].positions, atol=1e-5)


def test_columns_are_the_epochs_that_the_reader_picks(compare: Tour) -> None:
    field = compare.page.get_by_label("Epoch of column 2")
    field.fill("25")
    field.press("Enter")
    compare.until("s.epoch === 25", "compare-umap-25")
    assert compare.absent(UMAP)
    field = compare.page.get_by_label("Epoch of column 1")
    field.fill("7")
    field.press("Enter")
    compare.toast().filter(has_text="Epoch must be one of 0 to 40, 7 came").wait_for()
    assert field.input_value() == "5"
    compare.page.get_by_label("Remove epoch 25").click()
    compare.until("s.epoch === 5", "compare-umap-5")
    compare.page.get_by_label("One more column").click()
    compare.until("s.epoch === 40", "compare-umap-40")
    assert compare.part("preset-text").is_hidden()  # it speaks of other epochs
    shown = compare.page.locator(".gt-column-epoch").evaluate_all(
        "(all) => all.map((f) => f.value)"
    )
    assert shown == ["5", "12", "40"]


def test_rows_can_be_hidden_and_shown_and_say_where_they_have_no_picture(compare: Tour) -> None:
    compare.part("rows").get_by_label("UMAP", exact=True).uncheck()
    compare.page.wait_for_function("!document.querySelector('[data-gt-stage=compare-umap-10]')")
    assert compare.absent(UMAP)
    compare.part("rows").get_by_label("Dynamic t-SNE").check()
    page = compare.page
    page.locator(".gt-panel-missing").filter(has_text="no picture at epoch 10").wait_for()
    assert page.locator(".gt-panel-missing").count() == 1  # every second epoch has 5 -> 12, not 10
    name = page.locator('[data-gt-stage^="compare-dynamic"][data-gt-stage$="-12"]')
    assert compare.look(name.get_attribute("data-gt-stage") or "").n == 40
    heads = page.locator(".gt-row-head").all_inner_texts()
    assert [head.split("\n")[0][:7] for head in heads] == ["t-SNE", "Dynamic", "Grand T"]
    assert "40 of 60 points" in heads[1]


def test_rows_and_chips_say_how_many_points_are_drawn(compare: Tour) -> None:
    page = compare.page
    heads = page.locator(".gt-row-head")
    assert "drawn" not in " ".join(heads.all_inner_texts())
    page.keyboard.press("/")
    page.locator(".gt-search-panel input").fill("label:0,1")
    page.keyboard.press("Control+Enter")
    drawn = page.locator(".gt-row-head", has_text="drawn")
    drawn.first.wait_for()
    assert all(", 12 drawn" in head for head in drawn.all_inner_texts())
    page.locator(".gt-legend-entry:visible").nth(1).click()
    drawn.filter(has_text="6 drawn").first.wait_for()
    chips = compare.part("filters").inner_text()
    assert "12 of 60 left, 6 drawn" in chips
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    drawn.first.wait_for(state="detached")


def test_a_row_in_more_than_two_dimensions_has_a_tour_of_its_own(compare: Tour) -> None:
    compare.part("rows").get_by_label("UMAP in 8-D, toured").check()
    compare.until("s.p === 8", "compare-umap-8d-10")
    assert compare.stage("compare-umap-8d-10").locator(".gt-handle").count() == 8
    before = compare.look("compare-umap-8d-10").positions
    still = compare.look(TSNE).positions
    compare.page.keyboard.press("t")
    start = [round(float(x), 9) for x in before[0]]
    compare.until(
        f"Math.hypot(s.positions[0] - {start[0]}, s.positions[1] - {start[1]}) > 1e-3",
        "compare-umap-8d-10",
    )
    compare.page.keyboard.press("t")
    assert not np.allclose(compare.look("compare-umap-8d-10").positions, before)
    assert np.array_equal(compare.look(TSNE).positions, still)


def test_a_preset_of_another_run_opens_that_run(compare: Tour) -> None:
    compare.page.get_by_role("button", name="Three shapes").click()
    compare.until("s.run === 'shapes'", "compare-grand-tour-4")
    compare.page.wait_for_function("!document.querySelector('[data-gt-awaiting]')")
    assert compare.part("preset-text").inner_text() == "A triangle of shapes."
    lengths = np.linalg.norm(compare.look("compare-grand-tour-4").matrix[:, :2], axis=1)
    assert np.allclose(lengths, np.sqrt(2 / 3), atol=1e-6)
    assert compare.page.locator("#compare-run").input_value() == "shapes"


def test_a_click_on_a_line_opens_its_transition_which_is_linked_too(compare: Tour) -> None:
    page = compare.page
    page.locator("#compare-lines-graph").scroll_into_view_if_needed()
    page.wait_for_function(
        "document.querySelector('#compare-lines-graph .js-plotly-plot')?.data?.some((t) => t.name === 't-SNE')"
    )
    at = page.evaluate("""() => {
      const gd = document.querySelector("#compare-lines-graph .js-plotly-plot");
      const line = gd.calcdata.find((one) => one[0].trace.name === "t-SNE");
      const { left, top } = gd.getBoundingClientRect();
      const { xaxis, yaxis } = gd._fullLayout;
      // where no other line comes near: the click must not be another one's
      const others = gd.calcdata.filter((one) => one !== line).flat();
      const alone = (d) => Math.min(...others.map((o) => (o.x === d.x ? Math.abs(o.y - d.y) : 9)));
      const d = line.reduce((a, b) => (alone(b) > alone(a) ? b : a));
      return [left + xaxis._offset + xaxis.l2p(d.x), top + yaxis._offset + yaxis.l2p(d.y), d.x];
    }""")
    page.mouse.move(at[0] - 4, at[1])
    page.mouse.move(at[0], at[1], steps=2)
    page.wait_for_selector("#compare-lines-graph .hoverlayer .hovertext")
    page.mouse.click(at[0], at[1])
    compare.part("transition").wait_for(state="visible")
    compare.part("movers").locator("tbody tr").first.wait_for()
    said = _inspect(compare, OPEN)
    assert said["title"] in ("t-SNE", "UMAP")  # which have the same places in the tests' run
    assert said["epochs"][1] == at[2] and said["n"] == 60
    places = np.array(said["positions"]).reshape(-1, 2)
    for column, epoch in enumerate(said["epochs"], start=1):
        field = page.get_by_label(f"Epoch of column {column}")
        if field.input_value() != str(epoch):
            field.fill(str(epoch))
            field.press("Enter")
            compare.until(f"s.epoch === {epoch}", f"compare-tsne-{epoch}")
    a, b = (compare.look(f"compare-tsne-{epoch}") for epoch in said["epochs"])
    moved = np.linalg.norm(b.positions - a.positions, axis=1)
    assert np.allclose(places[:, 1], moved, atol=2e-3 * moved.max())
    shown = [f"compare-{r}-{said['epochs'][1]}" for r in ("tsne", "umap", "grand-tour")]
    row = compare.part("movers").locator("tbody tr").first
    first = int(row.get_attribute("data-gt-point") or "")
    assert first == said["ids"][int(places[:, 1].argmax())]
    row.click()
    wait_selected(compare, 1, shown[0])
    assert all(selected(compare, name) == [first] for name in shown)
    compare.part("touch").scroll_into_view_if_needed()
    touch = compare.part("touch").bounding_box()
    assert touch is not None
    page.mouse.move(touch["x"] + 2, touch["y"] + 2)
    page.mouse.down()
    for dx, dy in ((1, 0), (1, 1), (0, 1)):
        page.mouse.move(
            touch["x"] + 2 + dx * (touch["width"] - 4),
            touch["y"] + 2 + dy * (touch["height"] - 4),
            steps=4,
        )
    page.mouse.up()
    wait_selected(compare, 60, shown[1])


def test_a_link_brings_back_columns_and_rows(open_page: Callable[..., Tour]) -> None:
    page = open_page("/compare?run=mnist&epochs=12.40.7&rows=umap.nothing&play=0", wait=False)
    page.until("s.epoch === 40", "compare-umap-40")
    assert page.absent("compare-tsne-12")
    page.left_out().filter(has_text="(12.40.7) this run has 12, 40").wait_for()
    page.left_out().filter(has_text="Of the link's rows this run has umap").wait_for()


def test_a_link_carries_the_selection(compare: Tour, open_page: Callable[..., Tour]) -> None:
    compare.page.get_by_label("Select the 6 points of class 5").click()
    wait_selected(compare, 6)
    address = compare.copied_link()
    other = open_page(address.removeprefix(compare.site), wait=False, context={})
    other.ready(TOUR)
    other.until("s.selected.length === 6", UMAP)
    assert selected(other, UMAP) == selected(compare, UMAP)


def test_the_wheel_scrolls_the_page_and_zooms_a_row_with_ctrl(compare: Tour) -> None:
    box_of(compare, TOUR)
    compare.page.evaluate("window.scrollTo(0, 0)")
    b = box_of(compare, TSNE)
    page = compare.page
    page.mouse.move(b["x"] + b["width"] / 2, b["y"] + b["height"] / 2)
    top = page.evaluate("scrollY")
    page.mouse.wheel(0, 120)
    page.wait_for_function("(top) => scrollY > top", arg=top)
    page.evaluate("window.scrollTo(0, 0)")
    b = box_of(compare, TSNE)
    page.mouse.move(b["x"] + b["width"] / 2, b["y"] + b["height"] / 2)
    wide = compare.look(TSNE).range[1]
    page.keyboard.down("Control")
    for _ in range(6):
        page.mouse.wheel(0, -400)
    compare.until(f"s.range[1] - s.range[0] < {wide} && !s.running", TSNE)
    page.keyboard.up("Control")
    everyone = len(compare.look(TSNE).ids)
    sweep(compare, TSNE, 0, 1)
    compare.until("!s.running", TSNE)
    assert len(selected(compare, TSNE)) < everyone  # what is out of the panel is out of reach


def test_colours_by_prediction_are_those_of_each_column(compare: Tour) -> None:
    compare.page.get_by_label("Colour").select_option("verdict")
    compare.until("!s.running", TSNE)
    compare.page.wait_for_function(
        "document.querySelector('[data-gt-part=key]').textContent.includes('wrong')"
    )


def test_a_colour_chosen_before_there_are_points_is_theirs_when_they_come(
    open_page: Callable[..., Tour],
) -> None:
    page = open_page("/compare?run=mnist&play=0", wait=False, init=_HELD)
    page.page.get_by_label("Colour").select_option("verdict")
    page.page.evaluate("letThrough()")
    page.ready(TOUR)
    page.page.wait_for_function(
        "document.querySelector('[data-gt-part=key]').textContent.includes('wrong')"
    )


def test_on_a_phone_the_grid_scrolls_and_the_page_does_not(open_page: Callable[..., Tour]) -> None:
    page = open_page(
        "/compare?run=mnist&play=0", wait=False, given={"viewport": {"width": 390, "height": 844}}
    )
    page.ready(TOUR)
    wide = page.page.evaluate(
        "[document.documentElement.scrollWidth, document.querySelector('.gt-grid-scroll').scrollWidth, innerWidth]"
    )
    assert wide[0] <= wide[2] and wide[1] > 0
    b = box_of(page, TSNE)
    assert b["width"] >= 90 and abs(b["width"] - b["height"]) < 2


def test_a_run_without_embeddings_shows_its_tour_and_says_how_to_get_more(
    open_page: Callable[..., Tour],
) -> None:
    page = open_page("/compare?run=wide&play=0", wait=False)
    page.until(
        "s.run === 'wide' && s.n === 48", "compare-grand-tour-3"
    )  # it opens at what moves late
    assert "gt embed" in page.part("rows").inner_text()
    page.page.locator(".gt-offer").get_by_role("link", name="t-SNE").click()
    page.page.get_by_role("dialog").get_by_text("Compute a t-SNE").wait_for()  # its form is open


def _inspect(page: Tour, name: str) -> dict[str, Any]:
    return page.page.evaluate(
        """async (name) => {
          const { inspect } = await import("/assets/js/main.mjs");
          const seen = inspect(name);
          return { ...seen, positions: [...seen.positions] };
        }""",
        name,
    )


def test_a_film_of_epochs_has_a_picture_for_each_row_and_leaves_the_page_as_it_was(
    compare: Tour,
) -> None:
    before = compare.look(TSNE), compare.look(TOUR)
    compare.button("picture").click()
    compare.page.locator(".gt-take-head").get_by_role("button", name="Video", exact=True).click()
    form = compare.page.locator(".gt-take-form:not([hidden])")
    form.get_by_label("Tour").check()
    form.get_by_label("Epochs: from").select_option(label="10")
    form.get_by_label("Epochs: to").select_option(label="12")
    form.get_by_label("File").select_option("gif")
    form.get_by_label("Seconds", exact=True).fill("0.4")
    form.get_by_label("Frames a second", exact=True).select_option("10")
    form.get_by_role("status").filter(has_text="4 frames").wait_for()
    compare.page.locator(".gt-take-preview[aria-busy=false]").wait_for()
    with compare.page.expect_download() as coming:
        form.locator("[type=submit]").click()
    film = Path(coming.value.path()).read_bytes()
    assert coming.value.suggested_filename == "mnist-compare.gif"
    assert film[:6] == b"GIF89a" and film.count(b"\x21\xf9\x04") == 4
    compare.page.keyboard.press("Escape")
    compare.page.locator(".gt-take").wait_for(state="detached")
    for name, was in zip((TSNE, TOUR), before, strict=True):
        assert np.array_equal(compare.look(name).matrix, was.matrix)
        np.testing.assert_allclose(compare.look(name).positions, was.positions, atol=1e-6)
