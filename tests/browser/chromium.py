"""A headless Chromium with software GL, and a tiny server for pages that need no app."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlparse

from gt.serve import plotly

ROOT = Path(__file__).resolve().parents[2]
#: the very file that Dash serves
PLOTLY_JS = plotly.FILE
ARGS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing",  # WebGL alone needs software GL; pages put together by it have a fifth of the frames
    "--in-process-gpu",
    "--process-per-site",  # what one page has compiled another need not
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--force-device-scale-factor=1",
]


#: the shell is the same Chromium without windows, which nobody sees here: a page takes a fifth less of the processor
NAMES = ("chromium-headless-shell", "chromium", "google-chrome")


def executable() -> str | None:
    """Return the browser's path: ``GT_CHROMIUM``, or the system's Chromium, or None."""
    told = os.environ.get("GT_CHROMIUM")
    return told or next(filter(None, map(shutil.which, NAMES)), None)


class _Handler(SimpleHTTPRequestHandler):
    extensions_map: ClassVar = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
    }

    def translate_path(self, path: str) -> str:
        if urlparse(path).path == "/plotly.min.js":
            return str(PLOTLY_JS)
        return super().translate_path(path)

    def do_GET(self) -> None:
        if urlparse(self.path).path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
            return
        super().do_GET()

    def end_headers(self) -> None:
        # isolated, the page's clock ticks every 5 µs, else every 100 µs
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def served(root: Path = ROOT) -> Iterator[str]:
    """Serve ``root`` and plotly.min.js on a free local port; yields the address."""
    handler = functools.partial(_Handler, directory=str(root))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
