"""The figure of a stage: one scattergl trace that the browser fills and moves."""

from __future__ import annotations

from typing import Any

HOME = 0.94  # half the range of the axes in plot units, until the browser knows the data


def stage_figure() -> dict[str, Any]:
    """An empty plot of the unit circle and a little room around it.

    Points, colours and motion come from the browser's modules; what is fixed here is what their fast
    path needs: linear axes, markers only, no hover or selection of plotly's own.
    """
    axis = {
        "visible": False,
        "range": [-HOME, HOME],
        "fixedrange": True,
        "zeroline": False,
        "showgrid": False,
    }
    return {
        "data": [
            {
                "type": "scattergl",
                "mode": "markers",
                "visible": False,  # until there are points: no WebGL is set up twice
                "x": [],
                "y": [],
                "hoverinfo": "skip",
                "marker": {"size": 5, "line": {"width": 0}},
            }
        ],
        "layout": {
            "xaxis": axis,
            "yaxis": axis,
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "dragmode": False,
            "hovermode": False,
        },
    }
