"""``/uploads…``: files that are dropped on the page Runs, piece by piece; a look at them; and, when asked, a run.

All of it passes the gate: a piece is no larger than any request may be, what is asked for by POST comes from a page of
ours or from who knows the token, and a server that is read-only takes nothing.
"""

from __future__ import annotations

from typing import Any, TypedDict

from dash import Dash
from flask import Flask, request
from werkzeug.exceptions import BadRequest

from gt.run.title import plain_title
from gt.serve import bringing, context
from gt.serve.payloads import BringChoices, Brought
from gt.serve.run_routes import body, told
from gt.serve.uploads import FOLDER, LARGEST, Uploads

PIECE = 2**20  # bytes of a piece: what proxies let pass unless told otherwise


class Adding(TypedDict):
    """What is asked for to make a run of an upload."""

    choices: BringChoices
    title: str


def register(app: Dash) -> None:
    """Take files beside the pages of an app."""
    server: Flask = app.server
    library = server.config[context.KEY]
    uploads = Uploads(library.store.folder.parent / FOLDER)
    if not library.read_only:
        uploads.sweep()

    def begin() -> Any:
        bringing.place_for(library)
        name = uploads.begin(_files(), bringing.endings())
        return {"upload": name, "piece": PIECE}

    def take(name: str, number: int) -> Any:
        library.check_may_write("no file is brought")
        at = request.args.get("at", "")
        if not (at.isascii() and at.isdigit() and len(at) < 12):
            raise BadRequest("at must say where the piece begins; reload the page.")
        return {"size": uploads.take(name, number, int(at), request.get_data(cache=False))}

    def look(name: str) -> Any:
        into = bringing.place_for(library)
        return bringing.preview(bringing.look(uploads, name, body(BringChoices)), into)

    def add(name: str) -> Any:
        asked: Adding = body(Adding)
        title = plain_title(asked["title"]) if asked["title"].strip() else ""
        bringing.begin(library, uploads, name, asked["choices"], title)
        return {}

    def cancel(name: str) -> Any:
        uploads.cancel(name)
        return {}

    at = f"{app.config.routes_pathname_prefix}{FOLDER}"
    for path, view, method in (
        (at, begin, "POST"),
        (f"{at}/<name>/<int:number>", take, "POST"),
        (f"{at}/<name>/look", look, "POST"),
        (f"{at}/<name>/add", add, "POST"),
        (f"{at}/<name>/cancel", cancel, "POST"),
        (f"{at}/<name>", uploads.state, "GET"),
    ):
        server.add_url_rule(path, f"uploads-{view.__name__}", told(view), methods=[method])


def _files() -> list[Brought]:
    """The files that are to come: more of them than what is carried out otherwise may list."""
    if request.mimetype != "application/json":
        raise BadRequest("The request must be JSON; reload the page.")
    said = request.get_json()
    files = said.get("files") if isinstance(said, dict) else None
    if not isinstance(files, list) or not all(map(_is_file, files)):
        raise BadRequest("files must be a list of names and sizes; reload the page.")
    return [{"name": one["name"], "size": one["size"]} for one in files]


def _is_file(one: Any) -> bool:
    if not isinstance(one, dict) or not isinstance(one.get("name"), str):
        return False
    size = one.get("size")
    return isinstance(size, int) and not isinstance(size, bool) and 0 <= size <= 100 * LARGEST
