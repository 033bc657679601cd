"""What the server costs: ``python -m tests.bench.server``.

Latency of cached tensor slices for eight visitors who ask as fast as they are answered, over kept
connections on this machine; and the memory of the server once all runs are open, announced in all
their layers and every tensor has been asked for.
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


def announcements(visitor: Visitor) -> list[dict[str, Any]]:
    """All runs in all layers that the tour page offers, as the page itself asks for them."""
    known = json.loads(visitor.get("_dash-dependencies", "identity"))
    wired = next(
        one
        for one in known
        if f"{ids.TOUR_ANNOUNCEMENT_STORE}.data" in one["output"] and not one["clientside_function"]
    )
    names = [out.split(".") for out in wired["output"].strip(".").split("...")]
    outputs = [{"id": name, "property": part} for name, part in names]
    page = _page(visitor, known)
    runs, layers = (_options(page, name) for name in (ids.TOUR_RUN, ids.TOUR_LAYER))
    found = []
    for run in runs:
        for layer in layers:
            values = {ids.TOUR_RUN: run, ids.TOUR_LAYER: layer}
            inputs = [{**one, "value": values[one["id"]]} for one in wired["inputs"]]
            asked = {"output": wired["output"], "outputs": outputs, "inputs": inputs}
            answer = visitor.post(
                "_dash-update-component", asked | {"changedPropIds": [f"{ids.TOUR_RUN}.value"]}
            )
            store = answer["response"].get(ids.TOUR_ANNOUNCEMENT_STORE)
            if store:  # not every run has every layer
                found.append(store["data"])
    return found


def _page(visitor: Visitor, known: list[dict[str, Any]]) -> Any:
    """The layout of ``/grand-tour``, through the callback of Dash's pages."""
    wired = next(one for one in known if "_pages_content.children" in one["output"])
    values = {"pathname": "/grand-tour", "search": ""}
    inputs = [{**one, "value": values[one["property"]]} for one in wired["inputs"]]
    names = [out.split(".") for out in wired["output"].strip(".").split("...")]
    asked = {
        "output": wired["output"],
        "outputs": [{"id": name, "property": part} for name, part in names],
        "inputs": inputs,
        "changedPropIds": [f"{one['id']}.{one['property']}" for one in inputs],
    }
    return visitor.post("_dash-update-component", asked)


def _options(tree: Any, component: str) -> list[str]:
    """The values a select offers, wherever in a layout it is."""
    if isinstance(tree, list):
        return next(filter(None, (_options(one, component) for one in tree)), [])
    if not isinstance(tree, dict):
        return []
    if tree.get("id") == component and "options" in tree:
        return [one["value"] for one in tree["options"]]
    return _options(list(tree.values()), component)


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


def measure(runs: list[str]) -> dict[str, Any]:
    """Start the app, ask for everything once, then measure."""
    with served.app(runs) as (process, address):
        idle = memory_mb(process.pid)
        visitor = Visitor(address)
        start = time.perf_counter()
        announced = announcements(visitor)
        announcing = time.perf_counter() - start
        slices = [
            s["url"] for a in announced for split in a["splits"].values() for s in split["slices"]
        ]
        parts = [
            split[part]["url"]
            for a in announced
            for split in a["splits"].values()
            for part in ("ids", "labels", "images")
            if split[part]
        ]
        for url in {*slices, *parts}:
            visitor.get(url)
        eight, rate = latencies(address, slices, CLIENTS)
        one, _ = latencies(address, slices, 1)
        return {
            "runs": sorted({a["run"] for a in announced}),
            "announcements": len(announced),
            "announcing_s": round(announcing, 2),
            "clients": CLIENTS,
            "requests": len(eight),
            "eight_ms": served.spread(eight)
            | {"p95": round(statistics.quantiles(eight, n=20)[-1], 3)},
            "one_ms": served.spread(one) | {"p95": round(statistics.quantiles(one, n=20)[-1], 3)},
            "requests_per_s": round(rate),
            "idle_mb": round(idle, 1),
            "memory_mb": round(memory_mb(process.pid), 1),
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
    memory = f"{found['memory_mb']:.0f}"
    rows.append((f"memory, {len(found['runs'])} runs, MB", memory, "", "", f"< {MOST_MB:g}"))
    served.report("The server", found, rows, options.json)


if __name__ == "__main__":
    main()
