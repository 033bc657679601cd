"""Arrays to plotly figure dicts; no IO, no ids."""

from gt.figures.stage import stage_figure

__all__ = ["stage_figure"]
