"""What a request can reach: the library of the app that answers it."""

from __future__ import annotations

import flask

from gt.serve.library import Library

KEY = "GT_LIBRARY"


def library() -> Library:
    """The runs of the app in whose request this is called."""
    return flask.current_app.config[KEY]
