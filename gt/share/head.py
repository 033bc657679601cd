"""What stands above the stages of a page in a file: there is one run, so that only what is chosen of it is seen."""

from __future__ import annotations

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from gt.ui.components.controls import part
from gt.ui.components.workbench import room
from gt.ui.tour.page import select


def head(
    run: tuple[str, str, str],
    chosen: tuple[str, str, Mapping[str, str]] | None = None,
    *,
    views: bool = False,
    stages: bool = True,
    more: Component | None = None,
) -> html.Div:
    """The head of a page.

    Args:
        run: Id of the page's select of runs, the run's name and its title.
        chosen: Id of the select of layers or methods, its word, and titles by name, the first chosen; None where the
            page has none.
        views: Whether there may be named views.
        stages: Whether the page has stages, that can have more room.
        more: What else is chosen.
    """
    select_id, name, title = run
    choices: list[Component] = [
        html.Div(select(select_id, "Run", {name: title}, name), hidden=True)
    ]
    if chosen:
        chosen_id, word, titles = chosen
        one = select(chosen_id, word, dict(titles), next(iter(titles)))
        choices.append(one if len(titles) > 1 else html.Div(one, hidden=True))
    named = html.Div(className="gt-views", role="group", **part("views") | {"aria-label": "Views"})
    return html.Div(
        [*choices, more, named if views else None, room() if stages else None],
        className="gt-page-head",
    )
