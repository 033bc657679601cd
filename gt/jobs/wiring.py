"""A job joined to Dash: its form asks and checks, its order is carried out in the background, its result is shown.

Three steps: every change of the form is checked, and refused with a reason; Start checks once more, and has either what
is there already or an order; the order is carried out by a background callback (see `gt.jobs.background`), and its
result is shown by the page that is open by then. Whoever leaves the page loses nothing: order and result are with the
shell, so the computation goes on, and what it made is among the choices when they come back.

Nor does whoever loads the page anew, or opens it in another tab: the browser remembers the last order. If that is still
at work (the list of computations knows, on the disk), it is asked for again, which joins it: progress and Cancel are
there again. A tab that is open already joins it as it is ordered, unless it watches one of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, html, no_update
from dash.exceptions import PreventUpdate

from gt import ids
from gt.errors import ReadOnlyError
from gt.jobs import carry_out, fields, order
from gt.jobs.background import NOTHING
from gt.jobs.job import Form, Job, Offered
from gt.run import RunError
from gt.serve import context
from gt.serve.said import reason
from gt.serve.shapes import fits
from gt.state import JobResult
from gt.ui.components.controls import icon

POLL_MS = 500  # between two questions of the browser
BUSY = "This tab is computing already; wait for it, or cancel it."


def register(app: Dash, jobs: Iterable[Job]) -> None:
    """Wire the panels of jobs, on whichever page has them."""
    wired = [Wired(job) for job in jobs]
    for one in wired:
        _wire_form(app, one)
        _wire_run(app, one)
    orders = [one.place("order-store") for one in wired]

    def resume(last: dict[str, Any] | None, *now: Any) -> list[Any]:
        return [
            one.resume(app._background_manager, (last or {}).get(one.job.name), order)
            for one, order in zip(wired, now, strict=True)
        ]

    app.callback(
        [Output(place, "data", allow_duplicate=True) for place in orders],
        Input(ids.JOBS_STORE, "data"),
        *[State(place, "data") for place in orders],
        prevent_initial_call=True,
    )(resume)


def _wire_form(app: Dash, wired: Wired) -> None:
    job, place = wired.job, wired.place
    app.callback(
        *wired.offered(),
        Input(place("open"), "n_clicks"),
        *[Input(wired.field(one.name), "value") for one in wired.leading],
        *wired.filled(State),
        State(place("filled-store"), "data"),
        prevent_initial_call=True,
    )(wired.offer)
    app.callback(
        Output(place("problem"), "children"),
        Output(place("start"), "disabled"),
        Output(place("hint"), "children"),
        Input(place("form"), "is_open"),
        *wired.filled(Input),
        State(place("progress"), "hidden"),
        prevent_initial_call=True,
    )(wired.check)
    app.callback(
        Output(place("order-store"), "data"),
        Output(ids.JOBS_STORE, "data", allow_duplicate=True),
        Output(place("result-store"), "data", allow_duplicate=True),
        Output(place("form"), "is_open", allow_duplicate=True),
        Output(place("problem"), "children", allow_duplicate=True),
        Output(place("message"), "children", allow_duplicate=True),
        Input(place("start"), "n_clicks"),
        *wired.filled(State),
        State(ids.JOBS_STORE, "data"),
        State(place("progress"), "hidden"),
        prevent_initial_call=True,
    )(wired.start)
    app.callback(
        *[Output(*one, allow_duplicate=True) for one in job.shows],
        Output(place("message"), "children"),
        Input(place("result-store"), "data"),
        *[State(*one) for one in job.page],
        prevent_initial_call=True,
    )(wired.show)


def _wire_run(app: Dash, wired: Wired) -> None:
    job, place = wired.job, wired.place
    app.callback(
        Output(place("result-store"), "data"),
        Input(place("order-store"), "data"),
        background=True,
        interval=POLL_MS,
        progress=[
            Output(place("bar"), "value"),
            Output(place("doing"), "children"),
            Output(place("percent"), "children"),
            Output(place("progress"), "hidden"),  # again: the reader may have left and come back
        ],
        progress_default=[0, "Starting", "", True],
        running=[
            (Output(place("progress"), "hidden"), False, True),
            (Output(place("start"), "disabled"), True, False),
        ],
        cancel=[Input(place("cancel"), "n_clicks")],
        on_error=lambda error: carry_out.failed(job, error),
        prevent_initial_call=True,
    )(carry_out.carry_out)
    app.callback(
        Output(place("progress"), "hidden"),
        Output(place("message"), "children", allow_duplicate=True),
        Input(place("cancel"), "n_clicks"),
        prevent_initial_call=True,
    )(wired.say_stopped)


class Wired:
    """What a job's callbacks do.

    Args:
        job: The job.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.fields, self.blocks = job.fields(), job.blocks()
        self.leading = [one for one in self.fields if one.leads]

    def place(self, part: ids.JobPart) -> str:
        """The id of a part."""
        return ids.job(self.job.name, part)

    def field(self, name: str) -> str:
        """The id of a field, note or block."""
        return ids.job_field(self.job.name, name)

    def filled(self, kind: type[Input] | type[State]) -> list[Any]:
        """Where the form says what it says; `form` reads them."""
        found = [kind(self.field(one.name), "value") for one in self.fields]
        if self.job.has_parameters:
            pattern = {"type": ids.JOB_PARAMETER, "job": self.job.name, "name": ALL}
            found += [kind(pattern, "value"), State(pattern, "id")]
        return [*found, *[State(*one) for one in self.job.page]]

    def form(self, given: Sequence[Any], **more: Any) -> Form:
        """What a form says.

        Args:
            given: The values of what `filled` names.
            more: For ``Form``.
        """
        n = len(self.fields)
        values = {one.name: value for one, value in zip(self.fields, given[:n], strict=True)}
        typed = {}
        if self.job.has_parameters:
            typed = fields.parameters(given[n + 1], given[n])
            n += 2
        return Form(values, tuple(given[n:]), typed, **more)

    def offered(self) -> list[Output]:
        """Where an offer goes; see `offer`."""
        place = self.place
        return [
            Output(place("form"), "is_open"),
            Output(place("form"), "title"),
            Output(place("filled-store"), "data"),
            *[Output(self.field(one.name), "value") for one in self.fields],
            *[Output(self.field(one.name), "options") for one in self._chosen()],
            *[Output(self.field(f"{one.name}-note"), "children") for one in self._noted()],
            *[Output(self.field(one.name), "children") for one in self.blocks],
        ]

    def offer(self, _: Any, *given: Any) -> tuple[Any, ...]:
        """Open the form, or let its fields follow the one that was changed."""
        triggered = {name.rpartition(".")[0] for name in ctx.triggered_prop_ids}
        opened = self.place("open") in triggered
        changed = {one.name for one in self.leading if self.field(one.name) in triggered}
        *filled, filled_for = given[len(self.leading) :]
        form = self.form(
            filled, changed=frozenset() if opened else frozenset(changed), filled_for=filled_for
        )
        offer = self.job.offer(context.library(), form)
        return True if opened else no_update, *self._told(offer)

    def _told(self, offer: Offered) -> tuple[Any, ...]:
        def each(parts: Sequence[Any], said: Any) -> list[Any]:
            return [said.get(one.name, no_update) for one in parts]

        return (
            offer.title,
            offer.filled_for,
            *each(self.fields, offer.values),
            *each(self._chosen(), offer.options),
            *each(self._noted(), offer.notes),
            *each(self.blocks, offer.blocks),
        )

    def _chosen(self) -> list[Any]:
        return [one for one in self.fields if one.kind in ("select", "radio")]

    def _noted(self) -> list[Any]:
        return [one for one in self.fields if one.noted]

    def check(self, is_open: bool, *given: Any) -> tuple[Any, ...]:
        """Why the form cannot be sent, whether Start can be pressed, and what it would do."""
        if not is_open:
            return no_update, no_update, no_update
        *filled, idle = given
        form, library = self.form(filled), context.library()
        try:
            library.check_may_write(NOTHING)
            found = self.job.check(library, form)
        except ReadOnlyError as error:
            return reason(error), True, ""
        except (KeyError, ValueError, OSError) as error:
            return self.job.problem(library, form, error), True, ""
        if not idle:
            return "", True, BUSY
        if found.there is not None:
            return "", False, f"{self.job.ready}; Start shows it."
        return "", False, found.hint

    def start(self, clicks: int | None, *given: Any) -> tuple[Any, ...]:
        """Order what the form says, or show what is there already, or say why neither can be."""
        if not clicks:  # the button is new, as its page is
            raise PreventUpdate
        *filled, last, idle = given
        form, library = self.form(filled), context.library()
        try:
            library.check_may_write(NOTHING)
            if not idle:
                raise RunError(BUSY)
            found = self.job.check(library, form)
        except (KeyError, ValueError, OSError) as error:
            said = self.job.problem(library, form, error)
            return no_update, no_update, no_update, True, said, no_update
        ordered = order.made(self.job, found)
        if (there := found.there) is not None:
            ended = carry_out.result(self.job, ordered, "ready", there.message, there.made)
            return no_update, no_update, ended, False, "", ""
        orders = last if isinstance(last, dict) else {}
        return ordered, {**orders, self.job.name: ordered}, no_update, False, "", ""

    def resume(self, manager: Any, last: Any, now: Any) -> Any:
        """Order the last order of this browser again if it is still at work, and this tab watches none that is."""
        if not fits(last, self.job.order) or not manager.at_work(last):
            return no_update
        watches = fits(now, self.job.order) and (
            now["nonce"] == last["nonce"] or manager.at_work(now)
        )
        return no_update if watches else last

    def say_stopped(self, _: Any) -> tuple[bool, str]:
        """Cancel was pressed; Dash ends the process by itself."""
        return True, f"Stopped. {self.job.kept}"

    def show(self, ended: JobResult, *page: Any) -> tuple[Any, ...]:
        """Choose what was made if the page shows its like, and say how the order ended."""
        leave = (no_update,) * len(self.job.shows)
        if not fits(ended, JobResult) or ended["work"] != self.job.name:
            raise PreventUpdate
        if ended["state"] == "failed":
            return *leave, said(ended["message"], bad=True)
        shown = self.job.show(context.library(), ended, page)
        message = shown.message or ended["message"]
        return *(shown.values or leave), said(message, *shown.more, bad=shown.bad)


def said(message: str, *more: Any, bad: bool = False) -> html.Span:
    """What came of something, marked as done or failed, for a job's message."""
    if bad:
        return html.Span([icon("x-lg"), message, *more], className="gt-compute-failed")
    return html.Span([icon("check2"), message, *more])
