"""Motion on the tour page: what plays, what stops, where it ends."""

from __future__ import annotations

import numpy as np

from tests.browser.tour import TEST, TRAIN


def test_both_stages_draw_their_split_on_the_fast_way(tour):
    train, test = tour.look(TRAIN), tour.look(TEST)
    for seen in (train, test):
        assert (seen.way, seen.reason) == ("buffer", "")
        assert (seen.run, seen.layer, seen.epoch, seen.p, seen.n) == ("mnist", "softmax", 0, 10, 60)
        np.testing.assert_allclose(seen.matrix @ seen.matrix.T, np.eye(10), atol=1e-9)
        assert seen.frame["count"] > 0
    assert set(train.ids) == set(range(60))
    assert set(test.ids) == set(range(100_000, 100_060))
    np.testing.assert_array_equal(train.matrix, test.matrix)


def test_epochs_and_tour_play_until_they_are_stopped(open_page):
    tour = open_page("/grand-tour")
    first = tour.look()
    assert first.playing
    tour.until(f"s.epoch > {first.epoch} + 0.2")
    second = tour.look()
    assert np.abs(second.matrix - first.matrix).max() > 1e-4
    assert np.abs(second.positions - first.positions).max() > 1e-4
    tour.button("play").click()
    tour.button("tour").click()
    stopped = tour.settled()
    tour.frames(5)
    later = tour.look()
    assert later.epoch == stopped.epoch
    assert later.frame["count"] == stopped.frame["count"], "the loop still runs"
    np.testing.assert_array_equal(later.positions, stopped.positions)
    tour.button("play").click()
    tour.until(f"s.epoch !== {stopped.epoch}")
    np.testing.assert_array_equal(tour.look().matrix, stopped.matrix)  # the tour stands still
    tour.until(
        "!s.playing && s.epoch === 40"
    )  # and at the last epoch the epochs stop by themselves
    assert tour.button("play").get_attribute("aria-pressed") == "false"


def test_nothing_moves_until_asked_when_the_link_says_so(tour):
    first = tour.settled()
    tour.frames(5)
    later = tour.look()
    assert (later.epoch, later.playing, later.running) == (0, False, False)
    np.testing.assert_array_equal(later.positions, first.positions)


def test_keys_step_through_the_epochs(tour):
    for expected in (1, 5, 10):
        tour.page.keyboard.press("ArrowRight")
        tour.until(f"s.epoch === {expected} && !s.playing")
    tour.page.keyboard.press("ArrowLeft")
    tour.until("s.epoch === 5 && !s.playing")
    assert tour.page.locator(".gt-epoch-label").inner_text() == "Epoch 5"
    tour.page.keyboard.press("Space")
    tour.until("s.playing && s.epoch > 5")
    tour.page.keyboard.press("Space")
    assert not tour.settled().playing


def test_a_step_ends_on_the_recorded_numbers_and_passes_between_them(tour):
    """Between two epochs each point is on the straight line between its two places."""
    start = tour.look().positions
    slider = tour.page.get_by_label("Epoch", exact=True)
    slider.evaluate("(s) => { s.value = 0.5; s.dispatchEvent(new Event('input')); }")
    tour.until("s.epoch === 0.5")
    middle = tour.settled()
    slider.evaluate("(s) => { s.value = 1; s.dispatchEvent(new Event('input')); }")
    tour.until("s.epoch === 1")
    end = tour.settled().positions
    assert np.abs(end - start).max() > 1e-3
    np.testing.assert_allclose(middle.positions, (start + end) / 2, atol=1e-6)


def test_the_epoch_slider_seeks(tour):
    slider = tour.page.get_by_label("Epoch", exact=True)
    box = slider.bounding_box()  # of its size alone: where it lies may change until it is clicked
    slider.click(position={"x": box["width"] - 2, "y": box["height"] / 2})
    tour.until("s.epoch === 40")
    assert "correct" in tour.stage().locator('[data-gt-part="figures"]').inner_text()


def test_a_seed_makes_the_tour_repeat_itself(open_page):
    """The same seed goes the same way, another seed another one; time on it may differ."""
    ways = {}
    tour = open_page("/grand-tour?play=0&seed=5")
    for which, query in {"a": "seed=5", "b": "seed=5", "c": "seed=6"}.items():
        if which != "a":
            tour.goto(f"/grand-tour?play=0&{query}")
            tour.ready()
        tour.page.evaluate(RECORD)
        tour.page.keyboard.press("t")
        tour.page.wait_for_function("window.way.length > 30")
        ways[which] = np.array(tour.page.evaluate("window.way"))
    near = {other: _distance(ways["a"], ways[other]) for other in ("b", "c")}
    assert near["b"] < 0.02 and np.abs(ways["a"][-1] - ways["a"][0]).max() > 0.02, near
    assert near["c"] > 5 * near["b"] + 0.005, near


RECORD = """async () => {
  const { inspect } = window.grandTour ?? (await import("/assets/js/main.mjs"));
  window.way = [];
  const frame = () => {
    const { matrix } = inspect("grand-tour-test");
    window.way.push([...matrix]);
    if (window.way.length < 60) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


def _distance(a: np.ndarray, b: np.ndarray) -> float:
    """How far the end of a way is from another way, as a polyline."""
    end = min(len(a), len(b)) // 2
    here, there = a[end], b
    starts, steps = there[:-1], np.diff(there, axis=0)
    lengths = np.maximum((steps**2).sum(axis=1), 1e-18)
    t = np.clip(((here - starts) * steps).sum(axis=1) / lengths, 0, 1)
    return float(np.abs(starts + t[:, None] * steps - here).max(axis=1).min())


def test_speed_and_pace_are_obeyed(tour):
    tour.page.get_by_role("combobox", name="Pace", exact=True).select_option("12")
    tour.page.keyboard.press("Space")
    tour.until("!s.playing && s.epoch === 40")
    tour.page.get_by_role("combobox", name="Pace", exact=True).select_option("3")
    speed = tour.page.get_by_label("Speed of the tour")
    speed.fill("2")
    assert speed.get_attribute("aria-valuetext") == "4.00 times"
    before = float(tour.look().matrix[0, 0])
    tour.page.keyboard.press("t")
    tour.until(f"s.playing && Math.abs(s.matrix[0] - {before}) > 1e-3")
    tour.page.keyboard.press("t")
    tour.settled()
    speed.fill("0")


def test_reset_and_a_random_view_go_there_smoothly(tour):
    before = tour.settled().matrix
    tour.page.keyboard.press("r")
    tour.until("s.playing")
    random = tour.settled().matrix
    assert np.abs(random - before).max() > 0.05
    np.testing.assert_allclose(random @ random.T, np.eye(10), atol=1e-6)
    tour.page.keyboard.press("0")
    tour.until("s.playing")
    np.testing.assert_allclose(tour.settled().matrix[:, :2], before[:, :2], atol=1e-6)
    lengths = np.hypot(*before[:, :2].T)
    np.testing.assert_allclose(lengths, lengths[0], atol=1e-9)  # all handles equally long


def test_reduced_motion_starts_still_and_goes_where_it_is_told(open_page):
    tour = open_page("/grand-tour", given={"reduced_motion": "reduce"})
    first = tour.settled()
    tour.frames(5)
    assert not tour.look().playing
    np.testing.assert_array_equal(tour.look().positions, first.positions)
    tour.page.keyboard.press("ArrowRight")
    tour.until("s.epoch === 1 && !s.playing")  # at once
    tour.page.keyboard.press("Space")
    tour.until("s.playing && s.epoch > 1")  # asked for, it moves
