"""A run and its alignments in words, for ``gt info``, ``gt align`` and the pages."""

from __future__ import annotations

import math

import numpy as np

from gt.kept.alignment import Alignment, Passage
from gt.kept.artifact import kinds
from gt.kept.stories import read_stories
from gt.run import wide
from gt.run.layer import Layer
from gt.run.points import SPLITS
from gt.run.read import Run
from gt.run.task import CLASSIFICATION, one_class

LAYERED = "--every 2 --train-points 500 --test-points 500 --layers all --dtype float32"
COLUMNS = ("state", "kind", "width", "coordinates", "variance kept", "aligned by", "exact")
TO_THE_RIGHT = (2, 3, 4, 6)  # columns of numbers


def describe(run: Run) -> str:
    """Several lines that say what is in a run."""
    e = len(run.epochs)
    lines = [f"{run.title}  ({run.path})", ""]
    counts = ", ".join(f"{int((run.splits == s).sum()):,} {name}" for s, name in enumerate(SPLITS))
    lines.append(_row("points", f"{run.n:,}: {counts}"))
    lines += [] if run.task == CLASSIFICATION else [_row("task", run.task)]
    groups = "classes" if one_class(run.task) else "groups"
    lines.append(_row(groups, f"{len(run.classes)}: {', '.join(run.classes)}"))
    if run.axes != run.classes:
        lines.append(_row("outputs", f"{len(run.axes)}: {', '.join(run.axes)}"))
    lines += _table("columns", [f"{one.name}  {one.kind}" for one in run.columns])
    shape = None if run.images is None else "{} x {} x {}".format(*run.images.shape[1:])
    lines.append(_row("images", shape or "none"))
    span = f"{e}: {_span(run.epochs)}" if e else "none recorded yet"
    lines.append(_row(f"{run.unit}s", span))
    lines += _table("layers", [_layer(run, x) for x in run.layers])
    lines += _table("not recorded", _left_out(run))
    if run.weight_list:
        weights = [f"{w.name}  {' x '.join(map(str, w.shape))}" for w in run.weight_list]
        lines += _table("weights", weights)
    for kind in (kind for kind in kinds() if kind.NAMED):
        lines += _table(kind.FOLDER, [f"{one.path.name}  {one.line()}" for one in kind.of_run(run)])
    lines += _table("stories", _stories(run))
    lines += _progress(run)
    for key in ("command", "outputs", "optimizer", "device", "training_seconds", "history"):
        if key in run.made:
            lines.append(_row(key.replace("_", " "), str(run.made[key])))
    versions = run.made.get("versions")
    for key, value in versions.items() if isinstance(versions, dict) else ():
        lines.append(_row(key, str(value)))
    lines.append(_row("id", run.uid))
    return "\n".join(lines)


def _stories(run: Run) -> list[str]:
    """A line for each story: its name, title and number of views; what is wrong with one that cannot be read."""
    found, problems = read_stories(run)
    counted = [(one, len(one.story.views)) for one in found]
    whole = [
        f"{one.name}  {one.story.title}, {n} {'view' if n == 1 else 'views'}" for one, n in counted
    ]
    return [*whole, *problems]


def _progress(run: Run) -> list[str]:
    if not len(run.epochs):
        return []
    rows = []
    for s, name in enumerate(SPLITS):
        if not math.isnan(run.history.accuracy[-1, s]):
            first, last = run.history.accuracy[[0, -1], s]
            loss = run.history.loss[-1, s]
            rows.append(_row(f"{name}", f"accuracy {first:.3f} -> {last:.3f}, loss {loss:.3f}"))
        elif not math.isnan(run.history.loss[-1, s]):
            first, last = run.history.loss[[0, -1], s]
            rows.append(_row(f"{name}", f"loss {first:.4g} -> {last:.4g}"))
    late = ", ".join(f"{name} ({run.unit} {epoch})" for epoch, name in learnt_late(run))
    return [*rows, *([_row("learnt late", late)] if late else [])]


def learnt_late(run: Run) -> list[tuple[int, str]]:
    """Classes whose test (else train) accuracy first passes one half after epoch 5, and that epoch."""
    if not one_class(run.task):
        return []
    found = []
    by_class = run.history.class_accuracy
    s = 1 if (run.splits == 1).any() else 0
    for c, name in enumerate(run.classes):
        above = np.flatnonzero(by_class[:, s, c] > 0.5)
        if len(above) and run.epochs[above[0]] > 5:
            found.append((int(run.epochs[above[0]]), name))
    return sorted(found)


def _layer(run: Run, layer: Layer) -> str:
    shape = " x ".join(map(str, layer.shape)) or "1"
    how = "softmax" if layer.softmax_of else "sigmoid"
    note = f", {how} of {layer.source}" if layer.source else ""
    own = layer.name.partition(":")[0] == layer.module or layer.name in run.outputs
    if layer.module and not own:
        note += f", module {layer.module}"
    if layer.kept is not None:
        note += f", {wide.sentence(run, layer)}"
    return f"{layer.name}  {shape}  {layer.kind}{note}"


def _left_out(run: Run) -> list[str]:
    """What the recorder said it leaves out, and why."""
    found = run.made.get("left_out", [])
    entries = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return [
        " ".join(map(str, (e.get("name"), f"({e.get('kind')}):", e.get("reason")))) for e in entries
    ]


def alignment_table(one: Alignment) -> str:
    """The states of an alignment, a line each; variance is that of the reference epoch."""
    at = int(np.abs(one.epochs - one.recipe.reference).argmin())
    rows = [COLUMNS]
    for i, state in enumerate(one.states):
        before = one.transitions[i - 1] if i else None
        rows.append(
            (
                state.name,
                state.kind,
                f"{state.width:,}",
                str(state.rank),
                f"{100 * one.variance[i, at]:.1f} %",
                _aligned_by(before) if before else "",
                str(min(before.exact, state.rank)) if before else "",
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if i in TO_THE_RIGHT else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _aligned_by(passage: Passage) -> str:
    if passage.residual is None:
        return passage.how
    return f"{passage.how}, {100 * passage.residual:.1f} % left"


def outputs_alone(run: Run) -> str:
    """Why there is nothing to align in a run that has its outputs alone; empty for any other.

    `layered_command` says what records the rest.
    """
    if any(layer.name not in run.outputs for layer in run.layers):
        return ""
    names = " and ".join(layer.name for layer in run.layers)
    return f"{run.title} must have hidden layers to be aligned, it was recorded with {names} alone."


def layered_command(run: Run) -> str:
    """What records the same training with its hidden layers."""
    made = str(run.made.get("command", ""))
    if made.startswith("gt record "):
        return f"{made} {LAYERED} --out runs/{run.name}-layers"
    return 'gt.Recorder(model, path, inputs=..., labels=..., layers="all", dtype="float32")'


def _span(epochs: np.ndarray) -> str:
    gaps = "" if len(epochs) < 2 or (np.diff(epochs) == 1).all() else ", with gaps"
    return f"{epochs[0]} to {epochs[-1]}{gaps}"


def _row(name: str, value: str) -> str:
    return f"  {name:<18}{value}"


def _table(name: str, values: list[str]) -> list[str]:
    return [_row(name if i == 0 else "", v) for i, v in enumerate(values)]
