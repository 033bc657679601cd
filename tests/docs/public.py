"""The public names of the package, as their source says them: what the reference prints and what its test reads.

Signatures are taken from the source and not from objects, so that every version of Python prints the same.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

#: a name that several of these export is of the first
PACKAGES = (
    "gt",
    "gt.run",
    "gt.bring",
    "gt.record",
    "gt.tour",
    "gt.align",
    "gt.embed",
    "gt.measure.embeddings",
    "gt.measure.views",
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Name:
    """A public name.

    Attributes:
        path: By which one asks for it: ``gt.tour.rotate_plane``.
        value: What it is.
        node: Its definition; None for a constant.
        members: Public methods and properties, with their own paths.
    """

    path: str
    value: Any
    node: ast.ClassDef | Function | None
    members: tuple[Name, ...] = ()


def names() -> list[Name]:
    """All of them, package by package."""
    seen: set[int] = set()
    found = []
    for package in PACKAGES:
        module = import_module(package)
        for word in exported(module):
            value = getattr(module, word)
            if isinstance(value, ModuleType) or id(value) in seen:
                continue
            seen.add(id(value))
            found.append(_name(f"{package}.{word}", value))
    return found


def exported(module: ModuleType) -> list[str]:
    """What a package offers: its ``__all__``, or what it imports under the same name once more."""
    if hasattr(module, "__all__"):
        return sorted(module.__all__)
    tree = ast.parse(inspect.getsource(module))
    again = [
        one.asname
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for one in node.names
        if one.asname == one.name
    ]
    return sorted(again)


def _name(path: str, value: Any) -> Name:
    if not (inspect.isclass(value) or inspect.isfunction(value)):
        return Name(path, value, None)
    [node] = ast.parse(textwrap.dedent(inspect.getsource(value))).body
    assert isinstance(node, ast.ClassDef | ast.FunctionDef)
    return Name(path, value, node, tuple(_members(path, value, node)))


def _members(path: str, value: Any, node: ast.AST) -> Iterator[Name]:
    """Its own, without those that a class above it describes."""
    if not isinstance(node, ast.ClassDef):
        return
    described = {word for above in value.__mro__[1:-1] for word in vars(above)}
    for one in node.body:
        if isinstance(one, Function) and not one.name.startswith("_") and one.name not in described:
            yield Name(f"{path}.{one.name}", getattr(value, one.name), one)


def decorators(node: ast.AST) -> set[str]:
    """The last words of what decorates a definition."""
    said = [ast.unparse(one).split("(")[0] for one in getattr(node, "decorator_list", [])]
    return {one.rsplit(".", 1)[-1] for one in said}


def is_property(name: Name) -> bool:
    return bool({"property", "cached_property"} & decorators(name.node or ast.Pass()))


def parameters(node: Function) -> list[ast.arg]:
    """Without ``self`` and ``cls``."""
    every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    every += [one for one in (node.args.vararg, node.args.kwarg) if one]
    return [one for one in every if one.arg not in ("self", "cls")]


def constructor(node: ast.ClassDef) -> Function | None:
    found = [one for one in node.body if isinstance(one, Function) and one.name == "__init__"]
    return found[0] if found else None


def fields(node: ast.ClassDef) -> list[ast.AnnAssign]:
    """What a dataclass or a named tuple holds."""
    if "dataclass" not in decorators(node) and not any(
        ast.unparse(base) in ("NamedTuple", "TypedDict") for base in node.bases
    ):
        return []
    return [
        one
        for one in node.body
        if isinstance(one, ast.AnnAssign) and not ast.unparse(one.target).startswith("_")
    ]


def signature(name: Name) -> str:
    """As it is called."""
    node, short = name.node, name.path
    if isinstance(node, ast.ClassDef):
        begin = constructor(node)
        if begin:
            return _call(short, begin)
        return (
            f"{short}({', '.join(ast.unparse(one) for one in fields(node))})"
            if fields(node)
            else short
        )
    assert isinstance(node, ast.FunctionDef)
    if is_property(name):
        return f"{short.rsplit('.', 1)[-1]}: {_said(node.returns)}"
    return _call(short.rsplit(".", 1)[-1] if short.count(".") and "." in short else short, node)


def _call(short: str, node: Function) -> str:
    arguments = ast.unparse(node.args)
    for own in ("self, ", "cls, ", "self", "cls"):
        arguments = arguments.removeprefix(own)
    returned = "" if node.name == "__init__" else f" -> {_said(node.returns)}"
    line = f"{short}({arguments}){returned}"
    if len(line) <= 100:
        return line
    inside = ",\n    ".join(_split(arguments))
    return f"{short}(\n    {inside},\n){returned}"


def _split(arguments: str) -> list[str]:
    """At the commas that are within no bracket."""
    parts, depth, start = [], 0, 0
    for i, letter in enumerate(arguments):
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and not depth:
            parts.append(arguments[start:i].strip())
            start = i + 1
    return [*parts, arguments[start:].strip()]


def _said(node: ast.expr | None) -> str:
    return ast.unparse(node) if node else "None"
