"""The page Grand Tour in a file: a run's last layer, or another of its outputs."""

from __future__ import annotations

from typing import Any

from gt import ids
from gt.errors import UnknownNameError
from gt.serve.announcements import announce
from gt.serve.library import Library
from gt.share import still
from gt.share.head import head
from gt.share.less import less
from gt.share.told import Asked, Told
from gt.ui.components.look_for import look_for
from gt.ui.components.stage import stage
from gt.ui.tour import advice, last_layer
from gt.ui.tour import page as tour_page
from gt.views.shown import tour_views

ENTRY = "alone/tour.mjs"
#: what to look for among points that are rows of a table
POINTS = (
    "Every row is a point, placed by its columns; a ring is the end of a column. Watch which points stay together "
    "while the picture turns: they are alike in many columns. Drag a ring to turn the picture."
)
MOVING = " Play, and see which points move."


def told(library: Library, run: str, asked: Asked) -> Told:
    """What the page is in a file.

    Args:
        library: Has the run.
        run: Its name.
        asked: Which layers of its outputs; the last where none is named.

    Raises:
        KeyError: If there is no such run, or it has no such layer.
    """
    one = library.run(run)
    layers = list(asked.layers) or [one.last]
    for layer in layers:
        if layer not in one.outputs:
            raise UnknownNameError(
                f"{one.title} has no layer “{layer}” to show; it has {', '.join(one.outputs)}"
            )
    views = [view for view in tour_views(library, run) if view["layer"] in layers]
    shown: dict[str, Any] = {}
    left_out: list[str] = []
    for layer in layers:
        announced = {**announce(library, run, layer), "views": views}
        shown[layer], left_out = less(library, announced, asked)
    first = layers[0]
    *said, last = still.sentences(one, first, asked.split)
    titles = {layer: layer.capitalize() for layer in layers}
    return Told(
        name="Grand Tour",
        title=f"{one.title}, {first}",
        main=last_layer.page(
            [head((ids.TOUR_RUN, run, one.title), (ids.TOUR_LAYER, "Layer", titles), views=True)],
            tour_page.side([advice.advice("tour", library, run)], served=False),
            asked=run,
        ),
        mount=tour_page.mount(last_layer.NAME, "", run=ids.TOUR_RUN, layer=ids.TOUR_LAYER),
        shown=shown,
        runs=[run],
        entry=ENTRY,
        still=still.pictures(one, first, split=asked.split),
        sentences=[*said, *(f"{view['name']}: {view['text']}" for view in views), last],
        left_out=left_out,
    )


def of_points(library: Library, run: str) -> Told:
    """The page of points that no network has made: one stage, in words of rows and columns.

    Args:
        library: Has them as a run of the task "none".
        run: Its name.
    """
    one = library.run(run)
    layer, title = one.last, one.title
    moving = len(one.epochs) > 1
    page = last_layer.page(
        [head((ids.TOUR_RUN, run, title), (ids.TOUR_LAYER, "Layer", {layer: layer}), views=True)],
        tour_page.side([look_for(POINTS + (MOVING if moving else ""))], served=False),
        asked=run,
        stages=[stage("points", ids.TOUR_TRAIN_GRAPH, "any", title)],
        heading_text=title,
    )
    if not moving:
        setattr(page, "data-gt-once", "")
    told = (
        f"{title}: {one.n:,} points, placed by {len(one.axes)} columns, along the two directions in which they differ "
        "most."
    )
    return Told(
        name="Grand Tour",
        title=title,
        main=page,
        mount=tour_page.mount(last_layer.NAME, "", run=ids.TOUR_RUN, layer=ids.TOUR_LAYER),
        shown={layer: {**announce(library, run, layer), "views": [], "opened": True}},
        runs=[run],
        entry=ENTRY,
        still=still.pictures(one, layer, {"train": title}),
        sentences=[told, still.MORE],
    )
