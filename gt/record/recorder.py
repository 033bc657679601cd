"""Record any ``torch.nn.Module`` while it learns.

What makes this safe to put into someone's training loop: the model is left exactly as it was found
(modes, random states, hooks), the memory needed does not grow with the number of layers (a layer is
written as soon as it has been computed, batch by batch), and an epoch is part of the run only when
all of it is on disk.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from gt.files.place import local
from gt.record.choose import Layers, as_choice
from gt.record.coordinates import check_axes
from gt.record.each import MOST, check_each
from gt.record.follower import opened_by_first
from gt.record.given import check_dtype, gather
from gt.record.hooks import check_plain
from gt.record.inputs import Forward, Inputs
from gt.record.numbers import as_stored, given_measures, one_number
from gt.record.opening import Wanted, signature
from gt.record.passes import Passes, alike, check_alike, record_epoch
from gt.record.planned import LeftOut, Plan, make_plan, parameters, tell
from gt.record.planning import check_plan, settled, values_of, weighing
from gt.record.probe import first_outputs, probed
from gt.record.ranks import ALL, TIMEOUT, joined
from gt.record.reading import Reading
from gt.record.schedule import which
from gt.record.session import Session
from gt.record.spreading import spread_of
from gt.record.table import MAX_BYTES, Table
from gt.record.tasks import Asked, meaning_of
from gt.record.unwrapped import check_parallel, device_of, sharded_parts, unwrapped
from gt.record.widely import Widely, check_width
from gt.run import Layer
from gt.run.measure import storable
from gt.run.pack import finite
from gt.run.wide import MAX_WIDTH

log = logging.getLogger(__name__)
BATCH_BYTES = 64 * 2**20  # of the widest layer, in float32, of the points that go through together
WHOLE = 2**62  # a width that no layer has: where several ranks record, none is wide
KINDS_FROM = 64  # points whose outputs say what kind they are, at most


class Recorder(Session):
    """Append what a network does with its probe points to a run, epoch by epoch.

    Use it as a context manager::

        with gt.record.Recorder(model, "runs/mine", inputs=x, labels=y, layers="all") as rec:
            rec.record(0)
            for epoch in range(1, 100):
                train(model)
                rec.record(epoch, lr=0.01)

    ``record`` returns when everything has left the model, and the epoch is written while training
    goes on: the next ``record``, ``wait``, ``close`` and the end of ``with`` wait for the disk, and
    tell what failed. ``rec.epochs`` says what is on the disk.

    A run that is there already is continued with ``resume`` or replaced with ``overwrite``. One
    Recorder at a time writes into a run: a second is refused until the first is closed, by
    ``close``, at the end of ``with``, when nothing refers to it, or with its process.

    Without ``task`` the model is one for classes that exclude each other, and what may be something else
    (sigmoids, reconstructions, no labels) is refused with the task that would take it. What the outputs
    are taken for is logged, and kept in the run's ``made``. A compiled model is recorded as it was written.

    Attributes:
        model: What is recorded, without what compiled it.
        path: Folder of the run.
        layers: What the run has of it.
        left_out: ``(name, kind, reason)`` of each layer that ``layers="all"`` called for and that
            cannot be recorded; it is logged once, and kept in the run's ``made``.
        renamed: The model's names of hidden layers that go by another, by that other: "softmax" by
            "softmax (hidden)", as outputs alone are called "logits" and "softmax".

    Args:
        model: Gives a tensor with a row for each point, or has it in what it gives.
        path: Folder of the run.
        inputs: ``(n, ...)`` tensor or array, passed as ``model(inputs)``; a tuple of such, passed as
            ``model(*inputs)``; a dict (a ``BatchEncoding``), passed as ``model(**inputs)``; these may hold
            such again. Or a ``Dataset`` or ``DataLoader``. They are moved to the model's device batch by
            batch, and floats are cast to the type of its parameters, where all have one.
        labels: ``(n,)`` numbers in ``[0, k)``, or names, of the classes. For "multilabel" ``(n, k)`` of 0 and 1;
            for "regression" floats ``(n,)`` or ``(n, k)`` are the targets, and whole numbers or names groups of
            points, as for "none". Those of a data set when None.
        task: "classification" (logits, log-probabilities or probabilities), "binary" (one logit), "multilabel",
            "regression", or "none"; None for a classification, where that is certain.
        targets: ``(n, k)`` what the outputs should be, where the labels are groups of points.
        classes: The k names of the classes; or of groups of points, whose numbers the labels are.
        names: Of the outputs' columns, where they are no classes; 0, 1, ... when None.
        splits: ``(n,)`` 0 = train, 1 = test, or "train" and "test"; all train when None.
        ids: ``(n,)`` unique whole numbers; 0, 1, ..., or ``indices``, when None.
        images: ``(n, h, w[, 1 or 3])`` uint8, to be shown.
        columns: Further values ``(n,)`` of the points by name: numbers, dates or text; to colour and find them by.
        indices: Which points to take of a data set; all, of 10,000 at most, when None.
        ignore_index: Points with this label are not recorded; with ``each`` it may be several, and -100 is one.
        output: Name or position of the part of what the model gives that is its output; the part called "logits",
            else the first tensor, when None.
        output_axes: What becomes of an output ``(n, t, d)`` or ``(n, c, h, w)``: "flatten" (when None), "mean" over
            tokens or places, or of tokens "cls" (the first), "last" or "token=k".
        forward: ``forward(model, inputs)`` calls a model that is called otherwise, for a batch of the inputs.
        batch_axis: 1 where inputs are sequences ``(t, n, ...)``; found by their labels, or by trying, when None.
        each: "tokens" of outputs ``(n, t, k)``, "pixels" of ``(n, k, h, w)`` or "voxels" of ``(n, k, d, h, w)``: each
            is a point, with labels ``(n, t)``, ``(n, h, w)`` or ``(n, d, h, w)``, in all layers.
        positions: That are points of an example, at most, with ``each``; taken evenly, all when None.
        layers: "outputs" (logits and softmax); "all" (what every innermost module and every function
            computes, and the input); "blocks" (the outputs of blocks that come again, as those of a
            ResNet); "auto" (all up to 100 MB an epoch, above that the blocks); or a list of names,
            patterns ("layer*.*"), kinds ("Conv2d"), classes, modules, or functions of a call that say
            whether they want it. What is called again within one forward pass is recorded again, as
            "name:2", "name:3", ...; a function goes by "module/name". See ``plan``.
        weights: Record the parameters of linear and convolution layers, each epoch: True, False, or
            names of modules. None means those of the recorded layers.
        axes: What becomes of axes besides the points, by name, pattern or kind of layer: "flatten" (all
            values), "mean", "cls", "last" or "token=K" of a sequence. All values, unless that is more
            than 4,096 of tokens: then what the network itself goes on with, or their mean.
        dtype: How hidden layers are stored; "float16" or "float32". Outputs are stored in float32.
        max_width: Values of one point, above which a hidden layer is not kept whole but as exact coordinates
            and what keeps distances, see the page on wide layers.
        whole: Names, patterns or kinds of layers that are kept whole however wide they are.
        batch_size: Points that go through the network together; chosen from the widest layer when
            None.
        epochs: That will be recorded, if you know; they are weighed against ``max_bytes``.
        max_bytes: That the run may have before it is compressed; more is refused at once.
        title: For people; made from the folder's name when None.
        made: How the run is made; anything JSON can hold.
        resume: Go on with a run that has epochs of the same points and layers. The model must be the
            one that was recorded, as it was in one of the last epochs; "anyway" takes any whose
            layers fit, also one that has learned on.
        overwrite: Replace a run that has epochs. It stays as it is until the first epoch of the new
            one is on the disk.
        queue_bytes: Of blocks that may be on their way to the disk at once; when they are that many,
            ``record`` waits. An eighth of the machine's memory when None, 1 GiB at most.
        ranks: In a distributed training, who makes the Recorder, with the same arguments, and calls ``record``,
            ``wait`` and ``close`` alike: "all" ranks, among which the points are dealt, "one" alone (within
            ``if rank == 0``, say), or those of a process group. The first of them writes.
        timeout: Seconds that ranks wait for each other; then it is an error.

    Raises:
        RunError: One of its classes: for arrays that do not fit, a folder that is something else or a run that nobody
            said what to do with, a model whose output is not what the task needs or that has no module of a name.
    """

    # long: half of it is what may be given
    def __init__(
        self,
        model: nn.Module,
        path: str | Path,
        *,
        inputs: Any,
        labels: Any = None,
        task: str | None = None,
        targets: Any = None,
        classes: Sequence[str] | None = None,
        names: Sequence[str] | None = None,
        splits: Any = None,
        ids: Any = None,
        images: Any = None,
        columns: Mapping[str, Any] | None = None,
        indices: Any = None,
        ignore_index: Any = None,
        output: str | int | None = None,
        output_axes: str | None = None,
        forward: Forward | None = None,
        batch_axis: int | None = None,
        each: str | None = None,
        positions: int | None = MOST,
        layers: Any = "outputs",
        weights: bool | Iterable[str] | None = None,
        axes: Mapping[str, str] | None = None,
        dtype: str = "float16",
        max_width: int = MAX_WIDTH,
        whole: str | Sequence[str] = (),
        batch_size: int | None = None,
        epochs: int | None = None,
        max_bytes: float = MAX_BYTES,
        title: str | None = None,
        made: Mapping[str, Any] | None = None,
        resume: bool | str = False,
        overwrite: bool = False,
        queue_bytes: int | None = None,
        ranks: Any = ALL,
        timeout: float = TIMEOUT,
    ) -> None:
        self.model = unwrapped(model)
        self.path = local(path, "Recorder")
        check_plain(self.model)
        check_parallel(self.model)
        self._ranks = joined(ranks, str(path), timeout, bool(sharded_parts(self.model)))
        with self._ranks.guarded(last=True):
            asked = Asked(task, labels, targets, classes, names, splits, ids, images, columns)
            by = check_each(each, positions, bool(axes or output_axes))
            given = gather(inputs, asked, indices, ignore_index, by, batch_axis)
            reading = Reading(output, output_axes)
            fed = given.inputs.fed(forward, reading, self.model)
            check_dtype(dtype)
            chosen, self._axes = as_choice(layers), check_axes(axes)
            self._width = check_width(max_width if self._ranks.size == 1 else WHOLE, whole)
            if self._ranks.size > 1:  # one alone need not hash its inputs for it
                self._ranks.agree(inputs=fed.digest(), batch_size=batch_size)
            with alike(self.model, self._ranks):
                self._inputs, network = probed(self.model, fed, reading, given.trying)
                fit = min(len(self._inputs), BATCH_BYTES // (4 * network.widest))
                self._batch = batch_size or max(1, fit)
                few = self._inputs[: min(self._batch, KINDS_FROM)].to(device_of(self.model))
                outputs = first_outputs(self.model, few)
            check_alike(outputs, self._ranks)
            self._spread, asked, spread = spread_of(
                by, outputs, self._inputs, given.asked, ignore_index
            )
            outputs, of_points = self._spread.of_points(outputs, self._inputs)
            self._meaning = meaning_of(asked, network, outputs, of_points, reading)
            self._network, self._points = self._meaning.network, self._meaning.points
            weigh = weighing(self.model, self._network, self._spread.n, weights, epochs, max_bytes)
            plan = settled(chosen, lambda asked: self._plan(asked, dtype), weigh)
            self._table = weigh(plan)
            check_plan(self._table, lambda asked: self._plan(asked, dtype), weigh)
            self._sources = {source: name for name, source in plan.sources.items()}
            self._calls, self._kept, self._types = plan.calls, plan.kept, plan.dtypes
            self._parameters = parameters(self.model, self._network, weights, plan)
            self.left_out: tuple[LeftOut, ...] = plan.left_out
            self.renamed: Mapping[str, str] = plan.renamed
            notes = {**plan.notes(), **given.notes, **spread, **self._meaning.notes}
            values = values_of(self.model, self._parameters)
            want = Wanted(
                self._meaning,
                plan,
                {name: tuple(value.shape) for name, value in values.items()},
                self._inputs.digest(),
                signature(self.model),
                self._meaning.as_stored(outputs, of_points),
                title,
                {**notes, **self._inputs.notes, **(made or {})},
                self._spread.rows(self._batch),
            )
            self._start(want, batch_size, queue_bytes, resume=resume, overwrite=overwrite)
        if self._ranks.rank == 0:
            tell(plan, log)

    def _start(
        self, want: Wanted, batch_size: int | None, queue_bytes: int | None, **wish: Any
    ) -> None:
        writer = opened_by_first(self._ranks, self.path, want, **wish)
        self._batch = batch_size or (not self._spread.each and writer.rows) or self._batch
        self._open(writer, queue_bytes)
        self.layers = writer.run.layers
        self._wide = Widely(self.model, self._network.nodes, want.plan, writer.run)

    def plan(self) -> Table:
        """What is recorded, layer by layer, what is left out and why, and what an epoch weighs.

        Returns:
            A table that can be printed.
        """
        return self._table

    # long: half of it is what may be given, and what may be met
    def record(
        self,
        epoch: int | None = None,
        *,
        step: int | None = None,
        lr: float | None = None,
        loss: Any = None,
        accuracy: Any = None,
        class_loss: Any = None,
        class_accuracy: Any = None,
        made: Mapping[str, Any] | None = None,
    ) -> None:
        """Run the probe points through the network and add one epoch, or step, to the run.

        Where several ranks record, all call this with the same number; what the first gives besides is kept. An
        autocast around the call is not for the recording.

        It waits for the disk of the epoch before, and returns when the coming one has left the model; from then on
        the model may be changed. An error of the disk is told by the next call: of ``record``, which has then
        recorded nothing, ``wait`` or ``close``. Outputs that are not finite are told at once; layers that are not
        finite where outputs are, by the next call.

        Args:
            epoch: Its number, above all that are recorded; 0 is the untrained network.
            step: Likewise, in place of it: a step of the optimizer. A run goes by one of the two, as its first call.
            lr: Learning rate.
            loss: ``(train, test)``, ``{"train": ..., "test": ...}``, or one number, of the train
                split. When None it is that of the probe points, as their task has it; so is that of a split where
                one of the two is None.
            accuracy: Likewise.
            class_loss: Likewise with ``(k,)`` values in place of a number.
            class_accuracy: Likewise.
            made: Entries to set in the run's ``made``.

        Raises:
            EpochError: If the epoch is recorded already, or lies before the last; or it is a step and the run goes by
                epochs.
            NoRunError: If the run was deleted or moved meanwhile.
            NotFiniteError: If a layer holds NaN or infinity; it names layer and epoch, and the run
                stays as it was.
            NotWrittenError: If the disk is full, or took it not for another reason; the run stays as
                it was, and the same epoch can be recorded again.
            RunError: If the outputs are of another kind than those that the Recorder was made with,
                or it is closed.
        """
        with self._ranks.guarded():
            self._check_open()
            self._settle()
            unit, number = which(epoch, step)
            self._writer.index_by(unit)
            self._writer.check_next(number)
            given = given_measures(
                len(self._points.classes),
                {"loss": loss, "accuracy": accuracy},
                {"class_loss": class_loss, "class_accuracy": class_accuracy},
            )
            rate = float(storable(one_number(lr, "lr"), f"record: {unit} {number}, lr"))
            self._tell_epochs(**{unit: number})
            self._begun = True
            try:
                record_epoch(self, number, given, rate, made)
            except BaseException:  # an interrupt, too, may have come in a write
                self._undo()
                raise
            self._begun, self._handed = False, number

    def _forward(self, epoch: int) -> np.ndarray:
        """Write all hidden layers; return the outputs ``(n, k)`` float32."""
        return Passes(self, epoch).run()

    def _undo(self) -> None:
        """Give up the epoch that was begun, and what was seen of its wide layers."""
        self._wide.kept.forget()
        super()._undo()

    def _check_finite(self, outputs: np.ndarray) -> None:
        """Let the first layer that is not finite say so, if outputs are not."""
        if not finite(outputs) and (failed := self._pipeline.wait()) is not None:
            raise failed

    def _put_inputs(self, layer: Layer, start: int, inputs: Inputs, epoch: int) -> None:
        """Write the inputs of the examples from ``start`` on, whole numbers exactly."""
        tensor = self._spread.inputs(inputs.tensors[layer.name], layer.name, self._kept, start)
        self._put(layer, start, as_stored(tensor, self._types[layer.name]), epoch)

    def _put(self, layer: Layer, start: int, block: torch.Tensor | np.ndarray, epoch: int) -> None:
        """Let a layer's numbers ``(m, ...)`` of the examples from ``start`` on be written."""
        if len(block):
            self._pipeline.put(layer, self._spread.first(start), block, epoch)

    def _plan(self, layers: Layers, dtype: str) -> Plan:
        return make_plan(
            self._network,
            self.model,
            self._inputs.tensors,
            layers,
            ends=self._meaning.ends,
            dtype=dtype,
            axes=self._axes,
            spread=self._spread,
            padded=self._inputs.padded,
            max_width=self._width[0],
            whole=self._width[1],
        )
