"""What of a run can be chosen, as options of a select: its embeddings, its alignments, and the attacks there are."""

from __future__ import annotations

from gt.embed.titles import family_of, in_order, title_of
from gt.kept.alignment import Alignment
from gt.serve.library import Library

Options = list[dict[str, str]]


def embeddings(library: Library, run: str, family: str) -> Options:
    """The embeddings of a family that a run has.

    Returns:
        By method, in the order in which the methods are described; the plain ones first.
    """
    found = [one for one in library.embeddings(run) if family_of(one) == family]
    return [{"value": one.name, "label": title_of(one)} for one in in_order(found)]


def alignments(library: Library, run: str) -> Options:
    """The alignments of a run; its own first."""
    found = library.alignments(run) if run in library.runs else []
    unit = library.run(run).unit if found else ""
    short = [f"about {unit} {one.recipe.reference}, {one.k} coordinates" for one in found]
    return [
        {
            "value": one.name,
            "label": text if short.count(text) == 1 else f"{text}, {_points(one)}",
        }
        for one, text in zip(found, short, strict=True)
    ]


def _points(one: Alignment) -> str:
    return f"{len(one.ids):,} {one.recipe.split} points"


def attacks(library: Library) -> Options:
    """The attacks that are there."""
    return [{"value": name, "label": title} for name, title in library.attack_titles.items()]
