"""``gt.show`` in a page that mounts the widget's module as anywidget's front end does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gt
from tests.browser.conftest import VIEWPORT
from tests.browser.tour import PATIENCE_MS

#: a notebook's front end: the widget's state as its model, its module from its text, a cell to draw in
_MOUNT = """async ([name, state, esm]) => {
  const heard = {};
  const model = {
    saved: 0,
    get: (key) => state[key],
    set(key, value) {
      const other = JSON.stringify(state[key]) !== JSON.stringify(value);
      state[key] = value;
      if (other) for (const one of heard[`change:${key}`] ?? []) one();
    },
    save_changes: () => model.saved++,
    on: (event, one) => (heard[event] ??= new Set()).add(one),
    off: (event, one) => heard[event]?.delete(one),
  };
  const el = document.body.appendChild(document.createElement("div"));
  // from the text's own address, as marimo does; JupyterLab makes one of a blob
  const { default: widget } = await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(esm)}`);
  window[name] = { model, state, el, end: await widget.render({ model, el }) };
}"""

#: what VS Code's notebooks allow, in which a frame's text stands too
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' https: data:; style-src 'unsafe-inline'; "
    "img-src https: data:; font-src https:; connect-src https:; child-src https: data: blob:"
)


@pytest.fixture
def cells(browser: Any) -> Any:
    page = browser.new_page(viewport=VIEWPORT)
    page.set_default_timeout(PATIENCE_MS)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: said.type == "error" and problems.append(said.text))
    page.set_content(
        f'<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="{_POLICY}"><body>'
    )
    yield page
    page.close()
    assert not problems, problems


def mount(page: Any, name: str, view: Any) -> None:
    state = view.get_state()
    told = {key: state[key] for key in ("html", "title", "height", "selected")}
    page.evaluate(_MOUNT, [name, told, state["_esm"]])


def test_selections_go_both_ways_and_views_do_not_hear_each_other(cells: Any) -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat(["left", "right"], 20)
    one = gt.show(rng.normal(size=(40, 4)), labels, title="One", height=500)
    other = gt.show(rng.normal(size=(30, 3)), title="Other", height=500)
    other.selected = [7, 8, 9]
    mount(cells, "one", one)
    mount(cells, "other", other)
    first, second = cells.frame_locator("iframe").first, cells.frame_locator("iframe").nth(1)
    selection = '[data-gt-part="selection"]'
    second.locator(selection, has_text="3 points").wait_for()  # what Python had selected before
    first.locator(".gt-legend-count").nth(1).click()
    cells.wait_for_function("window.one.model.saved === 1")
    assert cells.evaluate("window.one.state.selected") == list(range(20, 40))
    assert cells.evaluate("window.other.state.selected") == [7, 8, 9]
    cells.evaluate("window.one.model.set('selected', [1])")  # from Python
    first.locator(selection, has_text="1 point").wait_for()
    assert cells.locator("iframe").first.get_attribute("title") == "One"
    cells.evaluate("window.one.end()")
    assert cells.locator("iframe").count() == 1
    one.close()
    other.close()


def test_points_are_drawn_and_a_single_time_has_no_slider(cells: Any) -> None:
    view = gt.show(np.random.default_rng(1).normal(size=(25, 3)), names=["a", "b", "c"])
    cells.evaluate("document.body.style.color = 'oklch(0.9 0 0)'")  # a dark notebook
    mount(cells, "only", view)
    cell = cells.frame_locator("iframe")
    cell.locator(".gt-handle:not([hidden])").nth(2).wait_for(state="attached")
    assert cell.locator(".gt-stage:visible").count() == 1
    assert cell.locator(".gt-stage-title").inner_text() == "Points"
    assert not cell.locator('[data-gt-part="epoch"]').is_visible()
    assert cell.locator('[data-gt-action="tour"]').is_visible()
    drawn = cells.frames[1].evaluate("grandTour.inspect('points')")
    assert (drawn["n"], drawn["p"]) == (25, 3)
    dark = cells.frames[1].locator("html[data-bs-theme=dark]")
    dark.wait_for()
    cells.frames[1].evaluate("window.asked = 1")  # gone if it were loaded anew
    cells.evaluate("document.body.style.color = '#222'")
    dark.wait_for(state="detached")
    assert cells.frames[1].evaluate("window.asked") == 1
    cell.locator(".gt-legend-count").first.click()
    cell.locator('[data-gt-part="selection"]', has_text="25 points").wait_for()
    assert "train" not in cell.locator('[data-gt-part="selection"]').inner_text()
    view.close()
