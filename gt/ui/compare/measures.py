"""The lower half of ``/compare``: what moved, what seemed to move, as lines, tables and one transition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_bootstrap_components as dbc
import numpy as np
from dash import dcc, html

from gt import ids
from gt.embed.titles import title_of, titles_of
from gt.errors import UnknownNameError
from gt.figures import Line, lines_figure, transition_figure
from gt.figures.measures import NOTHING
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
from gt.run import wide
from gt.run.saying import in_unit
from gt.run.task import EPOCH
from gt.serve import tensors
from gt.serve.library import Library
from gt.ui.compare.rows import comparable, looks
from gt.ui.components.controls import icon, part
from gt.ui.components.stage import CONFIG
from gt.ui.components.terms import term
from gt.ui.tour.page import select

if TYPE_CHECKING:
    import pandas as pd

UNIT = {"data-gt-unit": EPOCH}  # its words follow the run's
SAID_ALONE = (
    "From one epoch to the next every point moves in the data (all coordinates of the last layer, or of the layer that "
    "a row is said to be of) and in the picture. Does the picture move the points that moved?"
)
SAID = f"{SAID_ALONE} Click a point of a line to open that transition."
USUAL = "rank_correlation"  # the measure that is shown first
FINE = {"trustworthiness": 3, "continuity": 3, "data_share": 4}  # digits, where 2 say nothing


def section(alone: tuple[dict[str, Any], list[Any]] | None = None) -> html.Section:
    """What moved, what seemed to move: lines, one transition, tables, definitions.

    Args:
        alone: Where there is no server to ask, the figure of the first measure and the table of medians; single
            transitions are left out then.
    """
    said, grid, table = SAID, [_one_measure(), _one_transition()], _all_medians()
    if alone is not None:
        said, grid, table = SAID_ALONE, [_one_measure(alone[0])], _all_medians(alone[1])
    return html.Section(
        [
            html.H2("What moved, what seemed to move"),
            html.P(said, className="gt-measures-text", **UNIT),
            html.Div(grid, className="gt-measures-grid"),
            table,
            _all_definitions(),
        ],
        className="gt-measures",
        **{"aria-label": "What moved, what seemed to move"},
    )


def titles_of_measures() -> dict[str, str]:
    """The measures that have lines."""
    return {name: one.title for name, one in DEFINITIONS.items() if name != "data_share"}


def _one_measure(figure: dict[str, Any] | None = None) -> html.Div:
    """A line for each method, and what the measure says."""
    titles = titles_of_measures()
    return html.Div(
        [
            select(ids.COMPARE_MEASURE, "Measure", titles, USUAL),
            html.P(className="gt-hint", **part("measure-text") | UNIT),
            dcc.Graph(
                id=ids.COMPARE_LINES,
                figure=figure or lines_figure([], ""),
                config={**CONFIG, "displayModeBar": False},
                className="gt-lines",
                style={"height": "26rem"},
            ),
        ],
        className="gt-panel",
    )


def _one_transition() -> html.Div:
    """How far each example moved in the data and on the screen, from one epoch to the next."""
    return html.Div(
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
    )


def _all_medians(table: list[Any] | None = None) -> html.Div:
    """The place of the tables, and every transition to take away; the table alone where there is no server."""
    csv = html.Button(
        [icon("filetype-csv"), html.Span("Every transition as CSV")],
        id=ids.COMPARE_CSV,
        type="button",
        className="btn btn-sm gt-button gt-bordered",
    )
    return html.Div(
        [
            html.Div(
                [
                    html.H3("Medians"),
                    csv if table is None else None,
                ],
                className="gt-table-head",
            ),
            html.Div(
                table,
                id=ids.COMPARE_TABLE,
                className="gt-table-scroll",
                tabIndex=0,  # it scrolls sideways, by the arrow keys too
                role="region",
                **{"aria-label": "Medians"},
            ),
        ],
        className="gt-panel",
    )


def _all_definitions() -> html.Details:
    return html.Details(
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
        **UNIT,
    )


def _definitions() -> list[Any]:
    return [
        html.Div([html.Dt(one.title), html.Dd([html.Code(one.formula), html.P(one.explanation)])])
        for one in DEFINITIONS.values()
    ]


def lines(library: Library, run: str, measure: str) -> dict[str, Any]:
    """The figure of one measure, a line per method."""
    definition = DEFINITIONS[measure]
    shown, found = comparable(library, run), []
    look = looks(shown)
    for one in shown:
        values = measured(one, measure)
        between = definition.per_transition
        found.append(
            Line(
                one.name,
                look[one.name][0],
                title_of(one),
                one.epochs[1:] if between else one.epochs,
                one.epochs[:-1] if between else None,
                values,
                look[one.name][1],
            )
        )
    return lines_figure(found, definition.title, library.run(run).unit)


def table(library: Library, run: str) -> list[Any]:
    """Medians over all transitions, the last ones, and those in which a class was learnt late."""
    found = comparable(library, run)
    if not found:
        return [html.P(f"{NOTHING}.", className="gt-hint")]
    titles = titles_of(found)
    parts: list[Any] = []
    for name, into in stretches(library.run(run)).items():
        caption = {"all": "All transitions", f"last {LAST}": f"The last {LAST} transitions"}.get(
            name, f"Transitions {name}"
        )
        parts.append(_table(medians(found, titles, into), caption))
    split = {"train": "training", "test": "test"}[found[0].recipe.split]
    said = (
        f"Of the {split} points that each method shows. Trustworthiness and continuity are of epochs, not of"
        " transitions: their medians are over the epochs that these transitions join."
    )
    said = in_unit(said, library.run(run).unit)
    more = [titles[one.name] for one in found if one.dimensions > 2]
    if more:  # whose names are left as they are
        said += f" Measured in all their dimensions, and not as drawn: {'; '.join(more)}."
    parts.append(html.P(said, className="gt-hint"))
    return parts


def _table(values: pd.DataFrame, caption: str) -> dbc.Table:
    heads = [html.Th("Method", scope="col")] + [
        html.Th(term(name, DEFINITIONS[name].title), scope="col") for name in values.columns
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
    return every_transition(comparable(library, run), library.run(run).unit)


def transition(
    library: Library, run: str, embedding: str, later: int, fitted: bool
) -> dict[str, Any]:
    """How far each point moved in one transition, as tensors; see `gt.serve.payloads.Motion`.

    Raises:
        KeyError: If there is no such run or embedding, or no transition into that epoch.
    """
    one, recorded = library.embedding(run, embedding), library.run(run)
    at = transition_at(one, later)
    if at is None:
        raise UnknownNameError(f"{title_of(one)} has no transition into {recorded.unit} {later}")
    rows, indices = one.rows(recorded), one.epoch_indices(recorded)
    xa, xb = (
        wide.distance_values(recorded, one.recipe.layer, indices[i], between=True)[rows]
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
