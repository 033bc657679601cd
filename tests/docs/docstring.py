"""Google docstrings taken apart: a text, and sections of entries."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field

SECTIONS = ("Args", "Returns", "Yields", "Raises", "Attributes")
_HEAD = re.compile(rf"^({'|'.join(SECTIONS)}):$")
_ENTRY = re.compile(r"^(\*{0,2}\w[\w.]*(?:, \*{0,2}\w+)*)(?: \([^)]*\))?:(?: |$)(.*)", re.S)


@dataclass
class Docstring:
    """What one says.

    Attributes:
        text: All before the sections, as it is laid out.
        entries: By section: names and what is said of them.
        prose: By section: its text as a whole.
    """

    text: str = ""
    entries: dict[str, dict[str, str]] = field(default_factory=dict)
    prose: dict[str, str] = field(default_factory=dict)


def take_apart(raw: str | None) -> Docstring:
    """Read a docstring; whatever is not there is empty."""
    made = Docstring()
    current, lines = "", []

    def close() -> None:
        body = inspect.cleandoc("\n" + "\n".join(lines)) if lines else ""
        if current:
            made.prose[current] = body
            made.entries[current] = _entries(body)
        else:
            made.text = "\n".join(lines).strip()

    for line in inspect.cleandoc(raw or "").splitlines():
        head = _HEAD.match(line)
        if head:
            close()
            current, lines = head[1], []
        else:
            if current and line and not line.startswith(" "):  # prose goes on after a section
                close()
                current, lines = "", [made.text, "", line]
                continue
            lines.append(line)
    close()
    return made


def _entries(body: str) -> dict[str, str]:
    found: dict[str, str] = {}
    last = ""
    for line in body.splitlines():
        match = _ENTRY.match(line)
        if match and not line.startswith(" "):
            last = match[1]
            found[last] = match[2].strip()
        elif last:
            found[last] = f"{found[last]} {line.strip()}".strip()
    return {one.lstrip("*"): said for names, said in found.items() for one in names.split(", ")}
