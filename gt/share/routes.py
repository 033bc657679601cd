"""``/file/<page>``: the page that a reader looks at as one file, for the button *Page as a file*."""

from __future__ import annotations

from dash import Dash
from flask import Flask, Response, request

from gt.serve import context
from gt.share import alone
from gt.share.document import document
from gt.share.pages import PAGES
from gt.share.told import Asked


def register(app: Dash) -> None:
    """Write pages into files beside the pages of an app."""
    server: Flask = app.server
    prefix = app.config.routes_pathname_prefix
    server.add_url_rule(f"{prefix}file/<page>", "file", _file, methods=["GET"])


def _file(page: str) -> Response:
    """The page of a run as a file; 404 or 422 with a sentence where there is none."""
    if page not in PAGES:
        known = ", ".join(PAGES)
        return _refused(404, f"There is no page {page} that can be a file; there is {known}")
    library, asked = context.library(), request.args
    try:
        layers = (asked["layer"],) if asked.get("layer") else ()
        what = Asked(layers, asked.get("split") or None, beside=asked.get("beside") or None)
        told = alone.told(library, page, asked.get("run", ""), what)
        text = document(library, alone.book_of(library, [told], asked.get("view", "")))
    except (KeyError, ValueError, OSError) as error:
        return _refused(422, library.said(error))
    headers = {"Content-Disposition": "attachment", "Cache-Control": "no-store"}
    return Response(text, mimetype="application/octet-stream", headers=headers)


def _refused(status: int, why: str) -> Response:
    return Response(f"{why}\n", status, mimetype="text/plain")
