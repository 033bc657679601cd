"""The parts of ``/compare``: the grid of panels, what stands around it, and the measures below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash
import dash_bootstrap_components as dbc
import numpy as np
from dash import dcc, html

from gt import ids
from gt.embed import METHODS
from gt.embed.titles import title_of
from gt.errors import UnknownNameError
from gt.figures import Line, grid_figure, lines_figure, transition_figure
from gt.kept.embedding import Embedding
from gt.measure.embeddings.correspondence import fitted_motion
from gt.measure.embeddings.definitions import DEFINITIONS
from gt.measure.embeddings.tables import (
    LAST,
    every_transition,
    measured,
    medians,
    stretches,
    transition_at,
)
from gt.run.points import SPLITS
from gt.serve import announcements, tensors
from gt.serve.library import Library
from gt.ui.components.controls import button, group, icon, part
from gt.ui.components.stage import CONFIG
from gt.ui.tour.page import COLORS, select
from gt.views.kinds import PresetOf

if TYPE_CHECKING:
    import pandas as pd

FINE = {"trustworthiness": 3, "continuity": 3, "data_share": 4}  # digits, where 2 say nothing
TOUR = "grand-tour"  # the row that is not an embedding but the softmax itself, to be turned


def comparable(library: Library, run: str) -> list[Embedding]:
    """The embeddings that can stand in one grid: all of one split, see `split_of`."""
    found = library.embeddings(run)
    split = split_of(library, run, found)
    order = {method: place for place, method in enumerate(METHODS)}
    chosen = [one for one in found if one.recipe.split == split]
    return sorted(chosen, key=lambda one: (order.get(one.recipe.method, len(order)), one.name))


def split_of(library: Library, run: str, found: list[Embedding]) -> str:
    """Whose points are compared: test points, unless there are none, or only others are embedded."""
    there = {one.recipe.split for one in found}
    if not there:
        there = {SPLITS[s] for s in set(library.run(run).splits.tolist())}
    return "test" if "test" in there else "train"


def announcement(library: Library, run: str) -> tuple[dict[str, Any], str]:
    """What the page's module is told of a run, see `gt.serve.payloads.Comparison`.

    Returns:
        The comparison, and why rows are left out of it; empty if none is.

    Raises:
        KeyError: If there is no such run, or it has no softmax.
    """
    rows: list[dict[str, Any]] = []
    problems: list[str] = []
    found = comparable(library, run)
    for one in found:
        if one.recipe.method == TOUR:
            continue
        said, problem = announcements.try_announce_embedding(library, run, one)
        if said is None:
            problems.append(f"{title_of(one)} is left out: {problem}")
            continue
        for split in said["splits"].values():
            split["outputs"] = []  # the outputs come once, with the tour
        rows.append(
            {
                "name": one.name,
                "title": title_of(one),
                "note": f"{len(one.ids):,} of {one.of:,} points",
                "announcement": said,
                "shown": one.name in METHODS and METHODS[one.name].shown,
            }
        )
    rows.append(
        {
            "name": TOUR,
            "title": METHODS[TOUR].title,
            "note": "linear, turned by hand",
            "announcement": None,
            "shown": True,
        }
    )
    comparison = {
        "run": run,
        "split": split_of(library, run, found),
        "outputs": announcements.announce(library, run, "softmax"),
        "rows": rows,
    }
    return comparison, " ".join(problems)


def head(runs: dict[str, str], run: str, presets: list[PresetOf]) -> html.Div:
    """Which run, and the comparisons that have a name."""
    return html.Div(
        [
            select(ids.COMPARE_RUN, "Run", runs, run),
            html.Div(
                className="gt-views",
                role="group",
                **part("presets") | {"aria-label": "Comparisons"},
            ),
        ],
        className="gt-page-head",
    )


def tools() -> html.Div:
    """What the pointer does, how rectangles go together, which rows are shown."""
    return html.Div(
        [
            group(
                "Pointer",
                [
                    button("tool", "pentagon", "Lasso points", key="L", value="lasso"),
                    button("tool", "bounding-box", "Draw a rectangle", key="B", value="box"),
                    button(
                        "tool",
                        "arrows-move",
                        "Look: pan, Ctrl and scroll to zoom",
                        key="V",
                        value="look",
                    ),
                ],
                segmented=True,
            ),
            html.Div(
                [
                    html.Span("Rectangles", className="gt-tools-label"),
                    group(
                        "Rectangles of several panels",
                        [
                            button(
                                "combine",
                                "intersect",
                                "Points in all rectangles",
                                text="AND",
                                value="and",
                            ),
                            button(
                                "combine", "union", "Points in any rectangle", text="OR", value="or"
                            ),
                        ],
                        segmented=True,
                    ),
                ],
                className="gt-group",
            ),
            group(
                "View",
                [
                    html.Button(
                        [icon("play-fill"), html.Span("Tour")],
                        type="button",
                        className="btn btn-sm gt-button",
                        title="Turn the linear rows through all views (T)",
                        **{"data-gt-action": "tour", "aria-pressed": "false"},
                    ),
                    button("reset", "bullseye", "Reset the views", key="0"),
                    button("link", "link-45deg", "Copy a link to this comparison"),
                    button("png", "camera", "Save the picture as PNG"),
                ],
            ),
            html.Div(
                className="gt-chips",
                role="group",
                **part("highlights") | {"aria-label": "Select a class"},
            ),
            html.Span(className="gt-loading", role="status", **part("loading")),
        ],
        className="gt-tools",
    )


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
                html.Div(className="gt-notice", hidden=True, role="status", **part("notice")),
            ],
            className="gt-grid-wrap",
            **part("wrap"),
        ),
        className="gt-grid-scroll",
        tabIndex="0",
        role="region",
        **{"aria-label": "Panels: a row for each method, a column for each epoch"},
    )


def side() -> html.Aside:
    """Rows, colours, legend, selection."""
    return html.Aside(
        [
            html.Section(
                [
                    html.H2("Rows"),
                    html.Div(
                        className="gt-rows",
                        role="group",
                        **part("rows") | {"aria-label": "Rows"},
                    ),
                ],
                className="gt-panel",
            ),
            html.Section(
                [
                    select(ids.COMPARE_COLOR, "Colour", COLORS, "label"),
                    html.Div(className="gt-key", **part("key")),
                    html.Div(
                        className="gt-legend",
                        role="group",
                        **part("legend") | {"aria-label": "Classes"},
                    ),
                ],
                className="gt-panel",
            ),
            html.Section(
                [html.H2("Selection"), html.Div(**part("selection"))],
                className="gt-panel gt-selection",
                **{"aria-label": "Selection"},
            ),
        ],
        className="gt-side",
    )


def measures() -> html.Section:
    """What moved, what seemed to move: lines, one transition, tables, definitions."""
    titles = {name: one.title for name, one in DEFINITIONS.items() if name != "data_share"}
    return html.Section(
        [
            html.H2("What moved, what seemed to move"),
            html.P(
                "From one epoch to the next every point moves in the data (all coordinates of the softmax, or of the "
                "layer that a row is said to be of) and in the picture. Does the picture move the points that moved? "
                "Click a point of a line to open that transition.",
                className="gt-measures-text",
            ),
            html.Div(
                [
                    html.Div(
                        [
                            select(ids.COMPARE_MEASURE, "Measure", titles, "rank_correlation"),
                            html.P(className="gt-hint", **part("measure-text")),
                            dcc.Graph(
                                id=ids.COMPARE_LINES,
                                figure=lines_figure([], ""),
                                config={**CONFIG, "displayModeBar": False},
                                className="gt-lines",
                                style={"height": "26rem"},
                            ),
                        ],
                        className="gt-panel",
                    ),
                    html.Div(
                        [
                            html.H3("One transition", **part("transition-title")),
                            html.P(
                                "Click a point of a line: each example then stands here by how far it "
                                "moved in the data and on the screen.",
                                className="gt-hint",
                                **part("transition-text"),
                            ),
                            html.Div(
                                [
                                    dcc.Graph(
                                        id=ids.COMPARE_SCATTER,
                                        figure=transition_figure(),
                                        config=CONFIG,
                                        className="gt-graph",
                                    ),
                                    html.Div(className="gt-touch", **part("touch")),
                                    html.Div(className="gt-ring", hidden=True, **part("ring")),
                                ],
                                className="gt-transition-picture",
                                hidden=True,
                                **part("transition"),
                            ),
                            html.Div(className="gt-movers", **part("movers")),
                        ],
                        className="gt-panel",
                        **{"data-gt-stage": "compare-transition"},
                    ),
                ],
                className="gt-measures-grid",
            ),
            html.Div(
                [
                    html.Div(
                        [
                            html.H3("Medians"),
                            html.Button(
                                [icon("filetype-csv"), html.Span("Every transition as CSV")],
                                id=ids.COMPARE_CSV,
                                type="button",
                                className="btn btn-sm gt-button gt-bordered",
                            ),
                        ],
                        className="gt-table-head",
                    ),
                    html.Div(
                        id=ids.COMPARE_TABLE,
                        className="gt-table-scroll",
                        tabIndex=0,  # it scrolls sideways, by the arrow keys too
                        role="region",
                        **{"aria-label": "Medians"},
                    ),
                ],
                className="gt-panel",
            ),
            html.Details(
                [
                    html.Summary("Definitions"),
                    html.P(
                        "xᵢ(t) is point i in the data in epoch t, yᵢ(t) in the picture; mᵢ and sᵢ are how far it "
                        "moved in each from epoch t to the next. H is the half of the points that moved least in the "
                        "data.",
                        className="gt-hint gt-defined",
                    ),
                    html.Dl(_definitions(), className="gt-definitions"),
                ],
                className="gt-panel",
                open=True,
            ),
        ],
        className="gt-measures",
        **{"aria-label": "What moved, what seemed to move"},
    )


def _definitions() -> list[Any]:
    return [
        html.Div([html.Dt(one.title), html.Dd([html.Code(one.formula), html.P(one.explanation)])])
        for one in DEFINITIONS.values()
    ]


def lines(library: Library, run: str, measure: str) -> dict[str, Any]:
    """The figure of one measure, a line per method."""
    definition = DEFINITIONS[measure]
    found = []
    for one in comparable(library, run):
        values = measured(one, measure)
        between = definition.per_transition
        found.append(
            Line(
                one.name,
                METHODS[one.recipe.method].color,
                title_of(one),
                one.epochs[1:] if between else one.epochs,
                one.epochs[:-1] if between else None,
                values,
            )
        )
    return lines_figure(found, definition.title)


def table(library: Library, run: str) -> list[Any]:
    """Medians over all transitions, the last ones, and those in which a class was learnt late."""
    found = comparable(library, run)
    titles = {one.name: title_of(one) for one in found}
    parts: list[Any] = []
    for name, into in stretches(library.run(run)).items():
        caption = {"all": "All transitions", f"last {LAST}": f"The last {LAST} transitions"}.get(
            name, f"Transitions {name}"
        )
        parts.append(_table(medians(found, titles, into), caption))
    if found:
        split = {"train": "training", "test": "test"}[found[0].recipe.split]
        said = (
            f"Of the {split} points that each method shows. Trustworthiness and continuity are of epochs, not of"
            " transitions: their medians are over the epochs that these transitions join."
        )
        parts.append(html.P(said, className="gt-hint"))
    return parts


def _table(values: pd.DataFrame, caption: str) -> dbc.Table:
    heads = [html.Th("Method", scope="col")] + [
        html.Th(DEFINITIONS[name].title, scope="col") for name in values.columns
    ]
    body = []
    for title, row in values.iterrows():
        cells = [
            html.Td(f"{v:.{FINE.get(str(name), 2)}f}" if np.isfinite(v) else "–")
            for name, v in row.items()
        ]
        body.append(html.Tr([html.Th(str(title), scope="row"), *cells]))
    return dbc.Table(
        [html.Caption(caption), html.Thead(html.Tr(heads)), html.Tbody(body)],
        className="gt-measure-table",
        size="sm",
    )


def csv(library: Library, run: str) -> pd.DataFrame:
    """Every transition of every method; see `gt.measure.embeddings.tables.every_transition`."""
    return every_transition(comparable(library, run))


def transition(
    library: Library, run: str, embedding: str, later: int, fitted: bool
) -> dict[str, Any]:
    """How far each point moved in one transition, as tensors; see `gt.serve.payloads.Motion`.

    Raises:
        KeyError: If there is no such run or embedding, or no transition into that epoch.
    """
    one = library.embedding(run, embedding)
    at = transition_at(one, later)
    if at is None:
        raise UnknownNameError(f"{title_of(one)} has no transition into epoch {later}")
    recorded = library.run(run)
    rows, indices = one.rows(recorded), one.epoch_indices(recorded)
    xa, xb = (
        recorded.activations(one.recipe.layer, indices[i])[rows].reshape(len(rows), -1)
        for i in (at, at + 1)
    )
    moved = np.linalg.norm(xb.astype(np.float64) - xa, axis=1)
    ya, yb = one.positions(at), one.positions(at + 1)
    straight = np.linalg.norm(yb.astype(np.float64) - ya, axis=1)
    return {
        "run": run,
        "title": title_of(one),
        "split": one.recipe.split,
        "layer": one.recipe.layer,
        "fitted": fitted,
        "epochs": [int(one.epochs[at]), int(one.epochs[at + 1])],
        "ids": tensors.offer(library, one.ids.astype("<f8")),
        "labels": tensors.offer(library, recorded.labels[rows].astype("<u2")),
        "data": tensors.offer(library, moved.astype("<f8")),
        "screen": tensors.offer(library, fitted_motion(moved, ya, yb) if fitted else straight),
    }


def stores(presets: list[PresetOf]) -> list[Any]:
    """What the page's module and the server tell each other."""
    names = {
        "run": ids.COMPARE_RUN,
        "color": ids.COMPARE_COLOR,
        "chosenRun": ids.RUN_STORE,
        "ready": ids.COMPARE_READY_STORE,
        "transition": ids.COMPARE_TRANSITION_STORE,
    }
    texts = {name: one.explanation for name, one in DEFINITIONS.items()}
    mount = {
        "ids": names,
        "base": dash.get_relative_path("/"),
        "presets": presets,
        "texts": texts,
    }
    return [
        dcc.Store(id=ids.COMPARE_MOUNT_STORE, data=mount),
        dcc.Store(id=ids.COMPARE_READY_STORE),
        dcc.Store(id=ids.COMPARE_TRANSITION_STORE),
        dcc.Store(id=ids.COMPARE_SINK),
        dcc.Store(id=ids.COMPARE_CHOICE_SINK),
        dcc.Store(id=ids.COMPARE_SCATTER_SINK),
        dcc.Download(id=ids.COMPARE_DOWNLOAD),
    ]
