"""Which pages there are, in which order: read from the lists of ``README.md``, so that nothing says it twice."""

from __future__ import annotations

import functools
import itertools
import posixpath
from dataclasses import dataclass
from pathlib import Path

from gt.docs.markdown import parse, plain

ROOT = Path(__file__).resolve().parent
FIRST = "README.md"


@dataclass(frozen=True)
class Entry:
    """A page of the documentation.

    Attributes:
        file: Relative to this folder, with slashes: ``how-to/embed.md``.
        title: As the contents call it.
    """

    file: str
    title: str

    @property
    def path(self) -> str:
        """What follows ``/docs`` in its address: ``/how-to/embed``; empty for the first page."""
        return "" if self.file == FIRST else "/" + self.file.removesuffix(".md")


@dataclass(frozen=True)
class Group:
    """Pages under one heading of the contents."""

    title: str
    entries: tuple[Entry, ...]


def source(file: str) -> str:
    """The Markdown of a page.

    Args:
        file: Of an `Entry`; nothing that comes out of an address.

    Returns:
        Its text.
    """
    return (ROOT / file).read_text("utf-8")


@functools.cache
def contents() -> tuple[Group, ...]:
    """All pages but the first, by the second-level headings of the first.

    Returns:
        The groups in their order; a link in a list of the first page is an entry, if it leads to a page.

    Raises:
        FileNotFoundError: If the first page names a page that is not there.
    """
    groups: list[tuple[str, list[Entry]]] = []
    tokens = parse(source(FIRST))
    depth = 0
    for before, token in itertools.pairwise(tokens):
        depth += {"bullet_list_open": 1, "bullet_list_close": -1}.get(before.type, 0)
        if before.type == "heading_open" and before.tag == "h2":
            groups.append((plain(token), []))
        if depth and token.type == "inline" and groups:
            groups[-1][1].extend(_entries(token))
    return tuple(Group(title, tuple(entries)) for title, entries in groups if entries)


def _entries(inline: object) -> list[Entry]:
    """The first link of a line of a list."""
    children = getattr(inline, "children", None) or []
    for opening, text in itertools.pairwise(children):
        if opening.type != "link_open":
            continue
        file = posixpath.normpath(str(opening.attrs["href"]))
        if not file.endswith(".md") or file.startswith(".."):
            return []
        if not (ROOT / file).is_file():
            raise FileNotFoundError(f"gt/docs/{FIRST}: every page must be there, came {file}")
        return [Entry(file, text.content)]
    return []


def entry_at(path: str) -> Entry | None:
    """The page of an address.

    Args:
        path: What follows ``/docs``: ``/how-to/embed``; whatever a browser sent.

    Returns:
        The page, or None where there is none.
    """
    wanted = path.rstrip("/")
    known = [Entry(FIRST, "Documentation"), *(one for group in contents() for one in group.entries)]
    return next((one for one in known if one.path == wanted), None)


def address(file: str, link: str) -> tuple[str, str] | None:
    """Where a link of a page leads, within the documentation.

    Args:
        file: The page that has it.
        link: As it is written: relative, perhaps with an anchor.

    Returns:
        What follows ``/docs`` and the anchor (or nothing), or None where it leads out of the documentation.
    """
    target, _, anchor = link.partition("#")
    there = posixpath.normpath(posixpath.join(posixpath.dirname(file), target)) if target else file
    known = {FIRST, *(one.file for group in contents() for one in group.entries)}
    return (Entry(there, "").path, anchor) if there in known else None
