"""Every page opens for a run of every task, by epochs or by steps, and says nothing that is not so."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dash._utils import to_json as to_json_plotly

import gt
from gt import ids
from gt.align.align_run import align_run
from gt.align.align_run import plan as align_plan
from gt.attack.eligible import unfit
from gt.embed.compute import embed, plan
from gt.embed.method import EmbedError
from gt.embed.method import family as methods_of
from gt.jobs.job import Form
from gt.jobs.kinds import embed as embed_job
from gt.run.task import TASKS, one_class
from gt.ui.compare import measures
from gt.ui.tour import advice
from gt.ui.tour.export import selection_table
from tests import task_runs
from tests.app.conftest import ask, components, text

PAGES = ("/", "/grand-tour", "/tsne", "/umap", "/compare", "/layers", "/training", "/network")
OTHERS = tuple(task for task in TASKS if not one_class(task))


@pytest.fixture(scope="module")
def runs_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tasks")
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


def left_to_say(layout: Any) -> list[str]:
    """What a layout says and shows of epochs, but where the page's module puts in the run's unit (units.mjs)."""
    if isinstance(layout, list):
        return [said for one in layout for said in left_to_say(one)]
    if isinstance(layout, str):
        return [layout] if "epoch" in layout.lower() else []
    if not isinstance(layout, dict) or "props" not in layout:
        return []
    props = layout["props"]
    if "data-gt-unit" in props or layout["type"] in ("H1", "Offcanvas", "Pre"):
        return []  # a form is filled when it is opened, and code is code
    named = [str(props.get(name) or "") for name in ("title", "aria-label", "placeholder", "label")]
    named += [str(one["label"]) for one in props.get("options") or [] if isinstance(one, dict)]
    return [*left_to_say(named), *left_to_say(props.get("children"))]


@pytest.mark.parametrize("path", PAGES)
def test_of_a_run_by_steps_a_page_says_steps(page: Any, path: str) -> None:
    for task in TASKS:
        assert left_to_say(page(path, f"?run={task}")) == []


def test_what_is_found_of_a_run_by_steps_says_steps(client: Any, library: Any) -> None:
    for task in TASKS:
        said = training(client, task)
        for name in (ids.TRAINING_EVENTS, ids.TRAINING_EXAMPLES, ids.TRAINING_MEASURED):
            assert left_to_say(said.get(name)) == []
        table = measures.table(library, task)
        assert left_to_say(json.loads(to_json_plotly(table))) == []
        assert {"step", "next_step"} <= set(measures.csv(library, task).columns)


@pytest.mark.parametrize("family", ["tsne", "umap"])
def test_the_form_for_an_embedding_of_a_run_by_steps_says_steps(library: Any, family: str) -> None:
    first = methods_of(family)[0].name
    values = {"method": first, "layer": "", "split": "", "points": "", "seed": "0"}
    form = Form(values, ("regression", family), {})
    opened = embed_job.offer(library, form)
    drawn = json.loads(to_json_plotly([opened.options["method"], opened.blocks["parameters"]]))
    assert "step" in str(drawn) and "epoch" not in str(drawn).lower()
    changed = replace(form, values=values | {"method": "pca"}, changed=frozenset({"method"}))
    assert "epoch" not in str(embed_job.offer(library, changed).blocks["parameters"]).lower()
    with pytest.raises(EmbedError, match="Every k-th recorded step: with 4 steps k must be"):
        plan(library.run("regression"), "pca", {"every": 9})
    with pytest.raises(EmbedError, match="Every k-th recorded step must be a whole number"):
        plan(library.run("regression"), "pca", {"every": "x"})


def test_what_works_on_a_run_by_steps_tells_of_steps(tmp_path: Path) -> None:
    run, told = gt.open_run(task_runs.make(tmp_path / "none", "none", unit="step")), []
    embed(
        run,
        plan(run, "tsne", {"perplexity": 2, "iterations": 5}),
        progress=lambda *a: told.append(a[2]),
    )
    align_run(run, align_plan(run), progress=lambda *a: told.append(a[2]))
    assert sum("step 1 of 4" in one for one in told) == 1 and any(
        "outputs, step 5" in one for one in told
    )
    assert not [one for one in told if "epoch" in one.lower()]


def test_the_tour_has_the_layers_of_the_task_and_its_advice(page: Any) -> None:
    for task, layers in (("multilabel", ["sigmoid", "logits"]), ("none", ["outputs"])):
        shown = page("/grand-tour", f"?run={task}")
        [select] = [c for c in components(shown) if c["props"].get("id") == ids.TOUR_LAYER]
        assert [one["value"] for one in select["props"]["options"]] == layers
    assert "they should be" in text(page("/grand-tour", "?run=regression"))
    assert "a column a step" in text(page("/compare", "?run=regression"))


def test_what_to_look_for_tells_of_classes_where_there_are_some(page: Any, library: Any) -> None:
    said = {
        task: text(page("/training", f"?run={task}")).partition("What changed")[0] for task in TASKS
    }
    for task in TASKS:
        assert ("a row is a class" in said[task]) == one_class(task)
        assert ("was learnt" in said[task]) == one_class(task)
        at_home = advice.sentences("home", library.run(task))
        assert ("examples of one class" in at_home) == one_class(task)
        assert "class" not in at_home or one_class(task)
    first = next(iter(library.runs))
    assert advice.sentences("home", library.run(first)) in text(page("/"))
    bare = SimpleNamespace(task="none", columns=(), unit="epoch", made={})
    assert "column" not in advice.sentences("tour", bare)


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
