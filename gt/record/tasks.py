"""What a network is trained for: what its outputs are, how they are stored, and which groups its points are in."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch

from gt.record import groups
from gt.record.coordinates import FLATTEN, MEAN
from gt.record.graph_of import writable
from gt.record.inputs import Inputs
from gt.record.meaning import check_ending, check_kind, check_labels, check_shape, check_task
from gt.record.numbers import as_numpy
from gt.record.padding import WITHOUT
from gt.record.probe import Network
from gt.record.reading import Reading
from gt.run import Layer, Measures, Points, RunError, ShapeError
from gt.run.columns import check_columns, check_targets
from gt.run.graph import INPUT, UNSEEN
from gt.run.measure import kind_of_outputs
from gt.run.points import check_points
from gt.run.task import (
    BINARY,
    CLASSIFICATION,
    MULTILABEL,
    NONE,
    REGRESSION,
    TASKS,
    one_class,
    output_layers,
)
from gt.run.task_measures import measure_task

log = logging.getLogger(__name__)
LOGITS, PROBABILITIES, LOGS = "logits", "probabilities", "log-probabilities"
SIGMOIDS, VALUES = "sigmoids", "values"
LEAST = 1e-7  # how close to 0 and 1 a share may be whose logit is computed: float32 rounds there


@dataclass(frozen=True)
class Asked:
    """What somebody said of the points and of what the network should give for them.

    Attributes:
        task: One of `gt.run.task.TASKS`, or None: a classification, where that is certain.
        labels: As for `gt.record.Recorder`; so are all others.
        targets, classes, names, splits, ids, images, columns: Likewise.
    """

    task: str | None
    labels: Any
    targets: Any = None
    classes: Sequence[str] | None = None
    names: Sequence[str] | None = None
    splits: Any = None
    ids: Any = None
    images: Any = None
    columns: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.task is not None and self.task not in TASKS:
            raise RunError(
                f"Recorder: task must be one of {', '.join(TASKS)}, or None, got {self.task!r}"
            )

    @property
    def of_classes(self) -> bool:
        """Whether each point has one class."""
        return self.task is None or one_class(self.task)

    def count(self) -> int | None:
        """How many points something was said of; None if nothing was."""
        columns = self.columns.values() if isinstance(self.columns, Mapping) else ()
        for one in (self.labels, self.targets, self.ids, self.splits, self.images, *columns):
            if hasattr(one, "__len__") and not isinstance(one, str):
                return len(one)
        return None

    def check(self, n: int) -> None:
        """Raise unless labels of n points can be what the task needs, as far as the network need not be asked."""
        if self.of_classes:
            check_labels(self._flat(n), n, self.task)
            if self.targets is not None:
                raise RunError(
                    "Recorder: targets must be of a multilabel or a regression, the classes of points are their labels;"
                    " say task="
                )

    def _flat(self, n: int) -> Any:
        """Labels ``(n,)`` also where they are ``(n, 1)``, as of one logit."""
        if self.task == BINARY and np.shape(self.labels) == (n, 1):
            return np.asarray(self.labels)[:, 0]
        return self.labels

    def points(self, n: int, k: int) -> tuple[Points, tuple[str, ...] | None]:
        """The points, and the names of the k columns of the outputs where these are no classes."""
        task = self.task or CLASSIFICATION
        given = {"splits": self.splits, "ids": self.ids, "images": self.images, "where": "Recorder"}
        columns = check_columns(self.columns, n, "Recorder")
        if one_class(task):
            labels, classes = self._flat(n), self.classes
            if groups.is_text(labels):
                labels, classes = groups.of_names(labels, classes)
                if len(classes) != k:
                    raise ShapeError(
                        f"Recorder: outputs have {k} columns, and the labels {len(classes)} names; name the {k} classes"
                        " in the order of the columns (classes=[...])"
                    )
            found = check_points(n, k, labels, classes=classes, **given)
            return replace(found, columns=columns), None
        names, targets, labels = self.names, self.targets, self.labels
        if task == MULTILABEL:
            names = names if names is not None else self.classes
            targets, labels = (labels, None) if targets is None else (targets, labels)
        elif task == REGRESSION and targets is None and _are_floats(labels):
            targets, labels = labels, None
        axes = tuple(map(str, range(k) if names is None else names))
        if len(axes) != k:
            raise ShapeError(
                f"Recorder: outputs have {k} columns, {len(axes)} are named; name each"
            )
        if task == NONE and targets is not None:
            raise RunError('Recorder: targets must be of a task, with task="none" there are none')
        wanted = check_targets(task, targets, n, k, "Recorder")
        if task == MULTILABEL and labels is None and wanted is not None:
            at, own = groups.of_combinations(wanted, axes)
        else:
            at, own = groups.of_labels(labels, None if task == MULTILABEL else self.classes, n)
        found = check_points(n, len(own), at, classes=own, **given)
        return replace(found, columns=columns, targets=wanted), axes


@dataclass(frozen=True)
class Meaning:
    """What outputs are taken for, and how they are stored.

    Attributes:
        task: One of `gt.run.task.TASKS`.
        kind: "logits", "probabilities", "log-probabilities", "sigmoids" (stored as their logits) or "values".
        points: With their groups.
        axes: Names of the columns; None where they are the classes.
        network: As it was probed, with the call that gives what is stored as ``logits``.
        reading: Finds the outputs.
        ends: The layers of the outputs.
        notes: What the run says of all this.
    """

    task: str
    kind: str
    points: Points
    axes: tuple[str, ...] | None
    network: Network
    reading: Reading
    ends: tuple[Layer, ...]
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def stored(self) -> str:
        """Name of the layer that the outputs are written to."""
        return self.ends[0].name

    def values(self, tensor: torch.Tensor, when: str, x: Inputs) -> np.ndarray:
        """What is stored of a tensor that the model gave for m points, ``(m, k)``.

        Args:
            tensor: It gave.
            when: The epoch or step, for the error.
            x: What went in.

        Raises:
            RunError: If they are of another kind than at first.
        """
        return _stored(as_numpy(self.reading.rows(tensor, x)), self.task, self.kind, when)

    def as_stored(self, outputs: np.ndarray, inputs: Inputs) -> np.ndarray:
        """What would be stored ``(m, k)`` of what a model gives for the first m points, of sigmoids what they tell.

        Args:
            outputs: It gave.
            inputs: Of all points.
        """
        rows = _first_rows(self.reading, outputs, inputs)
        shares = self.network.softmax is not None and self.task in (BINARY, MULTILABEL)
        return _stored(rows, self.task, SIGMOIDS if shares else self.kind)

    def check(self, outputs: np.ndarray, when: str) -> None:
        """Raise ``RunError`` unless outputs of classes, as the model gave them, are of the kind that the first were."""
        if one_class(self.task) and self.kind != SIGMOIDS and self.task != BINARY:
            check_kind(self.kind, outputs, when)

    def measure(self, outputs: np.ndarray, where: str) -> Measures:
        """Loss and accuracy of what is stored of all points."""
        of = self.kind == PROBABILITIES and not self.network.of_softmax
        return measure_task(self.task, outputs, self.points, probabilities=of, where=where)


def meaning_of(
    asked: Asked, network: Network, outputs: np.ndarray, inputs: Inputs, reading: Reading
) -> Meaning:
    """Decide what outputs mean, from what was said and from what they look like.

    Args:
        asked: What was said.
        network: As it was probed.
        outputs: Of the first inputs, as the model gave them.
        inputs: Of all points.
        reading: That found them.

    Raises:
        RunError: If it is not certain, or not what was said; it asks for what would make it so.
    """
    task, n = asked.task or CLASSIFICATION, len(inputs)
    notes = {}
    if task == CLASSIFICATION and (reading.axes is None or outputs.ndim < 3):
        check_shape(outputs, asked.task)
    rows = _first_rows(reading, outputs, inputs)
    if task == CLASSIFICATION:
        check_ending(network, rows, asked.classes is not None)
        points, axes = asked.points(n, rows.shape[1])
        named = asked.classes is not None or asked.task is not None
        check_task(network, rows, inputs.first, points.labels, named)
        network, kind = _of_classes(network, rows, outputs, reading)
        if groups.is_text(asked.labels) and asked.classes is None:
            notes["classes"] = "the names among the labels, in the order of the alphabet"
    else:
        network, kind = _kind(task, network, rows)
        points, axes = asked.points(n, 2 if task == BINARY else rows.shape[1])
    ends = _ends(task, kind, network, _stored(rows[:1], task, kind).shape[1], outputs.ndim)
    if said := _said(task, kind, network, outputs, reading, inputs):
        notes["outputs"] = said
    log.info("Recorder: %s; outputs: %s", task, notes.get("outputs", kind))
    return Meaning(task, kind, points, axes, network, reading, ends, notes)


def ends_of(
    network: Network, outputs: np.ndarray, inputs: Inputs, reading: Reading, task: str | None
) -> tuple[Network, tuple[Layer, ...]]:
    """The layers of outputs as they look, without a word on what they should be; and the network with their calls.

    Args:
        network: As it was probed.
        outputs: Of the first inputs, as the model gave them.
        inputs: Of all points.
        reading: That found them.
        task: That was said, if any: else classes where they are rows of numbers, and no task where not.
    """
    what = task or (CLASSIFICATION if outputs.ndim == 2 else NONE)
    rows = _first_rows(reading, outputs, inputs)
    if what == CLASSIFICATION:
        network, kind = _of_classes(network, rows, outputs, reading)
    else:
        network, kind = _kind(what, network, rows)
    k = _stored(rows[:1], what, kind).shape[1]
    return network, _ends(what, kind, network, k, outputs.ndim)


def _first_rows(reading: Reading, outputs: np.ndarray, inputs: Inputs) -> np.ndarray:
    """Rows ``(m, k)`` of what a model gave for the first m of all inputs."""
    return as_numpy(reading.rows(torch.from_numpy(outputs), inputs[: len(outputs)]))


def _of_classes(
    network: Network, rows: np.ndarray, outputs: np.ndarray, reading: Reading
) -> tuple[Network, str]:
    """What outputs of classes are; and the network, with what gives their logits only where rows are a softmax of rows.

    Args:
        network: As it was probed.
        rows: ``(m, k)`` that were made of the outputs.
        outputs: Of the first inputs, as the model gave them.
        reading: That made rows of them.
    """
    found = kind_of_outputs(rows)
    mean = reading.axes == MEAN and outputs.ndim > 2  # a mean of softmaxes is none of means
    plain = network.softmax is not None and network.softmax.kind == "Softmax"
    if (network.of_softmax and (mean or found not in (PROBABILITIES, LOGS))) or (plain and mean):
        network = network.as_given()
    kind = LOGITS if network.softmax is not None else found
    return network, kind.replace("shares", LOGITS)


def _kind(task: str, network: Network, rows: np.ndarray) -> tuple[Network, str]:
    """What outputs of any other task than a classification are, and the calls that give what is stored of them."""
    if network.of_softmax:
        network = network.as_given()
    last = network.softmax or network.logits
    plain = replace(network, logits=last, softmax=None, of_softmax=False)
    if task == BINARY and rows.shape[1] != 1:
        raise ShapeError(
            f"Recorder: outputs of a binary task must be one logit for each point, got {rows.shape[1]}; say"
            ' task="classification" if there is one for each class'
        )
    if task in (REGRESSION, NONE):
        return plain, VALUES
    if not network.sigmoid:
        return plain, LOGITS
    if last is not None and last.kind == "Sigmoid" and last.inputs:
        before = network.nodes[last.inputs[0]]
        known = before.shape == last.shape and before.kind not in (INPUT, UNSEEN)
        return replace(plain, logits=before if known else None, softmax=last), LOGITS
    if rows.min() < 0 or rows.max() > 1:
        raise RunError(
            f"Recorder: outputs must be logits, or shares of 0 to 1, they come out of {network.sigmoid}; have the model"
            " give its logits"
        )
    return replace(plain, shares=True), SIGMOIDS


def _stored(rows: np.ndarray, task: str, kind: str, when: str = "") -> np.ndarray:
    """What is stored of rows ``(m, k)`` of outputs."""
    if kind == SIGMOIDS:
        if rows.size and (rows.min() < 0 or rows.max() > 1):
            raise RunError(
                f"record: {when}, outputs must be shares of 0 to 1, as those of the first points were when the"
                f" Recorder was made, they are {rows.min():.3g} to {rows.max():.3g}; make a new Recorder with another"
                " path"
            )
        p = np.clip(rows.astype(np.float64), LEAST, 1 - LEAST)
        rows = (np.log(p) - np.log1p(-p)).astype(np.float32)
    return np.concatenate([np.zeros_like(rows), rows], axis=1) if task == BINARY else rows


def _ends(task: str, kind: str, network: Network, k: int, ndim: int) -> tuple[Layer, ...]:
    """The layers of the outputs, with the modules that made them."""
    by, last = network.logits, network.softmax
    if task == CLASSIFICATION and kind == PROBABILITIES and not network.of_softmax:
        return tuple(output_layers(task, k, probabilities=True))
    layers = output_layers(task, k)
    if by is not None and kind == SIGMOIDS:  # it made the shares, of which the logits are computed
        layers[1:] = [replace(one, module=writable(by.owner) or None) for one in layers[1:]]
    elif by is not None:
        layers[0] = replace(layers[0], module=writable(by.owner) or None)
        if task != BINARY and ndim == 2:  # what is stored is what it gave
            layers[0] = replace(layers[0], kind=by.kind, config=by.config)
    if last is not None:
        layers[-1] = replace(layers[-1], module=writable(last.module) or None)
    return tuple(layers)


def _said(
    task: str,
    kind: str,
    network: Network,
    outputs: np.ndarray,
    reading: Reading,
    inputs: Inputs,
) -> str:
    """What a run says of its outputs; nothing where they are plain logits, or values."""
    parts = []
    if task == CLASSIFICATION:
        of = network.of_softmax and kind == PROBABILITIES
        what = "the softmax of logits, which are stored" if of else "recognised by their values"
        parts += [] if kind == LOGITS else [f"{kind}, {what}"]
    elif task == BINARY:
        what = (
            "one logit z" if kind == LOGITS else "one share p, whose logit is z = log(p / (1 - p))"
        )
        what = what if network.softmax is None else "the sigmoid of one logit z"
        parts.append(f"{what}, stored as the two logits (0, z)")
    elif task == MULTILABEL and network.softmax is not None:
        parts.append("sigmoids, whose logits are stored")
    elif kind == SIGMOIDS:
        parts.append("shares p, stored as their logits log(p / (1 - p))")
    if reading.found:
        parts.append(f"the part {reading.found!r} of what the model gives")
    if outputs.ndim > 2:
        shape = " x ".join(map(str, outputs.shape[1:]))
        how = reading.axes or FLATTEN
        how += WITHOUT if reading.leaves_out(outputs.shape, inputs) else ""
        parts.append(f"{shape} values of a point, {'flattened' if how == FLATTEN else how}")
    if parts and kind in (LOGITS, VALUES) and task != BINARY and not parts[0].startswith(SIGMOIDS):
        parts.insert(0, kind)
    return "; ".join(parts)


def _are_floats(labels: Any) -> bool:
    if labels is None:
        return False
    a = labels if isinstance(labels, np.ndarray) else np.asarray(labels)
    return a.dtype.kind == "f" or (a.ndim == 2 and a.dtype.kind in "biu" and a.shape[1] > 1)
