"""From a layer to the disk: what a network gives is copied at once, and written while it learns on.

Each block is cast to its stored type where it is (on a GPU before it crosses), into memory that is
kept from block to block and of which there is a bounded amount: when it is all in use the network
waits for the writers. From a GPU it crosses on a stream of its own, through page-locked memory.
Threads test, pack and write the blocks; when the last of an epoch is on the disk the epoch is committed.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import psutil
import torch

from gt.files.cores import cores
from gt.record.buffers import Buffer, Buffers
from gt.record.writing import writing
from gt.run import Layer, Measures, RunError, RunWriter

log = logging.getLogger(__name__)
MOST_THREADS = 16
MOST_BYTES = 2**30
_TICK = 1.0  # seconds after which a wait looks up, so that an interrupt gets in on every system


def usual_bytes() -> int:
    """How many bytes of blocks are on their way at once, if nobody says."""
    return min(MOST_BYTES, psutil.virtual_memory().total // 8)


def threads() -> int:
    """How many threads write: one for each processor that this process may use, 16 at most."""
    return min(MOST_THREADS, cores())


class Pipeline:
    """Writes one epoch at a time of one run, in the order in which they are handed over.

    Blocks are put, then the epoch is handed over by ``commit``, which returns at once; ``wait`` does
    so when it is on the disk. What fails is told by the next call: of several blocks the first one put.

    Attributes:
        writer: Of the run.
        pid: The process that writes.

    Args:
        writer: Of the run.
        limit: Bytes of blocks that are on their way at once; a larger one goes alone.
        count: Of threads; as many as there are processors when None.
    """

    def __init__(self, writer: RunWriter, *, limit: int, count: int | None = None) -> None:
        self.writer = writer
        self._changed = threading.Condition()
        self._buffers = Buffers(limit, self._changed)
        self._count, self.pid = count or threads(), os.getpid()
        self._threads: list[threading.Thread] = []
        self._tasks: deque[tuple[int, Buffer | None, Callable[[], None]]] = deque()
        self._last: Callable[[], None] | None = None  # commits, once all else is done
        self._order = self._running = 0
        self._failed: tuple[int, BaseException] | None = None
        self._ended = False
        self._orphaned = False  # the last thread closes the run

    @property
    def most(self) -> int:
        """Bytes of blocks that were on their way at once, at most."""
        return self._buffers.most

    def put(self, layer: Layer, start: int, block: torch.Tensor | np.ndarray, epoch: int) -> None:
        """Take a layer's numbers; they may change when this returns.

        Args:
            layer: Of the run.
            start: First point.
            block: ``(rows, *layer.shape)``, on any device.
            epoch: The coming one's number.

        Raises:
            RunError: What a block before it met.
        """
        dtype = self.writer.stored_type(layer)
        buffer = self._filled(block, dtype)
        writer = self.writer
        self._hand_over(epoch, buffer, lambda: writer.put(layer, start, buffer.array(), epoch))

    def put_weight(self, name: str, value: torch.Tensor, epoch: int) -> None:
        """Take a parameter of the coming epoch, likewise."""
        buffer, writer = self._filled(value, np.dtype(np.float32)), self.writer
        self._hand_over(epoch, buffer, lambda: writer.put_weight(name, buffer.array(), epoch))

    def commit(self, epoch: int, measures: Measures, made: Mapping[str, Any] | None = None) -> None:
        """Let the epoch become part of the run when all that was put is on the disk."""
        self._check()
        task = self._said(epoch, lambda: self.writer.commit(epoch, measures, made))
        with self._changed:
            self._last = task
            self._start()
            self._next()

    def wait(self) -> BaseException | None:
        """Wait until all that was handed over is on the disk, or failed.

        Returns:
            What failed, if something did; `forgive` ends it.
        """
        with self._changed:
            while self._busy():
                self._changed.wait(_TICK)
            return self._failed[1] if self._failed is not None else None

    def abandon(self) -> None:
        """Give up the epoch that was begun, and wait until nobody writes."""
        with self._changed:
            self._last = None
            while self._tasks:
                self._buffers.back(self._tasks.pop()[1])
            while self._running:
                self._changed.wait(_TICK)
            self._buffers.rest()

    def forgive(self) -> None:
        """Forget what failed: the next epoch begins."""
        with self._changed:
            self._failed = None

    def close(self) -> BaseException | None:
        """Write what was handed over, and close the run.

        Returns:
            What failed, if something did.
        """
        if (
            threading.current_thread() in self._threads
        ):  # collected by a writer: it must not wait for itself
            with self._changed:
                self._ended = self._orphaned = True
                self._changed.notify_all()
            return None
        failed = self.wait()
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        for thread in list(self._threads):
            thread.join()
        self._buffers.drop()
        self.writer.close()
        return failed

    def _filled(self, block: torch.Tensor | np.ndarray, dtype: np.dtype[Any]) -> Buffer:
        self._check()
        buffer = self._buffers.take(block, dtype, lambda: self._failed is None)
        if buffer is None:
            self._check()
            raise RunError("record: the epoch was given up by another thread; record it again")
        return buffer

    def check_process(self) -> None:
        """Raise ``RunError`` in a process that was forked from the one that writes."""
        if os.getpid() != self.pid:
            raise RunError(
                f"record: a Recorder must be used by the process that made it ({self.pid}), this one"
                f" ({os.getpid()}) was forked from it; record there, or make another of another path"
            )

    def _check(self) -> None:
        self.check_process()
        if self._failed is not None and (error := self.wait()) is not None:
            raise error

    def _hand_over(self, epoch: int, buffer: Buffer, task: Callable[[], None]) -> None:
        said = self._said(epoch, task)
        with self._changed:
            self._order += 1
            self._tasks.append((self._order, buffer, said))
            self._start()
            self._changed.notify_all()

    def _said(self, epoch: int, task: Callable[[], None]) -> Callable[[], None]:
        """The same, whose errors of the disk say what to do."""

        def work() -> None:
            unit = self.writer.run.unit
            with writing(self.writer.place, self.writer.epochs, epoch, unit):
                task()

        return work

    def _busy(self) -> bool:
        return bool(self._tasks or self._running or self._last)

    def _start(self) -> None:
        while len(self._threads) < self._count and len(self._threads) < len(self._tasks) + 1:
            thread = threading.Thread(target=self._work, name="gt-record", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _next(self) -> None:
        """Let the commit follow when all before it is done; tell who waits."""
        if self._last is not None and not self._tasks and not self._running:
            if self._failed is None:
                self._order += 1
                self._tasks.append((self._order, None, self._last))
            self._last = None
        self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._tasks:
                    if self._ended and not self._busy():
                        self._leave()
                        return
                    self._changed.wait()
                order, buffer, task = self._tasks.popleft()
                self._running += 1
                wanted = self._failed is None or order < self._failed[0]
            error: BaseException | None = None
            if wanted:
                try:
                    task()
                except BaseException as met:  # an error in a thread would be lost otherwise
                    error = met
            del task
            with self._changed:
                self._running -= 1
                self._buffers.back(buffer)
                if buffer is None:  # that was the commit
                    self._buffers.rest()
                if error is not None and (self._failed is None or order < self._failed[0]):
                    self._failed = order, error
                del error, buffer
                self._next()

    def _leave(self) -> None:
        """The last thread of one that was closed by a thread does what follows."""
        self._threads.remove(threading.current_thread())
        if not self._threads and self._orphaned:
            self._buffers.drop()
            self.writer.close()
            if self._failed is not None:
                log.error("Recorder: %s", self._failed[1])
