"""Addresses of pages of the app, wherever it is served; where there is no app, as a page in a file has them."""

from __future__ import annotations

import dash


def href(path: str) -> str:
    """The address of a page.

    Args:
        path: Begins with a slash.
    """
    try:
        return str(dash.get_relative_path(path))
    except AttributeError:  # no app has been made in this process
        return path.removeprefix("/")
