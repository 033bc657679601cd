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
from gt.ui.components.workbench import room
from gt.ui.tour import advice, last_layer
from gt.ui.tour import page as tour_page
from gt.views.shown import tour_views

ENTRY = "alone/grand_tour.mjs"


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
