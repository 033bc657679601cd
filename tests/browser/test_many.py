"""A run of 1,000 classes: what is in the page stays bounded, and every class is found by a search."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from gt.run import write_run
from tests.browser.conftest import serving_apart
from tests.browser.tour import TEST, Tour

K, N, EPOCHS = 1000, 1000, 3
LONG = "a class of the provinces whose name goes on and on, and is told from the others by its end only"
ELEMENTS = 4000  # of a whole page; a thousand rows, chips or handles would be many more
FOUND = "document.querySelectorAll('.gt-legend-list .gt-legend-row').length"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("many")
    rng = np.random.default_rng(0)
    labels = np.arange(N) % K
    sure = np.eye(K, dtype=np.float32)[labels]
    outputs = np.stack([size * sure + rng.normal(size=(N, K)) for size in (0, 5, 12)])
    names = [f"{LONG} {c}" if c % 50 == 7 else f"class {c}" for c in range(K)]
    splits = rng.permutation(N) % 2
    write_run(
        folder / "runs" / "many", outputs.astype(np.float32), labels, classes=names, splits=splits
    )
    with serving_apart(folder, folder / "runs") as url:
        yield url


def elements(tour: Tour) -> int:
    return tour.page.evaluate("document.querySelectorAll('*').length")


def test_the_legend_and_the_handles_have_what_matters_and_the_rest_is_found(
    open_page: Callable[..., Tour],
) -> None:
    tour = open_page("/grand-tour")
    page = tour.page
    search = page.locator(".gt-legend-tools input")
    search.wait_for()
    assert elements(tour) < ELEMENTS
    assert 5 < page.evaluate(FOUND) < 40
    shown = page.locator(f'[data-gt-stage="{TEST}"] .gt-handle:not([hidden])')
    assert 1 < shown.count() < 25
    search.fill("CLASS 123")
    page.wait_for_function(f"{FOUND} === 1")
    assert page.locator(".gt-legend-list .gt-legend-entry").get_attribute("aria-label") == (
        "class 123: 1 points"
    )
    handle = page.locator(
        f'[data-gt-stage="{TEST}"] .gt-handle[aria-label^="Handle of class 123."]'
    )
    handle.wait_for(state="attached")
    assert "1 of 1,000 classes" in page.locator(".gt-legend-said").inner_text()
    search.fill(LONG)
    page.wait_for_function(f"{FOUND} > 9")
    row = page.locator(".gt-legend-list .gt-legend-entry").first
    assert "…" in row.inner_text() and len(row.inner_text()) <= 31
    assert LONG in (row.get_attribute("title") or "")
    search.fill("")
    row.focus()
    page.keyboard.press("End")
    page.wait_for_function(
        "document.activeElement.getAttribute('aria-label')?.startsWith('class 999:')"
    )
    assert page.evaluate(FOUND) < 40


def test_a_frame_of_the_tour_is_orthonormal_and_the_whole_matrix_is_there(
    open_page: Callable[..., Tour],
) -> None:
    tour = open_page("/grand-tour")
    tour.page.evaluate(
        """document.querySelector('[data-gt-action="tour"][aria-pressed="false"]')?.click()"""
    )
    tour.until("s.playing && s.frame.count > 20", TEST)
    error = tour.page.evaluate(
        """async (name) => {
        const { inspect } = await import("/assets/js/main.mjs");
        const { orthonormalError } = await import("/assets/js/tour/frame.mjs");
        const { matrix, p } = inspect(name);
        return matrix.length === p * p ? orthonormalError(matrix, p) : NaN;
    }""",
        TEST,
    )
    assert error < 1e-6


def test_training_has_the_top_of_its_rankings_and_finds_the_rest(
    open_page: Callable[..., Tour],
) -> None:
    tour = open_page("/training", wait=False)
    tour.until("s.run === 'many'", "training", 120_000)
    page = tour.page
    page.locator(".gt-class-list .gt-legend-row").first.wait_for()
    assert elements(tour) < ELEMENTS
    assert page.evaluate("document.documentElement.scrollHeight") < 8000
    assert page.locator(".gt-class-chip").count() == 24
    page.locator(".gt-class-search input").fill("class 321")
    found = page.locator(".gt-class-list .gt-legend-entry")
    page.wait_for_function(
        "document.querySelectorAll('.gt-class-list .gt-legend-row').length === 1"
    )
    found.click()
    tour.until("s.selected.length === 1", "training")
    page.wait_for_function(
        "document.querySelector('#training-strip-graph .js-plotly-plot').data[0].meta.classes[0] === 321"
    )
    assert page.locator(".gt-class-chip").count() == 25
    page.locator('[data-gt-action="step-back"]').click()
    page.locator('[data-gt-action="step-back"]').click()
    tour.until("s.epoch === 0", "training")
    pairs = page.locator(".gt-pairs-list").first.locator(".gt-pair-row")
    pairs.first.wait_for()
    assert pairs.count() < 40
    page.locator('[aria-label="Search the confused classes"]').first.fill("no class has this name")
    page.wait_for_function(
        "document.querySelector('.gt-pairs-list').querySelectorAll('.gt-pair-row').length === 0"
    )
