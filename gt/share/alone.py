"""Pages of runs written into files and folders: what the command and the app do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace as replace_in
from pathlib import Path
from urllib.parse import unquote_plus

from gt.cache.store import Store
from gt.errors import NotComparableError, RunError
from gt.files.durable import replace
from gt.run import open_run
from gt.serve.library import Library
from gt.serve.selections import find
from gt.share import less
from gt.share.document import Book, document, folder
from gt.share.pages import OF_ATTACKS, PAGES
from gt.share.told import Asked, Told

_KEPT = re.compile(r"(?:\bkept=|@)([0-9a-f]{32})\b")  # how addresses name a selection


def library_of(
    path: Path, cache: Path | None = None, beside: Sequence[Path] = ()
) -> tuple[Library, str]:
    """A library of one run, and the name of the run.

    Args:
        path: Folder of the run.
        cache: Folder of the cache; the app's when None.
        beside: Folders of further runs.

    Raises:
        RunError: If it is no run, or one that no page shows.
    """
    run = open_run(path)
    library = Library([path, *beside], Store(cache))
    there = {**library.runs, **dict.fromkeys(library.attack_titles)}
    name = next((one for one in there if library.run(one).path.samefile(path)), None)
    if name is None:
        raise RunError(f"export: {path} must have one epoch at least, {run.title} has none")
    return library, name


def told(library: Library, page: str, run: str, asked: Asked | None = None) -> Told:
    """What a page is in a file.

    Args:
        library: Has the run.
        page: One of `gt.share.pages.PAGES`.
        run: Name of the run.
        asked: What of the page; what is usual when None.

    Raises:
        RunError: If there is no such layer, or the page shows no such run.
    """
    asked = asked or Asked()
    less.check(asked)
    if (run in library.attack_titles) != (page in OF_ATTACKS):
        title = library.run(run).title
        raise RunError(
            f"export: {title} is an attack, which the page adversarial shows; name it, or export the run that it is of"
            if run in library.attack_titles
            else f"export: {title} must be an attack for the page {page}, it is a training; name an attack's folder"
        )
    try:
        return PAGES[page].told(library, run, asked)
    except (KeyError, NotComparableError) as error:
        raise RunError(f"export: {error.args[0]}") from error


def several(library: Library, pages: Sequence[str], run: str, asked: Asked) -> list[Told]:
    """Pages of one file: those that must have all epochs have them, whatever is asked of the others.

    Args:
        library: Has the run.
        pages: Their paths.
        run: Name of the run.
        asked: What of each page; of one alone all of it must be possible.

    Raises:
        RunError: If a page cannot be in a file.
    """
    if len(pages) == 1:
        return [told(library, pages[0], run, asked)]
    if asked.layers:
        raise RunError(
            "export: layers must be of one page, there are several; leave out --layer, or export one page"
        )
    every = [1 if PAGES[page].whole else asked.every for page in pages]
    return [
        told(library, page, run, replace_in(asked, every=one))
        for page, one in zip(pages, every, strict=True)
    ]


def with_those_it_leads_to(library: Library, pages: Sequence[Told]) -> list[Told]:
    """Some pages, and those that their links lead to, each once.

    Args:
        library: Has their runs.
        pages: One at least.
    """
    there = {page.page for page in pages}
    more = dict.fromkeys(
        (name, page.runs[0]) for page in pages for name in page.leads if name not in there
    )
    return [*pages, *(told(library, name, run) for name, run in more)]


def book_of(library: Library, pages: Sequence[Told], query: str = "") -> Book:
    """A file of some pages.

    Args:
        library: Which announced what they show.
        pages: One at least.
        query: How it begins, as the app's addresses say it.
    """
    pages = with_those_it_leads_to(library, pages)
    names = dict.fromkeys(one for page in pages for one in page.runs)
    runs = [_run(library, one) for one in names]
    title = pages[0].title if len(pages) == 1 else library.run(pages[0].runs[0]).title
    return Book(pages, title, runs, query, answers=selections(library, [query]))


def selections(library: Library, queries: Sequence[str]) -> dict[str, bytes]:
    """The selections that the server keeps for addresses, as it would send them.

    Args:
        library: Beside whose cache they are.
        queries: What stands behind the ``?`` of addresses.
    """
    names = {name for query in queries for name in _KEPT.findall(unquote_plus(query))}
    found = {name: find(library.store, name) for name in sorted(names)}
    return {f"selections/{name}": packed for name, packed in found.items() if packed is not None}


def _run(library: Library, name: str) -> dict[str, object]:
    """A run as the app's browser is told of runs."""
    run = library.run(name)
    return {
        "name": name,
        "title": run.title,
        "uid": run.uid,
        "epochs": len(run.epochs),
        "last": int(run.epochs[-1]),
        "live": False,
        "attack": name in library.attack_titles,
    }


def write_file(library: Library, book: Book, out: Path) -> int:
    """Write pages into one file, whole or not at all; returns its bytes.

    Args:
        library: Which announced what the pages show.
        book: The pages.
        out: The file; one that is there is replaced.

    Raises:
        RunError: If one file cannot hold it, or the place is a folder.
    """
    if out.is_dir():
        raise RunError(
            f"export: {out} must be a file, it is a folder; name a file in it, or say --folder"
        )
    try:
        text = document(library, book).encode()
    except ValueError as error:
        raise RunError(f"export: {error}") from error
    out.parent.mkdir(parents=True, exist_ok=True)
    replace(out, text)
    return len(text)


def write_folder(library: Library, book: Book, out: Path) -> int:
    """Write pages into a folder for a web server; returns its bytes. The arguments are those of `write_file`.

    Raises:
        RunError: If the place is a file, or a tensor cannot be had any more.
    """
    if out.is_file():
        raise RunError(
            f"export: {out} must be a folder, it is a file; name another, or leave out --folder"
        )
    try:
        return folder(library, book, out)
    except ValueError as error:
        raise RunError(f"export: {error}") from error
