"""“Labels to look at” on ``/training``: the map of a training's examples, and those whose label it did not believe."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from dash import dcc, html

from gt import ids
from gt.figures import cartography_figure
from gt.measure.training.cartography import Cartography, silence
from gt.measure.training.labels import (
    ORDERS,
    USUAL,
    VALUES,
    VERSION,
    in_order,
    packed,
    part_of,
    unpacked,
)
from gt.measure.training.report import WHOSE
from gt.run.points import SPLITS
from gt.run.read import Run
from gt.run.saying import in_unit
from gt.serve import tensors
from gt.serve.library import Library
from gt.serve.payloads import LabelsReport, LabelsTensors
from gt.ui.components.controls import icon, part
from gt.ui.components.stage import CONFIG
from gt.ui.hrefs import href
from gt.ui.tour.page import select

SOURCE = "Dataset cartography: Swayamdipta et al. 2020, arXiv:2009.10795, doi:10.18653/v1/2020.emnlp-main.746"
WORDS = {"all": "points", "train": "training points", "test": "test points"}


def found(library: Library, run: Run, split: str) -> Cartography:
    """What is measured of a run's examples, of which ``split`` asks for; kept in the server's cache.

    Raises:
        RunError: If the run cannot be read, or nothing can be said of its labels.
    """
    what = f"{VERSION}/{run.uid}/{run.fingerprint(run.last)}"
    key = "labels/" + hashlib.sha256(what.encode()).hexdigest()
    kept = library.store.json(key, lambda: packed(run), lambda kept: {*kept["values"]} == {*VALUES})
    whole = unpacked(kept)
    return part_of(whole, np.isin(run.splits[whole.rows], WHOSE[split]))


def announcement(library: Library, run: Run, split: str) -> LabelsReport:
    """What the page's module is told.

    Raises:
        RunError: If the run cannot be read.
    """
    said: LabelsReport = {
        "run": run.name,
        "classes": list(run.classes),
        "unit": run.unit,
        "layer": run.last,
        "silence": silence(run),
        "said": "",
        "epochs": [],
        "splits": {},
        "orders": {name: in_unit(one.meaning, run.unit) for name, one in ORDERS.items()},
        "values": list(VALUES),
        "tensors": None,
    }
    if said["silence"]:
        return said
    some = found(library, run, split)
    if not len(some.rows):
        return said | {"silence": f"This run has no {WORDS[split]} with a label."}
    splits = run.splits[some.rows]
    some = part_of(some, np.argsort(splits, kind="stable"))  # one split behind the other
    return said | {
        "said": sentence(some, run.unit, WORDS[split]),
        "epochs": [int(one) for one in some.epochs],
        "splits": {
            name: int((splits == s).sum()) for s, name in enumerate(SPLITS) if (splits == s).any()
        },
        "tensors": _tensors(library, run, some),
    }


def sentence(found: Cartography, unit: str, points: str) -> str:
    """Of which points and epochs this is."""
    first, last = int(found.epochs[0]), int(found.epochs[-1])
    out = "".join(f"; {unit} {one}, before the training, does not count" for one in found.left_out)
    count = len(found.rows)
    whose = f"{count:,} {points if count > 1 else points.removesuffix('s')}"
    return f"Of {whose}, over {len(found.epochs):,} recorded {unit}s, {first} to {last}{out}."


def _tensors(library: Library, run: Run, some: Cartography) -> LabelsTensors:
    place = np.empty(run.n, np.int32)  # of each point within its split
    for split in (0, 1):
        rows = np.flatnonzero(run.splits == split)
        place[rows] = np.arange(len(rows))
    numbers = run.ids[some.rows]
    small = numbers.max() <= np.iinfo(np.int32).max
    values = np.stack([getattr(some, name) for name in VALUES]).astype(np.float32)
    orders = np.stack([in_order(some, name) for name in ORDERS]).astype(np.int32)
    return {
        "ids": tensors.offer(library, numbers.astype(np.int32 if small else np.float64)),
        "labels": tensors.offer(library, run.labels[some.rows].astype(np.uint16)),
        "places": tensors.offer(library, place[some.rows]),
        "taken": tensors.offer(library, some.taken),
        "values": tensors.offer(library, values),
        "orders": tensors.offer(library, orders),
    }


def section(ranked: str = USUAL, *, served: bool = True) -> html.Section:
    """The map and the list, which the page's module fills.

    Args:
        ranked: One of `gt.measure.training.labels.ORDERS`, as an address asks; the usual where it is none.
        served: Whether there is a server, which writes CSV and has documentation.
    """
    order = ranked if ranked in ORDERS else USUAL
    return html.Section(
        [
            html.H2("Labels to look at"),
            html.P("Looking at every example …", className="gt-hint", **part("labels-said")),
            html.Div(
                [_map(served=served), _list(order, served=served)],
                className="gt-labels",
                **part("labels"),
            ),
        ],
        **{"aria-label": "Labels to look at"},
    )


def _map(*, served: bool) -> html.Div:
    what = dcc.Link("What this is", href=href("/docs/how-to/labels"))
    graph = dcc.Graph(
        id=ids.TRAINING_MAP, figure=cartography_figure(), config=CONFIG, className="gt-graph"
    )
    return html.Div(
        [
            html.Div(
                [
                    html.H3("Map", title=SOURCE),
                    html.Div(className="gt-labels-tool", **part("labels-tool")),
                ],
                className="gt-labels-head",
            ),
            html.P(
                [
                    "Across: how much the probability of an example's own label varies over the epochs. Up: its mean,"
                    " the confidence in the label. Red: right in few epochs, or none. At the top what is easy, at"
                    " the bottom what is never believed. ",
                    what if served else None,
                ],
                className="gt-hint",
                **{"data-gt-unit": "epoch"},
            ),
            html.Div(
                [
                    graph,
                    html.Div(className="gt-touch", **part("labels-touch")),
                    html.Div(className="gt-ring", hidden=True, **part("labels-ring")),
                ],
                className="gt-transition-picture gt-labels-map",
                **part("labels-map"),
            ),
            html.Div(
                className="gt-labels-key",
                role="group",
                **part("labels-key") | {"aria-label": "How often right"},
            ),
        ],
        className="gt-panel",
        **{"data-gt-stage": "labels"},
    )


def _list(order: str, *, served: bool) -> html.Div:
    titles = {name: one.title for name, one in ORDERS.items()}
    csv = html.Button(
        [icon("filetype-csv"), html.Span("CSV")],
        id=ids.TRAINING_LABELS_CSV,
        type="button",
        className="btn btn-sm gt-button gt-bordered",
        title="Save the whole list, in this order, as CSV",
    )
    return html.Div(
        [
            html.Div(
                [
                    select(ids.TRAINING_ORDER, "Ranked by", titles, order),
                    html.Div(className="gt-labels-first", **part("labels-first")),
                    csv if served else None,
                ],
                className="gt-labels-head",
            ),
            html.P(
                ORDERS[order].meaning,
                className="gt-hint",
                **part("labels-order") | {"data-gt-unit": "epoch"},
            ),
            html.Div(
                className="gt-labels-list",
                tabIndex="-1",
                **part("labels-list"),
            ),
            html.Div(className="gt-labels-pairs", **part("labels-pairs")),
        ],
        className="gt-panel gt-labels-side",
    )


def stores() -> list[Any]:
    """What the module is told, and what is saved."""
    return [
        dcc.Store(id=ids.TRAINING_LABELS_STORE),
        dcc.Store(id=ids.TRAINING_LABELS_SINK),
        dcc.Store(id=ids.TRAINING_ORDER_SINK),
        dcc.Download(id=ids.TRAINING_LABELS_DOWNLOAD),
    ]
