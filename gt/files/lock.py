"""One writer at a time in a folder, told by a file that says who it is.

The file is made whole under a name of its own and then linked to its place, which succeeds for one
of any number of processes, on network file systems too, where ``flock`` may not be known to other
machines. Locks of the operating system would go with their process; this file may outlive it, so
whoever finds one asks whether its writer lives:

- on the same system (host name, boot and, on Linux, process namespace are the same) the process of
  that number must run and have started when the writer's did;
- on another system nobody can ask. There the writer's sign of life counts, the time of the file,
  which a thread renews every ``BEAT`` seconds; when it is older than ``STALE``, by the clock of the
  file system, the writer is taken for dead. One that was only asleep, its lid closed, finds at its
  next epoch that the lock is another's, and writes nothing.

The library filelock is no substitute. Its locks of the operating system say nothing of who holds them, and are not
known to other machines on some network file systems; its leases take from a writer of the same machine that only
sleeps, let one that was killed block all others until they expire, and do not say since when. Runs in use have locks
of the form here.
"""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import os
import platform
import threading
import uuid
import weakref
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from gt.errors import LockedRunError

log = logging.getLogger(__name__)
BEAT = 10.0  # seconds between two signs of life
STALE = 300.0  # seconds without one after which a writer on another system is taken for dead
TRIES = 20  # rounds against others that take and release the same lock just then


@dataclass(frozen=True)
class Writer:
    """Who holds a lock.

    Attributes:
        host: Name of the machine.
        system: What its process numbers are unique in; "" where that is not known.
        pid: Number of the process.
        started: When that process started, in the system's own count.
        since: When it took the lock, UTC.
        token: Of this lock alone.
    """

    host: str
    system: str
    pid: int
    started: str
    since: str
    token: str

    @classmethod
    def here(cls) -> Writer:
        """This process, now."""
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        pid = os.getpid()
        return cls(platform.node(), _system(), pid, _started(pid), now, uuid.uuid4().hex)

    def __str__(self) -> str:
        if self.is_this_process():
            return f"this very process ({self.pid} on {self.host}) has done so since {self.since}"
        return f"process {self.pid} on {self.host} has done so since {self.since}"

    def is_this_process(self) -> bool:
        """Whether it is the one that asks."""
        return self._is_near() and (self.pid, self.started) == (os.getpid(), _started(os.getpid()))

    def lives(self, age: float) -> bool:
        """Whether it still writes, as far as can be told.

        Args:
            age: Seconds since its last sign of life.
        """
        return _started(self.pid) == self.started if self._is_near() else age < STALE

    def _is_near(self) -> bool:
        return bool(self.system) and (self.host, self.system) == (platform.node(), _system())


class Lock:
    """Holds a lock until it is released, collected, or the process ends.

    Args:
        file: Of the lock; its folder is there.
        what: What it guards; it begins the error.

    Raises:
        LockedRunError: If a living writer holds it; it says which.
    """

    def __init__(self, file: Path, what: str) -> None:
        self.file = file
        self.writer = Writer.here()
        _take(file, self.writer, what)
        stop = threading.Event()
        self._release = weakref.finalize(self, _let_go, file, self.writer, stop)
        threading.Thread(
            target=_beat, args=(file, self.writer, stop), name="gt-lock", daemon=True
        ).start()

    def held(self) -> bool:
        """Whether it is still ours: nobody took us for dead."""
        return self._release.alive and _is_of(file=self.file, writer=self.writer)

    def release(self) -> None:
        """Let others write; done again, nothing happens."""
        self._release()


def is_locked(file: Path, now: float) -> bool:
    """Whether a living writer holds a lock.

    Args:
        file: Of the lock, which need not be there.
        now: The time of a file that was just written on the same file system.
    """
    found = _read(file)
    return found is not None and found[0].lives(now - found[1])


def living_writer(file: Path) -> Writer | None:
    """Who holds a lock and lives, by this machine's clock."""
    found = _read(file)
    if found is None or not found[0].lives(datetime.now(UTC).timestamp() - found[1]):
        return None
    return found[0]


def refusal(what: str, writer: Writer) -> LockedRunError:
    """The error for the second writer."""
    remedy = "wait until it has closed it, or end it"
    if writer.is_this_process():
        remedy = "close the writer (or Recorder) that has it first, or use it in a with statement"
    elif not writer._is_near():
        remedy += f"; without a sign of life for {STALE / 60:.0f} minutes it is taken for dead"
    return LockedRunError(f"{what} must have one writer at a time, {writer}; {remedy}")


def _take(file: Path, writer: Writer, what: str) -> None:
    draft = file.with_name(f"{file.name}.{writer.token}")
    draft.write_text(json.dumps(asdict(writer)), "utf-8")
    try:
        now = draft.stat().st_mtime
        _sweep(file, now)
        for _ in range(TRIES):
            if _link(draft, file):
                return
            found = _read(file)
            if found is None:
                continue  # released just now
            if found[0].is_this_process():
                gc.collect()  # a writer that nobody has any more may wait to be collected
                found = _read(file) or found
            if _is_of(file, found[0]) and found[0].lives(now - found[1]):
                raise refusal(what, found[0])
            if _succeed(draft, file, found[0]):
                return
    finally:
        draft.unlink(missing_ok=True)
    raise LockedRunError(f"{what} must have one writer at a time, others came first; try again")


def _link(draft: Path, file: Path) -> bool:
    """Put the draft in its place, unless one is there."""
    try:
        os.link(draft, file)
    except FileExistsError:
        return False
    except OSError:  # no hard links here (FAT, some network file systems)
        try:
            with file.open("x", encoding="utf-8") as stream:
                stream.write(draft.read_text("utf-8"))
        except FileExistsError:
            return False
    return True


def _succeed(draft: Path, file: Path, dead: Writer) -> bool:
    """Put the draft in the place of a dead writer's lock: of any number who try at once, one can.

    Each would otherwise be able to take away the lock that another has just put there. Whoever is killed in here leaves
    a claim, which is swept away when it is old.
    """
    claim = file.with_name(f"{file.name}.{dead.token}.claim")
    if not _link(draft, claim):
        return False
    try:
        if not _is_of(file, dead):  # another has succeeded meanwhile, and taken its claim away
            return False
        draft.replace(file)
        return True
    finally:
        claim.unlink(missing_ok=True)


def _sweep(file: Path, now: float) -> None:
    """Remove what writers left that were killed while they took or released the lock."""
    for left in file.parent.glob(f"{file.name}.*"):
        with contextlib.suppress(FileNotFoundError):
            if now - left.stat().st_mtime > STALE:
                left.unlink()


_KINDS = {"host": str, "system": str, "pid": int, "started": str, "since": str, "token": str}


def _read(file: Path) -> tuple[Writer, float] | None:
    """Read who holds a lock, and the time of the last sign of life; None if nobody does."""
    try:
        text, at = file.read_text("utf-8", errors="replace"), file.stat().st_mtime
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        found = json.loads(text)
        return Writer(**{name: kind(found[name]) for name, kind in _KINDS.items()}), at
    except (ValueError, KeyError, TypeError, RecursionError):
        log.debug("%s must name a writer by %s; only its time counts", file, ", ".join(_KINDS))
        return Writer("a host that is not known", "", 0, "", "a time that is not known", ""), at


def _is_of(file: Path, writer: Writer) -> bool:
    found = _read(file)
    return found is not None and found[0] == writer


def _let_go(file: Path, writer: Writer, stop: threading.Event) -> None:
    stop.set()
    if os.getpid() == writer.pid and _is_of(file, writer):  # a forked child has a copy of us
        file.unlink(missing_ok=True)


def _beat(file: Path, writer: Writer, stop: threading.Event) -> None:
    while not stop.wait(BEAT):
        if not _is_of(file, writer):
            if file.exists():  # otherwise the folder is gone
                log.warning("%s is no longer ours: another writer took us for dead", file)
            return
        try:
            os.utime(file)
        except OSError as error:
            log.warning("%s: no sign of life could be given: %s", file, error)


def _system() -> str:
    """What process numbers are unique in: this boot of this machine, and this container."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot} {os.readlink('/proc/self/ns/pid')}"
    except OSError:  # not Linux: no containers that share a host's name and not its processes
        return platform.platform()


def _started(pid: int) -> str:
    """When a process started, in the system's own count; "" if it does not run."""
    try:
        process = psutil.Process(pid)
        if process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD):
            return ""
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists():  # ticks since the boot; a clock that is set does not change them
            return stat.read_text("utf-8", errors="replace").rpartition(")")[2].split()[19]
        return f"{process.create_time():.1f}"
    except (psutil.NoSuchProcess, OSError, ValueError):
        return ""
