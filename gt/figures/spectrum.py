"""The spectrum of a layer: what share of the variance each principal component holds."""

from __future__ import annotations

from typing import Any

import numpy as np

_SHOWN = "#2463c4"  # the two components that a plane has room for
_HIDDEN = "#9aa4ae"
_TEXT = "#808890"  # the style sheet says it better, for either theme
_LINE = "rgba(128,136,144,0.25)"


def spectrum_figure(shares: np.ndarray, shown: int = 2) -> dict[str, Any]:
    """Bars of the shares, those of the components that a picture shows in another colour.

    Args:
        shares: ``(p,)``, falling, of sum 1.
        shown: How many components a picture has room for.
    """
    percent = 100 * np.asarray(shares, float)
    places = list(range(1, len(percent) + 1))
    axis = {
        "fixedrange": True,
        "zeroline": False,
        "gridcolor": _LINE,
        "linecolor": _LINE,
        "tickfont": {"color": _TEXT, "size": 12},
    }
    name = {"font": {"color": _TEXT, "size": 12}}
    most = max(float(percent.max(initial=0)), 1.0)
    return {
        "data": [
            {
                "type": "bar",
                "x": places,
                "y": [round(float(value), 3) for value in percent],
                "marker": {"color": [_SHOWN if i <= shown else _HIDDEN for i in places]},
                "customdata": [round(float(so_far), 1) for so_far in np.cumsum(percent)],
                "hovertemplate": "component %{x}: %{y:.1f} %<br>"
                "with those before it: %{customdata:.1f} %<extra></extra>",
            }
        ],
        "layout": {
            "margin": {"l": 48, "r": 8, "t": 8, "b": 40},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "dragmode": False,
            "bargap": 0.35,
            "xaxis": {
                **axis,
                "showgrid": False,
                "range": [0.4, len(percent) + 0.6],
                "dtick": 1 if len(percent) <= 12 else None,
                "title": {"text": "principal component", **name},
            },
            "yaxis": {
                **axis,
                "range": [0, 1.08 * most],
                "ticksuffix": " %",
                "nticks": 6,
                "title": {"text": "share of the variance", **name},
            },
        },
    }
