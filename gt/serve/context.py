"""What a request can reach: the library of the app that answers it."""

from __future__ import annotations

import flask

from gt.serve.library import Library

KEY = "GT_LIBRARY"


def library() -> Library:
    """The runs of the app in whose request this is called."""
    return flask.current_app.config[KEY]


def may_write() -> bool:
    """Whether something may be written for a reader; outside of any request there is nobody to forbid it."""
    return not (flask.has_app_context() and library().read_only)
