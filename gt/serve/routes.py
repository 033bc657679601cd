"""``/tensors/<digest>``: the one way by which arrays reach the browser."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dash import Dash
from flask import Flask, Response, request

from gt.cache import wire
from gt.serve import context
from gt.serve.library import Library

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

A_YEAR = 31_536_000  # seconds
_HEADERS = {
    "Content-Type": "application/octet-stream",
    "Content-Encoding": "gzip",
    "Cache-Control": f"public, max-age={A_YEAR}, immutable",
    "Vary": "Accept-Encoding",
}


def register(app: Dash) -> None:
    """Serve announced tensors beside the pages of an app."""
    server: Flask = app.server
    prefix = app.config.routes_pathname_prefix
    server.add_url_rule(f"{prefix}tensors/<name>", "tensor", _tensor, methods=["GET"])
    server.after_request(_say_how_long)
    library: Library = server.config[context.KEY]
    quick = _tensors_at_hand(server.wsgi_app, library, f"{prefix}tensors/")
    server.wsgi_app = quick  # type: ignore[method-assign, assignment]


def _tensor(name: str) -> Response:
    """Answer with a tensor's bytes; 404 for anything that was not announced.

    The address is the digest of the content, so a browser that has it never asks again.
    """
    packed = context.library().tensor(name)
    if packed is None:
        return Response("no such tensor; reload the page\n", 404, mimetype="text/plain")
    answer = Response(packed, headers=_HEADERS)
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        del answer.headers["Content-Encoding"]
        answer.set_data(wire.unpack(packed))
    return answer


def _tensors_at_hand(app: WSGIApplication, library: Library, start: str) -> WSGIApplication:
    """Answer for tensors in memory without waking Flask, which takes ten times as long.

    Anything else, a browser that takes no gzip included, goes on to the app.
    """

    def answer(environ: WSGIEnvironment, respond: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if (
            path.startswith(start)
            and environ["REQUEST_METHOD"] == "GET"
            and "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
            and (packed := library.store.at_hand(path[len(start) :]))
        ):
            respond("200 OK", [*_HEADERS.items(), ("Content-Length", str(len(packed)))])
            return [packed]
        return app(environ, respond)

    return answer


def _say_how_long(answer: Response) -> Response:
    """Styles and scripts carry their age in their address and are kept for good.

    Modules import each other by plain names: they are asked for again, and their ETags answer.
    """
    if request.path.endswith(".mjs"):
        answer.headers["Cache-Control"] = "no-cache"
    elif request.endpoint == "_dash_assets.static" and "m" in request.args:
        answer.headers["Cache-Control"] = _HEADERS["Cache-Control"]
    return answer
