"""Readers are answered whatever else is connected: idle browsers, slow ones, and bodies too long to be kept."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading

import psutil
import pytest

from gt.serve import listen
from gt.serve.gate import LARGEST_BODY
from tests.fuzz.requests import serving

IDLE, SLOW = 150, 40
HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
BODY = (
    b"POST /_dash-update-component HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"
)


@pytest.fixture
def port(dash_app):
    if listen.connections() < IDLE + SLOW + 20:
        pytest.skip("this machine lets a process open too few files")
    with serving(dash_app) as port:
        yield port


def read(port, path="/grand-tour"):
    """One reader with a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def test_idle_and_slow_connections_change_nothing_for_a_reader(port):
    with contextlib.ExitStack() as open_ones:
        for _ in range(IDLE):
            open_ones.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
        slow = [
            open_ones.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            for _ in range(SLOW)
        ]
        for i, one in enumerate(slow):
            one.sendall(HEAD if i % 2 else BODY)
        for _ in range(5):
            for one in slow:  # a byte now and then keeps them from being idle
                one.sendall(b"x")
            for path in ("/grand-tour", "/_dash-dependencies", "/assets/gt_bridge.js"):
                assert read(port, path) == 200
        assert len(slow) == SLOW


def test_readers_all_at_once_are_answered_among_idle_ones(port):
    found = []
    with contextlib.ExitStack() as open_ones:
        for _ in range(IDLE):
            open_ones.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
        readers = [threading.Thread(target=lambda: found.append(read(port))) for _ in range(20)]
        for one in readers:
            one.start()
        for one in readers:
            one.join(120)
    assert found == [200] * 20


def test_an_idle_connection_is_closed_and_a_reader_just_opens_another(dash_app, monkeypatch):
    monkeypatch.setattr(listen, "IDLE_SECONDS", 0)
    with serving(dash_app) as port, socket.create_connection(("127.0.0.1", port), 60) as idle:
        assert idle.recv(1) == b""  # waits until the server closes it, and no longer than a minute
        assert read(port) == 200


@pytest.mark.parametrize("chunked", [False, True])
def test_a_long_body_is_refused_and_takes_no_memory(port, chunked):
    """Most of it is never read: the answer comes before its end, and the connection is closed."""
    size, before = 12 * LARGEST_BODY, psutil.Process().memory_info().rss
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        said = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % size
        piece = b"[" * 2**16
        sent = b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece
        with contextlib.suppress(OSError):  # closed by the server
            connection.sendall(
                b"POST /_dash-update-component HTTP/1.1\r\nHost: localhost\r\n"
                b"Content-Type: application/json\r\n" + said + b"\r\n\r\n"
            )
            for _ in range(size // len(piece)):
                connection.sendall(sent)
        with contextlib.suppress(OSError):
            while some := connection.recv(65_536):
                answer += some
    assert not answer or b" 413 " in answer.splitlines()[0]
    grown = psutil.Process().memory_info().rss - before
    assert grown < 4 * LARGEST_BODY  # and never what was sent
    assert read(port) == 200


def test_a_body_of_a_callback_up_to_the_limit_is_read(port):
    body = json.dumps({"output": "x" * (LARGEST_BODY - 100)})
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request(
        "POST", "/_dash-update-component", body, {"Content-Type": "application/json"}
    )
    answer = connection.getresponse()
    assert answer.status == 400 and b"must name a callback" in answer.read()
    connection.close()
