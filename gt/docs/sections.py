"""The whole documentation as sections, each with its words: what a search looks through."""

from __future__ import annotations

import functools
from typing import TypedDict

from gt.docs.contents import FIRST, Entry, contents, source
from gt.docs.markdown import headings, parse, plain

_WITH_WORDS = ("fence", "code_block")


class Section(TypedDict):
    """A heading and what stands below it, up to the next."""

    path: str  # what follows /docs in its page's address
    page: str  # its page's title
    anchor: str  # empty for the beginning of a page
    heading: str
    text: str  # without mark-up, blanks made one


@functools.cache
def sections() -> tuple[Section, ...]:
    """Every section of every page.

    Returns:
        Page by page, in the order of the contents; the first page is left out, it is a list of the others.
    """
    return tuple(one for group in contents() for entry in group.entries for one in _of(entry))


def _of(entry: Entry) -> list[Section]:
    assert entry.file != FIRST
    tokens = parse(source(entry.file))
    marks = iter(headings(tokens))
    found: list[Section] = []
    said: list[str] = []

    def close() -> None:
        if found:
            found[-1]["text"] = " ".join(" ".join(said).split())
        said.clear()

    heading_next = False
    for token in tokens:
        if token.type == "heading_open":
            close()
            mark = next(marks)
            anchor = mark.anchor if mark.level > 1 else ""
            found.append(
                {
                    "path": entry.path,
                    "page": entry.title,
                    "anchor": anchor,
                    "heading": mark.text,
                    "text": "",
                }
            )
            heading_next = True
        elif token.type == "inline":
            if not heading_next:
                said.append(plain(token))
            heading_next = False
        elif token.type in _WITH_WORDS:
            said.append(token.content)
    close()
    return found
