"""``/docs/search.json``: all words of the documentation, for the search in the browser.

Asked for when a reader turns to the search, and not before; its digest is its ETag, so that it comes once.
"""

from __future__ import annotations

import hashlib
import json

from dash import Dash
from flask import Flask, Response, request

from gt.docs import sections
from gt.serve import plotly


def register(app: Dash) -> None:
    """Serve the sections beside the pages of an app."""
    server: Flask = app.server
    prefix = app.config.routes_pathname_prefix
    server.add_url_rule(f"{prefix}docs/search.json", "docs_search", _sections, methods=["GET"])
    server.after_request(plotly.not_ahead(f"{prefix}docs"))


def _sections() -> Response:
    text = json.dumps(sections(), ensure_ascii=False, separators=(",", ":"))
    answer = Response(text, mimetype="application/json")
    answer.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    answer.headers["Cache-Control"] = "no-cache"
    answer.make_conditional(request)
    return answer
