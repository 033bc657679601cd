"""How much a server keeps in memory: what is kept has a limit in bytes, and what is let go goes back to the system.

A server runs for weeks and has whatever runs its owner made: a cache that counts entries keeps as much as the
largest of them take.
"""

from __future__ import annotations

import ctypes
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

Value = TypeVar("Value")

#: for diskcache: it maps 64 MB of its file into memory, and keeps 32 MB of pages, once a thread unless told otherwise
FRUGAL = {"sqlite_mmap_size": 0, "sqlite_cache_size": 512}  # bytes, and pages of 4 KB

_MMAP_THRESHOLD, _ARENA_MAX, _TRIM_THRESHOLD = -3, -8, -1  # of glibc's malloc.h
LARGE_BYTES = 256 * 2**10  # from here on an array has memory of its own, which goes back as it does
ARENAS = 2  # heaps among which threads share the rest; eight threads have eight otherwise


class Held(Generic[Value]):
    """What was asked for last, up to a number of bytes; safe among threads.

    The last one is held whatever it takes. Two threads that ask for the same may both make it. (cachetools' LRUCache
    refuses what is larger than all its room, and is not safe among threads: with it this would be as long.)

    Args:
        limit: Bytes of all together.
        size: Says how many bytes one takes.
    """

    def __init__(self, limit: int, size: Callable[[Value], int]) -> None:
        self.limit, self._size = limit, size
        self._kept: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()
        self.used = 0

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """What is held under a key, or what ``make`` returns."""
        found = self.find(key)
        if found is None:
            found = make()
            self.put(key, found)
        return found

    def find(self, key: Hashable) -> Value | None:
        """What is held under a key, which counts as used now; None if nothing is."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: Hashable, value: Value) -> None:
        """Hold a value, in the place of one of its key; what was used least recently goes."""
        taken = self._size(value)
        with self._lock:
            self.used -= self._kept.pop(key, (value, 0))[1]
            self._kept[key] = value, taken
            self.used += taken
            while self.used > self.limit and len(self._kept) > 1:
                self.used -= self._kept.popitem(last=False)[1][1]

    def clear(self) -> None:
        """Hold nothing."""
        with self._lock:
            self._kept.clear()
            self.used = 0


def give_back() -> bool:
    """Have memory that is let go return to the system, where the C library can be told so.

    glibc gives large arrays memory of their own at first, but as soon as one has been let go it takes all up to
    that size from heaps that rarely shrink. Returns whether it was told.
    """
    try:
        tell = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library, another system
        return False
    told = {_MMAP_THRESHOLD: LARGE_BYTES, _TRIM_THRESHOLD: LARGE_BYTES, _ARENA_MAX: ARENAS}
    return all(tell(option, value) for option, value in told.items())
