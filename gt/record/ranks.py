"""The processes (ranks) that train one network and record it together: who joins, and who tells whom what.

Nothing here waits for ever. A rank that fails tells the others at the point where they wait for it, and a rank that
does not come is an error after a while, on all that wait.
"""

from __future__ import annotations

import json
import logging
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist

from gt import errors
from gt.run import RunError

log = logging.getLogger(__name__)
ALL, ONE = "all", "one"
TIMEOUT = 600.0  # seconds that ranks wait for each other
TOLD_AFTER = 10.0  # seconds after which it is logged for whom a new Recorder waits
_made: Counter[str] = Counter()  # Recorders of this process, by what they are of


class Ranks:
    """The ranks that record together; a process alone is the first of one.

    Attributes:
        rank: This one's place among them.
        size: How many there are.

    Args:
        members: Their ranks among all processes.
        group: Of theirs alone, for tensors on the CPU; None for a process alone.
        timeout: Seconds that they wait for each other.
    """

    def __init__(
        self, members: Sequence[int] = (0,), group: Any = None, timeout: float = TIMEOUT
    ) -> None:
        self._members, self._group, self._timeout = tuple(members), group, timeout
        self.size = len(self._members)
        self.rank = self._members.index(dist.get_rank()) if group is not None else 0
        self._pid, self._told = os.getpid(), 0

    @property
    def alive(self) -> bool:
        """Whether there are others who can be told something."""
        return self._group is not None and self._pid == os.getpid() and dist.is_initialized()

    def exchange(self, value: Any = None, failed: Exception | None = None) -> list[Any]:
        """Tell all ranks something, or that this one failed; each calls this as often as the others.

        Args:
            value: Of plain types.
            failed: What this one met.

        Returns:
            The values of all, by rank.

        Raises:
            RunError: What another met, or that not all came.
            Exception: What this one met.
        """
        if self.size == 1:
            if failed is not None:
                raise failed
            return [value]
        said = None if failed is None else (type(failed).__name__, str(failed))
        found: list[Any] = [None] * self.size
        with self._reaching(failed):
            dist.all_gather_object(found, (said, value), group=self._group)
        met: Exception | None = failed
        for rank, (words, _) in zip(self._members, found, strict=True):
            if words is not None and met is None:
                met = _as_told(rank, *words)
        if met is not None:
            raise self.told(met)
        return [one for _, one in found]

    def agree(self, **what: Any) -> None:
        """Raise ``RunError`` on all ranks unless what each gives by name is the same."""
        self.check_same(self.exchange(what))

    def check_same(self, given: Sequence[Mapping[str, Any]]) -> None:
        """Raise ``RunError``, on all ranks, unless what they gave by name is the same."""
        first = given[0]
        for rank, other in zip(self._members, given, strict=True):
            for name, value in first.items():
                if other.get(name) != value:
                    raise self.told(
                        RunError(
                            f"Recorder: all ranks must give the same {name}, rank {rank} gave"
                            f" {_some(other.get(name))} and rank {self._members[0]} {_some(value)}"
                        )
                    )

    def told(self, met: Exception) -> Exception:
        """The same error, of which all ranks know already."""
        self._told = id(met)
        return met

    @contextmanager
    def guarded(self, last: bool = False) -> Iterator[None]:
        """What fails inside is told to the ranks that wait for this one.

        Args:
            last: Whether they part then.
        """
        try:
            yield
        except BaseException as error:
            try:
                if isinstance(error, Exception) and self.alive and id(error) != self._told:
                    self.exchange(failed=error)
            finally:
                if last:
                    self.leave()
            raise

    def send(self, tensors: Sequence[torch.Tensor], about: Any) -> None:
        """Send the first rank tensors ``(bytes,)`` of uint8 on the CPU, and what they are."""
        first = self._members[0]
        head = torch.frombuffer(bytearray(json.dumps(about).encode()), dtype=torch.uint8)
        with self._reaching():
            dist.send(torch.tensor([len(head)]), first, group=self._group)
            dist.send(head, first, group=self._group)
            for tensor in tensors:
                dist.send(tensor, first, group=self._group)

    def receive(
        self, rank: int, take: Callable[[Any, Callable[[int], torch.Tensor]], None]
    ) -> None:
        """Take what a rank sends.

        Args:
            rank: Of those that record together.
            take: Is told what comes, and calls for each tensor, in their order, with its number of bytes.
        """
        source = self._members[rank]

        def got(nbytes: int) -> torch.Tensor:
            tensor = torch.empty(nbytes, dtype=torch.uint8)
            dist.recv(tensor, source, group=self._group)
            return tensor

        with self._reaching():
            length = torch.empty(1, dtype=torch.int64)
            dist.recv(length, source, group=self._group)
            about = json.loads(bytes(got(int(length[0])).tolist()))
            take(about, got)

    def broadcast(self, tensor: torch.Tensor) -> None:
        """Fill a tensor ``(bytes,)`` of uint8 on the CPU with the first rank's."""
        with self._reaching():
            dist.broadcast(tensor, self._members[0], group=self._group)

    def leave(self) -> None:
        """Wait for nobody any more."""
        alive, group, self._group = self.alive, self._group, None
        if (
            alive and self.size == dist.get_world_size()
        ):  # a group of some gives up its name, which is used again
            with suppress(RuntimeError, ValueError):
                dist.destroy_process_group(group)

    @contextmanager
    def _reaching(self, failed: Exception | None = None) -> Iterator[None]:
        """Say what to do where others cannot be reached."""
        try:
            if not self.alive:
                raise RuntimeError("they have parted")
            yield
        except RuntimeError as error:
            self.leave()
            if failed is not None:
                raise failed from error
            others = ", ".join(map(str, self._members))
            raise RunError(
                f"record: all of the ranks {others} must make the Recorder and call record, wait and close alike, rank"
                f" {self._members[self.rank] if dist.is_initialized() else self.rank} could not reach the others within"
                f" {self._timeout:g} s: {_short(error)}; the run keeps its finished epochs; make a new Recorder with"
                f' resume=True on all ranks, or on one alone with ranks="{ONE}"'
            ) from error


def joined(ranks: Any, what: str, timeout: float, sharded: bool) -> Ranks:
    """Wait until all ranks are there.

    Args:
        ranks: "all" of a training that is distributed, "one", or a process group.
        what: Is recorded; the same on all.
        timeout: Seconds that they wait for each other.
        sharded: Whether all ranks take part in each forward pass.

    Raises:
        RunError: If one does not come, or it is none of these.
    """
    if not timeout > 0:
        raise RunError(f"Recorder: timeout must be seconds above 0, got {timeout!r}")
    there = dist.is_available() and dist.is_initialized()
    if ranks not in (ALL, ONE) and not (there and isinstance(ranks, dist.ProcessGroup)):
        raise RunError(
            f'Recorder: ranks must be "{ALL}", "{ONE}" or a process group, got {ranks!r}'
        )
    if not there or (ranks == ONE and dist.get_world_size() == 1):
        return Ranks()
    if ranks == ONE:
        if sharded:
            raise RunError(
                "Recorder: a model that is sharded must be recorded by all its ranks, which take part in its forward"
                f' passes; make the Recorder on all of them with ranks="{ALL}"'
            )
        return Ranks()
    members = (
        list(range(dist.get_world_size())) if ranks == ALL else dist.get_process_group_ranks(ranks)
    )
    if len(members) == 1:
        return Ranks()
    _met(members, what, timeout)
    try:
        group = dist.new_group(
            members,
            timeout=timedelta(seconds=timeout),
            backend="gloo",
            use_local_synchronization=ranks != ALL,  # of some, named by how many groups there are
        )
    except RuntimeError as error:
        raise RunError(
            f"Recorder: the ranks {', '.join(map(str, members))} must be able to reach each other (gloo), they could"
            f' not: {_short(error)}; record on one alone with ranks="{ONE}"'
        ) from error
    return Ranks(members, group, timeout)


def _met(members: Sequence[int], what: str, timeout: float) -> None:
    """Wait until each of the ranks makes its Recorder; log for whom, raise after a while."""
    store = dist.distributed_c10d._get_default_store()
    _made[what] += 1
    keys = {rank: f"gt.Recorder/{what}/{_made[what]}/{rank}" for rank in members}
    me = dist.get_rank()
    store.set(keys[me], "here")
    waits = [min(TOLD_AFTER, timeout), max(0.0, timeout - TOLD_AFTER)]
    for seconds in waits:
        if seconds:
            with suppress(RuntimeError):
                store.wait(list(keys.values()), timedelta(seconds=seconds))
                return
        late = [rank for rank, key in keys.items() if not store.check([key])]
        if not late:
            return
        which = f"rank {late[0]}" if len(late) == 1 else f"ranks {', '.join(map(str, late))}"
        if seconds == waits[0] and waits[1]:
            log.warning(
                'Recorder: rank %d waits for %s; if it is to record alone, say ranks="%s"',
                me,
                which,
                ONE,
            )
    raise RunError(
        f"Recorder: all {len(members)} ranks must make the Recorder, {which} did not within {timeout:g} s; make it on"
        f' all of them (not within "if rank == 0"), or on one alone with ranks="{ONE}"'
    )


def _as_told(rank: int, kind: str, words: str) -> RunError:
    """What another rank met, as an error of the same class where it is one of ours."""
    known = getattr(errors, kind, None)
    if isinstance(known, type) and issubclass(known, RunError):
        return known(f"{words} (met on rank {rank})")
    return RunError(f"record: rank {rank} failed, and nothing was recorded: {kind}: {words}")


def _some(value: Any) -> str:
    said = str(value)
    return said if len(said) <= 80 else f"{said[:77]}..."


def _short(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
