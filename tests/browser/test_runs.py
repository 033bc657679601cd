"""The page of all runs in a browser: found, sorted, renamed, deleted, put back; and a file becomes a run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gt.run import open_run
from gt.run.title import retitle
from tests.browser.conftest import Watch, kept_page, listening, serving_apart
from tests.browser.tour import Tour
from tests.growing import Growing
from tests.small_run import make
from tests.waiting import until

TITLES = "[...document.querySelectorAll('.gt-runs-title .gt-runs-name > :first-child')].map((one) => one.textContent)"
SIZED = '[data-gt-of="on disk"]:not(.gt-runs-none)'
HOSTILE = "<img src=x onerror=alert(1)> & co"
TABLE = "long,wide,kind\n" + "".join(f"{i},{i * i % 7}.5,{'ab'[i % 2]}\n" for i in range(40))
REFUSED = (r"answer 422: ", r"console error: Failed to load resource: .*422")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("listed") / "runs"


@pytest.fixture(scope="module")
def runs_site(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder.mkdir()
    with serving_apart(tmp_path_factory.mktemp("served"), folder) as url:
        yield url


@pytest.fixture(scope="module")
def kept(runs_site: str, browser: Any) -> Iterator[Tour]:
    with kept_page(browser, runs_site, viewport={"width": 1280, "height": 900}) as tour:
        yield tour


@pytest.fixture
def runs(folder: Path) -> Iterator[Path]:
    """Two runs, and nothing that another test has left."""
    import shutil

    make(folder / "first")
    Growing(folder / "second", 3).close()
    yield folder
    for one in [*folder.iterdir()]:
        shutil.rmtree(one)


@pytest.fixture
def opened(kept: Tour, runs: Path, watch: Watch) -> Iterator[Tour]:
    with watch.following(kept.page):
        go(kept)
        yield kept


def go(tour: Tour, count: int = 2) -> None:
    """Open the page, and wait until the folders have been looked into."""
    tour.goto("/runs")
    tour.page.wait_for_function(f"document.querySelectorAll('{SIZED}').length === {count}")


def titles(tour: Tour) -> list[str]:
    found: list[str] = tour.page.evaluate(TITLES)
    return found


def shows(tour: Tour, *wanted: str) -> None:
    """Wait until these are the titles, in this order."""
    tour.page.wait_for_function(f"(wanted) => String({TITLES}) === String(wanted)", arg=[*wanted])


def focused(tour: Tour) -> str:
    said = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
    return str(tour.page.evaluate(said))


def test_a_run_is_found_and_the_list_is_sorted(opened: Tour) -> None:
    page = opened.page
    page.get_by_role("button", name="Run", exact=True).click()
    shows(opened, "first", "second")
    assert (
        page.get_by_role("columnheader", name="Run", exact=True).get_attribute("aria-sort")
        == "ascending"
    )
    page.get_by_role("button", name="Run", exact=True).click()
    shows(opened, "second", "first")
    page.get_by_role("button", name="Points").click()  # 60 and 8
    shows(opened, "second", "first")
    page.get_by_role("button", name="Epochs").click()  # 3 and 5
    shows(opened, "first", "second")
    page.get_by_label("Search the runs").fill("SEC")
    shows(opened, "second")
    assert page.locator(".gt-runs-counted").inner_text() == "1 of 2 runs"
    page.get_by_label("Search the runs").fill("nothing like it")
    assert page.get_by_text("No run has these words.").is_visible()
    page.get_by_label("Search the runs").fill("")
    shows(opened, "first", "second")


def test_a_run_opens_on_the_pages_that_can_show_it(opened: Tour) -> None:
    opened.page.get_by_role("link", name="second on Training").click()
    opened.page.wait_for_url("**/training?run=second")
    opened.page.wait_for_selector("#training-events")


def test_a_run_gets_another_title_in_every_tab(
    opened: Tour, runs: Path, browser: Any, runs_site: str, watch: Watch
) -> None:
    page = opened.page
    with kept_page(browser, runs_site) as other, watch.following(other.page):
        go(other)
        page.get_by_role("button", name="Rename… first").click()
        page.keyboard.press("Escape")
        page.wait_for_function("!document.querySelector('dialog')")
        assert focused(opened) == "Rename… first"
        page.keyboard.press("Enter")
        page.keyboard.type("  ")
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog .gt-problem:not([hidden])")
        assert "a letter at least" in page.locator("dialog .gt-problem").inner_text()
        page.keyboard.type(HOSTILE)
        page.keyboard.press("Enter")
        shows_it = f"(title) => {TITLES}.includes(title)"
        page.wait_for_function(shows_it, arg=HOSTILE)
        other.page.wait_for_function(shows_it, arg=HOSTILE)
    assert page.evaluate("document.querySelectorAll('main img').length") == 0
    assert open_run(runs / "first").title == HOSTILE
    assert (
        page.get_by_role("link", name=HOSTILE, exact=True).get_attribute("href")
        == "/grand-tour?run=first"
    )
    for pattern in REFUSED:
        watch.expect(pattern)


def test_a_run_is_deleted_by_keys_alone_and_comes_back(opened: Tour, runs: Path) -> None:
    page = opened.page
    page.get_by_role("button", name="Delete… first").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    assert focused(opened) == "Cancel"  # what takes something away is not one key away
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    shows(opened, "second")
    page.wait_for_function("document.activeElement.textContent === 'Undo'")
    assert not (runs / "first").exists()
    page.keyboard.press("Enter")
    page.wait_for_function(f"{TITLES}.length === 2")
    assert open_run(runs / "first").n == 8

    page.get_by_role("button", name="Delete… first").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    shows(opened, "second")
    go(opened, 1)  # another day
    page.get_by_text("Trash: 1 run").click()
    page.get_by_role("button", name="Put back first").click()
    page.wait_for_function(f"{TITLES}.length === 2")
    page.wait_for_selector(".gt-runs-trash", state="hidden")


def test_what_is_recorded_is_marked_grows_and_stays(opened: Tour, runs: Path) -> None:
    growing = Growing(runs / "live", 2)
    page = opened.page
    row = page.locator('[data-gt-run="live"]')
    row.locator(".gt-live-mark").wait_for()
    assert row.get_by_role("button").count() == 0
    assert "its recorder writes into it" in row.inner_text()
    growing.add()
    page.wait_for_function(
        """document.querySelector('[data-gt-run="live"] [data-gt-of="epochs"]')?.textContent === '3'"""
    )
    growing.close()
    row.get_by_role("button", name="Delete… live").wait_for()
    assert row.locator(".gt-live-mark").count() == 0


def test_the_focus_stays_where_it_is_while_a_run_grows(opened: Tour, runs: Path) -> None:
    growing = Growing(runs / "live", 2)
    page = opened.page
    link = page.get_by_role("link", name="live on Training")
    link.focus()
    growing.add()
    page.wait_for_function(
        """document.querySelector('[data-gt-run="live"] [data-gt-of="epochs"]')?.textContent === '3'"""
    )
    assert focused(opened) == "live on Training"
    growing.close()


def choose(tour: Tour, *files: dict[str, Any]) -> None:
    """Choose files in the browser's own dialog."""
    with tour.page.expect_file_chooser() as chooser:
        tour.page.get_by_role("button", name="Bring a file…").click()
    chooser.value.set_files([*files])


def table(name: str = "my table.csv", text: str = TABLE) -> dict[str, Any]:
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode()}


def uploads(runs: Path) -> list[Path]:
    """What the server has of files that are being brought."""
    return [*runs.parent.parent.glob("served[0-9]*/uploads/*")]


def test_a_table_is_seen_chosen_of_and_opened(opened: Tour, runs: Path, watch: Watch) -> None:
    page = opened.page
    choose(opened, table(text=TABLE.replace(",b\n", ",<b>b</b>\n")))
    seen = page.locator(".gt-bring-seen")
    seen.wait_for()
    assert "40 points, 2 coordinates, 2 groups" in seen.inner_text()
    columns = page.get_by_role("region", name="Columns").inner_text()
    assert "kind" in columns and "label" in columns and "coordinate" in columns
    assert "<b>b</b>" in page.get_by_role("region", name="First rows").inner_text()
    assert "Nothing is written yet" in page.locator(".gt-bring-said").inner_text()
    assert {one.name for one in runs.iterdir()} == {"first", "second"}

    page.get_by_label("Label: tells groups apart").select_option("none")
    page.wait_for_function(
        "!document.querySelector('.gt-bring-seen')?.textContent.includes('groups')"
    )
    page.get_by_label("Coordinates", exact=True).click()
    page.keyboard.type("nope")
    page.keyboard.press("Tab")
    page.wait_for_selector("dialog .gt-problem:not([hidden])")
    assert "“nope” is none" in page.locator("dialog .gt-problem").inner_text()
    assert page.get_by_role("button", name="Add", exact=True).is_disabled()
    page.get_by_label("Coordinates", exact=True).fill("lo*")
    page.get_by_label("Scale", exact=True).focus()
    page.wait_for_function(
        "document.querySelector('.gt-bring-seen')?.textContent.includes('1 coordinate')"
    )
    page.get_by_label("Title", exact=True).fill(HOSTILE)
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url("**/grand-tour?run=img-src-x-onerror-alert-1-co")
    run = open_run(runs / "img-src-x-onerror-alert-1-co")
    assert (run.title, run.n, len(run.classes)) == (HOSTILE, 40, 1)
    page.wait_for_function(
        "(title) => document.querySelector('#grand-tour-run')?.selectedOptions[0]?.text === title",
        arg=HOSTILE,
    )
    until(lambda: not uploads(runs))
    for pattern in REFUSED:
        watch.expect(pattern)


DROP = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  const zone = document.querySelector(".gt-bring-drop");
  const fire = (type) => zone.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
  fire("dragover");
  const over = zone.hasAttribute("data-gt-over");
  fire("drop");
  return over && !zone.hasAttribute("data-gt-over");
}"""


def test_a_file_that_is_dropped_is_seen_and_called_off_without_a_trace(
    opened: Tour, runs: Path
) -> None:
    page = opened.page
    assert page.evaluate(DROP, ["dropped.csv", TABLE])
    page.locator(".gt-bring-seen").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_function("!document.querySelector('dialog')")
    until(lambda: not uploads(runs))
    assert {one.name for one in runs.iterdir()} == {"first", "second"}
    assert len(titles(opened)) == 2


def test_a_page_that_is_left_takes_its_file_along(opened: Tour, runs: Path) -> None:
    choose(opened, table())
    opened.page.locator(".gt-bring-seen").wait_for()
    assert len(uploads(runs)) == 1
    opened.goto("/docs")  # a load, as when the tab is closed
    until(lambda: not uploads(runs))


@pytest.fixture
def held_back(opened: Tour) -> Iterator[Tour]:
    """The page, of whose uploads the first piece alone comes to the server."""
    sent: list[str] = []

    def hold(route: Any) -> None:
        sent.append(route.request.url)
        if len(sent) == 1:
            route.continue_()  # the others never come to the server

    opened.page.route("**/uploads/*/0?at=*", hold)
    yield opened
    opened.page.unroute("**/uploads/*/0?at=*")


def test_a_file_is_called_off_while_it_is_sent(held_back: Tour, runs: Path) -> None:
    page = held_back.page
    with page.expect_request(
        re.compile(r"/uploads/[^/]+/0\?at=[1-9]")
    ):  # the second of three pieces
        choose(held_back, table(text=TABLE + "1,2,a\n" * 400_000))
    page.wait_for_function("document.querySelector('dialog progress')?.value > 0")
    until(lambda: len(uploads(runs)) == 1)
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_function("!document.querySelector('dialog')")
    until(lambda: not uploads(runs))
    assert focused(held_back) == "Bring a file…"
    assert {one.name for one in runs.iterdir()} == {"first", "second"}


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (table("a.exe"), "must end in"),
        (table(text="\0\1\2" * 99), "my table.csv"),
        (table(text="a,b\n1,2,3\n"), "my table"),
    ],
    ids=["kind", "binary", "ragged"],
)
def test_what_cannot_be_read_is_told_and_leaves_nothing(
    opened: Tour, runs: Path, watch: Watch, file: dict[str, Any], said: str
) -> None:
    page = opened.page
    choose(opened, file)
    page.wait_for_selector("dialog .gt-problem:not([hidden])")
    assert said in page.locator("dialog .gt-problem").inner_text()
    assert page.get_by_role("button", name="Add", exact=True).is_disabled()
    page.keyboard.press("Escape")
    until(lambda: not uploads(runs))
    for pattern in REFUSED:
        watch.expect(pattern)


@pytest.fixture
def phone(
    browser: Any, runs_site: str, runs: Path, watch: Watch
) -> Iterator[Callable[[int], Tour]]:
    tours = []

    def phone(width: int) -> Tour:
        tour = kept_page(browser, runs_site, viewport={"width": width, "height": 700})
        tours.append(tour)
        found = tour.__enter__()
        watch.follow(found.page)
        return found

    yield phone
    for tour in tours:
        tour.__exit__(None, None, None)


def test_a_phone_has_cards_and_nothing_to_scroll_sideways(
    phone: Callable[[int], Tour], runs: Path
) -> None:
    retitle(runs / "first", "a_very_long_title_without_a_blank_" * 4)
    tour = phone(320)
    go(tour)
    page = tour.page
    wide = "document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(wide) <= 0
    page.get_by_label("Sort the runs by").select_option("n down")
    shows(tour, "second", open_run(runs / "first").title)
    assert "8 points" in page.locator('[data-gt-run="first"]').evaluate(
        "(row) => [...row.cells].map((cell) => cell.textContent + getComputedStyle(cell, '::after').content.replaceAll('\"', '')).join(' ')"
    )
    choose(tour, table())
    page.locator(".gt-bring-seen").wait_for()
    assert page.evaluate(wide) <= 0
    inside = "document.querySelector('dialog').scrollWidth - document.querySelector('dialog').clientWidth"
    assert page.evaluate(inside) <= 0
    assert page.get_by_role("button", name="Add", exact=True).is_visible()
    page.keyboard.press("Escape")


@pytest.fixture
def fixed_site(tmp_path: Path) -> Iterator[str]:
    """A server that may write nothing."""
    import app

    make(tmp_path / "runs" / "first")
    (tmp_path / "shipped").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "SHIPPED", tmp_path / "shipped")
        made = app.create_app([tmp_path / "runs"], tmp_path / "cache", read_only=True)
    with listening(made) as url:
        yield url


def test_a_server_that_writes_nothing_offers_nothing_and_says_so(
    fixed_site: str, browser: Any, watch: Watch
) -> None:
    with kept_page(browser, fixed_site) as tour, watch.following(tour.page):
        go(tour, 1)
        page = tour.page
        assert page.get_by_text("This server is read-only").is_visible()
        assert page.locator(".gt-runs-table").get_by_role("button", name="Delete").count() == 0
        assert page.get_by_role("button", name="Bring a file…").count() == 0
        page.get_by_role("link", name="Layers", exact=True).and_(
            page.locator(".gt-nav-link")
        ).click()
        page.get_by_text("This server is read-only and aligns none.").wait_for()
        assert page.locator("#job-align-open").is_disabled()


def test_axe_sees_nothing_wrong_in_the_dialogs(opened: Tour) -> None:
    from tests.browser.test_axe import AXE, violations

    page = opened.page
    page.evaluate(AXE)
    page.get_by_role("button", name="Delete… first").click()
    assert violations(opened, "dialog") == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Rename… first").click()
    assert violations(opened, "dialog") == []
    page.keyboard.press("Escape")
    choose(opened, table())
    page.locator(".gt-bring-seen").wait_for()
    assert violations(opened, "dialog") == []
    page.keyboard.press("Escape")
