"""How a picture was made, in words: of a method its sentence and numbers, of what was imported its maker's words."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import dash
from dash import dcc, html

from gt.embed.method import METHODS, family_title
from gt.embed.method import family as methods_of
from gt.embed.titles import (
    ELSEWHERE,
    EVERY,
    UNKNOWN,
    library_of,
    method_title,
    parameter_text,
    told_parameters,
)
from gt.run.read import Run
from gt.run.saying import in_unit
from gt.serve.payloads import Announcement, EmbeddingNote, ImportedNote

Facts = list[tuple[str, str]]


def about(announced: Announcement, of: int) -> list[Any]:
    """How a picture was made, as far as the store says.

    Args:
        announced: The picture.
        of: How many epochs its run has.
    """
    note, unit = announced["embedding"], announced["unit"]
    assert note is not None
    split = "Training" if note["split"] == "train" else "Test"
    facts = [(f"{split} points", f"{note['n']:,} of {note['of']:,}")]
    epochs = (f"{unit.capitalize()}s", f"{len(announced['epochs']):,} of {of:,}")
    if (brought := note["imported"]) is not None:
        facts += [("Measured on", note["layer"]), epochs, ("Dimensions", str(announced["p"]))]
        return _brought(brought, facts, announced["p"])
    return _computed(note, facts, epochs, unit)


def _brought(said: ImportedNote, facts: Facts, d: int) -> list[Any]:
    """Of one that was imported: what its maker says, word for word, apart from what is known here."""
    by, told = said["by"], list(said["told"].items())
    how: list[Any]
    if by is not None:
        how = [" As its maker says: ", html.Q(by), "."]
    elif told:
        how = [" As its maker says:"]
    else:
        how = [" It was not said how it was made."]
    tour = (
        f" The tour turns all {d} dimensions; Compare measures them all."
        if d > 2
        else " Compare measures it."
    )
    name = html.Strong(said["title"])
    return [
        html.P([name, *how]),
        *([_list(told, "As its maker says")] if told else []),
        html.P(["Imported.", tour], className="gt-about-here"),
        _list(facts, "What is known of the picture"),
    ]


def _computed(note: EmbeddingNote, facts: Facts, epochs: tuple[str, str], unit: str) -> list[Any]:
    """Of one that was computed: the method in a sentence, and every number that decided it."""
    method, library = METHODS.get(note["method"]), library_of(note["method"], note["versions"])
    titles = {one.name: in_unit(one.title, unit) for one in (method.parameters if method else ())}
    facts = [*facts, ("Layer", note["layer"])]
    facts += [
        (titles.get(name, name), parameter_text(value))
        for name, value in told_parameters(note["method"], note["parameters"])
        if name != EVERY
    ]
    facts += [epochs, ("Seed", parameter_text(note["seed"])), ("Made by", library or UNKNOWN)]
    if note["seconds"]:
        facts += [("Took", _duration(note["seconds"]))]
    if method is None:
        text = "The method is not known here; what it made is shown all the same."
    elif method.library in note["versions"]:
        text = in_unit(method.text, unit)
    else:
        text = f"How each {unit} was begun is not recorded."
    return [
        html.P([html.Strong(method_title(note["method"])), " ", text]),
        _list(facts, "How the picture was made"),
    ]


def _list(facts: Iterable[tuple[str, str]], label: str) -> html.Dl:
    """Names with values."""
    entries = [html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts]
    return html.Dl(entries, **{"aria-label": label})


def how_to_get_one(run: Run, family: str, read_only: bool) -> list[Any]:
    """That a run has no picture of a family, and how it gets one.

    Args:
        run: The run.
        family: Of methods; nothing is said of one that is none.
        read_only: Whether the server computes none.
    """
    if family == ELSEWHERE:
        return [html.P(_how_to_bring_one(run), className="gt-none")]
    methods = methods_of(family)
    if not methods:
        return []
    split = "" if (run.splits == 1).any() else " --split train"
    command = f"gt embed {shlex.quote(_place(run.path))} --method {methods[0].name}{split}"
    said = [
        html.Strong(f"{run.title} has no {family_title(family)} picture yet."),
        " Run " if read_only else " Have one computed here, or run ",
        html.Code(command),
        " and open this page again.",
    ]
    return [html.P(said, className="gt-none")]


def _how_to_bring_one(run: Run) -> list[Any]:
    """How an embedding that exists already is brought."""
    command = f'gt import-embedding {shlex.quote(_place(run.path))} FILE --name "NAME"'
    link = dash.get_relative_path("/docs/how-to/import-embedding")
    return [
        html.Strong(f"{run.title} has no imported embedding yet."),
        " One that you have already, of 2 to 8 dimensions, is brought with ",
        html.Code(command),
        " or, from Python, ",
        html.Code("gt.write_embedding"),
        ": ",
        dcc.Link("how", href=link),
        ". Then open this page again.",
    ]


def _place(path: Path) -> str:
    """A folder as it would be typed here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
