"""``/file/<page>`` and ``/file/story``: what a reader looks at, as one file."""

from __future__ import annotations

from typing import Any, TypedDict

from dash import Dash
from flask import Flask, Response, request

from gt.kept.story import story_from
from gt.serve import context
from gt.serve.owned import ChangedRunError
from gt.serve.run_routes import body, told
from gt.share import alone
from gt.share.document import document
from gt.share.pages import PAGES
from gt.share.story import book_of
from gt.share.told import Asked


def register(app: Dash) -> None:
    """Write pages into files beside the pages of an app."""
    server: Flask = app.server
    prefix = app.config.routes_pathname_prefix
    server.add_url_rule(f"{prefix}file/<page>", "file", _file, methods=["GET"])
    server.add_url_rule(f"{prefix}file/story", "file-story", told(_story), methods=["POST"])


def _file(page: str) -> Response:
    """The page of a run as a file; 404 or 422 with a sentence where there is none."""
    if page not in PAGES:
        known = ", ".join(PAGES)
        return _refused(404, f"There is no page {page} that can be a file; there is {known}")
    library, asked = context.library(), request.args
    try:
        layers = (asked["layer"],) if asked.get("layer") else ()
        what = Asked(layers, asked.get("split") or None, beside=asked.get("beside") or None)
        shown = alone.told(library, page, asked.get("run", ""), what)
        text = document(library, alone.book_of(library, [shown], asked.get("view", "")))
    except (KeyError, ValueError, OSError) as error:
        return _refused(422, library.said(error))
    return _attached(text)


class Asking(TypedDict):
    """What a story as a file asks for."""

    run: str
    name: str
    story: Any  # is looked at by `gt.kept.story`, which says more of what is wrong with it


def _story() -> Response:
    """A story as the reader sees it, beside a run or not, as a file."""
    asked: Asking = body(Asking)
    library, story = context.library(), story_from(asked["story"])
    run = library.run(asked["run"])
    if story.uid != run.uid:
        raise ChangedRunError(f"The story is not of {run.title} as it is now: it was recorded anew")
    return _attached(document(library, book_of(library, run.name, asked["name"], story)))


def _attached(text: str) -> Response:
    headers = {"Content-Disposition": "attachment", "Cache-Control": "no-store"}
    return Response(text, mimetype="application/octet-stream", headers=headers)


def _refused(status: int, why: str) -> Response:
    return Response(f"{why}\n", status, mimetype="text/plain")
