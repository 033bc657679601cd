"""Figures of the correspondence: a line per method over the epochs, and one transition point by point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gt.figures.letters import letters

_TEXT = "#808890"  # the style sheet says it better, for either theme
_LINE = "rgba(128,136,144,0.25)"
NOTHING = "Nothing is measured yet: this run has no embedding"


@dataclass(frozen=True)
class Line:
    """One method's values.

    Attributes:
        name: Of the embedding.
        color: "#rrggbb".
        title: For people.
        epochs: ``(m,)`` where each value stands: an epoch, or the later one of a transition.
        before: ``(m,)`` the earlier epoch of the transition, or None for values of an epoch.
        values: ``(m,)``, NaN where undefined.
        dash: As plotly calls it.
    """

    name: str
    color: str
    title: str
    epochs: np.ndarray
    before: np.ndarray | None
    values: np.ndarray
    dash: str = "solid"


def lines_figure(lines: Sequence[Line], title: str, unit: str = "epoch") -> dict[str, Any]:
    """Values of one measure over the epochs, or other ``unit``, a line per method; a click on a point opens it.

    Without a line there are no axes, whose numbers would be of nothing, and with a title it says so.
    """
    data = []
    for line in lines:
        before = line.epochs if line.before is None else line.before
        where = "%{x}" if line.before is None else "%{customdata[1]} → %{customdata[2]}"
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": letters(line.title),
                "x": line.epochs.tolist(),
                "y": [round(float(v), 4) if np.isfinite(v) else None for v in line.values],
                "customdata": [
                    [line.name, int(a), int(b)] for a, b in zip(before, line.epochs, strict=True)
                ],
                "line": {"width": 1.5, "color": line.color, "dash": line.dash},
                "marker": {"size": 4},
                "hovertemplate": f"{letters(line.title)}, {unit} {where}: %{{y:.2f}}<extra></extra>",
            }
        )
    axis = {
        "gridcolor": _LINE,
        "zerolinecolor": _LINE,
        "linecolor": _LINE,
        "tickfont": {"color": _TEXT, "size": 12},
        "fixedrange": True,
        "visible": bool(lines),
    }
    return {
        "data": data,
        "layout": {
            "annotations": [] if lines or not title else [_nothing()],
            "margin": {"l": 48, "r": 12, "t": 8, "b": 40},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "xaxis": {**axis, "title": {"text": unit, "font": {"color": _TEXT, "size": 12}}},
            "yaxis": {**axis, "title": {"text": title, "font": {"color": _TEXT, "size": 12}}},
            "legend": {
                "orientation": "h",
                "y": 1.02,
                "yanchor": "bottom",
                "font": {"color": _TEXT},
            },
            "hovermode": "closest",
            "dragmode": False,
        },
    }


def _nothing() -> dict[str, Any]:
    """That there is no line."""
    middle = {"xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5, "showarrow": False}
    return {**middle, "text": NOTHING, "font": {"color": _TEXT, "size": 14}}


def transition_figure() -> dict[str, Any]:
    """Data motion against screen motion; the browser fills it and links it."""
    return _linked("moved in the data", "moved on the screen")


def cartography_figure() -> dict[str, Any]:
    """Variability against confidence of the examples of a training; the browser fills it and links it."""
    return _linked("variability", "confidence in the label")


def _linked(across: str, up: str) -> dict[str, Any]:
    """Points without a place yet, between two axes of these titles."""
    axis = {
        "range": [0, 1],
        "fixedrange": True,
        "zeroline": False,
        "gridcolor": _LINE,
        "linecolor": _LINE,
        "showline": True,
        "tickfont": {"color": _TEXT, "size": 12},
        "nticks": 6,
    }
    return {
        "data": [
            {
                "type": "scattergl",
                "mode": "markers",
                "visible": False,  # until there are points: no WebGL is set up for nothing
                "x": [],
                "y": [],
                "hoverinfo": "skip",
                "marker": {"size": 5, "line": {"width": 0}},
            }
        ],
        "layout": {
            "margin": {"l": 56, "r": 10, "t": 8, "b": 44},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "dragmode": False,
            "hovermode": False,
            "xaxis": {**axis, "title": {"text": across, "font": {"color": _TEXT, "size": 12}}},
            "yaxis": {**axis, "title": {"text": up, "font": {"color": _TEXT, "size": 12}}},
        },
    }
