"""The page Method: its figures can be taken hold of, and do what the text beside them says."""

from __future__ import annotations

import numpy as np
import pytest

from tests.browser.conftest import Watch
from tests.browser.tour import PATIENCE_MS, Tour

LINEAR, TSNE, UMAP = "method-moved-linear", "method-moved-tsne", "method-moved-umap"
SHAPES = {"method-square": 2, "method-cube": 3, "method-tesseract": 4}
ROTATION = "method-rotation"


@pytest.fixture(scope="module")
def opened(site, shared_context):
    """One page for all tests, which may leave its figures as they like."""
    page = shared_context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    watch = Watch({site})
    watch.follow(page)
    tour = Tour(page, site)
    tour.goto("/method?play=0")
    for name in (*SHAPES, UMAP):
        tour.ready(name)
    yield tour, watch
    page.close()
    watch.check()


@pytest.fixture
def method(opened):
    tour, watch = opened
    yield tour
    watch.check()


def place(locator):
    """Where a handle's end is on the screen, once it is in sight."""
    locator.evaluate(
        "(e) => e.closest('.gt-picture').scrollIntoView({ block: 'center', behavior: 'instant' })"
    )
    return np.array(
        locator.evaluate("(e) => [e.getBoundingClientRect().x, e.getBoundingClientRect().y]")
    )


def drag(method, locator, by):
    """Drag a handle's end by some pixels; returns where it was let go."""
    start = place(locator)
    end = start + by
    method.page.mouse.move(*start)
    method.page.mouse.down()
    method.page.mouse.move(*end, steps=4)
    method.page.mouse.up()
    return end


def orthonormal(matrix):
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(len(matrix)), atol=1e-9)


def others(seen):
    return np.asarray(seen.positions)[:-1]


@pytest.mark.parametrize(("name", "p"), SHAPES.items())
def test_a_shape_stands_still_turns_when_asked_and_stops(method, name, p):
    seen = method.look(name)
    assert (seen.p, seen.n, seen.playing) == (p, 2**p, False)
    turn = method.stage(name).locator('[data-gt-action="turn"]')
    turn.click()
    method.until(f"s.running && Math.abs(s.matrix[0] - {seen.matrix[0, 0]}) > 0.002", name)
    turn.click()
    method.until("!s.playing && !s.running", name)
    rest = method.look(name)
    method.frames(3)
    np.testing.assert_array_equal(method.look(name).matrix, rest.matrix)
    orthonormal(rest.matrix)
    method.stage(name).locator('[data-gt-action="straight"]').click()
    np.testing.assert_allclose(method.look(name).matrix, seen.matrix, atol=1e-12)


def test_a_shape_out_of_sight_rests(method):
    name = "method-tesseract"
    turn = method.stage(name).locator('[data-gt-action="turn"]')
    turn.click()
    method.until("s.running", name)
    method.page.locator(".gt-references").evaluate(
        "(e) => e.scrollIntoView({ behavior: 'instant' })"
    )
    method.until("s.playing && !s.running", name)
    method.stage(name).evaluate("(e) => e.scrollIntoView({ behavior: 'instant' })")
    method.until("s.running", name)
    turn.click()
    method.until("!s.running", name)


def test_a_dragged_handle_is_under_the_pointer_and_edges_of_one_colour_stay_parallel(method):
    name = "method-tesseract"
    ring = method.handle("e₃", name)
    before = method.look(name)
    end = drag(method, ring, (35, -20))
    np.testing.assert_allclose(place(ring), end, atol=1)
    seen = method.look(name)
    orthonormal(seen.matrix)
    assert np.abs(seen.matrix - before.matrix).max() > 0.05
    corners = np.array([[(c >> i & 1) - 0.5 for i in range(4)] for c in range(16)])
    np.testing.assert_allclose(seen.positions, corners @ seen.matrix[:, :2], atol=1e-6)
    ring.press("ArrowRight")
    moved = method.look(name).matrix
    np.testing.assert_allclose(moved[2, :2] - seen.matrix[2, :2], (0.03, 0), atol=1e-9)
    orthonormal(moved)


def test_one_point_is_moved_and_three_pictures_answer(method):
    knob = method.stage(LINEAR).locator(".gt-knob")
    before = [method.look(name) for name in (LINEAR, TSNE, UMAP)]
    end = drag(method, knob, (70, 40))
    np.testing.assert_allclose(place(knob), end, atol=1)
    linear, tsne, umap = (method.look(name) for name in (LINEAR, TSNE, UMAP))
    np.testing.assert_allclose(linear.positions[-1], linear.place, atol=1e-6)
    assert np.linalg.norm(linear.place) > 0.3
    np.testing.assert_array_equal(others(linear), others(before[0]))
    for now, then in ((tsne, before[1]), (umap, before[2])):
        assert np.linalg.norm(others(now) - others(then), axis=1).mean() > 0.01
        assert now.travelled["others"] > 0
    said = method.page.locator(".gt-moved-said").all_inner_texts()
    assert said[0] == "The others moved 0 for each 1 of the point."
    assert said[1] != said[0] != said[2]
    knob.press("ArrowLeft")
    step = np.subtract(method.look(LINEAR).place, linear.place)
    np.testing.assert_allclose(step, (-0.085, 0), atol=1e-9)


def test_the_walk_of_the_point_shows_what_to_look_for_and_needs_no_motion(method):
    method.page.emulate_media(reduced_motion="reduce")
    method.page.get_by_role("button", name="Walk the point", exact=True).click()
    seen = {name: method.look(name) for name in (LINEAR, TSNE, UMAP)}
    method.page.emulate_media(reduced_motion="no-preference")
    assert not seen[LINEAR].playing and seen[LINEAR].place == [0, 0]
    assert seen[LINEAR].travelled["others"] == 0 and seen[LINEAR].travelled["point"] > 3
    for name in (TSNE, UMAP):
        assert seen[name].travelled["others"] > 0.2 * seen[name].travelled["point"]
    method.button("walk").click()
    method.until("s.playing && s.running && s.place[0] < -0.02", LINEAR)
    method.button("walk").click()
    method.until("!s.playing && !s.running", LINEAR)
    method.button("home").click()
    assert method.look(UMAP).place == [0, 0]
    assert (
        method.page.locator(".gt-moved-said").first.inner_text() == "The point has not moved yet."
    )


def test_a_drag_of_points_turns_their_plane_as_far_as_their_length_allows(method):
    diamond = method.stage(ROTATION).locator(".gt-pin")
    handle = method.handle("e₁", ROTATION)
    np.testing.assert_allclose(drag(method, handle, (-40, -30)), place(handle), atol=1)
    assert "Row 1 is (" in method.part("numbers").inner_text()
    old = method.look(ROTATION)
    assert old.last == 0
    orthonormal(old.matrix)
    drag(method, diamond, (-30, 45))
    seen = method.look(ROTATION)
    orthonormal(seen.matrix)
    assert seen.last == "points" and "ρ turned the plane" in method.part("numbers").inner_text()
    width = method.stage(ROTATION).locator(".gt-handles").evaluate("(e) => e.clientWidth")
    asked = np.array(old.middle) + np.array([-30, -45, 0]) * 2.4 / width
    wanted = asked * np.linalg.norm(old.middle) / np.linalg.norm(asked)
    np.testing.assert_allclose(seen.middle, wanted, atol=1e-6)
    look = method.page.get_by_label("Look from the front or from the side")
    drawn = method.part("side").locator(".gt-screen").get_attribute("d")
    look.press("ArrowRight")
    assert method.part("side").locator(".gt-screen").get_attribute("d") != drawn


def test_the_squares_of_two_planes_at_right_angles_add_up_wherever_the_end_is_pulled(method):
    one, two = "method-plane-1", "method-plane-2"
    for name, by in ((one, (30, -25)), (two, (-60, 20))):
        ring = method.stage(name).locator(".gt-handle")
        end = drag(method, ring, by)
        np.testing.assert_allclose(place(ring), end, atol=1)
        seen = [method.look(plane) for plane in (one, two)]
        orthonormal(seen[0].matrix)
        drawn = [float((plane.positions[0] ** 2).sum()) for plane in seen]
        np.testing.assert_allclose(drawn, seen[0].squares, atol=1e-6)
        assert sum(drawn) == pytest.approx(1, abs=1e-6)
        share = round(100 * drawn[0])
        said = method.part("sum").inner_text()
        assert f"{share / 100:.2f} + {1 - share / 100:.2f} = 1" in said
        assert f"Plane 1 draws {share} % of the square" in said
    box = method.part("pythagoras")
    box.locator('[data-gt-action="turn"]').click()
    method.until(f"s.playing && Math.abs(s.squares[0] - {drawn[0]}) > 0.02", one)
    box.locator('[data-gt-action="straight"]').click()
    method.until("!s.playing", one)
    assert method.look(one).squares == pytest.approx([0.3125, 0.6875], abs=1e-9)


def test_a_matrix_that_cannot_be_drawn_is_refused_and_the_picture_stays(method):
    field = method.page.get_by_label("Entry of M, first row, second")
    motion = method.part("negation").locator("figcaption span")
    problem = method.part("matrix").locator(".gt-matrix-problem")
    before = motion.all_inner_texts()
    for wrong in ("7", "one", ""):
        field.fill(wrong)
        assert field.get_attribute("aria-invalid") == "true"
        assert "not a number from −3 to 3" in problem.inner_text()
        assert motion.all_inner_texts() == before
    field.fill("−0.4")
    assert field.get_attribute("aria-invalid") == "false" and problem.inner_text() == ""
    assert motion.all_inner_texts() != before
    method.page.get_by_role("button", name="Negate", exact=True).click()
    assert motion.all_inner_texts()[1] == "mean motion 0.00"
    assert field.input_value() == "0"


def test_formulas_are_written_out_and_the_spectrum_is_of_the_run_that_is_chosen(method):
    formulas = method.page.locator("[data-gt-math]")
    assert formulas.count() > 5
    assert formulas.locator("> math").count() == formulas.count()
    assert all(formulas.evaluate_all("(all) => all.map((e) => e.firstChild.clientWidth > 60)"))
    said = method.page.locator("#method-said")
    assert "two components hold" in said.inner_text() and "MNIST" in said.inner_text()
    method.page.get_by_label("Run").select_option("shapes")
    method.page.wait_for_function(
        "document.querySelector('#method-said').innerText.includes('Shapes')"
    )
    assert "of 3." in said.inner_text()


def test_the_page_fits_a_phone(method):
    size = method.page.viewport_size
    method.page.set_viewport_size({"width": 390, "height": 844})
    width = method.page.evaluate("document.documentElement.scrollWidth")
    method.page.set_viewport_size(size)
    assert width <= 390
