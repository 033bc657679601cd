"""Names are shown letter by letter wherever they stand: plotly, unlike a page, would take them for mark-up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from gt.figures.letters import letters
from gt.figures.measures import Line, lines_figure
from tests.browser.conftest import serving_apart
from tests.browser.tour import TEST, Tour

NAMES = ["<s>", "<b>x</b>y", "a<br>b", "&amp; &#65;", "%{x}$y$", "=1+1"]
TITLE = "<i>Run</i> &lt;3 %{meta}"
#: hovers over a point and says what the label reads; plotly shows it some time later
HOVER = """() => void (window.hovered = async (gd, points, subplot = "xy") => {
  const labels = gd.querySelector(".hoverlayer");
  labels.replaceChildren();
  Plotly.Fx.hover(gd, points, subplot);
  let text = null;
  for (const end = performance.now() + 20000; !text && performance.now() < end; ) {
    await new Promise((done) => setTimeout(done, 15));
    text = labels.querySelector(".hovertext text.nums");
  }
  return text?.textContent;
})"""
#: where a cell of the strip is in the window
CELL = """([x, y]) => {
  const gd = document.querySelector("#training-strip-graph .js-plotly-plot");
  const { xaxis, yaxis } = gd._fullLayout;
  const box = gd.getBoundingClientRect();
  return [box.left + xaxis._offset + xaxis.d2p(x), box.top + yaxis._offset + yaxis.d2p(y)];
}"""
#: draws a figure; what plotly made of its texts, by place
DRAWN = """async (figure) => {
  const gd = document.createElement("div");
  document.body.append(gd);
  await Plotly.newPlot(gd, figure.data, { ...figure.layout, width: 900, height: 900, showlegend: true });
  const read = (selector) => [...gd.querySelectorAll(selector)].map((one) => one.textContent);
  const hover = [];
  for (const [i] of figure.data.entries()) hover.push(await window.hovered(gd, [{ curveNumber: i, pointNumber: 0 }]));
  const drawn = { legend: read(".legendtext"), ticks: read(".xtick text"), title: read(".gtitle"), axis: read(".xtitle"),
    annotations: read(".annotation text"), hover };
  gd.remove();
  return drawn;
}"""


def everywhere(texts: list[str]) -> dict[str, Any]:
    """A figure with each text in every place where plotly draws one."""
    wrong = {"x": "wrong"}
    return {
        "data": [
            {
                "x": [1, 2],
                "y": [i, i],
                "name": text,
                "meta": wrong,
                "customdata": [[text], [text]],
                "hovertemplate": f"{text}: %{{customdata[0]}}<extra></extra>",
            }
            for i, text in enumerate(texts)
        ],
        "layout": {
            "meta": wrong,
            "title": {"text": " | ".join(texts)},
            "xaxis": {
                "tickvals": [1 + i / 10 for i in range(len(texts))],
                "ticktext": texts,
                "title": {"text": " | ".join(texts)},
            },
            "annotations": [
                {"text": text, "x": 1.5, "y": i, "showarrow": False} for i, text in enumerate(texts)
            ],
        },
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from gt.run import write_run

    folder = tmp_path_factory.mktemp("letters")
    rng = np.random.default_rng(0)
    k, n, e = len(NAMES), 60, 8
    labels = np.arange(n) % k
    logits = rng.normal(size=(e, n, k)) + np.linspace(0, 4, e)[:, None, None] * np.eye(k)[labels]
    write_run(
        folder / "runs" / "names",
        logits.astype(np.float32),
        labels,
        kind="logits",
        classes=NAMES,
        splits=np.arange(n) // k % 2,
        title=TITLE,
    )
    with serving_apart(folder, folder / "runs") as url:
        yield url


@pytest.fixture
def training(open_page: Callable[..., Tour]) -> Any:
    tour = open_page("/training", wait=False)
    tour.until("s.run === 'names'", "training", 120_000)
    tour.page.evaluate(HOVER)
    return tour.page


def test_plotly_draws_every_letter_in_every_place(training: Any) -> None:
    drawn = training.evaluate(DRAWN, everywhere([letters(name) for name in NAMES]))
    for place in ("legend", "ticks", "annotations"):
        assert drawn[place] == NAMES, place
    assert drawn["title"] == drawn["axis"] == [" | ".join(NAMES)]
    assert drawn["hover"] == [f"{name}: {name}" for name in NAMES]
    raw = training.evaluate(DRAWN, everywhere(NAMES))  # which is what the escaping is for
    assert all(raw[place] != drawn[place] for place in drawn)
    at = np.arange(1, 4)
    titles = [f"t-SNE (layer {name})" for name in NAMES]
    lines = [Line(title, "tsne", title, at, at - 1, at / 4) for title in titles]
    drawn = training.evaluate(DRAWN, lines_figure(lines, "Rank correlation"))
    assert drawn["legend"] == titles
    assert drawn["hover"] == [f"{title}, epoch 0 → 1: 0.25" for title in titles]


def test_the_training_page_shows_names_as_they_are(training: Any) -> None:
    assert training.locator("#training-strip-graph .ytick text").all_text_contents() == NAMES
    assert training.locator(".gt-class-chip").all_inner_texts() == NAMES
    from playwright.sync_api import expect

    training.locator("#training-strip-graph").scroll_into_view_if_needed()
    label = training.locator("#training-strip-graph .hovertext text.nums")
    for c, name in enumerate(NAMES):
        training.mouse.move(*training.evaluate(CELL, [3, c]))
        expect(label).to_have_text(re.compile(re.escape(f"{name}, epoch 2 → 3: moved ")))
    for c, name in enumerate(NAMES):
        said = hover(
            training, "training-loss-graph", f"[{{ curveNumber: {2 + c}, pointNumber: 3 }}]"
        )
        assert said.startswith(f"{name}, training, epoch 3: "), said


def hover(page: Any, graph: str, points: str) -> str:
    gd = f'document.querySelector("#{graph} .js-plotly-plot")'
    return str(page.evaluate(f"() => window.hovered({gd}, {points}, 'xy2')"))


def test_the_tour_shows_names_as_they_are(open_page: Callable[..., Tour]) -> None:
    tour = open_page("/grand-tour?play=0", wait=False)
    tour.until("s.epoch !== undefined", TEST, 120_000)
    page = tour.page
    assert (
        page.locator("#tour-run option:checked, select option:checked").first.inner_text() == TITLE
    )
    legend = page.locator('[data-gt-part="legend"]').inner_text()
    handles = page.locator(f'[data-gt-stage="{TEST}"] .gt-handle').all_text_contents()
    assert all(name in legend for name in NAMES)
    assert {name for name in NAMES if any(name == text.strip() for text in handles)} == set(NAMES)
