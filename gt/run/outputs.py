"""Outputs that one has already become a run: all at once, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gt.errors import EpochError, NotFiniteError, RunError, ShapeError
from gt.files.beside import built_beside
from gt.files.place import local
from gt.run import bounds
from gt.run.begin import free, title_of
from gt.run.columns import check_columns
from gt.run.history import OF_POINTS
from gt.run.measure import are_probabilities, kind_of_outputs, measure, no_logits, pair, storable
from gt.run.points import Points, check_points, plain_array, unnamed, whole
from gt.run.task import CLASSIFICATION, output_layers
from gt.run.write import RunWriter

if TYPE_CHECKING:
    from gt.run.read import Run


# long: by what may be given, of which each is a line of arguments and two of description
def write_run(
    path: str | Path,
    outputs: Any,
    labels: Any,
    *,
    classes: Sequence[str] | None = None,
    splits: Any = None,
    images: Any = None,
    ids: Any = None,
    columns: Mapping[str, Any] | None = None,
    epochs: Any = None,
    loss: Any = None,
    accuracy: Any = None,
    class_loss: Any = None,
    class_accuracy: Any = None,
    lr: Any = None,
    kind: str = "auto",
    title: str | None = None,
    made: Mapping[str, Any] | None = None,
) -> Run:
    """Store outputs that one has already as a run.

    Args:
        path: Where the run goes; a folder that is not there yet. It is there when it is whole.
        outputs: ``(e, n, k)`` logits, log-probabilities or probabilities of n points in e epochs,
            finite in float32.
        labels: ``(n,)`` in ``[0, k)``.
        classes: k names.
        splits: ``(n,)`` 0 = train, 1 = test, or "train" and "test"; all train when None.
        images: ``(n, h, w[, 1 or 3])`` uint8.
        ids: ``(n,)`` unique whole numbers of 0 to 2^53 - 1.
        columns: Further values ``(n,)`` of the points by name: numbers, dates or text; to colour and find them by.
        epochs: ``(e,)`` rising whole numbers of 0 to 2^53 - 1; 0, 1, ... when None.
        loss: ``(e,)`` of the train split or ``(e, 2)`` (train, test); measured on the points when
            None.
        accuracy: Likewise, shares of 0 to 1.
        class_loss: ``(e, k)`` or ``(e, 2, k)``; measured on the points when None.
        class_accuracy: Likewise.
        lr: ``(e,)`` learning rates, or one of all epochs. What is infinite in it, or in a loss, is
            kept as missing, and told.
        kind: "logits" (log-probabilities are some), "probabilities", or "auto": by the values, which
            are refused if they look like something else.
        title: For people; made from the folder's name when None.
        made: How the run was made; anything JSON can hold.

    Returns:
        The run, opened.

    Raises:
        RunError: One of its classes, for whatever does not fit.
    """
    from gt.run.read import open_run

    path = local(path, "write_run")
    free(path)
    out = _numbers(outputs)
    count, n, k = out.shape
    numbers = _epochs(epochs, count)
    points = check_points(n, k, labels, classes=classes, splits=splits, ids=ids, images=images)
    points = replace(points, columns=check_columns(columns, n, "write_run"))
    _check_finite(out, numbers, points)
    given = dict(zip(OF_POINTS, (loss, accuracy, class_loss, class_accuracy), strict=True))
    history = _history(given, lr, count, k)
    found = _kind(out, kind, points.labels, numbers, named=classes is not None)
    note = {"outputs": found + (", recognised by their values" if kind == "auto" else "")}
    about = {"title": title_of(title, path), "made": {**note, **(made or {})}}
    _write(path, out, points, numbers, history, found == "probabilities", about)
    return open_run(path)


def _write(
    path: Path,
    out: np.ndarray,
    points: Points,
    numbers: Sequence[int],
    history: Sequence[Mapping[str, Any]],
    probabilities: bool,
    about: Mapping[str, Any],
) -> None:
    """Write checked outputs ``(e, n, k)`` with their history, whole or not at all; ``about`` as of the writer."""
    layers = output_layers(CLASSIFICATION, out.shape[-1], probabilities=probabilities)
    with (
        built_beside(path) as place,
        RunWriter.create(place, points, layers, sync=False, **about) as writer,
    ):
        for e, number in enumerate(numbers):
            measured = measure(out[e], probabilities, points.labels, points.splits)
            writer.put(writer.run.layers[0], 0, out[e], number)
            writer.commit(number, replace(measured, **history[e]))


def _numbers(outputs: Any) -> np.ndarray:
    """Outputs as an array ``(e, n, k)`` of numbers."""
    try:
        out = plain_array(outputs)
    except ValueError as error:
        raise ShapeError(f"write_run: outputs must be one array of numbers: {error}") from error
    if out.ndim != 3 or 0 in out.shape:
        raise ShapeError(
            f"write_run: outputs must have shape (epochs, points, classes), got {out.shape}"
        )
    if out.dtype.kind not in "fiu":
        raise ShapeError(f"write_run: outputs must be numbers, got {out.dtype}")
    return out


def _check_finite(out: np.ndarray, epochs: Sequence[int], points: Points) -> None:
    """Raise for the first number that float32 cannot hold; it names epoch, point and class."""
    for e, rows in enumerate(out):
        with np.errstate(over="ignore"):
            wrong = np.argwhere(~np.isfinite(rows.astype(np.float32)))
        if len(wrong):
            row, c = wrong[0]
            came = rows[row, c]
            limit = np.finfo(np.float32).max
            what = (
                f"within \u00b1{limit:.4g}, what float32 holds" if np.isfinite(came) else "finite"
            )
            raise NotFiniteError(
                f"write_run: outputs must be {what}, got {came:g} at epoch {epochs[e]}, point"
                f" {points.ids[row]} (row {row}), class {points.classes[c]!r}; scale them, or leave"
                " out the epoch"
            )


def _epochs(epochs: Any, count: int) -> list[int]:
    """Numbers of the epochs, as Python has them."""
    if epochs is None:
        return list(range(count))
    numbers = [int(x) for x in whole("write_run", "epochs", epochs, count)]
    if min(numbers) < 0 or any(b <= a for a, b in pairwise(numbers)):
        raise EpochError("write_run: epochs must be whole numbers that go up from 0 or more")
    if numbers[-1] > bounds.LARGEST_NUMBER:
        raise EpochError(
            f"write_run: epochs must be {bounds.LARGEST_NUMBER} (2^53 - 1) at most, which browsers"
            f" tell apart, got {numbers[-1]}"
        )
    return numbers


def _history(given: Mapping[str, Any], lr: Any, count: int, k: int) -> list[dict[str, Any]]:
    """What was given of each epoch's history, by name."""
    rows: list[dict[str, Any]] = [{} for _ in range(count)]
    for name, value in given.items():
        if value is None:
            continue
        tail = (k,) if name.startswith("class") else ()
        parts = value if isinstance(value, Mapping) else {"": value}
        arrays = {split: _by_epoch(name, part, count) for split, part in parts.items()}
        for e, row in enumerate(rows):
            each = {split: array[e] for split, array in arrays.items()}
            row[name] = pair(each.get("", each), name, "write_run", tail)
    if lr is not None:
        lr = np.full(count, lr) if np.ndim(lr) == 0 else lr
        rates = _by_epoch("lr", lr, count)
        if rates.ndim != 1:
            raise ShapeError(f"write_run: lr must have shape ({count},), got {rates.shape}")
        kept = storable(rates, "write_run: lr")
        for row, rate in zip(rows, kept, strict=True):
            row["lr"] = float(rate)
    return rows


def _by_epoch(name: str, value: Any, count: int) -> np.ndarray:
    try:
        given = plain_array(value)
        if given.dtype.kind == "c":
            raise TypeError("complex numbers came")
        a = np.asarray(given, np.float64)
    except (TypeError, ValueError) as error:
        raise ShapeError(f"write_run: {name} must be numbers: {error}") from error
    if a.ndim == 0 or len(a) != count:
        came = "one number" if a.ndim == 0 else f"{len(a)}"
        raise ShapeError(
            f"write_run: {name} must have {count} entries, one for each epoch, got {came}"
        )
    return a


def _kind(
    out: np.ndarray, kind: str, labels: np.ndarray, epochs: Sequence[int], *, named: bool
) -> str:
    """What outputs are: "logits", "log-probabilities" or "probabilities".

    Raises:
        RunError: If they are not what they are said to be, or, where nothing is said, no scores of
            classes that exclude each other.
    """
    if kind not in ("auto", "logits", "probabilities"):
        raise RunError(f'write_run: kind must be "auto", "logits" or "probabilities", got {kind!r}')
    if kind == "probabilities" and not are_probabilities(out):
        raise RunError(
            "write_run: probabilities must be non-negative with rows that sum to 1; are they"
            " logits?"
        )
    if kind != "auto":
        return kind
    remedy = 'if they are scores all the same, say so: kind="logits" (--kind logits)'
    found = _kind_of_all(out, epochs, remedy)
    if found == "shares" and out.min() < out.max():
        sums = out.sum(-1, dtype=np.float64)
        raise RunError(
            "write_run: outputs must be scores of classes that exclude each other; these are all in"
            f" 0..1 and their rows sum to {sums.min():.3g} to {sums.max():.3g}, as sigmoids do, each"
            f" class by itself; {remedy}"
        )
    if not named and (seen := unnamed(labels, out.shape[-1])):
        raise RunError(
            f"write_run: outputs must be scores of classes, but {seen}, as with an autoencoder or a"
            f" regression; name the classes, or {remedy}"
        )
    return "logits" if found == "shares" else found


def _kind_of_all(out: np.ndarray, epochs: Sequence[int], remedy: str) -> str:
    """The kind that the outputs ``(e, n, k)`` of all epochs have, as of `kind_of_outputs`.

    Raises:
        RunError: If epochs are of different kinds, or of one that is no scores.
    """
    kinds = [kind_of_outputs(one) for one in out]
    for e, kind in enumerate(kinds):
        if kind in ("logits", "shares") and (seen := no_logits(out[e])):
            raise RunError(
                f"write_run: outputs must be logits or probabilities, at epoch {epochs[e]} they look like"
                f" {seen}; make probabilities of them, or {remedy}"
            )
        earlier = kinds[:e]
        shares = kind == "shares" and "logits" in earlier and np.ptp(out[e], axis=0).any()
        if shares or ("probabilities" in (kind, *earlier) and kind != (earlier or [kind])[0]):
            raise RunError(
                f"write_run: outputs must be of one kind, they are {earlier[0]} at epoch {epochs[0]} and"
                f" look like {kind} at epoch {epochs[e]}; write them apart, or {remedy}"
            )
    if len(set(kinds)) == 1:
        return kinds[0]
    return "logits"
