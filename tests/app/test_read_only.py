"""A server that may write nothing: it shows what there is, and refuses the rest, whatever the route."""

from __future__ import annotations

import pytest

from gt import ids
from gt.errors import ReadOnlyError
from gt.jobs import background
from gt.serve import gate
from gt.serve.rules import Rules
from tests.app.conftest import EMBED, PAGES, Client, components, text

TEXT = "This server is read-only"


@pytest.fixture
def dash_app(nothing_shipped, runs_folder, tmp_path):
    import app

    return app.create_app([runs_folder], tmp_path / "cache", read_only=True)


def everything(folder):
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_every_route_that_writes_is_refused_and_every_page_is_there(
    client, page, dash_app, runs_folder
):
    before = everything(runs_folder)
    for path in PAGES:
        assert client.get(path).status_code == 200 and components(page(path))
    writing = [
        rule.rule.replace("<name>", "0" * 32).replace("<int:number>", "0")
        for rule in dash_app.server.url_map.iter_rules()
        if {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())
    ]
    assert {"/runs/delete", "/runs/rename", "/runs/restore", "/uploads", "/selections"} <= {
        *writing
    }
    for path in set(writing) - {f"/{gate.CALLBACKS}"}:
        answer = client.post(path, json={})
        assert answer.status_code == 403 and TEXT in answer.get_data(as_text=True), path
    assert everything(runs_folder) == before


def test_pages_say_so_and_offer_nothing(client, page):
    assert "read-only: its runs are shown" in text(page("/runs"))
    said = client.get("/runs/list").get_json()
    assert said["read_only"] is True and said["into"] is None
    for path, job in (("/tsne", "embed"), ("/layers", "align"), ("/adversarial", "attack")):
        found = page(path)
        [button] = [c for c in components(found) if c["props"].get("id") == ids.job(job, "open")]
        assert button["props"]["disabled"] is True
        assert "Read-only: this server computes nothing new." in text(found)


def test_an_order_is_refused_wherever_it_comes_from(server):
    with pytest.raises(ReadOnlyError, match="read-only: nothing is computed"):
        background.place(EMBED)
    with pytest.raises(ReadOnlyError, match="read-only: nothing is kept"):
        server.keep("mnist")


def test_a_reader_may_still_enter_the_token(nothing_shipped, runs_folder, tmp_path):
    import app

    rules = Rules(token="correct-horse-battery", read_only=True)
    server = app.create_app([runs_folder], tmp_path / "cache", rules).server
    server.test_client_class = Client
    client = server.test_client()
    answer = client.post("/", data={"token": "correct-horse-battery"})
    assert answer.status_code == 200
    assert client.get("/runs/list").get_json()["read_only"] is True


def test_layers_are_not_aligned_without_being_asked(nothing_shipped, tmp_path):
    import app
    from tests.networks import write_networks

    made = app.create_app([write_networks(tmp_path / "runs")], tmp_path / "cache", read_only=True)
    client = made.server.test_client()
    from pages import layers

    with made.server.test_request_context():
        for name in client.get("/live").get_json()["runs"]:
            assert layers._wanted(name["name"], None) is None
