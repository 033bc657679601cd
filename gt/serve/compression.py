"""Pages, scripts and styles travel compressed; what never changes is compressed once.

plotly.js alone is 5.2 MB, a quarter of a second of brotli. Dash serves it, and all bundles of its
components, from memory under addresses that mean the same for as long as the server runs; our modules
are at one that means the same for good.
"""

from __future__ import annotations

from dash import Dash
from flask import Request
from flask_compress import Compress

from gt.serve import modules

MIMETYPES = [
    "text/html",
    "text/css",
    "text/plain",
    "text/javascript",
    "application/javascript",
    "application/json",
    "image/svg+xml",
]


def register(app: Dash) -> None:
    """Compress the answers of an app; tensors come compressed already and are left alone."""
    prefix = app.config.routes_pathname_prefix
    bundles = f"{prefix}_dash-component-suites/"

    def key(request: Request) -> str:
        kept = request.path.startswith(bundles) or request.path == modules.seen().whole(prefix)
        return request.path if kept else ""

    app.server.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,  # a tenth smaller than 4 and no slower on plotly.js
        COMPRESS_MIN_SIZE=1000,  # bytes; below, the headers weigh more than what is saved
        COMPRESS_MIMETYPES=MIMETYPES,
        COMPRESS_STREAMING_ENDPOINT_CONDITIONAL=["_dash_assets.static"],  # 304 for modules
        COMPRESS_CACHE_BACKEND=_Bundles,
        COMPRESS_CACHE_KEY=key,
    )
    Compress(app.server)


class _Bundles:
    """What Flask-Compress made of the bundles, by algorithm and path; nothing else is kept."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """The compressed bundle, if it was asked for before."""
        return self._kept.get(key)

    def set(self, key: str, value: bytes) -> None:
        """Keep a bundle; a key that ends in ``;`` names none."""
        if not key.endswith(";"):
            self._kept[key] = value
