"""Markdown to tokens, and its headings with the anchors that GitHub gives them.

`markdown-it-py` is the reader: CommonMark and tables, nothing else. What it yields are tokens, never HTML: whoever
shows a text makes elements of them, so no text of a page becomes mark-up. Raw HTML in a text is a token too; comments
(marks for the tests) are left out, and anything else is shown as the text that it is.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

_READER = MarkdownIt("commonmark").enable("table")
_NO_PART = re.compile(r"[^\w\- ]")  # of an anchor


@dataclass(frozen=True)
class Heading:
    """A heading of a page.

    Attributes:
        level: 1 is the page's own title.
        text: Without mark-up.
        anchor: What stands behind ``#`` in an address that leads there; unique on the page.
    """

    level: int
    text: str
    anchor: str


def parse(text: str) -> list[Token]:
    """Read Markdown.

    Args:
        text: Of a whole page.

    Returns:
        The tokens of markdown-it-py, in their order.
    """
    return _READER.parse(text)


def plain(token: Token) -> str:
    """The words of an inline token, without mark-up."""
    said = []
    for one in token.children or []:
        if one.type in ("text", "code_inline"):
            said.append(one.content)
        elif one.type == "image":
            said.append(plain(one))
        elif one.type in ("softbreak", "hardbreak"):
            said.append(" ")
    return "".join(said)


def headings(tokens: Sequence[Token]) -> list[Heading]:
    """The headings of a page.

    Args:
        tokens: Of `parse`.

    Returns:
        All of them, in their order, with anchors as GitHub makes them: lower case, letters, digits, hyphens and
        underscores, a blank as a hyphen; the second of a name has ``-1`` behind it.
    """
    seen: Counter[str] = Counter()
    found = []
    for opening, inline in itertools.pairwise(tokens):
        if opening.type != "heading_open":
            continue
        text = plain(inline)
        slug = _NO_PART.sub("", text.strip().lower()).replace(" ", "-")
        anchor = f"{slug}-{seen[slug]}" if seen[slug] else slug
        seen[slug] += 1
        found.append(Heading(int(opening.tag[1]), text, anchor))
    return found
