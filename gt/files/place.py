"""Where runs may be: folders of this machine, and no addresses.

``s3://bucket/run`` is a valid name of a folder, ``s3:`` with ``bucket`` in it, and whoever records
there on a machine that is thrown away afterwards has lost the recording.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from gt.errors import RunError

# A scheme as in RFC 3986, of two letters or more: one letter is a drive of Windows. pathlib makes
# one slash of two (or none), and Windows' turns them round. fsspec chains schemes with "::".
ADDRESS = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.\-]+::)*([A-Za-z][A-Za-z0-9+.\-]+):(?:[/\\]|$)")


def local(path: str | os.PathLike[str], where: str) -> Path:
    """A path as given, if it is one of this machine.

    Args:
        path: What a user gave.
        where: Who asks; it begins the error.

    Raises:
        RunError: If it is an address, or nothing that can name a folder.
    """
    text = os.fspath(path)
    if not isinstance(text, str) or not text or "\0" in text:
        raise RunError(f"{where}: a path must be text without NUL, got {text!r}")
    if found := ADDRESS.match(text):
        raise RunError(
            f"{where}: {text} must be a folder of this machine, {found[1]}:// is an address; write"
            " to a folder and copy it there, or fetch it first"
        )
    return Path(text)


def all_local(paths: str, where: str) -> list[Path]:
    """The paths of a list with ``os.pathsep`` between, as in an environment variable.

    Raises:
        RunError: If one is an address.
    """
    return [local(path, where) for path in _parts(paths)]


def _parts(paths: str) -> list[str]:
    """Split at ``:``, but not within an address, so that it can be named."""
    return [part for part in re.split(re.escape(os.pathsep) + r"(?![/\\]{2})", paths) if part]
