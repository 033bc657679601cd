"""One batch of points on its way through a recorded model: what its modules give is written as it comes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import torch
from torch import nn

from gt.record.attention import base_of, beside, weights_of
from gt.record.coordinates import FLATTEN, reduced, tokens_of
from gt.record.hooks import first_tensor
from gt.record.inputs import Inputs
from gt.record.numbers import as_stored, check_exact, stored_type
from gt.record.padding import WITHOUT
from gt.record.places import why_not
from gt.record.trace import Source, lengths_of, tensors_in, value_of
from gt.record.unwrapped import device_of, gathered
from gt.record.watch import Watch
from gt.record.wide import choose
from gt.run import ShapeError

if TYPE_CHECKING:
    from gt.record.recorder import Recorder


class Batch:
    """Writes what the modules of a recorder's model give for one batch.

    Attributes:
        seen: Names of the layers that came.
        logits: ``(m, k)``, if they are not what the model gives.

    Args:
        recorder: Whose modules they are.
        epoch: Its number.
        start: The batch's first point.
        x: What goes in for its points.
    """

    def __init__(self, recorder: Recorder, epoch: int, start: int, x: Inputs) -> None:
        self._recorder, self._epoch, self._start, self._x = recorder, epoch, start, x
        self.seen: set[str] = set()
        self.logits: torch.Tensor | None = None

    def see(
        self,
        source: Source,
        module: nn.Module | None,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        output: Any,
    ) -> None:
        """Take what a call gave, see `gt.record.watch`."""
        network = self._recorder._network
        if network.softmax is not None and source == network.softmax.source:
            self.logits = self._first(gathered(next(tensors_in((args, kwargs)))).clone())
        behind = network.logits if network.of_softmax else None
        if behind is not None and source == behind.source:
            tensor = first_tensor(output)
            self.logits = None if tensor is None else self._first(gathered(tensor).clone())
        name = self._recorder._sources.get(source)
        if name is not None:
            self._put(name, output)
        name = self._recorder._sources.get(beside(source))
        if name is not None:
            self._put(name, weights_of(module, source[1], args, kwargs))

    def _first(self, logits: torch.Tensor) -> torch.Tensor:
        axis = self._recorder._network.place.axis
        return logits.movedim(axis, 0) if 0 < axis < logits.ndim else logits

    def _put(self, name: str, output: Any) -> None:
        where = f"record: {self._recorder._writer.run.unit} {self._epoch}, layer {name!r}"
        call = self._recorder._calls[name]
        tensor = value_of(output, call.length)
        reason = why_not(output, tensor)
        if tensor is None or reason:
            raise ShapeError(
                f"{where} must give a tensor with a row for each point, it did not: {reason}"
            )
        try:
            tensor = call.place.take(tensor, len(self._x))
        except ValueError as error:
            raise ShapeError(
                f"{where} must give a tensor with a row for each point, it did not: {error}"
            ) from error
        if call.shape is not None and tensor.shape[1:] != call.shape:
            raise ShapeError(
                f"{where} must give {call.shape} for each point, as when the Recorder was made, it gave"
                f" {tuple(tensor.shape[1:])}{_noted(self._recorder._network.decisions)}"
            )
        self.seen.add(name)
        how = self._recorder._kept[name]
        spread = self._recorder._spread
        if spread.each is None:
            lengths = None if how == FLATTEN else lengths_of(output)
            length = tokens_of(tensor.shape[1:], how) if WITHOUT in how else 0
            counts = self._x.counts(length)
            tensor = reduced(tensor, how, lengths, counts)
        else:
            tensor = spread.take(tensor, how, self._start)
        planned = self._recorder._types[name]
        if stored_type(tensor.dtype, "float32") != planned and not planned.startswith("float"):
            raise ShapeError(
                f"{where} must give {planned}, as when the Recorder was made, it gave {tensor.dtype}"
            )
        self._take(name, tensor)

    def _take(self, name: str, tensor: torch.Tensor) -> None:
        """What a layer gives for the batch, ``(m, *shape)``, on its way to the disk."""
        recorder = self._recorder
        planned, layer = recorder._types[name], recorder._writer.run.layer(name)
        block: torch.Tensor | np.ndarray | None = tensor
        if name in recorder._wide.kept:
            block = recorder._wide.kept.see(name, tensor)
        elif not tensor.is_floating_point():
            block = as_stored(tensor, planned)
            if block.dtype.kind in "iu":
                check_exact(block, f"record: epoch {self._epoch}, layer {name!r}")
        if block is not None:
            recorder._put(layer, self._start, block, self._epoch)


class _Chosen(Batch):
    """Holds what wide layers give for the points that their directions are chosen by, where it is.

    Attributes:
        values: By layer ``(m, *shape)`` of each batch.
    """

    def __init__(self, recorder: Recorder, epoch: int) -> None:
        super().__init__(recorder, epoch, 0, recorder._inputs[:0])
        self.values: dict[str, list[torch.Tensor]] = {}

    def of(self, x: Inputs) -> Self:
        """Ready for a batch, of which this goes in."""
        self._x = x
        return self

    def _take(self, name: str, tensor: torch.Tensor) -> None:
        self.values.setdefault(name, []).append(tensor.clone())


def chosen_values(
    recorder: Recorder, epoch: int, sources: Collection[Source]
) -> dict[str, torch.Tensor]:
    """What wide layers give for the points that their directions are chosen by.

    Args:
        recorder: Whose model is run, in evaluation.
        epoch: Number of the coming one.
        sources: The calls of wide layers.

    Returns:
        By layer ``(m, *shape)``, on the model's device.
    """
    rows, chosen = choose(len(recorder._inputs)), _Chosen(recorder, epoch)
    watch = Watch(recorder.model, set(map(base_of, sources)))
    for part in np.array_split(rows, -(-len(rows) // recorder._batch)):
        x = recorder._inputs[part]
        with watch.handing(chosen.of(x).see):
            x.to(device_of(recorder.model))(recorder.model)
    return {name: torch.cat(one) for name, one in chosen.values.items()}


def not_computed(when: str, name: str, decisions: Sequence[str]) -> ShapeError:
    """The error for a layer that did not come.

    Args:
        when: The epoch or step.
        name: Of the layer, or "output".
        decisions: Names of calls by whose values the forward pass may have gone another way.
    """
    return ShapeError(
        f"record: {when}, layer {name!r} must be computed in every forward pass, it was"
        f" not{_noted(decisions)}; leave it out of layers"
    )


def _noted(decisions: Sequence[str]) -> str:
    """What may be the reason, for an error."""
    if not decisions:
        return ""
    return f" (which way the pass goes depends on values, asked for at {', '.join(decisions[:3])})"
