"""The access log: one line of JSON for each answer, in a file or on standard output.

A line says when, who asked by which address, for what, and what came of it, see `Line`. What stands behind a ``?`` is
left out: it may be the token, and it says what a reader looks at.
"""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import quote

from dash import Dash

from gt.files.private import FILE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STANDARD = "-"  # as the name of a file: standard output

log = logging.getLogger("gt")
Line = TypedDict(
    "Line",
    {
        "time": str,
        "from": str,
        "method": str,
        "path": str,
        "status": int,
        "bytes": int,
        "ms": float,
    },
)


def register(app: Dash, to: Path | str | None) -> None:
    """Log every answer of an app, with everything else registered.

    Args:
        app: The app.
        to: A file, or `STANDARD`; nothing is logged where None.

    Raises:
        OSError: If the file cannot be written.
    """
    if to is not None:
        app.server.wsgi_app = AccessLog(app.server.wsgi_app, Writer(to))


class Writer:
    """Writes lines, each in one piece, so that several workers may share a file.

    A file is opened anew when it was moved away, as logrotate does, and is for its owner alone.

    Args:
        to: A file, or `STANDARD`.

    Raises:
        OSError: If the file cannot be written.
    """

    def __init__(self, to: Path | str) -> None:
        self._handler: logging.Handler
        if str(to) == STANDARD:
            self._handler = logging.StreamHandler(sys.stdout)
        else:
            os.close(os.open(to, os.O_WRONLY | os.O_APPEND | os.O_CREAT, FILE))
            self._handler = _File(to, encoding="utf-8", delay=True)

    def __call__(self, line: Line) -> None:
        """Write a line."""
        self._handler.handle(logging.makeLogRecord({"msg": json.dumps(line)}))

    def close(self) -> None:
        """Let go of the file."""
        self._handler.close()


class _File(logging.handlers.WatchedFileHandler):
    """A file that may be full; that is said once."""

    told = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        try:
            super().emit(record)
        except OSError:  # it was to be opened anew
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Go on without the line."""
        if not self.told:
            self.told = True
            log.warning("the access log cannot be written (%s): lines are lost", sys.exc_info()[1])


class AccessLog:
    """A WSGI app around another.

    Args:
        app: Answers.
        write: Gets a line for each answer, once it is all on its way or has been broken off.
    """

    def __init__(self, app: WSGIApplication, write: Callable[[Line], None]) -> None:
        self._app, self._write = app, write

    def __call__(self, environ: WSGIEnvironment, respond: StartResponse) -> Iterable[bytes]:
        """Answer."""
        began, status = time.perf_counter(), "500"

        def told(said: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            nonlocal status
            status = said
            return respond(said, headers, *more)

        def write(sent: int) -> None:
            self._write(
                {
                    "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                    "from": environ.get("REMOTE_ADDR", ""),
                    "method": environ["REQUEST_METHOD"],
                    "path": quote(environ.get("PATH_INFO", ""), encoding="latin-1"),
                    "status": int(status[:3]),
                    "bytes": sent,
                    "ms": round((time.perf_counter() - began) * 1000, 1),
                }
            )

        try:
            return _Counted(self._app(environ, told), write)
        except BaseException:
            write(0)
            raise


class _Counted:
    """The pieces of an answer, counted."""

    def __init__(self, pieces: Iterable[bytes], over: Callable[[int], None]) -> None:
        self._pieces, self._over, self._sent = pieces, over, 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._sent += len(piece)
            yield piece

    def close(self) -> None:
        """The answer is over, whether all of it was sent or not."""
        try:
            if hasattr(self._pieces, "close"):
                self._pieces.close()
        finally:
            self._over(self._sent)
