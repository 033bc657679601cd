"""How much a frame tells: the meter against numpy, the complete tour to its end, its keys, its links."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gt import tour as twin
from gt.kept.alignment import find_alignments
from gt.run import open_run
from tests.browser.test_layers import go
from tests.browser.tour import PATIENCE_MS, TEST, TRAIN, Tour

STAGE = "layers"
COARSE = 1e-3  # of ρ: the browser's data are quantised, so ranks of nearly equal lengths may differ
ARRIVED = "s.stop !== null && s.arrived && !s.playing"


def softmax(runs: Path, epoch: int, split: int) -> np.ndarray:
    """The points of a split at an epoch's index, in all coordinates."""
    run = open_run(runs / "mnist")
    return run.activations("softmax", epoch).astype(float)[run.splits == split]


def measure(tour: Tour, kind: str) -> None:
    """Choose what the meters are of."""
    tour.page.locator(".gt-meter-of").first.select_option(kind)


def says(tour: Tour, text: str, name: str = TEST) -> None:
    """Wait until a gauge says something: its numbers change a few times a second at most."""
    tour.page.wait_for_function(
        """([name, text]) => {
          const gauge = document.querySelector(`[data-gt-stage="${name}"] [data-gt-part="gauge"]`);
          return gauge.innerText.replace(/\\s+/g, " ").includes(text);
        }""",
        arg=[name, text],
    )


@pytest.fixture
def told(tour: Tour) -> Iterator[Tour]:
    """The digits' page; whatever was measured is put back."""
    yield tour
    tour.page.keyboard.press("Escape")
    measure(tour, "auto")


@pytest.mark.parametrize("width", [1440, 1280, 1024])
def test_no_number_of_the_meter_is_cut_off(told, width):
    measure(told, "epochs")
    told.slide(3)
    says(told, "epoch 10 → 12:")
    size = told.page.viewport_size
    told.page.set_viewport_size({"width": width, "height": 900})
    try:
        told.page.wait_for_function(
            """() => [...document.querySelectorAll(".gt-meter-line")].every(
              (line) => line.scrollWidth <= line.clientWidth,
            )"""
        )
    finally:
        told.page.set_viewport_size(size)


def test_the_meter_of_a_motion_is_what_numpy_says(told, runs_folder):
    measure(told, "epochs")
    told.slide(3)
    told.until("s.meter?.of.fromEpoch === 3 && !s.running")
    for name, split in ((TRAIN, 0), (TEST, 1)):
        seen = told.look(name)
        moved = softmax(runs_folder, 4, split) - softmax(runs_folder, 3, split)
        meter = twin.Meter(moved)
        meter.look(seen.matrix)
        assert seen.meter["of"] == {
            "kind": "epochs", "fromEpoch": 3, "toEpoch": 4, "fromState": 0, "toState": 0,
        }  # fmt: skip
        assert (seen.meter["count"], seen.meter["points"]) == (60, 60)
        assert seen.meter["rho"] == pytest.approx(meter.rho(seen.matrix)[0], abs=COARSE)
        assert seen.meter["motion"] == pytest.approx(
            twin.drawn_share(moved, seen.matrix), abs=COARSE
        )
        x = softmax(runs_folder, 4, split)
        assert seen.meter["variance"] == pytest.approx(
            twin.drawn_share(x - x.mean(0), seen.matrix), abs=COARSE
        )
        says(told, f"this frame ρ {seen.meter['rho']:.2f}", name)
        says(told, "epoch 10 → 12:", name)


def test_a_still_picture_is_measured_by_distances(told, runs_folder):
    told.slide(4)
    seen = told.settled()
    assert seen.meter["of"]["kind"] == "positions" and seen.meter["motion"] is None
    x = softmax(runs_folder, 4, 1)
    apart = x[twin.pair_partners(len(x))] - x
    found = twin.Meter(apart).rho(seen.matrix)[0]
    assert seen.meter["rho"] == pytest.approx(found, abs=COARSE)
    assert seen.meter["variance"] == pytest.approx(
        twin.drawn_share(x - x.mean(0), seen.matrix), abs=COARSE
    )
    says(told, "still picture:")


def test_between_two_epochs_the_motion_is_measured_without_being_asked(told):
    told.slide(2.5)
    told.until("s.meter?.of.kind === 'epochs' && s.meter.of.fromEpoch === 2")
    assert told.look().meter["of"]["toEpoch"] == 3


def test_what_was_seen_grows_as_the_frame_turns_and_begins_anew_with_the_next_motion(told):
    measure(told, "epochs")
    told.slide(3)
    told.until("s.meter?.of.fromEpoch === 3 && !s.running")
    before = told.look()
    assert before.meter["seen"] == before.meter["rho"] and before.meter["turned"] == 0
    told.frames(10)
    assert told.look().meter == before.meter  # a frame that stands still adds nothing
    told.page.keyboard.press("t")
    told.until("s.meter.turned > 0.6")
    told.page.keyboard.press("t")
    after = told.settled()
    assert after.meter["seen"] != after.meter["rho"]
    told.slide(4)
    told.until("s.meter?.of.fromEpoch === 4 && !s.running")
    assert told.look().meter["turned"] == 0


def test_hidden_classes_are_not_measured(told):
    told.page.locator(".gt-legend-entry").first.click()
    told.until("s.meter.points === 54")


def test_the_complete_tour_shows_all_of_a_motion(told, runs_folder):
    measure(told, "epochs")
    told.slide(3)
    told.until("s.meter?.of.fromEpoch === 3 && !s.running")
    before = told.look()
    told.page.keyboard.press("k")  # the first stop, and stay there
    moved = np.vstack(
        [softmax(runs_folder, 4, split) - softmax(runs_folder, 3, split) for split in (0, 1)]
    )
    whole = twin.complete_tour(moved)
    rising = [0.0]
    for stop in range(1, 6):
        told.until(f"s.stop === {stop} && {ARRIVED}")
        seen = told.look()
        assert seen.stops == 5
        assert seen.share == pytest.approx(whole.shares[stop - 1], abs=COARSE)
        assert seen.sofar == pytest.approx(whole.shares[:stop].sum(), abs=COARSE)
        drawn = twin.drawn_share(moved, seen.matrix)
        assert drawn == pytest.approx(seen.share, abs=COARSE)
        said = told.part("stops").inner_text().replace("\xa0", " ")
        assert f"Stop {stop} of 5:" in said and "of the motion" in said
        rising.append(seen.sofar)
        told.page.keyboard.press("k")
    assert (np.diff(rising) >= -1e-12).all()
    for name in (TRAIN, TEST):
        seen = told.look(name)
        assert seen.meter["seen"] == pytest.approx(1, abs=1e-9)
        says(told, "stops so far 1.00", name)
    assert told.look().stopRho == pytest.approx(1, abs=1e-9) and told.look().sofar == pytest.approx(
        1
    )
    told.page.keyboard.press("j")
    told.until(f"s.stop === 4 && {ARRIVED}")
    assert told.look().stopRho == pytest.approx(1, abs=1e-9)  # what was seen is not unseen
    told.page.keyboard.press("s")
    told.until("s.stop === null")
    assert told.part("stops").is_hidden()
    told.page.keyboard.press("Control+z")  # all stops are one view
    np.testing.assert_allclose(told.settled().matrix[:, :2], before.matrix[:, :2], atol=1e-9)


def test_it_goes_on_by_itself_plays_the_motion_at_each_stop_and_ends_at_the_last(told):
    measure(told, "epochs")
    told.slide(3)
    button = told.stage().locator('[data-gt-action="show-all"]')
    button.click()
    told.until("s.stop === 1 && s.epoch > 10.1 && s.epoch < 11.9")
    assert button.get_attribute("aria-pressed") == "true"
    told.until("s.stop === 5 && s.arrived && s.meter.seen > 0.999999", TEST, 3 * PATIENCE_MS)
    told.page.keyboard.press("Escape")
    told.until("s.stop === null")
    assert button.get_attribute("aria-pressed") == "false"


@pytest.mark.parametrize("how", ["drag", "epoch", "random", "tour"])
def test_it_ends_when_the_reader_takes_over(told, how):
    told.slide(4)
    told.page.keyboard.press("k")
    told.until(f"s.stop === 1 && {ARRIVED}")
    if how == "drag":
        told.drag_handle("3", (0.4, -0.5))
    elif how == "epoch":
        told.page.keyboard.press("ArrowRight")
    else:
        told.page.keyboard.press({"random": "r", "tour": "t"}[how])
    told.until("s.stop === null")


def test_a_tour_of_the_class_means_is_of_training_against_test(told, runs_folder):
    told.slide(4)
    measure(told, "means")
    told.page.keyboard.press("k")
    told.until(f"s.stop === 1 && {ARRIVED}")
    labels = open_run(runs_folder / "mnist").labels
    splits = open_run(runs_folder / "mnist").splits
    x = [softmax(runs_folder, 4, split) for split in (0, 1)]
    apart = np.array(
        [
            x[0][labels[splits == 0] == c].mean(0) - x[1][labels[splits == 1] == c].mean(0)
            for c in range(10)
        ]
    )
    assert told.look().share == pytest.approx(twin.complete_tour(apart).shares[0], abs=COARSE)
    assert "of the differences" in told.part("stops").inner_text()


def test_where_nothing_moves_it_says_so(told):
    for entry in range(10):
        told.page.locator(".gt-legend-entry").nth(entry).click()
    told.until("s.meter.points === 0")
    told.page.keyboard.press("s")
    told.toast().filter(has_text="nothing to show").wait_for()
    assert told.look().stop is None


def test_a_link_to_a_stop_restores_it(told, open_page):
    measure(told, "epochs")
    told.slide(3)
    told.page.keyboard.press("k")
    told.until(f"s.stop === 1 && {ARRIVED}")
    told.page.keyboard.press("k")
    told.until(f"s.stop === 2 && {ARRIVED}")
    there = told.look()
    query = told.asked(told.copied_link())
    other = open_page(f"/grand-tour?{query}")
    other.until(f"s.stop === 2 && {ARRIVED}")
    seen = other.look()
    np.testing.assert_allclose(seen.matrix[:, :2], there.matrix[:, :2], atol=1e-6)
    assert (seen.stops, seen.meter["of"]) == (there.stops, there.meter["of"])
    assert seen.share == pytest.approx(there.share)
    assert seen.sofar == pytest.approx(seen.share)  # only this stop was seen here


def test_a_link_with_a_stop_that_this_run_has_not_got_says_so(open_page):
    page = open_page("/grand-tour?run=mnist&play=0&whole=epochs_10_999_0_0&stop=2")
    page.left_out().filter(has_text="“stop” could not be read").wait_for()
    assert page.look().stop is None


def test_without_motion_it_jumps(open_page):
    page = open_page("/grand-tour?run=mnist&play=0&epoch=12", given={"reduced_motion": "reduce"})
    page.page.keyboard.press("k")
    page.until("s.stop === 1 && s.arrived")
    before = page.look().matrix
    page.page.keyboard.press("k")
    page.until("s.stop === 2 && s.arrived")
    assert np.abs(page.look().matrix - before).max() > 0.1


def test_a_named_view_says_how_much_it_draws(told, runs_folder):
    told.page.get_by_role("button", name="Seven is learnt, epoch 12").click()
    seen = told.settled()
    told.until("s.epoch === 12")
    shares = [
        twin.drawn_share(
            softmax(runs_folder, 4, split) - softmax(runs_folder, 3, split), seen.matrix
        )
        for split in (0, 1)
    ]
    text = "This frame draws {:.0f} % (training) and {:.0f} % (test) of the motion".format(
        *(100 * share for share in shares)
    )
    told.part("view-tells").filter(has_text=text).wait_for()


def test_the_meter_explains_itself_to_pointer_and_keyboard(told):
    button = told.stage().locator('[data-gt-part="gauge"]')
    says = told.page.locator(f"#{button.get_attribute('aria-describedby')}")
    assert says.evaluate("(e) => getComputedStyle(e).visibility") == "hidden"
    button.hover()
    says.filter(has_text="60 points that are drawn").wait_for(state="visible")
    told.page.mouse.move(1, 1)
    says.wait_for(state="hidden")
    told.stage().locator('[data-gt-action="show-all"]').focus()
    told.page.keyboard.press("Shift+Tab")  # to the mark that says what ρ is
    told.page.locator("#gt-term-box").get_by_text("Spearman's rank correlation").wait_for()
    told.page.keyboard.press("Shift+Tab")
    says.wait_for(state="visible")
    assert "5 planes" in says.inner_text() and "all 10 coordinates" in says.inner_text()


def test_numbers_that_change_move_nothing(told):
    box = told.stage().locator(".gt-meter")
    places = """(box) => [...box.querySelectorAll(".gt-meter-gauge, .gt-meter-value, button, select")].map((e) => e.getBoundingClientRect().x)"""
    told.slide(2.5)
    told.until("s.meter?.of.kind === 'epochs'")
    says(told, "epoch 5 → 10:")
    before = [box.evaluate(places), box.bounding_box()]
    told.page.keyboard.press("t")
    told.until("s.meter.turned > 0.5")
    told.page.keyboard.press("t")
    told.settled()
    np.testing.assert_allclose(box.evaluate(places), before[0], atol=1)
    assert box.bounding_box() == before[1]


def test_the_keys_are_listed(told):
    told.page.keyboard.press("?")
    said = told.page.locator("dialog[open]").inner_text()
    told.page.keyboard.press("Escape")
    assert "show all of it" in said and "J, K" in said


@pytest.mark.parametrize(("path", "p", "stops"), [("shapes", 3, 2), ("wide", 12, 6)])
def test_other_widths_end_with_everything_too(open_page, path, p, stops):
    name = TEST if path == "shapes" else TRAIN
    page = open_page(f"/grand-tour?run={path}&play=0&epoch=2", wait=False)
    page.ready(name)
    assert page.look(name).p == p
    for stop in range(1, stops + 1):
        page.page.keyboard.press("k")
        page.until(f"s.stop === {stop} && {ARRIVED}", name)
    seen = page.look(name)
    assert seen.stops == stops and seen.meter["seen"] == pytest.approx(1, abs=1e-9)


def test_a_flat_picture_has_no_frames_and_says_why(open_page):
    page = open_page("/tsne?run=mnist&play=0")
    button = page.stage("tsne").locator('[data-gt-action="show-all"]')
    assert button.get_attribute("aria-disabled") == "true"
    assert "flat" in button.get_attribute("title")
    says(page, "no projection", "tsne")
    button.click(force=True)
    page.toast().filter(has_text="flat picture").wait_for()
    assert page.look("tsne").meter is None


def test_the_teaser_has_both(open_page):
    page = open_page("/?play=0")
    page.until("s.meter !== null", "home")
    page.stage("home").locator('[data-gt-action="show-all"]').click()
    page.until("s.stop === 1", "home")
    page.stage("home").locator('[data-gt-action="stop-end"]').click()
    page.until("s.stop === null", "home")


@pytest.fixture
def layers(layers_page, watch) -> Iterator[Tour]:
    with watch.following(layers_page.page):
        layers_page.fresh_layers("/layers?run=shapes&play=0&seed=3&state=2", 2)
        yield layers_page


@pytest.mark.parametrize(
    ("kind", "naive"),
    [
        ("states", True),
        ("epochs", False),
        ("means", False),
        ("means", True),
        ("positions", False),
    ],
)
def test_all_of_a_layer_is_shown_at_right_angles_and_adds_up(layers, kind, naive):
    """The lengths of the drawn motions, from the positions that the page itself draws."""
    if naive:
        layers.button("naive", "naive").click()
    measure(layers, kind)
    columns = []
    for stop in range(1, 5):
        layers.page.keyboard.press("k")
        layers.until(f"s.stop === {stop} && {ARRIVED} && !s.running", STAGE)
        seen = layers.look(STAGE)
        columns.append(seen.matrix[:, :2])
    assert (seen.stops, seen.p) == (4, 8)
    planes = np.hstack(columns)
    np.testing.assert_allclose(planes.T @ planes, np.eye(8), atol=1e-9)
    assert seen.meter["seen"] == pytest.approx(1, abs=1e-9)
    assert seen.sofar == pytest.approx(1)


def test_the_points_of_a_layer_move_at_every_stop_by_what_adds_up(layers, networks):
    """Σ of the squared motions on the screen over the stops is the squared motion in all coordinates."""
    measure(layers, "states")
    drawn = 0.0
    for stop in range(1, 5):
        layers.page.keyboard.press("k")
        layers.until(f"s.stop === {stop} && {ARRIVED} && !s.running", STAGE)
        here = layers.look(STAGE)
        there = 5 - round(here.state)  # from state 2 to 3, or back
        go(layers, there)
        drawn = drawn + ((layers.look(STAGE).positions - here.positions) ** 2).sum(axis=1)
        assert layers.look(STAGE).stop == stop  # both ends belong to the motion
    found, _ = find_alignments(networks / "shapes" / "alignments")
    one = next(one for one in found if one.recipe.reference == 4)
    last = len(one.epochs) - 1
    moved = one.turned(3, last) - one.turned(2, last)
    np.testing.assert_allclose(drawn, (moved**2).sum(axis=1), rtol=2e-3, atol=1e-5)


def test_the_scale_stays_while_all_of_it_is_shown(layers):
    measure(layers, "positions")
    layers.page.keyboard.press("k")
    layers.until(f"s.stop === 1 && {ARRIVED} && !s.running", STAGE)
    axes = layers.axes(STAGE)
    for stop in (2, 3, 4):
        layers.page.keyboard.press("k")
        layers.until(f"s.stop === {stop} && {ARRIVED} && !s.running", STAGE)
        np.testing.assert_allclose(layers.axes(STAGE)["x"], axes["x"], atol=1e-9)


def test_a_meter_of_a_layer_says_what_its_coordinates_keep(layers):
    said = layers.page.locator(f"#{STAGE}-meter-says")
    layers.page.locator('[data-gt-part="gauge"]').hover()
    said.filter(has_text="8 of 144 of relu1").wait_for()
    assert "8 coordinates that are kept" in said.inner_text()
    assert "of its variance" in said.inner_text()
