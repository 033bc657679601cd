"""``/live`` and ``/grown``: what has come and gone since a page was made, for pages that are open.

Pages ask for ``/live`` again and again, which is cheap for both sides: a look at most every quarter of a second whoever
asks, an answer without a body (304) for as long as nothing has changed. An event stream would hold one of eight threads
for each page that is open, and would tell nothing sooner than the folders are looked at.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Mapping
from typing import Any

from dash import Dash
from flask import Flask, Response, request

from gt.run.read import Run
from gt.serve import announcements, context
from gt.serve.library import Library
from gt.serve.payloads import Live, LiveRun
from gt.serve.shelf import LOOK_S, is_live

LONGEST = 10**7  # epochs: what no number in an address goes beyond


def register(app: Dash) -> None:
    """Answer these questions beside the pages of an app."""
    server: Flask = app.server
    prefix = app.config.routes_pathname_prefix
    told = Told(server.config[context.KEY])
    server.add_url_rule(f"{prefix}live", "live", lambda: _live(told), methods=["GET"])
    server.add_url_rule(f"{prefix}grown", "grown", _grown, methods=["GET"])


def live(library: Library) -> Live:
    """Say which runs there are now.

    Args:
        library: Has the runs.
    """
    groups: tuple[tuple[Mapping[str, Run], Mapping[str, str], bool], ...] = (
        (library.runs, library.titles, False),
        (library.attacks(), library.attack_titles, True),
        ({run.name: run for run in library.waiting}, {}, False),
    )
    return {
        "runs": [
            _run(name, run, titles.get(name, run.title), attack=attack)
            for runs, titles, attack in groups
            for name, run in runs.items()
        ]
    }


class Told:
    """What was told last, and under which tag: many pages that ask at once make one answer.

    Args:
        library: Has the runs.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._at = float("-inf")
        self._last = ("", "")

    def now(self) -> tuple[str, str]:
        """What there is now as JSON, as it was up to `gt.serve.shelf.LOOK_S` ago; and its tag."""
        if time.monotonic() - self._at >= LOOK_S and self._lock.acquire(blocking=not self._last[0]):
            try:
                text = json.dumps(live(self._library), separators=(",", ":"))
                self._last = text, hashlib.sha256(text.encode()).hexdigest()[:32]
                self._at = time.monotonic()
            finally:
                self._lock.release()
        return self._last


def _live(told: Told) -> Response:
    text, tag = told.now()
    answer = Response(text, mimetype="application/json", headers={"Cache-Control": "no-cache"})
    answer.set_etag(tag, weak=True)  # it may be compressed
    return answer.make_conditional(request)  # type: ignore[return-value]


def _grown() -> Response:
    library = context.library()
    asked = request.args
    try:
        have = asked.get("have", "")
        if not (have.isascii() and have.isdigit() and int(have[:9]) < LONGEST):
            raise KeyError("have must say how many epochs are there already, as a whole number")
        said: Any = announcements.announce_growth(
            library, asked.get("run", ""), asked.get("uid", ""), asked.get("layer", ""), int(have)
        )
    except (KeyError, ValueError, OSError) as error:
        status = 404 if isinstance(error, KeyError) else 422
        return Response(f"{library.said(error)}\n", status, mimetype="text/plain")
    return Response(
        json.dumps(said), mimetype="application/json", headers={"Cache-Control": "no-store"}
    )


def _run(name: str, run: Run, title: str, *, attack: bool) -> LiveRun:
    return {
        "name": name,
        "title": title,
        "uid": run.uid,
        "epochs": len(run.epochs),
        "last": int(run.epochs[-1]) if len(run.epochs) else None,
        "live": is_live(run),
        "attack": attack,
    }
