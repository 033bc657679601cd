"""The server's loop: what waits costs nothing and keeps nobody out; what was asked before the end is answered."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading

import pytest

from gt.serve import connections, listen
from tests.waiting import PATIENCE_S, until

PIECE, PIECES = 2**20, 64  # bytes, more in all than the system and waitress keep for a reader


class App:
    """A WSGI app with a short answer, a large one, and one that waits until it is let go."""

    def __init__(self):
        self.asked, self.go = threading.Event(), threading.Event()

    def __call__(self, environ, respond):
        path = environ["PATH_INFO"]
        if path == "/waits":
            self.asked.set()
            self.go.wait(PATIENCE_S)
        body = [bytes(PIECE)] * PIECES if path == "/large" else [b"here"]
        respond("200 OK", [("Content-Length", str(sum(map(len, body))))])
        return body


@pytest.fixture
def served(request):
    """``served(app)``: a server that runs, and its thread."""
    with contextlib.ExitStack() as ends:

        def serve(app, threads=2):
            server = listen.create_server(app, "127.0.0.1", 0, threads)
            thread = threading.Thread(target=server.run, daemon=True)
            thread.start()
            ends.callback(thread.join, 10)
            ends.callback(server.close)
            return server, thread

        yield serve


def ask(server, path="/"):
    connection = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=PATIENCE_S)
    with contextlib.closing(connection):
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()


def waiting(server, count, ends):
    """So many connections that say nothing."""
    for _ in range(count):
        one = socket.create_connection(("127.0.0.1", server.effective_port), timeout=PATIENCE_S)
        ends.enter_context(one)
        yield one


def test_what_waits_is_not_asked_again_while_others_are_answered(served, monkeypatch):
    asked = []
    readable = connections._Channel.readable
    monkeypatch.setattr(
        connections._Channel, "readable", lambda self: asked.append(self) or readable(self)
    )
    server, _ = served(App())
    with contextlib.ExitStack() as ends:
        list(waiting(server, 30, ends))
        until(lambda: len(asked) == 30 == server.connections)
        for _ in range(5):
            assert ask(server) == (200, b"here")
        first = set(asked[:30])
        assert [one for one in asked[30:] if one in first] == []


def test_where_all_places_are_taken_those_who_waited_longest_make_room(served, monkeypatch):
    monkeypatch.setattr(listen, "MOST_CONNECTIONS", 40)
    monkeypatch.setattr(listen, "IDLE_SECONDS", 3600)
    monkeypatch.setattr(connections, "FRESH_S", 0)
    server, _ = served(App())
    with contextlib.ExitStack() as ends:
        idle = list(waiting(server, 30, ends))
        slow = list(waiting(server, 30, ends))
        for one in slow:
            with contextlib.suppress(OSError):  # this one made room already
                one.sendall(b"GET / HTTP/1.1\r\nHost: local")
        assert ask(server) == (200, b"here")
        assert server.connections < 40
        assert idle[0].recv(1) == b"", "the first that came had waited longest"


def test_nobody_is_kept_out_by_who_takes_nothing_of_an_answer(served, monkeypatch):
    monkeypatch.setattr(listen, "IDLE_SECONDS", 1)
    monkeypatch.setattr(listen, "LOOK_SECONDS", 1)
    server, _ = served(App(), threads=1)
    with socket.create_connection(("127.0.0.1", server.effective_port), PATIENCE_S) as one:
        one.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert one.recv(1), "its answer has begun, and the only thread is making it"
        assert ask(server) == (200, b"here")
        until(lambda: server.connections == 0)


def test_what_was_asked_before_the_end_is_answered_and_nobody_else_is_let_in(served):
    app, answers = App(), []
    server, thread = served(app)
    with contextlib.ExitStack() as ends:
        idle = list(waiting(server, 3, ends))
        reader = threading.Thread(target=lambda: answers.append(ask(server, "/waits")))
        reader.start()
        assert app.asked.wait(PATIENCE_S)
        port = server.effective_port
        server.stop()

        def refused():
            with contextlib.suppress(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S).close()
                return False
            return True

        until(refused)
        assert [one.recv(1) for one in idle] == [b""] * 3, "who waits for nothing is let go"
        assert thread.is_alive() and not answers
        app.go.set()
        reader.join(PATIENCE_S)
        thread.join(PATIENCE_S)
        assert answers == [(200, b"here")] and not thread.is_alive()


def test_an_answer_that_never_comes_holds_the_end_up_for_so_long_only(served, monkeypatch, caplog):
    monkeypatch.setattr(connections, "GRACE_S", 0.1)
    app = App()
    server, thread = served(app)
    with socket.create_connection(("127.0.0.1", server.effective_port), PATIENCE_S) as one:
        one.sendall(b"GET /waits HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert app.asked.wait(PATIENCE_S)
        server.stop()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()
        assert "1 answers were not finished within 0.1 s" in caplog.text
        app.go.set()


def test_a_socket_that_is_bound_already_is_listened_on(served):
    with socket.create_server(("127.0.0.1", 0)) as bound:
        server = listen.create_server(App(), "", 0, sockets=[bound])
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        assert ask(server) == (200, b"here")
        assert server.effective_port == bound.getsockname()[1]
        server.close()
        thread.join(10)
