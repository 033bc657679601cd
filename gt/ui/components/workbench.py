"""The workbench of a stage page: the stage fills the window, its transport is under it, its tools are on its edge.

Beside it stands one column with its own scroll, which can be put away; what is said of a view lies over the stage. On a
phone the same parts follow each other: first the first stage, then its transport and its tools.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from gt.ui.components.controls import BUTTON, button, group, icon, part


def board(stages: Sequence[Component], tools: Component, *, said: bool = True) -> html.Div:
    """The stages, with what lies over them.

    Args:
        stages: One, or two of one tour.
        tools: On the left edge.
        said: Whether a sentence may be said of what is seen.
    """
    kind = "gt-stages gt-single" if len(stages) == 1 else "gt-stages"
    zoom = html.Button(
        [icon("fit"), html.Span("Reset zoom")],
        type="button",
        className="btn btn-sm btn-primary gt-zoom",
        hidden=True,
        title="Show everything again",
        **{"data-gt-action": "zoom"},
    )
    loading = html.Span(className="gt-loading", role="status", **part("loading"))
    over = [html.Div([zoom, loading, filters()], className="gt-over")]
    if said:
        over.append(html.P(className="gt-view-text", hidden=True, **part("view-text")))
    return html.Div([html.Div(list(stages), className=kind), tools, *over], className="gt-board")


def alert(component_id: str, problem: str) -> html.P:
    """What went wrong, said above the stage; hidden while that is nothing."""
    return html.P(problem, id=component_id, className="gt-alert", role="alert", hidden=not problem)


def bench(above: Sequence[Component | None], grid: Component) -> html.Div:
    """All that fits a window: what stands above the stage, and the stage with its column."""
    return html.Div([*above, grid], className="gt-bench")


def column(panels: Sequence[tuple[str, Component]]) -> html.Aside:
    """The panels beside a stage, in one column that scrolls by itself.

    Args:
        panels: Each with a word for the button that goes to it; none where that is empty.
    """
    jumps: list[Component] = [
        html.Button(
            word,
            type="button",
            className=f"{BUTTON} gt-jump",
            **{"data-gt-action": "jump", "data-gt-value": str(i)},
        )
        for i, (word, _) in enumerate(panels)
        if word
    ]
    shown: list[Component] = [panel for _, panel in panels]
    if len(jumps) > 1:
        shown.insert(0, html.Div(jumps, className="gt-jumps", role="group", **_named("Panels")))
    return html.Aside(shown, className="gt-side", **_named("Beside the stage"))


def filters() -> html.Div:
    """Where the filters that hide points are said, each as a chip."""
    return html.Div(className="gt-filters", role="group", **part("filters") | _named("Filters"))


def room() -> html.Div:
    """What is at the end of a page's head: the search for points, and what gives a stage more room."""
    return group(
        "Find, and room",
        [
            button("search", "search", "Find points", key="/", text="Find"),
            button("present", "easel", "Present: the stage alone, in large type", key="E"),
            button("full", "fullscreen", "The whole screen", key="W"),
            button("side", "column", "Show or hide the panels", key="]"),
        ],
    )


def _named(label: str) -> dict[str, Any]:
    return {"aria-label": label}
