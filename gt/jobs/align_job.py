"""Align a run from the page: a form that asks and checks, and what becomes of the order.

The three steps of `gt.jobs.embed_job`: every change of the form is checked by `gt.align.align_run.plan`, which refuses
with a reason; Start checks once more, and has either an alignment that is there already or an order; the order
is carried out by a background callback, and its result is chosen on the page that is open by then.
"""

from __future__ import annotations

import uuid
from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import Dash, Input, Output, State, dcc, html, no_update, set_props
from dash.exceptions import PreventUpdate

from gt import ids
from gt.align import K
from gt.align.align_run import POINTS
from gt.jobs.align_orders import asked, failed, ready, result, work
from gt.jobs.form import BUSY, POLL_MS, Report, field, number, progress, reason
from gt.jobs.order_check import fits
from gt.kept.alignment import Alignment
from gt.kept.describe import layered_command, outputs_alone
from gt.run import RunError
from gt.run.points import SPLITS
from gt.serve import context
from gt.serve.library import Library
from gt.state import AlignOrder, AlignResult
from gt.ui.components.controls import BUTTON, icon

STOPPED = (
    "Stopped. Singular vectors that were found are kept, so asking for the same again is quicker."
)
READY = "This run was aligned like this already"


def panel() -> html.Section:
    """The button, the form behind it, progress and what came of it."""
    return html.Section(
        [
            html.Button(
                [icon("plus-lg"), html.Span("Align this run…")],
                id=ids.ALIGN_OPEN,
                type="button",
                className=f"{BUTTON} gt-compute-open",
                title="Align the run's layers about an epoch, with points and coordinates of your choice",
                **{"aria-haspopup": "dialog"},
            ),
            progress(
                box=ids.ALIGN_PROGRESS,
                doing=ids.ALIGN_DOING,
                percent=ids.ALIGN_PERCENT,
                bar=ids.ALIGN_BAR,
                cancel=ids.ALIGN_CANCEL,
                cancel_title="Stop aligning; singular vectors that were found are kept",
            ),
            html.P(id=ids.ALIGN_MESSAGE, className="gt-compute-message", role="status"),
            dbc.Offcanvas(
                _form(),
                id=ids.ALIGN_FORM,
                title="Align",
                placement="end",
                is_open=False,
                className="gt-compute-form",
            ),
            dcc.Store(id=ids.ALIGN_ORDER_STORE),
            dcc.Store(id=ids.ALIGN_RESULT_STORE),
        ],
        className="gt-compute",
        **{"aria-label": "Align"},
    )


def _form() -> list[Any]:
    return [
        html.Fieldset(
            [
                html.Legend("Of"),
                field("Split", dbc.Select(id=ids.ALIGN_SPLIT, size="sm")),
                field(
                    "Points",
                    number(ids.ALIGN_POINTS, str(POINTS), whole=True),
                    html.Small("at most, evenly over the classes"),
                ),
            ]
        ),
        html.Fieldset(
            [
                html.Legend("How"),
                field(
                    "Reference epoch",
                    number(ids.ALIGN_REFERENCE, "", whole=True),
                    html.Small(id=ids.ALIGN_EPOCHS),
                ),
                field(
                    "Coordinates",
                    number(ids.ALIGN_K, str(K), whole=True),
                    html.Small("of each state; as many as there are classes at least"),
                ),
            ]
        ),
        html.Div(
            [
                html.P(id=ids.ALIGN_PROBLEM, className="gt-problem", role="alert"),
                html.P(id=ids.ALIGN_HINT, className="gt-hint"),
                html.Button(
                    "Start",
                    id=ids.ALIGN_START,
                    type="button",
                    className="btn btn-primary",
                    disabled=True,
                ),
            ],
            className="gt-compute-foot",
        ),
    ]


def register(app: Dash) -> None:
    """Wire the panel of whichever page has it."""
    run = State(ids.LAYERS_RUN, "value")
    fields = [ids.ALIGN_SPLIT, ids.ALIGN_POINTS, ids.ALIGN_K, ids.ALIGN_REFERENCE]
    busy = State(ids.ALIGN_PROGRESS, "hidden")
    app.callback(
        Output(ids.ALIGN_FORM, "is_open"),
        Output(ids.ALIGN_FORM, "title"),
        Output(ids.ALIGN_SPLIT, "options"),
        Output(ids.ALIGN_SPLIT, "value"),
        Output(ids.ALIGN_REFERENCE, "value"),
        Output(ids.ALIGN_EPOCHS, "children"),
        Input(ids.ALIGN_OPEN, "n_clicks"),
        run,
        State(ids.ALIGN_FORM, "title"),
        prevent_initial_call=True,
    )(open_form)
    app.callback(
        Output(ids.ALIGN_PROBLEM, "children"),
        Output(ids.ALIGN_START, "disabled"),
        Output(ids.ALIGN_HINT, "children"),
        Input(ids.ALIGN_FORM, "is_open"),
        *[Input(one, "value") for one in fields],
        run,
        busy,
        prevent_initial_call=True,
    )(check_form)
    app.callback(
        Output(ids.ALIGN_ORDER_STORE, "data"),
        Output(ids.ALIGN_RESULT_STORE, "data", allow_duplicate=True),
        Output(ids.ALIGN_FORM, "is_open", allow_duplicate=True),
        Output(ids.ALIGN_PROBLEM, "children", allow_duplicate=True),
        Output(ids.ALIGN_MESSAGE, "children", allow_duplicate=True),
        Input(ids.ALIGN_START, "n_clicks"),
        *[State(one, "value") for one in fields],
        run,
        busy,
        prevent_initial_call=True,
    )(start)
    app.callback(
        Output(ids.ALIGN_RESULT_STORE, "data"),
        Input(ids.ALIGN_ORDER_STORE, "data"),
        background=True,
        interval=POLL_MS,
        progress=[
            Output(ids.ALIGN_BAR, "value"),
            Output(ids.ALIGN_DOING, "children"),
            Output(ids.ALIGN_PERCENT, "children"),
            Output(ids.ALIGN_PROGRESS, "hidden"),  # again: the reader may have left and come back
        ],
        progress_default=[0, "Starting", "", True],
        running=[
            (Output(ids.ALIGN_PROGRESS, "hidden"), False, True),
            (Output(ids.ALIGN_START, "disabled"), True, False),
        ],
        cancel=[Input(ids.ALIGN_CANCEL, "n_clicks")],
        on_error=failed,
        prevent_initial_call=True,
    )(carry_out)
    app.callback(
        Output(ids.ALIGN_PROGRESS, "hidden"),
        Output(ids.ALIGN_MESSAGE, "children", allow_duplicate=True),
        Input(ids.ALIGN_CANCEL, "n_clicks"),
        prevent_initial_call=True,
    )(say_stopped)
    app.callback(
        Output(ids.LAYERS_ALIGNMENT, "options", allow_duplicate=True),
        Output(ids.LAYERS_ALIGNMENT, "value", allow_duplicate=True),
        Output(ids.ALIGN_MESSAGE, "children"),
        Input(ids.ALIGN_RESULT_STORE, "data"),
        run,
        prevent_initial_call=True,
    )(show_result)


def choices(library: Library, run: str) -> list[dict[str, str]]:
    """The alignments of a run, as options of the page's select of them; its own first."""
    found = library.alignments(run) if run in library.runs else []
    short = [f"about epoch {one.recipe.reference}, {one.k} coordinates" for one in found]
    return [
        {
            "value": one.name,
            "label": text if short.count(text) == 1 else f"{text}, {_points(one)}",
        }
        for one, text in zip(found, short, strict=True)
    ]


def _points(one: Alignment) -> str:
    return f"{len(one.ids):,} {one.recipe.split} points"


def open_form(_: Any, run: str, title: str) -> tuple[Any, ...]:
    """Open the form; what was filled in for this run before stays."""
    library = context.library()
    found = context.trained(run)
    if found is None:
        return True, "Align", [], None, "", ""  # the check says why
    named = f"Align {library.titles.get(run, found.title)}"
    if title == named:
        return True, *[no_update] * 5
    counts = {name: int((found.splits == i).sum()) for i, name in enumerate(SPLITS)}
    options = [
        {"value": name, "label": f"{name.capitalize()}: {n:,} points"}
        for name, n in reversed(counts.items())
        if n
    ]
    first, last = int(found.epochs[0]), int(found.epochs[-1])
    hint = (
        f"whose weights and points decide the bases: one of {len(found.epochs)}, {first} to {last}"
    )
    return True, named, options, options[0]["value"], str(last), hint


def check_form(
    is_open: bool, split: Any, points: Any, k: Any, reference: Any, run: str, idle: bool
) -> tuple[Any, ...]:
    """Why the form cannot be sent, whether Start can be pressed, and what it would do."""
    if not is_open:
        return no_update, no_update, no_update
    library = context.library()
    try:
        found, recipe = asked(library, run, split, points, k, reference)
    except (KeyError, ValueError, OSError) as error:
        return _problem(run, error), True, ""
    if not idle:
        return "", True, BUSY
    if ready(library, found, recipe) is not None:
        return "", False, f"{READY}; Start shows it."
    return "", False, ""


def _problem(run: Any, error: Exception) -> Any:
    """What is wrong, and for a run without hidden layers the command that records them."""
    found = context.trained(run)
    if found is None or not outputs_alone(found):
        return reason(error)
    return [reason(error), " This records them: ", html.Code(layered_command(found))]


def start(
    _: Any, split: Any, points: Any, k: Any, reference: Any, run: str, idle: bool
) -> tuple[Any, ...]:
    """Order what the form says, or show what is there already, or say why neither can be."""
    library = context.library()
    try:
        if not idle:
            raise RunError(BUSY)
        found, recipe = asked(library, run, split, points, k, reference)
    except (KeyError, ValueError, OSError) as error:
        return no_update, no_update, True, _problem(run, error), no_update
    if (there := ready(library, found, recipe)) is not None:
        return no_update, result(run, "ready", f"{READY}.", there.name), False, "", ""
    order: AlignOrder = {
        "work": "align",
        "run": found.name,
        "split": recipe.split,
        "points": recipe.points,
        "k": recipe.k,
        "reference": recipe.reference,
        "nonce": uuid.uuid4().hex,
    }
    return order, no_update, False, "", ""


def carry_out(set_progress: Report, order: AlignOrder) -> Any:
    """Align in the background, and tell the page that is open by then; see `gt.jobs.embed_job.carry_out`."""
    set_props(ids.ALIGN_RESULT_STORE, {"data": work(set_progress, dict(order))})
    return no_update


def say_stopped(_: Any) -> tuple[bool, str]:
    """Cancel was pressed; Dash ends the process by itself."""
    return True, STOPPED


def show_result(ended: AlignResult, run: str) -> tuple[Any, Any, Any]:
    """Choose the new alignment if its run is shown, and say how the order ended."""
    if not fits(ended, AlignResult):
        raise PreventUpdate
    if ended["state"] == "failed":
        said = html.Span([icon("x-lg"), ended["message"]], className="gt-compute-failed")
        return no_update, no_update, said
    library = context.library()
    parts: list[Any] = [icon("check2"), ended["message"]]
    if ended["run"] != run:
        title = library.titles.get(ended["run"], ended["run"])
        href = dash.get_relative_path("/layers")
        parts += [" See ", dcc.Link(title, href=f"{href}?run={ended['run']}")]
        return no_update, no_update, html.Span(parts)
    offered = choices(library, run)
    if ended["name"] not in [one["value"] for one in offered]:
        parts.append(" Epochs were recorded since the server started: start it again to see them.")
        return no_update, no_update, html.Span(parts)
    return offered, ended["name"], html.Span(parts)
