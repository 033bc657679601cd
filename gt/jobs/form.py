"""A job's form, drawn: a button that opens it, fields, a bar of progress, and the line that says what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from gt import ids
from gt.jobs.job import Block, Field, Job, Layout
from gt.serve import context
from gt.ui.components.controls import BUTTON, icon

READ_ONLY = "Read-only: this server computes nothing new."


def panel(job: Job, variant: str = "", more: Sequence[Component] = ()) -> html.Section:
    """All that a page shows of a job.

    Args:
        job: The job.
        variant: Of the page, see ``Job.variants``.
        more: Stands beside the button that opens the form.
    """
    layout = job.layout(variant or job.variants[0])
    may = context.may_write()
    return html.Section(
        [
            html.Button(
                [icon(layout.icon), html.Span(layout.button)],
                id=ids.job(job.name, "open"),
                type="button",
                className=f"{BUTTON} gt-compute-open",
                title=layout.tooltip,
                disabled=not may,
                **{"aria-haspopup": "dialog"},
            ),
            None if may else html.Span(READ_ONLY, className="gt-hint"),
            *more,
            _progress(job),
            html.P(id=ids.job(job.name, "message"), className="gt-compute-message", role="status"),
            dbc.Offcanvas(
                [*_fieldsets(job.name, layout), _foot(job.name)],
                id=ids.job(job.name, "form"),
                title=layout.title,
                placement="end",
                is_open=False,
                className="gt-compute-form",
            ),
            dcc.Store(id=ids.job(job.name, "filled-store")),
        ],
        className="gt-compute",
        **{"aria-label": job.label},
    )


def stores(jobs: Iterable[Job]) -> list[dcc.Store]:
    """What outlives the pages: each job's order and its result, and, for a reload, the last order of each."""
    names = [job.name for job in jobs]
    return [
        dcc.Store(id=ids.JOBS_STORE, storage_type="local"),
        *[dcc.Store(id=ids.job(name, "order-store")) for name in names],
        *[dcc.Store(id=ids.job(name, "result-store")) for name in names],
    ]


def parameter(job: str, name: str, title: str, value: str, *, text: str, whole: bool) -> html.Label:
    """A field in a block, where fields come and go.

    Args:
        job: Name of the job.
        name: Of the field, by which its value is found among a form's parameters.
        title: For people.
        value: At first.
        text: The line below it.
        whole: Whether a whole number is wanted.
    """
    place = {"type": ids.JOB_PARAMETER, "job": job, "name": name}
    return _labelled(title, _typed(place, value, whole=whole), html.Small(text))


def _progress(job: Job) -> html.Div:
    """What is being done, how much of it is done, and a button that ends it; hidden at first."""
    return html.Div(
        [
            html.Div(
                [
                    html.Span(
                        "Starting", id=ids.job(job.name, "doing"), className="gt-compute-doing"
                    ),
                    html.Span("", id=ids.job(job.name, "percent"), className="gt-compute-percent"),
                ],
                className="gt-compute-said",
            ),
            dbc.Progress(id=ids.job(job.name, "bar"), value=0, className="gt-compute-bar"),
            html.Button(
                "Cancel",
                id=ids.job(job.name, "cancel"),
                type="button",
                className=f"{BUTTON} gt-compute-cancel",
                title=job.cancel_title,
            ),
        ],
        id=ids.job(job.name, "progress"),
        className="gt-compute-progress",
        hidden=True,
    )


def _fieldsets(job: str, layout: Layout) -> list[html.Fieldset]:
    return [
        html.Fieldset([html.Legend(legend), *(_part(job, one) for one in parts)])
        for legend, parts in layout.parts.items()
    ]


def _part(job: str, part: Field | Block) -> Component:
    place = ids.job_field(job, part.name)
    if isinstance(part, Block):
        return html.Div(part.children, id=place, className=part.style)
    if part.kind == "radio":
        return dbc.RadioItems(id=place, options=part.options, value=part.value)
    note = html.Small(part.help or None, **_note(job, part)) if part.noted or part.help else None
    if part.kind == "select":
        chosen = {"options": part.options, "value": part.value} if part.options else {}
        return _labelled(part.title, dbc.Select(id=place, size="sm", **chosen), note)
    return _labelled(part.title, _typed(place, part.value, whole=part.kind == "whole"), note)


def _note(job: str, part: Field) -> dict[str, str]:
    return {"id": ids.job_field(job, f"{part.name}-note")} if part.noted else {}


def _labelled(title: str, control: Component, note: Component | None) -> html.Label:
    """A control with its name, and a line below it."""
    return html.Label(
        [html.Span(title), control, *([note] if note is not None else [])],
        className="gt-compute-field",
    )


def _typed(place: Any, value: str, *, whole: bool) -> dbc.Input:
    return dbc.Input(
        id=place,
        value=value,
        type="text",
        size="sm",
        autocomplete="off",
        **({"inputmode": "numeric"} if whole else {}),
    )


def _foot(job: str) -> html.Div:
    return html.Div(
        [
            html.P(id=ids.job(job, "problem"), className="gt-problem", role="alert"),
            html.P(id=ids.job(job, "hint"), className="gt-hint"),
            html.Button(
                "Start",
                id=ids.job(job, "start"),
                type="button",
                className="btn btn-primary",
                disabled=True,
            ),
        ],
        className="gt-compute-foot",
    )
