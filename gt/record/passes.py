"""The forward passes of one epoch: batch by batch, dealt to the ranks where there are several.

The points are cut into the same batches however many ranks there are, so that one run has the same numbers, bit for
bit. A rank without a batch of its own runs one that nobody looks at where the model is sharded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from gt.record.attention import base_of
from gt.record.batch import Batch, chosen_values, not_computed
from gt.record.follower import Outbox, shares
from gt.record.hooks import undisturbed
from gt.record.numbers import Measured, as_numpy
from gt.record.planning import values_of
from gt.record.ranks import Ranks
from gt.record.unwrapped import device_of, gathered, sharded_parts, whole
from gt.record.watch import See, Watch
from gt.run import RunError

if TYPE_CHECKING:
    from gt.record.recorder import Recorder


class Later:
    """Keeps the first error until a part is over in which other ranks wait for this one.

    Args:
        wanted: Whether there are such; else errors are raised at once.
    """

    def __init__(self, wanted: bool) -> None:
        self._wanted = wanted
        self._met: Exception | None = None

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Keep what is met inside."""
        try:
            yield
        except Exception as error:
            if not self._wanted:
                raise
            self._met = self._met or error

    def seeing(self, see: See) -> See:
        """The same, which keeps what it meets, and looks no further then."""
        if not self._wanted:
            return see

        def kept(*given: Any) -> None:
            if self._met is None:
                with self.keeping():
                    see(*given)

        return kept

    def tell(self) -> None:
        """Raise what was kept."""
        if self._met is not None:
            raise self._met


class Passes:
    """Runs all points of one epoch through a recorder's model.

    Args:
        recorder: Whose points they are.
        epoch: Number of the coming one.
    """

    def __init__(self, recorder: Recorder, epoch: int) -> None:
        self._recorder, self._epoch = recorder, epoch
        network = recorder._network
        ends = (network.logits, network.softmax)
        sources = {*recorder._sources, *(one.source for one in ends if one is not None)}
        self._watch = Watch(recorder.model, set(map(base_of, sources)))
        first = not recorder.epochs
        self._given = [one for one in recorder.layers if one.kind == "Input" and first]
        self._outputs: dict[int, np.ndarray] = {}
        self._device = device_of(recorder.model)
        self._sharded = bool(sharded_parts(recorder.model))

    def run(self) -> np.ndarray:
        """Write all hidden layers.

        Returns:
            The outputs ``(n, k)`` float32; on ranks that do not write those of their own points, if any.
        """
        ranks, size = self._recorder._ranks, self._recorder._batch
        starts = range(0, len(self._recorder._inputs), size)
        for at in range(0, len(starts), ranks.size):
            mine = starts[at + ranks.rank : at + ranks.rank + 1]
            if mine:
                self._batch(mine[0])
            elif self._sharded:
                self._fed(0)
            if ranks.size > 1:
                self._gather(ranks, min(ranks.size, len(starts) - at))
        found = [self._outputs[start] for start in sorted(self._outputs)]
        return np.concatenate(found) if found else np.empty((0, 0), np.float32)

    def _fed(self, start: int) -> torch.Tensor | None:
        """What the model gives for the batch from a point on."""
        recorder = self._recorder
        x = recorder._inputs[start : start + recorder._batch]
        found = x.to(self._device)(recorder.model)
        return None if found is None else gathered(found)

    def _batch(self, start: int) -> None:
        recorder, network, epoch = self._recorder, self._recorder._network, self._epoch
        said = when(recorder, epoch)
        later = Later(self._sharded and recorder._ranks.size > 1)
        x = recorder._inputs[start : start + recorder._batch]
        with later.keeping():
            for layer in self._given:
                recorder._put_inputs(layer, start, x, epoch)
        batch = Batch(recorder, epoch, start, x)
        with self._watch.handing(later.seeing(batch.see)):
            out = self._fed(start)
        later.tell()
        missing = [name for name in recorder._sources.values() if name not in batch.seen]
        if missing or out is None:
            noted = network.decisions or self._watch.decisions
            raise not_computed(said, (missing or ["output"])[0], noted)
        out = recorder._spread.outputs(out, start)
        if network.of_softmax:
            recorder._check_finite(as_numpy(out))
            recorder._meaning.check(as_numpy(out), said)
        if batch.logits is None and (network.of_softmax or network.softmax is not None):
            raise not_computed(said, recorder._meaning.stored, network.decisions)
        if batch.logits is not None:
            out = recorder._spread.outputs(batch.logits, start)
        found = recorder._meaning.values(out, said, x)
        self._outputs[start] = found
        if isinstance(recorder._pipeline, Outbox):
            recorder._pipeline.put_outputs(start, found)

    def _gather(self, ranks: Ranks, busy: int) -> None:
        """Bring what the others have to the rank that writes, once all have run their batch."""
        ranks.exchange()
        pipeline = self._recorder._pipeline
        if isinstance(pipeline, Outbox):
            if ranks.rank < busy:
                pipeline.sent(ranks)
            return
        later = Later(True)  # what is under way is taken, whatever the disk does
        for rank in range(1, busy):
            ranks.receive(rank, lambda said, got: self._take(said, got, later))
        later.tell()

    def _take(self, said: Any, got: Callable[[int], torch.Tensor], later: Later) -> None:
        recorder = self._recorder
        for name, start, (dtype, shape), nbytes in shares(said):
            array = got(nbytes).numpy().view(dtype).reshape(shape)
            with later.keeping():
                if name:
                    layer = recorder._writer.run.layer(name)
                    recorder._pipeline.put(layer, start, array, self._epoch)
                else:
                    self._outputs[start] = array


def record_epoch(
    recorder: Recorder,
    epoch: int,
    given: Measured,
    lr: float,
    made: Mapping[str, Any] | None,
) -> None:
    """Run all points, and hand the epoch over.

    Args:
        recorder: An open one.
        epoch: Number of the coming one.
        given: Measures that were given.
        lr: Learning rate.
        made: Entries to set in the run's ``made``.
    """
    model, ranks, wide = recorder.model, recorder._ranks, recorder._wide
    with undisturbed(model), alike(model, ranks):
        if wide.kept.due(len(recorder.epochs)):
            wide.settle(chosen_values(recorder, epoch, wide.sources), epoch)
        outputs = recorder._forward(epoch)
        for name, block in wide.kept.finish():
            recorder._put(recorder._writer.run.layer(name), 0, block, epoch)
    later, writes = Later(ranks.size > 1), ranks.rank == 0
    with later.keeping():
        if writes:
            _put_outputs(recorder, outputs, epoch)
    for name, value in values_of(model, recorder._parameters).items():
        value = whole(value)
        with later.keeping():
            recorder._pipeline.put_weight(name, value, epoch)
    later.tell()
    if writes:
        measured = recorder._meaning.measure(outputs, f"record: {when(recorder, epoch)}")
        told = {"wide": wide.kept.said()} if wide.kept else {}
        said = {**(made or {}), **told}
        recorder._pipeline.commit(epoch, replace(given.over(measured), lr=lr), said)
    ranks.exchange()


def when(recorder: Recorder, epoch: int) -> str:
    """An epoch or step as it is spoken of, "epoch 3"."""
    return f"{recorder._writer.run.unit} {epoch}"


def _put_outputs(recorder: Recorder, outputs: np.ndarray, epoch: int) -> None:
    recorder._check_finite(outputs)
    if recorder._network.softmax is None and not recorder._network.of_softmax:
        recorder._meaning.check(outputs, when(recorder, epoch))
    recorder._put(recorder._writer.run.layer(recorder._meaning.stored), 0, outputs, epoch)
    recorder._check_finite(outputs)


@contextmanager
def alike(model: nn.Module, ranks: Ranks) -> Iterator[None]:
    """Give all ranks the first one's buffers inside: running means are each rank's own in a training.

    They are others in their place, so that nothing that training holds is changed.

    Args:
        model: On all ranks.
        ranks: That record together.
    """
    if ranks.size == 1:
        yield
        return
    own = [
        (module, name, value)
        for module in model.modules()
        for name, value in module._buffers.items()
        if type(value) is torch.Tensor and value.layout is torch.strided and value.numel()
    ]
    ranks.agree(model=[(name, str(value.dtype), tuple(value.shape)) for _, name, value in own])
    digests = ranks.exchange(
        [hashlib.sha256(_flat(value).numpy().tobytes()).digest() for _, _, value in own]
    )
    differ = [own[at] for at in range(len(own)) if len({one[at] for one in digests}) > 1]
    try:
        for module, name, value in differ:
            flat = _flat(value)
            ranks.broadcast(flat)
            if ranks.rank:
                same = flat.view(value.dtype).reshape(value.shape).to(value.device)
                module._buffers[name] = same
        yield
    finally:
        for module, name, value in differ:
            module._buffers[name] = value


def check_alike(outputs: np.ndarray, ranks: Ranks) -> None:
    """Raise ``RunError``, on all ranks, unless their models give what the first one's gives, but for rounding."""
    if ranks.size == 1:
        return
    some = outputs.reshape(len(outputs), -1)[:8, :512]
    first = ranks.exchange(some)[0]
    same = some.shape == first.shape and np.allclose(
        some, first, rtol=0, atol=0.01 * float(np.abs(first).max()) + 1e-6, equal_nan=True
    )
    if not all(ranks.exchange(same)):
        raise ranks.told(
            RunError(
                "Recorder: all ranks must have the same model, they give other outputs for the same points; make the"
                " Recorder when the model is wrapped (DistributedDataParallel, fully_shard), or load the same weights"
            )
        )


def _flat(value: torch.Tensor) -> torch.Tensor:
    """A copy of its bytes on the CPU."""
    return value.detach().cpu().contiguous().reshape(-1).view(torch.uint8).clone()
