"""``python app.py``: one clear line where it cannot start."""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def refused(capsys, *arguments):
    import app

    with pytest.raises(SystemExit) as stop:
        app.main(arguments)
    assert stop.value.code == 2
    lines = [line for line in capsys.readouterr().err.splitlines() if "error:" in line]
    assert len(lines) == 1
    return lines[0]


def test_a_missing_folder_is_named(capsys, nothing_shipped, tmp_path):
    gone = tmp_path / "gone"
    assert f"no such folder: {gone}" in refused(capsys, "--runs", str(tmp_path), str(gone))


@pytest.mark.parametrize("port", ["0", "-1", "65536", "many"])
def test_a_bad_port_is_refused(capsys, nothing_shipped, port):
    assert "--port" in refused(capsys, f"--port={port}")


def command(folder, *arguments):
    """Python's arguments for ``app.py`` with nothing shipped and a cache of the test's own."""
    script = (
        "import sys; from pathlib import Path; import app, gt.cache.store as store\n"
        f"store.default_folder = lambda: Path({str(folder / 'cache')!r})\n"
        f"app.SHIPPED = Path({str(folder)!r})\n"
        "sys.exit(app.main(sys.argv[1:]))"
    )
    return [sys.executable, "-c", script, *arguments]


def test_an_address_that_cannot_be_listened_on_is_said_with_a_remedy(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for arguments in (["--port", port], ["--host", "192.0.2.1", "--port", port]):
            done = subprocess.run(
                command(tmp_path, *arguments), cwd=ROOT, capture_output=True, text=True, timeout=120
            )
            assert done.returncode == 2
            assert "Traceback" not in done.stderr
            last = done.stderr.splitlines()[-1]
            assert "cannot listen on http://" in last and "try another --port" in last


@contextlib.contextmanager
def started(folder, *arguments):
    """Run ``app.py`` on a free port; yields the port and the two lines that it prints."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    server = subprocess.Popen(
        command(folder, *arguments, "--port", port),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    stop = threading.Timer(120, server.kill)
    stop.start()
    try:
        assert server.stdout is not None
        yield port, [server.stdout.readline(), server.stdout.readline()]
    finally:
        stop.cancel()
        server.kill()
        server.communicate()


def test_it_serves_and_prints_where(runs_folder, tmp_path):
    with started(tmp_path, "--runs", str(runs_folder)) as (port, lines):
        assert "MNIST" in lines[0]
        assert f"Open http://127.0.0.1:{port}/" in lines[1]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/grand-tour", timeout=60) as answer:
            assert answer.status == 200


def test_with_a_token_the_printed_address_lets_in_and_no_other_does(runs_folder, tmp_path):
    with started(tmp_path, "--runs", str(runs_folder), "--token") as (port, lines):
        [opened] = re.findall(r"Open (http://\S+)", lines[1])
        assert re.fullmatch(rf"http://127\.0\.0\.1:{port}/\?token=[\w-]{{32}}", opened)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(opened.split("?")[0], timeout=60)
        assert refused.value.code == 401
        refused.value.close()
        with urllib.request.urlopen(opened, timeout=60) as answer:
            assert answer.status == 200 and "Set-Cookie" in answer.headers


@pytest.mark.parametrize("token", ["", "GT_TOKEN"])
def test_listening_for_others_is_warned_of_unless_there_is_a_token(
    monkeypatch, caplog, nothing_shipped, tmp_path, token
):
    import app
    from gt.serve import listen

    class Server:
        def run(self):
            raise KeyboardInterrupt

    monkeypatch.setattr(listen, "create_server", lambda *_, **__: Server())
    monkeypatch.setenv("GT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("GT_TOKEN", raising=False)
    if token:
        monkeypatch.setenv(token, "correct-horse-battery")
    assert app.main(["--host", "0.0.0.0"]) == 0
    assert any("without a token" in record.getMessage() for record in caplog.records) is not bool(
        token
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--debug", "--host", "0.0.0.0"], "only on 127.0.0.1"),
        (["--token=short"], "token: must be 12 or more"),
        (["--allow-host", "http://lab.example"], "without scheme and port"),
        (["--allow-frame", "*"], "must be origins like"),
    ],
)
def test_choices_that_cannot_be_are_refused(capsys, nothing_shipped, arguments, said):
    assert said in refused(capsys, *arguments)
