"""Recording into a run that may be there already, onto a disk that may be full."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from gt.record.planned import Plan
from gt.record.tasks import Meaning
from gt.run import NotWrittenError, Run, RunError
from gt.run.task import EPOCH

FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


@contextmanager
def writing(
    path: Path, epochs: Sequence[int], epoch: int | None, unit: str = EPOCH
) -> Iterator[None]:
    """Say what to do when the disk does not take what is written inside.

    Args:
        path: Folder of the run.
        epochs: Those that it has.
        epoch: That is being written; None while the run itself is made or opened.
        unit: What the run goes by.

    Raises:
        NotWrittenError: In place of an ``OSError``.
    """
    try:
        yield
    except OSError as error:
        why = "the disk is full" if error.errno in FULL else str(error)
        if epoch is None:
            raise NotWrittenError(
                f"Recorder: {path} could not be made, or opened for writing: {why}; make room there,"
                " or choose another path"
            ) from error
        there = f"{unit}s {epochs[0]} to {epochs[-1]}" if epochs else f"no {unit} yet"
        again = str(epoch) if unit == EPOCH else f"{unit}={epoch}"
        raise NotWrittenError(
            f"record: {unit} {epoch} could not be written to {path}: {why}; the run has {there} and"
            f" stays as it is; make room and call record({again}) again, now or, in a new process,"
            " with a new Recorder of the same path"
        ) from error


def check_same(
    run: Run, meaning: Meaning, plan: Plan, shapes: dict[str, tuple[int, ...]], digest: str
) -> None:
    """Make sure that a run is of the same points and layers, so that it can be continued.

    Args:
        run: As it is there.
        meaning: Of the points and outputs to be recorded.
        plan: Layers to be recorded.
        shapes: Of parameters to be recorded, by name.
        digest: Of the inputs.

    Raises:
        RunError: If something differs; it says what.
    """
    there, points = [(x.name, x.shape, x.kept) for x in run.layers], meaning.points
    same = {
        "task": run.task == meaning.task,
        "inputs": run.inputs_digest == digest,
        "labels": np.array_equal(run.labels, points.labels),
        "ids": np.array_equal(run.ids, points.ids),
        "splits": np.array_equal(run.splits, points.splits),
        "classes": run.classes == points.classes,
        "names of outputs": run.axes == (meaning.axes or points.classes),
        "targets": _equal(run.targets, points.targets),
        "columns": [x.name for x in run.columns] == [x.name for x in points.columns]
        and all(
            np.array_equal(a.values, b.values, equal_nan=True)
            for a, b in zip(run.columns, points.columns, strict=True)
        ),
        "layers": there == [(x.name, x.shape, x.kept) for x in plan.layers],
        "weights": {w.name: w.shape for w in run.weight_list} == shapes,
    }
    for what, equal in same.items():
        if not equal:
            raise RunError(
                f"Recorder: {run.path} is a run with other {what}; only the same can be continued,"
                " choose another path"
            )


def _equal(a: np.ndarray | None, b: np.ndarray | None) -> bool:
    return a is b is None or (a is not None and b is not None and np.array_equal(a, b))
