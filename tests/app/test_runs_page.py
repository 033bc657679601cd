"""``/runs``: what is listed, and what is done to a run; none of it from elsewhere, never to what is being written."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from gt.run import open_run, trash
from gt.run.trash import FOLDER, KEPT
from gt.serve.rules import made
from tests.app.conftest import Client, components
from tests.attacks import write_attack, write_small_alignment
from tests.growing import Growing
from tests.small_run import make


@pytest.fixture
def runs_folder(tmp_path):
    folder = tmp_path / "runs"
    make(folder / "mine")
    run = write_attack(folder / "turned", title="Turned")
    write_small_alignment(run)
    return folder


def listed(client):
    """All that is listed, by name."""
    return {one["name"]: one for one in client.get("/runs/list").get_json()["runs"]}


def of(one, **more):
    return {"key": one["key"], "uid": one["uid"], **more}


def test_everything_is_listed_with_what_shows_it(client, runs_folder):
    growing = Growing(runs_folder / "waiting")
    shutil.copytree(runs_folder / "mine", runs_folder / "broken")
    (runs_folder / "broken" / "zarr.json").write_text("{")
    found = listed(client)
    kinds = {name: one["kind"] for name, one in found.items()}
    assert kinds == {
        "mine": "training", "turned": "attack", "waiting": "waiting", "broken": "unshown"
    }  # fmt: skip
    mine = found["mine"]
    assert (mine["n"], mine["epochs"], mine["layers"]) == (8, 5, 5) and not mine["live"]
    assert mine["folder"] == "runs/mine" and mine["opens"][0]["href"] == "/grand-tour?run=mine"
    assert [one["page"] for one in found["turned"]["opens"]] == ["Adversarial"]
    assert found["waiting"]["live"] and "being recorded" in found["waiting"]["fixed"]
    assert "damaged" in found["broken"]["problem"] and not found["broken"]["fixed"]
    [empty] = client.get("/runs/list").get_json()["empty"]
    assert empty == {
        "name": "nothing-shipped", "said": "no run in this folder; record one with gt record"
    }  # fmt: skip
    assert str(runs_folder.parent) not in client.get("/runs/list").get_data(as_text=True)
    growing.close()


def test_what_takes_longer_comes_by_itself(client, runs_folder):
    found = listed(client)
    said = client.get("/runs/details").get_json()["of"]
    mine, turned = (said[found[name]["key"]] for name in ("mine", "turned"))
    sizes = (f.stat().st_size for f in (runs_folder / "mine").rglob("*") if f.is_file())
    assert mine["size"] == sum(sizes) and mine["beside"] == ["weights"]
    assert turned["beside"] == ["1 alignment"]
    pages = [one["page"] for one in mine["opens"]]
    assert pages == ["Grand Tour", "Compare", "Layers", "Training", "Network", "Two runs"]
    for one in mine["opens"]:
        assert client.get(one["href"]).status_code == 200


def test_a_renamed_run_keeps_its_links_and_every_page_says_its_new_title(client, page, library):
    mine = listed(client)["mine"]
    page("/grand-tour", "?run=mine")  # announced once, with the title before
    answer = client.post("/runs/rename", json=of(mine, title="  <b>Mine</b>\n too "))
    assert answer.get_json() == {"title": "<b>Mine</b> too"}
    assert listed(client)["mine"]["title"] == "<b>Mine</b> too"
    assert client.get("/live").get_json()["runs"][0]["title"] == "<b>Mine</b> too"
    announced = [
        one["props"]["data"]["title"]
        for one in components(page("/grand-tour", "?run=mine"))
        if one["props"].get("id") == "grand-tour-announcement-store"
    ]
    assert announced == ["<b>Mine</b> too"]


def test_an_attack_is_renamed_too(client):
    turned = listed(client)["turned"]
    assert client.post("/runs/rename", json=of(turned, title="Other")).status_code == 200
    assert listed(client)["turned"]["title"] == "Other"


def test_a_deleted_run_is_in_the_trash_and_comes_back(client, runs_folder):
    mine = listed(client)["mine"]
    key = client.post("/runs/delete", json=of(mine)).get_json()["key"]
    assert "mine" not in listed(client) and not (runs_folder / "mine").exists()
    assert "mine" not in {run["name"] for run in client.get("/live").get_json()["runs"]}
    [thrown] = client.get("/runs/list").get_json()["trash"]
    assert (thrown["key"], thrown["title"], thrown["name"]) == (key, "mine", "mine")
    left = thrown["until"] - datetime.now(UTC).timestamp()
    assert KEPT.total_seconds() - 600 < left <= KEPT.total_seconds()
    assert client.post("/runs/restore", json={"key": key}).status_code == 200
    assert listed(client)["mine"]["uid"] == mine["uid"]
    assert client.get("/runs/list").get_json()["trash"] == []
    again = client.post("/runs/restore", json={"key": key})
    assert again.status_code == 404 and b"not in the trash any more" in again.data


def test_a_run_that_was_named_itself_is_deleted_and_comes_back(nothing_shipped, tmp_path):
    import app

    path = make(tmp_path / "elsewhere" / "alone")
    client = app.create_app([path], tmp_path / "cache").server.test_client()
    alone = listed(client)["alone"]
    key = client.post("/runs/delete", json=of(alone)).get_json()["key"]
    assert not path.exists() and (tmp_path / "elsewhere" / FOLDER).is_dir()
    assert client.post("/runs/restore", json={"key": key}).status_code == 200
    assert open_run(path).uid == alone["uid"]


def test_what_is_being_recorded_stays_as_it_is(client, runs_folder):
    growing = Growing(runs_folder / "live", 2)
    live = listed(client)["live"]
    for path, more in (("delete", {}), ("rename", {"title": "Other"})):
        answer = client.post(f"/runs/{path}", json=of(live, **more))
        assert answer.status_code == 422 and b"being recorded now" in answer.data
    growing.add()
    assert len(open_run(runs_folder / "live").epochs) == 3
    growing.close()
    assert client.post("/runs/delete", json=of(live)).status_code == 200


def test_what_ships_stays_as_it_is(nothing_shipped, runs_folder, tmp_path, monkeypatch):
    import app
    from gt.serve import owned

    make(nothing_shipped / "shipped")
    monkeypatch.setattr(owned, "SHIPPED", nothing_shipped)
    own = [runs_folder, nothing_shipped / "shipped"]  # named, too: it ships all the same
    client = app.create_app(own, tmp_path / "cache").server.test_client()
    shipped = listed(client)["shipped"]
    assert shipped["fixed"] == "It comes with the project."
    answer = client.post("/runs/delete", json=of(shipped))
    assert answer.status_code == 422 and b"comes with the project" in answer.data
    assert open_run(nothing_shipped / "shipped")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_what_may_not_be_written_is_told(client, runs_folder):
    runs_folder.chmod(0o500)
    try:
        assert listed(client)["mine"]["fixed"] == "This server may not write into its folder."
    finally:
        runs_folder.chmod(0o700)


def test_what_was_recorded_anew_meanwhile_is_not_what_was_seen(client, runs_folder):
    mine = listed(client)["mine"]
    shutil.rmtree(runs_folder / "mine")
    make(runs_folder / "mine", seed=1)
    answer = client.post("/runs/delete", json=of(mine))
    assert answer.status_code == 409 and b"recorded anew" in answer.data
    assert (runs_folder / "mine").is_dir()
    shutil.rmtree(runs_folder / "mine")
    gone = client.post("/runs/delete", json=of(mine))
    assert gone.status_code == 404 and b"not here any more" in gone.data


def test_what_cannot_be_opened_can_be_deleted_and_not_renamed(client, runs_folder):
    (runs_folder / "mine" / "zarr.json").write_text("{")
    broken = listed(client)["mine"]
    assert broken["kind"] == "unshown"
    assert client.post("/runs/rename", json=of(broken, title="x")).status_code == 422
    assert client.post("/runs/delete", json=of(broken)).status_code == 200
    assert "mine" not in listed(client)


@pytest.mark.parametrize("title", ["", "   ", "x" * 5000, "a\0b"])
def test_what_is_no_title_is_refused(client, title):
    mine = listed(client)["mine"]
    answer = client.post("/runs/rename", json=of(mine, title=title))
    assert answer.status_code in (400, 422) and b"title" in answer.data
    assert listed(client)["mine"]["title"] == "mine"


@pytest.mark.parametrize("path", ["rename", "delete", "restore"])
@pytest.mark.parametrize("body", [None, [], {}, {"key": 1}, {"uid": "", "title": "t"}])
def test_a_malformed_request_is_a_sentence(client, path, body):
    answer = client.post(f"/runs/{path}", json=body)
    assert answer.status_code == 400 and answer.mimetype == "text/plain"


def test_a_form_of_another_page_cannot_say_it(client):
    mine = listed(client)["mine"]
    sent = client.post("/runs/delete", data=of(mine))
    assert sent.status_code == 400 and "mine" in listed(client)
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = client.post("/runs/delete", json=of(mine), headers=headers)
        assert answer.status_code == 403 and "mine" in listed(client)
    for path in ("rename", "delete", "restore"):
        assert client.get(f"/runs/{path}?key={mine['key']}").status_code in (200, 405)
    assert "mine" in listed(client)


def test_nobody_does_anything_without_the_token(nothing_shipped, runs_folder, tmp_path):
    import app

    token = "correct-horse-battery"
    server = app.create_app([runs_folder], tmp_path / "cache", made(token=token)).server
    server.test_client_class = Client
    client = server.test_client(use_cookies=False)
    knows = {"Authorization": f"Bearer {token}"}
    runs = client.get("/runs/list", headers=knows).get_json()["runs"]
    [mine] = [one for one in runs if one["name"] == "mine"]
    assert client.get("/runs/list").status_code == 401
    assert client.post("/runs/delete", json=of(mine)).status_code == 401
    assert client.post("/uploads", json={"files": []}).status_code == 401
    assert (runs_folder / "mine").is_dir()
    assert client.post("/runs/delete", json=of(mine), headers=knows).status_code == 200


def test_what_was_deleted_a_week_ago_is_gone_when_a_server_starts(
    nothing_shipped, runs_folder, tmp_path
):
    import app

    trash.throw(make(runs_folder / "old"), "Old", datetime.now(UTC) - KEPT - timedelta(hours=1))
    trash.throw(make(runs_folder / "new"), "New", datetime.now(UTC) - timedelta(days=6))
    seen = app.create_app([runs_folder], tmp_path / "cache", read_only=True).server.test_client()
    assert len(seen.get("/runs/list").get_json()["trash"]) == 2  # which empties nothing
    client = app.create_app([runs_folder], tmp_path / "cache").server.test_client()
    assert [one["title"] for one in client.get("/runs/list").get_json()["trash"]] == ["New"]


def test_an_attack_that_was_made_in_the_browser_is_deleted_where_it_lies(client, library):
    place = library.attack_workplace("mine") / "made"
    write_attack(place, title="Made")
    made_here = listed(client)["made"]
    key = client.post("/runs/delete", json=of(made_here)).get_json()["key"]
    assert "made" not in listed(client) and not place.exists()
    assert client.post("/runs/restore", json={"key": key}).status_code == 200
    assert listed(client)["made"]["title"] == "Made"
