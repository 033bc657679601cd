"""Which run a Recorder writes: a new one, one that goes on, or one that takes another's place.

A run that has epochs is neither continued nor replaced unless that was asked for; whoever starts a
script once more is told how to ask.
"""

from __future__ import annotations

import glob
import hashlib
import logging
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from torch import nn

from gt.files import durable
from gt.files.lock import Lock, living_writer
from gt.files.swap import put_in_place
from gt.record.planned import Plan
from gt.record.tasks import Meaning
from gt.record.unwrapped import plain_name
from gt.record.writing import check_same
from gt.run import Measures, Run, RunError, RunWriter, disk
from gt.run.begin import LOCK, title_of
from gt.run.measure import are_probabilities, softmax
from gt.run.task import BINARY, EPOCH, MULTILABEL

log = logging.getLogger(__name__)
ANYWAY = "anyway"  # what resume says of a model that cannot be told to be the same
NEAR = 0.01  # outputs that differ by less, as a share of the largest, are of the same state
SURE = 12.0  # logits whose shares float32 still tells from 0 and 1
LOOKED_AT = 64  # epochs, from the last back, that a model's outputs are compared with


@dataclass(frozen=True)
class Wanted:
    """What a Recorder would write.

    Attributes:
        meaning: Of the points and the outputs.
        plan: Layers.
        shapes: Of recorded parameters, by name.
        digest: Of the inputs.
        model: What tells the model from others, see `signature`.
        outputs: Of the first points, ``(m, k)``, as they would be stored now.
        title: As in `Recorder`.
        made: How it is made.
        rows: Points that go through the network together.
    """

    meaning: Meaning
    plan: Plan
    shapes: dict[str, tuple[int, ...]]
    digest: str
    model: dict[str, Any]
    outputs: np.ndarray
    title: str | None
    made: dict[str, Any]
    rows: int


def signature(model: nn.Module) -> dict[str, Any]:
    """What tells a model from others whose parameters have other names or shapes."""
    shapes = {plain_name(name): tuple(value.shape) for name, value in model.named_parameters()}
    text = "".join(f"{name!r} {shapes[name]}\n" for name in sorted(shapes))
    return {
        "parameters": len(shapes),
        "numbers": sum(int(np.prod(shape, dtype=np.int64)) for shape in shapes.values()),
        "digest": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    }


def _check_wish(resume: Any, overwrite: Any) -> None:
    """Raise unless ``resume`` and ``overwrite`` say one thing at most."""
    if resume not in (True, False, ANYWAY) or overwrite not in (True, False):
        raise RunError(
            f'Recorder: resume must be True, False or "{ANYWAY}" and overwrite True or False, got'
            f" {resume!r} and {overwrite!r}"
        )
    if resume and overwrite:
        raise RunError(
            "Recorder: resume goes on with a run and overwrite replaces it, only one of them can be"
            " asked for"
        )


def opened(path: Path, want: Wanted, *, resume: bool | str, overwrite: bool) -> RunWriter:
    """Make the run of a folder, go on with it, or make one that takes its place.

    Args:
        path: Of the run.
        want: What is to be recorded.
        resume: As in `Recorder`, as is the other.
        overwrite: Whether what is there is replaced, when the first epoch is there.

    Raises:
        RunError: If a run is there and nobody said what to do with it, or it is not of the same.
    """
    _check_wish(resume, overwrite)
    _restore(path)
    if not (path / "zarr.json").exists():
        return _created(RunWriter, path, want, want.title)
    there = disk.read_attributes(path)
    has, unit = there.get("epochs"), str(there.get("unit", EPOCH))
    if overwrite and has:
        return _Replacing.beside(path, want)
    if has and not resume:
        raise RunError(
            f"Recorder: {path} must be new, it is a run with {said(has, unit)} already; resume=True goes on"
            f" with it, overwrite=True replaces it as soon as the first {unit} is recorded; or choose"
            " another path"
        )
    writer = RunWriter(path)
    try:
        check_same(writer.run, want.meaning, want.plan, want.shapes, want.digest)
        if writer.epochs and resume != ANYWAY:
            _check_model(writer.run, path, want)
    except BaseException:
        writer.close()
        raise
    return writer


def _restore(path: Path) -> None:
    """Put back what whoever replaced it had put aside, and was killed before the new one was there."""
    if path.exists() or not path.parent.is_dir():
        return
    for aside in path.parent.glob(f".{glob.escape(path.name)}.old-*"):
        if (aside / "zarr.json").is_file():
            aside.rename(path)
            log.warning("Recorder: %s was being replaced when that was killed; it is back", path)
            return


def said(epochs: Sequence[int], unit: str = EPOCH) -> str:
    """Epochs, as they are spoken of."""
    return f"{unit} {epochs[0]}" if len(epochs) == 1 else f"{unit}s {epochs[0]} to {epochs[-1]}"


def _created(kind: type[RunWriter], path: Path, want: Wanted, title: str | None) -> RunWriter:
    return kind.create(
        path,
        want.meaning.points,
        want.plan.layers,
        weights=want.shapes,
        title=title,
        made=want.made,
        dtypes=want.plan.dtypes,
        rows=want.rows,
        digest=want.digest,
        model=want.model,
        graph=want.plan.graph,
        task=want.meaning.task,
        axes=want.meaning.axes,
    )


def _check_model(run: Run, path: Path, want: Wanted) -> None:
    """Ask about a model that is another than the one that was recorded, as far as can be told.

    Raises:
        RunError: If its parameters have other names or shapes, or its outputs are those of none of
            the last epochs.
    """
    there = disk.read_attributes(path).get("model")
    ask = f'resume="{ANYWAY}" goes on all the same, overwrite=True begins anew'
    if isinstance(there, Mapping) and dict(there) != want.model:
        was, now = (
            f"{one.get('parameters')} parameters with {one.get('numbers')} numbers"
            for one in (there, want.model)
        )
        what = f"it has {now}" + ("" if was != now else ", of other names or shapes")
        raise RunError(
            f"Recorder: {path} must go on with the model that was recorded, of {was}, {what}; {ask}"
        )
    epochs = run.epochs.tolist()
    like = next((e for e in _looked_at(len(epochs)) if _is_like(run, e, want.outputs)), None)
    if like is None:
        raise RunError(
            f"Recorder: {path} must go on with the model that was recorded, this one's outputs are"
            f" not those of {said(epochs, run.unit)}; load the checkpoint of {run.unit} {epochs[-1]} before the"
            f" Recorder is made; if the model has learned on since, or for another reason, {ask}"
        )
    if epochs[like] != epochs[-1]:
        log.warning(
            "Recorder: the model is as it was in %s %d, and %s has %s already; record takes only"
            " what comes behind them",
            run.unit,
            epochs[like],
            path,
            said(epochs, run.unit),
        )


def _looked_at(count: int) -> list[int]:
    """Places of epochs: the last ones backwards, then the first."""
    last = list(range(count - 1, max(-1, count - 1 - LOOKED_AT), -1))
    return last if 0 in last else [*last, 0]


def _is_like(run: Run, at: int, outputs: np.ndarray) -> bool:
    """Whether outputs ``(m, k)`` of the first points are those of a recorded epoch."""
    for name in ("logits", "softmax", "outputs"):
        if any(layer.name == name and layer.array for layer in run.layers):
            there = run.activations(name, at)[: len(outputs)].reshape(len(outputs), -1)
            break
    else:
        return True  # nothing is known of its outputs
    now = outputs.reshape(len(outputs), -1)
    if now.shape != there.shape:
        return False
    was, now = there.astype(np.float64), now.astype(np.float64)
    if now.shape[1] > 1 and are_probabilities(now):  # of logits, say, whose softmax is a module
        was = was if are_probabilities(was) else softmax(was)
        return bool(np.abs(was - now).max() <= NEAR)
    if run.task in (BINARY, MULTILABEL):  # of shares near 0 and 1 the logits are not known
        was, now = (np.clip(values, -SURE, SURE) for values in (was, now))
    elif now.shape[1] > 1:  # log-probabilities are logits, but for what a row has in common
        was, now = (values - values.mean(axis=1, keepdims=True) for values in (was, now))
    return bool(np.abs(was - now).max() <= NEAR * np.abs(was).max() + 1e-6)


class _Replacing(RunWriter):
    """Writes a run beside another, and takes its place when its first epoch is there.

    Until then the other is as it was, and nobody else writes into it.
    """

    _target: Path | None = None
    _old: Lock | None = None

    @classmethod
    def beside(cls, target: Path, want: Wanted) -> Self:
        """Begin one.

        Raises:
            LockedRunError: If somebody writes into what is there.
        """
        old = Lock(target / LOCK, f"record: {target}")
        try:
            for left in target.parent.glob(
                f".{glob.escape(target.name)}.new-*"
            ):  # by one that was killed
                if living_writer(left / LOCK) is None:
                    shutil.rmtree(left, ignore_errors=True)
            place = target.with_name(f".{target.name}.new-{uuid.uuid4().hex[:12]}")
            title = title_of(want.title, target)
            writer = _created(cls, place, want, title)
        except BaseException:
            old.release()
            raise
        assert isinstance(writer, cls)
        writer._target, writer._old = target, old
        return writer

    @property
    def place(self) -> Path:
        """Where people will find it."""
        return self._target or self.path

    def commit(self, epoch: int, measures: Measures, made: Mapping[str, Any] | None = None) -> None:
        """As of the writer; with its first epoch the run gets to its place."""
        super().commit(epoch, measures, made)
        if self._target is None or self._old is None:
            return
        durable.flush(self.path)
        self._lock.release()
        put_in_place(self.path, self._target)
        self._old.release()
        self.path, self._target, self._old = self._target, None, None
        self._lock = Lock(self.path / LOCK, f"record: {self.path}")
        self.moved()

    def close(self) -> None:
        """Let others write; what has no epoch yet takes nobody's place."""
        super().close()
        if self._old is not None:
            shutil.rmtree(self.path, ignore_errors=True)
            self._old.release()
