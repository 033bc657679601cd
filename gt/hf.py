"""Record a training of Hugging Face's ``Trainer``: ``gt.hf.GrandTourCallback`` among its callbacks."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from torch import nn

from gt.record import Recorder
from gt.record.taking import Taking
from gt.record.unwrapped import unwrapped
from gt.run import RunError

if TYPE_CHECKING:
    from transformers import TrainerCallback
else:
    try:
        from transformers import TrainerCallback
    except ImportError as _error:
        raise ImportError(
            "gt.hf: transformers must be installed, it is not; pip install 'nn-grand-tour[hf]'"
        ) from _error


class GrandTourCallback(TrainerCallback):
    """Records the network when a training begins and as it goes on, as a `gt.Recorder` does.

    What is due after a step or an epoch is recorded when its numbers have been logged and evaluated, before the next
    step. A training that goes on from a checkpoint goes on with the run: with what comes behind what it has.

    Attributes:
        recorder: While a training is under way, else None.

    Args:
        path: Folder of the run.
        inputs: The probe points: a small data set, whose items go through the Trainer's data collator all at once, or
            whatever else ``gt.Recorder`` takes.
        labels: As for ``gt.Recorder``; those of the data set when None, where it has one for each point.
        collator: Makes a batch of items; that of the Trainer when None.
        every_n_epochs: Record after each so many epochs.
        steps: Which steps of the optimizer are recorded, in place of epochs: so many apart, or their numbers, such as
            ``gt.record.log_spaced(10_000)``.
        loss: Name of the train split's loss among what the Trainer logs, or ``(train, test)`` names, such as
            ``("loss", "eval_loss")``; that of the probe points when None, or where none was logged yet.
        accuracy: Likewise.
        **more: Whatever else ``gt.Recorder`` takes.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        inputs: Any,
        labels: Any = None,
        collator: Callable[[list[Any]], Mapping[str, Any]] | None = None,
        every_n_epochs: int = 1,
        steps: int | Collection[int] | None = None,
        loss: Any = None,
        accuracy: Any = None,
        **more: Any,
    ) -> None:
        self.recorder: Recorder | None = None
        self._taking = Taking("GrandTourCallback", every_n_epochs, steps, loss, accuracy)
        self._path, self._inputs, self._labels, self._collator = (
            Path(path),
            inputs,
            labels,
            collator,
        )
        self._more = more
        self._numbers: dict[str, Any] = {}
        self._pending: int | None = None

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Make the recorder, and record the network as it is."""
        self._close(None)
        self._numbers, self._pending = {}, None
        model = unwrapped(kwargs["model"])
        at = state.global_step if self._taking.by_steps else round(state.epoch or 0)
        wish = self._taking.wish(self._path, at, going_on=state.global_step > 0)
        given = self._points(model, kwargs.get("train_dataloader"))
        self.recorder = Recorder(model, self._path, **{**wish, **given, **self._more})
        self._kwargs = {"optimizer": kwargs.get("optimizer")}
        whole = self._taking.by_steps or abs(at - (state.epoch or 0)) < 1e-6
        self._pending = at if whole else None
        self._flush()

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any) -> None:
        """Note the numbers."""
        self._numbers.update(logs or {})

    def on_step_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Record what is due, before the network changes."""
        self._flush()

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """See whether the step is due."""
        if self._taking.by_steps:
            self._pending = state.global_step

    def on_epoch_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """See whether the epoch is due."""
        if not self._taking.by_steps and abs(round(state.epoch) - state.epoch) < 1e-6:
            self._pending = round(state.epoch)
        if args.load_best_model_at_end and str(args.save_strategy.value) != "epoch":
            self._flush()  # the network may be another's at the end

    def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Record what is due, beside its checkpoint."""
        self._flush()

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Record what is due, wait for the disk, and close."""
        self._flush()
        self._close(None)

    def close(self) -> None:
        """Close after a training that raised; what was recorded stays."""
        self._close(None)

    def _flush(self) -> None:
        at, self._pending = self._pending, None
        if at is not None and self.recorder is not None:
            optimizer = self._kwargs["optimizer"]
            groups = getattr(optimizer, "param_groups", None)
            rate = float(groups[0]["lr"]) if groups else None
            self._taking.take(self.recorder, at, self._numbers, rate)
            self._numbers = {}

    def _close(self, error: BaseException | None) -> None:
        recorder, self.recorder = self.recorder, None
        if recorder is not None:
            recorder.__exit__(type(error), error, None)

    def _points(self, model: nn.Module, loader: Any) -> dict[str, Any]:
        """Inputs and labels, as a Recorder takes them."""
        if not (hasattr(self._inputs, "__getitem__") and _is_item(self._inputs)):
            return {"inputs": self._inputs, "labels": self._labels}
        collator = self._collator or getattr(loader, "collate_fn", None)
        if collator is None:
            raise RunError(
                "GrandTourCallback: collator must make a batch of the data set's items, this Trainer has none; say"
                " collator="
            )
        batch = dict(collator([self._inputs[at] for at in range(len(self._inputs))]))
        labels = batch.pop("labels", batch.pop("label", None))
        if self._labels is not None or self._more.get("task") == "none":
            labels = self._labels
        takes = inspect.signature(model.forward).parameters
        if not any(one.kind is one.VAR_KEYWORD for one in takes.values()):
            batch = {name: value for name, value in batch.items() if name in takes}
        return {"inputs": batch, "labels": labels}


def _is_item(inputs: Any) -> bool:
    """Whether the items of what was given are mappings, as those of a data set are."""
    return not isinstance(inputs, Mapping) and len(inputs) > 0 and isinstance(inputs[0], Mapping)
