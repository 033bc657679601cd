"""A table of one's own in a browser: from its file to a picture whose handles have its columns' names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from gt.bring import look, write
from tests.browser.conftest import serving_apart
from tests.browser.tour import PATIENCE_MS, TRAIN, Tour

N = 60


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """A busy machine takes longer than a library expects."""
    expect.set_options(timeout=PATIENCE_MS)
    yield
    expect.set_options(timeout=5_000)


def table(p: int) -> str:
    """A table of p coordinates and a label."""
    values = np.random.default_rng(p).normal(size=(N, p))
    head = ",".join([*(f"size {i}" for i in range(p)), "species"])
    rows = [",".join([*(f"{x:.3f}" for x in row), "ab"[i % 2]]) for i, row in enumerate(values)]
    return "\n".join([head, *rows]) + "\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("bring")
    for p in (1, 2, 5):
        (folder / f"p{p}.csv").write_text(table(p))
        write(look(folder / f"p{p}.csv"), folder / "runs" / f"p{p}")
    with serving_apart(folder, folder / "runs") as url:
        yield url


@pytest.mark.parametrize("p", [1, 2, 5])
def test_a_table_is_drawn_with_its_columns_names(open_page: Callable[..., Tour], p: int) -> None:
    tour = open_page(f"/grand-tour?run=p{p}&play=0", wait=False)
    tour.until("s.positions.length", TRAIN)
    seen = tour.look(TRAIN)
    positions = np.asarray(seen.positions)
    assert seen.p == p and len(positions) == N and np.isfinite(positions).all()
    assert np.ptp(positions[:, 0]) > 0 and (np.ptp(positions[:, 1]) > 0) == (p > 1)
    stage = tour.stage(TRAIN)
    for i in range(p):
        expect(tour.handle(f"size {i}", TRAIN)).to_have_count(1)
    expect(stage.locator(".gt-stage-title")).to_have_text("Points")
    told = {1: "on a line", 2: "all there is", 5: "Drag a ring"}[p]
    expect(tour.page.locator(".gt-look-for")).to_contain_text(told)
    colours = tour.page.locator("#grand-tour-color option").all_inner_texts()
    assert [one for one in colours if one.startswith("size")] == [f"size {i}" for i in range(p)]
    assert not [one for one in colours if one.startswith("Output")]
    expect(tour.page.locator("#grand-tour-layer")).to_be_hidden()  # it has no layers
    expect(tour.page.locator(".gt-epoch")).to_be_hidden()  # there is nothing to play


@pytest.mark.parametrize("p", [1, 2, 5])
def test_it_turns_and_stays_finite(open_page: Callable[..., Tour], p: int) -> None:
    tour = open_page(f"/grand-tour?run=p{p}&play=0", wait=False)
    tour.until("s.positions.length", TRAIN)
    before = np.asarray(tour.look(TRAIN).positions)
    tour.page.locator('[data-gt-action="tour"]').click()
    tour.until("s.running && s.frame.count > 12", TRAIN)
    after = np.asarray(tour.look(TRAIN).positions)
    assert np.isfinite(after).all()
    assert np.array_equal(before, after) == (p == 1)  # there is nothing to turn


def test_pages_of_networks_say_what_they_would_need(open_page: Callable[..., Tour]) -> None:
    tour = open_page("/layers?run=p5", wait=False)
    for path, said in (
        ("layers", "it has no layers"),
        ("network", "no image goes through it"),
        ("training", "nothing is learnt in it"),
    ):
        if path != "layers":
            tour.goto(f"/{path}?run=p5")
        told = f"p5 is data that was opened, no network: {said}"
        expect(tour.page.locator("main")).to_contain_text(told)
        tour.page.wait_for_load_state("networkidle")


def test_the_command_opens_a_page(tmp_path: Path) -> None:
    from gt.serve import listen

    assert listen.address("127.0.0.1", 80, "secret", "grand-tour?run=a").endswith(
        "?run=a&token=secret"
    )
