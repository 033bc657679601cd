"""``/live`` and ``/grown`` tell open pages what has come and gone, the same in every worker."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.growing import Growing
from tests.waiting import until

ROOT = Path(__file__).parents[2]
SERVE = """
import app, sys
from pathlib import Path
from gt.serve import listen
app.SHIPPED = Path(sys.argv[3])
server = listen.create_server(app.create_app([sys.argv[1]], sys.argv[2]).server, "127.0.0.1", 0)
print(server.effective_port, flush=True)
server.run()
"""


@pytest.fixture
def growing(tmp_path):
    one = Growing(tmp_path / "runs" / "mine", 2)
    yield one
    one.close()


@pytest.fixture
def runs_folder(growing, tmp_path):
    return tmp_path / "runs"


def test_nothing_is_sent_again_while_nothing_changes(client, library, growing):
    first = client.get("/live")
    [run] = first.get_json()["runs"]
    assert (run["name"], run["epochs"], run["last"], run["live"]) == ("mine", 2, 1, True)
    asked = {"If-None-Match": first.headers["ETag"]}

    def again():
        return client.get("/live", headers=asked)

    assert (again().status_code, again().data) == (304, b"")
    growing.add()
    until(lambda: again().status_code == 200)
    assert again().get_json()["runs"][0]["epochs"] == 3
    growing.close()
    until(lambda: not again().get_json()["runs"][0]["live"])


def test_runs_without_an_epoch_and_attacks_are_told_apart(client, runs_folder):
    other = Growing(runs_folder / "other")
    until(lambda: len(client.get("/live").get_json()["runs"]) == 2)
    [waiting] = [run for run in client.get("/live").get_json()["runs"] if not run["epochs"]]
    assert (waiting["name"], waiting["last"], waiting["attack"]) == ("other", None, False)
    other.close()
    shutil.rmtree(runs_folder / "other")
    until(lambda: len(client.get("/live").get_json()["runs"]) == 1)


def test_what_a_run_grew_by(client, library, growing):
    growing.add()
    uid = library.run("mine").uid
    asked = {"run": "mine", "uid": uid, "layer": "softmax", "have": "2"}
    answer = client.get("/grown", query_string=asked)
    assert answer.headers["Cache-Control"] == "no-store"
    said = answer.get_json()
    assert said["epochs"] == [2] and set(said["splits"]) == {"train", "test"}
    [one] = said["splits"]["test"]["slices"]
    assert client.get(f"/{one['url']}").status_code == 200
    assert client.get("/grown", query_string=asked | {"have": "3"}).get_json()["epochs"] == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"run": "gone"}, 'no run "gone"'),
        ({"uid": "0"}, "recorded anew"),
        ({"layer": "x"}, 'no layer "x"'),
        ({"have": "-1"}, "whole number"),
        ({"have": "9" * 5000}, "whole number"),
        ({"have": "3"}, "recorded anew"),
    ],
)
def test_what_cannot_be_answered_is_a_sentence(client, library, wrong, said):
    asked = {"run": "mine", "uid": library.run("mine").uid, "layer": "softmax", "have": "1"}
    answer = client.get("/grown", query_string=asked | wrong)
    assert answer.status_code == 404 and said in answer.get_data(as_text=True)


def test_two_workers_see_the_same(runs_folder, growing, tmp_path):
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    command = [sys.executable, "-c", SERVE, str(runs_folder), str(tmp_path / "cache"), str(nothing)]
    workers = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ)
        for _ in range(2)
    ]
    try:
        sites = [f"http://127.0.0.1:{int(worker.stdout.readline())}" for worker in workers]

        def get(site, path):
            with urllib.request.urlopen(site + path) as answer:
                return answer.headers["ETag"], answer.read()

        def same(count):
            (tag, text), other = (get(site, "/live") for site in sites)
            runs = json.loads(text)["runs"]
            return (tag, text) == other and sum(run["epochs"] for run in runs) == count

        until(lambda: same(2))
        growing.add()
        until(lambda: same(3))
        uid = json.loads(get(sites[0], "/live")[1])["runs"][0]["uid"]
        asked = f"/grown?run=mine&uid={uid}&layer=logits&have=1"
        grown = [get(site, asked)[1] for site in sites]
        assert grown[0] == grown[1] and json.loads(grown[0])["epochs"] == [1, 2]
        other = Growing(runs_folder / "other", 4)
        other.close()
        until(lambda: same(7))
        growing.close()
        shutil.rmtree(runs_folder / "mine")
        until(lambda: same(4))
    finally:
        for worker in workers:
            worker.terminate()
            worker.wait()
            worker.stdout.close()
