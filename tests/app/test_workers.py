"""``--workers``: several processes at one address, which come and go together."""

from __future__ import annotations

import http.client
import importlib.util
import json
import re
import signal
import sys

import psutil
import pytest

from tests.app.test_command import command, refused
from tests.app.test_jobs_served import Browser, computing, started  # noqa: F401 — a fixture
from tests.app.test_processes import marked
from tests.waiting import until

if not importlib.util.find_spec("gunicorn"):
    pytest.skip("gunicorn is not installed", allow_module_level=True)


class Below(Browser):
    """Orders computations below the prefix."""

    def ask(self, method, path, body=None):
        return super().ask(method, f"/tour{path}", body)


def get(port, path, **headers):
    one = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        one.request("GET", path, headers=headers)
        answer = one.getresponse()
        return answer.status, answer.read()
    finally:
        one.close()


def serving(started, folder, runs, *options):  # noqa: F811
    """A server of two workers below a prefix: its process and its port."""
    port = str(free_port())
    arguments = ["--runs", str(runs), "--port", port, "--workers", "2", "--prefix", "/tour/"]
    server = started([*command(folder, *arguments, *options)])
    said = [server.stdout.readline(), server.stdout.readline()]
    assert said[0] == "2 workers\n"
    assert re.search(rf"Open http://127\.0\.0\.1:{port}/tour/", said[1])
    return server, int(port)


def free_port():
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def workers(server):
    return psutil.Process(server.pid).children()


def test_two_workers_answer_for_each_other_and_leave_together(started, tmp_path, runs_folder):  # noqa: F811
    log = tmp_path / "access.jsonl"
    server, port = serving(
        started, tmp_path, runs_folder, "--access-log", str(log), "--proxy", "127.0.0.1"
    )
    until(lambda: get(port, "/ready") == (200, b'{"status": "ready"}'))
    assert get(port, "/tour/grand-tour", **{"X-Forwarded-For": "203.0.113.9"})[0] == 200
    until(lambda: "/tour/grand-tour" in log.read_text("utf-8"))
    [line] = [json.loads(one) for one in log.read_text("utf-8").splitlines() if "grand" in one]
    assert (line["from"], line["status"]) == ("203.0.113.9", 200), "who asked the proxy"

    first = until(lambda: len(workers(server)) == 2 and workers(server))
    first[0].kill()
    until(lambda: {one.pid for one in workers(server)} - {one.pid for one in first})
    until(lambda: len(workers(server)) == 2 and get(port, "/health")[0] == 200)

    server.send_signal(signal.SIGTERM)
    assert server.wait(60) == 0
    until(lambda: not marked(tmp_path))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread of each worker notices")
def test_workers_and_what_they_compute_end_when_the_one_that_started_them_is_killed(
    started,  # noqa: F811
    tmp_path,
    runs_folder,
):
    pytest.importorskip("openTSNE", reason="no openTSNE")
    server, port = serving(started, tmp_path, runs_folder)
    until(lambda: get(port, "/health")[0] == 200)
    until(lambda: len(workers(server)) == 2)
    Below(port).order("embed")
    until(lambda: len(computing(tmp_path)) == 1)
    server.kill()
    until(lambda: not marked(tmp_path))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--workers", "0"], "--workers: must be 1 or more, came 0"),
        (["--workers", "2", "--debug"], "is for one process, came --workers 2"),
        (["--jobs-each", "0"], "--jobs-each: must be 1 or more, came 0"),
        (["--prefix", "/a b/"], "--prefix: must be a path"),
        (["--proxy", "proxy.example"], "--proxy: must be an address in numbers"),
        (["--access-log", "/nowhere/at/all"], "--access-log: /nowhere/at/all cannot be written"),
    ],
)
def test_what_cannot_be_is_refused(capsys, nothing_shipped, arguments, said):
    assert said in refused(capsys, *arguments)


def test_more_workers_than_one_need_gunicorn(capsys, nothing_shipped, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert "need gunicorn" in refused(capsys, "--workers", "2")
