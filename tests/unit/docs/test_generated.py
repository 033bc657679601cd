"""Pages that are made of the code say what the code says now; links name every parameter that is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import gt.docs
from tests.docs.__main__ import PAGES
from tests.docs.commands import commands
from tests.docs.docstring import take_apart

ROOT = Path(__file__).parents[3]
READ = re.compile(
    r"""\b(?:query|text)\.(?:get|getAll|set|has)\("(\w+)"|\btake\("(\w+)"|\blist\("(\w+)"\)"""
)
#: pages give their arguments by the address
ARGUMENT = re.compile(r"^def layout\(([^)]*)\)", re.M)


@pytest.mark.parametrize("file", PAGES)
def test_a_generated_page_is_current(file: str) -> None:
    assert gt.docs.source(file) == PAGES[file](), "python -m tests.docs writes it anew"


def test_commands_are_found_in_a_list_of_any_library() -> None:
    argparse = (
        "usage: gt COMMAND\n\npositional arguments:\n  COMMAND\n    record    train\n"
        "              on\n    info      print\n\noptions:\n  -h, --help  x"
    )
    rich = "╭─ Commands ───╮\n│ record   train │\n│ info     print │\n╰──────────────╯\n"
    assert commands(argparse) == commands(rich) == ["record", "info"]


def test_the_page_of_links_names_every_parameter_that_pages_read() -> None:
    read: set[str] = set()
    for module in (ROOT / "assets/js").rglob("*.mjs"):
        for match in READ.finditer(module.read_text("utf-8")):
            read |= {one for one in match.groups() if one}
    for page in (ROOT / "pages").glob("*.py"):
        for match in ARGUMENT.finditer(page.read_text("utf-8")):
            read |= set(re.findall(r"(?<!\*)\b(\w+): ", match[1])) - {"_", "topic"}
    assert {"run", "layer", "epoch", "frame", "select", "rows", "point", "seed", "play"} <= read
    said = set(re.findall(r"^\| `(\w+)` \|", gt.docs.source("reference/links.md"), re.M))
    assert read == said, "gt/docs/reference/links.md"


def test_a_docstring_is_taken_apart() -> None:
    found = take_apart(
        "Do.\n\n    More.\n\n    Args:\n        a: One\n            thing.\n        b, c: Others.\n\n"
        "    Returns:\n        ``(n,)``: it.\n\n    Raises:\n        ValueError: If not.\n    "
    )
    assert found.text == "Do.\n\nMore."
    assert found.entries["Args"] == {"a": "One thing.", "b": "Others.", "c": "Others."}
    assert found.prose["Returns"] == "``(n,)``: it."
    assert found.entries["Raises"] == {"ValueError": "If not."}
