"""Two hundred readers at once: ``python -m tests.bench.load``.

Each holds six connections, as a browser does, and asks over any of them about once a second: mostly for slices that the
server has at hand, now and then for a page and for what Dash lays out on it. What counts is how long an answer takes,
whether any fails, and what memory the server (all its workers) has by then. It asks this machine only, and ends by
itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import resource
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from gt import ids
from tests.bench import served
from tests.bench.server import Visitor, memory_mb
from tests.bench.visits import Visits, store

READERS, SECONDS, WORKERS = 200, 60.0, 1
EACH = 6  # connections, which is what a browser opens to one host
PACE_S = 1.0  # between two questions of a reader, on average
A_PAGE = 0.04  # of the questions are for a page, as many for its layout; the rest for slices
MOST_S = 60.0  # for one answer; then it is an error
MOST_MS = 100.0  # p99 of a slice
LOOK_S = 0.5  # between two looks at the memory
FILES_BESIDE = 200  # that are open besides the connections


@dataclass
class Asked:
    """What is asked for: the first line's path, and a body or none."""

    kind: str
    request: bytes


@dataclass
class Seen:
    """What all readers saw."""

    took_ms: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    opened: int = 0


class Connection:
    """One kept connection, opened again where the server has closed it meanwhile."""

    def __init__(self, host: str, port: int, seen: Seen) -> None:
        self._host, self._port, self._seen = host, port, seen
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def open(self) -> None:
        self._streams = await asyncio.open_connection(self._host, self._port)
        self._seen.opened += 1

    async def ask(self, request: bytes) -> int:
        """Send a request; returns the status of the answer, whose body is read to its end."""
        if self._streams is None or self._streams[0].at_eof():
            self.close()
            await self.open()
        assert self._streams is not None
        reader, writer = self._streams
        try:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            if getattr(error, "partial", b""):
                raise
            self.close()  # closed while the request was on its way: a browser asks again
            await self.open()
            reader, writer = self._streams
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        lengths = [one for one in lines if one.lower().startswith("content-length:")]
        await reader.readexactly(int(lengths[0].partition(":")[2]))
        return int(lines[0].split()[1])

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def questions(address: str) -> list[Asked]:
    """Everything that readers ask for, each asked for once before, so that the server has it at hand."""
    visits = Visits(Visitor(address))
    layout = visits.page("/grand-tour")
    note = store(layout, ids.TOUR_ANNOUNCEMENT_STORE)
    host = urlsplit(address).netloc
    slices = [one["url"] for split in note["splits"].values() for one in split["slices"]]
    found = [Asked("slice", _get(host, one)) for one in slices]
    body = json.dumps(visits.last).encode()
    post = f"POST /_dash-update-component HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
    laid = f"{post}Accept-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    return [*found, Asked("page", _get(host, "grand-tour")), Asked("layout", laid)]


def _get(host: str, path: str) -> bytes:
    return f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\n\r\n".encode()


async def read(
    connections: list[Connection], asked: list[Asked], dice: random.Random, end: float, seen: Seen
) -> None:
    """One reader, until the end."""
    kinds = {
        kind: [one for one in asked if one.kind == kind] for kind in ("slice", "page", "layout")
    }
    await asyncio.sleep(dice.uniform(0, PACE_S))
    while time.monotonic() < end:
        rare = dice.random()
        kind = "page" if rare < A_PAGE else "layout" if rare < 2 * A_PAGE else "slice"
        one, connection = dice.choice(kinds[kind]), dice.choice(connections)
        start = time.perf_counter()
        try:
            status = await asyncio.wait_for(connection.ask(one.request), MOST_S)
            if status != 200:
                seen.errors.append(f"{kind}: {status}")
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            connection.close()
            seen.errors.append(f"{kind}: {type(error).__name__}")
        seen.took_ms.setdefault(kind, []).append((time.perf_counter() - start) * 1000)
        await asyncio.sleep(dice.expovariate(1 / PACE_S))


async def all_read(address: str, asked: list[Asked], readers: int, seconds: float) -> Seen:
    """All readers at once, with all their connections open first."""
    seen, parts = Seen(), urlsplit(address)
    assert parts.hostname in ("127.0.0.1", "localhost"), "this machine only"
    each = [
        [Connection(parts.hostname, parts.port or 80, seen) for _ in range(EACH)]
        for _ in range(readers)
    ]
    for one in each:
        await asyncio.gather(*(connection.open() for connection in one))
    end = time.monotonic() + seconds
    await asyncio.gather(
        *(read(one, asked, random.Random(i), end, seen) for i, one in enumerate(each))
    )
    for connection in (connection for one in each for connection in one):
        connection.close()
    return seen


@contextlib.contextmanager
def watched(pid: int) -> Iterator[list[float]]:
    """Look at a server's memory meanwhile, in MB."""
    found, over = [memory_mb(pid)], threading.Event()

    def look() -> None:
        while not over.wait(LOOK_S):
            found.append(memory_mb(pid))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def percentile(values: list[float], share: float) -> float:
    """The value below which a share of the values are."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def measure(options: Any) -> dict[str, Any]:
    """Start a server, and read."""
    more = ["--workers", str(options.workers)] if options.workers > 1 else []
    with served.app(options.runs, *more) as (process, address):
        asked = questions(address)
        with watched(process.pid) as memory:
            seen = asyncio.run(all_read(address, asked, options.readers, options.seconds))
    total = sum(map(len, seen.took_ms.values()))
    return {
        "readers": options.readers,
        "connections": options.readers * EACH,
        "opened": seen.opened,
        "workers": options.workers,
        "a_second": round(total / options.seconds, 1),
        "errors": seen.errors,
        "memory_mb": {"before": round(memory[0], 1), "most": round(max(memory), 1)},
        "ms": {
            kind: {
                "count": len(took),
                "p50": round(percentile(took, 0.5), 1),
                "p99": round(percentile(took, 0.99), 1),
                "most": round(max(took), 1),
            }
            for kind, took in sorted(seen.took_ms.items())
        },
    }


def main() -> int:
    """Measure and report; 1 if a bar is missed."""
    parser = served.arguments(__doc__ or "")
    parser.add_argument("--readers", type=int, default=READERS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes of the server")
    options = parser.parse_args()
    wanted = options.readers * EACH + FILES_BESIDE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    found = measure(options)
    rows = [["answers, in ms", "count", "p50", "p99", "most"]]
    rows += [[kind, *map(str, values.values())] for kind, values in found["ms"].items()]
    served.report(
        f"{found['readers']} readers, {found['connections']:,} connections, {options.workers} worker(s),"
        f" {found['a_second']} answers a second, {len(found['errors'])} errors; memory"
        f" {found['memory_mb']['before']} MB before, {found['memory_mb']['most']} MB at most",
        found,
        rows,
        options.json,
    )
    missed = found["errors"] or found["ms"]["slice"]["p99"] > MOST_MS
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
