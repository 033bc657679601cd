"""Another engine than Chromium's: every page draws in Firefox, turns, takes a lasso and complains of nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np
import pytest

from tests.browser import firefox
from tests.browser.conftest import serving_apart
from tests.browser.test_axe import PAGES
from tests.browser.tour import PATIENCE_MS, TEST, Tour

#: waits for an element of a selector, and with these words; presses it, if it is to
_THERE = """async ([selector, words, press, patience]) => {
  const named = (one) => !words || one.textContent.trim() === words;
  for (const end = performance.now() + patience; performance.now() < end; ) {
    const found = [...document.querySelectorAll(selector)].find(named);
    if (found && press) found.click();
    if (found) return true;
    await new Promise((done) => setTimeout(done, 15));
  }
  return false;
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app with the digits and their attack that ship."""
    made = tmp_path_factory.mktemp("firefox")
    with serving_apart(made, shipped=("mnist", "mnist-8-to-0")) as url:
        yield url


@pytest.fixture(scope="module")
def kept(site: str) -> Iterator[Tour]:
    """One page for all tests here, which go from path to path by the navigation."""
    if firefox.executable() is None:
        message = "no Firefox (set GT_FIREFOX to its path), or no Xvfb on Linux"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with firefox.page() as page:
        tour = Tour(page, site)  # type: ignore[arg-type]  # as much of a page as is asked for
        tour.goto("/?play=0")
        yield tour


@pytest.fixture
def opened(kept: Tour) -> Iterator[Tour]:
    """That page; a test fails on whatever is complained of."""
    yield kept
    problems = kept.page.problems  # type: ignore[attr-defined]
    said, problems[:] = problems[:], []
    assert not said, "\n".join(said)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_draws(opened: Tour, name: str) -> None:
    there = PAGES[name]
    patience = 3 * PATIENCE_MS
    assert opened.page.evaluate(_THERE, [".gt-nav-link", name, True, patience]), name
    if "[" in there or "#" in there:
        assert opened.page.evaluate(_THERE, [there, "", False, patience]), there
    else:
        opened.ready(there)


def test_a_tour_turns_under_the_hand_and_a_lasso_selects_what_lies_in_it(opened: Tour) -> None:
    opened.goto("/grand-tour?play=0&epoch=99&seed=3")
    opened.ready()
    before = opened.settled()
    path = opened.pixels(before.matrix[0, :2], TEST)
    opened.page.mouse.move(*path[0])
    opened.page.mouse.down()
    opened.page.mouse.move(*opened.pixels([0.0, 0.5], TEST)[0], steps=6)
    opened.page.mouse.up()
    turned = opened.settled()
    assert turned.way == "buffer", "the fast way of drawing"
    assert abs(turned.matrix[0, :2] - [0.0, 0.5]).max() < 0.02, "its handle is where it was let go"
    assert abs(turned.matrix @ turned.matrix.T - np.eye(len(turned.matrix))).max() < 1e-5
    assert abs(turned.positions - before.positions).max() > 0.1
    centre = turned.positions[0]
    inside = ((turned.positions - centre) ** 2).sum(axis=1) ** 0.5
    opened.draw(opened.ring(centre, 0.12, corners=24))
    opened.until("s.selected.length > 0")
    selected = set(opened.look().selected)
    assert set(turned.ids[inside < 0.11]) <= selected <= set(turned.ids[inside < 0.13])
