"""Health, readiness and the prefix, before anything else is asked."""

from __future__ import annotations

import json

import pytest
from werkzeug.test import Client

from gt.serve.front import Front, PrefixError, prefix_of


def inner(environ, respond):
    respond("200 OK", [("Content-Length", "4")])
    return [b"page"]


@pytest.fixture
def runs(tmp_path):
    folder = tmp_path / "runs"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("prefix", ["/", "/tour/"])
@pytest.mark.parametrize("at", ["/", "/tour/"])
@pytest.mark.parametrize(("name", "said"), [("health", "healthy"), ("ready", "ready")])
def test_a_supervisor_is_answered_below_the_prefix_and_without_it(runs, prefix, at, name, said):
    client = Client(Front(inner, prefix, (runs,)))
    answer = client.get(f"{at}{name}", headers={"Host": "10.0.0.7"})
    if prefix == "/" != at:
        assert answer.text == "page", "an address like any other"
        return
    assert (answer.status_code, answer.json) == (200, {"status": said})
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.head(f"{at}{name}").data == b""


def test_a_server_whose_runs_cannot_be_seen_is_healthy_and_not_ready(runs, tmp_path):
    client = Client(Front(inner, "/", (runs, tmp_path / "not-mounted")))
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert answer.json["reason"] == "1 of 2 folders of runs cannot be seen"
    assert str(tmp_path) not in json.dumps(answer.json)
    assert client.get("/health").status_code == 200
    (tmp_path / "not-mounted").mkdir()
    assert client.get("/ready").status_code == 200


def test_nothing_but_the_prefix_is_answered(runs):
    client = Client(Front(inner, "/tour/", (runs,)))
    assert client.get("/tour/").text == client.get("/tour/runs").text == "page"
    moved = client.get("/tour")
    assert (moved.status_code, moved.headers["Location"]) == (308, "/tour/")
    for path in ("/", "/tours/", "/assets/x.js", "//tour/"):
        answer = client.get(path)
        assert answer.status_code == 404 and "answers under /tour/" in answer.text
    assert client.post("/health").status_code == 404


@pytest.mark.parametrize(
    ("text", "prefix"),
    [("", "/"), ("/", "/"), ("tour", "/tour/"), ("/tour", "/tour/"), ("/a/b-c/", "/a/b-c/")],
)
def test_a_prefix_begins_and_ends_with_a_slash(text, prefix):
    assert prefix_of(text) == prefix


@pytest.mark.parametrize("text", ["/a b/", "http://x/", "/a//b/", "/../", "/ä/", '/"/', "/a?b/"])
def test_what_is_no_prefix_is_refused(text):
    with pytest.raises(PrefixError, match=r"prefix: must be a path .*, came"):
        prefix_of(text)
