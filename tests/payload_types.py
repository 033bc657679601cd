"""The payloads' types for JavaScript, written from the TypedDicts: ``python -m tests.payload_types``.

`assets/js/payloads.d.mts` is what comes out; a test holds it to what is in Python now, and ``tsc`` holds the modules to
it. A field's comment becomes its description.
"""

from __future__ import annotations

import ast
import inspect
import re
import types
from collections.abc import Iterator
from pathlib import Path
from typing import (
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from gt import state, words
from gt.serve import payloads as announced
from gt.views import kinds

ROOT = Path(__file__).parents[1]
FILE = ROOT / "assets" / "js" / "payloads.d.mts"
MODULES = (announced, state, kinds)
HEAD = """\
/**
 * What pages are told and tell, field by field: written from the TypedDicts of {modules} by
 * `python -m tests.payload_types`; change those. Behind them are the words of gt.words.
 */
"""
PLAIN = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    Any: "any",
    type(None): "null",
}


def type_of(hint: Any) -> str:
    """An annotation in TypeScript.

    Raises:
        TypeError: For what JSON cannot hold.
    """
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is None or hint in PLAIN:
        return PLAIN[type(None) if hint is None else hint]
    if is_typeddict(hint):
        return str(hint.__name__)
    if origin is NotRequired:
        return type_of(arguments[0])
    if origin is Literal:
        return " | ".join(f'"{one}"' if isinstance(one, str) else str(one) for one in arguments)
    if origin in (Union, types.UnionType):
        return " | ".join(dict.fromkeys(type_of(one) for one in arguments))
    if origin is list:
        inside = type_of(arguments[0])
        return f"({inside})[]" if "|" in inside else f"{inside}[]"
    if origin is tuple:
        return f"[{', '.join(type_of(one) for one in arguments)}]"
    if origin is dict:
        return f"Record<string, {type_of(arguments[1])}>"
    raise TypeError(f"a payload must be what JSON can hold, came {hint!r}")


def comments(one: type) -> dict[str, str]:
    """What stands behind the fields of a class, or above them after ``#:``."""
    found, above = {}, ""
    for line in inspect.getsource(one).splitlines():
        if text := re.match(r"\s+#: (.*)", line):
            above = text[1]
        elif field := re.match(r"    (\w+):", line):
            behind = re.search(r"  # (.*)", line)
            found[field[1]] = behind[1] if behind else above
            above = ""
    return found


def source_of(one: type) -> ast.ClassDef:
    """The statement of a class; a TypedDict remembers its bases in no other way before Python 3.12."""
    [found] = ast.parse(inspect.getsource(one)).body
    assert isinstance(found, ast.ClassDef)
    return found


def interface(one: Any) -> Iterator[str]:
    """The lines of one payload."""
    known = [other for module in MODULES for other in payloads(module)]
    named = {base.id for base in source_of(one).bases if isinstance(base, ast.Name)}
    bases = [other for other in known if other.__name__ in named]
    inherited = {name for base in bases for name in get_type_hints(base)}
    yield f"/** {inspect.getdoc(one)} */".replace("\n", "\n * ").replace(" * \n", " *\n")
    of = f" extends {', '.join(base.__name__ for base in bases)}" if bases else ""
    yield f"export interface {one.__name__}{of} {{"
    said = comments(one)
    for name, hint in get_type_hints(one, include_extras=True).items():
        if name in inherited:
            continue
        if said.get(name):
            yield f"  /** {said[name]} */"
        yield f"  {name}{'?' if get_origin(hint) is NotRequired else ''}: {type_of(hint)};"
    yield "}"


def payloads(module: Any) -> list[Any]:
    """The TypedDicts that a module defines, in its order."""
    names = [
        n.name for n in ast.parse(inspect.getsource(module)).body if isinstance(n, ast.ClassDef)
    ]
    return [one for name in names if is_typeddict(one := getattr(module, name))]


def spelt() -> Iterator[str]:
    """The words of parts and actions, as types."""
    of = " | ".join(f"`{kind}-${{string}}`" for kind in get_args(words.PartOf))
    every = {"part": ("Part", words.Part, f" | {of}"), "action": ("ActionWord", words.Action, "")}
    for attribute, (name, one, more) in every.items():
        yield f"/** Words of `data-gt-{attribute}`. */\nexport type {name} =\n  | " + (
            "\n  | ".join(f'"{word}"' for word in get_args(one))
            + more.replace(" | ", "\n  | ")
            + ";"
        )


def written() -> str:
    """All of the file."""
    every = [one for module in MODULES for one in payloads(module)]
    names = [one.__name__ for one in every]
    if twice := {name for name in names if names.count(name) > 1}:
        raise TypeError(
            f"payloads must have names of their own, {', '.join(sorted(twice))} is there twice"
        )
    head = HEAD.format(modules=", ".join(module.__name__ for module in MODULES))
    return (
        head + "\n" + "\n\n".join(["\n".join(interface(one)) for one in every] + [*spelt()]) + "\n"
    )


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")
