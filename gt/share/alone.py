"""Pages of runs written into files and folders: what the command and the app do."""

from __future__ import annotations

from pathlib import Path

from gt.cache.store import Store
from gt.errors import RunError
from gt.files.durable import replace
from gt.run import open_run
from gt.serve.library import Library
from gt.share.pages import PAGES
from gt.share.shared import Told, document, folder


def library_of(path: Path, cache: Path | None = None) -> tuple[Library, str]:
    """A library of one run, and the name of the run.

    Args:
        path: Folder of the run.
        cache: Folder of the cache; the app's when None.

    Raises:
        RunError: If it is no run, or one that no page of these shows.
    """
    run = open_run(path)
    library = Library([path], Store(cache))
    if not library.runs:
        raise RunError(
            f"export: {path} must be a training with one epoch at least, {run.title} is an attack or has none; "
            "export the run that it is of"
        )
    return library, next(iter(library.runs))


def told(library: Library, page: str, run: str, layer: str | None = None) -> Told:
    """What a page is in a file.

    Args:
        library: Has the run.
        page: One of `gt.share.pages.PAGES`.
        run: Name of the run.
        layer: Which of those that the page shows; the last when None.

    Raises:
        RunError: If there is no such layer.
    """
    try:
        return PAGES[page](library, run, layer)
    except KeyError as error:
        raise RunError(f"export: {error.args[0]}") from error


def write_file(library: Library, page: Told, out: Path, query: str = "") -> int:
    """Write a page into one file, whole or not at all; returns its bytes.

    Args:
        library: Which announced what the page shows.
        page: As `told` gives it.
        out: The file; one that is there is replaced.
        query: How it begins, as the app's addresses say it.

    Raises:
        RunError: If one file cannot hold it, or the place is a folder.
    """
    if out.is_dir():
        raise RunError(
            f"export: {out} must be a file, it is a folder; name a file in it, or say --folder"
        )
    try:
        text = document(library, page, query).encode()
    except ValueError as error:
        raise RunError(f"export: {error}") from error
    out.parent.mkdir(parents=True, exist_ok=True)
    replace(out, text)
    return len(text)


def write_folder(library: Library, page: Told, out: Path, query: str = "") -> int:
    """Write a page into a folder for a web server; returns its bytes. The arguments are those of `write_file`.

    Raises:
        RunError: If the place is a file, or a tensor cannot be had any more.
    """
    if out.is_file():
        raise RunError(
            f"export: {out} must be a folder, it is a file; name another, or leave out --folder"
        )
    try:
        return folder(library, page, out, query)
    except ValueError as error:
        raise RunError(f"export: {error}") from error
