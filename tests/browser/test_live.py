"""A training is watched while it is recorded: what comes is taken in, what goes is told, nothing of the reader's is lost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from gt.run.read import open_run
from tests.browser.conftest import kept_page, serving_apart
from tests.browser.tour import TRAIN
from tests.embeddings import _write
from tests.growing import Growing

LAST = "Number(document.querySelector('[data-gt-part=\"epoch\"] input').max)"
NOTE = "document.querySelector('.gt-live')"


@pytest.fixture
def live_runs(tmp_path) -> Iterator[tuple]:
    runs = tmp_path / "runs"
    runs.mkdir()
    growing = Growing(runs / "mine", 3)
    yield runs, growing
    growing.close()


@pytest.fixture
def live_site(live_runs, tmp_path) -> Iterator[str]:
    with serving_apart(tmp_path / "served", live_runs[0]) as url:
        yield url


@pytest.fixture
def tour(live_site, browser, watch):
    size = {"width": 1280, "height": 900}
    with kept_page(browser, live_site, viewport=size) as found, watch.following(found.page):
        yield found


@pytest.fixture(autouse=True)
def place(tmp_path):
    (tmp_path / "served").mkdir()


def test_the_slider_grows_and_whoever_is_at_the_newest_epoch_goes_along(tour, live_runs):
    _, growing = live_runs
    tour.goto("/grand-tour?play=0&seed=3")
    tour.ready()
    tour.until("s.epoch === 2", TRAIN)  # a run that is being recorded opens at its newest
    tour.page.wait_for_function(f"!{NOTE}.hidden && {NOTE}.textContent.includes('Following')")
    before = tour.look(TRAIN)
    assert growing.add() == 3
    tour.page.wait_for_function(f"{LAST} === 3")
    tour.until("s.epoch === 3", TRAIN)
    now = tour.look(TRAIN)
    assert (now.matrix == before.matrix).all() and (now.positions != before.positions).any()

    tour.page.keyboard.press("ArrowLeft")  # leaving it by hand ends that
    tour.until("s.epoch === 2 && !s.playing", TRAIN)
    growing.add()
    tour.page.wait_for_function(f"{LAST} === 4")
    tour.page.wait_for_function(f"{NOTE}.textContent.includes('Follow the newest')")
    assert tour.look(TRAIN).epoch == 2

    tour.page.get_by_role("button", name="Follow the newest epoch").click()  # and takes it up again
    tour.until("s.epoch === 4", TRAIN)
    growing.add()
    tour.until("s.epoch === 5", TRAIN)
    growing.close()
    tour.page.locator(".gt-live").get_by_text(
        "The recording has ended; its last epoch is 5."
    ).wait_for()


def test_zoom_selection_colour_and_hidden_classes_stay(tour, live_runs):
    _, growing = live_runs
    tour.goto("/grand-tour?play=0&seed=3&color=prediction&hide=1&layer=logits")
    tour.ready()
    tour.page.evaluate("""() => document.querySelector('[data-gt-action="fit"]').click()""")
    link = "document.querySelector('[data-gt-action=\"zoom\"]').textContent"
    zoomed = tour.page.evaluate(link)
    growing.add()
    tour.page.wait_for_function(f"{LAST} === 3")
    assert tour.page.evaluate(link) == zoomed
    assert tour.page.get_by_label("Colour").input_value() == "prediction"
    assert tour.page.locator('.gt-legend-entry[aria-pressed="false"]').count() == 1


def test_new_runs_come_into_the_lists_and_a_deleted_one_goes_with_a_sentence(tour, live_runs):
    runs, growing = live_runs
    tour.goto("/grand-tour?play=0&run=mine")
    tour.ready()
    other = Growing(runs / "other")
    options = "[...document.getElementById('grand-tour-run').options].map((one) => one.text)"
    other.add()
    tour.page.wait_for_function(f"{options}.includes('Other') || {options}.includes('other')")
    other.close()
    growing.close()
    shutil.rmtree(runs / "mine")
    tour.page.wait_for_function(
        f"!{NOTE}.hidden && {NOTE}.textContent.includes('This run is gone')"
    )
    tour.page.wait_for_function(f"{options}.some((text) => text.endsWith('(gone)'))")
    assert tour.look(TRAIN).run == "mine"  # what is shown stays
    tour.page.locator("#grand-tour-run").select_option("other")
    tour.until("s.run === 'other'", TRAIN)
    tour.page.wait_for_function(f"{NOTE}.hidden")
    tour.page.wait_for_function(f"!{options}.some((text) => text.endsWith('(gone)'))")


def test_the_charts_of_training_grow(tour, live_runs):
    _, growing = live_runs
    tour.goto("/training")
    seen = "(async () => (await import('/assets/js/main.mjs')).inspect('training'))()"
    tour.page.wait_for_function(
        f"{seen}.then((s) => s.run === 'mine' && s.epoch === 2, () => false)"
    )
    growing.add()
    tour.page.wait_for_function(f"{seen}.then((s) => s.epoch === 3)")
    assert tour.page.evaluate(LAST) == 3
    points = "document.querySelectorAll('.gt-epochs-chart .js-plotly-plot')[1].data[0].x.length"
    tour.page.wait_for_function(f"{points} === 4")


def test_the_overview_tells_of_a_run_without_an_epoch_and_of_one_that_comes(tour, live_runs):
    runs, _ = live_runs
    tour.goto("/")
    tour.page.locator(".gt-card", has_text="mine").locator(".gt-live-mark").wait_for()
    other = Growing(runs / "other")
    card = tour.page.locator(".gt-card", has_text="ther")
    card.get_by_text("Being recorded, no epoch yet").wait_for()
    other.add()
    card.get_by_text("60 points, 3 classes, 1 epoch").wait_for()
    other.close()
    card.locator(".gt-live-mark").wait_for(state="detached")


def test_what_was_computed_stays_says_where_it_ends_and_offers_the_rest(tour, live_runs):
    runs, growing = live_runs
    run = open_run(runs / "mine")
    tsne = {"perplexity": 30, "iterations": 500, "every": 1}
    _write(run, "tsne", "tsne", tsne, {"openTSNE": "1.0.4"})
    tour.goto("/tsne?play=0")
    tour.ready()
    tour.page.wait_for_function(f"{NOTE}.textContent.includes('This training is being recorded.')")
    growing.add()
    note = tour.page.locator(".gt-live")
    note.get_by_text(
        "This picture ends at epoch 2; the training is at epoch 3 and goes on."
    ).wait_for()
    assert tour.page.evaluate(LAST) == 2
    note.get_by_role("button", name="Bring it up to date").click()
    tour.page.locator(".gt-compute-form").wait_for()

    tour.goto("/compare")
    note.get_by_text("This training is being recorded.").wait_for()
    growing.add()
    note.get_by_text("This page ends at epoch 3; the training is at epoch 4").wait_for()
    note.get_by_role("button", name="Bring it up to date").click()
    note.get_by_text("This training is being recorded.").wait_for()
    growing.close()
    tour.page.wait_for_function(f"{NOTE}.hidden")
