"""Compute an embedding from the page: a form that asks and checks, and what becomes of the order.

Three steps: every change of the form is checked by `gt.embed.plan`, which refuses with a reason;
Start checks once more, and has either a result that is there already or an order; the order is
carried out by a background callback (see `gt.jobs.background`), whose result is shown by the page
that the reader is on by then. Whoever leaves the page loses nothing: the computation goes on, and
its result is among the choices when they come back.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import ALL, Dash, Input, Output, State, dcc, html, no_update, set_props
from dash.exceptions import PreventUpdate

from gt import ids
from gt.embed import METHODS, EmbedError
from gt.embed.method import Method, families, family_title
from gt.embed.method import family as methods_of
from gt.jobs.embed_orders import KEPT, asked, compute, estimate, failed, ready, result
from gt.jobs.form import BUSY, POLL_MS, field, number, progress, reason
from gt.jobs.order_check import came, fits, named
from gt.run.points import SPLITS
from gt.serve import context
from gt.state import Family, Order, ParameterId, Result, Typed
from gt.ui.components.controls import BUTTON, icon
from gt.ui.embed import page as embed_page

STOPPED = f"Stopped. {KEPT}"


def panel(family: str) -> html.Section:
    """The button, the form behind it, progress and what came of it.

    Args:
        family: "tsne" or "umap".
    """
    return html.Section(
        [
            html.Button(
                [icon("plus-lg"), html.Span("Compute another…")],
                id=ids.COMPUTE_OPEN,
                type="button",
                className=f"{BUTTON} gt-compute-open",
                title=f"Compute a {family_title(family)} with settings of your own",
                **{"aria-haspopup": "dialog"},
            ),
            progress(
                box=ids.COMPUTE_PROGRESS,
                doing=ids.COMPUTE_DOING,
                percent=ids.COMPUTE_PERCENT,
                bar=ids.COMPUTE_BAR,
                cancel=ids.COMPUTE_CANCEL,
                cancel_title="Stop the computation; what was done is kept",
            ),
            html.P(id=ids.COMPUTE_MESSAGE, className="gt-compute-message", role="status"),
            dbc.Offcanvas(
                _form(family),
                id=ids.COMPUTE_FORM,
                title=f"Compute a {family_title(family)}",
                placement="end",
                is_open=False,
                className="gt-compute-form",
            ),
            dcc.Store(id=ids.COMPUTE_ORDER_STORE),
            dcc.Store(id=ids.COMPUTE_RESULT_STORE),
        ],
        className="gt-compute",
        **{"aria-label": "Compute"},
    )


def _form(family: str) -> list[Any]:
    methods = methods_of(family)
    return [
        html.Fieldset(
            [
                html.Legend("Method"),
                dbc.RadioItems(
                    id=ids.COMPUTE_METHOD,
                    options=[
                        {"value": one.name, "label": [one.title, html.Small(one.text)]}
                        for one in methods
                    ],
                    value=methods[0].name,
                ),
            ]
        ),
        html.Fieldset(
            [
                html.Legend("Of"),
                field("Layer", dbc.Select(id=ids.COMPUTE_LAYER, size="sm")),
                field("Split", dbc.Select(id=ids.COMPUTE_SPLIT, size="sm")),
                field(
                    "Points",
                    number(ids.COMPUTE_POINTS, "", whole=True),
                    html.Small(id=ids.COMPUTE_POINTS_OF),
                ),
            ]
        ),
        html.Fieldset(
            [
                html.Legend("Parameters"),
                html.Div(
                    _fields(methods[0]),
                    id=ids.COMPUTE_PARAMETERS,
                    className="gt-compute-parameters",
                ),
                field(
                    "Seed",
                    number(ids.COMPUTE_SEED, "0", whole=True),
                    html.Small("of whatever is random; the same seed gives the same picture"),
                ),
            ]
        ),
        html.Div(
            [
                html.P(id=ids.COMPUTE_PROBLEM, className="gt-problem", role="alert"),
                html.P(id=ids.COMPUTE_ESTIMATE, className="gt-hint"),
                html.Button(
                    "Start",
                    id=ids.COMPUTE_START,
                    type="button",
                    className="btn btn-primary",
                    disabled=True,
                ),
            ],
            className="gt-compute-foot",
        ),
    ]


def _fields(method: Method, typed: Mapping[str, Any] = MappingProxyType({})) -> list[html.Label]:
    return [
        field(
            one.title,
            number(
                {"type": ids.COMPUTE_PARAMETER, "name": one.name},
                typed.get(one.name, f"{one.default:g}"),
                whole=one.whole,
            ),
            html.Small(one.text),
        )
        for one in method.parameters
    ]


def register(app: Dash) -> None:
    """Wire the panel of whichever page has it."""
    run = State(ids.EMBED_RUN, "value")
    fields = [
        ids.COMPUTE_METHOD,
        ids.COMPUTE_LAYER,
        ids.COMPUTE_SPLIT,
        ids.COMPUTE_POINTS,
        ids.COMPUTE_SEED,
    ]
    pattern = {"type": ids.COMPUTE_PARAMETER, "name": ALL}
    busy = State(ids.COMPUTE_PROGRESS, "hidden")
    app.callback(
        Output(ids.COMPUTE_FORM, "is_open"),
        Output(ids.COMPUTE_LAYER, "options"),
        Output(ids.COMPUTE_LAYER, "value"),
        Output(ids.COMPUTE_SPLIT, "options"),
        Output(ids.COMPUTE_SPLIT, "value"),
        Input(ids.COMPUTE_OPEN, "n_clicks"),
        run,
        State(ids.COMPUTE_LAYER, "options"),
        State(ids.COMPUTE_SPLIT, "options"),
        prevent_initial_call=True,
    )(open_form)
    app.callback(
        Output(ids.COMPUTE_PARAMETERS, "children"),
        Input(ids.COMPUTE_METHOD, "value"),
        State(pattern, "value"),
        State(pattern, "id"),
        prevent_initial_call=True,
    )(show_parameters)
    app.callback(
        Output(ids.COMPUTE_POINTS, "value"),
        Output(ids.COMPUTE_POINTS_OF, "children"),
        Input(ids.COMPUTE_SPLIT, "value"),
        run,
        prevent_initial_call=True,
    )(count_points)
    app.callback(
        Output(ids.COMPUTE_PROBLEM, "children"),
        Output(ids.COMPUTE_START, "disabled"),
        Output(ids.COMPUTE_ESTIMATE, "children"),
        Input(ids.COMPUTE_FORM, "is_open"),
        *[Input(one, "value") for one in fields],
        Input(pattern, "value"),
        State(pattern, "id"),
        run,
        busy,
        prevent_initial_call=True,
    )(check_form)
    app.callback(
        Output(ids.COMPUTE_ORDER_STORE, "data"),
        Output(ids.COMPUTE_RESULT_STORE, "data", allow_duplicate=True),
        Output(ids.COMPUTE_FORM, "is_open", allow_duplicate=True),
        Output(ids.COMPUTE_PROBLEM, "children", allow_duplicate=True),
        Output(ids.COMPUTE_MESSAGE, "children", allow_duplicate=True),
        Input(ids.COMPUTE_START, "n_clicks"),
        *[State(one, "value") for one in fields],
        State(pattern, "value"),
        State(pattern, "id"),
        run,
        busy,
        State(ids.EMBED_FAMILY_STORE, "data"),
        prevent_initial_call=True,
    )(start)
    app.callback(
        Output(ids.COMPUTE_RESULT_STORE, "data"),
        Input(ids.COMPUTE_ORDER_STORE, "data"),
        background=True,
        interval=POLL_MS,
        progress=[
            Output(ids.COMPUTE_BAR, "value"),
            Output(ids.COMPUTE_DOING, "children"),
            Output(ids.COMPUTE_PERCENT, "children"),
            Output(ids.COMPUTE_PROGRESS, "hidden"),  # again: the reader may have left and come back
        ],
        progress_default=[0, "Starting", "", True],
        running=[
            (Output(ids.COMPUTE_PROGRESS, "hidden"), False, True),
            (Output(ids.COMPUTE_START, "disabled"), True, False),
        ],
        cancel=[Input(ids.COMPUTE_CANCEL, "n_clicks")],
        on_error=failed,
        prevent_initial_call=True,
    )(carry_out)
    app.callback(
        Output(ids.COMPUTE_PROGRESS, "hidden"),
        Output(ids.COMPUTE_MESSAGE, "children", allow_duplicate=True),
        Input(ids.COMPUTE_CANCEL, "n_clicks"),
        prevent_initial_call=True,
    )(say_stopped)
    app.callback(
        Output(ids.EMBED_METHOD, "options", allow_duplicate=True),
        Output(ids.EMBED_METHOD, "value", allow_duplicate=True),
        Output(ids.COMPUTE_MESSAGE, "children"),
        Input(ids.COMPUTE_RESULT_STORE, "data"),
        State(ids.EMBED_FAMILY_STORE, "data"),
        run,
        prevent_initial_call=True,
    )(show_result)


def open_form(_: Any, run: str, layers: Any, splits: Any) -> tuple[Any, ...]:
    """Open the form; what was filled in for this run before stays."""
    found = context.trained(run)
    if found is None:
        return True, [], None, [], None  # the check says why
    names = [one.name for one in found.layers if not one.constant]
    layer_options = [{"value": name, "label": name.capitalize()} for name in names]
    counts = {name: int((found.splits == i).sum()) for i, name in enumerate(SPLITS)}
    split_options = [
        {"value": name, "label": f"{name.capitalize()}: {n:,} points"}
        for name, n in reversed(counts.items())
        if n
    ]
    if (layers, splits) == (layer_options, split_options):
        return True, no_update, no_update, no_update, no_update
    layer = "softmax" if "softmax" in names else next(iter(names[::-1]), None)
    return True, layer_options, layer, split_options, split_options[0]["value"]


def show_parameters(
    method: str, values: list[Typed], names: list[ParameterId]
) -> list[html.Label] | Any:
    """The fields of the chosen method; what was typed stays, the rest have its defaults."""
    wanted = METHODS.get(named(method))
    if wanted is None:
        return no_update
    usual: dict[str, set[str]] = {}
    for other in METHODS.values():
        for one in other.parameters:
            usual.setdefault(one.name, set()).add(f"{one.default:g}")
    now = _parameters(names, values)
    typed = {name: value for name, value in now.items() if value not in usual.get(name, set())}
    if now == {one.name: typed.get(one.name, f"{one.default:g}") for one in wanted.parameters}:
        return no_update
    return _fields(wanted, typed)


def count_points(split: str, run: str) -> tuple[str, str]:
    """All points of the split, and how many those are."""
    found = context.trained(run)
    if found is None or split not in SPLITS:
        return "", ""
    of = int((found.splits == SPLITS.index(split)).sum())
    return str(of), f"of {of:,} {split} points; fewer are drawn at random"


def check_form(
    is_open: bool,
    method: str,
    layer: str,
    split: str,
    points: Any,
    seed: Any,
    values: list[Typed],
    names: list[ParameterId],
    run: str,
    idle: bool,
) -> tuple[Any, ...]:
    """Why the form cannot be sent, whether Start can be pressed, and how long it may take."""
    if not is_open:
        return no_update, no_update, no_update
    library = context.library()
    try:
        found, job = asked(
            library, run, method, layer, split, points, seed, _parameters(names, values)
        )
    except (KeyError, ValueError, OSError) as error:
        return reason(error), True, ""
    if not idle:
        return "", True, BUSY
    if ready(library, found, job) is not None:
        return "", False, "This one was computed already; Start shows it."
    return "", False, estimate(library, found, job)


def start(
    _: Any,
    method: str,
    layer: str,
    split: str,
    points: Any,
    seed: Any,
    values: list[Typed],
    names: list[ParameterId],
    run: str,
    idle: bool,
    family: Family,
) -> tuple[Any, ...]:
    """Order what the form says, or show what is there already, or say why neither can be."""
    library = context.library()
    try:
        if not idle:
            raise EmbedError(BUSY)
        if named(family) not in families():
            raise EmbedError(f"A family must be {' or '.join(families())}, {came(family)} came.")
        found, job = asked(
            library, run, method, layer, split, points, seed, _parameters(names, values)
        )
    except (KeyError, ValueError, OSError) as error:
        return no_update, no_update, True, reason(error), no_update
    recipe = job.recipe
    order: Order = {
        "run": found.name,
        "family": family,
        "method": recipe.method,
        "parameters": dict(recipe.parameters),
        "layer": recipe.layer,
        "split": recipe.split,
        "points": recipe.points,
        "seed": recipe.seed,
        "nonce": uuid.uuid4().hex,
    }
    if (there := ready(library, found, job)) is not None:
        title = METHODS[recipe.method].title
        said = result(order, "ready", f"This {title} was computed already.", there.name)
        return no_update, said, False, "", ""
    return order, no_update, False, "", ""


def carry_out(set_progress: Callable[[Sequence[Any]], None], order: Order) -> Any:
    """Compute in the background, and tell the page that is open by then.

    What a callback returns is dropped by Dash once its output has left the page, even if it is there
    again; properties that are set arrive.
    """
    set_props(ids.COMPUTE_RESULT_STORE, {"data": compute(set_progress, dict(order))})
    return no_update


def _parameters(names: Any, values: Any) -> dict[str, Any]:
    """What was typed into the fields of parameters; what belongs to no field is left out."""
    if not isinstance(names, list) or not isinstance(values, list):
        return {}
    return {
        one["name"]: value if isinstance(value, (str, int, float)) else None
        for one, value in zip(names, values, strict=False)
        if isinstance(one, dict) and isinstance(one.get("name"), str)
    }


def say_stopped(_: Any) -> tuple[bool, str]:
    """Cancel was pressed; Dash ends the process by itself."""
    return True, STOPPED


def show_result(ended: Result, family: Family, run: str) -> tuple[Any, Any, Any]:
    """Choose the new embedding if its page is open, and say how the order ended."""
    if not fits(ended, Result):
        raise PreventUpdate
    if ended["state"] == "failed":
        said = html.Span([icon("x-lg"), ended["message"]], className="gt-compute-failed")
        return no_update, no_update, said
    library = context.library()
    here = (ended["family"], ended["run"]) == (family, run)
    if here:
        said = html.Span([icon("check2"), ended["message"]])
        return embed_page.choices(library, run, family), ended["name"], said
    title = library.titles.get(ended["run"], ended["run"])
    href = dash.get_relative_path(f"/{ended['family']}")
    link = dcc.Link(f"{title}, {family_title(ended['family'])}", href=f"{href}?run={ended['run']}")
    return no_update, no_update, html.Span([icon("check2"), ended["message"], " See ", link])
