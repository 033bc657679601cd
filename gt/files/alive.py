"""Whether a process that left its name somewhere is still at work.

A number alone does not say it: numbers come again, and a process that was killed keeps its own until its parent
has looked. So a process is named by its number and by when it began.
"""

from __future__ import annotations

import os

import psutil

SAME_S = 2.0  # two processes may reckon the start of a third this far apart: each by its own look at the clock


def named(pid: int | None = None) -> tuple[int, float]:
    """Number and beginning (seconds since 1970) of a process; of this one when None.

    Raises:
        psutil.NoSuchProcess: If there is none of this number.
    """
    process = psutil.Process(pid if pid is not None else os.getpid())
    return process.pid, process.create_time()


def found(pid: int, began: float | None = None) -> psutil.Process | None:
    """The process of this name, if it is still at work; None if it ended, also if nobody has taken note of that.

    Args:
        pid: Its number.
        began: When it began, as `named` said; None: whenever.
    """
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        if began is not None and abs(process.create_time() - began) > SAME_S:
            return None
    except (psutil.NoSuchProcess, ValueError, OverflowError):
        return None
    except psutil.AccessDenied:  # somebody else's, but there
        return psutil.Process(pid)
    return process
