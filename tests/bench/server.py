"""What the server costs: ``python -m tests.bench.server``.

Latency of cached tensor slices for eight visitors who ask as fast as they are answered, over kept
connections on this machine; and the memory of the server at the start, with all runs open in the
Grand Tour, and once everything that any page can ask for has been asked for, once and twice.
"""

from __future__ import annotations

import http.client
import json
import statistics
import threading
import time
from typing import Any
from urllib.parse import urlparse

import psutil

from gt import ids
from tests.bench import served
from tests.bench.visits import PAGES, Visits, store

CLIENTS = 8
EACH = 200  # requests a client
MOST_MS = 5.0
MOST_MB = 400.0


class Visitor:
    """One kept connection."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(urlparse(address).netloc, timeout=60)

    def get(self, path: str, encoding: str = "gzip") -> bytes:
        self.connection.request("GET", f"/{path}", headers={"Accept-Encoding": encoding})
        return self._answer(path)

    def post(self, path: str, payload: Any) -> Any:
        headers = {"Content-Type": "application/json"}
        self.connection.request("POST", f"/{path}", json.dumps(payload), headers)
        return json.loads(self._answer(path))

    def _answer(self, path: str) -> bytes:
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: the server answered {answer.status}: {body[:300]!r}")
        return body


def latencies(address: str, urls: list[str], clients: int) -> tuple[list[float], float]:
    """Milliseconds of every request, and requests a second of all clients together."""
    seen: list[list[float]] = [[] for _ in range(clients)]
    ready = threading.Barrier(clients + 1)

    def ask(number: int) -> None:
        visitor = Visitor(address)
        visitor.get(urls[0])
        ready.wait()
        for i in range(EACH):
            url = urls[(number * EACH + i) % len(urls)]
            start = time.perf_counter()
            visitor.get(url)
            seen[number].append((time.perf_counter() - start) * 1000)

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(clients)]
    for thread in threads:
        thread.start()
    ready.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    values = [value for one in seen for value in one]
    return values, len(values) / (time.perf_counter() - start)


def memory_mb(pid: int) -> float:
    """Resident memory of a process and those it started, in MB (10⁶ bytes)."""
    process = psutil.Process(pid)
    return sum(p.memory_info().rss for p in [process, *process.children(recursive=True)]) / 1e6


def visit(visits: Visits, pid: int) -> dict[str, float]:
    """Ask for everything once; returns the memory after each page, in MB, with what it asked for."""
    grown = {}
    for path in PAGES:
        visits.every_page(path)
        visits.every_tensor()
        if path == "/network":
            visits.networks()
        if path == "/layers":
            visits.questions()
        if path == "/compare":
            visits.measures()
        grown[path] = round(memory_mb(pid), 1)
    return grown


def measure(runs: list[str]) -> dict[str, Any]:
    """Start the app, ask for everything once, then measure."""
    with served.app(runs) as (process, address):
        idle = memory_mb(process.pid)
        visits = Visits(Visitor(address))
        start = time.perf_counter()
        visits.every_page("/grand-tour")
        announcing = time.perf_counter() - start
        layouts = [one for (path, _), one in visits.layouts.items() if path == "/grand-tour"]
        announced = [store(one, ids.TOUR_ANNOUNCEMENT_STORE) for one in layouts]
        slices = [
            one["url"]
            for a in announced
            for split in a["splits"].values()
            for one in split["slices"]
        ]
        visits.every_tensor()
        opened = memory_mb(process.pid)
        eight, rate = latencies(address, slices, CLIENTS)
        one, _ = latencies(address, slices, 1)
        grown = visit(visits, process.pid)
        again = visit(Visits(Visitor(address)), process.pid)
        return {
            "runs": visits.runs,
            "pages": len(visits.layouts),
            "announcing_s": round(announcing, 2),
            "clients": CLIENTS,
            "requests": len(eight),
            "eight_ms": served.spread(eight)
            | {"p95": round(statistics.quantiles(eight, n=20)[-1], 3)},
            "one_ms": served.spread(one) | {"p95": round(statistics.quantiles(one, n=20)[-1], 3)},
            "requests_per_s": round(rate),
            "idle_mb": round(idle, 1),
            "opened_mb": round(opened, 1),
            "visited_mb": grown,
            "memory_mb": grown["/method"],
            "again_mb": again["/method"],
        }


def main() -> None:
    """Measure and print."""
    options = served.arguments("Latency and memory of the server").parse_args()
    found = measure(options.runs)
    rows = [("", "median", "p95", "max", "asked")]
    for label, key, asked in (
        (f"a slice, {CLIENTS} clients, ms", "eight_ms", f"< {MOST_MS:g}"),
        ("a slice, one client, ms", "one_ms", ""),
    ):
        rows.append((label, *(f"{found[key][k]:.2f}" for k in ("median", "p95", "max")), asked))
    for label, key in (
        ("at the start", "idle_mb"),
        ("all runs in the Grand Tour", "opened_mb"),
        (f"all {found['pages']} pages and all they ask for", "memory_mb"),
        ("everything a second time", "again_mb"),
    ):
        rows.append((f"memory, {label}, MB", f"{found[key]:.0f}", "", "", f"< {MOST_MB:g}"))
    served.report("The server", found, rows, options.json)


if __name__ == "__main__":
    main()
