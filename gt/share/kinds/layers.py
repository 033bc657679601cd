"""The page Layers in a file: an aligned network, all its states and epochs."""

from __future__ import annotations

from typing import Any

from gt import ids
from gt.errors import RunError, UnknownNameError
from gt.kept.alignment import Alignment
from gt.serve import choices
from gt.serve.announcements import announce_layers
from gt.serve.library import Library
from gt.share import still
from gt.share.answers import looked_from
from gt.share.head import head
from gt.share.less import less
from gt.share.told import Asked, Told
from gt.ui.layers import page as layers_page
from gt.ui.tour import advice
from gt.ui.tour import page as tour_page
from gt.views.shown import layer_views

ENTRY = "alone/layers.mjs"
PATHS = "Other paths through the network are left out: a server aligns them."


def told(library: Library, run: str, asked: Asked) -> Told:
    """What the page is in a file.

    Args:
        library: Has the run.
        run: Its name.
        asked: Which alignments; the first where none is named.

    Raises:
        KeyError: If there is no such run, or no such alignment.
        RunError: If its layers are not aligned.
    """
    one = library.run(run)
    wanted = [alignment.name for alignment in chosen(library, run, asked)]
    titles = {x["value"]: x["label"] for x in choices.alignments(library, run)}
    shown: dict[str, Any] = {}
    left_out: list[str] = []
    for name in wanted:
        announced = announce_layers(library, run, name)
        views = [looked_from(library, run, name, view) for view in layer_views(library, run, name)]
        shown[name], left_out = less(library, {**announced, "views": views}, asked)
    first = next(iter(shown))
    if shown[first]["alignment"]["graph"]:
        left_out = [*left_out, PATHS]
    return Told(
        name="Layers",
        title=f"{one.title}, layers",
        main=layers_page.page(
            [
                head(
                    (ids.LAYERS_RUN, run, one.title),
                    (ids.LAYERS_ALIGNMENT, "Aligned", {name: titles[name] for name in wanted}),
                    views=True,
                )
            ],
            layers_page.picture(advice.advice("layers", library, run), served=False),
            asked=run,
        ),
        mount=tour_page.mount("layers", "", run=ids.LAYERS_RUN, layer=ids.LAYERS_ALIGNMENT),
        shown=shown,
        runs=[run],
        entry=ENTRY,
        still=still.layers(one, library.alignment(run, first)),
        sentences=still.of_layers(one, library.alignment(run, first)),
        left_out=left_out,
    )


def chosen(library: Library, run: str, asked: Asked) -> list[Alignment]:
    """The alignments that are asked for.

    Raises:
        UnknownNameError: If there is none of a name, or of the split.
        RunError: If there is none at all.
    """
    there = library.alignments(run)
    title = library.run(run).title
    if not there:
        raise RunError(
            f"export: the layers of {title} must be aligned for the page, they are not; run gt align, then export again"
        )
    if asked.layers:
        return [library.alignment(run, name) for name in asked.layers]
    of = [one for one in there if asked.split in (None, one.recipe.split)]
    if not of:
        known = ", ".join(dict.fromkeys(one.recipe.split for one in there))
        raise UnknownNameError(
            f"{title} has no layers aligned for {asked.split} points; it has {known}"
        )
    return of[:1]
