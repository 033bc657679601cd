"""The figure behind a grid of panels: one trace for all of them, in pixels."""

from __future__ import annotations

from typing import Any


def grid_figure() -> dict[str, Any]:
    """An empty plot whose axes the browser makes the grid's own pixels."""
    axis = {
        "visible": False,
        "range": [0, 1],
        "fixedrange": True,
        "zeroline": False,
        "showgrid": False,
    }
    trace = {
        "type": "scattergl",
        "mode": "markers",
        "visible": False,  # until there are points
        "x": [],
        "y": [],
        "hoverinfo": "skip",
        "marker": {"size": 3, "line": {"width": 0}},
    }
    return {"data": [trace], "layout": {**_BARE, "xaxis": axis, "yaxis": dict(axis)}}


_BARE: dict[str, Any] = {
    "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "showlegend": False,
    "dragmode": False,
    "hovermode": False,
}
