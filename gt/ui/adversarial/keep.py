"""Keep an attack that was asked for in the page: copied from beside the cache to the runs of one's own."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, html, no_update

from gt import ids
from gt.jobs.kinds.attack import JOB
from gt.jobs.wiring import said
from gt.serve import context
from gt.serve.said import named, reason
from gt.ui.components.controls import BUTTON, icon


def button() -> html.Button:
    """What keeps the attack that is shown; hidden where there is nothing to keep."""
    return html.Button(
        [icon("plus-lg"), html.Span("Keep as a run")],
        id=ids.ADVERSARIAL_KEEP,
        type="button",
        className=f"{BUTTON} gt-compute-open",
        title="This attack is with the cache alone: copy it to your runs",
        hidden=True,
    )


def register(app: Dash) -> None:
    """Wire the button, which says what came of it where the lab does."""
    shown = ids.ADVERSARIAL_RUN
    app.callback(Output(ids.ADVERSARIAL_KEEP, "hidden"), Input(shown, "value"))(hide_keep)
    app.callback(
        Output(ids.ADVERSARIAL_KEEP, "hidden", allow_duplicate=True),
        Output(ids.job(JOB.name, "message"), "children", allow_duplicate=True),
        Input(ids.ADVERSARIAL_KEEP, "n_clicks"),
        State(shown, "value"),
        prevent_initial_call=True,
    )(keep)


def hide_keep(shown: Any) -> bool:
    """Whether there is nothing to keep: no attack, one that is among the runs already, or a server that keeps none."""
    library = context.library()
    if library.read_only or shown not in [*library.attack_titles]:
        return True
    return library.kept(library.run(shown))


def keep(_: Any, shown: str) -> tuple[Any, Any]:
    """Copy the attack that is shown to the runs, and say where it is, or why it cannot be."""
    try:
        path = context.library().keep(named(shown))
    except (KeyError, ValueError, OSError) as error:
        return no_update, said(f"Not kept: {reason(error).removeprefix('keep: ')}", bad=True)
    return True, said(f"Kept in {path}")
