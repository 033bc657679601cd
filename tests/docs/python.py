"""The page of the public names: signatures and docstrings, package by package."""

from __future__ import annotations

import ast
import re
from importlib import import_module

from tests.docs.docstring import take_apart
from tests.docs.public import PACKAGES, Name, is_property, names, signature

_HEAD = """# Python

The public names, with what they take, give and raise. Shapes: n points, p dimensions, k classes, e epochs. Written by
`python -m tests.docs` from the docstrings.
"""


def page() -> str:
    """The Markdown of the page."""
    every = names()
    parts = [_HEAD]
    for package in PACKAGES:
        own = [one for one in every if one.path.rpartition(".")[0] == package]
        said = take_apart(import_module(package).__doc__).text
        parts.append(f"## {package}\n\n{_text(said)}\n")
        parts += [_entry(one, "###") for one in own]
    return "\n".join(parts)


def _entry(name: Name, level: str) -> str:
    if name.node is None:
        return f"{level} {name.path}\n\nA constant, {_kind(name.value)}.\n"
    said = take_apart(ast.get_docstring(name.node))
    parts = [f"{level} {name.path}\n\n```python\n{signature(name)}\n```\n\n{_text(said.text)}\n"]
    for title in ("Attributes", "Args", "Returns", "Yields", "Raises"):
        if said.prose.get(title):
            parts.append(_section(title, said.entries[title], said.prose[title]))
    methods = [one for one in name.members if not is_property(one)]
    properties = [one for one in name.members if is_property(one)]
    if properties:
        parts.append("*Properties*\n\n" + "\n".join(_line(one) for one in properties) + "\n")
    parts += [_entry(one, "####") for one in methods]
    return "\n".join(parts)


def _line(name: Name) -> str:
    said = take_apart(ast.get_docstring(name.node)) if name.node else None
    return f"- `{signature(name)}`: {_one_line(said.text if said else '')}"


def _section(title: str, entries: dict[str, str], prose: str) -> str:
    if title in ("Returns", "Yields") or not entries:
        return f"*{title}*: {_one_line(prose)}\n"
    lines = [f"- `{one}`: {_one_line(said)}" for one, said in entries.items()]
    return f"*{title}*\n\n" + "\n".join(lines) + "\n"


def _kind(value: object) -> str:
    return f"`{value!r}`" if isinstance(value, int | float | str) else f"a `{type(value).__name__}`"


def _text(text: str) -> str:
    """A docstring's text as Markdown: one kind of code; blocks that are set in become fences."""
    blocks = re.split(r"\n{2,}", text)
    made = []
    for block in blocks:
        if block.startswith("    "):
            code = "\n".join(line[4:] for line in block.splitlines())
            if made and made[-1].startswith("```"):
                made[-1] = made[-1].removesuffix("\n```") + f"\n\n{code}\n```"
            else:
                made.append(f"```python\n{code}\n```")
        else:
            made.append(
                _one_line(re.sub("::$", ":", block)) if block.endswith("::") else _marked(block)
            )
    return "\n\n".join(made)


def _marked(text: str) -> str:
    return _escaped(text.replace("``", "`"))


def _one_line(text: str) -> str:
    return _marked(" ".join(text.split()))


def _escaped(text: str) -> str:
    """Outside of code, letters that Markdown would take for mark-up."""
    pieces = text.split("`")
    pieces[::2] = [re.sub(r"([*_<\[])", r"\\\1", one) for one in pieces[::2]]
    return "`".join(pieces)
