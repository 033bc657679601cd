"""The markup of a stage: plotly's picture, and the layers above it that the modules draw on."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from gt.figures import stage_figure
from gt.ui.components.controls import part

CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "scrollZoom": False,
    "doubleClick": False,
    "responsive": True,
    "showTips": False,
}


def stage(name: str, graph_id: str, split: str, title: str, note: str = "") -> html.Section:
    """One animated view.

    Args:
        name: What `inspect` is asked for.
        graph_id: Id of the graph inside.
        split: ``"train"`` or ``"test"``: whose points it shows.
        title: Above the picture.
        note: Beside the title; the module writes numbers behind it.
    """
    heading = html.Header(
        [
            html.H2(title, className="gt-stage-title"),
            html.Span(note, className="gt-stage-note"),
            html.Span(className="gt-stage-figures", **part("figures")),
        ],
        className="gt-stage-head",
    )
    picture = html.Div(
        [
            dcc.Graph(id=graph_id, figure=stage_figure(), config=CONFIG, className="gt-graph"),
            html.Canvas(className="gt-images", hidden=True, **part("images")),
            html.Div(className="gt-touch", **part("touch")),
            html.Div(
                className="gt-handles",
                role="group",
                **part("handles") | {"aria-label": f"Class handles, {title}"},
            ),
            html.Div(className="gt-ring", hidden=True, **part("ring")),
            html.P(className="visually-hidden", **part("told")),
        ],
        className="gt-picture",
    )
    meter = html.Div(className="gt-meter", **part("meter"))
    return html.Section(
        [heading, picture, meter] if title else [picture, meter],
        className="gt-stage",
        **{"data-gt-stage": name, "data-gt-split": split, "aria-label": title or name},
    )
