"""Figures of a training: loss and accuracy over the epochs, and the strip of what moved when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from gt.figures.letters import letters
from gt.figures.names import middle
from gt.figures.palette import class_colors

SPLITS = ("training", "test")
OVERALL = ("#3d7edb", "#d9480f")  # training and test, all classes together
DIAMETER = float(np.sqrt(2))  # of the softmax space
TICKS = (0, 0.01, 0.1, 0.4, 0.8, DIAMETER)  # of the strip's colours, which go by the square root
PLURAL = {"class": "classes", "label": "labels", "group": "groups"}
LETTER = 7  # px, about the width of a letter beside a row
_TEXT = "#808890"  # the style sheet says it better, for either theme
_LINE = "rgba(128,136,144,0.25)"
_INK = "#8a8f96"
_FONT = {"color": _TEXT, "size": 12}
_AXIS: dict[str, Any] = {
    "gridcolor": _LINE,
    "linecolor": _LINE,
    "zeroline": False,
    "tickfont": _FONT,
    "fixedrange": True,
}
_BARE: dict[str, Any] = {
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "showlegend": False,
    "dragmode": False,
    "hovermode": "closest",
    "hoverdistance": 40,
}


def curves_figure(
    epochs: np.ndarray,
    overall: np.ndarray,
    by_class: np.ndarray,
    classes: Sequence[str],
    *,
    share: bool,
    unit: str = "epoch",
    each: str = "class",
    shown: Sequence[int] | None = None,
) -> dict[str, Any]:
    """One measure over the epochs: of all classes, then by class for each split that was measured.

    Each trace's ``meta`` says whose it is: split (0 or 1) and class, -1 for all classes.

    Args:
        epochs: ``(e,)``.
        overall: ``(e, 2)`` training and test; NaN where not measured.
        by_class: ``(e, 2, k)``.
        classes: k names.
        share: Whether the values are shares of points, to be read in per cent.
        unit: What ``epochs`` counts, in a word.
        each: What the ``classes`` are, in a word: "class", "label" or "group".
        shown: Numbers of the classes that have lines; all when None.
    """
    x = [int(e) for e in epochs]
    colors = class_colors(len(classes))
    measured = [s for s in (0, 1) if np.isfinite(overall[:, s]).any()]
    several = len(classes) > 1  # one alone is all there is
    there = [s for s in (0, 1) if several and np.isfinite(by_class[:, s]).any()]
    data = [
        _line(x, overall[:, s], 1, (s, -1), SPLITS[s], OVERALL[s], share=share, unit=unit)
        for s in measured
    ]
    for row, s in enumerate(there, start=2):
        for c in range(len(classes)) if shown is None else shown:
            if np.isfinite(by_class[:, s, c]).any():
                said = f"{letters(classes[c])}, {SPLITS[s]}"
                data.append(
                    _line(
                        x, by_class[:, s, c], row, (s, c), said, colors[c], share=share, unit=unit
                    )
                )
    keys = [f'<span style="color:{OVERALL[s]}">{SPLITS[s]}</span>' for s in measured]
    by = f"by {each}" if shown is None or len(shown) == len(classes) else f"some {PLURAL[each]}"
    titles = [
        f"all {PLURAL[each] if several else 'points'}, {' and '.join(keys) or 'not measured'}",
        *(f"{by}, {SPLITS[s]}" for s in there),
    ]
    return {"data": data, "layout": _rows_of_curves(x, titles, share=share, unit=unit)}


def _line(
    x: list[int],
    values: np.ndarray,
    row: int,
    whose: tuple[int, int],
    name: str,
    color: str,
    *,
    share: bool,
    unit: str,
) -> dict[str, Any]:
    """A trace of the row-th axis, of a split and a class, -1 for all classes."""
    split, c = whose
    form = "%{y:.1%}" if share else "%{y:.3f}"
    return {
        "type": "scatter",
        "mode": "lines" if len(x) > 1 else "markers",
        "name": name,
        "x": x,
        "text": x,  # the page may space them otherwise
        "y": [round(float(v), 5) if np.isfinite(v) else None for v in values],
        "xaxis": "x",
        "yaxis": f"y{row}" if row > 1 else "y",
        "meta": {"split": split, "class": c},
        "line": {"width": 2 if c < 0 else 1.5, "color": color},
        "hovertemplate": f"{name}, {unit} %{{text}}: {form}<extra></extra>",
    }


def _rows_of_curves(
    x: list[int], titles: Sequence[str], *, share: bool, unit: str
) -> dict[str, Any]:
    """A layout of one axis under the other, each with its title, over one axis of epochs."""
    rows, gap = len(titles), 0.09
    high = (1 - gap * (rows - 1)) / rows
    layout: dict[str, Any] = {
        **_BARE,
        "margin": {"l": 46, "r": 10, "t": 22, "b": 36},
        "xaxis": {**_AXIS, "anchor": f"y{rows}" if rows > 1 else "y", **_epochs(x, unit)},
        "annotations": [],
    }
    for row, title in enumerate(titles):
        top = 1 - row * (high + gap)
        name = f"yaxis{row + 1}" if row else "yaxis"
        domain = [max(0.0, round(top - high, 5)), round(top, 5)]
        layout[name] = {**_AXIS, "domain": domain, "nticks": 5, "rangemode": "tozero"}
        if share:
            layout[name] |= {"range": [-0.02, 1.02], "tickformat": ".0%"}
        layout["annotations"].append(
            {
                "text": title,
                "x": 0,
                "y": top,
                "xref": "paper",
                "yref": "paper",
                "xanchor": "left",
                "yanchor": "bottom",
                "showarrow": False,
                "font": _FONT,
            }
        )
    return layout


def strip_figure(
    epochs: np.ndarray,
    distance: np.ndarray,
    usual: np.ndarray,
    classes: Sequence[str],
    marks: Sequence[tuple[int, int]] = (),
    learnt: Sequence[int | None] = (),
    shown: Sequence[int] | None = None,
    *,
    unit: str = "epoch",
    reach: float = DIAMETER,
) -> dict[str, Any]:
    """How far each class moved from epoch to epoch: a row for each class, a column for each transition.

    Args:
        epochs: ``(e,)``.
        distance: ``(e - 1, k)`` mean distances; NaN for a class without points.
        usual: ``(k,)`` their medians over the training.
        classes: k names.
        marks: Epoch and class of each event.
        learnt: Epoch from which on most points of each class are right; None for never.
        shown: Numbers of the classes that have rows, in their order, which the cells' ``meta`` has too; all when None.
        unit: What ``epochs`` counts, in a word.
        reach: The distance that has the strongest colour.
    """
    of = list(range(len(classes)) if shown is None else shown)
    row_of = {c: row for row, c in enumerate(of)}
    rows = list(range(len(of)))
    names = {row: short(classes[of[row]]) for row in rows[:: 1 + (len(rows) - 1) // 40]}
    found = [
        (int(epoch), row_of[c])
        for c, epoch in enumerate(learnt)
        if epoch is not None and c in row_of
    ]
    events = sorted({(epoch, row_of[c]) for epoch, c in marks if c in row_of})
    traces = [
        _cells(epochs, distance[:, of], usual[of], [classes[c] for c in of], unit, reach)
        | {"meta": {"classes": of}},
        _marks(events, "square-open", 11, "event"),
        _marks(found, "circle", 5, "most of it right from here on"),
    ]
    return {
        "data": traces,
        "layout": {
            **_BARE,
            "margin": {"l": _beside(names.values()), "r": 10, "t": 6, "b": 36},
            "xaxis": {**_AXIS, "showgrid": False, **_epochs([int(e) for e in epochs], unit)},
            "yaxis": {
                **_AXIS,
                "range": [len(rows) - 0.5, -0.5],
                "showgrid": False,
                "tickmode": "array",
                "tickvals": list(names),  # those that there is room for
                "ticktext": list(map(letters, names.values())),
            },
        },
    }


def _cells(
    epochs: np.ndarray,
    distance: np.ndarray,
    usual: np.ndarray,
    classes: Sequence[str],
    unit: str,
    reach: float,
) -> dict[str, Any]:
    """The strip's colours, and what is said of each cell."""
    later = [int(e) for e in epochs[1:]]
    with np.errstate(invalid="ignore", divide="ignore"):
        times = distance / np.maximum(usual, 1e-9)
    cells = [
        [
            [
                int(epochs[t]),
                later[t],
                _number(distance[t, c], 4),
                _number(times[t, c], 1),
                letters(classes[c]),
            ]
            for t in range(len(later))
        ]
        for c in range(len(classes))
    ]
    return {
        "type": "heatmap",
        "x": later,
        "y": list(range(len(classes))),
        "z": [[_number(v, 4) for v in row] for row in np.sqrt(distance.T)],
        "customdata": cells,
        "zmin": 0,
        "zmax": reach**0.5,
        "colorscale": [[0, "rgba(217,72,15,0.04)"], [1, "rgba(217,72,15,1)"]],
        "xgap": 1 if len(later) <= 150 else 0,
        "ygap": 1,
        "hovertemplate": f"%{{customdata[4]}}, {unit} "
        "%{customdata[0]} → %{customdata[1]}: moved %{customdata[2]:.3f},"
        " %{customdata[3]:.1f} × its median<extra></extra>",
        "colorbar": {
            "thickness": 10,
            "outlinewidth": 0,
            "tickvals": [(v * reach / DIAMETER) ** 0.5 for v in TICKS],
            "ticktext": [f"{v * reach / DIAMETER:.2g}" for v in TICKS],
            "tickfont": _FONT,
            "title": {"text": "moved", "side": "right", "font": _FONT},
        },
    }


def _beside(names: Iterable[str]) -> int:
    """Room that names beside rows take, in px."""
    return 18 + LETTER * max(map(len, names), default=0)


def short(name: str) -> str:
    """A name that fits beside a row."""
    return middle(name, 12)


def _marks(places: Sequence[tuple[int, int]], symbol: str, size: int, what: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [epoch for epoch, _ in places],
        "y": [c for _, c in places],
        "hoverinfo": "skip",
        "name": what,
        "marker": {
            "symbol": symbol,
            "size": size,
            "color": _INK,
            "line": {"width": 2 if "open" in symbol else 0, "color": _INK},
        },
    }


def _epochs(epochs: Sequence[int], unit: str) -> dict[str, Any]:
    """An axis of epochs, whole numbers all."""
    first, last = epochs[0], epochs[-1]
    edge = max(0.5, 0.01 * (last - first))
    ticks: dict[str, Any] = {"dtick": 1} if last - first < 8 else {}
    return {
        **ticks,
        "range": [first - edge, last + edge],
        "title": {"text": unit, "font": _FONT, "standoff": 6},
    }


def _number(value: float, digits: int) -> float | None:
    return round(float(value), digits) if np.isfinite(value) else None
