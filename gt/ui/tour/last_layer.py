"""What is on the page Grand Tour, in the app and in a file: two stages of one tour, with what stands around them."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from gt import ids
from gt.ui.components.controls import heading
from gt.ui.components.stage import stage
from gt.ui.components.workbench import bench, board
from gt.ui.tour.page import transport
from gt.ui.tour.tools import tools

NAME = "grand-tour"


def page(
    above: Sequence[Component],
    side: Component,
    rest: Sequence[Component] = (),
    asked: str = "",
    stages: Sequence[html.Section] = (),
    heading_text: str = "The Grand Tour of the last layer",
) -> html.Main:
    """The page.

    Args:
        above: What stands above the stages.
        side: The column beside them.
        rest: What is not seen.
        asked: The run that its address asks for.
        stages: Others than those of training and test points.
        heading_text: For those who hear the page.
    """
    shown = stages or [
        stage("grand-tour-train", ids.TOUR_TRAIN_GRAPH, "train", "Training points"),
        stage("grand-tour-test", ids.TOUR_TEST_GRAPH, "test", "Test points"),
    ]
    grid = html.Div([board(shown, tools()), transport(), side], className="gt-tour-grid")
    return html.Main(
        [heading(heading_text), bench(above, grid), *rest],
        key=NAME,
        className="gt-tour",
        **{"data-gt-page": NAME, "data-gt-asked-run": asked, "data-gt-flat": "no"},
    )
