"""What a Recorder is between its calls: open or closed, waiting for the disk, told what failed."""

from __future__ import annotations

import logging
import os
import weakref
from pathlib import Path
from typing import Any, Self

from gt.record.follower import Follower, Outbox
from gt.record.pipeline import Pipeline, usual_bytes
from gt.record.ranks import Ranks
from gt.run import RunError, RunWriter

log = logging.getLogger(__name__)


class Session:
    """Owns the way to the disk, from when it is opened until it is closed, collected, or its process ends.

    Attributes:
        path: Folder of the run.
    """

    path: Path
    _ranks: Ranks
    _writer: RunWriter | Follower
    _pipeline: Pipeline
    _agreed: tuple[int, ...] = ()  # epochs on the disk, as all ranks know them
    _handed = -1  # the epoch that was handed over last
    _begun = False  # an epoch that was not handed over yet

    def _open(self, writer: RunWriter | Follower, queue_bytes: int | None) -> None:
        self._writer, self._agreed = writer, writer.epochs
        if isinstance(writer, Follower):
            self._pipeline = Outbox(writer)
        else:
            self._pipeline = Pipeline(writer, limit=queue_bytes or usual_bytes())
        self._release = weakref.finalize(self, _close, self._pipeline)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        """Wait for the disk and close; where another error is under way, what failed is logged."""
        if error is None:
            self.close()
            return
        try:
            self._ranks.leave()  # who fails waits for nobody
            self._finish()
        except RunError as failed:
            log.error("%s", failed)

    @property
    def epochs(self) -> tuple[int, ...]:
        """The epochs that are recorded, and on the disk; of several ranks as they last told each other."""
        return self._writer.epochs if self._ranks.size == 1 else self._agreed

    @property
    def last(self) -> int:
        """The epoch, or step, that is recorded last, also if it is still on its way to the disk; -1 if none is."""
        return max(self._handed, self.epochs[-1] if self.epochs else -1)

    def wait(self) -> None:
        """Wait until the epoch that was recorded last is on the disk; where several ranks record, all call this.

        Raises:
            RunError: What failed, as of `record`; the run then has what it had before.
        """
        with self._ranks.guarded():
            if self._is_open():
                self._settle()
            if self._ranks.alive:
                self._tell_epochs()

    def close(self) -> None:
        """Wait for the disk and let others record into the run; done again, nothing happens.

        Where several ranks record, all call this.

        Raises:
            RunError: What failed since the last call; the run is closed all the same.
        """
        with self._ranks.guarded(last=True):
            self._finish()
            if self._ranks.alive:
                self._tell_epochs()
        self._ranks.leave()

    def _tell_epochs(self, **what: Any) -> None:
        """Let all ranks know which epochs are on the disk; raise unless they are about to do the same."""
        told = self._ranks.exchange((self._writer.epochs, what))
        self._agreed = told[0][0]
        if isinstance(self._writer, Follower):
            self._writer.run.epochs = self._agreed
        self._ranks.check_same([one for _, one in told])

    def _finish(self) -> None:
        """Wait for the disk and close; raise what failed."""
        if self._is_open():
            failed = self._pipeline.wait()  # an interrupt in here leaves it open
            self._pipeline.forgive()
            self._release()
            if failed is not None:
                raise failed

    def _is_open(self) -> bool:
        """Whether there is something to wait for; a forked child has a copy, and nothing."""
        return self._release.alive and self._pipeline.pid == os.getpid()

    def _check_open(self) -> None:
        if not self._release.alive:
            raise RunError(
                f"record: the Recorder of {self.path} must be open, it was closed; make a new one with"
                " resume=True, which goes on with the run"
            )
        self._pipeline.check_process()

    def _settle(self) -> None:
        """Wait for the epoch before; tell what it met, after which the next can be recorded."""
        if self._begun:  # an interrupt came while an epoch was undone
            self._undo()
        failed = self._pipeline.wait()
        if failed is not None:
            self._forget()
            self._handed = -1
            raise failed

    def _undo(self) -> None:
        """Give up the epoch that was begun."""
        self._pipeline.abandon()
        self._forget()
        self._begun = False

    def _forget(self) -> None:
        """Go back to what is on disk; where that cannot be read any more, no further epoch is taken."""
        try:
            self._writer.forget()
        except (OSError, RunError) as error:
            log.warning("Recorder: %s cannot be read any more, it is closed: %s", self.path, error)
            self._pipeline.forgive()
            self._release()
        self._pipeline.forgive()


def _close(pipeline: Pipeline) -> None:
    if os.getpid() == pipeline.pid:  # a forked child has a copy, and nothing to close
        failed = pipeline.close()
        if failed is not None:
            log.error("Recorder: %s", failed)
