"""The lab: an attack asked for in the page is refused with a reason, watched, cancelled, shown and kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gt.kept.attack import attack_of
from gt.run import open_run
from tests.browser.conftest import serving
from tests.browser.test_compute import no_worker_is_left, workers  # noqa: F401 - a fixture
from tests.browser.tour import PATIENCE_MS, Tour

attackable = pytest.importorskip("tests.attackable")
one_thread = attackable.one_thread

STAGE = "adversarial"
PATIENT_MS = 4 * PATIENCE_MS  # a process starts, and PyTorch in it
CHOSEN = """(one) => [
  one.value,
  one.selectedOptions[0]?.textContent ?? "",
  [...one.options].filter((option) => option.value).length,
]"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that can be attacked, and one whose network was not recorded."""
    folder = tmp_path_factory.mktemp("lab") / "runs"
    attackable.record(folder / "shapes")
    attackable.record(folder / "outputs", layers="outputs", title="Outputs")
    return folder


@pytest.fixture(scope="module")
def site(runs: Path) -> Iterator[str]:
    made = runs.parent
    (made / "shipped").mkdir()
    with serving(runs, made / "cache", made / "shipped") as url:
        yield url


@pytest.fixture(scope="module")
def kept(site, browser) -> Iterator[Tour]:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.set_default_timeout(PATIENCE_MS)
    tour = Tour(page, site)
    tour.goto("/adversarial?play=0")
    yield tour
    page.close()


class Lab:
    """The panel of the page, which is loaded once for all tests."""

    def __init__(self, tour: Tour) -> None:
        self.tour, self.page = tour, tour.page

    def ask(self, **fields: str) -> Lab:
        """Open the form and fill it in; a field is named by its label."""
        self.page.click("#job-attack-open")
        self.page.locator("#job-attack-field-count-note").filter(has_text="gets right").wait_for()
        return self.fill(**fields)

    def fill(self, **fields: str) -> Lab:
        form = self.page.locator(".offcanvas")
        for name, value in fields.items():
            if name in ("Run", "Source", "Target", "Method"):
                form.get_by_label(name).select_option(label=value)
            else:
                form.get_by_role("textbox", name=re.compile(f"^{name}")).fill(value)
        return self

    def refused(self, said: str) -> Lab:
        self.page.locator("#job-attack-problem").filter(has_text=said).wait_for()
        assert self.page.locator("#job-attack-start").is_disabled()
        return self

    def start(self) -> Lab:
        self.page.locator(
            ".offcanvas:has(#job-attack-problem:empty) #job-attack-start:not([disabled])"
        ).click()
        self.page.locator(".offcanvas").wait_for(state="detached")
        return self

    def doing(self, said: str) -> Lab:
        self.page.locator("#job-attack-doing").filter(has_text=re.compile(said)).wait_for(
            timeout=PATIENT_MS
        )
        return self

    def told(self, said: str) -> Lab:
        self.page.locator("#job-attack-message").filter(has_text=said).wait_for(timeout=PATIENT_MS)
        assert self.page.locator("#job-attack-progress").is_hidden()
        return self

    @property
    def chosen(self) -> list:
        """Name and title of the attack that is chosen, and how many there are."""
        return self.page.eval_on_selector("#adversarial-run", CHOSEN)


@pytest.fixture
def lab(kept, watch) -> Iterator[Lab]:
    watch.follow(kept.page)
    yield Lab(kept)
    watch.leave(kept.page)


def test_bad_values_are_refused_before_anything_starts(lab):
    lab.ask(Epsilon="7").refused("Epsilon must be a number, from 0 to 1")
    assert "Why not Outputs?" in lab.page.locator("#job-attack-field-unfit").inner_text()
    lab.fill(Epsilon="0.3", Source="bar", Target="bar").refused("both are bar")
    lab.fill(Target="cross", Points="17").refused("from 1 to 16; “17” came")
    lab.fill(Points="8", Steps="").refused("nothing came")
    lab.page.locator(".offcanvas .btn-close").click()
    lab.page.locator(".offcanvas").wait_for(state="detached")
    assert workers() == []


def test_a_cancelled_attack_ends_at_once_and_is_listed_nowhere(lab, runs):
    lab.ask(Epsilon="0.3", Source="bar", Target="cross", Points="8", Steps="1000").start()
    lab.doing(r"^Step \d+")
    assert len(workers()) == 1
    lab.page.click("#job-attack-cancel")
    lab.told("Stopped.")
    assert lab.chosen[2] == 0
    [place] = (runs.parent / "attacks").iterdir()
    assert [path.name[0] for path in place.iterdir()] == ["."]


def test_an_attack_is_watched_and_shown_and_kept_and_asking_twice_attacks_once(lab, runs):
    lab.ask(Epsilon="0.6", Source="bar", Target="cross", Points="8", Steps="12")
    lab.fill(**{"Step size": "0.05"}).start()
    lab.doing("^(Step|Aligning)")
    lab.told("of 8 are taken for cross after 12 steps: done in")
    name, title, there = lab.chosen
    assert there == 1 and title.startswith("Shapes, 8 of bar to cross")
    lab.tour.until(f"s.run === '{name}' && s.frame.count > 0", STAGE, PATIENT_MS)
    [place] = (runs.parent / "attacks").iterdir()
    assert [path.name for path in place.iterdir()] == [name], "what was cancelled went"

    lab.ask()
    lab.page.get_by_text("This attack is there already").wait_for()
    lab.start().told("there already")
    assert lab.chosen == [name, title, 1]

    lab.page.get_by_role("button", name="Keep as a run").click()
    lab.told(f"Kept in {runs / name}")
    assert lab.page.locator("#adversarial-keep").is_hidden()
    found = attack_of(open_run(runs / name))
    assert (found.recipe.steps, found.recipe.count, found.recipe.source) == (12, 8, "bar")
    assert found.success[-1] > 0
    assert lab.chosen == [name, title, 1], "it is the one that is shown"
