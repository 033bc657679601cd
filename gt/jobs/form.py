"""What computing in the background looks like, whatever is computed: fields of a form, and a bar of progress."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from gt.errors import ToldError
from gt.ui.components.controls import BUTTON

log = logging.getLogger(__name__)

POLL_MS = 500  # between two questions of the browser
TOLD_S = 0.2  # between two reports of a computation
BUSY = "This tab is computing already; wait for it, or cancel it."
LONGEST = 500  # letters of a reason
#: folders before the name of a file or folder, on POSIX and Windows
PATH = re.compile(r"(?<![\w.:/\\])(?:[A-Za-z]:)?[/\\](?:[^\s/\\'\":,;]+[/\\])+([^\s/\\'\":,;]*)")
Report = Callable[[Sequence[Any]], None]


def progress(
    *, box: str, doing: str, percent: str, bar: str, cancel: str, cancel_title: str
) -> html.Div:
    """What is being done, how much of it is done, and a button that ends it; hidden at first.

    Args:
        box: Id of all of it.
        doing: Id of the words for what is being done.
        percent: Id of how much is done, in words.
        bar: Id of the same as a bar.
        cancel: Id of the button.
        cancel_title: Says what becomes of what was done.
    """
    return html.Div(
        [
            html.Div(
                [
                    html.Span("Starting", id=doing, className="gt-compute-doing"),
                    html.Span("", id=percent, className="gt-compute-percent"),
                ],
                className="gt-compute-said",
            ),
            dbc.Progress(id=bar, value=0, className="gt-compute-bar"),
            html.Button(
                "Cancel",
                id=cancel,
                type="button",
                className=f"{BUTTON} gt-compute-cancel",
                title=cancel_title,
            ),
        ],
        id=box,
        className="gt-compute-progress",
        hidden=True,
    )


def field(title: str, control: Any, hint: Any = None) -> html.Label:
    """A control with its name, and a line below it."""
    return html.Label(
        [html.Span(title), control, *([hint] if hint is not None else [])],
        className="gt-compute-field",
    )


def number(component_id: Any, value: str, *, whole: bool) -> dbc.Input:
    """A field of text: what is no number must reach the check, which says so."""
    return dbc.Input(
        id=component_id,
        value=value,
        type="text",
        size="sm",
        autocomplete="off",
        **({"inputmode": "numeric"} if whole else {}),
    )


def seldom(report: Callable[[int, int, str], None]) -> Callable[[int, int, str], None]:
    """Pass on what a computation tells of itself, the first word at once and no more than needs be seen."""
    last = 0.0

    def told(done: int, total: int, what: str) -> None:
        nonlocal last
        if time.monotonic() - last < TOLD_S and done:
            return
        last = time.monotonic()
        report(done, total, what)

    return told


def duration(seconds: float) -> str:
    """Seconds in words, as exactly as they matter."""
    if seconds < 1:
        return "less than a second"
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def reason(error: BaseException) -> str:
    """What an error says to a reader: one sentence, not too long."""
    if isinstance(error, OSError) and error.strerror:
        text = error.strerror  # its first argument is a number
    else:
        text = error.what if isinstance(error, ToldError) else str(error)
        text = text or type(error).__name__
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def explained(error: Exception, what: str) -> str:
    """What is told of an error that ended a computation; the log has all of it where it was not foreseen.

    Args:
        error: Whatever it was.
        what: Was computed, for the log.
    """
    if isinstance(error, MemoryError):
        log.exception("%s failed", what)
        return "memory was short."
    if not isinstance(error, (ValueError, OSError)):
        log.exception("%s failed", what)
        return f"nobody foresaw this ({type(error).__name__}); the log of the server says more."
    log.info("%s failed", what, exc_info=True)
    return placeless(reason(error))


def placeless(text: str) -> str:
    """A text without the folders of this machine: of a path its last name stays."""
    return PATH.sub(r"\1", text)
