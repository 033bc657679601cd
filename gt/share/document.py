"""The document that pages in a file are: their layouts, their tensors, the script and the styles that they need."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from dash import html

import gt
from gt.files.durable import replace
from gt.serve.library import Library
from gt.serve.policy import digest
from gt.share import held, packed, scripts, styles
from gt.share.markup import html_of
from gt.share.told import Told
from gt.ui.components.controls import keys_and_theme, pages_menu, part
from gt.ui.components.terms import TERMS
from gt.ui.theme import THEME

LARGEST = 150 * 2**20  # bytes of a file: of more a browser makes no page
STORY = "alone/story.mjs"  # what plays a story
INDEX = "index.html"  # what a host shows of a folder
#: what is seen where no script runs; the rest is the app's own styles
STILL = """.gt-still { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem; }
.gt-still div { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; }
.gt-still figure { margin: 0; }
.gt-still figure svg { width: 100%; border: 1px solid #8886; border-radius: 0.5rem; }
.gt-still text { font-size: 44px; text-anchor: middle; dominant-baseline: central; fill: currentColor; }
.gt-still img { max-width: 100%; height: auto; }
.gt-still svg path { fill: none; stroke-width: 11; stroke-linecap: round; stroke-opacity: 0.8; }
.gt-still ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; list-style: none; margin: 1rem 0; padding: 0; }
.gt-still li svg { width: 1em; height: 1em; margin-right: 0.4em; vertical-align: -0.1em; }
.gt-still li svg path { stroke-width: 50; stroke-opacity: 1; }
[data-gt-once] .gt-transport > :not(:last-child) { display: none; }
"""


@dataclass(frozen=True)
class Book:
    """What is in a file: one page, or several that are linked as in the app.

    Attributes:
        pages: Each of another page of the app; the first is shown at first.
        title: Of the document.
        runs: Those whose points are shown, as the app's browser is told of runs.
        query: How it begins, as the app's addresses say it, without a question mark.
        still: HTML of what is shown where no script runs; that of the first page when empty.
        story: That is played, as a server would answer; None for none.
        answers: Further answers of a server, by their addresses, as it would send them.
    """

    pages: Sequence[Told]
    title: str
    runs: Sequence[Mapping[str, Any]]
    query: str = ""
    still: str = ""
    story: Mapping[str, Any] | None = None
    answers: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def shown(self) -> list[Any]:
        """All that is announced."""
        return [page.shown for page in self.pages]

    @property
    def sent(self) -> dict[str, bytes]:
        """All that a server would send besides."""
        of_pages = {address: sent for page in self.pages for address, sent in page.answers.items()}
        return of_pages | dict(self.answers)


def document(library: Library, book: Book, *, beside: bool = False) -> str:
    """Pages as the text of one HTML file.

    Args:
        library: Which announced what the pages show.
        book: The pages.
        beside: Whether the tensors are to lie in files beside it, see `folder`.

    Raises:
        ValueError: If it would be larger than a browser opens, or a tensor cannot be had any more.
    """
    where, held_blocks = held.packed(library, [] if beside else book.shown, book.sent)
    where["beside"] = beside
    blocks = [packed.block(at, block) for at, block in enumerate(held_blocks)]
    if (size := sum(map(len, blocks))) > LARGEST:
        raise ValueError(
            f"one file can hold {LARGEST / 1e6:.0f} MB, these points take {size / 1e6:.0f} MB; take fewer epochs "
            "(--every) or points (--split), or make a folder for a web server instead (--folder)"
        )
    layouts = {page.page: html_of(page.main) for page in book.pages}
    entries = {page.page: page.entry for page in book.pages}
    script = scripts.bundle(entries | ({"story": STORY} if book.story else {}))
    first, body = f"\n{scripts.first()}", html_of(_around(book))
    still = book.still or _still(book.pages[0])
    style = STILL + styles.needed(still)
    more = styles.needed("".join([body, *layouts.values(), script]))
    inside = {"said": _said(book, layouts, where), "style": more, "script": script}
    return _DOCUMENT.format(
        version=escape(gt.__version__),
        policy=escape(_policy([THEME, first, script], [style, more], beside)),
        title=escape(book.title),
        theme=THEME,
        style=style,
        body=body,
        still=still,
        data="".join(packed.block(name, text.encode()) for name, text in inside.items())
        + "".join(blocks),
        script=first,
    )


def _said(book: Book, layouts: Mapping[str, str], where: held.Held) -> str:
    """What `assets/js/alone/main.mjs` is told, as JSON; layouts are HTML by page."""
    pages = [
        {
            "mount": page.mount,
            "shown": page.shown,
            "title": page.title,
            "left": page.left_out,
            "layout": layouts[page.page],
        }
        for page in book.pages
    ]
    said = {
        "pages": pages,
        "runs": book.runs,
        "held": where,
        "story": book.story,
        "terms": dict(TERMS),
        "query": book.query,
    }
    return json.dumps(said, separators=(",", ":"))


def folder(library: Library, book: Book, out: Path) -> int:
    """Pages as a folder for any web server: the document, and its tensors beside it, fetched as they are needed.

    Args:
        library: Which announced what the pages show.
        book: The pages.
        out: The folder; what is in it of the same names is replaced.

    Returns:
        How many bytes were written.

    Raises:
        ValueError: If a tensor cannot be had any more.
    """
    tensors = out / "tensors"
    tensors.mkdir(parents=True, exist_ok=True)
    total = 0
    for address in held.addresses(book.shown):
        found = held.of(library, address)
        replace(out / f"{address}.packed", found, sync=False)
        total += len(found)
    page = document(library, book, beside=True).encode()
    replace(out / INDEX, page)  # last: it is there when all that it needs is
    return total + len(page)


def _policy(run: Sequence[str], styled: Sequence[str], beside: bool) -> str:
    """What the page may do: run and look as is said here; it asks nobody, unless its tensors lie beside it."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {' '.join(map(digest, run))}",
            f"style-src {' '.join(map(digest, styled))}",
            "img-src data: blob:",
            "connect-src 'self'" if beside else "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _still(page: Told) -> str:
    """What is seen of a page where no script runs."""
    said = "".join(f"<p>{escape(one)}</p>" for one in (*page.sentences, *page.left_out))
    return f"{said}{page.still}"


def _around(book: Book) -> html.Div:
    """What is around the pages; shown by the script."""
    brand = html.Span(
        [html.Span(className="gt-logo", **{"aria-hidden": "true"}), "Grand Tour"],
        className="gt-brand",
    )
    names = {page.page: page.name for page in book.pages}
    several = len(names) > 1
    here = [*pages_menu([_link(*one) for one in names.items()])] if several else []
    title = html.Span(book.title, className="gt-file-title")
    end = html.Div(keys_and_theme(), className="gt-group ms-auto")
    return html.Div(
        [
            html.A("Skip to the content", href="#gt-content", className="gt-skip"),
            html.Header([brand, *here, title, end], className="gt-bar", **part("bar")),
            html.Div(id="gt-content", className="gt-content"),
            html.Div(className="gt-toasts", role="status", **part("toasts")),
            html.Div(className="visually-hidden", role="status", **part("aloud")),
        ],
        className="gt-app",
        hidden=True,
    )


def _link(page: str, name: str) -> html.A:
    return html.A(name, href=f"#{page}?", className="nav-link gt-nav-link")


_DOCUMENT = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Grand Tour {version}">
<title>{title}</title>
<script>{theme}</script>
<style>{style}</style>
</head>
<body>
{body}
<noscript><main class="gt-still"><h1>{title}</h1>{still}</main></noscript>
{data}<script type="module">{script}</script>
</body>
</html>
"""
