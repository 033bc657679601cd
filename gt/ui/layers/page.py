"""``/layers``: all states of a network in one picture, the network as a strip above it.

What stands around the picture, as markup; the page's module fills it and answers its buttons.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from gt import ids
from gt.bring.opened import needed
from gt.kept.describe import layered_command, outputs_alone
from gt.run.read import Run
from gt.ui.components.controls import button, group, heading, icon, labelled, part
from gt.ui.components.stage import stage
from gt.ui.components.terms import explained, term
from gt.ui.components.workbench import bench, board
from gt.ui.tour import page as tour_page
from gt.ui.tour.tools import tools

STAGE = "layers"
TRAIL_WORDS = {"epoch": "Epochs", "step": "Steps"}


def page(
    above: Sequence[Component | None],
    picture: Component,
    rest: Sequence[Component] = (),
    *,
    asked: str = "",
    alignment: str = "",
) -> html.Main:
    """The page, in the app and in a file.

    Args:
        above: What stands above the picture.
        picture: As `picture` gives it.
        rest: What is not seen.
        asked: The run that its address asks for.
        alignment: The alignment that its address asks for.
    """
    return html.Main(
        [heading("Layer dynamics"), bench(above, picture), explanation(), *rest],
        key="layers",
        className="gt-tour gt-layers",
        **{
            "data-gt-page": "layers",
            "data-gt-asked-run": asked,
            "data-gt-asked-layer": alignment,
            "data-gt-flat": "no",
        },
    )


def picture(advised: Component, *, hidden: bool = False, served: bool = True) -> html.Div:
    """The network, the picture, and what stands beside it.

    Args:
        advised: What to look for.
        hidden: Whether there is nothing to show.
        served: Whether there is a server to ask; a page in a file has none.
    """
    return html.Div(
        [
            network(),
            *main(ids.LAYERS_GRAPH),
            tour_page.side(
                [advised, layer_controls()], panels(served=served), served=served, file=served
            ),
        ],
        id=ids.LAYERS_PICTURE,
        className="gt-tour-grid",
        hidden=hidden,
    )


def network() -> html.Div:
    """The network as a strip of its states, which is also the slider of layers."""
    return html.Div(className="gt-strip", **part("strip"))


def main(graph_id: str, name: str = STAGE, clock: str = "epoch") -> list[Component]:
    """The one stage, and its transport.

    Args:
        graph_id: Of the stage's graph.
        name: Of the stage.
        clock: What the page's slider counts, in a word.
    """
    only = stage(name, graph_id, "any", "Layers")
    return [board([only], tools(clock)), tour_page.transport(clock, [_along()])]


def _along() -> html.Div:
    """Play through the layers."""
    along = [
        button("state-back", "skip-backward-fill", "One layer back", key=","),
        button(
            "play-states",
            "play-fill",
            "Play from the input to the last layer",
            key="P",
            text="Layers",
        ),
        button("state-on", "skip-forward-fill", "One layer on", key="."),
    ]
    return group("Layers", along)


def layer_controls(clock: str = "epoch", more: Sequence[Component] = ()) -> html.Section:
    """Aligned or naive; how points are pulled; trails.

    Args:
        clock: What the page's slider counts, in a word.
        more: Further controls.
    """
    return html.Section(
        [
            choice(
                "naive",
                "How layers follow each other",
                {
                    "aligned": ("Aligned", ""),
                    "naive": ("Naive", ""),
                },
                "aligned",
            ),
            labelled("Pull", _pulling()),
            labelled(term("trails", "Trails"), _trails(clock)),
            html.Button(
                [icon("square"), html.Span("Training means")],
                type="button",
                className="btn btn-sm gt-button",
                hidden=True,
                **{"data-gt-action": "means", "aria-pressed": "false"} | explained("means"),
            ),
            html.Button(
                [icon("square"), html.Span("What is added")],
                type="button",
                className="btn btn-sm gt-button",
                hidden=True,
                **{"data-gt-action": "added", "aria-pressed": "false"} | explained("added"),
            ),
            *more,
        ],
        className="gt-panel gt-layer-tools",
        **{"aria-label": "How layers are shown", "data-gt-unit": clock},
    )


def _pulling() -> html.Div:
    ways = {
        "rotate": ("Rotate", ""),
        "fit": ("Fit", ""),
        "spread": ("Spread", ""),
    }
    return choice("drag", "How pulled points move", ways, "rotate")


def _trails(clock: str) -> html.Div:
    along = {
        "off": ("Off", "No trails"),
        "layers": ("Layers", "Where they were in the layers before"),
        "epochs": (TRAIL_WORDS[clock], f"Where they were in the {clock}s before"),
    }
    return choice("trails", "Trails of the selected points", along, "off")


def choice(action: str, label: str, options: dict[str, tuple[str, str]], now: str) -> html.Div:
    """One of several words, for the page's module.

    Args:
        action: The word in ``data-gt-action``.
        label: Of the question, read aloud.
        options: By value, the text of a button and what it does; a value that is a term is told by that.
        now: The value that is chosen at first.
    """
    buttons: list[Component] = [
        html.Button(
            text,
            type="button",
            className="btn btn-sm gt-button",
            title=title,
            **{
                "data-gt-action": action,
                "data-gt-value": value,
                "aria-pressed": "true" if value == now else "false",
            }
            | ({} if title else {"data-gt-term": value}),
        )
        for value, (text, title) in options.items()
    ]
    return group(label, buttons, segmented=True)


def panels(*, served: bool = True) -> list[tuple[str, Component]]:
    """Numbers, views that can be found, groups that can be pulled: a panel each, with a word for it.

    Args:
        served: Whether there is a server that finds views.
    """
    numbers = html.Section(
        html.Div(**part("numbers")),
        className="gt-panel",
        **{"aria-label": "This layer in numbers"},
    )
    find = [("Find", tour_page.find_panel())] if served else []
    return [("Layer", numbers), *find, ("Pull", _pull_panel())]


def _pull_panel() -> html.Section:
    return html.Section(
        [
            html.H2("Pull points"),
            html.P(className="gt-hint", **part("drag-text")),
            html.P(
                "Select points by lasso or by a number in the legend, then pull the diamond at their"
                " middle. A group (G) has a diamond too, to be pulled again and again.",
                className="gt-hint",
            ),
        ],
        className="gt-panel gt-pull",
        **{"aria-label": "Pull points"},
    )


def explanation() -> html.Section:
    """What alignment buys, on the smallest example there is."""
    return html.Section(
        [
            html.Div(
                [
                    html.H2("What alignment buys"),
                    html.P(
                        "A layer turns its input, scales it along a few directions, and bends it. Only scaling and"
                        " bending change what can be told apart; a turn merely renames the axes. Shown in the axes"
                        " of its neurons, the turn is most of what one sees."
                    ),
                    html.P(
                        "Aligned, a linear layer is shown in its singular vectors: X·U before it, Y·V behind it, so"
                        " that the points are only scaled and shifted, and the turns between U and V go into the"
                        " view. That is exact for the weights of one epoch, which decided U and V, and for as many"
                        " coordinates as are said beside the picture; in other epochs the same U and V are kept, so"
                        " that what moves is the network. The picture never jumps. Switch between Aligned and Naive"
                        " above, and pass the same layer twice.",
                        **{"data-gt-unit": "epoch"},
                    ),
                    html.P(className="gt-hint gt-origin", **part("origin")),
                ],
                className="gt-explained",
            ),
            html.Div(className="gt-negation", **part("negation")),
        ],
        className="gt-panel gt-explanation",
        **{"aria-label": "What alignment buys"},
    )


def none_yet(run: Run, takes: float | None, unasked: bool) -> list[Any]:
    """What to do for a run that has no alignment.

    Args:
        run: The run.
        takes: About how many seconds an alignment takes; None where that cannot be said.
        unasked: Whether it is made without being asked.
    """
    if not outputs_alone(run):
        about = "" if takes is None else f" It takes {duration(takes)} here."
        if unasked:
            return [
                html.Strong(f"The layers of {run.title} are being aligned."),
                f"{about} The picture comes by itself.",
            ]
        return [html.Strong(f"The layers of {run.title} are not aligned yet."), about]
    if said := needed(run, "layers"):
        return [f"{said} Record one: ", html.Code(layered_command(run))]
    return [
        html.Strong(f"{run.title} was recorded without its hidden layers."),
        " Record them, and align: ",
        html.Code(layered_command(run)),
    ]


def duration(seconds: float) -> str:
    """About how long, in words."""
    if seconds < 5:
        return "a few seconds"
    if seconds < 90:
        return f"about {round(seconds / 5) * 5} seconds"
    minutes = round(seconds / 60)
    return f"about {minutes} minutes" if minutes < 90 else f"about {round(minutes / 60)} hours"
