"""``/adversarial``: an attack, step by step, in every layer; what stands around the picture, as markup."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from gt.ui.components.controls import icon, part
from gt.ui.layers import page as layers_page
from gt.ui.tour import page as tour_page
from gt.words import Part

STAGE = "adversarial"
CLOCK = "step"


def grid(graph_id: str, component_id: str, advised: Component, *, hidden: bool) -> html.Div:
    """The network, the picture, and beside it curves, detours, and what finds and pulls.

    Args:
        graph_id: Of the stage's graph.
        component_id: Of all of it.
        advised: What to look for.
        hidden: Whether there is nothing to show.
    """
    attack = [
        ("Steps", _panel("Over the steps", "curves")),
        ("Detours", _panel("Detours", "detours")),
        ("Attack", _panel("This attack", "about")),
    ]
    first = [advised, layers_page.layer_controls(CLOCK, [_pairs()])]
    return html.Div(
        [
            layers_page.network(),
            *layers_page.main(graph_id, STAGE, CLOCK),
            tour_page.side(first, [*attack, *layers_page.panels()], neighbours=False),
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
