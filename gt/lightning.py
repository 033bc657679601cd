"""Record a training of Lightning: ``gt.lightning.GrandTourCallback`` among the callbacks of its ``Trainer``."""

from __future__ import annotations

import logging
import sys
from collections.abc import Collection
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gt.record import Recorder
from gt.record.taking import Taking

if TYPE_CHECKING:
    from lightning.pytorch import Callback
else:
    _names = ("lightning.pytorch", "pytorch_lightning")
    for _name in sorted(_names, key=lambda name: name not in sys.modules):  # the one in use
        try:
            Callback = import_module(_name).Callback
            break
        except ImportError as _error:
            _missing = _error
    else:
        raise ImportError(
            "gt.lightning: lightning (or pytorch-lightning) must be installed, it is not; pip install"
            " 'nn-grand-tour[lightning]'"
        ) from _missing

log = logging.getLogger(__name__)


class GrandTourCallback(Callback):
    """Records the network when a fit starts and as it goes on, as a `gt.Recorder` does.

    On all ranks of a distributed training; the sanity check is not recorded. A fit that goes on from a checkpoint
    (``ckpt_path=``) goes on with the run: with what comes behind the epochs that it has.

    Attributes:
        recorder: While a fit is under way, else None.

    Args:
        path: Folder of the run.
        inputs: The probe points, as for ``gt.Recorder``.
        every_n_epochs: Record after each so many epochs.
        steps: Which steps of the optimizer are recorded, in place of epochs: so many apart, or their numbers, such as
            ``gt.record.log_spaced(10_000)``.
        part: Name of the part of the LightningModule that is recorded, "net" of ``self.net``; all of it when None.
        loss: Name of the train split's loss among ``trainer.callback_metrics``, or ``(train, test)`` names, "val_loss";
            that of the probe points when None, and where none of the name was logged since the last recording: at the
            start, or between two validations. What a sanity check logs is none.
        accuracy: Likewise.
        **more: Whatever else ``gt.Recorder`` takes.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        inputs: Any,
        every_n_epochs: int = 1,
        steps: int | Collection[int] | None = None,
        part: str | None = None,
        loss: Any = None,
        accuracy: Any = None,
        **more: Any,
    ) -> None:
        super().__init__()
        self.recorder: Recorder | None = None
        self._taking = Taking("GrandTourCallback", every_n_epochs, steps, loss, accuracy)
        self._path, self._part = Path(path), part
        self._more = {"inputs": inputs, **more}
        self._known: dict[str, Any] = {}

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Make the recorder, and record the network as it is."""
        self._close(None)
        model = pl_module if self._part is None else pl_module.get_submodule(self._part)
        at = trainer.global_step if self._taking.by_steps else trainer.current_epoch
        wish = self._taking.wish(self._path, at, going_on=bool(at or trainer.ckpt_path))
        self.recorder = Recorder(model, self._path, **{**wish, **self._more})
        self._known = dict(trainer.callback_metrics)  # of a sanity check, or of another fit
        self._take(trainer, at)

    def on_train_batch_end(
        self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Record a step that is due."""
        if self._taking.by_steps:
            self._take(trainer, trainer.global_step)

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        """Record an epoch that is due."""
        if not self._taking.by_steps:
            self._take(trainer, trainer.current_epoch + 1)

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        """Wait for the disk, and close."""
        self._close(None)

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        """Close; what was recorded stays."""
        self._close(exception)

    def teardown(self, trainer: Any, pl_module: Any, stage: str) -> None:
        """Close what an end that nobody told left open."""
        self._close(None)

    def _take(self, trainer: Any, at: int) -> None:
        if self.recorder is not None:
            rates = [group["lr"] for one in trainer.optimizers for group in one.param_groups]
            rate = float(rates[0]) if rates else None
            there = dict(trainer.callback_metrics)
            new = {name: one for name, one in there.items() if one is not self._known.get(name)}
            if self._taking.take(self.recorder, at, new, rate):
                self._known = there

    def _close(self, error: BaseException | None) -> None:
        recorder, self.recorder = self.recorder, None
        if recorder is not None:
            recorder.__exit__(type(error), error, None)
