"""The server that ``python app.py`` starts: waitress, ready for many connections and for those who waste them.

A connection costs a file or two and no thread until its request is complete, see `gt.serve.connections`. A browser
keeps six, so there is room for hundreds; those that say nothing leave soon, and at once where all places are taken: a
browser then just opens another.
"""

from __future__ import annotations

import logging
import socket
from typing import Any

from waitress.adjustments import Adjustments

from gt.serve import hosts
from gt.serve.connections import Server
from gt.serve.gate import LARGEST_BODY
from gt.serve.rules import Rules

THREADS = 8
MOST_CONNECTIONS = 2048  # of 340 browsers
MOST_ELSEWHERE = 448  # on Windows, whose select watches 512 at most
FILES_EACH = 3  # a connection, and what is too long for memory of its request and its answer
OTHER_FILES = 128  # that the app itself has open
IDLE_SECONDS = 20
BACKLOG = 1024  # connections that wait to be let in
LOOK_SECONDS = 5  # between two looks who has been idle for so long
BUFFER_BYTES = 65_536  # of headers, and of a body in memory
ANSWER_BYTES = 262_144  # of an answer in memory, the rest is on disk until it is taken: 512 MB if nobody takes theirs

PROXY_HEADERS = {
    "x-forwarded-for",
    "x-forwarded-proto",
}  # the last of each, where there are several

log = logging.getLogger("gt")


def create_server(
    app: Any,
    host: str,
    port: int,
    threads: int = THREADS,
    sockets: list[socket.socket] | None = None,
    proxy: str | None = None,
) -> Server:
    """A server that listens and waits for ``run``.

    Args:
        app: A WSGI app.
        host: Address or name to listen on.
        port: To listen on; 0 for a free one.
        threads: That answer.
        sockets: That are bound already, in place of host and port.
        proxy: Address of the proxy in front, which is believed when it says who asked, and whether by https.

    Raises:
        OSError: If it cannot listen there.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is no news
    where: dict[str, Any] = {"sockets": sockets} if sockets else {"host": host, "port": port}
    if proxy is not None:
        where |= {"trusted_proxy": proxy, "trusted_proxy_headers": PROXY_HEADERS}
    settings = Adjustments(
        **where,
        threads=threads,
        ident="gt",
        connection_limit=connections(),
        channel_timeout=IDLE_SECONDS,
        cleanup_interval=LOOK_SECONDS,
        max_request_header_size=BUFFER_BYTES,
        inbuf_overflow=BUFFER_BYTES,
        outbuf_overflow=ANSWER_BYTES,
        max_request_body_size=LARGEST_BODY + 1,  # waitress refuses from there on
    )
    return Server(app, settings)


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens, for several processes.

    Raises:
        OSError: If it cannot.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


def connections() -> int:
    """How many connections may be open: as many as this process may open files for, up to `MOST_CONNECTIONS`."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return MOST_ELSEWHERE
    wanted = MOST_CONNECTIONS * FILES_EACH + OTHER_FILES
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if now != resource.RLIM_INFINITY and now < wanted:
        now = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (now, most))
    if now == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(16, min(MOST_CONNECTIONS, (now - OTHER_FILES) // FILES_EACH))


def address(host: str, port: int, token: str | None = None, page: str = "") -> str:
    """What to open in a browser of this machine: a page, with the token if there is one."""
    if host in hosts.EVERYWHERE or not host:
        host = "localhost"
    shown = f"[{host}]" if ":" in host else host
    asked = f"{'&' if '?' in page else '?'}token={token}" if token else ""
    return f"http://{shown}:{port}/{page}{asked}"


def warn_if_open(host: str, rules: Rules) -> None:
    """Say what it means to listen where others can ask, with nobody asked for a token."""
    if rules.token is None and not hosts.is_loopback(host):
        log.warning(
            "Listening on %s without a token: whoever reaches this machine can look at all runs, and have it compute."
            " Start it with --token.",
            host or "all addresses",
        )
