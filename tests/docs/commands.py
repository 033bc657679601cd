"""The page of the commands: what ``gt --help`` and the help of each command print, whatever makes these texts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

WIDTH = 96  # characters of a line
_HEAD = """# Commands

What `gt --help` prints, and each command with `--help`. Written by `python -m tests.docs`.
"""
#: as the installed script does; what it is called is in the texts
_ENTER = """import sys
from importlib.metadata import entry_points
sys.argv[0] = "gt"
[script] = entry_points(group="console_scripts", name="gt")
sys.exit(script.load()())"""
_COMMAND = re.compile(r"^[\s│|]+([a-z][a-z-]+)\s{2,}\S")
_BEGINS = re.compile(r"commands|positional arguments", re.IGNORECASE)


def page() -> str:
    """The Markdown of the page."""
    whole = printed()
    names = commands(whole)
    with ThreadPoolExecutor(2) as several:
        texts = list(several.map(printed, names))
    parts = [_HEAD, _fence(whole)]
    for name, text in zip(names, texts, strict=True):
        parts.append(f"## gt {name}\n\n{_fence(text)}")
    return "\n".join(parts)


def printed(*words: str) -> str:
    """What a command says of itself, in lines of one width and without colours."""
    own = {"COLUMNS": str(WIDTH), "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            _ENTER,
            *words,
            "--help",
        ],
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    lines = [line.rstrip() for line in done.stdout.strip().splitlines()]
    return "\n".join(lines)


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
