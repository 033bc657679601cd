"""Several processes that answer at one address: gunicorn starts them, and another for one that dies.

Each is the server of `gt.serve.listen`, with its loop, so that slow and idle connections cost as little as with one;
gunicorn's own workers give each slow reader a thread. They share the cache, the list of computations and the folders of
runs. gunicorn is an extra, and does not run on Windows.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.base import Worker

from gt.serve import listen
from gt.serve.connections import GRACE_S

TIMEOUT_S = 60  # without a sign of life from its loop, after which a worker is replaced
AFTER_S = 5  # beyond GRACE_S, until gunicorn ends a worker that does not end


def run(make: Callable[[], Any], bound: socket.socket, workers: int, proxy: str | None) -> None:
    """Serve until told to end.

    Args:
        make: Makes the WSGI app; called in each worker, since threads and open files are no good to share.
        bound: What they listen on.
        workers: How many.
        proxy: As of `listen.create_server`.

    Raises:
        SystemExit: At the end, in this process and in those of the workers.
    """
    bound.set_inheritable(True)
    _Application(make, bound, workers, proxy).run()


class _Application(BaseApplication):
    """What gunicorn is told."""

    def __init__(
        self, make: Callable[[], Any], bound: socket.socket, workers: int, proxy: str | None
    ) -> None:
        self.make, self.proxy = make, proxy
        self._settings = {
            "bind": f"fd://{bound.fileno()}",
            "workers": workers,
            "worker_class": _Worker,
            "timeout": TIMEOUT_S,
            "graceful_timeout": int(GRACE_S) + AFTER_S,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        """Set what is not as usual."""
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the app of one worker."""
        return self.make()


class _Worker(Worker):
    """One of them."""

    def run(self) -> None:
        """Answer until told to end, or until nobody is left to tell."""
        sockets = [socket.socket(fileno=os.dup(one.fileno())) for one in self.sockets]
        server = listen.create_server(self.wsgi, "", 0, sockets=sockets, proxy=self.app.proxy)
        while self.alive and self.ppid == os.getppid():
            self.notify()
            server.look()
        server.finish(GRACE_S)
        server.close()
