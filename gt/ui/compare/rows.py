"""Which rows ``/compare`` has: the embeddings of one split of a run, and the outputs themselves, to be turned."""

from __future__ import annotations

from typing import Any

from gt.embed import METHODS
from gt.embed.titles import in_order, title_of
from gt.figures.palette import other_line
from gt.kept.embedding import Embedding
from gt.run.points import SPLITS
from gt.serve import announcements
from gt.serve.library import Library

TOUR = "grand-tour"  # the row that is not an embedding but the outputs themselves, to be turned


def comparable(library: Library, run: str) -> list[Embedding]:
    """The embeddings that can stand in one grid: all of one split, see `split_of`."""
    found = library.embeddings(run)
    split = split_of(library, run, found)
    return in_order(one for one in found if one.recipe.split == split)


def split_of(library: Library, run: str, found: list[Embedding]) -> str:
    """Whose points are compared: test points, unless there are none, or only others are embedded."""
    there = {one.recipe.split for one in found}
    if not there:
        there = {SPLITS[s] for s in set(library.run(run).splits.tolist())}
    return "test" if "test" in there else "train"


def _note(one: Embedding, unit: str) -> str:
    """What a row says of itself under its title."""
    points, d = f"{len(one.ids):,} of {one.of:,} points", one.dimensions
    if d == 2:
        return points
    return f"{points}; at first the 2 leading principal axes of {d}, over all {unit}s"


def looks(found: list[Embedding]) -> dict[str, tuple[str, str]]:
    """The colour of each embedding's line by its name, and plotly's dash: solid for methods that are known here."""
    elsewhere = [one.name for one in found if one.recipe.method not in METHODS]
    return {
        one.name: other_line(elsewhere.index(one.name))
        if one.name in elsewhere
        else (METHODS[one.recipe.method].color, "solid")
        for one in found
    }


def announcement(library: Library, run: str) -> tuple[dict[str, Any], str]:
    """What the page's module is told of a run, see `gt.serve.payloads.Comparison`.

    Returns:
        The comparison, and why rows are left out of it; empty if none is.

    Raises:
        KeyError: If there is no such run, or it has no outputs.
    """
    rows: list[dict[str, Any]] = []
    problems: list[str] = []
    found = comparable(library, run)
    for one in found:
        if one.recipe.method == TOUR:
            continue
        said, problem = announcements.try_announce_embedding(library, run, one)
        if said is None:
            problems.append(f"{title_of(one)} is left out: {problem}")
            continue
        for split in said["splits"].values():
            split["outputs"] = []  # the outputs come once, with the tour
        rows.append(
            {
                "name": one.name,
                "title": title_of(one),
                "note": _note(one, library.run(run).unit),
                "announcement": said,
                "shown": bool(one.imported) or (one.name in METHODS and METHODS[one.name].shown),
            }
        )
    rows.append(
        {
            "name": TOUR,
            "title": METHODS[TOUR].title,
            "note": "linear, turned by hand",
            "announcement": None,
            "shown": True,
        }
    )
    comparison = {
        "run": run,
        "split": split_of(library, run, found),
        "outputs": announcements.announce(library, run, library.run(run).last),
        "rows": rows,
    }
    return comparison, " ".join(problems)
