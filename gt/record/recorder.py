"""Record any ``torch.nn.Module`` while it learns.

What makes this safe to put into someone's training loop: the model is left exactly as it was found
(modes, random states, hooks), the memory needed does not grow with the number of layers (a layer is
written as soon as it has been computed, batch by batch), and an epoch is part of the run only when
all of it is on disk.
"""

from __future__ import annotations

import logging
import os
import weakref
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from gt.files.place import local
from gt.record.batch import Batch, not_computed
from gt.record.choose import Layers, as_choice
from gt.record.hooks import first_tensor, named, undisturbed
from gt.record.meaning import check_ending, check_inputs, check_kind, check_labels, check_task
from gt.record.numbers import (
    as_numpy,
    as_stored,
    digest,
    one_number,
    whole_epoch,
)
from gt.record.planned import LeftOut, Plan, make_plan, parameters, value_of
from gt.record.probe import first_outputs, probe
from gt.record.watch import Watch
from gt.record.writing import check_same, writing
from gt.run import Layer, RunError, RunWriter
from gt.run.measure import kind_of_outputs, measure, pair, storable
from gt.run.points import check_points

log = logging.getLogger(__name__)
BATCH_BYTES = (
    64 * 2**20
)  # of the widest layer in float32: how many points go through the network together
PROBES = 3  # points that the network is listed with; few layers have 3 rows by chance
TOLD = 8  # layers that are left out, named one by one in the log
KINDS_FROM = 64  # points whose outputs say what kind they are, at most


class Recorder:
    """Append what a network does with its probe points to a run, epoch by epoch.

    Use it as a context manager::

        with gt.record.Recorder(model, "runs/mine", inputs=x, labels=y, layers="all") as rec:
            rec.record(0)
            for epoch in range(1, 100):
                train(model)
                rec.record(epoch, lr=0.01)

    A run of the same probe points and layers that is there already is continued: ``rec.epochs``
    says what it has. One Recorder at a time writes into a run: a second is refused until the first
    is closed, by ``close``, at the end of ``with``, when nothing refers to it, or with its process.

    The model is one for classes that exclude each other: what is known to be something else
    (sigmoids, reconstructions) is refused. A compiled model is recorded as it was written.

    Attributes:
        model: What is recorded, without what compiled it.
        path: Folder of the run.
        layers: What the run has of it.
        left_out: ``(name, kind, reason)`` of each layer that ``layers="all"`` called for and that
            cannot be recorded; it is logged once, and kept in the run's ``made``.
        renamed: The model's names of hidden layers that go by another, by that other: "softmax" by
            "softmax (hidden)", as outputs alone are called "logits" and "softmax".

    Args:
        model: Maps ``(n, ...)`` to ``(n, k)``: logits, or probabilities out of an ``nn.Softmax``.
        path: Folder of the run.
        inputs: ``(n, ...)`` tensor or array; it is moved to the model's device batch by batch.
        labels: ``(n,)`` in ``[0, k)``.
        classes: k names.
        splits: ``(n,)`` 0 = train, 1 = test, or "train" and "test"; all train when None.
        ids: ``(n,)`` unique whole numbers; 0, 1, ... when None.
        images: ``(n, h, w[, 1 or 3])`` uint8, to be shown.
        layers: "outputs" (logits and softmax), "all" (every innermost module, and the input), or
            names of modules. A module that is called again within one forward pass is recorded
            again, as "name:2", "name:3", ...
        weights: Record the parameters of linear and convolution layers, each epoch: True, False, or
            names of modules. None means those of the recorded layers.
        dtype: How hidden layers are stored; "float16" or "float32". Outputs are stored in float32.
        batch_size: Points that go through the network together; chosen from the widest layer when
            None.
        title: For people; made from the folder's name when None.
        made: How the run is made; anything JSON can hold.

    Raises:
        RunError: One of its classes: for arrays that do not fit, a folder that is something else, a
            model whose output is not ``(n, k)`` or that has no module of a name.
    """

    def __init__(
        self,
        model: nn.Module,
        path: str | Path,
        *,
        inputs: Any,
        labels: Any,
        classes: Sequence[str] | None = None,
        splits: Any = None,
        ids: Any = None,
        images: Any = None,
        layers: Any = "outputs",
        weights: bool | Iterable[str] | None = None,
        dtype: str = "float16",
        batch_size: int | None = None,
        title: str | None = None,
        made: Mapping[str, Any] | None = None,
    ) -> None:
        self.model: nn.Module = getattr(model, "_orig_mod", model)
        self.path = local(path, "Recorder")
        _check_plain(self.model)
        self._inputs = check_inputs(inputs)
        n = len(self._inputs)
        check_labels(_array(labels), n)
        _check_dtype(dtype)
        chosen = as_choice(layers)
        few = self._inputs[:PROBES].to(self._device())
        self._network = probe(self.model, few)
        self._batch = batch_size or max(1, min(n, BATCH_BYTES // (4 * self._network.widest)))
        outputs = first_outputs(
            self.model, self._inputs[: min(n, self._batch, KINDS_FROM)].to(few.device)
        )
        check_ending(self._network, outputs, classes)
        self._points = check_points(
            n,
            self._network.width,
            _array(labels),
            classes=classes,
            splits=_array(splits),
            ids=_array(ids),
            images=_array(images),
            where="Recorder",
        )
        check_task(self._network, outputs, self._inputs, self._points.labels, classes)
        ended = self._network.softmax is not None
        self._kind = "logits" if ended else kind_of_outputs(outputs).replace("shares", "logits")
        self._logits_of = self._kind != "probabilities"
        plan = self._plan(chosen, dtype)
        self._sources = {source: name for name, source in plan.sources.items()}
        self._calls = plan.calls
        self._types = plan.dtypes
        self._parameters = parameters(self.model, self._network, weights, plan)
        self.left_out: tuple[LeftOut, ...] = plan.left_out
        self.renamed: Mapping[str, str] = plan.renamed
        self._warn()
        with writing(self.path, (), None):
            self._writer = self._open(plan, title, {**plan.notes(), **(made or {})})
        self._release = weakref.finalize(self, _close, self._writer, os.getpid())
        self.layers = self._writer.run.layers

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        """Close it; each epoch was on disk when ``record`` returned."""
        self.close()

    def close(self) -> None:
        """Let others record into the run; done again, nothing happens."""
        self._release()

    @property
    def epochs(self) -> tuple[int, ...]:
        """The epochs that are recorded."""
        return self._writer.epochs

    def record(
        self,
        epoch: int,
        *,
        lr: float | None = None,
        loss: Any = None,
        accuracy: Any = None,
        class_loss: Any = None,
        class_accuracy: Any = None,
        made: Mapping[str, Any] | None = None,
    ) -> None:
        """Run the probe points through the network and add one epoch to the run.

        Args:
            epoch: Its number, above all that are recorded; 0 is the untrained network.
            lr: Learning rate.
            loss: ``(train, test)``, ``{"train": ..., "test": ...}``, or one number, of the train
                split. When None it is the mean cross-entropy (nats) of the probe points.
            accuracy: Likewise.
            class_loss: Likewise with ``(k,)`` values in place of a number.
            class_accuracy: Likewise.
            made: Entries to set in the run's ``made``.

        Raises:
            EpochError: If the epoch is recorded already, or lies before the last.
            NoRunError: If the run was deleted or moved meanwhile.
            NotFiniteError: If a layer holds NaN or infinity; it names layer and epoch, and the run
                stays as it was.
            NotWrittenError: If the disk is full, or took it not for another reason; the run stays as
                it was, and the same epoch can be recorded again.
            RunError: If the outputs are of another kind than those that the Recorder was made with,
                or it is closed.
        """
        if not self._release.alive:
            raise RunError(
                f"record: the Recorder of {self.path} must be open, it was closed; make a new one, which"
                " goes on with the run"
            )
        epoch = whole_epoch(epoch)
        self._writer.check_next(epoch)
        k = len(self._points.classes)
        given = {}
        for name, value, tail in (
            ("loss", loss, ()),
            ("accuracy", accuracy, ()),
            ("class_loss", class_loss, (k,)),
            ("class_accuracy", class_accuracy, (k,)),
        ):
            if value is not None:
                given[name] = pair(value, name, "record", tail)
        rate = float(storable(one_number(lr, "lr"), f"record: epoch {epoch}, lr"))
        try:
            self._record(epoch, given, rate, made)
        except BaseException:  # an interrupt, too, may have come in the middle of a write
            self._forget()
            raise

    def _forget(self) -> None:
        """Go back to what is on disk; where that cannot be read any more, no further epoch is taken."""
        try:
            self._writer.forget()
        except (OSError, RunError) as error:
            log.warning("Recorder: %s cannot be read any more, it is closed: %s", self.path, error)
            self.close()

    def _record(
        self, epoch: int, given: dict[str, Any], lr: float, made: Mapping[str, Any] | None
    ) -> None:
        with undisturbed(self.model):
            outputs = self._forward(epoch)
        if self._network.softmax is None and not self._network.log_of_softmax:
            check_kind(self._kind, outputs, epoch)
        self._put(
            self._writer.run.layer("logits" if self._logits_of else "softmax"), 0, outputs, epoch
        )
        for name, value in self._values().items():
            with writing(self.path, self.epochs, epoch):
                self._writer.put_weight(name, as_numpy(value), epoch)
        points, where = self._points, f"record: epoch {epoch}"
        measured = measure(outputs, not self._logits_of, points.labels, points.splits, where)
        with writing(self.path, self.epochs, epoch):
            self._writer.commit(epoch, replace(measured, **given, lr=lr), made)

    def _forward(self, epoch: int) -> np.ndarray:
        """Write all hidden layers; return the outputs ``(n, k)`` float32."""
        first = next((x for x in self.layers if x.kind == "Input"), None)
        ends = (self._network.logits, self._network.softmax)
        watched = {*self._sources, *(one.source for one in ends if one is not None)}
        outputs: list[np.ndarray] = []
        device = self._device()
        for start in range(0, len(self._inputs), self._batch):
            x = self._inputs[start : start + self._batch]
            if first is not None and not self.epochs:
                self._put_inputs(first, start, x, epoch)
            batch = Batch(self, epoch, start, len(x))
            with Watch(self.model, watched, batch.see) as watch:
                out = first_tensor(self.model(x.to(device)))
            missing = [name for name in self._sources.values() if name not in batch.seen]
            if missing or out is None:
                noted = self._network.decisions or watch.decisions
                raise not_computed(epoch, (missing or ["output"])[0], noted)
            if self._network.log_of_softmax:
                check_kind(self._kind, as_numpy(out), epoch)
            outputs.append(as_numpy(out if batch.logits is None else batch.logits))
        return np.concatenate(outputs)

    def _values(self) -> dict[str, torch.Tensor]:
        """The parameters that are recorded, as they are now."""
        modules = named(self.model, tuple(module for module, _ in self._parameters.values()))
        return {
            name: value_of(modules[module], part)
            for name, (module, part) in self._parameters.items()
        }

    def _put_inputs(self, layer: Layer, start: int, inputs: torch.Tensor, epoch: int) -> None:
        """Write inputs ``(m, ...)`` of the points from ``start`` on, whole numbers exactly."""
        self._put(layer, start, as_stored(inputs, self._types["input"]), epoch)

    def _put(self, layer: Layer, start: int, block: np.ndarray, epoch: int) -> None:
        with writing(self.path, self.epochs, epoch):
            self._writer.put(layer, start, block, epoch)

    def _plan(self, layers: Layers, dtype: str) -> Plan:
        return make_plan(
            self._network, self.model, self._inputs, layers, outputs=self._kind, dtype=dtype
        )

    def _warn(self) -> None:
        """Log what is not recorded, and what goes by another name."""
        if self.left_out:
            what = [f"{one.name} ({one.kind}): {one.reason}" for one in self.left_out[:TOLD]]
            more = len(self.left_out) - len(what)
            what += [f"and {more} more, see left_out"] if more else []
            log.warning("Recorder: left out of the recording: %s", "; ".join(what))
        for name, own in self.renamed.items():
            log.warning("Recorder: the hidden layer %r is recorded as %r", own, name)

    def _open(self, plan: Plan, title: str | None, made: dict[str, Any]) -> RunWriter:
        """Make the run, or go on with it."""
        shapes = {name: tuple(value.shape) for name, value in self._values().items()}
        same = digest(self._inputs)
        if (self.path / "zarr.json").exists():
            writer = RunWriter(self.path)
            try:
                check_same(writer.run, self._points, plan, shapes, same)
            except BaseException:
                writer.close()
                raise
        else:
            writer = RunWriter.create(
                self.path,
                self._points,
                plan.layers,
                weights=shapes,
                title=title,
                made=made,
                dtypes=plan.dtypes,
                rows=self._batch,
                digest=same,
                graph=plan.graph,
            )
        return writer

    def _device(self) -> torch.device:
        first = next(self.model.parameters(), None)
        return first.device if first is not None else torch.device("cpu")


def _close(writer: RunWriter, pid: int) -> None:
    if os.getpid() == pid:  # a forked child has a copy of the recorder, and nothing to close
        writer.close()


def _check_plain(model: nn.Module) -> None:
    """Refuse scripted and traced modules, into which no hook sees."""
    for name, module in model.named_modules():
        if isinstance(module, torch.jit.ScriptModule):
            what = f"part {name!r} of the model" if name else "the model"
            raise RunError(
                f"Recorder: {what} must be a plain module, it is scripted or traced"
                f" ({type(module).__name__}), and what it calls cannot be seen; record the module that it"
                " was made from"
            )


def _check_dtype(dtype: str) -> None:
    if dtype not in ("float16", "float32"):
        raise RunError(f'Recorder: dtype must be "float16" or "float32", got {dtype!r}')


def _array(value: Any) -> Any:
    return as_numpy(value) if isinstance(value, torch.Tensor) else value
