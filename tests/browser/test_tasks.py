"""Runs of every task in a browser: pages open, colours are those of the run, and steps are said and spaced."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

import gt
from gt.align.align_run import align_run, plan
from gt.embed.compute import embed
from gt.embed.compute import plan as embed_plan
from gt.run.task import TASKS
from tests import task_runs
from tests.browser.conftest import serving_apart
from tests.browser.tour import PATIENCE_MS, Tour

STEPS = (0, 1, 2, 4, 8, 16, 32)
OPTIONS = "(id) => [...document.getElementById(id).options].map((one) => one.text).filter(Boolean)"
OF_EPOCHS = """() => [
  ...document.querySelector("main").innerText.split("\\n"),
  ...[...document.querySelectorAll("main [title], main [aria-label]")].flatMap((one) => [one.title, one.ariaLabel ?? ""]),
].filter((one) => /epoch/i.test(one))"""
TICKS = "(id) => document.querySelector(`#${id} .js-plotly-plot`).layout.xaxis.ticktext ?? null"


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """A busy machine takes longer than a library expects."""
    expect.set_options(timeout=PATIENCE_MS)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("tasks")
    (folder / "runs").mkdir()
    for task in TASKS:
        run = gt.open_run(task_runs.make(folder / "runs" / task, task, unit="step", epochs=STEPS))
        align_run(run, plan(run))
        embed(run, embed_plan(run, "pca"))
    with serving_apart(folder, folder / "runs") as url:
        yield url


@pytest.mark.parametrize("path", ["/grand-tour", "/layers", "/compare", "/training", "/network"])
def test_pages_open_for_every_task_without_a_complaint(
    open_page: Callable[..., Tour], path: str
) -> None:
    addresses = [f"{path}?run={task}&play=0" for task in TASKS]
    tour = open_page(addresses[0], wait=False)
    page = tour.page
    for address in addresses:
        if address != addresses[0]:
            tour.goto(address)
        label = page.locator(".gt-epoch-label, .gt-corner span").first
        expect(label).to_contain_text("tep", timeout=60_000)
        expect(page.locator(".gt-toast")).to_have_count(0)
        page.wait_for_function(f"!({OF_EPOCHS})().length")
        if path in ("/grand-tour", "/layers"):
            page.wait_for_function("document.querySelector('[data-gt-part=figures]')?.textContent")


def test_the_colours_are_those_of_the_run_and_a_column_has_its_range(
    open_page: Callable[..., Tour],
) -> None:
    page = open_page("/grand-tour?run=regression&play=0").page
    key = page.locator('[data-gt-part="key"]')
    page.wait_for_function(f"({OPTIONS})('grand-tour-color').includes('age')")
    assert page.evaluate(OPTIONS, "grand-tour-color")[:3] == ["Group", "Error", "True width"]
    assert "Confidence" not in page.evaluate(OPTIONS, "grand-tour-color")
    page.locator("#grand-tour-color").select_option(label="age")
    expect(key).to_have_text("011.5")
    page.locator("#grand-tour-color").select_option(label="place")
    expect(key).to_have_text("herethere")
    expect(page.locator('[data-gt-part="figures"]').first).to_contain_text(
        "root mean squared error"
    )
    page.locator("#grand-tour-run").select_option(value="classification")
    page.wait_for_function(f"({OPTIONS})('grand-tour-color').includes('Confidence')")
    assert page.evaluate(OPTIONS, "grand-tour-layer") == ["Softmax", "Logits"]
    expect(page.locator("#grand-tour-color option:checked")).to_have_text("place")  # has it too
    expect(key).to_have_text("herethere")
    expect(page.locator('[data-gt-part="figures"]').first).to_contain_text("correct")
    page.locator("#grand-tour-color").select_option(label="Confidence")
    page.locator("#grand-tour-run").select_option(value="regression")
    expect(page.locator("#grand-tour-color option:checked")).to_have_text("Group")


def test_what_a_point_is_and_should_be_is_on_its_card(open_page: Callable[..., Tour]) -> None:
    tour = open_page("/layers?run=multilabel&play=0")
    page = tour.page
    page.wait_for_function(
        "document.querySelector('[data-gt-part=figures]')?.textContent.includes('labels right')"
    )
    page.get_by_label("Select the 6 points of group red", exact=True).click()
    said = page.locator('[data-gt-part="selection"]')
    expect(said.locator(".gt-summary")).to_contain_text("true big0")
    expect(said.locator(".gt-summary")).to_contain_text("true red1")
    expect(said.locator(".gt-summary")).to_contain_text("place")


def test_steps_are_said_and_spaced_as_the_reader_wants(open_page: Callable[..., Tour]) -> None:
    page = open_page("/grand-tour?run=binary&play=0&epoch=4", context={}).page
    slider = page.locator('[data-gt-part="epoch"] input')
    expect(page.locator(".gt-epoch-label")).to_have_text("Step 4")
    expect(page.locator('[data-gt-action="step-on"]')).to_have_attribute("title", "One step on (→)")
    assert "3 recorded steps/s" in page.evaluate(OPTIONS, "grand-tour-pace")
    assert float(slider.input_value()) == pytest.approx(3)
    page.locator(".gt-spacing").click()
    expect(page.locator(".gt-spacing")).to_have_attribute("aria-pressed", "false")
    assert float(slider.input_value()) == pytest.approx(4 / 32 * 6)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".gt-epoch-label")).to_have_text("Step 8")
    page.goto(page.url.split("/grand-tour")[0] + "/training?run=binary")
    expect(page.locator(".gt-epoch-label")).to_have_text("Step 32")
    expect(page.locator(".gt-spacing")).to_have_attribute("aria-pressed", "false")
    assert page.evaluate(TICKS, "training-loss-graph") is None
    page.locator(".gt-spacing").click()
    page.wait_for_function(f"({TICKS})('training-loss-graph')?.[0] === '0'")
    assert page.evaluate(TICKS, "training-loss-graph")[-1] == "32"
