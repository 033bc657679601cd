"""``/adversarial``: an attack, step by step, in every layer; what stands around the picture, as markup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from gt.ui.components.controls import heading, icon, part
from gt.ui.components.look_for import look_for
from gt.ui.components.workbench import bench
from gt.ui.layers import page as layers_page
from gt.ui.tour import page as tour_page
from gt.words import Part

STAGE = "adversarial"
CLOCK = "step"
LOOK_FOR = (
    "Attacked points (pink) leave their class and end in another, while the clean ones stand still. Watch when they "
    "cross. Then go one layer back (Before the softmax): there they are no members of the class they are taken for."
)


def advice() -> html.Section:
    """What to look for."""
    return look_for(LOOK_FOR)


def page(
    above: Sequence[Component], grid: Component, rest: Sequence[Component] = (), asked: str = ""
) -> html.Main:
    """The page, in the app and in a file.

    Args:
        above: What stands above the picture.
        grid: As `grid` gives it.
        rest: What is not seen.
        asked: The attack that its address asks for.
    """
    return html.Main(
        [heading("Adversarial dynamics"), bench(above, grid), *rest],
        key="adversarial",
        className="gt-tour gt-layers gt-adversarial",
        **{
            "data-gt-page": "adversarial",
            "data-gt-asked-run": asked,
            "data-gt-asked-layer": "",
            "data-gt-flat": "no",
        },
    )


def grid(
    graph_id: str, component_id: str, advised: Component, *, hidden: bool, served: bool = True
) -> html.Div:
    """The network, the picture, and beside it curves, detours, and what finds and pulls.

    Args:
        graph_id: Of the stage's graph.
        component_id: Of all of it.
        advised: What to look for.
        hidden: Whether there is nothing to show.
        served: Whether there is a server to ask; a page in a file has none.
    """
    attack = [
        ("Steps", _panel("Over the steps", "curves")),
        ("Detours", _panel("Detours", "detours")),
        ("Attack", _panel("This attack", "about")),
    ]
    first = [advised, layers_page.layer_controls(CLOCK, [_pairs()])]
    panels = [*attack, *layers_page.panels(served=served)]
    return html.Div(
        [
            layers_page.network(),
            *layers_page.main(graph_id, STAGE, CLOCK),
            tour_page.side(first, panels, neighbours=False, served=served, file=served),
        ],
        id=component_id,
        className="gt-tour-grid",
        hidden=hidden,
    )


def none_yet(read_only: bool) -> list[Any]:
    """What to do where there is no attack.

    Args:
        read_only: Whether the server makes none.
    """
    return [
        html.Strong("There is no attack here yet."),
        " Make one in the shell: "
        if read_only
        else " Make one in the lab (Attack a network…), or in the shell: ",
        html.Code("gt attack RUN"),
        " and ",
        html.Code("gt align ATTACK --reference 0"),
        ".",
    ]


def not_aligned(title: str, path: str) -> list[Any]:
    """What to do for an attack whose layers are not aligned."""
    return [
        html.Strong(f"The layers of {title} are not aligned yet."),
        " Do it in the shell: ",
        html.Code(f"gt align {path} --reference 0"),
    ]


def _panel(title: str, name: Part) -> html.Section:
    return html.Section(
        [html.H2(title), html.Div(**part(name))],
        className="gt-panel",
        **{"aria-label": title},
    )


def _pairs() -> Component:
    return html.Button(
        [icon("check2"), html.Span("Pairs")],
        type="button",
        className="btn btn-sm gt-button",
        title="A line from where each attacked point was before the attack",
        **{"data-gt-action": "pairs", "aria-pressed": "true"},
    )
