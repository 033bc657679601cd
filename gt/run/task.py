"""What a network is trained for, and which layers its outputs then are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gt.errors import RunError, TruncatedRunError
from gt.run import bounds, metadata, saying
from gt.run.layer import Layer

CLASSIFICATION, BINARY, MULTILABEL = "classification", "binary", "multilabel"
REGRESSION, NONE = "regression", "none"
TASKS = (CLASSIFICATION, BINARY, MULTILABEL, REGRESSION, NONE)
OUTPUTS: Mapping[str, tuple[str, ...]] = {
    CLASSIFICATION: ("logits", "softmax"),
    BINARY: ("logits", "softmax"),
    MULTILABEL: ("logits", "sigmoid"),
    REGRESSION: ("outputs",),
    NONE: ("outputs",),
}  # names of the layers that say what the network gives, the one to be shown as the last at the end
EPOCH, STEP = "epoch", "step"
UNITS = (EPOCH, STEP)  # what a run is indexed by


def one_class(task: str) -> bool:
    """Whether each point has one of classes that exclude each other, which the outputs' columns are."""
    return task in (CLASSIFICATION, BINARY)


def output_layers(task: str, k: int, *, probabilities: bool = False) -> list[Layer]:
    """The layers of a run that has nothing but what a network gives, of k columns.

    Args:
        task: One of ``TASKS``.
        k: Columns.
        probabilities: Of a classification whether these are given, and no logits.
    """
    if probabilities:
        return [Layer("softmax", "Softmax", (k,))]
    if task in (REGRESSION, NONE):
        return [Layer("outputs", "Outputs", (k,))]
    logits = Layer("logits", "Logits", (k,))
    if task == MULTILABEL:
        return [logits, Layer("sigmoid", "Sigmoid", (k,), sigmoid_of="logits")]
    return [logits, Layer("softmax", "Softmax", (k,), softmax_of="logits")]


def axes_of(
    task: str, axes: Sequence[Any] | None, classes: tuple[str, ...], where: str
) -> tuple[str, ...]:
    """The names of the outputs' columns, brought into shape.

    Args:
        task: One of ``TASKS``.
        axes: As they were given; the classes where None and each column is one.
        classes: Of the run's groups.
        where: Who asks; it begins every error.

    Raises:
        RunError: If there are none, they repeat, cannot be shown, or must be the classes and are not.
    """
    if task not in TASKS:
        raise RunError(f"{where}: task must be one of {', '.join(TASKS)}, got {task!r}")
    if axes is None and not one_class(task):
        raise RunError(f"{where}: axes must name the outputs' columns, where they are no classes")
    found = classes if axes is None else tuple(map(str, axes))
    for name in found if axes is not None else ():
        if not saying.name(name, f"{where}: the name of an axis").strip():
            raise RunError(f"{where}: the name of an axis must be text that can be shown")
    try:
        _check_axes(task, found, classes)
    except RunError as error:
        raise error.at(where) from error
    return found


def check_outputs(task: str, axes: Sequence[str], layers: Sequence[Layer]) -> None:
    """Raise unless the layer that is shown as the last is there, and has a value for each axis.

    Raises:
        TruncatedRunError: It says which is missing. Nothing of a classification: there have always been runs without.
    """
    if task == CLASSIFICATION:
        return
    last = OUTPUTS[task][-1]
    found = next((layer for layer in layers if layer.name == last), None)
    if found is None or found.shape != (len(axes),):
        came = "none" if found is None else f"{found.shape}"
        raise TruncatedRunError(
            f"a run of task {task!r} must have a layer {last!r} of shape ({len(axes)},), one value for"
            f" each axis, got {came}"
        )


def read(stored: Mapping[str, Any], classes: tuple[str, ...]) -> tuple[str, tuple[str, ...], str]:
    """Task, axes and unit as a run says them; those of a run of classes, by epochs, where it says nothing.

    Args:
        stored: The run's attributes.
        classes: Of its groups.

    Raises:
        TruncatedRunError, ValueError: If an entry cannot be what it is.
    """
    task = metadata.one_of(stored.get("task", CLASSIFICATION), "task", TASKS)
    unit = metadata.one_of(stored.get("unit", EPOCH), "unit", UNITS)
    axes = stored.get("axes")
    if axes is None and not one_class(task):
        raise TruncatedRunError(f"axes must be there in a run of task {task!r}")
    listed = classes if axes is None else metadata.of(list, axes, "axes")
    found = tuple(metadata.of(str, one, "axes") for one in listed)
    _check_axes(task, found, classes)
    return task, found, unit


def _check_axes(task: str, axes: tuple[str, ...], classes: tuple[str, ...]) -> None:
    if one_class(task) and axes != classes:
        raise TruncatedRunError("axes must be the classes, where each column is one")
    if task == BINARY and len(classes) != 2:
        raise TruncatedRunError(
            f"classes must be two, where the task is binary, got {len(classes)}"
        )
    if not 0 < len(axes) <= bounds.CLASSES or len(set(axes)) != len(axes):
        raise TruncatedRunError(
            f"axes must be 1 to {bounds.CLASSES:,} names that differ, got {len(axes):,}, of which"
            f" {len(set(axes)):,} differ"
        )
