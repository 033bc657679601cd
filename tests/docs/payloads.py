"""The page of the payloads: their types as tables, with the comments beside their fields."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from types import ModuleType

from gt import state
from gt.serve import payloads
from gt.views import kinds

MODULES = (payloads, state, kinds)

_HEAD = """# Payloads

What server and browser tell each other through Dash's stores, as JSON. Arrays do not travel here: a payload says where
they are (`Tensor`, `Slice`). What the server announces comes first, then what the browser writes, then named views.
Written by `python -m tests.docs`.
"""


def page() -> str:
    """The Markdown of the page."""
    return "\n".join([_HEAD, *(part for module in MODULES for part in _parts(module))])


def _parts(module: ModuleType) -> Iterator[str]:
    """A section for each type that a module defines."""
    source = inspect.getsource(module)
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            yield _type(node, lines)
        elif isinstance(node, ast.Assign):
            yield _name(node, lines)


def _name(node: ast.Assign, lines: list[str]) -> str:
    said = _comment(lines, node)
    meaning = f"`{ast.unparse(node.value)}`" + (f": {said}" if said else "")
    return f"## {ast.unparse(node.targets[0])}\n\n{meaning}\n"


def _type(node: ast.ClassDef, lines: list[str]) -> str:
    said = " ".join((ast.get_docstring(node) or "").split())
    bases = [ast.unparse(one) for one in node.bases if ast.unparse(one) != "TypedDict"]
    more = f" What `{bases[0]}` has, and:" if bases else ""
    rows = [
        f"| `{ast.unparse(one.target)}` | `{_cell(ast.unparse(one.annotation))}` | {_cell(_comment(lines, one))} |"
        for one in node.body
        if isinstance(one, ast.AnnAssign)
    ]
    return (
        f"## {node.name}\n\n{said}{more}\n\n| field | type | |\n|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def _comment(lines: list[str], node: ast.stmt) -> str:
    """Behind a field, or in a line of its own before it."""
    before = lines[node.lineno - 2].strip()
    behind = lines[(node.end_lineno or node.lineno) - 1].partition("  # ")[2]
    return behind or (before.removeprefix("#: ") if before.startswith("#: ") else "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
