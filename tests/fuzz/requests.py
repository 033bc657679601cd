"""Hostile requests against the whole app: ``python -m tests.fuzz.requests --count 13000``.

Every request is made from a seed and a number, so that any one of them can be made again (``--only 4711``). Most go to
the app through a client in the same process, some as bytes through a socket to a real server. Of each answer it must be
true that its status is below 500, that it tells nothing of the machine (no traceback, no path), that what was sent as a
script comes back as none, and that it carries the headers that forbid guessing what it is. Memory is read before and
after.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import json
import logging
import random
import socket
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import flask
import psutil
from flask.testing import EnvironBuilder

from tests.app.conftest import PAGES, components, spelt
from tests.fuzz import hostile

ROOT = Path(__file__).resolve().parents[2]
MOST_GROWTH_MB = 150.0  # of memory, over all requests after the first few hundred
FIELDS = ("perplexity", "iterations", "x")  # parameters of methods, and one that is none
PREFIX = "/_dash-update-component"


class Fuzz:
    """An app under fire.

    Args:
        folder: For runs and cache, and for nothing else: it must not be named in any answer.
        seed: Decides every request.
    """

    def __init__(self, folder: Path, seed: int = 1):
        import app
        from tests.conftest import write_small_runs

        shipped = folder / "nothing-shipped"
        shipped.mkdir()
        self.secrets = [str(ROOT).encode(), str(folder).encode(), b"Traceback (most", b'File "']
        self.seed = seed
        with mock.patch.object(app, "SHIPPED", shipped):
            self.app = app.create_app([write_small_runs(folder / "runs")], folder / "cache")
        self.app._background_manager.call_job_fn = _no_job  # what is computed is not the question
        self.raised = ""
        flask.got_request_exception.connect(self._note, self.app.server)
        self.client = self.app.server.test_client()
        self.client.get("/")
        self.callbacks = [
            one
            for one in self.client.get("/_dash-dependencies").get_json()
            if not one["clientside_function"]
        ]
        self.known = self._values()
        self.upload = self._uploaded()
        self.names = ["mnist", "shapes", "held-out", "wide"]
        self.kinds: list[tuple[str, int, Callable[[random.Random], Any]]] = [
            ("callback, damaged values", 8, self._values_damaged),
            ("callback, damaged anywhere", 5, self._body_damaged),
            ("callback, raw body", 2, self._raw_body),
            ("page by its callback", 2, self._page_asked),
            ("page by its address", 2, self._page),
            ("route", 4, self._route),
            ("file", 2, self._file),
            ("headers and methods", 3, self._headers),
            ("runs and uploads", 4, self._asked_of_runs),
        ]

    def ask(self, number: int) -> tuple[str, int, str]:
        """Make one request; returns its kind, the status, and what is wrong with the answer."""
        rng = random.Random(f"{self.seed}-{number}")
        names, weights, makers = zip(*self.kinds, strict=True)
        [place] = rng.choices(range(len(names)), weights)
        asked = makers[place](rng)
        try:
            sent = EnvironBuilder(self.app.server, **asked)
        except ValueError:  # the client itself would not send it
            return names[place], 0, ""
        answer = self.client.open(sent, buffered=True)
        return names[place], answer.status_code, self.wrong(answer.status_code, answer, asked)

    def wrong(self, status: int, answer: Any, asked: Any) -> str:
        """What is wrong with an answer; empty if nothing is."""
        said, text = dict(answer.headers), answer.data
        if status >= 500:
            return f"status {status}: {self.raised}"
        if found := [one for one in self.secrets if one in text]:
            return f"tells {found[0]!r}"
        if said.get("X-Content-Type-Options") != "nosniff" or "X-Injected" in said:
            return "headers"
        if "Content-Security-Policy" not in said:
            return "no policy"
        html = answer.mimetype == "text/html"
        if html and hostile.SCRIPT.encode() in text:
            return "a script came back"
        return ""

    def _note(self, _: Any, exception: Exception, **__: Any) -> None:
        """Where a request failed: the last line of ours, or Dash's where there is none."""
        frames = traceback.extract_tb(exception.__traceback__)
        ours = [one for one in frames if one.filename.startswith(str(ROOT))] or frames
        place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
        self.raised = f"{type(exception).__name__} at {place}: {str(exception)[:80]!r}"

    def _values(self) -> dict[tuple[str, str], list[Any]]:
        """What components of all pages say, by id and property."""
        known: dict[tuple[str, str], list[Any]] = collections.defaultdict(list)
        router = next(c for c in self.callbacks if "_pages_content.children" in c["output"])
        for page in PAGES:
            answer = self.client.post(PREFIX, json=self._request(router, [page, ""], []))
            layout = json.loads(answer.data)["response"]["_pages_content"]["children"]
            for one in components(layout):
                if "id" in one["props"]:
                    for name, value in one["props"].items():
                        known[spelt(one["props"]["id"]), name].append(value)
        return known

    def _uploaded(self) -> str:
        """A file that was brought, whole."""
        table = b"a,b\n1,2\n3,5\n"
        files = {"files": [{"name": "a.csv", "size": len(table)}]}
        name: str = self.client.post("/uploads", json=files).get_json()["upload"]
        self.client.post(f"/uploads/{name}/0?at=0", data=table)
        return name

    def _good(self, rng: random.Random, place: dict[str, str]) -> Any:
        found = self.known.get((spelt(place["id"]), place["property"]))
        return rng.choice(found) if found else rng.choice([None, 1, "mnist", {}, []])

    def _request(
        self, callback: dict[str, Any], inputs: list[Any], state: list[Any], more: int = 2
    ) -> Any:
        """The body of a request as the browser would send it."""
        multi = callback["output"].startswith("..")
        names = callback["output"][2:-2].split("...") if multi else [callback["output"]]
        parts = [name.rsplit(".", 1) for name in names]
        outputs = [{"id": i, "property": p.split("@")[0]} for i, p in parts]

        def given(declared: list[dict[str, str]], values: list[Any]) -> list[Any]:
            return [_place(one, value, more) for one, value in zip(declared, values, strict=True)]

        return {
            "output": callback["output"],
            "outputs": outputs if multi else outputs[0],
            "inputs": given(callback["inputs"], inputs),
            "state": given(callback["state"], state),
            "changedPropIds": [f"{i['id']}.{i['property']}" for i in callback["inputs"]],
        }

    def _filled(self, rng: random.Random, share: float) -> Any:
        """A request for some callback; that share of its values is hostile, or damaged."""
        callback = rng.choice(self.callbacks)

        def some(declared: list[dict[str, str]]) -> list[Any]:
            values = [self._good(rng, one) for one in declared]
            for i, value in enumerate(values):
                if rng.random() < share:
                    nested = isinstance(value, dict | list) and value and rng.random() < 0.7
                    values[i] = hostile.damaged(rng, value, 1) if nested else hostile.value(rng)
            return values

        more = rng.choice([2, 2, 0, 1, 3])
        return self._request(callback, some(callback["inputs"]), some(callback["state"]), more)

    def _post(self, rng: random.Random, data: bytes, kind: str = "application/json") -> Any:
        odd = rng.random() < 0.1
        asked = rng.choice(
            ["", "?cacheKey=x&job=1", "?cancelJob=1", "?oldJob=1&oldJob=x", "?endId=x"]
        )
        return {
            "path": PREFIX + (asked if odd else ""),
            "method": "POST",
            "data": data,
            "content_type": kind,
        }

    def _values_damaged(self, rng: random.Random) -> Any:
        return self._post(rng, json.dumps(self._filled(rng, 0.4)).encode())

    def _body_damaged(self, rng: random.Random) -> Any:
        whole = hostile.damaged(rng, self._filled(rng, 0.1), rng.randrange(1, 4))
        return self._post(rng, hostile.body(rng, whole))

    def _raw_body(self, rng: random.Random) -> Any:
        return self._post(rng, rng.choice(hostile.RAW), rng.choice(hostile.KINDS))

    def _page_asked(self, rng: random.Random) -> Any:
        router = next(c for c in self.callbacks if "_pages_content.children" in c["output"])
        path = rng.choice([*PAGES, *hostile.TEXTS])
        return self._post(
            rng, json.dumps(self._request(router, [path, hostile.query(rng)], [])).encode()
        )

    def _page(self, rng: random.Random) -> Any:
        return {"path": rng.choice(PAGES) + hostile.query(rng), "method": "GET"}

    def _route(self, rng: random.Random) -> Any:
        places = {
            "tensors": [["0" * 32]],
            "activations": [self.names, ["0", "1"], ["0", "5"]],
            "kernels": [self.names, ["0", "1"], ["conv1", "fc"]],
            "thumbnails": [self.names, ["0", "0,1,2", ",".join(map(str, range(200)))]],
        }
        name = rng.choice(sorted(places))
        parts = [hostile.segment(rng, good) for good in places[name]]
        return {"path": f"/{name}/{'/'.join(parts)}", "method": "GET"}

    def _asked_of_runs(self, rng: random.Random) -> Any:
        """What the page of all runs asks for, with something wrong in it; no run is deleted."""
        run = rng.choice(self.client.get("/runs/list").get_json()["runs"])
        choices = dict.fromkeys(("label", "time", "point", "coords", "scale", "not_finite"), "")
        upload = rng.choice([self.upload, self.upload, "0" * 32, hostile.segment(rng, ["x"])])
        at = f"/uploads/{upload}"
        path, whole = rng.choice(
            [
                ("/runs/rename", {"key": run["key"], "uid": run["uid"], "title": run["title"]}),
                ("/runs/delete", {"key": run["key"], "uid": "of another"}),
                ("/runs/restore", {"key": "x"}),
                ("/uploads", {"files": [{"name": "a.csv", "size": 10}]}),
                (f"{at}/look", choices),
                (f"{at}/add", {"choices": choices, "title": rng.choice(hostile.TEXTS)}),
                (f"{at}/0?at={rng.choice(['0', '5', '-1', 'x', '9' * 40])}", "a,b"),
                ("/uploads/" + "0" * 32 + "/cancel", {}),
            ]
        )
        if rng.random() < 0.5 and path != "/runs/delete":
            whole = hostile.damaged(rng, whole, rng.randrange(1, 3))
        kind = "application/json" if rng.random() < 0.8 else rng.choice(hostile.KINDS)
        return self._post(rng, hostile.body(rng, whole), kind) | {"path": path}

    def _file(self, rng: random.Random) -> Any:
        start = rng.choice(
            [
                "/assets/",
                "/assets/js/",
                "/static/",
                "/_dash-component-suites/",
                "/_dash-component-suites/dash/dcc/",
                "/_dash-component-suites/plotly/",
                "/_favicon.ico",
                "/_reload-hash",
                "/_dash-layout",
                "/",
            ]
        )
        parts = [
            hostile.segment(rng, ["app.py", "main.mjs", ".."]) for _ in range(rng.randrange(4))
        ]
        return {"path": start + "/".join(parts), "method": rng.choice(["GET", "HEAD"])}

    def _headers(self, rng: random.Random) -> Any:
        path = rng.choice([*PAGES, PREFIX, "/tensors/x", "/assets/gt_bridge.js", "/_dash-layout"])
        return {
            "path": path,
            "method": rng.choice(hostile.METHODS),
            "headers": hostile.headers(rng),
            "data": rng.choice(hostile.RAW) if rng.random() < 0.3 else None,
        }


def _place(declared: dict[str, str], value: Any, count: int) -> Any:
    """An input with its value; of a pattern, some components that fit it."""
    if not declared["id"].startswith("{"):
        return {**declared, "value": value}
    names = json.loads(declared["id"])
    ids = [{k: n if v == ["ALL"] else v for k, v in names.items()} for n in FIELDS[:count]]
    asked = declared["property"]
    return [{"id": i, "property": asked, "value": i if asked == "id" else value} for i in ids]


def _no_job(key: str, job_fn: Any, args: Any, context: Any) -> None:
    from gt.jobs.background import _placed

    _placed(args)


def raw_requests(rng: random.Random) -> bytes:
    """Bytes for a socket: nearly HTTP."""
    host = rng.choice(["localhost", "localhost", *hostile.HOSTS]).encode("latin-1", "replace")
    line = rng.choice(
        [
            b"GET / HTTP/1.1",
            b"GET / HTTP/1.0",
            b"GET /../../etc/passwd HTTP/1.1",
            b"GET http://evil.example/ HTTP/1.1",
            b"GET //evil.example/%2e%2e HTTP/1.1",
            b"POST /_dash-update-component HTTP/1.1",
            b"GET / HTTP/9.9",
            b"GET",
            b"\x16\x03\x01\x02\x00",
            b"GET /" + b"a" * 70_000 + b" HTTP/1.1",
            b"PRI * HTTP/2.0",
            b"OPTIONS * HTTP/1.1",
            b"GET /\xff\x00 HTTP/1.1",
        ]
    )
    more = rng.choice(
        [
            b"",
            b"Content-Length: 5\r\n\r\nhello",
            b"Content-Length: 109000000\r\n",
            b"Content-Length: 5\r\nContent-Length: 6\r\n",
            b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
            b"Transfer-Encoding: gzip\r\n",
            b"X: " + b"y" * 70_000 + b"\r\n",
            b"".join(b"X%d: y\r\n" % i for i in range(3000)),
            b"Host: evil.example\r\n",
            b" folded: x\r\n",
            b"Bad Header: x\r\n",
            b"A\x00B: x\r\n",
        ]
    )
    return line + b"\r\nHost: " + host + b"\r\nConnection: close\r\n" + more + b"\r\n\r\n"


def over_socket(port: int, raw: bytes) -> int:
    """Send bytes, and read the answer to its end; returns its status, 0 for none."""
    found = b""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        with contextlib.suppress(OSError):  # it may have been refused before all of it was sent
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(OSError):
            while some := connection.recv(65_536):
                found += some
    first = found.split(b" ", 2)
    return int(first[1]) if len(first) > 2 and first[0].startswith(b"HTTP/") else 0


@contextlib.contextmanager
def serving(app: Any) -> Iterator[int]:
    """The server as ``python app.py`` starts it, on a free port."""
    from gt.serve import listen

    server = listen.create_server(app.server, "127.0.0.1", 0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server.effective_port
    finally:
        server.close()
        thread.join(5)


def run(count: int, seed: int, folder: Path, numbers: range | None = None) -> dict[str, Any]:
    """Ask all of it; returns counts by kind and status, and what went wrong."""
    fuzz = Fuzz(folder, seed)
    counts: collections.Counter[tuple[str, int]] = collections.Counter()
    wrong: list[str] = []
    process = psutil.Process()
    before = process.memory_info().rss
    for number in numbers or range(count):
        kind, status, problem = fuzz.ask(number)
        counts[kind, status] += 1
        if problem:
            wrong.append(f"{number}: {kind}: {problem}")
        if number == min(500, count // 4):
            before = process.memory_info().rss
    if numbers is None:
        with serving(fuzz.app) as port:
            for number in range(count // 20):
                raw = raw_requests(random.Random(f"raw-{seed}-{number}"))
                status = over_socket(port, raw)
                counts["bytes through a socket", status] += 1
                if status >= 500 and status != 501:  # 501: an encoding that is not known
                    wrong.append(f"raw {number}: status {status}")
    growth = (process.memory_info().rss - before) / 1e6
    if growth > MOST_GROWTH_MB:
        wrong.append(f"memory grew by {growth:.0f} MB")
    return {"counts": counts, "wrong": wrong, "growth_mb": growth}


def main() -> int:
    """Ask, and say what came."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=13_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="make this one request, with its log")
    options = parser.parse_args()
    if options.only is None:
        logging.disable(logging.ERROR)
    numbers = None if options.only is None else range(options.only, options.only + 1)
    with tempfile.TemporaryDirectory() as folder:
        found = run(options.count, options.seed, Path(folder), numbers)
    statuses = sorted({status for _, status in found["counts"]})
    for kind in dict.fromkeys(kind for kind, _ in found["counts"]):
        row = {s: found["counts"][kind, s] for s in statuses if found["counts"][kind, s]}
        print(f"{sum(row.values()):6}  {kind}: " + ", ".join(f"{n} × {s}" for s, n in row.items()))
    total = sum(found["counts"].values())
    print(f"{total:6}  in all; {len(found['wrong'])} wrong; memory {found['growth_mb']:+.0f} MB")
    for one in found["wrong"][:200]:
        print(one)
    return 1 if found["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
