"""What a file shows where no script runs: pictures that stand still, with sentences, measured from the run."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np

from gt.figures.palette import class_colors
from gt.kept.alignment import Alignment
from gt.kept.embedding import Embedding
from gt.measure.two_runs.frame import Framed
from gt.measure.two_runs.pairing import Paired
from gt.run import wide
from gt.run.points import SPLITS
from gt.run.read import Run
from gt.run.task import one_class

SIDE = 1000  # units of a picture's side
EDGE = 120  # units that stay free at each side
NAMES = 1.12  # times as far from the middle as a class, its name
MOST = 12  # classes that are named in a picture, and in a legend
NAMED: Mapping[str, str] = {"train": "Training points", "test": "Test points"}
MORE = "With JavaScript the points move, turn and can be selected."


def pictures(
    run: Run, layer: str, names: Mapping[str, str] = NAMED, split: str | None = None
) -> str:
    """Three epochs of a layer at most, each split by itself, all in one projection.

    Of outputs that are classes it is the ring of these; of others that onto the two directions in which the points of
    the last epoch differ most.

    Args:
        run: Whose points are shown.
        layer: Name of the layer.
        names: What the points of each split are called.
        split: Whose points are shown; of all when None.

    Returns:
        HTML with an SVG for each.
    """
    basis, reach = _plane(run, layer)
    figures = []
    for at in _epochs(run):
        places = wide.drawn_values(run, layer, at) @ basis / reach
        for name in SPLITS:
            rows = _rows(run, name, split)
            if rows.size:
                title = names[name]
                if len(run.epochs) > 1 or names is NAMED:
                    title += f", {run.unit} {int(run.epochs[at])}"
                axes = basis / reach if _has_ring(run, layer) else None
                figures.append(_figure(run, rows, places[rows], title, axes))
    return f"<div>{''.join(figures)}</div>{_legend(run)}"


def layers(run: Run, alignment: Alignment) -> str:
    """Three states of an aligned network at its last epoch, in one projection: the input, one between, the last.

    Args:
        run: Whose points are shown.
        alignment: Of its layers.
    """
    at, rows = len(alignment.epochs) - 1, alignment.rows(run)
    states = _three(len(alignment.states))
    basis = _leading(alignment.turned(states[-1], at))
    places = {state: alignment.turned(state, at) @ basis for state in states}
    reach = max(float(np.abs(one).max(initial=0)) for one in places.values()) or 1.0
    figures = [
        _figure(run, rows, one / reach, alignment.states[state].name, None)
        for state, one in places.items()
    ]
    return f"<div>{''.join(figures)}</div>{_legend(run)}"


def of_layers(run: Run, alignment: Alignment) -> list[str]:
    """What `layers` shows.

    Args:
        run: Whose points are shown.
        alignment: Of its layers.
    """
    names = [alignment.states[state].name for state in _three(len(alignment.states))]
    return [
        f"{run.title}: {len(alignment.ids):,} {alignment.recipe.split} points at {run.unit} "
        f"{int(alignment.epochs[-1])}, behind {', '.join(names[:-1])} and {names[-1]}, of {len(alignment.states)} "
        "states of the network. All pictures show the same projection: that in which the points differ most in the "
        "last one.",
        MORE,
    ]


def embedding(run: Run, one: Embedding) -> str:
    """Three epochs of an embedding at most, as it places the points.

    Args:
        run: Whose points are shown.
        one: The embedding.
    """
    rows, places = one.rows(run), one.positions().astype(np.float64)
    places = places - places.reshape(-1, places.shape[2]).mean(axis=0)
    flat = places if places.shape[2] == 2 else places @ _leading(places[-1])
    reach = float(np.abs(flat).max(initial=0)) or 1.0
    figures = [
        _figure(run, rows, flat[at] / reach, f"{run.unit.capitalize()} {int(one.epochs[at])}", None)
        for at in _three(len(one.epochs))
    ]
    return f"<div>{''.join(figures)}</div>{_legend(run)}"


def of_embedding(run: Run, one: Embedding, title: str, trust: str) -> list[str]:
    """What `embedding` shows.

    Args:
        run: Whose points are shown.
        one: The embedding.
        title: What it is called.
        trust: How far it may be trusted.
    """
    d = one.positions().shape[2]
    seen = (
        ""
        if d <= 2
        else f" Of its {d} dimensions all pictures show the two directions in which the points differ most in the last "
        "one."
    )
    return [
        f"{run.title}: {len(one.ids):,} {one.recipe.split} points, as {title} places them.{seen} {trust}",
        MORE,
    ]


def two_runs(one: Paired, frame: Framed, layer: str) -> str:
    """Three epochs of two runs at most, both in one projection: the one, and beside it the other.

    Args:
        one: The two.
        frame: The layer of both.
        layer: Its name.
    """
    ring = _has_ring(one.a, layer)
    basis = _ring(one.a) if ring else _leading(frame.b[-1].astype(np.float64))
    reach = (
        1.0 if ring else max(float(np.abs(x @ basis).max(initial=0)) for x in (frame.a, frame.b))
    )
    figures = [
        _figure(
            one.a,
            one.rows_a,
            values[at] @ basis / (reach or 1.0),
            f"{called}, {one.clock.unit} {one.clock.numbers[at]}",
            basis if ring else None,
        )
        for at in _three(len(frame.a))
        for called, values in zip(one.called, (frame.a, frame.b), strict=True)
    ]
    return f"<div>{''.join(figures)}</div>{_legend(one.a)}"


def of_two_runs(one: Paired, frame: Framed, layer: str) -> list[str]:
    """What `two_runs` shows.

    Args:
        one: The two.
        frame: The layer of both.
        layer: Its name.
    """
    first, second = one.called
    turned = "" if frame.named else f" {second} is turned to lie as {first} does."
    return [
        f"{first} and {second}, beside each other: the {one.n:,} points that both have, placed by their numbers in the "
        f"layer {layer}.{turned} {_how(one.a, layer)} All pictures show the same projection.",
        *one.said,
        MORE,
    ]


def sentences(run: Run, layer: str, split: str | None = None) -> list[str]:
    """What the pictures are of, and what was measured.

    Args:
        run: Whose points are shown.
        layer: Name of the layer.
        split: Whose points are shown; of all when None.
    """
    counts = " and ".join(
        f"{n:,} {NAMED[name].lower()}" for name in SPLITS if (n := len(_rows(run, name, split)))
    )
    epochs = [str(int(run.epochs[at])) for at in _epochs(run)]
    when = epochs[0] if len(epochs) == 1 else f"{', '.join(epochs[:-1])} and {epochs[-1]}"
    said = [
        f"{run.title}: {counts}, placed by their numbers in the layer {layer}, at {run.unit} {when}. "
        f"{_how(run, layer)} All pictures show the same projection."
    ]
    if one_class(run.task):
        told = (_correct(run, _rows(run, name, split), name) for name in SPLITS)
        said.append(" ".join(one for one in told if one))
    said.append(MORE)
    return said


def _how(run: Run, layer: str) -> str:
    """What a place means."""
    if _has_ring(run, layer):
        return "A point lies the nearer to a class the surer the network is of it."
    return "They are seen along the two directions in which they differ most in the last picture."


def _epochs(run: Run) -> list[int]:
    """Indices of the epochs that are shown: the first, one of those in which most is learnt, the last."""
    return _three(len(run.epochs))


def _three(count: int) -> list[int]:
    """The first, an early one and the last of so many."""
    last = count - 1
    return sorted({0, round(last**0.5), last})


def _leading(values: np.ndarray) -> np.ndarray:
    """The two directions ``(p, 2)`` in which values ``(n, p)`` differ most."""
    _, _, rows = np.linalg.svd(values - values.mean(axis=0), full_matrices=False)
    basis = np.zeros((values.shape[1], 2))  # there may be one coordinate, or one point
    basis[:, : min(2, len(rows))] = rows[:2].T
    return basis


def _has_ring(run: Run, layer: str) -> bool:
    """Whether the layer's axes are classes, few enough to be told apart."""
    return one_class(run.task) and layer == run.last and 2 < len(run.classes) <= MOST


def _rows(run: Run, name: str, split: str | None) -> np.ndarray:
    """Rows ``(n,)`` int64 of a split's points, none where another one is shown."""
    if split not in (None, name):
        return np.empty(0, np.int64)
    return np.flatnonzero(run.splits == SPLITS.index(name))


def _correct(run: Run, rows: np.ndarray, name: str) -> str:
    if not rows.size:
        return ""
    told = []
    for at in _epochs(run):
        right = run.activations(run.last, at)[rows].argmax(axis=1) == run.labels[rows]
        told.append(f"{100 * right.mean():.1f} % at {run.unit} {int(run.epochs[at])}")
    return f"Of the {NAMED[name].lower()} the network takes for what they are {', '.join(told)}."


def _plane(run: Run, layer: str) -> tuple[np.ndarray, float]:
    """Two directions ``(p, 2)``, and how far points of the pictures reach along them."""
    if _has_ring(run, layer):
        return _ring(run), 1.0
    last = wide.drawn_values(run, layer, len(run.epochs) - 1).astype(np.float64)
    basis = _leading(last)
    reach = max(
        np.abs(wide.drawn_values(run, layer, at) @ basis).max(initial=0) for at in _epochs(run)
    )
    return basis, float(reach) or 1.0


def _ring(run: Run) -> np.ndarray:
    """Where classes are around the middle, ``(k, 2)``."""
    turn = 2 * np.pi * np.arange(len(run.classes)) / len(run.classes)
    return np.column_stack([np.cos(turn), np.sin(turn)])


def _figure(
    run: Run, rows: np.ndarray, places: np.ndarray, title: str, axes: np.ndarray | None
) -> str:
    """Points ``(n, 2)`` within -1 and 1, and axes ``(k, 2)`` with the names of the classes."""
    said = escape(title)
    inside = []
    for label, color in enumerate(class_colors(max(1, len(run.classes)))):
        own = places[run.labels[rows] == label]
        if len(own):
            inside.append(_dots(_units(own), color))
    if axes is not None:
        inside += [
            f'<text x="{x}" y="{y}">{escape(name)}</text>'
            for name, (x, y) in zip(run.classes, _units(axes * NAMES).tolist(), strict=True)
        ]
    svg = f'<svg viewBox="0 0 {SIDE} {SIDE}" role="img" aria-label="{said}">{"".join(inside)}</svg>'
    return f"<figure>{svg}<figcaption>{said}</figcaption></figure>"


def _units(places: np.ndarray) -> np.ndarray:
    """Where places within -1 and 1 are in a picture, ``(n, 2)`` int64."""
    half = SIDE / 2
    return np.rint(half + places * [1, -1] * (half - EDGE)).astype(np.int64)


def _dots(places: np.ndarray, color: str) -> str:
    """Points ``(n, 2)`` as round ends of lines without length: two numbers each."""
    path = "".join(f"M{x} {y}h0" for x, y in places.tolist())
    return f'<path d="{path}" stroke="{color}"/>'


def _legend(run: Run) -> str:
    if not 1 < len(run.classes) <= MOST:
        return ""
    dot = np.array([[SIDE // 2, SIDE // 2]])
    marks = [
        f'<li><svg viewBox="470 470 60 60" aria-hidden="true">{_dots(dot, color)}</svg>{escape(name)}</li>'
        for name, color in zip(run.classes, class_colors(len(run.classes)), strict=True)
    ]
    return f"<ul>{''.join(marks)}</ul>"
