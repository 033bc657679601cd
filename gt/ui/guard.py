"""No page is an error: where one cannot be made, it says so, and the way to the others stays open."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Mapping
from typing import Any

from dash import html

from gt.serve import context

log = logging.getLogger(__name__)
Layout = Callable[..., html.Main]


def guarded(layout: Layout) -> Layout:
    """Wrap a page's layout: whatever goes wrong in it is logged in full, and told in a sentence.

    What is expected to go wrong with a run is told by the page itself, beside what it can still show. This is for the
    rest: a folder that vanishes while it is read, damage that nobody thought of.
    """

    @functools.wraps(layout)
    def shown(**asked: Any) -> html.Main:
        try:
            return _anew(layout(**asked), asked)
        except Exception as error:  # which, let through, would be an error 500 and an empty page
            log.exception("the page %s cannot be made", layout.__module__)
            return _sorry(context.library().said(error))

    return shown


def _anew(page: html.Main, asked: Mapping[str, Any]) -> html.Main:
    """Have a page made anew where a story goes from one view of it to another, which its address says."""
    if "story" in asked:
        said = "&".join(f"{name}={value}" for name, value in sorted(asked.items()))
        page.key = f"{getattr(page, 'key', '')}?{said}"  # type: ignore[attr-defined]  # Dash's classes name no props
    return page


def _sorry(reason: str) -> html.Main:
    return html.Main(
        [
            html.H1("This page cannot be shown"),
            html.P(reason or "What is wrong is in the log of the server.", role="alert"),
            html.P("The other pages are there; the overview lists what is damaged."),
        ],
        className="gt-empty",
    )
