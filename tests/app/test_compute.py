"""Asking for an embedding: what is refused before anything starts, who computes, and how it ends."""

from __future__ import annotations

import importlib.util
import os
import sys
import types
from typing import get_args

import pytest

from gt import ids
from gt.files import alive
from gt.jobs import background, wiring
from gt.jobs.carry_out import carry_out, result
from gt.jobs.form import panel
from gt.jobs.job import Form
from gt.jobs.kinds import embed
from gt.jobs.kinds.embed import JOB
from gt.serve.said import duration
from tests.app import jobs
from tests.app.conftest import EMBED, OF_THE_SHELL, components, computing, request, text
from tests.waiting import until

WIRED = wiring.Wired(JOB)
ORDER, RESULT = ids.job("embed", "order-store"), ids.job("embed", "result-store")
FIELDS = {
    "method": "tsne",
    "layer": "softmax",
    "split": "test",
    "points": "40",
    "seed": "0",
    "run": "held-out",
    "family": "tsne",
    "parameters": {"perplexity": "5", "iterations": "20", "every": "1"},
}
UMAP = {"method": "umap", "parameters": {"n_neighbors": "5", "min_dist": "0.1", "every": "1"}}


def filled(**given):
    """The arguments that a form hands to its callbacks."""
    form = FIELDS | given
    fields = [form[name] for name in ("method", "layer", "split", "points", "seed")]
    page = (form["run"], form["family"])
    typed = list(form["parameters"].values())
    return (*fields, typed, names(form["parameters"]), *page, form.get("idle", True))


def start(*filled):
    """Press Start in a tab that has ordered an alignment before."""
    return jobs.start(WIRED, filled, {"align": {}})


def names(parameters):
    """The ids of the fields of parameters."""
    return [{"type": ids.JOB_PARAMETER, "job": "embed", "name": name} for name in parameters]


def refusal(**given):
    return jobs.refusal(WIRED, filled(**given), str, {"align": {}})


def tsne(**changed):
    return {"parameters": FIELDS["parameters"] | changed}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (tsne(perplexity="14"), "a third of the other points, 13 for 40 points; 14 came"),
        (tsne(perplexity=""), "Perplexity must be a number, 1 or more; nothing came"),
        (tsne(perplexity=None), "Perplexity must be a number, 1 or more; nothing came"),
        (tsne(perplexity="five"), "“five” came"),
        (tsne(iterations="1.5"), "Iterations must be a whole number, from 1 to 20000; “1.5” came"),
        (tsne(every="9"), "with 6 epochs k must be at most 5, 9 came"),
        (tsne(other="1"), "has no parameter 'other'"),
        (UMAP | {"parameters": UMAP["parameters"] | {"n_neighbors": "0"}}, "2 or more; “0” came"),
        (
            UMAP | {"parameters": UMAP["parameters"] | {"n_neighbors": "40"}},
            "fewer than the points",
        ),
        ({"points": "41"}, "from 4 to 40, all there are; “41” came"),
        ({"points": ""}, "nothing came"),
        ({"points": "10"}, "a third of the other points, 3 for 10 points"),
        ({"seed": "x"}, "Seed must be a whole number"),
        ({"layer": "fc9"}, 'no layer "fc9"'),
        ({"layer": None}, "no layer"),
        ({"split": "train"}, "Held out has no train points to embed; choose the split test."),
        ({"split": ["test"]}, 'must be "train" or "test"'),
        ({"method": "magic"}, 'no method "magic"'),
        ({"method": {"a": 1}}, "no method"),
        ({"run": "gone"}, 'no run "gone"; this server has'),
        ({"run": "../../etc"}, 'no run "../../etc"'),
        ({"run": None}, "no run"),
        ({"family": "pca"}, "A family must be tsne or umap, “pca” came."),
    ],
)
def test_what_cannot_be_computed_is_refused_with_the_reason(server, given, said):
    assert said in refusal(**given)


def test_a_missing_library_is_named_with_its_command(server, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    said = refusal()
    assert "t-SNE needs openTSNE, which is not installed" in said and '".[embed]"' in said


def test_a_good_form_can_be_sent(server):
    assert WIRED.check(True, *filled()) == ("", False, "")
    order, last, ended, is_open, problem, message = start(*filled())
    assert (is_open, problem, message) == (False, "", "") and ended is wiring.no_update
    assert last == {"align": {}, "embed": order}, "which the browser remembers"
    order = dict(order)
    nonce = order.pop("nonce")
    assert order | {"nonce": "n"} == EMBED
    assert start(*filled())[0]["nonce"] != nonce


def test_one_computation_at_a_time_in_a_tab(server):
    assert WIRED.check(True, *filled(idle=False)) == ("", True, wiring.BUSY)
    assert start(*filled(idle=False))[4] == wiring.BUSY


def test_what_is_there_already_is_shown_at_once(server, library):
    run, wanted = embed.asked(library, WIRED.form(filled()[:-1]))
    made = embed.embed(run, wanted, library.workplace("held-out"))
    assert "computed already" in WIRED.check(True, *filled())[2]
    order, last, ended, is_open, *_ = start(*filled())
    assert order is last is wiring.no_update and is_open is False
    assert (ended["state"], ended["made"]) == ("ready", made.name)
    options, value, _ = WIRED.show(ended, "held-out", "tsne")
    assert value == made.name and made.name in [one["value"] for one in options]
    slower = filled(parameters=FIELDS["parameters"] | {"iterations": "40"})
    assert "going by how long a similar one took" in WIRED.check(True, *slower)[2]


def test_a_result_of_another_page_or_run_is_told_not_shown(server):
    order = {"run": "mnist", "family": "tsne"}
    ended = result(JOB, order, "done", "Done in 3 s.", "tsne-1")
    for family, run in [("umap", "mnist"), ("tsne", "shapes")]:
        options, value, said = WIRED.show(ended, run, family)
        assert options is value is wiring.no_update
        assert "Done in 3 s." in text(said.to_plotly_json())
    failed = result(JOB, order, "failed", "No.")
    assert WIRED.show(failed, "mnist", "tsne")[1] is wiring.no_update


def offered(library, run, **more):
    """What the form offers where a page shows a run."""
    values = {one.name: more.pop(one.name, None) for one in JOB.fields()}
    return JOB.offer(library, Form(values, (run, "tsne"), **more))


def test_the_form_offers_what_the_run_has(library):
    offer = offered(library, "mnist")
    assert (offer.values["layer"], offer.values["split"]) == ("softmax", "test")
    assert [one["value"] for one in offer.options["layer"]] == ["logits", "softmax"]
    assert [one["label"] for one in offer.options["split"]] == [
        "Test: 60 points",
        "Train: 60 points",
    ]
    assert offer.values["points"] == "60" and "of 60 test points" in offer.notes["points"]
    again = offered(library, "mnist", filled_for=offer.filled_for)
    assert not again.values and not again.options, "what was filled in stays"
    held_out = offered(library, "held-out", filled_for=offer.filled_for)
    assert [one["value"] for one in held_out.options["split"]] == ["test"]
    assert offered(library, "gone").options["layer"] == []
    changed = frozenset({"split"})
    for run, points in (("mnist", "60"), ("gone", "")):
        assert offered(library, run, split="train", changed=changed).values == {"points": points}


def test_the_form_opens_and_its_fields_follow_the_one_that_was_changed(client):
    """As the browser asks, for both: nothing else of the form is touched."""
    client.get("/")
    known = client.get("/_dash-dependencies").get_json()
    [offer] = [c for c in known if "job-embed-form.title" in c["output"]]
    inputs = [1, "tsne", "test"]
    state = ["tsne", None, "test", None, "0", [], [], "mnist", "tsne", None]

    def asked(changed):
        body = request(offer, inputs, state) | {"changedPropIds": [changed]}
        body["state"][5:7] = [[], []]  # of the fields of parameters, which are any number
        return client.post("/_dash-update-component", json=body).get_json()["response"]

    opened = asked("job-embed-open.n_clicks")
    assert opened["job-embed-form"]["is_open"] is True
    assert opened["job-embed-field-split"]["value"] == "test"
    assert "of 60 test points" in opened["job-embed-field-points-note"]["children"]
    answer = asked("job-embed-field-split.value")
    assert answer["job-embed-field-points"] == {"value": "60"}
    assert "job-embed-form" not in answer and "job-embed-field-layer" not in answer


@pytest.mark.parametrize("family", ["tsne", "umap"])
def test_every_method_of_a_family_is_asked_for_with_its_parameters(family):
    from gt.embed import METHODS

    methods = [one for one in METHODS.values() if one.family == family]
    shown = str([panel(JOB, family).to_plotly_json()])
    for method in methods:
        assert method.title in shown and method.text in shown
        fields = str(embed.parameters_of(Form({"method": method.name})))
        for one in method.parameters:
            assert one.title in fields and one.text in fields and f"'{one.default:g}'" in fields


def test_what_was_typed_stays_when_another_method_is_chosen():
    def shown(method, **values):
        typed = WIRED.form(filled(method=method, parameters=values)[:-1])
        return embed.parameters_of(typed)

    assert shown("tsne-warm", perplexity="7", iterations="500", every="1") is wiring.no_update
    fields = str(shown("dynamic-tsne", perplexity="7", iterations="500", every="1"))
    assert "value='7'" in fields and "value='750'" in fields and "value='500'" not in fields


def test_durations_are_as_exact_as_they_matter():
    known = {0.4: "less than a second", 34.2: "34 s", 100: "2 minutes", 3600 * 2: "2.0 hours"}
    assert {seconds: duration(seconds) for seconds in known} == known


def test_the_place_of_a_run_is_known_to_the_server_alone(server, library):
    placed = background.place({"work": "embed", "run": "mnist", "path": "/etc", "folder": "/etc"})
    assert placed["path"] == str(library.run("mnist").path)
    assert placed["folder"] == str(library.workplace("mnist"))
    for name in ("gone", "../mnist", "/etc", "", None, ["mnist"]):
        with pytest.raises(KeyError, match="this server has"):
            background.place({"work": "embed", "run": name})


# who computes


def test_processes_compute_unless_told_otherwise(monkeypatch, tmp_path):
    monkeypatch.delenv("REDIS_URL", raising=False)
    made = background.manager(tmp_path / "tensors")
    assert isinstance(made, background.Processes)
    assert (tmp_path / background.FOLDER).is_dir()


def test_the_folder_of_jobs_is_beside_the_cache_wherever_that_is(monkeypatch, tmp_path, dash_app):
    assert (tmp_path / background.FOLDER).is_dir()
    from gt.cache.store import default_folder

    monkeypatch.setenv("GT_CACHE_DIR", str(tmp_path / "elsewhere"))
    background.manager(default_folder())
    assert (tmp_path / "elsewhere" / background.FOLDER).is_dir()


@pytest.fixture
def celery(monkeypatch):
    """Just enough of Celery to be chosen."""

    class Celery:
        def __init__(self, name, broker, backend):
            self.name, self.url, self.backend, self.tasks = name, broker, object(), {}
            assert broker == backend

        def task(self, name):
            return lambda function: self.tasks.setdefault(name, function)

    parts = {
        "celery": types.ModuleType("celery"),
        "celery.backends": types.ModuleType("celery.backends"),
        "celery.backends.base": types.ModuleType("celery.backends.base"),
        "redis": types.ModuleType("redis"),
    }
    parts["celery"].Celery = Celery
    parts["celery.backends.base"].DisabledBackend = type("DisabledBackend", (), {})
    for name, module in parts.items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setenv("REDIS_URL", "redis://somewhere:6379/0")


def test_celery_computes_where_there_is_a_redis(
    celery, monkeypatch, nothing_shipped, runs_folder, tmp_path
):
    import app

    monkeypatch.setenv("GT_RUNS", str(runs_folder))
    monkeypatch.setenv("GT_CACHE_DIR", str(tmp_path / "cache"))
    try:
        worker = app.celery_app
        assert worker.url == "redis://somewhere:6379/0"
        assert len(worker.tasks) >= 1, "what is to be computed is known to the worker"
        assert app.server.config["GT_LIBRARY"].runs and app.celery_app is worker
    finally:
        for name in ("server", "celery_app"):
            vars(app).pop(name, None)


def test_without_a_redis_there_is_nothing_for_a_celery_worker(
    monkeypatch, nothing_shipped, runs_folder, tmp_path
):
    import app

    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("GT_CACHE_DIR", str(tmp_path / "cache"))
    try:
        with pytest.raises(RuntimeError, match="REDIS_URL must be set"):
            _ = app.celery_app
    finally:
        vars(app).pop("server", None)


@pytest.mark.parametrize("gone", ["celery", "redis"])
def test_a_redis_without_celery_is_refused_with_a_remedy(celery, monkeypatch, tmp_path, gone):
    monkeypatch.setitem(sys.modules, gone, None)
    with pytest.raises(RuntimeError, match=f'{gone} is not installed: pip install "dash.celery."'):
        background.manager(tmp_path / "tensors")


def test_what_processes_tell_each_other_is_never_unpickled(tmp_path, monkeypatch):
    import pickle

    import diskcache

    monkeypatch.delenv("REDIS_URL", raising=False)
    handle = background.manager(tmp_path / "tensors").handle
    for value in ([1, "t-SNE", True], {"a": None}, "text", b"\x00bytes", 3):
        handle.set("key", value)
        assert handle.get("key") == value
    assert pickle.loads(pickle.dumps(handle)).get("key") == 3, "a process gets one like it"
    with diskcache.Cache(handle.directory) as foreign:
        foreign.set("foreign", {"any": "object"})
    with pytest.raises(ValueError, match="pickled"):
        handle.get("foreign")


# the computation itself, with its process


@pytest.fixture
def ordered(client, dash_app):
    """``ordered(order)``: starts it as the browser does; returns ``poll(**more)``."""
    client.get("/")
    spec = next(
        one
        for one in client.get("/_dash-dependencies").get_json()
        if [i["id"] for i in one["inputs"]] == [ORDER]
    )

    def post(order, query):
        body = {
            "output": spec["output"],
            "outputs": {"id": RESULT, "property": "data"},
            "inputs": [{"id": ORDER, "property": "data", "value": order}],
            "changedPropIds": [f"{ORDER}.data"],
            "state": [],
        }
        return client.post("/_dash-update-component", json=body, query_string=query)

    def start(order):
        answer = post(order, {}).get_json()
        if "job" not in answer:
            return answer["response"][RESULT]["data"], []
        handles = {name: answer[name] for name in ("cacheKey", "job")}
        seen = []

        def poll():
            return post(None, handles)

        poll.job = handles["job"].split("~")[0]
        poll.pid = lambda: computing(dash_app._background_manager, poll.job)
        return poll, seen

    return start


def finished(poll):
    """Poll until there is a result; returns it and the progress on the way."""
    seen = []

    def ended():
        answer = poll()
        if answer.status_code == 204:
            return [None]
        said = answer.get_json()
        if said.get("progress"):
            seen.append(said["progress"])
        return [said[way][RESULT]["data"] for way in ("sideUpdate", "response") if said.get(way)]

    return until(ended, said=lambda: f"of progress {seen[-1:]}")[0], seen


@pytest.fixture
def order(server):
    return start(*filled())[0]


def ends(pid):
    """Whether a process ends, be it a little behind its result."""
    return until(lambda: alive.found(pid) is None)


def test_an_order_is_carried_out_in_a_process_of_its_own(order, ordered, library):
    poll, _ = ordered(order | {"path": "/etc", "folder": "/etc"})
    pid = poll.pid()
    assert pid != os.getpid()
    result, _ = finished(poll)
    assert result["state"] == "done", result
    assert "t-SNE of 40 of 40 points: done in" in result["message"]
    assert result["made"] in [one.name for one in library.embeddings("held-out")]
    assert ends(pid)


def test_what_is_being_done_is_told_epoch_by_epoch(order, server, tmp_path, monkeypatch):
    monkeypatch.setattr("gt.jobs.carry_out.TOLD_S", 0.0)  # each word, however fast the machine is
    said = []
    placed = background.place(dict(order)) | {"folder": str(tmp_path)}
    assert carry_out(said.append, placed)["state"] == "done"
    percents, words = [one[0] for one in said], [one[1] for one in said]
    assert percents == sorted(percents) and percents[0] == 0
    assert [f"epoch {i} of 6" in " ".join(words) for i in range(1, 7)] == [True] * 6


def test_an_order_for_a_run_that_is_not_there_starts_nothing(order, ordered):
    result, _ = ordered(order | {"run": "../../etc"})
    assert result["state"] == "failed" and 'no run "../../etc"' in result["message"]
    for broken in ({}, {"run": "mnist"}, [], "x", None):
        ended = ordered(broken)[0]
        ended = finished(ended)[0] if callable(ended) else ended
        assert ended["state"] == "failed" and ended["message"]


def test_a_failure_says_why(order, ordered):
    poll, _ = ordered(order | {"parameters": {"perplexity": 30}})
    result, _ = finished(poll)
    assert result["state"] == "failed"
    assert result["message"].startswith("t-SNE failed: Perplexity must be at most a third")


def test_a_process_that_dies_is_noticed_and_one_that_is_cancelled_is_silent(
    order, ordered, dash_app, library
):
    import psutil

    slow = order | {"parameters": order["parameters"] | {"iterations": 20000}}
    poll, _ = ordered(slow)
    psutil.Process(poll.pid()).kill()
    result, _ = finished(poll)
    assert result["state"] == "failed"
    assert "ended without a result" in result["message"] and "is kept" in result["message"]

    poll, _ = ordered(slow)
    pid = poll.pid()
    dash_app._background_manager.terminate_job(poll.job)  # as Dash's own cancel does
    assert ends(pid)
    assert finished(poll) == (None, [])


def test_the_panel_has_all_that_its_callbacks_name(page):
    there = {str(c["props"].get("id")) for c in components(page("/tsne", "?run=mnist"))}
    parts = {ids.job("embed", part) for part in get_args(ids.JobPart) if part not in OF_THE_SHELL}
    fields = {ids.job_field("embed", one.name) for one in JOB.parts()}
    assert parts | fields <= there
