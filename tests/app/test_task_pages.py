"""Every page opens for a run of every task, by epochs or by steps, and says nothing that is not so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gt
from gt import ids
from gt.attack.eligible import unfit
from gt.embed.compute import embed, plan
from gt.run.task import TASKS, one_class
from gt.ui.tour.export import selection_table
from tests import task_runs
from tests.app.conftest import ask, components, text

PAGES = ("/", "/grand-tour", "/tsne", "/umap", "/compare", "/layers", "/training", "/network")
OTHERS = tuple(task for task in TASKS if not one_class(task))


@pytest.fixture
def runs_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tasks"
    folder.mkdir()
    for task in TASKS:
        run = gt.open_run(task_runs.make(folder / task, task, unit="step"))
        embed(run, plan(run, "pca"))
    return folder


def training(client: Any, run: str) -> dict[str, Any]:
    """What the callback of the page about a training answers, by id."""
    client.get("/")
    found = client.get("/_dash-dependencies").get_json()
    [callback] = [c for c in found if f"{ids.TRAINING_STORE}.data" in c["output"]]
    said = ask(client, callback, [run, "all"])["response"]
    return {name: next(iter(value.values())) for name, value in said.items()}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_for_every_task(page: Any, path: str) -> None:
    for task in TASKS:
        shown = page(path, f"?run={task}")
        said = text(shown)
        assert "must be" not in said and "cannot" not in said.split("Not shown")[0], said
        for one in components(shown):
            if one["props"].get("className") == "gt-alert":
                assert one["props"]["hidden"], (task, text(one))


def test_the_tour_has_the_layers_of_the_task_and_its_advice(page: Any) -> None:
    for task, layers in (("multilabel", ["sigmoid", "logits"]), ("none", ["outputs"])):
        shown = page("/grand-tour", f"?run={task}")
        [select] = [c for c in components(shown) if c["props"].get("id") == ids.TOUR_LAYER]
        assert [one["value"] for one in select["props"]["options"]] == layers
    assert "they should be" in text(page("/grand-tour", "?run=regression"))
    assert "a column a step" in text(page("/compare", "?run=regression"))


@pytest.mark.parametrize("task", OTHERS)
def test_a_training_without_classes_says_what_it_does_not_tell(client: Any, task: str) -> None:
    said = training(client, task)
    told = said[ids.TRAINING_STORE]
    assert told["events"] == [] and told["unit"] == "step"
    assert all(split["predicted"] is None for split in told["splits"].values())
    assert "not told" in text(said[ids.TRAINING_EVENTS])
    assert "not ranked" in text(said[ids.TRAINING_EXAMPLES])
    strip = said[ids.TRAINING_STRIP]
    assert strip["layout"]["xaxis"]["title"]["text"] == "step"
    cells = np.array(strip["data"][0]["z"], float)
    assert cells.shape == (len(told["classes"]), 3) and (cells > 0).all()


def test_the_shares_of_each_label_are_lines(client: Any, library: Any) -> None:
    said = training(client, "multilabel")
    run = library.run("multilabel")
    names = {line["name"].split(",")[0] for line in said[ids.TRAINING_ACCURACY]["data"]}
    assert set(run.axes) <= names
    last = len(run.epochs) - 1
    right = (run.activations("sigmoid", last) > 0.5) == run.targets
    line = next(x for x in said[ids.TRAINING_ACCURACY]["data"] if x["name"] == "big, test")
    assert line["y"][-1] == pytest.approx(right[run.splits == 1, 0].mean(), abs=1e-4)


@pytest.mark.parametrize("task", TASKS)
def test_a_selection_is_a_table_of_what_is_known(runs_folder: Path, task: str) -> None:
    run = gt.open_run(runs_folder / task)
    table = selection_table(run, 5, run.ids[3:6].tolist())
    assert table["step"].tolist() == [5, 5, 5] and table["age"].tolist() == [1.5, 2.0, 2.5]
    assert set(table["place"]) <= {"here", "there"}
    assert ("predicted" in table) == one_class(task)
    outputs = run.activations(run.last, 3)[3:6]
    if task in task_runs.LABELLED:
        name = run.axes[0]
        assert table[f"true {name}"].tolist() == run.targets[3:6, 0].tolist()
    if task in task_runs.FREE:
        assert np.allclose(table[f"output {run.axes[0]}"], outputs[:, 0])
    with pytest.raises(ValueError, match="has no step 4"):
        selection_table(run, 4, [0])


@pytest.mark.parametrize("task", [*OTHERS, "binary"])
def test_an_attack_on_other_networks_is_refused_in_a_sentence(runs_folder: Path, task: str) -> None:
    assert "cannot be attacked" in unfit(gt.open_run(runs_folder / task))
