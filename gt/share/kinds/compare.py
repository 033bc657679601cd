"""The page Compare in a file: every method beside every other, with the lines and medians of what moved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gt import ids
from gt.errors import RunError
from gt.serve.library import Library
from gt.share import still
from gt.share.head import head
from gt.share.less import less
from gt.share.told import Asked, Told
from gt.ui.compare import measures
from gt.ui.compare import page as compare_page
from gt.ui.compare.rows import TOUR, announcement, comparable
from gt.ui.tour import advice
from gt.views.shown import made_preset, opening_epochs, presets

ENTRY = "alone/compare.mjs"
LEFT_OUT = "Single transitions are left out: a server measures them."


def told(library: Library, run: str, asked: Asked) -> Told:
    """What the page is in a file.

    Args:
        library: Has the run.
        run: Its name.
        asked: Which rows, by the names of their embeddings, all where none is named; and which epochs can be columns.

    Raises:
        KeyError: If there is no such run, or no such row.
        RunError: If other points are asked for, or a row cannot be read.
    """
    one = library.run(run)
    said, problem = announcement(library, run)
    if problem:
        raise RunError(f"export: {problem}")
    if asked.split not in (None, said["split"]):
        raise RunError(
            f"export: {one.title} has {said['split']} points to compare, and no {asked.split} points"
        )
    said = _of_split(_rows(said, asked.layers))
    said |= {"epochs": opening_epochs(library, run), "preset": made_preset(library, run)}
    offered = [preset for preset in presets(library) if preset["run"] == run]
    made = [said["preset"]] if said["preset"] else []
    columns = {*said["epochs"], *(one for preset in [*offered, *made] for one in preset["epochs"])}
    said, fewer = _columns(library, said, replace(asked, split=None, keep=[*asked.keep, *columns]))
    first = next(iter(offered), said["preset"])
    lines = {
        name: measures.lines(library, run, name)
        for name in (measures.titles_of_measures() if comparable(library, run) else ())
    }
    figure = lines.get(measures.USUAL) or {}
    return Told(
        name="Compare",
        title=f"{one.title}, compared",
        main=compare_page.page(
            [head((ids.COMPARE_RUN, run, one.title), more=compare_page.named())],
            advice.advice("compare", library, run),
            measures.section((figure, measures.table(library, run))),
            text=first["text"] if first else "",
            asked=run,
            served=False,
        ),
        mount={**compare_page.mounted(offered, ""), "page": "compare"},
        shown={run: {"comparison": said, "lines": lines}},
        runs=[run],
        entry=ENTRY,
        still=still.pictures(one, one.last, split=asked.split),
        sentences=still.sentences(one, one.last, asked.split),
        left_out=[*fewer, *([LEFT_OUT] if lines else [])],
    )


def _columns(
    library: Library, said: dict[str, Any], asked: Asked
) -> tuple[dict[str, Any], list[str]]:
    """A comparison of which some epochs can be columns, and a sentence on that where they are not all."""
    outputs, _ = less(library, said["outputs"], asked)
    rows = [
        row | {"announcement": row["announcement"] and less(library, row["announcement"], asked)[0]}
        for row in said["rows"]
    ]
    kept, of, unit = len(outputs["epochs"]), len(said["outputs"]["epochs"]), outputs["unit"]
    told = [f"{kept:,} of {of:,} {unit}s can be columns."] if kept < of else []
    return {**said, "outputs": outputs, "rows": rows}, told


def _rows(said: dict[str, Any], names: Any) -> dict[str, Any]:
    """A comparison of some rows, beside the tour."""
    if not names:
        return said
    known = [row["name"] for row in said["rows"]]
    for name in names:
        if name not in known:
            raise KeyError(f"there is no row “{name}” to compare; there is {', '.join(known)}")
    return {**said, "rows": [row for row in said["rows"] if row["name"] in (*names, TOUR)]}


def _of_split(said: dict[str, Any]) -> dict[str, Any]:
    """A comparison without the points of the other split, which no row shows."""
    outputs, split = said["outputs"], said["split"]
    return {**said, "outputs": {**outputs, "splits": {split: outputs["splits"][split]}}}
