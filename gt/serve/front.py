"""What stands before the gate: the addresses at which a supervisor asks how the server is, and the prefix.

``/health`` and ``/ready`` are answered to whoever asks, by whatever name and without a token, below the prefix and
without it: a supervisor asks for an address in numbers. They tell nothing of what is served.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dash import Dash

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ROOT = "/"
HEALTH, READY = "health", "ready"
_PREFIX = re.compile(r"/(?:[A-Za-z0-9._~-]+/)*")


class PrefixError(ValueError):
    """A prefix that cannot be one; says what must hold and what came."""


def prefix_of(text: str) -> str:
    """A prefix as Dash takes it: ``/tour/`` for ``/tour/``, ``/tour`` and ``tour``, ``/`` for ``""``.

    Raises:
        PrefixError: If it is none.
    """
    prefix = f"/{text.strip('/')}/" if text.strip("/") else ROOT
    parts = prefix.strip("/").split("/")
    if not _PREFIX.fullmatch(prefix) or {".", ".."} & {*parts}:
        raise PrefixError(
            f"prefix: must be a path of letters, digits and . _ ~ - like /tour/, came {text!r}"
        )
    return prefix


def register(app: Dash, folders: Iterable[Path]) -> None:
    """Stand before an app, with everything else registered.

    Args:
        app: The app.
        folders: Of runs, which must be there for the server to be ready.
    """
    server, prefix = app.server, app.config.requests_pathname_prefix
    server.wsgi_app = Front(server.wsgi_app, prefix, tuple(folders))


class Front:
    """A WSGI app around another.

    Args:
        app: Is asked for everything else.
        prefix: Under which it is served, with a slash at its end.
        folders: Of runs.
    """

    def __init__(self, app: WSGIApplication, prefix: str, folders: tuple[Path, ...]) -> None:
        self._app, self._prefix, self._folders = app, prefix, folders
        asks: Mapping[str, Callable[[], tuple[str, dict[str, Any]]]] = {
            HEALTH: lambda: ("200 OK", {"status": "healthy"}),
            READY: self._ready,
        }
        self._asks = {f"{at}{name}": ask for name, ask in asks.items() for at in (ROOT, prefix)}

    def __call__(self, environ: WSGIEnvironment, respond: StartResponse) -> Iterable[bytes]:
        """Answer, or let the app answer."""
        path = environ.get("PATH_INFO", "")
        if (ask := self._asks.get(path)) and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            status, said = ask()
            return _answer(environ, respond, status, "application/json", json.dumps(said))
        if self._prefix == ROOT or path.startswith(self._prefix):
            return self._app(environ, respond)
        said_in = f"This server answers under {self._prefix}, and nowhere else.\n"
        there = ("Location", self._prefix)
        if environ["REQUEST_METHOD"] in ("GET", "HEAD") and f"{path}/" == self._prefix:
            return _answer(environ, respond, "308 Permanent Redirect", "text/plain", said_in, there)
        return _answer(environ, respond, "404 Not Found", "text/plain", said_in)

    def _ready(self) -> tuple[str, dict[str, Any]]:
        """Whether the folders of runs can be seen: a disk may not be mounted yet, or not any more."""
        missing = sum(not folder.is_dir() for folder in self._folders)
        if not missing:
            return "200 OK", {"status": "ready"}
        said = f"{missing} of {len(self._folders)} folders of runs cannot be seen"
        return "503 Service Unavailable", {"status": "not ready", "reason": said}


def _answer(
    environ: WSGIEnvironment,
    respond: StartResponse,
    status: str,
    kind: str,
    text: str,
    *headers: tuple[str, str],
) -> list[bytes]:
    body = text.encode()
    always = [
        ("Content-Type", f"{kind}; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    respond(status, [*always, *headers])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
