"""A story in a file: the pages that its views are of, with what they need, and the player."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

from gt.errors import RunError
from gt.kept.stories import read_story
from gt.kept.story import Story, View, story_from
from gt.run.read import Run
from gt.serve.library import Library
from gt.share import alone, still
from gt.share.document import Book
from gt.share.kinds import pictured
from gt.share.pages import PAGES
from gt.share.told import Asked, Told

#: pages that have many points in every epoch: every layer, every method
LARGE = ("layers", "compare")
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,12})?")
KINDS = (
    "layer",
    "method",
    "embedding",
    "alignment",
)  # words of addresses for what a page chooses among


def read(run: Run, named: str) -> tuple[str, Story]:
    """A story by its name beside the run, or from a file.

    Args:
        run: That it is of.
        named: Its name, or the path of a file that ends in ``.json``.

    Returns:
        Its name and the story.

    Raises:
        RunError: If there is none, or it is of another run.
    """
    if not named.endswith(".json"):
        try:
            return named, read_story(run, named).story
        except KeyError as error:
            raise RunError(f"export: {error.args[0]}") from error
    file = Path(named)
    try:
        story = story_from(json.loads(file.read_text("utf-8")), str(file))
    except OSError as error:
        raise RunError(f"export: {file} cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise RunError(f"export: {file} must be a story as JSON: {error}") from error
    if story.uid != run.uid:
        raise RunError(
            f"export: {file} must be a story of {run.title} ({run.uid}), it is of {story.uid}; name the run it is of"
        )
    return file.stem, story


def book_of(
    library: Library,
    run: str,
    name: str,
    story: Story,
    asked: Asked | None = None,
    every: int | None = None,
) -> Book:
    """A file of a story.

    Args:
        library: Has the run.
        run: Its name.
        name: Of the story.
        story: One view at least.
        asked: Points, where fewer are to do.
        every: Of the epochs every so many, and those that views show. When None all of them, but of the pages that
            are large in every epoch (`LARGE`) those that views show.

    Raises:
        RunError: If it has no view.
    """
    asked = asked or Asked()
    if not story.views:
        raise RunError(
            f"export: “{story.title}” must have a view, it has none; add one, then export again"
        )
    one = library.run(run)
    pages = [
        _page(
            library,
            one,
            page,
            story,
            replace(asked, every=every or 1, only=every is None and page in LARGE),
        )
        for page in dict.fromkeys(v.page for v in story.views)
    ]
    queries = [_query(view, one.name) for view in story.views]
    book = alone.book_of(library, pages, urlencode(queries[0] | {"story": name, "at": "1"}))
    in_picture = {page.page for page in pages if page.entry == pictured.ENTRY}
    kept = {"run": run, "name": name, "revision": "", "story": _without_pictures(story)}
    return replace(
        book,
        title=story.title,
        story=kept,
        still=_still(one, story, book, in_picture),
        answers=alone.selections(library, [urlencode(query) for query in queries]),
    )


def _query(view: View, run: str) -> dict[str, Any]:
    """What the address of a view says, of the run as it is called now."""
    said = parse_qs(view.query, keep_blank_values=True)
    now = {key: values[-1] if len(values) == 1 else values for key, values in said.items()}
    return now | {"run": run} | ({"a": run} if view.page == "two-runs" else {})


def _page(library: Library, run: Run, page: str, story: Story, asked: Asked) -> Told:
    """A page with what the views of it need; as pictures where it cannot be in a file."""
    views = {at: view for at, view in enumerate(story.views, 1) if view.page == page}
    needed = _needed(list(views.values()), run, asked)
    try:
        return alone.told(library, page, run.name, needed)
    except RunError as error:
        why = str(error).removeprefix("export: ")
    return pictured.told(run, PAGES[page].name, page, f"{why[:1].upper()}{why[1:]}.", views)


def _needed(views: Sequence[View], run: Run, asked: Asked) -> Asked:
    """What the views of one page show."""
    said = [parse_qs(view.query) for view in views]
    named = dict.fromkeys(query[kind][-1] for query in said for kind in KINDS if kind in query)
    numbers = [
        number
        for query in said
        for number in [query.get("epoch", [""])[-1], *query.get("epochs", [""])[-1].split(".")]
    ]
    epochs = {float(number) for number in numbers if _NUMBER.fullmatch(number)}
    beside = next((query["b"][-1] for query in said if "b" in query), asked.beside)
    page = views[0].page
    if page == "grand-tour" and any(not any(kind in query for kind in KINDS) for query in said):
        named = {run.last: None} | named
    if page == "compare":
        named = dict.fromkeys(
            row for query in said for row in query.get("rows", [""])[-1].split(".")
        )
    layers = () if page in ("training", "network") else tuple(name for name in named if name)
    split = asked.split if page != "adversarial" else None
    every = 1 if PAGES[page].whole else asked.every
    return Asked(layers, split, every, sorted(epochs), asked.only, beside)


def _without_pictures(story: Story) -> Mapping[str, Any]:
    """The story as a player reads it: its pictures are shown where no script runs."""
    return replace(
        story, views=tuple(replace(view, picture=None) for view in story.views)
    ).to_json()


def _still(run: Run, story: Story, book: Book, in_picture: set[str]) -> str:
    """What is seen where no script runs: each view as its picture with its sentence."""
    shown = []
    by_page = {page.page: page for page in book.pages}
    drawn: set[str] = set()
    for at, view in enumerate(story.views, 1):
        text = "".join(f"<p>{escape(line)}</p>" for line in view.text.split("\n") if line)
        if view.picture is not None:
            address = pictured.data_address(view.picture)
            picture = (
                f'<figure><img src="{address}" alt="{escape(view.alt or view.title)}"></figure>'
            )
        elif view.page not in drawn and view.page not in in_picture:
            drawn.add(view.page)
            picture = by_page[view.page].still
        else:
            picture = ""
        shown.append(f"<section><h2>{at}. {escape(view.title)}</h2>{text}{picture}</section>")
    more = "" if not in_picture else "<p>Pages that cannot be in a file are here as pictures.</p>"
    return "".join([f"<p>{escape(run.title)}</p>", *shown, more, f"<p>{escape(still.MORE)}</p>"])
