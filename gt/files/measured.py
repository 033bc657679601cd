"""How much room a folder takes, and when something in it was written last."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from stat import S_ISDIR


def size_and_time(path: Path) -> tuple[int, float]:
    """The bytes of all files of a folder, and the newest time of anything in it.

    Files that are one and the same (hard links) count once; links to elsewhere are not followed. What others take away
    meanwhile is passed over.

    Args:
        path: A folder; a link to one is followed.

    Returns:
        Bytes, and seconds since 1970; 0 and 0 where nothing is there.
    """
    seen: set[tuple[int, int]] = set()
    size, newest = 0, 0.0
    todo: list[str] = [os.fspath(path)]
    with contextlib.suppress(OSError):
        newest = path.stat().st_mtime
    while todo:
        with contextlib.suppress(OSError), os.scandir(todo.pop()) as entries:
            for one in entries:
                try:
                    found = one.stat(follow_symlinks=False)
                except OSError:
                    continue
                newest = max(newest, found.st_mtime)
                if S_ISDIR(found.st_mode):
                    todo.append(one.path)
                elif (found.st_dev, found.st_ino) not in seen:
                    seen.add((found.st_dev, found.st_ino))
                    size += found.st_size
    return size, newest
