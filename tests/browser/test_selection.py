"""Selecting: lasso, box, keys, legend, the panel; what is picked is what lies inside."""

from __future__ import annotations

import numpy as np
import pytest

from tests.browser.tour import TEST, TRAIN


@pytest.fixture
def learnt(tour):
    """At the last epoch, where the classes lie apart."""
    tour.at_the_end()
    return tour


def inside(ring, places):
    """Which places (n, 2) lie inside a closed ring, and how far each is from its edge."""
    a, b = ring[:-1], ring[1:]
    x, y = places[:, :1], places[:, 1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        at = a[:, 0] + (y - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0])
    odd = (((a[:, 1] > y) != (b[:, 1] > y)) & (x < at)).sum(axis=1) % 2 == 1
    side = b - a
    t = np.clip(((places[:, None] - a) * side).sum(-1) / (side**2).sum(-1), 0, 1)
    away = np.linalg.norm(a + t[..., None] * side - places[:, None], axis=-1).min(axis=1)
    return odd, away


def lasso(tour, c, name=TEST, key=""):
    """A lasso around the points at handle c; returns the ids that lie in it.

    Its size is such that no point is so near its edge that a pixel decides.
    """
    seen = tour.look(name)
    centre = 0.8 * seen.matrix[c, :2]
    for radius in np.linspace(0.12, 0.4, 57):
        ring = tour.ring(centre, radius)
        odd, away = inside(ring, seen.positions)
        if 3 <= odd.sum() < len(odd) and away.min() > 0.008:
            tour.draw(ring, name, key)
            return set(seen.ids[odd].tolist())
    raise AssertionError("every ring has a point on its edge")


def selected(tour):
    return set(tour.look(TRAIN).selected) | set(tour.look(TEST).selected)


def test_a_lasso_selects_the_points_that_lie_inside(learnt):
    expected = lasso(learnt, 2)
    assert 3 <= len(expected) < 60
    assert selected(learnt) == expected
    assert set(learnt.look(TRAIN).selected) == set()  # the test stage was drawn on


def test_shift_adds_alt_subtracts_and_escape_clears(learnt):
    first = lasso(learnt, 2)
    second = lasso(learnt, 7, key="Shift")
    assert second - first
    assert selected(learnt) == first | second
    third = lasso(learnt, 2, TRAIN, "Shift")
    assert third and selected(learnt) == first | second | third
    gone = lasso(learnt, 2, key="Alt")
    assert gone == first
    assert selected(learnt) == (second | third) - gone
    learnt.page.keyboard.press("Escape")
    assert selected(learnt) == set()
    learnt.part("selection").filter(has_text="Draw a lasso").wait_for()


def test_buttons_add_and_subtract_where_there_is_no_keyboard(learnt):
    first = lasso(learnt, 2)
    learnt.button("how", "add").click()
    second = lasso(learnt, 7)
    assert selected(learnt) == first | second
    learnt.button("how", "subtract").click()
    lasso(learnt, 2)
    assert selected(learnt) == second - first


def test_a_box_selects_the_points_that_lie_inside(learnt):
    learnt.page.keyboard.press("b")
    seen = learnt.look()
    xs = np.sort(seen.positions[:, 0])
    gap = int(np.argmax(np.diff(xs)[10:-10])) + 10
    edge = (xs[gap] + xs[gap + 1]) / 2
    low, high = learnt.around()
    learnt.draw([(edge, high[1]), low])
    inside = (seen.positions > low).all(axis=1) & (seen.positions[:, 0] < edge)
    assert 5 < inside.sum() < 55
    assert selected(learnt) == set(seen.ids[inside].tolist())


def test_a_click_selects_one_point_and_a_click_beside_it_none(learnt):
    seen = learnt.look()
    alone = np.argmax([np.sort(np.hypot(*(seen.positions - p).T))[1] for p in seen.positions])
    x, y = learnt.pixels(seen.positions[alone])[0]
    learnt.page.mouse.click(x + 1, y)
    assert selected(learnt) == {int(seen.ids[alone])}
    a = learnt.axes()
    learnt.page.mouse.click(a["left"] + 4, a["top"] + 4)
    assert selected(learnt) == set()


def test_escape_during_a_lasso_ends_it_and_keeps_what_was_selected(learnt):
    first = lasso(learnt, 2)
    path = learnt.pixels(learnt.ring((0, 0), 0.25))  # away from the handles
    learnt.page.mouse.move(*path[0])
    learnt.page.mouse.down()
    learnt.page.mouse.move(*path[3], steps=3)
    learnt.page.keyboard.press("Escape")
    learnt.page.mouse.up()
    assert selected(learnt) == first


def test_hidden_classes_are_not_selected(learnt):
    learnt.page.get_by_role("button", name="2: ").click()
    learnt.frames(3)
    around = lasso(learnt, 2)
    kept = {i for i in around if i % 100_000 % 10 != 2}
    assert len(kept) < len(around)
    assert selected(learnt) == kept


def entries(tour):
    return tour.page.locator(".gt-legend-entry")


def counts(tour):
    return [text.strip() for text in tour.page.locator(".gt-legend-count").all_inner_texts()]


def test_the_legend_and_the_panel_count_what_is_selected(learnt):
    assert counts(learnt) == ["12"] * 10  # train and test
    expected = lasso(learnt, 2)
    learnt.page.locator(".gt-confusion").wait_for()
    labels = [i % 100_000 % 10 for i in expected]
    assert counts(learnt) == [f"{labels.count(c)} / 12" for c in range(10)]
    head = learnt.page.locator(".gt-selection-head").inner_text()
    assert f"{len(expected)} points" in head and f"{len(expected)} test" in head
    cells = learnt.page.locator(".gt-confusion td button").all_inner_texts()
    assert sum(int(text) for text in cells) == len(expected)
    assert learnt.page.locator(".gt-thumbs canvas").count() == len(expected)
    assert f"{len(expected)} of {len(expected)}" in learnt.part("selection").inner_text()


def test_at_most_sixty_thumbnails_and_it_says_of_how_many(learnt):
    learnt.button("tool", "box").click()
    for name, key in ((TRAIN, ""), (TEST, "Shift")):
        learnt.draw(learnt.around(name), name, key)
    assert len(selected(learnt)) == 120
    learnt.page.get_by_text("60 of 120").wait_for()
    assert learnt.page.locator(".gt-thumbs canvas").count() == 60


def test_a_cell_of_the_confusion_table_keeps_its_points(learnt):
    learnt.button("tool", "box").click()
    learnt.draw(learnt.around())
    cell = learnt.page.locator(".gt-confusion td.gt-mistaken button").first
    said = cell.get_attribute("aria-label")  # "2 of true 3, predicted 4: select only these"
    number, true = int(said.split()[0]), int(said.split("true ")[1].split(",")[0])
    cell.click()
    picked = selected(learnt)
    assert len(picked) == number > 0
    assert {i % 100_000 % 10 for i in picked} == {true}


def shows(tour, wanted):
    """Wait until the legend says which classes are shown."""
    tour.page.wait_for_function(
        """(wanted) => {
          const entries = [...document.querySelectorAll('.gt-legend-entry')];
          return entries.every((one, c) => (one.getAttribute('aria-pressed') === 'true') === wanted[c]);
        }""",
        arg=wanted,
    )
    tour.frames(4)


def twice(tour, c):
    """Click a class twice with nothing between, however busy the machine is."""
    entries(tour).nth(c).evaluate("(entry) => { entry.click(); entry.click(); }")


def test_a_click_in_the_legend_hides_a_class_and_a_double_click_shows_it_alone(tour):
    before = tour.ink()
    for c, hidden in ((3, {3}), (4, {3, 4}), (3, {4}), (4, set())):  # none twice in a row
        entries(tour).nth(c).click()
        shows(tour, [c not in hidden for c in range(10)])
    twice(tour, 5)
    shows(tour, [c == 5 for c in range(10)])
    tour.page.mouse.move(1, 1)
    tour.frames(4)
    assert 0 < tour.ink() < 0.6 * before
    twice(tour, 5)
    shows(tour, [True] * 10)


def test_hovering_the_legend_brings_one_class_out(tour):
    plain = tour.ink()
    entries(tour).nth(1).hover()
    tour.frames(4)
    faint = tour.ink()
    assert 0 < faint < 0.6 * plain
    tour.page.mouse.move(1, 1)
    tour.frames(4)
    assert tour.ink() == pytest.approx(plain, rel=0.02)


def test_size_of_points_is_chosen_and_kept_and_a_term_is_explained(tour):
    """A box that opens by a key has its own keys, and Esc closes it."""
    page, box = tour.page, tour.page.locator(".gt-dots")
    kept = "() => JSON.parse(localStorage.getItem('gt-dots'))"
    tour.button("dots").focus()
    page.keyboard.press("Enter")
    box.wait_for()
    assert "5.0 px, automatic" in box.text_content()
    box.get_by_label("Size").press("ArrowRight")
    assert "5.5 px" in box.text_content() and page.evaluate(kept)["size"] == 2**0.125
    assert tour.look().epoch == 0  # the arrow moved the slider
    box.get_by_role("button", name="Automatic").click()
    assert "5.0 px, automatic" in box.text_content() and page.evaluate(kept) is None
    page.keyboard.press("Escape")
    box.wait_for(state="hidden")
    term = page.locator("#gt-term-box")
    page.get_by_role("button", name="Tour", exact=True).hover()
    term.get_by_text("each is a linear projection").wait_for()
    assert term.get_by_role("link").get_attribute("href").endswith("/docs/explanation/tour")
    page.keyboard.press("Escape")
    term.wait_for(state="hidden")
