"""The page Grand Tour in a file, opened as a file: the page's own tests, run once more against it, and what a file is besides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from gt.serve.library import Library
from gt.share import alone
from gt.share.document import Book
from tests.browser import test_handles, test_looks, test_play, test_selection, test_telling
from tests.browser.chromium import served
from tests.browser.conftest import VIEWPORT
from tests.browser.test_axe import without_violation
from tests.browser.test_selection import lasso, learnt  # noqa: F401
from tests.browser.test_telling import told  # noqa: F401
from tests.browser.tour import PATIENCE_MS, TEST, TRAIN, InFile, Tour
from tests.in_file import said_in

#: tests of those modules that are of more than this page
ELSEWHERE = {
    "test_points_can_be_shown_as_their_images": "compares a button's ground to the last bit; the points are tested below",
    "test_size_of_points_is_chosen_and_kept_and_a_term_is_explained": "leads to the documentation",
    "test_other_widths_end_with_everything_too": "of other runs",
    "test_it_goes_on_by_itself_plays_the_motion_at_each_stop_and_ends_at_the_last": "takes long, the stops are tested below",
    "test_the_complete_tour_shows_all_of_a_motion": "takes long, and asks for nothing that is another's in a file",
    "test_it_ends_when_the_reader_takes_over": "takes long; drags, epochs and jumps in a file are tested one by one",
    "test_a_flat_picture_has_no_frames_and_says_why": "of another page",
    "test_the_teaser_has_both": "of another page",
    "test_all_of_a_layer_is_shown_at_right_angles_and_adds_up": "of another page",
    "test_the_points_of_a_layer_move_at_every_stop_by_what_adds_up": "of another page",
    "test_the_scale_stays_while_all_of_it_is_shown": "of another page",
    "test_a_meter_of_a_layer_says_what_its_coordinates_keep": "of another page",
}


def again(*modules: ModuleType) -> dict[str, Any]:
    """The tests of some modules, but for those of elsewhere."""
    return {
        name: one
        for module in modules
        for name, one in vars(module).items()
        if name.startswith("test_") and name not in ELSEWHERE
    }


globals().update(again(test_handles, test_looks, test_play, test_selection, test_telling))


class FileTour(InFile):
    """The page in a file: its address says behind a # what the app's says behind a ?."""

    def address(self, path: str) -> str:
        return f"{self.site}#{urlsplit(path).query}"

    def asked(self, address: str) -> str:
        return urlsplit(address).fragment

    def ready(self, name: str = "") -> Tour:
        return super().ready(name or TEST)

    def _asked_for(self, path: str) -> bool:
        here, asked = (
            parse_qs(urlsplit(url).fragment) for url in (self.page.url, self.address(path))
        )
        return self.page.url.startswith(self.site) and here.get("seed") == asked.get("seed")


def book(library: Library, run: str, query: str = "") -> Book:
    """The page as a file."""
    return alone.book_of(library, [alone.told(library, "grand-tour", run)], query)


@pytest.fixture(scope="module")
def written(runs_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The digits of the tests' runs, in a file."""
    made = tmp_path_factory.mktemp("file")
    library, run = alone.library_of(runs_folder / "mnist", made / "cache")
    alone.write_file(library, book(library, run), made / "mnist.html")
    return made / "mnist.html"


@pytest.fixture(scope="module")
def site(written: Path) -> str:
    return written.as_uri()


@pytest.fixture
def reader() -> type[Tour]:
    return FileTour


@pytest.fixture(scope="module")
def opened(site: str, shared_context: Any) -> Iterator[FileTour]:
    page = shared_context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield FileTour(page, site)
    page.close()


@pytest.fixture
def tour(opened: FileTour, watch: Any) -> Iterator[FileTour]:
    """The page standing still at its first epoch, nothing selected, as the app's `tour`."""
    with watch.following(opened.page):
        opened.fresh()
        yield opened


def test_it_asks_for_nothing_but_itself(open_page):
    asked: list[str] = []
    tour = open_page("/grand-tour?play=0", context={"viewport": VIEWPORT})
    tour.page.on("request", lambda request: asked.append(request.url))
    tour.page.reload(wait_until="commit")
    tour.ready()
    tour.page.keyboard.press("i")
    tour.until("s.images")
    assert [url.split("#")[0] for url in asked] == [tour.site]
    policy = tour.page.locator("meta[http-equiv]").get_attribute("content")
    assert "default-src 'none'" in policy and "unsafe" not in policy


def test_points_are_drawn_as_dots_or_as_their_images(tour):
    images = """() => {
      const canvas = document.querySelector('[data-gt-stage="grand-tour-test"] [data-gt-part="images"]');
      return canvas.checkVisibility();
    }"""
    dots = tour.ink()
    assert dots > 0 and not tour.page.evaluate(images)
    tour.page.keyboard.press("i")
    tour.until("s.images && !s.running")
    assert tour.ink() == 0 and tour.page.evaluate(images)
    tour.page.keyboard.press("i")
    tour.until("!s.images && !s.running")
    assert tour.ink() == pytest.approx(dots) and not tour.page.evaluate(images)


def test_its_address_is_the_view_after_a_reload(open_page):
    tour = open_page("/grand-tour?play=0")
    tour.at_the_end()
    chosen = lasso(tour, 2)
    tour.page.wait_for_function("location.hash.includes('select')")
    before = tour.settled()
    tour.page.reload(wait_until="commit")
    tour.ready()
    tour.until(f"s.selected.length === {len(chosen)} && s.epoch === {before.epoch}")
    after = tour.settled()
    assert set(after.selected) == chosen
    np.testing.assert_allclose(after.matrix[:, :2], before.matrix[:, :2], atol=1e-6)
    link = tour.copied_link()
    assert link.startswith(f"{tour.site}#run=mnist")
    go = "(to) => (location.href = to.replace('epoch=40', 'epoch=5'))"
    tour.page.evaluate(go, link)  # another link to the same file is followed
    tour.until("s.epoch === 5")


def test_it_begins_as_it_was_asked_to(written, open_page, runs_folder, watch):
    library, run = alone.library_of(runs_folder / "mnist", written.parent / "cache")
    other = written.with_name("begun.html")
    alone.write_file(library, book(library, run, "epoch=12&play=0&color=verdict"), other)
    watch.allow(other.as_uri())
    tour = open_page("/grand-tour?play=0")
    tour.page.goto(other.as_uri(), wait_until="commit")
    tour.ready()
    assert (tour.settled().epoch, tour.settled(TRAIN).playing) == (12, False)
    assert tour.page.get_by_label("Colour").input_value() == "verdict"


def test_everybody_can_use_it_in_light_and_dark(tour):
    without_violation(tour)


def test_without_scripts_it_shows_pictures_with_sentences(browser, site):
    page = browser.new_page(java_script_enabled=False)
    page.goto(site)
    assert page.locator("h1:visible").inner_text() == "MNIST, softmax"
    assert page.locator("figure svg:visible").count() == 6
    assert (
        page.locator("figure svg").first.get_attribute("aria-label") == "Training points, epoch 0"
    )
    said = page.locator(".gt-still p").all_inner_texts()
    assert said[0].startswith(
        "MNIST: 60 training points and 60 test points, placed by their numbers"
    )
    assert "Of the test points the network takes for what they are" in said[1]
    page.close()


def test_a_folder_on_any_server_fetches_what_it_needs(browser, runs_folder, tmp_path):
    library, run = alone.library_of(runs_folder / "mnist", tmp_path / "cache")
    alone.write_folder(library, book(library, run), tmp_path / "site")
    asked: list[str] = []
    with served(tmp_path / "site") as url:
        page = browser.new_page(viewport=VIEWPORT)
        page.set_default_timeout(PATIENCE_MS)
        page.on("request", lambda request: asked.append(request.url.removeprefix(url)))
        tour = FileTour(page, f"{url}/index.html")
        tour.page.goto(tour.address("/grand-tour?play=0"))
        tour.page.wait_for_function("window.grandTour")
        tour.ready()
        assert tour.settled().n == 60
        told = said_in((tmp_path / "site" / "index.html").read_text("utf-8"))
        splits = told["pages"][0]["shown"]["softmax"]["splits"].values()
        images = [f"/{split['images']['url']}.packed" for split in splits]
        assert len(images) == 2 and not {*images} & {*asked}
        tour.page.keyboard.press("i")
        tour.until("s.images")
        assert [asked.count(one) for one in images] == [1, 1], "once they are looked at"
        page.close()
    assert {one.split("/")[1] for one in asked} <= {"index.html", "tensors", "favicon.ico"}


def test_it_lives_in_a_frame_and_speaks_with_the_page_around(browser, written, site):
    """Its text handed over to a frame that may do nothing but run scripts, as notebooks and papers do."""
    page = browser.new_page(viewport=VIEWPORT)
    page.set_default_timeout(PATIENCE_MS)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: said.type == "error" and problems.append(said.text))
    page.set_content("<body></body>")
    page.evaluate(
        """(text) => {
          window.heard = [];
          addEventListener("message", ({ data }) => window.heard.push(data["grand-tour-selected"] ?? "ready"));
          const frame = document.createElement("iframe");
          frame.sandbox = "allow-scripts";
          frame.style.cssText = "width: 1200px; height: 700px";
          frame.srcdoc = text;
          document.body.append(frame);
        }""",
        written.read_text("utf-8"),
    )
    page.wait_for_function("window.heard[0] === 'ready'")
    frame = page.frames[1]
    assert frame.locator('[data-gt-action="link"]').is_hidden()
    page.evaluate("window.frames[0].postMessage({ 'grand-tour-select': [3, 100004] }, '*')")
    page.wait_for_function("window.heard.length === 2")
    assert page.evaluate("window.heard[1]") == [3, 100004]
    frame.locator('[data-gt-part="selection"]', has_text="2 points").wait_for()
    frame.locator('[data-gt-part="selection"] button', has_text="Clear").click()
    page.wait_for_function("window.heard.length === 3")
    page.evaluate("window.frames[0].postMessage({ 'grand-tour-select': ['x'] }, '*')")
    page.evaluate("window.frames[0].postMessage({ 'grand-tour-select': [5] }, '*')")
    page.wait_for_function("window.heard.length === 4")
    assert json.loads(page.evaluate("JSON.stringify(window.heard)"))[2:] == [[], [5]]
    assert not problems, problems
    page.close()
