"""From a recording with hidden layers to its alignment: read, align at one epoch, bring all epochs into its bases.

Biases and scale: what is subtracted from a state is its mean at the reference epoch, whatever the epoch, so a
drift during training is seen; where the coordinates are the classes nothing is. A state is drawn over its size at the
reference epoch, and that size is said.
"""

from __future__ import annotations

import functools
import io
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import diskcache
import numpy as np
import scipy

import gt
from gt.align import K, Network, Operator, Step, Triplets, align, leading_triplets
from gt.data import Layer, NotFiniteError, Run, RunError
from gt.data.alignment import (
    FOLDER,
    Alignment,
    Passage,
    Recipe,
    State,
    open_alignment,
    write_alignment,
)
from gt.data.store import PlainDisk, default_folder

CODE = 1  # goes up with every change that changes results
POINTS = 500
WITHIN = 98  # percent of the points that are within a state's size
SAME = 1e-3  # relative; outputs of a run and of its copy with 16 significant bits
SPLITS = ("train", "test")
REPEATS = ("Flatten", "Unflatten", "Identity", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d")
Progress = Callable[[int, int, str], None]


def plan(
    run: Run,
    *,
    split: str = "test",
    points: int = POINTS,
    every: int = 1,
    k: int = K,
    reference: int | None = None,
) -> Recipe:
    """Settle what an alignment will depend on.

    Args:
        run: A recording with hidden layers.
        split: Whose points; the other one where the run has only that.
        points: How many at most, evenly over the classes.
        every: Which epochs.
        k: Coordinates of each state; as many as there are classes at least.
        reference: Number of the epoch whose weights and points decide the bases; the last when None.

    Raises:
        RunError: If the run has no two states, or no such split, points or epoch.
    """
    if split not in SPLITS:
        raise RunError(f"align: split must be train or test, got {split!r}")
    for name, value in (("points", points), ("every", every), ("k", k)):
        if value < 1:
            raise RunError(f"align: {name} must be at least 1, got {value}")
    if not len(run.epochs):
        raise RunError(f"align: {run.name} must have an epoch, none is recorded yet")
    if len(states_of(run)) < 2:
        raise RunError(
            f"align: {run.name} must have hidden layers, it has {_listed(run)}; record it with"
            " --layers all"
        )
    if not (run.splits == SPLITS.index(split)).any():
        split = SPLITS[1 - SPLITS.index(split)]
    chosen = run.epochs[::every]
    epoch = int(chosen[-1]) if reference is None else int(reference)
    if epoch not in run.epochs:
        raise RunError(
            f"align: reference must be one of the epochs {run.epochs[0]} to {run.epochs[-1]} that are"
            f" recorded, got {epoch}"
        )
    digest = sha256()
    for layer in run.layers:
        digest.update(run.fingerprint(layer.name).encode())
    k = max(k, len(run.classes))
    return Recipe(run.uid, digest.hexdigest(), split, points, every, k, epoch, CODE)


def align_run(
    run: Run,
    recipe: Recipe,
    *,
    folder: Path | None = None,
    owner: Run | None = None,
    progress: Progress | None = None,
    command: str = "",
) -> Alignment:
    """Align a run and keep the result; one that is there already is not made again.

    Args:
        run: A recording with hidden layers.
        recipe: From `plan`.
        folder: Where alignments are kept; the owner's own when None.
        owner: The run it is to be kept with, if that is a smaller recording of the same training.
        progress: Is told how many of how many readings are done, and what is going on.
        command: What made it, for people.

    Raises:
        RunError: If the owner is of another training, or the recording cannot be read.
        NotFiniteError: If a layer holds NaN or infinity; it names layer and epoch.
    """
    tell = progress or (lambda done, total, what: None)
    owner = owner or run
    folder = folder or owner.path / FOLDER
    name = recipe.split
    try:
        there = open_alignment(folder / name)
        if there.recipe.key == recipe.key and there.owner == owner.uid:
            return there
    except (RunError, OSError):
        pass  # none, or one that is damaged and is made again
    started = time.monotonic()
    rows = choose_points(run.labels, run.splits == SPLITS.index(recipe.split), recipe.points)
    epochs = [int(e) for e in run.epochs[:: recipe.every]]
    if owner is not run:
        _check_owner(run, owner, rows, epochs)
    at = run.epochs.tolist().index(recipe.reference)
    layers = states_of(run, rows, at)
    total = len(layers) * (len(epochs) + 1)
    tell(0, total, "bases")
    read = functools.lru_cache(maxsize=None)(lambda i: values_of(run, layers[i], at, rows))
    about_zero = [i for i, one in enumerate(layers) if one.name in ("logits", "softmax")]
    with _Kept() as kept:
        network = align(
            read, _steps(run, layers, at), k=recipe.k, about_zero=about_zero, solve=kept.solve
        )
    read.cache_clear()
    states, coordinates, tables = [], [], _tables(len(layers), len(epochs), len(run.classes))
    for i, layer in enumerate(layers):
        parts = []
        for j, epoch in enumerate(epochs):
            tell(len(layers) + i * len(epochs) + j, total, f"{layer.name}, epoch {epoch}")
            if not (layer.constant and j):
                index = run.epochs.tolist().index(epoch)
                values = values_of(run, layer, index, rows)
                parts.append(network.coordinates(i, values))
                measured = _measured(
                    network, i, values, parts[-1], run.labels[rows], len(run.classes)
                )
            for table, value in zip(tables, measured, strict=True):
                table[i, j] = value
        coordinates.append(np.stack(parts))
        states.append(_state(layer, network, i, tables[2][i], epochs, recipe, len(run.classes)))
    tell(total, total, "")
    return write_alignment(
        folder,
        name,
        recipe=recipe,
        owner=owner.uid,
        epochs=epochs,
        of=int((owner.splits == SPLITS.index(recipe.split)).sum()),
        states=states,
        transitions=[
            Passage(
                one.kind,
                one.how,
                tuple(float(s) for s in one.sigma[: recipe.k]),
                one.exact,
                one.pair.residual,
            )
            for one in network.transitions
        ],
        coordinates=coordinates,
        arrays={
            "ids": run.ids[rows].astype(np.int64),
            "turns": network.turns,
            "variance": tables[0],
            "separation": tables[1],
            "radii": tables[2],
        },
        versions={
            "nn-grand-tour": gt.__version__,
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "python": platform.python_version(),
        },
        made={
            "command": command,
            "recorded": dict(run.made).get("command", ""),
            "seconds": round(time.monotonic() - started, 1),
            "date": datetime.now(UTC).date().isoformat(),
        },
    )


def states_of(run: Run, rows: np.ndarray | None = None, epoch_index: int = 0) -> list[Layer]:
    """The layers that are states of their own: those that repeat the one before are left out.

    Args:
        run: The run.
        rows: Points on which to look; none are read when None, and what may repeat stays.
        epoch_index: At which epoch to look.
    """
    found: list[Layer] = []
    for layer in run.layers:
        if rows is not None and found and layer.kind in REPEATS:
            before = values_of(run, found[-1], epoch_index, rows)
            if np.array_equal(before, values_of(run, layer, epoch_index, rows)):
                continue
        found.append(layer)
    return found


def values_of(run: Run, layer: Layer, epoch_index: int, rows: np.ndarray) -> np.ndarray:
    """Recorded values ``(n, d)`` float64 of some points.

    Raises:
        NotFiniteError: If they hold NaN or infinity; it names layer and epoch.
    """
    values = run.activations(layer.name, epoch_index)[rows].reshape(len(rows), -1)
    if not np.isfinite(values).all():
        raise NotFiniteError(
            f"align: layer {layer.name!r}, epoch {run.epochs[epoch_index]}: must be finite, it holds"
            " NaN or infinity"
        )
    return values.astype(np.float64)


def choose_points(labels: np.ndarray, among: np.ndarray, points: int) -> np.ndarray:
    """Rows of at most ``points`` of the points ``among``, evenly over the classes, in their order."""
    rows = np.flatnonzero(among)
    if len(rows) <= points:
        return rows
    by_class = rows[np.argsort(labels[rows], kind="stable")]
    return np.sort(by_class[np.arange(points) * len(rows) // points])


def separation(z: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """Share of each class whose nearest class centroid is its own, ``(classes,)`` float32; NaN for no points.

    A point does not count in the centroid that it is measured against.
    """
    one_hot = np.eye(classes)[labels]
    counts = one_hot.sum(0)
    sums = one_hot.T @ z
    with np.errstate(invalid="ignore", divide="ignore"):
        centroids = sums / counts[:, None]
        away = ((z[:, None, :] - centroids[None]) ** 2).sum(2)
        own = (sums[labels] - z) / (counts[labels] - 1)[:, None]
        away[np.arange(len(z)), labels] = ((z - own) ** 2).sum(1)
    away = np.where(np.isfinite(away), away, np.inf)  # of no points, or of this one alone
    tie = (away <= away.min(1, keepdims=True)).sum(1) > 1  # all in one place: nothing is separate
    hits = (away.argmin(1) == labels) & ~tie
    out = np.full(classes, np.nan, np.float32)
    out[counts > 0] = (one_hot[hits].sum(0) / np.maximum(counts, 1))[counts > 0]
    return out


def _tables(count: int, epochs: int, classes: int) -> list[np.ndarray]:
    return [
        np.zeros((count, epochs), np.float32),
        np.zeros((count, epochs, classes), np.float32),
        np.zeros((count, epochs), np.float32),
    ]


def _measured(
    network: Network, i: int, values: np.ndarray, z: np.ndarray, labels: np.ndarray, classes: int
) -> tuple[float, np.ndarray, float]:
    """Share of the variance kept, separation, size."""
    own = z - z.mean(0)
    whole = float(((values - values.mean(0)) ** 2).sum())
    kept = min(1.0, float((own**2).sum()) / whole) if whole > 0 else 1.0
    size = float(np.percentile(np.linalg.norm(z, axis=1), WITHIN)) if z.size else 0.0
    return kept, separation(z, labels, classes), size


def _state(
    layer: Layer,
    network: Network,
    i: int,
    sizes: np.ndarray,
    epochs: Sequence[int],
    recipe: Recipe,
    classes: int,
) -> State:
    width = int(np.prod(layer.shape))
    outputs = layer.name in ("logits", "softmax") and width == classes <= recipe.k
    nearest = int(np.abs(np.array(epochs) - recipe.reference).argmin())
    size = 1.0 if layer.name == "softmax" else float(sizes[nearest])
    return State(
        layer.name,
        layer.kind,
        tuple(layer.shape),
        width,
        int(network.bases[i].shape[1]),
        outputs,
        size or float(sizes.max()) or 1.0,
        0.0,
    )


def _steps(run: Run, layers: Sequence[Layer], epoch_index: int) -> list[Step]:
    weights = run.weights(epoch_index)
    out = []
    for before, layer in zip(layers, layers[1:], strict=False):
        prefix = "" if layer.module in (None, "model") else f"{layer.module}."
        parameters = {
            key.removeprefix(prefix): value.astype(np.float64)
            for key, value in weights.items()
            if layer.module is not None and key.startswith(prefix)
        }
        shape = before.shape
        if layer.kind == "Linear" and np.prod(shape) == layer.config.get("in_features"):
            shape = (int(np.prod(shape)),)  # flattened on the way
        out.append(Step(layer.kind, tuple(shape), tuple(layer.shape), layer.config, parameters))
    return out


def _check_owner(run: Run, owner: Run, rows: np.ndarray, epochs: Sequence[int]) -> None:
    """Whether two recordings are of one training: the same points, and the same outputs."""
    missing = set(run.ids[rows].tolist()) - set(owner.ids.tolist())
    if missing or not set(epochs) <= set(owner.epochs.tolist()):
        what = f"point {min(missing)}" if missing else "all these epochs"
        raise RunError(
            f"align: {owner.path} must be a recording of the same training as {run.path}, it lacks"
            f" {what}"
        )
    place = {int(one): i for i, one in enumerate(owner.ids)}
    theirs = [place[int(one)] for one in run.ids[rows]]
    for epoch in (epochs[0], epochs[-1]):
        a = run.activations("softmax", run.epochs.tolist().index(epoch))[rows]
        b = owner.activations("softmax", owner.epochs.tolist().index(epoch))[theirs]
        if np.abs(a - b).max(initial=0) > SAME:
            raise RunError(
                f"align: {owner.path} must be a recording of the same training as {run.path}, the"
                f" outputs of epoch {epoch} differ by {np.abs(a - b).max():.3g}"
            )


def _listed(run: Run) -> str:
    return ", ".join(layer.name for layer in run.layers)


class _Kept:
    """Singular triplets on disk, by what they depend on: the operator's content, and k."""

    def __init__(self) -> None:
        self._cache = diskcache.Cache(
            str(default_folder().parent / "triplets"), disk=PlainDisk, size_limit=2**30
        )

    def __enter__(self) -> _Kept:
        return self

    def __exit__(self, *_: Any) -> None:
        self._cache.close()

    def solve(self, operator: Operator, k: int) -> Triplets:
        key = _content(operator, k)
        try:
            with np.load(io.BytesIO(self._cache[key]), allow_pickle=False) as stored:
                found = Triplets(stored["left"], stored["sigma"], stored["right"])
            if len(found.left) == operator.shape[0] and len(found.right) == operator.shape[1]:
                return found
        except Exception:  # none yet, or damaged in any of many ways: it is made again
            self._cache.delete(key)
        made = leading_triplets(operator, k)
        out = io.BytesIO()
        np.savez(out, **asdict(made))
        self._cache.set(key, out.getvalue())
        return made


def _content(operator: Operator, k: int) -> str:
    """A name for everything that singular triplets depend on."""
    digest = sha256(f"{CODE} {type(operator).__name__} {operator.shape} {k}".encode())
    for name, value in sorted(vars(operator).items()):
        for one in value if isinstance(value, (tuple, list)) else [value]:
            if isinstance(one, np.ndarray):
                digest.update(f"{name} {one.shape} {one.dtype}".encode() + one.tobytes())
            else:
                digest.update(f"{name} {one}".encode())
    return digest.hexdigest()
