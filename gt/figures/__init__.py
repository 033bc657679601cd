"""Arrays to plotly figure dicts; no IO, no ids."""

from gt.figures.grid import grid_figure
from gt.figures.measures import Line, cartography_figure, lines_figure, transition_figure
from gt.figures.stage import stage_figure

__all__ = [
    "Line",
    "cartography_figure",
    "grid_figure",
    "lines_figure",
    "stage_figure",
    "transition_figure",
]
