"""The page Grand Tour in a file: a run's last layer, or another of its outputs."""

from __future__ import annotations

from dash import html

from gt import ids
from gt.errors import UnknownNameError
from gt.serve.announcements import announce
from gt.serve.library import Library
from gt.share import still
from gt.share.shared import Told
from gt.ui.components.controls import part
from gt.ui.components.look_for import look_for
from gt.ui.components.stage import stage
from gt.ui.components.workbench import room
from gt.ui.tour import advice, last_layer
from gt.ui.tour import page as tour_page
from gt.views.shown import tour_views

ENTRY = "alone/grand_tour.mjs"
#: what to look for among points that are rows of a table
POINTS = (
    "Every row is a point, placed by its columns; a ring is the end of a column. Watch which points stay together "
    "while the picture turns: they are alike in many columns. Drag a ring to turn the picture."
)
MOVING = " Play, and see which points move."


def told(library: Library, run: str, layer: str | None = None) -> Told:
    """What the page is in a file.

    Args:
        library: Has the run.
        run: Its name.
        layer: One of the layers of its outputs; the last when None.

    Raises:
        KeyError: If there is no such run, or it has no such layer.
    """
    one = library.run(run)
    layer = layer or one.last
    if layer not in one.outputs:
        raise UnknownNameError(
            f"{one.title} has no layer “{layer}” to show; it has {', '.join(one.outputs)}"
        )
    views = tour_views(library, run)
    announcement = {**announce(library, run, layer), "views": views}
    *said, last = still.sentences(one, layer)
    return Told(
        title=f"{one.title}, {layer}",
        main=last_layer.page(
            [_head(one.title, run, layer)],
            tour_page.side([advice.advice("tour", library, run)], served=False),
            asked=run,
        ),
        mount=tour_page.mount(last_layer.NAME, "", run=ids.TOUR_RUN, layer=ids.TOUR_LAYER),
        announcement=announcement,
        entry=ENTRY,
        still=still.pictures(one, layer),
        sentences=[*said, *(f"{view['name']}: {view['text']}" for view in views), last],
    )


def _head(title: str, run: str, layer: str) -> html.Div:
    """What stands above the stages: there is one run and one layer, so that nothing is to be chosen."""
    only = [
        tour_page.select(ids.TOUR_RUN, "Run", {run: title}, run),
        tour_page.select(ids.TOUR_LAYER, "Layer", {layer: layer.capitalize()}, layer),
    ]
    views = html.Div(className="gt-views", role="group", **part("views") | {"aria-label": "Views"})
    return html.Div([html.Div(only, hidden=True), views, room()], className="gt-page-head")


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
        [_head(title, run, layer)],
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
        title=title,
        main=page,
        mount=tour_page.mount(last_layer.NAME, "", run=ids.TOUR_RUN, layer=ids.TOUR_LAYER),
        announcement={**announce(library, run, layer), "views": [], "opened": True},
        entry=ENTRY,
        still=still.pictures(one, layer, {"train": title}),
        sentences=[told, still.MORE],
    )
