"""Taking hold of the tour: handles by mouse, touch and keys; views to go back to."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.browser.tour import TEST, TRAIN
from tests.named import NAMED_VIEWS


def end_of(tour, row, name=TEST):
    return tour.look(name).matrix[row, :2]


def test_a_dragged_handle_is_where_the_pointer_is_and_both_stages_move(tour):
    before = {name: tour.look(name).positions for name in (TRAIN, TEST)}
    tour.drag_handle("3", (0.35, -0.6))
    seen = tour.look()
    pixel = 1.5 * 2.24 / tour.axes()["width"]
    np.testing.assert_allclose(seen.matrix[3, :2], (0.35, -0.6), atol=pixel)
    np.testing.assert_allclose(seen.matrix @ seen.matrix.T, np.eye(10), atol=1e-9)
    for name in (TRAIN, TEST):
        assert np.abs(tour.settled(name).positions - before[name]).max() > 0.02, name
    np.testing.assert_array_equal(tour.look(TRAIN).matrix, seen.matrix)
    # and the drawn end is there too
    middle = tour.pixels(seen.matrix[3, :2])[0]
    box = tour.stage().locator('[data-gt-part="handles"]').bounding_box()
    placed = tour.handle("3").evaluate("(end) => new DOMMatrix(end.style.transform)")
    drawn = (box["x"] + placed["e"], box["y"] + placed["f"])
    np.testing.assert_allclose(drawn, middle, atol=1)


def test_a_handle_can_be_dragged_on_the_training_stage(tour):
    tour.drag_handle("7", (-0.5, 0.5), TRAIN)
    np.testing.assert_allclose(end_of(tour, 7), (-0.5, 0.5), atol=0.01)


def test_points_stay_as_far_apart_as_they_are_in_all_dimensions(tour):
    """A drag turns the picture: positions are still the points times the frame's first columns."""
    tour.page.keyboard.press("ArrowRight")
    tour.until("s.epoch === 1 && !s.playing")
    before = tour.look()
    tour.drag_handle("0", (0.2, 0.7))
    after = tour.settled()
    both = np.hstack([before.positions, after.positions])
    frames = np.hstack([before.matrix[:, :2], after.matrix[:, :2]])
    points = both @ np.linalg.pinv(frames)  # their part in the span of what was seen
    np.testing.assert_allclose(points @ frames, both, atol=2e-4)


def test_handles_are_one_stop_and_arrow_keys_move_the_one_that_is_in_hand(tour):
    """Arrows lead from handle to handle; Enter takes hold of one, Esc lets go of it and clears no selection."""
    stops = tour.stage().locator(".gt-handle[tabindex='0']")
    assert stops.count() == 1
    stops.focus()
    before_keys = tour.look().matrix
    for _ in range(4):
        tour.page.keyboard.press("ArrowRight")
    np.testing.assert_array_equal(tour.look().matrix, before_keys)
    assert tour.handle("4").evaluate("(end) => end === document.activeElement")
    assert tour.look().epoch == 0
    tour.page.keyboard.press("Enter")
    assert tour.handle("4").get_attribute("aria-pressed") == "true"
    before = end_of(tour, 4)
    for key, step in (("ArrowRight", (0.03, 0)), ("ArrowUp", (0, 0.03)), ("ArrowLeft", (-0.03, 0))):
        tour.page.keyboard.press(key)
        now = end_of(tour, 4)
        np.testing.assert_allclose(now - before, step, atol=1e-9)
        before = now
    assert tour.look().epoch == 0  # the arrows moved the handle, not the clock
    tour.page.keyboard.press("Shift+ArrowDown")
    np.testing.assert_allclose(end_of(tour, 4) - before, (0, -0.01), atol=1e-9)
    tour.page.keyboard.press("Escape")
    tour.page.keyboard.press("ArrowRight")
    assert tour.handle("5").evaluate("(end) => end === document.activeElement")


def test_points_are_walked_by_keys_and_said_and_the_stage_says_what_it_shows(tour):
    """Each point that an arrow leads to is said, with its card; Enter selects it; nothing is said by itself."""
    page, heard = tour.page, tour.page.locator('[data-gt-part="aloud"]')
    touch = tour.stage().locator('[data-gt-part="touch"]')
    touch.focus()
    told = page.locator(f"#{touch.get_attribute('aria-describedby')}")
    seen = tour.look()
    assert re.match(
        r"Test points: .*epoch 0 of .* points are drawn, coloured by true label\. None is selected",
        told.text_content(),
    )
    assert heard.text_content() == ""
    page.keyboard.press("ArrowRight")
    first = heard.text_content()
    page.keyboard.press("ArrowLeft")
    assert first != heard.text_content()
    point = int(re.search(r"Point (\d+), test", heard.text_content())[1])
    assert point in seen.ids and page.locator(".gt-hover-card").is_visible()
    page.keyboard.press("Enter")
    tour.until(f"s.selected.length === 1 && s.selected[0] === {point}")
    assert heard.text_content() == f"Point {point} is selected, 1 in all."
    assert tour.look().epoch == 0  # arrows led to points
    page.keyboard.press("d")
    page.wait_for_function(
        "() => /1 selected: 1 /.test(document.querySelector('[data-gt-part=aloud]').textContent)"
    )


def test_views_can_be_undone_and_done_again(tour):
    start = tour.look().matrix
    tour.drag_handle("1", (0.6, 0.3))
    first = tour.settled().matrix
    tour.drag_handle("2", (-0.6, 0.3))
    second = tour.settled().matrix
    for key, expected in (
        ("Control+z", first),
        ("Control+z", start),
        ("Control+Shift+Z", first),
        ("Control+y", second),
    ):
        tour.page.keyboard.press(key)
        seen = tour.settled().matrix[:, :2]  # the rest of a frame is not part of a view
        np.testing.assert_allclose(seen, expected[:, :2], atol=1e-6, err_msg=key)
    assert tour.button("redo").is_disabled()
    tour.button("undo").click()
    np.testing.assert_allclose(tour.settled().matrix[:, :2], first[:, :2], atol=1e-6)
    assert tour.button("redo").is_enabled()


def test_hovering_a_handle_slows_the_tour(tour):
    """Measured as the turn in seconds of the page's own clock, in one page."""
    tour.page.keyboard.press("t")
    tour.until("s.playing")
    free = tour.page.evaluate(SPEED)
    tour.handle("5").dispatch_event("pointerenter", {"pointerType": "mouse"})
    held = tour.page.evaluate(SPEED)
    tour.handle("5").dispatch_event("pointerleave", {"pointerType": "mouse"})
    assert 0 < held < 0.4 * free, (held, free)


SPEED = """async () => {
  const { inspect } = window.grandTour ?? (await import("/assets/js/main.mjs"));
  let turned = 0, before = null, start = 0, now = 0;
  for (let i = 0; i < 25; i++) {
    now = await new Promise(requestAnimationFrame);
    const { matrix } = inspect("grand-tour-test");
    if (before) turned += Math.hypot(...matrix.map((x, j) => x - before[j]));
    else start = now;
    before = matrix;
  }
  return turned / (now - start);
}"""


def test_a_handle_keeps_its_place_in_a_moving_picture_while_it_is_dragged(tour):
    tour.page.keyboard.press("t")
    tour.until("s.playing")
    tour.handle("6").dispatch_event("pointerenter", {"pointerType": "mouse"})
    start = tour.pixels(end_of(tour, 6))[0]
    target = tour.pixels((0.1, 0.5))[0]
    tour.page.mouse.move(*start)
    tour.page.mouse.down()
    tour.page.mouse.move(*target, steps=5)
    grabbed = tour.handle("6").evaluate("(end) => end.classList.contains('gt-dragged')")
    tour.frames(5)
    held = end_of(tour, 6)
    tour.frames(5)
    np.testing.assert_array_equal(end_of(tour, 6), held)  # the tour waits for the hand
    tour.page.mouse.up()
    assert grabbed
    np.testing.assert_allclose(held, (0.1, 0.5), atol=0.12)  # the tour went on until it was gripped


@pytest.mark.parametrize("number", [0, 1], ids=["of three classes", "of two classes"])
def test_a_named_view_glides_to_the_frame_and_epoch_it_says(tour, number):
    named = NAMED_VIEWS[number]
    epoch = named["epochs"][-1]
    start = tour.look()
    tour.page.get_by_role("button", name=f"{named['name']}, epoch {epoch}").click()
    tour.until(f"s.playing && s.epoch > 0 && s.epoch < {epoch}")  # it does not jump
    seen = tour.settled()
    assert seen.epoch == epoch
    assert named["text"] in tour.part("view-text").inner_text()
    rows = [int(name) for name in named["handles"]]
    ends = seen.matrix[rows, :2]
    lengths = np.hypot(*ends.T)
    np.testing.assert_allclose(lengths, np.sqrt(2 / len(rows)), atol=1e-6)
    turns = np.diff(np.unwrap(np.arctan2(ends[:, 1], ends[:, 0])))
    np.testing.assert_allclose(
        np.abs(turns), 2 * np.pi / 3 if number == 0 else np.pi / 2, atol=1e-6
    )
    others = [c for c in range(10) if c not in rows]
    np.testing.assert_allclose(seen.matrix[others, :2], 0, atol=1e-6)
    shown = [
        int(entry.inner_text().split()[0])
        for entry in tour.page.locator('.gt-legend-entry[aria-pressed="true"]').all()
    ]
    assert shown == ([int(name) for name in named["show"]] or list(range(10)))
    tour.page.keyboard.press("Control+z")
    np.testing.assert_allclose(tour.settled().matrix[:, :2], start.matrix[:, :2], atol=1e-6)
