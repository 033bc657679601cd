"""Writing so that a power cut finds the old or the new: what was written is on the disk before a name says so."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def sync(path: Path) -> None:
    """Wait until a file's bytes, or a folder's list of names, are on the disk.

    Raises:
        OSError: If the disk cannot keep them; then nothing may be said to be written.
    """
    if os.name == "nt" and path.is_dir():
        return  # NTFS keeps the order of names by itself, and folders cannot be opened there
    descriptor = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(path: Path) -> None:
    """Wait until a file, or a folder with all that is in it, is on the disk."""
    if path.is_dir() and not path.is_symlink():
        for child in path.iterdir():
            sync_tree(child)
    if not path.is_symlink():
        sync(path)


def replace(path: Path, content: bytes) -> None:
    """Put a file in another's place in one step, which lasts when this returns.

    Raises:
        OSError: If it cannot be written; the old file is as it was.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        draft.write_bytes(content)
        sync(draft)
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):  # the error that is under way says what is wrong
            draft.unlink()
        raise
    sync(path.parent)
