"""The dashboard in a browser of its own accord: only where somebody would see it."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import webbrowser
from collections.abc import Mapping

from gt.serve import hosts


def is_seen(
    host: str,
    environment: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
    terminal: bool | None = None,
) -> bool:
    """Whether a browser that is opened now is seen by whoever started the server.

    Not by a script or a service, which have no terminal; not on a machine without a screen, or on one that was reached
    by SSH, whose screen is elsewhere, unless ``BROWSER`` says what to do there. A server that listens for others is
    for others.

    Args:
        host: That the server listens on.
        environment: Of this process.
        platform: As ``sys.platform`` says it.
        terminal: Whether standard output is one; looked up when None.
    """
    if not (sys.stdout.isatty() if terminal is None else terminal) or not hosts.is_loopback(host):
        return False
    if environment.get("BROWSER"):
        return True
    if environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"):
        return False
    screens = ("DISPLAY", "WAYLAND_DISPLAY")
    return platform in ("win32", "darwin") or any(environment.get(name) for name in screens)


def open_soon(address: str) -> threading.Thread:
    """Open an address beside whatever goes on: a browser may take its time to start, or fill its terminal.

    Args:
        address: With the token, if one is asked for.
    """

    def opened() -> None:
        with contextlib.suppress(webbrowser.Error):  # the address is printed, too
            webbrowser.open(address)

    thread = threading.Thread(target=opened, name="open a browser", daemon=True)
    thread.start()
    return thread
