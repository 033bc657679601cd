"""One batch of points on its way through a recorded model: what its modules give is written as it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from gt.record.hooks import first_tensor
from gt.record.numbers import as_stored, check_exact, stored_type
from gt.record.probe import why_not
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
        epoch: Number of the epoch.
        start: The batch's first point.
        m: How many points it has.
    """

    def __init__(self, recorder: Recorder, epoch: int, start: int, m: int) -> None:
        self._recorder, self._epoch, self._start, self._m = recorder, epoch, start, m
        self.seen: set[str] = set()
        self.logits: torch.Tensor | None = None

    def see(
        self,
        called: str,
        source: tuple[str, int],
        module: nn.Module,
        inputs: tuple[Any, ...],
        output: Any,
    ) -> None:
        """A hook, see `gt.record.hooks.hooked`."""
        network = self._recorder._network
        if network.softmax is not None and source == network.softmax.source:
            self.logits = inputs[0].clone()
        tensor = first_tensor(output)
        behind = network.logits if network.log_of_softmax else None
        if behind is not None and source == behind.source and tensor is not None:
            self.logits = tensor.clone()
        name = self._recorder._sources.get(source)
        if name is None:
            return
        where = f"record: epoch {self._epoch}, layer {name!r}"
        reason = why_not(output, self._m)
        if tensor is None or reason:
            raise ShapeError(
                f"{where} must give a tensor with a row for each point, it did not: {reason}"
            )
        self.seen.add(name)
        planned = self._recorder._types[name]
        if stored_type(tensor.dtype, "float32") != planned and not planned.startswith("float"):
            raise ShapeError(
                f"{where} must give {planned}, as when the Recorder was made, it gave {tensor.dtype}"
            )
        block: torch.Tensor | np.ndarray = tensor
        if not tensor.is_floating_point():
            block = as_stored(tensor, planned)
            if block.dtype.kind in "iu":
                check_exact(block, where)
        self._recorder._put(self._recorder._writer.run.layer(name), self._start, block, self._epoch)
