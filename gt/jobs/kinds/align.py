"""Align a run's layers about an epoch, with points and coordinates of the reader's choice; seen on ``/layers``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dash
from dash import dcc, html

from gt import ids
from gt.align import K
from gt.align.align_run import POINTS, align_run, plan
from gt.align.estimate import seconds
from gt.jobs.carry_out import in_percent
from gt.jobs.fields import split_options, trained, whole
from gt.jobs.job import Checked, Done, Field, Form, Job, Layout, Offered, Shown, Tell
from gt.jobs.order import made
from gt.kept.alignment import Alignment, Recipe
from gt.kept.describe import layered_command, outputs_alone
from gt.run import Run, RunError
from gt.serve import choices
from gt.serve.library import Library
from gt.serve.said import named, reason
from gt.state import JobOrder

K_MOST = (
    64  # coordinates that are drawn without delay; more classes than that are drawn all the same
)
READY = "This run was aligned like this already"
SETTINGS = ("split", "points", "k", "reference")


class AlignOrder(JobOrder):
    """An alignment that the reader asked for."""

    split: str
    points: int  # at most
    k: int  # coordinates
    reference: int  # number of the epoch that decides the bases


def layout(_: str) -> Layout:
    """The form."""
    return Layout(
        title="Align",
        button="Align this run…",
        icon="plus-lg",
        tooltip="Align the run's layers with reference, points and coordinates of your choice",
        parts={
            "Of": [
                Field("split", "Split", "select"),
                Field(
                    "points",
                    "Points",
                    "whole",
                    str(POINTS),
                    help="at most, evenly over the classes",
                ),
            ],
            "How": [
                Field("reference", "Reference", "whole", noted=True),
                Field(
                    "k",
                    "Coordinates",
                    "whole",
                    str(K),
                    help="of each state; as many as there are classes at least",
                ),
            ],
        },
    )


def offer(library: Library, form: Form) -> Offered:
    """What the run has; what was filled in for this run before stays."""
    run = form.page[0]
    found = trained(library, run)
    if found is None:  # the check says why
        return Offered(
            {"split": None, "reference": ""}, {"split": []}, {"reference": ""}, {}, "Align", ""
        )
    if form.filled_for == run:
        return Offered()
    options = split_options(found)
    first, last = int(found.epochs[0]), int(found.epochs[-1])
    hint = f"whose weights and points decide the bases: one of {len(found.epochs)} {found.unit}s, {first} to {last}"
    return Offered(
        values={"split": options[0]["value"], "reference": str(last)},
        options={"split": options},
        notes={"reference": hint},
        title=f"Align {library.titles.get(run, found.title)}",
        filled_for=run,
    )


def asked(library: Library, form: Form) -> tuple[Run, Recipe]:
    """What a form asks for; nothing is computed.

    Raises:
        KeyError: If there is no such run.
        RunError: If it cannot be aligned like this, with the reason.
    """
    found = library.run(named(form.page[0]))
    if said := outputs_alone(found):
        raise RunError(said)
    recipe = plan(
        found,
        split=named(form.values["split"]),
        points=whole("Points", form.values["points"], 1),
        k=whole("Coordinates", form.values["k"], 1, K_MOST),
        reference=whole("Reference", form.values["reference"], 0),
    )
    return found, recipe


def check(library: Library, form: Form) -> Checked:
    """The order that a form comes to."""
    run, recipe = asked(library, form)
    there = next(
        (one for one in library.alignments(run.name) if one.recipe.key == recipe.key), None
    )
    order = {"run": run.name, **{name: getattr(recipe, name) for name in SETTINGS}}
    return Checked(order, None if there is None else Done(f"{READY}.", there.name))


def ordered(
    library: Library, run: str, alignment: str | None = None
) -> tuple[dict[str, Any], float]:
    """The order of a run's alignment where nothing else is asked for, and about how many seconds it takes.

    Args:
        library: Has the run.
        run: Its name.
        alignment: The one that is to be made anew, as it was made: about the last epoch if it was about its last.

    Raises:
        KeyError: If there is no such run or alignment.
        RunError: If it cannot be aligned, with the reason.
    """
    found = library.run(run)
    as_before: dict[str, Any] = {}
    if alignment:
        one = library.alignment(run, alignment)
        as_before = {name: getattr(one.recipe, name) for name in SETTINGS}
        if one.recipe.reference == one.epochs[-1]:
            del as_before["reference"]
    recipe = plan(found, **as_before)
    settings = {name: getattr(recipe, name) for name in SETTINGS}
    takes = seconds(found, recipe.points, recipe.every, recipe.k)
    return made(JOB, Checked({"run": run, **settings})), takes


def behind(run: Run, one: Alignment) -> bool:
    """Whether a run has grown since an alignment of all its epochs was made."""
    return one.recipe.every == 1 and len(one.epochs) > 0 and run.epochs[-1] > one.epochs[-1]


def problem(library: Library, form: Form, error: Exception) -> Any:
    """What is wrong, and for a run without hidden layers the command that records them."""
    found = trained(library, form.page[0])
    if found is None or not outputs_alone(found):
        return reason(error)
    return [reason(error), " This records them: ", html.Code(layered_command(found))]


def work(order: Mapping[str, Any], run: Run, tell: Tell) -> Done:
    """Align."""
    recipe = plan(run, **{name: order[name] for name in SETTINGS})
    found = align_run(
        run,
        recipe,
        folder=Path(order["folder"]),
        progress=in_percent(lambda percent, what: tell(percent, f"Aligning: {what}")),
        command="asked for in the page",
    )
    return Done(f"Aligned {_states(found)} states and {len(found.epochs)} {run.unit}s", found.name)


def _states(one: Alignment) -> int:
    return len(one.states if one.whole is None else one.whole.states)


def show(library: Library, ended: Mapping[str, Any], page: tuple[Any, ...]) -> Shown:
    """Choose the new alignment if its run is shown."""
    (run,) = page
    if ended["run"] != run:
        title = library.titles.get(ended["run"], ended["run"])
        href = dash.get_relative_path("/layers")
        return Shown(more=[" See ", dcc.Link(title, href=f"{href}?run={ended['run']}")])
    offered = choices.alignments(library, run)
    if ended["made"] not in [one["value"] for one in offered]:
        unit = library.run(run).unit.capitalize() if run in library.runs else "Epoch"
        said = f" {unit}s were recorded since the server started: start it again to see them."
        return Shown(more=[said])
    return Shown((offered, ended["made"]))


JOB = Job(
    name="align",
    label="Align",
    layout=layout,
    order=AlignOrder,
    page=((ids.LAYERS_RUN, "value"),),
    shows=((ids.LAYERS_ALIGNMENT, "options"), (ids.LAYERS_ALIGNMENT, "value")),
    place=Library.alignment_workplace,
    offer=offer,
    check=check,
    work=work,
    show=show,
    problem=problem,
    result_page=lambda order: "layers",
    subject=lambda order: "Aligning",
    begins=lambda order: "Aligning: reading the run",
    kept="Singular vectors that were found are kept, so asking for the same again is quicker.",
    cancel_title="Stop aligning; singular vectors that were found are kept",
    ready=READY,
)
