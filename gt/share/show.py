"""``gt.show``: points in the output of a notebook's cell, with the tour in it; Python knows what is selected.

The cell holds the same page that `gt export` writes, in a frame of its own: no server stays behind, and several are
shown at once. With anywidget installed the selection goes both ways; without it the page is there and says nothing
back.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from gt.bring import roles
from gt.bring.finite import LARGEST
from gt.bring.points import of_rows
from gt.bring.source import Field, Source, named
from gt.errors import ShapeError
from gt.files.durable import replace as write
from gt.run import RunWriter
from gt.run.points import Points
from gt.run.task import NONE, output_layers
from gt.run.task_measures import measure_task
from gt.share import alone
from gt.share.document import document
from gt.share.kinds import grand_tour
from gt.share.table import array_of, check_size, columns_of, looked_at, plain

HEIGHT, LOWEST = 640, 200  # px


def show(
    X: Any,
    labels: Any = None,
    *,
    columns: Any = None,
    epochs: Sequence[int] | None = None,
    names: Sequence[str] | None = None,
    scale: bool = False,
    title: str = "Points",
    height: int = HEIGHT,
) -> Any:
    """Show points in a notebook, in a linear projection that keeps turning and that can be taken hold of.

    Args:
        X: ``(n, p)`` numbers, a row a point: an array, a tensor, a sparse matrix; or ``(e, n, p)``, the same points at
            e times. Or a frame of pandas or polars, or arrays by name: what each column is is then found by looking, as
            ``gt FILE`` does; numbers place the points, and other columns colour them.
        labels: ``(n,)`` groups of the points, numbers or text, which have colours; or the name of a column of X, "none"
            for no groups. When None, one group, or what looks like labels among the columns of a frame.
        columns: Further values of the points to colour and find them by: a frame with n rows, a named column, or
            ``(n,)`` values by name.
        epochs: ``(e,)`` rising whole numbers of the times; 0, 1, ... when None.
        names: ``(p,)`` of the columns that place the points; a frame's own, else "1", "2", ..., when None.
        scale: Whether each column of X is divided by its standard deviation. The middle of all is the origin in any
            case.
        title: Above the picture.
        height: Of the cell's output, in px.

    Returns:
        What a notebook shows. ``selected`` are the positions of the selected points, and can be set; ``save(path)``
        writes the page into a file.

    Raises:
        RunError: If the arrays cannot become a run.
        ShapeError: One of its classes: they do not fit each other, or are too large for a cell.
    """
    if height < LOWEST:
        raise ShapeError(f"gt.show: height must be {LOWEST} px at least, got {height}")
    text = _page(X, labels, columns, epochs, names, scale, title)
    kind = _widget()
    return (
        Page(text, title, height) if kind is None else kind(html=text, title=title, height=height)
    )


class Page:
    """A page in a cell where anywidget is not installed.

    Args:
        html: Of the page.
        title: Of the frame.
        height: px.
    """

    def __init__(self, html: str, title: str, height: int) -> None:
        self.html, self.title, self.height = html, title, height

    def _repr_html_(self) -> str:
        return (
            f'<iframe sandbox="allow-scripts allow-downloads" title="{escape(self.title)}" style="width: 100%; height: '
            f'{self.height}px; border: 0" srcdoc="{escape(self.html)}"></iframe>'
        )

    @property
    def selected(self) -> list[int]:
        """Nothing that could be known.

        Raises:
            RuntimeError: Always, with what to install.
        """
        raise RuntimeError(
            "gt.show: what is selected is told by anywidget, which is not installed; "
            "pip install 'nn-grand-tour[notebook]', start the notebook anew and show it again"
        )

    def save(self, path: str | Path) -> None:
        """Write the page into a file, which needs no notebook."""
        write(Path(path), self.html.encode())


@cache
def _widget() -> Any:
    """The widget's class; None where anywidget is not installed."""
    try:
        import anywidget
        import traitlets
    except ImportError:
        return None
    from gt.dashboard import ASSETS

    class View(anywidget.AnyWidget):
        """A page in a cell, which says in Python what is selected in it."""

        _esm = (ASSETS / "js" / "alone" / "widget.mjs").read_text("utf-8")
        html = traitlets.Unicode().tag(sync=True)
        title = traitlets.Unicode().tag(sync=True)
        height = traitlets.Int().tag(sync=True)
        selected = traitlets.List(traitlets.Int()).tag(sync=True)

        save = Page.save

        def __repr__(self) -> str:
            """What a notebook says in the picture's place where Python has left it."""
            return f"{self.title}: points in a tour, which are seen while Python runs; run the cell again"

    return View


def _finite(values: np.ndarray, names: Sequence[str], scale: bool) -> np.ndarray:
    """Coordinates as ``(e, n, p)`` float64 about their middle, checked."""
    with np.errstate(invalid="ignore"):
        bad = ~(np.abs(values) <= LARGEST)
    if bad.any():
        epoch, row, column = (int(x) for x in np.argwhere(bad)[0])
        came = values[epoch, row, column]
        what = "is missing (NaN)" if np.isnan(came) else f"is {came:g}"
        raise ShapeError(
            f"gt.show: X must be finite, and below {LARGEST:.0g}; “{names[column]}” of row {row} {what}; fill such "
            "values, leave out the rows, or give the column as columns="
        )
    found = values - values.mean(axis=(0, 1))
    if scale:
        spread = found.std(axis=(0, 1))
        found = found / np.where(spread > 0, spread, 1)
    return found


def _shaped(X: Any, names: Sequence[str] | None) -> tuple[np.ndarray, Source, roles.Roles]:
    """An array as ``(e, n, p)``, with a source of no columns but names."""
    found = array_of(X)
    found = found[None] if found.ndim == 2 else found
    if found.ndim != 3 or 0 in found.shape:
        more = "; one column is X.reshape(-1, 1)" if found.ndim == 1 and found.size else ""
        raise ShapeError(
            "gt.show: X must have shape (points, columns) or (epochs, points, columns), got "
            f"{np.shape(X)}{more}"
        )
    check_size(*found.shape[1:])
    return found, Source("array", "X", found.shape[1], (), place="gt.show"), roles.Roles()


def _framed(fields: list[Field], label: str | None) -> tuple[np.ndarray, Source, roles.Roles]:
    """The columns of a frame that place its points, as ``(1, n, p)``, and what all of them are."""
    if not fields or not len(fields[0].values):
        raise ShapeError("gt.show: X must have rows and columns, it has none")
    source, given = looked_at(fields, label)
    by_name = {one.name: one.values for one in fields}
    found = np.stack([by_name[name].astype(np.float64) for name in given.coordinates], axis=-1)
    check_size(*found.shape)
    return found[None], source, given


def _with(
    source: Source, given: roles.Roles, labels: Any, columns: Any
) -> tuple[Source, roles.Roles]:
    """A source with the labels and further columns that were given beside it."""
    further = columns_of(columns, "columns") if columns is not None else []
    if further is None and np.ndim(columns) == 1 and getattr(columns, "name", None) is not None:
        further = columns_of({columns.name: columns}, "columns")
    if further is None:
        raise ShapeError(
            f"gt.show: columns must be a frame, or values by name, got {type(columns).__name__}"
        )
    if labels is not None:
        found = plain(labels)
        if found.shape != (source.n,):
            raise ShapeError(
                f"gt.show: labels must have shape ({source.n},), one for each point of X, got {found.shape}"
            )
        further = [*further, Field("labels", found)]
    for one in further:
        if one.values.shape != (source.n,):
            raise ShapeError(
                f"gt.show: column “{one.name}” must have shape ({source.n},), one value for each point of X, got "
                f"{one.values.shape}"
            )
    fields = named([*source.fields, *further], [])
    for one in fields[len(source.fields) :]:
        given.give(roles.VALUE, one.name, "as was said")
    if labels is not None:
        given.give(roles.LABEL, fields[-1].name, "as was said")
    return replace(source, fields=fields), given


def _points(source: Source, given: roles.Roles) -> Points:
    """The points with their groups and further columns; of a column that cannot be kept a warning says why."""
    found = of_rows(source, given, np.arange(source.n), None, False, [])
    for name, (role, why) in given.of.items():
        if role == roles.LEFT_OUT:
            warnings.warn(f"gt.show: the column “{name}” is left out: {why}", stacklevel=4)
    return found


def _page(
    X: Any,
    labels: Any,
    columns: Any,
    epochs: Sequence[int] | None,
    names: Sequence[str] | None,
    scale: bool,
    title: str,
) -> str:
    """The page's HTML: the points become a run for as long as it takes to write it."""
    fields = columns_of(X, "X")
    if fields is None:
        values, source, given = _shaped(X, names)
    else:
        label = labels if isinstance(labels, str) or labels is None else roles.NOTHING
        values, source, given = _framed(fields, label)
    count, _, p = values.shape
    numbers = list(range(count)) if epochs is None else [_whole(one) for one in epochs]
    axes = given.coordinates or [str(i + 1) for i in range(p)]
    axes = axes if names is None else [str(one) for one in names]
    for what, said, wanted in (("epochs", numbers, count), ("names", axes, p)):
        if len(said) != wanted:
            raise ShapeError(f"gt.show: {what} must be {wanted}, as X has them, got {len(said)}")
    if len(set(axes)) < p:
        raise ShapeError(f"gt.show: names must differ, got {', '.join(axes)}")
    values = _finite(values, axes, scale)
    beside = None if fields is not None and isinstance(labels, str) else labels
    points = _points(*_with(source, given, beside, columns))
    with tempfile.TemporaryDirectory(prefix="gt-show-") as made:
        folder = Path(made)
        layers = output_layers(NONE, p)
        with RunWriter.create(
            folder / "points", points, layers, title=title, task=NONE, axes=axes, sync=False
        ) as writer:
            for number, rows in zip(numbers, values.astype(np.float32), strict=True):
                writer.put(writer.run.layers[0], 0, rows, number)
                writer.commit(number, measure_task(NONE, rows, points, where="gt.show"))
        library, run = alone.library_of(folder / "points", folder / "cache")
        page = grand_tour.of_points(library, run)
        return document(library, alone.book_of(library, [page]))


def _whole(epoch: Any) -> int:
    """The number of a time.

    Raises:
        ShapeError: If it is none.
    """
    if int(epoch) != epoch:
        raise ShapeError(f"gt.show: epochs must be whole numbers, got {epoch}")
    return int(epoch)
