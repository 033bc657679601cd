"""Data that somebody opened, on every page: what it is, its columns, and what a page of networks would need."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gt
from gt.attack.eligible import unfit
from gt.bring import look, write
from gt.bring.opened import is_opened, needed
from gt.serve import announcements, tasks
from gt.ui.tour import advice
from tests import task_runs
from tests.app.conftest import text

PAGES = (
    "/",
    "/grand-tour",
    "/tsne",
    "/umap",
    "/compare",
    "/layers",
    "/training",
    "/network",
    "/adversarial",
)


@pytest.fixture(scope="module")
def runs_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("opened")
    rng = np.random.default_rng(0)
    for p in (1, 2, 5):
        rows = [
            [*map(str, row), "ab"[i % 2]]
            for i, row in enumerate(rng.normal(size=(30, p)) * [1, 50, 1, 1, 1][:p])
        ]
        names = [*(f"size {i}" for i in range(p)), "species"]
        file = folder / f"p{p}.csv"
        file.write_text("\n".join(",".join(row) for row in [names, *rows]))
        write(look(file), folder / "runs" / f"p{p}")
    film = rng.normal(size=(3, 30, 4))
    np.save(folder / "film.npy", film)
    write(look(folder / "film.npy"), folder / "runs" / "film")
    task_runs.make(folder / "runs" / "network", "none")
    return folder / "runs"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("run", ["p1", "p2", "p5", "film"])
def test_every_page_opens(page: Any, path: str, run: str) -> None:
    said = text(page(path, f"?run={run}"))
    assert "went wrong" not in said
    if path in ("/layers", "/network"):
        assert f"{run} is data that was opened, no network" in said and "Record one" in said
    if path == "/training":
        assert ("nothing is learnt in it" in said) == (run != "film")
    if path == "/adversarial":
        assert "there is nothing to attack" in said
    if path == "/grand-tour":
        assert "the network gives" not in said


def test_of_a_network_nothing_is_said_to_be_lacking(runs_folder: Path) -> None:
    network, data = (gt.open_run(runs_folder / name) for name in ("network", "p5"))
    assert is_opened(data) and not is_opened(network)
    assert needed(network, "layers") == "" and "data that was opened" not in unfit(network)
    assert "nothing to attack" in unfit(data)
    assert "the network gives" in advice.sentences("tour", network)


def test_what_to_look_for_is_true_of_the_number_of_coordinates(library: Any) -> None:
    said = {name: advice.sentences("tour", library.run(name)) for name in ("p1", "p2", "p5")}
    assert (
        "on a line" in said["p1"] and "all there is" in said["p2"] and "Drag a ring" in said["p5"]
    )
    assert "standard deviations" in said["p5"] and "standard deviations" not in said["p1"]


def test_handles_and_colours_have_the_columns_names(library: Any) -> None:
    run = library.run("p5")
    announced = announcements.announce(library, "p5", "outputs")
    assert announced["axes"] == [f"size {i}" for i in range(5)] and announced["opened"]
    assert not announcements.announce(library, "network", "outputs")["opened"]
    labels = [one["label"] for one in tasks.colorings(run)]
    assert labels == ["Group", *(f"size {i}" for i in range(5)), "Your groups"]


def test_numbers_are_told_as_they_came(library: Any) -> None:
    run = library.run("p5")
    wide = next(one for one in run.columns if one.name == "size 1")
    assert np.abs(wide.values).max() > 20 > np.abs(run.activations("outputs", 0)).max()
