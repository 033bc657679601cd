"""The server's cache: tensors ready for the wire and announcements, shared by all workers.

diskcache underneath. What is kept is checked as it is read: tensors against their digest,
announcements against what the caller expects; anything damaged or foreign is made again, never
served.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sqlite3
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import diskcache
import platformdirs

from gt.data import wire
from gt.data.memory import FRUGAL

log = logging.getLogger(__name__)
SIZE_BYTES = 2 * 2**30  # beyond this the least recently used entries go
MEMORY_BYTES = 32 * 2**20  # of tensors a process keeps at hand: three runs of ours take two thirds


def default_folder() -> Path:
    """Where the cache lives: ``GT_CACHE_DIR``, or the user's cache folder."""
    named = os.environ.get("GT_CACHE_DIR")
    return Path(named or platformdirs.user_cache_dir("nn-grand-tour")) / "tensors"


class PlainDisk(diskcache.Disk):
    """Stores bytes and text as they are; never pickles and, above all, never unpickles."""

    def store(self, value: Any, read: bool, key: Any = diskcache.UNKNOWN) -> Any:
        """Keep bytes or text; anything else is refused."""
        if not isinstance(value, (bytes, str)):
            raise TypeError(f"cache: an entry must be bytes or text, got {type(value).__name__}")
        return super().store(value, read, key=key)

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> Any:
        """Read what was kept; a pickle is refused."""
        if mode == diskcache.core.MODE_PICKLE:
            raise ValueError("a pickled entry is not ours")
        return super().fetch(mode, filename, value, read)


class Store:
    """A cache in a folder.

    Args:
        folder: Where; ``default_folder()`` when None.
    """

    def __init__(self, folder: Path | str | None = None) -> None:
        self.folder = Path(folder) if folder is not None else default_folder()
        try:
            self._cache = self._open()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # locked, or not to be written
                raise
            log.warning("cache %s is damaged and begun anew: %s", self.folder, error)
            for file in self.folder.glob("cache.db*"):
                file.unlink()
            self._cache = self._open()
        self._at_hand = _AtHand(MEMORY_BYTES)

    def json(self, key: str, make: Callable[[], Any], valid: Callable[[Any], bool]) -> Any:
        """What is kept under a key, or what ``make`` returns, kept from now on.

        Args:
            key: Of everything that the value depends on.
            make: Makes the value: anything JSON can hold.
            valid: Whether a value that was kept is what it should be.
        """
        kept = self._get(key)
        if isinstance(kept, bytes):
            try:
                found = json.loads(wire.unpack(kept))
                if valid(found):
                    return found
            except (OSError, EOFError, zlib.error, ValueError, TypeError) as error:
                log.warning("cache entry %s is damaged and made again: %s", key, error)
        text = json.dumps(make())
        self._cache.set(key, wire.pack(text.encode()))
        return json.loads(text)

    def put_tensor(self, raw: bytes, source: dict[str, Any]) -> str:
        """Keep a tensor's bytes and where they came from; returns their digest."""
        digest = wire.digest(raw)
        self._cache.set(f"source/{digest}", json.dumps(source).encode())
        if f"tensor/{digest}" not in self._cache:  # many pictures have the same outputs beside them
            self._cache.set(f"tensor/{digest}", wire.pack(raw))
        return digest

    def promise(self, raw: bytes, source: dict[str, Any]) -> str:
        """Like `put_tensor`, but keep only where the bytes came from; they are made when asked for."""
        digest = wire.digest(raw)
        self._cache.set(f"source/{digest}", json.dumps(source).encode())
        return digest

    def together(self) -> contextlib.AbstractContextManager[None]:
        """Write all that is put meanwhile in one go; others wait until it is done."""
        return self._cache.transact()

    def tensor(self, digest: str, make: Callable[[dict[str, Any]], bytes]) -> bytes | None:
        """Packed bytes of a tensor that was put once; None if none was.

        Args:
            digest: As ``put_tensor`` returned it.
            make: Makes the bytes again from their source, for when they were evicted or damaged.
        """
        if packed := self._at_hand.get(digest):
            return packed
        packed = self._get(f"tensor/{digest}")
        if isinstance(packed, bytes) and _is(packed, digest):
            self._at_hand.put(digest, packed)
            return packed
        source = self._get(f"source/{digest}")
        if not isinstance(source, bytes):
            return None
        try:
            raw = make(json.loads(source))
        except (KeyError, ValueError) as error:
            log.warning("tensor %s cannot be made again: %s", digest, error)
            return None
        if wire.digest(raw) != digest:
            return None
        packed = wire.pack(raw)
        self._cache.set(f"tensor/{digest}", packed)
        self._at_hand.put(digest, packed)
        return packed

    def at_hand(self, digest: str) -> bytes | None:
        """Packed bytes of a tensor that this process was asked for lately; never looks on disk."""
        return self._at_hand.get(digest)

    def close(self) -> None:
        """Let go of the folder."""
        self._cache.close()

    def _open(self) -> diskcache.Cache:
        return diskcache.Cache(
            str(self.folder),
            disk=PlainDisk,
            size_limit=SIZE_BYTES,
            eviction_policy="least-recently-used",
            **FRUGAL,
        )

    def _get(self, key: str) -> Any:
        try:
            return self._cache.get(key)
        except (OSError, ValueError, sqlite3.DatabaseError) as error:  # foreign, or damaged
            log.warning("cache entry %s cannot be read: %s", key, error)
            return None


def _is(packed: bytes, digest: str) -> bool:
    try:
        return wire.digest(wire.unpack(packed)) == digest
    except (OSError, EOFError, zlib.error):
        return False


class _AtHand:
    """The tensors asked for last, checked already, up to a number of bytes; safe among threads."""

    def __init__(self, limit: int) -> None:
        self._room = limit
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, digest: str) -> bytes | None:
        with self._lock:
            if digest in self._kept:
                self._kept.move_to_end(digest)
            return self._kept.get(digest)

    def put(self, digest: str, packed: bytes) -> None:
        with self._lock:
            self._room += len(self._kept.pop(digest, b""))
            self._kept[digest] = packed
            self._room -= len(packed)
            while self._room < 0:
                self._room += len(self._kept.popitem(last=False)[1])
