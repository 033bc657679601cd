"""Servers of their own for the benchmarks: a process, a free port, an empty cache."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60  # for a server to answer


@contextlib.contextmanager
def process(command: Sequence[str]) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Run a server until the block ends.

    Args:
        command: What Python is to run; ``{port}`` stands for a free port.

    Yields:
        The process, and the address it serves, ending in a slash.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as sink:
            served = subprocess.Popen(
                [sys.executable, *(part.format(port=port) for part in command)],
                cwd=ROOT,
                env=os.environ | {"XDG_CACHE_HOME": folder, "PYTHONUNBUFFERED": "1"},
                stdout=sink,
                stderr=subprocess.STDOUT,
            )
        try:
            address = f"http://127.0.0.1:{port}/"
            _wait(served, address, log)
            yield served, address
        finally:
            served.terminate()
            served.wait(timeout=20)


def app(runs: Sequence[str], *options: str) -> contextlib.AbstractContextManager[Any]:
    """The dashboard as ``python app.py`` serves it, with more options if there are any."""
    asked = ["app.py", "--port", "{port}", *options, *(["--runs", *runs] if runs else [])]
    return process(asked)


def asked(options: argparse.Namespace) -> contextlib.AbstractContextManager[Any]:
    """The dashboard that ``--address`` says runs already, see `at_address`, or one of its own."""
    return contextlib.nullcontext((None, options.address)) if options.address else app(options.runs)


def at_address(parser: argparse.ArgumentParser) -> None:
    """Take the address of a server that runs already."""
    parser.add_argument("--address", help="of a server that runs already, ending in a slash")


def _wait(served: subprocess.Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).read()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
            if served.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"no server at {address}: {error}\n{log.read_text()}") from error
            time.sleep(0.05)


def arguments(description: str) -> argparse.ArgumentParser:
    """The options that the benchmarks share."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--runs", nargs="+", default=[], metavar="DIR", help="runs beside those that ship"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures too")
    return parser


def report(
    title: str, figures: dict[str, Any], rows: Sequence[Sequence[str]], to: Path | None
) -> None:
    """Print a table, then the same and more as one line of JSON."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    print(title)
    for row in rows:
        cells = [
            row[0].ljust(widths[0]),
            *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)),
        ]
        print("  " + "   ".join(cells))
    text = json.dumps(figures)
    print(text)
    if to:
        to.write_text(text + "\n", "utf-8")


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, smallest and largest, rounded for reading."""
    return {
        "median": round(statistics.median(values), 3),
        "min": round(min(values), 3),
        "max": round(max(values), 3),
    }
