"""``/tensors/<digest>``: the one way by which arrays reach the browser."""

from __future__ import annotations

from dash import Dash
from flask import Flask, Response, request

from gt.data import wire
from gt.ui import context

A_YEAR = 31_536_000  # seconds


def register(app: Dash) -> None:
    """Serve announced tensors beside the pages of an app."""
    server: Flask = app.server
    prefix = app.config.routes_pathname_prefix
    server.add_url_rule(f"{prefix}tensors/<name>", "tensor", _tensor, methods=["GET"])
    server.after_request(_revalidate_modules)


def _tensor(name: str) -> Response:
    """Answer with a tensor's bytes; 404 for anything that was not announced.

    The address is the digest of the content, so a browser that has it never asks again.
    """
    packed = context.library().tensor(name)
    if packed is None:
        return Response("no such tensor; reload the page\n", 404, mimetype="text/plain")
    answer = Response(packed, mimetype="application/octet-stream")
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.headers["Content-Encoding"] = "gzip"
    else:
        answer.set_data(wire.unpack(packed))
    answer.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    answer.headers["Vary"] = "Accept-Encoding"
    return answer


def _revalidate_modules(answer: Response) -> Response:
    """Let modules be asked for again: their addresses carry no version, their ETags do."""
    if request.path.endswith(".mjs"):
        answer.headers["Cache-Control"] = "no-cache"
    return answer
