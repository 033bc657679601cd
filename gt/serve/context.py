"""What a request can reach: the library of the app that answers it."""

from __future__ import annotations

from typing import Any

import flask

from gt.run import Run
from gt.serve.library import Library

KEY = "GT_LIBRARY"


def library() -> Library:
    """The runs of the app in whose request this is called."""
    return flask.current_app.config[KEY]


def trained(name: Any) -> Run | None:
    """The training of a name; None if there is none, or what a browser sent is no name."""
    return library().runs.get(name) if isinstance(name, str) else None
