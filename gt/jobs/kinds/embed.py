"""Compute a t-SNE or a UMAP of a layer, with settings of the reader's choice; seen on ``/tsne`` and ``/umap``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import dash
from dash import dcc, html

from gt import ids
from gt.embed import METHODS, EmbedError, embed, missing, plan
from gt.embed import Job as Plan
from gt.embed.compute import MEASURING
from gt.embed.method import families, family_title
from gt.embed.method import family as methods_of
from gt.embed.parameters import Method
from gt.jobs.carry_out import in_percent
from gt.jobs.fields import split_options, trained
from gt.jobs.form import parameter
from gt.jobs.job import Block, Checked, Done, Field, Form, Job, Layout, Offered, Shown, Tell
from gt.run import Run
from gt.run.points import SPLITS
from gt.run.saying import in_unit
from gt.run.task import EPOCH
from gt.serve import choices
from gt.serve.library import Library
from gt.serve.said import came, duration, named
from gt.state import JobOrder

MEASURING_FROM = 95  # percent; measuring is the last and short part
NAME = "embed"


class EmbedOrder(JobOrder):
    """An embedding that the reader asked for."""

    family: str  # "tsne" or "umap": the page on which it was asked for
    method: str
    parameters: dict[str, float]
    layer: str
    split: str
    points: int | None  # None: all
    seed: int


def layout(family: str) -> Layout:
    """The form for the page of a family."""
    methods = methods_of(family)
    return Layout(
        title=f"Compute a {family_title(family)}",
        button="Compute another…",
        icon="plus-lg",
        tooltip=f"Compute a {family_title(family)} with settings of your own",
        parts={
            "Method": [
                Field(
                    "method",
                    "",
                    "radio",
                    methods[0].name,
                    options=method_options(family),
                    leads=True,
                )
            ],
            "Of": [
                Field("layer", "Layer", "select"),
                Field("split", "Split", "select", leads=True),
                Field("points", "Points", "whole", noted=True),
            ],
            "Parameters": [
                Block("parameters", "gt-compute-parameters", parameter_fields(methods[0])),
                Field(
                    "seed",
                    "Seed",
                    "whole",
                    "0",
                    help="of whatever is random; the same seed gives the same picture",
                ),
            ],
        },
    )


def method_options(family: str, unit: str = EPOCH) -> list[dict[str, Any]]:
    """The methods of a family, each with what it does with the epochs of a run, in the run's unit."""
    return [
        {"value": one.name, "label": [one.title, html.Small(in_unit(one.text, unit))]}
        for one in methods_of(family)
    ]


def parameter_fields(
    method: Method, typed: Mapping[str, Any] = MappingProxyType({}), unit: str = EPOCH
) -> list[html.Label]:
    """The fields of a method's parameters, with what was typed where it was."""
    return [
        parameter(
            NAME,
            one.name,
            in_unit(one.title, unit),
            typed.get(one.name, f"{one.default:g}"),
            text=in_unit(one.text, unit),
            whole=one.whole,
        )
        for one in method.parameters
    ]


def offer(library: Library, form: Form) -> Offered:
    """What the run has, how many points a split has, and the parameters of the method."""
    found = trained(library, form.page[0])
    if "method" in form.changed:
        return Offered(blocks={"parameters": parameters_of(form, found)})
    if form.changed:
        return _counted(found, form.values["split"])
    if found is None:  # the check says why
        return Offered({"layer": None, "split": None}, {"layer": [], "split": []}, filled_for="")
    if form.filled_for == found.name:
        return Offered()
    layers = [one.name for one in found.layers if not one.constant]
    splits = split_options(found)
    counted = _counted(found, splits[0]["value"])
    return Offered(
        values={
            "layer": found.last if found.last in layers else next(iter(layers[::-1]), None),
            "split": splits[0]["value"],
            **counted.values,
        },
        options={
            "layer": [{"value": name, "label": name.capitalize()} for name in layers],
            "split": splits,
            **_methods(form, found),
        },
        notes=counted.notes,
        blocks={"parameters": parameters_of(form, found, anew=True)},
        filled_for=found.name,
    )


def _methods(form: Form, run: Run) -> dict[str, Any]:
    """What the form's page offers, said of a run."""
    family = named(form.page[1])
    return {"method": method_options(family, run.unit)} if family in families() else {}


def _counted(run: Run | None, split: Any) -> Offered:
    """All points of the split, and how many those are."""
    if run is None or split not in SPLITS:
        return Offered({"points": ""}, notes={"points": ""})
    of = int((run.splits == SPLITS.index(split)).sum())
    note = f"of {of:,} {split} points; fewer are drawn at random"
    return Offered({"points": str(of)}, notes={"points": note})


def parameters_of(form: Form, run: Run | None = None, anew: bool = False) -> Any:
    """The fields of the chosen method; what was typed stays, the rest have its defaults.

    Args:
        form: What the form says.
        run: That is embedded, whose unit the fields speak of; epochs when None.
        anew: Whether they may be those of another run.
    """
    wanted = METHODS.get(named(form.values["method"]))
    if wanted is None:
        return dash.no_update
    usual: dict[str, set[str]] = {}
    for other in METHODS.values():
        for one in other.parameters:
            usual.setdefault(one.name, set()).add(f"{one.default:g}")
    now = form.parameters
    typed = {name: value for name, value in now.items() if value not in usual.get(name, set())}
    if not anew and now == {
        one.name: typed.get(one.name, f"{one.default:g}") for one in wanted.parameters
    }:
        return dash.no_update
    return parameter_fields(wanted, typed, EPOCH if run is None else run.unit)


def asked(library: Library, form: Form) -> tuple[Run, Plan]:
    """What a form asks for; nothing is computed.

    Raises:
        EmbedError: If it cannot be computed, with the reason.
        KeyError: If there is no such run.
        RunError: If it has no such layer.
    """
    run, family = form.page
    if named(family) not in families():
        raise EmbedError(f"A family must be {' or '.join(families())}, {came(family)} came.")
    given = {name: "" if value is None else value for name, value in form.values.items()}
    found, method = library.run(named(run)), named(form.values["method"])
    if method in METHODS and (said := missing([method])):
        raise EmbedError(said)
    wanted = plan(
        found,
        method,
        {name: "" if value is None else value for name, value in form.parameters.items()},
        layer=named(form.values["layer"]),
        split=named(form.values["split"]),
        points=given["points"],
        seed=given["seed"],
    )
    return found, wanted


def check(library: Library, form: Form) -> Checked:
    """The order that a form comes to."""
    run, wanted = asked(library, form)
    recipe = wanted.recipe
    order = {
        "run": run.name,
        "family": form.page[1],
        "method": recipe.method,
        "parameters": dict(recipe.parameters),
        "layer": recipe.layer,
        "split": recipe.split,
        "points": recipe.points,
        "seed": recipe.seed,
    }
    for one in library.embeddings(run.name):
        if one.recipe.key == recipe.key:
            said = f"This {METHODS[recipe.method].title} was computed already."
            return Checked(order, Done(said, one.name))
    return Checked(order, hint=estimate(library, run, wanted))


def estimate(library: Library, run: Run, wanted: Plan) -> str:
    """How long it may take, going by the embedding most like it; empty if there is none."""
    recipe = wanted.recipe
    likely: list[tuple[float, float]] = []
    for one in library.embeddings(run.name):
        if one.recipe.method == recipe.method and one.made.get("seconds"):
            ratio = _work(recipe.parameters, len(wanted.rows), len(wanted.indices), recipe.method)
            ratio /= _work(one.recipe.parameters, len(one.ids), len(one.epochs), recipe.method)
            likely.append((abs(ratio - 1), ratio * float(one.made["seconds"])))
    if not likely:
        return ""
    seconds = min(likely)[1]
    return f"Roughly {duration(seconds)}, going by how long a similar one took."


def _work(parameters: Any, n: int, epochs: int, method: str) -> float:
    """What the time of a method grows with."""
    steps = float(parameters.get("iterations", 1)) + METHODS[method].unsaid
    return epochs * steps * n ** (2 if METHODS[method].joint is not None else 1)


def work(order: Mapping[str, Any], run: Run, tell: Tell) -> Done:
    """Compute."""
    title = title_of(order)
    computed = in_percent(tell, 0, MEASURING_FROM)
    measured = in_percent(tell, MEASURING_FROM, 100)

    def told(done: int, total: int, what: str) -> None:
        said = what if what.startswith(title) else f"{title}: {what[:1].lower()}{what[1:]}"
        (measured if what == MEASURING else computed)(done, total, said)

    wanted = plan(
        run,
        order["method"],
        order["parameters"],
        **{name: order[name] for name in ("layer", "split", "points", "seed")},
    )
    folder = Path(order["folder"])
    made = embed(run, wanted, folder, progress=told, command="asked for in the page")
    return Done(f"{title} of {len(made.ids):,} of {made.of:,} points", made.name)


def title_of(order: Mapping[str, Any]) -> str:
    """What is computed."""
    method = order["method"]
    return METHODS[method].title if method in METHODS else "This embedding"


def show(library: Library, ended: Mapping[str, Any], page: tuple[Any, ...]) -> Shown:
    """Choose the new embedding if its page is open."""
    run, family = page
    if (ended["page"], ended["run"]) == (family, run):
        return Shown((choices.embeddings(library, run, family), ended["made"]))
    title = library.titles.get(ended["run"], ended["run"])
    href = dash.get_relative_path(f"/{ended['page']}")
    known = families().get(ended["page"], ended["page"])
    link = dcc.Link(f"{title}, {known}", href=f"{href}?run={ended['run']}")
    return Shown(more=[" See ", link])


JOB = Job(
    name=NAME,
    label="Compute",
    layout=layout,
    order=EmbedOrder,
    page=((ids.EMBED_RUN, "value"), (ids.EMBED_FAMILY_STORE, "data")),
    shows=((ids.EMBED_METHOD, "options"), (ids.EMBED_METHOD, "value")),
    place=Library.workplace,
    offer=offer,
    check=check,
    work=work,
    show=show,
    result_page=lambda order: order["family"],
    subject=title_of,
    begins=lambda order: f"{title_of(order)}: starting",
    kept="What was done is kept: asking for the same again goes on from there.",
    cancel_title="Stop the computation; what was done is kept",
    ready="This one was computed already",
    variants=("tsne", "umap"),
    has_parameters=True,
)
