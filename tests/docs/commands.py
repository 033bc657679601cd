"""The page of the commands: what ``gt --help`` and the help of each command print, whatever makes these texts."""

from __future__ import annotations

import os
import re
import subprocess
import sys

WIDTH = 96  # characters of a line
_HEAD = """# Commands

What `gt --help` prints, and each command with `--help`. Written by `python -m tests.docs`.
"""
#: as the installed script does, once for each argument; what it is called is in the texts
_ENTER = """import contextlib
import io
import sys
from importlib.metadata import entry_points
[script] = entry_points(group="console_scripts", name="gt")
enter = script.load()
for command in sys.argv[1:]:
    sys.argv = ["gt", *command.split(), "--help"]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        try:
            status = enter()
        except SystemExit as left:
            status = left.code
    if status:
        sys.exit(f"gt {command} --help: {status}")
    print(said.getvalue(), end="\\0")"""
_COMMAND = re.compile(r"^[\s│|]+([a-z][a-z-]+)\s{2,}\S")
_BEGINS = re.compile(r"commands|positional arguments", re.IGNORECASE)


def page() -> str:
    """The Markdown of the page."""
    [whole] = printed("")
    names = commands(whole)
    parts = [_HEAD, _fence(whole)]
    for name, text in zip(names, printed(*names), strict=True):
        parts.append(f"## gt {name}\n\n{_fence(text)}")
    return "\n".join(parts)


def printed(*commands: str) -> list[str]:
    """What each of some commands says of itself, in lines of one width and without colours; "" is ``gt`` itself.

    All in one process: most of the time of each would be Python's own start.
    """
    own = {"COLUMNS": str(WIDTH), "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", _ENTER, *commands],
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    texts = done.stdout.split("\0")[:-1]
    return ["\n".join(line.rstrip() for line in one.strip().splitlines()) for one in texts]


def commands(whole: str) -> list[str]:
    """The names in the list of commands, in its order."""
    found: list[str] = []
    listed = False
    for line in whole.splitlines():
        if _BEGINS.search(line):
            listed = True
        elif listed and line and not line.startswith((" ", "│", "|", "╰")):
            break
        match = _COMMAND.match(line) if listed else None
        if match:
            found.append(match[1])
    return found


def _fence(text: str) -> str:
    return f"```text\n{text}\n```\n"
