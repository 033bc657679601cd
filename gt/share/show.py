"""``gt.show``: points in the output of a notebook's cell, with the tour in it; Python knows what is selected.

The cell holds the same page that `gt export` writes, in a frame of its own: no server stays behind, and several are
shown at once. With anywidget installed the selection goes both ways; without it the page is there and says nothing
back.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from gt.errors import ShapeError
from gt.files.durable import replace as write
from gt.run import RunWriter
from gt.run.columns import check_columns
from gt.run.points import check_points
from gt.run.task import NONE, output_layers
from gt.run.task_measures import measure_task
from gt.share import alone
from gt.share.document import document
from gt.share.kinds import grand_tour

POINTS = 50_000  # of more a cell is no place
COLUMNS = 200
HEIGHT = 640  # px


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
        X: ``(n, p)`` numbers, a row a point: an array or a pandas frame; or ``(e, n, p)``, the same points at e times.
        labels: ``(n,)`` groups of the points, numbers or text, which have colours; one group when None.
        columns: Further values of the points to colour and find them by: a pandas frame with n rows, or ``(n,)`` values
            by name.
        epochs: ``(e,)`` rising whole numbers of the times; 0, 1, ... when None.
        names: ``(p,)`` of the columns of X; a frame's own, else "1", "2", ..., when None.
        scale: Whether each column of X is divided by its standard deviation. The middle of all is the origin in any
            case.
        title: Above the picture.
        height: Of the cell's output, in px.

    Returns:
        What a notebook shows. ``selected`` are the positions of the selected points, and can be set; ``save(path)``
        writes the page into a file.

    Raises:
        RunError: If the arrays do not fit each other, or are too large for a cell.
    """
    named = [str(one) for one in X.columns] if names is None and hasattr(X, "columns") else names
    values = _values(X, scale)
    text = _page(values, labels, _further(columns), epochs, named, title)
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

    return View


def _values(X: Any, scale: bool) -> np.ndarray:
    """X as ``(e, n, p)`` float64, about its middle."""
    try:
        found = np.asarray(X, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ShapeError(
            f"gt.show: X must be numbers: {error}; give other values as columns="
        ) from error
    found = found[None] if found.ndim == 2 else found
    if found.ndim != 3 or 0 in found.shape:
        raise ShapeError(
            f"gt.show: X must have shape (points, columns) or (epochs, points, columns), got {np.shape(X)}"
        )
    _, n, p = found.shape
    if n > POINTS or p > COLUMNS:
        raise ShapeError(
            f"gt.show: X must have {POINTS:,} points and {COLUMNS} columns at most, got {n:,} and {p:,}; "
            "show a sample, or the first principal components"
        )
    if not np.isfinite(found).all():
        raise ShapeError(
            "gt.show: X must be finite, it has missing or infinite values; fill them, or leave out rows"
        )
    found = found - found.mean(axis=(0, 1))
    if scale:
        spread = found.std(axis=(0, 1))
        found = found / np.where(spread > 0, spread, 1)
    return found


def _further(columns: Any) -> Mapping[str, Any] | None:
    """Columns as values by name."""
    if columns is None or isinstance(columns, Mapping):
        return columns
    if not hasattr(columns, "columns"):
        raise ShapeError(
            f"gt.show: columns must be a pandas frame, or values by name, got {type(columns).__name__}"
        )
    return {str(name): columns[name].to_numpy() for name in columns.columns}


def _groups(labels: Any, n: int) -> tuple[list[str], np.ndarray]:
    """Names of groups, and which of them each point is in, ``(n,)`` int64."""
    if labels is None:
        return ["points"], np.zeros(n, np.int64)
    given = np.asarray(labels)
    if given.shape != (n,):
        raise ShapeError(
            f"gt.show: labels must have shape ({n},), one for each point of X, got {given.shape}"
        )
    found, where = np.unique(
        given.astype(str) if given.dtype.kind == "O" else given, return_inverse=True
    )
    return [str(one) for one in found], where.astype(np.int64)


def _page(
    values: np.ndarray,
    labels: Any,
    columns: Mapping[str, Any] | None,
    epochs: Sequence[int] | None,
    names: Sequence[str] | None,
    title: str,
) -> str:
    """The page's HTML: the points become a run for as long as it takes to write it."""
    count, n, p = values.shape
    numbers = list(range(count)) if epochs is None else [int(one) for one in epochs]
    axes = [str(i + 1) for i in range(p)] if names is None else [str(one) for one in names]
    for what, given, wanted in (("epochs", numbers, count), ("names", axes, p)):
        if len(given) != wanted:
            raise ShapeError(f"gt.show: {what} must be {wanted}, as X has them, got {len(given)}")
    groups, where = _groups(labels, n)
    points = check_points(n, len(groups), where, classes=groups, where="gt.show")
    points = replace(points, columns=check_columns(columns, n, "gt.show"))
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
