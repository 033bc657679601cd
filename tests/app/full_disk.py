"""A server whose disk is full, as a process of its own: its files can grow to so many bytes and no further.

``python -m tests.app.full_disk RUNS CACHE BYTES WHEN``; WHEN is "before" or "after" the app is made. Prints, as
JSON, the status of every page, of every tensor that the pages announce, and what was logged.
"""

from __future__ import annotations

import json
import logging
import re
import resource
import signal
import sys
from pathlib import Path
from typing import Any


def main(runs: str, cache: str, most: str, when: str) -> None:
    import app
    from tests.app.conftest import PAGES, Client
    from tests.app.pages import Pages

    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    app.SHIPPED = Path(runs)
    if when == "before":
        fill(int(most))
    made = app.create_app([], cache)
    if when == "after":
        fill(int(most))
    made.server.test_client_class = Client
    pages = Pages(made)
    status, tensors = {}, {}
    for path in PAGES:
        answer = pages.raw(path, "?run=mnist")
        status[path] = answer.status_code
        for url in set(re.findall(r"tensors/[0-9a-f]{32}", json.dumps(answer.get_json()))):
            tensors[url] = pages.client.get(f"/{url}").status_code
    print(json.dumps({"pages": status, "tensors": tensors, "said": said}))


def fill(most: int) -> None:
    """No file may become larger than so."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


if __name__ == "__main__":
    arguments: Any = sys.argv[1:]
    main(*arguments)
