"""Memory for blocks on their way to the disk: of bounded size, and used again.

From a GPU a block is cast there, on the stream that computed it, and crosses on a stream beside it,
so that the network goes on meanwhile. What crosses holds memory of the device until it is over: of
that, too, there is a bounded amount.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

CROSSING = 128 * 2**20  # bytes on a device that wait to cross
_TICK = 1.0  # seconds after which a wait looks up, so that an interrupt gets in on every system


class Buffer:
    """Memory that holds one block.

    Attributes:
        memory: ``(bytes,)`` uint8.
        crossing: Is over when the block is there; None if it is.
    """

    def __init__(self, nbytes: int, pinned: bool) -> None:
        self.memory = torch.empty(nbytes, dtype=torch.uint8, pin_memory=pinned)
        self.pinned = pinned
        self.crossing: torch.cuda.Event | None = None
        self._view: np.ndarray = self.memory.numpy()

    def shaped(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray:
        """The memory as an array; `array` gives it again."""
        self._view = self.memory.numpy().view(dtype).reshape(shape)
        return self._view

    def array(self) -> np.ndarray:
        """The block, once all of it is there."""
        if self.crossing is not None:
            self.crossing.synchronize()
            self.crossing = None
        return self._view


class Buffers:
    """Gives and takes back buffers.

    Attributes:
        most: Bytes that were there at once, at most.

    Args:
        limit: Bytes of all buffers, in use or not; one that is larger is given when it is alone.
        changed: Is told, by whoever takes blocks off, when one is back.
    """

    def __init__(self, limit: int, changed: threading.Condition) -> None:
        self._limit, self._changed = limit, changed
        self._held = self._used = self.most = 0
        self._free: list[Buffer] = []
        self._streams: dict[torch.device, torch.cuda.Stream] = {}
        self._on_device: deque[tuple[torch.cuda.Event, int]] = deque()

    def take(
        self,
        block: torch.Tensor | np.ndarray,
        dtype: np.dtype[Any],
        wanted: Callable[[], bool],
    ) -> Buffer | None:
        """A buffer with a copy of a block, cast to a type; waits until there is room.

        Args:
            block: On any device.
            dtype: Of the copy.
            wanted: Asked while there is no room.

        Returns:
            None if it is not wanted any more.
        """
        with torch._C.DisableTorchFunction():
            shape = tuple(block.shape)
            pinned = isinstance(block, torch.Tensor) and block.device.type == "cuda"
            size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
            buffer = self._room(size, pinned, wanted)
            if buffer is None:
                return None
            try:
                self._fill(buffer, block, shape, dtype)
            except BaseException:
                with self._changed:
                    self.back(buffer)
                raise
        return buffer

    def back(self, buffer: Buffer | None) -> None:
        """Take one back; under the lock."""
        if buffer is not None:
            self._used -= len(buffer.memory)
            self._free.append(buffer)

    def rest(self) -> None:
        """Give memory back while nothing is on its way; under the lock.

        Page-locked memory is kept: it takes longer to get than to fill.
        """
        for buffer in [one for one in self._free if not one.pinned]:
            self._drop(buffer)

    def drop(self) -> None:
        """Give all memory back that is not in use."""
        with self._changed:
            for buffer in list(self._free):
                self._drop(buffer)

    def _drop(self, buffer: Buffer) -> None:
        self._free.remove(buffer)
        self._held -= len(buffer.memory)

    def _room(self, size: int, pinned: bool, wanted: Callable[[], bool]) -> Buffer | None:
        with self._changed:
            while wanted():
                fits = [b for b in self._free if len(b.memory) == size and b.pinned == pinned]
                if fits:
                    self._free.remove(fits[0])
                    self._used += size
                    return fits[0]
                while self._free and self._held + size > self._limit:
                    self._drop(self._free[0])
                if self._held + size <= self._limit or not self._used:
                    made = Buffer(size, pinned)
                    self._held, self._used = self._held + size, self._used + size
                    self.most = max(self.most, self._held)
                    return made
                self._changed.wait(_TICK)
        return None

    def _fill(
        self,
        buffer: Buffer,
        block: torch.Tensor | np.ndarray,
        shape: tuple[int, ...],
        dtype: np.dtype[Any],
    ) -> None:
        array = buffer.shaped(shape, dtype)
        if not isinstance(block, torch.Tensor):
            with np.errstate(over="ignore"):
                np.copyto(array, block, casting="unsafe")
            return
        kind = torch.from_numpy(np.empty(0, dtype)).dtype
        there = buffer.memory.view(kind).view(shape)
        with torch.no_grad():
            block = block.detach().resolve_conj().resolve_neg()
            if block.device.type == "cuda":
                self._cross(buffer, there, block)
            elif block.device.type == "cpu":
                there.copy_(block)
            else:
                there.copy_(block.to(there.dtype))

    def _cross(self, buffer: Buffer, there: torch.Tensor, block: torch.Tensor) -> None:
        """Cast on the device, copy beside what it does next."""
        device = block.device
        if device not in self._streams:
            self._streams[device] = torch.cuda.Stream(device)
        beside = self._streams[device]
        cast = block.to(there.dtype, copy=True).contiguous()  # what comes next may write into it
        beside.wait_stream(torch.cuda.current_stream(device))
        with torch.cuda.stream(beside):
            there.copy_(cast, non_blocking=True)
            event = torch.cuda.Event()
            event.record(beside)
        cast.record_stream(beside)
        buffer.crossing = event
        self._on_device.append((event, cast.numel() * cast.element_size()))
        while sum(size for _, size in self._on_device) > CROSSING and len(self._on_device) > 1:
            self._on_device.popleft()[0].synchronize()
        while self._on_device and self._on_device[0][0].query():
            self._on_device.popleft()
