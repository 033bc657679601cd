"""Recording an attack as a run: its epochs are the steps, and points that stand still are seen beside the attacked.

The attacked points come first, and the others fill chunks of their own, which are the same in all steps: from the
second step on these are not computed again, and their files are one and the same file (hard links), where the
system has such.
"""

from __future__ import annotations

import os
import platform
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
import zarr
from torch import nn
from zarr.codecs import BloscCname, BloscCodec, BloscShuffle, Crc32cCodec

import gt
from gt.attack.steps import Progress, attack
from gt.kept.attack import FOLDER, KEY, WHOLE, AttackRecipe
from gt.record.choose import Layers
from gt.record.hooks import hooked, leaves
from gt.record.numbers import as_numpy
from gt.record.places import MORE
from gt.record.planned import Plan
from gt.record.probe import probe
from gt.record.recorder import BATCH_BYTES, Recorder
from gt.run import ForeignStoreError, Layer, Run, RunError, ShapeError, disk, open_run

FORMAT = "grand-tour-attack"
VERSION = 1
LEAST_ROWS = 64  # points in a chunk: many tiny files would cost more than they save
ANY_WIDTH = 2**40  # values of a layer up to which it is kept whole


@dataclass(frozen=True)
class Examples:
    """Points to be attacked, or to be seen beside them.

    Attributes:
        inputs: ``(n, ...)`` float32, as the model takes them.
        labels: ``(n,)`` int64, true classes.
        ids: ``(n,)`` int64, unique.
        images: ``(n, h, w, c)`` uint8, or None.
    """

    inputs: torch.Tensor
    labels: np.ndarray
    ids: np.ndarray
    images: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.labels)


# long: an attack has many arguments, each with its description
def record_attack(
    model: nn.Module,
    path: str | Path,
    recipe: AttackRecipe,
    *,
    attacked: Examples,
    clean: Examples | None = None,
    classes: tuple[str, ...],
    low: torch.Tensor | float,
    high: torch.Tensor | float,
    split: str = "test",
    layers: str | tuple[str, ...] = "all",
    dtype: str = "float32",
    title: str | None = None,
    of: Mapping[str, Any] | None = None,
    made: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Run:
    """Attack points and record every step, from 0, before anything has moved.

    An attack that is there already and was stopped goes on: what is random has a seed, so its steps come out the same
    again, and those that are recorded are left as they are.

    Args:
        model: Maps ``(n, ...)`` to ``(n, k)``; left as it was found.
        path: Folder of the run.
        recipe: What to do; its count and clean must be those of the examples.
        attacked: Who is attacked.
        clean: Who stands still.
        classes: The k class names.
        low: What a pixel of 0 is in the model's units, see `attack`.
        high: What a pixel of 1 is.
        split: What the points are of, "train" or "test".
        layers: As in ``Recorder``.
        dtype: As in ``Recorder``.
        title: For people.
        of: Whom the attack is on, for the reader: ``run``, ``uid``, ``epoch``.
        made: Further entries of the run's ``made``.
        progress: As in `attack`; also told while a step is recorded.
        cancelled: As in `attack`; the steps that were recorded by then stay.

    Returns:
        The run with the steps that were recorded.

    Raises:
        RunError: For examples that do not fit, or a folder that holds something else.
    """
    path = Path(path)
    _fit(recipe, attacked, clean, classes)
    stored = {"version": VERSION, **recipe.to_json(), "of": dict(of or {})}
    if (path / "zarr.json").exists() and open_run(path).made.get(KEY) != stored:
        raise ForeignStoreError(
            f"{path} is another run already; choose another --out, or remove it", by="attack"
        )
    told = progress or (lambda done, total, what: None)
    aim = -1 if recipe.target is None else classes.index(recipe.target)
    targets = np.full(len(attacked), aim, np.int64)
    both = attacked if clean is None or not len(clean) else _joined(attacked, clean)
    recorder = _StepRecorder(
        model,
        path,
        moving=len(attacked),
        tell=lambda step, name: told(step, recipe.steps, f"step {step}: recording {name}"),
        inputs=both.inputs,
        labels=both.labels,
        classes=classes,
        splits=np.full(len(both), int(split == "test")),
        ids=both.ids,
        images=both.images,
        layers=layers,
        dtype=dtype,
        max_width=ANY_WIDTH,  # an attack is followed in the very values
        batch_size=_rows(model, both.inputs, len(attacked)),
        title=title,
        resume="anyway",  # its recipe is the same, and points have moved since
        made={**_made(model), **(made or {}), KEY: stored},
    )
    change = _attack_group(path, attacked, targets)
    steps = attack(
        model,
        attacked.inputs,
        torch.from_numpy(attacked.labels),
        None if recipe.target is None else torch.from_numpy(targets),
        recipe,
        low=low,
        high=high,
        rng=np.random.default_rng(recipe.seed),
        progress=progress,
        cancelled=cancelled,
    )
    scale = torch.as_tensor(high) - torch.as_tensor(low)
    moved = ((there, as_numpy((there - attacked.inputs) / scale)) for there in steps)
    _record_steps(recorder, change, moved, recipe.epsilon)
    return open_run(path)


def _record_steps(
    recorder: _StepRecorder,
    change: zarr.Array,
    steps: Iterable[tuple[torch.Tensor, np.ndarray]],
    epsilon: float,
) -> None:
    """Record where the points are in each step, and by how many pixels they have moved, unless it is there."""
    started = time.monotonic()
    before = np.zeros(change.shape[1:], np.int16)
    with recorder:
        for step, (there, moved) in enumerate(steps):
            now = _in_units(moved, epsilon, change.shape[1:])
            # may wrap around, and does so back when it is summed up
            difference, before = now - before, now
            if step in recorder.epochs:
                continue
            change.resize((step + 1, *change.shape[1:]))
            change[step] = difference
            recorder.move(there)
            recorder.record(step, made={"attack_seconds": round(time.monotonic() - started, 1)})


class _StepRecorder(Recorder):
    """Records points of which the first ones move between the epochs, in what they put in as well.

    Args:
        moving: How many move.
        tell: Is told the epoch and the name of each layer that is recorded.
        given: As for `Recorder`.
    """

    def __init__(
        self,
        model: nn.Module,
        path: Path,
        *,
        moving: int,
        tell: Callable[[int, str], None],
        **given: Any,
    ) -> None:
        super().__init__(model, path, **given)
        self._tell = tell
        self._inputs = self._inputs.clone()
        self._moving = moving

    def move(self, inputs: torch.Tensor) -> None:
        """Put the moving points elsewhere; ``inputs`` ``(moving, ...)``."""
        self._inputs[: self._moving] = inputs

    @cached_property
    def _still(self) -> np.ndarray:
        """Outputs of the points behind the chunk of the moving ones, as in the first epoch."""
        name = self._meaning.stored
        return open_run(self.path).activations(name, 0)[self._rows :]

    @property
    def _rows(self) -> int:
        """Points in the chunks that are computed in each epoch."""
        return -(-self._moving // self._batch) * self._batch

    def _plan(self, layers: Layers, dtype: str) -> Plan:
        plan = super()._plan(layers, dtype)
        return replace(plan, layers=tuple(replace(one, constant=False) for one in plan.layers))

    def _forward(self, epoch: int) -> np.ndarray:
        with hooked(leaves(self.model), lambda name, *_: self._tell(epoch, name)):
            return self._all(epoch) if not self.epochs else self._moved(epoch)

    def _all(self, epoch: int) -> np.ndarray:
        return super()._forward(epoch)

    def _moved(self, epoch: int) -> np.ndarray:
        whole = self._inputs
        self._inputs = whole[: self._rows]
        try:
            for layer in self.layers:
                if layer.kind == "Input":
                    for start in range(0, len(self._inputs), self._batch):
                        part = self._inputs[start : start + self._batch]
                        self._put_inputs(layer, start, part, epoch)
            moved = self._all(epoch)
        finally:
            self._inputs = whole
        if len(whole) <= self._rows:
            return moved
        for layer in self.layers:
            if layer.array and layer.name not in ("logits", "softmax"):
                self._repeat(layer)
        return np.concatenate([moved, self._still])

    def _repeat(self, layer: Layer) -> None:
        """Let the chunks of the points that stand still be those of the first epoch."""
        array = disk.get_array(zarr.open_group(self.path, mode="r"), str(layer.array), "record")
        folder, tail = self.path / array.path, (0,) * len(layer.shape)
        chunks = -(-len(self._inputs) // array.chunks[1])
        for chunk in range(self._rows // array.chunks[1], chunks):
            first, now = (
                folder / array.metadata.encode_chunk_key((epoch, chunk, *tail))
                for epoch in (0, len(self.epochs))
            )
            beside = now.with_name(f"{now.name}.partial")
            now.parent.mkdir(parents=True, exist_ok=True)
            beside.unlink(missing_ok=True)
            try:
                os.link(first, beside)
            except OSError:  # a file system without hard links
                shutil.copyfile(first, beside)
            os.replace(beside, now)
            beside.unlink(
                missing_ok=True
            )  # replacing a link by another to the same file does nothing


def _fit(
    recipe: AttackRecipe, attacked: Examples, clean: Examples | None, classes: tuple[str, ...]
) -> None:
    recipe.check(classes)
    still = 0 if clean is None else len(clean)
    if (len(attacked), still) != (recipe.count, recipe.clean):
        raise ShapeError(
            f"the recipe says {recipe.count} attacked and {recipe.clean} clean points, got"
            f" {len(attacked)} and {still}",
            by="attack",
        )
    for name, wrong in (("source", False), ("target", True)):
        value = getattr(recipe, name)
        if value is None:
            continue
        among = attacked.labels == classes.index(value)
        if (among if wrong else ~among).any():
            what = "none" if wrong else "all"
            raise RunError(
                f"{what} of the attacked points must be of the {name} {value!r}", by="attack"
            )


def _joined(a: Examples, b: Examples) -> Examples:
    images = None
    if a.images is not None and b.images is not None:
        images = np.concatenate([a.images, b.images])
    return Examples(
        torch.cat([a.inputs, b.inputs]),
        np.concatenate([a.labels, b.labels]),
        np.concatenate([a.ids, b.ids]),
        images,
    )


def _rows(model: nn.Module, inputs: torch.Tensor, moving: int) -> int:
    """Points that go through the network together, and lie in one chunk: all that move, if they are not too large."""
    first = next(model.parameters(), None)
    few = inputs[:MORE].to(first.device if first is not None else inputs.device)
    most = max(1, BATCH_BYTES // (4 * probe(model, few).widest))
    return min(len(inputs), most, max(moving, LEAST_ROWS))


def _attack_group(path: Path, attacked: Examples, targets: np.ndarray) -> zarr.Array:
    """The array of changes, made with all that belongs to it unless it is there."""
    root = zarr.open_group(path, mode="r+")
    if f"{FOLDER}/change" in root:
        return disk.get_array(root, f"{FOLDER}/change", "attack").with_config(
            {"write_empty_chunks": True}
        )
    group = root.create_group(FOLDER, overwrite=True)
    group.attrs.put({"format": FORMAT, "version": VERSION})
    m = len(attacked)
    for name, values in (("ids", attacked.ids), ("targets", targets)):
        disk.make_array(group, name, (m,), "i8", (m,))[...] = values
    pictured = attacked.images is not None
    tail = attacked.images.shape[1:] if pictured else tuple(attacked.inputs.shape[1:])  # type: ignore[union-attr]
    # from step to step most values change by the same: whole numbers compress better than their bytes apart
    return group.create_array(
        "change",
        shape=(0, m, *tail),
        dtype="i2",
        chunks=(1, m, *tail),
        compressors=[
            BloscCodec(typesize=2, cname=BloscCname.zstd, clevel=9, shuffle=BloscShuffle.noshuffle),
            Crc32cCodec(),
        ],
        config={"write_empty_chunks": True},
    )


def _in_units(moved: np.ndarray, epsilon: float, shape: tuple[int, ...]) -> np.ndarray:
    """A change ``(m, ...)`` in pixels as int16, channels last where there are images."""
    if epsilon == 0:
        return np.zeros(shape, np.int16)
    m, *tail = shape
    if moved.shape[1:] != tuple(
        tail
    ):  # (h, w, c) of images; the network takes (c, h, w), or all in a row
        h, w, c = tail
        moved = moved.reshape(m, c, h, w).transpose(0, 2, 3, 1)
    steps = np.rint(moved.astype(np.float64) * (WHOLE / epsilon))
    return np.clip(steps, -WHOLE, WHOLE).astype(np.int16)


def _made(model: nn.Module) -> dict[str, Any]:
    first = next(model.parameters(), None)
    return {
        "device": str(first.device) if first is not None else "cpu",
        "threads": torch.get_num_threads(),
        "history": "over the points of the attack, step by step",
        "versions": {
            "torch": torch.__version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
            "nn-grand-tour": gt.__version__,
        },
    }
