"""From the input to the softmax in the browser: boundaries, both clocks, aligned and naive, pulling, finding, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.browser.conftest import kept_page, serving
from tests.browser.tour import PATIENCE_MS, Tour
from tests.networks import CLASSES, POINTS

ROOT = Path(__file__).parents[2]
STAGE = "layers"
STATES = ["input", "conv", "relu1", "pool", "linear1", "relu2", "logits", "softmax"]
PLACE = {name: i for i, name in enumerate(STATES)}


@pytest.fixture
def layers(layers_page, watch) -> Iterator[Tour]:
    """The page with the small network at its input, standing still, nothing selected."""
    with watch.following(layers_page.page):
        layers_page.fresh_layers("/layers?run=shapes&play=0&seed=3")
        yield layers_page


def go(layers: Tour, position: float) -> None:
    """Put the slider of layers somewhere."""
    layers.slide(position, "strip")
    layers.until(f"Math.abs(s.state - {position}) < 1e-9 && !s.playing", STAGE)
    layers.settled(STAGE)


def select_class(layers: Tour, c: int) -> None:
    layers.page.locator(".gt-legend-count").nth(c).click()
    layers.until(f"s.selected.length === {POINTS // 3}", STAGE)


def spread(positions: np.ndarray) -> float:
    return float(np.abs(positions).max())


def test_it_opens_at_the_input_and_shows_every_state_in_the_strip(layers):
    seen = layers.look(STAGE)
    assert (seen.run, seen.layer, seen.state, seen.p, seen.n) == ("shapes", "input", 0, 8, POINTS)
    assert seen.epoch == 4  # that of the bases
    assert seen.way == "buffer"
    said = layers.page.locator(".gt-strip-block").all_inner_texts()
    assert [text.split()[0] for text in said] == STATES
    assert "Conv2d" in said[1] and "4×6×6" in said[1].replace(" ", "")
    assert (
        layers.stage(STAGE).locator(".gt-handles").evaluate("(h) => getComputedStyle(h).visibility")
        == "hidden"
    )


@pytest.mark.parametrize("mode", ["aligned", "naive"])
def test_no_point_jumps_when_a_state_is_passed(layers, mode):
    layers.button("naive", mode).click()
    for state in range(1, len(STATES) - 1):
        places = []
        for position in (state - 1e-6, state, state + 1e-6):
            go(layers, position)
            places.append(layers.look(STAGE).positions)
        assert np.abs(places[1] - places[0]).max() < 1e-4
        assert np.abs(places[2] - places[1]).max() < 1e-4
        assert spread(places[1]) > 0.01


def test_there_and_back_returns_view_and_picture(layers):
    before = layers.look(STAGE)
    for _ in range(3):
        layers.page.keyboard.press(".")
    layers.until("s.state === 3 && !s.playing", STAGE)
    assert np.abs(layers.look(STAGE).positions - before.positions).max() > 0.01
    for _ in range(3):
        layers.page.keyboard.press(",")
    layers.until("s.state === 0 && !s.playing", STAGE)
    after = layers.settled(STAGE)
    np.testing.assert_allclose(after.matrix, before.matrix, atol=1e-6)
    np.testing.assert_allclose(after.positions, before.positions, atol=1e-6)


def test_layers_play_to_the_softmax_and_stop_there(layers):
    layers.page.keyboard.press("p")
    layers.until("s.state > 0.2 && s.playing", STAGE)
    button = layers.button("play-states")
    assert button.get_attribute("aria-pressed") == "true"
    layers.until(f"s.state === {len(STATES) - 1}", STAGE, 3 * PATIENCE_MS)
    layers.settled(STAGE)
    assert button.get_attribute("aria-pressed") == "false"
    layers.page.keyboard.press("p")  # again from the start
    layers.until("s.state < 1 && s.playing", STAGE)
    layers.page.keyboard.press("p")
    layers.settled(STAGE)


def test_both_clocks_work_together(layers):
    """Half way between two layers and two epochs is the mean of the four pictures."""
    corners = []
    for state in (4, 5):
        go(layers, state)
        for index in (1, 2):
            layers.page.evaluate(
                "(i) => { const e = document.querySelector('[data-gt-part=\"epoch\"] input'); e.value = i; e.dispatchEvent(new Event('input')); }",
                index,
            )
            layers.until(f"s.epoch === {[0, 1, 2, 4][index]}", STAGE)
            layers.frames(2)
            corners.append(layers.look(STAGE).positions)
    layers.page.evaluate(
        "() => { const e = document.querySelector('[data-gt-part=\"epoch\"] input'); e.value = 1.5; e.dispatchEvent(new Event('input')); }"
    )
    go(layers, 4.5)
    np.testing.assert_allclose(layers.look(STAGE).positions, np.mean(corners, axis=0), atol=1e-5)


def test_handles_show_where_the_coordinates_are_the_classes(layers):
    go(layers, PLACE["logits"])
    shown = layers.stage(STAGE).locator(".gt-handles")
    assert layers.handle_names(STAGE) == CLASSES
    assert shown.evaluate("(h) => getComputedStyle(h).visibility") == "visible"
    layers.drag_handle("cross", (0.3, 0.2), STAGE)
    seen = layers.settled(STAGE)
    np.testing.assert_allclose(seen.matrix[1, :2], (0.3, 0.2), atol=0.01)
    np.testing.assert_allclose(seen.matrix @ seen.matrix.T, np.eye(8), atol=1e-9)
    go(layers, PLACE["conv"])
    assert shown.evaluate("(h) => getComputedStyle(h).visibility") == "hidden"


def test_aligned_and_naive_show_one_state_alike_and_its_passage_differently(layers):
    go(layers, PLACE["conv"])
    aligned = layers.look(STAGE)
    layers.button("naive", "naive").click()
    layers.until("s.naive", STAGE)
    layers.frames(2)
    naive = layers.look(STAGE)
    np.testing.assert_allclose(naive.positions, aligned.positions, atol=1e-5)
    go(layers, PLACE["pool"])
    there = layers.look(STAGE).positions
    layers.page.keyboard.press("a")
    layers.until("!s.naive", STAGE)
    layers.frames(2)
    back = layers.look(STAGE)
    np.testing.assert_allclose(back.positions, there, atol=1e-5)
    go(layers, PLACE["conv"])
    assert np.abs(layers.look(STAGE).positions - naive.positions).max() > 1e-3


def test_all_points_at_once_cannot_be_pulled_and_it_says_so(layers):
    for c in range(3):
        layers.page.locator(".gt-legend-count").nth(c).click(modifiers=["Shift"])
    layers.until(f"s.selected.length === {POINTS}", STAGE)
    layers.stage(STAGE).locator(".gt-pin").focus()
    before = layers.look(STAGE).matrix
    layers.page.keyboard.press("Space")
    layers.page.keyboard.press("ArrowRight")
    layers.toast().filter(has_text="all points").wait_for()
    np.testing.assert_array_equal(layers.settled(STAGE).matrix, before)


@pytest.mark.parametrize("mode", ["rotate", "fit", "spread"])
def test_selected_points_are_pulled_by_their_middle(layers, mode):
    go(layers, PLACE["relu1"])
    layers.button("drag", mode).click()
    select_class(layers, 2)
    before = layers.settled(STAGE)
    mine = np.isin(before.ids, before.selected)
    middle = before.positions[mine].mean(0)
    way = middle / np.linalg.norm(middle) * 0.1
    handle = layers.stage(STAGE).locator(".gt-pin")
    assert "Selection, 12 points" in handle.inner_text()
    start, end = layers.pixels([middle, middle + way], STAGE)
    layers.page.mouse.move(*start)
    layers.page.mouse.down()
    layers.page.mouse.move(*end, steps=4)
    layers.page.mouse.up()
    after = layers.settled(STAGE)
    np.testing.assert_allclose(after.matrix @ after.matrix.T, np.eye(8), atol=1e-8)
    moved = after.positions[mine].mean(0) - middle
    if mode == "spread":
        size = [
            np.linalg.norm(p[mine] - p[mine].mean(0)) for p in (before.positions, after.positions)
        ]
        assert size[1] > size[0]
    else:
        assert moved @ way > 0
    layers.page.keyboard.press("Control+z")
    np.testing.assert_allclose(layers.settled(STAGE).positions, before.positions, atol=1e-5)
    layers.page.keyboard.press("Control+Shift+z")
    np.testing.assert_allclose(layers.settled(STAGE).positions, after.positions, atol=1e-5)


def test_a_group_keeps_its_points_and_can_be_pulled_named_picked_and_deleted(layers):
    go(layers, PLACE["relu1"])
    select_class(layers, 0)
    layers.page.keyboard.press("g")
    select_class(layers, 1)
    pins = layers.stage(STAGE).locator(".gt-pin")
    assert sorted(text.strip() for text in pins.all_inner_texts()) == [
        "Selection, 12 points", "disc, 12 points",
    ]  # fmt: skip
    before = layers.settled(STAGE).matrix
    pins.filter(has_text="disc").focus()
    layers.page.keyboard.press("Space")
    layers.page.keyboard.press("ArrowRight")
    assert np.abs(layers.settled(STAGE).matrix - before).max() > 1e-4
    rows = layers.part("groups")
    name = rows.get_by_label("Name of the group")
    name.fill("round ones")
    name.press("Enter")
    pins.filter(has_text="round ones").wait_for(state="attached")
    rows.get_by_label("Select round ones").click()
    labels = (
        layers.look(STAGE).ids[np.isin(layers.look(STAGE).ids, layers.look(STAGE).selected)] % 3
    )
    assert set(labels) == {0}
    rows.get_by_label("Delete round ones").click()
    rows.locator("li").wait_for(state="detached")
    layers.page.keyboard.press("Control+z")
    rows.get_by_label("Select round ones").wait_for()
    layers.page.keyboard.press(
        "Control+Shift+z"
    )  # the browser keeps groups for the tests that follow
    rows.locator("li").wait_for(state="detached")


def test_two_classes_are_told_apart_by_the_view_that_is_found(layers):
    go(layers, PLACE["pool"])
    form = layers.part("find")
    form.get_by_label("One class").select_option("0")
    form.get_by_label("Other class").select_option("2")
    form.get_by_role("button", name="Find").click()
    text = layers.part("view-text")
    text.filter(has_text="disc").wait_for()
    share = float(re.search(r"([\d.]+) %", text.inner_text())[1])
    seen = layers.settled(STAGE)
    labels = seen.ids % 3
    x = seen.positions[:, 0]
    away = abs(x[labels == 0].mean() - x[labels == 2].mean())
    within = max(x[labels == 0].std(), x[labels == 2].std())
    assert share > 80 and away > 2 * within
    text.filter(has_text="As good as 0 of 20 searches with shuffled labels").wait_for()
    layers.page.keyboard.press("Control+z")  # the view of before


def test_trails_and_how_points_are_pulled_are_in_the_address(layers):
    page = layers.page
    page.locator('[data-gt-action="trails"][data-gt-value="layers"]').click()
    page.locator('[data-gt-action="drag"][data-gt-value="spread"]').click()
    page.wait_for_function(
        """() => {
          const asked = new URLSearchParams(location.search);
          return asked.get("trails") === "layers" && asked.get("pull") === "spread";
        }"""
    )
    page.reload()
    layers.ready(STAGE)
    for action, value in {"trails": "layers", "drag": "spread"}.items():
        page.locator(
            f'[data-gt-action="{action}"][data-gt-value="{value}"][aria-pressed="true"]'
        ).wait_for()
    page.locator('[data-gt-action="trails"][data-gt-value="off"]').click()
    page.locator('[data-gt-action="drag"][data-gt-value="rotate"]').click()
    page.wait_for_function("!/trails|pull/.test(location.search)")


def test_a_view_that_is_found_too_late_stays_away_from_another_picture(layers):
    held = []
    pattern = re.compile("_dash-update-component")

    def hold(route):
        if "layers-answer-store" in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    go(layers, PLACE["pool"])
    layers.page.route(pattern, hold)
    layers.part("find").get_by_role("button", name="Find").click()
    layers.frames(5)
    layers.page.get_by_label("Aligned").select_option(label="about epoch 1, 8 coordinates")
    layers.until("s.frame.count > 0 && s.state === 3", STAGE)
    layers.page.wait_for_function(
        "document.querySelector('[data-gt-part=\"origin\"]').textContent.includes('epoch 1')"
    )
    before = layers.settled(STAGE)
    assert len(held) == 1
    with layers.page.expect_response(pattern):
        held.pop().continue_()
    layers.frames(10)
    after = layers.settled(STAGE)
    layers.page.unroute(pattern)
    np.testing.assert_array_equal(after.matrix, before.matrix)
    assert layers.part("view-text").inner_text() == ""


@pytest.mark.parametrize(
    ("kind", "said"),
    [("movers-epochs", "epoch"), ("movers-layers", "input"), ("gap", "train")],
)
def test_movers_and_the_gap_are_found(layers, kind, said):
    before = layers.look(STAGE).matrix
    go(layers, PLACE["relu2"])
    layers.part("find").get_by_label("View", exact=True).select_option(kind)
    layers.part("find").get_by_role("button", name="Find").click()
    layers.part("view-text").filter(has_text=re.compile(said, re.I)).wait_for()
    after = layers.settled(STAGE)
    assert np.abs(after.matrix - before).max() > 1e-3
    rings = layers.stage(STAGE).locator(".gt-means circle")
    if kind == "gap":
        layers.page.wait_for_function(
            "document.querySelectorAll('.gt-means circle[cx]').length === 3"
        )
        assert rings.count() == 3 and rings.first.is_visible()
    else:
        assert len(after.selected) > 0 and not rings.first.is_visible()


def test_without_a_selection_there_is_nothing_to_tell_apart_and_it_says_so(layers):
    layers.part("find").get_by_label("View", exact=True).select_option("selection")
    layers.part("find").get_by_role("button", name="Find").click()
    layers.part("find").locator(".gt-find-said").filter(has_text="Select points first").wait_for()


INK = """() => {
  const { width, height } = document.querySelector(".gt-trails");
  const copy = Object.assign(document.createElement("canvas"), { width, height });
  const pen = copy.getContext("2d", { willReadFrequently: true });
  pen.drawImage(document.querySelector(".gt-trails"), 0, 0);
  return pen.getImageData(0, 0, width, height).data.reduce((n, x) => n + (x > 0), 0);
}"""


def test_trails_lead_from_the_layers_before(layers):
    go(layers, PLACE["relu2"])
    select_class(layers, 1)
    assert layers.page.evaluate(INK) == 0
    for along in ("layers", "epochs"):
        layers.button("trails", along).click()
        layers.frames(3)
        assert layers.page.evaluate(INK) > 200, along
    layers.button("trails", "off").click()
    layers.frames(3)
    assert layers.page.evaluate(INK) == 0


def test_the_numbers_follow_layer_and_epoch(layers):
    numbers = layers.part("numbers")
    assert "input" in numbers.inner_text() and "of 64 coordinates keep" in numbers.inner_text()
    go(layers, PLACE["linear1"])
    said = numbers.inner_text()
    assert "Singular vectors" in said and "scaled exactly" in said and "%" in said
    go(layers, PLACE["logits"])
    assert "All 3 coordinates are kept" in numbers.inner_text()


def test_what_is_said_of_a_layer_at_another_epoch_is_of_that_epoch_or_names_its_own(layers):
    go(layers, PLACE["linear1"])
    numbers, hint = layers.part("numbers"), layers.page.locator(".gt-moved-value").first
    here, moved = numbers.inner_text(), hint.inner_text()
    assert "scaled exactly" in here and "weights at epoch 4" in here and "now need not" not in here
    layers.page.keyboard.press("ArrowLeft")
    layers.until("s.epoch < 4 && !s.playing", STAGE)
    layers.settled(STAGE)
    there = numbers.inner_text()
    assert "Singular vectors of the layer at epoch 4: its weights scale" in there
    assert "weights at epoch 4" in there and hint.inner_text() != moved


def test_a_link_brings_layer_epoch_frame_and_mode_back(layers):
    go(layers, 4.25)
    layers.button("naive", "naive").click()
    select_class(layers, 2)
    link = layers.copied_link()
    before = layers.look(STAGE)
    layers.page.goto(link)
    layers.ready(STAGE)
    layers.until("s.naive && s.selected.length === 12", STAGE)
    layers.frames(3)
    after = layers.look(STAGE)
    assert after.state == pytest.approx(4.25)
    np.testing.assert_allclose(after.positions, before.positions, atol=1e-3)


def test_another_alignment_of_the_run_keeps_layer_and_selection(layers):
    go(layers, PLACE["pool"])
    select_class(layers, 0)
    layers.page.get_by_label("Aligned").select_option(label="about epoch 1, 8 coordinates")
    layers.until("s.selected.length === 12 && s.state === 3 && s.frame.count > 0", STAGE)
    assert (
        "about epoch 1"
        in layers.page.get_by_label("Aligned").locator("option:checked").inner_text()
    )


def test_the_smallest_example_measures_what_alignment_buys(layers):
    box = layers.part("negation")
    box.scroll_into_view_if_needed()
    text = box.inner_text()
    naive, aligned = (float(x) for x in re.findall(r"mean motion ([\d.]+)", text))
    assert naive > 1 and aligned == 0


def test_a_run_is_aligned_without_being_asked_and_as_the_page_is_asked(layers):
    layers.page.get_by_label("Run").select_option("fresh")
    layers.until("s.run === 'fresh' && s.frame.count > 0", STAGE, 4 * PATIENCE_MS)
    layers.page.locator("#job-align-message", has_text="done").wait_for()
    chosen = layers.page.get_by_label("Aligned").locator("option:checked")
    usual = chosen.text_content()
    assert usual and usual != "about epoch 4, 8 coordinates"
    layers.page.get_by_role("button", name="Align this run").click()
    form = layers.page.locator(".gt-compute-form")
    form.get_by_label("Coordinates").fill("zero")
    form.locator(".gt-problem").filter(has_text="zero").wait_for()
    assert form.get_by_role("button", name="Start").is_disabled()
    form.get_by_label("Coordinates").fill("8")
    form.get_by_role("button", name="Start").click()
    chosen.filter(has_text="about epoch 4, 8 coordinates").wait_for(
        state="attached", timeout=4 * PATIENCE_MS
    )
    layers.until("s.run === 'fresh' && s.p === 8 && s.frame.count > 0", STAGE)


def test_a_run_without_hidden_layers_says_how_to_record_them(layers):
    layers.page.get_by_label("Run").select_option("outputs")
    layers.page.locator("#layers-none", has_text="without its hidden layers").wait_for()
    layers.page.get_by_label("Run").select_option("shapes")
    layers.until("s.run === 'shapes'", STAGE)


@pytest.fixture(scope="module")
def shipped_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app with the runs that ship, and no others."""
    made = tmp_path_factory.mktemp("shipped")
    (made / "runs").mkdir()
    with serving(made / "runs", made / "cache", ROOT / "precomputed") as url:
        yield url


#: passes every state from the one side to the other and back; says how far a point jumps at most, of the plot's width
PASS = """async () => {
  const { inspect } = await import("/assets/js/main.mjs");
  const slider = document.querySelector('[data-gt-part="strip"] input');
  const gd = document.querySelector('[data-gt-stage="layers"] .js-plotly-plot');
  const at = async (position) => {
    slider.value = position;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    for (const end = performance.now() + 20000; performance.now() < end; ) {
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      const seen = inspect("layers");
      if (Math.abs(seen.state - position) < 1e-9 && !document.querySelector('[data-gt-part="loading"]').textContent) return seen;
    }
    throw new Error(`state ${position} did not come`);
  };
  const start = await at(0);
  const states = Number(slider.max);
  const wide = Math.abs(gd._fullLayout.xaxis.range[1] - gd._fullLayout.xaxis.range[0]);
  let jump = 0;
  let motion = 0;
  const away = (a, b) => a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);
  for (const order of [[-1e-6, 0, 1e-6], [1e-6, 0, -1e-6]]) {
    for (let s = 1; s < states; s++) {
      const seen = [];
      for (const beside of order) seen.push((await at(s + beside)).positions);
      jump = Math.max(jump, away(seen[0], seen[1]), away(seen[1], seen[2]));
      motion = Math.max(motion, away(seen[1], start.positions));
    }
  }
  const end = await at(0);
  return { jump: jump / wide, motion: motion / wide, turned: away(end.matrix, start.matrix), moved: away(end.positions, start.positions), states };
}"""


@pytest.fixture(scope="module")
def small_page(browser, shipped_site) -> Iterator[Tour]:
    """One page for all shipped runs, and small: hundreds of pictures are drawn in it."""
    with kept_page(browser, shipped_site, viewport={"width": 560, "height": 560}) as tour:
        yield tour


@pytest.mark.parametrize("run", ["mnist", "fashion-mnist", "cifar10"])
def test_no_point_of_a_shipped_run_jumps_at_any_state(small_page, run):
    small_page.goto(f"/layers?run={run}&play=0")
    small_page.ready(STAGE)
    said = small_page.page.evaluate(PASS)
    assert said["states"] == (12 if run == "cifar10" else 11)
    assert said["jump"] < 1e-4
    assert said["motion"] > 0.02  # and yet they moved
    assert said["turned"] < 1e-6 and said["moved"] < 1e-6
