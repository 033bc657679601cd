"""Public names say what they take and give: every argument, shapes of arrays, what is raised."""

from __future__ import annotations

import ast
import re

import pytest

from tests.docs.docstring import Docstring, take_apart
from tests.docs.public import (
    Function,
    Name,
    constructor,
    fields,
    is_property,
    names,
    parameters,
)

#: a shape in brackets, ``(n, p)`` or ``(p,)``; or one that is another's, or any
SHAPE = re.compile(
    r"``\([^`]*,[^`]*\)``|\([a-zA-Z0-9*]+(, ?[a-zA-Z0-9*+ ]*)+\)|\b(shape of|any shape|broadcast shape)\b"
)
#: of a class that nobody makes by its own name
MADE_BY = re.compile(r"\b[Mm]ade by ``?\w+``?")
ARRAY = re.compile(r"\b(ndarray|Array|ArrayLike)\b")


def complaints(name: Name) -> list[str]:
    """What a name does not say."""
    node = name.node
    if node is None:
        return []
    said = take_apart(ast.get_docstring(node))
    if not said.text:
        return [f"{name.path}: has no docstring"]
    if isinstance(node, ast.ClassDef):
        return [*_of_class(name, node, said), *(one for m in name.members for one in complaints(m))]
    return [
        *_of_arguments(name, node, said),
        *_of_result(name, node, said),
        *_of_errors(name, node, said),
    ]


def _of_class(name: Name, node: ast.ClassDef, said: Docstring) -> list[str]:
    begin = constructor(node)
    wrong = []
    if begin and not MADE_BY.search(said.text):
        wrong += [*_of_arguments(name, begin, said), *_of_errors(name, begin, said)]
    told = {**said.entries.get("Args", {}), **said.entries.get("Attributes", {})}
    for one in fields(node):
        word = ast.unparse(one.target)
        if word not in told:
            wrong.append(f"{name.path}: Attributes lacks {word}")
        elif ARRAY.search(ast.unparse(one.annotation)) and not SHAPE.search(told[word]):
            wrong.append(f"{name.path}: {word} says no shape: {told[word]!r}")
    return wrong


def _of_arguments(name: Name, node: Function, said: Docstring) -> list[str]:
    told = said.entries.get("Args", {})
    taken = parameters(node)
    wrong = [f"{name.path}: Args lacks {one.arg}" for one in taken if one.arg not in told]
    unknown = set(told) - {one.arg for one in taken}
    wrong += [f"{name.path}: Args names {one}, which it does not take" for one in sorted(unknown)]
    for one in taken:
        text = told.get(one.arg, "")
        if (
            text
            and one.annotation
            and ARRAY.search(ast.unparse(one.annotation))
            and not SHAPE.search(text)
        ):
            wrong.append(f"{name.path}: {one.arg} says no shape: {text!r}")
    return wrong


def _of_result(name: Name, node: Function, said: Docstring) -> list[str]:
    returned = ast.unparse(node.returns) if node.returns else "None"
    if returned == "None":
        return []
    if is_property(name):
        text = said.text
    else:
        text = said.prose.get("Returns", "") + said.prose.get("Yields", "")
        if not text:
            return [f"{name.path}: says not what it returns"]
    if ARRAY.search(returned) and not SHAPE.search(text):
        return [f"{name.path}: Returns says no shape: {text!r}"]
    return []


def _of_errors(name: Name, node: Function, said: Docstring) -> list[str]:
    told = said.prose.get("Raises", "")
    return [f"{name.path}: Raises lacks {one}" for one in sorted(raised(node)) if one not in told]


def raised(node: ast.AST) -> set[str]:
    """Kinds of errors that a function raises itself, not in a function of its own."""
    found: set[str] = set()
    for one in ast.iter_child_nodes(node):
        if isinstance(one, Function | ast.Lambda | ast.ClassDef):
            continue
        if isinstance(one, ast.Raise) and isinstance(one.exc, ast.Call):
            found.add(ast.unparse(one.exc.func).rsplit(".", 1)[-1])
        found |= raised(one)
    return {one for one in found if one[:1].isupper()}


@pytest.mark.parametrize("name", names(), ids=lambda name: name.path)
def test_a_public_name_says_what_it_takes_gives_and_raises(name: Name) -> None:
    assert complaints(name) == []


def named(source: str) -> Name:
    [node] = ast.parse(source).body
    assert isinstance(node, ast.FunctionDef)
    return Name(f"x.{node.name}", None, node)


def test_what_a_docstring_lacks_is_found() -> None:
    bare = named(
        'def f(a: np.ndarray, b: int) -> np.ndarray:\n    """Do."""\n    raise ValueError("x")'
    )
    assert [one.partition(": ")[2] for one in complaints(bare)] == [
        "Args lacks a",
        "Args lacks b",
        "says not what it returns",
        "Raises lacks ValueError",
    ]
    shapeless = named(
        'def f(a: np.ndarray) -> np.ndarray:\n    """Do.\n\n    Args:\n        a: Points.\n\n'
        '    Returns:\n        Others.\n    """'
    )
    assert len(complaints(shapeless)) == 2
    whole = named(
        'def f(a: np.ndarray) -> np.ndarray:\n    """Do.\n\n    Args:\n        a: ``(n, p)``.\n\n'
        '    Returns:\n        ``(p,)`` means.\n    """'
    )
    assert complaints(whole) == []
