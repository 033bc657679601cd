"""A look at what one has: read, every column given a role, coordinates checked and brought to their units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from gt.bring import finite, images, moments, points, principal, read, roles, scale, telling
from gt.bring.seen import Prepared, Seen
from gt.bring.source import WHERE, BringError, Source, named
from gt.files.place import local
from gt.run.task import EPOCH

WIDEST = (
    256  # coordinates that a picture turns at once; wider data are seen in so many principal ones
)
TABLE_VALUES = 64  # coordinates of which the numbers as they came are kept beside the picture
TABLE_CELLS = (
    2**20
)  # such numbers of all points: packing more of them for the browser takes seconds


def look(
    paths: str | Path | Iterable[str | Path],
    *,
    label: str | None = None,
    coords: Sequence[str] | str | None = None,
    time: str | None = None,
    image: str | None = None,
    point: str | None = None,
    scale: str = scale.AUTO,
    not_finite: str = finite.REFUSE,
    model: str | None = None,
    title: str | None = None,
) -> Seen:
    """See what is in files or a folder, and what each column would be.

    Args:
        paths: A file, a folder, or several files that are epochs in the natural order of their names.
        label: Column that tells groups apart; "none" for none; None to find one by looking, as below.
        coords: Columns to be drawn by: names, or patterns such as ``x*``; a text has commas between.
        time: Column of times: rows of the same point make its way through them.
        image: Column of paths of images, beside the file.
        point: Column of what is the same at all times.
        scale: "none", "standard", "robust", or "auto" by how unlike the coordinates spread.
        not_finite: "refuse", or "drop" to leave out points with a coordinate that is missing, NaN or infinite.
        model: For a folder of images: whose last layer is drawn, see `gt.bring.model`.
        title: What people may call it; made from the file's name when None.

    Returns:
        What was seen. Of a run or a folder of runs: which they are.

    Raises:
        RunError: One of its classes; it says file, row and column, what must hold, what came and what to do.
    """
    listed = [paths] if isinstance(paths, str | Path) else list(paths)
    found = [local(one, WHERE) for one in listed]
    if runs := read.runs_in(found):
        what = "a run" if len(runs) == 1 else f"a folder of {len(runs)} runs"
        return Seen(what, title or found[0].name, runs=runs)
    source = read.source_of(found, model=model)
    if title is not None:
        source = replace(source, title=title)
    notes = list(source.notes)
    source = replace(source, fields=named(source.fields, notes))
    if isinstance(coords, str):
        coords = [one.strip() for one in coords.split(",") if one.strip()]
    given = roles.decide(source, label=label, coords=coords, time=time, image=image, point=point)
    return _seen(source, given, scale, not_finite, notes)


def _seen(
    source: Source, given: roles.Roles, scale_asked: str, not_finite: str, notes: list[str]
) -> Seen:
    arranged = moments.arrange(source, given)
    names = axes(source, given)
    arranged, left_out = finite.checked(source, given, arranged, names, not_finite)
    notes += [*arranged.notes, *left_out]
    coordinates = [one for one in source.fields if given.of[one.name][0] == roles.COORDINATE]
    belong = all(one.block for one in coordinates)
    how, why = scale.chosen(arranged.values, scale_asked, belong)
    values = scale.scaled(arranged.values, how)
    shown = names
    if len(names) > WIDEST:
        values, share = principal.leading(values, WIDEST)
        shown = [f"PC {i + 1}" for i in range(values.shape[2])]
        notes.append(
            f"{len(names):,} coordinates are more than a picture turns at once: it shows their {len(shown)} leading"
            f" principal ones, which keep {share:.1%} of the variance."
        )
    largest = float(np.abs(values).max(initial=0))
    if largest > finite.LARGEST:
        raise BringError(
            f"{source.where}: coordinates must be below {finite.LARGEST:.1g} once scaled, got {largest:.3g}; leave out"
            " what is that far off",
            by=WHERE,
        )
    rows = arranged.rows[0]
    source, shown_images = images.of_column(source, given, rows, notes)
    few = len(names) <= TABLE_VALUES and values.size <= TABLE_CELLS
    keep = few and len(arranged.epochs) == 1 and not belong
    made = points.of_rows(source, given, rows, shown_images, keep, notes)
    unit = arranged.unit if len(arranged.epochs) > 1 else EPOCH
    prepared = Prepared(values.astype(np.float32), tuple(shown), arranged.epochs, unit, made)
    return telling.seen(source, given, prepared, how, why, notes)


def axes(source: Source, given: roles.Roles) -> list[str]:
    """The names of the coordinates, which are those of their columns."""
    fields = {one.name: one for one in source.fields}
    found: list[str] = []
    alone = len(given.coordinates) == 1
    for name in given.coordinates:
        one = fields[name]
        if one.values.ndim == 1:
            found.append(name)
        elif one.names:
            found += one.names
        else:
            count = range(1, one.values.shape[-1] + 1)
            found += [str(i) if alone else f"{name} {i}" for i in count]
    return _unlike(found)


def _unlike(names: Sequence[str]) -> list[str]:
    taken: set[str] = set()
    found = []
    for name in names:
        one, again = name, 2
        while one in taken:
            one, again = f"{name} ({again})", again + 1
        taken.add(one)
        found.append(one)
    return found
