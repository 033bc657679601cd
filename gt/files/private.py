"""Folders and files that only their owner can look into: what is computed from somebody's runs is theirs."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

FOLDER, FILE = 0o700, 0o600


def private_folder(path: Path) -> Path:
    """Make a folder for its owner alone, whatever the umask; one of ours that is there becomes one.

    Its parent, where it is missing, is made likewise; what is further up as the system has it.

    Raises:
        OSError: If it cannot be made.
    """
    if not path.parent.exists():
        path.parent.parent.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(mode=FOLDER, exist_ok=True)
        path.parent.chmod(FOLDER)
    path.mkdir(mode=FOLDER, exist_ok=True)
    _only_mine(path, FOLDER)
    return path


def private_files(folder: Path, pattern: str) -> None:
    """Take the rights of others from the files of a folder; what is gone by then, or another's, is passed over."""
    for file in folder.glob(pattern):
        with contextlib.suppress(OSError):
            _only_mine(file, FILE)


def _only_mine(path: Path, mode: int) -> None:
    if os.name == "posix" and path.stat().st_uid == os.geteuid():
        path.chmod(mode)
