"""plotly.js in its strict build, which compiles nothing from text, in the place of the one that Dash brings.

The usual build writes the functions that draw points as text and has the browser compile them, which only a policy with
``'unsafe-eval'`` allows. The strict build has them ready; it is the same release and draws the same, by the same means.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from dash import Dash
from flask import Response, request
from plotly.offline import get_plotlyjs_version

from gt.dashboard import ASSETS

FILE = ASSETS / "vendor" / "plotly-strict.min.js"
ADDRESS = (
    "_dash-component-suites/plotly/package_data/plotly.min.js"  # where Dash's graphs look for it
)
_AHEAD = re.compile(r'<script defer [^>]*src="[^"]*plotly[^"]*"></script>\n?')


def register(app: Dash) -> None:
    """Serve the strict build where the other would be.

    Raises:
        RuntimeError: If it is not of the release that the installed plotly speaks.
    """
    script = FILE.read_bytes()
    if f" v{get_plotlyjs_version()}\n".encode() not in script[:100]:
        raise RuntimeError(
            f"{FILE.name}: must be plotly.js {get_plotlyjs_version()}, like the plotly that is installed; came"
            f" {script[:60]!r}. Its README says where to get it"
        )
    etag = hashlib.sha256(script).hexdigest()[:32]

    def answer() -> Response:
        found = Response(FILE.read_bytes(), mimetype="text/javascript")
        found.set_etag(etag)
        found.headers["Cache-Control"] = "no-cache"
        found.make_conditional(request)
        return found

    app.server.add_url_rule(f"{app.config.routes_pathname_prefix}{ADDRESS}", "plotly", answer)


def not_ahead(page: str) -> Callable[[Response], Response]:
    """Let a page without graphs come without plotly.js, which runs ahead for the others.

    Args:
        page: Its address, and the beginning of those below it.

    Returns:
        What looks at every answer: it is a megabyte, and takes a while to run.
    """

    def strip(answer: Response) -> Response:
        of_page = request.path == page or request.path.startswith(f"{page}/")
        if of_page and answer.mimetype == "text/html":
            answer.set_data(_AHEAD.sub("", answer.get_data(as_text=True)))
        return answer

    return strip
