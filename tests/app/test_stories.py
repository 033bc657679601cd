"""``/stories/…``: stories beside runs, read by all, written where one may; links to them on the pages."""

from __future__ import annotations

import base64
import json

import pytest

from gt.kept.stories import FOLDER, read_story, write_story
from gt.kept.story import Story, View
from gt.run import open_run
from tests.app.conftest import Client, components, text
from tests.attacks import write_attack
from tests.growing import Growing
from tests.small_run import make

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 30
SAID = {
    "page": "grand-tour", "query": "run=old&layer=softmax&epoch=10&play=0", "title": "Ten", "text": "They part.",
    "picture": f"data:image/png;base64,{base64.b64encode(PNG).decode()}",
}  # fmt: skip


@pytest.fixture
def runs_folder(tmp_path):
    make(tmp_path / "runs" / "mine")
    write_attack(tmp_path / "runs" / "turned", title="Turned")
    return tmp_path / "runs"


@pytest.fixture
def mine(client):
    return of(client, "mine")


def of(client, run):
    return client.get(f"/stories/of?run={run}").get_json()


def asked(run, views=(SAID,), **more):
    story = {"version": 1, "uid": run["uid"], "title": "What <b>it</b> learns", "views": [*views]}
    return {
        "run": run["run"], "uid": run["uid"], "name": None, "revision": None, "story": story, **more
    }  # fmt: skip


def test_a_story_is_kept_listed_read_and_taken_away(client, mine, runs_folder):
    assert (mine["fixed"], mine["stories"]) == ("", [])
    saved = client.post("/stories/save", json=asked(mine)).get_json()
    assert saved["name"] == "what-b-it-b-learns"
    query = f"run=mine&story={saved['name']}"
    one = client.get(f"/stories/one?{query}").get_json()
    assert one == {"run": "mine", **saved, "story": asked(mine)["story"]}
    [listed] = of(client, "mine")["stories"]
    assert (listed["views"], listed["pictured"]) == (1, 1)
    assert (
        listed["href"]
        == f"/grand-tour?{SAID['query'].replace('old', 'mine')}&story={saved['name']}&at=1"
    )
    found = client.get("/stories/list").get_json()["runs"]
    assert [one["run"] for one in found] == ["mine", "turned"]
    picture = client.get(f"/stories/picture?{query}&at=1")
    assert (picture.mimetype, picture.data) == ("image/png", PNG)
    assert client.get(f"/stories/picture?{query}&at=2").status_code == 404
    gone = {"run": "mine", "uid": mine["uid"], "name": saved["name"], "revision": "other"}
    assert client.post("/stories/delete", json=gone).status_code == 422
    gone["revision"] = saved["revision"]
    assert client.post("/stories/delete", json=gone).status_code == 200
    assert client.get(f"/stories/one?{query}").status_code == 404
    assert list((runs_folder / "mine" / FOLDER).iterdir()) == []


def test_pages_lead_to_the_story_and_never_take_its_title_for_markup(client, page, mine):
    saved = client.post("/stories/save", json=asked(mine)).get_json()
    links = [c["props"] for c in components(page("/")) if "story=" in str(c["props"].get("href"))]
    assert [one["children"] for one in links] == ["Story: What <b>it</b> learns"]
    assert links[0]["href"].endswith(f"&story={saved['name']}&at=1")
    of_runs = client.get("/runs/details").get_json()["of"].values()
    assert [one["href"] for run in of_runs for one in run["stories"]] == [links[0]["href"]]


def test_who_has_seen_an_older_one_writes_a_second_one(client, mine):
    first = client.post("/stories/save", json=asked(mine)).get_json()
    again = asked(mine, [], **first)
    second = client.post("/stories/save", json=again).get_json()
    third = client.post("/stories/save", json=again).get_json()
    assert second["name"] == first["name"] and third["name"] == f"{first['name']}-2"
    odd = asked(mine, name=first["name"])
    assert client.post("/stories/save", json=odd).status_code == 400


def test_what_is_no_story_is_refused_with_its_place(client, mine, runs_folder):
    for views, said in (
        ([{**SAID, "page": "../up"}], b"views[0].page must be one of"),
        ([{**SAID, "query": "<script>"}], b"views[0].query must be"),
        ([SAID] * 65, b"at most 64"),
        ([{**SAID, "extra": 1}], b"which nobody reads"),
    ):
        answer = client.post("/stories/save", json=asked(mine, views))
        assert answer.status_code == 422 and said in answer.data, answer.data
    large = asked(mine, [{**SAID, "text": "x" * 8_100_000}])
    assert client.post("/stories/save", json=large).status_code == 413
    assert not (runs_folder / "mine" / FOLDER).exists()


def test_a_story_of_another_run_is_kept_nowhere(client, mine):
    other = of(client, "turned")
    wrong = {**asked(mine), "uid": other["uid"]}
    assert client.post("/stories/save", json=wrong).status_code == 409
    wrong = {**asked(mine), "run": "gone"}
    assert client.post("/stories/save", json=wrong).status_code == 404
    story = {**asked(mine)["story"], "uid": other["uid"]}
    answer = client.post("/stories/save", json=asked(mine, story=story))
    assert answer.status_code == 422 and b"uid must be" in answer.data


def test_another_site_may_write_none(client, mine):
    foreign = {"Origin": "https://elsewhere.example"}
    assert client.post("/stories/save", json=asked(mine), headers=foreign).status_code == 403
    form = client.post("/stories/save", data={"run": "mine"})
    assert form.status_code == 400


def test_a_damaged_story_is_told_and_takes_no_page_down(client, page, runs_folder):
    folder = runs_folder / "mine" / FOLDER
    folder.mkdir()
    (folder / "bad.json").write_text("[" * 100_000)
    (folder / "odd.json").write_text(json.dumps({"version": 1}))
    told = of(client, "mine")["problems"]
    assert len(told) == 2 and "must be JSON" in told[0] and str(runs_folder.parent) not in told[0]
    assert client.get("/stories/one?run=mine&story=bad").status_code == 422
    assert client.get("/stories/one?run=mine&story=../../x").status_code == 404
    assert "MNIST" in text(page("/")) or "mine" in text(page("/"))
    assert "bad.json" in " ".join(
        one["problem"] for one in client.get("/runs/details").get_json()["of"].values()
    )


def test_beside_a_run_that_is_being_recorded_a_story_is_kept_and_the_recorder_goes_on(
    client, runs_folder
):
    growing = Growing(runs_folder / "live", 2)
    live = of(client, "live")
    assert client.post("/stories/save", json=asked(live)).status_code == 200
    growing.add()
    growing.close()
    assert len(open_run(runs_folder / "live").epochs) == 3
    assert len(of(client, "live")["stories"]) == 1


def test_what_ships_has_stories_that_are_read_and_none_is_written(
    nothing_shipped, runs_folder, tmp_path, monkeypatch
):
    import app
    from gt.serve import owned

    run = open_run(make(nothing_shipped / "shipped"))
    kept = write_story(run, Story(run.uid, "Theirs", (View("umap", "run=x", "One"),)))
    monkeypatch.setattr(owned, "SHIPPED", nothing_shipped)
    made = app.create_app([runs_folder], tmp_path / "cache")
    made.server.test_client_class = Client
    client = made.server.test_client()
    shipped = of(client, "shipped")
    assert shipped["fixed"] == "It comes with the project."
    assert [one["name"] for one in shipped["stories"]] == [kept.name]
    answer = client.post("/stories/save", json=asked(shipped))
    assert answer.status_code == 422 and b"comes with the project" in answer.data
    assert read_story(run, kept.name) == kept
