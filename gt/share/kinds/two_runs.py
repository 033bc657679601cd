"""The page Two runs in a file: the same points as two runs have them, in one frame."""

from __future__ import annotations

from typing import Any

from dash import html

from gt import ids
from gt.errors import RunError
from gt.serve import two_runs, two_runs_wire
from gt.serve.library import Library
from gt.share import still
from gt.share.head import head
from gt.share.told import Asked, Told
from gt.ui.tour import page as tour_page
from gt.ui.two_runs import page as two_page

ENTRY = "alone/two_runs.mjs"
LEFT_OUT = (
    "Left out is what a server works out: the plane of most difference, and all layers measured."
)


def told(library: Library, run: str, asked: Asked) -> Told:
    """What the page is in a file.

    Args:
        library: Has both runs.
        run: Name of the one.
        asked: The other run, layers that both have (the last where none is named), and points of which split.

    Raises:
        KeyError: If there is no such run, or no such layer in both.
        RunError: If they cannot be compared, none is named, or fewer epochs are asked for.
    """
    one = library.run(run)
    if asked.beside is None:
        raise RunError(
            "export: the page two-runs must have a second run; name its folder (--beside RUN)"
        )
    if asked.every > 1:
        raise RunError("export: the page two-runs must have all epochs of both; leave out --every")
    points = asked.split or two_runs_wire.ALL
    paired = two_runs_wire.paired(library, run, asked.beside, points)
    layers = list(asked.layers) or [paired.layers[-1]]
    shown: dict[str, Any] = {
        layer: two_runs.announce(library, run, asked.beside, layer, points) for layer in layers
    }
    chosen = (ids.TWO_RUNS_LAYER, "Layer", {layer: layer.capitalize() for layer in layers})
    said = {points: two_page.POINT_CHOICES[points]}
    of = html.Div(tour_page.select(ids.TWO_RUNS_POINTS, "Points", said, points), hidden=True)
    title = two_runs.title_of(paired)
    frame = two_runs_wire.frame_of(paired, layers[0], points)
    return Told(
        name="Two runs",
        title=f"{title}, {layers[0]}",
        main=two_page.page(
            [head((ids.TWO_RUNS_A, run, one.title), chosen, more=of)],
            two_page.grid(two_page.advice(), served=False),
            asked=run,
            layer=layers[0],
        ),
        mount=tour_page.mount(
            "two-runs",
            "",
            run=ids.TWO_RUNS_A,
            layer=ids.TWO_RUNS_LAYER,
            more={"points": ids.TWO_RUNS_POINTS},
        ),
        shown=shown,
        runs=[run, asked.beside],
        entry=ENTRY,
        still=still.two_runs(paired, frame, layers[0]),
        sentences=still.of_two_runs(paired, frame, layers[0]),
        left_out=[LEFT_OUT],
    )
