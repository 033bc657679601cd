"""Another title for a run: what people call it. Its folder, by which links and programs find it, stays."""

from __future__ import annotations

import json
from pathlib import Path

from gt.errors import NotWrittenError, RunError, TruncatedRunError
from gt.files import durable
from gt.files.lock import Lock
from gt.run import disk, saying
from gt.run.begin import LOCK


def plain_title(text: str) -> str:
    """A title as it is kept: one line, without spaces at its ends.

    Args:
        text: As it was typed.

    Raises:
        RunError: If nothing is left, or it is too long to be shown.
    """
    title = " ".join(saying.text(text, "rename: the title").split())
    if not title:
        raise RunError("a title must have a letter at least, nothing came", by="rename")
    return saying.name(title, "rename: the title")


def retitle(path: Path, title: str) -> str:
    """Give a run another title, unless somebody writes it: a recorder would write its own again.

    Args:
        path: Its folder.
        title: The new one.

    Returns:
        The title as it is kept, see `plain_title`.

    Raises:
        RunError: If it is no title, or what is there is no run.
        LockedRunError: If it is being recorded.
        NotWrittenError: If the folder cannot be written; the run is as it was.
    """
    said = plain_title(title)
    disk.read_attributes(path)  # it is a run
    try:
        lock = Lock(path / LOCK, f"rename: {path}")
        try:
            meta = path / "zarr.json"
            stored = disk.read_json(meta, "rename")
            if not isinstance(stored, dict) or not isinstance(stored.get("attributes"), dict):
                raise TruncatedRunError(f"rename: {meta} must have attributes; restore it")
            stored["attributes"]["title"] = said
            text = json.dumps(stored, indent=2)
            saying.check_size(text)
            durable.replace(meta, text.encode())
        finally:
            lock.release()
    except OSError as error:
        raise NotWrittenError(
            f"{path} must be a folder that can be written, it cannot be"
            f" ({error.strerror or error}); change its rights",
            by="rename",
        ) from error
    return said
