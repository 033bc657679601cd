"""The technical part of the page Method: each figure answers to drags and keys, and its numbers are right."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from gt.layers.operators.convolution import Convolution
from tests.browser.conftest import watched_page
from tests.browser.test_axe import bring_to_life
from tests.browser.test_method import drag, orthonormal, place

WAYS = ["method-rotate", "method-fit", "method-spread"]
SIZES = [(1440, 900), (1024, 768), (390, 844)]


@pytest.fixture(scope="module")
def opened(site, shared_context):
    """One page for all tests, which may leave its figures as they like."""
    with watched_page(shared_context, site) as (tour, watch):
        tour.goto("/method?play=0")
        tour.ready("method-tesseract")
        early = tour.page.locator(".gt-detail[data-gt-alive]").count()
        bring_to_life(tour.page)
        yield tour, watch, early


@pytest.fixture
def detail(opened):
    tour, watch, _ = opened
    yield tour
    watch.check()


def box(detail, name):
    """A figure of the technical part, in sight."""
    found = detail.page.locator(f'.gt-detail[data-gt-part="{name}"]')
    found.evaluate("(e) => e.scrollIntoView({ block: 'center', behavior: 'instant' })")
    return found


def said(figure, name="said"):
    return figure.locator(f'[data-gt-part="{name}"]').inner_text()


def numbers(text):
    """All numbers in a text, with the minus sign of the page."""
    kept = "".join(c if c.isdigit() or c in "-." else " " for c in text.replace("−", "-"))
    return [float(one.strip(".")) for one in kept.split() if any(c.isdigit() for c in one)]


def bars(picture, kind=""):
    """What stands at the bars of a picture."""
    return [numbers(t)[0] for t in picture.locator(f"g{kind} > .gt-pole-text").all_text_contents()]


def test_figures_wait_until_they_come_near(opened):
    tour, _, early = opened
    assert early == 0 and tour.page.locator(".gt-detail[data-gt-alive]").count() == 7


@pytest.mark.parametrize("name", WAYS)
def test_pulled_points_leave_least_of_the_wish_by_fit_and_are_seen_widest_by_spread(detail, name):
    box(detail, "fit-and-spread")
    detail.button("put-back").click()
    knob = detail.stage(name).locator(".gt-knob")
    before = detail.look(name).wish
    end = drag(detail, knob, (-40, -50))
    np.testing.assert_allclose(place(knob), end, atol=1)
    seen = {way: detail.look(way) for way in WAYS}
    width = detail.stage(name).locator(".gt-handles").evaluate("(e) => e.clientWidth")
    np.testing.assert_allclose(
        np.subtract(seen[name].wish, before), np.array([-40, 50]) * 2.6 / width, atol=1e-9
    )
    for one in seen.values():
        orthonormal(one.matrix)
        assert one.wish == seen[name].wish
    left = [seen[way].left for way in WAYS]
    assert left[1] == min(left) and left[1] < left[0] - 0.01
    spread = [seen[way].spread for way in WAYS]
    assert spread[2] > max(spread[:2])
    assert numbers(said(detail.stage(name)))[0] == pytest.approx(seen[name].left, abs=0.0051)
    knob.press("ArrowLeft")
    now = detail.look(WAYS[0]).wish
    np.testing.assert_allclose(np.subtract(now, seen[name].wish), (-0.05, 0), atol=1e-9)


def test_points_that_are_put_back_are_where_they_were_in_all_three(detail):
    box(detail, "fit-and-spread")
    detail.button("put-back").click()
    for name in WAYS:
        seen = detail.look(name)
        np.testing.assert_array_equal(seen.matrix, np.eye(4))
        assert seen.wish == [0, 0] and seen.left == 0


def test_no_stick_is_drawn_longer_than_it_is_however_it_is_pulled(detail):
    name, figure = "method-lengths", box(detail, "drawn-lengths")
    for p in (4, 10, 2, 3):
        figure.get_by_label("Dimensions p").fill(str(p))
        seen = detail.look(name)
        assert seen.p == p == detail.stage(name).locator(".gt-handle").count()
        ring = detail.stage(name).get_by_label("Handle of e₁.")
        drag(detail, ring, (400, 0))  # as far as the rim
        seen = detail.look(name)
        orthonormal(seen.matrix)
        np.testing.assert_allclose(np.linalg.norm(seen.positions, axis=1), seen.lengths, atol=1e-6)
        assert max(seen.lengths) <= 1 + 1e-9 and seen.lengths[0] > 0.99
        assert np.square(seen.lengths).sum() == pytest.approx(2, abs=1e-9)
        assert "add up to 2.00" in said(figure, "squares")
        rows = figure.locator(".gt-length").all_inner_texts()
        assert len(rows) == p + 1 and rows[0].endswith("1.00 of 1") and rows[-1].endswith("1.41")
    ring.press("ArrowLeft")
    pulled = detail.look(name)
    assert pulled.positions[0, 0] == pytest.approx(seen.positions[0, 0] - 0.03, abs=1e-6)
    figure.get_by_role("button", name="Another view").click()
    assert np.abs(detail.look(name).matrix - pulled.matrix).max() > 0.05


def test_a_frame_that_is_passed_on_makes_no_leap_between_two_layers(detail):
    kept, passed, figure = "method-kept", "method-passed", box(detail, "passing")
    way = figure.get_by_label("Through the layers")
    for _ in range(3):
        figure.get_by_role("button", name="Other layers").click()
        way.fill("1")
        at = {name: detail.look(name) for name in (kept, passed)}
        np.testing.assert_allclose(at[kept].positions, at[passed].positions, atol=1e-6)
        way.fill("1.01")
        leapt = {
            name: np.linalg.norm(detail.look(name).positions - at[name].positions, axis=1).mean()
            for name in at
        }
        assert leapt[passed] < 0.02 and at[passed].leap < 1e-9
        assert leapt[kept] == pytest.approx(at[kept].leap, abs=0.02) and at[kept].leap > 0.05
        assert numbers(said(detail.stage(kept))) == [pytest.approx(at[kept].leap, abs=0.0051)]
        assert numbers(said(detail.stage(passed))) == [0]
        orthonormal(at[passed].matrix)
    shown = said(figure, "passed-on")
    figure.get_by_label("Turn of G₁").press("ArrowRight")
    assert said(figure, "passed-on") != shown
    assert way.get_attribute("aria-valuetext") == "second layer"


def test_zeros_fill_the_narrower_side_of_a_layer(detail):
    figure = box(detail, "padding")
    for p, r in itertools.product((1, 4, 6), (2, 6)):
        figure.get_by_label("Before: p").fill(str(p))
        figure.get_by_label("Behind: r").fill(str(r))
        k = max(p, r)
        first, error, *sigma = numbers(said(figure))
        assert (first, error) == (k, 0) and len(sigma) == k
        assert sum(value > 0 for value in sigma) == min(p, r)
        filled = 4 * (k - p) + k * k - p * r + 4 * (k - r)
        assert figure.locator(".gt-filling").count() == filled
        assert figure.locator(".gt-cells rect").count() == 8 * k + k * k


def test_the_matrix_of_a_convolution_follows_its_kernel_padding_and_stride(detail):
    figure = box(detail, "convolution")
    figure.get_by_role("button", name="Shift").click()
    figure.get_by_label("Kernel, second row, second").fill("0.5")
    kernel = np.array([0, 0, 0, 1, 0.5, 0, 0, 0, 0.0]).reshape(1, 1, 3, 3)
    for padding, stride in itertools.product((0, 1), (1, 2)):
        for label, value in (("Padding", padding), ("Stride", stride)):
            figure.get_by_role("group", name=label).get_by_role(
                "button", name=str(value), exact=True
            ).click()
        layer = Convolution(kernel, (1, 6, 6), padding=padding, stride=stride)
        matrix = layer.apply(np.eye(36))
        told = numbers(said(figure))
        assert told[:4] == [36, matrix.shape[1], np.count_nonzero(matrix), matrix.size]
        assert told[-1] == 0  # between the matrix and the sums
        drawn = figure.locator('[data-gt-part="conv-matrix"] .gt-cells rect').count()
        assert drawn == 1 + np.count_nonzero(matrix)
        sigma = np.linalg.svd(matrix, compute_uv=False)
        slider = figure.get_by_label("Singular value", exact=True)
        for i in (1, len(sigma)):
            slider.fill(str(i))
            shown = numbers(slider.get_attribute("aria-valuetext"))
            assert shown == [pytest.approx(sigma[i - 1], abs=0.0051)]


def test_a_kernel_that_is_no_number_is_refused_and_the_matrix_stays(detail):
    figure = box(detail, "convolution")
    figure.get_by_role("button", name="Edge").click()
    before = said(figure)
    field = figure.get_by_label("Kernel, first row, third")
    field.fill("9")
    assert "still shows the kernel before" in figure.get_by_role("alert").inner_text()
    assert said(figure) == before and field.get_attribute("aria-invalid") == "true"
    field.fill("2")
    assert said(figure) != before and figure.get_by_role("alert").inner_text() == ""


def test_pooled_values_go_from_the_average_to_the_maximum(detail):
    figure = box(detail, "pooling")
    values = np.random.default_rng(3).integers(-30, 31, (4, 4)) / 10
    for i, j in itertools.product(range(4), range(4)):
        figure.get_by_label(f"Row {i + 1}, column {j + 1}", exact=True).fill(str(values[i, j]))
    windows = values.reshape(2, 2, 2, 2).transpose(0, 2, 1, 3).reshape(4, 4)
    time = figure.get_by_label("From average to maximum")
    for t in (0, 0.5, 1):
        time.fill(str(t))
        wanted = (1 - t) * windows.mean(1) + t * windows.max(1)
        np.testing.assert_allclose(bars(figure), wanted, atol=0.0051)
    assert time.get_attribute("aria-valuetext") == "the maximum"
    told = numbers(said(figure))
    wanted = [*windows.sum(1) / 2, 0.5, *windows.mean(1), *windows.max(1)]
    np.testing.assert_allclose(told, wanted, atol=0.0051)


def entry(detail, name):
    box(detail, "glossary")
    return detail.part(f"entry-{name}")


def pulled(one):
    return [numbers(g.get_attribute("aria-valuenow"))[0] for g in one.get_by_role("slider").all()]


def test_a_bar_of_the_glossary_is_pulled_and_the_layer_answers(detail):
    one = entry(detail, "softmax")
    bar = one.get_by_role("slider", name="Logit 2")
    area = bar.bounding_box()
    detail.page.mouse.move(area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    detail.page.mouse.down()
    detail.page.mouse.move(area["x"] + area["width"] / 2, area["y"] + area["height"] - 20, steps=3)
    detail.page.mouse.up()
    values = np.array(pulled(one))
    assert values[1] < -2
    shares = bars(one, ":not(.gt-pole-pulled)")
    wanted = 100 * np.exp(values) / np.exp(values).sum()
    np.testing.assert_allclose(shares, wanted, atol=0.51)


@pytest.mark.parametrize("name", ["convolution", "connected", "max-pooling"])
def test_keys_pull_a_bar_to_its_ends_and_the_layer_answers(detail, name):
    one = entry(detail, name)
    bar = one.get_by_role("slider", name="Input 3")
    for key, value in (("Home", -3), ("End", 3), ("ArrowDown", 2.85), ("PageDown", 2.1)):
        bar.press(key)
        x = np.array(pulled(one))
        assert x[2] == pytest.approx(value)
        wanted = {
            "convolution": lambda x: np.convolve(x, [0.25, 0.5, 0.25], "valid"),
            "connected": lambda x: x @ [[1, -0.5], [0.5, 1], [-1, 0.5]] + [0.2, -0.3],
            "max-pooling": lambda x: x.reshape(-1, 2).max(1),
        }[name](x)
        np.testing.assert_allclose(bars(one, ":not(.gt-pole-pulled)"), wanted, atol=0.0501)
    assert detail.page.evaluate("document.activeElement.getAttribute('role')") == "slider"


@pytest.mark.parametrize(
    ("name", "of"),
    [("relu", lambda x: max(0, x)), ("sigmoid", lambda x: 1 / (1 + np.exp(-x)))],
)
def test_a_slider_moves_along_the_curve(detail, name, of):
    one = entry(detail, name)
    dot = one.locator(".gt-function-dot")
    seen = set()
    for x in (-4, -0.5, 0, 2.5, 4):
        one.get_by_label("x", exact=True).fill(str(x))
        assert numbers(one.locator("output").inner_text()) == [x, pytest.approx(of(x), abs=0.0051)]
        assert bars(one.locator("svg").locator("..")) == [] and dot.get_attribute("cx")
        seen.add(dot.get_attribute("cx"))
    assert len(seen) == 5


AT_THE_TOP = (
    """Math.abs(document.querySelector('#glossary-of-layers')?.getBoundingClientRect().top) < 150"""
)


def test_contents_go_to_a_section_without_the_page_beginning_anew(detail):
    page = detail.page
    page.evaluate("document.querySelector('.gt-method').dataset.mine = 'yes'")
    page.get_by_role("navigation", name="On this page").get_by_text("Glossary of layers").click()
    page.wait_for_function(AT_THE_TOP)
    assert page.url.endswith("#glossary-of-layers")
    assert page.locator(".gt-method").get_attribute("data-mine") == "yes"


def test_a_link_to_a_section_shows_it_once_the_page_is_drawn(open_page):
    opened = open_page("/method?play=0#glossary-of-layers", wait=False)
    opened.page.wait_for_function(AT_THE_TOP)
    opened.page.locator('.gt-glossary[data-gt-alive="yes"]').wait_for()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_shifts_when_figures_come_to_life_and_the_page_fits(open_page, width, height):
    opened = open_page(
        "/method?play=0", given={"viewport": {"width": width, "height": height}}, wait=False
    )
    opened.ready("method-tesseract")
    opened.ready("method-moved-umap")
    page = opened.page
    tall = "Object.fromEntries([...document.querySelectorAll('.gt-technical .gt-step')].map((e) => [e.dataset.gtAnchor, Math.round(e.offsetHeight)]))"
    waiting = page.locator(".gt-detail:not([data-gt-alive])").count()
    before = page.evaluate(tall)
    bring_to_life(page)
    assert waiting == 7 and page.evaluate(tall) == before
    page.get_by_label("Dimensions p").fill("10")
    page.get_by_label("Behind: r").fill("1")
    page.get_by_label("Kernel, first row, third").fill("nothing")
    page.get_by_label("Row 1, column 2", exact=True).fill("nothing")
    page.get_by_label("Through the layers").fill("1.5")
    assert page.evaluate(tall) == before
    assert page.evaluate("document.documentElement.scrollWidth") <= width
