"""``/two-runs``: two runs in one linear view; what stands around the two stages, and what is said without any."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import dash
from dash import dcc, html
from dash.development.base_component import Component

from gt import ids
from gt.serve.two_runs_wire import ALL
from gt.ui.components.controls import button, heading, icon, part
from gt.ui.components.look_for import look_for
from gt.ui.components.stage import stage
from gt.ui.components.terms import explained
from gt.ui.components.workbench import bench, board, room
from gt.ui.layers.page import choice
from gt.ui.tour import page as tour_page
from gt.ui.tour.tools import tools
from gt.words import Part

STAGES = ("two-runs-a", "two-runs-b")
LOOK_FOR = (
    "The same points in two networks. Drag a class by its ring: both pictures turn alike. Overlaid, an arrow leads "
    "from where run a has a point to where run b has it; the rows of colours below say when which class is apart."
)
POINT_CHOICES = {ALL: "All points", "train": "Training points", "test": "Test points"}


def page(
    above: Sequence[Component],
    picture: Component,
    rest: Sequence[Component] = (),
    *,
    asked: str = "",
    layer: str = "",
) -> html.Main:
    """The page, in the app and in a file.

    Args:
        above: What stands above the stages.
        picture: As `grid` gives it.
        rest: What is not seen.
        asked: The run that its address asks for.
        layer: The layer that is shown.
    """
    return html.Main(
        [heading("Two runs beside each other"), bench(above, picture), *rest],
        key="two-runs",
        className="gt-tour gt-two-runs",
        **{
            "data-gt-page": "two-runs",
            "data-gt-asked-run": asked,
            "data-gt-asked-layer": layer,
            "data-gt-flat": "no",
            "data-gt-overlay": "no",
        },
    )


def advice() -> html.Section:
    """What to look for."""
    return look_for(LOOK_FOR)


def head(
    runs: dict[str, str], a: str, b: str, layers: list[str], layer: str, points: str
) -> html.Div:
    """Which runs, layer and points, and what finds points and gives room.

    Args:
        runs: Titles by name.
        a: Name of the one.
        b: Of the other.
        layers: Those that both have.
        layer: The one that is shown.
        points: Whose points are compared.
    """
    return html.Div(
        [
            tour_page.select(ids.TWO_RUNS_A, "Run a", runs, a),
            tour_page.select(ids.TWO_RUNS_B, "Run b", runs, b),
            tour_page.select(
                ids.TWO_RUNS_LAYER,
                "Layer",
                {one: one.capitalize() for one in layers},
                layer,
                "layer",
            ),
            tour_page.select(ids.TWO_RUNS_POINTS, "Points", POINT_CHOICES, points),
            room(),
        ],
        className="gt-page-head",
    )


def grid(advised: Component, *, hidden: bool = False, served: bool = True) -> html.Div:
    """Both stages, their transport, and the panels beside them.

    Args:
        advised: What to look for.
        hidden: Whether there is nothing to show.
        served: Whether there is a server to ask; a page in a file has none.
    """
    stages = [
        stage(STAGES[0], ids.TWO_RUNS_A_GRAPH, "a", "Run a"),
        stage(STAGES[1], ids.TWO_RUNS_B_GRAPH, "b", "Run b"),
    ]
    return html.Div(
        [
            board(stages, tools()),
            tour_page.transport(),
            tour_page.side(
                [advised, _how(served=served)],
                before=_panels(served=served),
                neighbours=False,
                served=served,
                file=served,
            ),
        ],
        id=ids.TWO_RUNS_PICTURE,
        className="gt-tour-grid",
        hidden=hidden,
    )


def _how(*, served: bool) -> html.Section:
    """Side by side or overlaid, and what is shown; the plane of most difference where a server finds it."""
    return html.Section(
        [
            choice(
                "overlay",
                "How the two are shown",
                {
                    "beside": ("Side by side", "A stage for each run, in one frame"),
                    "over": ("Overlaid", "Run b as rings, and arrows from a to b"),
                },
                "beside",
            ),
            html.P(className="gt-hint", role="status", **part("two-arrows")),
            html.Div(className="gt-two-facts", **part("two-facts")),
            html.Div(_plane(), className="gt-exports") if served else None,
            html.P(className="gt-hint", role="status", **part("two-plane")),
        ],
        className="gt-panel",
        **{"aria-label": "The two runs"},
    )


def _panels(*, served: bool) -> list[tuple[str, Component]]:
    layers = _panel("Layer by layer", "two-layers")
    measure = button("ask-layers", "speedometer2", "Measure all layers", text="Measure all layers")
    layers.children.insert(1, html.Div([measure], className="gt-exports"))
    measured = html.Div(layers, hidden=not served)  # by the server
    return [
        ("When", _panel("Where they differ", "two-timeline")),
        ("Answers", _panel("What they answer", "two-answers")),
        ("Layers" if served else "", measured),
    ]


def _plane() -> html.Button:
    return html.Button(
        [icon("bullseye"), html.Span("Plane of most difference")],
        type="button",
        className="btn btn-sm gt-button",
        **{"data-gt-action": "ask-plane"} | explained("plane-of-difference"),
    )


def _panel(title: str, name: Part) -> html.Section:
    return html.Section(
        [html.H2(title), html.Div(**part(name))],
        className="gt-panel",
        **{"aria-label": title},
    )


def refusal(reason: str, same: str = "") -> list[Any]:
    """Why two runs are not set side by side, and what to do.

    Args:
        reason: A sentence.
        same: Name of the run, where both are the same.
    """
    said: list[Any] = [
        html.Strong("These two cannot be compared. "),
        f"{reason[:1].upper()}{reason[1:]}.",
    ]
    if same:
        href = f"{dash.get_relative_path('/grand-tour')}?{urlencode({'run': same})}"
        said += [" ", dcc.Link("Open it on the Grand Tour", href=href), "."]
    return said


def only_one() -> list[Any]:
    """What to do where there is but one run."""
    return [
        html.Strong("There is one run here, and two are needed. "),
        "Record another one, with another seed or another learning rate, of the same examples: ",
        html.Code("gt record mnist --seed 1 --out runs/mnist-1"),
        ".",
    ]
