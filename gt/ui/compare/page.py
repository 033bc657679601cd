"""The upper half of ``/compare``: the grid of panels and what stands around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import dash
from dash import dcc, html
from dash.development.base_component import Component

from gt import ids
from gt.figures import grid_figure
from gt.measure.embeddings.definitions import DEFINITIONS
from gt.serve.library import Library
from gt.ui.compare.rows import comparable
from gt.ui.components.controls import (
    button,
    group,
    heading,
    icon,
    labelled,
    part,
    save_view,
)
from gt.ui.components.stage import CONFIG
from gt.ui.components.terms import explained
from gt.ui.components.workbench import column, filters, room
from gt.ui.tour.page import points_panels, select
from gt.ui.tour.tools import REDO, UNDO, dots
from gt.views.kinds import PresetOf


def page(
    above: Sequence[Component],
    advised: Component,
    measured: Component,
    rest: Sequence[Component] = (),
    *,
    text: str = "",
    asked: str = "",
    served: bool = True,
) -> html.Main:
    """The page, in the app and in a file.

    Args:
        above: What stands above the grid.
        advised: What to look for.
        measured: What stands below it.
        rest: What is not seen.
        text: Of the comparison that is shown at first.
        asked: The run that its address asks for.
        served: Whether there is a server to ask; a page in a file has none.
    """
    # the page's module says the text too; being there already, it moves nothing
    first = [html.P(text, className="gt-view-text", **part("preset-text")), advised]
    main = html.Div([tools(served=served), grid()], className="gt-compare-main")
    return html.Main(
        [
            heading("Every method beside every other"),
            *above,
            html.Div([main, side(first)], className="gt-compare-grid"),
            measured,
            *rest,
        ],
        className="gt-compare",
        **{"data-gt-page": "compare", "data-gt-asked-run": asked},
    )


def head(runs: dict[str, str], run: str, presets: list[PresetOf]) -> html.Div:
    """Which run, and the comparisons that have a name."""
    return html.Div(
        [
            select(ids.COMPARE_RUN, "Run", runs, run),
            named(),
            room(),
        ],
        className="gt-page-head",
    )


def named() -> html.Div:
    """Where the comparisons that have a name are offered."""
    return html.Div(
        className="gt-views", role="group", **part("presets") | {"aria-label": "Comparisons"}
    )


def tools(*, served: bool = True) -> html.Div:
    """What the pointer does, how rectangles go together, which rows are shown.

    Args:
        served: Whether there is a server, which writes CSV and files.
    """
    csv = "Save the selection as CSV, as of the last column"
    by_server = [
        button("csv", "filetype-csv", csv, word="CSV"),
        button("file", "file-code", "Save this page as a file", word="Page as a file"),
    ]
    return html.Div(
        [
            _pointer(),
            _rectangles(),
            group(
                "View",
                [
                    html.Button(
                        [icon("play-fill"), html.Span("Tour")],
                        type="button",
                        className="btn btn-sm gt-button",
                        title="Turn the linear rows through all views (T)",
                        **{"data-gt-action": "tour", "aria-pressed": "false"} | explained("tour"),
                    ),
                    button("undo", "arrow-90deg-left", UNDO, key="Ctrl Z"),
                    button("redo", "arrow-90deg-right", REDO, key="Ctrl Shift Z"),
                    dots(),
                    button("reset", "bullseye", "Reset the views", key="0", word="Reset"),
                    *([save_view(word="Save view")] if served else []),
                    button("link", "link-45deg", "Copy a link to this comparison", word="Link"),
                    button("picture", "camera", "Save a picture", word="Picture"),
                    *(by_server if served else []),
                ],
            ),
            html.Div(
                className="gt-chips",
                role="group",
                **part("highlights") | {"aria-label": "Select a class"},
            ),
            html.Span(className="gt-loading", role="status", **part("loading")),
            filters(),
        ],
        className="gt-tools",
    )


def _pointer() -> html.Div:
    """What the pointer does in a panel."""
    look = "Look: pan, Ctrl and scroll to zoom"
    tools = [
        button("tool", "pentagon", "Lasso points", key="L", value="lasso", word="Lasso"),
        button("tool", "bounding-box", "Draw a rectangle", key="B", value="box", word="Box"),
        button("tool", "arrows-move", look, key="V", value="look", word="Look"),
    ]
    return group("Pointer", tools, segmented=True)


def _rectangles() -> html.Div:
    both = [
        button("combine", "intersect", "Points in all rectangles", text="AND", value="and"),
        button("combine", "union", "Points in any rectangle", text="OR", value="or"),
    ]
    return labelled("Rectangles", group("Rectangles of several panels", both, segmented=True))


def grid() -> html.Div:
    """The one graph, and above it the panels that the module makes."""
    return html.Div(
        html.Div(
            [
                dcc.Graph(
                    id=ids.COMPARE_GRAPH,
                    figure=grid_figure(),
                    config=CONFIG,
                    className="gt-graph gt-grid-graph",
                ),
                html.Div(className="gt-grid", **part("grid")),
            ],
            className="gt-grid-wrap",
            **part("wrap"),
        ),
        className="gt-grid-scroll",
        tabIndex="0",
        role="region",
        **{"aria-label": "Panels: a row for each method, a column for each time of the training"},
    )


def side(first: Sequence[Component] = ()) -> html.Aside:
    """Rows, colours, legend, selection, groups.

    Args:
        first: Above these.
    """
    rows = html.Section(
        [
            html.H2("Rows"),
            html.Div(
                className="gt-rows",
                role="group",
                **part("rows") | {"aria-label": "Rows"},
            ),
        ],
        className="gt-panel",
    )
    before = [("", one) for one in first]
    return column([*before, ("Rows", rows), *points_panels(ids.COMPARE_COLOR)])


def offer(library: Library, run: str) -> list[Component | str]:
    """What to say where the tour is the only row: that there is no embedding, and where one is computed.

    Args:
        library: Has the run.
        run: Its name; nothing is said of one that is not there.
    """
    if run not in library.runs or comparable(library, run):
        return []
    links = [
        dcc.Link(
            title, href=f"{dash.get_relative_path(path)}?{urlencode({'run': run, 'compute': 1})}"
        )
        for title, path in (("t-SNE", "/tsne"), ("UMAP", "/umap"))
    ]
    return [
        f"{library.run(run).title} has no embedding to compare with yet: what is shown is the tour. Compute ",
        links[0],
        " or ",
        links[1],
        " of it, or ",
        dcc.Link(
            "bring one", href=f"{dash.get_relative_path('/embedding')}?{urlencode({'run': run})}"
        ),
        " that you have.",
    ]


def mounted(presets: list[PresetOf], base: str) -> dict[str, Any]:
    """What the page's module is handed.

    Args:
        presets: The comparisons that have a name.
        base: The prefix under which the app is served.
    """
    names = {
        "run": ids.COMPARE_RUN,
        "csv": ids.CSV_STORE,
        "color": ids.COMPARE_COLOR,
        "chosenRun": ids.RUN_STORE,
        "ready": ids.COMPARE_READY_STORE,
        "transition": ids.COMPARE_TRANSITION_STORE,
    }
    texts = {name: one.explanation for name, one in DEFINITIONS.items()}
    return {"ids": names, "base": base, "presets": presets, "texts": texts}


def stores(presets: list[PresetOf]) -> list[Any]:
    """What the page's module and the server tell each other."""
    mount = mounted(presets, dash.get_relative_path("/"))
    return [
        dcc.Store(id=ids.COMPARE_MOUNT_STORE, data=mount),
        dcc.Store(id=ids.COMPARE_READY_STORE),
        dcc.Store(id=ids.COMPARE_TRANSITION_STORE),
        dcc.Store(id=ids.COMPARE_SINK),
        dcc.Store(id=ids.COMPARE_CHOICE_SINK),
        dcc.Store(id=ids.COMPARE_SCATTER_SINK),
        dcc.Download(id=ids.COMPARE_DOWNLOAD),
    ]
