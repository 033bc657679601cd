"""The browser's modules at addresses that change when they do, so that a browser that has them asks for none again.

Modules import each other by plain names (``/assets/js/core/dom.mjs``); there they would be asked for with every page,
hundreds of requests before the first of the page's own. An import map sends each of these names to a folder that bears
the modules' version, where files are kept for good, and the one with which all begins to the whole of them in one file
(:mod:`gt.serve.bundle`). Browsers without import maps go on with the plain names, and so does who works on them
(``--debug``), who has them one by one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dash import Dash
from flask import Response, abort, send_from_directory

from gt.dashboard import ASSETS
from gt.serve.bundle import Bundle
from gt.serve.tensors import FOR_GOOD

_FOLDER = "modules"
_MAIN = "js/main.mjs"  # with which all begins
_WHOLE = "all.mjs"  # with what it needs
_seen: dict[Path, Modules] = {}  # as they were when a folder was last looked at


@dataclass(frozen=True)
class Modules:
    """The modules in a folder of served files, at one time.

    Attributes:
        stamps: Size in bytes and time of the last change in ns of each, by its name in the folder.
        version: 16 hexadecimal digits that stand for what is in all of them.
    """

    stamps: Mapping[str, tuple[int, int]]
    version: str

    def addresses(self, prefix: str, one_by_one: bool) -> list[str]:
        """Where what the pages need is, under the prefix of the app, which ends in a slash: all in one, or each."""
        if not one_by_one:
            return [self.whole(prefix)]
        ours = (  # others come if need be, or are for files alone
            name
            for name in self.stamps
            if name.startswith("js/") and not name.startswith("js/alone/")
        )
        return [f"{self._folder(prefix)}{name}" for name in ours]

    def whole(self, prefix: str) -> str:
        """Where all is that the pages need, in one."""
        return f"{self._folder(prefix)}{_WHOLE}"

    def import_map(self, prefix: str, one_by_one: bool) -> str:
        """What tells a browser of these addresses: the text of a script of type ``importmap``."""
        found = {f"{prefix}assets/js/": f"{self._folder(prefix)}js/"}
        if not one_by_one:
            found[f"{prefix}assets/{_MAIN}"] = self.whole(prefix)
        return json.dumps({"imports": found})

    def _folder(self, prefix: str) -> str:
        return f"{prefix}{_FOLDER}/{self.version}/"


def register(app: Dash) -> None:
    """Serve the modules under their version beside the pages of an app."""

    def answer(asked: str, name: str) -> Response:
        if not name.endswith(".mjs"):
            abort(404)
        whole = name == _WHOLE
        found = _whole(asked) if whole else send_from_directory(ASSETS, name)
        # of another version there are only the files of today
        found.headers["Cache-Control"] = (
            FOR_GOOD if _is_of(asked, "" if whole else name) else "no-cache"
        )
        return found

    address = f"{app.config.routes_pathname_prefix}{_FOLDER}/<asked>/<path:name>"
    app.server.add_url_rule(address, "modules", answer)


def look(assets: Path = ASSETS) -> Modules:
    """The modules in a folder of served files, as they are now."""
    paths = sorted(path for folder in ("js", "vendor") for path in (assets / folder).rglob("*.mjs"))
    stamps = {path.relative_to(assets).as_posix(): _stamp(path) for path in paths}
    known = _seen.get(assets)
    if known is None or known.stamps != stamps:
        known = _seen[assets] = Modules(stamps, _digest(assets, stamps))
    return known


def seen(assets: Path = ASSETS) -> Modules:
    """The same as they were when they were last looked at, with every page."""
    return _seen.get(assets) or look(assets)


def _whole(asked: str) -> Response:
    now = seen() if seen().version == asked else look()
    return Response(_bundle(now.version), mimetype="text/javascript")


@lru_cache(maxsize=1)
def _bundle(version: str) -> bytes:
    """The modules as they are now, which their version stands for, in one that exports what ``main.mjs`` does."""
    made = Bundle(ASSETS / "js", later=lambda file: f"./{file.relative_to(ASSETS).as_posix()}")
    name = made.add(_MAIN.removeprefix("js/"))
    return f"{made.text}\nexport const {{ {', '.join(made.exports(name))} }} = {name};\n".encode()


def _is_of(version: str, name: str) -> bool:
    """Whether a file that is there is that of a version, or all are where no name is given."""
    known = seen()
    if known.version != version:
        known = look()  # another process may have sent the page
    if known.version != version or not name:
        return known.version == version
    return known.stamps.get(name) == _stamp(ASSETS / name)


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _digest(assets: Path, names: Mapping[str, object]) -> str:
    found = hashlib.sha256()
    for name in names:
        found.update(name.encode() + b"\0" + (assets / name).read_bytes() + b"\0")
    return found.hexdigest()[:16]
