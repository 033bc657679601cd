"""How long until something is there: ``python -m tests.bench.start``.

``gt``, ``gt --help`` and ``gt serve --help`` against ``python -c pass``; ``python app.py`` to its first answer against
an empty Dash app on the same WSGI server. All take turns, so that whatever else the machine does falls on each.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench import served

GT = (sys.executable, "-m", "gt.cli")
EMPTY = """
import sys, waitress
from dash import Dash, html

app = Dash(__name__)
app.layout = html.Div()
waitress.serve(app.server, host="127.0.0.1", port=int(sys.argv[1]), threads=8)
"""


def ended(*command: str) -> Callable[[], float]:
    """How many ms a command takes to its end."""

    def measured() -> float:
        started = time.perf_counter()
        subprocess.run(command, cwd=served.ROOT, stdout=subprocess.DEVNULL, check=True)
        return 1000 * (time.perf_counter() - started)

    return measured


def answered(*command: str) -> Callable[[], float]:
    """How many ms a server takes to its first answer; its cache is empty."""

    def measured() -> float:
        started = time.perf_counter()
        with served.process(command):
            return 1000 * (time.perf_counter() - started)

    return measured


def measure(repetitions: int) -> dict[str, Any]:
    """Medians and ratios, after one round that does not count."""
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.py"
        empty.write_text(EMPTY, "utf-8")
        what = {
            "python -c pass": ended(sys.executable, "-c", "pass"),
            "gt": ended(*GT),
            "gt --help": ended(*GT, "--help"),
            "gt serve --help": ended(*GT, "serve", "--help"),
            "empty Dash app": answered(str(empty), "{port}"),
            "python app.py": answered("app.py", "--port", "{port}"),
        }
        times: dict[str, list[float]] = {name: [] for name in what}
        for _ in range(repetitions + 1):
            for name, measured in what.items():
                times[name].append(measured())
    middle = {name: statistics.median(one[1:]) for name, one in times.items()}
    against = {
        name: "python -c pass" if name.startswith("gt") else "empty Dash app" for name in what
    }
    return {
        name: {
            **served.spread(times[name][1:]),
            "ratio": round(middle[name] / middle[against[name]], 2),
            "against": against[name],
        }
        for name in what
        if name not in against.values()
    } | {name: served.spread(times[name][1:]) for name in set(against.values())}


def main() -> None:
    """Measure and print."""
    parser = served.arguments(__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=7, metavar="N", help="(%(default)s)")
    options = parser.parse_args()
    found = measure(options.repetitions)
    rows = [("", "median, ms", "min", "max", "ratio")]
    for name, one in found.items():
        ratio = f"{one['ratio']:.2f} of {one['against']}" if "ratio" in one else ""
        rows.append((name, *(f"{one[k]:.0f}" for k in ("median", "min", "max")), ratio))
    served.report("From the command to the first answer", found, rows, options.json)


if __name__ == "__main__":
    main()
