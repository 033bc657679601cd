"""Protocol buffers written as text, as far as a projector's configuration needs them; no schema, and no code is run.

Source: the specification of the text format, protobuf.dev/reference/protobuf/textformat-spec.
"""

from __future__ import annotations

import ast
import re
from typing import Any

DEEP = 16  # messages in messages
REPEATED = (
    "embeddings",
    "tensor_shape",
    "single_image_dim",
)  # fields that are lists, however often they come
TOKEN = re.compile(
    r"""\s+|\#[^\n]*|(?P<name>[A-Za-z_][\w.]*)|(?P<number>[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)"""
    r"""|(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?P<mark>[{}<>:,;\[\]])"""
)
Tokens = list[tuple[str, str, int]]


def parse(text: str) -> dict[str, Any]:
    """A message as a dict: messages are dicts, the fields of ``REPEATED`` lists.

    Args:
        text: Of the message.

    Raises:
        ValueError: If it is none; it says the line.
    """
    tokens = _tokens(text)
    found, at = _message(tokens, 0, "", 0)
    if at < len(tokens):
        raise ValueError(f"line {tokens[at][2]}: {tokens[at][1]!r} closes nothing")
    return found


def _tokens(text: str) -> Tokens:
    found, at, line = [], 0, 1
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"line {line}: {text[at : at + 20]!r} is not understood")
        if match.lastgroup:
            found.append((match.lastgroup, match.group(), line))
        line += match.group().count("\n")
        at = match.end()
    return found


def _message(tokens: Tokens, at: int, closed: str, deep: int) -> tuple[dict[str, Any], int]:
    """A message up to what closes it, and the place behind that."""
    if deep > DEEP:
        raise ValueError(f"messages must be {DEEP} deep at most")
    out: dict[str, Any] = {}
    while at < len(tokens):
        kind, word, line = tokens[at]
        if word == closed and kind == "mark":
            return out, at + 1
        if word in ",;":
            at += 1
            continue
        if kind != "name":
            if word in "}>":
                return out, at
            raise ValueError(f"line {line}: {word!r} must be the name of a field")
        at += 1
        if at < len(tokens) and tokens[at][1] == ":":
            at += 1
        value, at = _value(tokens, at, line, deep)
        if word in REPEATED:
            out[word] = [*out.get(word, []), *(value if isinstance(value, list) else [value])]
        else:
            out[word] = value
    if closed:
        raise ValueError(f"a message is not closed by {closed!r}")
    return out, at


def _value(tokens: Tokens, at: int, line: int, deep: int) -> tuple[Any, int]:
    if at >= len(tokens):
        raise ValueError(f"line {line}: a field has no value")
    kind, word, _ = tokens[at]
    if word in ("{", "<"):
        return _message(tokens, at + 1, "}" if word == "{" else ">", deep + 1)
    if word == "[" and kind == "mark":
        return _list(tokens, at + 1, line, deep + 1)
    if kind == "text":
        text = ""
        while at < len(tokens) and tokens[at][0] == "text":
            text, at = text + str(ast.literal_eval(tokens[at][1])), at + 1
        return text, at
    if kind == "number":
        return (int(word) if re.fullmatch(r"[+-]?\d{1,18}", word) else float(word)), at + 1
    if kind == "name":
        return {"true": True, "false": False}.get(word, word), at + 1
    raise ValueError(f"line {line}: {word!r} must be a value")


def _list(tokens: Tokens, at: int, line: int, deep: int) -> tuple[list[Any], int]:
    if deep > DEEP:
        raise ValueError(f"lists must be {DEEP} deep at most")
    out: list[Any] = []
    while at < len(tokens) and tokens[at][1] != "]":
        if tokens[at][1] == ",":
            at += 1
            continue
        value, at = _value(tokens, at, line, deep)
        out.append(value)
    if at >= len(tokens):
        raise ValueError(f"line {line}: a list is not closed")
    return out, at + 1
