"""Measure, and write what was measured into the documentation.

    python -m tests.bench                    # lists what there is
    python -m tests.bench frames startup     # measures these, one after the other

What a bench prints goes into ``gt/docs/benchmarks.md``, with the date and the machine, in the place of what it said
last; whatever else is on the page stays. A bench that fails, or misses its bar, changes nothing there.
"""

from __future__ import annotations

import ast
import datetime
import os
import platform
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "gt/docs/benchmarks.md"
START = "<!-- benches -->"  # behind it everything is theirs
HEADING = "## What the benches said last"
_ENTRY = re.compile(r"^### (\w+)\n(.*?)(?=^### |\Z)", re.M | re.S)


def benches() -> dict[str, str]:
    """What can be measured: the modules that can be run, and the first line of each."""
    found = {}
    for path in sorted(HERE.glob("*.py")):
        text = path.read_text("utf-8")
        if path.stem != "__main__" and '__name__ == "__main__"' in text:
            said = ast.get_docstring(ast.parse(text)) or ""
            line = said.splitlines()[0].partition(": ``python")[0].rstrip(".:")
            found[path.stem] = line.replace("``", "`")
    return found


def machine() -> str:
    """Processor, cores, memory and versions; no name of a machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()},"
        f" Python {platform.python_version()}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    named = re.search(r"^model name\s*: (.*)$", lines, re.M)
    return named[1].strip() if named else platform.machine()


def updated(page: str, name: str, title: str, said: str, when: str) -> str:
    """A page with what one bench said, in the place of what it said last.

    Args:
        page: The Markdown.
        name: Of the bench.
        title: What it measures.
        said: What it printed; lines of JSON, for machines, are left out.
        when: Date, machine and load.

    Returns:
        The Markdown with it, benches by name.
    """
    before, _, after = page.partition(START)
    kept = {found[1]: found[0].strip() for found in _ENTRY.finditer(after)}
    lines = [line.rstrip() for line in said.splitlines() if not line.startswith(("{", "["))]
    text = "\n".join(lines).strip()
    kept[name] = f"### {name}\n\n{title}. {when}\n\n```text\n{text}\n```"
    return before + "\n\n".join([START, HEADING, *(kept[key] for key in sorted(kept))]) + "\n"


def main(asked: Sequence[str]) -> int:
    """List the benches, or measure some."""
    there = benches()
    unknown = [name for name in asked if name not in there]
    if unknown:
        print(f"no bench {', '.join(unknown)}; there are {', '.join(there)}", file=sys.stderr)
        return 2
    if not asked:
        print("\n".join(f"{name:12} {title}" for name, title in there.items()))
        return 0
    failed = 0
    for name in asked:
        load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
        command = [sys.executable, "-m", f"tests.bench.{name}"]
        done = subprocess.run(command, cwd=HERE.parents[1], stdout=subprocess.PIPE, text=True)
        print(done.stdout, end="", flush=True)
        if done.returncode:
            print(f"{name}: not written, it ended with {done.returncode}", file=sys.stderr)
            failed = 1
            continue
        when = f"{datetime.date.today()}, {machine()}, load {load:.1f} at the start."
        page = updated(PAGE.read_text("utf-8"), name, there[name], done.stdout, when)
        PAGE.write_text(page, "utf-8")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
