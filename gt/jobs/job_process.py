"""The process of one computation, and how it ends: by itself, when it is cancelled, or with the server.

The server may be killed at any moment, and then nobody is left to end what it started. So each computation holds the
reading end of a pipe whose other end is the server's alone: the system closes that when the server ends, however it
does. On Linux the system itself then sends a signal to the computation and all that it started, even if
it is deep in a library that lets no other thread run; elsewhere a thread waits for the same.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from typing import Any

import psutil

NICE = 5  # processes that compute let the server answer first


def run(job_fn: Any, *args: Any) -> None:
    """What the process runs."""
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this too
    if hasattr(os, "nice"):
        os.nice(NICE)
    os.umask(0o077)  # what it writes lies beside the cache, for its owner alone
    job_fn(*args)


def end_with_parent() -> None:
    """Have this process, and all that it starts from now on, end when the process that started it does."""
    from multiprocess import connection, parent_process

    parent = parent_process()
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)  # what it starts belongs to its group, and is ended as one
        _signal_at_end(parent.sentinel)

    def watch() -> None:
        connection.wait([parent.sentinel])
        end()

    threading.Thread(target=watch, daemon=True, name="end with the server").start()
    if connection.wait([parent.sentinel], timeout=0):  # it ended before anybody watched
        end()


def end() -> None:
    """End this process and all that it started, at once."""
    kill(psutil.Process())


def kill(process: psutil.Process) -> None:
    """End a process and all that it started, at once."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for one in process.children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError):  # it leads no group yet
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()


def _signal_at_end(pipe: int) -> None:
    """Let the system signal this group, which ends it, when the other end of a pipe is closed."""
    import fcntl

    if not hasattr(os, "O_ASYNC"):
        return
    with contextlib.suppress(OSError):  # a system that does not know this for pipes has the thread
        fcntl.fcntl(pipe, fcntl.F_SETOWN, -os.getpgid(0))
        flags = fcntl.fcntl(pipe, fcntl.F_GETFL)
        fcntl.fcntl(pipe, fcntl.F_SETFL, flags | os.O_ASYNC)
