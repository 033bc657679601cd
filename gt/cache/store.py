"""The server's cache: tensors ready for the wire and announcements, shared by all workers.

diskcache underneath. What is kept is checked as it is read: tensors against their digest,
announcements against what the caller expects; anything damaged or foreign is made again, never
served. Where nothing can be kept (a full disk, a folder that is not to be written), it says so once
and serves from memory: a process then remembers where its tensors come from, and makes them again.
"""

from __future__ import annotations

import contextlib
import json
import logging
import math
import os
import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import diskcache
import platformdirs

from gt.cache import wire
from gt.cache.memory import FRUGAL, Held
from gt.files.place import local
from gt.files.private import FILE, private_files, private_folder

log = logging.getLogger(__name__)
LIMIT = "GT_CACHE_LIMIT"  # in the environment: SIZE_BYTES in GB, for the cache and again for what lies beside it
SIZE_BYTES = 2 * 2**30  # beyond this the least recently used entries go
MEMORY_BYTES = 32 * 2**20  # of tensors a process keeps at hand: three runs of ours take two thirds
POLICY = "least-recently-used"
UNKEPT_BYTES = 32 * 2**20  # of sources and announcements, where no disk keeps them
# what sqlite and the file system raise where nothing can be written, or another writes for a minute
UNWRITABLE = (OSError, sqlite3.OperationalError, diskcache.Timeout)


def default_folder() -> Path:
    """Where the cache lives: ``GT_CACHE_DIR``, or the user's cache folder."""
    named = os.environ.get("GT_CACHE_DIR")
    kept = platformdirs.user_cache_dir("nn-grand-tour")
    return local(named or kept, "GT_CACHE_DIR") / "tensors"


def size_limit() -> int:
    """How many bytes a cache may have: ``GT_CACHE_LIMIT`` in GB, or `SIZE_BYTES`.

    Raises:
        ValueError: If GT_CACHE_LIMIT is no number above 0.
    """
    named = os.environ.get(LIMIT)
    if not named:
        return SIZE_BYTES
    try:
        limit = float(named)
    except ValueError:
        limit = math.nan
    if not 0 < limit < math.inf:
        raise ValueError(
            f"{LIMIT}: must be a number of gigabytes above 0, “{named}” came; unset it for"
            f" {SIZE_BYTES / 2**30:g}"
        )
    return max(1, int(limit * 2**30))


def open_cache(folder: Path, kind: type[diskcache.Cache], **settings: Any) -> diskcache.Cache:
    """Open a diskcache for its owner alone.

    Args:
        folder: Where; made if need be.
        kind: `diskcache.Cache`, or a class of it.
        settings: Of the cache.

    Raises:
        OSError, sqlite3.OperationalError, diskcache.Timeout: If it cannot be made or written.
        sqlite3.DatabaseError: If it is damaged.
    """
    private_folder(folder)
    (folder / "cache.db").touch(mode=FILE)  # its journals have the rights that it has
    private_files(folder, "cache.db*")
    return kind(str(folder), **{**FRUGAL, **settings})


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

    def get(self, key: Any, raw: Any) -> Any:
        """Read a key; a pickle is refused."""
        if not raw:
            raise ValueError("a pickled key is not ours")
        return super().get(key, raw)

    def _write(self, full_path: str, iterator: Any, mode: str, encoding: Any = None) -> int:
        """Write a large value into a file of its own, for its owner alone; half of one is taken away."""
        try:
            size = super()._write(full_path, iterator, mode, encoding)
            os.chmod(full_path, FILE)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(full_path)
            raise
        return int(size)


class Store:
    """A cache in a folder.

    Args:
        folder: Where; ``default_folder()`` when None.
    """

    def __init__(self, folder: Path | str | None = None) -> None:
        self.folder = Path(folder) if folder is not None else default_folder()
        self._at_hand: Held[bytes] = Held(MEMORY_BYTES, len)  # checked already
        self._unkept: Held[bytes] = Held(UNKEPT_BYTES, len)
        self._batch = threading.local()  # .entries: what this thread puts together
        self._told = False
        self._cache: diskcache.Cache | None = None
        with self._written():
            self._cache = self._open()

    def beside(self, name: str) -> Path:
        """A folder beside the cache, made for its owner alone, where that can be."""
        folder = self.folder.parent / name
        with self._written():
            private_folder(folder)
        return folder

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
        self._set(key, wire.pack(text.encode()))
        return json.loads(text)

    def put_tensor(self, raw: bytes, source: dict[str, Any]) -> str:
        """Keep a tensor's bytes and where they came from; returns their digest."""
        digest = self.promise(raw, source)
        if not self._has(f"tensor/{digest}"):  # many pictures have the same outputs beside them
            packed = wire.pack(raw)
            if not self._set(f"tensor/{digest}", packed):
                self._at_hand.put(digest, packed)
        return digest

    def promise(self, raw: bytes, source: dict[str, Any]) -> str:
        """Like `put_tensor`, but keep only where the bytes came from; they are made when asked for."""
        digest = wire.digest(raw)
        self._set(f"source/{digest}", json.dumps(source).encode())
        return digest

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Write all that this thread puts meanwhile in one go, at the end; it cannot be got before."""
        if getattr(self._batch, "entries", None) is not None:  # part of a larger one
            yield
            return
        self._batch.entries = []
        try:
            yield
        finally:
            entries, self._batch.entries = self._batch.entries, None
        written = False
        with self._written():
            if self._cache is not None:
                with self._cache.transact():
                    for key, value in entries:
                        self._cache.set(key, value)
                self._cache.eviction_policy = POLICY
                written = True
        if not written:
            for key, value in entries:
                self._unkept.put(key, value)

    def tensor(self, digest: str, make: Callable[[dict[str, Any]], bytes]) -> bytes | None:
        """Packed bytes of a tensor that was put once; None if none was.

        Args:
            digest: As ``put_tensor`` returned it.
            make: Makes the bytes again from their source, for when they were evicted or damaged.
        """
        if packed := self._at_hand.find(digest):
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
        self._set(f"tensor/{digest}", packed)
        self._at_hand.put(digest, packed)
        return packed

    def at_hand(self, digest: str) -> bytes | None:
        """Packed bytes of a tensor that this process was asked for lately; never looks on disk."""
        return self._at_hand.find(digest)

    def kept(self) -> tuple[int, int]:
        """How many entries are on the disk, and the bytes that they take, the table of them included.

        Raises:
            OSError: If the cache cannot be opened.
        """
        there = self._there()
        return len(there), int(there.volume())

    def empty(self) -> None:
        """Take away all entries, of other processes too: each is made again when it is asked for.

        Raises:
            OSError: If the cache cannot be opened.
        """
        there = self._there()
        there.clear()
        there.check(fix=True)  # gives the room back to the system
        self._at_hand.clear()
        self._unkept.clear()

    def close(self) -> None:
        """Let go of the folder."""
        if self._cache is not None:
            self._cache.close()

    def _open(self) -> diskcache.Cache:
        settings = {
            "disk": PlainDisk,
            "size_limit": size_limit(),
            "eviction_policy": POLICY,
        }
        try:
            return open_cache(self.folder, diskcache.Cache, **settings)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # full, locked, or not to be written
                raise
            log.warning("cache %s is damaged and begun anew: %s", self.folder, error)
            for file in self.folder.glob("cache.db*"):
                file.unlink()
            return open_cache(self.folder, diskcache.Cache, **settings)

    def _there(self) -> diskcache.Cache:
        if self._cache is None:
            raise OSError(
                f"cache: {self.folder} must be a folder that can be written, it cannot be"
            )
        return self._cache

    def _get(self, key: str) -> Any:
        if (found := self._unkept.find(key)) is not None or self._cache is None:
            return found
        for _ in range(2):  # once more where only the note of when it was used could not be written
            try:
                return self._cache.get(key)
            except (sqlite3.OperationalError, diskcache.Timeout) as error:
                self._cannot_keep(error)
            except (OSError, ValueError, sqlite3.DatabaseError) as error:  # foreign, or damaged
                log.warning("cache entry %s cannot be read: %s", key, error)
                return None
        return None

    def _has(self, key: str) -> bool:
        try:
            return self._cache is not None and key in self._cache
        except (*UNWRITABLE, sqlite3.DatabaseError):
            return False

    def _set(self, key: str, value: bytes) -> bool:
        """Keep a value, on the disk or else, if it is small, in memory; whether the disk has it, or will have."""
        entries = getattr(self._batch, "entries", None)
        if entries is not None and not key.startswith("tensor/"):
            entries.append((key, value))
            return True
        with self._written():
            if self._cache is not None:
                self._cache.set(key, value)
                self._cache.eviction_policy = POLICY
                return True
        if not key.startswith("tensor/"):
            self._unkept.put(key, value)
        return False

    @contextlib.contextmanager
    def _written(self) -> Iterator[None]:
        """Go on where something cannot be written."""
        try:
            yield
        except (*UNWRITABLE, sqlite3.DatabaseError) as error:
            self._cannot_keep(error)

    def _cannot_keep(self, error: Exception) -> None:
        """Say once that nothing is kept, and go on without writing when entries were used."""
        if self._cache is not None:
            self._cache.eviction_policy = "none"
            with contextlib.suppress(sqlite3.Error):
                self._cache.close()  # of this thread: what it had begun is taken back
        if not self._told:
            self._told = True
            log.warning(
                "cache %s must be written, it cannot be (%s): the server goes on without keeping what it"
                " makes; free some space, or name another folder in GT_CACHE_DIR",
                self.folder,
                str(error) or type(error).__name__,
            )


def _is(packed: bytes, digest: str) -> bool:
    try:
        return wire.digest(wire.unpack(packed)) == digest
    except (OSError, EOFError, zlib.error):
        return False
