"""Train the article's networks by plain SGD and record them; it can be stopped at any time.

The order of examples comes from a generator of its own, seeded once: epoch e uses its e-th
permutation. A run that goes on after a stop draws the earlier permutations again, so nothing but
the weights has to be kept between epochs.
"""

from __future__ import annotations

import ctypes
import io
import os
import platform
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

import gt
from gt.record.datasets import Dataset, Split, probe_ids
from gt.record.models import make_model
from gt.record.recipe import DEVICE, DTYPE, EVERY, LAYERS, POINTS_PER_CLASS, Recipe
from gt.record.recorder import Recorder
from gt.run import Measures, NotWrittenError, RunError, open_run
from gt.run.measure import summarise

EVALUATION_BATCH = 250  # small enough to stay in the cache of a CPU
TEST_IDS_FROM = 100_000  # ids of test points: this + index in the publisher's file
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # malloc.h
KEEP_BYTES = 32 * 2**20  # the largest that glibc takes
CHECKPOINT = "checkpoint.pt"  # in the run's folder, for going on after a stop; no part of the run


# long: one loop over model, order and recorder, which go on from epoch to epoch
def record_dataset(
    recipe: Recipe,
    data: Dataset,
    path: Path,
    *,
    device: str = DEVICE,
    per_class: tuple[int, int] = (POINTS_PER_CLASS, POINTS_PER_CLASS),
    every: int = EVERY,
    layers: str | Iterable[str] = LAYERS,
    dtype: str = DTYPE,
) -> Iterator[dict[str, Any]]:
    """Train and record, yielding after each epoch; a run that is there already is continued.

    Args:
        recipe: What to train, and how.
        data: Its data set.
        path: Folder of the run.
        device: A torch device.
        per_class: Probe points of each class in the training and in the test split.
        every: Record epochs 0, ``every``, 2 ``every``, ... and no others.
        layers: As in ``Recorder``.
        dtype: As in ``Recorder``.

    Yields:
        ``{"epoch", "loss", "accuracy"}`` for each recorded epoch, those recorded before included in
        none; loss and accuracy are ``(train, test)`` over the whole splits.

    Raises:
        RunError: If the folder holds a run of another recipe, or one that cannot be continued.
    """
    last = recipe.epochs - recipe.epochs % every
    resumed = _stopped_at(path, recipe, last)
    if resumed is not None and resumed["complete"]:
        return
    torch.manual_seed(recipe.seed)
    model = make_model(recipe.dataset).to(device)
    train_x, test_x = (_inputs(s, data, device) for s in (data.train, data.test))
    train_y, test_y = (torch.from_numpy(s.labels).to(device) for s in (data.train, data.test))
    kept = layers if isinstance(layers, str) else tuple(layers)
    command = command_of(recipe, len(data.classes), per_class, every, kept, dtype)
    with _recorder(
        model, recipe, data, path, train_x, test_x, per_class, kept, dtype, device, command
    ) as rec:
        optimizer = torch.optim.SGD(model.parameters(), lr=recipe.lr)
        order, done, seconds = _begun(model, recipe.seed, len(train_x), resumed)
        for epoch in range(done, last + 1):
            if epoch > done:
                started = time.monotonic()
                _train_epoch(model, optimizer, order, train_x, train_y, recipe.batch_size)
                seconds += time.monotonic() - started
                rec.wait()  # the checkpoint says that the epochs before are there
                _save(path, model, epoch, seconds)
            if epoch in rec.epochs or epoch % every:
                continue
            measured = _evaluate(model, train_x, train_y, test_x, test_y, len(data.classes))
            made = {
                "command": command,  # a run may go on for longer than was first asked
                "recipe": asdict(recipe),
                "training_seconds": round(seconds, 1),
            }
            _record(rec, epoch, recipe.lr, measured, made)
            yield {"epoch": epoch, "loss": measured.loss, "accuracy": measured.accuracy}


def _begun(
    model: nn.Module, seed: int, points: int, resumed: dict[str, Any] | None
) -> tuple[torch.Generator, int, float]:
    """Where training begins or goes on: what draws the order of the points, epochs done, seconds they took."""
    order, done, seconds = torch.Generator().manual_seed(seed), 0, 0.0
    if resumed is not None:
        model.load_state_dict(resumed["model"])
        done, seconds = resumed["epoch"], resumed["seconds"]
    for _ in range(done):
        torch.randperm(points, generator=order)
    return order, done, seconds


def _record(rec: Recorder, epoch: int, lr: float, measured: Measures, made: dict[str, Any]) -> None:
    rec.record(
        epoch,
        lr=lr,
        loss=measured.loss,
        accuracy=measured.accuracy,
        class_loss=measured.class_loss,
        class_accuracy=measured.class_accuracy,
        made=made,
    )


def command_of(
    recipe: Recipe,
    classes: int,
    per_class: tuple[int, int],
    every: int,
    layers: str | tuple[str, ...],
    dtype: str,
) -> str:
    """The command that records this again: the recipe's, and what differs from the defaults.

    Args:
        recipe: What is trained, and how.
        classes: How many there are.
        per_class: As in `record_dataset`, as are the others.
        every: Which epochs.
        layers: Which layers.
        dtype: Of hidden layers.
    """
    points = zip(("train", "test"), per_class, strict=True)
    options = [f"--every {every}"] if every != EVERY else []
    options += [f"--{split}-points {n * classes}" for split, n in points if n != POINTS_PER_CLASS]
    if layers != LAYERS:
        options.append(f"--layers {layers if isinstance(layers, str) else ','.join(layers)}")
    if dtype != DTYPE:
        options.append(f"--dtype {dtype}")
    return " ".join([recipe.command, *options])


def _recorder(
    model: nn.Module,
    recipe: Recipe,
    data: Dataset,
    path: Path,
    train_x: torch.Tensor,
    test_x: torch.Tensor,
    per_class: tuple[int, int],
    layers: str | Iterable[str],
    dtype: str,
    device: str,
    command: str,
) -> Recorder:
    picked = [
        probe_ids(s.labels, n) for s, n in zip((data.train, data.test), per_class, strict=True)
    ]
    return Recorder(
        model,
        path,
        inputs=torch.cat([train_x[picked[0]].cpu(), test_x[picked[1]].cpu()]),
        labels=np.concatenate([data.train.labels[picked[0]], data.test.labels[picked[1]]]),
        classes=data.classes,
        splits=np.repeat([0, 1], [len(picked[0]), len(picked[1])]),
        ids=np.concatenate([picked[0], picked[1] + TEST_IDS_FROM]),
        images=np.concatenate([data.train.images[picked[0]], data.test.images[picked[1]]]),
        layers=layers,
        dtype=dtype,
        title=data.title,
        resume="anyway",  # the recipe was held against the run's
        made={
            "command": command,
            "recipe": asdict(recipe),
            "optimizer": "plain SGD, cross-entropy",
            "history": "over the whole splits",
            "device": device,
            "threads": torch.get_num_threads(),
            "versions": {
                "torch": torch.__version__,
                "numpy": np.__version__,
                "python": platform.python_version(),
                "nn-grand-tour": gt.__version__,
            },
        },
    )


def _stopped_at(path: Path, recipe: Recipe, last: int) -> dict[str, Any] | None:
    """Where an earlier recording of this same recipe stopped; None for a fresh start."""
    if not (path / "zarr.json").exists():
        return None
    run = open_run(path)
    there, wanted = dict(run.made.get("recipe", {})), asdict(recipe)
    there["epochs"] = wanted["epochs"]  # going on for longer is fine
    if there != wanted:
        differing = [k for k in wanted if there.get(k) != wanted[k]]
        what = ", ".join(f"{k} {there.get(k)}" for k in differing) or "another recipe"
        raise RunError(
            f"record: {path} is a run with {what}, asked for was"
            f" {', '.join(f'{k} {wanted[k]}' for k in differing)}; choose another --out"
        )
    if last in run.epochs:
        return {"complete": True}
    kept = path / CHECKPOINT
    if kept.exists():
        return {**torch.load(kept, weights_only=True, map_location="cpu"), "complete": False}
    if len(run.epochs) and run.epochs[-1] > 0:
        raise RunError(
            f"record: {path} has epochs up to {run.epochs[-1]} and no {CHECKPOINT}, so it cannot"
            " be continued;"
            " choose another --out"
        )
    return None


def _save(path: Path, model: nn.Module, epoch: int, seconds: float) -> None:
    state = {k: v.cpu() for k, v in model.state_dict().items()}
    packed = io.BytesIO()  # torch's own writer does not say when a disk is full
    torch.save({"model": state, "epoch": epoch, "seconds": seconds}, packed)
    beside = path / f"{CHECKPOINT}.partial"
    try:
        beside.write_bytes(packed.getbuffer())
        os.replace(beside, path / CHECKPOINT)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise NotWrittenError(
            f"record: {path / CHECKPOINT} could not be written: {error.strerror or error}; the run and the"
            " checkpoint before stay as they are, make room and give the same command again"
        ) from error


def keep_freed_memory() -> bool:
    """Tell the C library to keep freed buffers for the next step; returns whether it could.

    By default glibc gives each large buffer back to the kernel and asks for it again at the next
    step, zeroed page by page: about an eighth of a small network's epoch. No result changes.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library
        return False
    return bool(mallopt(M_MMAP_THRESHOLD, KEEP_BYTES) and mallopt(M_TRIM_THRESHOLD, 2**31 - 1))


def _train_epoch(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    order: torch.Generator,
    x: torch.Tensor,
    y: torch.Tensor,
    batch_size: int,
) -> None:
    model.train()
    shuffled = torch.randperm(len(x), generator=order).to(x.device)
    for start in range(0, len(x), batch_size):
        batch = shuffled[start : start + batch_size]
        optimizer.zero_grad()
        functional.cross_entropy(model(x[batch]), y[batch]).backward()
        optimizer.step()


def _evaluate(
    model: nn.Module,
    train_x: torch.Tensor,
    train_y: torch.Tensor,
    test_x: torch.Tensor,
    test_y: torch.Tensor,
    k: int,
) -> Measures:
    """Loss and accuracy, overall and by class, over the whole splits."""
    model.eval()
    losses, right = [], []
    with torch.inference_mode():
        for x, y in ((train_x, train_y), (test_x, test_y)):
            for start in range(0, len(x), EVALUATION_BATCH):
                part = slice(start, start + EVALUATION_BATCH)
                out = model(x[part])
                losses.append(functional.cross_entropy(out, y[part], reduction="none").cpu())
                best, at = out.topk(2)
                alone = best[:, 0] > best[:, 1]  # a tie is not a hit, see gt.run.measure.hits
                right.append(((at[:, 0] == y[part]) & alone).cpu())
    splits = np.repeat([0, 1], [len(train_x), len(test_x)])
    labels = torch.cat([train_y, test_y]).cpu().numpy()
    return summarise(torch.cat(losses).numpy(), torch.cat(right).numpy(), labels, splits, k)


def _inputs(split: Split, data: Dataset, device: str) -> torch.Tensor:
    """Scale images to ``(n, c, h, w)`` float32: pixels in 0..1, less the mean, by the deviation."""
    x = torch.from_numpy(split.images.transpose(0, 3, 1, 2).astype(np.float32, order="C")).div_(255)
    mean, std = (torch.tensor(v)[:, None, None] for v in (data.mean, data.std))
    return x.sub_(mean).div_(std).to(device)
