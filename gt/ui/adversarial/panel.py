"""The lab of ``/adversarial`` as markup: a button, the form behind it, progress, what came of it; see `attack_job`."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from gt import ids
from gt.attack.method import METHODS
from gt.jobs.form import field, number, progress
from gt.ui.components.controls import BUTTON, icon


def panel() -> html.Section:
    """The button, the form behind it, progress and what came of it, and what keeps it."""
    return html.Section(
        [
            html.Button(
                [icon("bullseye"), html.Span("Attack a network…")],
                id=ids.LAB_OPEN,
                type="button",
                className=f"{BUTTON} gt-compute-open",
                title="Turn examples of your choice into another class, step by step",
                **{"aria-haspopup": "dialog"},
            ),
            html.Button(
                [icon("plus-lg"), html.Span("Keep as a run")],
                id=ids.LAB_KEEP,
                type="button",
                className=f"{BUTTON} gt-compute-open",
                title="This attack is with the cache alone: copy it to your runs",
                hidden=True,
            ),
            progress(
                box=ids.LAB_PROGRESS,
                doing=ids.LAB_DOING,
                percent=ids.LAB_PERCENT,
                bar=ids.LAB_BAR,
                cancel=ids.LAB_CANCEL,
                cancel_title="Stop the attack; steps that were recorded are kept for now",
            ),
            html.P(id=ids.LAB_MESSAGE, className="gt-compute-message", role="status"),
            dbc.Offcanvas(
                _form(),
                id=ids.LAB_FORM,
                title="Attack a network",
                placement="end",
                is_open=False,
                className="gt-compute-form",
            ),
            dcc.Store(id=ids.LAB_ORDER_STORE),
            dcc.Store(id=ids.LAB_RESULT_STORE),
        ],
        className="gt-compute",
        **{"aria-label": "Lab"},
    )


def _form() -> list[Any]:
    methods = [
        {"value": one.name, "label": one.title[:1].upper() + one.title[1:]}
        for one in METHODS.values()
    ]
    return [
        html.Fieldset(
            [
                html.Legend("Of"),
                field("Run", dbc.Select(id=ids.LAB_RUN, size="sm")),
                html.Div(id=ids.LAB_UNFIT, className="gt-lab-unfit"),
                field("Source class", dbc.Select(id=ids.LAB_SOURCE, size="sm")),
                field("Target class", dbc.Select(id=ids.LAB_TARGET, size="sm")),
                field(
                    "Points", number(ids.LAB_COUNT, "", whole=True), html.Small(id=ids.LAB_COUNT_OF)
                ),
            ]
        ),
        html.Fieldset(
            [
                html.Legend("How"),
                field("Method", dbc.Select(id=ids.LAB_METHOD, options=methods, size="sm")),
                field(
                    "Epsilon",
                    number(ids.LAB_EPSILON, "", whole=False),
                    html.Small(id=ids.LAB_EPSILON_OF),
                ),
                field(
                    "Step size",
                    number(ids.LAB_STEP, "", whole=False),
                    html.Small("measured likewise"),
                ),
                field("Steps", number(ids.LAB_STEPS, "", whole=True)),
                field(
                    "Seed",
                    number(ids.LAB_SEED, "0", whole=True),
                    html.Small("of the random start that PGD has"),
                ),
            ]
        ),
        html.Div(
            [
                html.P(id=ids.LAB_PROBLEM, className="gt-problem", role="alert"),
                html.P(id=ids.LAB_HINT, className="gt-hint"),
                html.Button(
                    "Start",
                    id=ids.LAB_START,
                    type="button",
                    className="btn btn-primary",
                    disabled=True,
                ),
            ],
            className="gt-compute-foot",
        ),
    ]
