"""Recording into a run that may be there already, onto a disk that may be full."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from gt.record.planned import Plan
from gt.run import NotWrittenError, Points, Run, RunError

FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


@contextmanager
def writing(path: Path, epochs: Sequence[int], epoch: int | None) -> Iterator[None]:
    """Say what to do when the disk does not take what is written inside.

    Args:
        path: Folder of the run.
        epochs: Those that it has.
        epoch: That is being written; None while the run itself is made or opened.

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
        there = f"epochs {epochs[0]} to {epochs[-1]}" if epochs else "no epoch yet"
        raise NotWrittenError(
            f"record: epoch {epoch} could not be written to {path}: {why}; the run has {there} and"
            f" stays as it is; make room and call record({epoch}) again, now or, in a new process,"
            " with a new Recorder of the same path"
        ) from error


def check_same(
    run: Run, points: Points, plan: Plan, shapes: dict[str, tuple[int, ...]], digest: str
) -> None:
    """Make sure that a run is of the same points and layers, so that it can be continued.

    Args:
        run: As it is there.
        points: To be recorded.
        plan: Layers to be recorded.
        shapes: Of parameters to be recorded, by name.
        digest: Of the inputs.

    Raises:
        RunError: If something differs; it says what.
    """
    there = [(x.name, x.shape) for x in run.layers]
    same = {
        "inputs": run.inputs_digest == digest,
        "labels": np.array_equal(run.labels, points.labels),
        "ids": np.array_equal(run.ids, points.ids),
        "splits": np.array_equal(run.splits, points.splits),
        "classes": run.classes == points.classes,
        "layers": there == [(x.name, x.shape) for x in plan.layers],
        "weights": {w.name: w.shape for w in run.weight_list} == shapes,
    }
    for what, equal in same.items():
        if not equal:
            raise RunError(
                f"Recorder: {run.path} is a run with other {what}; only the same can be continued,"
                " choose another path"
            )
