"""The browser's modules at addresses that change when they do, so that a browser that has them asks for none again.

Modules import each other by plain names (``/assets/js/core/dom.mjs``); there they would be asked for with every page,
hundreds of requests before the first of the page's own. An import map sends each of these names to a folder that bears
the modules' version, where files are kept for good. Browsers without import maps go on with the plain names.
"""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path

from dash import Dash
from flask import Response, abort, send_from_directory

from gt.dashboard import ASSETS
from gt.serve.tensors import FOR_GOOD

_FOLDER = "modules"


def register(app: Dash) -> None:
    """Serve the modules under their version beside the pages of an app."""

    def answer(asked: str, name: str) -> Response:
        if not name.endswith(".mjs"):
            abort(404)
        found = send_from_directory(ASSETS, name)
        # of another version there are only the files of today
        found.headers["Cache-Control"] = FOR_GOOD if asked == version() else "no-cache"
        return found

    address = f"{app.config.routes_pathname_prefix}{_FOLDER}/<asked>/<path:name>"
    app.server.add_url_rule(address, "modules", answer)


def version(assets: Path = ASSETS) -> str:
    """16 hexadecimal digits that stand for all modules in a folder of served files: others as soon as one changes."""
    found = [(path, path.stat()) for path in _all(assets)]
    return _digest(assets, tuple((path, stat.st_size, stat.st_mtime_ns) for path, stat in found))


def addresses(prefix: str, assets: Path = ASSETS) -> list[str]:
    """Where each module of ours is, under the prefix of the app, which ends in a slash."""
    folder = _at(prefix, assets)
    found = (path.relative_to(assets).as_posix() for path in _all(assets))
    return [
        folder + name for name in found if name.startswith("js/")
    ]  # others are asked for if need be


def import_map(prefix: str, assets: Path = ASSETS) -> str:
    """What tells a browser of these addresses: the text of a script of type ``importmap``."""
    return json.dumps({"imports": {f"{prefix}assets/js/": f"{_at(prefix, assets)}js/"}})


def _at(prefix: str, assets: Path) -> str:
    return f"{prefix}{_FOLDER}/{version(assets)}/"


def _all(assets: Path) -> list[Path]:
    return sorted(path for folder in ("js", "vendor") for path in (assets / folder).rglob("*.mjs"))


@functools.lru_cache(maxsize=4)
def _digest(assets: Path, files: tuple[tuple[Path, int, int], ...]) -> str:
    found = hashlib.sha256()
    for path, _, _ in files:
        found.update(
            f"{path.relative_to(assets).as_posix()}\0".encode() + path.read_bytes() + b"\0"
        )
    return found.hexdigest()[:16]
