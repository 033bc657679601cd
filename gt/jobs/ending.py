"""How the server ends when the system, or who started it, asks it to."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from typing import Any


def end_on_sigterm(end: Callable[[], object] = sys.exit) -> None:
    """End on SIGTERM as on Ctrl-C: answer what was asked, end what is being computed, exit with 0.

    Without this Python stops where it is, and nothing is cleared up. In another thread than the first
    nothing is done, since only that one can be told of signals.

    Args:
        end: Ends the process, or sees to it that it ends soon. A second SIGTERM does not wait.
    """

    def told(*_: Any) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        end()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, told)
