"""The pages of embeddings, a family of methods each, and one of imported ones: one picture, large, and how it was made.

Pages of a family differ in which methods they offer and in nothing else, and only one of them is open at
a time: they have the same ids and are wired once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import dash
from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from gt import ids
from gt.embed.method import family_title
from gt.embed.titles import ELSEWHERE
from gt.serve import announcements, choices, context
from gt.serve.library import Library
from gt.serve.payloads import Announcement
from gt.state import Family
from gt.ui.components.controls import heading
from gt.ui.components.look_for import look_for
from gt.ui.components.stage import stage
from gt.ui.components.workbench import alert, bench, board, room
from gt.ui.embed.about import about, how_to_get_one
from gt.ui.tour import advice
from gt.ui.tour import page as tour_page
from gt.ui.tour.tools import tools


def layout(
    family: str,
    run: object = None,
    method: object = None,
    beside: Component | None = None,
    *,
    compute: bool = False,
) -> html.Main:
    """The page of a family.

    Args:
        family: "tsne", "umap" or "embedding".
        run: The run that the address asks for.
        method: The embedding that the address asks for, by its name.
        beside: Stands beside the choice of methods.
        compute: Whether the address asks for the form in which a computation is ordered.
    """
    library = context.library()
    if not library.runs:
        return tour_page.no_run()
    name, problem = tour_page.run_named(library, run)
    offered = choices.embeddings(library, name, family)
    chosen = _chosen(offered, method)
    if isinstance(method, str) and method != chosen:
        problem = problem or (
            f"{library.run(name).title} has no {_picture_title(family)} “{method}”."
        )
    said = _shown(library, name, chosen, family)
    word = "Embedding" if family == ELSEWHERE else "Method"
    methods = tour_page.select(ids.EMBED_METHOD, word, {}, chosen or "")
    methods.children[1].options = offered
    methods.children[1].placeholder = "none yet"
    runs = tour_page.select(ids.EMBED_RUN, "Run", library.titles, name)
    return page(
        family,
        [
            html.Div([runs, methods, beside, room()], className="gt-page-head"),
            alert(ids.TOUR_ALERT, said.problem or problem),
            _about_line(said.about),
        ],
        picture(family, _advice(family, library, name), hidden=said.announcement is None),
        [
            dcc.Store(id=ids.EMBED_FAMILY_STORE, data=family),
            dcc.Store(id=ids.EMBED_ANNOUNCEMENT_STORE, data=said.announcement),
            dcc.Store(id=ids.EMBED_SINK),
            *tour_page.stores(
                family, dash.get_relative_path("/"), run=ids.EMBED_RUN, layer=ids.EMBED_METHOD
            ),
        ],
        _attributes(family, run, method, flat=said.flat, compute=compute),
    )


def alone(
    library: Library, run: str, family: str, head: Component, announced: Announcement
) -> html.Main:
    """The page of one embedding, where there is no server.

    Args:
        library: Has the run.
        run: Its name.
        family: "tsne", "umap" or "embedding".
        head: What is chosen.
        announced: The embedding.
    """
    of = len(library.run(run).epochs)
    return page(
        family,
        [head, _about_line(about(announced, of))],
        picture(family, _advice(family, library, run), served=False),
        [],
        _attributes(family, run, None, flat=announced["axes"] is None, compute=False),
    )


def page(
    family: str,
    above: list[Component],
    shown: Component,
    rest: list[Component],
    attributes: dict[str, str],
) -> html.Main:
    """The page of a family, in the app and in a file.

    Args:
        family: "tsne", "umap" or "embedding".
        above: What stands above the picture.
        shown: As `picture` gives it.
        rest: What is not seen.
        attributes: What the page's module is told in the markup.
    """
    return html.Main(
        [heading(_heading(family)), bench(above, shown), *rest],
        key=family,  # so that nothing of the one page is taken over by the other
        className="gt-tour",
        **attributes,
    )


def _title(family: str) -> str:
    """What people call a family."""
    return "Imported" if family == ELSEWHERE else family_title(family)


def _heading(family: str) -> str:
    """Of its page."""
    return "Imported embeddings" if family == ELSEWHERE else f"{_title(family)} of every epoch"


def _picture_title(family: str) -> str:
    """What one of its pictures is called."""
    return "imported embedding" if family == ELSEWHERE else f"{_title(family)} picture"


def _advice(family: str, library: Library, run: str) -> Component:
    """What to look for."""
    known = family != ELSEWHERE
    return advice.advice("embed", library, run) if known else look_for(advice.ELSEWHERE)


def _attributes(
    family: str, run: object, method: object, *, flat: bool, compute: bool
) -> dict[str, str]:
    """What the page's module is told of the address, and of what is shown at first."""
    return {
        "data-gt-page": family,
        "data-gt-asked-run": run if isinstance(run, str) else "",
        "data-gt-asked-layer": method if isinstance(method, str) else "",
        "data-gt-flat": "yes" if flat else "no",
        "data-gt-compute": "asked" if compute else "",
    }


def picture(
    family: str, advised: Component, *, hidden: bool = False, served: bool = True
) -> html.Div:
    """The one picture, its controls, and what stands beside it.

    Args:
        family: "tsne", "umap" or "embedding".
        advised: What to look for.
        hidden: Whether there is nothing to show.
        served: Whether there is a server to ask; a page in a file has none.
    """
    only = stage(family, ids.EMBED_GRAPH, "any", _title(family))
    return html.Div(
        [
            board([only], tools(), said=False),
            tour_page.transport(),
            tour_page.side([advised], served=served, file=served),
        ],
        id=ids.EMBED_PICTURE,
        className="gt-tour-grid",
        hidden=hidden,
    )


def register(app: Dash) -> None:
    """Wire the pages of embeddings."""
    tour_page.show_announced(app, ids.EMBED_ANNOUNCEMENT_STORE, ids.EMBED_SINK)
    advice.follow("embed", ids.EMBED_RUN)

    @app.callback(
        Output(ids.EMBED_METHOD, "options"),
        Output(ids.EMBED_METHOD, "value"),
        Input(ids.EMBED_RUN, "value"),
        State(ids.EMBED_METHOD, "value"),
        State(ids.EMBED_FAMILY_STORE, "data"),
        prevent_initial_call=True,
    )
    def offer_methods(run: str, method: str | None, family: Family) -> tuple[Any, str]:
        library = context.library()
        offered = choices.embeddings(library, run, family) if run in library.runs else []
        return offered, _chosen(offered, method) or ""

    @app.callback(
        Output(ids.EMBED_ANNOUNCEMENT_STORE, "data"),
        Output(ids.EMBED_ABOUT, "children"),
        Output(ids.EMBED_PICTURE, "hidden"),
        Output(ids.TOUR_ALERT, "children", allow_duplicate=True),
        Output(ids.TOUR_ALERT, "hidden", allow_duplicate=True),
        Input(ids.EMBED_RUN, "value"),
        Input(ids.EMBED_METHOD, "value"),
        State(ids.EMBED_FAMILY_STORE, "data"),
        prevent_initial_call=True,
    )
    def announce_embedding(run: str, method: str | None, family: Family) -> tuple[Any, ...]:
        said = _shown(context.library(), run, method, family)
        return (
            said.announcement,
            said.about,
            said.announcement is None,
            said.problem,
            not said.problem,
        )


@dataclass(frozen=True)
class _Shown:
    """What a page shows of a run: a picture and how it was made, or why there is none."""

    announcement: Announcement | None
    about: list[Any]
    problem: str = ""

    @property
    def flat(self) -> bool:
        """Whether there is nothing to turn."""
        return self.announcement is None or self.announcement["axes"] is None


def _shown(library: Library, run: str, method: str | None, family: str) -> _Shown:
    if run not in library.runs:
        return _Shown(None, [], f"There is no run “{run}” here.")
    if not method:
        return _Shown(None, how_to_get_one(library.run(run), family, library.read_only))
    announcement, problem = announcements.try_announce_embedding(library, run, method)
    if announcement is None or announcement["embedding"] is None:
        return _Shown(None, [], problem)
    return _Shown(announcement, about(announcement, len(library.run(run).epochs)))


def _chosen(offered: list[dict[str, str]], method: object) -> str | None:
    """The method that is asked for if it is offered, else the first."""
    names = [one["value"] for one in offered]
    return method if isinstance(method, str) and method in names else next(iter(names), None)


def _about_line(about: list[Any]) -> html.Div:
    """Where that is said; a stop of the Tab key, for it is scrolled where it is longer than the window is wide."""
    return html.Div(
        about,
        id=ids.EMBED_ABOUT,
        className="gt-about",
        tabIndex="0",
        role="group",
        **{"aria-label": "About this picture"},
    )
