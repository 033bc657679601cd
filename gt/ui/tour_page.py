"""The parts of the tour page: what stands above, between, beside and below the two stages."""

from __future__ import annotations

import dash_bootstrap_components as dbc
from dash import dcc, html

from gt import ids
from gt.ui.controls import button, group, icon
from gt.ui.views import NamedView

COLORS = {
    "label": "True label",
    "prediction": "Predicted label",
    "verdict": "Correct or wrong",
    "confidence": "Confidence",
}
EPOCH_RATES = {"1": "1 epoch/s", "3": "3 epochs/s", "6": "6 epochs/s", "12": "12 epochs/s"}


def select(component_id: str, label: str, choices: dict[str, str], value: str) -> html.Label:
    """A labelled select; its callback is wired by the page."""
    options = [{"value": key, "label": text} for key, text in choices.items()]
    chosen = dbc.Select(id=component_id, options=options, value=value, size="sm")
    return html.Label([html.Span(label), chosen], className="gt-select")


def head(runs: dict[str, str], run: str, layers: list[str], layer: str) -> html.Div:
    """Which run and layer, and the views that have a name."""
    return html.Div(
        [
            select(ids.TOUR_RUN, "Run", runs, run),
            select(ids.TOUR_LAYER, "Layer", {one: one.capitalize() for one in layers}, layer),
            html.Div(
                className="gt-views",
                role="group",
                **{"data-gt-part": "views", "aria-label": "Views"},
            ),
        ],
        className="gt-page-head",
    )


def tools() -> html.Div:
    """What the pointer does, how points look, where the view goes."""
    return html.Div(
        [
            group(
                "Pointer",
                [
                    button("tool", "pentagon", "Lasso points", key="L", value="lasso"),
                    button("tool", "bounding-box", "Select a box", key="B", value="box"),
                    button(
                        "tool", "arrows-move", "Look: pan, pinch, scroll", key="V", value="look"
                    ),
                ],
                segmented=True,
            ),
            group(
                "A new lasso or box",
                [
                    button("how", "square", "Selects anew", value="new"),
                    button("how", "plus-lg", "Adds", key="Shift", value="add"),
                    button("how", "dash-lg", "Subtracts", key="Alt", value="subtract"),
                ],
                segmented=True,
            ),
            group(
                "Points as",
                [
                    button("points", "circle-fill", "Points as dots", value="dots"),
                    button("points", "image", "Points as images", key="I", value="images"),
                ],
                segmented=True,
            ),
            group(
                "View",
                [
                    button("undo", "arrow-90deg-left", "Last view", key="Ctrl Z"),
                    button("redo", "arrow-90deg-right", "Next view", key="Ctrl Shift Z"),
                    button("random", "dice-5", "A new random view", key="R"),
                    button("reset", "bullseye", "Reset the view", key="0"),
                ],
            ),
            html.Button(
                [icon("fullscreen-exit"), html.Span("Reset zoom")],
                type="button",
                className="btn btn-sm btn-primary gt-zoom",
                hidden=True,
                title="Show everything again",
                **{"data-gt-action": "zoom"},
            ),
            html.Span(className="gt-loading", role="status", **{"data-gt-part": "loading"}),
        ],
        className="gt-tools",
    )


def transport() -> html.Div:
    """Epochs and tour: both play, both stop, each at its own pace."""
    return html.Div(
        [
            group(
                "Epochs",
                [
                    button("step-back", "skip-start-fill", "One epoch back", key="←"),
                    button("play", "play-fill", "Play the epochs", key="Space"),
                    button("step-on", "skip-end-fill", "One epoch on", key="→"),
                ],
            ),
            html.Div(className="gt-epoch", **{"data-gt-part": "epoch"}),
            select(ids.TOUR_PACE, "Pace", EPOCH_RATES, "3"),
            html.Div(
                [
                    html.Button(
                        [icon("play-fill"), html.Span("Tour")],
                        type="button",
                        className="btn btn-sm gt-button",
                        title="Turn through all views (T)",
                        **{"data-gt-action": "tour", "aria-pressed": "false"},
                    ),
                    html.Div(className="gt-speed", **{"data-gt-part": "speed"}),
                    button("reseed", "shuffle", "Another path for the tour", key="N"),
                ],
                className="gt-group",
                role="group",
                **{"aria-label": "Tour"},
            ),
        ],
        className="gt-transport",
    )


def side() -> html.Aside:
    """Colours, legend, selection, and what can be taken away."""
    return html.Aside(
        [
            html.Section(
                [
                    select(ids.TOUR_COLOR, "Colour", COLORS, "label"),
                    html.Div(className="gt-key", **{"data-gt-part": "key"}),
                    html.Div(
                        className="gt-legend",
                        role="group",
                        **{"data-gt-part": "legend", "aria-label": "Classes"},
                    ),
                ],
                className="gt-panel",
            ),
            html.Section(
                [html.H2("Selection"), html.Div(**{"data-gt-part": "selection"})],
                className="gt-panel gt-selection",
                **{"aria-label": "Selection"},
            ),
            html.Section(
                [
                    html.H2("Take it with you"),
                    html.Div(
                        [
                            button("link", "link-45deg", "Copy a link to this view", text="Link"),
                            button(
                                "matrix", "braces", "Copy the matrix as numpy text", text="Matrix"
                            ),
                            button("png", "camera", "Save the picture as PNG", text="PNG"),
                            button("csv", "filetype-csv", "Save the selection as CSV", text="CSV"),
                        ],
                        className="gt-exports",
                    ),
                ],
                className="gt-panel",
            ),
        ],
        className="gt-side",
    )


def stores(base: str, views: dict[str, list[NamedView]]) -> list[dcc.Store | dcc.Download]:
    """What the page's module and the server tell each other."""
    names = {"run": ids.TOUR_RUN, "layer": ids.TOUR_LAYER, "csv": ids.TOUR_CSV_STORE}
    names |= {"chosenRun": ids.RUN_STORE, "color": ids.TOUR_COLOR, "pace": ids.TOUR_PACE}
    return [
        dcc.Store(id=ids.TOUR_MOUNT_STORE, data={"ids": names, "base": base, "views": views}),
        dcc.Store(id=ids.TOUR_SINK),
        dcc.Store(id=ids.TOUR_CHOICE_SINK),
        dcc.Store(id=ids.TOUR_CSV_STORE),
        dcc.Download(id=ids.TOUR_DOWNLOAD),
    ]
