"""Embeddings that were imported, in the browser: looked at, turned, selected, linked with all other pages, compared."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gt
from gt.embed.imported import key_of
from gt.kept.embedding import Embedding
from tests.browser.conftest import kept_page, serving_apart
from tests.browser.test_embed_pages import choose, lasso
from tests.browser.test_pages import go
from tests.browser.tour import TEST, Tour
from tests.embeddings import _clusters

STAGE, TWO, FIVE = "embedding", "UMAP, <b>tuned</b>", "Five axes"
#: by the address of the site
IMPORTED_RUN: dict[str, Path] = {}
BY = "umap <i>0.5</i> & patience"


@pytest.fixture(scope="module")
def imported_site(runs_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app with the digits and two embeddings more: of two dimensions, and of five."""
    made = tmp_path_factory.mktemp("imported")
    runs = made / "own"
    runs.mkdir()
    for name in ("mnist", "shapes"):
        shutil.copytree(runs_folder / name, runs / name)
    run = gt.open_run(runs / "mnist")
    for name, d, said in ((TWO, 2, BY), (FIVE, 5, None)):
        places = _clusters(run.labels, 10, len(run.epochs), d)
        gt.write_embedding(run, places, name=name, by=said)
    with serving_apart(made, runs) as url:
        IMPORTED_RUN[url] = run.path
        yield url


@pytest.fixture(scope="module")
def _kept(imported_site: str, browser: Any) -> Iterator[Tour]:
    size = {"width": 1280, "height": 800}
    with kept_page(browser, imported_site, viewport=size, reduced_motion="reduce") as tour:
        yield tour


@pytest.fixture
def imported(_kept: Tour, imported_site: str, watch: Any) -> Iterator[Tour]:
    """The page with the embedding of two dimensions, standing still at its first epoch, nothing selected."""
    with watch.following(_kept.page):
        _kept.goto(f"/embedding?run=mnist&embedding={key_of(TWO, 'test')}&play=0")
        _kept.ready(STAGE)
        _kept.page.keyboard.press("Escape")
        _kept.until("!s.selected.length && s.p === 2", STAGE)
        yield _kept


def test_it_is_shown_flat_under_its_name_with_its_maker_s_words(imported):
    seen = imported.settled(STAGE)
    assert (seen.run, seen.layer, seen.n, seen.epoch) == ("mnist", key_of(TWO, "test"), 60, 0)
    assert imported.handle_names(STAGE) == []
    assert imported.stage(STAGE).locator("h2").inner_text() == f"MNIST: {TWO} (imported)"
    about = imported.page.locator("#embed-about").inner_text()
    assert "As its maker says:" in about and BY in about and "Seed" not in about
    imported.page.keyboard.press("ArrowRight")
    imported.until("s.epoch === 1 && !s.playing", STAGE)
    assert np.abs(imported.look(STAGE).positions - seen.positions).max() > 0.1
    assert imported.toast().count() == 0


def test_a_lasso_here_selects_the_same_points_on_other_pages_and_back(imported):
    imported.at_the_end(STAGE)
    picked = lasso(imported, STAGE)
    imported.until(f"s.selected.length === {len(picked)}", STAGE)
    assert set(imported.look(STAGE).selected) == picked
    go(imported, "Grand Tour")
    imported.until(f"s.selected.length === {len(picked)}", TEST)
    assert set(imported.look(TEST).selected) == picked and imported.absent(STAGE)
    imported.page.get_by_role("button", name="Select the 12 points of class 4").click()
    imported.until("s.selected.length === 6", TEST)
    go(imported, "Imported")
    imported.until("s.selected.length === 6", STAGE)
    assert set(imported.look(STAGE).selected) == set(100_004 + 10 * np.arange(6))
    assert imported.look(STAGE).layer == key_of(TWO, "test"), "as the page was left"


def test_five_dimensions_are_toured_and_turned_by_hand_and_the_address_says_it(imported):
    choose(imported, "method", key_of(FIVE, "test"))
    imported.until("s.p === 5 && s.frame.count > 0", STAGE)
    assert imported.handle_names(STAGE) == [f"d{i}" for i in range(1, 6)]
    assert "turns all 5 dimensions" in imported.page.locator("#embed-about").inner_text()
    first = imported.settled(STAGE)
    imported.button("tour").click()
    imported.until(
        f"s.playing && Math.abs(s.matrix[0] - {float(first.matrix[0, 0])}) > 1e-3", STAGE
    )
    imported.button("tour").click()
    imported.settled(STAGE)
    imported.drag_handle("d3", (0.4, 0.5), STAGE)
    imported.frames(2)
    seen = imported.settled(STAGE)
    np.testing.assert_allclose(seen.matrix[2, :2], (0.4, 0.5), atol=0.02)
    wanted = f"embedding={key_of(FIVE, 'test')}"
    imported.page.wait_for_function(
        f"location.search.includes('{wanted}') && location.search.includes('frame=')"
    )
    link = imported.page.url.removeprefix(imported.site)
    imported.goto(f"{link}&again=1")  # as another document
    imported.ready(STAGE)
    np.testing.assert_allclose(imported.settled(STAGE).matrix[:, :2], seen.matrix[:, :2], atol=1e-5)


def test_a_run_without_any_says_how_to_bring_one_and_comes_back(imported):
    choose(imported, "run", "shapes")
    imported.page.get_by_text("Shapes has no imported embedding yet.").wait_for()
    assert "gt import-embedding" in imported.page.locator("#embed-about code").first.inner_text()
    assert (
        imported.page.locator("#embed-about a").get_attribute("href")
        == "/docs/how-to/import-embedding"
    )
    choose(imported, "run", "mnist")
    imported.until("s.run === 'mnist' && s.frame.count > 0", STAGE)


@pytest.fixture(scope="module")
def principal(imported_site: str) -> np.ndarray:
    """The two leading principal axes of the five dimensions over all epochs, (5, 2), but for their signs."""
    place = IMPORTED_RUN[imported_site] / "embeddings" / key_of(FIVE, "test")
    places = Embedding.open(place).positions().reshape(-1, 5).astype(np.float64)
    return np.linalg.svd(places - places.mean(0), full_matrices=False)[2][:2].T


def test_compare_begins_along_the_principal_axes_and_links_its_panels(imported, principal):
    two, five = (f"compare-{key_of(name, 'test')}-10" for name in (TWO, FIVE))
    imported.goto("/compare?run=mnist&play=0")
    imported.ready(two)
    imported.ready(five)
    heads = imported.page.locator(".gt-row-head").all_inner_texts()
    [said] = [head for head in heads if head.startswith(FIVE)]
    assert "at first the 2 leading principal axes of 5, over all epochs" in said
    assert any(head.startswith(f"{TWO} (imported)") for head in heads), (
        "its letters, and no mark-up"
    )
    first = imported.settled(five)
    np.testing.assert_allclose(np.abs(first.matrix[:, :2]), np.abs(principal), atol=1e-6)
    border = "getComputedStyle(end, '::before').borderTopColor"
    ends = imported.stage(five).locator(".gt-handle")
    assert len(set(ends.evaluate_all(f"(ends) => ends.map((end) => {border})"))) == 1, "of no class"
    places = first.positions
    assert np.abs(places).max() <= max(map(abs, first.range)) + 1e-9, "all of it is in the panel"
    imported.page.get_by_role("button", name="Select the 6 points of class 3").first.click()
    imported.until("s.selected.length === 6", two)
    imported.until("s.selected.length === 6", five)
    imported.page.locator("#compare-table table").first.wait_for()
    table = imported.page.locator("#compare-table").inner_text()
    assert f"{FIVE} (imported)" in table and "Measured in all their dimensions" in table
    drawn = imported.page.evaluate(
        """() => document.querySelector("#compare-lines-graph .js-plotly-plot").data
          .filter((line) => line.name.includes("imported")).map((line) => line.line.dash)"""
    )
    assert drawn == ["dash", "dash"]
