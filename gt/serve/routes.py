"""How long a browser keeps what it fetched, and the tensors' own address."""

from __future__ import annotations

from dash import Dash
from flask import Response, request

from gt.serve import tensors


def register(app: Dash) -> None:
    """Serve announced tensors beside the pages of an app, and say how long answers last."""
    tensors.register(app)
    app.server.after_request(_say_how_long)


def _say_how_long(answer: Response) -> Response:
    """Styles and scripts carry their age in their address and are kept for good.

    Modules at their plain names are asked for again, and their ETags answer; see `gt.serve.modules` for the others.
    """
    if request.endpoint == "_dash_assets.static" and request.path.endswith(".mjs"):
        answer.headers["Cache-Control"] = "no-cache"
    elif request.endpoint == "_dash_assets.static" and "m" in request.args:
        answer.headers["Cache-Control"] = tensors.FOR_GOOD
    return answer
