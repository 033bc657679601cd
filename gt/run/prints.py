"""Digests of stored files, kept by what the file system says of each: a file that has not changed is read once.

A run that grows is opened anew with every epoch, so they outlive the run that asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from gt.cache.memory import Held

HELD_BYTES = 8 * 2**20  # of digests: some 20,000 files
ENTRY_BYTES = 400  # what one takes: a path, four numbers, 64 digits

Stamp = tuple[int, int, int]

_FILES: Held[tuple[Stamp, str]] = Held(HELD_BYTES, lambda _: ENTRY_BYTES)
_WHOLE: Held[tuple[tuple[Stamp, ...], str]] = Held(
    HELD_BYTES, lambda one: ENTRY_BYTES + 160 * len(one[0])
)


def stamp(file: Path) -> Stamp:
    """When a file was written (ns), how large it is (bytes), and which it is.

    Raises:
        OSError: If it is not there.
    """
    found = file.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino


def of_files(files: Sequence[Path]) -> str:
    """SHA-256 over the digests of some files, in their order, in hexadecimal.

    Raises:
        OSError: If one cannot be read.
    """
    digest = hashlib.sha256()
    for file in files:
        now = stamp(file)
        kept = _FILES.find(file)
        if kept is None or kept[0] != now:
            kept = now, hashlib.sha256(file.read_bytes()).hexdigest()
            _FILES.put(file, kept)
        digest.update(kept[1].encode())
    return digest.hexdigest()


def of_bytes(head: str, files: Sequence[Path]) -> str:
    """SHA-256 of a text and, behind it, the bytes of some files, in hexadecimal.

    Raises:
        OSError: If one cannot be read.
    """
    now = tuple(stamp(file) for file in files)
    key = head, files[0] if files else None, len(files)
    kept = _WHOLE.find(key)
    if kept is None or kept[0] != now:  # a layer can be gigabytes, and forms ask often
        digest = hashlib.sha256(head.encode())
        for file in files:
            digest.update(file.read_bytes())
        kept = now, digest.hexdigest()
        _WHOLE.put(key, kept)
    return kept[1]
