"""Record any ``torch.nn.Module`` while it learns.

What makes this safe to put into someone's training loop: the model is left exactly as it was found
(modes, random states, hooks), the memory needed does not grow with the number of layers (a layer is
written as soon as it has been computed, batch by batch), and an epoch is part of the run only when
all of it is on disk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from gt.data import EpochError, Layer, Points, RunError, RunWriter, ShapeError
from gt.data.measure import are_probabilities, measure, pair
from gt.data.points import check_points
from gt.record.probe import Network, first_tensor, hooked, named, probe, undisturbed

BATCH_BYTES = (
    64 * 2**20
)  # of the widest layer in float32: how many points go through the network together
PROBES = 3  # points that the network is listed with; few layers have 3 rows by chance
WEIGHTED = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d)


class Recorder:
    """Append what a network does with its probe points to a run, epoch by epoch.

    Use it as a context manager::

        with gt.record.Recorder(model, "runs/mine", inputs=x, labels=y, layers="all") as rec:
            rec.record(0)
            for epoch in range(1, 100):
                train(model)
                rec.record(epoch, lr=0.01)

    A run of the same probe points and layers that is there already is continued: ``rec.epochs``
        says what it has.

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
        layers: str | Iterable[str] = "outputs",
        weights: bool | Iterable[str] | None = None,
        dtype: str = "float16",
        batch_size: int | None = None,
        title: str | None = None,
        made: Mapping[str, Any] | None = None,
    ) -> None:
        self.model = model
        self.path = Path(path)
        self._inputs = torch.as_tensor(inputs)
        n = len(self._inputs)
        if np.shape(labels) != (n,):
            raise ShapeError(
                f"Recorder: labels must have shape ({n},), one for each of the inputs, got"
                f" {np.shape(labels)}"
            )
        if n == 0:
            raise ShapeError("Recorder: there must be at least one input, got none")
        if isinstance(layers, str) and layers not in ("outputs", "all"):
            raise RunError(
                f'Recorder: layers must be "outputs", "all" or a list of names, got {layers!r}'
            )
        if dtype not in ("float16", "float32"):
            raise RunError(f'Recorder: dtype must be "float16" or "float32", got {dtype!r}')
        wanted = None if isinstance(layers, str) else tuple(layers)
        few = self._inputs[:PROBES].to(self._device())
        self._network = probe(model, few, wanted or ())
        points = check_points(
            n,
            self._network.width,
            _array(labels),
            classes=classes,
            splits=_array(splits),
            ids=_array(ids),
            images=_array(images),
            where="Recorder",
        )
        self._batch = batch_size or max(1, min(n, BATCH_BYTES // (4 * self._network.widest)))
        self._logits_of = self._has_logits(few)
        plan = self._plan(layers, wanted)
        parameters = self._parameters(weights, plan)
        digest = _digest(self._inputs)
        if (self.path / "zarr.json").exists():
            self._writer = self._continue(points, plan, parameters, digest)
        else:
            self._writer = RunWriter.create(
                self.path,
                points,
                plan,
                weights=parameters,
                title=title,
                made=made,
                dtypes={x.name: dtype for x in plan if not _is_output(x)},
                rows=self._batch,
                digest=digest,
            )
        self.layers = self._writer.run.layers
        self._parameter_names = tuple(parameters)
        self._points = points

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left to do: each epoch is on disk when ``record`` returns."""

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
            NotFiniteError: If a layer holds NaN or infinity; it names layer and epoch, and the run
                stays as it was.
        """
        if isinstance(epoch, bool) or int(epoch) != epoch:
            raise EpochError(f"record: epoch must be a whole number, got {epoch!r}")
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
        with undisturbed(self.model):
            outputs = self._forward(epoch)
        name = "logits" if self._logits_of else "softmax"
        self._writer.put(self._writer.run.layer(name), 0, outputs, epoch)
        for parameter in self._parameter_names:
            value = self.model.get_parameter(parameter).detach()
            self._writer.put_weight(parameter, _numpy(value), epoch)
        measured = measure(outputs, not self._logits_of, self._points.labels, self._points.splits)
        rate = float("nan") if lr is None else float(lr)
        self._writer.commit(epoch, replace(measured, **given, lr=rate), made)

    def _forward(self, epoch: int) -> np.ndarray:
        """Write all hidden layers; return the outputs ``(n, k)`` float32."""
        hidden = {x.name: x for x in self.layers if not _is_output(x) and x.kind != "Input"}
        first = next((x for x in self.layers if x.kind == "Input"), None)
        modules = named(self.model, tuple(str(x.module) for x in hidden.values()))
        softmax = self._network.softmax
        ends = named(self.model, (softmax,)) if softmax else {}
        outputs: list[np.ndarray] = []
        device = self._device()
        for start in range(0, len(self._inputs), self._batch):
            x = self._inputs[start : start + self._batch]
            if first is not None and not self.epochs:
                self._writer.put(first, start, _numpy(x), epoch)
            found: dict[str, torch.Tensor] = {}
            seen: set[str] = set()

            def see(
                name: str,
                key: str,
                module: nn.Module,
                inputs: tuple[Any, ...],
                output: Any,
                start: int = start,
                x: torch.Tensor = x,
                found: dict[str, torch.Tensor] = found,
                seen: set[str] = seen,
            ) -> None:
                if name == softmax:
                    found["logits"] = inputs[0].clone()
                if name in hidden:
                    tensor = first_tensor(output)
                    if tensor is None or tensor.shape[:1] != x.shape[:1]:
                        raise ShapeError(
                            f"record: epoch {epoch}, layer {name!r} must give a tensor with a row"
                            " for each point, it did not"
                        )
                    seen.add(name)
                    self._writer.put(hidden[name], start, _numpy(tensor), epoch)

            with hooked({**modules, **ends}, see):
                out = first_tensor(self.model(x.to(device)))
            missing = [name for name in hidden if name not in seen]
            if missing or out is None:
                raise ShapeError(
                    f"record: epoch {epoch}, layer {(missing or ['output'])[0]!r} must be computed"
                    " in every forward"
                    " pass, it was not; leave it out of layers"
                )
            outputs.append(_numpy(found.get("logits", out)))
        return np.concatenate(outputs)

    def _has_logits(self, few: torch.Tensor) -> bool:
        """Whether logits can be had: the outputs are such, or come out of a softmax module."""
        if self._network.softmax:
            return True
        with undisturbed(self.model):
            many = self._inputs[: min(len(self._inputs), self._batch, 64)].to(few.device)
            out = first_tensor(self.model(many))
        return out is None or not are_probabilities(_numpy(out))

    def _plan(self, layers: str | Iterable[str], wanted: tuple[str, ...] | None) -> list[Layer]:
        network = self._network
        plan = []
        if layers == "all":
            shape = tuple(self._inputs.shape[1:])
            plan.append(Layer("input", "Input", shape, constant=True))
        names = _wanted_calls(network, wanted) if wanted is not None else None
        for call in network.calls:
            if call.name in (network.logits, network.softmax):
                continue
            if layers == "outputs" or (names is not None and call.name not in names):
                continue
            if names is None and _has_parts(self.model, call.module):
                continue
            if call.shape is None:
                if names is None:
                    continue
                raise ShapeError(
                    f"Recorder: layer {call.name!r} must give a tensor with a row for each point,"
                    " it does not"
                )
            plan.append(
                Layer(call.name, call.kind, call.shape, module=call.module, config=call.config)
            )
        k = (network.width,)
        if self._logits_of:
            made_by = next((c for c in network.calls if c.name == network.logits), None)
            plan.append(
                Layer(
                    "logits",
                    made_by.kind if made_by else "Logits",
                    k,
                    module=made_by.module if made_by else None,
                    config=made_by.config if made_by else {},
                )
            )
            plan.append(Layer("softmax", "Softmax", k, module=network.softmax, softmax_of="logits"))
        else:
            plan.append(Layer("softmax", "Softmax", k))
        return plan

    def _parameters(
        self, weights: bool | Iterable[str] | None, plan: list[Layer]
    ) -> dict[str, tuple[int, ...]]:
        if weights is False or (weights is None and all(_is_output(x) for x in plan)):
            return {}
        chosen: dict[str, nn.Module]
        if weights is True or weights is None:
            called = tuple(dict.fromkeys(c.module for c in self._network.calls))
            chosen = {n: m for n, m in named(self.model, called).items() if isinstance(m, WEIGHTED)}
            if weights is None:
                planned = {x.module for x in plan}
                chosen = {n: m for n, m in chosen.items() if n in planned}
        else:
            chosen = named(self.model, tuple(weights))
        return {
            ("" if name == "model" else f"{name}.") + part: tuple(value.shape)
            for name, module in chosen.items()
            for part, value in module.named_parameters()
        }

    def _continue(
        self,
        points: Points,
        plan: list[Layer],
        parameters: dict[str, tuple[int, ...]],
        digest: str,
    ) -> RunWriter:
        writer = RunWriter(self.path)
        run = writer.run
        there = [(x.name, x.shape) for x in run.layers]
        same = {
            "inputs": run.inputs_digest == digest,
            "labels": np.array_equal(run.labels, points.labels),
            "ids": np.array_equal(run.ids, points.ids),
            "splits": np.array_equal(run.splits, points.splits),
            "classes": run.classes == points.classes,
            "layers": there == [(x.name, x.shape) for x in plan],
            "weights": {w.name: w.shape for w in run.weight_list} == parameters,
        }
        for what, equal in same.items():
            if not equal:
                raise RunError(
                    f"Recorder: {self.path} is a run with other {what}; only the same can be"
                    " continued,"
                    " choose another path"
                )
        return writer

    def _device(self) -> torch.device:
        first = next(self.model.parameters(), None)
        return first.device if first is not None else torch.device("cpu")


def _wanted_calls(network: Network, wanted: tuple[str, ...]) -> set[str]:
    """Names of calls: a module's name stands for all its calls."""
    called = {c.name for c in network.calls} | {c.module for c in network.calls}
    for name in wanted:
        if name not in called:
            raise RunError(
                f"Recorder: layer {name!r} must be called in the forward pass, it was not; called"
                " were"
                f" {', '.join(c.name for c in network.calls)}"
            )
    return {c.name for c in network.calls if c.name in wanted or c.module in wanted}


def _has_parts(model: nn.Module, name: str) -> bool:
    return name != "model" and any(model.get_submodule(name).children())


def _is_output(layer: Layer) -> bool:
    return layer.name in ("logits", "softmax")


def _array(value: Any) -> Any:
    return _numpy(value) if isinstance(value, torch.Tensor) else value


def _numpy(tensor: torch.Tensor) -> np.ndarray:
    """As numpy on the CPU; types that numpy lacks (bfloat16) become float32."""
    found = tensor.detach().cpu()
    if found.dtype in (torch.bfloat16, torch.float64):
        found = found.float()
    return found.resolve_conj().resolve_neg().numpy()


def _digest(inputs: torch.Tensor) -> str:
    found = hashlib.sha256(f"{tuple(inputs.shape)} {inputs.dtype}".encode())
    for start in range(0, len(inputs), 1000):
        found.update(np.ascontiguousarray(_numpy(inputs[start : start + 1000])).tobytes())
    return found.hexdigest()
