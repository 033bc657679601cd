"""Every page answers, and its parts fit together: ids, callbacks, functions of the browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from gt import ids
from gt.jobs.known import jobs
from tests.app.conftest import PAGES, ask, components, ids_in, spelt, text

ROOT = Path(__file__).parents[2]
DASH_S_OWN = {"_pages_location", "_pages_content", "_pages_store", "_pages_dummy", "_pages_plugin"}
SPELT = {value for name, value in vars(ids).items() if name.isupper() and isinstance(value, str)}
SPELT |= set(ids.LOOK_FOR.values())
SPELT |= {ids.job(name, part) for name in jobs() for part in get_args(ids.JobPart)}
for name, job in jobs().items():
    SPELT |= {ids.job_field(name, one.name) for one in job.parts()}
    SPELT |= {ids.job_field(name, f"{one.name}-note") for one in job.fields() if one.noted}


def props_by_id(layout):
    return {c["props"]["id"]: c["props"] for c in components(layout) if "id" in c["props"]}


def headings(layout):
    """Those of a page of the documentation that an address may name."""
    return [
        c["props"]
        for c in components(layout)
        if c["type"] in ("H2", "H3", "H4") and "id" in c["props"]
    ]


def everywhere(client, page):
    """Ids of the shell and of every page."""
    found = ids_in(client.get("/_dash-layout").get_json())
    for path in PAGES:
        found |= ids_in(page(path))
    return found


def dependencies(client):
    client.get("/")
    return client.get("/_dash-dependencies").get_json()


def exports():
    main = (ROOT / "assets/js/main.mjs").read_text()
    groups = re.findall(r"export \{([^}]*)\}", main)
    return {name.strip() for group in groups for name in group.split(",")} - {""}


def test_the_pages_of_the_test_are_all_there_are(dash_app):
    import dash

    found = sorted(one["path"] for one in dash.page_registry.values())
    assert found == sorted([*PAGES, "/not-found-404"])


def test_an_address_without_a_page_leads_to_those_there_are(client, page):
    assert client.get("/no/such/page").status_code == 200  # which page it is the browser asks next
    shown = page("/no/such/page")
    assert "There is no such page" in text(shown)
    ways = {c["props"].get("href") for c in components(shown)}
    assert set(PAGES) <= ways


@pytest.mark.parametrize("path", PAGES)
def test_a_page_answers(client, page, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert "gt_bridge.js" in answer.get_data(as_text=True)
    stages = [c for c in components(page(path)) if "data-gt-stage" in c["props"]]
    assert stages or path in (
        "/network",
        "/runs",
        "/story",
        "/docs",
    )  # heat maps in place of points, text


def test_the_overview_lists_every_run(page, library):
    said = text(page("/"))
    for run in library.runs.values():
        assert run.title in said
    assert "120 points, 10 classes, 8 epochs" in said


def test_own_runs_come_before_those_that_ship_and_of_these_the_simplest_first(
    monkeypatch, runs_folder, tmp_path
):
    from gt.cache.store import Store
    from gt.serve import library

    (tmp_path / "shipped").mkdir()
    for name, of in {"cifar10": "held-out", "fashion-mnist": "shapes", "mnist": "mnist"}.items():
        shutil.copytree(runs_folder / of, tmp_path / "shipped" / name)
    shutil.copytree(runs_folder / "wide", tmp_path / "own" / "wide")
    monkeypatch.setattr(library, "SHIPPED", tmp_path / "shipped")
    found = library.Library([tmp_path / "shipped", tmp_path / "own"], Store(tmp_path / "cache"))
    assert list(found.runs) == ["wide", "mnist", "fashion-mnist", "cifar10"]


@pytest.mark.parametrize("run", ["mnist", "shapes", "held-out", "wide"])
def test_the_tour_page_announces_the_run_that_is_asked_for(page, run):
    parts = props_by_id(page("/grand-tour", f"?run={run}"))
    announced = parts[ids.TOUR_ANNOUNCEMENT_STORE]["data"]
    assert (announced["run"], announced["layer"]) == (run, "softmax")
    assert parts[ids.TOUR_RUN]["value"] == run
    assert parts[ids.TOUR_ALERT]["hidden"] is True
    choices = {one["value"] for one in parts[ids.TOUR_RUN]["options"]}
    assert choices == {"mnist", "shapes", "held-out", "wide"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?run=nonsense", "no run “nonsense” here; this is MNIST"),
        ("?run=shapes&layer=conv9", "Shapes has no layer “conv9”"),
        ("?run=shapes&layer=logits", "Shapes has no layer “logits”"),
        ("?run=../../etc&layer=<b>", "no run “../../etc”"),
    ],
)
def test_a_link_to_what_is_not_there_shows_something_else_and_says_so(page, query, said):
    parts = props_by_id(page("/grand-tour", query))
    alert = parts[ids.TOUR_ALERT]
    assert alert["hidden"] is False and said in alert["children"]
    assert parts[ids.TOUR_ANNOUNCEMENT_STORE]["data"]["p"] > 0


@pytest.mark.parametrize(
    "query",
    ["?run=a&run=b", "?layer=a&layer=b", "?run=", "?layer=&epoch=x", "?run=mnist&children=x&id=y"],
)
def test_odd_queries_still_show_the_page(page, query):
    for path in PAGES:
        assert any(
            "data-gt-stage" in c["props"]
            or c["props"].get("data-gt-page") in ("network", "runs", "story", "docs")
            for c in components(page(path, query))
        )


def test_every_id_of_a_callback_is_in_a_layout_and_in_gt_ids(client, page):
    there = everywhere(client, page) | DASH_S_OWN
    used = set()
    for callback in dependencies(client):
        used |= {spelt(part["id"]) for part in (*callback["inputs"], *callback["state"])}
        for output in callback["output"].strip(".").split("..."):
            used.add(spelt(output.rsplit(".", 1)[0]))
    assert len(used - DASH_S_OWN) > 10
    assert used - there == set()
    assert used - DASH_S_OWN - SPELT == set()


def test_every_id_of_a_layout_is_in_gt_ids_and_every_one_there_is_used(client, page):
    there = everywhere(client, page) - DASH_S_OWN - {"gt-content"}  # the target of the skip link
    there -= {props["id"] for props in headings(page("/docs"))}  # targets of links within a text
    assert there - SPELT == set()
    source = "\n".join(p.read_text() for d in ("gt", "pages") for p in (ROOT / d).rglob("*.py"))
    unused = [n for n in vars(ids) if n.isupper() and f"ids.{n}" not in source]
    assert unused == []


def test_ids_are_spelt_once():
    values = [v for name, v in vars(ids).items() if name.isupper() and isinstance(v, str)]
    values += ids.LOOK_FOR.values()
    assert len(values) == len(set(values))
    python = [p for d in ("gt/ui", "gt/jobs", "pages") for p in (ROOT / d).rglob("*.py")]
    for file in [*python, *(ROOT / "assets/js").rglob("*.mjs")]:
        assert not [v for v in values if f'"{v}"' in file.read_text()], file


def test_every_clientside_function_is_exported_by_main(client):
    named = [c["clientside_function"] for c in dependencies(client) if c.get("clientside_function")]
    ours = [one for one in named if one["namespace"] != "_dashprivate_clientside_funcs"]
    assert len(ours) >= 3
    assert {one["namespace"] for one in ours} == {"gt"}
    assert {one["function_name"] for one in ours} - exports() == set()


def test_ids_of_one_page_are_unique(client, page):
    layouts = [client.get("/_dash-layout").get_json(), *(page(path) for path in PAGES)]
    shell, *pages = [
        [json.dumps(c["props"]["id"]) for c in components(one) if "id" in c["props"]]
        for one in layouts
    ]
    for own in pages:
        assert len(shell + own) == len(set(shell + own))


@pytest.fixture
def announce(client):
    """What announces the choice of a run and a layer."""
    [found] = [
        c for c in dependencies(client)
        if ids.TOUR_ANNOUNCEMENT_STORE in c["output"] and any(i["id"] == ids.TOUR_RUN for i in c["inputs"])
    ]  # fmt: skip
    return found


def test_announcing_an_unknown_run_says_so(client, announce):
    good = ask(client, announce, ["shapes", "softmax"])["response"]
    assert good[ids.TOUR_ANNOUNCEMENT_STORE]["data"]["classes"] == ["circle", "square", "triangle"]
    answer = ask(client, announce, ["gone", "softmax"])["response"]
    assert ids.TOUR_ANNOUNCEMENT_STORE not in answer
    assert 'no run "gone"' in answer[ids.TOUR_ALERT]["children"]
    assert answer[ids.TOUR_ALERT]["hidden"] is False


def test_a_layer_that_a_run_has_not_gives_way_to_its_last(client, announce):
    """A run of another task has outputs of other names."""
    answer = ask(client, announce, ["shapes", "outputs"])["response"]
    assert answer[ids.TOUR_LAYER]["value"] == "softmax"
    assert answer[ids.TOUR_ANNOUNCEMENT_STORE]["data"]["layer"] == "softmax"
    assert answer[ids.TOUR_ALERT]["hidden"] is True


def test_without_any_run_the_pages_say_how_to_get_one(nothing_shipped, tmp_path):
    import app

    client = app.create_app([], tmp_path / "cache").server.test_client()
    client.get("/")
    [router] = [
        c for c in client.get("/_dash-dependencies").get_json() if "_pages_content" in c["output"]
    ]
    for path in PAGES:
        layout = ask(client, router, [path, ""])["response"]["_pages_content"]["children"]
        assert "gt record" in text(layout)


def test_a_run_that_cannot_be_read_is_named_and_the_others_are_shown(
    nothing_shipped, runs_folder, tmp_path
):
    import app

    broken = tmp_path / "runs" / "broken"
    broken.mkdir(parents=True)
    (broken / "zarr.json").write_text("{")
    made = app.create_app([runs_folder, tmp_path / "runs"], tmp_path / "cache")
    client = made.server.test_client()
    client.get("/")
    [router] = [
        c for c in client.get("/_dash-dependencies").get_json() if "_pages_content" in c["output"]
    ]
    said = text(ask(client, router, ["/", ""])["response"]["_pages_content"]["children"])
    assert "else is there. broken broken/zarr.json must be JSON" in " ".join(said.split())
    assert "MNIST" in said and str(tmp_path) not in said  # nor where it is on this machine


def test_a_run_that_is_damaged_after_it_was_opened_gets_a_message(dash_app, page, monkeypatch):
    """The page is there, says what is wrong, and lets the reader choose another run."""
    from gt.run.read import Run

    def damaged(run, layer, epoch_index):
        raise ValueError(f"{run.name} is damaged: record it again")

    monkeypatch.setattr(Run, "activations", damaged)
    for path in ("/", "/grand-tour", "/tsne", "/umap"):
        said = text(page(path))
        assert "mnist is damaged: record it again" in said
    assert ids.TOUR_RUN in props_by_id(page("/grand-tour"))


def test_a_second_app_in_the_process_works_as_the_first(nothing_shipped, runs_folder, tmp_path):
    import app

    seen = []
    for number in range(2):
        made = app.create_app([runs_folder], tmp_path / f"cache{number}")
        client = made.server.test_client()
        client.get("/")
        outputs = [c["output"] for c in client.get("/_dash-dependencies").get_json()]
        assert len(outputs) == len(set(outputs))
        seen.append(sorted(outputs))
    assert seen[0] == seen[1] and len(seen[0]) > 5


def test_a_wsgi_server_finds_server_and_runs_from_the_environment(
    nothing_shipped, runs_folder, tmp_path, monkeypatch
):
    import app

    monkeypatch.setenv("GT_RUNS", str(runs_folder))
    monkeypatch.setattr("gt.cache.store.default_folder", lambda: tmp_path / "cache")
    monkeypatch.delitem(vars(app), "server", raising=False)
    try:
        assert app.server.test_client().get("/grand-tour").status_code == 200
        assert app.server is app.server
        assert "mnist" in app.server.config["GT_LIBRARY"].runs
    finally:
        vars(app).pop("server", None)
    with pytest.raises(AttributeError, match="app has no nothing"):
        _ = app.nothing


def test_importing_gt_needs_neither_torch_nor_dash():
    check = "import sys, gt; sys.exit(len({'torch', 'dash', 'flask'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", check], cwd=ROOT).returncode == 0
    seen = subprocess.run([sys.executable, "-c", "import flask; " + check], cwd=ROOT)
    assert seen.returncode == 1, "the check itself sees nothing"


def test_importing_the_modules_of_the_app_registers_no_callback():
    check = (
        "import gt.serve.routes, gt.ui.shell, gt.ui.components.stage, gt.ui.tour.page, gt.ui.tour.export, gt.figures\n"
        "import gt.ui.embed.page, gt.jobs.wiring, gt.jobs.kinds.embed\n"
        "from dash import _callback, _pages\n"
        "assert not _callback.GLOBAL_CALLBACK_LIST and not _pages.PAGE_REGISTRY"
    )
    assert subprocess.run([sys.executable, "-c", check], cwd=ROOT).returncode == 0


def test_a_card_says_of_which_epoch_and_over_what_its_accuracy_is(page, library):
    assert "At epoch 40" in text(page("/"))
    library.run("mnist").made = {"history": "over the whole splits"}
    assert "At epoch 40, over the whole splits" in text(page("/"))
