"""``/tsne`` and ``/umap``: one picture of every epoch, flat or toured, linked with all other pages."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.browser.conftest import kept_page
from tests.browser.test_looks import colors
from tests.browser.test_pages import PHONE, go
from tests.browser.test_selection import counts, inside
from tests.browser.tour import TEST, TRAIN
from tests.embeddings import DYNAMIC, TRAINED

TSNE, UMAP = "tsne", "umap"
_FILLS = """(name) => {
  const gd = document.querySelector(`[data-gt-stage="${name}"] .js-plotly-plot`);
  return Math.abs(gd._fullLayout.width - gd.clientWidth) < 2;
}"""
STILL = {"reduced_motion": "reduce"}  # on every page that is gone to


@pytest.fixture(scope="module")
def _pages(site, shared_context):
    with kept_page(shared_context, site) as tsne, kept_page(shared_context, site) as umap:
        yield {TSNE: tsne, UMAP: umap}


def fresh(tour, name):
    tour.fresh(f"/{name}?run=mnist&play=0&seed=3", name, name)
    tour.page.keyboard.press("Escape")
    tour.until("!s.selected.length", name)
    return tour


@pytest.fixture
def tsne(_pages, watch):
    """The digits' t-SNE, standing still at its first epoch, nothing selected."""
    with watch.following(_pages[TSNE].page):
        yield fresh(_pages[TSNE], TSNE)


@pytest.fixture
def umap(_pages, watch):
    """The digits' UMAP, likewise."""
    with watch.following(_pages[UMAP].page):
        yield fresh(_pages[UMAP], UMAP)


@pytest.fixture(scope="module")
def said(runs_folder):
    """By epoch index: predicted classes and true ones of the digits' test points."""
    from gt.run import find_runs

    [run] = [run for run in find_runs([runs_folder])[0] if run.name == "mnist"]
    rows = np.flatnonzero(run.splits == 1)
    return lambda at: (run.activations("softmax", at)[rows].argmax(axis=1), run.labels[rows])


def choose(tour, what, value):
    """Choose as a reader does, who sees what was chosen before: not while answers are on their way."""
    tour.page.wait_for_function("!document.querySelector('[data-dash-is-loading=true]')")
    tour.page.locator(f"#embed-{what}").select_option(value)


def lasso(tour, name):
    """A lasso around some points, none of which is so near its edge that a pixel decides."""
    seen = tour.look(name)
    places = seen.positions / seen.radius
    for turn in np.linspace(0, 2 * np.pi, 12, endpoint=False):
        for radius in np.linspace(0.12, 0.3, 10):
            ring = tour.ring(0.5 * np.array([np.cos(turn), np.sin(turn)]), radius)
            odd, away = inside(ring, places)
            if 3 <= odd.sum() < len(odd) and away.min() > 0.012:
                tour.draw(ring, name)
                return set(seen.ids[odd].tolist())
    raise AssertionError("every ring has a point on its edge")


def test_points_are_drawn_flat_and_the_epochs_move_them(tsne):
    first = tsne.settled(TSNE)
    assert (first.run, first.layer, first.n, first.p) == ("mnist", "tsne", 60, 2)
    assert (first.way, first.epoch) == ("buffer", 0)
    np.testing.assert_array_equal(first.matrix, np.eye(2))
    assert set(first.ids) == set(range(100_000, 100_060))
    assert tsne.handle_names(TSNE) == []
    tsne.page.keyboard.press("ArrowRight")
    tsne.until("s.epoch === 1 && !s.playing", TSNE)
    assert np.abs(tsne.look(TSNE).positions - first.positions).max() > 0.1
    tsne.page.keyboard.press("Space")
    tsne.until("s.playing && s.epoch > 1", TSNE)
    tsne.page.keyboard.press("Space")
    assert not tsne.settled(TSNE).playing
    np.testing.assert_allclose(np.abs(tsne.at_the_end(TSNE).positions).max(), 11, atol=2.5)


def test_nothing_turns_a_flat_picture_but_it_can_be_zoomed(tsne):
    for action in ("tour", "reseed", "random", "reset", "matrix"):  # selections can be undone
        assert tsne.button(action).is_hidden(), action
    before = tsne.settled(TSNE)
    home = tsne.axes(TSNE)
    for key in ("t", "r", "n", "0", "Home", "Control+z", "Control+Shift+z"):
        tsne.page.keyboard.press(key)
    tsne.frames(3)
    after = tsne.look(TSNE)
    assert not after.playing and tsne.toast().count() == 0
    np.testing.assert_array_equal(after.positions, before.positions)
    low, high = after.positions.min(axis=0), after.positions.max(axis=0)
    shares = []
    for axis, (a, b) in zip("xy", np.column_stack([low, high]) / after.radius, strict=True):
        assert home[axis][0] < a and b < home[axis][1]
        shares.append((b - a) / (home[axis][1] - home[axis][0]))
    assert max(shares) > 0.7, "it is fitted to its points, whichever side is the tighter one"
    x, y = home["left"] + home["width"] / 2, home["top"] + home["height"] / 2
    tsne.page.mouse.move(x, y)
    tsne.page.keyboard.down("Control")
    tsne.page.mouse.wheel(0, -200)
    tsne.page.keyboard.up("Control")
    tsne.button("zoom").wait_for()
    tsne.page.keyboard.press("f")
    tsne.button("zoom").wait_for(state="hidden")
    tsne.until("!s.running", TSNE)
    np.testing.assert_allclose(tsne.axes(TSNE)["x"], home["x"], rtol=0.02, atol=0.02)


def test_it_says_how_it_was_made_of_how_many_points_and_how_many_are_right(tsne, said):
    about = tsne.page.locator("#embed-about").inner_text()
    assert "Each epoch on its own" in about
    for fact in (r"Perplexity\s+30", r"Iterations\s+500", r"Seed\s+0", r"openTSNE\s+1.0.4"):
        assert re.search(fact, about), about
    assert tsne.stage(TSNE).locator("h2").inner_text() == "MNIST: t-SNE"
    predicted, labels = said(0)
    share = 100 * (predicted == labels).mean()
    figures = tsne.part("figures").filter(has_text="correct")
    assert figures.inner_text() == f"60 of 60 test points, {share:.1f} % correct"
    choose(tsne, "method", DYNAMIC)
    tsne.until("s.n === 40", TSNE)
    tsne.part("figures").filter(has_text="40 of 60 test points").wait_for()
    assert re.search(r"Epochs\s+5 of 8", tsne.page.locator("#embed-about").inner_text())
    assert "λ 0.01, every 2" in tsne.stage(TSNE).locator("h2").inner_text()
    tsne.page.keyboard.press("ArrowRight")
    tsne.until("s.epoch === 5 && !s.playing", TSNE)  # its own epochs: 0, 5, 12, 30, 40


def test_what_the_network_says_comes_from_its_outputs(tsne, said):
    seen = tsne.at_the_end(TSNE)
    predicted, labels = said(7)
    tsne.page.get_by_label("Colour").select_option("verdict")
    tsne.frames(4)
    names = {True: "7d93a8", False: "e0312f"}
    expected = [names[bool(right)] for right in predicted == labels]
    tsne.part("figures").filter(has_text=f"{100 * (predicted == labels).mean():.1f} %").wait_for()
    tsne.frames(4)
    agree = np.mean([a == b for a, b in zip(colors(tsne, TSNE), expected, strict=True)])
    assert agree > 0.85, agree  # some lie beneath others
    assert expected.count(names[False]) > 2
    lone = int(np.flatnonzero(predicted != labels)[0])
    x, y = tsne.pixels(seen.positions[lone] / seen.radius, TSNE)[0]
    tsne.page.mouse.move(x + 3, y)
    tsne.page.mouse.move(x, y)
    card = tsne.page.locator(".gt-hover-card")
    card.wait_for()
    assert "Predicted" in card.inner_text() and "40" in card.inner_text()
    tsne.page.mouse.move(2, 2)
    tsne.page.get_by_label("Colour").select_option("label")


def test_umap_in_eight_dimensions_is_toured_and_a_flat_picture_comes_back(umap):
    umap.page.keyboard.press("ArrowRight")
    umap.until("s.epoch === 1 && !s.playing", UMAP)
    choose(umap, "method", "umap-8d")
    umap.until("s.p === 8 && s.layer === 'umap-8d'", UMAP)
    first = umap.settled(UMAP)
    assert first.epoch == 1
    assert umap.handle_names(UMAP) == [f"d{i}" for i in range(1, 9)]
    border = "getComputedStyle(end, '::before').borderTopColor"
    tints = umap.page.evaluate(
        f"[...document.querySelectorAll('.gt-handle')].map((end) => {border})"
    )
    assert len(set(tints)) == 1
    umap.button("tour").click()
    umap.until(f"s.playing && Math.abs(s.matrix[0] - {float(first.matrix[0, 0])}) > 1e-3", UMAP)
    umap.button("tour").click()
    seen = umap.settled(UMAP)
    np.testing.assert_allclose(seen.matrix @ seen.matrix.T, np.eye(8), atol=1e-9)
    umap.drag_handle("d3", (0.4, 0.5), UMAP)
    umap.frames(2)
    np.testing.assert_allclose(umap.look(UMAP).matrix[2, :2], (0.4, 0.5), atol=0.02)
    umap.page.keyboard.press("t")
    umap.until("s.playing", UMAP)
    choose(umap, "method", "umap")
    umap.until("s.p === 2 && !s.playing", UMAP)
    flat = umap.settled(UMAP)
    assert (umap.handle_names(UMAP), flat.epoch) == ([], 1)
    np.testing.assert_array_equal(flat.matrix, np.eye(2))
    assert umap.button("tour").is_hidden() and umap.toast().count() == 0


def test_a_lasso_here_selects_the_same_points_on_the_tour_page_and_back(open_page):
    tsne = open_page("/tsne?run=mnist", given=STILL)
    tsne.at_the_end(TSNE)
    picked = lasso(tsne, TSNE)
    assert set(tsne.look(TSNE).selected) == picked
    go(tsne, "Grand Tour")
    tsne.until(f"s.selected.length === {len(picked)}", TEST)
    assert set(tsne.look().selected) == picked and tsne.absent(TSNE)
    tsne.page.get_by_role("button", name="Select the 12 points of class 4").click()
    tsne.until("s.selected.length === 6", TEST)
    fours = set(tsne.look(TEST).selected)
    go(tsne, "t-SNE")
    tsne.until("s.selected.length === 6", TSNE)
    assert set(tsne.look(TSNE).selected) == fours != picked
    tsne.page.get_by_text("6 selected points are not in this picture").wait_for()
    go(tsne, "UMAP")
    tsne.until("s.selected.length === 6", UMAP)
    assert set(tsne.look(UMAP).selected) == fours and tsne.absent(TSNE)


def test_a_number_in_the_legend_selects_its_class(tour):
    def number(c):
        return tour.page.get_by_role("button", name=f"Select the 12 points of class {c}")

    def classes():
        chosen = [*tour.look(TRAIN).selected, *tour.look(TEST).selected]
        return sorted({i % 100_000 % 10 for i in chosen}), len(chosen)

    number(5).click()
    assert classes() == ([5], 12)
    number(8).click(modifiers=["Shift"])
    assert classes() == ([5, 8], 24)
    tour.frames(3)
    assert counts(tour)[5] == counts(tour)[8] == "12 / 12" and counts(tour)[0] == "0 / 12"
    number(5).click(modifiers=["Alt"])
    assert classes() == ([8], 12)
    tour.button("how", "add").click()
    number(1).focus()
    tour.page.keyboard.press("Enter")
    assert classes() == ([1, 8], 24)
    entries = tour.page.locator(".gt-legend-entry").all()
    assert all(entry.get_attribute("aria-pressed") == "true" for entry in entries)


def test_another_run_shows_its_own_points_or_says_how_to_get_a_picture(tsne):
    picture = tsne.page.locator("#embed-picture")
    size = tsne.stage(TSNE).bounding_box()
    choose(tsne, "run", "shapes")
    tsne.until("s.run === 'shapes' && s.n === 24", TSNE)
    assert tsne.look(TSNE).layer == TRAINED
    tsne.part("figures").filter(has_text="24 of 24 training points").wait_for()
    assert tsne.page.locator("#embed-method").input_value() == TRAINED
    choose(tsne, "run", "wide")
    picture.wait_for(state="hidden")
    assert "gt embed" in tsne.page.locator("#embed-about code").inner_text()
    for key in ("Space", "t", "i", "Escape"):
        tsne.page.keyboard.press(key)
    assert not tsne.settled(TSNE).playing
    choose(tsne, "run", "mnist")
    picture.wait_for()
    tsne.until("s.run === 'mnist' && s.frame.count > 0", TSNE)
    assert tsne.stage(TSNE).bounding_box() == size
    assert tsne.toast().count() == 0 and tsne.page.locator(".gt-alert:visible").count() == 0


def test_a_page_opened_without_a_picture_gets_one_with_another_run(open_page):
    tour = open_page("/umap?run=held-out&play=0", wait=False)
    tour.page.get_by_text("Held out has no UMAP picture yet").wait_for()
    choose(tour, "run", "mnist")
    tour.until("s.run === 'mnist' && s.frame.count > 0", UMAP)
    # the picture was hidden when it was made: it takes its size once it shows
    tour.page.wait_for_function(_FILLS, arg=UMAP)
    box = tour.stage(UMAP).locator(".js-plotly-plot").bounding_box()
    axes = tour.axes(UMAP)
    assert abs(box["width"] - axes["width"]) < 2 and abs(box["height"] - axes["height"]) < 2
    assert box["width"] > 600


def test_the_run_and_each_page_s_method_are_found_again(open_page):
    tour = open_page("/tsne?run=mnist", given=STILL)
    choose(tour, "method", DYNAMIC)
    tour.until("s.n === 40", TSNE)
    tour.page.keyboard.press("ArrowRight")
    tour.until("s.epoch === 5 && !s.playing", TSNE)
    go(tour, "UMAP")
    tour.until("s.run === 'mnist' && s.frame.count > 0", UMAP)
    go(tour, "t-SNE")
    tour.until("s.n === 40 && s.epoch === 5", TSNE)
    choose(tour, "run", "shapes")
    tour.until("s.run === 'shapes'", TSNE)
    go(tour, "Grand Tour")
    tour.until("s.run === 'shapes' && s.frame.count > 0", TEST)
    go(tour, "UMAP")
    tour.page.get_by_text("Shapes has no UMAP picture yet").wait_for()
    assert tour.page.locator("#embed-run").input_value() == "shapes"


def test_a_link_restores_a_flat_picture(open_page):
    tour = open_page(
        "/tsne?run=mnist&play=0", given={"permissions": ["clipboard-read", "clipboard-write"]}
    )
    choose(tour, "method", DYNAMIC)
    tour.until("s.n === 40", TSNE)
    seen = tour.at_the_end(TSNE)
    tour.page.locator(".gt-legend-count").nth(2).click()
    tour.page.locator(".gt-legend-entry").nth(3).click()
    tour.button("link").click()
    tour.toast().filter(has_text="Link").wait_for()
    link = tour.page.evaluate("navigator.clipboard.readText()")
    assert f"/tsne?run=mnist&method={DYNAMIC}&" in link and "frame=" not in link
    other = open_page(link.removeprefix(tour.site))
    other.until("s.n === 40 && s.epoch === 40 && s.selected.length === 4", TSNE)
    np.testing.assert_allclose(other.settled(TSNE).positions, seen.positions, atol=1e-4)
    assert other.page.locator(".gt-legend-entry[aria-pressed='false']").count() == 1
    assert other.toast().count() == 0


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("run=nothing&play=0", "There is no run “nothing”"),
        ("run=mnist&method=umap&play=0", "MNIST has no t-SNE picture “umap”"),
        ("run=mnist&method=tsne&epoch=soon&frame=AAAA&play=0", "“epoch” could not be read"),
    ],
)
def test_a_link_with_wrong_values_says_so_and_shows_what_it_can(open_page, query, said):
    tour = open_page(f"/tsne?{query}")
    tour.page.get_by_text(said).first.wait_for()
    seen = tour.settled(TSNE)
    assert (seen.run, seen.layer) == ("mnist", "tsne") and tour.toast().count() <= 1


def test_picture_and_selection_are_downloaded(tsne):
    tsne.page.locator(".gt-legend-count").nth(6).click()
    tsne.until("s.selected.length === 6", TSNE)
    tsne.button("picture").click()
    with tsne.page.expect_download() as picture:
        tsne.page.get_by_role("button", name="Save PNG").click()
    assert picture.value.suggested_filename == "mnist-tsne-epoch-0.png"
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")
    tsne.page.keyboard.press("Escape")
    with tsne.page.expect_download() as table:
        tsne.button("csv").click()
    rows = table.value.path().read_text().splitlines()
    assert len(rows) == 7 and ",test," in rows[1]


def test_on_a_phone_it_fits_and_its_link_is_in_sight(open_page):
    tour = open_page("/umap?run=mnist&method=umap-8d&play=0", context=PHONE)
    assert tour.page.evaluate("document.scrollingElement.scrollWidth") <= 390
    box = tour.stage(UMAP).locator(".gt-picture").bounding_box()
    assert box["width"] > 380 and box["height"] > box["width"]
    menu = tour.page.locator("header [data-gt-action='menu']")
    assert menu.inner_text() == "UMAP"
    menu.click()
    place = tour.page.locator(".gt-nav-link.active").bounding_box()
    assert place["x"] >= 0 and place["x"] + place["width"] <= 390
    tour.goto("/")
    tour.page.locator(".gt-own pre").wait_for()
    assert tour.page.evaluate("document.scrollingElement.scrollWidth") <= 390
    tour.goto("/training?run=mnist")
    assert tour.page.locator("#training-split").bounding_box()["width"] > 150  # its words are seen


def test_what_a_filter_leaves_fills_the_picture_and_stays_so_after_a_reload(tsne):
    page = tsne.page
    wide = """(name) => {
      const [from, to] = document.querySelector(`[data-gt-stage="${name}"] .js-plotly-plot`)._fullLayout.xaxis.range;
      return to - from;
    }"""
    before = page.evaluate(wide, TSNE)
    page.keyboard.press("/")
    page.locator(".gt-search-panel input").fill("label:3")
    page.keyboard.press("Control+Enter")
    page.wait_for_function(f"(name) => ({wide})(name) < {0.9 * before}", arg=TSNE)
    tsne.settled(TSNE)
    after = page.evaluate(wide, TSNE)
    assert "sight=" in tsne.copied_link()
    page.reload()
    tsne.ready(TSNE)
    tsne.settled(TSNE)
    assert page.evaluate(wide, TSNE) == pytest.approx(after, rel=1e-3)
    page.get_by_label("Remove the filter: only label:3").click()
    page.locator(".gt-filter").wait_for(state="detached")
