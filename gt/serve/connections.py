"""Waitress' server with a loop of its own: what waits costs nothing, and nobody who waits keeps a reader out.

Waitress asks each connection before each look whether it has something to do, which is a core's work once there are
thousands. Here the system is told once what is waited for (epoll, kqueue), and only a connection that something has
happened to is asked again. Where there are as many as there may be, those that have waited longest make room; waitress
would accept nobody until one of them is old enough. What a reader has not taken for so long, half-open sockets among
it, is let go, while an answer is being made too.
"""

from __future__ import annotations

import contextlib
import logging
import select
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Iterable
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

LOOK_S = 1.0  # the longest look, after which it is seen who has been idle for too long
FRESH_S = 1.0  # so long everybody may take for a request before another connection gets the place
ROOM = 16  # one of so many connections is closed where all are taken
GRACE_S = 20.0  # for what was asked before the server was told to end

log = logging.getLogger("gt")


class Server:
    """Listens, and answers until it is told to stop.

    Args:
        app: A WSGI app.
        adjustments: Waitress' own settings; it listens as soon as this returns.

    Raises:
        OSError: If it cannot listen there.
    """

    def __init__(self, app: Any, adjustments: Adjustments) -> None:
        self._looks = _Looks()
        self._dispatcher = ThreadedTaskDispatcher()
        self._doors: list[_Door] = []
        self._stopped, self._grace, self._over = False, GRACE_S, threading.Event()
        self._running, self._ending = False, threading.RLock()
        given: Iterable[Any] = adjustments.sockets or adjustments.listen
        try:
            for one in given:
                self._doors.append(_Door(self._looks, app, adjustments, self._dispatcher, one))
        except OSError:
            self._close()
            raise
        self._dispatcher.set_thread_count(adjustments.threads)

    @property
    def effective_port(self) -> int:
        """On which it listens."""
        return int(self._doors[0].effective_port)

    @property
    def connections(self) -> int:
        """How many are open."""
        return sum(len(door.active_channels) for door in self._doors)

    def run(self) -> None:
        """Answer until `stop` or Ctrl-C; what was asked before `stop` is answered, see `finish`."""
        self._running = True
        try:
            while not self._stopped:
                self.look()
            self.finish(self._grace)
        except (SystemExit, KeyboardInterrupt):
            pass
        finally:
            self._close()

    def look(self, seconds: float = LOOK_S) -> None:
        """Do what there is to do; wait so long if there is nothing."""
        self._looks.look(seconds)

    def stop(self) -> None:
        """End `run` once what was asked is answered; for signals and other threads."""
        self._stopped = True
        with self._ending:
            if not self._over.is_set():
                self._doors[0].pull_trigger()

    def close(self) -> None:
        """End at once, whoever waits for an answer; returns when it has."""
        self._grace = 0.0
        self.stop()
        if self._running:
            self._over.wait(5)
        else:
            self._close()

    def finish(self, seconds: float) -> None:
        """Take nobody else, and answer who has asked already, for so long at most."""
        until = time.monotonic() + seconds
        for door in self._doors:
            door.shut()
        self.look(0)  # what has arrived is read
        while (unanswered := self._dismiss()) and (left := until - time.monotonic()) > 0:
            self.look(min(left, LOOK_S))
        if unanswered:
            log.warning("%d answers were not finished within %g s", unanswered, seconds)

    def _dismiss(self) -> int:
        """Close the connections of all who have their answer, before they ask again; returns how many have not."""
        unanswered = 0
        for channel in [one for door in self._doors for one in door.active_channels.values()]:
            if self._looks.is_busy(channel) or channel.requests or channel.total_outbufs_len:
                unanswered += 1
            else:
                channel.handle_close()
        return unanswered

    def _close(self) -> None:
        if self._over.is_set():
            return
        for channel in [one for door in self._doors for one in door.active_channels.values()]:
            channel.handle_close()  # a thread that writes to it is told
        self._dispatcher.shutdown(timeout=1)
        with self._ending:
            for door in self._doors:
                door.close()
            self._looks.close()
            self._over.set()


class _Looks:
    """What the system is told to watch, and who must be asked what that is."""

    def __init__(self) -> None:
        self.map: dict[int | None, Any] = {}  # waitress' own, of all that is open
        self.always: list[Any] = []  # the few that are asked before every look
        self._selector = selectors.DefaultSelector()
        self._watched: dict[int, int] = {}
        self._again: deque[Any] = deque()
        self._busy: set[Any] = set()
        self._lock = threading.Lock()  # of busy

    def again(self, one: Any) -> None:
        """Ask one before the next look, whichever thread says so."""
        self._again.append(one)

    @contextlib.contextmanager
    def busy(self, one: Any) -> Any:
        """Ask one before every look meanwhile, and once afterwards."""
        with self._lock:
            self._busy.add(one)
        try:
            yield
        finally:
            self.again(one)
            with self._lock:
                self._busy.discard(one)

    def is_busy(self, one: Any) -> bool:
        """Whether an answer is being made."""
        with self._lock:
            return one in self._busy

    def forget(self, number: int) -> None:
        """A file is about to be closed."""
        if self._watched.pop(number, 0):
            self._selector.unregister(number)

    def look(self, seconds: float) -> None:
        """Wait for what is watched, so long at most, and have it done."""
        self._settle()
        for key, events in self._selector.select(seconds):
            one = self.map.get(key.fd)
            if one is None:  # closed by what was done just before
                continue
            self.again(one)
            if events & selectors.EVENT_READ:
                wasyncore.read(one)
            if events & selectors.EVENT_WRITE and self.map.get(key.fd) is one:
                wasyncore.write(one)

    def close(self) -> None:
        """Watch nothing."""
        self._selector.close()

    def _settle(self) -> None:
        with self._lock:
            asked = [*self.always, *self._busy]
        while self._again:
            asked.append(self._again.popleft())
        for one in asked:
            self._watch(one)

    def _watch(self, one: Any) -> None:
        number = one._fileno
        if number not in self.map or self.map[number] is not one:  # closed
            return
        reads, writes = bool(one.readable()), bool(one.writable()) and not one.accepting
        events = selectors.EVENT_READ * reads | selectors.EVENT_WRITE * writes
        before = self._watched.get(number, 0)
        if events == before:
            return
        if not events:
            self.forget(number)
            return
        if before:
            self._selector.modify(number, events)
        else:
            self._selector.register(number, events)
        self._watched[number] = events


class _Channel(HTTPChannel):
    """A connection that says when it is to be asked again.

    Attributes:
        waits_since: When it began to wait for a request, by the monotonic clock.
    """

    def __init__(self, server: _Door, *more: Any, **named: Any) -> None:
        self.waits_since = time.monotonic()
        self._untaken: tuple[float, float] | None = None
        super().__init__(server, *more, **named)

    def add_channel(self, map: Any = None) -> None:
        """It is open."""
        super().add_channel(map)
        self.server.looks.again(self)

    def del_channel(self, map: Any = None) -> None:
        """It is about to be closed."""
        number = self._fileno
        super().del_channel(map)
        if number is not None:
            self.server.looks.forget(number)

    def untaken_for(self, now: float) -> float:
        """For how long, as far as was looked, there was an answer of which nothing was taken."""
        if not self.total_outbufs_len:
            self._untaken = None
        elif self._untaken is None or self._untaken[1] != self.last_activity:
            self._untaken = now, self.last_activity
        return now - self._untaken[0] if self._untaken else 0.0

    def service(self) -> None:
        """Make an answer, in a thread."""
        with self.server.looks.busy(self):
            super().service()
            self.waits_since = time.monotonic()
        if self.connected:
            self.server.pull_trigger()


class _Door(TcpWSGIServer):
    """One address that is listened on.

    Args:
        looks: Shared by all doors.
        app: As of `Server`.
        adjustments: Likewise.
        dispatcher: Has the threads.
        where: A socket that is bound already, or what waitress knows of one.
    """

    channel_class = _Channel

    def __init__(
        self,
        looks: _Looks,
        app: Any,
        adjustments: Adjustments,
        dispatcher: ThreadedTaskDispatcher,
        where: Any,
    ) -> None:
        self.looks = looks
        bound = where if isinstance(where, socket.socket) else None
        if bound is not None:
            where = (bound.family, bound.type, bound.proto, bound.getsockname())
        self.accepting = False  # not yet
        super().__init__(
            app,
            looks.map,
            True,
            bound,
            dispatcher=dispatcher,
            adj=adjustments,
            bind_socket=bound is None,
            sockinfo=where,
        )
        looks.always += [self, self.trigger]

    def readable(self) -> bool:
        """Whether somebody may come in; where all places are taken, some are made free."""
        if self.accepting and len(self.looks.map) >= self.adj.connection_limit:
            self._make_room()
        return bool(super().readable())

    def shut(self) -> None:
        """Let in who is before the door already, and nobody after them."""
        while self.accepting and select.select([self.socket], [], [], 0)[0]:
            before = len(self.looks.map)
            self.handle_accept()
            if len(self.looks.map) == before:
                break
        self.accepting = False
        self.looks.always.remove(self)
        self.looks.forget(self._fileno)
        wasyncore.dispatcher.close(self)

    def close(self) -> None:
        """Close what is open."""
        with contextlib.suppress(ValueError):
            self.looks.always.remove(self)
        if self._fileno is not None:
            self.looks.forget(self._fileno)
        self.trigger.close()
        wasyncore.dispatcher.close(self)

    def maintenance(self, now: float) -> None:
        """Close who has said nothing, or taken nothing of what was said to them, for so long."""
        for channel in list(self.active_channels.values()):
            if self.looks.is_busy(channel) or channel.requests:
                idle = False
            else:
                idle = now - channel.last_activity > self.adj.channel_timeout
            if idle or channel.untaken_for(now) > self.adj.channel_timeout:
                channel.handle_close()

    def _make_room(self) -> None:
        """Close those that have waited longest, but nobody who has just come."""
        now = time.monotonic()
        old = [
            one
            for one in self.active_channels.values()
            if not one.requests and not self.looks.is_busy(one) and now - one.waits_since > FRESH_S
        ]
        old.sort(key=lambda one: one.waits_since)
        for one in old[: max(1, self.adj.connection_limit // ROOM)]:
            one.handle_close()
