"""Writing so that a power cut finds the old or the new: what was written is on the disk before a name says so."""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from pathlib import Path

NOT_FOR_FOLDERS = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)  # what file systems say that cannot


def flush(path: Path) -> None:
    """Wait until a file's bytes, or a folder's list of names, are on the disk.

    Raises:
        OSError: If the disk cannot keep them; then nothing may be said to be written.
    """
    if os.name == "nt" and path.is_dir():
        return  # NTFS keeps the order of names by itself, and folders cannot be opened there
    descriptor = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in NOT_FOR_FOLDERS or not path.is_dir():
            raise
    finally:
        os.close(descriptor)


def flush_tree(path: Path) -> None:
    """Wait until a file, or a folder with all that is in it, is on the disk."""
    if path.is_dir() and not path.is_symlink():
        for child in path.iterdir():
            flush_tree(child)
    if not path.is_symlink():
        flush(path)


def place(path: Path, content: bytes, *, sync: bool = True) -> None:
    """Put a file in its place, in one step, that nothing refers to yet.

    Args:
        path: Of the file; its parents are made.
        content: Of the file.
        sync: Whether it is on the disk when this returns.

    Raises:
        OSError: If it cannot be written; the place is as it was.
    """
    draft = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.partial")
    try:
        try:
            stream = draft.open("wb")
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            stream = draft.open("wb")
        with stream:
            stream.write(content)
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise
    if sync:
        flush(path)


def replace(path: Path, content: bytes, *, sync: bool = True) -> None:
    """Put a file in another's place in one step, which lasts when this returns.

    Args:
        path: Of the file.
        content: The new one.
        sync: False leaves it to the system when it gets to the disk.

    Raises:
        OSError: If it cannot be written; the old file is as it was.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        draft.write_bytes(content)
        if sync:
            flush(draft)
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):  # the error that is under way says what is wrong
            draft.unlink()
        raise
    if sync:
        flush(path.parent)
