"""The styles that a page in a file has a use for: of Bootstrap and of all pages' own, what can apply to its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from gt.dashboard import ASSETS

_CLASS = re.compile(r"\.(-?[a-zA-Z_][\w-]*)")
_EITHER = re.compile(r":(?:not|is|where|has)\([^()]*\)")  # what may be, or may not
_WORD = re.compile(r"[\w-]+")
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'", re.S)
_GROUPS = ("@media", "@supports", "@container", "@layer")


def needed(page: str, assets: Path = ASSETS) -> str:
    """All styles of the app of which a page may have a use.

    Args:
        page: The text of its markup and its scripts: a class that neither of them names cannot be there.
        assets: The folder of served files.
    """
    words = set(_WORD.findall(page))
    sheets = (file.read_text("utf-8") for file in sorted((assets / "css").glob("*.css")))
    return "\n".join(found for sheet in sheets if (found := pruned(sheet, words)))


def pruned(sheet: str, words: set[str]) -> str:
    """A style sheet without the rules of classes that are not among some words.

    Args:
        sheet: CSS.
        words: A class may be put together of two of them, the first ending in a dash.
    """
    return "\n".join(_kept(_COMMENT.sub("", sheet), words))


def _kept(sheet: str, words: set[str]) -> Iterator[str]:
    for before, body in _rules(sheet):
        if before.startswith(_GROUPS):
            inside = "\n".join(_kept(body, words))
            if inside:
                yield f"{before}{{{inside}}}"
        elif before.startswith("@"):
            yield f"{before}{{{body}}}"
        elif kept := [one for one in _parts(before) if _applies(one, words)]:
            yield f"{','.join(kept)}{{{body}}}"


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """The rules of a sheet, each as what stands before its braces and what stands in them."""
    depth = begun = opened = 0
    at = 0
    while at < len(sheet):
        letter = sheet[at]
        if letter in "\"'" and (quoted := _QUOTED.match(sheet, at)):
            at = quoted.end()
            continue
        if letter == "{":
            depth += 1
            opened = at if depth == 1 else opened
        elif letter == "}":
            depth -= 1
            if depth == 0:
                yield _tidy(sheet[begun:opened]), _tidy(sheet[opened + 1 : at])
                begun = at + 1
        elif letter == ";" and depth == 0:
            begun = at + 1  # @charset: a file of one encoding has no use for it
        at += 1


def _tidy(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text).strip()


def _parts(selectors: str) -> Iterator[str]:
    """Selectors between commas; not those within brackets."""
    depth, begun = 0, 0
    for at, letter in enumerate(selectors):
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and depth == 0:
            yield selectors[begun:at].strip()
            begun = at + 1
    yield selectors[begun:].strip()


def _applies(selector: str, words: set[str]) -> bool:
    certain, before = _EITHER.sub("", selector), ""
    while certain != before:  # one within another
        certain, before = _EITHER.sub("", certain), certain
    return all(_is_said(one, words) for one in _CLASS.findall(certain))


def _is_said(name: str, words: set[str]) -> bool:
    if name in words:
        return True
    dashes = [at + 1 for at, letter in enumerate(name) if letter == "-"]
    return any(name[:at] in words and name[at:] in words for at in dashes)
