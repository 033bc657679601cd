"""The pages of embeddings in a file: t-SNE, UMAP, and those that were imported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gt import ids
from gt.embed.method import family_title
from gt.embed.titles import ELSEWHERE
from gt.errors import RunError, UnknownNameError
from gt.serve import choices
from gt.serve.announcements import announce_embedding
from gt.serve.library import Library
from gt.share import still
from gt.share.head import head
from gt.share.less import less
from gt.share.told import Asked, Told
from gt.ui.embed import page as embed_page
from gt.ui.tour import page as tour_page

ENTRY = "alone/tour.mjs"
TRUST = "Trust which points are neighbours, but not how far apart groups are."
BROUGHT = "How far a picture like this may be trusted depends on how it was made."


def family(of: str) -> Callable[[Library, str, Asked], Told]:
    """How the page of a family is told.

    Args:
        of: "tsne", "umap" or "embedding".
    """
    return lambda library, run, asked: told(library, run, asked, of)


def told(library: Library, run: str, asked: Asked, of: str) -> Told:
    """What the page is in a file.

    Args:
        library: Has the run.
        run: Its name.
        asked: Which embeddings; the first where none is named.
        of: Their family.

    Raises:
        KeyError: If there is no such run, or no such embedding.
        RunError: If it has none of the family.
    """
    one = library.run(run)
    titles = _offered(library, run, asked, of)
    wanted = list(asked.layers) or list(titles)[:1]
    for name in wanted:
        if name not in titles:
            raise UnknownNameError(
                f"{one.title} has no picture “{name}” for the page {of}; it has {', '.join(titles)}"
            )
    shown: dict[str, Any] = {}
    left_out: list[str] = []
    for name in wanted:
        shown[name], left_out = less(library, announce_embedding(library, run, name), asked)
    first = next(iter(shown))
    word = "Embedding" if of == ELSEWHERE else "Method"
    chosen = (ids.EMBED_METHOD, word, {name: titles[name] for name in wanted})
    return Told(
        name="Imported" if of == ELSEWHERE else family_title(of),
        title=f"{one.title}, {titles[first]}",
        main=embed_page.alone(
            library, run, of, head((ids.EMBED_RUN, run, one.title), chosen), shown[first]
        ),
        mount=tour_page.mount(of, "", run=ids.EMBED_RUN, layer=ids.EMBED_METHOD),
        shown=shown,
        runs=[run],
        entry=ENTRY,
        still=still.embedding(one, library.embedding(run, first)),
        sentences=still.of_embedding(
            one, library.embedding(run, first), titles[first], BROUGHT if of == ELSEWHERE else TRUST
        ),
        left_out=left_out,
    )


def _offered(library: Library, run: str, asked: Asked, of: str) -> dict[str, str]:
    """Titles of the embeddings of a family, by name.

    Raises:
        RunError: If there is none.
    """
    there = {
        one["value"]: one["label"]
        for one in choices.embeddings(library, run, of)
        if asked.split in (None, library.embedding(run, one["value"]).recipe.split)
    }
    if not there:
        called = "imported embedding" if of == ELSEWHERE else f"{family_title(of)} picture"
        points = f" of {asked.split} points" if asked.split else ""
        raise RunError(
            f"export: {library.run(run).title} must have an {called}{points} for the page, it has none; make one "
            f"({'gt import-embedding' if of == ELSEWHERE else 'gt embed'}), then export again"
        )
    return there
