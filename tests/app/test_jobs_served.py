"""Computations of a real server, ordered as the page does: by ``app.py``, and by workers that share a cache."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys

import psutil
import pytest

from gt import ids
from tests.app.conftest import EMBED
from tests.app.test_command import ROOT, command, refused
from tests.app.test_processes import MARK, marked, until

SLOW = EMBED | {"parameters": EMBED["parameters"] | {"iterations": 20000}}
ALIGN = {
    **{"work": "align", "run": "shapes", "split": "test", "points": 60, "k": 32, "reference": 0},
    "nonce": "n",
}
ATTACK = {
    **{"work": "attack", "run": "shapes", "source": "bar", "target": "cross"},
    **{"method": "fgsm", "epsilon": 0.3, "step": 0.01, "steps": 1000, "count": 4, "clean": 4},
    **{"seed": 0, "nonce": "n"},
}
ORDERED = {
    name: (order, ids.job(name, "order-store"), ids.job(name, "doing"))
    for name, order in (("embed", SLOW), ("align", ALIGN), ("attack", ATTACK))
}
WORKERS = """
import os, socket, sys, time
from pathlib import Path
import app, gt.cache.store as store, waitress
store.default_folder = lambda: Path({folder!r}) / "cache"
app.SHIPPED = Path({folder!r})
server = app.create_app([{runs!r}]).server
with socket.socket() as listening:
    listening.bind(("127.0.0.1", 0))
    listening.listen(64)
    print("port", listening.getsockname()[1], flush=True)
    for _ in range(2):  # as a server with many workers does that loads the app first
        if os.fork() == 0:
            waitress.serve(server, sockets=[listening], threads=2)
    time.sleep(600)
"""


class Browser:
    """Orders computations of a server, and asks for them."""

    def __init__(self, port):
        self.port, self.known = port, None

    def ask(self, method, path, body=None):
        """One answer of the server: its status and JSON, over a connection of its own."""
        one = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            headers = {"Content-Type": "application/json"}
            one.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = one.getresponse()
            text = answer.read()
        finally:
            one.close()
        return answer.status, json.loads(text) if text[:1] in (b"{", b"[") else text

    def order(self, kind, **changed):
        """Order a computation; returns what asks for it."""
        good, store, _ = ORDERED[kind]
        _, known = self.ask("GET", "/_dash-dependencies")
        [spec] = [one for one in known if [i["id"] for i in one["inputs"]] == [store]]
        _, answer = self._post(spec, store, good | changed, "")
        assert "job" in answer, answer
        more = f"?cacheKey={answer['cacheKey']}&job={answer['job']}"
        return lambda: self._post(spec, store, None, more)[1]

    def doing(self, poll, kind):
        """What is being done, as the page says it, or ended."""
        said = poll()
        said = said if isinstance(said, dict) else {}
        progress = said.get("progress") or {}
        return progress.get(f"{ORDERED[kind][2]}.children") or said.get("sideUpdate")

    def _post(self, spec, store, order, query):
        output, part = spec["output"].rsplit(".", 1)
        body = {
            "output": spec["output"],
            "outputs": {"id": output, "property": part.split("@")[0]},
            "inputs": [{"id": store, "property": "data", "value": order}],
            "changedPropIds": [f"{store}.data"],
            "state": [],
        }
        return self.ask("POST", f"/_dash-update-component{query}", body)


@pytest.fixture
def started(tmp_path):
    """``started(arguments)``: a process with a mark that all that it starts have, ended with the test."""
    made = []

    def start(arguments, **more):
        env = {k: v for k, v in os.environ.items() if k not in ("REDIS_URL", "GT_JOBS")}
        made.append(
            subprocess.Popen(arguments, cwd=ROOT, env=env | {MARK: str(tmp_path)} | more, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        )  # fmt: skip
        return made[-1]

    yield start
    for one in made:
        one.kill()
        one.communicate()
    for one in marked(tmp_path):
        one.kill()


@pytest.fixture
def served(started, tmp_path):
    """``served(folders, jobs)``: ``app.py`` with runs; returns the process and a browser."""

    def serve(folders, jobs):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options = ["--port", str(port), "--jobs", str(jobs), "--runs", *map(str, folders)]
        one = started(command(tmp_path, *options))
        said(one, "Open")
        return one, Browser(port)

    return serve


def said(process, start):
    """The first line of a process that begins like this."""
    return next(line for line in process.stdout if line.startswith(start))


def recorded(folder):
    """A folder with a run that can be aligned and attacked."""
    pytest.importorskip("torch", reason="aligning and attacking need a recorded network")
    from tests import attackable

    attackable.record(folder / "shapes")
    return folder


def computing(folder):
    """The processes of a test that compute."""
    return [p for p in marked(folder) if "multiprocess.spawn" in " ".join(p.cmdline())]


@pytest.mark.parametrize("sign", ["SIGTERM", "SIGKILL"])
@pytest.mark.parametrize("kind", ["embed", "align", "attack"])
def test_what_a_page_ordered_ends_with_the_server(served, runs_folder, tmp_path, kind, sign):
    runs = runs_folder if kind == "embed" else recorded(tmp_path / "runs")
    if kind == "embed":
        pytest.importorskip("openTSNE", reason="no openTSNE")
    one, browser = served([runs], 1)
    browser.order(kind)
    browser.order(kind, nonce="another")  # which waits for its turn
    until(lambda: len(computing(tmp_path)) == 1)
    one.send_signal(getattr(signal, sign))
    printed, _ = one.communicate(timeout=60)
    assert one.returncode == (0 if sign == "SIGTERM" else -signal.SIGKILL), printed
    assert "Traceback" not in printed
    until(lambda: marked(tmp_path) == [])


def test_workers_of_one_cache_share_the_places_and_take_them_with_them(
    started, runs_folder, tmp_path
):
    pytest.importorskip("openTSNE", reason="no openTSNE")
    script = WORKERS.format(folder=str(tmp_path), runs=str(runs_folder))
    master = started([sys.executable, "-c", script], GT_JOBS="1")
    browser = Browser(int(said(master, "port").split()[1]))
    orders = [browser.order("embed", seed=i, nonce=str(i)) for i in range(3)]
    until(lambda: len(computing(tmp_path)) == 1)
    for _ in range(8):  # whichever worker answers
        assert browser.doing(orders[1], "embed") == "Waiting: 1 before this one"
        assert browser.doing(orders[2], "embed") == "Waiting: 2 before this one"
    [first] = computing(tmp_path)
    worker = first.parent()
    assert worker.ppid() == master.pid
    worker.kill()  # its computation goes, and its place
    until(lambda: not psutil.pid_exists(first.pid) or first.status() == psutil.STATUS_ZOMBIE)
    for one in psutil.Process(master.pid).children():
        one.kill()
    master.kill()
    until(lambda: marked(tmp_path) == [])


@pytest.mark.parametrize("given", [["--jobs", "0"], ["--jobs=-2"], ["--jobs", "many"], []])
def test_a_bad_number_of_computations_is_refused(capsys, nothing_shipped, monkeypatch, given):
    monkeypatch.setenv("GT_JOBS", "3" if given else "none")
    assert ("--jobs" if given else "GT_JOBS") in refused(capsys, *given)


def test_where_celery_computes_it_is_said_that_its_concurrency_rules(monkeypatch, tmp_path, caplog):
    from gt.jobs import background

    monkeypatch.setenv("REDIS_URL", "redis://nowhere")
    monkeypatch.setattr(background, "_celery", lambda url: None)
    monkeypatch.setattr(background, "CeleryPlaced", lambda made: "celery")
    assert background.manager(tmp_path / "tensors") == "celery" and not caplog.text
    assert background.manager(tmp_path / "tensors", 3) == "celery"
    assert "--concurrency of its workers says how many" in caplog.text
