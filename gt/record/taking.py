"""When a trainer of another library records, and with which of its numbers."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from gt.record.opening import ANYWAY
from gt.record.recorder import Recorder
from gt.run import RunError, disk

log = logging.getLogger(__name__)


class Taking:
    """Which epochs or steps are recorded, and what is said of them.

    Attributes:
        by_steps: Whether the run goes by steps.

    Args:
        where: Who takes, for errors.
        every: Epochs from one to the next.
        steps: So many apart, or their numbers; None for epochs.
        loss: Name of a number that a trainer logs, or two, of train and test; None for that of the probe points.
        accuracy: Likewise.

    Raises:
        RunError: If these cannot be.
    """

    def __init__(
        self,
        where: str,
        every: int,
        steps: int | Collection[int] | None,
        loss: Any = None,
        accuracy: Any = None,
    ) -> None:
        apart = steps if isinstance(steps, int) else every
        if isinstance(apart, bool) or not isinstance(apart, int) or apart < 1:
            raise RunError(
                f"{where}: epochs or steps from one to the next must be a whole number of 1 or more, got {apart!r}"
            )
        self.by_steps = steps is not None
        self._apart = apart
        self._chosen = None if steps is None or isinstance(steps, int) else frozenset(steps)
        self._names = {"loss": _pair(where, loss), "accuracy": _pair(where, accuracy)}

    def due(self, at: int) -> bool:
        """Whether an epoch, or step, of a number is to be recorded."""
        return at % self._apart == 0 if self._chosen is None else at in self._chosen

    def wish(self, path: Path, at: int, going_on: bool) -> dict[str, Any]:
        """What a Recorder is told of a run that may be there.

        Args:
            path: Of the run.
            at: Epoch, or step, that the training is at.
            going_on: Whether it goes on from a checkpoint.
        """
        if not going_on:
            return {}
        has = disk.read_attributes(path).get("epochs") if (path / "zarr.json").is_file() else None
        return {
            "resume": True if at in (has or []) else ANYWAY
        }  # between two, it is like none of them

    def take(
        self, recorder: Recorder, at: int, numbers: Mapping[str, Any], lr: float | None
    ) -> bool:
        """Record, if it is due and not there.

        Args:
            recorder: The open one.
            at: Epoch, or step.
            numbers: That the trainer has logged since the last time, by name; what is not among them is measured
                of the probe points.
            lr: Learning rate.

        Returns:
            Whether it was recorded.
        """
        if not self.due(at) or at <= recorder.last:
            return False
        given = {
            name: tuple(_number(numbers.get(one)) for one in pair)
            for name, pair in self._names.items()
            if pair is not None
        }
        epoch, step = (None, at) if self.by_steps else (at, None)
        loss, accuracy = given.get("loss"), given.get("accuracy")
        recorder.record(epoch, step=step, lr=lr, loss=loss, accuracy=accuracy)
        return True


def _pair(where: str, names: Any) -> tuple[Any, Any] | None:
    if names is None:
        return None
    pair = (names, None) if isinstance(names, str) else tuple(names)
    if len(pair) != 2 or not all(one is None or isinstance(one, str) for one in pair):
        raise RunError(
            f"{where}: loss and accuracy must be a name, or two, of train and test, got {names!r}"
        )
    return pair


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
