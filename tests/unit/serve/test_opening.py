"""A browser is opened where somebody sees it, once the server answers, with the token if one is asked for."""

from __future__ import annotations

import re
import socket
import threading
import urllib.request
import webbrowser
from types import SimpleNamespace

import flask
import pytest

from gt.cli.command import run
from gt.cli.serve import serving
from gt.serve import context, listen, opening

CREATE_SERVER = listen.create_server
SCREEN = {"DISPLAY": ":0"}


@pytest.mark.parametrize(
    ("host", "environment", "platform", "terminal", "seen"),
    [
        ("127.0.0.1", SCREEN, "linux", True, True),
        ("localhost", SCREEN, "linux", True, True),
        ("127.0.0.1", {"WAYLAND_DISPLAY": "wayland-0"}, "linux", True, True),
        ("127.0.0.1", {}, "darwin", True, True),
        ("127.0.0.1", {}, "win32", True, True),
        ("127.0.0.1", {}, "linux", True, False),
        ("127.0.0.1", SCREEN, "linux", False, False),
        ("0.0.0.0", SCREEN, "linux", True, False),
        ("10.0.0.5", SCREEN, "linux", True, False),
        ("127.0.0.1", SCREEN | {"SSH_CONNECTION": "a 1 b 2"}, "linux", True, False),
        ("127.0.0.1", {"SSH_TTY": "/dev/pts/0"}, "darwin", True, False),
        ("127.0.0.1", {"SSH_TTY": "/dev/pts/0", "BROWSER": "open-there"}, "linux", True, True),
        ("127.0.0.1", {"BROWSER": "open-there"}, "linux", False, False),
    ],
)
def test_a_browser_is_opened_where_it_is_seen(host, environment, platform, terminal, seen):
    assert opening.is_seen(host, environment, platform, terminal) is seen


class Desk:
    """A screen with a browser, in front of a server of one page."""

    def __init__(self) -> None:
        self.opened: list[tuple[str, int]] = []
        self._looked = threading.Event()

    def browse(self, address: str) -> bool:
        with urllib.request.urlopen(address, timeout=60) as answer:
            self.opened.append((address, answer.status))
        self._looked.set()
        return True

    def create_app(self, *_: object, **__: object) -> SimpleNamespace:
        server = flask.Flask("one page")
        server.add_url_rule("/", "page", lambda: "here")
        server.config[context.KEY] = SimpleNamespace(runs={})
        return SimpleNamespace(server=server)

    def create_server(self, app: flask.Flask, host: str, port: int, **_: object) -> SimpleNamespace:
        """A server that answers until somebody has looked; where nobody will, until Ctrl-C, which comes at once."""
        real = CREATE_SERVER(app, host, port, threads=1)
        threading.Thread(target=real.run, daemon=True).start()

        def until_seen() -> None:
            if self._expected:
                assert self._looked.wait(60), "no browser came"
            real.close()
            raise KeyboardInterrupt

        return SimpleNamespace(run=until_seen)

    def serve(self, arguments: list[str], usual: bool | None, expected: bool) -> None:
        self._expected = expected
        assert run(serving("gt serve", lambda: self.create_app, usual), arguments) == 0
        assert bool(self.opened) is expected


@pytest.fixture
def desk(monkeypatch):
    made = Desk()
    monkeypatch.setattr("webbrowser.open", made.browse)
    monkeypatch.setattr(listen, "create_server", made.create_server)
    monkeypatch.delenv("GT_TOKEN", raising=False)
    return made


@pytest.fixture
def port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


@pytest.mark.parametrize("token", ["", "?token=correct-horse-battery"])
def test_what_is_opened_is_what_is_printed_and_it_answers(desk, port, capsys, token):
    options = ["--token=correct-horse-battery"] if token else []
    desk.serve(["--browser", "--port", port, *options], usual=None, expected=True)
    [(address, status)] = desk.opened
    assert (address, status) == (f"http://127.0.0.1:{port}/{token}", 200)
    assert re.findall(r"Open (\S+)", capsys.readouterr().out) == [address]


@pytest.mark.parametrize(
    ("options", "usual", "seen", "expected"),
    [
        ([], None, True, True),
        ([], None, False, False),
        (["--no-browser"], None, True, False),
        ([], False, True, False),  # python app.py
        (["--browser"], False, False, True),
    ],
)
def test_options_go_before_what_is_usual(desk, port, monkeypatch, options, usual, seen, expected):
    monkeypatch.setattr(opening, "is_seen", lambda host: seen)
    desk.serve(["--port", port, *options], usual, expected)


def test_a_browser_that_cannot_be_opened_does_not_stop_the_server(desk, port, monkeypatch, capsys):
    def broken(address):
        desk.browse(address)
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr("webbrowser.open", broken)
    desk.serve(["--browser", "--port", port], usual=None, expected=True)
    assert f"Open http://127.0.0.1:{port}/" in capsys.readouterr().out
