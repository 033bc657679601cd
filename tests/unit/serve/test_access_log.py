"""The access log: a line an answer, without what is secret, whatever becomes of the answer and the file."""

from __future__ import annotations

import json
import stat
import sys

import pytest
from werkzeug.test import Client, run_wsgi_app

from gt.serve.access_log import AccessLog, Writer, _File


def inner(environ, respond):
    if environ["PATH_INFO"] == "/fails":
        raise RuntimeError("on purpose")
    status = "404 Not Found" if environ["PATH_INFO"] == "/gone" else "200 OK"
    respond(status, [("Content-Type", "text/plain")])
    return [b"some", b"thing"]


@pytest.fixture
def write(file):
    made = Writer(file)
    yield made
    made.close()


def ask(client, path, **more):
    """One answer, read to its end and closed, as a server does."""
    return client.open(path, buffered=True, **more)


def lines(file):
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


@pytest.fixture
def file(tmp_path):
    return tmp_path / "access.jsonl"


def test_a_line_says_who_asked_for_what_and_what_came_of_it(file, write):
    client = Client(AccessLog(inner, write))
    ask(client, "/ü%20x?token=secret-of-mine", environ_base={"REMOTE_ADDR": "10.0.0.7"})
    ask(client, "/gone", method="POST", data=b"x")
    one, other = lines(file)
    assert set(one) == {"time", "from", "method", "path", "status", "bytes", "ms"}
    assert (one["from"], one["method"], one["status"], one["bytes"]) == ("10.0.0.7", "GET", 200, 9)
    assert one["path"] == "/%C3%BC%20x" and one["time"].endswith("+00:00") and one["ms"] >= 0
    assert (other["method"], other["status"]) == ("POST", 404)
    assert "secret" not in file.read_text("utf-8")
    assert sys.platform == "win32" or stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_answer_that_fails_or_is_broken_off_has_its_line_too(file, write):
    logged = AccessLog(inner, write)
    with pytest.raises(RuntimeError, match="on purpose"):
        ask(Client(logged), "/fails")
    pieces, *_ = run_wsgi_app(logged, {"PATH_INFO": "/", "REQUEST_METHOD": "GET"})
    next(iter(pieces))
    pieces.close()  # the reader has gone
    fails, broken = lines(file)
    assert (fails["status"], fails["bytes"]) == (500, 0)
    assert (broken["status"], broken["bytes"]) == (200, 4)


def test_a_file_that_is_moved_away_is_begun_anew(file, write):
    client = Client(AccessLog(inner, write))
    ask(client, "/a")
    file.rename(file.with_suffix(".1"))
    ask(client, "/b")
    assert [one["path"] for one in lines(file)] == ["/b"]
    assert [one["path"] for one in lines(file.with_suffix(".1"))] == ["/a"]


def test_standard_output_gets_lines(capsys):
    ask(Client(AccessLog(inner, Writer("-"))), "/")
    assert json.loads(capsys.readouterr().out)["path"] == "/"


def test_a_file_that_cannot_be_written_is_refused_and_a_full_one_is_said_once(
    file, write, monkeypatch, caplog
):
    with pytest.raises(OSError, match="No such file"):
        Writer(file.parent / "below" / "it")

    def full(*_):
        raise OSError(28, "No space left on device")

    client = Client(AccessLog(inner, write))
    monkeypatch.setattr(_File, "reopenIfNeeded", full)
    assert [ask(client, "/").text for _ in range(3)] == ["something"] * 3
    assert caplog.text.count("the access log cannot be written") == 1
