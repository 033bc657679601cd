"""Every page for readers without a mouse or good eyes: axe in light and dark, names, tooltips, Tab, a lost server.

axe-core comes from a Python package and is put into the page as a script: nothing is fetched. One page for
all tests, which goes from path to path by the navigation, as readers do: each is loaded once.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import kept_page, serving_apart
from tests.browser.tour import TEST, Tour

ROOT = Path(__file__).parents[2]
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
#: by the name in the navigation: what is there once the page has drawn, a stage or a selector
PAGES = {
    "Overview": "home",
    "Grand Tour": TEST,
    "t-SNE": "tsne",
    "UMAP": "umap",
    "Imported": "#embed-about .gt-none",
    "Compare": "#compare-table table",
    "Layers": "layers",
    "Adversarial": "adversarial",
    "Training": "#training-events li",
    "Network": "[data-gt-shown]",
    "Method": "method-tesseract",
    "Runs": '[data-gt-of="on disk"]:not(.gt-runs-none)',
    "Docs": '[data-gt-part="docs-search"] input',
}
#: colours are all that a theme changes
COLOURS = ["color-contrast", "link-in-text-block"]
_RUN = """async ([within, only]) => {
  const options = { resultTypes: ["violations"], ...(only.length ? { runOnly: only } : {}) };
  const { violations } = await axe.run(within, options);
  return violations.flatMap(({ id, impact, nodes }) => nodes.map(({ target, failureSummary }) =>
    `${impact} ${id}: ${target.join(" ")}: ${failureSummary.replace(/\\s+/g, " ")}`));
}"""
#: buttons and links that show no word, and do not say in two ways what they are for; what jumps the queue of Tab
_ODD = """(within) => {
  const said = [];
  for (const one of document.querySelectorAll(`${within} :is(a[href], button, summary, [role=button])`)) {
    if (one.closest("[hidden]") || /[\\p{L}\\p{N}]/u.test(one.textContent)) continue;
    const name = one.getAttribute("aria-label") || one.querySelector("img[alt], svg [role=img]");
    if (!name) said.push(`no name: ${one.outerHTML.slice(0, 200)}`);
    if (!one.title && !one.dataset.gtTerm) // a term has a box of its own
      said.push(`no tooltip: ${one.outerHTML.slice(0, 200)}`);
  }
  for (const one of document.querySelectorAll(`${within} [tabindex]`)) {
    if (one.tabIndex > 0) said.push(`tabindex ${one.tabIndex}: ${one.outerHTML.slice(0, 200)}`);
  }
  return said;
}"""


@pytest.fixture(scope="module")
def axe_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app with the training of the digits and the attack that ship, each with all that a page can show."""
    made = tmp_path_factory.mktemp("axe")
    with serving_apart(made, shipped=("mnist", "mnist-8-to-0")) as url:
        yield url


@pytest.fixture(scope="module")
def kept(axe_site: str, browser: Any) -> Iterator[Tour]:
    """A reader who wants no motion: nothing plays, and no colour is met half-way to another."""
    how = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}
    with kept_page(browser, axe_site, **how) as tour:
        tour.goto("/")
        tour.ready()
        tour.page.evaluate(AXE)
        yield tour


@pytest.fixture
def opened(kept: Tour, watch: Any) -> Iterator[Tour]:
    with watch.following(kept.page):
        yield kept


def violations(opened: Tour, within: str = "html", only: list[str] | None = None) -> list[str]:
    return opened.page.evaluate(_RUN, [within, only or []])


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_violation_in_light_or_dark(opened: Tour, name: str) -> None:
    page = opened.page
    page.get_by_role("link", name=name, exact=True).and_(page.locator(".gt-nav-link")).click()
    there = PAGES[name]
    if "[" in there or "#" in there:
        page.wait_for_selector(there)
    else:
        opened.ready(there)
    bring_to_life(page)
    assert page.evaluate(_ODD, "body") == []
    assert violations(opened) == []
    assert theme(opened, "dark") == "dark"
    assert violations(opened, only=COLOURS) == []
    assert theme(opened, "light") == "light"


def without_violation(opened: Tour) -> None:
    """Axe finds nothing on a page that is open, in light or dark, nor has it odd names.

    Args:
        opened: May move; it is light again at the end.
    """
    opened.page.evaluate(AXE)
    for scheme, only in (("light", []), ("dark", COLOURS)):
        assert theme(opened, scheme) == scheme
        opened.frames(30)  # colours go over into each other
        assert violations(opened, only=only) == []
    assert opened.page.evaluate(_ODD, "body") == []
    theme(opened, "light")


def bring_to_life(page: Any) -> None:
    """Go past the figures that wait until they come near; most pages have none."""
    for box in page.locator(".gt-detail").all():
        box.scroll_into_view_if_needed()
        box.and_(page.locator("[data-gt-alive]")).wait_for()


def theme(opened: Tour, scheme: Any) -> str:
    """Let the system ask for a theme; returns the one that the page shows."""
    opened.page.emulate_media(color_scheme=scheme)
    opened.frames(2)
    return opened.page.evaluate("document.documentElement.dataset.bsTheme")


def test_the_keys_have_no_violation_and_give_the_focus_back(opened: Tour) -> None:
    opened.button("keys").focus()
    opened.page.keyboard.press("Enter")
    opened.page.locator("dialog[open]").wait_for()
    assert violations(opened, "dialog") == []
    opened.page.keyboard.press("Escape")
    assert opened.page.evaluate("document.activeElement.dataset.gtAction") == "keys"


def test_the_search_and_its_filters_have_no_violation(opened: Tour) -> None:
    page = opened.page
    page.get_by_role("link", name="Grand Tour", exact=True).and_(
        page.locator(".gt-nav-link")
    ).click()
    opened.ready(PAGES["Grand Tour"])
    page.keyboard.press("/")
    page.locator(".gt-search-panel input").fill("id:>=0")
    page.keyboard.press("Control+Enter")
    page.locator(".gt-filter").wait_for()
    page.keyboard.press("/")
    page.locator(".gt-search-panel input").fill("split:test predicted:hor")
    assert violations(opened) == []
    theme(opened, "dark")
    assert violations(opened, only=COLOURS) == []
    theme(opened, "light")
    opened.page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.gtAction") == "search"
    page.locator(".gt-filter button").click()


def test_a_complete_tour_has_no_violation_in_light_or_dark(opened: Tour) -> None:
    page = opened.page
    page.get_by_role("link", name="Grand Tour", exact=True).and_(
        page.locator(".gt-nav-link")
    ).click()
    opened.ready(TEST)
    page.keyboard.press("k")
    opened.until("s.stop === 1 && s.arrived", TEST)
    page.locator('[data-gt-part="gauge"]').first.focus()
    assert page.evaluate(_ODD, ".gt-stages") == []
    assert violations(opened, ".gt-stages") == []
    theme(opened, "dark")
    assert violations(opened, ".gt-stages", only=COLOURS) == []
    theme(opened, "light")
    page.keyboard.press("Escape")


def test_tab_begins_at_the_link_that_skips_the_navigation(opened: Tour) -> None:
    page = opened.page
    page.reload(wait_until="commit")
    page.locator("main h1").wait_for(state="attached")
    page.evaluate(AXE)
    page.keyboard.press("Tab")
    skip = page.locator(".gt-skip")
    assert skip.evaluate("(link) => link === document.activeElement")
    assert skip.bounding_box()["x"] > 0, "it is seen as long as it has the focus"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('#gt-content'))")


def test_what_is_wrong_is_found(opened: Tour) -> None:
    broken = """<div id="broken"><p style="color: #999; background: #fff">Faint</p><input>
      <button type="button"><i class="gt-icon"></i></button><a href="#x" tabindex="3">Early</a></div>"""
    opened.page.wait_for_load_state("networkidle")  # what comes late would take its place
    opened.page.wait_for_function("!document.querySelector('[data-dash-is-loading=true]')")
    opened.page.evaluate(
        "(html) => document.querySelector('main').insertAdjacentHTML('beforeend', html)", broken
    )
    said = "\n".join(violations(opened, "#broken"))
    assert all(rule in said for rule in ("color-contrast", "button-name", "label", "tabindex"))
    odd = opened.page.evaluate(_ODD, "#broken")
    assert [one.split(":")[0] for one in odd] == ["no name", "no tooltip", "tabindex 3"]
    opened.page.locator("#broken").evaluate("(div) => div.remove()")


def test_a_server_that_is_gone_is_told_and_that_it_is_back(opened: Tour, watch: Any) -> None:
    watch.expect(r"^request failed: .*: net::ERR_(INTERNET_DISCONNECTED|ABORTED)")
    watch.expect(r"^console error: .*ERR_INTERNET_DISCONNECTED")
    page = opened.page
    notice = page.locator(".gt-gone")
    assert notice.is_hidden()
    page.context.set_offline(True)
    page.evaluate("fetch('/assets/css/20-shell.css?').catch(() => {})")
    notice.filter(has_text="does not answer").wait_for()
    assert violations(opened, ".gt-gone") == []
    page.context.set_offline(False)
    notice.filter(has_text="is back").wait_for()
    notice.get_by_role("button", name="Reload").click()
    notice.wait_for(state="hidden")
    page.wait_for_selector("main h1", state="attached")
    page.evaluate(AXE)
