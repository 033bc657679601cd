"""``/runs/…``: what is in the folders of the server, and what a reader does with it: rename, delete, put back.

What is done is asked for by POST with JSON, so that it passes the gate's look at origin and token, and no form of
another page can say it. A refusal is a sentence.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict, get_type_hints

from dash import Dash
from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest

from gt.errors import LockedRunError, ReadOnlyError, UnknownNameError
from gt.serve import context, owned, run_list
from gt.serve.library import Library
from gt.serve.owned import ChangedRunError
from gt.serve.said import placeless, reason
from gt.serve.shapes import wrong

log = logging.getLogger(__name__)
EMPTIED = timedelta(hours=1)  # between two looks for what has been in the trash for a week


class Renaming(TypedDict):
    """What a rename asks for."""

    key: str
    uid: str
    title: str


class Deleting(TypedDict):
    """What a deletion asks for."""

    key: str
    uid: str


class PuttingBack(TypedDict):
    """What an undo asks for."""

    key: str


def register(app: Dash) -> None:
    """Answer these questions beside the pages of an app, and empty the trash now and then."""
    server: Flask = app.server
    prefix = app.config.routes_pathname_prefix
    library = server.config[context.KEY]
    emptied = [datetime.now(UTC)]
    owned.empty_trash(library)

    def listing() -> Any:
        if datetime.now(UTC) - emptied[0] >= EMPTIED:
            emptied[0] = datetime.now(UTC)
            owned.empty_trash(library)
        return run_list.listed(library, app.config.requests_pathname_prefix)

    def details() -> Any:
        return run_list.details(library, app.config.requests_pathname_prefix)

    asked: list[tuple[str, Callable[..., Any], list[str]]] = [
        ("list", listing, ["GET"]),
        ("details", details, ["GET"]),
        ("rename", _rename, ["POST"]),
        ("delete", _delete, ["POST"]),
        ("restore", _put_back, ["POST"]),
    ]
    for name, view, methods in asked:
        path = f"{prefix}runs/{name}"
        server.add_url_rule(path, f"runs-{name}", told(view), methods=methods)


def told(view: Callable[..., Any]) -> Callable[..., Response]:
    """The same view, answering in JSON unless it has an answer; its errors are sentences for the reader."""

    def answer(**asked: str) -> Response:
        try:
            said = view(**asked)
            return said if isinstance(said, Response) else fresh_json(said)
        except BadRequest as error:
            text, status = error.description or "The request is malformed.", 400
        except ReadOnlyError as error:
            text, status = str(error), 403
        except UnknownNameError as error:
            text, status = str(error), 404
        except (LockedRunError, ChangedRunError) as error:
            text, status = reason(error), 409
        except (ValueError, OSError) as error:
            log.info("%s: %s", request.path, error)
            text, status = reason(error), 422
        return Response(f"{placeless(text)}\n", status, mimetype="text/plain")

    return answer


def fresh_json(said: Any) -> Response:
    """An answer that no browser keeps."""
    text = json.dumps(said)
    return Response(text, mimetype="application/json", headers={"Cache-Control": "no-store"})


def body(wanted: type) -> Any:
    """What a request says in JSON, held to its shape; what it says besides is left out.

    Raises:
        BadRequest: If it says something else, or says it in another way than a page of ours.
    """
    if request.mimetype != "application/json":
        raise BadRequest("The request must be JSON; reload the page.")
    said = request.get_json()
    if problem := wrong(said, wanted, exact=True):
        raise BadRequest(f"{problem}; reload the page.")
    return {name: said[name] for name in get_type_hints(wanted)}


def _library() -> Library:
    return context.library()


def _rename() -> Any:
    asked: Renaming = body(Renaming)
    one = owned.rename(_library(), **asked)
    return {"title": one.title}


def _delete() -> Any:
    asked: Deleting = body(Deleting)
    one = owned.delete(_library(), **asked)
    return {"key": one.key, "title": one.title}


def _put_back() -> Any:
    asked: PuttingBack = body(PuttingBack)
    owned.put_back(_library(), asked["key"])
    return {}
