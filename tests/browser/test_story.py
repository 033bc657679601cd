"""A story from the first key to the last page: kept, put in order, played, changed on the page, printed, left.

One tab for all of it, which goes from page to page of the app as readers do.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gt.kept.stories import FOLDER, read_story, write_story
from gt.kept.story import PICTURE, Story, View
from gt.run import open_run
from tests.browser.conftest import Watch, kept_page, serving_apart
from tests.browser.test_axe import AXE, violations
from tests.browser.tour import TEST, TRAIN, Tour
from tests.small_run import make
from tests.waiting import until

BAR = ".gt-story-bar"
SAVED = ".gt-toast-link"
CARD = ".gt-story-card"
NAME = "story-of-first"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("told") / "runs"


@pytest.fixture(scope="module")
def story_site(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    make(folder / "first")
    with serving_apart(tmp_path_factory.mktemp("served"), folder) as url:
        yield url


@pytest.fixture(scope="module")
def kept(story_site: str, browser: Any) -> Iterator[Tour]:
    with kept_page(browser, story_site, viewport={"width": 1440, "height": 900}) as tour:
        yield tour


@pytest.fixture
def opened(kept: Tour, watch: Watch) -> Iterator[Tour]:
    with watch.following(kept.page):
        yield kept


def stage_of(tour: Tour) -> str:
    """A stage that shows the run: a small run may have points of one split alone."""
    return TEST if tour.page.locator(f'[data-gt-stage="{TEST}"]:not([hidden])').count() else TRAIN


def keep(tour: Tour, number: int) -> None:
    """Keep what is shown by the key, and see that it is said which view that is."""
    tour.page.keyboard.press("c")
    tour.page.locator(f'.gt-toast:has-text("view {number} of"):has({SAVED})').wait_for()


def seen(tour: Tour) -> np.ndarray:
    return np.array(tour.settled(stage_of(tour)).matrix)[:, :2]


def titles(tour: Tour) -> list[str]:
    return [one.input_value() for one in tour.page.locator(f"{CARD} .gt-story-titled").all()]


def stored(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "first" / FOLDER / f"{NAME}.json").read_text("utf-8"))


def test_views_are_kept_put_in_order_and_played(opened: Tour, folder: Path) -> None:
    page = opened.page
    opened.goto("/grand-tour?run=first&epoch=0&play=0")
    opened.ready(TRAIN)
    first = seen(opened)
    keep(opened, 1)
    page.keyboard.press("r")
    opened.until("!s.playing && s.epoch === 0", stage_of(opened))
    opened.at_the_end(stage_of(opened))
    second = seen(opened)
    assert abs(second - first).max() > 0.01
    keep(opened, 2)
    views = stored(folder)["views"]
    assert [one["page"] for one in views] == ["grand-tour"] * 2
    assert [one["title"] for one in views] == ["softmax, epoch 0", "softmax, epoch 40"]
    for one in views:
        picture = base64.b64decode(one["picture"].partition(",")[2])
        assert picture[8:12] == b"WEBP" and 500 < len(picture) <= PICTURE
        assert "story=" not in one["query"] and "epoch 40" in views[1]["alt"]

    page.locator(SAVED).last.click()
    page.locator(CARD).nth(1).wait_for()
    page.get_by_label("Sentence of view 1").fill("Nothing is <b>learnt</b>.")
    page.locator('.gt-story-status:has-text("Saved")').wait_for()
    page.locator(CARD).nth(0).locator(".gt-story-titled").press("Alt+ArrowDown")
    assert titles(opened) == ["softmax, epoch 40", "softmax, epoch 0"]
    page.get_by_role("button", name="Undo").click()
    assert titles(opened) == ["softmax, epoch 0", "softmax, epoch 40"]
    page.evaluate(AXE)
    assert violations(opened, ".gt-story") == []
    page.emulate_media(media="print")
    assert page.locator(f'{CARD} .gt-story-on-paper:has-text("<b>learnt</b>")').is_visible()
    assert not page.locator(f"{CARD} textarea").nth(0).is_visible()
    page.emulate_media(media="screen")

    page.get_by_role("button", name="Play", exact=True).click()
    page.locator(f'{BAR}:has-text("1 / 2")').wait_for()
    opened.until("!s.playing && s.epoch === 0", TRAIN)
    np.testing.assert_allclose(seen(opened), first, atol=1e-5)
    page.evaluate("document.querySelector('[data-gt-page]').dataset.same = 'yes'")
    page.keyboard.press("PageDown")
    page.wait_for_function("location.search.includes('at=2')")
    opened.until("!s.playing && s.epoch === 40", stage_of(opened))
    np.testing.assert_allclose(seen(opened), second, atol=1e-5)
    many = page.evaluate("history.length")
    page.keyboard.press("PageDown")  # there is none behind the last
    opened.frames(3)
    assert page.evaluate("history.length") == many
    page.go_back()
    page.locator(f'{BAR}:has-text("1 / 2")').wait_for()
    opened.until("!s.playing && s.epoch === 0", stage_of(opened))
    np.testing.assert_allclose(seen(opened), first, atol=1e-5)
    assert page.locator('[data-same="yes"]').count() == 1  # it went over, and was not opened anew
    assert violations(opened, BAR) == []
    page.reload()
    page.locator(f'{BAR}:has-text("1 / 2")').wait_for()
    opened.ready(TRAIN)
    page.keyboard.press("Escape")
    page.locator(BAR).wait_for(state="detached")
    page.wait_for_function("!location.search.includes('story=')")


def test_a_view_is_changed_on_its_page_where_its_note_is_pointed(
    opened: Tour, folder: Path
) -> None:
    page = opened.page
    run = open_run(folder / "first")
    said = "run=first&layer=softmax&epoch={}&play=0"
    views = (
        View("grand-tour", said.format(0), "softmax, epoch 0", "Nothing is <b>learnt</b>."),
        View("grand-tour", said.format(40), "softmax, epoch 40"),
    )
    write_story(run, Story(run.uid, "Story of First", views), NAME)
    opened.goto(f"/grand-tour?run=first&story={NAME}&at=1&edit=1")
    page.locator(f'{BAR}:has-text("Replace the view")').wait_for()
    opened.ready(TRAIN)
    stage = stage_of(opened)
    opened.until("!s.playing && s.epoch === 0", stage)
    place = opened.pixels(np.array([0.0, 0.0]), stage)
    page.get_by_label("Note: the text of an arrow").fill("<i>here</i>")
    page.keyboard.press("Tab")
    page.locator("[data-gt-picking]").wait_for(state="attached")
    page.mouse.click(*map(float, np.ravel(place)[:2]))
    page.locator('.gt-note-text:has-text("<i>here</i>")').wait_for()
    until(lambda: read_story(run, NAME).story.views[0].note is not None)
    opened.at_the_end(stage_of(opened))
    page.keyboard.press("t")
    page.wait_for_function("location.search.includes('play=tour')")
    page.keyboard.press("c")
    until(lambda: "epoch=40" in read_story(run, NAME).story.views[0].query)
    view = read_story(run, NAME).story.views[0]
    assert (
        "play=0" in view.query and opened.look(stage_of(opened)).playing
    )  # what is kept stands still
    page.keyboard.press("t")
    assert (view.title, view.text) == ("softmax, epoch 0", "Nothing is <b>learnt</b>.")
    assert view.note is not None and view.note.text == "<i>here</i>"
    page.keyboard.press("PageDown")
    page.locator(".gt-note").wait_for(state="detached")
    page.keyboard.press("Escape")


def test_what_a_view_lacks_is_said_and_the_story_goes_on(
    opened: Tour, folder: Path, watch: Watch
) -> None:
    page = opened.page
    said = {"version": 1, "uid": open_run(folder / "first").uid, "title": "Odd"}
    gone = {
        "page": "grand-tour",
        "query": "run=first&layer=softmax&epoch=900&play=0",
        "title": "Gone",
    }
    empty = {"page": "tsne", "query": "run=first&method=tsne&epoch=0", "title": "No data"}
    bare = {
        "page": "umap",
        "query": "run=first",
        "title": "What the page has",
    }  # all that it asks for
    last = {"page": "training", "query": "run=first&epoch=20", "title": "Elsewhere"}
    said["views"] = [gone, empty, bare, last]
    (folder / "first" / FOLDER).mkdir(exist_ok=True)
    (folder / "first" / FOLDER / "odd.json").write_text(json.dumps(said), "utf-8")
    (folder / "first" / FOLDER / "odder.json").write_text("{", "utf-8")
    opened.goto("/grand-tour?run=first&story=odd&at=1")
    opened.left_out().filter(has_text="There is no epoch 900 here: the nearest, 40,").wait_for()
    page.keyboard.press("PageDown")
    page.locator(f'{BAR}:has-text("has shown nothing of this view")').wait_for()
    page.keyboard.press("PageDown")
    page.wait_for_function("location.pathname === '/umap'")
    page.locator(f'{BAR}:has-text("3 / 4")').wait_for()
    page.keyboard.press("PageDown")
    page.wait_for_function("location.pathname === '/training'")
    page.locator("#training-events").wait_for()
    watch.expect(r"answer 422: .*story=odder")
    watch.expect("Failed to load resource: .* 422")
    opened.goto("/story?run=first&story=odder")
    opened.left_out().filter(has_text="This story cannot be shown: ").wait_for()
    page.locator('.gt-story-listed h3:has-text("Odd")').wait_for()
    assert "odder.json" in page.locator(".gt-runs-problem").inner_text()
    page.evaluate(AXE)
    assert violations(opened, ".gt-story") == []
