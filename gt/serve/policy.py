"""The headers of every answer: what a page of ours may do in a browser, and who may use what is served.

The policy for pages names what the app really needs, and nothing else:

- Scripts are files of this server. Four are inline, each allowed by its digest: the theme and the map of the modules
  (see `gt.ui.theme`), and two of Dash's. None is compiled from text, for which plotly.js comes in its strict build (see
  `gt.serve.plotly`).
- Styles may be inline: plotly.js sets ``style`` attributes on the SVG that it draws and adds a style sheet, and so do
  Dash's components. A style cannot run anything, and everything it could fetch is of this server.
- Pictures are ``data:`` (icons, plotly's own) and ``blob:`` (what is saved as PNG) besides files.
- Nothing is fetched from elsewhere, framed, embedded or sent to elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

ALWAYS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]
#: ignored, with a complaint in the browser's console, unless the address is https or of the same machine
OPENER = ("Cross-Origin-Opener-Policy", "same-origin")


def digest(script: str) -> str:
    """What allows one inline script."""
    raw = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(raw).decode()}'"


def for_pages(scripts: Iterable[str], frames: Iterable[str]) -> str:
    """The content security policy of HTML.

    Args:
        scripts: What allows each inline script, see `digest`.
        frames: Origins that may show it inside, besides its own.
    """
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *scripts]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            _ancestors(frames),
        ]
    )


def for_files(frames: Iterable[str]) -> str:
    """The policy of all else, which is never a page: opened by itself it may do nothing."""
    return f"default-src 'none'; sandbox; {_ancestors(frames)}"


def _ancestors(frames: Iterable[str]) -> str:
    return " ".join(["frame-ancestors 'self'", *frames])
