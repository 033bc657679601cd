"""Single examples of a training as ``/training`` ranks them, and where each is seen."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from gt.run.read import Run
from gt.ui.components.controls import button
from gt.ui.tour.link import pair_columns, tour_link
from gt.ui.training.words import RANKINGS


def example_link(run: Run, one: dict[str, Any]) -> str:
    """Where an example is seen: its own class beside the one that it is taken for."""
    k, label, taken = len(run.classes), one["label"], one["taken"]
    beside = (label + 1) % k if taken is None else taken
    columns = pair_columns(k, label, beside) if k > 1 else None
    return tour_link(run.name, one["epoch"], columns=columns, ids=[one["id"]])


def example_cards(run: Run, said: dict[str, Any]) -> list[Any]:
    """A card a ranking."""
    if not said["examples"]:
        text = (
            "Examples are not ranked: whether one is right is not known, for it has no one class."
        )
        return [html.P(text, className="gt-hint")]
    return [_card(run, name, said["examples"][name]) for name in RANKINGS]


def _card(run: Run, name: str, ranked: dict[str, Any]) -> html.Section:
    words = RANKINGS[name]
    rows = [
        html.Li(
            [
                html.Span(
                    className="gt-thumb-place",
                    **{"data-gt-thumb": f"{('train', 'test')[one['split']]}:{one['id']}"},
                ),
                dcc.Link(words.said(one, run.classes, run.unit), href=example_link(run, one)),
            ]
        )
        for one in ranked["shown"]
    ]
    n = len(ranked["ids"])
    choose = button(
        "select-ranking",
        "bullseye",
        f"Select {n:,}: {words.title}",
        text=f"Select {n:,}",
        value=name,
    )
    return html.Section(
        [
            html.Header([html.H3(words.title), choose if n else html.Span("none")]),
            html.P(words.meaning, className="gt-hint"),
            html.Ul(rows),
        ],
        className="gt-panel gt-example-card",
    )
