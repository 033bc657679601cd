"""Callbacks that no page of ours would ask: a sentence, 400, and one line in the log."""

from __future__ import annotations

import inspect
import json
from typing import get_type_hints

import pytest

from gt.serve import announcements
from tests.app.conftest import request

ADDRESS = "/_dash-update-component"


@pytest.fixture
def wired(client):
    """The callback by which the tour's page gets a run, and a request of it that is right."""
    client.get("/")
    known = client.get("/_dash-dependencies").get_json()
    [found] = [c for c in known if "grand-tour-announcement-store.data" in c["output"]]
    return request(found, ["mnist", "softmax"])


def refused(client, caplog, body, kind="application/json", status=400):
    caplog.clear()
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = client.post(ADDRESS, data=data, content_type=kind)
    text = answer.get_data(as_text=True)
    assert answer.status_code == status, text
    assert answer.mimetype == "text/plain" and len(text.splitlines()) == 1
    assert "Traceback" not in text and "/" not in text
    lines = [record for record in caplog.records if record.levelname == "WARNING"]
    assert len(lines) == (status == 400) and not any(record.exc_info for record in caplog.records)
    return text


def test_what_a_page_asks_is_answered(client, wired):
    assert client.post(ADDRESS, json=wired).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"NaN",
        b"1e999",
        b"[" * 100_000,
        b'{"a":' * 900 + b"1" + b"}" * 900,
        b'{"output":"\\ud800"}',
    ],
)
def test_no_json_is_said_to_be_none(client, caplog, body):
    assert "must be JSON" in refused(client, caplog, body)


@pytest.mark.parametrize("body", [None, [], "x", 1, {}, {"output": []}, {"output": "no.such"}])
def test_a_request_for_nothing_is_refused(client, caplog, wired, body):
    refused(client, caplog, body)


def test_a_form_is_no_callback(client, caplog):
    refused(client, caplog, b"output=x", "application/x-www-form-urlencoded", status=415)


def test_a_callback_of_the_browsers_own_is_none_of_the_servers(client, caplog, wired):
    known = client.get("/_dash-dependencies").get_json()
    own = next(c for c in known if c["clientside_function"])
    body = request(own, [None] * len(own["inputs"]), [None] * len(own["state"]))
    assert "must name a callback" in refused(client, caplog, body)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("inputs", None),
        ("inputs", []),
        ("inputs", "ab"),
        ("inputs", [1, 2]),
        ("inputs", [{}, {}]),
        ("inputs", [{"id": "grand-tour-run", "property": "value", "value": "mnist"}]),
        ("inputs", [{"id": "x", "property": "value"}, {"id": "y", "property": "value"}]),
        ("inputs", [[], []]),
        ("inputs", [{"id": {"type": "a"}, "property": "value"}] * 2),
        ("state", [{"id": "x", "property": "y"}]),
        ("outputs", None),
        ("outputs", []),
        ("outputs", {"id": "x", "property": "y"}),
        ("changedPropIds", 5),
        ("changedPropIds", [["x"]]),
    ],
)
def test_other_places_than_the_callbacks_own_are_refused(client, caplog, wired, part, value):
    refused(client, caplog, {**wired, part: value})
    without = {name: one for name, one in wired.items() if name != part}
    if part in ("inputs", "outputs"):
        refused(client, caplog, without)


@pytest.mark.parametrize("value", [1, True, [], ["mnist"], {}, {"a": 1}])
def test_a_value_of_another_type_is_refused_by_the_callbacks_annotation(
    client, caplog, wired, value
):
    body = json.loads(json.dumps(wired))
    body["inputs"][0]["value"] = value
    assert refused(client, caplog, body).startswith("grand-tour-run.value must be a text")


def test_what_a_store_holds_is_refused_by_its_typed_dict(client, caplog, wired):
    known = client.get("/_dash-dependencies").get_json()
    [csv] = [c for c in known if "grand-tour-download.data" in c["output"]]
    good = {"run": "mnist", "layer": "softmax", "epoch": 0, "ids": [0, 1], "groups": [], "nonce": 1}
    assert client.post(ADDRESS, json=request(csv, [good])).status_code == 200
    for name, value in (("ids", ["0"]), ("epoch", None), ("run", {}), ("ids", 5)):
        said = refused(client, caplog, request(csv, [{**good, name: value}]))
        assert said.startswith(f"grand-tour-csv-store.data.{name}")


def test_a_run_that_is_not_there_is_named_with_those_that_are(client, caplog, wired):
    known = client.get("/_dash-dependencies").get_json()
    [csv] = [c for c in known if c["output"] == "compare-download.data"]
    said = refused(client, caplog, request(csv, [1], ["no-such-run"]))
    assert 'no run "no-such-run"' in said and "mnist" in said


def test_fields_of_a_form_are_the_same_for_all_that_is_asked_of_them(client, caplog, wired):
    known = client.get("/_dash-dependencies").get_json()
    [fields] = [
        c for c in known if "job-embed-problem.children" in c["output"] and "@" not in c["output"]
    ]

    def asked(values, names, kind="job-parameter"):
        ids = [{"type": kind, "job": "embed", "name": name} for name in names]
        body = request(fields, [True, "umap", *[None] * 5], [None, "mnist", "umap", True])
        body["inputs"][-1] = [
            {"id": i, "property": "value", "value": v} for i, v in zip(ids, values, strict=False)
        ]
        body["state"][0] = [{"id": i, "property": "id", "value": i} for i in ids]
        return body

    good = asked(["15"], ["neighbors"])
    assert client.post(ADDRESS, json=good).status_code == 200
    refused(client, caplog, asked(["15"], ["neighbors", "spread"]))
    refused(client, caplog, asked([["15"]], ["neighbors"]))
    refused(client, caplog, asked(["15"], ["neighbors"], kind="another"))


@pytest.mark.parametrize("path", ["", "grand-tour", "//", "https://evil.example/", None, 5, []])
def test_a_page_elsewhere_is_none_of_ours(client, caplog, wired, path):
    known = client.get("/_dash-dependencies").get_json()
    [router] = [c for c in known if "_pages_content.children" in c["output"]]
    answer = client.post(ADDRESS, json=request(router, [path, ""]))
    assert answer.status_code in ((400,) if path != "//" else (200, 400))


@pytest.mark.parametrize(
    "path",
    [
        "no/such.js",
        "dash/app.py",
        "dash/../../app.py",
        "plotly/package_data/x.js",
        "gt/dashboard.py",
        "os/path.py",
    ],
)
def test_a_bundle_that_is_none_is_not_found_and_its_library_says_nothing(client, path):
    answer = client.get(f"/_dash-component-suites/{path}")
    assert answer.status_code == 404 and answer.get_data(as_text=True) == "No such file.\n"


def test_what_nobody_foresaw_is_in_the_log_and_not_in_the_answer(
    client, caplog, wired, monkeypatch
):
    def fail(*_):
        raise ZeroDivisionError("in /secret/place")

    monkeypatch.setattr(announcements, "try_announce", fail)
    answer = client.post(ADDRESS, json=wired)
    assert answer.status_code == 500
    assert answer.get_data(as_text=True) == "The server failed at this; its log says at what.\n"
    assert any(record.exc_info and "secret" in str(record.exc_info[1]) for record in caplog.records)


def test_every_callback_says_what_it_takes_in_annotations_that_can_be_read(client, dash_app):
    """The check reads them while it serves: one that cannot be read would fail there."""
    client.get("/")
    ours = [
        inspect.unwrap(one["callback"])
        for one in dash_app.callback_map.values()
        if "callback" in one
    ]
    ours = [function for function in ours if not function.__module__.startswith("dash.")]
    assert len(ours) > 30
    for function in ours:
        assert inspect.signature(function).parameters.keys() <= get_type_hints(function).keys()
