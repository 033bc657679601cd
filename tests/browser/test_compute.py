"""An embedding asked for in the page: refused with a reason, watched, cancelled, gone on with, shown."""

from __future__ import annotations

import re
import shutil

import psutil
import pytest

from gt.kept.embedding import FOLDER
from tests.browser.test_pages import PHONE, go
from tests.browser.tour import PATIENCE_MS
from tests.waiting import until

pytest.importorskip("openTSNE", reason="no openTSNE: pip install -e '.[embed]'")

PROBLEM, START, MESSAGE = "#job-embed-problem", "#job-embed-start", "#job-embed-message"
PROGRESS, DOING, CANCEL = "#job-embed-progress", "#job-embed-doing", "#job-embed-cancel"
#: pages come before computations, whose first epoch waits for what is compiled
SLOW_MS = 4 * PATIENCE_MS


def workers():
    """Processes of this one that compute."""
    out = []
    for child in psutil.Process().children():
        try:
            if "multiprocess.spawn" in " ".join(child.cmdline()):
                out.append(child.pid)
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
    return out


def none_is_left():
    """Wait until no process computes."""
    until(lambda: not workers(), said=workers)


@pytest.fixture(scope="module", autouse=True)
def results_are_taken_away(cache_folder):
    """Other tests count on runs that have no picture."""
    yield
    shutil.rmtree(cache_folder.parent / FOLDER)


@pytest.fixture(autouse=True)
def no_worker_is_left():
    yield
    none_is_left()


class Panel:
    """The panel of a page of embeddings."""

    def __init__(self, tour):
        self.tour, self.page = tour, tour.page

    def ask(self, method, **fields):
        """Open the form and fill it in."""
        self.page.click("#job-embed-open")
        self.page.wait_for_function("!document.querySelector('[data-dash-is-loading=true]')")
        self.page.locator(f".offcanvas input[value='{method}']").check()
        self.page.wait_for_function("document.querySelector('#job-embed-field-points').value")
        if method == "dynamic-tsne":  # the only one here whose fields are others than the first's
            self.page.get_by_role("textbox", name=re.compile("^λ")).wait_for()
        self.fill(**fields)
        return self

    def fill(self, **fields):
        for title, value in fields.items():
            self.page.get_by_role("textbox", name=re.compile(f"^{title}")).fill(str(value))
        return self

    def allowed(self):
        self.page.locator(f".offcanvas:has({PROBLEM}:empty) {START}:not([disabled])").wait_for()
        return self

    def refused(self, said):
        self.page.locator(PROBLEM).filter(has_text=said).wait_for()
        assert self.page.locator(START).is_disabled()
        return self

    def start(self):
        self.page.click(START)
        self.page.locator(".offcanvas").wait_for(state="detached")
        return self

    def doing(self, said):
        self.page.locator(DOING).filter(has_text=re.compile(said)).wait_for(timeout=SLOW_MS)
        return self

    def told(self, said):
        self.page.locator(MESSAGE).filter(has_text=said).wait_for(timeout=SLOW_MS)
        self.page.locator(PROGRESS).wait_for(state="hidden")  # an answer may still be on its way
        return self

    def reload(self, path):
        """Load a page anew in the same tab, until it has asked for what is at work."""
        with self.page.expect_response(
            lambda answer: "jobs-store" in (answer.request.post_data or "")
        ):
            self.tour.goto(path)
        return self

    @property
    def chosen(self):
        return self.page.eval_on_selector(
            "#embed-method", "(one) => [one.value, one.selectedOptions[0]?.textContent]"
        )


@pytest.fixture
def panel(open_page):
    def panel(path, wait=False, **more):
        tour = open_page(
            f"{path}&play=0", wait=wait, **more
        )  # what plays takes its time from the computation
        tour.page.locator("#job-embed-open").wait_for()
        return Panel(tour)

    return panel


def test_bad_parameters_are_refused_before_anything_starts(panel):
    here = panel("/tsne?run=held-out").ask("tsne")
    here.refused("at most a third of the other points, 13 for 40 points; 30 came")
    here.fill(Perplexity="").refused("nothing came")
    here.fill(Perplexity="five").refused("“five” came")
    here.fill(Perplexity="5").allowed()
    here.fill(Points="9").refused("a third of the other points, 2.67 for 9 points")
    here.fill(Points="40", Seed="-1").refused("Seed must be a whole number")
    here.fill(Seed="1", Iterations="0").refused("Iterations must be a whole number, from 1 to")
    here = panel("/umap?run=held-out").ask("umap").allowed()
    here.fill(Neighbours="0").refused("Neighbours must be a whole number, 2 or more; “0” came")
    here.fill(Neighbours="40").refused("Neighbours must be fewer than the points")
    here.fill(Neighbours="5").allowed()
    assert workers() == []


def test_a_computation_is_watched_and_its_result_shown_and_asking_twice_computes_once(panel):
    here = panel("/tsne?run=held-out").ask("tsne", Perplexity=7, Iterations=600).allowed().start()
    here.doing("t-SNE, epoch [1-6] of 6")
    assert len(workers()) == 1
    seen = here.page.wait_for_function(
        "(() => { const said = parseInt(document.querySelector('#job-embed-percent').textContent);"
        " return said > 0 && said; })()",
        timeout=SLOW_MS,
    ).json_value()
    assert 0 < seen <= 100
    here.told("t-SNE of 40 of 40 points: done in")
    name, label = here.chosen
    assert name.startswith("tsne-") and "perplexity 7" in label
    here.tour.ready("tsne")

    again = panel("/tsne?run=held-out").ask("tsne", Perplexity=7, Iterations=600)
    again.page.get_by_text("computed already").wait_for()
    again.allowed().start().told("computed already")
    assert again.chosen == [name, label]
    assert workers() == []


def test_a_cancelled_computation_stops_at_once_and_goes_on_when_it_is_asked_for_again(
    panel, cache_folder
):
    from gt.kept.embedding import find_embeddings

    here = panel("/tsne?run=shapes")
    here.ask("tsne-warm", Perplexity=4, Iterations=4000).allowed().start()
    # at once, within the page: on a busy machine a click from here may come when all is done
    here.page.wait_for_function(
        """([doing, cancel]) => {
          const found = /epoch [2-4] of 5/.test(document.querySelector(doing)?.textContent);
          if (found) document.querySelector(cancel).click();
          return found;
        }""",
        arg=[DOING, CANCEL],
        timeout=SLOW_MS,
    )
    here.told("What was done is kept")
    none_is_left()
    before = here.chosen

    here.page.click("#job-embed-open")  # what was filled in is there still
    here.allowed().start().told("done in")
    assert here.chosen != before and "continued" in here.chosen[1]
    [place] = (cache_folder.parent / FOLDER).glob(f"*/{here.chosen[0]}")
    [made] = [one for one in find_embeddings(place.parent)[0] if one.name == here.chosen[0]]
    assert made.made["seconds"] is None, "its time would be known if it had begun anew"


def test_computations_take_turns_and_say_their_place_and_one_that_waits_can_be_cancelled(panel):
    def reader(method, **fields):  # each in a browser of their own: the tabs of one show the same
        return panel("/tsne?run=wide", context={}).ask(method, Perplexity=5, **fields).allowed()

    one = reader("tsne-warm", Iterations=20000)
    two = reader("tsne", Iterations=300)
    three = reader("tsne", Iterations=400)
    one.start().doing("t-SNE, continued")
    two.start().doing("^Waiting: 1 before this one$")
    three.start().doing("^Waiting: 2 before this one$")
    assert len(workers()) == 1
    three.page.click(CANCEL)
    three.told("Stopped")
    one.page.click(CANCEL)
    one.told("Stopped")
    two.told("t-SNE of 48 of 48 points: done in")
    assert two.chosen[0].startswith("tsne-")


def test_who_leaves_the_page_and_comes_back_finds_the_computation_at_work(panel):
    here = panel("/tsne?run=wide").ask("tsne-warm", Perplexity=6, Iterations=3000)
    here.allowed().start().doing("epoch")
    go(here.tour, "Grand Tour")
    here.tour.ready("grand-tour-train")
    go(here.tour, "UMAP")
    here.page.locator("#job-embed-open").wait_for()
    here.doing("t-SNE, continued")  # which it is still, on whichever page
    here.told("See Wide, t-SNE")
    here.page.get_by_role("link", name="Wide, t-SNE").click()
    here.page.wait_for_function(
        "[...document.querySelector('#embed-method')?.options ?? []]"
        ".some((one) => one.textContent.includes('perplexity 6'))"
    )


def test_a_reload_leaves_the_computation_at_work_and_another_tab_shows_and_cancels_it_too(panel):
    here = panel("/tsne?run=wide").ask("tsne-warm", Perplexity=7, Iterations=20000)
    here.allowed().start().doing("epoch")
    before = workers()
    assert len(before) == 1
    here.reload("/tsne?run=wide")
    here.doing("t-SNE, continued")
    other = panel("/tsne?run=wide")
    other.doing("t-SNE, continued")
    assert workers() == before, "the same process, and no other"
    other.page.click(CANCEL)
    other.told("Stopped")
    here.page.locator(PROGRESS).wait_for(state="hidden")
    none_is_left()
    here.reload("/tsne?run=wide")
    assert here.page.locator(PROGRESS).is_hidden(), "there is nothing to go on with"
    assert workers() == []


def test_asking_for_the_same_in_another_tab_waits_for_the_first(panel):
    here = panel("/tsne?run=wide").ask("tsne-warm", Perplexity=8, Iterations=1000)
    again = panel("/tsne?run=wide").ask("tsne-warm", Perplexity=8, Iterations=1000)
    here.allowed().start()
    again.allowed().start()
    for one in (here, again):
        one.told(re.compile("done in|computed already"))
        assert "perplexity 8" in one.chosen[1]


def test_the_form_is_reached_by_keyboard_and_fits_a_phone(panel):
    """Keys are the form's as long as it is open, not the picture's behind it."""
    here = panel("/tsne?run=mnist", wait=True, context=PHONE)
    here.page.locator("#job-embed-open").focus()
    here.page.keyboard.press("Enter")
    here.refused("a third of the other points")
    assert here.page.evaluate("document.activeElement.closest('.offcanvas') !== null")
    there = here.page.locator(".offcanvas.show:not(.offcanvas-toggling)")
    there.wait_for()  # until it has slid in
    box = there.bounding_box()
    assert round(box["width"]) <= 390 and round(box["x"]) >= 0
    wide = "document.querySelector('.offcanvas-body').scrollWidth"
    assert here.page.evaluate(wide) <= round(box["width"])
    here.page.keyboard.press("Escape")
    here.page.locator(".offcanvas").wait_for(state="detached")
    assert here.page.evaluate("document.activeElement.id") == "job-embed-open"
    assert here.page.evaluate("document.documentElement.scrollWidth") <= 390
