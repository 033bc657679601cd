"""The processor's cores that this process may use, and how many others want them."""

from __future__ import annotations

import os


def cores() -> int:
    """How many of the machine's cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def crowded() -> float:
    """How many times as long one more computation takes than it would alone; 1 where nothing tells that.

    By what ran or waited to run on all cores over the last minute, as if all of it shared those that may be used.
    """
    try:
        load = os.getloadavg()[0]
    except (AttributeError, OSError):  # Windows, and where there is no /proc
        return 1.0
    return max(1.0, (load + 1) / cores())
