"""Functions fit a screen, files a sitting; the few that do not say why, where one begins to read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES, MOST_OF_A_FILE = 60, 400
REASON = "# long: "
FILES = [*ROOT.glob("gt/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "app.py"]


def too_long(source: str) -> Iterator[str]:
    """Functions of a file, from ``def`` to the last line, that are long and do not say why."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
        if length > MOST_LINES and not reasoned(lines[: first - 1][-1:]):
            yield f"{node.name}: {length} lines"


def reasoned(lines: list[str]) -> bool:
    """Whether one of some lines is a reason, and not the mark of one alone."""
    return any(one.strip().startswith(REASON) and one.strip() != REASON.strip() for one in lines)


def test_a_function_is_short_or_says_above_why_not():
    found = {
        str(file.relative_to(ROOT)): long
        for file in FILES
        if (long := list(too_long(file.read_text(encoding="utf-8"))))
    }
    assert not found, (
        f"split these by what they do, or say why in a line above that begins with “{REASON}”"
    )


def test_a_file_is_short_or_says_at_its_top_why_not():
    sources = {file: file.read_text(encoding="utf-8").splitlines() for file in FILES}
    found = {
        str(file.relative_to(ROOT)): len(lines)
        for file, lines in sources.items()
        if len(lines) > MOST_OF_A_FILE and not reasoned(lines[:1])
    }
    assert not found, f"split these, or say why in a first line that begins with “{REASON}”"


def function(lines: int, above: str = "", of: str = "def") -> str:
    """Source of a function of so many lines, one of them nested where it may be."""
    return f"class Room:\n{above}    {of} go():\n" + "        pass\n" * (lines - 1)


@pytest.mark.parametrize("of", ["def", "async def"])
@pytest.mark.parametrize("above", ["", "    # a comment\n", "    # long:\n", "    @cached\n"])
def test_a_long_function_without_a_reason_is_found(of, above):
    assert list(too_long(function(61, above, of))) == ["go: 61 lines"]
    assert not list(too_long(function(60, above, of)))


@pytest.mark.parametrize("above", ["    # long: all one\n", "    # long: all one\n    @cached\n"])
def test_a_reason_counts_above_the_function_and_its_decorators_only(above):
    assert not list(too_long(function(61, above)))
    assert list(too_long(function(61, "    # long: all one\n    x = 1\n"))) == ["go: 61 lines"]


def test_all_files_are_looked_at():
    names = {str(file.relative_to(ROOT)) for file in FILES}
    assert {"app.py", "pages/home.py", "gt/cli/serve.py", "gt/ui/compare/page.py"} <= names
